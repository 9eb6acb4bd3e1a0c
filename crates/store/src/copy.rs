//! A private copy of a store that cannot be read where it lies: one that an interrupted writer left with a journal or log,
//! or one of an older version, in a place that this user may not write.
//!
//! The copy is made whole or not at all: file, log and journal must be the same after copying as before.

use crate::error::StoreError;
use crate::files::{Handle, beside};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use tempfile::TempDir;

/// How often a copy is tried while somebody writes.
const TRIES: usize = 3;
/// Files that belong to the state of a database.
const PARTS: [&str; 3] = ["", "-wal", "-journal"];

/// Copies the store to a folder of its own, which vanishes with the answer.
///
/// # Errors
/// [`StoreError::Disk`] if there is no room; [`StoreError::Locked`] if somebody wrote during every try.
pub(crate) fn private_copy(path: &Path, handle: &Handle) -> Result<(TempDir, PathBuf), StoreError> {
    let io = |error: std::io::Error| StoreError::Disk {
        file: path.to_owned(),
        found: format!("a private copy for reading could not be made ({error})"),
    };
    for _ in 0..TRIES {
        let before = state(path);
        let folder = tempfile::Builder::new().prefix("counterfoil-read-").tempdir().map_err(io)?;
        let copy = folder.path().join("copy.db");
        handle.copy_to(&copy).map_err(io)?;
        for part in &PARTS[1..] {
            let source = beside(path, part);
            if source.exists() {
                // Not with its permissions: the copy is ours to write.
                let mut target = File::create(beside(&copy, part)).map_err(io)?;
                std::io::copy(&mut File::open(&source).map_err(io)?, &mut target).map_err(io)?;
            }
        }
        if state(path) == before {
            return Ok((folder, copy));
        }
    }
    Err(StoreError::Locked { file: path.to_owned(), seconds: 0 })
}

/// Length and time of every part.
fn state(path: &Path) -> Vec<Option<(u64, Option<SystemTime>)>> {
    let one = |part: &&str| {
        let metadata = fs::metadata(beside(path, part)).ok()?;
        Some((metadata.len(), metadata.modified().ok()))
    };
    PARTS.iter().map(one).collect()
}
