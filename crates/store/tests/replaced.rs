//! A file that is put in the place of an open store stays as it is, and what the run had finished is saved beside it.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod common;

use common::{new_run, unit};
use counterfoil_store::{Finish, Keep, Mode, RunNo, Store, StoreError, Value};
use std::fs;
use std::path::{Path, PathBuf};

/// A store with one of two worlds, open, and the bytes of a backup that was moved over it.
fn replaced(folder: &Path) -> (Store, RunNo, Vec<u8>) {
    let (path, backup) = (folder.join("s.db"), folder.join("backup.db"));
    let mut other = Store::open(&backup, Mode::Create).unwrap();
    let run = other.create_run(&new_run(1, Keep::Visits)).unwrap();
    other.write_unit(run.no, &unit(0, 300, 3_000), Keep::Visits).unwrap();
    drop(other);
    let mut store = Store::open(&path, Mode::Create).unwrap();
    let run = store.create_run(&new_run(2, Keep::Visits)).unwrap();
    store.write_unit(run.no, &unit(0, 300, 500), Keep::Visits).unwrap();
    let bytes = fs::read(&backup).unwrap();
    fs::rename(&backup, &path).unwrap();
    (store, run.no, bytes)
}

fn rescued(error: &StoreError) -> PathBuf {
    let StoreError::Replaced { rescued, .. } = error else { panic!("{error:?}") };
    assert!(error.is_environment() && error.to_string().contains(&rescued.display().to_string()));
    rescued.clone()
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_newcomer_is_left_alone_and_finished_worlds_are_saved_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, run, newcomer) = replaced(folder.path());
    let error = store.write_unit(run, &unit(1, 300, 500), Keep::Visits).unwrap_err();
    let saved = rescued(&error);
    drop(store);
    let path = folder.path().join("s.db");
    drop(Store::open(&path, Mode::ReadWrite).unwrap());
    assert_eq!(fs::read(&path).unwrap(), newcomer, "not a byte of it changed");
    assert_eq!(files(folder.path()), ["s-rescued-1.db", "s.db"]);
    let mut saved = Store::open(&saved, Mode::ReadWrite).unwrap();
    saved.check().unwrap();
    assert_eq!(saved.units_done(run).unwrap(), [0, 1], "also the world that was in hand");
    assert_eq!(saved.check_run(run).unwrap(), []);
    let finish = Finish { result_hash: None, seconds: 1.0, performance: "{}".into() };
    saved.finish_run(run, &finish).unwrap();
}

#[test]
fn every_kind_of_change_notices_it() {
    for what in 0..4 {
        let folder = tempfile::tempdir().unwrap();
        let (mut store, run, newcomer) = replaced(folder.path());
        let error = match what {
            0 => store.put_trace(run, 0, 1, "{}").unwrap_err(),
            1 => store.add_seconds(run, 1.0).unwrap_err(),
            2 => store.create_run(&new_run(1, Keep::Summary)).unwrap_err(),
            _ => store.delete_run(run).unwrap_err(),
        };
        rescued(&error);
        drop(store);
        assert_eq!(fs::read(folder.path().join("s.db")).unwrap(), newcomer);
    }
}

#[test]
fn a_store_that_was_removed_is_saved_too() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, run, _) = replaced(folder.path());
    fs::write(folder.path().join("s-rescued-1.db"), "somebody's").unwrap();
    fs::remove_file(folder.path().join("s.db")).unwrap();
    let saved = rescued(&store.write_unit(run, &unit(1, 300, 500), Keep::Visits).unwrap_err());
    assert!(saved.ends_with("s-rescued-2.db"), "a name that is taken is not used: {}", saved.display());
    assert_eq!(Store::open(&saved, Mode::ReadOnly).unwrap().units_done(run).unwrap(), [0, 1]);
}

/// Goal: reading what somebody put there needs nothing but opening it: nothing of the former file is in the way.
#[test]
fn a_store_that_is_only_read_may_be_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _, newcomer) = replaced(folder.path());
    drop(store);
    let path = folder.path().join("s.db");
    let reader = Store::open(&path, Mode::ReadOnly).unwrap();
    assert_eq!(reader.runs().unwrap().len(), 1);
    assert_eq!(fs::read(&path).unwrap(), newcomer);
    assert_eq!(files(folder.path()), ["s.db"]);
}

