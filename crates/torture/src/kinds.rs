//! The kinds of tries, with what each promises. One file each.

pub(crate) mod action;
pub(crate) mod bits;
pub(crate) mod disk;
pub(crate) mod extreme;
pub(crate) mod files;
pub(crate) mod hostile;
pub(crate) mod kill;
pub(crate) mod mutate;
pub(crate) mod pairs;
pub(crate) mod rules;
pub(crate) mod same;
pub(crate) mod signal;

use crate::dice::Dice;
use crate::ground::Ground;
use crate::program::Room;

/// A try that did not fail.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    /// What was promised held.
    Fine,
    /// It could not be tried, and why.
    Skipped(String),
}

/// One try on the built program.
pub(crate) type OnProgram = fn(&Ground, &Room, &mut Dice) -> Result<Tried, String>;
/// One try within this process, thousands a second; it gets the texts and a folder for its files.
pub(crate) type InProcess = fn(&crate::stock::Stock, &mut Dice) -> Result<(), String>;

/// How a kind is tried.
#[derive(Clone, Copy)]
pub(crate) enum How {
    Program(OnProgram),
    Inner(InProcess),
}

/// One kind.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    /// The word for `--only`.
    pub name: &'static str,
    /// What is tried, for the table.
    pub what: &'static str,
    /// Share of the time, relative to its neighbours of the same sort.
    pub weight: f64,
    /// How.
    pub how: How,
}

const fn program(name: &'static str, what: &'static str, weight: f64, how: OnProgram) -> Kind {
    Kind { name, what, weight, how: How::Program(how) }
}

const fn inner(name: &'static str, what: &'static str, weight: f64, how: InProcess) -> Kind {
    Kind { name, what, weight, how: How::Inner(how) }
}

/// All kinds.
pub(crate) const KINDS: [Kind; 12] = [
    program("kill", "SIGKILL at a random moment of every command", 5.0, kill::kill),
    program("signal", "SIGINT and SIGTERM at a random moment", 2.0, signal::signal),
    program("disk", "full disk, full standard output and error, closed pipe", 2.0, disk::disk),
    program("pairs", "two processes on one store", 2.0, pairs::pairs),
    program(
        "texts",
        "mutated scenarios and policies, validated and run by the program",
        2.0,
        files::by_program,
    ),
    program("bits", "flipped bits, changed pages and cut ends of a store", 2.0, bits::by_program),
    program("same", "one hash under other threads, locales, zones, instruction sets", 2.0, same::same),
    program("words", "hostile command lines", 2.0, hostile::hostile),
    inner("fuzz-texts", "mutated scenarios and policies, validated in process", 4.0, files::in_process),
    inner("fuzz-rules", "mutated rules in process", 1.0, rules::mutated),
    inner(
        "fuzz-true-rules",
        "rules made by grammar, compiled and evaluated in process",
        1.0,
        rules::by_grammar,
    ),
    inner("fuzz-store", "damaged database headers and pages, read in process", 4.0, bits::in_process),
];

/// The kind of this name.
pub(crate) fn named(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}
