//! Opening a store: first a look that changes nothing, then the decision whether the file is ours to change.
//!
//! # Promises
//! - A file that is not ours, newer or damaged is not touched.
//! - A missing or zero-length file, and one with `application_id` 0 and no tables, becomes a new store ([`Mode::Create`]).
//! - Reading makes no file and no folder: not a store from a mistyped name, and nothing beside a store.
//! - A store at rest is one file. While a transaction is written there is a journal (`-journal`) beside it; there is never
//!   a log (`-wal`) that another file could be taken for the owner of.
//! - Permission bits count even for a user whom the system would let through (root).

use crate::copy::private_copy;
use crate::error::{At, BUSY_SECONDS, StoreError};
use crate::files::{BESIDE, Handle, beside, folder_of, metadata, plain};
use crate::look::{Found, Reading, look, open_reading, without_log};
use crate::migrate::{MIGRATIONS, latest_version, migrate};
use crate::model::RunNo;
use crate::rights::{other_owner, writable};
use rusqlite::{Connection, OpenFlags, ffi};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tempfile::TempDir;

/// How a store is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Reads and writes a store that exists.
    ReadWrite,
    /// Reads only; works where one may not write, and on stores of earlier versions too.
    ReadOnly,
    /// Reads and writes; makes the store, and the folders above it, where there is none.
    Create,
}

/// An open store. Used from one thread at a time, which may change ([`Send`]); several processes may have it open.
pub struct Store {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    pub(crate) handle: Held,
    pub(crate) wait_seconds: u64,
    /// The run without which nothing is changed.
    pub(crate) held_to: Option<(RunNo, String)>,
    /// Raised by a hand in another thread.
    pub(crate) asked_to_stop: Arc<AtomicBool>,
    mode: Mode,
    /// Where the private copy lies that is read instead of the file.
    pub(crate) copy: Option<TempDir>,
}

/// A handle that is let go of after the connection before it is closed.
pub(crate) struct Held(Option<Arc<Handle>>);

impl Held {
    pub fn get(&self) -> Option<&Handle> {
        self.0.as_deref()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(handle) = self.0.take() {
            Handle::release(handle);
        }
    }
}

impl Store {
    /// Opens the store at `path`.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::NotAFile`], [`StoreError::NotOurs`], [`StoreError::Newer`],
    /// [`StoreError::NotADatabase`], [`StoreError::Damaged`], [`StoreError::ReadOnlyFile`],
    /// [`StoreError::ReadOnlyFolder`], [`StoreError::Leftover`], [`StoreError::Interruption`],
    /// [`StoreError::NoFolder`], [`StoreError::Locked`], [`StoreError::Disk`].
    pub fn open(path: &Path, mode: Mode) -> Result<Self, StoreError> {
        let missing = || StoreError::Missing { file: path.to_owned() };
        if metadata(path)?.is_none() {
            if mode != Mode::Create {
                return Err(missing());
            }
            make_folder(path)?;
            return open_writing(path, 0, mode);
        }
        let held = Held(Some(handle_on(path)?));
        let handle = held.get().ok_or_else(missing)?;
        let known = latest_version();
        let version = match look(path, handle)? {
            Found::Version(found) if found > known => {
                return Err(StoreError::Newer { file: path.to_owned(), found, known });
            }
            Found::Nothing if mode == Mode::ReadOnly => return Err(missing()),
            Found::Version(version) => version,
            Found::Nothing => 0,
        };
        if mode != Mode::ReadOnly {
            return open_writing(path, version, mode);
        }
        let reading =
            if version < known { forward(path, handle, version)? } else { open_reading(path, handle)? };
        let Reading { connection, copy } = reading;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self {
            connection,
            path: path.to_owned(),
            handle: held,
            wait_seconds: BUSY_SECONDS,
            held_to: None,
            asked_to_stop: Arc::default(),
            mode,
            copy,
        })
    }

    /// A store that lies in memory and vanishes with the answer: what would be written, for comparison.
    ///
    /// # Errors
    /// [`StoreError::Disk`] without memory.
    pub fn in_memory() -> Result<Self, StoreError> {
        let path = PathBuf::from("memory");
        let mut connection = Connection::open_in_memory().at(&path)?;
        migrate(&mut connection, MIGRATIONS, 0).at(&path)?;
        connection.execute_batch("PRAGMA foreign_keys = ON").at(&path)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self {
            connection,
            path,
            handle: Held(None),
            wait_seconds: 0,
            held_to: None,
            asked_to_stop: Arc::default(),
            mode: Mode::Create,
            copy: None,
        })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of the file and of what lies beside it.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let parts = [""].into_iter().chain(BESIDE).map(|part| beside(&self.path, part));
        parts.filter_map(|file| fs::metadata(file).ok()).map(|m| m.len()).sum()
    }

    /// Reads every page and index; takes a second per few hundred megabytes.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first damage found.
    pub fn check(&self) -> Result<(), StoreError> {
        let answer: String =
            self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).at(&self.path)?;
        if answer == "ok" {
            Ok(())
        } else {
            Err(StoreError::Damaged { file: self.path.clone(), found: answer })
        }
    }

    /// Refuses early and in plain words what SQLite would refuse late.
    pub(crate) fn writable(&self) -> Result<(), StoreError> {
        if self.mode == Mode::ReadOnly {
            return Err(StoreError::OpenedReadOnly { file: self.path.clone() });
        }
        Ok(())
    }
}

