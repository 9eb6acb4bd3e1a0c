//! Every command as a try begins it: with which store, with which words, and what it writes.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::dice::Dice;
use crate::ground::{Begin, Ground, SMALL, intact};
use crate::program::{Room, words};

/// A command with what it needs and leaves.
#[derive(Clone, Debug)]
pub(crate) struct Action {
    /// What it is called in reports.
    pub name: &'static str,
    pub begin: Begin,
    pub words: Vec<String>,
    /// File that it writes, from the desk.
    pub output: Option<&'static str>,
    /// It writes to the store.
    pub writes: bool,
    /// It promises to end with exit 3 soon after SIGINT.
    pub listens: bool,
}

impl Action {
    const fn reader(name: &'static str, words: Vec<String>) -> Self {
        Self { name, begin: Begin::Finished, words, output: None, writes: false, listens: false }
    }
}

/// All actions that this build knows.
pub(crate) fn actions(ground: &Ground) -> Vec<Action> {
    let line = |command: &str, line: &str| ground.with_yes(command, line);
    let reader = |name, text: &str| Action::reader(name, words(text));
    let file = |name, output, text: &str| {
        let command = text.split(' ').next().unwrap_or_default();
        Action { output: Some(output), ..Action::reader(name, line(command, text)) }
    };
    let writer = |name, begin, words| Action { begin, writes: true, ..Action::reader(name, words) };
    let run = words(&format!("run fashion-web-shop {SMALL} --json"));
    let listens = |action: Action| Action { listens: true, ..action };
    let mut all = vec![
        listens(writer("run", Begin::Nothing, run)),
        listens(writer("resume", Begin::Partial, words("run --resume latest --threads 2 --json"))),
        listens(writer(
            "add-arm",
            Begin::Arm,
            words("run --add-arm blanket --into latest --threads 2 --json"),
        )),
        listens(reader("verify", "verify latest --threads 2")),
        file("report", "report.html", "report latest --out report.html"),
        file("chart", "chart.svg", "chart latest --figure headline --out chart.svg"),
        file("chart-csv", "chart.csv", "chart latest --figure daily --out chart.csv"),
        file("export", "orders.csv", "export latest --table needs --out orders.csv"),
        file("accept", "base/fashion-web-shop.txt", "accept fashion-web-shop --baselines base"),
        reader("check", "check fashion-web-shop --baselines base"),
        reader("replay", "replay latest --shopper 4 --all"),
        reader("show", "show latest"),
        reader("runs", "runs --json"),
        reader("validate", "validate fashion-web-shop"),
    ];
    all.push(Action::reader(
        "sql",
        ["sql", "latest", "SELECT count(*) FROM orders"].map(str::to_owned).to_vec(),
    ));
    if ground.has("verify", "--stored") {
        all.push(reader("verify-stored", "verify latest --stored"));
    }
    if ground.knows("live") {
        all.push(reader("live", "live fashion-web-shop --policy batch --shoppers 100 --for 1 --speed 1000"));
    }
    if ground.holds(Begin::Older) {
        all.push(Action { begin: Begin::Older, writes: true, ..reader("migrate", "runs --json") });
    }
    for (name, begin, text) in [
        ("note", Begin::Finished, "note latest --name tried --note often"),
        ("delete", Begin::Finished, "delete latest"),
        ("restore", Begin::Deleted, "restore latest"),
        ("purge", Begin::Deleted, "purge"),
    ] {
        if ground.knows(name) {
            all.push(writer(name, begin, line(name, text)));
        }
    }
    all
}

/// The file that an action writes.
pub(crate) fn output_of(room: &Room, action: &Action) -> Option<PathBuf> {
    action.output.map(|name| room.desk().join(name))
}

/// Lays out what an action needs; the old content of its output, where there is one.
pub(crate) fn lay(
    ground: &Ground,
    room: &Room,
    action: &Action,
    dice: &mut Dice,
) -> Result<Option<Vec<u8>>, String> {
    ground.lay(action.begin, room)?;
    let Some(output) = output_of(room, action).filter(|_| dice.once_in(2)) else { return Ok(None) };
    room.expect(&action.words, &[0])?;
    let old = fs::read(&output).map_err(|error| format!("{}: {error}", output.display()))?;
    Ok(Some(old))
}

