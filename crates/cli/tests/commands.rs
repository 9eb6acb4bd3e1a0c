//! Each command does what its help says: data on standard output, the rest on standard error, documents as scripts read them.
#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "waits for another process by the wall clock")]

mod common;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use common::{Terminal, answered};
use serde_json::json;

/// Columns of the page that tables are made for.
const PAGE: usize = 100;

#[test]
fn the_comparison_fits_the_page_and_needs_no_colour() {
    let terminal = Terminal::new();
    let run = terminal.small("fashion-web-shop", &[]).expect(0);
    assert!(!run.out.contains('\u{1b}'), "no terminal, no colour");
    for line in run.out.lines() {
        assert!(line.chars().count() <= PAGE, "{} columns: {line}", line.chars().count());
    }
    assert!(run.out.starts_with("If this scenario is right"), "{}", run.out);
    for words in [
        "control",
        "status-quo",
        "batch",
        "realtime",
        "orders per shopper",
        "a shop of 200 shoppers, 2 worlds",
    ] {
        assert!(run.out.contains(words), "`{words}` is missing");
    }
    assert!(run.err.contains("Run ") && run.err.contains("shopper-days"), "{}", run.err);
    let shown = terminal.say(&["show", "latest"]).expect(0);
    assert_eq!(shown.out, run.out);
    let other = terminal.say(&["show", "latest", "--versus", "status-quo"]).expect(0);
    assert!(other.out.contains("batch \u{2212} status-quo"), "{}", other.out);
}

