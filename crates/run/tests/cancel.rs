//! A cancel is answered within a second, however large a world is: whoever watches is asked throughout.
#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "how soon a cancel is answered is what is tested")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use counterfoil_core::facts::UnitFacts;
use counterfoil_run::run_worlds;
use counterfoil_run::unit::unit;
use counterfoil_run::{Arm, Plan};
use counterfoil_scenario::{Currency, Overrides, parse_policy, parse_scenario, shipped};

/// A plan with two arms: nobody, and real time.
fn plan(lines: &str, flags: &Overrides) -> Plan {
    let mut plan = Plan::control_of("fashion-web-shop", &Overrides::default()).unwrap();
    let text = format!(
        "format = 1\nname = \"x\"\nseed = 9\nextends = \"fashion-web-shop\"\nincumbent = \"none\"\n{lines}"
    );
    let load = |name: &str| shipped::scenario_text(name).map(str::to_owned);
    plan.scenario = Arc::new(parse_scenario(&text, "x.toml", flags, &load).unwrap().scenario);
    let realtime = shipped::policy_text("realtime").unwrap();
    let currency = Currency::of("EUR").unwrap();
    let spec = parse_policy(realtime, "realtime", "realtime", &plan.scenario.treatments, &currency).unwrap();
    plan.arms.push(Arm::new("realtime", Arc::new(spec)));
    plan
}

fn short(history: &str) -> Overrides {
    let days = |text: &str| Some(text.to_owned());
    Overrides {
        days: days("1"),
        probe: days("1"),
        warmup: days("none"),
        history: days(history),
        ..Overrides::default()
    }
}

#[test]
fn the_largest_world_is_left_within_a_second_while_it_is_drawn() {
    let plan = plan("[shoppers]\ncount = 5_000_000", &Overrides::default());
    let cancel = AtomicBool::new(false);
    let asked = std::thread::scope(|scope| {
        let asked = scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(200));
            cancel.store(true, Ordering::Relaxed);
            Instant::now()
        });
        let sink = |_: UnitFacts| Err("no world can be finished that soon");
        run_worlds(&plan, &[0, 1], 2, (None, &cancel), &|_| {}, sink).unwrap();
        asked.join().unwrap()
    });
    assert!(asked.elapsed() < Duration::from_millis(1_000), "{:?}", asked.elapsed());
}

#[test]
fn whoever_watches_is_asked_within_every_day_and_while_history_is_told() {
    let busy = "[shoppers]
count = 200
browsing = { median = 50, log_sd = 0 }
need_rate = { median = 20, log_sd = 0.5 }
[needs]
visit_per_day = 1.0
lifetime = { median = \"100 days\", log_sd = 0 }
elsewhere = \"1000 days\"";
    let plan = plan(busy, &short("8"));
    let (mut between, mut by_phase) = (0, Vec::new());
    let (facts, _) = unit(&plan, 0, None, &mut |tick| {
        if tick.is_day() {
            by_phase.push((format!("{} {} {}", tick.phase, tick.arm, tick.day), between));
        }
        between = if tick.is_day() { 0 } else { between + 1 };
        true
    })
    .unwrap();
    assert!(facts.events > 200_000, "{}", facts.events);
    // Every day asks at its first step; a day of thousands of visits several times, and so does the telling of history.
    let asked = |day: &str| by_phase.iter().find(|(at, _)| at == day).map(|(_, asked)| *asked).unwrap();
    assert!(asked("history 0 8") >= 3, "{by_phase:?}");
    assert!(asked("probe 0 1") >= 3, "{by_phase:?}");
    assert!(asked("horizon 1 1") > asked("horizon 0 1").max(10) / 2, "{by_phase:?}");
    assert!(by_phase.iter().all(|(_, asked)| *asked > 0), "{by_phase:?}");
}

#[test]
fn a_unit_ends_at_whichever_question_is_answered_with_no() {
    let plan = plan("[shoppers]\ncount = 300", &short("7"));
    let mut all = 0;
    let whole = unit(&plan, 0, None, &mut |_| {
        all += 1;
        true
    });
    assert!(whole.is_ok());
    for last in (1..all).step_by(5) {
        let mut asked = 0;
        let ended = unit(&plan, 0, None, &mut |_| {
            asked += 1;
            asked < last
        });
        assert!(ended.is_err() && asked == last, "cancelled at question {last}, asked {asked} times");
    }
}
