//! Plans of worlds: numbers of units, what variants share, and that sharing changes nothing.
#![allow(clippy::unwrap_used)]

mod common;

use common::{plan, policy, scenario, small};
use counterfoil_core::facts::UnitFacts;
use counterfoil_run::unit::unit;
use counterfoil_run::worlds::Job;
use counterfoil_run::{Arm, Plan, PlanOfWorlds, Unit, execute};
use counterfoil_scenario::Overrides;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// A variant of the default scenario with these arms beside control and status quo.
fn variant(worlds: i64, shoppers: i64, arms: &[&str]) -> Plan {
    let mut plan = plan(scenario("fashion-web-shop", &Overrides { worlds: Some(worlds), ..small(shoppers) }));
    plan.arms.truncate(2);
    plan.arms.extend(arms.iter().map(|name| Arm::new(format!("my-{name}"), policy(name, &plan.scenario))));
    plan
}

fn all(plan: &PlanOfWorlds) -> Vec<Unit> {
    (1..=plan.units()).map(|number| plan.unit(number).unwrap()).collect()
}

/// By phase: days that were told, and for how many units together.
type Told = BTreeMap<&'static str, (u32, u32)>;

/// Runs all units and says how many days of shoppers' lives were told for how many units.
fn run(plan: &PlanOfWorlds, threads: usize) -> (BTreeMap<u32, UnitFacts>, Told) {
    let (mut units, told) = (BTreeMap::new(), Mutex::new(BTreeMap::new()));
    let sink = |unit: Unit, facts: UnitFacts| -> Result<(), Infallible> {
        assert!(units.insert(plan.number(unit), facts).is_none(), "each unit once");
        Ok(())
    };
    let progress = |at: &counterfoil_run::At<'_>| {
        let mut told = told.lock().unwrap();
        let (days, lives) = told.entry(at.tick.phase).or_insert((0, 0));
        (*days, *lives) = (*days + 1, *lives + at.units);
    };
    execute(plan, &all(plan), threads, (None, &AtomicBool::new(false)), &progress, sink).unwrap();
    (units, told.into_inner().unwrap())
}

#[test]
fn units_are_numbered_from_one_through_all_variants() {
    let variants = [variant(2, 50, &["batch"]), variant(3, 50, &["realtime"]), variant(1, 60, &["batch"])];
    let plan = PlanOfWorlds::new(variants).unwrap();
    assert_eq!((plan.units(), plan.unit(0), plan.unit(7)), (6, None, None));
    let places: Vec<(usize, u32)> = all(&plan).iter().map(|unit| (unit.variant, unit.world)).collect();
    assert_eq!(places, [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 0)]);
    assert!(all(&plan).iter().zip(1..).all(|(unit, number)| plan.number(*unit) == number));
    // The first two differ in policies and in the number of worlds only; the third is another shop.
    let job = |world, variants: &[usize]| Job { world, variants: variants.to_vec() };
    let shared = [job(0, &[0, 1]), job(1, &[0, 1]), job(2, &[1]), job(0, &[2])];
    assert_eq!(plan.jobs(&all(&plan), 2), shared);
    // Nobody idles: with more threads than groups, groups are cut.
    assert_eq!(plan.jobs(&all(&plan)[..3], 4), [job(0, &[0]), job(0, &[1]), job(1, &[0])]);
    assert_eq!(plan.jobs(&[], 4), []);
}

#[test]
fn what_variants_share_is_simulated_once_and_changes_no_unit() {
    let mut renamed = variant(1, 400, &["batch", "realtime"]);
    renamed.arms[3].name = "another-name".into();
    let plan = PlanOfWorlds::new([
        variant(1, 400, &["realtime"]),
        renamed,
        variant(1, 400, &["blanket"]),
        variant(1, 410, &["blanket"]),
    ])
    .unwrap();
    let (units, told) = run(&plan, 1);
    for (number, facts) in &units {
        let at = plan.unit(*number).unwrap();
        let (alone, _) = unit(plan.variant(at.variant), at.world, None, &mut |_| true).unwrap();
        assert_eq!(*facts, alone, "unit {number}");
    }
    // History: once for three, once for one. Arms: control, status-quo, realtime once for all that have them.
    let phases = plan.variant(0).scenario.phases;
    let history = phases.warmup_days + phases.history_days;
    assert_eq!(told["history"], (2 * history, 4 * history));
    let arms: u32 = (0..4).map(|variant| plan.variant(variant).arms.len() as u32).sum();
    assert_eq!(arms, 13);
    assert_eq!(told["horizon"], (8 * phases.horizon_days, arms * phases.horizon_days));
}

#[test]
fn threads_and_order_change_no_unit() {
    let plan = PlanOfWorlds::new([variant(2, 120, &["batch"]), variant(2, 120, &["realtime"])]).unwrap();
    let (one, _) = run(&plan, 1);
    assert_eq!(run(&plan, 3).0, one);
    let mut backwards = all(&plan);
    backwards.reverse();
    let mut again = BTreeMap::new();
    let sink = |unit: Unit, facts: UnitFacts| -> Result<(), Infallible> {
        again.insert(plan.number(unit), facts);
        Ok(())
    };
    execute(&plan, &backwards, 2, (None, &AtomicBool::new(false)), &|_| {}, sink).unwrap();
    assert_eq!(again, one);
}

#[test]
fn cancel_and_a_failing_sink_stop_the_rest() {
    let plan = PlanOfWorlds::new([variant(6, 120, &["batch"])]).unwrap();
    let (cancel, mut kept) = (AtomicBool::new(false), 0);
    let sink = |_, _| -> Result<(), Infallible> {
        kept += 1;
        cancel.store(true, Ordering::Relaxed);
        Ok(())
    };
    execute(&plan, &all(&plan), 2, (None, &cancel), &|_| {}, sink).unwrap();
    assert!((1..6).contains(&kept), "{kept}");
    let mut asked = 0;
    let full = |_, _| {
        asked += 1;
        Err("the disk is full")
    };
    let failed = execute(&plan, &all(&plan), 2, (None, &AtomicBool::new(false)), &|_| {}, full);
    assert_eq!((failed.err(), asked), (Some("the disk is full"), 1));
}
