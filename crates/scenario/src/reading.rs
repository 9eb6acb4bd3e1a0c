//! How a text is read from a file: the one routine for everything that users write.
//!
//! # Promises
//! - Only regular files are read: a FIFO does not make us wait, a device is not read until memory is gone.
//! - Never more than the stated size is read, whatever the file's length claims to be.
//!
//! # Where to start
//! [`read_file`].

use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Read as _, Result};
use std::path::Path;

/// Largest scenario or policy file, bytes; the largest shipped one has a four-hundredth of it.
pub const TEXT_BYTES_MAX: u64 = 4 << 20;

/// Reads a scenario or policy file; the usual [`crate::shipped::ReadFile`].
///
/// # Errors
/// As [`read_text`], with [`TEXT_BYTES_MAX`].
pub fn read_file(path: &Path) -> Result<String> {
    read_text(path, TEXT_BYTES_MAX)
}

/// Reads a regular file of at most so many bytes.
///
/// # Errors
/// Those of the operating system; [`ErrorKind::InvalidInput`] for what is no regular file, [`ErrorKind::FileTooLarge`]
/// beyond the size, [`ErrorKind::InvalidData`] for text that is not UTF-8.
pub fn read_text(path: &Path, bytes_max: u64) -> Result<String> {
    check(&std::fs::metadata(path)?, bytes_max)?;
    let file = open(path)?;
    // What was looked at by its name may have been replaced since.
    check(&file.metadata()?, bytes_max)?;
    let mut bytes = Vec::new();
    file.take(bytes_max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > bytes_max {
        return Err(too_large(bytes_max));
    }
    let invalid = |error: std::string::FromUtf8Error| {
        let at = error.utf8_error().valid_up_to();
        Error::new(ErrorKind::InvalidData, format!("byte {at} is not UTF-8; a text is UTF-8 throughout"))
    };
    String::from_utf8(bytes).map_err(invalid)
}

/// Opens without waiting for anybody at the other end.
#[cfg(unix)]
fn open(path: &Path) -> Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let never_wait = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    OpenOptions::new().read(true).custom_flags(never_wait).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> Result<File> {
    OpenOptions::new().read(true).open(path)
}

fn check(found: &Metadata, bytes_max: u64) -> Result<()> {
    if !found.is_file() {
        let what = kind(found.file_type());
        return Err(Error::new(
            ErrorKind::InvalidInput,
            format!("it is {what}; only regular files are read"),
        ));
    }
    if found.len() > bytes_max { Err(too_large(bytes_max)) } else { Ok(()) }
}

fn too_large(bytes_max: u64) -> Error {
    let allowed = bytes_max >> 20;
    Error::new(ErrorKind::FileTooLarge, format!("it is larger than {allowed} MiB, the most that is read"))
}

#[cfg(unix)]
fn kind(found: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    match found {
        _ if found.is_dir() => "a folder",
        _ if found.is_fifo() => "a named pipe (FIFO)",
        _ if found.is_socket() => "a socket",
        _ => "a device",
    }
}

#[cfg(not(unix))]
fn kind(found: FileType) -> &'static str {
    if found.is_dir() { "a folder" } else { "a device" }
}