/// Goal: also a backup that is copied over the store, which is the same file to the system, stays whole.
#[test]
fn what_is_written_over_a_store_is_left_alone() {
    for newcomer in 0..3 {
        let folder = tempfile::tempdir().unwrap();
        let (path, backup) = (folder.path().join("s.db"), folder.path().join("backup.db"));
        let mut other = Store::open(&backup, Mode::Create).unwrap();
        let run = other.create_run(&new_run(2, Keep::Visits)).unwrap();
        other.write_unit(run.no, &unit(0, 300, 3_000), Keep::Visits).unwrap();
        drop(other);
        let mut store = Store::open(&path, Mode::Create).unwrap();
        let run = store.create_run(&new_run(2, Keep::Visits)).unwrap();
        store.hold_to(&run);
        store.write_unit(run.no, &unit(0, 300, 500), Keep::Visits).unwrap();
        let bytes = match newcomer {
            0 => fs::read(&backup).unwrap(),
            1 => Vec::new(),
            _ => fs::read(&backup).unwrap()[..9_000].to_vec(),
        };
        fs::write(&path, &bytes).unwrap();
        for _ in 0..2 {
            let error = store.write_unit(run.no, &unit(1, 300, 500), Keep::Visits).unwrap_err();
            assert!(
                matches!(error, StoreError::Overwritten { .. }) && error.is_environment(),
                "{newcomer}: {error:?}"
            );
        }
        drop(store);
        assert!(fs::read(&path).unwrap() == bytes, "{newcomer}: the newcomer was changed");
    }
}

/// Goal: a run that was purged while it went on writes into no other run, also if that bears its number now.
#[test]
fn a_run_that_was_purged_writes_into_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.db");
    let mut store = Store::open(&path, Mode::Create).unwrap();
    let run = store.create_run(&new_run(2, Keep::Visits)).unwrap();
    store.hold_to(&run);
    store.write_unit(run.no, &unit(0, 300, 500), Keep::Visits).unwrap();
    let mut other = Store::open(&path, Mode::ReadWrite).unwrap();
    other.delete_run(run.no).unwrap();
    other.purge_deleted().unwrap();
    let newcomer = other.create_run(&new_run(2, Keep::Visits)).unwrap();
    assert_eq!(newcomer.no, run.no, "numbers are used again");
    other.write_unit(newcomer.no, &unit(0, 300, 500), Keep::Visits).unwrap();
    let error = store.write_unit(run.no, &unit(1, 300, 500), Keep::Visits).unwrap_err();
    assert!(
        matches!(error, StoreError::Overwritten { .. }) && error.to_string().contains("purged"),
        "{error:?}"
    );
    assert!(store.add_seconds(run.no, 1.0).is_err());
    assert_eq!(other.units_done(newcomer.no).unwrap(), [0]);
    assert_eq!(other.check_run(newcomer.no).unwrap(), []);
}

/// Goal: what is read while somebody writes over the file, past all locks, is not handed out.
#[test]
fn what_is_written_over_while_it_is_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.db");
    let mut store = Store::open(&path, Mode::Create).unwrap();
    let run = store.create_run(&new_run(1, Keep::Visits)).unwrap();
    store.write_unit(run.no, &unit(0, 300, 20_000), Keep::Visits).unwrap();
    let bytes = fs::read(&path).unwrap();
    let reader = Store::open(&path, Mode::ReadOnly).unwrap();
    let mut seen = 0;
    let mut each = |_| {
        seen += 1;
        if seen == 1_000 {
            std::thread::sleep(std::time::Duration::from_millis(20));
            fs::write(&path, &bytes).unwrap();
        }
        true
    };
    let error = reader.export_rows(run.no, "visits", &mut each).unwrap_err();
    assert!(matches!(error, StoreError::ChangedWhileRead { .. }) && error.is_environment(), "{error:?}");
    reader.export_rows(run.no, "visits", &mut |_| true).unwrap();
}