fn handle_on(path: &Path) -> Result<Arc<Handle>, StoreError> {
    Handle::on(path).map_err(|error| StoreError::Disk { file: path.to_owned(), found: error.to_string() })
}

/// Brings a store of an earlier version forward for a reader: in its place where that may be written, else in a copy.
fn forward(path: &Path, handle: &Handle, version: i64) -> Result<Reading, StoreError> {
    if writable(path) && writable(folder_of(path)) {
        drop(open_writing(path, version, Mode::ReadWrite)?);
        return open_reading(path, handle);
    }
    let (folder, copy) = private_copy(path, handle)?;
    let connection = connect_writing(&copy, version).at(path)?;
    Ok(Reading { connection, copy: Some(folder) })
}

fn make_folder(path: &Path) -> Result<(), StoreError> {
    let folder = folder_of(path);
    fs::create_dir_all(folder).map_err(|error| StoreError::NoFolder {
        file: path.to_owned(),
        folder: folder.to_owned(),
        reason: error.to_string(),
    })
}

fn refuse_unwritable(path: &Path) -> Result<(), StoreError> {
    let folder = folder_of(path);
    if path.exists() && !writable(path) {
        return Err(StoreError::read_only_file(path));
    }
    if !writable(folder) {
        let owner = other_owner(folder);
        return Err(StoreError::ReadOnlyFolder { file: path.to_owned(), folder: folder.to_owned(), owner });
    }
    let left =
        BESIDE.map(|part| beside(path, part)).into_iter().find(|file| file.exists() && !writable(file));
    match left {
        Some(leftover) => Err(StoreError::leftover(path, leftover)),
        None => Ok(()),
    }
}

fn open_writing(path: &Path, version: i64, mode: Mode) -> Result<Store, StoreError> {
    refuse_unwritable(path)?;
    let connection = connect_writing(path, version).map_err(|error| {
        let leftover = beside(path, "-journal");
        match error.sqlite_error().map(|error| error.extended_code) {
            // In a folder where one may remove one's own files only.
            Some(ffi::SQLITE_IOERR_DELETE) if leftover.exists() => StoreError::leftover(path, leftover),
            _ => StoreError::at(path, error),
        }
    })?;
    if connection.is_readonly("main").at(path)? {
        return Err(StoreError::read_only_file(path));
    }
    let handle = Held(Some(handle_on(path)?));
    Ok(Store {
        connection,
        path: path.to_owned(),
        handle,
        wait_seconds: BUSY_SECONDS,
        held_to: None,
        asked_to_stop: Arc::default(),
        mode,
        copy: None,
    })
}

fn connect_writing(path: &Path, version: i64) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(plain(path), flags)?;
    connection.busy_timeout(Duration::from_secs(BUSY_SECONDS))?;
    if connection.is_readonly("main")? {
        return Ok(connection);
    }
    if version == 0 {
        // Counts only before the first table: purging can then give space back without writing the file anew.
        connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL")?;
    }
    without_log(&connection)?;
    migrate(&mut connection, MIGRATIONS, version)?;
    connection
        .execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}
