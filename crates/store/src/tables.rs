//! The tables of a store as the schema itself lists them, so that none can be forgotten: what belongs to an arm of a
//! world, to a world, to a run, or to the whole file.
//!
//! Numbers that only mean something within one file (`run_no`, `arm_unit`) say where a row belongs and are no part of what
//! it says: rows of two files can be compared.

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Statement};

/// The table that holds the digests of the others.
pub(crate) const DIGESTS: &str = "digests";
/// Numbers that only mean something within one file.
const LOCAL: [&str; 2] = ["run_no", "arm_unit"];
/// What a person may change about a run, or what differs from one sitting to the next: no result depends on it.
const FREE_OF_RUNS: [&str; 12] = [
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

/// What the rows of a table belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// An arm of a world.
    Arm,
    /// A world.
    World,
    /// A run.
    Run,
    /// The file.
    File,
}

/// A table.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub name: String,
    pub level: Level,
    /// Columns that say something, in the order of the schema.
    pub columns: Vec<String>,
    /// Those of them that tell rows of one place apart, in the order of the primary key.
    pub key: Vec<String>,
}

/// Which rows of a table: numbers within the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows {
    pub run_no: i64,
    pub world: u32,
    pub arm_unit: i64,
}

/// All tables of the schema but SQLite's own.
pub(crate) fn tables(connection: &Connection) -> rusqlite::Result<Vec<Table>> {
    let names: Vec<String> = connection
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    names.into_iter().map(|name| table(connection, name)).collect()
}

fn table(connection: &Connection, name: String) -> rusqlite::Result<Table> {
    let all: Vec<(String, i64)> = connection
        .prepare("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid")?
        .query_map([&name], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let has = |wanted: &str| all.iter().any(|(column, _)| column == wanted);
    let level = match (has("arm_unit"), has("run_no") && has("world"), has("run_no")) {
        (true, ..) => Level::Arm,
        (_, true, _) => Level::World,
        (_, _, true) => Level::Run,
        _ => Level::File,
    };
    let says = |column: &str| !LOCAL.contains(&column) && (name != "runs" || !FREE_OF_RUNS.contains(&column));
    let mut key: Vec<(i64, String)> = all
        .iter()
        .filter(|(column, pk)| *pk > 0 && says(column))
        .map(|(column, pk)| (*pk, column.clone()))
        .collect();
    key.sort();
    let columns = all.iter().map(|(column, _)| column.clone()).filter(|column| says(column)).collect();
    Ok(Table { name, level, columns, key: key.into_iter().map(|(_, column)| column).collect() })
}

impl Table {
    /// Its rows at one place, in the order of the key.
    pub fn select<'c>(&self, connection: &'c Connection, rows: Rows) -> rusqlite::Result<Statement<'c>> {
        let (columns, table) = (self.columns.join(", "), &self.name);
        let order =
            if self.key.is_empty() { String::new() } else { format!("ORDER BY {}", self.key.join(", ")) };
        let place = match self.level {
            Level::Arm => "WHERE arm_unit = ?1",
            Level::World => "WHERE run_no = ?1 AND world = ?2",
            Level::Run => "WHERE run_no = ?1",
            Level::File => "",
        };
        let mut statement = connection.prepare(&format!("SELECT {columns} FROM {table} {place} {order}"))?;
        match self.level {
            Level::Arm => statement.raw_bind_parameter(1, rows.arm_unit)?,
            Level::World => {
                statement.raw_bind_parameter(1, rows.run_no)?;
                statement.raw_bind_parameter(2, rows.world)?;
            }
            Level::Run => statement.raw_bind_parameter(1, rows.run_no)?,
            Level::File => {}
        }
        Ok(statement)
    }
}

/// A value as people read it.
pub(crate) fn text(value: ValueRef<'_>) -> String {
    match Value::try_from(value) {
        Ok(Value::Null) => "nothing".to_owned(),
        Ok(Value::Integer(value)) => value.to_string(),
        Ok(Value::Real(value)) => value.to_string(),
        Ok(Value::Text(text)) => text,
        Ok(Value::Blob(bytes)) => format!("{} bytes", bytes.len()),
        Err(_) => "text that is not UTF-8".to_owned(),
    }
}