/// Goal: what the document says of metrics, pairs, bridge and contribution holds in every run.
#[test]
fn the_document_has_every_metric_for_every_pair_and_bridges_that_add_up() {
    let terminal = Terminal::new();
    let document = terminal.small("fashion-web-shop", &["--json"]).expect(0).json();
    let arms = document["arms"].as_array().unwrap();
    let metrics: Vec<&String> = arms[0]["metrics"].as_object().unwrap().keys().collect();
    let listed = terminal.say(&["schema", "metrics"]).expect(0).json();
    let names: Vec<&str> =
        listed["metrics"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    for name in &names {
        assert!(metrics.iter().any(|metric| metric == name), "{name} is listed, but not in the document");
    }
    assert_eq!(metrics.len(), names.len());
    let pairs = arms.len() * (arms.len() - 1) / 2;
    assert_eq!(document["differences"].as_array().unwrap().len(), pairs * metrics.len());
    for (truth, arm) in document["truth"].as_array().unwrap().iter().zip(arms) {
        let cents = |step: &serde_json::Value| -> i64 {
            step["amount"].as_str().unwrap().replace('.', "").parse().unwrap()
        };
        let steps: Vec<i64> = truth["bridge"].as_array().unwrap().iter().map(cents).collect();
        let (last, others) = steps.split_last().unwrap();
        assert_eq!(*last, others.iter().sum::<i64>(), "{truth}");
        let mean = arm["metrics"]["contribution_per_shopper"]["mean"].as_f64().unwrap();
        assert!((mean * 2.0 * 200.0 * 100.0 - *last as f64).abs() < 0.5, "{mean} is not {last} cents");
    }
    assert_eq!(terminal.say(&["show", "latest", "--json"]).expect(0).json(), document);
    let runs = terminal.say(&["runs", "--json"]).expect(0).json();
    assert_eq!(runs["runs"][0]["result_hash"], document["run"]["result_hash"]);
}

#[test]
fn a_run_is_named_by_its_id_a_beginning_of_it_or_latest() {
    let terminal = Terminal::with_run();
    let id = terminal.say(&["runs", "--json"]).json()["runs"][0]["id"].as_str().unwrap().to_owned();
    let latest = terminal.say(&["show", "latest"]).expect(0).out;
    assert_eq!(terminal.say(&["show", &id]).expect(0).out, latest);
    assert_eq!(terminal.say(&["show", &id[..4]]).expect(0).out, latest);
    let table = terminal.say(&["runs"]).expect(0).out;
    assert!(table.contains(&id) && table.contains("complete"), "{table}");
}

#[test]
fn questions_are_answered_as_a_table_and_as_a_document() {
    let terminal = Terminal::with_run();
    let query = "SELECT arm, sum(shoppers) AS shoppers FROM totals_readable WHERE run = :run GROUP BY arm ORDER BY arm";
    let table = terminal.say(&["sql", "latest", query]).expect(0).out;
    assert_eq!(table.lines().next().unwrap(), "arm         shoppers");
    assert!(table.contains("control          400"), "{table}");
    let document = terminal.say(&["sql", "latest", query, "--json"]).expect(0).json();
    assert_eq!(document["rows"][0][0], "batch");
    let cut = terminal.say(&["sql", "latest", query, "--limit", "1"]).expect(0);
    assert_eq!(cut.out.lines().count(), 2);
    assert!(cut.err.contains("--limit"), "{cut:?}");
    for harm in ["DELETE FROM runs", "SELECT 1; DROP TABLE runs", "PRAGMA user_version = 3", "SELECT nothing"]
    {
        let answered = terminal.say(&["sql", "latest", harm]).expect(2);
        assert!(answered.out.is_empty() && !answered.err.is_empty(), "{harm}: {answered:?}");
    }
    terminal.say(&["show", "latest"]).expect(0);
}

#[test]
fn a_stored_run_is_verified_and_a_changed_one_is_found() {
    let terminal = Terminal::with_run();
    let answered = terminal.say(&["verify", "latest"]).expect(0);
    assert!(answered.out.contains("every row equal"), "{answered:?}");
    let answered = terminal.say(&["verify", "latest", "--stored"]).expect(0);
    assert!(
        answered.out.contains("every digest equal") && answered.out.contains("not forgers"),
        "{answered:?}"
    );
    let store = rusqlite::Connection::open(&terminal.store).unwrap();
    store.execute_batch("UPDATE totals SET value = value + 1 WHERE name = 'orders' AND arm_unit = (SELECT arm_unit FROM arm_units WHERE world = 1 AND arm_no = 3)").unwrap();
    drop(store);
    for stored in [&["verify", "latest", "--json"][..], &["verify", "latest", "--stored", "--json"]] {
        let document = terminal.say(stored).expect(1).json();
        assert_eq!(document["equal"], false);
        let found = &document["differences"][0];
        assert_eq!(
            (&found["table"], &found["world"], &found["arm"]),
            (&json!("totals"), &json!(1), &json!("realtime"))
        );
    }
    let answered = terminal.say(&["verify", "latest"]).expect(1);
    assert!(answered.out.contains("name orders: value"), "the first row is named: {answered:?}");
}

#[test]
fn tables_charts_and_the_report_are_written() {
    let terminal = Terminal::with_run();
    for table in [
        "totals",
        "daily",
        "truth",
        "bridge",
        "probe_weeks",
        "needs",
        "orders",
        "offers",
        "visits",
        "decisions",
    ] {
        let file = format!("{table}.csv");
        terminal.say(&["export", "latest", "--table", table, "--out", &file]).expect(0);
        let text = fs::read_to_string(terminal.path(&file)).unwrap();
        let columns = text.lines().next().unwrap().split(',').count();
        assert!(columns > 3 && text.lines().count() > 1, "{table}: {}", text.lines().next().unwrap());
        let piped = terminal.say(&["export", "latest", "--table", table, "--out", "-"]).expect(0);
        assert_eq!(piped.out, text);
    }
    for figure in ["headline", "daily", "cumulative", "bridge"] {
        let (svg, csv) = (format!("{figure}.svg"), format!("{figure}.csv"));
        terminal.say(&["chart", "latest", "--figure", figure, "--out", &svg]).expect(0);
        let text = fs::read_to_string(terminal.path(&svg)).unwrap();
        assert!(text.starts_with("<svg") && text.trim_end().ends_with("</svg>"), "{figure}");
        terminal.say(&["chart", "latest", "--figure", figure, "--out", &csv, "--force"]).expect(0);
        assert!(fs::read_to_string(terminal.path(&csv)).unwrap().lines().count() > 1, "{figure}");
    }
    terminal.say(&["chart", "latest", "--figure", "headline", "--out", "headline.png"]).expect(2);
    terminal.say(&["report", "latest", "--out", "report.html"]).expect(0);
    let report = fs::read_to_string(terminal.path("report.html")).unwrap();
    assert!(report.contains("<svg") && !report.contains("src=\"http"), "the report stands alone");
    terminal.say(&["report", "latest", "--out", "report.docx"]).expect(2);
}

#[test]
fn a_shopper_is_shown_under_every_arm() {
    let terminal = Terminal::with_run();
    let query = "SELECT shopper FROM orders_readable WHERE run = :run AND world = 0 LIMIT 1";
    let shopper = terminal.say(&["sql", "latest", query, "--json"]).json()["rows"][0][0].to_string();
    let answered = terminal.say(&["replay", "latest", "--shopper", &shopper, "--all"]).expect(0);
    for arm in ["control", "status-quo", "batch", "realtime"] {
        assert!(answered.out.contains(arm), "{}", answered.out);
    }
    assert!(answered.out.lines().all(|line| line.chars().count() <= PAGE), "{}", answered.out);
    let document = terminal.say(&["replay", "latest", "--shopper", &shopper, "--json"]).expect(0).json();
    assert_eq!(document["arms"].as_array().unwrap().len(), 4);
    assert_eq!(answered.out.contains("first divergence"), !document["divergence"].is_null());
    let outside = terminal.say(&["replay", "latest", "--shopper", "200"]).expect(2);
    assert!(outside.err.contains("200"), "{outside:?}");
    terminal.say(&["replay", "latest", "--shopper", "0", "--world", "9"]).expect(2);
}

#[test]
fn files_are_validated_and_schemas_printed() {
    let terminal = Terminal::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let named = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let files = [named("fashion-web-shop.toml"), named("policies/realtime.toml"), "placebo".to_owned()];
    let answered = terminal.say(&["validate", &files[0], &files[1], &files[2]]).expect(0);
    assert_eq!(answered.out.matches(": fine (").count(), 3, "{}", answered.out);
    let broken =
        terminal.write("shop.toml", "format = 1\nextends = \"placebo\"\nname = \"shop\"\nwrlds = 3\n");
    let answered = terminal.say(&["validate", &files[2], &broken, "--json"]).expect(2).json();
    assert_eq!(answered["files"][0]["errors"].as_array().unwrap().len(), 0);
    assert_eq!(answered["files"][1]["errors"][0]["line"], 4);
    for name in ["scenario", "policy"] {
        let schema: serde_json::Value =
            serde_json::from_str(&terminal.say(&["schema", name]).expect(0).out).unwrap();
        assert!(schema["properties"]["format"].is_object(), "{name}");
    }
    assert!(!terminal.store.exists(), "neither needs a store");
}

#[test]
fn decisions_are_accepted_checked_and_a_change_is_told() {
    let terminal = Terminal::new();
    let missing = terminal.say(&["check", "fashion-web-shop", "--baselines", "accepted"]).expect(2);
    assert!(missing.err.contains("counterfoil accept fashion-web-shop"), "{missing:?}");
    terminal.say(&["accept", "fashion-web-shop", "--baselines", "accepted"]).expect(0);
    terminal.say(&["check", "fashion-web-shop", "--baselines", "accepted"]).expect(0);
    let file = terminal.path("accepted/fashion-web-shop.txt");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.len() < 1_000_000, "{} bytes are too many for a review", text.len());
    let run = text.lines().find_map(|line| line.strip_prefix("# run ")).unwrap();
    assert!(run.contains("4000 shoppers") && run.contains("horizon 56 days"), "an outcome can ripen: {run}");
    let words = |line: &&str| !line.starts_with('#') && line.split(' ').count() == 11;
    let decisions: Vec<&str> = text.lines().filter(words).collect();
    assert!(decisions.len() > 1_000 && decisions.is_sorted(), "{} decisions", decisions.len());
    assert!(decisions.iter().any(|line| line.contains(" - - ")), "quiet decisions stand there too");
    assert!(
        text.contains(" message reminder ") && text.contains(" sale sale-20 1 "),
        "and messages and sales"
    );

    let mut places = text.lines().enumerate().filter(|(_, line)| line.contains("arbitrate") && words(line));
    let (first, second) = (places.next().unwrap().0, places.next().unwrap().0);
    let kept = text.lines().enumerate().filter(|(at, _)| *at != second);
    let changed: Vec<String> = kept
        .map(|(at, line)| if at == first { line.replace("arbitrate", "guardrails") } else { line.to_owned() })
        .collect();
    fs::write(&file, changed.join("\n") + "\n").unwrap();
    let answered = terminal.say(&["check", "fashion-web-shop", "--baselines", "accepted"]).expect(1);
    for words in [
        "2 changes among the",
        "before",
        "now",
        "guardrails",
        "arbitrate",
        "nothing was asked or sent",
        "say what they said, so the engine changed",
        "read policy batch (",
    ] {
        assert!(answered.out.contains(words), "`{words}` is not in\n{}", answered.out);
    }
    let document =
        terminal.say(&["check", "fashion-web-shop", "--baselines", "accepted", "--json"]).expect(1).json();
    let scenario = &document["scenarios"][0];
    assert_eq!(scenario["changes"].as_array().unwrap().len(), 2);
    assert_eq!((&scenario["fine"], &scenario["counts"]), (&false.into(), &serde_json::json!([])));
    terminal.say(&["accept", "fashion-web-shop", "--baselines", "accepted"]).expect(0);
    assert_eq!(fs::read_to_string(&file).unwrap(), text, "accepting writes what was there before");
}

