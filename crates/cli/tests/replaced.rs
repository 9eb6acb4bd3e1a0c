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

use common::Desk;

fn worlds(store: &Path) -> u32 {
    let connection = rusqlite::Connection::open(store).unwrap();
    connection.busy_timeout(Duration::from_secs(10)).unwrap();
    connection.query_row("SELECT count(*) FROM units", [], |row| row.get(0)).unwrap_or(0)
}

fn signal(name: &str, id: u32) {
    assert!(Command::new("kill").args([name, &id.to_string()]).status().unwrap().success());
}

/// Halts a run at a moment at which nothing is being written: the gap that remains is the moment of a commit.
fn halt_between_commits(id: u32, store: &Path) {
    loop {
        signal("-STOP", id);
        if !store.with_file_name("counterfoil.db-journal").exists() {
            return;
        }
        signal("-CONT", id);
        std::thread::sleep(Duration::from_millis(3));
    }
}

/// A run that has stored some worlds and is halted before the next.
fn halted_run(desk: &Desk) -> Child {
    let run = ["run", "fashion-web-shop", "--worlds", "60", "--shoppers", "600", "--threads", "1"];
    let going_on = desk.command(&run).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    while worlds(&desk.store) < 4 {
        assert!(began.elapsed() < Duration::from_secs(60), "no world was stored");
        std::thread::sleep(Duration::from_millis(10));
    }
    halt_between_commits(going_on.id(), &desk.store);
    going_on
}

/// Lets it go on to its end, which is exit code 3, and answers what it said.
fn went_on(mut run: Child) -> String {
    signal("-CONT", run.id());
    let ended = run.wait().unwrap();
    let mut said = String::new();
    run.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(ended.code(), Some(3), "{said}");
    said
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
