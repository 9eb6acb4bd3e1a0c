//! Opening a store: first a look that changes nothing, then the decision whether the file is ours to change.
//!
//! # Promises
//! - A file that is not ours, newer or damaged is not touched.
//! - A missing or zero-length file, and one with `application_id` 0 and no tables, becomes a new store ([`Mode::Create`]).
//! - Permission bits count even for a user whom the system would let through (root).

use crate::error::{At, BUSY_SECONDS, StoreError};
use crate::migrate::{APPLICATION_ID, MIGRATIONS, latest_version, migrate};
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, Metadata};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How a store is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Reads and writes a store that exists.
    ReadWrite,
    /// Reads only; works on read-only media too.
    ReadOnly,
    /// Reads and writes; makes the store, and the folders above it, where there is none.
    Create,
}

/// An open store. Used from one thread at a time, which may change ([`Send`]); several processes may have it open.
pub struct Store {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    mode: Mode,
}

/// What the look found.
enum Found {
    Nothing,
    Version(i64),
}

impl Store {
    /// Opens the store at `path`.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::NotAFile`], [`StoreError::NotOurs`], [`StoreError::Newer`],
    /// [`StoreError::Older`], [`StoreError::NotADatabase`], [`StoreError::Damaged`], [`StoreError::ReadOnlyFile`],
    /// [`StoreError::ReadOnlyFolder`], [`StoreError::NoFolder`], [`StoreError::Locked`], [`StoreError::Disk`].
    pub fn open(path: &Path, mode: Mode) -> Result<Self, StoreError> {
        let metadata = metadata(path)?;
        if metadata.is_none() && mode != Mode::Create {
            return Err(StoreError::Missing { file: path.to_owned() });
        }
        let found = match &metadata {
            Some(metadata) => look(path, metadata, mode)?,
            None => Found::Nothing,
        };
        let known = latest_version();
        match found {
            Found::Version(found) if found > known => {
                return Err(StoreError::Newer { file: path.to_owned(), found, known });
            }
            Found::Version(found) if found < known && mode == Mode::ReadOnly => {
                return Err(StoreError::Older { file: path.to_owned(), found, known });
            }
            Found::Nothing if mode == Mode::ReadOnly => {
                return Err(StoreError::Missing { file: path.to_owned() });
            }
            Found::Nothing | Found::Version(_) => {}
        }
        let connection = if mode == Mode::ReadOnly {
            open_reading(path)?
        } else {
            refuse_unwritable(path, metadata.as_ref(), mode)?;
            let from = if let Found::Version(version) = found { version } else { 0 };
            open_writing(path, from)?
        };
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self { connection, path: path.to_owned(), mode })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of the file and of the log beside it.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let log = beside(&self.path, "-wal");
        [&self.path, &log].into_iter().filter_map(|file| fs::metadata(file).ok()).map(|m| m.len()).sum()
    }

    /// Moves what the log holds into the file itself, so that a copy of the one file is complete.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while another process reads or writes.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        let busy: i64 = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .at(&self.path)?;
        if busy == 0 {
            Ok(())
        } else {
            Err(StoreError::Locked { file: self.path.clone(), seconds: BUSY_SECONDS })
        }
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

fn metadata(path: &Path) -> Result<Option<Metadata>, StoreError> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(Some(metadata)),
        Ok(_) => Err(StoreError::NotAFile { file: path.to_owned() }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::Disk { file: path.to_owned(), found: error.to_string() }),
    }
}

/// Finds out what an existing file is without changing a byte of it.
fn look(path: &Path, metadata: &Metadata, mode: Mode) -> Result<Found, StoreError> {
    if metadata.len() == 0 {
        return Ok(Found::Nothing);
    }
    refuse_other_header(path, metadata.len())?;
    let connection = match open_reading(path) {
        Err(StoreError::ReadOnlyFile { .. })
            if mode != Mode::ReadOnly && !metadata.permissions().readonly() =>
        {
            undo_interrupted(path)?;
            open_reading(path)?
        }
        opened => opened?,
    };
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).at(path);
    let (application_id, version) = (pragma("application_id")?, pragma("user_version")?);
    if application_id == i64::from(APPLICATION_ID) && version > 0 {
        return Ok(Found::Version(version));
    }
    let tables: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name LIMIT 4")
        .and_then(|mut s| s.query_map([], |row| row.get(0))?.collect())
        .at(path)?;
    if application_id == 0 && tables.is_empty() {
        return Ok(Found::Nothing);
    }
    let found = if application_id == 0 {
        format!("without application_id, with the tables {}", tables.join(", "))
    } else {
        format!("application_id {application_id:#x}, version {version}")
    };
    Err(StoreError::NotOurs { file: path.to_owned(), found })
}

/// A process was killed between writing its journal and writing the file: SQLite undoes that as soon as it may write.
fn undo_interrupted(path: &Path) -> Result<(), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).at(path)?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).at(path)
}