/// Goal: a decision outside the sample is seen as well, by count and digest, quiet ones and messages alike.
#[test]
fn decisions_of_every_shopper_are_compared() {
    let terminal = Terminal::new();
    terminal.write("shop.toml", SMALL_SHOP);
    terminal.say(&["accept", "shop.toml", "--baselines", "accepted"]).expect(0);
    let file = terminal.path("accepted/shop.txt");
    let text = fs::read_to_string(&file).unwrap();
    for kind in [" message reminder ", " wrong-moment ", " won "] {
        let count = |line: &&str| line.contains(kind) && line.split(' ').count() == 6;
        let line = text.lines().find(count).unwrap_or_else(|| panic!("no count of{kind}in\n{text}"));
        let other = format!("{}{}", &line[..line.len() - 8], "00000000");
        fs::write(&file, text.replace(line, &other)).unwrap();
        let answered = terminal.say(&["check", "shop.toml", "--baselines", "accepted"]).expect(1);
        assert!(
            answered.out.contains("1 place (day, point, reason) changed among all shoppers"),
            "{}",
            answered.out
        );
        assert!(answered.out.contains("0 changes among the"), "{}", answered.out);
    }
}

/// Goal: files of the form before are refused, with what to do.
#[test]
fn an_older_accepted_file_says_to_accept_anew() {
    let terminal = Terminal::new();
    terminal.write("shop.toml", SMALL_SHOP);
    terminal.write("accepted/shop.txt", "# Accepted decisions of shop.\n# format 1\n# scenario-hash ab\n");
    let answered = terminal.say(&["check", "shop.toml", "--baselines", "accepted"]).expect(2);
    for words in ["format 1", "reads format 2", "counterfoil accept shop.toml"] {
        assert!(answered.err.contains(words), "`{words}` is not in\n{}", answered.err);
    }
    terminal.say(&["accept", "shop.toml", "--baselines", "accepted"]).expect(0);
    terminal.say(&["check", "shop.toml", "--baselines", "accepted"]).expect(0);
}

