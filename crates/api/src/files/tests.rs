//! Writing whole or not at all, and what is refused, on a real file system.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use super::{Before, FileKind, Output, Protected};
use crate::dto::{ApiError, ErrorCode};

const PAGE: &str = "<!DOCTYPE html><p>new</p>";

fn written(path: &Path) -> Result<(), ApiError> {
    let output = Output::at(path, FileKind::Html, &[])?;
    output.write(|out| out.write_all(PAGE.as_bytes()).map_err(|error| ApiError::defect(error.to_string())))
}

fn names(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(name).collect();
    names.sort();
    names
}

#[test]
fn a_file_is_written_whole_and_nothing_lies_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.html");
    written(&path).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), PAGE);
    fs::write(&path, "<html>old, and longer than the new page by some words").unwrap();
    written(&path).unwrap();
    assert_eq!(
        (fs::read_to_string(&path).unwrap().as_str(), names(folder.path())),
        (PAGE, vec!["a.html".into()])
    );
}

#[test]
fn after_an_error_the_old_file_stands_and_nothing_lies_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.html");
    fs::write(&path, "<html>old").unwrap();
    let output = Output::at(&path, FileKind::Html, &[]).unwrap();
    let failed = output.write(|out| {
        out.write_all(&[b'x'; 100_000]).unwrap();
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            "<html>old",
            "the old one stands while the new one grows"
        );
        if cfg!(target_os = "linux") {
            assert_eq!(
                names(folder.path()),
                ["a.html"],
                "what is not complete has no name that a kill could leave"
            );
        }
        Err(ApiError::new(ErrorCode::Internal, "no more"))
    });
    assert_eq!(failed.unwrap_err().message, "no more");
    assert_eq!(fs::read_to_string(&path).unwrap(), "<html>old");
    assert_eq!(names(folder.path()), ["a.html"]);
}

#[test]
fn a_file_that_appears_meanwhile_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.html");
    let output = Output::at(&path, FileKind::Html, &[]).unwrap();
    fs::write(&path, "somebody else's").unwrap();
    let failed =
        output.write(|out| out.write_all(b"mine").map_err(|error| ApiError::defect(error.to_string())));
    assert!(failed.unwrap_err().message.contains("exists"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "somebody else's");
    assert_eq!(names(folder.path()), ["a.html"]);
}

#[test]
fn what_a_kill_left_behind_is_removed_and_what_is_at_work_stays() {
    let folder = tempfile::tempdir().unwrap();
    let left = folder.path().join(".a.html.Abc123.counterfoil-part");
    let other = folder.path().join(".b.html.Abc123.counterfoil-part");
    let at_work = folder.path().join(".a.html.Xyz789.counterfoil-part");
    for file in [&left, &other, &at_work] {
        fs::write(file, "half").unwrap();
    }
    let held = fs::File::open(&at_work).unwrap();
    held.try_lock().unwrap();
    written(&folder.path().join("a.html")).unwrap();
    assert!(!left.exists() && other.exists() && at_work.exists(), "{:?}", names(folder.path()));
}

#[test]
fn what_lies_there_is_told_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let before = |text: &str| {
        let path = folder.path().join("a.html");
        fs::write(&path, text).unwrap();
        Output::at(&path, FileKind::Html, &[]).unwrap().before()
    };
    assert_eq!(before(""), Before::Nothing);
    assert_eq!(before("<!doctype html><p>"), Before::SameKind);
    assert_eq!(before("my notes"), Before::OtherKind);
    assert_eq!(before("\u{fffd}\u{0}"), Before::OtherKind);
    let none = Output::at(&folder.path().join("none.html"), FileKind::Html, &[]).unwrap();
    assert_eq!(none.before(), Before::Nothing);
}

#[test]
fn folders_and_missing_folders_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &Path| Output::at(path, FileKind::Html, &[]).unwrap_err();
    assert!(at(folder.path()).message.contains("folder"));
    assert_eq!(at(&folder.path().join("no/a.html")).code, ErrorCode::Environment);
    let path = folder.path().join("a.html");
    fs::write(&path, PAGE).unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    assert!(at(&path).message.contains("read-only"));
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn permissions_of_an_old_file_stay_and_a_new_one_has_the_usual_ones() {
        let folder = tempfile::tempdir().unwrap();
        let (path, usual) = (folder.path().join("a.html"), folder.path().join("usual"));
        fs::write(&usual, "").unwrap();
        written(&path).unwrap();
        assert_eq!(mode(&path), mode(&usual));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        written(&path).unwrap();
        assert_eq!(mode(&path), 0o640);
    }

    #[test]
    fn a_link_stays_a_link_and_its_target_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (path, target) = (folder.path().join("a.html"), folder.path().join("far/b.html"));
        fs::create_dir(folder.path().join("far")).unwrap();
        symlink("far/b.html", &path).unwrap();
        for _ in 0..2 {
            written(&path).unwrap();
            assert_eq!(fs::read_to_string(&target).unwrap(), PAGE);
            assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
        }
        symlink("round.html", folder.path().join("round.html")).unwrap();
        assert!(written(&folder.path().join("round.html")).is_err());
    }

    #[test]
    fn protected_files_are_known_under_every_name() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("s.db");
        fs::write(&store, "store").unwrap();
        symlink("s.db", folder.path().join("soft.html")).unwrap();
        fs::hard_link(&store, folder.path().join("hard.html")).unwrap();
        symlink("s.db-wal", folder.path().join("log.html")).unwrap();
        let protected = [
            Protected { path: store.clone(), what: "the store" },
            Protected { path: folder.path().join("s.db-wal"), what: "the store's log" },
        ];
        for name in ["s.db", "./s.db", "soft.html", "hard.html", "log.html"] {
            let refused = Output::at(&folder.path().join(name), FileKind::Html, &protected).unwrap_err();
            assert!(refused.message.contains("the store"), "{name}: {refused}");
            assert_eq!(refused.code, ErrorCode::InvalidInput);
        }
        assert_eq!(fs::read_to_string(&store).unwrap(), "store");
    }

    #[test]
    fn pipes_and_devices_are_refused() {
        let refused = Output::at(Path::new("/dev/null"), FileKind::Html, &[]).unwrap_err();
        assert!(refused.message.contains("device"), "{refused}");
    }
}
