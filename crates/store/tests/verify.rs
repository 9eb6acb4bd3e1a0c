//! Whatever is changed in a store is found: by its own digests, and by writing the same anew. Tables and columns are read
//! from the file, so that a new one is covered without a word here.
#![allow(clippy::unwrap_used)]

mod common;

use common::{new_run, unit};
use counterfoil_store::{Difference, Finish, Keep, Mode, RunNo, Store};
use rusqlite::Connection;
use std::path::Path;
use tempfile::TempDir;

/// Columns that a person may change, or that differ from one sitting to the next.
const FREE: [&str; 13] = [
    "run_no",
    "id",
    "created_at",
    "deleted",
    "sample",
    "scenario",
    "command",
    "seconds",
    "performance",
    "covered",
    "guess",
    "name",
    "note",
];

fn write(store: &mut Store) -> RunNo {
    let run = store.create_run(&new_run(2, Keep::Visits)).unwrap().no;
    for world in 0..2 {
        store.write_unit(run, &unit(world, 30, 200), Keep::Visits).unwrap();
        store.put_trace(run, world, 7, "{\"arms\":[]}").unwrap();
    }
    let finish = Finish { result_hash: Some("abc".into()), seconds: 1.0, performance: "{}".into() };
    store.finish_run(run, &finish).unwrap();
    run
}

/// A finished run on disk, and the same written anew in memory.
fn twice(folder: &TempDir) -> (std::path::PathBuf, RunNo, Store, RunNo) {
    let path = folder.path().join("counterfoil.db");
    let run = write(&mut Store::open(&path, Mode::Create).unwrap());
    let mut anew = Store::in_memory().unwrap();
    let run_anew = write(&mut anew);
    (path, run, anew, run_anew)
}

fn all_differences(store: &Store, run: RunNo, anew: (&Store, RunNo)) -> Vec<Difference> {
    let mut found = store.check_schema().unwrap();
    for world in [None, Some(0), Some(1)] {
        found.extend(store.differences(run, anew, world).unwrap());
    }
    found
}

fn rows(connection: &Connection, sql: &str) -> Vec<String> {
    connection
        .prepare(sql)
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

/// Every column of every table: its table, its name, and whether it belongs to the key.
fn columns(path: &Path) -> Vec<(String, String, bool)> {
    let connection = Connection::open(path).unwrap();
    let sql = "SELECT s.name || ' ' || c.name || ' ' || (c.pk > 0) FROM sqlite_schema s JOIN pragma_table_info(s.name) c
               WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite_%'";
    let split = |row: String| {
        let parts: Vec<&str> = row.split(' ').collect();
        (parts[0].to_owned(), parts[1].to_owned(), parts[2] == "1")
    };
    rows(&connection, sql).into_iter().map(split).collect()
}

/// Does `sql` to a copy of the store and returns what either check finds.
fn after(path: &Path, sql: &str, run: RunNo, anew: (&Store, RunNo)) -> (Vec<Difference>, Vec<Difference>) {
    let copy = path.with_extension("copy.db");
    std::fs::copy(path, &copy).unwrap();
    let connection = Connection::open(&copy).unwrap();
    connection
        .execute_batch(&format!("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {sql}"))
        .unwrap();
    assert!(connection.total_changes() > 0 || sql.contains("VIEW"), "nothing changed: {sql}");
    drop(connection);
    let store = Store::open(&copy, Mode::ReadOnly).unwrap();
    (store.check_run(run).unwrap(), all_differences(&store, run, anew))
}

#[test]
fn what_nobody_touched_is_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let (path, run, anew, run_anew) = twice(&folder);
    let store = Store::open(&path, Mode::ReadOnly).unwrap();
    assert_eq!(store.check_run(run).unwrap(), []);
    assert_eq!(all_differences(&store, run, (&anew, run_anew)), []);
}

/// Goal: no value that people can query, and none that decides results, can be changed unseen.
#[test]
fn every_changed_value_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (path, run, anew, run_anew) = twice(&folder);
    let mut tried = 0;
    for (table, column, _) in columns(&path) {
        if FREE.contains(&column.as_str()) && (table == "runs" || column == "run_no") || column == "arm_unit"
        {
            continue;
        }
        let value = format!(
            "CASE typeof({column}) WHEN 'text' THEN {column} || 'x' WHEN 'null' THEN 5 ELSE {column} + 1 END"
        );
        let only = if ["status", "keep"].contains(&column.as_str()) { "'partial'".to_owned() } else { value };
        let sql = format!("UPDATE OR REPLACE {table} SET {column} = {only} WHERE {column} IS NOT {only}");
        let (stored, simulated) = after(&path, &sql, run, (&anew, run_anew));
        assert!(stored.iter().any(|d| !d.what.is_empty()), "{sql}: nothing by the digests");
        let named = |d: &Difference| d.table == table || table == "arms" || table == "arm_units";
        assert!(simulated.iter().any(named), "{sql}: {simulated:?}");
        tried += 1;
    }
    assert!(tried > 120, "{tried} columns were tried");
}

