//! The batch baseline by hand-made stories: each segment, staleness, stitching, consent, messages, traces.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use counterfoil_batch::{Observed, SegmentRule, segment_of};
use counterfoil_core::policy::{DecisionPoint, Reason};
use counterfoil_core::time::DAY_MS;
use counterfoil_core::{
    CookieId, Day, Digest, EventKind, HoldoutLuck, Luck, Money, Share, Time, TreatmentId,
};
use counterfoil_scenario::policy::{Amount, Budget, Cap, Guardrails, PolicyKind, SEGMENTS};
use counterfoil_till::sale::push_campaign;
use std::collections::BTreeSet;

fn batch() -> Host {
    Host::of(&policy(PolicyKind::Batch(table()), free_rules()), &shop())
}

/// The segment that the trace names for a logged-in customer.
fn segment(host: &mut Host, day: u32, customer: u32) -> String {
    host.trace = true;
    host.visit(at(day, 20), 900 + customer);
    let trace = host.ask(at(day, 20), 900 + customer, Some(customer)).trace.unwrap();
    let place = trace.features.iter().find(|(name, _)| name == "segment").unwrap().1;
    SEGMENTS[place as usize].to_owned()
}

/// One customer per segment; all eight are reached through events alone.
#[test]
fn every_segment_is_reached_by_a_story() {
    let mut host = batch();
    host.order(at(1, 9), 5, 5, 20_000);
    host.order(at(2, 9), 8, 8, 300);
    host.log_in(at(3, 9), 1, 1);
    host.order(at(13, 9), 6, 6, 500);
    host.order(at(14, 9), 7, 7, 30_000);
    host.order(at(25, 9), 3, 3, 700);
    host.order(at(26, 9), 4, 4, 25_000);
    host.log_in(at(28, 9), 2, 2);
    host.until(30);
    let expected = [
        (99, "anonymous"),
        (1, "prospect-cold"),
        (2, "prospect-warm"),
        (3, "active-low"),
        (4, "active-high"),
        (6, "lapsing-low"),
        (7, "lapsing-high"),
        (5, "lapsed"),
        (8, "lapsed"),
    ];
    for (customer, name) in expected {
        assert_eq!(segment(&mut host, 30, customer), name, "customer {customer}");
    }
}

#[test]
fn the_cuts_are_inclusive_to_the_day() {
    let rule =
        SegmentRule { active_days: 10, lapsing_days: 20, warm_days: 5, high_value_from: Some(Money(100)) };
    let buyer = Observed { known: true, orders: 1, spent: Money(100), ..Observed::default() };
    let named =
        |seen: &Observed, days: i64, more: i64| segment_of(&rule, seen, Time(days * DAY_MS + more)).name();
    assert_eq!(named(&buyer, 10, 0), "active-high");
    assert_eq!(named(&buyer, 10, 1), "lapsing-high");
    assert_eq!(named(&buyer, 20, 1), "lapsed");
    assert_eq!(named(&Observed { spent: Money(99), ..buyer }, 10, 0), "active-low");
    let visitor = Observed { orders: 0, ..buyer };
    assert_eq!((named(&visitor, 5, 0), named(&visitor, 5, 1)), ("prospect-warm", "prospect-cold"));
}

/// A day full of events moves no answer; the night does.
#[test]
fn nothing_that_happens_during_the_day_changes_an_answer() {
    let mut host = batch();
    host.order(at(10, 9), 1, 1, 5_000);
    host.order(at(11, 9), 2, 2, 6_000);
    host.until(30);
    host.visit(at(30, 1), 1);
    let morning = host.ask(at(30, 1), 1, Some(1));
    assert_eq!(morning.treatment, Some(TEN), "lapsing in the morning");
    assert_eq!(morning.information_age_ms, DAY_MS / 24);
    for hour in 2..20 {
        host.order(at(30, hour), 1, 1, 9_000);
        host.order(at(30, hour), 3, 3, 9_000);
    }
    host.visit(at(30, 21), 1);
    let evening = host.ask(at(30, 21), 1, Some(1));
    assert_eq!((evening.treatment, evening.reasons), (morning.treatment, morning.reasons));
    assert_eq!(evening.information_age_ms, 21 * DAY_MS / 24);
    host.visit(at(30, 22), 3);
    assert_eq!(host.ask(at(30, 22), 3, Some(3)).winner, None, "a customer of today is not known yet");
    host.until(31);
    host.visit(at(31, 1), 1);
    assert_eq!(host.ask(at(31, 1), 1, Some(1)).treatment, Some(SHIPPING), "active and of high value");
    host.visit(at(31, 1), 3);
    assert_eq!(host.ask(at(31, 1), 3, Some(3)).treatment, Some(REVIEWS), "active, spent less");
}