/// Goal: the same where everything is read before the first row comes out, and where this process remembers parts of the
/// former file: an answer is of one file or none.
#[test]
fn what_is_written_over_before_the_first_row_is_refused() {
    const SLOW: &str = "WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < 1500000)";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.db");
    let mut store = Store::open(&path, Mode::Create).unwrap();
    let run = store.create_run(&new_run(1, Keep::Visits)).unwrap();
    store.write_unit(run.no, &unit(0, 30, 200), Keep::Visits).unwrap();
    drop(store);
    let view = "SELECT r.id AS run, (SELECT max(i) FROM n) AS world, 1 AS c, 1 AS d, 1 AS e, v.* FROM runs r, visits v";
    let writer = rusqlite::Connection::open(&path).unwrap();
    writer
        .execute_batch(&format!("DROP VIEW visits_readable; CREATE VIEW visits_readable AS {SLOW} {view}"))
        .unwrap();
    drop(writer);
    let bytes = fs::read(&path).unwrap();
    let reader = Store::open(&path, Mode::ReadOnly).unwrap();
    let question = format!("{SLOW} SELECT (SELECT max(i) FROM n), (SELECT count(*) FROM visits)");
    let asked: [&dyn Fn() -> Result<(), StoreError>; 2] =
        [&|| reader.query(&question, None, 1).map(|_| ()), &|| {
            reader.export_rows(run.no, "visits", &mut |_| true)
        }];
    for (place, ask) in asked.iter().enumerate() {
        ask().unwrap_or_else(|error| panic!("{place}, in peace: {error}"));
        let error = std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(std::time::Duration::from_millis(60));
                fs::write(&path, &bytes).unwrap();
            });
            ask().unwrap_err()
        });
        assert!(matches!(error, StoreError::ChangedWhileRead { .. }), "{place}: {error:?}");
    }
}

/// Goal: somebody who keeps to the locks waits, and changes no answer that is being given.
#[test]
fn who_keeps_to_the_locks_disturbs_no_reader() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.db");
    let mut store = Store::open(&path, Mode::Create).unwrap();
    let run = store.create_run(&new_run(1, Keep::Visits)).unwrap();
    store.write_unit(run.no, &unit(0, 30, 200), Keep::Visits).unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut store = Store::open(&path, Mode::ReadWrite).unwrap();
            for note in 0..40 {
                store.set_note(run.no, &note.to_string()).unwrap();
            }
        });
        let reader = Store::open(&path, Mode::ReadOnly).unwrap();
        while !writer.is_finished() {
            assert_eq!(reader.query("SELECT note FROM runs", None, 1).unwrap().rows.len(), 1);
            reader.export_rows(run.no, "daily", &mut |_| true).unwrap();
        }
    });
}

/// Goal: what a reader remembers of a file enters no answer about another one, also if SQLite's count of changes is equal.
#[test]
fn nothing_of_a_former_file_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let [one, other] = ["s.db", "other.db"].map(|name| folder.path().join(name));
    let mut store = Store::open(&one, Mode::Create).unwrap();
    store.create_run(&new_run(1, Keep::Visits)).unwrap();
    drop(store);
    fs::copy(&one, &other).unwrap();
    for (file, note) in [(&one, "one"), (&other, "two")] {
        let mut store = Store::open(file, Mode::ReadWrite).unwrap();
        let run = store.find_run_to_resume("latest").unwrap();
        store.set_note(run.no, note).unwrap();
    }
    let newcomer = fs::read(&other).unwrap();
    assert_eq!(fs::read(&one).unwrap()[24..40], newcomer[24..40], "the two count alike");
    let reader = Store::open(&one, Mode::ReadOnly).unwrap();
    let note = || reader.query("SELECT note FROM runs", None, 1).unwrap().rows;
    assert_eq!(note(), [[Value::Text("one".into())]]);
    fs::write(&one, &newcomer).unwrap();
    assert_eq!(note(), [[Value::Text("two".into())]]);
}
