//! A look at a file that changes nothing: is it a store, and of which version?

use crate::copy::private_copy;
use crate::error::{At, BUSY_SECONDS, StoreError};
use crate::files::{Handle, folder_of, has_beside, plain};
use crate::migrate::APPLICATION_ID;
use crate::rights::writable;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, ffi};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// What the look found.
pub(crate) enum Found {
    /// Nothing yet: a zero-length file, or an empty database.
    Nothing,
    /// A store of this version.
    Version(i64),
}

/// A connection for reading, and the private copy that it reads where the file itself cannot be read in peace.
pub(crate) struct Reading {
    pub connection: Connection,
    pub copy: Option<TempDir>,
}

/// Finds out what an existing file is.
pub(crate) fn look(path: &Path, handle: &Handle) -> Result<Found, StoreError> {
    let io = |error: std::io::Error| StoreError::Disk { file: path.to_owned(), found: error.to_string() };
    if handle.bytes().map_err(io)? == 0 {
        return Ok(Found::Nothing);
    }
    refuse_other_header(path, handle)?;
    let reading = open_reading(path, handle)?;
    refuse_garbled_schema(path, &reading.connection)?;
    let pragma =
        |name| reading.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).at(path);
    let (application_id, version) = (pragma("application_id")?, pragma("user_version")?);
    if application_id == i64::from(APPLICATION_ID) && version > 0 {
        return Ok(Found::Version(version));
    }
    let tables: Vec<String> = reading
        .connection
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

/// Names of tables and columns are text; where they are not, damage is said before anybody takes them for it.
fn refuse_garbled_schema(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    let mut statement = connection.prepare("SELECT name, sql FROM sqlite_schema").at(path)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().at(path)? {
        for column in 0..2 {
            if let ValueRef::Text(text) = row.get_ref(column).at(path)?
                && std::str::from_utf8(text).is_err()
            {
                let found = "the name or definition of a table is not text".to_owned();
                return Err(StoreError::Damaged { file: path.to_owned(), found });
            }
        }
    }
    Ok(())
}

/// SQLite would take a file shorter than its header for an empty database and overwrite it, and would not miss the last
/// bytes of a page.
fn refuse_other_header(path: &Path, handle: &Handle) -> Result<(), StoreError> {
    const MAGIC: &[u8] = b"SQLite format 3\0";
    const HEADER_BYTES: usize = 100;
    let io = |error: std::io::Error| StoreError::Disk { file: path.to_owned(), found: error.to_string() };
    let damaged = |found| Err(StoreError::Damaged { file: path.to_owned(), found });
    let header = handle.beginning(HEADER_BYTES as u64).map_err(io)?;
    let shown = header.len().min(MAGIC.len());
    if header[..shown] != MAGIC[..shown] {
        let found = format!("\"{}\"", header[..shown].escape_ascii());
        return Err(StoreError::NotADatabase { file: path.to_owned(), found });
    }
    if header.len() < HEADER_BYTES {
        return damaged(format!("it ends after {} bytes, within its header", header.len()));
    }
    let bytes = handle.bytes().map_err(io)?;
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

/// Whether the file was left in the mode with a log beside it, as stores of version 1 were.
fn has_log(path: &Path, handle: &Handle) -> bool {
    has_beside(path, "-wal") || handle.beginning(20).is_ok_and(|header| header.get(18) == Some(&2))
}

/// Opens a file for reading, leaving nothing beside it.
///
/// What an interrupted writer left (a journal), and the log of an older store, is taken over first where this user may
/// write; where not, a private copy is read, because SQLite would have to make files that lock the owner out.
pub(crate) fn open_reading(path: &Path, handle: &Handle) -> Result<Reading, StoreError> {
    let may_write = writable(path) && writable(folder_of(path));
    if has_log(path, handle) && !(may_write && settle(path).is_ok()) {
        return read_copy(path, handle);
    }
    match connect_reading(path) {
        Err(error) if interrupted(&error) => {
            // Where one may remove one's own files only, the journal of somebody else stays, and so does what it undoes.
            if may_write && settle(path).is_ok() {
                return connect_reading(path).at(path).map(|connection| Reading { connection, copy: None });
            }
            read_copy(path, handle)
        }
        connected => connected.at(path).map(|connection| Reading { connection, copy: None }),
    }
}

fn connect_reading(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(plain(path), flags)?;
    connection.busy_timeout(Duration::from_secs(BUSY_SECONDS))?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

/// Whether SQLite says that somebody's interrupted writing must be undone or taken over first.
fn interrupted(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| error.extended_code);
    [
        ffi::SQLITE_READONLY_ROLLBACK,
        ffi::SQLITE_READONLY_RECOVERY,
        ffi::SQLITE_READONLY_CANTINIT,
        ffi::SQLITE_READONLY,
    ]
    .into_iter()
    .any(|wanted| code == Some(wanted))
}

/// Undoes what a killed process had half written, takes over a log, and goes back to the mode without one. Another process
/// that has the file open keeps the log for now.
fn settle(path: &Path) -> Result<(), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(plain(path), flags).at(path)?;
    connection.busy_timeout(Duration::from_secs(BUSY_SECONDS)).at(path)?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).at(path)?;
    without_log(&connection).at(path)
}

/// Switches to the mode without a log, unless somebody else has the file open with one.
pub(crate) fn without_log(connection: &Connection) -> rusqlite::Result<()> {
    match connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())) {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => Ok(()),
        switched => switched,
    }
}

fn read_copy(path: &Path, handle: &Handle) -> Result<Reading, StoreError> {
    let (folder, copy) = private_copy(path, handle)?;
    settle(&copy)?;
    let connection = connect_reading(&copy).at(path)?;
    Ok(Reading { connection, copy: Some(folder) })
}
