//! Files that are not stores, cannot be stores, or are stores in trouble: said plainly, and never touched.
#![allow(clippy::unwrap_used)]

mod common;

use common::{new_run, unit};
use counterfoil_store::{APPLICATION_ID, Keep, Mode, Store, StoreError, latest_version};
use std::fs;
use std::path::{Path, PathBuf};

const MODES: [Mode; 3] = [Mode::ReadOnly, Mode::ReadWrite, Mode::Create];

fn filled(folder: &Path) -> PathBuf {
    let path = folder.join("counterfoil.db");
    let mut store = Store::open(&path, Mode::Create).unwrap();
    let run = store.create_run(&new_run(1, Keep::Visits)).unwrap();
    store.write_unit(run.no, &unit(0, 300, 2_000), Keep::Visits).unwrap();
    path
}

/// Opens in every mode, wants the same refusal in each and not a byte changed; returns the message.
fn refused(path: &Path, expected: fn(&StoreError) -> bool) -> String {
    let before = fs::read(path).unwrap();
    let mut message = String::new();
    for mode in MODES {
        let Err(error) = Store::open(path, mode) else { panic!("{mode:?} opened {}", path.display()) };
        assert!(expected(&error), "{mode:?}: {error:?}");
        assert_eq!(fs::read(path).unwrap(), before, "{mode:?} changed the file");
        message = error.to_string();
        assert!(message.starts_with(&path.display().to_string()), "names the file: {message}");
        assert!(error.hint().is_some_and(|hint| hint.len() > 10), "has a hint: {message}");
        assert!(!error.finding().contains("hint:"));
        assert!(error.is_about_file());
    }
    message
}

#[test]
fn a_missing_file_is_made_with_its_folders_and_only_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/counterfoil.db");
    for mode in [Mode::ReadOnly, Mode::ReadWrite] {
        assert!(matches!(Store::open(&path, mode).err().unwrap(), StoreError::Missing { .. }));
    }
    assert!(!folder.path().join("a").exists());
    let store = Store::open(&path, Mode::Create).unwrap();
    assert!(store.runs().unwrap().is_empty());
    drop(store);
    let connection = rusqlite::Connection::open(&path).unwrap();
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(
        (pragma("application_id"), pragma("user_version")),
        (i64::from(APPLICATION_ID), latest_version())
    );
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "delete");
    assert!(Store::open(&path, Mode::ReadOnly).unwrap().runs().unwrap().is_empty());
}

#[test]
fn an_empty_file_and_an_empty_database_are_new_stores() {
    let folder = tempfile::tempdir().unwrap();
    let zero = folder.path().join("zero.db");
    fs::write(&zero, b"").unwrap();
    let bare = folder.path().join("bare.db");
    rusqlite::Connection::open(&bare).unwrap().execute_batch("PRAGMA user_version = 5; VACUUM").unwrap();
    for path in [zero, bare] {
        assert!(matches!(Store::open(&path, Mode::ReadOnly).err().unwrap(), StoreError::Missing { .. }));
        let mut store = Store::open(&path, Mode::Create).unwrap();
        store.create_run(&new_run(1, Keep::Summary)).unwrap();
        drop(store);
        assert_eq!(Store::open(&path, Mode::ReadWrite).unwrap().runs().unwrap().len(), 1);
    }
}

#[test]
fn opening_again_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let before = Store::open(&path, Mode::ReadOnly).unwrap().runs().unwrap();
    for mode in MODES {
        let store = Store::open(&path, mode).unwrap();
        assert_eq!(store.runs().unwrap(), before);
        assert_eq!(store.load_summaries(before[0].no).unwrap().len(), 1);
        store.check().unwrap();
    }
}

#[test]
fn another_programs_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let tables = folder.path().join("tables.db");
    rusqlite::Connection::open(&tables).unwrap().execute_batch("CREATE TABLE customers (name)").unwrap();
    let message = refused(&tables, |error| matches!(error, StoreError::NotOurs { .. }));
    assert!(message.contains("customers"), "{message}");
    let marked = folder.path().join("marked.db");
    rusqlite::Connection::open(&marked)
        .unwrap()
        .execute_batch("PRAGMA application_id = 252006673; VACUUM")
        .unwrap();
    let message = refused(&marked, |error| matches!(error, StoreError::NotOurs { .. }));
    assert!(message.contains("0xf055111"), "{message}");
    let unversioned = folder.path().join("unversioned.db");
    rusqlite::Connection::open(&unversioned)
        .unwrap()
        .execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID}; CREATE TABLE runs (a)"))
        .unwrap();
    refused(&unversioned, |error| matches!(error, StoreError::NotOurs { .. }));
}