/// SQLite would take a file shorter than its header for an empty database and overwrite it, and would not miss the last
/// bytes of a page.
fn refuse_other_header(path: &Path, bytes: u64) -> Result<(), StoreError> {
    const MAGIC: &[u8] = b"SQLite format 3\0";
    const HEADER_BYTES: usize = 100;
    let io = |error: std::io::Error| StoreError::Disk { file: path.to_owned(), found: error.to_string() };
    let damaged = |found| Err(StoreError::Damaged { file: path.to_owned(), found });
    let mut header = Vec::with_capacity(HEADER_BYTES);
    fs::File::open(path).map_err(io)?.take(HEADER_BYTES as u64).read_to_end(&mut header).map_err(io)?;
    let shown = header.len().min(MAGIC.len());
    if header[..shown] != MAGIC[..shown] {
        let found = format!("\"{}\"", header[..shown].escape_ascii());
        return Err(StoreError::NotADatabase { file: path.to_owned(), found });
    }
    if header.len() < HEADER_BYTES {
        return damaged(format!("it ends after {} bytes, within its header", header.len()));
    }
    match bytes_by_header(&header) {
        Some(whole) if bytes < whole && !has_beside(path, "-wal") && !has_beside(path, "-journal") => {
            damaged(format!("it has {bytes} bytes, but its header says {whole}"))
        }
        _ => Ok(()),
    }
}

/// Page size times pages, if the header vouches for the number of pages (it does so when the file was written last by a
/// version of SQLite that keeps count).
fn bytes_by_header(header: &[u8]) -> Option<u64> {
    let word = |at: usize| header[at..at + 4].iter().fold(0_u64, |word, &byte| (word << 8) | u64::from(byte));
    let page_bytes = match word(16) >> 16 {
        1 => 65_536,
        bytes => bytes,
    };
    (word(24) == word(92)).then(|| page_bytes * word(28))
}

fn refuse_unwritable(path: &Path, metadata: Option<&Metadata>, mode: Mode) -> Result<(), StoreError> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    if metadata.is_none() && mode == Mode::Create {
        fs::create_dir_all(folder).map_err(|error| StoreError::NoFolder {
            file: path.to_owned(),
            folder: folder.to_owned(),
            reason: error.to_string(),
        })?;
    }
    if metadata.is_some_and(|m| m.permissions().readonly()) {
        return Err(StoreError::ReadOnlyFile { file: path.to_owned() });
    }
    if fs::metadata(folder).is_ok_and(|m| m.permissions().readonly()) {
        return Err(StoreError::ReadOnlyFolder { file: path.to_owned(), folder: folder.to_owned() });
    }
    Ok(())
}

fn open_writing(path: &Path, version: i64) -> Result<Connection, StoreError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).at(path)?;
    connection.busy_timeout(Duration::from_secs(BUSY_SECONDS)).at(path)?;
    if connection.is_readonly("main").at(path)? {
        return Err(StoreError::ReadOnlyFile { file: path.to_owned() });
    }
    // The schema is written before the log is switched on, so that even the first transaction stands in the file itself.
    migrate(&mut connection, MIGRATIONS, version).at(path)?;
    connection
        .execute_batch(
            "PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
             PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384;",
        )
        .at(path)?;
    Ok(connection)
}

/// Opens for reading. Where SQLite cannot keep its log's index beside the file (read-only media) and no log is left over,
/// the file cannot change and is read as it is.
pub(crate) fn open_reading(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_secs(BUSY_SECONDS))?;
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    };
    match open() {
        Err(error)
            if matches!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::CannotOpen))
                && !has_beside(path, "-wal") =>
        {
            open_immutable(path)
        }
        opened => opened.at(path),
    }
}

/// Whether SQLite left a log (`-wal`) or a journal (`-journal`) with something in it.
fn has_beside(path: &Path, ending: &str) -> bool {
    fs::metadata(beside(path, ending)).is_ok_and(|file| file.len() > 0)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn open_immutable(path: &Path) -> Result<Connection, StoreError> {
    let absolute = fs::canonicalize(path)
        .map_err(|error| StoreError::Disk { file: path.to_owned(), found: error.to_string() })?;
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let escaped: String = absolute
        .to_string_lossy()
        .chars()
        .map(|c| match c {
            '%' => "%25".to_owned(),
            '?' => "%3f".to_owned(),
            '#' => "%23".to_owned(),
            '\\' => "/".to_owned(),
            c => c.to_string(),
        })
        .collect();
    Connection::open_with_flags(format!("file:{escaped}?immutable=1"), flags).at(path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_store_on_read_only_media_is_read_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("100 % of #1?.db");
        drop(Store::open(&path, Mode::Create).unwrap());
        let connection = open_immutable(&path).unwrap();
        let runs: i64 = connection.query_row("SELECT count(*) FROM runs", [], |row| row.get(0)).unwrap();
        assert_eq!(runs, 0);
    }

    /// Goal: another process that does not let go is named as the reason, and nothing is half written.
    #[test]
    fn a_store_that_another_process_keeps_locked_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("counterfoil.db");
        let mut store = Store::open(&path, Mode::Create).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        store.connection.busy_timeout(Duration::from_millis(20)).unwrap();
        let error = store.purge_deleted().unwrap_err();
        assert!(matches!(error, StoreError::Locked { .. }) && error.is_environment(), "{error:?}");
        assert!(store.runs().unwrap().is_empty(), "reading goes on");
        other.execute_batch("ROLLBACK").unwrap();
        assert_eq!(store.purge_deleted().unwrap(), 0);
    }
}
