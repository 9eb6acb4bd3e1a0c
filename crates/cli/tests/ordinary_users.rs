//! Stores in folders that one may not write to, read by people who are not their owner. Tests that run as root would see
//! none of this, so the program is started as somebody else; where that is impossible, it is answered loudly.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::{Answered, answered};
use tempfile::TempDir;

/// Two people: who has the store, and who looks at it.
const OWNER: u32 = 65_533;
const READER: u32 = 65_534;
/// A run that takes a blink.
const SMALL: [&str; 12] = [
    "fashion-web-shop",
    "--worlds",
    "1",
    "--shoppers",
    "60",
    "--days",
    "7",
    "--history",
    "14",
    "--warmup",
    "7",
    "--quiet",
];

/// A folder that both may enter, with the program in it and a store that the owner made.
struct House {
    folder: TempDir,
}

impl House {
    /// `None` where this user may not start programs as others.
    fn built() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let house = Self { folder };
        let program = house.path("counterfoil");
        let built = Path::new(env!("CARGO_BIN_EXE_counterfoil"));
        fs::hard_link(built, &program).or_else(|_| fs::copy(built, &program).map(|_| ())).unwrap();
        fs::create_dir(house.path("shop")).unwrap();
        for home in ["home-65533", "home-65534"] {
            fs::create_dir(house.path(home)).unwrap();
        }
        let able = chown(house.path("shop"), Some(OWNER), Some(OWNER)).is_ok()
            && chown(house.path("home-65533"), Some(OWNER), None).is_ok()
            && chown(house.path("home-65534"), Some(READER), None).is_ok()
            && house.say(OWNER, &["--version"]).is_some_and(|answered| answered.code == 0);
        if !able {
            eprintln!("SKIPPED: programs cannot be started as another user here (not root, or no setpriv)");
            return None;
        }
        let run: Vec<&str> = ["run"].into_iter().chain(SMALL).collect();
        house.say(OWNER, &run).unwrap().expect(0);
        Some(house)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn store(&self) -> PathBuf {
        self.path("shop/counterfoil.db")
    }

    /// What the program says to somebody; `None` where it cannot be started.
    fn say(&self, user: u32, arguments: &[&str]) -> Option<Answered> {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", &user.to_string(), "--regid", &user.to_string(), "--clear-groups"]);
        command.arg(self.path("counterfoil")).args(arguments).current_dir(self.folder.path());
        command.env("COUNTERFOIL_STORE", self.store()).env("HOME", self.path(&format!("home-{user}")));
        command.stdin(Stdio::null());
        let started = Command::new("setpriv").arg("--version").stdout(Stdio::null()).status().is_ok();
        started.then(|| answered(&mut command))
    }

    fn allow(&self, name: &str, bits: u32) {
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(bits)).unwrap();
    }

    /// Names beside the store.
    fn beside(&self) -> Vec<String> {
        let names = fs::read_dir(self.path("shop")).unwrap();
        let mut names: Vec<String> =
            names.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Every way of reading, each of which must end well, change nothing and leave nothing.
    fn reads(&self, user: u32) {
        let before = fs::read(self.store()).unwrap();
        for words in [
            &["runs"][..],
            &["show", "latest"],
            &["sql", "latest", "SELECT count(*) FROM needs"],
            &["verify", "latest", "--stored"],
            &["verify", "latest", "--quiet"],
            &["export", "latest", "--table", "daily", "--out", "-"],
            &["replay", "latest", "--shopper", "3"],
        ] {
            self.say(user, words).unwrap().expect(0);
            assert_eq!(self.beside(), ["counterfoil.db"], "{words:?} left something behind");
        }
        assert_eq!(fs::read(self.store()).unwrap(), before);
    }
}

