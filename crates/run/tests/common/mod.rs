//! Plans of shipped scenarios, small.

#![allow(dead_code, clippy::unwrap_used, missing_docs)]

use counterfoil_core::facts::UnitFacts;
use counterfoil_run::run_worlds;
use counterfoil_run::{Arm, Keep, Plan};
use counterfoil_scenario::{
    Currency, Overrides, PolicySpec, Scenario, for_scenario, parse_policy, parse_scenario, shipped,
};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub fn scenario(name: &str, overrides: &Overrides) -> Scenario {
    let load = |name: &str| shipped::scenario_text(name).map(str::to_owned);
    parse_scenario(shipped::scenario_text(name).unwrap(), name, overrides, &load).unwrap().scenario
}

pub fn policy(name: &str, scenario: &Scenario) -> Arc<PolicySpec> {
    let currency = Currency { code: scenario.currency.clone(), decimals: scenario.currency_decimals };
    let text = shipped::policy_text(name).unwrap();
    Arc::new(for_scenario(parse_policy(text, name, name, &scenario.treatments, &currency).unwrap(), scenario))
}

/// Short phases and few shoppers.
pub fn small(shoppers: i64) -> Overrides {
    Overrides {
        shoppers: Some(shoppers),
        warmup: Some("14 days".into()),
        history: Some("42 days".into()),
        days: Some("35 days".into()),
        probe: Some("21 days".into()),
        ..Overrides::default()
    }
}

pub fn plan(scenario: Scenario) -> Plan {
    let mut arms = vec![Arm::new("control", policy("none", &scenario))];
    let incumbent = scenario.incumbent.as_ref().map(|name| policy(name, &scenario));
    if let Some(incumbent) = &incumbent {
        arms.push(Arm::new("status-quo", incumbent.clone()));
    }
    for arm in &scenario.arms {
        arms.push(Arm::new(arm.name.clone(), policy(&arm.policy, &scenario)));
    }
    Plan { incumbent, arms, keep: Keep::Visits, scenario: Arc::new(scenario) }
}

pub fn run(plan: &Plan, worlds: u32, threads: usize) -> Vec<UnitFacts> {
    let cancel = AtomicBool::new(false);
    let worlds: Vec<u32> = (0..worlds).collect();
    let mut units = Vec::new();
    run_worlds::<()>(plan, &worlds, threads, (None, &cancel), &|_| (), |unit| {
        units.push(unit);
        Ok(())
    })
    .unwrap();
    units.sort_by_key(|unit| unit.world);
    units
}
