//! The one rule for finding the text that a name means: `policy` of an arm, `incumbent`, `extends`, `--policy`, and
//! whatever a command or the window asks for.
//!
//! # Promises
//! - A name without a path, written in a file, means the file of that name beside it (`NAME.toml` for a scenario,
//!   `policies/NAME.toml` for a policy) if there is one, then the user's library, then the shipped text. Written in a
//!   shipped text or on the command line, it means the library, then the shipped text.
//! - A policy that a scenario inherits is looked for beside the scenario first, then beside the file that names it.
//! - A path is relative to the file that names it; one of a policy also to the working directory.
//! - No text finds itself, so a file may extend the shipped text that it replaces.
//! - A file that is there and cannot be read is an error and never the reason to take another text.
//! - Files are read only through the closure that is passed in.
//!
//! # Where to start
//! [`Shelves::find`].

use crate::found::{Found, NamedPolicy};
use crate::problem::{Problem, Spot};
use crate::shipped::{self, ReadFile, Source};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Which kind of text a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// `NAME.toml`.
    Scenarios,
    /// `policies/NAME.toml`.
    Policies,
}

impl Shelf {
    /// The word for one text of this kind.
    fn one(self) -> &'static str {
        match self {
            Self::Scenarios => "scenario",
            Self::Policies => "policy",
        }
    }

    /// The shipped names.
    #[must_use]
    pub fn shipped_names(self) -> Vec<&'static str> {
        match self {
            Self::Scenarios => shipped::scenario_names(),
            Self::Policies => shipped::policy_names(),
        }
    }

    /// The shipped text of this name.
    #[must_use]
    pub fn shipped_text(self, name: &str) -> Option<&'static str> {
        match self {
            Self::Scenarios => shipped::scenario_text(name),
            Self::Policies => shipped::policy_text(name),
        }
    }

    /// Name of a shipped text in messages.
    #[must_use]
    pub fn shipped_file(self, name: &str) -> String {
        match self {
            Self::Scenarios => shipped::scenario_file(name),
            Self::Policies => format!("scenarios/policies/{name}.toml"),
        }
    }

    /// Where the text of this name lies in a folder of scenarios.
    #[must_use]
    pub fn path(self, folder: &Path, name: &str) -> PathBuf {
        let file = format!("{name}.toml");
        match self {
            Self::Scenarios => folder.join(file),
            Self::Policies => folder.join("policies").join(file),
        }
    }

    /// The shipped text of this name as a source.
    #[must_use]
    pub fn shipped_source(self, name: &str) -> Option<Source> {
        let text = self.shipped_text(name)?;
        let (name, file) = (name.to_owned(), self.shipped_file(name));
        Some(Source { name, file, text: text.to_owned(), shipped: true, path: None })
    }
}

/// Whether a text can be the name of a file: letters, digits, `-`, `_`, spaces and dots, the first no dot.
#[must_use]
pub fn can_be_name(text: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '.');
    !text.is_empty() && !text.starts_with('.') && text.chars().all(allowed)
}

/// A text that was not found, or not read.
#[derive(Debug)]
pub(crate) struct Missing {
    shelf: Shelf,
    name: String,
    /// Files that were looked for.
    looked: Vec<PathBuf>,
    /// Why a file that is there cannot be read, or a path leads nowhere.
    reason: Option<String>,
}

impl Missing {
    /// A scenario that a loader does not know.
    pub(crate) fn scenario(name: &str) -> Self {
        Self { shelf: Shelf::Scenarios, name: name.to_owned(), looked: Vec::new(), reason: None }
    }

    /// Why a file cannot be read, where that is known.
    pub(crate) fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// A name from the command line that means nothing.
    fn asked(self) -> Vec<Problem> {
        let spot = Spot { file: Rc::from(""), line: 0, column: 0 };
        let (what, names) = (self.shelf.one(), self.shelf.shipped_names());
        let shipped = format!("shipped are {}", names.join(", "));
        if let Some(reason) = &self.reason {
            let allowed = format!("a readable file is wanted ({shipped})");
            let found = format!("{what} {} cannot be read: {reason}", self.name);
            return vec![Problem::at(&spot, "", found, allowed)];
        }
        let problem = Problem::at(&spot, "", format!("there is no {what} \"{}\"", self.name), shipped);
        let hint = match crate::suggest::nearest(&self.name, names.iter().copied()) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("a file is named by its path: {}.toml", self.name),
        };
        vec![problem.hint(hint)]
    }

    /// A name that a scenario or a flag states, at its place.
    fn named(&self, named: &NamedPolicy) -> Problem {
        let names = self.shelf.shipped_names();
        let found = format!("is \"{}\"", self.name);
        if let Some(reason) = &self.reason {
            let allowed = format!("that file cannot be read: {reason}");
            let problem = Problem::at(&named.at, named.key, found, allowed);
            return problem.hint("a path is relative to the file that names it");
        }
        let mut allowed = format!("shipped policies are {}, and a path ends in .toml", names.join(", "));
        if let Some(arms) = &named.arms_of_file {
            let arms = if arms.is_empty() { "none".to_owned() } else { arms.join(", ") };
            allowed = format!("the scenario's arms are {arms}, {allowed}");
        }
        let problem = Problem::at(&named.at, named.key, found, allowed);
        let arms = named.arms_of_file.iter().flatten().map(String::as_str);
        let near = crate::suggest::nearest(&self.name, arms.chain(names));
        match (near, self.looked.first()) {
            (Some(near), _) => problem.hint(format!("did you mean \"{near}\"?")),
            (None, Some(place)) => problem.hint(format!("a policy of your own would be {}", place.display())),
            (None, None) => problem,
        }
    }
}

