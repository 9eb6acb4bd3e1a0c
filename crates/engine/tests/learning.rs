//! What the engine learns after the arms have forked: from its own decisions, from orders and prices that it sees; and how
//! evidence grows old. Each story asks the engine through `Policy` and reads the value that it states.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Shopper, TEN, TWENTY, eager, engine, model, nights, pilot, policy, realtime, share};
use counterfoil_core::event::EventKind;
use counterfoil_core::money::Money;
use counterfoil_core::policy::{DecisionPoint, Policy, Reason, Trace};
use counterfoil_core::shop::ProductId;
use counterfoil_engine::Engine;
use counterfoil_engine::ids::RowNumber;
use counterfoil_scenario::PolicySpec;

/// What a copy of the engine says about a stranger who looks at `product` (`None`: who has just come) on `day`.
fn stranger(engine: &Engine, day: u32, product: Option<u32>) -> Trace {
    let mut copy = engine.clone();
    let mut shopper = Shopper::new(900_000, day);
    shopper.arrives(&mut copy, 900_000, true);
    let point = if product.is_some() { DecisionPoint::ProductPage } else { DecisionPoint::SessionStart };
    let mut ask = shopper.question(point, product, false, 900_000);
    ask.trace = true;
    *copy.decide(&ask).trace.unwrap()
}

fn value(engine: &Engine, day: u32) -> f64 {
    stranger(engine, day, Some(4)).candidates[TEN.index()].value_minor.unwrap()
}

fn feature(trace: &Trace, name: &str) -> f64 {
    trace.features.iter().find(|(found, _)| found == name).unwrap().1
}

/// A policy that tosses a coin between ten percent and nothing.
fn coin() -> PolicySpec {
    let mut policy = policy();
    let spec = realtime(&mut policy);
    spec.treatments.retain(|entry| entry.treatment == TEN);
    spec.exploration = share(100.0);
    spec.exploration_floor = share(50.0);
    policy
}

/// An engine that never saw a pilot and decided for `visitors` people on day 61. Of those who saw its offer `rates[1]`
/// tenths buy, of the others `rates[0]`; also how many saw it.
fn decided_itself(visitors: u32, rates: [u32; 2], seed: u64) -> (Engine, u32) {
    let mut engine = engine(&coin());
    nights(&mut engine, 1, 61);
    let mut asked = [0, 0];
    for i in 0..visitors {
        let mut shopper = Shopper { seed, ..Shopper::new(i, 61) };
        shopper.arrives(&mut engine, i, true);
        shopper.views(&mut engine, 4);
        let shown = shopper.asks(&mut engine, 4, i).treatment.is_some();
        let group = usize::from(shown);
        asked[group] += 1;
        if asked[group] % 10 < rates[group] {
            shopper.buys(&mut engine, i, 4, shown.then_some(TEN));
        }
        shopper.leaves(&mut engine);
    }
    (engine, asked[1])
}

/// Goal: what it did itself teaches it, and only when the outcome window has ended.
#[test]
fn its_own_decisions_teach_it() {
    for seed in 0..3 {
        let [good, bad] = [[1, 4], [4, 1]].map(|rates| {
            let (mut engine, shown) = decided_itself(600, rates, seed);
            assert!((220..380).contains(&shown), "{shown} of 600 at a coin's toss");
            let untaught = value(&engine, 61);
            nights(&mut engine, 62, 75);
            let early = value(&engine, 75);
            assert_eq!(early.to_bits(), untaught.to_bits(), "no window has ended");
            nights(&mut engine, 76, 76);
            value(&engine, 76) - untaught
        });
        assert!(good > 50.0, "an offer that sells is worth {good} more");
        assert!(bad < -50.0, "one that drives away is worth {bad} less");
    }
}

/// Goal: what it showed is told apart from what it did not show, person by person.
#[test]
fn an_offer_that_changes_nothing_teaches_the_base_rate_and_no_response() {
    for seed in 0..3 {
        let (mut engine, _) = decided_itself(800, [4, 4], seed);
        let (before, doubt) = engine.learned().price_response();
        let bought = |engine: &Engine| {
            let note = stranger(engine, 75, Some(4)).stages[5].1.clone();
            let (_, rate) = note.split_once("bought with ").unwrap();
            rate.split_once(" %").unwrap().0.parse::<f64>().unwrap()
        };
        let guessed = bought(&engine);
        nights(&mut engine, 62, 76);
        let (after, sd) = engine.learned().price_response();
        assert!(sd < 0.95 * doubt, "{sd} after {doubt}");
        assert!(after > before, "towards no response: {after} after {before}");
        assert!(guessed < 10.0 && (30.0..50.0).contains(&bought(&engine)), "{}", bought(&engine));
    }
}

/// Deviation of the price response from its prior, and its standard deviation, `days` after the last row was learned.
fn remembered(half_life_days: f64, days: u32) -> (f64, f64) {
    let mut policy = policy();
    realtime(&mut policy).model.drift_half_life_days = half_life_days;
    let mut engine = engine(&policy);
    pilot(&mut engine, 0, 900, 40, |i| (i % 2 == 0).then_some(TWENTY), |i| (i / 2) % 4 == 0);
    nights(&mut engine, 41, 60);
    nights(&mut engine, 61, 60 + days);
    let (mean, sd) = engine.learned().price_response();
    (mean - model().price_response_mean, sd)
}

