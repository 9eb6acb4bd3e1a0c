//! What is wrong with a file, said so that a person can mend it: place, what was found, what is allowed, a hint.
//!
//! # Promises
//! - Every problem of a text is reported, not only the first, in the order of files and lines.
//! - The sentence is always `FILE:LINE: \`key\` FOUND, but ALLOWED`, with a hint on a line of its own.
//!
//! # Where to start
//! [`Problem`] and its `Display`.

use std::fmt;
use std::rc::Rc;

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    /// Name of the file for people; empty for a value from the command line.
    pub file: Rc<str>,
    /// From 1; 0 where there is no line.
    pub line: usize,
    /// From 1, in characters; 0 where there is no column.
    pub column: usize,
}

/// Problems of one text that are told.
pub const PROBLEMS_MAX: usize = 50;

/// Problems that are collected before reading stops: some of them turn out to be the same.
const COLLECTED_MAX: usize = 4 * PROBLEMS_MAX;

/// Longest key in a message, in characters.
const KEY_MAX: usize = 120;

/// Whether so much is wrong that reading on would tell nobody anything.
pub(crate) fn enough(problems: &[Problem]) -> bool {
    problems.len() >= COLLECTED_MAX
}

/// The problems in the order of files and lines, each once; beyond [`PROBLEMS_MAX`] one that says that there are more.
pub(crate) fn told(mut problems: Vec<Problem>) -> Vec<Problem> {
    let stopped = enough(&problems);
    problems.sort();
    problems.dedup();
    if stopped || problems.len() > PROBLEMS_MAX {
        problems.truncate(PROBLEMS_MAX);
        problems.extend(problems.last().map(more));
    }
    problems
}

fn more(last: &Problem) -> Problem {
    Problem {
        column: 0,
        key: String::new(),
        found: "more is wrong further on".to_owned(),
        allowed: format!("no more than {PROBLEMS_MAX} faults of a text are told at once"),
        hint: Some("mend these first".to_owned()),
        ..last.clone()
    }
}

/// One thing that is wrong, with its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// File as it was named by the user; empty for a command-line flag.
    pub file: String,
    /// Line, from 1; 0 where there is none (a flag, an unreadable file).
    pub line: usize,
    /// Column, from 1, in characters; 0 where there is none.
    pub column: usize,
    /// Dotted key (`shoppers.count`) or flag (`--days`); empty when the text as a whole is meant.
    pub key: String,
    /// What was found, as the predicate of a sentence: `is 15.0`, `is missing`.
    pub found: String,
    /// What is allowed, as a sentence without a period.
    pub allowed: String,
    /// What to write instead.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem at a place, without a hint.
    pub(crate) fn at(spot: &Spot, key: &str, found: impl Into<String>, allowed: impl Into<String>) -> Self {
        Self {
            file: spot.file.to_string(),
            line: spot.line,
            column: spot.column,
            key: shortened(key, KEY_MAX),
            found: found.into(),
            allowed: allowed.into(),
            hint: None,
        }
    }

    /// The same with a hint.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The sentence without place and hint, for a list that shows those beside it.
    #[must_use]
    pub fn message(&self) -> String {
        if self.key.is_empty() {
            format!("{}, but {}", self.found, self.allowed)
        } else {
            format!("`{}` {}, but {}", self.key, self.found, self.allowed)
        }
    }
}

/// A text that is cut where it is longer than so many characters.
pub(crate) fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some(_) => text.chars().take(longest - 3).chain("...".chars()).collect(),
        None => text.to_owned(),
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.file.is_empty(), self.line) {
            (true, _) => {}
            (false, 0) => write!(out, "{}: ", self.file)?,
            (false, line) => write!(out, "{}:{line}: ", self.file)?,
        }
        write!(out, "{}", self.message())?;
        match &self.hint {
            Some(hint) => write!(out, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

/// All problems, one below the other.
#[must_use]
pub fn report(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