#[test]
fn a_store_in_a_folder_that_one_may_not_write_is_read() {
    let Some(house) = House::built() else { return };
    house.allow("shop", 0o555);
    house.reads(READER);
    house.reads(OWNER);
    let run: Vec<&str> = ["run"].into_iter().chain(SMALL).collect();
    let answered = house.say(READER, &run).unwrap();
    assert!(answered.err.contains("read-only file, which belongs to user 65533"), "{answered:?}");
    assert!(
        answered.err.contains("ask user 65533") && !answered.err.contains("chmod"),
        "whose it is: {answered:?}"
    );
    let answered = house.say(OWNER, &run).unwrap().expect(3);
    assert!(
        answered.err.contains("read-only folder") && answered.err.contains("chmod u+w"),
        "its own: {answered:?}"
    );
    house.allow("shop/counterfoil.db", 0o666);
    let answered = house.say(READER, &run).unwrap().expect(3);
    assert!(answered.err.contains("read-only folder, which belongs to user 65533"), "{answered:?}");
}

/// Goal: a reader in a folder that everybody may write leaves nothing that locks the owner out.
#[test]
fn a_reader_locks_nobody_out() {
    let Some(house) = House::built() else { return };
    house.allow("shop", 0o777);
    house.reads(READER);
    let run: Vec<&str> = ["run"].into_iter().chain(SMALL).collect();
    house.say(OWNER, &run).unwrap().expect(0);
    assert_eq!(house.beside(), ["counterfoil.db"]);
}

/// Goal: what a killed writer left is no obstacle for somebody who may not mend it.
#[test]
fn what_a_killed_writer_left_is_read_by_who_may_not_mend_it() {
    let Some(house) = House::built() else { return };
    let copy = house.path("copy");
    fs::create_dir(&copy).unwrap();
    let writer = rusqlite::Connection::open(house.store()).unwrap();
    writer
        .execute_batch(
            "PRAGMA cache_size = 1; BEGIN IMMEDIATE; DELETE FROM visits; UPDATE runs SET status = 'partial'",
        )
        .unwrap();
    writer.cache_flush().unwrap();
    for ending in ["", "-journal"] {
        fs::copy(
            format!("{}{ending}", house.store().display()),
            copy.join(format!("counterfoil.db{ending}")),
        )
        .unwrap();
    }
    drop(writer);
    for ending in ["", "-journal"] {
        let file = format!("{}{ending}", house.store().display());
        fs::copy(copy.join(format!("counterfoil.db{ending}")), &file).unwrap();
        chown(&file, Some(OWNER), Some(OWNER)).unwrap();
    }
    house.allow("shop", 0o777);
    for words in [&["runs"][..], &["show", "latest"], &["verify", "latest", "--stored"]] {
        let answered = house.say(READER, words).unwrap().expect(0);
        assert!(!answered.out.contains("partial"), "the half is undone: {answered:?}");
        assert_eq!(
            house.beside(),
            ["counterfoil.db", "counterfoil.db-journal"],
            "and nothing is mended or left"
        );
    }
    house.say(OWNER, &["runs"]).unwrap().expect(0);
    assert_eq!(house.beside(), ["counterfoil.db"], "its owner mends it by looking");
    house.reads(READER);
}

/// Goal: in a folder where everybody may remove one's own files only, somebody else's journal keeps nobody from reading.
#[test]
fn a_journal_that_one_may_not_remove_is_undone_in_a_copy() {
    let Some(house) = House::built() else { return };
    let saved = ["", "-journal"].map(|ending| {
        let file = PathBuf::from(format!("{}{ending}", house.store().display()));
        (file, house.path(&format!("saved{ending}")))
    });
    let writer = rusqlite::Connection::open(house.store()).unwrap();
    writer.execute_batch("PRAGMA cache_size = 1; BEGIN IMMEDIATE; DELETE FROM needs").unwrap();
    writer.cache_flush().unwrap();
    for (file, copy) in &saved {
        fs::copy(file, copy).unwrap();
    }
    drop(writer);
    for (file, copy) in &saved {
        fs::copy(copy, file).unwrap();
        chown(file, Some(OWNER), Some(OWNER)).unwrap();
        fs::set_permissions(file, fs::Permissions::from_mode(0o666)).unwrap();
    }
    house.allow("shop", 0o1777);
    for words in [&["runs"][..], &["show", "latest"], &["verify", "latest", "--stored"]] {
        house.say(READER, words).unwrap().expect(0);
    }
    let run: Vec<&str> = ["run"].into_iter().chain(SMALL).collect();
    let answered = house.say(READER, &run).unwrap().expect(3);
    let advice = format!("root runs `counterfoil --store {} runs` once", house.store().display());
    assert!(
        answered.err.contains("counterfoil.db-journal") && answered.err.contains(&advice),
        "{answered:?}"
    );
    assert!(answered.err.contains("never remove it") && answered.err.contains("user 65533"), "{answered:?}");
    house.say(OWNER, &run).unwrap().expect(0);
}

