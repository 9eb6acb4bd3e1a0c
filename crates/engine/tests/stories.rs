//! Small stories about one visitor each: what the engine must and must not do in them.
#![allow(clippy::unwrap_used)]

mod common;

use common::{
    FREE, GUIDE, Shopper, TEN, TRUST, TWENTY, eager, engine, model, mondays, nights, pilot, policy, realtime,
    share,
};
use counterfoil_core::digest::Digest;
use counterfoil_core::event::{EventKind, Topic};
use counterfoil_core::money::Money;
use counterfoil_core::policy::{DecisionPoint, Policy, Reason, Stage};
use counterfoil_core::shop::ProductId;
use counterfoil_core::time::{DAY_MS, Day};
use counterfoil_core::treatment::{Barrier, TreatmentId};
use counterfoil_core::{CustomerId, OrderNumber};
use counterfoil_engine::Engine;
use counterfoil_engine::ids::RowNumber;
use counterfoil_engine::stages::learn::CONTEXT_TERMS;
use counterfoil_scenario::policy::{Amount, Budget, Cap, EligibleTreatment};

/// The customer of these stories, where she is known.
const CUSTOMER: CustomerId = CustomerId::new(8);

#[test]
fn two_full_price_items_hesitation_and_a_reopened_cart_are_no_reason_for_a_discount() {
    let mut discounts = 0;
    for seed in 0..200 {
        let mut engine = engine(&policy());
        let mut shopper = Shopper { seed, ..Shopper::new(1, 60) };
        shopper.arrives(&mut engine, 5, true);
        shopper.views(&mut engine, 4);
        shopper.views(&mut engine, 7);
        shopper.does(
            &mut engine,
            EventKind::CartAdded { product: ProductId(4), quantity: 2, price: Money(3_800) },
        );
        shopper.does(&mut engine, EventKind::InfoViewed(Topic::Size));
        shopper.does(&mut engine, EventKind::Stalled);
        shopper.does(&mut engine, EventKind::CartViewed { goods: Money(7_600) });
        let mut ask = shopper.question(DecisionPoint::Stall, Some(4), true, 1);
        ask.cart_goods = Money(7_600);
        ask.trace = true;
        let decision = engine.decide(&ask);
        let trace = decision.trace.unwrap();
        assert_eq!(trace.stages.len(), 11);
        for depth in [TEN, TWENTY] {
            let value = trace.candidates[depth.index()].value_minor.unwrap();
            assert!(value < 0.0, "a discount is expected to lose: {value}");
        }
        discounts += u32::from(decision.treatment.is_some_and(|id| id == TEN || id == TWENTY));
    }
    assert!(discounts <= 40, "{discounts} of 200 hesitating buyers got a discount");
}

#[test]
fn always_buyers_teach_that_discounts_are_not_worth_it() {
    let mut engine = engine(&policy());
    let show = |i: u32| [None, Some(TEN), Some(TWENTY)][(i % 3) as usize];
    pilot(&mut engine, 0, 3_000, 40, show, |i| (i / 3) % 10 < 4);
    nights(&mut engine, 41, 60);
    assert_eq!(engine.learned().model().rows(), 3_000);
    let (response, sd) = engine.learned().price_response();
    assert!(response.abs() < 0.8 && sd < 0.6, "price response {response} +- {sd}");
    let given = (0..200).filter(|&i| {
        let mut shopper = Shopper::new(10_000 + i, 60);
        shopper.arrives(&mut engine, 10_000 + i, true);
        shopper.views(&mut engine, 4);
        let decision = shopper.asks(&mut engine, 4, 10_000 + i);
        decision.treatment.is_some_and(|id| id == TEN || id == TWENTY)
    });
    let given = given.count();
    assert!(given <= 2, "{given} of 200 always-buyers got a discount");
}

#[test]
fn planted_effects_are_learned_in_sign() {
    let mut wide = policy();
    realtime(&mut wide).model.soft_sd = 0.5;
    let learned = |good: TreatmentId, bad: TreatmentId| {
        let mut engine = engine(&wide);
        let show = move |i: u32| [None, Some(good), Some(bad)][(i % 3) as usize];
        let rate = [2, 4, 1]; // tenths, by what was shown
        pilot(&mut engine, 0, 3_000, 40, show, |i| (i / 3) % 10 < rate[(i % 3) as usize]);
        nights(&mut engine, 41, 60);
        let mut context = [0.0; CONTEXT_TERMS];
        context[0] = 1.0;
        [good, bad].map(|id| engine.learned().effect(&context, id, 0.0).0)
    };
    for (good, bad) in [(TRUST, GUIDE), (GUIDE, TRUST)] {
        let [up, down] = learned(good, bad);
        assert!(up > 0.3 && down < -0.3, "{up} and {down}");
    }
}

