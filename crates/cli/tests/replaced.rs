//! A backup that is moved over the store of a run that goes on: the run says so and saves its worlds, the backup stays whole.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "waits for another process by the wall clock")]

mod common;

use serde_json::Value;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::{SMALL, Terminal};

fn worlds(store: &Path) -> u32 {
    let connection = rusqlite::Connection::open(store).unwrap();
    connection.busy_timeout(Duration::from_secs(10)).unwrap();
    connection.query_row("SELECT count(*) FROM units", [], |row| row.get(0)).unwrap_or(0)
}

fn signal(name: &str, id: u32) {
    assert!(Command::new("kill").args([name, &id.to_string()]).status().unwrap().success());
}

/// Whether nobody is about to write: a transaction that has begun holds a lock before it has a journal.
fn at_rest(store: &Path) -> bool {
    let connection = rusqlite::Connection::open(store).unwrap();
    connection.busy_timeout(Duration::ZERO).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK").is_ok()
}

/// Halts a run at a moment at which nothing is being written: the gap that remains is the moment of a commit.
fn halt_between_commits(id: u32, store: &Path) {
    loop {
        signal("-STOP", id);
        // Until it has stopped.
        std::thread::sleep(Duration::from_millis(3));
        if !store.with_file_name("counterfoil.db-journal").exists() && at_rest(store) {
            return;
        }
        signal("-CONT", id);
        std::thread::sleep(Duration::from_millis(3));
    }
}

/// A run that has stored some worlds and is halted before the next.
fn halted_run(terminal: &Terminal) -> Child {
    let run = ["run", "fashion-web-shop", "--worlds", "60", "--shoppers", "600", "--threads", "1"];
    halted_at(terminal, &run, 4)
}

fn halted_at(terminal: &Terminal, run: &[&str], stored: u32) -> Child {
    let going_on = terminal.command(run).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    halt_at(&going_on, terminal, stored);
    going_on
}

fn halt_at(going_on: &Child, terminal: &Terminal, stored: u32) {
    let began = Instant::now();
    while worlds(&terminal.store) < stored {
        assert!(began.elapsed() < Duration::from_secs(60), "no world was stored");
        std::thread::sleep(Duration::from_millis(10));
    }
    halt_between_commits(going_on.id(), &terminal.store);
}

/// A run of many worlds that takes a few seconds.
fn short() -> Vec<&'static str> {
    let mut run: Vec<&str> = ["run", "fashion-web-shop"].into_iter().chain(SMALL).collect();
    run[3] = "24";
    run.extend(["--threads", "1"]);
    run
}

/// Lets it go on to its end, which is exit code 3, and answers what it answered.
fn went_on(run: Child) -> String {
    let (code, answered) = ended(run);
    assert_eq!(code, Some(3), "{answered}");
    answered
}

fn ended(mut run: Child) -> (Option<i32>, String) {
    signal("-CONT", run.id());
    let ended = run.wait().unwrap();
    let mut answered = String::new();
    run.stderr.take().unwrap().read_to_string(&mut answered).unwrap();
    (ended.code(), answered)
}

#[test]
fn a_backup_moved_over_the_store_of_a_run_stays_whole() {
    let terminal = Terminal::with_run();
    let backup = terminal.path("backup.db");
    fs::copy(&terminal.store, &backup).unwrap();
    let bytes = fs::read(&backup).unwrap();
    let going_on = halted_run(&terminal);
    fs::rename(&backup, &terminal.store).unwrap();
    // Somebody opens the newcomer at once, which is when a log that lies beside it would be applied to it.
    terminal.say(&["runs"]).expect(0);
    let answered = went_on(going_on);
    let rescued = terminal.store.with_file_name("counterfoil-rescued-1.db");
    assert!(
        answered.contains("counterfoil-rescued-1.db") && answered.contains("another file was put here"),
        "{answered}"
    );
    assert!(fs::read(&terminal.store).unwrap() == bytes, "the backup was changed");
    assert!(worlds(&rescued) >= 4, "{} worlds were saved", worlds(&rescued));
    let rescued = rescued.to_str().unwrap();
    terminal.say(&["verify", "latest", "--stored", "--store", rescued]).expect(0);
    terminal.say(&["verify", "latest", "--stored"]).expect(0);
}

/// Goal: a backup that is copied over the store, the same file to the system, stays whole too.
#[test]
fn a_backup_copied_over_the_store_of_a_run_stays_whole() {
    let other = Terminal::with_run();
    let bytes = fs::read(&other.store).unwrap();
    let terminal = Terminal::with_run();
    let going_on = halted_run(&terminal);
    fs::write(&terminal.store, &bytes).unwrap();
    let answered = went_on(going_on);
    assert!(answered.contains("something else was written over the file"), "{answered}");
    assert!(fs::read(&terminal.store).unwrap() == bytes, "the newcomer was changed");
}

/// Goal: an older copy of the same run that is put back loses what was finished since, and that is answered; nobody cancelled.
#[test]
fn an_older_copy_put_back_is_not_called_a_cancellation() {
    let terminal = Terminal::with_run();
    let going_on = halted_at(&terminal, &short(), worlds(&terminal.store) + 2);
    let older = fs::read(&terminal.store).unwrap();
    let before = worlds(&terminal.store);
    signal("-CONT", going_on.id());
    halt_at(&going_on, &terminal, before + 2);
    let lost = worlds(&terminal.store) - before;
    assert!(before + lost < 26, "the run ended before it could be halted");
    fs::write(&terminal.store, &older).unwrap();
    let answered = went_on(going_on);
    assert!(answered.contains(&format!("{lost} finished worlds are not in the file any more")), "{answered}");
    assert!(answered.contains("--resume") && !answered.contains("Cancelled"), "{answered}");
    terminal.say(&["run", "--resume", "latest"]).expect(0);
    terminal.say(&["verify", "latest", "--stored"]).expect(0);
}

/// Goal: a run that is deleted while it goes on is finished all the same, and it is answered how to bring it back.
#[test]
fn a_run_deleted_while_it_goes_on_is_finished_and_can_be_restored() {
    let terminal = Terminal::with_run();
    let document = terminal.path("document.json");
    let run: Vec<&str> = short().into_iter().chain(["--json"]).collect();
    let (out, worlds) = (fs::File::create(&document).unwrap(), worlds(&terminal.store) + 2);
    let going_on = terminal.command(&run).stdout(out).stderr(Stdio::piped()).spawn().unwrap();
    halt_at(&going_on, &terminal, worlds);
    let run =
        terminal.say(&["runs", "--json"]).expect(0).json()["runs"][0]["id"].as_str().unwrap().to_owned();
    terminal.say(&["delete", &run]).expect(0);
    let (code, answered) = ended(going_on);
    let written: Value = serde_json::from_str(&fs::read_to_string(&document).unwrap()).unwrap();
    assert_eq!(written["run"]["id"], run.as_str(), "a script that asked for a document gets it");
    assert_eq!(code, Some(0), "{answered}");
    assert!(
        answered.contains("deleted meanwhile") && answered.contains(&format!("counterfoil restore {run}")),
        "{answered}"
    );
    terminal.say(&["restore", &run]).expect(0);
    assert_eq!(terminal.say(&["runs", "--json"]).json()["runs"][0]["status"], "complete");
}
