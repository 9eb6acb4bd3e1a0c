//! The tolerance rule, applied to every number, word and truth value of the expected document.

use serde_json::Value;

/// What differs between `got` and `expected`, one line each. Every key of `expected` must be answered.
pub fn misses(got: &Value, expected: &Value, tolerance: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let limits = (tolerance["rel"].as_f64().unwrap(), tolerance["abs"].as_f64().unwrap());
    walk("expected", got, expected, limits, &mut found);
    found
}

fn walk(place: &str, got: &Value, expected: &Value, limits: (f64, f64), found: &mut Vec<String>) {
    match expected {
        Value::Object(fields) => {
            for (key, value) in fields {
                walk(&format!("{place}.{key}"), &got[key], value, limits, found);
            }
        }
        Value::Array(items) => {
            if got.as_array().map(Vec::len) != Some(items.len()) {
                found.push(format!("{place}: got {got}, expected {} entries", items.len()));
                return;
            }
            for (index, value) in items.iter().enumerate() {
                walk(&format!("{place}[{index}]"), &got[index], value, limits, found);
            }
        }
        Value::Number(number) => {
            let expected = number.as_f64().unwrap();
            let near = |got: f64| (got - expected).abs() <= limits.1 + limits.0 * expected.abs();
            if !got.as_f64().is_some_and(near) {
                found.push(format!("{place}: got {got}, expected {expected}"));
            }
        }
        other if got != other => found.push(format!("{place}: got {got}, expected {other}")),
        _ => {}
    }
}

/// Goal: the rule itself can fail: wrong number, missing key, wrong length, wrong truth value.
#[test]
fn vectors_rule_finds_differences() {
    use serde_json::json;
    let tolerance = json!({"rel": 1e-8, "abs": 1e-12});
    let expected = json!({"value": 2.0, "ci": [1.0, 3.0], "reject": [true]});
    let count = |got: Value| misses(&got, &expected, &tolerance).len();
    assert_eq!(count(json!({"value": 2.000_000_01, "ci": [1.0, 3.0], "reject": [true]})), 0);
    assert_eq!(count(json!({"value": 2.000_000_1, "ci": [1.0, 3.0], "reject": [true]})), 1);
    assert_eq!(count(json!({"ci": [1.0], "reject": [false]})), 3);
    assert_eq!(count(json!({"value": f64::NAN, "ci": [1.0, 3.0], "reject": [true]})), 1);
}

/// A list of numbers.
pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

/// A list of counts.
pub fn counts(value: &Value) -> Vec<u64> {
    value.as_array().unwrap().iter().map(count).collect()
}

/// A count that may be written with a decimal point.
pub fn count(value: &Value) -> u64 {
    let number = value.as_f64().unwrap();
    assert!(number >= 0.0 && number.fract() == 0.0, "{number} is not a count");
    number as u64
}

/// A number.
pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// A word.
pub fn word(value: &Value) -> &str {
    value.as_str().unwrap()
}
