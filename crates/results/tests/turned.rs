//! A pair read the other way round: the smallest difference that matters is a share of the reference's level, so what is
//! clear against one arm may be too small to act on against the other.
#![allow(clippy::unwrap_used)]

use counterfoil_core::Share;
use counterfoil_core::facts::{Totals, TruthFact};
use counterfoil_results::{ArmWorld, ComparisonRequest, Facts, PageMetric, Run, RunArm, Tone, World};

const CENTS: [i64; 2] = [10_000, 20_000];

fn arm(name: &str, contribution: i64) -> ArmWorld {
    let totals = Totals { shoppers: 100, contribution, ..Totals::default() };
    let bridge = [CENTS[0], contribution - CENTS[0], 0, 0, 0, 0, 0, 0, contribution];
    let truth = TruthFact { needs: [0; 6], bridge, spillover_orders: 0 };
    ArmWorld { arm: name.to_owned(), totals, daily: Vec::new(), truth, probe_weeks: Vec::new() }
}

/// Two worlds in which `batch` earns twice what control earns, in a shop that calls 60 % too little to act on.
fn facts() -> Facts {
    let mut scenario = counterfoil_scenario::default_scenario().clone();
    scenario.matters = Share::from_percent(60.0).unwrap();
    let row =
        |name: &str| RunArm { name: name.to_owned(), policy: "none".to_owned(), orders_hash: String::new() };
    let run = Run {
        id: "r".to_owned(),
        created_at: String::new(),
        scenario: "s".to_owned(),
        title: String::new(),
        scenario_hash: String::new(),
        seed: 1,
        worlds: 2,
        units_done: 2,
        shoppers: 100,
        days: 7,
        currency: "EUR".to_owned(),
        currency_decimals: 2,
        engine_version: String::new(),
        deterministic: true,
        result_hash: None,
        seconds: None,
        arms: vec![row("control"), row("batch")],
    };
    let world =
        |world| World { world, shoppers: 100, arms: vec![arm("control", CENTS[0]), arm("batch", CENTS[1])] };
    let worlds = (0..2).map(world).collect();
    Facts { run, scenario, texts: Vec::new(), worlds, question: String::new(), guess: None }
        .checked()
        .unwrap()
}

fn margin(arm: &str, reference: &str) -> PageMetric {
    let (arm, reference) = (Some(arm.to_owned()), Some(reference.to_owned()));
    let page = facts().page(&ComparisonRequest { run: "r".to_owned(), reference, arm }).unwrap();
    page.groups
        .into_iter()
        .flat_map(|group| group.rows)
        .find(|row| row.id == "contribution_per_shopper")
        .unwrap()
}

#[test]
fn each_direction_is_judged_by_its_own_reference() {
    let straight = margin("batch", "control").difference.unwrap();
    assert_eq!(
        (straight.value.as_str(), straight.verdict.as_str(), straight.tone),
        ("+€1.00", "higher", Tone::Good)
    );
    let turned = margin("control", "batch").difference.unwrap();
    assert_eq!((turned.value.as_str(), turned.tone), ("\u{2212}€1.00", Tone::Plain));
    assert_eq!(turned.verdict, "no difference that matters", "€1.00 is half of what batch earns");
    assert_eq!(margin("control", "batch").levels, ["€1.00", "€2.00"]);
}
