//! A backup that is moved over the store of a run that goes on: the run says so and saves its worlds, the backup stays whole.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "waits for another process by the wall clock")]

mod common;

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::{Desk, SMALL};

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
fn halted_run(desk: &Desk) -> Child {
    let run = ["run", "fashion-web-shop", "--worlds", "60", "--shoppers", "600", "--threads", "1"];
    halted_at(desk, &run, 4)
}

fn halted_at(desk: &Desk, run: &[&str], stored: u32) -> Child {
    let going_on = desk.command(run).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    halt_at(&going_on, desk, stored);
    going_on
}

fn halt_at(going_on: &Child, desk: &Desk, stored: u32) {
    let began = Instant::now();
    while worlds(&desk.store) < stored {
        assert!(began.elapsed() < Duration::from_secs(60), "no world was stored");
        std::thread::sleep(Duration::from_millis(10));
    }
    halt_between_commits(going_on.id(), &desk.store);
}

/// A run of many worlds that takes a few seconds.
fn short() -> Vec<&'static str> {
    let mut run: Vec<&str> = ["run", "fashion-web-shop"].into_iter().chain(SMALL).collect();
    run[3] = "24";
    run.extend(["--threads", "1"]);
    run
}

/// Lets it go on to its end, which is exit code 3, and answers what it said.
fn went_on(run: Child) -> String {
    let (code, said) = ended(run);
    assert_eq!(code, Some(3), "{said}");
    said
}

fn ended(mut run: Child) -> (Option<i32>, String) {
    signal("-CONT", run.id());
    let ended = run.wait().unwrap();
    let mut said = String::new();
    run.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    (ended.code(), said)
}

#[test]
fn a_backup_moved_over_the_store_of_a_run_stays_whole() {
    let desk = Desk::with_run();
    let backup = desk.path("backup.db");
    fs::copy(&desk.store, &backup).unwrap();
    let bytes = fs::read(&backup).unwrap();
    let going_on = halted_run(&desk);
    fs::rename(&backup, &desk.store).unwrap();
    // Somebody opens the newcomer at once, which is when a log that lies beside it would be applied to it.
    desk.say(&["runs"]).expect(0);
    let said = went_on(going_on);
    let rescued = desk.store.with_file_name("counterfoil-rescued-1.db");
    assert!(
        said.contains("counterfoil-rescued-1.db") && said.contains("another file was put here"),
        "{said}"
    );
    assert!(fs::read(&desk.store).unwrap() == bytes, "the backup was changed");
    assert!(worlds(&rescued) >= 4, "{} worlds were saved", worlds(&rescued));
    let rescued = rescued.to_str().unwrap();
    desk.say(&["verify", "latest", "--stored", "--store", rescued]).expect(0);
    desk.say(&["verify", "latest", "--stored"]).expect(0);
}

/// Goal: a backup that is copied over the store, the same file to the system, stays whole too.
#[test]
fn a_backup_copied_over_the_store_of_a_run_stays_whole() {
    let other = Desk::with_run();
    let bytes = fs::read(&other.store).unwrap();
    let desk = Desk::with_run();
    let going_on = halted_run(&desk);
    fs::write(&desk.store, &bytes).unwrap();
    let said = went_on(going_on);
    assert!(said.contains("something else was written over the file"), "{said}");
    assert!(fs::read(&desk.store).unwrap() == bytes, "the newcomer was changed");
}

/// Goal: an older copy of the same run that is put back loses what was finished since, and that is said; nobody cancelled.
#[test]
fn an_older_copy_put_back_is_not_called_a_cancellation() {
    let desk = Desk::with_run();
    let going_on = halted_at(&desk, &short(), worlds(&desk.store) + 2);
    let older = fs::read(&desk.store).unwrap();
    let before = worlds(&desk.store);
    signal("-CONT", going_on.id());
    halt_at(&going_on, &desk, before + 2);
    let lost = worlds(&desk.store) - before;
    assert!(before + lost < 26, "the run ended before it could be halted");
    fs::write(&desk.store, &older).unwrap();
    let said = went_on(going_on);
    assert!(said.contains(&format!("{lost} finished worlds are not in the file any more")), "{said}");
    assert!(said.contains("--resume") && !said.contains("Cancelled"), "{said}");
    desk.say(&["run", "--resume", "latest"]).expect(0);
    desk.say(&["verify", "latest", "--stored"]).expect(0);
}

/// Goal: a run that is deleted while it goes on is finished all the same, and it is said how to bring it back.
#[test]
fn a_run_deleted_while_it_goes_on_is_finished_and_can_be_restored() {
    let desk = Desk::with_run();
    let going_on = halted_at(&desk, &short(), worlds(&desk.store) + 2);
    let run = desk.say(&["runs", "--json"]).expect(0).json()["runs"][0]["id"].as_str().unwrap().to_owned();
    desk.say(&["delete", &run]).expect(0);
    let (code, said) = ended(going_on);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("deleted meanwhile") && said.contains(&format!("counterfoil restore {run}")),
        "{said}"
    );
    desk.say(&["restore", &run]).expect(0);
    assert_eq!(desk.say(&["runs", "--json"]).json()["runs"][0]["status"], "complete");
}
