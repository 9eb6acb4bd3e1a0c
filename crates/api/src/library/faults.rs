//! What is wrong with a text, for the editor: every fault with its line.
//!
//! A scenario is sound when it reads, and when every policy that it names exists, reads against its treatments and can
//! be built. A policy is read against the first scenario of the library that runs it, else against the default.

use std::path::Path;
use std::sync::Arc;

use counterfoil_core::shop::Shop;
use counterfoil_run::plan::{PlanError, check_policy};
use counterfoil_scenario::shipped::{self, Source, read_file};
use counterfoil_scenario::{
    Currency, Overrides, PolicySpec, Problem, Resolved, Scenario, for_scenario, parse_policy, parse_scenario,
    resolve_policy,
};
use counterfoil_world::World;

use super::Library;
use crate::dto::{TextError, TextKind};

impl Library {
    /// Faults of a text, in order of lines.
    #[must_use]
    pub fn faults(&self, kind: TextKind, source: &Source) -> Vec<TextError> {
        match kind {
            TextKind::Scenario => scenario_faults(source),
            TextKind::Policy => self.policy_faults(source),
        }
    }

    fn policy_faults(&self, source: &Source) -> Vec<TextError> {
        let home = self.home_of(source);
        let scenario =
            home.as_ref().map_or(counterfoil_scenario::default_scenario(), |found| &found.scenario);
        match checked_policy(source, scenario) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.iter().map(|fault| shown(fault, &source.file)).collect(),
        }
    }

    /// The first of the user's scenarios that runs this policy.
    fn home_of(&self, policy: &Source) -> Option<Resolved> {
        let path = policy.path.as_ref()?;
        let runs = |resolved: &Resolved| {
            let scenario = &resolved.scenario;
            let mut named = scenario.arms.iter().map(|arm| &arm.policy).chain(&scenario.incumbent);
            named.any(|name| self.folder().join(name) == *path)
        };
        let scenarios = self.names(TextKind::Scenario).into_iter();
        scenarios.filter_map(|name| self.resolved(&name, &Overrides::default()).ok()).find(runs)
    }
}

fn scenario_faults(source: &Source) -> Vec<TextError> {
    let folder = source.path.as_deref().and_then(Path::parent);
    let loader = shipped::loader(folder, &read_file);
    let resolved = match parse_scenario(&source.text, &source.file, &Overrides::default(), &loader) {
        Ok(resolved) => resolved,
        Err(problems) => return problems.iter().map(|problem| shown(problem, &source.file)).collect(),
    };
    let scenario = &resolved.scenario;
    let incumbent = scenario.incumbent.iter().map(|policy| ("incumbent", policy));
    let arms = scenario.arms.iter().map(|arm| ("policy", &arm.policy));
    let mut faults = Vec::new();
    for (key, name) in incumbent.chain(arms) {
        let line = line_naming(&source.text, key, name);
        let found =
            resolve_policy(name, folder, &read_file).and_then(|policy| checked_policy(&policy, scenario));
        if let Err(problems) = found {
            faults.extend(problems.iter().map(|problem| named_at(problem, line, key)));
        }
    }
    faults.sort_by_key(|fault| fault.line);
    faults.dedup();
    faults
}

/// Reads a policy against a scenario and builds it once, so that a rule that cannot be compiled is found.
fn checked_policy(source: &Source, scenario: &Scenario) -> Result<PolicySpec, Vec<Problem>> {
    let currency = Currency { code: scenario.currency.clone(), decimals: scenario.currency_decimals };
    let spec = parse_policy(&source.text, &source.file, &source.name, &scenario.treatments, &currency)?;
    let spec = for_scenario(spec, scenario);
    match check_policy(&spec, &shop_of(scenario)) {
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

/// The scenario's shop as policies see it: a world with a single member is the cheapest that has one.
fn shop_of(scenario: &Scenario) -> Arc<Shop> {
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

/// A fault of a policy, told at the line that names it.
fn named_at(problem: &Problem, line: u32, key: &str) -> TextError {
    let place =
        if problem.file.is_empty() { String::new() } else { format!("{}:{}: ", problem.file, problem.line) };
    TextError {
        line,
        column: None,
        key: Some(key.to_owned()),
        message: format!("{place}{}", problem.message()),
        hint: problem.hint.clone(),
    }
}

/// The line `KEY = "NAME"`, from 1; the first line where the text inherits it.
fn line_naming(text: &str, key: &str, name: &str) -> u32 {
    let quoted = [format!("\"{name}\""), format!("'{name}'")];
    let names =
        |line: &str| line.trim_start().starts_with(key) && quoted.iter().any(|quoted| line.contains(quoted));
    text.lines().position(names).map_or(1, |line| line as u32 + 1)
}
