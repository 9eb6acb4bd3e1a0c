//! The library: scenarios and policies that are compiled in, and those that the user keeps as files.
//!
//! # Promises
//! - **A shipped text is never changed.** Editing, duplicating or turning a dial of one makes a copy in the user's folder.
//! - **A text with faults can be saved**, so that nobody loses what was typed; it cannot be run.
//! - **Files are replaced whole**, so a crash while saving leaves the old text or the new one.
//! - A name means the user's file first (the rule is [`Shelves`]'s). A file that bears the name of a shipped text stands
//!   in that one's place of the list and is said to replace it; deleting the file brings the shipped text back.
//!
//! # Where to start
//! [`Library::source`] finds a text, [`Library::save`] writes one. Faults are found in `library/faults.rs`, dials are
//! turned in `library/dials.rs`.

mod dials;
mod faults;
mod remarks;

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use faults::shop_for_rules;

use counterfoil_scenario::shelves::can_be_name;
use counterfoil_scenario::shipped::read_file;
use counterfoil_scenario::{Found, Overrides, Resolved, Shelf, Shelves, Source, resolve_scenario};

use crate::dto::{
    AboutBlock, ApiError, ArmChoice, ErrorCode, PolicySummary, ScenarioSummary, SourceText, TextError,
    TextKind,
};
use crate::files::{self, FileKind};

/// What a text is called in messages that comes from no file.
const STANDARD_INPUT: &str = "standard input";

/// The user's texts in one folder (scenarios in it, policies in `policies` below it), and the shipped ones.
#[derive(Clone, Debug)]
pub struct Library {
    folder: PathBuf,
}

