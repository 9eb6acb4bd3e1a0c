//! What is worth knowing about a sound text: an offer that can never be made, because its margin floor leaves it no product.

use std::sync::Arc;

use counterfoil_core::TreatmentId;
use counterfoil_core::shop::Shop;
use counterfoil_scenario::{
    NamedPolicy, Overrides, PolicySpec, Scenario, Source, arm_name_too_long, resolve_scenario,
};
use counterfoil_till::scope::holds_for_any;

use super::Library;
use super::faults::{checked_policy, shop_of};
use crate::dto::{TextError, TextKind};

impl Library {
    /// Remarks on a text without faults, in order of lines; none on one with faults.
    #[must_use]
    pub fn remarks(&self, kind: TextKind, source: &Source) -> Vec<TextError> {
        match kind {
            TextKind::Scenario => self.scenario_remarks(source),
            TextKind::Policy => {
                let home = self.home_of(source);
                let scenario = home.as_ref().unwrap_or(counterfoil_scenario::default_scenario());
                let line = source.text.lines().position(|line| line.trim_start().starts_with("margin_floor"));
                let line = line.map_or(1, |line| line as u32 + 1);
                let of_offers = of_policy(source, scenario)
                    .map(|message| remark(line, "guardrails.margin_floor", message));
                name_too_long(source).into_iter().chain(of_offers).collect()
            }
        }
    }

    fn scenario_remarks(&self, source: &Source) -> Vec<TextError> {
        let shelves = self.shelves();
        let Ok(found) = resolve_scenario(source, &Overrides::default(), &shelves) else { return Vec::new() };
        let at = |named: &NamedPolicy| {
            let (says, line) = named.place();
            if says == source.file { line.max(1) as u32 } else { 1 }
        };
        let mut remarks = Vec::new();
        for named in &found.policies {
            let Ok(policy) = shelves.policy(named) else { continue };
            let of_it = of_policy(&policy, &found.resolved.scenario);
            remarks.extend(
                of_it.map(|message| {
                    remark(at(named), named.key(), format!("policy {}: {message}", policy.name))
                }),
            );
        }
        remarks.sort_by_key(|remark| remark.line);
        remarks.dedup();
        remarks
    }
}

/// A policy that `--policy` cannot name, because the arm would be called after the file.
fn name_too_long(policy: &Source) -> Option<TextError> {
    let name = arm_name_too_long(&policy.name)?;
    let message = format!(
        "`run --policy` cannot name this file: the arm would be called `{name}`, which is {} characters, but at most {} are \
         allowed",
        name.chars().count(),
        counterfoil_scenario::NAME_CHARS_MAX
    );
    let hint = Some("give the file a shorter name, or name the arm in a scenario's [[arms]]".to_owned());
    Some(TextError { line: 1, column: None, key: None, message, hint })
}

fn remark(line: u32, key: &str, message: String) -> TextError {
    let hint = Some("lower the margin floor, or the offer".to_owned());
    TextError { line, column: None, key: Some(key.to_owned()), message, hint }
}

/// A sentence for each offer of a policy that no product of the scenario's first world allows.
fn of_policy(source: &Source, scenario: &Scenario) -> impl Iterator<Item = String> {
    let spec = checked_policy(source, scenario).ok();
    let shop = shop_of(scenario);
    let floor = spec.as_ref().map(|spec| spec.guardrails.margin_floor).unwrap_or_default();
    let offers = spec.as_ref().map(PolicySpec::personal_treatments).unwrap_or_default();
    offers.into_iter().filter_map(move |offer| holds_for_nothing(&shop, offer, floor))
}

fn holds_for_nothing(shop: &Arc<Shop>, offer: TreatmentId, floor: counterfoil_core::Share) -> Option<String> {
    let spec = shop.treatment(offer);
    let empty = spec.kind.is_offer() && !holds_for_any(shop, spec, floor);
    empty.then(|| {
        let floor = floor.fraction() * 100.0;
        format!("{} is never offered: no product keeps the margin floor of {floor} % with it", spec.name)
    })
}
