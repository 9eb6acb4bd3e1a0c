//! Laws of a run: adding an arm changes no other (b), threads and order change no byte (c), the truth adds up, following
//! somebody changes nothing, and live is the same loop.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{plan, policy, run, scenario, small};
use counterfoil_core::ShopperId;
use counterfoil_core::facts::{Fate, OfferFate, UnitFacts};
use counterfoil_core::money::Money;
use counterfoil_run::live::{Controls, Live};
use counterfoil_run::record::{Answered, Note};
use counterfoil_run::replay::story;
use counterfoil_run::{Arm, Keep};

fn digests(units: &[UnitFacts], arm: &str) -> Vec<(String, String)> {
    let arms = units.iter().flat_map(|unit| unit.arms.iter().filter(|a| a.arm == arm));
    arms.map(|a| (a.digest.to_hex(), a.orders_digest.to_hex())).collect()
}

#[test]
fn neither_threads_nor_further_arms_nor_keeping_less_change_a_byte() {
    let full = plan(scenario("fashion-web-shop", &small(300)));
    let one = run(&full, 2, 1);
    assert_eq!(one, run(&full, 2, 2), "one and two threads");
    let mut fewer = full.clone();
    fewer.arms.retain(|arm| arm.name != "batch");
    fewer.arms.swap(1, 2);
    fewer.keep = Keep::Summary;
    let other = run(&fewer, 2, 2);
    for arm in ["control", "status-quo", "realtime"] {
        assert_eq!(digests(&one, arm), digests(&other, arm), "{arm} does not depend on the other arms");
    }
    let mut seeds = full.clone();
    std::sync::Arc::make_mut(&mut seeds.scenario).seed += 1;
    assert_ne!(
        digests(&one, "control"),
        digests(&run(&seeds, 2, 2), "control"),
        "another seed is another story"
    );
}

#[test]
fn truth_adds_up_to_the_cent_and_offers_are_spent_once() {
    let plan = plan(scenario("deal-hunters", &small(600)));
    for unit in run(&plan, 2, 2) {
        let control = unit.arms[0].totals.contribution;
        for arm in &unit.arms {
            let bridge = arm.truth.bridge;
            assert_eq!(bridge[0], control, "every bridge begins at control");
            assert_eq!(bridge[8], arm.totals.contribution, "and ends at the metric");
            assert_eq!(bridge[..8].iter().sum::<i64>(), bridge[8], "without residual");
            let of_needs: i64 = arm.needs.iter().map(|need| need.contribution().0).sum();
            let overhead = arm.totals.message_costs + arm.totals.policy_costs + arm.totals.liability;
            assert_eq!(of_needs - overhead, arm.totals.contribution);
            let classes: i64 = arm.truth.needs.iter().sum();
            assert_eq!(
                classes,
                unit.arms[0].truth.needs.iter().sum::<i64>(),
                "the same potential needs in every arm"
            );
            let redeemed = arm.offers.iter().filter(|offer| offer.fate == OfferFate::Redeemed);
            let mut orders: Vec<u32> = redeemed.map(|offer| offer.order.unwrap()).collect();
            let all = orders.len();
            orders.sort_unstable();
            orders.dedup();
            assert_eq!(orders.len(), all, "one offer per order");
            let bought = arm.needs.iter().filter(|need| need.fate == Fate::Bought).count();
            assert_eq!(bought as i64, arm.totals.orders);
        }
        let control = &unit.arms[0].truth;
        assert_eq!(control.needs[1..5], [0, 0, 0, 0], "control differs from itself in nothing");
    }
}

/// Shown, and without any effect: exactly nothing differs but what was shown.
#[test]
fn placebo_is_null_to_the_bit() {
    let plan = plan(scenario("placebo", &small(800)));
    for unit in run(&plan, 2, 2) {
        let control = &unit.arms[0];
        for arm in &unit.arms[1..] {
            assert!(arm.totals.treatments_shown > 0, "{} shows something", arm.arm);
            assert_eq!(arm.orders_digest, control.orders_digest);
            assert_eq!(arm.totals.contribution, control.totals.contribution);
            assert_eq!(arm.truth.needs[1..5], [0, 0, 0, 0], "every need is unchanged or none");
            let same = |f: fn(&counterfoil_core::facts::Totals) -> i64| f(&arm.totals) == f(&control.totals);
            assert!(
                same(|t| t.sessions)
                    && same(|t| t.fatigue_ppm)
                    && same(|t| t.pages)
                    && same(|t| t.needs_waited)
            );
        }
    }
}

