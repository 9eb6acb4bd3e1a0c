//! Every change of a store: one transaction, on the file that was opened and no other.
//!
//! While a run goes on, its store may be replaced under it (`mv backup.db counterfoil.db`). The worlds that are finished
//! then exist only behind the open connection, and the newcomer belongs to somebody else: it is left alone, and everything
//! goes to a new file beside it.
//!
//! A file that is written over it (`cp backup.db counterfoil.db`) is the same file to the system, and what it held is gone.
//! A store that was told which run it writes ([`Store::hold_to`]) looks for that run first and leaves anything else alone.
//!
//! The gap that remains is the moment of a commit: who replaces the file while a journal lies beside it, and has it opened
//! by another program before the commit ends, has that journal applied to the newcomer.

use crate::error::{At, StoreError};
use crate::files::{Identity, beside, folder_of, plain};
use crate::model::{RunNo, StoredRun};
use crate::open::Store;
use rusqlite::{Connection, InterruptHandle, Transaction, TransactionBehavior, ffi};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Stops what a store is doing: it ends with [`StoreError::Interrupted`], and a half-written unit is undone.
pub struct Interrupter {
    handle: InterruptHandle,
    asked: Arc<AtomicBool>,
}

impl Interrupter {
    /// Stops it now, or within a second if it waits for somebody else.
    pub fn interrupt(&self) {
        self.asked.store(true, Ordering::SeqCst);
        self.handle.interrupt();
    }
}

/// How long SQLite waits by itself before it is asked again.
const WAIT_AT_ONCE: Duration = Duration::from_secs(1);
/// Names that are tried for a rescued store.
const NAMES: u32 = 1_000;

impl Store {
    /// Waits this long for other processes instead of giving up after half a minute: for the thread that writes a run.
    ///
    /// # Errors
    /// None that is known.
    pub fn wait_for_others(&mut self, seconds: u64) -> Result<(), StoreError> {
        self.wait_seconds = seconds;
        self.connection.busy_timeout(Duration::from_secs(seconds)).at(&self.path)
    }

    /// From now on changes nothing unless this run is still in the file.
    pub fn hold_to(&mut self, run: &StoredRun) {
        self.held_to = Some((run.no, run.id.clone()));
    }

    /// Whether the run that this store was told of is still in the file, or in the one that was moved away.
    pub(crate) fn still_there(&self) -> Result<(), StoreError> {
        match &self.held_to {
            Some(run) if !is_there(&self.connection, run).at(&self.path)? => {
                Err(StoreError::Overwritten { file: self.path.clone() })
            }
            _ => Ok(()),
        }
    }

    /// A hand on this store for another thread, which can stop what is being written or read.
    #[must_use]
    pub fn interrupter(&self) -> Interrupter {
        Interrupter { handle: self.connection.get_interrupt_handle(), asked: Arc::clone(&self.asked_to_stop) }
    }

    /// Does one transaction, wholly or not at all. If the file was replaced, it is done in a new file beside it.
    pub(crate) fn change<T>(
        &mut self,
        change: impl Fn(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.writable()?;
        if self.is_replaced() {
            return Err(self.rescued(&change));
        }
        self.still_there()?;
        let held_to = self.held_to.clone();
        let guarded = |transaction: &Transaction<'_>| {
            if let Some(run) = &held_to
                && !is_there(transaction, run)?
            {
                return Ok(None);
            }
            change(transaction).map(Some)
        };
        match self.patient(&guarded).transpose() {
            None => Err(StoreError::Overwritten { file: self.path.clone() }),
            Some(Err(error)) if moved(&error) => Err(self.rescued(&change)),
            Some(done) => done.at(&self.path).map_err(|error| self.blamed(error)),
        }
    }

    /// Who is to blame for what went wrong: a rule of the schema that was broken in a damaged file is the damage's fault.
    fn blamed(&self, error: StoreError) -> StoreError {
        match error {
            StoreError::Defect { file, found } if !is_sound(&self.connection) => {
                StoreError::Damaged { file, found: format!("its parts do not fit together ({found})") }
            }
            error => self.patiently(error),
        }
    }