/// Goal: the weight of evidence halves with the half-life of the policy file: what was learned shrinks with its root, and
/// the doubt that evidence had removed comes back.
#[test]
fn evidence_fades_with_its_half_life() {
    for half_life_days in [15.0, 30.0, 60.0] {
        let (fresh, sure) = remembered(half_life_days, 0);
        assert!(fresh > 0.5, "the pilot taught something: {fresh}");
        let mut kept = 1.0;
        for half_lives in 1..4 {
            kept *= 0.5_f64.sqrt();
            let (old, unsure) = remembered(half_life_days, half_lives * half_life_days as u32);
            assert!((old / fresh - kept).abs() < 1e-9, "{old} of {fresh} after {half_lives} half-lives");
            let prior = model().price_response_sd * model().price_response_sd;
            let variance = prior + kept * kept * (sure * sure - prior);
            assert!((unsure * unsure - variance).abs() < 1e-9, "{unsure} after {sure}");
        }
    }
}

/// Goal: fading changes answers: the value of an offer goes back to that of an engine that never learned.
#[test]
fn a_value_that_nobody_tests_goes_back_to_its_prior() {
    let mut policy = policy();
    realtime(&mut policy).model.drift_half_life_days = 30.0;
    let mut taught = engine(&policy);
    pilot(&mut taught, 0, 900, 40, |i| (i % 2 == 0).then_some(TEN), |i| i % 2 == 0 && i % 3 > 0);
    nights(&mut taught, 41, 60);
    let after = |more: u32| {
        let mut engine = taught.clone();
        nights(&mut engine, 61, 60 + more);
        value(&engine, 60 + more)
    };
    let [fresh, month, year, decade] = [0, 30, 360, 3_600].map(after);
    let untaught = value(&engine(&policy), 60);
    assert!((fresh - untaught).abs() > 50.0, "{fresh} and {untaught}");
    assert!((month - untaught).abs() < (fresh - untaught).abs());
    assert!((year - untaught).abs() < 0.2 * (fresh - untaught).abs(), "{year} after {fresh}, {untaught}");
    assert!((decade - untaught).abs() < 1.0, "{decade} and {untaught}");
}

/// Goal: while no product is known, an offer is valued on the order that people place here, not on a constant.
#[test]
fn the_typical_order_is_learned_from_orders_and_used_while_no_product_is_known() {
    let reward = |engine: &Engine, product| stranger(engine, 60, product).candidates[TEN.index()].cost;
    let mut engine = engine(&policy());
    assert_eq!(reward(&engine, None), Money(490), "a tenth of the catalogue's mean price");
    let mut means = Vec::new();
    for order in 0..80 {
        let mut shopper = Shopper::new(order, 59);
        shopper.arrives(&mut engine, order, true);
        shopper.buys(&mut engine, order, 19, None);
        shopper.leaves(&mut engine);
        means.push(reward(&engine, None));
    }
    assert!(means.is_sorted() && means[79] > Money(610) && means[79] < Money(680), "{:?}", means[79]);
    assert_eq!(reward(&engine, Some(4)), Money(380), "a known product is valued as itself");
    let note = stranger(&engine, 60, None).stages[5].1.clone();
    assert!(note.contains("(typical)"), "{note}");
}

/// Goal: a price below list on one page says that a sale is on, to everybody, and on that day only.
#[test]
fn a_sale_seen_in_prices_holds_for_everybody_on_that_day_only() {
    let seen = |price: i64| {
        let mut policy = eager();
        policy.guardrails.stacking = true;
        let mut engine = engine(&policy);
        let mut shopper = Shopper::new(1, 60);
        shopper.arrives(&mut engine, 1, true);
        shopper.does(&mut engine, EventKind::ProductViewed { product: ProductId(9), price: Money(price) });
        shopper.leaves(&mut engine);
        engine
    };
    let sale_of = |engine: &Engine, day| {
        let trace = stranger(engine, day, Some(4));
        (feature(&trace, "sale_on") > 0.5, trace.candidates[TEN.index()].cost)
    };
    let engine = seen(3_840); // 48.00 at 20 % off
    assert_eq!(sale_of(&engine, 60), (true, Money(0)), "the sale gives more than a tenth");
    assert_eq!(sale_of(&engine, 61), (false, Money(380)));
    assert_eq!(sale_of(&seen(4_800), 60), (false, Money(380)), "list price is no sale");
    let typical = |day| stranger(&engine, day, None).candidates[TEN.index()].cost;
    assert_eq!((typical(60), typical(61)), (Money(0), Money(490)), "nor does it add to a typical order");
}

/// Goal: shoppers who are held out teach what happens without a treatment, although every guardrail stops at them.
#[test]
fn the_held_out_are_rows_without_a_treatment() {
    let mut policy = eager();
    policy.holdout = share(100.0);
    let mut engine = engine(&policy);
    let mut shopper = Shopper::new(1, 60);
    shopper.arrives(&mut engine, 1, true);
    assert_eq!(shopper.asks(&mut engine, 3, 1).treatment, None);
    assert_eq!(engine.learned().open_rows(), 1);
    assert_eq!(engine.learned().row(RowNumber::new(0)).unwrap().treatment, None);
}

/// Goal: an offer is not put on top of a sale that somebody else posted.
#[test]
fn nothing_is_offered_on_top_of_a_sale_seen_in_prices() {
    let reason = |price: i64, day: u32| {
        let mut engine = engine(&eager());
        let mut first = Shopper::new(1, 60);
        first.arrives(&mut engine, 1, true);
        first.does(&mut engine, EventKind::ProductViewed { product: ProductId(9), price: Money(price) });
        let mut second = Shopper::new(2, day);
        second.now = second.now + 60_000;
        second.arrives(&mut engine, 2, true);
        second.views(&mut engine, 3);
        second.asks(&mut engine, 3, 1).reasons[TEN.index()]
    };
    assert_eq!(reason(3_840, 60), Reason::Stacking);
    assert_eq!(reason(3_840, 61), Reason::Won);
    assert_eq!(reason(4_800, 60), Reason::Won);
}
