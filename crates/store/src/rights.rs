//! Whose a file is, whether this user may write it, and whether what lies beside a store may be needed.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

/// Who has the file, if that is somebody else than this user and this user is not one to whom nothing is forbidden.
pub(crate) fn other_owner(path: &Path) -> Option<String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let (owner, own) = (fs::metadata(path).ok()?.uid(), rustix::process::geteuid());
        (owner != own.as_raw() && !own.is_root()).then(|| user(owner))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

/// `user anna (1000)`, or without the name where the system has none.
#[cfg(unix)]
fn user(number: u32) -> String {
    let known = nix::unistd::User::from_uid(nix::unistd::Uid::from_raw(number)).ok().flatten();
    known.map_or_else(|| format!("user {number}"), |user| format!("user {} ({number})", user.name))
}

/// Whether what lies beside a store may be needed to read it: a journal that undoes what was half written, or a log with
/// what was finished. What cannot be looked at may be.
pub(crate) fn may_be_needed(file: &Path) -> bool {
    const SIGN: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
    let name = file.as_os_str().to_string_lossy();
    if name.ends_with("-shm") || !file.is_file() {
        return false;
    }
    let mut begin = Vec::new();
    match File::open(file).and_then(|file| file.take(SIGN.len() as u64).read_to_end(&mut begin)) {
        Err(_) => true,
        // A journal without the sign was never begun, or is done with.
        Ok(_) if name.ends_with("-journal") => begin == SIGN,
        Ok(bytes) => bytes > 0,
    }
}

/// Whether this user may write the file or make files in the folder.
pub(crate) fn writable(path: &Path) -> bool {
    let bits = fs::metadata(path).is_ok_and(|metadata| !metadata.permissions().readonly());
    #[cfg(unix)]
    {
        use rustix::fs::{Access, AtFlags, CWD, accessat};
        bits && accessat(CWD, path, Access::WRITE_OK, AtFlags::EACCESS).is_ok()
    }
    #[cfg(not(unix))]
    {
        bits
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::files::beside;

    /// Goal: nobody is told to remove what the store needs; what was never begun, or is done with, may go.
    #[test]
    fn a_begun_journal_and_a_log_may_be_needed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.db");
        let writer = rusqlite::Connection::open(&path).unwrap();
        writer.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1); BEGIN; DELETE FROM t").unwrap();
        writer.cache_flush().unwrap();
        let begun = fs::read(beside(&path, "-journal")).unwrap();
        writer.execute_batch("ROLLBACK").unwrap();
        for (ending, bytes, needed) in [
            ("-journal", &begun[..], true),
            ("-journal", b"", false),
            ("-journal", b"garbage", false),
            ("-journal", &[0; 512], false),
            ("-wal", b"frames", true),
            ("-wal", b"", false),
            ("-shm", b"index", false),
        ] {
            let file = beside(&path, ending);
            fs::write(&file, bytes).unwrap();
            assert_eq!(may_be_needed(&file), needed, "{ending}, {} bytes", bytes.len());
            fs::remove_file(&file).unwrap();
        }
    }
}