    /// One transaction, tried again while others hold the file, for as long as this store waits. SQLite does not hear that
    /// somebody wants to stop while it waits by itself.
    fn patient<T>(
        &mut self,
        change: &impl Fn(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let whole = Duration::from_secs(self.wait_seconds);
        self.asked_to_stop.store(false, Ordering::SeqCst);
        self.connection.busy_timeout(WAIT_AT_ONCE.min(whole))?;
        let done = self.again_and_again(change);
        self.connection.busy_timeout(whole)?;
        done
    }

    fn again_and_again<T>(
        &mut self,
        change: &impl Fn(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let mut left = self.wait_seconds / WAIT_AT_ONCE.as_secs();
        loop {
            match in_transaction(&mut self.connection, change) {
                Err(error) if busy(&error) && left > 0 => left -= 1,
                done => return done,
            }
            if self.asked_to_stop.swap(false, Ordering::SeqCst) {
                return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_INTERRUPT), None));
            }
        }
    }

    /// Whether another file, or none, is where this one was opened.
    fn is_replaced(&self) -> bool {
        let opened = self.handle.get().and_then(|handle| handle.identity());
        opened.is_some() && opened != Identity::at(&self.path)
    }

    /// Writes everything that this connection still sees, and the change, to a new file beside.
    fn rescued<T>(&mut self, change: &impl Fn(&Transaction<'_>) -> rusqlite::Result<T>) -> StoreError {
        let file = self.path.clone();
        let Some(target) = free_name(&self.path) else {
            return StoreError::Disk { file, found: "it was replaced, and no name beside it is free".into() };
        };
        let saved = save(&self.connection, &target).and_then(|mut copy| in_transaction(&mut copy, change));
        match saved {
            Ok(_) => StoreError::Replaced { file, rescued: target },
            Err(error) => {
                let found =
                    format!("it was replaced, and {} could not be written ({error})", target.display());
                StoreError::Disk { file, found }
            }
        }
    }

    fn patiently(&self, error: StoreError) -> StoreError {
        match error {
            StoreError::Locked { file, .. } => StoreError::Locked { file, seconds: self.wait_seconds },
            other => other,
        }
    }
}

fn in_transaction<T>(
    connection: &mut Connection,
    change: &impl Fn(&Transaction<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = change(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

/// Whether a run is still where it was. What makes no sense is another file, or a piece of one, written over it.
fn is_there(connection: &Connection, (no, id): &(RunNo, String)) -> rusqlite::Result<bool> {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase, Unknown};
    let found: rusqlite::Result<String> =
        connection.query_row("SELECT id FROM runs WHERE run_no = ?", [no.0], |row| row.get(0));
    match found {
        Ok(found) => Ok(found == *id),
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok(false),
        Err(error) => match error.sqlite_error_code() {
            Some(DatabaseCorrupt | NotADatabase | Unknown) => Ok(false),
            _ => Err(error),
        },
    }
}

/// Whether pages, rows and references of a file fit together; looks at everything, so ask only where something is wrong.
fn is_sound(connection: &Connection) -> bool {
    let pages = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
    let stray = connection.prepare("PRAGMA foreign_key_check").and_then(|mut rows| rows.exists([]));
    pages.is_ok_and(|said| said == "ok") && stray.is_ok_and(|stray| !stray)
}

fn busy(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
    matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked))
}

/// SQLite looks too, before it makes a journal.
fn moved(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_READONLY_DBMOVED)
}

fn save(connection: &Connection, target: &Path) -> rusqlite::Result<Connection> {
    connection.execute("VACUUM INTO ?", [plain(target).to_string_lossy()])?;
    let copy = Connection::open(plain(target))?;
    copy.execute_batch("PRAGMA foreign_keys = ON")?;
    Ok(copy)
}

/// `NAME-rescued-1.db`, or the first number that is free.
fn free_name(path: &Path) -> Option<PathBuf> {
    let stem = path.file_stem()?.to_string_lossy().into_owned();
    let name = |number| folder_of(path).join(format!("{stem}-rescued-{number}.db"));
    (1..NAMES).map(name).find(|file| !file.exists() && !beside(file, "-journal").exists())
}
