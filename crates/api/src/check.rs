//! Regression of decisions: a fixed small run of a scenario, compared decision by decision with an accepted file.
//!
//! # Promises
//! - The run is fixed: one world of at most [`SHOPPERS`] shoppers with the scenario's own seed and phases no longer than
//!   [`WARMUP_DAYS`], [`HISTORY_DAYS`], [`HORIZON_DAYS`] and [`PROBE_DAYS`]. Nothing of it is stored.
//! - Every decision counts, also one that showed nothing and refused nobody; so do messages and posted sales.
//! - A decision that changed is a change, whatever the scenario's text says: a changed scenario is told beside it.
//! - A policy that says something else than accepted, without a changed decision, is *not covered*: never fine.
//! - Only [`Api::accept`] writes, and it replaces the file whole.
//!
//! # Where to start
//! [`Api::check`]; what is written down is decided in `check/record.rs`, the file's form in `check/baseline.rs`.

mod baseline;
mod record;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use counterfoil_scenario::reading::read_text;
use counterfoil_store::Keep;

pub(crate) use baseline::FORMAT;
pub use baseline::{Answer, Change, CountChange};
use baseline::{Baseline, Header, Resolved, Unreadable};
use record::Record;

use crate::api::{Api, VERSION};
use crate::dto::{ApiError, ErrorCode, TextRead};
use crate::files::{self, FileKind};
use crate::planning::{Planned, RunOptions, STATUS_QUO};

/// Most shoppers of the fixed small run: enough that every stage of the engine has something to refuse.
pub const SHOPPERS: u32 = 4_000;
/// Longest warm-up.
pub const WARMUP_DAYS: u32 = 14;
/// Longest history: the pilot has its whole length in every shipped scenario.
pub const HISTORY_DAYS: u32 = 56;
/// Longest horizon: four outcome windows of the shipped policies, so that what was learned decides again.
pub const HORIZON_DAYS: u32 = 56;
/// Longest probe; decisions end with the horizon, so it is not lived through.
pub const PROBE_DAYS: u32 = 1;

/// Where baselines lie when no folder is named, below the current directory.
pub const BASELINES: &str = "tests/baselines";

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Name of the scenario.
    pub scenario: String,
    /// The accepted file.
    pub file: PathBuf,
    /// Decisions of the fixed small run, with messages and posted sales.
    pub decisions: usize,
    /// Of those, at places (arm, day, point, reason) where all is as accepted.
    pub same: usize,
    /// Shoppers whose decisions are compared one by one.
    pub sample: u32,
    /// Their decisions that changed, came or went, by arm, shopper and time.
    pub changes: Vec<Change>,
    /// Places where any shopper's decisions changed.
    pub counts: Vec<CountChange>,
    /// Policies that say something else than accepted without a changed decision.
    pub not_covered: Vec<NotCovered>,
    /// Arms with changed decisions although scenario, incumbent and policy say what they said.
    pub engine_changed: Vec<String>,
    /// What a reader should know beside it: another scenario text, another version.
    pub notes: Vec<String>,
    /// What was read.
    pub texts: Vec<TextRead>,
    /// Names of the scenario's treatments, in the order of [`Answer::reasons`].
    pub treatments: Vec<String>,
}

impl Checked {
    /// Whether all is as accepted.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.changes.is_empty() && self.counts.is_empty() && self.not_covered.is_empty()
    }
}

/// A change of a policy that the fixed small run cannot see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCovered {
    /// Arm.
    pub arm: String,
    /// Its policy.
    pub policy: String,
    /// Hash of the resolved policy when it was accepted; `-` for an arm that did not exist.
    pub before: String,
    /// Its hash now; `-` for an arm that is gone.
    pub after: String,
}

/// Words for the reason behind one letter of [`Answer::reasons`].
#[must_use]
pub fn reason_of(letter: char) -> Option<&'static str> {
    record::reason_of(letter).map(|reason| reason.name())
}

/// What was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Name of the scenario.
    pub scenario: String,
    /// The file that was written.
    pub file: PathBuf,
    /// Decisions in it.
    pub decisions: usize,
    /// Whether the file is another one than before.
    pub changed: bool,
}

impl Api {
    /// Compares the decisions of a scenario with the accepted ones in the folder `baselines`.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] without an accepted file; [`ErrorCode::InvalidInput`] for a file that cannot be read or a
    /// scenario with faults; [`ErrorCode::Environment`] where the disk is in the way.
    pub fn check(&self, scenario: &str, baselines: &Path) -> Result<Checked, ApiError> {
        let mut accepted = None;
        let now = self.small_run(scenario, |whole| {
            let file = file_of(baselines, &whole.name);
            let Some(text) = text_of(&file)? else { return Err(nothing_accepted(scenario, &file)) };
            let baseline = Baseline::read(&text).map_err(|why| unreadable(&why, scenario, &file))?;
            accepted = Some((baseline, file));
            Ok(())
        })?;
        let (accepted, file) = accepted.expect("it was read before the run");
        Ok(now.against(&accepted, file))
    }

