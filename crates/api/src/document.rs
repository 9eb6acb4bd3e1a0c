//! The documents of `run --json` and `runs --json`, field by field as scripts read them.

use std::collections::BTreeMap;

use counterfoil_run::hash::orders_hash;
use counterfoil_stats::Interval;
use counterfoil_stats::interval::LEVEL;
use counterfoil_store::StoredRun;
use serde::Serialize;

use crate::api::{Api, VERSION};
use crate::compare::{Facts, Pair, shown_metrics};
use crate::dto::{ApiError, ErrorCode, TextKind, TextRead, Truth};
use crate::error::Answered;
use crate::performance::Performance;
use crate::texts;

/// Version of every document; fields may be added, none is renamed.
pub const FORMAT: u32 = 1;

/// The document of `run --json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Document {
    /// [`FORMAT`].
    pub format: u32,
    /// Version of the program that wrote it.
    pub counterfoil: String,
    /// The run.
    pub run: DocumentRun,
    /// Arms in order, control first.
    pub arms: Vec<DocumentArm>,
    /// Every metric for every pair: an arm against each arm before it.
    pub differences: Vec<DocumentDifference>,
    /// Needs and bridge per arm, totals over worlds.
    pub truth: Vec<DocumentTruth>,
    /// Speed figures of the sitting that finished the run.
    pub performance: Performance,
}

/// Which run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentRun {
    /// Random id.
    pub id: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Digest of the resolved scenario.
    pub scenario_hash: String,
    /// Where the scenario was read (a path, or `shipped`), then what it extends.
    pub scenario_read: Vec<String>,
    /// Every policy of the run, by name.
    pub policies: Vec<DocumentPolicy>,
    /// Seed.
    pub seed: u64,
    /// Worlds.
    pub worlds: u32,
    /// Shoppers per world.
    pub shoppers_per_world: u32,
    /// Horizon in days.
    pub days: u32,
    /// ISO 4217 code.
    pub currency: String,
    /// Whether the same run gives the same results.
    pub deterministic: bool,
    /// Digest of all results; `null` while worlds are missing.
    pub result_hash: Option<String>,
}

/// A policy of the run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentPolicy {
    /// Name.
    pub name: String,
    /// Digest of the resolved policy: comments do not count.
    pub hash: String,
    /// Where it was read: a path, or `shipped`.
    pub read: String,
}

/// Levels of one arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentArm {
    /// Name.
    pub name: String,
    /// Policy.
    pub policy: String,
    /// Digest over visits and orders, without the arm's name.
    pub orders_hash: String,
    /// Metrics by name.
    pub metrics: BTreeMap<String, Level>,
}

/// A mean over worlds with its 95 % interval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Level {
    /// Mean; `null` where no world defines it.
    pub mean: Option<f64>,
    /// Lower end; `null` below two worlds.
    pub low: Option<f64>,
    /// Upper end; `null` below two worlds.
    pub high: Option<f64>,
    /// Worlds that define it.
    pub worlds: usize,
}

/// One metric of one pair.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentDifference {
    /// Arm.
    pub arm: String,
    /// Arm before it.
    pub versus: String,
    /// Metric.
    pub metric: String,
    /// Mean of `arm` - `versus`; `null` where no world defines both.
    pub mean: Option<f64>,
    /// Lower end; `null` below two worlds.
    pub low: Option<f64>,
    /// Upper end; `null` below two worlds.
    pub high: Option<f64>,
    /// Relative to `versus`; `null` where that is zero or undefined.
    pub relative: Option<RelativeDifference>,
    /// Coverage of the intervals.
    pub level: f64,
    /// Worlds that define both.
    pub worlds: usize,
    /// What pairing won, as a ratio of variances; `null` where undefined.
    pub variance_ratio: Option<f64>,
    /// What may be said.
    pub verdict: String,
}

/// Difference as a share of the reference's level.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RelativeDifference {
    /// Mean.
    pub mean: f64,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// Truth of one arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentTruth {
    /// Arm.
    pub arm: String,
    /// Classes of needs.
    pub needs: DocumentNeeds,
    /// Steps of the profit bridge.
    pub bridge: Vec<DocumentStep>,
}