impl Library {
    /// The library whose files lie in `folder`; it is made when the first file is saved.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The folder of the user's scenarios.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where texts are looked for: this folder, and the shipped ones.
    #[must_use]
    pub fn shelves(&self) -> Shelves<'_> {
        Shelves::new(&self.folder, &read_file)
    }

    fn place(&self, kind: TextKind) -> PathBuf {
        match kind {
            TextKind::Scenario => self.folder.clone(),
            TextKind::Policy => self.folder.join("policies"),
        }
    }

    /// Where a user's text of this name lies or would lie.
    #[must_use]
    pub fn path(&self, kind: TextKind, name: &str) -> PathBuf {
        shelf(kind).path(&self.folder, name)
    }

    /// Whether a file of the user's bears this shipped name, and so stands for it.
    fn replaces_shipped(&self, kind: TextKind, name: &str) -> bool {
        shelf(kind).shipped_text(name).is_some() && self.path(kind, name).is_file()
    }

    /// Names of the texts of one kind: shipped ones first, then the user's in alphabetical order.
    #[must_use]
    pub fn names(&self, kind: TextKind) -> Vec<String> {
        let shipped: Vec<String> = shelf(kind).shipped_names().into_iter().map(str::to_owned).collect();
        let files = fs::read_dir(self.place(kind)).into_iter().flatten().flatten();
        let mut own: Vec<String> = files.filter_map(|file| stem(&file.path())).collect();
        own.retain(|name| !shipped.contains(name));
        own.sort();
        shipped.into_iter().chain(own).collect()
    }

    /// The text of this name.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] with the names that exist; [`ErrorCode::Environment`] if the file cannot be read.
    pub fn source(&self, kind: TextKind, name: &str) -> Result<Source, ApiError> {
        let names = self.names(kind);
        if !names.iter().any(|known| known == name) {
            return Err(not_found(kind, name, &names));
        }
        let found = self.shelves().find(shelf(kind), name);
        found
            .map_err(|problems| ApiError { code: ErrorCode::Environment, ..ApiError::of_problems(&problems) })
    }

    /// A scenario or policy of this name, else the file at this path.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] with the names that exist, or why the file cannot be read.
    pub fn find(&self, kind: TextKind, name_or_path: &str) -> Result<Source, ApiError> {
        Ok(self.shelves().find(shelf(kind), name_or_path)?)
    }

    /// The scenario of this name or at this path, resolved with the flags.
    ///
    /// # Errors
    /// As [`Library::find`]; [`ErrorCode::InvalidInput`] with every fault.
    pub fn resolved(&self, name_or_path: &str, overrides: &Overrides) -> Result<Resolved, ApiError> {
        Ok(self.found(name_or_path, overrides)?.resolved)
    }

    /// The same with the policies that it names.
    pub(super) fn found(&self, name_or_path: &str, overrides: &Overrides) -> Result<Found, ApiError> {
        let source = self.find(TextKind::Scenario, name_or_path)?;
        Ok(resolve_scenario(&source, overrides, &self.shelves())?)
    }

    /// A text from standard input: as if it lay in the working directory, under the name that it gives itself.
    #[must_use]
    pub fn given(text: &str) -> Source {
        let document = text.parse::<toml_edit::DocumentMut>().ok();
        let name = document.as_ref().and_then(|document| document.get("name")?.as_str());
        Source {
            name: name.filter(|name| can_be_name(name)).unwrap_or("stdin").to_owned(),
            file: STANDARD_INPUT.to_owned(),
            text: text.to_owned(),
            shipped: false,
            path: Some(PathBuf::from(STANDARD_INPUT)),
        }
    }

    /// A text that lies in no file, with its faults.
    #[must_use]
    pub fn examine_text(&self, text: &str) -> SourceText {
        self.with_kind(Self::given(text), false)
    }

    /// A scenario or policy, whichever a name or file turns out to be, with its faults.
    ///
    /// # Errors
    /// As [`Library::find`].
    pub fn examine(&self, name_or_path: &str) -> Result<SourceText, ApiError> {
        let known_policy = self.names(TextKind::Policy).iter().any(|known| known == name_or_path);
        let source =
            self.find(if known_policy { TextKind::Policy } else { TextKind::Scenario }, name_or_path)?;
        Ok(self.with_kind(source, known_policy))
    }

    fn with_kind(&self, source: Source, known_policy: bool) -> SourceText {
        let states_kind = |document: toml_edit::DocumentMut| document.get("kind").is_some();
        let is_policy = known_policy || source.text.parse().is_ok_and(states_kind);
        let kind = if is_policy { TextKind::Policy } else { TextKind::Scenario };
        self.with_faults(kind, source)
    }

    fn with_faults(&self, kind: TextKind, source: Source) -> SourceText {
        let errors = self.faults(kind, &source);
        let remarks = if errors.is_empty() { self.remarks(kind, &source) } else { Vec::new() };
        text_of(kind, source, errors, remarks)
    }

    /// Every scenario, shipped ones first.
    ///
    /// # Errors
    /// [`ErrorCode::Environment`] if a file cannot be read.
    pub fn scenarios(&self) -> Result<Vec<ScenarioSummary>, ApiError> {
        self.names(TextKind::Scenario).iter().map(|name| self.scenario_summary(name)).collect()
    }

    fn scenario_summary(&self, name: &str) -> Result<ScenarioSummary, ApiError> {
        let source = self.source(TextKind::Scenario, name)?;
        let faults = self.faults(TextKind::Scenario, &source);
        let empty = ScenarioSummary {
            name: name.to_owned(),
            title: name.to_owned(),
            about: AboutBlock::default(),
            shipped: source.shipped,
            replaces_shipped: self.replaces_shipped(TextKind::Scenario, name),
            path: source.path.as_ref().map(|path| path.display().to_string()),
            faults: faults.len() as u32,
            faulty: !faults.is_empty(),
            arms: Vec::new(),
            incumbent: "none".to_owned(),
            currency: String::new(),
            shoppers: 0,
            worlds: 0,
            days: 0,
            seed: 0,
        };
        Ok(self
            .resolved(name, &Overrides::default())
            .map_or(empty.clone(), |resolved| filled(empty, &resolved)))
    }

    /// Every policy, shipped ones first.
    ///
    /// # Errors
    /// [`ErrorCode::Environment`] if a file cannot be read.
    pub fn policies(&self) -> Result<Vec<PolicySummary>, ApiError> {
        let names = self.names(TextKind::Policy);
        names
            .iter()
            .map(|name| {
                let replaces = self.replaces_shipped(TextKind::Policy, name);
                self.source(TextKind::Policy, name).map(|source| policy_summary(&source, replaces))
            })
            .collect()
    }

    /// A text with its faults.
    ///
    /// # Errors
    /// As [`Library::source`].
    pub fn read(&self, kind: TextKind, name: &str) -> Result<SourceText, ApiError> {
        let source = self.source(kind, name)?;
        Ok(self.with_faults(kind, source))
    }

    /// Faults of a text as it would be saved under `name`; nothing is written.
    #[must_use]
    pub fn validate(&self, kind: TextKind, name: &str, text: &str) -> Vec<TextError> {
        let shipped = self.is_shipped(kind, name);
        let path = (!shipped).then(|| self.path(kind, name));
        let shown = |path: &PathBuf| path.display().to_string();
        let file = path.as_ref().map_or_else(|| shelf(kind).shipped_file(name), shown);
        self.faults(kind, &Source { name: name.to_owned(), file, text: text.to_owned(), shipped, path })
    }

    /// Whether a name means a compiled-in text here.
    fn is_shipped(&self, kind: TextKind, name: &str) -> bool {
        shelf(kind).shipped_text(name).is_some() && !self.replaces_shipped(kind, name)
    }

    /// Saves a text, with faults too. A shipped one is saved as the user's copy, whose name is in the answer.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] for a name that is no file name; [`ErrorCode::Environment`] if the file cannot be
    /// written.
    pub fn save(&self, kind: TextKind, name: &str, text: &str) -> Result<SourceText, ApiError> {
        check_name(name)?;
        if self.is_shipped(kind, name) {
            let copy = self.free_name(kind, name);
            let text = if kind == TextKind::Scenario { dials::renamed(text, &copy) } else { text.to_owned() };
            return self.write(kind, &copy, &text);
        }
        self.write(kind, name, text)
    }

    /// Saves a copy under a name that is free.
    ///
    /// # Errors
    /// As [`Library::source`] and [`Library::save`].
    pub fn duplicate(&self, kind: TextKind, name: &str) -> Result<SourceText, ApiError> {
        let source = self.source(kind, name)?;
        let copy = self.free_name(kind, name);
        let text = if kind == TextKind::Scenario { dials::renamed(&source.text, &copy) } else { source.text };
        self.write(kind, &copy, &text)
    }

    /// Deletes a user's text.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] for a shipped one; [`ErrorCode::NotFound`]; [`ErrorCode::Environment`].
    pub fn delete(&self, kind: TextKind, name: &str) -> Result<(), ApiError> {
        let source = self.source(kind, name)?;
        let Some(path) = source.path else {
            let message = format!("{name} is shipped with Counterfoil and cannot be deleted.");
            return Err(ApiError::new(ErrorCode::InvalidInput, message)
                .at(source.file)
                .hint("Only copies in your own folder can be deleted."));
        };
        fs::remove_file(&path).map_err(|error| disk("cannot be deleted", &path, &error))
    }

    /// `NAME-copy`, or `NAME-copy-2` and so on.
    fn free_name(&self, kind: TextKind, name: &str) -> String {
        let taken = self.names(kind);
        let base = name.split("-copy").next().unwrap_or(name);
        let first = format!("{base}-copy");
        let numbered = (2_u32..).map(|number| format!("{base}-copy-{number}"));
        let mut candidates = std::iter::once(first).chain(numbered);
        candidates.find(|candidate| !taken.contains(candidate)).expect("there are more numbers than files")
    }

    /// Writes the whole text in the place of the old one.
    fn write(&self, kind: TextKind, name: &str, text: &str) -> Result<SourceText, ApiError> {
        let (folder, path) = (self.place(kind), self.path(kind, name));
        fs::create_dir_all(&folder).map_err(|error| disk("cannot be made", &folder, &error))?;
        files::replace(&path, text, FileKind::Text, &[])?;
        self.read(kind, name)
    }
}

