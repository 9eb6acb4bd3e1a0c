//! Versions of the file: how a new store is made and an older one brought forward.
//!
//! # Promises
//! - `application_id`, `user_version`, tables and views of a new store appear in one transaction, or not at all.
//! - Migrations only go forward, each in its own transaction, and never drop what a person stored.
//! - Views and the names behind codes hold no facts: they are made anew after every migration.

use crate::{codes, digests};
use counterfoil_core::facts::Totals;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use std::fmt::Write as _;

/// Marks the file as ours: the letters `CfSt`.
pub const APPLICATION_ID: i32 = 0x4366_5374;

/// What makes one version from the one before it.
pub(crate) struct Migration {
    /// A text of SQL.
    pub sql: &'static str,
    /// What SQL alone cannot do, after it.
    pub then: fn(&Transaction<'_>) -> rusqlite::Result<()>,
}

/// The first makes version 1 from nothing. Append; never edit one that was released.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { sql: include_str!("sql/schema_1.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("sql/schema_2.sql"), then: digests::write_all },
];

const VIEWS: &str = include_str!("sql/views.sql");

/// The version that this program writes.
#[must_use]
pub fn latest_version() -> i64 {
    MIGRATIONS.len() as i64
}

/// Brings a file from version `from` to the end of `migrations`; returns what SQLite says if one fails, with the file as
/// it was before that one. A second process that waited for the first finds nothing left to do.
pub(crate) fn migrate(
    connection: &mut Connection,
    migrations: &[Migration],
    from: i64,
) -> rusqlite::Result<()> {
    for version in from..migrations.len() as i64 {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if version_of_ours(&transaction)? > version {
            continue;
        }
        transaction.execute_batch(migrations[version as usize].sql)?;
        refresh_views(&transaction)?;
        (migrations[version as usize].then)(&transaction)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", version + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

/// An empty database of somebody else may carry any `user_version`; it counts only beside our `application_id`.
fn version_of_ours(transaction: &Transaction<'_>) -> rusqlite::Result<i64> {
    let application_id: i32 = transaction.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(if application_id == APPLICATION_ID { version } else { 0 })
}

fn refresh_views(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let views: Vec<String> = transaction
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'view'")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for view in views {
        transaction.execute_batch(&format!("DROP VIEW \"{view}\""))?;
    }
    transaction.execute_batch(VIEWS)?;
    transaction.execute_batch(&totals_view())?;
    transaction.execute_batch("DELETE FROM codes")?;
    let mut insert = transaction.prepare("INSERT INTO codes (kind, code, name) VALUES (?, ?, ?)")?;
    for (kind, code, name) in codes::all() {
        insert.execute(params![kind, code as i64, name])?;
    }
    Ok(())
}

/// Name of the column of a total: money says its unit, as everywhere else.
pub(crate) fn total_column(name: &str) -> String {
    if Totals::is_money(name) { format!("{name}_minor") } else { name.to_owned() }
}

/// One row per arm and world with one column per total, so that a metric is a division of two columns.
fn totals_view() -> String {
    let mut sql = String::from("CREATE VIEW totals_readable AS SELECT u.run, u.world, u.arm");
    for name in Totals::NAMES {
        write!(sql, ",\n  max(CASE WHEN t.name = '{name}' THEN t.value END) AS {}", total_column(name))
            .expect("a String takes any text");
    }
    sql + "\nFROM totals t JOIN arm_units_readable u ON u.arm_unit = t.arm_unit GROUP BY t.arm_unit"
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The first version alone, and a next one in the given words.
    fn with(sql: &'static str) -> [Migration; 2] {
        [Migration { sql: MIGRATIONS[0].sql, then: |_| Ok(()) }, Migration { sql, then: |_| Ok(()) }]
    }

    fn version(connection: &Connection) -> i64 {
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_file_of_an_earlier_version_is_brought_forward_and_keeps_its_rows() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &MIGRATIONS[..1], 0).unwrap();
        connection
            .execute_batch(
                "INSERT INTO runs VALUES (1, 'abc', '', 'partial', 0, 0, 1, '', '', '', '', '', '', 'EUR', 2, 1, 1, 1, 1, 0,
                 0, 'visits', NULL, NULL, NULL, 0, '', NULL)",
            )
            .unwrap();
        let next = with("ALTER TABLE runs ADD COLUMN colour TEXT NOT NULL DEFAULT ''");
        migrate(&mut connection, &next, 1).unwrap();
        assert_eq!(version(&connection), 2);
        let row: (String, String) = connection
            .query_row("SELECT id, colour FROM runs", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        assert_eq!(row, ("abc".into(), String::new()));
        connection.query_row("SELECT count(*) FROM totals_readable", [], |_| Ok(())).unwrap();
    }

    #[test]
    fn a_migration_that_fails_leaves_the_version_before_it() {
        let mut connection = Connection::open_in_memory().unwrap();
        let broken = "CREATE TABLE half (a); INSERT INTO no_such_table VALUES (1)";
        assert!(migrate(&mut connection, &with(broken), 0).is_err());
        assert_eq!(version(&connection), 1);
        let half: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'half'", [], |row| row.get(0))
            .unwrap();
        assert_eq!(half, 0);
    }

    #[test]
    fn a_new_store_that_fails_midway_has_neither_ids_nor_tables() {
        let mut connection = Connection::open_in_memory().unwrap();
        fn fails(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
            transaction.execute_batch("SELECT no_such_column FROM runs")
        }
        let broken = [Migration { sql: MIGRATIONS[0].sql, then: fails }];
        assert!(migrate(&mut connection, &broken, 0).is_err());
        assert_eq!(version(&connection), 0);
        let id: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).unwrap();
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
        assert_eq!((id, tables), (0, 0));
    }
}