/// Goal: a policy that says something else is never fine: its decisions changed, or it is answered to be not covered.
#[test]
fn a_policy_that_changed_without_a_changed_decision_is_not_covered() {
    let terminal = Terminal::new();
    terminal.write("shop.toml", SMALL_SHOP);
    terminal.write("policies/batch.toml", &common::shipped_policy("batch"));
    let accepted = terminal.say(&["accept", "shop.toml", "--baselines", "accepted"]).expect(0);
    assert!(accepted.out.contains("written to"), "{accepted:?}");
    terminal.edit("policies/batch.toml", "# Nightly segments", "# Every night, segments");
    terminal.say(&["check", "shop.toml", "--baselines", "accepted"]).expect(0);

    terminal.edit("policies/batch.toml", "description = \"", "description = \"Now: ");
    let answered = terminal.say(&["check", "shop.toml", "--baselines", "accepted"]).expect(1);
    for words in [
        "not covered: policy batch of arm batch",
        "but no decision of this run changed",
        "1 policy not covered",
    ] {
        assert!(answered.out.contains(words), "`{words}` is not in\n{}", answered.out);
    }
    let document =
        terminal.say(&["check", "shop.toml", "--baselines", "accepted", "--json"]).expect(1).json();
    let scenario = &document["scenarios"][0];
    assert_eq!((&scenario["fine"], &scenario["not_covered"][0]["arm"]), (&false.into(), &"batch".into()));
    assert_eq!(scenario["changes"].as_array().unwrap().len(), 0);

    terminal.edit("policies/batch.toml", "prospect-warm = \"reminder\"", "prospect-warm = \"none\"");
    let document =
        terminal.say(&["check", "shop.toml", "--baselines", "accepted", "--json"]).expect(1).json();
    let scenario = &document["scenarios"][0];
    assert!(
        !scenario["counts"].as_array().unwrap().is_empty()
            && scenario["not_covered"] == serde_json::json!([])
    );
    assert_eq!(scenario["engine_changed"], serde_json::json!([]), "the policy did");
}

