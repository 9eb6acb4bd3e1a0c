//! Goal: a page computes nothing. Figures reach it as finished text, so the types that it is sent hold no number but those
//! listed here, each with the one reason why.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;

/// Reasons for which a number may cross the border. None of them is a figure of a result.
///
/// - `geometry`: where something is drawn, and in which of eight styles.
/// - `progress`: how far a run or a live session is.
/// - `time`: a moment or a length of time.
/// - `address`: which shopper, world, line or place is meant; asked for again as it came.
/// - `input`: what a person sets: a size, a seed, a dial. It goes down to the library, not up from a result.
const ALLOWED: [(&str, &[&str], &str); 21] = [
    ("RunRequest", &["worlds", "shoppers", "days", "seed", "threads"], "input"),
    ("ScenarioSummary", &["worlds", "shoppers", "days", "seed"], "input"),
    ("Dial", &["min", "max", "step", "value", "default"], "input"),
    ("Guess", &["sure"], "input"),
    ("LiveRequest", &["shoppers", "seed", "speed"], "input"),
    ("Progress", &["worlds_done", "worlds", "world", "day", "days"], "progress"),
    ("Progress", &["shopper_days_done", "shopper_days_total"], "progress"),
    ("Progress", &["seconds", "seconds_left"], "time"),
    (
        "LiveState",
        &["speed", "sessions_open", "sessions", "orders", "decisions", "shown", "late"],
        "progress",
    ),
    ("LiveState", &["latency_p50_us", "latency_p99_us", "deadline_ms"], "time"),
    ("LiveRow", &["sequence", "shopper"], "address"),
    ("LiveRow", &["latency_us"], "time"),
    ("LiveCurve", &["horizon_days", "orders_per_shopper", "contribution_per_shopper"], "geometry"),
    ("Figure", &["width", "height"], "geometry"),
    ("Mark", &["panel", "x", "y"], "geometry"),
    ("LegendEntry", &["index"], "geometry"),
    ("PageArm", &["index"], "geometry"),
    ("PageLane", &["index"], "geometry"),
    ("TextError", &["line", "column"], "address"),
    ("DialChange", &["line"], "address"),
    ("ShopperQuery", &["world", "limit"], "address"),
];

/// The same for the one screen that walks along a time line.
const ON_THE_TIME_LINE: [(&str, &[&str], &str); 6] = [
    ("ReplayRequest", &["world", "shopper"], "address"),
    ("ShopperHit", &["world", "shopper"], "address"),
    ("PageEntry", &["decision"], "address"),
    ("ShopperPage", &["from_ms", "to_ms"], "time"),
    ("PageRow", &["time_ms"], "time"),
    ("Divergence", &["time_ms"], "time"),
];

const REASONS: [&str; 5] = ["geometry", "progress", "time", "address", "input"];

/// `Type.field` of every number in a text of TypeScript declarations.
fn numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in text.split("export type ").skip(1) {
        let (name, body) = part.split_once('=').unwrap();
        // Comments stand between the fields.
        let mut plain = String::new();
        let mut rest = body.split("export ").next().unwrap();
        while let Some((before, after)) = rest.split_once("/**") {
            plain.push_str(before);
            rest = after.split_once("*/").map_or("", |(_, after)| after);
        }
        plain.push_str(rest);
        for field in plain.split([',', '{', '}', ';']) {
            let Some((field, kind)) = field.split_once(':') else {
                if holds_number(field) {
                    found.push(format!("{}.", name.trim()));
                }
                continue;
            };
            if holds_number(kind) {
                found.push(format!("{}.{}", name.trim(), field.trim().trim_end_matches('?')));
            }
        }
    }
    found
}

fn holds_number(kind: &str) -> bool {
    kind.split(|c: char| !c.is_alphanumeric()).any(|word| word == "number" || word == "bigint")
}

#[test]
fn no_figure_reaches_the_page_as_a_number() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/api/types.ts");
    let found = numbers(&std::fs::read_to_string(path).unwrap());
    let mut allowed: BTreeMap<String, bool> = BTreeMap::new();
    for (name, fields, reason) in ALLOWED.iter().chain(&ON_THE_TIME_LINE) {
        assert!(REASONS.contains(reason), "{name}: {reason} is no reason");
        allowed.extend(fields.iter().map(|field| (format!("{name}.{field}"), false)));
    }
    for field in &found {
        let known = allowed.get_mut(field);
        assert!(
            known.is_some(),
            "{field} is a number: send finished text, or add it to ALLOWED with its reason"
        );
        allowed.insert(field.clone(), true);
    }
    let stale: Vec<&String> = allowed.iter().filter(|(_, used)| !**used).map(|(name, _)| name).collect();
    assert!(stale.is_empty(), "no number any more, remove them from ALLOWED: {stale:?}");
}

/// Goal: the check above can fail.
#[test]
fn a_number_is_found_wherever_it_stands() {
    let text = "/** A number: 3. */\nexport type A = { \n/** The number of x. */\nx: number, y: string, z: Array<number | null> };\n\
                /** b */\nexport type B = number | null;\nexport type C = { d: [string, number], e?: bigint, };\n";
    let found = numbers(text);
    assert!(found.contains(&"A.x".to_owned()) && found.contains(&"A.z".to_owned()), "{found:?}");
    assert!(!found.contains(&"A.y".to_owned()));
    assert!(found.contains(&"B.".to_owned()) && found.contains(&"C.e".to_owned()), "{found:?}");
    assert!(found.iter().any(|field| field.starts_with("C.") && field != "C.e"), "{found:?}");
}
