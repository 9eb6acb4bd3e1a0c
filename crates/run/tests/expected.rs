//! The closed forms of `counterfoil_scenario::limits` beside what is simulated.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use counterfoil_run::unit::unit;
use counterfoil_run::{Keep, Plan};
use counterfoil_scenario::limits::expected;
use counterfoil_scenario::{Overrides, parse_scenario, shipped};
use counterfoil_world::World;

/// A plan of control alone for the default shop with a few lines over it.
fn plan(lines: &str) -> Plan {
    let flags = Overrides {
        shoppers: Some(800),
        days: Some("28".into()),
        warmup: Some("14".into()),
        probe: Some("14".into()),
        ..Overrides::default()
    };
    let mut plan = Plan::control_of("fashion-web-shop", &Overrides::default()).unwrap();
    let text = format!(
        "format = 1\nname = \"x\"\nseed = 9\nextends = \"fashion-web-shop\"\nincumbent = \"none\"\n{lines}"
    );
    let load = |name: &str| shipped::scenario_text(name).map(str::to_owned);
    plan.scenario = Arc::new(parse_scenario(&text, "x.toml", &flags, &load).unwrap().scenario);
    plan.keep = Keep::Visits;
    plan
}

#[test]
fn what_is_expected_is_what_happens_within_a_factor_of_two() {
    let shops = [
        "",
        "[shoppers]\nbrowsing = { median = 0.001, log_sd = 0 }",
        "[shoppers]\nneed_rate = { median = 0.0, log_sd = 0 }",
        "[shoppers]\nneed_rate = { median = 2.0, log_sd = 1 }\nbrowsing = { median = 7, log_sd = 1.5 }",
        "[needs]\nlifetime = { median = \"200 days\", log_sd = 1 }\nelsewhere = \"30 days\"",
        "[choice]\nfurther_views = 20\nbrowsing_depth = \"100 %\"",
    ];
    for shop in shops {
        let plan = plan(shop);
        let expected = expected(&plan.scenario);
        let (facts, _) = unit(&plan, 0, None, &mut |_| true).unwrap();
        let phases = plan.scenario.phases;
        let days = f64::from(phases.horizon_days + phases.probe_days);
        let visits: i64 = facts.arms[0].daily.iter().map(|day| day.sessions).sum();
        let visits = visits as f64 / days / f64::from(plan.scenario.shoppers.count);
        let within = |found: f64, wanted: f64| found < 1.25 * wanted && found > wanted / 2.0;
        assert!(within(visits, expected.visits_per_day()), "{shop}: {visits} visits a day, {expected:?}");
        let events = facts.events as f64;
        assert!(within(events, expected.events), "{shop}: {events} events, {expected:?}");
    }
}

/// Goal: what lasts as long as a file allows overflows no clock. Debug builds panic where release builds would turn negative.
#[test]
fn the_longest_times_of_a_file_overflow_nothing() {
    let mut plan =
        plan("[needs]\nlifetime = { median = \"1000 days\", log_sd = 5 }\nelsewhere = \"1000 days\"");
    let scenario = Arc::make_mut(&mut plan.scenario);
    scenario.pipe.latency_ms.log_sd = 5.0;
    let (facts, _) = unit(&plan, 0, None, &mut |_| true).unwrap();
    let longest = i64::from(scenario_days(&plan)) * counterfoil_core::time::DAY_MS;
    assert!(facts.arms[0].orders.iter().all(|order| (0..longest).contains(&order.at.0)));
    // One need in ten thousand would last longer than the clock goes.
    let scenario = Arc::make_mut(&mut plan.scenario);
    scenario.shoppers.count = 40_000;
    let world = World::new(Arc::clone(&plan.scenario), 0);
    assert!(world.needs.len() > 50_000, "{} needs", world.needs.len());
    assert!(world.needs.iter().all(|need| need.deadline >= need.due && need.elsewhere >= need.due));
}

fn scenario_days(plan: &Plan) -> u32 {
    let phases = plan.scenario.phases;
    phases.warmup_days + phases.history_days + phases.horizon_days + phases.probe_days
}
