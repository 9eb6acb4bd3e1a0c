//! The golden digest: the result hash of one small run is committed, and every build on every machine has to meet it.
//!
//! `COUNTERFOIL_WRITE_GOLDEN=1 cargo test -p counterfoil-cli --test golden` writes it anew. A change of it is a change of
//! results and belongs into the change log under "Changed results".
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::SystemTime;

use common::{Answered, Terminal, answered};
use counterfoil_api::Api;
use counterfoil_api::dto::RunRequest;

/// What is run: small, but with the scenario's own history, so that the engine has learned something.
const RUN: [&str; 11] = [
    "run",
    "fashion-web-shop",
    "--worlds",
    "2",
    "--shoppers",
    "400",
    "--days",
    "21",
    "--seed",
    "7",
    "--json",
];

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden.txt")
}

/// The committed hash: the last word of the file.
fn golden() -> String {
    let text = fs::read_to_string(file()).expect(
        "tests/golden.txt is missing: COUNTERFOIL_WRITE_GOLDEN=1 cargo test -p counterfoil-cli --test golden",
    );
    text.split_whitespace().last().unwrap().to_owned()
}

fn run(terminal: &Terminal, more: &[&str]) -> Answered {
    terminal.say(&RUN.into_iter().chain(more.iter().copied()).collect::<Vec<_>>())
}

/// Goal: debug and release, 1 and 2 threads, with and without fused multiply-add, all give the same bits.
#[test]
fn every_build_gives_the_committed_result() {
    let terminal = Terminal::new();
    let found = run(&terminal, &["--threads", "1"]).result_hash();
    if std::env::var_os("COUNTERFOIL_WRITE_GOLDEN").is_some() {
        fs::write(file(), format!("counterfoil {}\n{found}\n", RUN.join(" "))).unwrap();
    }
    let golden = golden();
    assert_eq!(
        found, golden,
        "results have changed; if that is meant, write tests/golden.txt anew and say so"
    );
    assert_eq!(run(&terminal, &["--threads", "2", "--keep", "summary"]).result_hash(), golden);
    let mut plain = terminal.command(&RUN);
    plain.env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-FMA,-AVX2,-FMA4");
    assert_eq!(answered(&mut plain).result_hash(), golden, "without fused multiply-add");
    let Some(other) = other_build() else { return };
    let mut command = std::process::Command::new(&other);
    command.args(RUN).env("COUNTERFOIL_STORE", terminal.path("other.db"));
    assert_eq!(answered(&mut command).result_hash(), golden, "{}", other.display());
}

/// Goal: the window's way gives what the terminal's way gives.
#[test]
fn the_window_gives_the_committed_result() {
    if std::env::var_os("COUNTERFOIL_WRITE_GOLDEN").is_some() {
        return;
    }
    let terminal = Terminal::new();
    let api = Api::open(Some(&terminal.store)).unwrap();
    let request = RunRequest {
        scenario: "fashion-web-shop".to_owned(),
        policies: Vec::new(),
        worlds: 2,
        shoppers: 400,
        days: 21,
        seed: 7,
        threads: Some(1),
        cover_until_guess: false,
        keep_all_visits: false,
    };
    let summary = api.start_run(&request, &|_| {}, &AtomicBool::new(false)).unwrap();
    assert_eq!(summary.result_hash.as_deref(), Some(golden().as_str()));
}

/// The same program built in the other profile, if it is there and no source is newer.
fn other_build() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_BIN_EXE_counterfoil"));
    let profile = own.parent()?.file_name()?.to_str()?;
    let other = if profile == "debug" { "release" } else { "debug" };
    let path = own.parent()?.parent()?.join(other).join(own.file_name()?);
    let Ok(built) = fs::metadata(&path).and_then(|file| file.modified()) else {
        println!("no {other} build beside this one: only this one was checked");
        return None;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if newest(&root.join("crates")).max(newest(&root.join("scenarios"))) > built {
        println!("the {other} build is older than its sources: only this one was checked");
        return None;
    }
    Some(path)
}

/// When the newest file below a folder was changed.
fn newest(folder: &Path) -> SystemTime {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let changed = |path: PathBuf| match path.is_dir() {
        true => newest(&path),
        false => fs::metadata(&path).and_then(|file| file.modified()).unwrap_or(SystemTime::UNIX_EPOCH),
    };
    entries.map(changed).max().unwrap_or(SystemTime::UNIX_EPOCH)
}
