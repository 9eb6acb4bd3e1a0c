//! Files are what runs: which text a command reads, that it says so, and that an edit of it arrives.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;

use common::{Terminal, shipped_policy};

/// Hash of a policy in `run --json`, and where it was read.
fn policy(document: &serde_json::Value, name: &str) -> (String, String) {
    let policies = document["run"]["policies"].as_array().unwrap();
    let found = policies.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("{document}"));
    let word = |key: &str| found[key].as_str().unwrap().to_owned();
    (word("hash"), word("read"))
}

fn orders(document: &serde_json::Value, arm: &str) -> String {
    let arms = document["arms"].as_array().unwrap();
    let found = arms.iter().find(|one| one["name"] == arm).unwrap();
    found["orders_hash"].as_str().unwrap().to_owned()
}

/// Goal: a scenario given as a path runs the policies and the parent that lie beside it, and says which files it read.
#[test]
fn a_scenario_file_runs_what_lies_beside_it() {
    let terminal = Terminal::new();
    terminal.copy_scenarios();
    let shipped = terminal.small("deal-hunters", &["--json"]).expect(0).json();
    let answered = terminal.small("scenarios/deal-hunters.toml", &["--json"]).expect(0);
    let (same, err) = (answered.json(), answered.err);
    assert_eq!(same["run"]["result_hash"], shipped["run"]["result_hash"], "the copies say the same");
    for line in [
        "scenario deal-hunters (",
        "): scenarios/deal-hunters.toml",
        "scenario fashion-web-shop: scenarios/fashion-web-shop.toml",
        "): scenarios/policies/realtime.toml",
        "): scenarios/policies/calendar-sale.toml",
        "policy none (",
        "): shipped",
    ] {
        assert!(err.contains(line), "`{line}` is not in\n{err}");
    }
    assert_eq!(policy(&same, "batch").0, policy(&shipped, "batch").0, "a path enters no hash");
    assert_eq!(policy(&same, "batch").1, "scenarios/policies/batch.toml");
    assert_eq!(policy(&shipped, "batch").1, "shipped");
    assert_eq!(same["run"]["scenario_read"][1], "scenarios/fashion-web-shop.toml");

    terminal.edit("scenarios/policies/batch.toml", "holdout = \"5 %\"", "holdout = \"100 %\"");
    terminal.edit("scenarios/fashion-web-shop.toml", "gross_margin = \"", "gross_margin = \"1");
    let parent = terminal.small("scenarios/deal-hunters.toml", &["--json"]);
    assert_eq!(parent.code, 2, "the parent beside the file is read, with its fault: {parent:?}");
    assert!(parent.err.contains("scenarios/fashion-web-shop.toml"), "{}", parent.err);
    terminal.edit("scenarios/fashion-web-shop.toml", "gross_margin = \"1", "gross_margin = \"");
    let edited = terminal.small("scenarios/deal-hunters.toml", &["--json"]).expect(0).json();
    assert_ne!(policy(&edited, "batch").0, policy(&same, "batch").0);
    assert_ne!(orders(&edited, "batch"), orders(&same, "batch"), "the edit arrives in the arm");
    assert_eq!(orders(&edited, "realtime"), orders(&same, "realtime"), "and in no other");
    let by_name = terminal.small("deal-hunters", &["--json"]).expect(0).json();
    assert_eq!(by_name["run"]["result_hash"], shipped["run"]["result_hash"], "a name means the shipped text");
}

