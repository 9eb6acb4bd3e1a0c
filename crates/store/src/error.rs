//! Everything that can go wrong with a store, said so that a person can mend it.
//!
//! Each message gives the file or run, what was found, what is allowed, and (after `hint:`) what to do. Programs decide by
//! the variant and by [`StoreError::is_environment`], never by the text.

use crate::rights::{may_be_needed, other_owner, writable};
use rusqlite::ErrorCode as Sqlite;
use std::path::{Path, PathBuf};

/// A failure of the store. Nothing that was stored is lost or overwritten by any of them.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no file at that place, and none may be made in this mode.
    #[error("{}: there is no store here\n  hint: run a scenario first, or give another file with --store", file.display())]
    Missing {
        /// Where it was looked for.
        file: PathBuf,
    },
    /// The place is a folder or a device.
    #[error("{}: found something that is not a regular file, but a store is one file\n  hint: give a file name such as {}/counterfoil.db", file.display(), file.display())]
    NotAFile {
        /// Where it was looked for.
        file: PathBuf,
    },
    /// Another program's database.
    #[error("{}: found another program's SQLite database ({found}), but only files that Counterfoil made are allowed; nothing was changed\n  hint: give another file with --store; a new one is made where there is none", file.display())]
    NotOurs {
        /// The file.
        file: PathBuf,
        /// Its application_id or its tables.
        found: String,
    },
    /// Made by a later version.
    #[error("{}: found store version {found}, but this program reads versions up to {known}; nothing was changed\n  hint: install the newer Counterfoil that made it, or give another file with --store", file.display())]
    Newer {
        /// The file.
        file: PathBuf,
        /// Its version.
        found: i64,
        /// Latest version known here.
        known: i64,
    },
    /// Not an SQLite database at all.
    #[error("{}: file is not a database: found {found}, but a store begins with \"SQLite format 3\"; nothing was changed\n  hint: give another file with --store, or restore this one from a copy", file.display())]
    NotADatabase {
        /// The file.
        file: PathBuf,
        /// How it begins.
        found: String,
    },
    /// Truncated or corrupted.
    #[error("{}: database disk image is malformed: {found}; nothing was changed\n  hint: restore the file from a copy, or move it away and let a new one be made; `counterfoil export` and `sqlite3 FILE .recover` may save what is left, and a run whose scenario and seed are known gives the same results again", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What was found.
        found: String,
    },
    /// The file may not be written.
    #[error("{}: found a {}, but storing needs a writable one\n  hint: {}, or give another file with --store", file.display(), unwritable("file", owner), writable_again("it", owner))]
    ReadOnlyFile {
        /// The file.
        file: PathBuf,
        /// Whose it is, if somebody else's.
        owner: Option<String>,
    },
    /// The folder may not be written, but SQLite keeps a journal beside the file.
    #[error("{}: found a {}, but storing needs one in which files can be made\n  hint: {}, or give another file with --store", file.display(), unwritable("folder", owner), writable_again(&folder.display().to_string(), owner))]
    ReadOnlyFolder {
        /// The file.
        file: PathBuf,
        /// Its folder.
        folder: PathBuf,
        /// Whose it is, if somebody else's.
        owner: Option<String>,
    },
    /// Another user's program left something beside the file that keeps its owner from writing.
    #[error("{}: found {}, which another program left and which may not be written; storing needs it gone or writable\n  hint: when no program has the store open, remove {}", file.display(), leftover.display(), leftover.display())]
    Leftover {
        /// The file.
        file: PathBuf,
        /// What lies beside it.
        leftover: PathBuf,
    },
    /// Another user's program was interrupted, and what undoes its half-written work may not be written by this one.
    #[error("{}: found {}, which {owner} left when a program was interrupted; the store is not whole without it, so never remove it\n  hint: {owner} or root runs `counterfoil --store {} runs` once, which undoes what was half written{}", file.display(), leftover.display(), file.display(), if *writable { String::new() } else { format!("; or makes {} writable for you", leftover.display()) })]
    Interruption {
        /// The file.
        file: PathBuf,
        /// The journal, or log, beside it.
        leftover: PathBuf,
        /// Whose that is.
        owner: String,
        /// Whether it may be written, but not removed.
        writable: bool,
    },
    /// Another file was put in its place while it was open.
    #[error("{}: another file was put here, or this one was moved away, while a run was being stored; what is here was left as it is, and what was stored before is in {}\n  hint: go on there: `counterfoil run --resume latest --store {}`", file.display(), rescued.display(), rescued.display())]
    Replaced {
        /// Where the store was.
        file: PathBuf,
        /// Where everything is now.
        rescued: PathBuf,
    },
    /// The run that was being stored is not in the file any more.
    #[error("{}: the run that was being stored is not here any more: it was purged, or something else was written over the file; the file was left as it is now\n  hint: run again, if need be with --store and another file; equal scenario, policies and seed give the same results", file.display())]
    Overwritten {
        /// The file.
        file: PathBuf,
    },
    /// Somebody wrote over the file, past SQLite's locks, while it was read.
    #[error("{}: something was written over this file while it was read, so what was read is neither the old nor the new\n  hint: ask again", file.display())]
    ChangedWhileRead {
        /// The file.
        file: PathBuf,
    },
    /// Folders above the file could not be made.
    #[error("{}: the folder {} could not be made: {reason}\n  hint: make it yourself, or give another file with --store", file.display(), folder.display())]
    NoFolder {
        /// The file.
        file: PathBuf,
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// Another process writes and does not end.
    #[error("{}: database is locked: another process has been writing for more than {seconds} s, but one at a time is allowed\n  hint: wait for the other run or close the program that has the file open", file.display())]
    Locked {
        /// The file.
        file: PathBuf,
        /// How long it was waited for.
        seconds: u64,
    },
    /// Somebody asked to stop; what was being written was undone.
    #[error("{}: interrupted; what was being written was undone\n  hint: resume the run", file.display())]
    Interrupted {
        /// The file.
        file: PathBuf,
    },
    /// The disk is full or failed.
    #[error("{}: {found}; what was stored before is kept\n  hint: check that the file and its folder are there and may be read, and the disk and its free space; a run can be resumed", file.display())]
    Disk {
        /// The file.
        file: PathBuf,
        /// What SQLite says.
        found: String,
    },
    /// Opened for reading, asked to write.
    #[error("{}: the store was opened for reading only\n  hint: open it for writing", file.display())]
    OpenedReadOnly {
        /// The file.
        file: PathBuf,
    },
    /// No run has this id.
    #[error("run `{wanted}`: found no run whose id begins so in {}; allowed are an id, a unique beginning of one, or `latest`\n  hint: `counterfoil runs` lists them", file.display())]
    NoSuchRun {
        /// The file.
        file: PathBuf,
        /// What was asked for.
        wanted: String,
    },
    /// There is no newest run.
    #[error("run `latest`: found no run with a finished world in {}; `latest` is the newest run that has one\n  hint: `counterfoil runs` lists all; `counterfoil run --resume latest` goes on with the newest", file.display())]
    NoRunYet {
        /// The file.
        file: PathBuf,
    },
    /// More than one run begins so.
    #[error("run `{wanted}`: found {} runs whose ids begin so: {}; allowed is a unique beginning\n  hint: give more letters", candidates.len(), candidates.join(", "))]
    AmbiguousRun {
        /// What was asked for.
        wanted: String,
        /// Ids that fit, newest first.
        candidates: Vec<String>,
    },
    /// The run has no such arm.
    #[error("arm `{wanted}`: found no such arm; this run has {}\n  hint: `counterfoil show RUN` lists them", arms.join(", "))]
    NoSuchArm {
        /// What was asked for.
        wanted: String,
        /// Arms of the run.
        arms: Vec<String>,
    },
    /// A unit's arms are not those of the run.
    #[error("world {world}: found results of the arms {}, but the run has {}\n  hint: resume with the same scenario and policies", found.join(", "), expected.join(", "))]
    OtherArms {
        /// World of the unit.
        world: u32,
        /// Arms of the unit.
        found: Vec<String>,
        /// Arms of the run.
        expected: Vec<String>,
    },
    /// An arm of this name exists already.
    #[error("arm `{name}`: the run has an arm of this name already\n  hint: name the new arm differently")]
    ArmExists {
        /// The name.
        name: String,
    },
    /// Not all units are there.
    #[error(
        "run `{run}`: found {found} of {expected} worlds with all arms, but a complete run has all\n  hint: resume it with `counterfoil run --resume {run}`"
    )]
    Unfinished {
        /// Id of the run.
        run: String,
        /// Worlds with all arms.
        found: u32,
        /// Worlds planned.
        expected: u32,
    },
    /// All worlds are there, but not with an arm that was added.
    #[error(
        "run `{run}`: another arm is being added to it, or adding one was interrupted: {found} of {expected} worlds have it\n  hint: wait until that is done; if nobody adds it any more, go on with `counterfoil run --resume {run}`"
    )]
    ArmUnderway {
        /// Id of the run.
        run: String,
        /// Worlds with all arms.
        found: u32,
        /// Worlds of the run.
        expected: u32,
    },
    /// A guess was stored before.
    #[error(
        "run `{run}`: a guess is stored already, and the first one counts\n  hint: predict first on a new run"
    )]
    GuessExists {
        /// Id of the run.
        run: String,
    },
    /// A query that would write.
    #[error(
        "query: found a statement that is not a single question, but only SELECT, WITH, VALUES and EXPLAIN are allowed\n  hint: copy the file if you want to change it: {statement}"
    )]
    NotAQuestion {
        /// Its beginning.
        statement: String,
    },
    /// A query that SQLite refuses.
    #[error("query: {found}\n  hint: docs/store.md lists every table, view and column")]
    BadQuery {
        /// What SQLite says.
        found: String,
    },
    /// A table that cannot be exported.
    #[error("table `{wanted}`: found no such table; allowed are {}\n  hint: `counterfoil sql RUN \"SELECT ...\"` reaches everything else", allowed.join(", "))]
    NoSuchTable {
        /// What was asked for.
        wanted: String,
        /// What exists.
        allowed: Vec<String>,
    },
    /// A rule of the schema was broken: a defect of the program, and nothing was written.
    #[error("{}: {found}; nothing was written\n  hint: this is a defect of the program, please report it", file.display())]
    Defect {
        /// The file.
        file: PathBuf,
        /// What SQLite says.
        found: String,
    },
}

