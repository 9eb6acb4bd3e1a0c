//! Damage is called damage: whatever is wrong in a file, it is never said to be a defect of the program, and nothing panics.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Numbers, new_run, unit};
use counterfoil_store::{EXPORTS, Interest, Keep, Mode, Place, RunNo, ShopperQuery, Store, StoreError};
use std::fs;
use std::path::{Path, PathBuf};

fn filled(folder: &Path) -> PathBuf {
    let path = folder.join("counterfoil.db");
    let mut store = Store::open(&path, Mode::Create).unwrap();
    let run = store.create_run(&new_run(2, Keep::Visits)).unwrap();
    for world in 0..2 {
        store.write_unit(run.no, &unit(world, 30, 200), Keep::Visits).unwrap();
    }
    path
}

/// Everything that is read of a store; the first failure.
fn read_all(path: &Path) -> Result<(), StoreError> {
    let store = Store::open(path, Mode::ReadOnly)?;
    for run in store.runs()? {
        let no: RunNo = run.no;
        store.run_record(no)?;
        store.load_summaries(no)?;
        for arm in &run.arms {
            store.arm_facts(Place { run: no, world: 0, arm: &arm.name, shopper: None })?;
        }
        for table in EXPORTS {
            store.export_columns(table)?;
            store.export_rows(no, table, &mut |_| true)?;
        }
        let query = ShopperQuery {
            run: no,
            world: None,
            arm_a: "realtime",
            arm_b: "control",
            interest: Interest::Anything,
            number_begins: "",
            limit: 10,
        };
        store.interesting_shoppers(query)?;
        if let Some(first) = store.check_run(no)?.first() {
            return Err(StoreError::Damaged { file: path.to_owned(), found: format!("{first:?}") });
        }
    }
    Ok(())
}

fn is_damage(path: &Path, what: &str) {
    let before = fs::read(path).unwrap();
    match read_all(path) {
        Err(StoreError::Damaged { .. } | StoreError::NotADatabase { .. } | StoreError::NotOurs { .. }) => {}
        other => panic!("{what}: {other:?}"),
    }
    assert_eq!(fs::read(path).unwrap(), before, "{what}: reading changed the file");
}

#[test]
fn missing_rows_views_and_tables_and_garbled_text_are_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    for sql in [
        "DELETE FROM truth",
        "DROP VIEW orders_readable",
        "DROP VIEW latest_run; DROP VIEW arm_units_readable",
        "DROP TABLE probe_weeks",
        "DROP TABLE digests",
        "DROP TABLE policies",
        "UPDATE runs SET title = CAST(x'ff41' AS TEXT)",
        "UPDATE arms SET name = CAST(x'ff41' AS TEXT) WHERE arm_no = 3",
        "UPDATE arm_units SET digest = 'zz'",
        "UPDATE runs SET worlds = 'many'",
        "UPDATE needs SET fate = 99",
        "UPDATE orders SET shopper = -1",
    ] {
        let copy = folder.path().join("copy.db");
        fs::copy(&path, &copy).unwrap();
        let connection = rusqlite::Connection::open(&copy).unwrap();
        connection.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
        drop(connection);
        is_damage(&copy, sql);
    }
}

/// Goal: names that are not text are damage, not the end of the program; a missing row is called missing.
#[test]
fn garbled_names_of_columns_are_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let mut bytes = fs::read(&path).unwrap();
    let name = b"AS contribution_minor";
    let place = bytes.windows(name.len()).position(|part| part == name).unwrap();
    bytes[place + 3] = 0xff;
    fs::write(&path, &bytes).unwrap();
    is_damage(&path, "a column that is no text");
    let path = filled(&folder.path().join("other"));
    rusqlite::Connection::open(&path).unwrap().execute_batch("DELETE FROM truth").unwrap();
    let error = read_all(&path).unwrap_err();
    assert!(error.to_string().contains("a row is missing"), "{error}");
}

/// Goal: also what no one thought of. Single bytes of the schema and of everything else, and its message always says what can
/// be done.
#[test]
fn flipped_bytes_are_damage_or_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let whole = fs::read(&path).unwrap();
    let mut numbers = Numbers(7);
    let mut refused = 0;
    for round in 0..120 {
        let mut bytes = whole.clone();
        // Half of them in the first pages, where the schema lies.
        let reach = if round % 2 == 0 { 24_000 } else { bytes.len() as u64 };
        let place = numbers.below(reach) as usize;
        bytes[place] ^= 1 << numbers.below(8);
        let copy = folder.path().join("copy.db");
        fs::write(&copy, &bytes).unwrap();
        match read_all(&copy) {
            Ok(()) => {}
            Err(StoreError::Defect { found, .. }) => panic!("byte {place}: called a defect: {found}"),
            Err(error) => {
                refused += 1;
                assert!(error.hint().is_some(), "byte {place}: {error}");
            }
        }
        assert_eq!(fs::read(&copy).unwrap(), bytes, "byte {place}: reading changed the file");
    }
    assert!(refused > 12, "{refused} of 120 were noticed by reading");
}

/// Goal: numbers that no run can reach are damage with the table's name, before anybody adds them up; others are not.
#[test]
fn numbers_beyond_every_run_are_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let read = |sql: &str| {
        let copy = folder.path().join("copy.db");
        fs::copy(&path, &copy).unwrap();
        rusqlite::Connection::open(&copy).unwrap().execute_batch(sql).unwrap();
        let store = Store::open(&copy, Mode::ReadOnly).unwrap();
        store.find_run("latest").and_then(|run| store.load_summaries(run.no)).map(|_| ())
    };
    for (table, column) in [
        ("totals", "value"),
        ("bridge", "amount_minor"),
        ("truth", "needs_none"),
        ("truth", "spillover_orders"),
        ("daily", "contribution_minor"),
        ("daily", "waits"),
        ("probe_weeks", "orders_reset"),
    ] {
        for value in [i64::MAX, i64::MIN, -i64::MAX / 16] {
            let error = read(&format!("UPDATE {table} SET {column} = {value}")).unwrap_err();
            let words = format!("{value} in the table `{table}`");
            assert!(matches!(error, StoreError::Damaged { .. }) && !error.is_environment(), "{error:?}");
            assert!(error.to_string().contains(&words), "{error}");
        }
        read(&format!("UPDATE {table} SET {column} = {}", i64::MAX / 100)).unwrap();
    }
    for column in ["shoppers", "worlds", "days"] {
        let error = read(&format!("UPDATE runs SET {column} = 0")).unwrap_err();
        assert!(error.to_string().contains(&format!("0 {column} in the table `runs`")), "{error}");
    }
}

/// Goal: a row that bears another row's number stands in the way of the next world; that is the file's fault and not the
/// program's.
#[test]
fn a_rule_that_is_broken_in_a_damaged_file_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("counterfoil.db");
    let mut store = Store::open(&path, Mode::Create).unwrap();
    let run = store.create_run(&new_run(2, Keep::Summary)).unwrap();
    store.write_unit(run.no, &unit(0, 30, 200), Keep::Summary).unwrap();
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch(
        "PRAGMA foreign_keys = OFF;
         UPDATE totals SET arm_unit = (SELECT max(arm_unit) + 1 FROM arm_units)
         WHERE arm_unit = (SELECT max(arm_unit) FROM arm_units)",
    )
    .unwrap();
    drop(raw);
    let stored = store.write_unit(run.no, &unit(1, 30, 200), Keep::Summary);
    assert!(matches!(stored, Err(StoreError::Damaged { .. })), "{stored:?}");
}
