//! A file written whole or not at all.
//!
//! On Linux the content has no name until it is complete (`O_TMPFILE`), so that a kill leaves nothing (a replaced
//! file passes through a hidden name for the length of one call). Elsewhere, and on file
//! systems without such files, it has a hidden name beside the target and a lock; a name whose lock nobody holds is left over
//! from a kill and removed by the next write of the same output.

use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use tempfile::{Builder, TempPath};

/// End of the names of unfinished files.
const ENDING: &str = ".counterfoil-part";
/// Characters of the target's name in the name of an unfinished file; names of files have a longest length.
const NAME_MAX: usize = 48;

/// Writes what `content` writes to `target`, whose metadata were `before`; `None` if it was not there, and then it must not
/// be there at the end either.
pub(super) fn write(
    target: &Path,
    before: Option<&Metadata>,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let folder = target.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let prefix = prefix_of(target);
    sweep(folder, &prefix);
    write_into(begun(folder, &prefix)?, target, before, content)
}

/// The same into a file that has begun, under a hidden name or none.
fn write_into(
    (file, named): (File, Option<TempPath>),
    target: &Path,
    before: Option<&Metadata>,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let folder = target.parent().ok_or(io::ErrorKind::InvalidInput)?;
    // Where a file system knows no locks, a left-over name is only found by its owner.
    let _ = file.try_lock();
    let mut out = BufWriter::new(file);
    content(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    if let Some(before) = before {
        like(&file, before)?;
    }
    file.sync_all()?;
    let fresh = before.is_none();
    match named {
        Some(named) => put(named, target, fresh)?,
        None => link(&file, folder, &prefix_of(target), target, fresh)?,
    }
    sync_folder(folder);
    Ok(())
}

/// `.report.html.` for `report.html`.
fn prefix_of(target: &Path) -> OsString {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let short: String = name.chars().take(NAME_MAX).collect();
    format!(".{short}.").into()
}

/// Removes what a killed process left under this name.
fn sweep(folder: &Path, prefix: &OsString) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let prefix = prefix.to_string_lossy();
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.starts_with(&*prefix) || !name.ends_with(ENDING) || !path.is_file() {
            continue;
        }
        if File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(&path);
        }
    }
}

/// A file with a hidden name, which goes with the value that is returned.
fn begun_with_name(folder: &Path, prefix: &OsString) -> io::Result<(File, Option<TempPath>)> {
    let (file, path) = builder(prefix, &mut Builder::new()).tempfile_in(folder)?.into_parts();
    Ok((file, Some(path)))
}

fn builder<'a, 'b>(
    prefix: &'a OsString,
    builder: &'b mut Builder<'a, 'static>,
) -> &'b mut Builder<'a, 'static> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What the user's umask leaves of it, as for every other new file.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.prefix(prefix).suffix(ENDING)
}

/// A file without a name where the system has such, else one with a hidden name.
#[cfg(target_os = "linux")]
fn begun(folder: &Path, prefix: &OsString) -> io::Result<(File, Option<TempPath>)> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = OFlags::TMPFILE.bits().cast_signed();
    let unnamed = fs::OpenOptions::new().read(true).write(true).mode(0o666).custom_flags(flags).open(folder);
    match unnamed {
        Ok(file) if linkable(&file).exists() => Ok((file, None)),
        _ => begun_with_name(folder, prefix),
    }
}

#[cfg(not(target_os = "linux"))]
fn begun(folder: &Path, prefix: &OsString) -> io::Result<(File, Option<TempPath>)> {
    begun_with_name(folder, prefix)
}

#[cfg(target_os = "linux")]
fn linkable(file: &File) -> std::path::PathBuf {
    use std::os::fd::AsRawFd as _;
    format!("/proc/self/fd/{}", file.as_raw_fd()).into()
}

/// Gives a file without a name the name of the target.
#[cfg(target_os = "linux")]
fn link(file: &File, folder: &Path, prefix: &OsString, target: &Path, fresh: bool) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    let named = |path: &Path| linkat(CWD, linkable(file), CWD, path, AtFlags::SYMLINK_FOLLOW);
    if fresh {
        return Ok(named(target)?);
    }
    let hidden = builder(prefix, &mut Builder::new()).make_in(folder, |path| Ok(named(path)?))?;
    put(hidden.into_temp_path(), target, fresh)
}

#[cfg(not(target_os = "linux"))]
fn link(_: &File, _: &Path, _: &OsString, _: &Path, _: bool) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Puts a named file in the place of the target; a fresh one takes nobody's place.
fn put(named: TempPath, target: &Path, fresh: bool) -> io::Result<()> {
    let done = if fresh { named.persist_noclobber(target) } else { named.persist(target) };
    done.map_err(|failed| failed.error)
}

/// Gives a file the permissions, and where that is allowed the owner, of the one that it replaces.
fn like(file: &File, before: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let now = file.metadata()?;
        if (now.uid(), now.gid()) != (before.uid(), before.gid()) {
            let _ = std::os::unix::fs::fchown(file, Some(before.uid()), Some(before.gid()));
        }
    }
    file.set_permissions(before.permissions())
}

/// Makes the new name last through a power cut, where folders can be synced; the file itself is whole in any case.
fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// What file systems do that know no files without a name.
    fn with_hidden_name(target: &Path, content: &str, fails: bool) -> io::Result<()> {
        let folder = target.parent().unwrap();
        let before = fs::metadata(target).ok();
        let begun = begun_with_name(folder, &prefix_of(target)).unwrap();
        write_into(begun, target, before.as_ref(), |out| {
            out.write_all(content.as_bytes())?;
            if fails { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        })
    }

    #[test]
    fn a_hidden_name_gives_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let (target, usual) = (folder.path().join("a.csv"), folder.path().join("usual"));
        fs::write(&usual, "").unwrap();
        with_hidden_name(&target, "first", false).unwrap();
        assert_eq!(fs::metadata(&target).unwrap().permissions(), fs::metadata(&usual).unwrap().permissions());
        with_hidden_name(&target, "second", false).unwrap();
        with_hidden_name(&target, "third", true).unwrap_err();
        assert_eq!(fs::read_to_string(&target).unwrap(), "second");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing lies beside it");
    }
}
