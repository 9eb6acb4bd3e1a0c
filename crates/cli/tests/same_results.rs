//! The same inputs give the same results: twice, on any number of threads, however much is kept, after a kill.
#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "waits for another process by the wall clock")]

mod common;

use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::{Terminal, answered};

#[test]
fn a_run_repeats_itself_and_another_seed_does_not() {
    let terminal = Terminal::new();
    let first = terminal.small("fashion-web-shop", &["--json", "--threads", "1"]).result_hash();
    for more in [&["--threads", "1"][..], &["--threads", "2"], &["--keep", "summary"], &["--trace", "3"]] {
        let arguments: Vec<&str> = ["--json"].into_iter().chain(more.iter().copied()).collect();
        assert_eq!(terminal.small("fashion-web-shop", &arguments).result_hash(), first, "{more:?}");
    }
    assert_ne!(terminal.small("fashion-web-shop", &["--json", "--seed", "1"]).result_hash(), first);
    assert_ne!(terminal.small("placebo", &["--json"]).result_hash(), first);
}

/// A run that is long enough to be killed in the middle.
const LONG: [&str; 16] = [
    "run",
    "fashion-web-shop",
    "--worlds",
    "6",
    "--shoppers",
    "1500",
    "--days",
    "28",
    "--history",
    "28",
    "--probe",
    "28",
    "--threads",
    "1",
    "--keep",
    "summary",
];

fn long(more: &[&'static str]) -> Vec<&'static str> {
    LONG.into_iter().chain(more.iter().copied()).collect()
}

/// Goal: a kill at any moment costs the world under way and nothing else.
#[test]
fn a_killed_run_is_resumed_to_the_same_result() {
    let terminal = Terminal::new();
    let mut child = terminal.command(&long(&[])).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let began = Instant::now();
    let done = loop {
        assert!(began.elapsed() < Duration::from_secs(120), "no world was finished");
        sleep(Duration::from_millis(10));
        let listed = terminal.say(&["runs", "--json"]);
        let units =
            if listed.code == 0 { listed.json()["runs"][0]["units_done"].as_u64().unwrap_or(0) } else { 0 };
        if units > 0 {
            break units;
        }
    };
    child.kill().unwrap();
    child.wait().unwrap();
    let listed = terminal.say(&["runs", "--json"]).expect(0).json();
    let (status, kept) = (&listed["runs"][0]["status"], listed["runs"][0]["units_done"].as_u64().unwrap());
    assert!(status == "partial" && kept >= done && kept < 6, "the kill came too late: {listed}");

    let other = terminal.say(&["run", "--resume", "latest", "--seed", "1"]).expect(2);
    assert!(other.err.contains("seed"), "{other:?}");
    let resumed = terminal.say(&["run", "--resume", "latest", "--threads", "2", "--json"]).expect(0);
    let performance = &resumed.json()["performance"];
    assert_eq!(performance["units_resumed"].as_u64(), Some(kept), "{performance}");
    let whole = terminal.say(&long(&["--json"])).result_hash();
    assert_eq!(resumed.result_hash(), whole);
    let again = terminal.say(&["run", "--resume", resumed.json()["run"]["id"].as_str().unwrap(), "--json"]);
    assert_eq!(again.result_hash(), whole, "a finished run is printed again");
}

/// Goal: Ctrl-C stops within a second or two, keeps what is finished, says how to go on.
#[cfg(unix)]
#[test]
fn an_interrupted_run_says_how_to_go_on() {
    let terminal = Terminal::new();
    let arguments = ["run", "fashion-web-shop", "--worlds", "40", "--shoppers", "4000", "--threads", "1"];
    let child = terminal.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    sleep(Duration::from_millis(1_500));
    let interrupted = Instant::now();
    let pid = child.id().to_string();
    assert_eq!(answered(std::process::Command::new("kill").args(["-INT", &pid])).code, 0);
    let output = child.wait_with_output().unwrap();
    let took = interrupted.elapsed();
    assert!(took < Duration::from_secs(3), "it took {took:?}");
    assert_eq!(output.status.code(), Some(3));
    let remarks = String::from_utf8(output.stderr).unwrap();
    assert!(remarks.contains("counterfoil run --resume "), "{remarks}");
    assert!(output.stdout.is_empty());
    assert_eq!(terminal.say(&["runs", "--json"]).expect(0).json()["runs"][0]["status"], "partial");
}

#[test]
fn an_added_arm_leaves_the_others_as_they_were() {
    let terminal = Terminal::new();
    let before = terminal.small("fashion-web-shop", &["--json", "--policy", "batch"]).json();
    let after = terminal.say(&["run", "--add-arm", "blanket", "--into", "latest", "--json"]).expect(0).json();
    let names: Vec<&str> =
        after["arms"].as_array().unwrap().iter().map(|arm| arm["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["control", "status-quo", "batch", "blanket"]);
    for (old, new) in before["arms"].as_array().unwrap().iter().zip(after["arms"].as_array().unwrap()) {
        assert_eq!(old, new);
    }
    let whole = terminal.small("fashion-web-shop", &["--json", "--policy", "batch", "--policy", "blanket"]);
    assert_eq!(after["run"]["result_hash"].as_str().unwrap(), whole.result_hash());
    terminal.say(&["verify", "latest"]).expect(0);
}
