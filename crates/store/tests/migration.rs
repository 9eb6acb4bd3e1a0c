//! A file of version 1, made by the program that wrote that version, is brought forward and keeps everything.
#![allow(clippy::unwrap_used)]

use counterfoil_store::{Keep, Mode, Place, Store};
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// One finished run of two worlds with visits and two traces, one of one world without visits.
const FIRST: &[u8] = include_bytes!("data/schema_1.db");
/// Hash of the first run as the program that made the file printed it.
const RESULT_HASH_BEGINS: &str = "78902a6b40648799";

fn first(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("counterfoil.db");
    fs::write(&path, FIRST).unwrap();
    path
}

fn version(path: &Path) -> i64 {
    Connection::open(path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

/// Everything that tables of version 1 hold, as text.
fn contents(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let tables = [
        (
            "runs",
            "run_no, id, created_at, status, seed, keep, result_hash, scenario_text, scenario_hash, command, performance",
        ),
        ("policies", "*"),
        ("arms", "*"),
        ("units", "*"),
        ("arm_units", "*"),
        ("totals", "*"),
        ("daily", "*"),
        ("truth", "*"),
        ("bridge", "*"),
        ("probe_weeks", "*"),
        ("needs", "*"),
        ("orders", "*"),
        ("offers", "*"),
        ("visits", "*"),
        ("decisions", "*"),
        ("quiet_decisions", "*"),
        ("traces", "*"),
    ];
    let mut all = Vec::new();
    for (table, columns) in tables {
        let mut statement = connection.prepare(&format!("SELECT {columns} FROM {table}")).unwrap();
        let count = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<String> = (0..count).map(|c| format!("{:?}", row.get_ref(c).unwrap())).collect();
            all.push(format!("{table}: {}", cells.join(" ")));
        }
    }
    all
}

fn is_brought_forward(path: &Path, before: &[String]) {
    assert_eq!(version(path), 2);
    assert_eq!(contents(path), before);
    let store = Store::open(path, Mode::ReadOnly).unwrap();
    let runs = store.runs().unwrap();
    assert_eq!(
        runs.iter().map(|run| (run.keep, run.visits_kept_ppm)).collect::<Vec<_>>(),
        [(Keep::Summary, 0), (Keep::Visits, 1_000_000)]
    );
    assert!(runs[1].result_hash.as_ref().unwrap().starts_with(RESULT_HASH_BEGINS));
    for run in runs {
        assert_eq!(store.check_run(run.no).unwrap(), [], "its rows have digests now");
        let place = Place { run: run.no, world: 0, arm: "realtime", shopper: None };
        assert_eq!(store.visits_of(place).unwrap().is_empty(), run.keep == Keep::Summary);
    }
}

#[test]
fn every_way_of_opening_brings_it_forward() {
    for mode in [Mode::ReadOnly, Mode::ReadWrite, Mode::Create] {
        let folder = tempfile::tempdir().unwrap();
        let path = first(&folder);
        assert_eq!(version(&path), 1);
        let before = contents(&path);
        assert!(before.len() > 1_000, "{} rows", before.len());
        drop(Store::open(&path, mode).unwrap());
        is_brought_forward(&path, &before);
    }
}

/// Goal: a kill in the middle of the migration loses nothing. File and journal are copied at several points of it.
#[test]
fn killed_midway_it_is_done_again() {
    for rows in [1, 40, 400] {
        let folder = tempfile::tempdir().unwrap();
        let path = first(&folder);
        let before = contents(&path);
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN IMMEDIATE;
                 ALTER TABLE runs ADD COLUMN name TEXT NOT NULL DEFAULT ''; CREATE TABLE digests (a, b); PRAGMA user_version = 2",
            )
            .unwrap();
        for _ in 0..rows {
            connection.execute("INSERT INTO digests VALUES (randomblob(3000), 1)", []).unwrap();
        }
        connection.cache_flush().unwrap();
        let killed = tempfile::tempdir().unwrap();
        let copy = killed.path().join("counterfoil.db");
        for ending in ["", "-journal"] {
            fs::copy(format!("{}{ending}", path.display()), format!("{}{ending}", copy.display())).unwrap();
        }
        drop(connection);
        assert!(fs::read(&copy).unwrap() != FIRST, "part of the migration is in the file");
        drop(Store::open(&copy, Mode::ReadOnly).unwrap());
        is_brought_forward(&copy, &before);
    }
}

/// Goal: who may only read an old store reads it, and it stays as it is.
#[cfg(unix)]
#[test]
fn an_old_store_that_one_may_not_write_is_read_in_a_copy() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = first(&folder);
    let mode = |path: &Path, bits| fs::set_permissions(path, fs::Permissions::from_mode(bits)).unwrap();
    for (file, directory) in [(0o444, 0o755), (0o644, 0o555)] {
        mode(&path, file);
        mode(folder.path(), directory);
        let store = Store::open(&path, Mode::ReadOnly).map(|store| {
            let runs = store.runs().unwrap();
            (runs.len(), store.check_run(runs[0].no).unwrap())
        });
        let names = fs::read_dir(folder.path()).unwrap().count();
        mode(folder.path(), 0o755);
        assert_eq!(store.unwrap(), (2, Vec::new()));
        assert_eq!(names, 1, "nothing lies beside it");
        assert_eq!(fs::read(&path).unwrap(), FIRST);
    }
}
