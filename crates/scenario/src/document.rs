//! The canonical text of a scenario or a policy: every value stated in the order of the field table.
//!
//! # Promises
//! - Equal scenarios have equal documents, whatever the order, comments and `extends` of the files they came from.
//! - Likewise policies: comments, lines, order, names of files and defaults that are written out make no difference.
//! - A document reads back to the scenario or the policy it was written from.

use crate::field::Field;
use crate::fields;
use crate::kind::{Context, Value, quoted};
use crate::model::{Scenario, TRAITS};
use crate::policy::{PolicyKind, PolicySpec};
use crate::policy_form;
use crate::treatments::form_of;
use crate::units::Currency;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// SHA-256 of a text, in hexadecimal.
#[must_use]
pub fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The canonical document of a scenario.
pub(crate) fn scenario(scenario: &Scenario) -> String {
    let currency = Currency { code: scenario.currency.clone(), decimals: scenario.currency_decimals };
    let context = Context { currency: &currency, treatments: &scenario.treatments };
    let mut model = scenario.clone();
    let mut text = format!("format = {}\n", crate::model::FORMAT);
    let rows = fields::scenario();
    write_rows(&mut text, &rows, "", &mut model, &context);
    write_correlations(&mut text, scenario);
    for category in &scenario.catalogue.categories {
        let rows: Vec<_> = fields::CATEGORY.iter().collect();
        let _ = writeln!(text, "\n[[catalogue.categories]]");
        write_plain(&mut text, &rows, &mut category.clone(), &context);
    }
    let rows: Vec<_> = fields::RELIEFS.iter().collect();
    let _ = writeln!(text, "\n[treatments]");
    write_plain(&mut text, &rows, &mut model, &context);
    for (spec, effect) in scenario.treatments.iter().zip(&scenario.effects) {
        let mut form = form_of(spec, effect);
        let unused = |key: &str| {
            (key == "depth" && form.kind != "percent") || (key == "amount" && form.kind != "fixed")
        };
        let rows: Vec<_> = fields::TREATMENT.iter().filter(|field| !unused(field.key)).collect();
        let _ = writeln!(text, "\n[treatments.{}]", spec.name);
        write_plain(&mut text, &rows, &mut form, &context);
    }
    write_arms(&mut text, scenario, &context);
    text
}

/// The canonical document of a policy as a scenario runs it: what its hash is over.
#[must_use]
pub fn policy_document(policy: &PolicySpec, scenario: &Scenario) -> String {
    let currency = Currency { code: scenario.currency.clone(), decimals: scenario.currency_decimals };
    let context = Context { currency: &currency, treatments: &scenario.treatments };
    let mut form = policy_form::form_of(policy);
    let rows = policy_form::rows_of(policy);
    let mut text = format!("format = {}\n", crate::model::FORMAT);
    write_rows(&mut text, &rows, "", &mut form, &context);
    if let PolicyKind::Realtime(realtime) = &policy.kind {
        let _ = writeln!(text, "\n[realtime.treatments]");
        for eligible in &realtime.treatments {
            let name = &scenario.treatments[eligible.treatment.index()].name;
            let rule = if eligible.rule.is_empty() {
                "{}".to_owned()
            } else {
                format!("{{ rule = {} }}", quoted(&eligible.rule))
            };
            let _ = writeln!(text, "{name} = {rule}");
        }
    }
    text
}

/// Rows with their keys as they are.
fn write_plain<T>(text: &mut String, rows: &[&Field<T>], model: &mut T, context: &Context) {
    for field in rows {
        let value = (field.place)(model).get(&field.kind);
        let _ = writeln!(text, "{} = {}", field.key, field.kind.write(&value, context));
    }
}

/// Rows under the header of their first key.
fn write_rows<T>(text: &mut String, rows: &[&Field<T>], outer: &str, model: &mut T, context: &Context) {
    let mut section = outer;
    for field in rows {
        let value = (field.place)(model).get(&field.kind);
        if is_unwritten(&value) {
            continue;
        }
        let (here, key) = field.key.split_once('.').unwrap_or(("", field.key));
        if here != section {
            let _ = writeln!(text, "\n[{here}]");
            section = here;
        }
        let _ = writeln!(text, "{key} = {}", field.kind.write(&value, context));
    }
}

/// Whether a value stands for "nothing was written".
fn is_unwritten(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.is_empty(),
        Value::Weekdays(days) => days.is_empty(),
        _ => false,
    }
}

fn write_correlations(text: &mut String, scenario: &Scenario) {
    let _ = writeln!(text, "\n[shoppers.correlations]");
    for (row, first) in TRAITS.iter().enumerate() {
        for (column, second) in TRAITS.iter().enumerate().skip(row + 1) {
            let value = scenario.shoppers.correlations[row][column];
            if value != 0.0 {
                let _ = writeln!(text, "{} = {value}", quoted(&format!("{first}/{second}")));
            }
        }
    }
}

fn write_arms(text: &mut String, scenario: &Scenario, context: &Context) {
    if scenario.arms.is_empty() {
        // A key of the top level has to stand above the first section.
        *text = text.replacen('\n', "\narms = []\n", 1);
    }
    for arm in &scenario.arms {
        let rows: Vec<_> = fields::ARM.iter().collect();
        let _ = writeln!(text, "\n[[arms]]");
        write_plain(text, &rows, &mut arm.clone(), context);
    }
}