#[test]
fn a_cookie_is_stitched_by_the_night_after_its_log_in() {
    let mut host = batch();
    host.order(at(29, 9), 1, 1, 5_000);
    host.until(30);
    host.log_in(at(30, 9), 2, 1);
    host.visit(at(30, 12), 2);
    assert_eq!(host.ask(at(30, 12), 2, None).winner, None, "still anonymous on the day itself");
    host.visit(at(30, 12), 1);
    assert!(host.ask(at(30, 12), 1, None).treatment.is_some(), "this cookie logged in before the night");
    host.until(31);
    host.visit(at(31, 12), 2);
    assert!(host.ask(at(31, 12), 2, None).treatment.is_some(), "stitched by now");
}

#[test]
fn an_anonymous_visit_on_her_cookie_counts_as_hers_from_the_next_night() {
    let mut host = batch();
    host.log_in(at(3, 9), 1, 1);
    host.log_in(at(3, 9), 2, 2);
    host.visit(at(29, 9), 1);
    host.until(30);
    assert_eq!(segment(&mut host, 30, 1), "prospect-warm");
    assert_eq!(segment(&mut host, 30, 2), "prospect-cold");
}

#[test]
fn without_consent_nothing_is_collected_and_nothing_shown() {
    let mut host = batch();
    host.consent = false;
    host.order(at(29, 9), 1, 1, 5_000);
    host.until(30);
    let decision = host.ask(at(30, 9), 1, Some(1));
    assert_eq!((decision.treatment, decision.winner), (None, None));
    assert_eq!(decision.reasons[TEN.index()], Reason::NoConsent);
    assert_eq!(decision.reasons[UNUSED.index()], Reason::NotInPolicy);
    host.consent = true;
    host.visit(at(30, 10), 1);
    let later = host.ask(at(30, 10), 1, Some(1));
    assert_eq!(
        later.reasons[TEN.index()],
        Reason::NotInTable,
        "no record was kept of the session without consent"
    );
}

#[test]
fn the_table_is_applied_once_per_session_and_may_wait_for_the_product_page() {
    let mut host = batch();
    host.order(at(29, 9), 1, 1, 5_000);
    host.until(30);
    host.visit(at(30, 9), 50);
    assert_eq!(host.ask(at(30, 9), 50, None).reasons[SHIPPING.index()], Reason::NotInTable);
    let stall = host.question(at(30, 9), 50, Some(1), DecisionPoint::Stall);
    assert_eq!(host.policy.decide(&stall).reasons[SHIPPING.index()], Reason::WrongMoment);
    let page = host.question(at(30, 9), 50, Some(1), DecisionPoint::ProductPage);
    let shown = host.policy.decide(&page);
    assert!(shown.treatment.is_some(), "she logged in before the product page");
    let again = host.question(at(30, 9), 50, Some(1), DecisionPoint::ProductPage);
    assert_eq!(host.policy.decide(&again).reasons[SHIPPING.index()], Reason::WrongMoment);
}

#[test]
fn the_trace_explains_every_treatment_and_changes_nothing() {
    let run = |trace: bool| {
        let mut host = batch();
        host.trace = trace;
        host.order(at(12, 9), 1, 1, 5_000);
        host.until(30);
        let mut digest = Digest::default();
        let mut answers = Vec::new();
        for hour in 0..24 {
            host.visit(at(30, hour), hour as u32 % 3);
            let decision = host.ask(at(30, hour), hour as u32 % 3, None);
            answers.push((
                decision.treatment,
                decision.winner,
                decision.reasons,
                decision.information_age_ms,
            ));
            assert_eq!(decision.trace.is_some(), trace);
            if let Some(trace) = decision.trace {
                assert_eq!(trace.candidates.len(), shop().treatments.len());
                assert!(trace.candidates.iter().all(|c| !c.note.is_empty()));
                assert!(trace.candidates.iter().all(|c| c.reason == decision.reasons[c.treatment.index()]));
                assert!(!trace.sentence.is_empty());
            }
        }
        host.policy.fold_into(&mut digest);
        (answers, digest)
    };
    assert_eq!(run(true), run(false));
    let mut host = batch();
    host.trace = true;
    host.order(at(12, 9), 1, 1, 5_000);
    host.until(30);
    host.visit(at(30, 6), 1);
    let trace = host.ask(at(30, 6), 1, None).trace.unwrap();
    let words: Vec<&str> = trace.stages.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(
        words,
        [
            "consent given",
            "cookie 1, customer 1's last night",
            "segment lapsing-low since day 23",
            "table row lapsing-low: `ten`",
            "assigned and allowed",
        ]
    );
    let days = trace.features.iter().find(|(name, _)| name == "days_since_order").unwrap().1;
    assert!((days - 17.625).abs() < 1e-6, "{days} days before midnight of day 30");
}

