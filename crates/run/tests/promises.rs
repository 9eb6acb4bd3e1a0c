//! Two promises about money that hold whatever a policy file says, in whole worlds under random policy files: no order that
//! redeems a personal offer leaves less than the margin floor, and rewards of offers that a policy issued never pass its
//! budget. Both are read from what the world recorded, not from any policy's books.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{plan, policy, run, scenario, small};
use counterfoil_core::facts::{ArmFacts, OfferFate, OrderFact};
use counterfoil_core::time::{DAY_MS, Day};
use counterfoil_core::treatment::TreatmentKind;
use counterfoil_core::{Money, Share, Shop, TreatmentId};
use counterfoil_run::{Arm, Plan};
use counterfoil_scenario::policy::{
    Amount, BatchSpec, Budget, EligibleTreatment, Guardrails, PolicyKind, PolicySpec, SaleCalendar,
};
use counterfoil_scenario::{Overrides, Scenario};
use counterfoil_world::World;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cell::Cell;
use std::sync::Arc;

/// A policy file at random: what it offers, and what it states about money.
#[derive(Clone, Debug)]
struct File {
    kind: u8,
    floor_percent: u32,
    budget: Option<i64>,
    stacking: bool,
    changes: u32,
    sale: Option<u8>,
}

/// What the offers of a scenario promise, at random.
#[derive(Clone, Debug)]
struct Offers {
    depth_percent: u32,
    largest_reward: Option<i64>,
    smallest_order: i64,
    valid_hours: i64,
    amount: Option<i64>,
    lateness: (u8, u8),
    free_from: i64,
}

fn files() -> impl Strategy<Value = File> {
    let budget = prop::option::of(800_i64..20_000);
    (0_u8..3, 0_u32..60, budget, any::<bool>(), 1_u32..4, prop::option::of(0_u8..7)).prop_map(
        |(kind, floor_percent, budget, stacking, changes, sale)| File {
            kind,
            floor_percent,
            budget,
            stacking,
            changes,
            sale,
        },
    )
}

fn offers() -> impl Strategy<Value = Offers> {
    let largest = prop::option::of(200_i64..4_000);
    let amount = prop::option::of(300_i64..3_000);
    let rest = (0_i64..100, amount, (0_u8..3, 0_u8..3), 2_000_i64..15_000);
    (1_u32..60, largest, 0_i64..9_000, rest).prop_map(
        |(depth_percent, largest_reward, smallest_order, rest)| {
            let (valid_hours, amount, lateness, free_from) = rest;
            Offers { depth_percent, largest_reward, smallest_order, valid_hours, amount, lateness, free_from }
        },
    )
}

/// Shoppers who buy much, a slow and forgetful information pipe, and the offers of the case.
fn shop_of(offers: &Offers) -> Scenario {
    let overrides = Overrides {
        warmup: Some("7 days".into()),
        history: Some("14 days".into()),
        days: Some("14 days".into()),
        probe: Some("10 days".into()),
        ..small(120)
    };
    let mut scenario = scenario("always-buyers", &overrides);
    scenario.shoppers.need_rate.median = 0.8;
    scenario.needs.visit_per_day = 0.4;
    scenario.choice.strategic_waiting = true;
    scenario.traffic.dwell_seconds.median *= if offers.lateness.0 == 2 { 60.0 } else { 1.0 };
    scenario.pipe.loss = Share::from_percent([0.0, 20.0, 60.0][usize::from(offers.lateness.0)]).unwrap();
    scenario.pipe.delay_ms = [0, 30 * 60_000, 2 * DAY_MS][usize::from(offers.lateness.1)];
    scenario.store.free_shipping_from = Money(offers.free_from);
    for spec in &mut scenario.treatments {
        if let TreatmentKind::Percent(_) = spec.kind {
            let depth = Share::from_percent(f64::from(offers.depth_percent)).unwrap();
            spec.kind =
                offers.amount.map_or(TreatmentKind::Percent(depth), |a| TreatmentKind::Fixed(Money(a)));
            if spec.name == "sale-20" {
                spec.kind = TreatmentKind::Percent(depth);
            }
        }
        spec.largest_reward = offers.largest_reward.map(Money);
        spec.smallest_order = Money(offers.smallest_order);
        spec.valid_for_ms = offers.valid_hours * DAY_MS / 24;
    }
    scenario
}

