//! What is wrong with a text, for the editor: every fault with its line.
//!
//! A scenario is sound when it reads, and when every policy that it names exists, reads against its treatments and can
//! be built. A policy is read against the first scenario of the library that runs it, else against the default.

use std::sync::Arc;

use counterfoil_core::shop::Shop;
use counterfoil_run::plan::{PlanError, check_policy};
use counterfoil_scenario::{
    Currency, NamedPolicy, Overrides, PolicySpec, Problem, Scenario, Source, for_scenario, parse_policy,
    resolve_scenario,
};
use counterfoil_world::World;

use super::Library;
use crate::dto::{TextError, TextKind};

impl Library {
    /// Faults of a text, in order of lines.
    #[must_use]
    pub fn faults(&self, kind: TextKind, source: &Source) -> Vec<TextError> {
        match kind {
            TextKind::Scenario => self.scenario_faults(source),
            TextKind::Policy => self.policy_faults(source),
        }
    }

    fn policy_faults(&self, source: &Source) -> Vec<TextError> {
        let home = self.home_of(source);
        let scenario = home.as_ref().unwrap_or(counterfoil_scenario::default_scenario());
        match checked_policy(source, scenario) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.iter().map(|fault| shown(fault, &source.file)).collect(),
        }
    }

    /// The first of the user's scenarios that runs this policy.
    pub(super) fn home_of(&self, policy: &Source) -> Option<Scenario> {
        policy.path.as_ref()?;
        let shelves = self.shelves();
        let scenarios = self.names(TextKind::Scenario).into_iter();
        let found = scenarios.filter_map(|name| self.found(&name, &Overrides::default()).ok());
        let runs = |named: &NamedPolicy| shelves.policy(named).is_ok_and(|source| source.path == policy.path);
        found.into_iter().find(|found| found.policies.iter().any(runs)).map(|found| found.resolved.scenario)
    }

    fn scenario_faults(&self, source: &Source) -> Vec<TextError> {
        let shelves = self.shelves();
        let found = match resolve_scenario(source, &Overrides::default(), &shelves) {
            Ok(found) => found,
            Err(problems) => return problems.iter().map(|problem| shown(problem, &source.file)).collect(),
        };
        let scenario = &found.resolved.scenario;
        let mut faults = Vec::new();
        for named in &found.policies {
            match shelves.policy(named) {
                Err(problems) => faults.extend(problems.iter().map(|problem| shown(problem, &source.file))),
                Ok(policy) => {
                    let problems = checked_policy(&policy, scenario).err().unwrap_or_default();
                    faults.extend(problems.iter().map(|problem| named_at(problem, named, &source.file)));
                }
            }
        }
        faults.sort_by_key(|fault| fault.line);
        faults.dedup();
        faults
    }
}

/// Reads a policy against a scenario and builds it once, so that a rule that cannot be compiled is found.
pub(super) fn checked_policy(source: &Source, scenario: &Scenario) -> Result<PolicySpec, Vec<Problem>> {
    let currency = Currency { code: scenario.currency.clone(), decimals: scenario.currency_decimals };
    let spec = parse_policy(&source.text, &source.file, &source.name, &scenario.treatments, &currency)?;
    let spec = for_scenario(spec, scenario);
    match check_policy(&spec, &shop_for_rules(scenario)) {
        Ok(()) => Ok(spec),
        Err(PlanError::Rule { line, problem, .. }) => Err(vec![Problem {
            file: source.file.clone(),
            line,
            column: problem.column,
            key: format!("realtime.treatments.{}.rule", problem.treatment),
            found: format!("cannot be used: {}", problem.message),
            allowed: "rules are comparisons of documented features".to_owned(),
            hint: Some(problem.hint),
        }]),
    }
}

/// The least shop that has the scenario's treatments and categories, which is all that rules name.
pub(crate) fn shop_for_rules(scenario: &Scenario) -> Arc<Shop> {
    let mut small = scenario.clone();
    small.catalogue.products_per_category = 1;
    shop_of(&small)
}

/// The scenario's shop as policies see it: a world with a single member is the cheapest that has one.
pub(super) fn shop_of(scenario: &Scenario) -> Arc<Shop> {
    let mut small = scenario.clone();
    small.shoppers.count = 1;
    World::new(Arc::new(small), 0).shop.clone()
}

/// A fault of the text itself; one of a text that it extends is told at the top.
fn shown(problem: &Problem, file: &str) -> TextError {
    let here = problem.file == file;
    let message = problem.message();
    TextError {
        line: if here { problem.line.max(1) as u32 } else { 1 },
        column: (here && problem.column > 0).then_some(problem.column as u32),
        key: (!problem.key.is_empty()).then(|| problem.key.clone()),
        message: if here { message } else { format!("{}:{}: {message}", problem.file, problem.line) },
        hint: problem.hint.clone(),
    }
}

/// A fault of a policy, told at the line that names it; at the first line where the text inherits it.
fn named_at(problem: &Problem, named: &NamedPolicy, file: &str) -> TextError {
    let place =
        if problem.file.is_empty() { String::new() } else { format!("{}:{}: ", problem.file, problem.line) };
    let (says, line) = named.place();
    TextError {
        line: if says == file { line.max(1) as u32 } else { 1 },
        column: None,
        key: Some(named.key().to_owned()),
        message: format!("{place}{}", problem.message()),
        hint: problem.hint.clone(),
    }
}