/// Seconds to wait for another process that writes.
pub(crate) const BUSY_SECONDS: u64 = 30;

impl StoreError {
    /// Whether the surroundings are to blame (exit code 3) and not what the user gave (exit code 2).
    #[must_use]
    pub fn is_environment(&self) -> bool {
        matches!(
            self,
            Self::Locked { .. }
                | Self::Interrupted { .. }
                | Self::Disk { .. }
                | Self::NoFolder { .. }
                | Self::ReadOnlyFolder { .. }
                | Self::Leftover { .. }
                | Self::Interruption { .. }
                | Self::Replaced { .. }
                | Self::Overwritten { .. }
                | Self::ChangedWhileRead { .. }
                | Self::Defect { .. }
        )
    }

    /// Whether the file itself is the trouble, and not a run, arm, query or table in it.
    #[must_use]
    pub fn is_about_file(&self) -> bool {
        !matches!(
            self,
            Self::NoSuchRun { .. }
                | Self::NoRunYet { .. }
                | Self::AmbiguousRun { .. }
                | Self::NoSuchArm { .. }
                | Self::OtherArms { .. }
                | Self::ArmExists { .. }
                | Self::Unfinished { .. }
                | Self::ArmUnderway { .. }
                | Self::GuessExists { .. }
                | Self::NotAQuestion { .. }
                | Self::BadQuery { .. }
                | Self::NoSuchTable { .. }
        )
    }