#[test]
fn only_the_top_half_of_buyers_is_of_high_value_tonight() {
    let mut host = batch();
    for customer in 0..10 {
        host.order(at(28, 9), customer, customer, 1_000 + i64::from(customer));
    }
    host.until(30);
    let names: Vec<String> = (0..10).map(|c| segment(&mut host, 30, c)).collect();
    assert!(names[..5].iter().all(|n| n == "active-low"), "{names:?}");
    assert!(names[5..].iter().all(|n| n == "active-high"), "{names:?}");
}

fn pusher(cap: Option<Cap>, holdout_percent: f64) -> Host {
    let mut spec = table();
    spec.push[7] = Some(TWENTY);
    spec.push[3] = Some(REVIEWS);
    let mut rules = free_rules();
    rules.message_cap = cap;
    let mut spec = policy(PolicyKind::Batch(spec), rules);
    spec.holdout = Share::from_percent(holdout_percent).unwrap();
    Host::of(&spec, &shop())
}

fn pushes(host: &mut Host, day: u32) -> Vec<(u32, Option<TreatmentId>, u32)> {
    let mut out = Vec::new();
    host.policy.pushes(Day(day), &mut out);
    assert!(out.iter().all(|p| p.at == at(day, 7)));
    out.sort_by_key(|p| p.customer);
    out.into_iter().map(|p| (p.customer.number(), p.treatment, p.campaign)).collect()
}

#[test]
fn messages_go_to_consenting_subscribers_of_the_segment_within_the_contact_cap() {
    let mut host = pusher(Some(Cap { count: 1, days: 3 }), 0.0);
    for customer in [1, 2] {
        host.order(at(2, 9), customer, customer, 1_000);
    }
    host.order(at(2, 9), 3, 3, 1_000);
    host.report(at(3, 9), 3, Some(3), EventKind::Identified { subscribed: false });
    host.consent = false;
    host.log_in(at(4, 9), 2, 2);
    host.until(30);
    let campaign = push_campaign(Day(30), 7);
    assert_eq!(pushes(&mut host, 30), [(1, Some(TWENTY), campaign)]);
    host.report_sent(at(30, 7), 1, campaign, Some(TWENTY));
    host.until(32);
    assert_eq!(pushes(&mut host, 31), [], "one message in three days");
    assert_eq!(pushes(&mut host, 32), []);
    assert_eq!(pushes(&mut host, 33).len(), 1, "its confirmation was not counted twice");
}

/// Goal: messages and pages spare the same people, also those of whom no question was ever asked.
#[test]
fn messages_spare_the_holdout() {
    let mut host = pusher(None, 50.0);
    let luck = HoldoutLuck::new(Luck::new(1, 0));
    (0..40).for_each(|customer| host.order(at(2, 9), customer, customer, 1_000));
    host.until(30);
    let sent: Vec<u32> = pushes(&mut host, 30).into_iter().map(|p| p.0).collect();
    let expected: Vec<u32> = (0..40).filter(|&cookie| luck.of_cookie(CookieId::new(cookie)) >= 0.5).collect();
    assert_eq!(sent, expected, "each was first seen as a cookie, and that assignment stays");
    assert!(expected.len() > 10 && expected.len() < 30, "{} of 40", expected.len());
}

/// Goal: a budget for one message a day does not always go to the oldest account.
#[test]
fn somebody_else_is_first_in_line_every_day() {
    let first = |day: u32| {
        let mut spec = table();
        spec.push[7] = Some(TWENTY);
        let budget = Some(Budget::PerWorld(Amount::Money(Money(4_800)))); // 20 % of three of 80.00
        let spec = policy(PolicyKind::Batch(spec), Guardrails { budget, ..free_rules() });
        let mut host = Host::of(&spec, &shop());
        (1..=6).for_each(|customer| host.order(at(2, 9), customer, customer, 1_000));
        host.until(day);
        let sent = pushes(&mut host, day);
        assert_eq!(sent.len(), 1, "the budget is set aside for the first");
        sent[0].0
    };
    let firsts: BTreeSet<u32> = (30..37).map(first).collect();
    assert_eq!(firsts, (1..=6).collect());
}