/// Needs due in the horizon by class.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DocumentNeeds {
    /// Bought in neither.
    pub none: u64,
    /// Bought here only.
    pub incremental: u64,
    /// Bought in control, met here from stock bought earlier.
    pub pulled_forward: u64,
    /// Bought in control only.
    pub lost: u64,
    /// Bought in both, with a reward here.
    pub subsidised: u64,
    /// Bought in both, without.
    pub unchanged: u64,
}

/// One step of the bridge.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentStep {
    /// Name.
    pub step: String,
    /// Signed amount with the currency's decimals.
    pub amount: String,
}

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
    /// Bytes by which the store grew in the sitting that finished it; `null` where unknown.
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
        let facts = Facts::load(self, run)?;
        let stored = &facts.record.run;
        let texts = texts::stored(&facts.record);
        let (scenarios, policies): (Vec<_>, Vec<_>) =
            texts.into_iter().partition(|text| text.kind == TextKind::Scenario);
        Ok(Document {
            format: FORMAT,
            counterfoil: VERSION.to_owned(),
            run: DocumentRun {
                id: stored.id.clone(),
                scenario: stored.scenario.clone(),
                scenario_hash: stored.scenario_hash.clone(),
                scenario_read: scenarios.into_iter().map(|text| text.read).collect(),
                policies: policies.into_iter().map(policy).collect(),
                seed: stored.seed,
                worlds: stored.worlds,
                shoppers_per_world: stored.shoppers,
                days: stored.days,
                currency: stored.currency.clone(),
                deterministic: stored.deterministic,
                result_hash: stored.result_hash.clone(),
            },
            arms: arms(&facts)?,
            differences: facts.pairs()?.iter().map(difference).collect(),
            truth: facts.truth()?.into_iter().map(truth).collect(),
            performance: performance(&facts)?,
        })
    }
}

fn policy(text: TextRead) -> DocumentPolicy {
    DocumentPolicy { name: text.name, hash: text.hash.unwrap_or_default(), read: text.read }
}

fn arms(facts: &Facts) -> Answered<Vec<DocumentArm>> {
    let metrics = shown_metrics();
    let mut arms = Vec::new();
    for (place, row) in facts.record.run.arms.iter().enumerate() {
        let mut levels = BTreeMap::new();
        for shown in &metrics {
            levels.insert(shown.name.to_owned(), level(facts.level(shown, place)?));
        }
        let mut digests = Vec::new();
        for unit in &facts.units {
            digests.push((unit.world, unit.arms[place].orders_digest));
        }
        arms.push(DocumentArm {
            name: row.name.clone(),
            policy: row.policy.clone(),
            orders_hash: orders_hash(&digests),
            metrics: levels,
        });
    }
    Ok(arms)
}

fn level(interval: Option<Interval>) -> Level {
    Level {
        mean: interval.map(|found| found.mean),
        low: interval.and_then(|found| found.low()),
        high: interval.and_then(|found| found.high()),
        worlds: interval.map_or(0, |found| found.worlds),
    }
}

fn difference(pair: &Pair) -> DocumentDifference {
    let found = level(pair.difference);
    DocumentDifference {
        arm: pair.arm.clone(),
        versus: pair.versus.clone(),
        metric: pair.metric.to_owned(),
        mean: found.mean,
        low: found.low,
        high: found.high,
        relative: pair.relative.map(|relative| RelativeDifference {
            mean: relative.mean,
            low: relative.low(),
            high: relative.high(),
        }),
        level: LEVEL,
        worlds: found.worlds,
        variance_ratio: pair.variance_ratio,
        verdict: pair.verdict.label().to_owned(),
    }
}

fn truth(truth: Truth) -> DocumentTruth {
    let needs = truth.needs;
    DocumentTruth {
        arm: truth.arm,
        needs: DocumentNeeds {
            none: needs.none,
            incremental: needs.incremental,
            pulled_forward: needs.pulled_forward,
            lost: needs.lost,
            subsidised: needs.subsidised,
            unchanged: needs.unchanged,
        },
        bridge: truth
            .bridge
            .into_iter()
            .map(|step| DocumentStep { step: step.step, amount: step.amount })
            .collect(),
    }
}

/// As stored; zeros while the run is partial.
fn performance(facts: &Facts) -> Answered<Performance> {
    let Some(text) = &facts.record.performance else { return Ok(Performance::default()) };
    serde_json::from_str(text).map_err(|error| {
        ApiError::new(ErrorCode::Store, format!("The stored performance figures cannot be read: {error}."))
    })
}
