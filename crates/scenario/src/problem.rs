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
            key: key.to_owned(),
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