/// Checks the folder after a command was ended by force: the output is old, absent or complete, the store is sound, and
/// once the same command ran to its end nothing else lies about.
pub(crate) fn settle(
    ground: &Ground,
    room: &Room,
    action: &Action,
    old: Option<&[u8]>,
) -> Result<(), String> {
    let found = output_of(room, action).and_then(|output| fs::read(output).ok());
    if !action.writes && room.store().exists() {
        let same = fs::read(room.store()).is_ok_and(|bytes| bytes == ground.bytes(action.begin));
        intact(&room.store())?;
        if !same {
            return Err(format!("`{}` only reads, and the store's bytes are others now", action.name));
        }
    }
    let Some(output) = output_of(room, action) else { return Ok(()) };
    room.expect(&action.words, &[0])?;
    let whole = fs::read(&output).map_err(|error| format!("{}: {error}", output.display()))?;
    match (&found, old) {
        (None, None) => {}
        (None, Some(_)) => return Err(format!("the old {} is gone", output.display())),
        (Some(found), old) if *found == whole || Some(found.as_slice()) == old => {}
        (Some(found), _) => {
            let (has, of) = (found.len(), whole.len());
            return Err(format!("{} is half written: {has} of {of} bytes", output.display()));
        }
    }
    strangers(room, action)
}

/// Files that nobody asked for.
fn strangers(room: &Room, action: &Action) -> Result<(), String> {
    let wanted = |name: &str| {
        name.starts_with("store.db") || action.output.is_some_and(|output| output == name) || name == "base/"
    };
    let mut names = BTreeSet::new();
    for folder in ["", "base"] {
        for entry in fs::read_dir(room.desk().join(folder)).into_iter().flatten().flatten() {
            let slash = if entry.path().is_dir() { "/" } else { "" };
            let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            names.insert(format!("{prefix}{}{slash}", entry.file_name().to_string_lossy()));
        }
    }
    names.retain(|name| !wanted(name));
    if names.is_empty() { Ok(()) } else { Err(format!("`{}` leaves {names:?} behind", action.name)) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::path::Path;

    /// Settling after a `cp` that writes `new` to `out`, when `found` lay there and `old` had lain there.
    fn settled(found: Option<&str>, old: Option<&str>, beside: &str) -> Result<(), String> {
        let number = format!("{:?}{found:?}{old:?}{beside}", std::thread::current().id());
        let name: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
        let folder =
            std::env::temp_dir().join(format!("counterfoil-torture-test-{}-{name}", std::process::id()));
        let room = Room::make(Path::new("/bin/cp"), &folder).unwrap();
        fs::write(folder.join("new"), "new and complete").unwrap();
        if let Some(found) = found {
            fs::write(room.desk().join("out"), found).unwrap();
        }
        if !beside.is_empty() {
            fs::write(room.desk().join(beside), "").unwrap();
        }
        let action = Action { output: Some("out"), ..Action::reader("copy", words("../new out")) };
        let done = settle(&Ground::default(), &room, &action, old.map(str::as_bytes));
        fs::remove_dir_all(folder).unwrap();
        done
    }

    #[test]
    fn half_written_and_forgotten_files_are_seen() {
        assert_eq!(settled(None, None, ""), Ok(()));
        assert_eq!(settled(Some("new and complete"), Some("old"), ""), Ok(()));
        assert_eq!(settled(Some("old"), Some("old"), ""), Ok(()));
        assert!(settled(Some("new and"), Some("old"), "").unwrap_err().contains("half written"));
        assert!(settled(Some(""), None, "").unwrap_err().contains("half written"));
        assert!(settled(None, Some("old"), "").unwrap_err().contains("is gone"));
        assert!(settled(None, None, ".out.tmp").unwrap_err().contains("behind"));
    }
}
