//! One source of truth: model, reference, schema and shipped files agree on every key.

#![allow(clippy::unwrap_used)]

use counterfoil_scenario::{reference, schema, shipped};
use regex::Regex;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Every documented key with its section: `shoppers.count`, `[[arms]].name`.
fn documented() -> BTreeSet<String> {
    let sections = reference::scenario_file();
    let full = |header: &str, key: &str| match header.trim_matches(['[', ']']) {
        "" => key.to_owned(),
        section => format!("{section}.{key}"),
    };
    let rows = |section: &reference::Section| -> Vec<String> {
        section.entries.iter().map(|row| full(&section.header, &row.key)).collect()
    };
    sections.iter().flat_map(rows).collect()
}

/// Fields of every struct of a source file: (struct, field, type).
fn model_fields(source: &str) -> Vec<(String, String, String)> {
    let mut fields = Vec::new();
    let mut owner = String::new();
    for line in source.lines() {
        if let Some(name) = line.strip_prefix("pub struct ") {
            owner = name.trim_end_matches(" {").to_owned();
        } else if let Some((name, kind)) =
            line.strip_prefix("    pub ").and_then(|rest| rest.split_once(": "))
        {
            fields.push((owner.clone(), name.to_owned(), kind.trim_end_matches(',').to_owned()));
        }
    }
    fields
}

/// Where the key of a field stands, by the rule (section = struct, key = field without unit) and its few exceptions.
fn keys_of(owner: &str, field: &str, kind: &str) -> Vec<String> {
    let exceptions = [
        ("calendar", "start"),
        ("incumbent_sale_weekdays", "incumbent_sale.weekdays"),
        ("relief_scale", "treatments.relief_scale"),
        ("treatments", "treatments.ID.type"),
        ("effects", "treatments.ID.effect.visibility"),
        ("arms", "arms.name"),
    ];
    let name = field.trim_start_matches("r#");
    let name = ["_days", "_ms", "_seconds"]
        .iter()
        .find_map(|unit| name.strip_suffix(unit).filter(|rest| *rest != "changes_tolerated"))
        .unwrap_or(name);
    let section = match owner {
        "Scenario" | "Phases" => String::new(),
        "Category" => "catalogue.categories.".to_owned(),
        "Arm" => "arms.".to_owned(),
        "Effect" => "treatments.ID.effect.".to_owned(),
        other => format!("{}.", other.to_lowercase()),
    };
    match (owner, field, kind) {
        ("Scenario", "currency_decimals", _) => vec!["currency".to_owned()],
        ("Scenario", _, _) if exceptions.iter().any(|(known, _)| *known == field) => {
            exceptions.iter().filter(|(known, _)| *known == field).map(|(_, key)| (*key).to_owned()).collect()
        }
        // Sections of their own, whose fields are looked at one by one.
        ("Scenario", _, kind) if kind.to_lowercase() == *field => Vec::new(),
        ("Scenario", "phases", _) | ("Spread" | "BarrierLevel", _, _) => Vec::new(),
        ("Pilot", "days", _) => vec!["pilot.length".to_owned()],
        (_, "correlations", _) => vec!["shoppers.correlations.\"TRAIT/TRAIT\"".to_owned()],
        (_, "categories", _) => vec!["catalogue.categories.name".to_owned()],
        (_, "barriers", _) => ["doubt", "shipping", "payment", "choice", "timing"]
            .iter()
            .flat_map(|barrier| ["share", "mean"].map(|part| format!("needs.barriers.{barrier}.{part}")))
            .collect(),
        (_, "relief", _) => ["doubt", "shipping", "payment", "choice", "timing"]
            .iter()
            .map(|barrier| format!("{section}relief.{barrier}"))
            .collect(),
        (_, _, "Spread") => ["median", "log_sd"].map(|part| format!("{section}{name}.{part}")).to_vec(),
        _ => vec![format!("{section}{name}")],
    }
}

#[test]
fn every_field_of_the_model_has_a_documented_key() {
    let documented = documented();
    let fields = model_fields(include_str!("../src/model.rs"));
    assert!(fields.len() > 120, "only {} fields were found", fields.len());
    for (owner, field, kind) in fields {
        for key in keys_of(&owner, &field, &kind) {
            assert!(documented.contains(&key), "{owner}.{field} has no documented key {key}");
        }
    }
}

