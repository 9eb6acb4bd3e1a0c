//! Values of established packages (scipy, statsmodels and others) against ours.
//!
//! Files of vectors hold inputs, expected values and a tolerance each: `|got - expected| <= abs + rel * |expected|` for
//! every number. `peers.json` lies here, a few of each kind, so that every clone checks; the folder named by
//! `COUNTERFOIL_EVIDENCE` holds `vectors/vectors.json` with many more. Kinds that belong to methods not in the library are
//! listed, not passed over; a kind in [`KINDS`] without any vector fails. Start at `agree`.
#![allow(clippy::unwrap_used)]

mod answers;
mod compare;
mod planning;
mod shares;

use std::collections::BTreeMap;

use serde_json::Value;

/// Computes the values of one vector from its input.
type Answer = fn(&Value) -> Value;

/// Every kind that the library answers.
const KINDS: [(&str, Answer); 13] = [
    ("dist", answers::dist),
    ("multiple_tests", answers::multiple_tests),
    ("paired_t", answers::paired_t),
    ("power", planning::power),
    ("prop_ci", shares::prop_ci),
    ("prop_diff_ci", shares::prop_diff_ci),
    ("ratio_delta", answers::ratio_delta),
    ("sample_size", planning::sample_size),
    ("srm", planning::srm),
    ("welch_prop", answers::welch_prop),
    ("welch_t", answers::welch_t),
    ("wilcoxon_signed_rank", answers::wilcoxon),
    ("ztest_arms", shares::ztest_arms),
];

/// The vectors of this repository: figures by the packages that the file names, with their versions.
const PEERS: &str = include_str!("peers.json");

/// Goal: what the library computes is what a statistician's own tools compute, in every clone.
#[test]
fn vectors_of_this_repository_agree_with_established_packages() {
    let checked = agree(PEERS, "peers.json");
    assert!(checked >= 20, "{checked} vectors");
}

/// The same with all vectors there are.
#[test]
fn vectors_agree_with_established_packages() {
    let Ok(evidence) = std::env::var("COUNTERFOIL_EVIDENCE") else {
        println!("skipped, COUNTERFOIL_EVIDENCE is not set: all vectors but those of peers.json");
        return;
    };
    let path = std::path::Path::new(&evidence).join("vectors/vectors.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let checked = agree(&text, &path.display().to_string());
    println!("vectors: {checked} passed of {checked}");
}

/// Compares every vector of a file; how many there were that the library answers.
fn agree(text: &str, file: &str) -> usize {
    let document: Value = serde_json::from_str(text).unwrap();
    let answers: BTreeMap<&str, Answer> = KINDS.into_iter().collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut skipped: BTreeMap<&str, usize> = BTreeMap::new();
    let mut misses = Vec::new();
    for vector in document["vectors"].as_array().unwrap() {
        let kind = vector["kind"].as_str().unwrap();
        let Some(answer) = answers.get(kind) else {
            *skipped.entry(kind).or_default() += 1;
            continue;
        };
        *counts.entry(kind).or_default() += 1;
        let found = compare::misses(&answer(&vector["input"]), &vector["expected"], &vector["tol"]);
        misses.extend(found.into_iter().map(|miss| format!("{} {}", vector["id"], miss)));
    }
    for (kind, count) in &counts {
        println!("{kind}: {count}");
    }
    println!("kinds skipped, methods not in the library: {skipped:?}");
    for (kind, _) in KINDS {
        assert!(counts.contains_key(kind), "no vector of kind {kind} in {file}");
    }
    assert!(misses.is_empty(), "{} misses:\n{}", misses.len(), misses.join("\n"));
    counts.values().sum()
}
