//! Chance in the engine: whom it shows what is a draw from its posterior with a stated probability, and the draw of a
//! profile is kept for an outcome window. Bounds are five standard errors on fresh seeds.
#![allow(clippy::unwrap_used)]

mod common;

use common::{GUIDE, Shopper, TRUST, engine, policy, realtime};
use counterfoil_core::CustomerId;
use counterfoil_core::event::EventKind;
use counterfoil_core::policy::{Ask, DecisionPoint, Policy};
use counterfoil_core::time::{DAY_MS, Time};
use counterfoil_core::treatment::TreatmentId;
use counterfoil_engine::Engine;
use counterfoil_scenario::PolicySpec;

/// Actions of the test policy: five treatments, and nothing.
const ACTIONS: usize = 6;

/// A policy in doubt about everything, without limits that would hide a draw.
fn doubtful() -> PolicySpec {
    let mut policy = policy();
    let model = &mut realtime(&mut policy).model;
    (model.soft_sd, model.price_response_mean) = (0.4, -3.0);
    policy.guardrails.treatment_caps.clear();
    policy.guardrails.offer_caps.clear();
    policy.guardrails.changes_per_session = 1_000;
    policy
}

/// The same without offers: what is shown depends on the draw alone, since a nudge is worth its effect at any odds.
fn nudges(treatments: &[TreatmentId]) -> PolicySpec {
    let mut policy = doubtful();
    realtime(&mut policy).treatments.retain(|entry| treatments.contains(&entry.treatment));
    policy
}

/// A question at `at` of somebody of whom the engine knows nothing but the number of the cookie.
fn bare(cookie: u32, at: Time, page: u32, seed: u64) -> Ask {
    let mut shopper = Shopper { page, seed, ..Shopper::new(cookie, 60) };
    shopper.now = at;
    shopper.is_in(page);
    shopper.question(DecisionPoint::ProductPage, Some(4), false, page)
}

/// Asks and takes the answer back, so that nothing but the draw stays: what was answered, and every drawn value.
fn answered(engine: &mut Engine, mut ask: Ask) -> (Option<TreatmentId>, Vec<String>) {
    ask.trace = true;
    let decision = engine.decide(&ask);
    engine.delivered(ask.number, false);
    let notes = decision.trace.unwrap().candidates.into_iter().map(|candidate| candidate.note).collect();
    (decision.treatment, notes)
}

fn within_five_errors(found: f64, expected: f64, among: f64) -> bool {
    (found - expected).abs() <= 5.0 * (expected * (1.0 - expected) / among).sqrt() + 1e-9
}

/// Goal: over many shoppers in the same place every action is as frequent as its stated probability, and it is not always
/// the one with the largest expected value.
#[test]
fn answers_are_draws_with_the_stated_probability() {
    let start = engine(&doubtful());
    for seed in 100..103 {
        let (mut counts, mut stated) = ([0_u32; ACTIONS], [0.0; ACTIONS]);
        let mut best = None;
        for cookie in 0..2_000 {
            let mut engine = start.clone();
            let mut ask = bare(cookie, Time(60 * DAY_MS), 1, seed);
            ask.trace = true;
            let decision = engine.decide(&ask);
            let action = decision.treatment.map_or(ACTIONS - 1, TreatmentId::index);
            counts[action] += 1;
            stated[action] = f64::from(decision.propensity);
            let candidates = decision.trace.unwrap().candidates;
            let value = |place: &usize| candidates[*place].value_minor.unwrap();
            best = (0..ACTIONS - 1).max_by(|a, b| value(a).total_cmp(&value(b)));
        }
        let shares = counts.map(|count| f64::from(count) / 2_000.0);
        for action in 0..ACTIONS {
            assert!(within_five_errors(shares[action], stated[action], 2_000.0), "{shares:?} {stated:?}");
        }
        assert!((stated.iter().sum::<f64>() - 1.0).abs() < 1e-6, "{stated:?}");
        assert!(shares.iter().filter(|&&share| share > 0.05).count() >= 3, "draws vary: {shares:?}");
        assert!(shares[best.unwrap()] < 0.8, "not greedy: {shares:?}, best {best:?}");
    }
}