impl NamedPolicy {
    /// File and line that name it; the file is empty for a flag.
    #[must_use]
    pub fn place(&self) -> (&str, usize) {
        (&self.at.file, self.at.line)
    }

    /// The dotted key, or the flag.
    #[must_use]
    pub fn key(&self) -> &'static str {
        self.key
    }
}

/// Where texts are looked for.
#[derive(Clone, Copy)]
pub struct Shelves<'a> {
    library: Option<&'a Path>,
    read: ReadFile<'a>,
}

impl<'a> Shelves<'a> {
    /// The shelves of a user: a folder with scenarios and, in `policies` below it, policies. It need not exist.
    #[must_use]
    pub fn new(library: &'a Path, read: ReadFile<'a>) -> Self {
        Self { library: Some(library), read }
    }

    /// Files by their paths and beside one another, and the shipped texts: no library.
    #[must_use]
    pub fn without_library(read: ReadFile<'a>) -> Self {
        Self { library: None, read }
    }

    /// The shipped texts alone.
    #[must_use]
    pub fn shipped() -> Shelves<'static> {
        Shelves { library: None, read: &|_| Err(Error::from(ErrorKind::NotFound)) }
    }

    /// The text that a command or the window asks for by name or path.
    ///
    /// # Errors
    /// A problem that lists the shipped names, or says why the file cannot be read.
    pub fn find(&self, shelf: Shelf, name_or_path: &str) -> Result<Source, Vec<Problem>> {
        self.look(shelf, name_or_path, &[]).map_err(Missing::asked)
    }

    /// The text of a policy that a scenario names.
    ///
    /// # Errors
    /// A problem at the line that names it.
    pub fn policy(&self, named: &NamedPolicy) -> Result<Source, Vec<Problem>> {
        self.look(Shelf::Policies, &named.policy, &named.beside).map_err(|missing| vec![missing.named(named)])
    }

    /// The texts of all policies that a scenario names, in its order.
    ///
    /// # Errors
    /// Every name that means nothing, each at its line.
    pub fn policies(&self, found: &Found) -> Result<Vec<Source>, Vec<Problem>> {
        let (mut sources, mut problems) = (Vec::new(), Vec::new());
        for named in &found.policies {
            match self.policy(named) {
                Ok(source) => sources.push(source),
                Err(faults) => problems.extend(faults),
            }
        }
        problems.sort();
        if problems.is_empty() { Ok(sources) } else { Err(problems) }
    }

    /// The rule itself. `named_in`: the files that name the text, the nearest first; none for a shipped text and for the
    /// command line.
    pub(crate) fn look(&self, shelf: Shelf, name: &str, named_in: &[PathBuf]) -> Result<Source, Missing> {
        let path = shipped::is_path(name);
        let looked = if path { by_path(shelf, name, named_in) } else { self.by_name(shelf, name, named_in) };
        let mut nowhere = None;
        for place in &looked {
            match (self.read)(place) {
                Ok(text) => return Ok(from_file(place, name, text)),
                Err(error) if is_absent(&error) => nowhere = nowhere.or(Some(error.to_string())),
                Err(error) => {
                    return Err(Missing {
                        shelf,
                        name: name.to_owned(),
                        looked,
                        reason: Some(error.to_string()),
                    });
                }
            }
        }
        let shipped = if path { None } else { shelf.shipped_source(name) };
        let reason = nowhere.filter(|_| path);
        shipped.ok_or_else(|| Missing { shelf, name: name.to_owned(), looked, reason })
    }

    fn by_name(&self, shelf: Shelf, name: &str, named_in: &[PathBuf]) -> Vec<PathBuf> {
        let beside = named_in.iter().map(|file| shelf.path(folder_of(file), name));
        let library = self.library.map(|library| shelf.path(library, name));
        without_self(shelf, beside.chain(library), named_in)
    }
}

fn by_path(shelf: Shelf, path: &str, named_in: &[PathBuf]) -> Vec<PathBuf> {
    let beside = named_in.iter().map(|file| folder_of(file).join(path));
    let plain = (named_in.is_empty() || shelf == Shelf::Policies).then(|| PathBuf::from(path));
    beside.chain(plain).collect()
}

/// A scenario that asks for a scenario does not mean itself; each place counts once.
fn without_self(shelf: Shelf, places: impl Iterator<Item = PathBuf>, named_in: &[PathBuf]) -> Vec<PathBuf> {
    let mut kept: Vec<PathBuf> = Vec::new();
    for place in places {
        let itself = shelf == Shelf::Scenarios && named_in.contains(&place);
        if !itself && !kept.contains(&place) {
            kept.push(place);
        }
    }
    kept
}

fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new(""))
}

fn is_absent(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn from_file(path: &Path, name: &str, text: String) -> Source {
    let stem = path.file_stem().map_or_else(|| name.into(), |stem| stem.to_string_lossy());
    Source {
        name: stem.into_owned(),
        file: path.display().to_string(),
        text,
        shipped: false,
        path: Some(path.to_owned()),
    }
}
