//! Regression of decisions: a fixed small run of a scenario, compared decision by decision with an accepted file.
//!
//! # Promises
//! - The run is fixed: one world of [`SHOPPERS`] shoppers with the scenario's own seed and phases no longer than
//!   [`WARMUP_DAYS`], [`HISTORY_DAYS`], [`HORIZON_DAYS`] and [`PROBE_DAYS`]. Nothing of it is stored.
//! - A decision that changed is a change, whatever the scenario's text says: a changed scenario is told beside it.
//! - Only [`Api::accept`] writes, and it replaces the file whole.
//!
//! # Where to start
//! [`Api::check`]; the file's form is in `check/baseline.rs`.

mod baseline;

use std::fs;
use std::path::{Path, PathBuf};

use counterfoil_core::facts::{ArmFacts, DecisionFact};
use counterfoil_core::time::{Day, HOUR_MS};
use counterfoil_core::treatment::{TreatmentId, TreatmentSpec};
use counterfoil_run::unit::unit;
use counterfoil_store::Keep;

pub use baseline::{Answer, Change};
use baseline::{Baseline, Header};

use crate::api::{Api, VERSION};
use crate::dto::{ApiError, ErrorCode};
use crate::planning::{Planned, RunOptions};

/// Shoppers of the fixed small run: enough that every stage of the engine has something to refuse.
pub const SHOPPERS: u32 = 1_000;
/// Longest warm-up.
pub const WARMUP_DAYS: u32 = 14;
/// Longest history: the pilot has its whole length in every shipped scenario.
pub const HISTORY_DAYS: u32 = 56;
/// Longest horizon.
pub const HORIZON_DAYS: u32 = 14;
/// Longest probe; decisions end with the horizon.
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
    /// Decisions of the fixed small run.
    pub decisions: usize,
    /// Of those, as accepted.
    pub same: usize,
    /// Decisions that changed, came or went, by arm, shopper and time.
    pub changes: Vec<Change>,
    /// What a reader should know beside it: another scenario text, another version.
    pub notes: Vec<String>,
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
        let (name, now) = self.small_run(scenario)?;
        let file = file_of(baselines, &name);
        let Some(text) = text_of(&file)? else { return Err(nothing_accepted(scenario, &file)) };
        let accepted = Baseline::read(&text).map_err(|(line, found)| {
            ApiError::new(ErrorCode::InvalidInput, format!("The accepted decisions cannot be read: {found}."))
                .at(format!("{}:{line}", file.display()))
                .hint(format!("restore the file, or write it anew: counterfoil accept {scenario}"))
        })?;
        let (changes, same) = baseline::compare(&accepted.decisions, &now.decisions);
        let notes = notes(&accepted.header, &now.header);
        Ok(Checked { scenario: name, file, decisions: now.decisions.len(), same, changes, notes })
    }

    /// Makes the decisions of a scenario the accepted ones.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] for a scenario with faults; [`ErrorCode::Environment`] where the file cannot be written.
    pub fn accept(&self, scenario: &str, baselines: &Path) -> Result<Accepted, ApiError> {
        let (name, now) = self.small_run(scenario)?;
        let file = file_of(baselines, &name);
        let text = now.text(&name);
        let changed = text_of(&file)?.is_none_or(|before| before != text);
        if changed {
            fs::create_dir_all(baselines).map_err(|error| disk(baselines, &error))?;
            let fresh = baselines.join(format!(".{name}.txt.new"));
            fs::write(&fresh, text).map_err(|error| disk(&fresh, &error))?;
            fs::rename(&fresh, &file).map_err(|error| disk(&file, &error))?;
        }
        Ok(Accepted { scenario: name, file, decisions: now.decisions.len(), changed })
    }

    /// The decisions of the fixed small run.
    fn small_run(&self, scenario: &str) -> Result<(String, Baseline), ApiError> {
        let options = RunOptions { keep: Keep::Visits, ..RunOptions::new(scenario) };
        let whole = self.planned(&options)?;
        let small = self.planned(&shortened(options, &whole))?;
        let (facts, _) = unit(&small.plan, 0, None, &mut |_| true)
            .map_err(|_| ApiError::defect("a run that nobody can cancel was cancelled"))?;
        let treatments = &small.plan.scenario.treatments;
        let from = small.horizon_start();
        let mut decisions: Vec<String> =
            facts.arms.iter().flat_map(|arm| lines(arm, treatments, from)).collect();
        decisions.sort();
        let phases = small.plan.scenario.phases;
        let run = format!(
            "1 world, {} shoppers, seed {}, warm-up {}, history {}, horizon {}, probe {} days",
            small.plan.scenario.shoppers.count,
            small.plan.scenario.seed,
            phases.warmup_days,
            phases.history_days,
            phases.horizon_days,
            phases.probe_days
        );
        let header = Header { scenario_hash: whole.scenario_hash, engine: VERSION.to_owned(), run };
        Ok((whole.name, Baseline { header, decisions }))
    }
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

/// Decisions of one arm, one per line; numbers have leading zeros so that the order of lines is the order of time.
fn lines(arm: &ArmFacts, treatments: &[TreatmentSpec], from: Day) -> Vec<String> {
    let name = |id: Option<TreatmentId>| id.map_or("-", |id| treatments[id.index()].name.as_str());
    let line = |fact: &DecisionFact| {
        let minutes = fact.at.of_day_ms() / (HOUR_MS / 60);
        format!(
            "{} {:05} {:03} {:02}:{:02} {} {} {} {} {} {}.{:06}",
            arm.arm,
            fact.shopper,
            fact.at.day().0 - from.0 + 1,
            minutes / 60,
            minutes % 60,
            fact.point.name(),
            name(fact.shown),
            name(fact.winner),
            fact.reason.stage().name(),
            fact.reason.name(),
            fact.propensity_ppm / 1_000_000,
            fact.propensity_ppm % 1_000_000,
        )
    };
    arm.decisions.iter().map(line).collect()
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
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(disk(file, &error)),
    }
}

fn nothing_accepted(scenario: &str, file: &Path) -> ApiError {
    ApiError::new(ErrorCode::NotFound, format!("No decisions of {scenario} have been accepted yet."))
        .at(file.display().to_string())
        .hint(format!("look at the scenario's decisions, then run: counterfoil accept {scenario}"))
}

fn disk(path: &Path, error: &std::io::Error) -> ApiError {
    ApiError::new(ErrorCode::Environment, format!("The accepted decisions cannot be used: {error}."))
        .at(path.display().to_string())
        .hint("check the permissions of the folder")
}