/// Goal: a long visit is not a row of lottery tickets: however often she is asked about within the outcome window, the draw
/// is the first one; after the window it is another, independent one.
#[test]
fn a_draw_is_kept_for_the_outcome_window_and_made_anew_after_it() {
    const SHOPPERS: u32 = 800;
    let mut engine = engine(&doubtful());
    let window = i64::from(realtime(&mut doubtful()).model.window_days) * DAY_MS;
    let start = Time(60 * DAY_MS);
    let mut counts = [0_u32; ACTIONS];
    let mut same = 0;
    for cookie in 0..SHOPPERS {
        let mut page = 10 * cookie;
        let mut at = |after: i64| {
            page += 1;
            answered(&mut engine, bare(cookie, start + after, page, 5))
        };
        let first = at(0);
        for after in [1, 60_000, DAY_MS, window / 2, window - 1] {
            assert_eq!(at(after), first, "{after} ms later");
        }
        let next = at(window);
        assert_eq!(at(2 * window - 1), next, "and the next one is kept as long");
        counts[first.0.map_or(ACTIONS - 1, TreatmentId::index)] += 1;
        same += u32::from(next.0 == first.0);
    }
    let among = f64::from(SHOPPERS);
    let by_chance: f64 =
        counts.iter().map(|&count| (f64::from(count) / among) * (f64::from(count) / among)).sum();
    assert!(by_chance < 0.8, "{counts:?}");
    assert!(
        within_five_errors(f64::from(same) / among, by_chance, among),
        "{same} of {SHOPPERS}: {by_chance}"
    );
}

/// One cookie in one visit on `day` of somebody unknown: what the draw lets her see.
fn visited(engine: &mut Engine, shopper: &mut Shopper, session: u32) -> Option<TreatmentId> {
    shopper.arrives(engine, session, true);
    shopper.views(engine, 4);
    let number = session * 8 + shopper.page;
    answered(engine, shopper.question(DecisionPoint::ProductPage, Some(4), false, number)).0
}

/// Goal: when a log-in makes two profiles one, the draw that was made last holds on both devices, to the end of its window.
#[test]
fn at_a_merge_the_draw_that_was_made_last_holds_on_both_devices() {
    let policy = nudges(&[TRUST, GUIDE]);
    for newer_is_known in [true, false] {
        let (mut differed, mut anew) = (0, 0);
        for person in 0..300 {
            let mut engine = engine(&policy);
            let [known_day, unknown_day] = if newer_is_known { [65, 60] } else { [60, 65] };
            let mut phone = Shopper { seed: 9, ..Shopper::new(2 * person, known_day) };
            let mut laptop = Shopper { seed: 9, ..Shopper::new(2 * person + 1, unknown_day) };
            phone.is_known_as(CustomerId::new(8));
            let known = visited(&mut engine, &mut phone, 1);
            let unknown = visited(&mut engine, &mut laptop, 2);
            laptop.now = Time(66 * DAY_MS);
            laptop.is_known_as(CustomerId::new(8));
            laptop.does(&mut engine, EventKind::SessionEnded);
            let newer = if newer_is_known { known } else { unknown };
            assert_eq!(visited(&mut engine, &mut laptop, 3), newer, "where she logged in");
            phone.now = Time(78 * DAY_MS);
            assert_eq!(visited(&mut engine, &mut phone, 4), newer, "and on the other device");
            phone.now = Time(80 * DAY_MS);
            anew += u32::from(visited(&mut engine, &mut phone, 5) != newer);
            differed += u32::from(known != unknown);
        }
        assert!(differed > 100, "two draws, seldom the same: {differed} of 300");
        assert!(anew > 100, "the window runs from the newer draw and ends: {anew} of 300");
    }
}
