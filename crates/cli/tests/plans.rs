//! `plan`, `shard` and `merge` as scripts use them: files, exit codes, and the same result as `run`.
#![allow(clippy::unwrap_used)]

mod common;
#[cfg(unix)]
#[path = "common/terminal.rs"]
mod terminal;

use std::fs::{self, File};

use common::{SMALL, Terminal};

/// A terminal with a plan of three units: two worlds of the default scenario, one of another.
fn terminal() -> Terminal {
    let terminal = Terminal::new();
    let plan: Vec<&str> =
        ["plan", "fashion-web-shop", "--out", "plan.json"].into_iter().chain(SMALL).collect();
    let answered = terminal.say(&plan).expect(0);
    assert!(
        answered.out.is_empty() && answered.err.contains("2 units: fashion-web-shop (2)"),
        "{answered:?}"
    );
    assert!(!terminal.store.exists(), "nothing is stored");
    terminal
}

/// Standard output of a shard as a file.
fn shard(terminal: &Terminal, units: &str, file: &str) -> i32 {
    let mut command = terminal.command(&["shard", "plan.json", "--units", units, "--quiet"]);
    command.stdout(File::create(terminal.path(file)).unwrap());
    command.status().unwrap().code().unwrap_or(-1)
}

#[test]
fn shards_that_are_merged_are_the_run() {
    let terminal = terminal();
    let hash = terminal.small("fashion-web-shop", &["--json"]).result_hash();
    assert_eq!((shard(&terminal, "2", "b.part"), shard(&terminal, "1..1", "a.part")), (0, 0));
    let merged = |parts: &[&str]| {
        let arguments = ["merge", "plan.json", "--store", "merged.db", "--json"];
        terminal.say(&arguments.into_iter().chain(parts.iter().copied()).collect::<Vec<_>>()).expect(0).json()
    };
    let partial = merged(&["b.part"]);
    assert_eq!(partial["runs"][0]["status"], "partial");
    assert_eq!(partial["runs"][0]["units_done"], 1);
    let listed = terminal.say(&["runs", "--store", "merged.db", "--json"]).expect(0).json();
    assert_eq!(
        (&listed["runs"][0]["status"], &listed["runs"][0]["id"]),
        (&"partial".into(), &partial["runs"][0]["id"])
    );
    let whole = merged(&["a.part", "b.part"]);
    assert_eq!(whole["runs"][0]["result_hash"], hash.as_str());
    assert_eq!((whole["runs"].as_array().unwrap().len(), &whole["runs"][0]["units_written"]), (1, &1.into()));
    let again = terminal.say(&["merge", "plan.json", "a.part", "--store", "merged.db"]).expect(0);
    assert!(again.out.contains("2 of 2 worlds (0 new), complete"), "{again:?}");
    terminal.say(&["verify", "latest", "--store", "merged.db"]).expect(0);
    let shown = |store: &str| {
        let answered = terminal.say(&["show", "latest", "--store", store]).expect(0).out;
        let (tables, origin) = answered.split_once("\na shop of 200 shoppers").unwrap();
        (tables.to_owned(), origin.to_owned())
    };
    let (tables, origin) = shown("merged.db");
    assert_eq!(tables, shown(terminal.store.to_str().unwrap()).0);
    assert!(origin.contains(": plan.json"), "{origin}");
    // A run of one's own holds what the plan holds: nothing is new there.
    let own = terminal.say(&["merge", "plan.json", "b.part"]).expect(0);
    assert!(own.out.contains("(0 new)"), "{own:?}");
    assert_eq!(terminal.say(&["runs", "--json"]).json()["runs"].as_array().unwrap().len(), 1);
}

