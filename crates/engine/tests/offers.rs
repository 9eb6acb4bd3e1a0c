//! What an offer promises, from the answer that makes it to the order that uses it.
#![allow(clippy::unwrap_used)]

mod common;

use common::{FREE, Shopper, TEN, TWENTY, eager, engine, policy, realtime};
use counterfoil_core::event::EventKind;
use counterfoil_core::money::Money;
use counterfoil_core::policy::{DecisionPoint, Policy, Reason};
use counterfoil_core::time::DAY_MS;
use counterfoil_core::treatment::TreatmentId;
use counterfoil_core::{CustomerId, DecisionNumber, Visitor};
use counterfoil_engine::Engine;
use counterfoil_scenario::policy::Cap;

/// She asked anew, or left, before the answer was on her screen: the host takes back what it had called delivered.
#[test]
fn an_answer_that_was_replaced_or_left_behind_is_taken_back_entirely() {
    let mut policy = policy();
    let spec = realtime(&mut policy);
    (spec.model.price_response_mean, spec.model.price_response_sd) = (-30.0, 0.01);
    spec.treatments.retain(|entry| entry.treatment == TEN || entry.treatment == TWENTY);
    policy.guardrails.stacking = true;
    policy.guardrails.offer_caps = vec![Cap { count: 2, days: 7 }];
    let mut engine = engine(&policy);
    let mut shopper = Shopper::new(1, 60);
    shopper.arrives(&mut engine, 1, true);
    shopper.views(&mut engine, 3);
    let ask = |engine: &mut Engine, shopper: &mut Shopper, number: u32| {
        let ask = shopper.question(DecisionPoint::ProductPage, Some(3), false, number);
        let treatment = engine.decide(&ask).treatment;
        engine.delivered(ask.number, true);
        treatment
    };
    let first = ask(&mut engine, &mut shopper, 1).unwrap();
    let second = ask(&mut engine, &mut shopper, 2).unwrap();
    assert_ne!(first, second);
    let reserved = |engine: &Engine| engine.books().unwrap().reserved;
    let both = reserved(&engine);
    engine.delivered(DecisionNumber::new(1), false);
    let of_second = reserved(&engine);
    assert!(Money::ZERO < of_second && of_second < both);

    shopper
        .does(&mut engine, EventKind::TreatmentShown { treatment: second, decision: DecisionNumber::new(2) });
    engine.delivered(DecisionNumber::new(2), false);
    assert_eq!(reserved(&engine), of_second, "what she saw is promised");
    assert_eq!(ask(&mut engine, &mut shopper, 3), Some(first), "no cap counts what nobody saw");
    shopper.leaves(&mut engine);
    engine.delivered(DecisionNumber::new(3), false);
    engine.delivered(DecisionNumber::new(3), false);
    assert_eq!(reserved(&engine), of_second);
}

/// An offer holds to its last moment, counted from when it was seen, and an order of that moment is in the books.
#[test]
fn an_offer_holds_to_its_last_moment_and_no_longer() {
    let asked = |after_end_ms: i64| {
        let mut policy = eager();
        policy.guardrails.offer_caps.clear();
        let mut engine = engine(&policy);
        let mut shopper = Shopper::new(1, 60);
        shopper.arrives(&mut engine, 1, true);
        shopper.views(&mut engine, 3);
        assert_eq!(shopper.asks(&mut engine, 3, 1).treatment, Some(TEN));
        let end = shopper.now + 3 * DAY_MS;
        shopper.leaves(&mut engine);
        shopper.now = end + -60_000;
        shopper.arrives(&mut engine, 2, true);
        shopper.views(&mut engine, 3);
        shopper.now = end + after_end_ms;
        let ask = shopper.question(DecisionPoint::ProductPage, Some(3), false, 2);
        let reason = engine.decide(&ask).reasons[TEN.index()];
        shopper.now = shopper.now + -15_000;
        let reward = shopper.buys(&mut engine, 1, 3, Some(TEN));
        (reason, reward, engine.books().unwrap())
    };
    let (reason, reward, books) = asked(0);
    assert_eq!(reason, Reason::Stacking);
    assert_eq!((books.spent, books.reserved), (reward, Money::ZERO));
    assert_eq!(asked(1).0, Reason::Won);
}

#[test]
fn an_offer_in_a_message_of_the_history_holds_for_a_day_from_sending_at_least() {
    let asked = |hours: i64, treatment: TreatmentId| {
        let mut engine = engine(&eager());
        let mut shopper = Shopper::new(1, 60);
        shopper.is_known_as(CustomerId::new(8));
        shopper.arrives(&mut engine, 1, true);
        shopper.does(&mut engine, EventKind::Identified { subscribed: true });
        shopper.leaves(&mut engine);
        let sent = shopper.now;
        let sending = counterfoil_core::Event {
            at: sent,
            visitor: Visitor::off_site(CustomerId::new(8)),
            kind: EventKind::MessageSent { campaign: 5, treatment: Some(treatment) },
        };
        engine.observe(&sending);
        engine.observe(&sending);
        assert_eq!(engine.books().unwrap().reserved, Money::ZERO, "another policy's offer costs no budget");
        shopper.now = sent + hours * 3_600_000;
        shopper.arrives(&mut engine, 2, true);
        shopper.views(&mut engine, 3);
        shopper.asks(&mut engine, 3, 1).reasons[TEN.index()]
    };
    assert_eq!(asked(23, FREE), Reason::Stacking, "on a page it would hold for one visit");
    assert_eq!(asked(24, FREE), Reason::Won);
    assert_eq!(asked(71, TWENTY), Reason::Stacking);
    assert_eq!(asked(72, TWENTY), Reason::Won);
}
