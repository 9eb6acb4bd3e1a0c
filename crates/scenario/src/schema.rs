//! JSON Schemas of scenario and policy files, made from the field table, for editors.
//!
//! # Promises
//! - A file that the reader accepts fits its schema. The reader checks more: ranges of quantities, sums, names.
//!
//! # Where to start
//! [`scenario_schema`], [`policy_schema`].

use crate::field::Field;
use crate::fields::{self, TreatmentForm};
use crate::kind::Context;
use crate::model::FORMAT;
use crate::model::{About, Category, Scenario, TRAITS};
use crate::policy_form::{self, PolicyForm};
use crate::scenario::default_scenario;
use crate::units::Currency;
use serde_json::{Map, Value, json};

/// An object that is closed: nothing but the keys it names.
fn object(doc: &str) -> Value {
    let mut object = json!({ "type": "object", "additionalProperties": false, "properties": {} });
    if !doc.is_empty() {
        object["description"] = json!(doc);
    }
    object
}

/// The properties of an object schema.
fn properties(object: &mut Value) -> &mut Map<String, Value> {
    object["properties"].as_object_mut().expect("every object schema here has properties")
}

/// Puts a schema under a dotted key.
fn put(object: &mut Value, key: &str, schema: Value) {
    match key.split_once('.') {
        None => {
            properties(object).insert(key.to_owned(), schema);
        }
        Some((first, rest)) => {
            let below = properties(object).entry(first).or_insert_with(|| self::object(""));
            put(below, rest, schema);
        }
    }
}

/// Adds the rows of a table with their defaults; `inherits`: a file may leave out what it inherits.
fn add_rows<T>(object: &mut Value, rows: &[&Field<T>], mut defaults: Option<T>, inherits: bool) {
    let currency = Currency {
        code: default_scenario().currency.clone(),
        decimals: default_scenario().currency_decimals,
    };
    let context = Context { currency: &currency, treatments: &[] };
    let mut required = Vec::new();
    for field in rows {
        let mut schema = field.kind.json_schema();
        if let Some(model) = defaults.as_mut().filter(|_| !field.required) {
            let text = field.kind.write(&(field.place)(model).get(&field.kind), &context);
            if !matches!(text.as_str(), "\"\"" | "[]") {
                schema["default"] = json_of(&text);
            }
        }
        schema["description"] = json!(format!("{} ({})", field.doc, field.kind.describe()));
        put(object, field.key, schema);
        if field.required && !inherits {
            required.push(field.key);
        }
    }
    if !required.is_empty() {
        object["required"] = json!(required);
    }
}

/// A TOML value as JSON.
fn json_of(text: &str) -> Value {
    let table: Option<Value> = toml_edit::de::from_str(&format!("value = {text}")).ok();
    table.and_then(|mut table| table.get_mut("value").map(Value::take)).unwrap_or_default()
}

fn table<T>(doc: &str, rows: &[Field<T>], defaults: Option<T>, inherits: bool) -> Value {
    let rows: Vec<_> = rows.iter().collect();
    let mut object = object(doc);
    add_rows(&mut object, &rows, defaults, inherits);
    object
}

fn top(title: &str) -> Value {
    let mut schema = object("");
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!(title);
    put(&mut schema, "format", json!({ "const": FORMAT, "description": "Version of the file format" }));
    put(&mut schema, "written_by", json!({ "type": "string", "description": "Version that wrote the file" }));
    schema
}

/// The schema of scenario files.
#[must_use]
pub fn scenario_schema() -> Value {
    let mut schema = top("Counterfoil scenario");
    let default = default_scenario();
    let unwritten =
        Scenario { about: About::default(), incumbent_sale_weekdays: Vec::new(), ..default.clone() };
    add_rows(&mut schema, &fields::scenario(), Some(unwritten), true);
    let extends =
        "A shipped scenario or a path relative to this file; what is not stated here is taken from it";
    put(&mut schema, "extends", json!({ "type": "string", "description": extends }));
    put(&mut schema, "shoppers.correlations", correlations());
    let category = table("One category", fields::CATEGORY, Some(Category::default()), false);
    put(&mut schema, "catalogue.categories", json!({ "type": "array", "minItems": 1, "items": category }));
    let mut treatments = table("Treatments by their id", fields::RELIEFS, Some(default.clone()), true);
    let one = table(
        "One treatment: what is promised, and what it does",
        fields::TREATMENT,
        Some(TreatmentForm::unwritten()),
        true,
    );
    treatments["additionalProperties"] = json!(false);
    treatments["patternProperties"] = json!({ "^[a-z0-9-]+$": one });
    put(&mut schema, "treatments", treatments);
    let arm = table("One arm beside control and status-quo", fields::ARM, None, false);
    put(&mut schema, "arms", json!({ "type": "array", "items": arm }));
    schema["required"] = json!(["format", "name"]);
    schema["anyOf"] =
        json!([{ "required": ["extends"] }, { "required": ["seed", "shoppers", "catalogue", "arms"] }]);
    schema
}

fn correlations() -> Value {
    let mut pairs = object("Correlations of the underlying normals by pair of traits");
    for first in TRAITS {
        for second in TRAITS.iter().filter(|second| **second != first) {
            let value = json!({ "type": "number", "minimum": -0.99, "maximum": 0.99 });
            properties(&mut pairs).insert(format!("{first}/{second}"), value);
        }
    }
    pairs
}

/// The schema of policy files.
#[must_use]
pub fn policy_schema() -> Value {
    let mut schema = top("Counterfoil policy");
    add_rows(&mut schema, &policy_form::rows(), Some(PolicyForm::unwritten()), false);
    let rule = json!({
        "type": "object", "additionalProperties": false,
        "properties": { "rule": { "type": "string", "minLength": 1, "description": "CEL over the documented features" } }
    });
    let treatments = json!({ "type": "object", "additionalProperties": rule });
    put(&mut schema, "realtime.treatments", treatments);
    schema["required"] = json!(["format", "description", "kind"]);
    schema
}
