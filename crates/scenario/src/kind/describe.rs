//! The same kinds for people (the reference) and for editors (JSON Schema).

use super::{Kind, WEEKDAYS};
use crate::units::TimeUnit;
use serde_json::{Value as Json, json};

/// A number of a quantity, as a regular expression.
const NUMBER: &str = "[0-9][0-9_]*(\\.[0-9]+)?";

impl Kind {
    /// Form and range in words.
    #[must_use]
    pub fn describe(&self) -> String {
        match *self {
            Self::Integer { min, max } => format!("whole number, {min} to {max}"),
            Self::Number { min, max, unit } => {
                let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
                format!("number{unit}, {min} to {max}")
            }
            Self::Share { min, max } => format!("share, `\"{min} %\"` to `\"{max} %\"`"),
            Self::Money { min, max } => format!("amount such as `\"12.00 EUR\"`, {min} to {max}"),
            Self::MoneyOrNone { min, max } => {
                format!("amount such as `\"12.00 EUR\"`, {min} to {max}, or `\"none\"`")
            }
            Self::Amount { min, max } => {
                format!("amount such as `\"12.00 EUR\"`, {min} to {max}, or `\"2 % of a typical order\"`")
            }
            Self::Duration { unit, min, max, whole, none } => {
                let whole = if whole { "whole " } else { "" };
                let none = if none { ", or `\"none\"`" } else { "" };
                format!("time such as `\"{}\"`, {min} to {max} {whole}{}{none}", example(unit), unit.word())
            }
            Self::Flag => "`true` or `false`".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Texts => "list of texts".to_owned(),
            Self::Name => "name: lower-case letters, digits, hyphens".to_owned(),
            Self::OneOf(words) => format!("one of {}", words.join(", ")),
            Self::Date => "date such as `\"2026-01-05\"`".to_owned(),
            Self::Currency => "ISO 4217 code".to_owned(),
            Self::PolicyOrNone => "policy (name or path), or `\"none\"`".to_owned(),
            Self::Weights(count) => format!("list of {count} numbers above 0 with mean 1"),
            Self::Weekdays => format!("list of {}", WEEKDAYS.join(", ")),
            Self::Treatment => "treatment, or `\"none\"`".to_owned(),
            Self::Treatments => "list of treatments".to_owned(),
            Self::Discount => "treatment of type percent".to_owned(),
            Self::Caps => "list of caps such as `\"2 per 7 days\"`".to_owned(),
            Self::CapOrNone => "cap such as `\"2 per 7 days\"`, or `\"none\"`".to_owned(),
            Self::BudgetOrNone => {
                "`\"0.25 EUR per shopper\"`, `\"0.4 % of a typical order per shopper\"`, `\"5000.00 EUR per world\"`, or `\"none\"`"
                    .to_owned()
            }
        }
    }

    /// The JSON Schema of a value.
    pub(crate) fn json_schema(&self) -> Json {
        let text = |pattern: String| json!({ "type": "string", "pattern": pattern });
        let cap = "^[1-9][0-9]* per ([0-9]+ (days?|weeks?)|day)$";
        match *self {
            Self::Integer { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
            Self::Number { min, max, .. } => json!({ "type": "number", "minimum": min, "maximum": max }),
            Self::Share { .. } => text(format!("^{NUMBER} ?%$")),
            Self::Money { .. } => text(format!("^{NUMBER} [A-Z]{{3}}$")),
            Self::MoneyOrNone { .. } => text(format!("^(none|{NUMBER} [A-Z]{{3}})$")),
            Self::Amount { .. } => text(format!("^({})$", amount_pattern())),
            Self::Duration { none, .. } => {
                let words = "ms|milliseconds?|s|seconds?|min|minutes?|h|hours?|days?|weeks?";
                let none = if none { "none|" } else { "" };
                text(format!("^({none}{NUMBER} ?({words}))$"))
            }
            Self::Flag => json!({ "type": "boolean" }),
            Self::Text | Self::PolicyOrNone | Self::Treatment | Self::Discount => {
                json!({ "type": "string", "minLength": 1 })
            }
            Self::Texts | Self::Treatments => json!({ "type": "array", "items": { "type": "string" } }),
            Self::Name => text("^[a-z0-9-]{1,64}$".to_owned()),
            Self::OneOf(words) => json!({ "enum": words }),
            Self::Date => text("^[0-9]{4}-[0-9]{2}-[0-9]{2}$".to_owned()),
            Self::Currency => text("^[A-Z]{3}$".to_owned()),
            Self::Weights(count) => json!({
                "type": "array", "minItems": count, "maxItems": count,
                "items": { "type": "number", "exclusiveMinimum": 0, "maximum": 20 }
            }),
            Self::Weekdays => json!({
                "type": "array", "minItems": 1, "uniqueItems": true, "items": { "enum": WEEKDAYS }
            }),
            Self::Caps => json!({ "type": "array", "items": { "type": "string", "pattern": cap } }),
            Self::CapOrNone => text(format!("^none$|{cap}")),
            Self::BudgetOrNone => text(format!("^(none|({}) per (shopper|world))$", amount_pattern())),
        }
    }
}

fn amount_pattern() -> String {
    format!("{NUMBER} [A-Z]{{3}}|{NUMBER} ?% of a typical order")
}

fn example(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Days => "28 days",
        TimeUnit::Seconds => "30 s",
        TimeUnit::Millis => "100 ms",
    }
}
