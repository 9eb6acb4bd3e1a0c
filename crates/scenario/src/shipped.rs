//! Scenarios and policies that are compiled in, and what every text that was found says of itself.
//!
//! # Where to start
//! [`scenario_text`] and [`policy_text`]; which text a name means is decided in [`crate::shelves`].

use std::path::{Path, PathBuf};

pub use crate::reading::read_file;

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

impl Source {
    /// What to say of where it was read: the path, or `shipped`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.path.as_ref().map_or_else(|| "shipped".to_owned(), |path| path.display().to_string())
    }
}

/// How files are read: the text, or the reason why not.
pub type ReadFile<'a> = &'a dyn Fn(&Path) -> std::io::Result<String>;

/// Whether a text is a path and not a name.
pub(crate) fn is_path(text: &str) -> bool {
    text.ends_with(".toml") || text.contains(['/', '\\'])
}
