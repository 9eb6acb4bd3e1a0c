//! What editors and scripts can know of files and figures: JSON Schemas, and the list of metrics.

use counterfoil_core::metrics::METRICS;
use serde_json::{Value, json};

use crate::dto::{ApiError, ErrorCode};

/// Names that [`schema`] knows.
pub const SCHEMAS: [&str; 3] = ["scenario", "policy", "metrics"];

/// A schema by name: `scenario` and `policy` are JSON Schemas, `metrics` lists name, definition, unit, scale, direction,
/// and whether a real store could see it.
///
/// # Errors
/// [`ErrorCode::NotFound`] with the names that exist.
pub fn schema(name: &str) -> Result<Value, ApiError> {
    match name {
        "scenario" => Ok(counterfoil_scenario::schema::scenario_schema()),
        "policy" => Ok(counterfoil_scenario::schema::policy_schema()),
        "metrics" => Ok(metrics()),
        _ => Err(ApiError::new(ErrorCode::NotFound, format!("There is no schema \"{name}\"."))
            .hint(format!("the schemas are {}", SCHEMAS.join(", ")))),
    }
}

fn metrics() -> Value {
    let mut rows: Vec<Value> = METRICS
        .iter()
        .map(|metric| {
            json!({
                "name": metric.name, "group": metric.group, "definition": metric.definition,
                "unit": metric.unit.name(), "scale": metric.scale, "direction": metric.direction.name(),
                "observable": metric.observable,
            })
        })
        .collect();
    // Pooled over worlds and therefore no ratio within a world.
    rows.push(json!({
        "name": "dependency_half_life_weeks", "group": "habit",
        "definition": "weeks after the promotions stop until half of the missing full-price orders are back, pooled over worlds",
        "unit": "weeks", "scale": 1.0, "direction": "lower", "observable": false,
    }));
    json!({ "format": 1, "metrics": rows })
}
