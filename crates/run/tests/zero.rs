//! Laws of effects of size zero: what everybody notices and what does nothing changes nothing, to the bit. `placebo` keeps
//! the same promise for what nobody notices. The history has real sales and real offers, so there is much to upset.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{policy, run, scenario, small};
use counterfoil_core::facts::{ArmFacts, Totals};
use counterfoil_core::money::{Money, Share};
use counterfoil_core::policy::Reason;
use counterfoil_core::treatment::{TreatmentId, TreatmentKind};
use counterfoil_core::{ArmIndex, Ask, Day, Decision, Event, Policy};
use counterfoil_run::fork::{arm_at_fork, fork};
use counterfoil_run::plan::OwnPolicy;
use counterfoil_run::{Arm, Keep, Plan};
use counterfoil_scenario::Scenario;
use counterfoil_scenario::model::Effect;
use counterfoil_world::Mind;
use std::sync::Arc;

/// Shows its treatments in turn, at every question there is, as often as a visit bears without loss of trust.
struct Everywhere {
    treatments: Vec<TreatmentId>,
    at_most: u32,
    /// Shown so far, by session.
    shown: Vec<u32>,
    sale: Option<TreatmentId>,
}

impl Policy for Everywhere {
    fn observe(&mut self, _event: &Event) {}
    fn decide(&mut self, ask: &Ask) -> Decision {
        let session = ask.visitor.session.expect("questions are asked on the site").index();
        self.shown.resize(self.shown.len().max(session + 1), 0);
        let shown = &mut self.shown[session];
        if *shown == self.at_most || self.treatments.is_empty() {
            return Decision::nothing(Reason::WrongMoment);
        }
        *shown += 1;
        let place = ask.number.index() % self.treatments.len();
        Decision::show(self.treatments[place], Reason::Assigned, Reason::NotInPolicy)
    }
    fn sale(&self, _day: Day) -> Option<TreatmentId> {
        self.sale
    }
}

const NUDGES: [&str; 6] =
    ["reassurance", "social-proof", "shipping-info", "payment-help", "choice-help", "reminder"];

fn place(scenario: &Scenario, name: &str) -> TreatmentId {
    TreatmentId(scenario.treatments.iter().position(|spec| spec.name == name).unwrap() as u8)
}

/// Noticed by everybody, free of cost, and without effect.
fn without_effect(scenario: &mut Scenario, name: &str) -> TreatmentId {
    let id = place(scenario, name);
    scenario.effects[id.index()] = Effect { relief: [0.0; 5], visibility: 1.0, annoyance: 0.0 };
    let spec = &mut scenario.treatments[id.index()];
    (spec.cost_per_show, spec.cost_per_message) = (Money::ZERO, Money::ZERO);
    id
}

/// Control and an arm that shows `treatments` everywhere, and posts `sale` every day.
fn plan(scenario: Scenario, treatments: Vec<TreatmentId>, sale: Option<TreatmentId>) -> Plan {
    let none = policy("none", &scenario);
    let incumbent = scenario.incumbent.as_ref().map(|name| policy(name, &scenario));
    let mut arms = vec![Arm::new("control", none.clone()), Arm::new("everywhere", none)];
    let at_most = scenario.feelings.changes_tolerated;
    arms[1].own = Some(OwnPolicy(Arc::new(move |_| {
        Box::new(Everywhere { treatments: treatments.clone(), at_most, shown: Vec::new(), sale })
    })));
    Plan { incumbent, arms, keep: Keep::Summary, scenario: Arc::new(scenario) }
}

fn differences(arm: &ArmFacts, control: &ArmFacts) -> Vec<&'static str> {
    type Field = (&'static str, fn(&Totals) -> i64);
    let fields: [Field; 14] = [
        ("contribution", |t| t.contribution),
        ("orders", |t| t.orders),
        ("rewards", |t| t.rewards),
        ("sessions", |t| t.sessions),
        ("pages", |t| t.pages),
        ("needs active", |t| t.needs_active),
        ("needs waited", |t| t.needs_waited),
        ("needs fished", |t| t.needs_fished),
        ("fatigue", |t| t.fatigue_ppm),
        ("trust", |t| t.trust_ppm),
        ("probe orders", |t| t.probe_orders),
        ("probe orders, reset", |t| t.probe_orders_reset),
        ("probe contribution", |t| t.probe_contribution),
        ("probe contribution, reset", |t| t.probe_contribution_reset),
    ];
    let mut found: Vec<&str> = (fields.iter())
        .filter(|(_, of)| of(&arm.totals) != of(&control.totals))
        .map(|(name, _)| *name)
        .collect();
    if arm.orders_digest != control.orders_digest {
        found.push("visits and orders");
    }
    if arm.orders != control.orders {
        found.push("what orders say of their price");
    }
    if arm.truth.needs[1..5] != [0, 0, 0, 0] {
        found.push("classes of needs");
    }
    found
}

