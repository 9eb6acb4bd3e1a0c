//! Guardrails bind every policy alike: whole policies hear the same stories, and each is compared with a book that
//! knows the rules of the shop and shares no code with the product.
//!
//! A story is events, questions, orders and the passing of time under a random policy file; every refusal and every
//! announcement is compared, and through refusals for the budget every reservation, spend and release.

#![allow(clippy::unwrap_used, missing_docs)]

mod book;
mod story;

use book::Book;
use counterfoil_core::shop::{Product, Shop};
use counterfoil_core::time::{Calendar, DAY_MS, Day};
use counterfoil_core::{HoldoutLuck, Luck, Money, Share, TreatmentId, TreatmentKind, TreatmentSpec};
use counterfoil_run::plan::build;
use counterfoil_scenario::PolicySpec;
use counterfoil_scenario::policy::{
    Amount, BatchSpec, Budget, Cap, EligibleTreatment, Guardrails, ModelSpec, PolicyKind, RealtimeSpec,
    SaleCalendar,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;
use story::{Arrives, Difference, HISTORY_DAYS, PAUSE_MINUTES, Step, Telling};

const WANTED: [u8; 5] = [0, 1, 2, 3, 4];
const SALE: TreatmentId = TreatmentId(5);

fn percent(percent: f64) -> Share {
    Share::from_percent(percent).unwrap()
}

fn shop() -> Arc<Shop> {
    let treatment = |name: &str, kind, valid_hours: i64| TreatmentSpec {
        name: name.to_owned(),
        kind,
        cost_per_show: Money::ZERO,
        cost_per_message: Money::ZERO,
        smallest_order: Money::ZERO,
        largest_reward: None,
        valid_for_ms: valid_hours * DAY_MS / 24,
    };
    let product = |price: i64, cost: i64| Product {
        category: 0,
        list_price: Money(price),
        unit_cost: Money(cost),
        return_rate_ppm: 0,
    };
    Arc::new(Shop {
        products: vec![product(2_000, 900), product(5_000, 2_000), product(1_400, 800)],
        categories: vec!["things".to_owned()],
        treatments: vec![
            treatment("ten", TreatmentKind::Percent(percent(10.0)), 72),
            treatment("thirty-here", TreatmentKind::Percent(percent(30.0)), 0),
            treatment("free-shipping", TreatmentKind::FreeShipping, 30),
            treatment("five", TreatmentKind::Fixed(Money(500)), 5),
            treatment("help", TreatmentKind::Reassurance, 0),
            treatment("sale", TreatmentKind::Percent(percent(20.0)), 0),
        ],
        currency_decimals: 2,
        shipping_fee: Money(490),
        free_shipping_from: Money(6_000),
        shipping_cost: Money(450),
        payment_fee_ppm: 15_000,
        return_handling: Money(300),
        return_value_lost_ppm: 150_000,
        calendar: Calendar::starting(2026, 1, 5).unwrap(),
        horizon_start: Day(HISTORY_DAYS),
        horizon_end: Day(400),
        shoppers: 10,
    })
}

fn caps() -> impl Strategy<Value = Vec<Cap>> {
    let cap = |count, days| Cap { count, days };
    prop_oneof![
        Just(Vec::new()),
        Just(vec![cap(1, 2)]),
        Just(vec![cap(2, 3), cap(3, 9)]),
        Just(vec![cap(4, 4)]),
    ]
}

fn guardrails() -> impl Strategy<Value = Guardrails> {
    let floors = prop_oneof![Just(0.0), Just(20.0), Just(35.0), Just(60.0)];
    let budgets = prop_oneof![
        Just(None),
        (300_i64..9_000).prop_map(|m| Some(Budget::PerWorld(Amount::Money(Money(m)))))
    ];
    let message_caps = prop_oneof![Just(None), (1_u32..3, 1_u32..5).prop_map(Some)];
    let rest = (0_u32..4, any::<bool>(), budgets, message_caps);
    (floors, caps(), caps(), rest).prop_map(|(floor, offer_caps, treatment_caps, rest)| Guardrails {
        margin_floor: percent(floor),
        offer_caps,
        treatment_caps,
        changes_per_session: rest.0,
        stacking: rest.1,
        budget: rest.2,
        message_cap: rest.3.map(|(count, days)| Cap { count, days }),
    })
}

fn sales() -> impl Strategy<Value = Option<SaleCalendar>> {
    let sale = (0_u8..7, any::<bool>(), 1_u32..3).prop_map(|(weekday, announce, every_weeks)| {
        Some(SaleCalendar { treatment: SALE, weekdays: vec![weekday], announce, every_weeks })
    });
    prop_oneof![Just(None), sale]
}

/// A policy file; its kind is filled in later.
fn files() -> impl Strategy<Value = (PolicySpec, TreatmentId)> {
    let wanted = proptest::sample::select(WANTED.to_vec());
    let holdouts = prop_oneof![2 => Just(0.0), 1 => Just(40.0)];
    (guardrails(), sales(), wanted, holdouts).prop_map(|(guardrails, sale, wanted, holdout)| {
        let spec = PolicySpec {
            name: "tested".to_owned(),
            description: String::new(),
            kind: PolicyKind::None,
            cost_per_shopper: Amount::ZERO,
            price_of_dependency: Amount::ZERO,
            guardrails,
            holdout: percent(holdout),
            sale,
        };
        (spec, TreatmentId(wanted))
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let cookie = 0_u32..4;
    let arrives = prop_oneof![
        6 => Just(Arrives::Seen),
        1 => Just(Arrives::Late),
        1 => Just(Arrives::Left),
        1 => Just(Arrives::Unheard),
    ];
    let products = prop_oneof![1 => Just(None), 2 => (0_u32..3).prop_map(Some)];
    let step = prop_oneof![
        6 => (cookie.clone(), any::<bool>()).prop_map(|(cookie, named)| Step::Arrive { cookie, named }),
        1 => cookie.clone().prop_map(|cookie| Step::LogIn { cookie }),
        8 => (cookie.clone(), products, arrives)
            .prop_map(|(cookie, product, arrives)| Step::Ask { cookie, product, arrives }),
        3 => (cookie.clone(), 0_u32..3, 1_i64..4, any::<bool>()).prop_map(|(cookie, product, units, with_offer)| {
            Step::Buy { cookie, product, units, with_offer }
        }),
        2 => cookie.clone().prop_map(|cookie| Step::Leave { cookie }),
        2 => (cookie, 0_u8..5, any::<bool>()).prop_map(|(cookie, treatment, logged)| Step::Foreign {
            cookie,
            treatment: TreatmentId(treatment),
            logged,
        }),
        1 => (0_u32..3, 0_u8..4)
            .prop_map(|(customer, treatment)| Step::Mail { customer, treatment: TreatmentId(treatment) }),
        2 => (1_i64..90).prop_map(|minutes| Step::Wait { minutes }),
        3 => (90_i64..PAUSE_MINUTES).prop_map(|minutes| Step::Wait { minutes }),
    ];
    prop::collection::vec(step, 5..60)
}

/// The kinds of policy that show something personal, made to want one treatment always.
fn kinds(wanted: TreatmentId) -> [(&'static str, PolicyKind); 3] {
    let batch = BatchSpec {
        treatments: vec![wanted],
        on_site: [Some(wanted); 8],
        push: [None; 8],
        active_days: 10,
        lapsing_days: 20,
        warm_days: 5,
        high_value: percent(50.0),
    };
    let realtime = RealtimeSpec {
        treatments: vec![EligibleTreatment { treatment: wanted, rule: String::new(), line: 1 }],
        deadline_ms: 100,
        exploration: Share::ZERO,
        exploration_floor: Share::ZERO,
        model: ModelSpec {
            soft_sd: 0.5,
            price_response_mean: -30.0,
            price_response_sd: 0.001,
            cell_sd: 0.05,
            base_rate: 0.05,
            window_days: 2,
            drift_half_life_days: 100.0,
        },
        session_half_life_seconds: 600.0,
        profile_half_life_days: 30.0,
    };
    [
        ("blanket", PolicyKind::Blanket { treatment: wanted }),
        ("batch", PolicyKind::Batch(batch)),
        ("engine", PolicyKind::Realtime(realtime)),
    ]
}

fn told(
    (spec, wanted): &(PolicySpec, TreatmentId),
    largest_reward: Option<Money>,
    offers_end: bool,
    steps: &[Step],
) -> (BTreeSet<Difference>, usize) {
    let (mut differences, mut compared) = (BTreeSet::new(), 0);
    let mut shop = (*shop()).clone();
    shop.treatments[0].largest_reward = largest_reward;
    let (shop, luck) = (Arc::new(shop), HoldoutLuck::new(Luck::new(11, 0)));
    for (name, kind) in kinds(*wanted) {
        let spec = PolicySpec { kind, ..spec.clone() };
        let policy = build(&spec, &shop, luck).unwrap();
        let book = Book::new(shop.clone(), spec, luck);
        let mut telling = Telling::new(name, policy, *wanted, book, offers_end);
        steps.iter().for_each(|&step| telling.tell(step));
        differences.append(&mut telling.differences);
        compared += telling.compared;
    }
    (differences, compared)
}

/// How many stories are told.
const STORIES: u32 = 10_000;

#[test]
fn every_policy_keeps_the_same_books() {
    let compared = Cell::new(0);
    let config = Config { cases: STORIES, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let largest_rewards = prop_oneof![Just(None), (50_i64..2_000).prop_map(|reward| Some(Money(reward)))];
    let stories = (files(), largest_rewards, any::<bool>(), steps());
    let told =
        TestRunner::new_with_rng(config, rng).run(&stories, |(file, largest_reward, offers_end, steps)| {
            let (differences, count) = told(&file, largest_reward, offers_end, &steps);
            compared.set(compared.get() + count);
            prop_assert!(differences.is_empty(), "{differences:?}");
            Ok(())
        });
    told.unwrap_or_else(|failure| panic!("{failure}"));
    assert!(compared.get() > 3 * STORIES as usize, "only {} refusals were compared", compared.get());
}