#[test]
fn a_newer_store_is_refused_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let newer = latest_version() + 1;
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", newer).unwrap();
    let message = refused(&path, |error| matches!(error, StoreError::Newer { .. }));
    assert!(
        message.contains(&format!("version {newer}")) && message.contains("install the newer"),
        "{message}"
    );
}

#[test]
fn files_that_are_no_database_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("text.db", b"name,price\nshirt,12.00\n".repeat(40)),
        ("short.db", b"x".to_vec()),
        ("zeros.db", vec![0; 8192]),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let message = refused(&path, |error| matches!(error, StoreError::NotADatabase { .. }));
        assert!(message.contains("file is not a database"), "{message}");
    }
}

#[test]
fn a_truncated_store_is_refused_wherever_it_was_cut() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let whole = fs::read(&path).unwrap();
    for bytes in [20, 99, 100, 512, 4096, 5000, whole.len() / 2, whole.len() - 4096, whole.len() - 1] {
        let cut = folder.path().join(format!("cut-{bytes}.db"));
        fs::write(&cut, &whole[..bytes]).unwrap();
        let message = refused(&cut, |error| matches!(error, StoreError::Damaged { .. }));
        assert!(message.contains("database disk image is malformed"), "{bytes}: {message}");
    }
}

#[test]
fn damage_in_the_middle_is_found_by_the_check_and_said_on_reading() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let mut bytes = fs::read(&path).unwrap();
    for page in bytes.chunks_mut(4096).skip(60) {
        page.fill(0xA5);
    }
    fs::write(&path, bytes).unwrap();
    let store = Store::open(&path, Mode::ReadOnly).unwrap();
    assert!(matches!(store.check().unwrap_err(), StoreError::Damaged { .. }));
    let error = store.query("SELECT sum(seconds) FROM visits", None, 1).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
}

#[test]
fn a_folder_is_no_store() {
    let folder = tempfile::tempdir().unwrap();
    for mode in MODES {
        assert!(matches!(Store::open(folder.path(), mode).err().unwrap(), StoreError::NotAFile { .. }));
    }
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    let below = file.join("counterfoil.db");
    let error = Store::open(&below, Mode::Create).err().unwrap();
    assert!(matches!(error, StoreError::NoFolder { .. } | StoreError::Disk { .. }), "{error:?}");
    assert!(error.is_environment());
}

#[cfg(unix)]
#[test]
fn read_only_files_and_folders_are_read_but_not_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let mode = |path: &Path, bits| fs::set_permissions(path, fs::Permissions::from_mode(bits)).unwrap();
    mode(&path, 0o444);
    for writing in [Mode::ReadWrite, Mode::Create] {
        assert!(matches!(Store::open(&path, writing).err().unwrap(), StoreError::ReadOnlyFile { .. }));
    }
    assert_eq!(Store::open(&path, Mode::ReadOnly).unwrap().runs().unwrap().len(), 1);
    mode(&path, 0o644);
    mode(folder.path(), 0o555);
    for writing in [Mode::ReadWrite, Mode::Create] {
        let error = Store::open(&path, writing).err().unwrap();
        assert!(matches!(error, StoreError::ReadOnlyFolder { .. }) && error.is_environment(), "{error:?}");
    }
    let read = Store::open(&path, Mode::ReadOnly).unwrap().runs().unwrap().len();
    let new = Store::open(&folder.path().join("new.db"), Mode::Create).err();
    mode(folder.path(), 0o755);
    assert_eq!(read, 1);
    assert!(matches!(new, Some(StoreError::ReadOnlyFolder { .. } | StoreError::Disk { .. })), "{new:?}");
}

#[test]
fn a_store_opened_for_reading_refuses_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let mut store = Store::open(&path, Mode::ReadOnly).unwrap();
    let run = store.find_run("latest").unwrap();
    assert!(matches!(store.delete_run(run.no).unwrap_err(), StoreError::OpenedReadOnly { .. }));
    assert!(matches!(
        store.create_run(&new_run(1, Keep::Visits)).unwrap_err(),
        StoreError::OpenedReadOnly { .. }
    ));
    assert_eq!(store.runs().unwrap().len(), 1);
}

