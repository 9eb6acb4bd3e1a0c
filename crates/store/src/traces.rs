//! Full traces of single shoppers, as JSON text that the writer understands.

use crate::digests::{self, NONE};
use crate::error::{At, StoreError};
use crate::model::RunNo;
use crate::open::Store;
use crate::tables::{Level, Rows, Table, tables};
use rusqlite::{OptionalExtension, params};

impl Store {
    /// Keeps the trace of a shopper under every arm, in place of one kept before.
    ///
    /// # Errors
    /// [`StoreError::OpenedReadOnly`], [`StoreError::Locked`], [`StoreError::Disk`].
    pub fn put_trace(&mut self, run: RunNo, world: u32, shopper: u32, trace: &str) -> Result<(), StoreError> {
        self.change(|transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO traces (run_no, world, shopper, trace) VALUES (?, ?, ?, ?)
                     ON CONFLICT DO UPDATE SET trace = excluded.trace",
                )?
                .execute(params![run.0, world, shopper, trace])?;
            let tables: Vec<Table> =
                tables(transaction)?.into_iter().filter(|table| table.name == "traces").collect();
            let rows = Rows { run_no: run.0, world, arm_unit: NONE };
            digests::write(transaction, (Level::World, &tables), (rows, NONE), &[])
        })
    }

    /// The trace that was kept, if any.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Locked`].
    pub fn trace(&self, run: RunNo, world: u32, shopper: u32) -> Result<Option<String>, StoreError> {
        self.connection
            .prepare_cached("SELECT trace FROM traces WHERE run_no = ? AND world = ? AND shopper = ?")
            .and_then(|mut s| s.query_row(params![run.0, world, shopper], |row| row.get(0)).optional())
            .at(&self.path)
    }

    /// (world, shopper) of every trace of a run, ascending. One of a world or shopper that can be nobody's is left to
    /// [`Store::check_run`].
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Locked`].
    pub fn traced_shoppers(&self, run: RunNo) -> Result<Vec<(u32, u32)>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT world, shopper FROM traces WHERE run_no = ?
                 AND world BETWEEN 0 AND 4294967295 AND shopper BETWEEN 0 AND 4294967295 ORDER BY world, shopper",
            )
            .and_then(|mut s| s.query_map([run.0], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .at(&self.path)
    }
}