/// Goal: in a folder of a team, where a journal belongs to who was interrupted and the others may only read it, nobody is
/// told to remove it: with it the half-written would become the store.
#[test]
fn nobody_is_told_to_remove_a_journal_that_is_needed() {
    let Some(house) = House::built() else { return };
    let journal = PathBuf::from(format!("{}-journal", house.store().display()));
    let writer = rusqlite::Connection::open(house.store()).unwrap();
    writer.execute_batch("PRAGMA cache_size = 1; BEGIN IMMEDIATE; DELETE FROM needs").unwrap();
    writer.cache_flush().unwrap();
    let saved = [house.store(), journal.clone()].map(|file| (fs::read(&file).unwrap(), file));
    drop(writer);
    let interrupted = |bits: u32| {
        for (bytes, file) in &saved {
            let _ = fs::remove_file(file);
            fs::write(file, bytes).unwrap();
            chown(file, Some(OWNER), Some(OWNER)).unwrap();
        }
        house.allow("shop/counterfoil.db", 0o666);
        house.allow("shop/counterfoil.db-journal", bits);
    };
    house.allow("shop", 0o777);
    for bits in [0o644, 0o600] {
        interrupted(bits);
        let answered = house.say(READER, &["note", "latest", "--note", "x"]).unwrap().expect(3);
        if bits == 0o644 {
            let advice = format!("root runs `counterfoil --store {} runs` once", house.store().display());
            assert!(
                answered.err.contains("never remove it") && answered.err.contains(&advice),
                "{answered:?}"
            );
            assert!(answered.err.contains("makes") && answered.err.contains("user 65533"), "{answered:?}");
        }
        assert!(!answered.err.contains(&format!("remove {}", journal.display())), "{answered:?}");
        house.say(OWNER, &["runs"]).unwrap().expect(0);
        house.say(READER, &["note", "latest", "--note", "x"]).unwrap().expect(0);
        house.say(READER, &["verify", "latest", "--stored"]).unwrap().expect(0);
    }
    fs::write(&journal, "garbage").unwrap();
    house.allow("shop/counterfoil.db-journal", 0o444);
    house.allow("shop", 0o1777);
    let answered = house.say(READER, &["note", "latest", "--note", "x"]).unwrap().expect(3);
    assert!(answered.err.contains(&format!("remove {}", journal.display())), "{answered:?}");
}

/// Goal: a log that another user's program left by an older version is named, with what to do.
#[test]
fn leftovers_of_somebody_else_are_named() {
    let Some(house) = House::built() else { return };
    fs::write(house.path("shop/counterfoil.db-shm"), "x").unwrap();
    chown(house.path("shop/counterfoil.db-shm"), Some(READER), Some(READER)).unwrap();
    let run: Vec<&str> = ["run"].into_iter().chain(SMALL).collect();
    let answered = house.say(OWNER, &run).unwrap().expect(3);
    assert!(answered.err.contains("counterfoil.db-shm") && answered.err.contains("remove"), "{answered:?}");
}

#[test]
fn reading_makes_neither_store_nor_folder() {
    let Some(house) = House::built() else { return };
    for words in [
        &["runs"][..],
        &["show", "latest"],
        &["sql", "latest", "SELECT 1"],
        &["verify", "latest"],
        &["run", "--resume", "latest"],
        &["run", "--add-arm", "blanket", "--into", "latest"],
        &["delete", "latest"],
    ] {
        let store = house.path("home-65534/mistyped/store.db");
        let all: Vec<&str> = words.iter().copied().chain(["--store", store.to_str().unwrap()]).collect();
        let answered = house.say(READER, &all).unwrap().expect(2);
        assert!(answered.err.contains("there is no store here"), "{answered:?}");
        assert!(!store.parent().unwrap().exists());
    }
}
