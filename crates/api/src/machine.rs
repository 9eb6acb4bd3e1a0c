//! What is free on this machine: asked before a long run, never part of a result.

use std::path::Path;

/// Bytes that an ordinary user may still write on the disk where `file` lies or will lie.
#[cfg(unix)]
pub(crate) fn free_disk(file: &Path) -> Option<u64> {
    let there = file.ancestors().skip(1).find(|folder| folder.is_dir() || folder.as_os_str().is_empty())?;
    let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    let disk = rustix::fs::statvfs(there).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Not known here.
#[cfg(not(unix))]
pub(crate) fn free_disk(_: &Path) -> Option<u64> {
    None
}

/// Bytes of memory that can be used without pushing others out, where the system tells (`/proc/meminfo`).
pub(crate) fn free_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes.saturating_mul(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_is_not_there_yet_has_a_disk() {
        let folder = tempfile::tempdir().expect("a folder");
        let free = free_disk(&folder.path().join("no/such/store.db"));
        assert_eq!(free.is_some(), cfg!(unix));
        assert_eq!(free_disk(Path::new("store.db")).is_some(), cfg!(unix));
        assert_eq!(free_memory().is_some(), cfg!(target_os = "linux"));
    }
}
