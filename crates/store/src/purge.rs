//! Purging: deleted runs go for good, and the file becomes smaller.
//!
//! Files made by version 2 give pages back one by one. A file that is older keeps its pages until it is written anew once,
//! for which the disk must hold it twice; after that it gives back pages like the others.

use crate::error::{At, StoreError};
use crate::open::Store;
use rusqlite::Connection;

/// What purging would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PurgePlan {
    /// Deleted runs.
    pub runs: u32,
    /// Bytes that the file holds for nothing already.
    pub free_bytes: u64,
    /// Free bytes that the disk needs for a while, where the file must be written anew.
    pub needs_bytes: Option<u64>,
}

/// What purging did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purged {
    /// Runs that are gone.
    pub runs: u32,
    /// Bytes by which the file is smaller.
    pub freed_bytes: u64,
}

impl Store {
    /// What [`Store::purge_deleted`] would do now.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Locked`].
    pub fn purge_plan(&self) -> Result<PurgePlan, StoreError> {
        let runs = self
            .connection
            .query_row("SELECT count(*) FROM runs WHERE deleted = 1", [], |row| row.get(0))
            .at(&self.path)?;
        let pragma =
            |name| self.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).at(&self.path);
        let free_bytes = (pragma("freelist_count")? * pragma("page_size")?) as u64;
        let anew = !self.gives_back()?;
        Ok(PurgePlan { runs, free_bytes, needs_bytes: anew.then(|| 2 * self.bytes()) })
    }

    /// Removes deleted runs for good and gives their space back to the disk. Killed midway, the runs are gone or all there;
    /// purging again gives back what is left.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while another process reads or writes; [`StoreError::Disk`] without the room that
    /// [`PurgePlan::needs_bytes`] says, after which the runs are gone and the file is as long as before.
    pub fn purge_deleted(&mut self) -> Result<Purged, StoreError> {
        let before = self.bytes();
        let runs =
            self.change(|transaction| transaction.execute("DELETE FROM runs WHERE deleted = 1", []))?;
        if self.gives_back()? {
            give_back(&self.connection).at(&self.path)?;
        } else {
            self.connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL; VACUUM").at(&self.path)?;
        }
        Ok(Purged { runs: runs as u32, freed_bytes: before.saturating_sub(self.bytes()) })
    }

    /// Whether the file can give pages back one by one.
    fn gives_back(&self) -> Result<bool, StoreError> {
        let mode: i64 =
            self.connection.pragma_query_value(None, "auto_vacuum", |row| row.get(0)).at(&self.path)?;
        Ok(mode != 0)
    }
}

/// SQLite frees one page per step, so it is asked until it has no more.
fn give_back(connection: &Connection) -> rusqlite::Result<()> {
    let mut statement = connection.prepare("PRAGMA incremental_vacuum")?;
    let mut pages = statement.raw_query();
    while pages.next()?.is_some() {}
    Ok(())
}
