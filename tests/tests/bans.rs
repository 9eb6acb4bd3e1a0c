//! What clippy refuses everywhere: functions and types whose result depends on the machine, the run or the clock. Clippy itself
//! is asked, with the settings of this repository, about a small crate that uses each of them once.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Elementary functions of one argument; all of them exist for both kinds of float.
const OF_ONE: [&str; 21] = [
    "ln", "ln_1p", "log2", "log10", "exp", "exp2", "exp_m1", "cbrt", "sin", "cos", "sin_cos", "tan", "asin",
    "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
];
/// Functions of two floats.
const OF_TWO: [&str; 4] = ["log", "powf", "hypot", "atan2"];
/// Paths that need no float.
const OTHERS: [(&str, &str); 4] = [
    ("method", "std::time::Instant::now"),
    ("method", "std::time::SystemTime::now"),
    ("type", "std::collections::HashMap"),
    ("type", "std::collections::HashSet"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Every ban: how clippy calls it, its path, and a line of Rust that breaks it.
fn bans() -> Vec<(&'static str, String, String)> {
    let mut all = Vec::new();
    for float in ["f64", "f32"] {
        for name in OF_ONE {
            all.push(("method", format!("{float}::{name}"), format!("let _ = 0.5_{float}.{name}();")));
        }
        for name in OF_TWO {
            all.push(("method", format!("{float}::{name}"), format!("let _ = 0.5_{float}.{name}(0.5);")));
        }
        all.push(("method", format!("{float}::powi"), format!("let _ = 0.5_{float}.powi(3);")));
    }
    for (kind, path) in OTHERS {
        let line = if kind == "method" {
            format!("let _ = {path}();")
        } else {
            format!("let _ = {path}::<u8>::len;")
        };
        all.push((kind, path.to_owned(), line.replace("HashMap::<u8>", "HashMap::<u8, u8>")));
    }
    all
}

/// What clippy says of a crate that breaks every ban; `None` if there is no clippy.
fn verdict(lines: &[String]) -> Option<String> {
    let there = Command::new(env!("CARGO")).args(["clippy", "--version"]).output().ok()?;
    if !there.status.success() {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    let manifest = "[package]\nname = \"broken\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    fs::write(folder.path().join("src/lib.rs"), format!("pub fn broken() {{\n{}\n}}\n", lines.join("\n")))
        .unwrap();
    let clippy = Command::new(env!("CARGO"))
        .args(["clippy", "--offline", "--message-format", "short"])
        .current_dir(folder.path())
        .env("CLIPPY_CONF_DIR", root())
        .env("CARGO_TARGET_DIR", folder.path().join("target"))
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    Some(String::from_utf8(clippy.stderr).unwrap())
}

#[test]
fn clippy_refuses_what_depends_on_machine_run_or_clock() {
    let bans = bans();
    let lines: Vec<String> = bans.iter().map(|(_, _, line)| line.clone()).collect();
    let Some(said) = verdict(&lines) else {
        println!("skipped: there is no clippy here");
        return;
    };
    let allowed: Vec<&str> = (bans.iter())
        .filter(|(kind, path, _)| !said.contains(&format!("use of a disallowed {kind} `{path}`")))
        .map(|(_, path, _)| path.as_str())
        .collect();
    assert!(allowed.is_empty(), "clippy.toml does not refuse {allowed:?}; clippy said:\n{said}");
    assert!(!said.contains("does not refer to"), "clippy.toml names something that does not exist:\n{said}");
}

/// Goal: who meets a ban is told what to use instead.
#[test]
fn every_ban_names_a_replacement() {
    let text = fs::read_to_string(root().join("clippy.toml")).unwrap();
    let rows: Vec<&str> = text.lines().filter(|line| line.contains("path = ")).collect();
    assert_eq!(rows.len(), bans().len() + 2, "one row for each ban of this test, and two of `rand_distr`");
    for row in rows {
        let reason = row.split_once("reason = \"").unwrap().1;
        assert!(["use ", "pass ", "is in "].iter().any(|word| reason.contains(word)), "{row}");
    }
}