/// The shipped policy of a kind, with the file's numbers, offering as much as it may.
fn policy_of(file: &File, scenario: &Scenario) -> PolicySpec {
    let id = |name: &str| {
        scenario.treatments.iter().position(|t| t.name == name).map(|i| TreatmentId(i as u8)).unwrap()
    };
    let mut spec = (*policy(["blanket", "batch", "realtime"][usize::from(file.kind)], scenario)).clone();
    match &mut spec.kind {
        PolicyKind::Blanket { treatment } => *treatment = id("discount-20"),
        PolicyKind::Batch(BatchSpec { on_site, push, .. }) => {
            *on_site = [Some(id("discount-10")); 8];
            *push = [Some(id("free-shipping")); 8];
        }
        PolicyKind::Realtime(engine) => {
            let offers = ["discount-10", "discount-20", "free-shipping"];
            let eligible = |name| EligibleTreatment { treatment: id(name), rule: String::new(), line: 1 };
            engine.treatments = offers.map(eligible).to_vec();
            engine.model.price_response_mean = -10.0;
        }
        PolicyKind::None | PolicyKind::CalendarSale => unreachable!("these show nothing personal"),
    }
    spec.guardrails = Guardrails {
        margin_floor: Share::from_percent(f64::from(file.floor_percent)).unwrap(),
        offer_caps: Vec::new(),
        treatment_caps: Vec::new(),
        changes_per_session: file.changes,
        stacking: file.stacking,
        budget: file.budget.map(|budget| Budget::PerWorld(Amount::Money(Money(budget)))),
        message_cap: None,
    };
    spec.holdout = Share::ZERO;
    spec.sale = file.sale.map(|day| SaleCalendar {
        treatment: id("sale-20"),
        weekdays: vec![day],
        announce: true,
        every_weeks: 1,
    });
    spec
}

/// What an order leaves before returns, and its net goods, worked out from the record and the catalogue alone.
fn left_of(order: &OrderFact, shop: &Shop) -> (i64, i64) {
    let product = shop.products[order.product as usize];
    let units = i64::from(order.units + order.units_stocked);
    let is_shipping = shop.treatment(order.treatment.unwrap()).kind == TreatmentKind::FreeShipping;
    let net = if is_shipping { order.goods.0 } else { order.goods.0 - order.reward.0 };
    let fee = if net >= shop.free_shipping_from.0 { 0 } else { shop.shipping_fee.0 };
    let paid = net + fee - if is_shipping { order.reward.0 } else { 0 };
    let payment = paid * i64::from(shop.payment_fee_ppm) / 1_000_000;
    (paid - product.unit_cost.0 * units - shop.shipping_cost.0 - payment, net)
}

fn floor_holds(arm: &ArmFacts, file: &File, shop: &Shop, from: Day) -> Result<usize, TestCaseError> {
    let personal = |order: &&OrderFact| order.treatment.is_some() && !order.sale && order.at.day() >= from;
    let orders: Vec<&OrderFact> = arm.orders.iter().filter(personal).collect();
    for order in &orders {
        let (left, net) = left_of(order, shop);
        let floor = net * i64::from(file.floor_percent) / 100;
        prop_assert!(left + 1 >= floor, "{left} of {net} are below {} %: {order:?}", file.floor_percent);
    }
    Ok(orders.len())
}

fn budget_holds(arm: &ArmFacts, file: &File, from: Day) -> Result<i64, TestCaseError> {
    let own = arm.offers.iter().filter(|offer| offer.issued_at.day() >= from);
    let spent: i64 = own.filter(|offer| offer.fate == OfferFate::Redeemed).map(|offer| offer.cost.0).sum();
    prop_assert!(file.budget.is_none_or(|budget| spent <= budget), "{spent} of {:?}", file.budget);
    Ok(spent)
}

use proptest::test_runner::TestCaseError;

/// How many random files live through a world.
const FILES: u32 = 400;

#[test]
fn no_redeemed_offer_breaks_the_floor_and_no_budget_is_passed_whatever_the_file_says() {
    let config =
        Config { cases: FILES, failure_persistence: None, max_shrink_iters: 40, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let (redeemed, nearly) = (Cell::new(0), Cell::new(0));
    let result = TestRunner::new_with_rng(config, rng).run(
        &(files(), offers(), 0_u64..1 << 40),
        |(file, offers, seed)| {
            let mut scenario = shop_of(&offers);
            scenario.seed = seed;
            let spec = policy_of(&file, &scenario);
            let mut plan: Plan = plan(scenario);
            plan.arms = vec![Arm::new("tested", Arc::new(spec))];
            let shop = World::new(plan.scenario.clone(), 0).shop.clone();
            let unit = run(&plan, 1, 1).remove(0);
            redeemed.set(redeemed.get() + floor_holds(&unit.arms[0], &file, &shop, shop.horizon_start)?);
            let spent = budget_holds(&unit.arms[0], &file, shop.horizon_start)?;
            nearly.set(nearly.get() + u32::from(file.budget.is_some_and(|budget| spent * 2 > budget)));
            Ok(())
        },
    );
    result.unwrap_or_else(|failure| panic!("{failure}"));
    println!(
        "{} orders redeemed an offer; {} budgets were more than half spent",
        redeemed.get(),
        nearly.get()
    );
    assert!(redeemed.get() > 300, "{} orders redeemed an offer", redeemed.get());
    assert!(nearly.get() > 5, "{} budgets were more than half spent", nearly.get());
}
