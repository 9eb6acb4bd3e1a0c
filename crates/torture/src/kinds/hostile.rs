//! Command lines that nobody meant: the commands' own flags with values of every sort. Exit 0 to 3, never a panic.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use rustix::process::Signal;

use crate::dice::Dice;
use crate::ground::{Begin, Ground};
use crate::kinds::Tried;
use crate::program::{Ended, Room};

/// Values; none is an existing place outside the try's folder.
const VALUES: [&str; 62] = [
    "",
    "0",
    "-1",
    "1",
    "2",
    "3",
    "7",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "1e9",
    "nan",
    "inf",
    "0.5",
    "none",
    "latest",
    "control",
    "batch",
    "blanket",
    "realtime",
    "status-quo",
    "fashion-web-shop",
    "placebo",
    "no-such-thing",
    "-",
    "--",
    "--json",
    "-h",
    "..",
    ".",
    "no/../such/folder",
    "./x",
    "out.html",
    "out.svg",
    "out.csv",
    "store.db",
    "store.db-wal",
    "scenario.toml",
    "folder",
    "a/b/c.csv",
    "headline",
    "daily",
    "orders",
    "visits",
    "summary",
    "light",
    "SELECT 1",
    "DELETE FROM runs",
    "SELECT * FROM orders; DROP TABLE runs",
    "PRAGMA writable_schema = 1",
    "ATTACH 'x.db' AS y",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM t) SELECT count(*) FROM t",
    "%s%n",
    "$(id)",
    "`id`",
    "\u{202e}",
    "\u{1b}[31m",
    "\u{1f4a9}",
    "é",
    "a\nb",
    "'",
    "\"",
];

/// One try.
pub(crate) fn hostile(ground: &Ground, room: &Room, dice: &mut Dice) -> Result<Tried, String> {
    if !dice.once_in(4) {
        ground.lay(*dice.pick(&[Begin::Finished, Begin::Partial, Begin::Arm]), room)?;
    }
    fs::create_dir_all(room.desk().join("folder")).map_err(|error| error.to_string())?;
    fs::write(room.desk().join("scenario.toml"), &dice.pick(&ground.texts).1)
        .map_err(|error| error.to_string())?;
    let line = line(ground, dice);
    ends(room, &line, Duration::from_secs(4), &[0, 1, 2, 3])?;
    Ok(Tried::Fine)
}

/// Starts a command that ends with one of these codes by itself, or soon after SIGINT once it took so long.
pub(crate) fn ends(room: &Room, line: &[String], patience: Duration, codes: &[i32]) -> Result<Ended, String> {
    let mut going = room.start(line)?;
    let asked = !going.leave(patience);
    if asked {
        going.send(Signal::INT);
    }
    let ended = going.wait(Duration::from_secs(10));
    // A command that does not listen ends at once; what it leaves is looked at by the signals.
    if !(asked && ended.signal == Some(2)) {
        ended.sound(codes)?;
    }
    Ok(ended)
}

fn line(ground: &Ground, dice: &mut Dice) -> Vec<String> {
    let commands: Vec<&String> = ground.help.keys().collect();
    let command = *dice.pick(&commands);
    let flags: Vec<String> = flags_of(&ground.help[command]).into_iter().collect();
    let mut line: Vec<String> = Some(command.clone()).filter(|name| !name.is_empty()).into_iter().collect();
    if dice.once_in(30) {
        line.insert(0, (*dice.pick(&VALUES)).to_owned());
    }
    // Half of the lines are nearly right, so that they get beyond the reading of arguments.
    if dice.once_in(2) {
        line.push((*dice.pick(&["latest", "fashion-web-shop", "scenario.toml"])).to_owned());
    }
    for _ in 0..dice.below(6) {
        if dice.once_in(3) || flags.is_empty() {
            line.push((*dice.pick(&VALUES)).to_owned());
        } else {
            line.push(dice.pick(&flags).clone());
            if !dice.once_in(4) {
                line.push((*dice.pick(&VALUES)).to_owned());
            }
        }
    }
    line.retain(|word| !word.contains('\0'));
    line
}

/// The flags that a help text names.
fn flags_of(help: &str) -> BTreeSet<String> {
    let word = |word: &str| word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '-').to_owned();
    help.split_whitespace()
        .map(word)
        .filter(|word| word.starts_with('-') && word.len() > 1 && word != "--")
        .collect()
}
