//! Plans of worlds as files: written, simulated in parts, and merged into the store.
//!
//! # Promises
//! - A plan holds everything that decides results, as text: scenarios, policies, which arms, how much is kept, which engine.
//!   Its hash covers that and nothing else: no path, no time, no id, no name of a file.
//! - A run of the store is one variant of a plan. It is found by what it holds, so whatever made it (`run`, or `merge`) can be
//!   completed by the other.
//! - Two different results for one unit stop a merge before anything is written.
//!
//! # Where to start
//! [`Api::plan`], [`LoadedPlan::read`], then [`shard`](LoadedPlan::shard) in `plans/shard.rs` and [`Api::merge`] in
//! `plans/merge.rs`.

mod file;
mod merge;
mod numbers;
mod shard;

pub use merge::{Conflict, Merged, MergedRun};
pub use numbers::unit_numbers;

use std::collections::BTreeSet;
use std::path::Path;

use counterfoil_run::hash::sha256;
use counterfoil_run::{PlanOfWorlds, Unit};
use counterfoil_store::{ArmRow, Keep, PolicyRow, RunRecord};

use crate::api::{Api, VERSION};
use crate::dto::{ApiError, ErrorCode, TextRead};
use crate::error::Answered;
use crate::planning::{Planned, RunOptions};
use file::PlanText;

/// Most variants of one plan.
pub const VARIANTS_MAX: usize = 10_000;

/// A plan that can be written to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenPlan {
    /// The file, as JSON.
    pub text: String,
    /// SHA-256 over everything that decides results.
    pub hash: String,
    /// Units in all.
    pub units: u32,
    /// Name of each variant and its worlds.
    pub variants: Vec<(String, u32)>,
    /// What was read.
    pub read: Vec<TextRead>,
}

/// A plan that was read from a file and can be simulated.
#[derive(Debug)]
pub struct LoadedPlan {
    /// Where it was read.
    place: String,
    hash: String,
    keep: Keep,
    variants: Vec<Planned>,
    worlds: PlanOfWorlds,
}

impl Api {
    /// A plan with one variant per set of options.
    ///
    /// # Errors
    /// Whatever is wrong with scenarios, policies and flags; [`ErrorCode::InvalidInput`] for two equal variants, and for more
    /// than can be numbered.
    pub fn plan(&self, variants: &[RunOptions]) -> Result<WrittenPlan, ApiError> {
        let planned = variants.iter().map(|options| self.planned(options)).collect::<Answered<Vec<_>>>()?;
        let keep = variants.first().map_or(Keep::Sample, |options| options.keep);
        let text = PlanText::of(&planned, keep);
        text.refuse_twins().map_err(|(one, other)| {
            let name = &variants[other].scenario;
            let message = format!("Variant {} (`{name}`) is variant {} again.", other + 1, one + 1);
            ApiError::new(ErrorCode::InvalidInput, message).hint("name each scenario once")
        })?;
        let worlds = numbered(&planned, "the plan")?;
        let name = |planned: &Planned| (planned.name.clone(), planned.plan.scenario.worlds);
        let mut read: Vec<TextRead> = Vec::new();
        for text in planned.iter().flat_map(|planned| &planned.read) {
            if !read.contains(text) {
                read.push(text.clone());
            }
        }
        let variants = planned.iter().map(name).collect();
        Ok(WrittenPlan { hash: text.hash(), units: worlds.units(), variants, read, text: text.text()? })
    }
}

impl LoadedPlan {
    /// Reads a plan from a file.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] for a file that is no plan, that was edited, or whose texts cannot be read;
    /// [`ErrorCode::Version`] for one of another engine version; [`ErrorCode::Environment`] where the disk is in the way.
    pub fn read(path: &Path) -> Result<Self, ApiError> {
        let place = path.display().to_string();
        let text = PlanText::read(path)?;
        let (hash, keep) = (text.hash(), text.keep);
        let variants = text.planned(&place)?;
        let worlds = numbered(&variants, &place)?;
        Ok(Self { place, hash, keep, variants, worlds })
    }

    /// SHA-256 over everything that decides results.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Units in all.
    #[must_use]
    pub fn units(&self) -> u32 {
        self.worlds.units()
    }

    /// The units with these numbers, from 1, in their order.
    fn units_of(&self, numbers: &BTreeSet<u32>) -> Answered<Vec<Unit>> {
        let unit = |&number: &u32| {
            self.worlds.unit(number).ok_or_else(|| {
                let message =
                    format!("There is no unit {number}; the plan has the units 1 to {}.", self.units());
                ApiError::new(ErrorCode::InvalidInput, message)
                    .at(&self.place)
                    .hint("units are numbered from 1 through all variants, variant by variant")
            })
        };
        numbers.iter().map(unit).collect()
    }
}

/// The plan of worlds of these variants.
fn numbered(variants: &[Planned], place: &str) -> Answered<PlanOfWorlds> {
    if variants.len() > VARIANTS_MAX {
        let message = format!("It has {} variants, and a plan has at most {VARIANTS_MAX}.", variants.len());
        return Err(ApiError::new(ErrorCode::InvalidInput, message)
            .at(place)
            .hint("make several plans of it"));
    }
    let plans = variants.iter().map(|planned| planned.plan.clone());
    PlanOfWorlds::new(plans).map_err(|error| {
        ApiError::new(ErrorCode::InvalidInput, format!("{error}.")).at(place).hint("make several plans of it")
    })
}

/// What decides the results of one variant, as one hash: of a variant of a plan as of a stored run.
struct Identity<'a> {
    engine: &'a str,
    keep: Keep,
    scenario: &'a str,
    arms: &'a [ArmRow],
    policies: &'a [PolicyRow],
}

impl<'a> Identity<'a> {
    fn of_planned(planned: &'a Planned, keep: Keep) -> Self {
        let Planned { document, arms, policies, .. } = planned;
        Self { engine: VERSION, keep, scenario: document, arms, policies }
    }

    fn of_run(record: &'a RunRecord) -> Self {
        let run = &record.run;
        Self {
            engine: &run.engine_version,
            keep: run.keep,
            scenario: &record.scenario_text,
            arms: &run.arms,
            policies: &record.policies,
        }
    }

    fn hash(&self) -> String {
        let arms: Vec<[&str; 2]> =
            self.arms.iter().map(|arm| [arm.name.as_str(), arm.policy.as_str()]).collect();
        let mut policies: Vec<[&str; 2]> =
            self.policies.iter().map(|policy| [policy.name.as_str(), policy.text.as_str()]).collect();
        policies.sort_unstable();
        let keep = self.keep.name();
        sha256(&serde_json::json!([self.engine, keep, self.scenario, arms, policies]).to_string())
    }
}
