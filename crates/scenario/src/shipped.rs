//! Scenarios and policies that are compiled in and known by name, and the search for those in files.
//!
//! # Promises
//! - A name without a path means the shipped one; a path means a file.
//! - Files are read only through the closure that is passed in.
//!
//! # Where to start
//! [`resolve_scenario`] and [`resolve_policy`].

use crate::problem::{Problem, Spot};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The default scenario.
pub const DEFAULT: &str = "fashion-web-shop";

macro_rules! shipped {
    ($folder:literal, [$($name:literal),+ $(,)?]) => {
        &[$(($name, include_str!(concat!("../../../", $folder, "/", $name, ".toml")))),+]
    };
}

const SCENARIOS: &[(&str, &str)] =
    shipped!("scenarios", ["fashion-web-shop", "placebo", "always-buyers", "deal-hunters"]);
const POLICIES: &[(&str, &str)] =
    shipped!("scenarios/policies", ["none", "blanket", "calendar-sale", "batch", "realtime"]);

fn text_of(list: &'static [(&str, &str)], name: &str) -> Option<&'static str> {
    list.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Names of the shipped scenarios, the default first.
#[must_use]
pub fn scenario_names() -> Vec<&'static str> {
    SCENARIOS.iter().map(|(name, _)| *name).collect()
}

/// Names of the shipped policies.
#[must_use]
pub fn policy_names() -> Vec<&'static str> {
    POLICIES.iter().map(|(name, _)| *name).collect()
}

/// Text of a shipped scenario.
#[must_use]
pub fn scenario_text(name: &str) -> Option<&'static str> {
    text_of(SCENARIOS, name)
}

/// Text of a shipped policy.
#[must_use]
pub fn policy_text(name: &str) -> Option<&'static str> {
    text_of(POLICIES, name)
}

/// Text of the default scenario.
pub(crate) fn default_scenario_text() -> &'static str {
    SCENARIOS[0].1
}

/// Name of a shipped scenario's file in messages.
pub(crate) fn scenario_file(name: &str) -> String {
    format!("scenarios/{name}.toml")
}

/// Name in messages of a scenario that `extends` names.
pub(crate) fn display_name(name_or_path: &str) -> String {
    if scenario_text(name_or_path).is_some() { scenario_file(name_or_path) } else { name_or_path.to_owned() }
}

/// A text that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The short name: the shipped name or the file's stem.
    pub name: String,
    /// Name of the file in messages.
    pub file: String,
    /// The text.
    pub text: String,
    /// Whether it is compiled in.
    pub shipped: bool,
    /// The file that was read; `None` when it is compiled in.
    pub path: Option<PathBuf>,
}

/// How files are read: the text, or the reason why not.
pub type ReadFile<'a> = &'a dyn Fn(&Path) -> std::io::Result<String>;

/// Reads a file with the standard library; the usual [`ReadFile`].
///
/// # Errors
/// Those of the operating system, and text that is not UTF-8.
pub fn read_file(path: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}

/// Whether a text means a file and not a shipped name.
pub(crate) fn is_path(text: &str) -> bool {
    text.ends_with(".toml") || text.contains(['/', '\\'])
}

/// Finds a scenario: a shipped name, or a path.
///
/// # Errors
/// A problem that lists the shipped names, or says why the file cannot be read.
pub fn resolve_scenario(name_or_path: &str, read: ReadFile) -> Result<Source, Vec<Problem>> {
    if let Some(text) = scenario_text(name_or_path) {
        return Ok(compiled_in(name_or_path, scenario_file(name_or_path), text));
    }
    from_file(name_or_path, &[PathBuf::from(name_or_path)], read)
        .map_err(|reason| not_found("scenario", name_or_path, &reason, &scenario_names()))
}

/// Finds a policy: a shipped name, or a path relative to the folder of the scenario that names it (and, for a path
/// from the command line, to the working directory).
///
/// # Errors
/// A problem that lists the shipped names, or says why the file cannot be read.
pub fn resolve_policy(
    name_or_path: &str,
    relative_to: Option<&Path>,
    read: ReadFile,
) -> Result<Source, Vec<Problem>> {
    if let Some(text) = policy_text(name_or_path) {
        return Ok(compiled_in(name_or_path, format!("scenarios/policies/{name_or_path}.toml"), text));
    }
    let beside = relative_to.map(|folder| folder.join(name_or_path));
    let places: Vec<PathBuf> = beside.into_iter().chain([PathBuf::from(name_or_path)]).collect();
    from_file(name_or_path, &places, read)
        .map_err(|reason| not_found("policy", name_or_path, &reason, &policy_names()))
}

/// The text of a scenario that `extends` names: shipped, or a path relative to `folder`. For [`crate::parse_scenario`].
pub fn loader<'a>(folder: Option<&'a Path>, read: ReadFile<'a>) -> impl Fn(&str) -> Option<String> + 'a {
    move |name_or_path| match scenario_text(name_or_path) {
        Some(text) => Some(text.to_owned()),
        None => read(&folder.unwrap_or(Path::new("")).join(name_or_path)).ok(),
    }
}

fn compiled_in(name: &str, file: String, text: &str) -> Source {
    Source { name: name.to_owned(), file, text: text.to_owned(), shipped: true, path: None }
}

fn from_file(name_or_path: &str, places: &[PathBuf], read: ReadFile) -> Result<Source, String> {
    if !is_path(name_or_path) {
        return Err(String::new());
    }
    let mut reason = String::new();
    for path in places {
        match read(path) {
            Ok(text) => {
                let stem =
                    path.file_stem().map_or_else(|| name_or_path.into(), |stem| stem.to_string_lossy());
                let (name, file) = (stem.into_owned(), path.display().to_string());
                return Ok(Source { name, file, text, shipped: false, path: Some(path.clone()) });
            }
            Err(error) if reason.is_empty() || error.kind() != std::io::ErrorKind::NotFound => {
                reason = error.to_string();
            }
            Err(_) => {}
        }
    }
    Err(reason)
}

fn not_found(what: &str, name_or_path: &str, reason: &str, names: &[&str]) -> Vec<Problem> {
    let spot = Spot { file: Rc::from(""), line: 0, column: 0 };
    let shipped = format!("shipped are {}", names.join(", "));
    if !reason.is_empty() {
        let allowed = format!("a readable file is wanted ({shipped})");
        return vec![Problem::at(
            &spot,
            "",
            format!("{what} {name_or_path} cannot be read: {reason}"),
            allowed,
        )];
    }
    let problem = Problem::at(&spot, "", format!("there is no {what} \"{name_or_path}\""), shipped);
    let hint = match crate::suggest::nearest(name_or_path, names.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("a file is named by its path: {name_or_path}.toml"),
    };
    vec![problem.hint(hint)]
}