#[test]
fn always_buyers_make_every_discount_a_gift() {
    let plan = plan(scenario("always-buyers", &small(800)));
    for unit in run(&plan, 2, 2) {
        let arm = |name: &str| unit.arms.iter().find(|arm| arm.arm == name).unwrap();
        let (control, blanket, realtime) = (arm("control"), arm("blanket"), arm("realtime"));
        assert_eq!(blanket.totals.orders, control.totals.orders);
        let given = blanket.totals.rewards + blanket.totals.liability;
        assert_eq!(blanket.totals.rewards_leaked, given, "the whole discount is subsidy");
        assert!(blanket.totals.rewards > 0);
        assert!(realtime.totals.rewards * 10 <= blanket.totals.rewards, "real time learns to keep its money");
    }
}

#[test]
fn following_a_shopper_changes_nothing_and_explains_every_treatment() {
    let plan = plan(scenario("fashion-web-shop", &small(300)));
    let unit = &run(&plan, 1, 1)[0];
    let shown = unit.arms[3].decisions.iter().find(|d| d.shown.is_some()).unwrap();
    let stories = story(&plan, 0, ShopperId::new(shown.shopper), &mut |_| true).unwrap();
    for (story, arm) in stories.iter().zip(&unit.arms) {
        assert_eq!(story.digest, arm.digest, "{} is the same when she is followed", arm.arm);
    }
    let decisions = stories[3].notes.iter().filter_map(|note| match note {
        Note::Decision(decision) => Some(&decision.decision),
        Note::Event(_) => None,
    });
    let mut explained = 0;
    for decision in decisions.filter(|d| d.treatment.is_some()) {
        let trace = decision.trace.as_ref().unwrap();
        assert_eq!(trace.candidates.len(), plan.scenario.treatments.len(), "the winner and every loser");
        assert!(!trace.sentence.is_empty());
        explained += 1;
    }
    assert!(explained > 0);
}

/// Unless a deadline is missed by the wall clock, live decides as a run does.
#[tokio::test(start_paused = true)]
async fn live_is_the_same_loop() {
    let plan = plan(scenario("fashion-web-shop", &small(200)));
    let realtime = plan.arm_named("realtime").unwrap();
    let unit = &run(&plan, 1, 1)[0];
    let expected: Vec<(i64, u32, String)> = unit.arms[realtime.index()]
        .decisions
        .iter()
        .map(|d| (d.at.0, d.shopper, format!("{:?}", d.shown)))
        .collect();
    let live = Live::start(&plan, realtime, || 0, &mut |_| true).unwrap();
    let (_controls, receiver) =
        tokio::sync::watch::channel(Controls { speed: 10_000.0, ..Controls::default() });
    let mut seen = Vec::new();
    let (_, speed) = live
        .pace(receiver, |frame| {
            for (shopper, note) in frame.notes {
                if let Note::Decision(decision) = note {
                    let Answered { ask, decision: answer, in_time, .. } = *decision;
                    let refused = answer.winner.is_some() && (answer.winner != answer.treatment || !in_time);
                    if answer.treatment.is_some() || refused {
                        let shown = answer.treatment.filter(|_| in_time);
                        seen.push((ask.at.0, shopper.number(), format!("{shown:?}")));
                    }
                }
            }
        })
        .await;
    assert_eq!(speed.missed, 0);
    assert!(!seen.is_empty());
    assert_eq!(seen, expected);
}

/// Messages cost what the scenario says, and the bridge shows it.
#[test]
fn messages_stand_in_the_bridge() {
    let scenario = scenario("fashion-web-shop", &small(600));
    let batch = policy("batch", &scenario);
    let mut plan = plan(scenario);
    plan.arms = vec![plan.arms[0].clone(), Arm::new("batch", batch)];
    for unit in run(&plan, 1, 1) {
        let costs = Money(unit.arms[1].totals.message_costs);
        let costs = costs + Money(unit.arms[1].totals.liability);
        assert_eq!(unit.arms[1].truth.bridge[7], -costs.0, "messages stand in the bridge");
    }
}