#[test]
fn every_lost_row_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (path, run, anew, run_anew) = twice(&folder);
    let mut tables: Vec<String> = columns(&path).into_iter().map(|(table, ..)| table).collect();
    tables.dedup();
    for table in tables.iter().filter(|table| *table != "runs") {
        let (stored, simulated) = after(&path, &format!("DELETE FROM {table}"), run, (&anew, run_anew));
        assert!(!stored.is_empty(), "{table}: nothing by the digests");
        assert!(!simulated.is_empty(), "{table}: nothing by writing anew");
    }
}

/// Goal: a whole arm that went, and rows that belong to nothing, are found too.
#[test]
fn what_went_as_a_whole_and_what_belongs_to_nothing_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (path, run, anew, run_anew) = twice(&folder);
    let stored = |sql: &str| after(&path, sql, run, (&anew, run_anew)).0;
    let gone = stored("PRAGMA foreign_keys = ON; DELETE FROM arm_units WHERE world = 1 AND arm_no = 3");
    let named =
        |d: &Difference| (d.world, d.arm.as_str(), d.table.as_str()) == (Some(1), "realtime", "orders");
    assert!(gone.iter().any(named), "{gone:?}");
    let orphans = stored("INSERT INTO totals SELECT 99, name, value FROM totals WHERE arm_unit = 1");
    assert!(
        orphans.iter().any(|d| d.table == "totals" && d.what == "rows that belong to nothing"),
        "{orphans:?}"
    );
    let orphans = stored("INSERT INTO traces SELECT run_no, 55, 3, '{}' FROM runs");
    assert!(orphans.iter().any(|d| d.table == "traces"), "{orphans:?}");
    for world in [-1, -1_000] {
        let orphans = stored(&format!("INSERT INTO traces SELECT run_no, {world}, 3, '{{}}' FROM runs"));
        assert!(orphans.iter().any(|d| d.table == "traces"), "world {world}: {orphans:?}");
    }
}

/// Goal: the person who looks is led to the row.
#[test]
fn table_world_and_first_row_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (path, run, anew, run_anew) = twice(&folder);
    let first = |sql: &str| {
        after(&path, sql, run, (&anew, run_anew)).1.into_iter().find(|d| d.table != "digests").unwrap()
    };
    let in_world_1 = "arm_unit = (SELECT arm_unit FROM arm_units WHERE world = 1 AND arm_no = 3)";
    let found =
        first(&format!("UPDATE orders SET contribution_minor = contribution_minor + 1 WHERE {in_world_1}"));
    assert_eq!((found.world, found.arm.as_str(), found.table.as_str()), (Some(1), "realtime", "orders"));
    assert!(
        found.what.starts_with("shopper 0, order_no ") && found.what.ends_with(": contribution_minor"),
        "{found:?}"
    );
    assert_eq!(found.stored.parse::<i64>().unwrap(), found.found.parse::<i64>().unwrap() + 1);
    let found = first(&format!("DELETE FROM visits WHERE {in_world_1} AND shopper = 9 AND visit = 0"));
    assert_eq!(found.what, "shopper 9, visit 0");
    assert_eq!((found.stored.as_str(), found.found.as_str()), ("nothing", "a row"));
    let found = first("UPDATE runs SET seed = seed - 1");
    assert_eq!((found.world, found.table.as_str(), found.what.as_str()), (None, "runs", "seed"));
    let found = first("DROP VIEW orders_readable");
    assert_eq!((found.table.as_str(), found.stored.as_str()), ("orders_readable", "nothing"));
    let found =
        first("CREATE TRIGGER sly AFTER INSERT ON orders BEGIN DELETE FROM orders; END; DELETE FROM visits");
    assert_eq!((found.table.as_str(), found.found.as_str()), ("sly", "nothing"));
}

/// Goal: what a person may do with a run does not make it suspicious.
#[test]
fn names_notes_and_covers_are_free() {
    let folder = tempfile::tempdir().unwrap();
    let (path, run, anew, run_anew) = twice(&folder);
    let mut store = Store::open(&path, Mode::ReadWrite).unwrap();
    store.set_name(run, "before the relaunch").unwrap();
    store.set_note(run, "for Thursday").unwrap();
    store.store_guess(run, "{}").unwrap();
    store.add_seconds(run, 3.0).unwrap();
    store.delete_run(run).unwrap();
    store.undelete_run(run).unwrap();
    let named = store.find_run("latest").unwrap();
    assert_eq!((named.name.as_str(), named.note.as_str()), ("before the relaunch", "for Thursday"));
    assert_eq!(store.check_run(run).unwrap(), []);
    assert_eq!(all_differences(&store, run, (&anew, run_anew)), []);
}

#[test]
fn a_world_that_was_compared_leaves_nothing_behind() {
    let mut store = Store::in_memory().unwrap();
    let run = write(&mut store);
    for world in 0..2 {
        store.forget_world(run, world).unwrap();
    }
    let left = "SELECT (SELECT count(*) FROM visits) + (SELECT count(*) FROM traces) + (SELECT count(*) FROM arm_units)
                + (SELECT count(*) FROM digests WHERE world >= 0)";
    assert_eq!(store.query(left, None, 1).unwrap().rows, [[counterfoil_store::Value::Integer(0)]]);
}