#[test]
fn every_field_of_a_policy_has_a_documented_key() {
    let sections = reference::policy_file();
    let keys: Vec<&str> =
        sections.iter().flat_map(|section| &section.entries).map(|row| row.key.as_str()).collect();
    let fields = model_fields(include_str!("../src/policy.rs"));
    assert!(fields.len() > 40, "only {} fields were found", fields.len());
    for (owner, field, _) in fields {
        let name =
            ["_days", "_ms", "_seconds"].iter().find_map(|unit| field.strip_suffix(unit)).unwrap_or(&field);
        let written = match (owner.as_str(), name) {
            // Parts with rows of their own; the name of the file; what a cap consists of; the engine's list.
            ("PolicySpec", "name" | "guardrails" | "sale") | ("Cap" | "EligibleTreatment", _) => continue,
            ("RealtimeSpec", "treatments" | "model") => continue,
            (_, name) => name,
        };
        let found = keys.iter().any(|key| key.split('.').any(|part| part == written));
        assert!(found, "{owner}.{field} has no documented key");
    }
    assert!(keys.contains(&"ID"), "the engine's treatments are documented");
}

#[test]
fn every_default_stands_in_the_default_scenario_with_its_source() {
    let unstated = ["incumbent_sale.weekdays", "name", "seed"];
    for section in reference::scenario_file() {
        let single = !section.header.starts_with("[[") && !section.header.starts_with("[treatments");
        for row in section.entries.iter().filter(|_| single && section.header != "[about]") {
            let key = format!("{}.{}", section.header.trim_matches(['[', ']']), row.key);
            let key = key.trim_start_matches('.');
            assert!(!row.doc.is_empty());
            if row.default.is_some() && !unstated.contains(&key) {
                assert!(row.source.as_ref().is_some_and(|source| !source.is_empty()), "{key} has no source");
            }
        }
    }
}

#[test]
fn the_page_names_keys_of_both_files() {
    let page = reference::markdown();
    for key in [
        "need_rate.median",
        "effect.relief.doubt",
        "on_site.lapsing-high",
        "model.soft_sd",
        "\"TRAIT/TRAIT\"",
    ] {
        assert!(page.contains(&format!("| `{key}` |")), "{key}");
    }
}

/// The part of JSON Schema that our schemas use.
fn fits(schema: &Value, value: &Value, path: &str) -> Result<(), String> {
    let fail = |why: &str| Err(format!("{path}: {why} ({value})"));
    if let Some(kind) = schema["type"].as_str() {
        let right = match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            _ => value.is_number(),
        };
        if !right {
            return fail(kind);
        }
    }
    let number = value.as_f64();
    let below = number.zip(schema["minimum"].as_f64()).is_some_and(|(number, least)| number < least);
    let above = number.zip(schema["maximum"].as_f64()).is_some_and(|(number, most)| number > most);
    let unlike =
        |pattern: &str| value.as_str().is_some_and(|text| !Regex::new(pattern).unwrap().is_match(text));
    if below || above || schema["pattern"].as_str().is_some_and(unlike) {
        return fail("range or pattern");
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
        return fail("enum");
    }
    for (place, item) in value.as_array().into_iter().flatten().enumerate() {
        fits(&schema["items"], item, &format!("{path}[{place}]"))?;
    }
    for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(key).is_none() {
            return fail(key);
        }
    }
    for (key, item) in value.as_object().into_iter().flatten() {
        let patterns = schema["patternProperties"].as_object();
        let by_pattern = patterns
            .and_then(|all| all.iter().find(|(pattern, _)| Regex::new(pattern).unwrap().is_match(key)));
        let below = schema["properties"].get(key).or(by_pattern.map(|(_, below)| below));
        match below.or(schema.get("additionalProperties")) {
            Some(Value::Bool(false)) => return fail(&format!("unknown key {key}")),
            Some(below) => fits(below, item, &format!("{path}.{key}"))?,
            None => {}
        }
    }
    Ok(())
}

fn json_of(text: &str) -> Value {
    toml_edit::de::from_str(text).unwrap()
}

#[test]
fn shipped_files_fit_their_schemas_and_wrong_ones_do_not() {
    let (scenario, policy) = (schema::scenario_schema(), schema::policy_schema());
    for name in shipped::scenario_names() {
        fits(&scenario, &json_of(shipped::scenario_text(name).unwrap()), name).unwrap();
    }
    for name in shipped::policy_names() {
        fits(&policy, &json_of(shipped::policy_text(name).unwrap()), name).unwrap();
    }
    let shop = json_of(shipped::scenario_text("fashion-web-shop").unwrap());
    assert_eq!(
        scenario["properties"]["shoppers"]["properties"]["count"]["default"],
        shop["shoppers"]["count"]
    );
    assert_eq!(policy["properties"]["realtime"]["properties"]["deadline"]["default"], json!("100 ms"));
    let wrong = [
        ("/shoppers/count", json!(0)),
        ("/catalogue/gross_margin", json!(0.55)),
        ("/horizon", json!("12 wekks")),
        ("/treatments/reassurance/type", json!("comfort")),
        ("/arms/0/name", json!("Batch arm")),
        ("/needs/barriers", json!({ "dout": {} })),
    ];
    for (place, value) in wrong {
        let mut shop = shop.clone();
        *shop.pointer_mut(place).unwrap() = value;
        assert!(fits(&scenario, &shop, "").is_err(), "{place}");
    }
}