fn shelf(kind: TextKind) -> Shelf {
    match kind {
        TextKind::Scenario => Shelf::Scenarios,
        TextKind::Policy => Shelf::Policies,
    }
}

/// The stem of a TOML file that is not hidden; one that would itself be read as a path is nobody's name.
fn stem(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?.strip_suffix(".toml")?;
    (!name.is_empty() && !name.starts_with('.') && !name.ends_with(".toml") && path.is_file())
        .then(|| name.to_owned())
}

fn check_name(name: &str) -> Result<(), ApiError> {
    if can_be_name(name) {
        return Ok(());
    }
    let allowed = "letters, digits, hyphens and spaces are allowed";
    Err(ApiError::new(
        ErrorCode::InvalidInput,
        format!("\"{name}\" cannot be the name of a file: {allowed}."),
    )
    .hint("Write a name like spring-sale."))
}

fn filled(empty: ScenarioSummary, resolved: &Resolved) -> ScenarioSummary {
    let scenario = &resolved.scenario;
    let incumbent = scenario.incumbent.clone().unwrap_or_else(|| "none".to_owned());
    ScenarioSummary {
        title: scenario.about.title.clone(),
        about: AboutBlock {
            question: scenario.about.question.clone(),
            notice: scenario.about.notice.clone(),
            try_next: scenario.about.r#try.clone(),
        },
        arms: arm_choices(scenario),
        incumbent,
        currency: scenario.currency.clone(),
        shoppers: scenario.shoppers.count,
        worlds: scenario.worlds,
        days: scenario.phases.horizon_days,
        seed: scenario.seed,
        ..empty
    }
}

