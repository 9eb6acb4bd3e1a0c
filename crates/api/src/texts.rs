//! Where the texts of a run were read: which file, or that it was the shipped text.
//!
//! # Promises
//! - A path is said and stored, and enters no hash.
//! - A stored run says it from the store alone, wherever the files are now.

use counterfoil_scenario::Source;
use counterfoil_store::RunRecord;
use serde_json::{Value, json};

use crate::dto::{TextKind, TextRead};

pub(crate) use counterfoil_results::SHIPPED;

/// A scenario, whose resolved document has this hash, and what it extends.
pub(crate) fn scenario(texts: &[Source], hash: &str) -> Vec<TextRead> {
    let read = |(place, text): (usize, &Source)| TextRead {
        kind: TextKind::Scenario,
        name: text.name.clone(),
        hash: (place == 0).then(|| hash.to_owned()),
        read: text.origin(),
    };
    texts.iter().enumerate().map(read).collect()
}

/// A policy under its name in the run.
pub(crate) fn policy(name: &str, hash: &str, source: &Source) -> TextRead {
    TextRead {
        kind: TextKind::Policy,
        name: name.to_owned(),
        hash: Some(hash.to_owned()),
        read: source.origin(),
    }
}

/// As it is stored: hashes stand in tables of their own.
pub(crate) fn json(read: &[TextRead]) -> Value {
    read.iter().map(|text| json!({ "kind": text.kind, "name": text.name, "read": text.read })).collect()
}

/// What a stored run was read from. Policies come by name; one whose origin is not known says so.
pub(crate) fn stored(record: &RunRecord) -> Vec<TextRead> {
    let command: Value = serde_json::from_str(&record.command).unwrap_or_default();
    let entries: Vec<TextRead> = serde_json::from_value(command["read"].clone()).unwrap_or_default();
    let mut hash = Some(record.run.scenario_hash.clone());
    let scenarios = entries.iter().filter(|text| text.kind == TextKind::Scenario);
    let mut texts: Vec<TextRead> =
        scenarios.map(|text| TextRead { hash: hash.take(), ..text.clone() }).collect();
    for policy in &record.policies {
        let known = entries.iter().find(|text| text.kind == TextKind::Policy && text.name == policy.name);
        texts.push(TextRead {
            kind: TextKind::Policy,
            name: policy.name.clone(),
            hash: Some(policy.hash.clone()),
            read: known.map_or_else(|| "not known".to_owned(), |text| text.read.clone()),
        });
    }
    texts
}

/// The stored command line with one more text; a policy that is known already keeps its origin.
pub(crate) fn with_policy(command: &str, name: &str, source: &Source) -> String {
    let mut command: Value = serde_json::from_str(command).unwrap_or_default();
    let text = json(&[policy(name, "", source)])[0].take();
    let same = |entry: &Value| entry["kind"] == text["kind"] && entry["name"] == text["name"];
    match command.get_mut("read").and_then(Value::as_array_mut) {
        Some(entries) if !entries.iter().any(same) => entries.push(text),
        Some(_) => {}
        None => command["read"] = json!([text]),
    }
    command.to_string()
}