#[test]
fn two_results_for_one_unit_end_with_one_and_are_both_named() {
    let terminal = terminal();
    terminal.say(&["shard", "plan.json", "--out", "all.part"]).expect(0);
    terminal.say(&["merge", "plan.json", "all.part"]).expect(0);
    let database = rusqlite::Connection::open(&terminal.store).unwrap();
    database.execute("UPDATE arm_units SET digest = replace(digest, 'a', 'b') WHERE world = 1", []).unwrap();
    drop(database);
    let answered = terminal.say(&["merge", "plan.json", "all.part"]).expect(1);
    assert!(answered.out.is_empty(), "{answered:?}");
    for words in ["unit 2 (world 1 of fashion-web-shop)", "of the store", "all.part, record", "hint:"] {
        assert!(answered.err.contains(words), "`{words}` is missing: {}", answered.err);
    }
}

#[test]
fn what_is_wrong_is_said_with_two() {
    let terminal = terminal();
    assert_eq!(shard(&terminal, "1", "a.part"), 0);
    let whole = fs::read(terminal.path("a.part")).unwrap();
    fs::write(terminal.path("cut.part"), &whole[..whole.len() / 2]).unwrap();
    let edited = fs::read_to_string(terminal.path("plan.json")).unwrap().replacen("sample", "visits", 1);
    terminal.write("edited.json", &edited);
    fs::copy(terminal.path("plan.json"), terminal.path("a-plan.part")).unwrap();
    for (arguments, words) in [
        (&["merge", "plan.json", "cut.part"][..], "cut off in record 1"),
        (&["merge", "plan.json", "plan.json"], "does not begin like partial results"),
        (&["merge", "edited.json", "a.part"], "it was edited or damaged"),
        (&["merge", "plan.json"], "<PART>"),
        (&["shard", "edited.json"], "it was edited or damaged"),
        (&["shard", "plan.json", "--units", "2..3"], "the plan has the units 1 to 2"),
        (&["shard", "plan.json", "--units", "0"], "units are counted from 1"),
        (&["shard", "plan.json", "--out", "a.txt"], "a part is written as .part"),
        (&["shard", "a-plan.part", "--out", "a-plan.part"], "never written over"),
        (&["plan", "no-such-shop"], "no-such-shop"),
        (&["plan", "placebo", "placebo"], "is variant 1 again"),
        (&["run", "--add-arm", "blanket", "--into", "latest", "--keep", "visits"], "cannot be used with"),
    ] {
        let answered = terminal.say(arguments).expect(2);
        assert!(answered.out.is_empty() && answered.err.contains(words), "{arguments:?}: {answered:?}");
    }
    assert!(
        !terminal.store.exists()
            || terminal.say(&["runs", "--json"]).json()["runs"].as_array().unwrap().is_empty()
    );
}

#[test]
fn a_plan_goes_to_standard_output_and_is_the_same_each_time() {
    let terminal = Terminal::new();
    let plan =
        || terminal.say(&["plan", "placebo", "fashion-web-shop", "--worlds", "2", "--quiet"]).expect(0);
    let document = plan().json();
    assert_eq!(plan().json(), document);
    assert_eq!(
        (&document["units"], &document["variants"][1]["name"]),
        (&4.into(), &"fashion-web-shop".into())
    );
    assert!(!document.to_string().contains(terminal.folder.path().to_str().unwrap()), "no path");
}

#[cfg(unix)]
#[test]
fn a_terminal_gets_no_partial_results() {
    let terminal = terminal();
    let (code, answered) = terminal::talk(&mut terminal.command(&["shard", "plan.json"]), "");
    assert_eq!(code, 2, "{answered}");
    assert!(
        answered.contains("standard output is a terminal") && answered.contains("--out 1.part"),
        "{answered}"
    );
}

#[cfg(unix)]
#[test]
fn a_shard_that_is_cancelled_leaves_no_file() {
    let terminal = Terminal::new();
    terminal.say(&["plan", "fashion-web-shop", "--worlds", "40", "--out", "plan.json"]).expect(0);
    let mut shard = terminal.command(&["shard", "plan.json", "--out", "all.part"]).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(400));
    let pid = rustix::process::Pid::from_child(&shard);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(shard.wait().unwrap().code(), Some(3));
    assert!(!terminal.path("all.part").exists());
}
