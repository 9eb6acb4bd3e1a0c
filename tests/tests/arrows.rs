//! Dependencies between the crates point downward only, so that each layer can be read, tested and replaced by itself.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

/// Packages from the bottom to the top: one may depend on those before it.
const ORDER: [&str; 14] = [
    "counterfoil-core",
    "counterfoil-scenario",
    "counterfoil-till",
    "counterfoil-world",
    "counterfoil-batch",
    "counterfoil-engine",
    "counterfoil-stats",
    "counterfoil-chart",
    "counterfoil-results",
    "counterfoil-store",
    "counterfoil-run",
    "counterfoil-api",
    "counterfoil-cli",
    "counterfoil-desktop",
];

/// Pairs that must not know each other in either direction, and why.
const STRANGERS: [(&str, &str, &str); 10] = [
    ("counterfoil-world", "counterfoil-engine", "the engine may see events only, the world no policy"),
    ("counterfoil-world", "counterfoil-batch", "a policy may see events only, the world no policy"),
    ("counterfoil-run", "counterfoil-store", "a unit of work is a pure function, free of SQL"),
    ("counterfoil-run", "counterfoil-chart", "the loop draws nothing"),
    ("counterfoil-run", "counterfoil-stats", "the loop judges nothing"),
    ("counterfoil-store", "counterfoil-chart", "a chart gets data, not a database"),
    ("counterfoil-results", "counterfoil-store", "results are read from facts, whoever holds them"),
    ("counterfoil-results", "counterfoil-run", "reading results runs nothing"),
    ("counterfoil-store", "counterfoil-world", "the store simulates nothing"),
    ("counterfoil-stats", "counterfoil-world", "statistics read facts, never the world"),
];

/// Nothing may depend on these.
const TOPS: [&str; 5] =
    ["counterfoil-cli", "counterfoil-desktop", "counterfoil-torture", "xtask", "counterfoil-tests"];

/// Members of the workspace outside the order: chores, and the tests that look from outside.
const BESIDE: [&str; 3] = ["counterfoil-torture", "xtask", "counterfoil-tests"];

/// Package -> (what it is built with, what its tests are built with), members of the workspace only.
type Arrows = BTreeMap<String, (Vec<String>, Vec<String>)>;

fn arrows() -> Arrows {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let members: Vec<&str> = packages.iter().map(|package| package["name"].as_str().unwrap()).collect();
    let mut arrows = Arrows::new();
    for package in packages {
        let (mut normal, mut dev) = (Vec::new(), Vec::new());
        for dependency in package["dependencies"].as_array().unwrap() {
            let name = dependency["name"].as_str().unwrap().to_owned();
            if members.contains(&name.as_str()) {
                if dependency["kind"] == "dev" { dev.push(name) } else { normal.push(name) }
            }
        }
        arrows.insert(package["name"].as_str().unwrap().to_owned(), (normal, dev));
    }
    arrows
}

fn place(package: &str) -> Option<usize> {
    ORDER.iter().position(|known| *known == package)
}

/// What is wrong with the arrows; empty: nothing.
fn faults(arrows: &Arrows) -> Vec<String> {
    let mut faults = Vec::new();
    for (from, (normal, dev)) in arrows {
        if place(from).is_none() && !BESIDE.contains(&from.as_str()) {
            faults.push(format!("{from} has no place in the order: add it to ORDER and to ARCHITECTURE.md"));
        }
        for to in normal.iter().chain(dev) {
            if TOPS.contains(&to.as_str()) {
                faults.push(format!("{from} depends on {to}: nothing may; move what it needs downward"));
            } else if place(from).is_some_and(|from| place(to).is_some_and(|to| from <= to)) {
                faults.push(format!(
                    "{from} -> {to} points upward: pass it in as data or a closure, or move it down"
                ));
            }
        }
        let knows = |name: &str| normal.iter().any(|to| to == name);
        let together = ["counterfoil-store", "counterfoil-run", "counterfoil-chart"].into_iter().all(knows);
        if together && place(from) < place("counterfoil-api") {
            faults.push(format!(
                "{from} knows store, run and chart together: only counterfoil-api and above may"
            ));
        }
    }
    for (one, other, why) in STRANGERS {
        for (from, to) in [(one, other), (other, one)] {
            if arrows.get(from).is_some_and(|(normal, _)| normal.iter().any(|name| name == to)) {
                faults.push(format!("{from} -> {to}: {why}"));
            }
        }
    }
    faults
}

#[test]
fn every_arrow_points_downward() {
    let arrows = arrows();
    for package in ORDER {
        assert!(
            arrows.contains_key(package),
            "{package} is in ORDER, but not in the workspace: remove it there"
        );
    }
    let faults = faults(&arrows);
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Goal: the check above can fail, for each of its rules.
#[test]
fn each_rule_finds_what_breaks_it() {
    let arrow = |from: &str, normal: &[&str], dev: &[&str]| -> Arrows {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        BTreeMap::from([(from.to_owned(), (owned(normal), owned(dev)))])
    };
    let broken = [
        arrow("counterfoil-core", &["counterfoil-run"], &[]),
        arrow("counterfoil-engine", &["counterfoil-world"], &[]),
        arrow("counterfoil-batch", &["counterfoil-world"], &[]),
        arrow("counterfoil-run", &[], &["counterfoil-api"]),
        arrow("counterfoil-api", &["counterfoil-cli"], &[]),
        arrow("counterfoil-tests", &["xtask"], &[]),
        arrow("counterfoil-run", &["counterfoil-store"], &[]),
        arrow("counterfoil-new", &[], &[]),
    ];
    for arrows in &broken {
        assert!(!faults(arrows).is_empty(), "{arrows:?} went through");
    }
    assert!(
        faults(&arrow("counterfoil-engine", &["counterfoil-core"], &["counterfoil-scenario"])).is_empty()
    );
}