#[test]
fn a_strong_price_response_in_the_pilot_makes_discounts_worth_it() {
    let mut engine = engine(&policy());
    let rate = [1, 3, 6]; // twentieths
    let show = |i: u32| [None, Some(TEN), Some(TWENTY)][(i % 3) as usize];
    pilot(&mut engine, 0, 3_000, 40, show, |i| (i / 3) % 20 < rate[(i % 3) as usize]);
    nights(&mut engine, 41, 60);
    assert!(engine.learned().price_response().0 < -4.0, "{:?}", engine.learned().price_response());
    let mut shopper = Shopper::new(9_000, 60);
    shopper.arrives(&mut engine, 9_000, true);
    shopper.views(&mut engine, 4);
    let shown = shopper.asks(&mut engine, 4, 9_000).treatment;
    assert!(shown == Some(TEN) || shown == Some(TWENTY), "{shown:?}");
}

#[test]
fn rows_of_the_pilot_that_are_still_open_are_used_when_the_arms_fork() {
    let mut engine = engine(&policy());
    pilot(&mut engine, 0, 300, 55, |_| None, |i| i % 2 == 0);
    nights(&mut engine, 56, 59);
    assert_eq!(engine.learned().model().rows(), 0, "no window has ended");
    nights(&mut engine, 60, 60);
    assert_eq!(engine.learned().model().rows(), 300);
    nights(&mut engine, 61, 80);
    assert_eq!(engine.learned().model().rows(), 300, "no row is learned twice");
    assert_eq!(engine.learned().open_rows(), 0);
}

#[test]
fn without_consent_nothing_is_remembered_and_nothing_shown_but_an_offer_can_be_redeemed() {
    let mut engine = engine(&eager());
    let mut shopper = Shopper::new(1, 60);
    shopper.is_known_as(CUSTOMER);
    shopper.arrives(&mut engine, 1, true);
    shopper.views(&mut engine, 3);
    assert_eq!(shopper.asks(&mut engine, 3, 1).treatment, Some(TEN));
    shopper.leaves(&mut engine);
    let profile = engine.identity().find(None, Some(CUSTOMER)).unwrap();
    let before = engine.identity().profile(profile).clone();

    shopper.arrives(&mut engine, 2, false);
    shopper.views(&mut engine, 3);
    shopper.does(&mut engine, EventKind::CouponFieldFocused);
    shopper.does(&mut engine, EventKind::Identified { subscribed: true });
    let mut ask = shopper.question(DecisionPoint::ProductPage, Some(3), false, 2);
    ask.consent = false;
    let refused = engine.decide(&ask);
    assert_eq!((refused.treatment, refused.reasons[TEN.index()]), (None, Reason::NoConsent));
    let reward = shopper.buys(&mut engine, 77, 3, Some(TEN));
    shopper.leaves(&mut engine);
    assert_eq!(engine.identity().profile(profile), &before, "the profile is what it was");
    assert_eq!(engine.identity().profiles().len(), 1);
    assert_eq!(engine.books().unwrap().spent, reward);
    assert_eq!(engine.books().unwrap().reserved, Money::ZERO, "it was redeemed");
}

#[test]
fn repeated_malformed_and_late_events_change_nothing() {
    let mut engine = engine(&policy());
    let mut shopper = Shopper::new(1, 60);
    shopper.arrives(&mut engine, 1, true);
    shopper.views(&mut engine, 3);
    let again = counterfoil_core::Event {
        at: shopper.now,
        visitor: shopper.visitor,
        kind: EventKind::ProductViewed { product: ProductId(3), price: Money(3_600) },
    };
    engine.observe(&again);
    engine.observe(&counterfoil_core::Event { at: shopper.now + -60_000_000, ..again });
    shopper.does(&mut engine, EventKind::Compared(ProductId(999)));
    shopper.does(&mut engine, EventKind::ProductViewed { product: ProductId(3), price: Money(-1) });
    let dropped = engine.intake().dropped;
    assert_eq!((dropped.duplicate, dropped.late, dropped.malformed), (1, 1, 2));
    let mut ask = shopper.question(DecisionPoint::ProductPage, Some(3), false, 1);
    ask.trace = true;
    let trace = engine.decide(&ask).trace.unwrap();
    let views = trace.features.iter().find(|(name, _)| name == "views_in_session").unwrap().1;
    assert!((views - 1.0).abs() < 1e-12);
}

