//! Laws that hold for every sequence of visits: caps, budget, ledger.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Shopper, TEN, TWENTY, engine, policy, realtime};
use counterfoil_core::money::Money;
use counterfoil_core::policy::Policy;
use counterfoil_core::time::{DAY_MS, Day};
use counterfoil_core::treatment::TreatmentId;
use counterfoil_scenario::policy::{Budget, Cap};
use proptest::prelude::*;

/// One visit: who, hours after the one before, how many questions, whether answers arrive, whether she buys.
type Visit = (u32, i64, u32, bool, bool);

fn visits() -> impl Strategy<Value = Vec<Visit>> {
    prop::collection::vec((0_u32..6, 1_i64..40, 1_u32..4, prop::bool::weighted(0.9), any::<bool>()), 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Goal: whatever people do, no cap is exceeded, the budget holds to the cent and the ledger conserves.
    #[test]
    fn caps_budget_and_ledger_hold(visits in visits(), stacking: bool) {
        let mut policy = policy();
        policy.guardrails.offer_caps = vec![Cap { count: 1, days: 2 }, Cap { count: 3, days: 14 }];
        policy.guardrails.treatment_caps = vec![Cap { count: 4, days: 14 }];
        policy.guardrails.changes_per_session = 2;
        policy.guardrails.stacking = stacking;
        policy.guardrails.budget = Some(Budget::PerWorld(Money(4_000)));
        realtime(&mut policy).model.price_response_mean = -20.0;
        realtime(&mut policy).treatments.truncate(4);
        let mut engine = engine(&policy);
        let mut now = Day(60).start();
        let (mut number, mut paid) = (0, Money::ZERO);
        let mut shown: Vec<(u32, i64, bool, u32)> = Vec::new();
        for (session, (who, hours, questions, in_time, buys)) in visits.into_iter().enumerate() {
            let before = now.day();
            now = now + hours * 3_600_000;
            (before.0 + 1..=now.day().0).for_each(|day| engine.night(Day(day)));
            let mut shopper = Shopper::new(who, 0);
            shopper.now = now;
            shopper.arrives(&mut engine, session as u32, true);
            for _ in 0..questions {
                number += 1;
                shopper.views(&mut engine, number % 20);
                let ask = shopper.question(counterfoil_core::policy::DecisionPoint::ProductPage, Some(number % 20), false, number);
                let decision = engine.decide(&ask);
                engine.delivered(number, in_time);
                if let (Some(treatment), true) = (decision.treatment, in_time) {
                    shopper.does(&mut engine, counterfoil_core::EventKind::TreatmentShown { treatment, decision: number });
                    shown.push((who, ask.at.0, treatment == TEN || treatment == TWENTY || treatment.0 == 2, session as u32));
                }
            }
            if buys {
                let wallet: Vec<TreatmentId> = open_offers(&engine, who, session as u32, shopper.now.0);
                paid += shopper.buys(&mut engine, session as u32, number % 20, wallet.first().copied());
            }
            shopper.leaves(&mut engine);
            let totals = engine.ledger().totals();
            prop_assert_eq!(totals.issued, totals.redeemed + totals.expired + totals.open);
            prop_assert!(totals.spent <= Money(4_000));
            prop_assert_eq!(totals.spent, paid);
        }
        for &(who, at, _, session) in &shown {
            let within = |days: i64, offers: bool| {
                let mine = shown.iter().filter(|other| other.0 == who && other.1 <= at && other.1 > at - days * DAY_MS);
                mine.filter(|other| other.2 || !offers).count()
            };
            prop_assert!(within(2, true) <= 1 && within(14, true) <= 3 && within(14, false) <= 4);
            prop_assert!(shown.iter().filter(|other| other.3 == session).count() <= 2);
        }
    }
}

/// What a shopper could redeem now.
fn open_offers(engine: &counterfoil_engine::Engine, who: u32, session: u32, at: i64) -> Vec<TreatmentId> {
    let profile = engine.identity().profile(engine.identity().find(who, u32::MAX).unwrap());
    let ledger = engine.ledger();
    let open =
        |entry: u32| entry != u32::MAX && ledger.outstanding(entry, session, counterfoil_core::Time(at));
    profile.shown.iter().filter(|shown| open(shown.entry)).map(|shown| TreatmentId(shown.treatment)).collect()
}
