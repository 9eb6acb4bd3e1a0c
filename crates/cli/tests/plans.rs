//! `plan`, `shard` and `merge` as scripts use them: files, exit codes, and the same result as `run`.
#![allow(clippy::unwrap_used)]

mod common;
#[cfg(unix)]
#[path = "common/terminal.rs"]
mod terminal;

use std::fs::{self, File};

use common::{Desk, SMALL};

/// A desk with a plan of three units: two worlds of the default scenario, one of another.
fn desk() -> Desk {
    let desk = Desk::new();
    let plan: Vec<&str> =
        ["plan", "fashion-web-shop", "--out", "plan.json"].into_iter().chain(SMALL).collect();
    let said = desk.say(&plan).expect(0);
    assert!(said.out.is_empty() && said.err.contains("2 units: fashion-web-shop (2)"), "{said:?}");
    assert!(!desk.store.exists(), "nothing is stored");
    desk
}

/// Standard output of a shard as a file.
fn shard(desk: &Desk, units: &str, file: &str) -> i32 {
    let mut command = desk.command(&["shard", "plan.json", "--units", units, "--quiet"]);
    command.stdout(File::create(desk.path(file)).unwrap());
    command.status().unwrap().code().unwrap_or(-1)
}

#[test]
fn shards_that_are_merged_are_the_run() {
    let desk = desk();
    let hash = desk.small("fashion-web-shop", &["--json"]).result_hash();
    assert_eq!((shard(&desk, "2", "b.part"), shard(&desk, "1..1", "a.part")), (0, 0));
    let merged = |parts: &[&str]| {
        let arguments = ["merge", "plan.json", "--store", "merged.db", "--json"];
        desk.say(&arguments.into_iter().chain(parts.iter().copied()).collect::<Vec<_>>()).expect(0).json()
    };
    let partial = merged(&["b.part"]);
    assert_eq!(partial["runs"][0]["status"], "partial");
    assert_eq!(partial["runs"][0]["units_done"], 1);
    let listed = desk.say(&["runs", "--store", "merged.db", "--json"]).expect(0).json();
    assert_eq!(
        (&listed["runs"][0]["status"], &listed["runs"][0]["id"]),
        (&"partial".into(), &partial["runs"][0]["id"])
    );
    let whole = merged(&["a.part", "b.part"]);
    assert_eq!(whole["runs"][0]["result_hash"], hash.as_str());
    assert_eq!((whole["runs"].as_array().unwrap().len(), &whole["runs"][0]["units_written"]), (1, &1.into()));
    let again = desk.say(&["merge", "plan.json", "a.part", "--store", "merged.db"]).expect(0);
    assert!(again.out.contains("2 of 2 worlds (0 new), complete"), "{again:?}");
    desk.say(&["verify", "latest", "--store", "merged.db"]).expect(0);
    let shown = |store: &str| {
        let said = desk.say(&["show", "latest", "--store", store]).expect(0).out;
        let (tables, origin) = said.split_once("\na shop of 200 shoppers").unwrap();
        (tables.to_owned(), origin.to_owned())
    };
    let (tables, origin) = shown("merged.db");
    assert_eq!(tables, shown(desk.store.to_str().unwrap()).0);
    assert!(origin.contains(": plan.json"), "{origin}");
    // A run of one's own holds what the plan holds: nothing is new there.
    let own = desk.say(&["merge", "plan.json", "b.part"]).expect(0);
    assert!(own.out.contains("(0 new)"), "{own:?}");
    assert_eq!(desk.say(&["runs", "--json"]).json()["runs"].as_array().unwrap().len(), 1);
}

#[test]
fn two_results_for_one_unit_end_with_one_and_are_both_named() {
    let desk = desk();
    desk.say(&["shard", "plan.json", "--out", "all.part"]).expect(0);
    desk.say(&["merge", "plan.json", "all.part"]).expect(0);
    let database = rusqlite::Connection::open(&desk.store).unwrap();
    database.execute("UPDATE arm_units SET digest = replace(digest, 'a', 'b') WHERE world = 1", []).unwrap();
    drop(database);
    let said = desk.say(&["merge", "plan.json", "all.part"]).expect(1);
    assert!(said.out.is_empty(), "{said:?}");
    for words in ["unit 2 (world 1 of fashion-web-shop)", "of the store", "all.part, record", "hint:"] {
        assert!(said.err.contains(words), "`{words}` is missing: {}", said.err);
    }
}

#[test]
fn what_is_wrong_is_said_with_two() {
    let desk = desk();
    assert_eq!(shard(&desk, "1", "a.part"), 0);
    let whole = fs::read(desk.path("a.part")).unwrap();
    fs::write(desk.path("cut.part"), &whole[..whole.len() / 2]).unwrap();
    let edited = fs::read_to_string(desk.path("plan.json")).unwrap().replacen("sample", "visits", 1);
    desk.write("edited.json", &edited);
    fs::copy(desk.path("plan.json"), desk.path("a-plan.part")).unwrap();
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
        let said = desk.say(arguments).expect(2);
        assert!(said.out.is_empty() && said.err.contains(words), "{arguments:?}: {said:?}");
    }
    assert!(
        !desk.store.exists() || desk.say(&["runs", "--json"]).json()["runs"].as_array().unwrap().is_empty()
    );
}

#[test]
fn a_plan_goes_to_standard_output_and_is_the_same_each_time() {
    let desk = Desk::new();
    let plan = || desk.say(&["plan", "placebo", "fashion-web-shop", "--worlds", "2", "--quiet"]).expect(0);
    let document = plan().json();
    assert_eq!(plan().json(), document);
    assert_eq!(
        (&document["units"], &document["variants"][1]["name"]),
        (&4.into(), &"fashion-web-shop".into())
    );
    assert!(!document.to_string().contains(desk.folder.path().to_str().unwrap()), "no path");
}

#[cfg(unix)]
#[test]
fn a_terminal_gets_no_partial_results() {
    let desk = desk();
    let (code, said) = terminal::talk(&mut desk.command(&["shard", "plan.json"]), "");
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("standard output is a terminal") && said.contains("--out 1.part"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_shard_that_is_cancelled_leaves_no_file() {
    let desk = Desk::new();
    desk.say(&["plan", "fashion-web-shop", "--worlds", "40", "--out", "plan.json"]).expect(0);
    let mut shard = desk.command(&["shard", "plan.json", "--out", "all.part"]).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(400));
    let pid = rustix::process::Pid::from_child(&shard);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(shard.wait().unwrap().code(), Some(3));
    assert!(!desk.path("all.part").exists());
}
