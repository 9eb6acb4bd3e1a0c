//! `docs/requirements.md` against the sources: every test that it names is there, and its counts are those of its rows.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Number, state and last cell of every row.
fn rows(text: &str) -> Vec<(String, String, String)> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.strip_prefix("| R")?.strip_suffix(" |")?.split(" | ").collect();
        Some((cells.first()?.to_string(), cells.get(2)?.to_string(), cells.get(5)?.to_string()))
    };
    text.lines().filter_map(row).collect()
}

/// Names of tests in a cell: words in back quotes that are long enough to say what is proved.
fn named(cell: &str) -> impl Iterator<Item = &str> {
    let is_name = |word: &&str| {
        word.matches('_').count() >= 2 && !word.contains(|c: char| !c.is_ascii_alphanumeric() && c != '_')
    };
    cell.split('`').skip(1).step_by(2).filter(is_name)
}

/// Names of all functions below `folder` that stand in a file of Rust.
fn functions(folder: &Path, into: &mut BTreeSet<String>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            functions(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let name = |rest: &str| {
                rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_owned()
            };
            into.extend(text.split("fn ").skip(1).map(name));
        }
    }
}

/// What is wrong with the document, given the functions that exist.
fn faults(text: &str, functions: &BTreeSet<String>) -> Vec<String> {
    let rows = rows(text);
    let count = |state: &str| rows.iter().filter(|(_, found, _)| found == state).count();
    let sums = format!(
        "{} are done, {} are done in part, {} are open.",
        count("done"),
        count("done in part"),
        count("open")
    );
    let mut faults = Vec::new();
    if !text.contains(&sums) {
        faults.push(format!("the counts are: {sums}"));
    }
    for (number, state, cell) in &rows {
        let missing = named(cell).filter(|name| !functions.contains(*name));
        faults.extend(missing.map(|name| format!("R{number} names `{name}`, which is not there")));
        if (state == "open") != (named(cell).count() == 0) {
            faults.push(format!("R{number} is {state}, which its tests do not say"));
        }
        if (state == "done in part") != cell.contains("*Missing:*") {
            faults.push(format!("R{number} is {state}: say what is missing exactly where something is"));
        }
    }
    faults
}

#[test]
fn names_and_counts_of_the_requirements_are_true() {
    let text = fs::read_to_string(root().join("docs/requirements.md")).unwrap();
    assert_eq!(rows(&text).len(), 90);
    let mut all = BTreeSet::new();
    for folder in ["crates", "tests"] {
        functions(&root().join(folder), &mut all);
    }
    let faults = faults(&text, &all);
    assert!(faults.is_empty(), "\n{}\nremedy: correct docs/requirements.md\n", faults.join("\n"));
}

/// Goal: the check above can fail.
#[test]
fn a_wrong_row_is_found() {
    let row = |state: &str, cell: &str| format!("| R1 | demand | {state} | where | all | {cell} |\n");
    let known = BTreeSet::from(["this_is_proved".to_owned()]);
    let count = |head: &str, row: String| faults(&format!("{head} are open.\n{row}"), &known).len();
    let done = "1 are done, 0 are done in part, 0";
    assert_eq!(count(done, row("done", "`this_is_proved`: it is.")), 0);
    assert_eq!(count(done, row("done", "`this_is_not_there`: it is.")), 1);
    assert_eq!(count(done, row("done", "nothing")), 1);
    assert_eq!(count("2 are done, 0 are done in part, 0", row("done", "`this_is_proved`")), 1);
    let part = "0 are done, 1 are done in part, 0";
    assert_eq!(count(part, row("done in part", "`this_is_proved`. *Missing:* The rest.")), 0);
    assert_eq!(count(part, row("done in part", "`this_is_proved`.")), 1);
    assert_eq!(count("0 are done, 0 are done in part, 1", row("open", "`this_is_proved`")), 1);
}
