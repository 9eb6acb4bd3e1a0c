//! The documents of `runs --json`, field by field as scripts read them; that of `run --json` is the comparison itself.

pub use counterfoil_results::FORMAT;
use counterfoil_store::StoredRun;
use serde::Serialize;

use crate::api::{Api, VERSION};
use crate::dto::{ApiError, ErrorCode};
use crate::error::Answered;
use crate::performance::Performance;

/// The document of `run --json`.
pub type Document = counterfoil_results::Document<Performance>;

/// The document of `runs --json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunsDocument {
    /// [`FORMAT`].
    pub format: u32,
    /// The file that they are in.
    pub store: ListedStore,
    /// Newest first.
    pub runs: Vec<ListedRun>,
}

/// A store and its size.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListedStore {
    /// Path.
    pub path: String,
    /// Bytes on the disk, with what lies beside it and all runs.
    pub bytes: u64,
}

/// One run of the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListedRun {
    /// Random id.
    pub id: String,
    /// Name of the scenario.
    pub scenario: String,
    /// `complete` or `partial`.
    pub status: String,
    /// Worlds planned.
    pub units: u32,
    /// Worlds stored with every arm.
    pub units_done: u32,
    /// Digest of all results; `null` while partial.
    pub result_hash: Option<String>,
    /// Title of the scenario.
    pub title: String,
    /// When it was started, UTC.
    pub created: String,
    /// Arms in order, control first.
    pub arms: Vec<String>,
    /// Seed.
    pub seed: u64,
    /// Shoppers per world.
    pub shoppers_per_world: u32,
    /// Horizon in days.
    pub days: u32,
    /// How much of each visit is kept.
    pub keep: String,
    /// Engine version that made it.
    pub counterfoil: String,
    /// Wall seconds it took; `null` while none is known.
    pub seconds: Option<f64>,
    /// Bytes by which the store grew in the execution that finished it; `null` where unknown.
    pub bytes: Option<u64>,
    /// Whether it is deleted and not yet purged.
    pub deleted: bool,
    /// What a person calls it; empty: nothing.
    pub name: String,
    /// What a person noted about it; empty: nothing.
    pub note: String,
}

impl ListedRun {
    pub(crate) fn of(run: &StoredRun, bytes: u64, deleted: bool) -> Self {
        Self {
            id: run.id.clone(),
            name: run.name.clone(),
            note: run.note.clone(),
            scenario: run.scenario.clone(),
            status: run.status.name().to_owned(),
            units: run.worlds,
            units_done: run.units_done,
            result_hash: run.result_hash.clone(),
            title: run.title.clone(),
            created: run.created_at.clone(),
            arms: run.arms.iter().map(|arm| arm.name.clone()).collect(),
            seed: run.seed,
            shoppers_per_world: run.shoppers,
            days: run.days,
            keep: run.keep.name().to_owned(),
            counterfoil: run.engine_version.clone(),
            seconds: run.seconds,
            bytes: (bytes > 0).then_some(bytes),
            deleted,
        }
    }
}

/// Versions of everything that is written and read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Formats {
    /// Scenario and policy files.
    pub texts: i64,
    /// The store.
    pub store: i64,
    /// Accepted decisions.
    pub baselines: u32,
    /// JSON documents.
    pub json: u32,
}

/// The versions of this program.
#[must_use]
pub fn formats() -> Formats {
    let (texts, store) = (counterfoil_scenario::FORMAT, counterfoil_store::latest_version());
    Formats { texts, store, baselines: crate::check::FORMAT, json: FORMAT }
}

impl Api {
    /// The document of `run --json` for a stored run; of a partial one over the worlds that are stored.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::NotFound`] for a run that does not exist.
    pub fn document(&self, run: &str) -> Result<Document, ApiError> {
        let (facts, performance) = self.facts_and_performance(run)?;
        Ok(facts.document(VERSION, performance_of(performance.as_deref())?)?)
    }

    /// The document of a run that was made just now; also if somebody deleted it meanwhile.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::NotFound`] if it was purged.
    pub fn document_of_own(&self, id: &str) -> Result<Document, ApiError> {
        let (facts, performance) = self.own_facts_and_performance(id)?;
        Ok(facts.document(VERSION, performance_of(performance.as_deref())?)?)
    }
}

/// As stored; zeros while the run is partial.
fn performance_of(text: Option<&str>) -> Answered<Performance> {
    let Some(text) = text else { return Ok(Performance::default()) };
    serde_json::from_str(text).map_err(|error| {
        ApiError::new(ErrorCode::Store, format!("The stored performance figures cannot be read: {error}."))
    })
}