#[test]
fn a_trace_changes_no_answer() {
    for seed in 0..50 {
        let mut policy = policy();
        realtime(&mut policy).exploration = share(50.0);
        let mut quiet = engine(&policy);
        let mut traced = engine(&policy);
        for number in 0..6 {
            let mut both = [Shopper { seed, ..Shopper::new(3, 60 + number) }; 2];
            for (shopper, engine) in both.iter_mut().zip([&mut quiet, &mut traced]) {
                shopper.arrives(engine, number, true);
                shopper.views(engine, number);
            }
            let ask = both[0].question(DecisionPoint::ProductPage, Some(number), false, number);
            let without = quiet.decide(&ask);
            let with = traced.decide(&counterfoil_core::Ask { trace: true, ..ask });
            assert_eq!((without.treatment, without.winner), (with.treatment, with.winner));
            assert_eq!(without.propensity.to_bits(), with.propensity.to_bits());
            assert_eq!(without.reasons, with.reasons);
            let trace = with.trace.unwrap();
            for candidate in &trace.candidates {
                assert_eq!(candidate.reason, with.reasons[candidate.treatment.index()]);
                assert!(!candidate.note.is_empty());
            }
            assert!(!trace.sentence.is_empty());
            let order: Vec<Stage> = trace.stages.iter().map(|(stage, _)| *stage).collect();
            assert!(order.is_sorted() && order.len() == 11);
        }
        assert_eq!(digest(&quiet), digest(&traced));
    }
}

fn digest(engine: &Engine) -> Digest {
    let mut digest = Digest::default();
    engine.fold_into(&mut digest);
    digest
}

#[test]
fn a_late_answer_is_taken_back_entirely() {
    let mut policy = eager();
    policy.guardrails.offer_caps = vec![Cap { count: 1, days: 7 }];
    policy.guardrails.budget = Some(Budget::PerWorld(Amount::Money(Money(2_100))));
    let mut engine = engine(&policy);
    let mut shopper = Shopper::new(1, 60);
    shopper.arrives(&mut engine, 1, true);
    shopper.views(&mut engine, 3);
    let ask = shopper.question(DecisionPoint::ProductPage, Some(3), false, 1);
    assert_eq!(engine.decide(&ask).treatment, Some(TEN));
    assert!(engine.books().unwrap().reserved > Money::ZERO);
    engine.delivered(ask.number, false);
    assert_eq!(engine.books().unwrap().reserved, Money::ZERO);
    let row = engine.learned().row(RowNumber::new(0)).unwrap();
    assert_eq!(row.treatment, None, "what was not seen teaches nothing about the treatment");
    assert_eq!(shopper.asks(&mut engine, 3, 2).treatment, Some(TEN), "no cap counts it");
}

#[test]
fn caps_sessions_stacking_budget_and_floor_each_give_their_reason() {
    let ask_twice = |policy: &counterfoil_scenario::PolicySpec, days_between: i64| {
        let mut engine = engine(policy);
        let mut shopper = Shopper::new(1, 60);
        shopper.arrives(&mut engine, 1, true);
        shopper.views(&mut engine, 3);
        let first = shopper.asks(&mut engine, 3, 1);
        if days_between > 0 {
            shopper.leaves(&mut engine);
            shopper.now = shopper.now + days_between * DAY_MS;
            shopper.arrives(&mut engine, 2, true);
            shopper.views(&mut engine, 3);
        }
        let second = shopper.asks(&mut engine, 3, 2);
        (first.reasons[TEN.index()], second.reasons[TEN.index()], second.winner)
    };
    let mut policy = eager();
    policy.guardrails.offer_caps = vec![Cap { count: 1, days: 7 }];
    assert_eq!(ask_twice(&policy, 4), (Reason::Won, Reason::FrequencyCap, Some(TEN)));
    assert_eq!(ask_twice(&policy, 8).1, Reason::Won, "the window has passed");
    policy.guardrails.offer_caps.clear();
    assert_eq!(ask_twice(&policy, 1).1, Reason::Stacking, "the first offer is still open");
    policy.guardrails.stacking = true;
    policy.guardrails.changes_per_session = 1;
    assert_eq!(ask_twice(&policy, 0).1, Reason::SessionCap);
    policy.guardrails.budget = Some(Budget::PerWorld(Amount::Money(Money(100))));
    assert_eq!(ask_twice(&policy, 0).0, Reason::Budget);
    policy.guardrails.budget = None;
    policy.guardrails.margin_floor = share(60.0);
    assert_eq!(ask_twice(&policy, 0).0, Reason::MarginFloor);
}