/// Goal: a file of the library under a shipped name is what that name means, for scenarios, policies and flags.
#[test]
fn the_library_comes_before_the_shipped_text() {
    let terminal = Terminal::new();
    let held = shipped_policy("batch").replace("holdout = \"5 %\"", "holdout = \"100 %\"");
    let shipped = terminal.small("fashion-web-shop", &["--json"]).expect(0).json();
    terminal.write("data/scenarios/policies/batch.toml", &held);
    terminal.write("data/scenarios/policies/quiet.toml", &held);
    for flags in [vec!["--json"], vec!["--json", "--policy", "batch"], vec!["--json", "--policy", "quiet"]] {
        let arm = if flags.contains(&"quiet") { "quiet" } else { "batch" };
        let document = terminal.small("fashion-web-shop", &flags).expect(0).json();
        assert_ne!(policy(&document, arm).0, policy(&shipped, "batch").0, "{flags:?}");
        assert!(policy(&document, arm).1.ends_with(&format!("policies/{arm}.toml")), "{flags:?}");
        assert_ne!(orders(&document, arm), orders(&shipped, "batch"), "{flags:?}");
    }
    let added = terminal.say(&["run", "--add-arm", "quiet", "--into", "latest"]).expect(2);
    assert!(added.err.contains("quiet"), "{added:?}");
    terminal.small("fashion-web-shop", &["--policy", "realtime"]).expect(0);
    let added = terminal.say(&["run", "--add-arm", "quiet", "--into", "latest", "--json"]).expect(0);
    assert!(added.err.contains("policy quiet: ") && policy(&added.json(), "quiet").1.ends_with("quiet.toml"));
    terminal.write(
        "data/scenarios/placebo.toml",
        "format = 1\nextends = \"placebo\"\nname = \"placebo\"\nseed = 9\n",
    );
    let own = terminal.small("placebo", &["--json"]).expect(0).json();
    assert_eq!(own["run"]["seed"], 9, "{own}");
}

/// Goal: `--policy` with a scenario file means what lies beside that file; a name that is nowhere is an error.
#[test]
fn a_flag_beside_a_scenario_file_is_named_from_that_file() {
    let terminal = Terminal::new();
    let held = shipped_policy("batch").replace("holdout = \"5 %\"", "holdout = \"100 %\"");
    let file = terminal.write("a/mine.toml", "format = 1\nextends = \"fashion-web-shop\"\nname = \"mine\"\n");
    terminal.write("a/policies/batch.toml", &held);
    terminal.write("a/policies/early.toml", &held);
    terminal.write("a/own/late.toml", &held);
    let flags = ["--json", "--policy", "batch", "--policy", "early", "--policy", "own/late.toml"];
    let document = terminal.small(&file, &flags).expect(0).json();
    for (name, read) in [
        ("batch", "a/policies/batch.toml"),
        ("early", "a/policies/early.toml"),
        ("late", "a/own/late.toml"),
        ("none", "shipped"),
    ] {
        assert_eq!(policy(&document, name).1, read);
    }
    let nowhere = terminal.small(&file, &["--policy", "erly"]).expect(2);
    for words in ["`--policy` is \"erly\"", "arms are batch, realtime", "shipped policies are", "hint:"] {
        assert!(nowhere.err.contains(words), "`{words}` is not in\n{}", nowhere.err);
    }
    terminal.edit(&file, "\"mine\"\n", "\"mine\"\n\n[[arms]]\nname = \"x\"\npolicy = \"nobody\"\n");
    for command in ["run", "check", "accept", "validate"] {
        let answered = terminal.say(&[command, &file]).expect(2);
        let all = format!("{}{}", answered.out, answered.err);
        assert!(all.contains("a/mine.toml:7") && all.contains("\"nobody\""), "{command}: {all}");
    }
}

/// Goal: the stamp of a stored run says, from the store alone, what was read and the hash of every resolved policy.
#[test]
fn a_stored_run_says_what_it_read() {
    let terminal = Terminal::new();
    terminal.copy_scenarios();
    let first = terminal.small("scenarios/fashion-web-shop.toml", &["--json"]).expect(0).json();
    terminal.edit(
        "scenarios/policies/realtime.toml",
        "# The real-time engine",
        "# A comment, and more:\n# The engine",
    );
    let second = terminal.small("scenarios/fashion-web-shop.toml", &["--json"]).expect(0).json();
    assert_eq!(first["run"]["policies"], second["run"]["policies"], "comments do not count");
    fs::remove_dir_all(terminal.path("scenarios")).unwrap();
    let (hash, _) = policy(&second, "realtime");
    let line = format!("policy realtime ({}): scenarios/policies/realtime.toml", &hash[..12]);
    let shown = terminal.say(&["show", "latest"]).expect(0).out;
    assert!(shown.contains(&line), "`{line}` is not in\n{shown}");
    assert_eq!(
        terminal.say(&["show", "latest", "--json"]).expect(0).json()["run"]["policies"],
        second["run"]["policies"]
    );
    terminal.say(&["report", "latest", "--out", "report.html"]).expect(0);
    let report = fs::read_to_string(terminal.path("report.html")).unwrap();
    assert!(report.contains(&format!("realtime {} from scenarios", &hash[..12])), "the report's stamp");
    terminal.say(&["verify", "latest"]).expect(0);
}