/// What everybody remembers at the end of the horizon, but for the number of a worthless offer in her wallet.
fn minds(plan: &Plan, place: usize) -> Vec<Mind> {
    let fork = fork(plan, 0, None, &mut |_| true).unwrap();
    let mut arm = arm_at_fork(plan, &fork, ArmIndex::at(place), None);
    (0..plan.scenario.phases.horizon_days).for_each(|_| arm.day());
    arm.state.settle_minds();
    let mut minds = arm.state.minds;
    minds.iter_mut().for_each(|mind| mind.wallet.0 = None);
    minds
}

fn is_null(plan: &Plan, shows: bool) {
    assert!(minds(plan, 0) == minds(plan, 1), "memories are the same");
    for unit in run(plan, 2, 2) {
        let (control, arm) = (&unit.arms[0], &unit.arms[1]);
        let per_visit = arm.totals.treatments_shown as f64 / arm.totals.sessions as f64;
        assert_eq!(per_visit > 1.0, shows, "{per_visit} treatments per visit");
        assert_eq!(differences(arm, control), [""; 0], "world {}", unit.world);
    }
}

/// Goal: an effect is an increment; without one, being noticed at every step of every visit is nothing.
#[test]
fn nudges_that_everybody_notices_and_that_relieve_nothing_change_nothing() {
    let mut scenario = scenario("fashion-web-shop", &small(500));
    let nudges = NUDGES.map(|name| without_effect(&mut scenario, name)).to_vec();
    is_null(&plan(scenario, nudges, None), true);
}

/// Goal: the dial takes away the whole relief, whatever the treatments say.
#[test]
fn at_a_relief_scale_of_zero_every_nudge_is_null() {
    let mut scenario = scenario("fashion-web-shop", &small(500));
    scenario.relief_scale = 0.0;
    let nudges = NUDGES.map(|name| place(&scenario, name)).to_vec();
    for id in &nudges {
        assert!(
            scenario.effects[id.index()].relief.iter().any(|&own| own > 0.0),
            "there is something to scale"
        );
        (scenario.effects[id.index()].visibility, scenario.effects[id.index()].annoyance) = (1.0, 0.0);
        scenario.treatments[id.index()].cost_per_show = Money::ZERO;
    }
    is_null(&plan(scenario, nudges, None), true);
}

/// Goal: an offer of 0 % promises nothing: neither price nor memory nor patience changes, at whatever moment she sees it.
#[test]
fn a_discount_of_zero_percent_is_no_discount() {
    for (name, valid_for_ms) in [("fashion-web-shop", 0), ("deal-hunters", 3 * 86_400_000)] {
        let mut scenario = scenario(name, &small(500));
        let id = without_effect(&mut scenario, "discount-10");
        scenario.treatments[id.index()].kind = TreatmentKind::Percent(Share::ZERO);
        scenario.treatments[id.index()].valid_for_ms = valid_for_ms;
        is_null(&plan(scenario, vec![id], None), true);
    }
}

#[test]
fn a_posted_sale_of_zero_percent_is_no_sale() {
    let mut scenario = scenario("fashion-web-shop", &small(500));
    let id = without_effect(&mut scenario, "discount-10");
    scenario.treatments[id.index()].kind = TreatmentKind::Percent(Share::ZERO);
    is_null(&plan(scenario, Vec::new(), Some(id)), false);
}

/// Goal: the laws above can fail: a hundredth of an effect is seen.
#[test]
fn the_smallest_effect_is_not_null() {
    let broken = |change: fn(&mut Scenario, TreatmentId)| {
        let mut scenario = scenario("fashion-web-shop", &small(500));
        let nudge = without_effect(&mut scenario, "reassurance");
        change(&mut scenario, nudge);
        let unit = &run(&plan(scenario, vec![nudge], None), 1, 1)[0];
        differences(&unit.arms[1], &unit.arms[0])
    };
    assert!(broken(|_, _| {}).is_empty());
    assert!(!broken(|scenario, id| scenario.effects[id.index()].relief[0] = 0.01).is_empty());
    assert!(broken(|scenario, id| scenario.effects[id.index()].annoyance = 0.01).contains(&"fatigue"));
    assert_eq!(
        broken(|scenario, id| scenario.treatments[id.index()].cost_per_show = Money(1)),
        ["contribution"],
        "a cost is money and nothing else"
    );
}

/// Goal: one treatment more than a visit bears costs trust, even if it does nothing else.
#[test]
fn one_treatment_too_many_costs_trust() {
    let mut scenario = scenario("fashion-web-shop", &small(500));
    let nudges = NUDGES.map(|name| without_effect(&mut scenario, name)).to_vec();
    let mut plan = plan(scenario, nudges, None);
    Arc::make_mut(&mut plan.scenario).feelings.changes_tolerated -= 1;
    let unit = &run(&plan, 1, 1)[0];
    assert!(unit.arms[1].totals.trust_ppm < unit.arms[0].totals.trust_ppm);
    assert_eq!(unit.arms[1].totals.fatigue_ppm, unit.arms[0].totals.fatigue_ppm);
}