/// Goal: a process killed while it made the store leaves nothing that blocks the next one.
#[test]
fn a_store_whose_making_was_killed_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let half = folder.path().join("half.db");
    let connection = rusqlite::Connection::open(&half).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = DELETE; CREATE TABLE seed (a); DROP TABLE seed; PRAGMA cache_size = 1;
             BEGIN IMMEDIATE; CREATE TABLE big (a);
             WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
             INSERT INTO big SELECT randomblob(500) FROM n",
        )
        .unwrap();
    let killed = folder.path().join("killed.db");
    fs::copy(&half, &killed).unwrap();
    fs::copy(folder.path().join("half.db-journal"), folder.path().join("killed.db-journal")).unwrap();
    drop(connection);
    assert!(fs::metadata(&killed).unwrap().len() > 100_000, "part of the transaction was in the file");
    let mut store = Store::open(&killed, Mode::Create).unwrap();
    store.create_run(&new_run(1, Keep::Visits)).unwrap();
    store.check().unwrap();
}

#[test]
fn two_processes_may_make_the_same_store_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("counterfoil.db");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                Store::open(&path, Mode::Create).unwrap().create_run(&new_run(1, Keep::Summary)).unwrap()
            });
        }
    });
    assert_eq!(Store::open(&path, Mode::ReadOnly).unwrap().runs().unwrap().len(), 4);
}

/// Tries to write to the store that the variable names: the other process of the test below.
#[test]
#[ignore = "the other process of a test"]
fn another_process_writes() {
    let path = PathBuf::from(std::env::var("COUNTERFOIL_TEST_STORE").unwrap());
    let connection = rusqlite::Connection::open(path).unwrap();
    let written = connection.execute("UPDATE runs SET note = 'by another'", []);
    let busy = |error: &rusqlite::Error| error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy);
    std::process::exit(if written.as_ref().is_err_and(busy) { 7 } else { 8 });
}

/// Goal: looking at a store lets go of no lock that another connection of this process holds. On Unix, closing any
/// descriptor of a file drops all locks of the process on it.
#[cfg(unix)]
#[test]
fn looking_keeps_the_locks_of_this_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let exit_of_another = || {
        let mut other = std::process::Command::new(std::env::current_exe().unwrap());
        other.args(["--exact", "another_process_writes", "--ignored"]).env("COUNTERFOIL_TEST_STORE", &path);
        other.output().unwrap().status.code()
    };
    assert_eq!(exit_of_another(), Some(8), "it can write when nobody else does");
    let held = Store::open(&path, Mode::ReadWrite).unwrap();
    let writer = rusqlite::Connection::open(&path).unwrap();
    writer.execute_batch("BEGIN IMMEDIATE; UPDATE runs SET note = 'by this one'").unwrap();
    for mode in MODES {
        drop(Store::open(&path, mode).unwrap());
    }
    assert_eq!(exit_of_another(), Some(7), "the lock was let go of");
    writer.execute_batch("COMMIT").unwrap();
    drop(held);
    assert_eq!(Store::open(&path, Mode::ReadOnly).unwrap().find_run("latest").unwrap().note, "by this one");
}

/// Goal: names that SQLite would take for something else are names of files here.
#[test]
fn a_store_may_be_called_anything() {
    let folder = tempfile::tempdir().unwrap();
    let theirs = folder.path().join("other.db");
    rusqlite::Connection::open(&theirs).unwrap().execute_batch("CREATE TABLE customers (name)").unwrap();
    let before = fs::read(&theirs).unwrap();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "stores_with_odd_names_are_made_here", "--ignored"]).current_dir(folder.path());
    assert!(child.status().unwrap().success());
    assert_eq!(fs::read(&theirs).unwrap(), before);
    for name in ODD {
        assert!(folder.path().join(name).exists(), "{name}");
    }
}

const ODD: [&str; 4] = ["file:other.db", ":memory:", "file:x.db?mode=memory", "100 % #1.db"];

/// In the working directory of a process of its own.
#[test]
#[ignore = "the other process of a test"]
fn stores_with_odd_names_are_made_here() {
    for name in ODD {
        let mut store = Store::open(Path::new(name), Mode::Create).unwrap();
        store.create_run(&new_run(1, Keep::Summary)).unwrap();
        drop(store);
        assert_eq!(Store::open(Path::new(name), Mode::ReadOnly).unwrap().runs().unwrap().len(), 1, "{name}");
    }
}