    /// Makes the decisions of a scenario the accepted ones.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] for a scenario with faults; [`ErrorCode::Environment`] where the file cannot be written.
    pub fn accept(&self, scenario: &str, baselines: &Path) -> Result<Accepted, ApiError> {
        let mut before = None;
        let Small { name, header, record, texts, .. } = self.small_run(scenario, |whole| {
            let file = file_of(baselines, &whole.name);
            before = text_of(&file)?;
            let protected = self.protected_with(&whole.read);
            if before.is_some() { files::replaceable(&file, FileKind::Baseline, &protected) } else { Ok(()) }
        })?;
        let now = Baseline::of(header, &record);
        let file = file_of(baselines, &name);
        let text = now.text(&name);
        let changed = before.is_none_or(|before| before != text);
        if changed {
            fs::create_dir_all(baselines).map_err(|error| disk(baselines, &error))?;
            files::replace(&file, &text, FileKind::Baseline, &self.protected_with(&texts))?;
        }
        Ok(Accepted { scenario: name, file, decisions: now.total(), changed })
    }

    /// The decisions of the fixed small run; `first` may refuse before anything is simulated.
    fn small_run(
        &self,
        scenario: &str,
        first: impl FnOnce(&Planned) -> Result<(), ApiError>,
    ) -> Result<Small, ApiError> {
        let options = RunOptions { keep: Keep::Summary, ..RunOptions::new(scenario) };
        let whole = self.planned(&options)?;
        first(&whole)?;
        let small = self.planned(&shortened(options, &whole))?;
        let record = record::record(&small.plan)?;
        let (shop, phases) = (&small.plan.scenario, small.plan.scenario.phases);
        let run = format!(
            "1 world, {} shoppers, seed {}, warm-up {}, history {}, horizon {} days",
            shop.shoppers.count, shop.seed, phases.warmup_days, phases.history_days, phases.horizon_days
        );
        let policies = small.arms.iter().map(|arm| {
            let row = small.policies.iter().find(|row| row.name == arm.policy);
            let hash = row.map_or_else(|| "-".to_owned(), |row| row.hash.clone());
            Resolved { arm: arm.name.clone(), policy: arm.policy.clone(), hash }
        });
        let header = Header {
            scenario_hash: whole.scenario_hash,
            policies: policies.collect(),
            engine: VERSION.to_owned(),
            run,
            sample: 0,
        };
        let treatments = shop.treatments.iter().map(|treatment| treatment.name.clone()).collect();
        Ok(Small { name: whole.name, header, record, texts: whole.read, treatments })
    }
}

/// The fixed small run of a scenario.
struct Small {
    name: String,
    header: Header,
    record: Record,
    texts: Vec<TextRead>,
    treatments: Vec<String>,
}

impl Small {
    fn against(self, accepted: &Baseline, file: PathBuf) -> Checked {
        let now = Baseline::like(self.header, &self.record, accepted.header.sample);
        let changes = baseline::compare(&accepted.decisions, &now.decisions);
        let (counts, same) = baseline::compare_counts(accepted, &now);
        let touched = |arm: &str| {
            changes.iter().any(|change| change.arm == arm) || counts.iter().any(|change| change.arm == arm)
        };
        Checked {
            not_covered: not_covered(&accepted.header, &now.header, &touched),
            engine_changed: engine_changed(&accepted.header, &now.header, &touched),
            notes: notes(&accepted.header, &now.header),
            scenario: self.name,
            file,
            decisions: now.total(),
            same,
            sample: accepted.header.sample,
            changes,
            counts,
            texts: self.texts,
            treatments: self.treatments,
        }
    }
}

/// Policies whose hash is another one while their arm decides as accepted.
fn not_covered(before: &Header, after: &Header, touched: &dyn Fn(&str) -> bool) -> Vec<NotCovered> {
    let hash_in = |header: &Header, arm: &str| {
        let found = header.policies.iter().find(|policy| policy.arm == arm);
        found.map_or_else(|| "-".to_owned(), |policy| policy.hash.clone())
    };
    let gone = before.policies.iter().filter(|old| hash_in(after, &old.arm) == "-");
    let all = after.policies.iter().chain(gone);
    let silent = all.filter(|policy| !touched(&policy.arm)).map(|policy| NotCovered {
        arm: policy.arm.clone(),
        policy: policy.policy.clone(),
        before: hash_in(before, &policy.arm),
        after: hash_in(after, &policy.arm),
    });
    silent.filter(|policy| policy.before != policy.after).collect()
}

