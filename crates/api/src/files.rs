//! Files that people name as outputs: what may be replaced, and writing whole or not at all.
//!
//! # Promises
//! - **Whole or not at all.** Content goes to a file without a name in the same folder (where the system has none: a hidden
//!   one), is synced, and takes the place of the old file in one step. Nothing is left behind by an error; what a kill may
//!   leave, the next write of the same output removes.
//! - **An output is never the store**, its journal, or a text that the run was read from, whatever links lead there.
//! - **Only a file of the kind to be written is replaced**, and the caller knows that before anything is computed.
//! - Permissions of a replaced file stay; a link stays a link, and what it leads to is replaced.
//!
//! # Where to start
//! [`Output::at`], then [`Output::before`], then [`Output::write`].

mod kind;
mod protected;
mod whole;

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

pub use kind::FileKind;

use counterfoil_chart::visible;

use crate::dto::{ApiError, ErrorCode};
use crate::error::Answered;

/// Most links that lead to a file; more are taken for a circle.
const LINKS_MAX: usize = 40;
/// What to look at when a file cannot be written.
const DISK_HINT: &str = "check that its folder exists and may be written to, and the space on the disk";

/// A file that no output may be, and what it is.
#[derive(Clone, Debug)]
pub struct Protected {
    /// The file; it need not exist.
    pub path: PathBuf,
    /// What it is, for the message.
    pub what: &'static str,
}

/// What lies at the place of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing, or an empty file.
    Nothing,
    /// A file of the kind that is to be written.
    SameKind,
    /// Another file.
    OtherKind,
}

/// A place where a file may be written.
#[derive(Debug)]
pub struct Output {
    named: PathBuf,
    target: PathBuf,
    metadata: Option<Metadata>,
    before: Before,
}

impl Output {
    /// Looks at the place; nothing is changed.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] for what is no regular file, and for a file of `protected`; [`ErrorCode::Environment`] where
    /// the folder is missing or the file cannot be written.
    pub fn at(path: &Path, kind: FileKind, protected: &[Protected]) -> Result<Self, ApiError> {
        let target = target_of(path).map_err(|error| unwritable(path, &error))?;
        if let Some(kept) = protected.iter().find(|kept| same_file(&target, &kept.path)) {
            return Err(invalid(path, format!("The output is {}, which is never written over.", kept.what))
                .hint("name another file"));
        }
        let metadata = match fs::metadata(&target) {
            Ok(metadata) => Some(metadata),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(unwritable(path, &error)),
        };
        if let Some(metadata) = &metadata {
            refuse_special(path, &target, metadata)?;
        } else if !target.parent().is_some_and(Path::is_dir) {
            return Err(unwritable(path, &io::Error::from(ErrorKind::NotFound)));
        }
        let before = match &metadata {
            Some(metadata) if metadata.len() > 0 => {
                kind::found(&target, kind).map_err(|error| unwritable(path, &error))?
            }
            _ => Before::Nothing,
        };
        Ok(Self { named: path.to_owned(), target, metadata, before })
    }

    /// What lies there.
    #[must_use]
    pub fn before(&self) -> Before {
        self.before
    }

    /// Writes what `content` writes, in the place of what was there. After an error nothing has changed.
    ///
    /// # Errors
    /// Those of `content`; [`ErrorCode::Environment`] where the disk is in the way, or a file has appeared meanwhile.
    pub fn write(self, content: impl FnOnce(&mut dyn Write) -> Result<(), ApiError>) -> Result<(), ApiError> {
        let mut said = None;
        let done = whole::write(&self.target, self.metadata.as_ref(), |out| {
            content(out).map_err(|error| {
                said = Some(error);
                io::Error::from(ErrorKind::Other)
            })
        });
        done.map_err(|error| match said.take() {
            // Whoever made the content knows neither the file nor the disk.
            Some(said) if said.place.is_none() && said.code == ErrorCode::Environment => {
                let hint = said.hint.clone().unwrap_or_else(|| DISK_HINT.to_owned());
                said.at(shown(&self.named)).hint(hint)
            }
            Some(said) => said,
            None => unwritable(&self.named, &error),
        })
    }
}

/// Whether [`replace`] would go ahead.
pub(crate) fn replaceable(path: &Path, kind: FileKind, protected: &[Protected]) -> Answered<()> {
    own(path, kind, protected).map(|_| ())
}

/// Replaces a file of our own, or makes it.
pub(crate) fn replace(path: &Path, text: &str, kind: FileKind, protected: &[Protected]) -> Answered<()> {
    let output = own(path, kind, protected)?;
    output.write(|out| out.write_all(text.as_bytes()).map_err(|error| unwritable(path, &error)))
}

/// The place of a file of our own, which nobody is asked about.
fn own(path: &Path, kind: FileKind, protected: &[Protected]) -> Answered<Output> {
    let output = Output::at(path, kind, protected)?;
    if output.before() == Before::OtherKind {
        let message =
            format!("The file is there and does not begin like {}, so it is not replaced.", kind.one());
        return Err(invalid(path, message).hint("move it away first"));
    }
    Ok(output)
}

/// Where a path leads: links are followed, also to a file that is not there yet.
fn target_of(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..LINKS_MAX {
        match fs::read_link(&target) {
            Ok(next) => target = target.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => {
                let Some(name) = target.file_name() else { return Ok(target) };
                let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
                return Ok(fs::canonicalize(folder.unwrap_or(Path::new(".")))?.join(name));
            }
        }
    }
    Err(io::Error::other("too many links lead on from it"))
}

/// Whether two paths are one file, by whatever names and links.
fn same_file(one: &Path, other: &Path) -> bool {
    let Ok(other) = target_of(other) else { return false };
    if one == other {
        return true;
    }
    match (fs::metadata(one), fs::metadata(&other)) {
        (Ok(a), Ok(b)) => same_inode(&a, &b) || fs::canonicalize(one).ok() == fs::canonicalize(&other).ok(),
        _ => false,
    }
}

#[cfg(unix)]
fn same_inode(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
fn same_inode(_: &Metadata, _: &Metadata) -> bool {
    false
}

fn refuse_special(path: &Path, target: &Path, metadata: &Metadata) -> Answered<()> {
    if metadata.is_dir() {
        return Err(invalid(path, "The output is a folder.").hint("name a file in it"));
    }
    if !metadata.is_file() {
        return Err(invalid(path, "The output is a device or a pipe, but a regular file is wanted.")
            .hint("`--out -` writes to standard output"));
    }
    if metadata.permissions().readonly() {
        return Err(unwritable(path, &io::Error::new(ErrorKind::PermissionDenied, "it is read-only")));
    }
    fs::OpenOptions::new().append(true).open(target).map_err(|error| unwritable(path, &error))?;
    Ok(())
}

fn shown(path: &Path) -> String {
    visible(&path.display().to_string()).into_owned()
}

fn invalid(path: &Path, message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::InvalidInput, message).at(shown(path))
}

fn unwritable(path: &Path, error: &io::Error) -> ApiError {
    let hint = if error.kind() == ErrorKind::AlreadyExists {
        "it has appeared while the command was at work; say the command again"
    } else {
        DISK_HINT
    };
    ApiError::new(ErrorCode::Environment, format!("The file cannot be written: {error}."))
        .at(shown(path))
        .hint(hint)
}

#[cfg(test)]
mod tests;