/// A shop that decides enough in a blink.
const SMALL_SHOP: &str = "format = 1\nextends = \"fashion-web-shop\"\nname = \"shop\"\nhistory = \"28 days\"\n\
                          horizon = \"21 days\"\n\n[shoppers]\ncount = 600\n";

/// Goal: another text of the scenario is answered, and is no change as long as every decision is the same.
#[test]
fn a_changed_scenario_is_a_note_and_not_a_change() {
    let terminal = Terminal::new();
    let text = "format = 1\nextends = \"placebo\"\nname = \"shop\"\n\n[about]\nquestion = \"One?\"\n";
    let file = terminal.write("shop.toml", text);
    terminal.say(&["accept", &file, "--baselines", "accepted"]).expect(0);
    terminal.write("shop.toml", &text.replace("One?", "Two?"));
    let answered = terminal.say(&["check", &file, "--baselines", "accepted"]).expect(0);
    assert!(answered.out.contains("note: the scenario itself changed"), "{answered:?}");
}

#[test]
fn a_live_session_shows_what_happens_and_stops_when_told() {
    let terminal = Terminal::new();
    let arguments = [
        "live",
        "fashion-web-shop",
        "--policy",
        "realtime",
        "--speed",
        "1000",
        "--shoppers",
        "400",
        "--for",
        "2",
    ];
    let began = Instant::now();
    let answered = answered(&mut terminal.command(&arguments));
    assert_eq!(answered.code, 0, "{answered:?}");
    assert!(began.elapsed() < Duration::from_secs(60));
    assert!(answered.out.contains("missed the deadline of 100 ms"), "{}", answered.out);
    assert!(answered.err.contains("Not deterministic"), "{}", answered.err);
    terminal.say(&["live", "fashion-web-shop", "--policy", "nobody", "--for", "1"]).expect(2);
}

#[test]
fn a_store_that_was_just_begun_has_no_runs() {
    let terminal = Terminal::new();
    terminal.write("zero.db", "");
    for words in [&["runs", "--store", "zero.db"][..], &["runs", "--deleted", "--store", "zero.db"]] {
        terminal.say(words).expect(0);
    }
    let listed = terminal.say(&["runs", "--json", "--store", "zero.db"]).expect(0).json();
    assert_eq!(listed["runs"], json!([]));
    assert_eq!(fs::metadata(terminal.path("zero.db")).unwrap().len(), 0, "reading makes no store of it");
    terminal.say(&["runs", "--json", "--store", "mistyped.db"]).expect(2);
}

#[test]
fn an_empty_store_says_how_to_begin() {
    let terminal = Terminal::new();
    let answered = terminal.say(&["runs"]).expect(0);
    assert!(answered.out.is_empty() && answered.err.contains("counterfoil run "), "{answered:?}");
    assert_eq!(terminal.say(&["runs", "--json"]).expect(0).json()["runs"].as_array().unwrap().len(), 0);
    let answered = terminal.say(&["show", "latest"]).expect(2);
    assert!(answered.err.contains("hint:"), "{answered:?}");
}

#[test]
fn every_command_has_help_with_an_example() {
    let terminal = Terminal::new();
    let help = terminal.say(&["help"]).expect(0).out;
    let commands = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let names: Vec<&str> = commands.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() >= 14, "{names:?}");
    for name in names.into_iter().filter(|name| !matches!(*name, "help" | "runs")) {
        let help = terminal.say(&[name, "--help"]).expect(0).out;
        assert!(help.contains(&format!("counterfoil {name} ")), "{name} has no example:\n{help}");
    }
}