/// Arms that decide otherwise although nothing that was written for them changed.
fn engine_changed(before: &Header, after: &Header, touched: &dyn Fn(&str) -> bool) -> Vec<String> {
    let same = |arm: &str| {
        let of = |header: &Header| {
            let found = header.policies.iter().find(|policy| policy.arm == arm);
            found.map(|policy| policy.hash.clone())
        };
        of(before) == of(after)
    };
    if before.scenario_hash != after.scenario_hash || before.run != after.run || !same(STATUS_QUO) {
        return Vec::new();
    }
    let arms = after.policies.iter().map(|policy| policy.arm.clone());
    arms.filter(|arm| touched(arm) && same(arm)).collect()
}

/// The same scenario in one small world with short phases; what is shorter already stays.
fn shortened(mut options: RunOptions, whole: &Planned) -> RunOptions {
    let phases = whole.plan.scenario.phases;
    let cut = |days: u32, most: u32| (days > most).then(|| most.to_string());
    options.overrides.worlds = Some(1);
    options.overrides.shoppers = Some(i64::from(SHOPPERS.min(whole.plan.scenario.shoppers.count)));
    options.overrides.warmup = cut(phases.warmup_days, WARMUP_DAYS);
    options.overrides.history = cut(phases.history_days, HISTORY_DAYS);
    options.overrides.days = cut(phases.horizon_days, HORIZON_DAYS);
    options.overrides.probe = cut(phases.probe_days, PROBE_DAYS);
    options
}

fn notes(before: &Header, after: &Header) -> Vec<String> {
    let mut notes = Vec::new();
    if before.scenario_hash != after.scenario_hash {
        notes.push(format!(
            "the scenario itself changed since (scenario hash {} then, {} now)",
            short(&before.scenario_hash),
            short(&after.scenario_hash)
        ));
    }
    if before.engine != after.engine {
        notes.push(format!("accepted with engine {}, this is {}", before.engine, after.engine));
    }
    if before.run != after.run {
        notes.push(format!("the small run was another one: {} then, {} now", before.run, after.run));
    }
    notes
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

fn file_of(baselines: &Path, name: &str) -> PathBuf {
    baselines.join(format!("{name}.txt"))
}

fn text_of(file: &Path) -> Result<Option<String>, ApiError> {
    /// No accepted file is larger than one of these; what somebody else made of one may be.
    const LARGEST: u64 = 64 * baseline::BYTES_MAX as u64;
    match read_text(file, LARGEST) {
        Ok(text) => Ok(Some(text)),
        Err(error) => match error.kind() {
            ErrorKind::NotFound => Ok(None),
            ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::FileTooLarge => {
                Err(no_baseline(file, &error))
            }
            _ => Err(disk(file, &error)),
        },
    }
}

/// What lies there was never written by this program.
fn no_baseline(file: &Path, error: &std::io::Error) -> ApiError {
    ApiError::new(
        ErrorCode::InvalidInput,
        format!("What is there is no file of accepted decisions: {error}."),
    )
    .at(file.display().to_string())
    .hint("move it away first")
}

fn nothing_accepted(scenario: &str, file: &Path) -> ApiError {
    ApiError::new(ErrorCode::NotFound, format!("No decisions of {scenario} have been accepted yet."))
        .at(file.display().to_string())
        .hint(format!("look at the scenario's decisions, then run: counterfoil accept {scenario}"))
}

fn unreadable(why: &Unreadable, scenario: &str, file: &Path) -> ApiError {
    let error = |message: String| ApiError::new(ErrorCode::InvalidInput, message);
    match why {
        Unreadable::Format(found) => error(format!(
            "The accepted decisions have format {found}, but this version reads format {}.",
            baseline::FORMAT
        ))
        .at(file.display().to_string())
        .hint(format!(
            "look at the scenario's decisions and accept them anew: counterfoil accept {scenario}"
        )),
        Unreadable::Line(line, found) => error(format!("The accepted decisions cannot be read: {found}."))
            .at(format!("{}:{line}", file.display()))
            .hint(format!("restore the file, or write it anew: counterfoil accept {scenario}")),
    }
}

fn disk(path: &Path, error: &std::io::Error) -> ApiError {
    ApiError::new(ErrorCode::Environment, format!("The accepted decisions cannot be used: {error}."))
        .at(path.display().to_string())
        .hint("check the permissions of the folder")
}
