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
use counterfoil_core::{Money, Share, TreatmentId, TreatmentKind, TreatmentSpec};
use counterfoil_run::plan::build;
use counterfoil_scenario::PolicySpec;
use counterfoil_scenario::policy::{
    BatchSpec, Budget, Cap, EligibleTreatment, Guardrails, ModelSpec, PolicyKind, RealtimeSpec, SaleCalendar,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;
use story::{Arrives, Difference, HISTORY_DAYS, PAUSE_MINUTES, Step, Telling};

/// What policies and book disagree about today. It only shrinks.
const KNOWN: &[(&str, &str)] = &[
    ("batch", "budget not frequency-cap"),
    ("batch", "budget not issued"),
    ("batch", "budget not margin-floor"),
    ("batch", "budget not session-cap"),
    ("batch", "frequency-cap not margin-floor"),
    ("batch", "frequency-cap not session-cap"),
    ("batch", "issued not budget"),
    ("batch", "issued not frequency-cap"),
    ("batch", "issued not margin-floor"),
    ("batch", "issued not session-cap"),
    ("batch", "margin-floor not frequency-cap"),
    ("batch", "margin-floor not issued"),
    ("batch", "margin-floor not session-cap"),
    ("batch", "margin-floor not stacking"),
    ("batch", "session-cap not margin-floor"),
    ("batch", "stacking not margin-floor"),
    ("blanket", "budget not frequency-cap"),
    ("blanket", "budget not issued"),
    ("blanket", "budget not margin-floor"),
    ("blanket", "budget not session-cap"),
    ("blanket", "frequency-cap not margin-floor"),
    ("blanket", "frequency-cap not session-cap"),
    ("blanket", "issued not budget"),
    ("blanket", "issued not frequency-cap"),
    ("blanket", "issued not margin-floor"),
    ("blanket", "issued not session-cap"),
    ("blanket", "margin-floor not issued"),
    ("blanket", "margin-floor not session-cap"),
    ("blanket", "margin-floor not stacking"),
    ("blanket", "session-cap not margin-floor"),
    ("blanket", "stacking not margin-floor"),
    ("engine", "another announcement"),
    ("engine", "another hour of the announcement"),
    ("engine", "budget not frequency-cap"),
    ("engine", "budget not issued"),
    ("engine", "budget not margin-floor"),
    ("engine", "budget not session-cap"),
    ("engine", "budget not stacking"),
    ("engine", "frequency-cap not margin-floor"),
    ("engine", "frequency-cap not session-cap"),
    ("engine", "frequency-cap not stacking"),
    ("engine", "issued not budget"),
    ("engine", "issued not frequency-cap"),
    ("engine", "issued not margin-floor"),
    ("engine", "issued not session-cap"),
    ("engine", "issued not stacking"),
    ("engine", "margin-floor not frequency-cap"),
    ("engine", "margin-floor not issued"),
    ("engine", "margin-floor not session-cap"),
    ("engine", "margin-floor not stacking"),
    ("engine", "session-cap not margin-floor"),
    ("engine", "session-cap not stacking"),
    ("engine", "stacking not frequency-cap"),
    ("engine", "stacking not issued"),
    ("engine", "stacking not margin-floor"),
    ("engine", "stacking not session-cap"),
];

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
    let budgets = prop_oneof![Just(None), (300_i64..9_000).prop_map(|m| Some(Budget::PerWorld(Money(m))))];
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
    (guardrails(), sales(), wanted).prop_map(|(guardrails, sale, wanted)| {
        let spec = PolicySpec {
            name: "tested".to_owned(),
            description: String::new(),
            kind: PolicyKind::None,
            cost_per_shopper: Money::ZERO,
            price_of_dependency: Money::ZERO,
            guardrails,
            holdout: Share::ZERO,
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

fn told(spec: &PolicySpec, wanted: TreatmentId, steps: &[Step]) -> (BTreeSet<Difference>, usize) {
    let (shop, mut differences, mut compared) = (shop(), BTreeSet::new(), 0);
    for (name, kind) in kinds(wanted) {
        let spec = PolicySpec { kind, ..spec.clone() };
        let policy = build(&spec, &shop, &[]).unwrap();
        let mut telling = Telling::new(name, policy, wanted, Book::new(shop.clone(), spec));
        steps.iter().for_each(|&step| telling.tell(step));
        differences.append(&mut telling.differences);
        compared += telling.compared;
    }
    (differences, compared)
}

#[test]
fn every_policy_keeps_the_same_books() {
    let seen = RefCell::new(BTreeSet::new());
    let compared = RefCell::new(0);
    let config = Config { cases: 10_000, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let known: BTreeSet<(&str, &str)> = KNOWN.iter().copied().collect();
    let result = runner.run(&(files(), steps()), |((spec, wanted), steps)| {
        let (differences, count) = told(&spec, wanted, &steps);
        *compared.borrow_mut() += count;
        for (name, what) in &differences {
            prop_assert!(known.contains(&(*name, what.as_str())), "{name}: {what}");
        }
        seen.borrow_mut().extend(differences);
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
    let gone = known.iter().filter(|(name, what)| !seen.borrow().contains(&(*name, (*what).to_owned())));
    let gone: Vec<_> = gone.collect();
    assert!(gone.is_empty(), "strike from the list what no longer differs: {gone:?}");
    println!("{} refusals compared", compared.borrow());
}
