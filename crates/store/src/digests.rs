//! A digest per table and place, written in the transaction of its rows: finds accidents (a flipped bit, a row that was
//! changed or lost by hand) without simulating anything. Whoever changes rows on purpose can change digests too.

use crate::model::RunNo;
use crate::tables::{DIGESTS, Level, Rows, Table, tables};
use counterfoil_core::digest::Digest;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Transaction, params};

/// Stands for "no world" and "no arm" in the table of digests.
pub(crate) const NONE: i64 = -1;

/// What a table says at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stand {
    pub rows: i64,
    pub digest: String,
}

/// Adds rows up, by ascending key.
#[derive(Default)]
pub(crate) struct Tally {
    rows: i64,
    digest: Digest,
}

impl Tally {
    /// One row of whole numbers, as it is being written.
    pub fn row(&mut self, cells: &[Option<i64>]) {
        for cell in cells {
            fold(&mut self.digest, cell.map_or(ValueRef::Null, ValueRef::Integer));
        }
        self.rows += 1;
    }

    /// What they come to.
    pub fn stand(self) -> Stand {
        Stand { rows: self.rows, digest: self.digest.to_hex() }
    }
}

/// Reads the rows of a table at one place.
pub(crate) fn stand(connection: &Connection, table: &Table, rows: Rows) -> rusqlite::Result<Stand> {
    let mut statement = table.select(connection, rows)?;
    let columns = table.columns.len();
    let mut tally = Tally::default();
    let mut found = statement.raw_query();
    while let Some(row) = found.next()? {
        for column in 0..columns {
            fold(&mut tally.digest, row.get_ref(column)?);
        }
        tally.rows += 1;
    }
    Ok(tally.stand())
}

/// Folds one value with its kind, so that 1 and '1' differ.
fn fold(digest: &mut Digest, value: ValueRef<'_>) {
    let mut bytes = |kind: u64, bytes: &[u8]| {
        digest.fold(kind);
        digest.fold(bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            digest.fold(u64::from_le_bytes(word));
        }
    };
    match value {
        ValueRef::Text(text) => bytes(3, text),
        ValueRef::Blob(blob) => bytes(4, blob),
        ValueRef::Null => digest.fold(0),
        ValueRef::Integer(value) => {
            digest.fold(1);
            digest.fold_signed(value);
        }
        ValueRef::Real(value) => {
            digest.fold(2);
            digest.fold(value.to_bits());
        }
    }
}

/// Writes the digests of the tables of one level at one place. Those in `known` were added up while their rows were written;
/// all others, of which nobody need think, are read.
pub(crate) fn write(
    transaction: &Transaction<'_>,
    (level, tables): (Level, &[Table]),
    (rows, arm_no): (Rows, i64),
    known: &[(&str, Stand)],
) -> rusqlite::Result<()> {
    let world = if level == Level::Run { NONE } else { i64::from(rows.world) };
    for table in tables.iter().filter(|table| table.level == level && table.name != DIGESTS) {
        let found = known.iter().find(|(name, _)| *name == table.name).map(|(_, stand)| stand.clone());
        let Stand { rows: count, digest } = found.map_or_else(|| stand(transaction, table, rows), Ok)?;
        transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO digests (run_no, world, arm_no, table_name, row_count, digest)
                 VALUES (?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![rows.run_no, world, arm_no, table.name, count, digest])?;
    }
    Ok(())
}

/// Writes the digests of the tables that say what a run is.
pub(crate) fn write_run(transaction: &Transaction<'_>, run: RunNo) -> rusqlite::Result<()> {
    let rows = Rows { run_no: run.0, world: 0, arm_unit: 0 };
    write(transaction, (Level::Run, &tables(transaction)?), (rows, NONE), &[])
}

/// Writes all digests of a file that has none yet.
pub(crate) fn write_all(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let tables = tables(transaction)?;
    for place in places(transaction, None)? {
        write(transaction, (place.level, &tables), (place.rows, place.arm_no), &[])?;
    }
    Ok(())
}

/// Where rows lie: the run itself, its worlds, and the arms of its worlds.
pub(crate) struct At {
    pub level: Level,
    pub rows: Rows,
    pub arm_no: i64,
}

/// All places of a run, or of all runs.
pub(crate) fn places(connection: &Connection, run: Option<RunNo>) -> rusqlite::Result<Vec<At>> {
    let run = run.map(|run| run.0);
    let mut places = Vec::new();
    let mut add = |level: Level, sql: &str| -> rusqlite::Result<()> {
        let mut statement = connection.prepare(sql)?;
        let mut found = statement.query([run])?;
        while let Some(row) = found.next()? {
            let rows = Rows { run_no: row.get(0)?, world: row.get(1)?, arm_unit: row.get(2)? };
            places.push(At { level, rows, arm_no: row.get(3)? });
        }
        Ok(())
    };
    add(Level::Run, "SELECT run_no, 0, 0, -1 FROM runs WHERE ?1 IS NULL OR run_no = ?1 ORDER BY run_no")?;
    add(
        Level::World,
        "SELECT run_no, world, 0, -1 FROM units WHERE ?1 IS NULL OR run_no = ?1 ORDER BY run_no, world",
    )?;
    add(
        Level::Arm,
        "SELECT run_no, world, arm_unit, arm_no FROM arm_units WHERE ?1 IS NULL OR run_no = ?1
         ORDER BY run_no, world, arm_no",
    )?;
    Ok(places)
}
