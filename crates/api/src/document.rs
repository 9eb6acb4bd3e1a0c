//! The documents of `run --json` and `runs --json`, field by field as scripts read them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::performance::Performance;

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
    pub none: i64,
    /// Bought here only.
    pub incremental: i64,
    /// Bought in control, met here from stock bought earlier.
    pub pulled_forward: i64,
    /// Bought in control only.
    pub lost: i64,
    /// Bought in both, with a reward here.
    pub subsidised: i64,
    /// Bought in both, without.
    pub unchanged: i64,
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
    /// Newest first.
    pub runs: Vec<ListedRun>,
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
}