#[test]
fn a_posted_sale_is_known_announced_and_not_stacked_upon() {
    let mut policy = eager();
    policy.sale = Some(mondays());
    let mut engine = engine(&policy);
    assert_eq!(engine.sale(Day(63)), Some(TEN), "day 63 is a Monday of the horizon");
    assert_eq!(
        (engine.sale(Day(62)), engine.sale(Day(56))),
        (None, Some(TEN)),
        "the calendar knows no phases"
    );
    let mut shopper = Shopper::new(1, 61);
    shopper.is_known_as(CUSTOMER);
    shopper.arrives(&mut engine, 1, true);
    shopper.does(&mut engine, EventKind::Identified { subscribed: true });
    shopper.leaves(&mut engine);
    let mut pushes = Vec::new();
    engine.pushes(Day(62), &mut pushes);
    assert!(pushes.is_empty());
    engine.pushes(Day(63), &mut pushes);
    assert_eq!(pushes.len(), 1);
    assert_eq!((pushes[0].customer, pushes[0].treatment), (CUSTOMER, None));
    let mut shopper = Shopper::new(2, 63);
    shopper.arrives(&mut engine, 2, true);
    shopper.views(&mut engine, 3);
    assert_eq!(shopper.asks(&mut engine, 3, 1).reasons[TEN.index()], Reason::Stacking);
}

#[test]
fn held_out_shoppers_get_nothing_and_the_winner_is_named() {
    let mut policy = eager();
    policy.holdout = share(50.0);
    let mut engine = engine(&policy);
    let mut held = 0;
    for cookie in 0..200 {
        let mut shopper = Shopper::new(cookie, 60);
        shopper.arrives(&mut engine, cookie, true);
        shopper.views(&mut engine, 3);
        let decision = shopper.asks(&mut engine, 3, cookie);
        assert_eq!(decision.winner, Some(TEN));
        if decision.treatment.is_none() {
            assert_eq!(decision.reasons[TEN.index()], Reason::Holdout);
            held += 1;
        }
    }
    assert!((70..130).contains(&held), "{held} of 200 held out at 50 %");
}

#[test]
fn exploration_traffic_keeps_the_floor_and_happens_once_per_window() {
    let mut policy = policy();
    realtime(&mut policy).exploration = share(100.0);
    realtime(&mut policy).exploration_floor = share(10.0);
    let mut engine = engine(&policy);
    let mut seen = [0; 6];
    for cookie in 0..600 {
        let mut shopper = Shopper::new(cookie, 60);
        shopper.arrives(&mut engine, cookie, true);
        shopper.views(&mut engine, 3);
        let decision = shopper.asks(&mut engine, 3, 2 * cookie);
        assert!(decision.propensity >= 0.0999, "{}", decision.propensity);
        seen[decision.treatment.map_or(5, TreatmentId::index)] += 1;
        let second = shopper.asks(&mut engine, 3, 2 * cookie + 1);
        assert!(!second.reasons.contains(&Reason::Explored), "the second decision opens no row");
    }
    assert!(seen.iter().all(|&count| count >= 40), "each action about 60 times or more: {seen:?}");
}

#[test]
fn rules_decide_who_is_considered() {
    let mut policy = eager();
    realtime(&mut policy).treatments[0].rule =
        "point == 'product-page' && category in ['shoes', \"dresses\"] && views_in_session >= 2 && !known"
            .to_owned();
    let mut engine = engine(&policy);
    let mut shopper = Shopper::new(1, 60);
    shopper.arrives(&mut engine, 1, true);
    shopper.views(&mut engine, 3);
    let first = shopper.asks(&mut engine, 3, 1);
    assert_eq!(first.reasons[TEN.index()], Reason::NotEligible);
    assert_eq!(first.reasons[TRUST.index()], Reason::NotInPolicy);
    shopper.views(&mut engine, 3);
    assert_eq!(shopper.asks(&mut engine, 3, 2).reasons[TEN.index()], Reason::Won);
}

#[test]
fn free_delivery_is_not_offered_to_a_cart_that_ships_free() {
    let mut policy = policy();
    realtime(&mut policy).treatments.retain(|entry: &EligibleTreatment| entry.treatment == FREE);
    let mut engine = engine(&policy);
    let mut shopper = Shopper::new(1, 60);
    shopper.arrives(&mut engine, 1, true);
    shopper.adds(&mut engine, 3);
    let mut ask = shopper.question(DecisionPoint::CartChange, Some(3), true, 1);
    ask.cart_goods = Money(8_000);
    assert_eq!(engine.decide(&ask).reasons[FREE.index()], Reason::WrongMoment);
    ask.cart_goods = Money(7_999);
    assert_ne!(engine.decide(&ask).reasons[FREE.index()], Reason::WrongMoment);
}