    /// Place, what was found and what is allowed, without the hint.
    #[must_use]
    pub fn finding(&self) -> String {
        let text = self.to_string();
        text.split_once("\n  hint: ").map_or_else(|| text.clone(), |(finding, _)| finding.to_owned())
    }

    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        self.to_string().split_once("\n  hint: ").map(|(_, hint)| hint.to_owned())
    }

    /// The file may not be written, whosever it is.
    pub(crate) fn read_only_file(file: &Path) -> Self {
        Self::ReadOnlyFile { file: file.to_owned(), owner: other_owner(file) }
    }

    /// What somebody left beside the file is in the way: removing it is right only where it is not needed any more.
    pub(crate) fn leftover(file: &Path, leftover: PathBuf) -> Self {
        let file = file.to_owned();
        if !may_be_needed(&leftover) {
            return Self::Leftover { file, leftover };
        }
        let owner = other_owner(&leftover).unwrap_or_else(|| "its owner".to_owned());
        let writable = writable(&leftover);
        Self::Interruption { file, leftover, owner, writable }
    }

    /// Says which file an error of SQLite is about, and what it means there.
    ///
    /// The statements of this crate are right, and its tests run each of them: whatever SQLite cannot make sense of lies in
    /// the file. Only a broken rule of the schema, or a wrong call, is a defect of the program.
    pub(crate) fn at(file: &Path, error: rusqlite::Error) -> Self {
        use rusqlite::Error::{
            ExecuteReturnedResults, InvalidColumnIndex, InvalidColumnName, InvalidParameterName,
        };
        let (file, found) = (file.to_owned(), error.to_string());
        match error.sqlite_error_code() {
            Some(Sqlite::NotADatabase) => Self::NotADatabase { file, found: "another kind of file".into() },
            Some(Sqlite::DatabaseCorrupt) => {
                Self::Damaged { file, found: "it is truncated or was overwritten".into() }
            }
            Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked) => {
                Self::Locked { file, seconds: BUSY_SECONDS }
            }
            Some(Sqlite::ReadOnly) => Self::read_only_file(&file),
            Some(Sqlite::OperationInterrupted) => Self::Interrupted { file },
            Some(
                Sqlite::CannotOpen | Sqlite::DiskFull | Sqlite::SystemIoFailure | Sqlite::PermissionDenied,
            ) => Self::Disk { file, found },
            Some(Sqlite::ConstraintViolation | Sqlite::ApiMisuse | Sqlite::ParameterOutOfRange) => {
                Self::Defect { file, found }
            }
            Some(_) => {
                Self::Damaged { file, found: format!("a part of it is missing or makes no sense ({found})") }
            }
            None => match error {
                ExecuteReturnedResults
                | InvalidColumnIndex(_)
                | InvalidColumnName(_)
                | InvalidParameterName(_) => Self::Defect { file, found },
                rusqlite::Error::QueryReturnedNoRows => {
                    Self::Damaged { file, found: "a row is missing that every run has".into() }
                }
                _ => Self::Damaged { file, found: format!("found a value that no run can have ({found})") },
            },
        }
    }
}

/// `read-only file`, and whose it is if somebody else's.
fn unwritable(what: &str, owner: &Option<String>) -> String {
    match owner {
        Some(owner) => format!("read-only {what}, which belongs to {owner}"),
        None => format!("read-only {what}"),
    }
}

/// What can be done about that, and by whom.
fn writable_again(what: &str, owner: &Option<String>) -> String {
    match owner {
        Some(owner) => format!("ask {owner} to make {what} writable for you"),
        None => format!("make {what} writable (chmod u+w)"),
    }
}

/// Names the file in an error of SQLite.
pub(crate) trait At<T> {
    /// See [`StoreError::at`].
    fn at(self, file: &Path) -> Result<T, StoreError>;
}

impl<T> At<T> for rusqlite::Result<T> {
    fn at(self, file: &Path) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::at(file, error))
    }
}