/// Arms in order of display: control, then status quo where there is an incumbent, then the scenario's own.
fn arm_choices(scenario: &counterfoil_scenario::Scenario) -> Vec<ArmChoice> {
    let choice = |name: &str, policy: &str, always| ArmChoice {
        name: name.to_owned(),
        display: counterfoil_results::display_of(name).to_owned(),
        policy: policy.to_owned(),
        always,
    };
    let mut arms = vec![choice("control", "none", true)];
    arms.extend(scenario.incumbent.iter().map(|policy| choice("status-quo", policy, true)));
    arms.extend(scenario.arms.iter().map(|arm| choice(&arm.name, &arm.policy, false)));
    arms
}

fn policy_summary(source: &Source, replaces_shipped: bool) -> PolicySummary {
    let description = source.text.parse::<toml_edit::DocumentMut>().ok();
    let description = description.as_ref().and_then(|document| document.get("description")?.as_str());
    PolicySummary {
        name: source.name.clone(),
        title: description.unwrap_or(&source.name).to_owned(),
        shipped: source.shipped,
        replaces_shipped,
        path: source.path.as_ref().map(|path| path.display().to_string()),
    }
}

fn text_of(kind: TextKind, source: Source, errors: Vec<TextError>, remarks: Vec<TextError>) -> SourceText {
    let path = source.path.map(|path| path.display().to_string());
    SourceText { kind, name: source.name, shipped: source.shipped, path, text: source.text, errors, remarks }
}

fn not_found(kind: TextKind, name: &str, names: &[String]) -> ApiError {
    let what = if kind == TextKind::Scenario { "scenario" } else { "policy" };
    ApiError::new(ErrorCode::NotFound, format!("There is no {what} \"{name}\" in the library."))
        .hint(format!("There are {}.", names.join(", ")))
}

fn disk(what: &str, path: &Path, error: &std::io::Error) -> ApiError {
    ApiError::new(ErrorCode::Environment, format!("{} {what}: {error}.", path.display()))
        .hint("Check the permissions of the folder and the space on the disk.")
}

#[cfg(test)]
mod tests;