#[test]
fn news_that_never_came_leave_the_question_itself() {
    let mut engine = engine(&policy());
    let mut shopper = Shopper::new(1, 60);
    shopper.is_in(9);
    let mut ask = shopper.question(DecisionPoint::CartChange, Some(3), true, 1);
    ask.trace = true;
    let trace = engine.decide(&ask).trace.unwrap();
    let feature = |name: &str| trace.features.iter().find(|(found, _)| found == name).unwrap().1;
    assert!((feature("cart_value") - 36.0).abs() < 1e-9);
    assert!((feature("in_cart") - 1.0).abs() < 1e-9);
    assert!((trace.barriers[Barrier::Price.index()] - 0.25).abs() < 1e-9);
}

#[test]
fn a_log_in_in_the_middle_of_a_visit_joins_two_devices() {
    let mut engine = engine(&policy());
    let mut phone = Shopper::new(1, 60);
    phone.is_known_as(CUSTOMER);
    phone.arrives(&mut engine, 1, true);
    phone.does(&mut engine, EventKind::Identified { subscribed: true });
    phone.buys(&mut engine, 1, 4, None);
    phone.leaves(&mut engine);
    let mut laptop = Shopper::new(2, 61);
    laptop.arrives(&mut engine, 2, true);
    laptop.views(&mut engine, 5);
    let orders = |engine: &mut Engine, shopper: &mut Shopper, number: u32| {
        let mut ask = shopper.question(DecisionPoint::ProductPage, Some(5), false, number);
        ask.trace = true;
        let trace = engine.decide(&ask).trace.unwrap();
        ["orders", "known", "views_in_session", "sessions_30d"]
            .map(|name| trace.features.iter().find(|(found, _)| found == name).unwrap().1 as u32)
    };
    assert_eq!(orders(&mut engine, &mut laptop, 1), [0, 0, 1, 1]);
    laptop.is_known_as(CUSTOMER);
    laptop.does(&mut engine, EventKind::Identified { subscribed: true });
    assert_eq!(orders(&mut engine, &mut laptop, 2), [1, 1, 1, 2], "two sessions, one customer");
    laptop.buys(&mut engine, 2, 5, None);
    laptop.does(&mut engine, EventKind::OrderReturned { order: OrderNumber::new(2), loss: Money(700) });
    let profile = engine.identity().profile(engine.identity().find(None, Some(CUSTOMER)).unwrap());
    assert_eq!((profile.orders, profile.returns), (2, 1));
    assert_eq!(engine.learned().open_rows(), 1, "the row of the anonymous profile went along");
    assert!(profile.open_row.is_some());
}

#[test]
fn a_cart_left_behind_and_looked_at_again_is_reopened() {
    let mut engine = engine(&policy());
    let mut shopper = Shopper::new(1, 60);
    shopper.arrives(&mut engine, 1, true);
    shopper.adds(&mut engine, 3);
    shopper.leaves(&mut engine);
    shopper.now = shopper.now + DAY_MS;
    shopper.arrives(&mut engine, 2, true);
    let doubt = |engine: &mut Engine, shopper: &mut Shopper, number: u32| {
        let mut ask = shopper.question(DecisionPoint::CartChange, Some(3), true, number);
        ask.trace = true;
        engine.decide(&ask).trace.unwrap().barriers[Barrier::Doubt.index()]
    };
    let before = doubt(&mut engine, &mut shopper, 1);
    shopper.does(&mut engine, EventKind::CartViewed { goods: Money(3_600) });
    assert!(doubt(&mut engine, &mut shopper, 2) > before);
}

#[test]
fn the_same_story_twice_gives_the_same_bits() {
    let lived = || {
        let mut policy = policy();
        realtime(&mut policy).exploration = share(30.0);
        realtime(&mut policy).model = counterfoil_scenario::policy::ModelSpec { soft_sd: 0.2, ..model() };
        let mut engine = engine(&policy);
        let show = |i: u32| [None, Some(TEN), Some(TRUST), Some(FREE)][(i % 4) as usize];
        pilot(&mut engine, 0, 400, 50, show, |i| i % 7 == 0);
        nights(&mut engine, 51, 60);
        for cookie in 0..100 {
            let mut shopper = Shopper::new(cookie, 61);
            shopper.arrives(&mut engine, 1_000 + cookie, true);
            shopper.views(&mut engine, cookie % 20);
            shopper.asks(&mut engine, cookie % 20, 1_000 + cookie);
        }
        nights(&mut engine, 62, 90);
        digest(&engine)
    };
    assert_eq!(lived(), lived());
}
