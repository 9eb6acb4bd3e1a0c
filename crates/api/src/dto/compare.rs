//! The comparison: the document of `counterfoil run --json`, typed, with the sentences that the window adds.

use serde::{Deserialize, Serialize};

use super::{RunSummary, TextRead};

/// Which comparison of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ComparisonRequest {
    /// Run id, a unique beginning, or `latest`.
    pub run: String,
    /// Arm that the sentence compares with; `null`: `batch`, else `status-quo`, else `control`.
    pub reference: Option<String>,
    /// Arm that the sentence speaks of; `null`: `realtime`, else the last arm.
    pub arm: Option<String>,
}

/// Everything that *Compare* shows beside its figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Comparison {
    /// Run and stamp.
    pub run: RunSummary,
    /// What was read: the scenario, what it extends, and every policy with the hash of what it says.
    pub texts: Vec<TextRead>,
    /// Arm of the sentence.
    pub arm: String,
    /// Reference arm of the sentence.
    pub reference: String,
    /// The claim with its range.
    pub sentence: Sentence,
    /// Arms in order, `control` first.
    pub arms: Vec<ArmResult>,
    /// All metrics, headline first, in order of display.
    pub metrics: Vec<MetricInfo>,
    /// Every metric for every pair, an arm against each arm before it.
    pub differences: Vec<Difference>,
    /// Truth per arm.
    pub truth: Vec<Truth>,
    /// Payback per arm against `status-quo`; empty without one.
    pub payback: Vec<Payback>,
    /// Half-life of dependency per arm.
    pub half_life: Vec<HalfLife>,
    /// How many shoppers the pairing saved, in one sentence; `null` where it cannot be told.
    pub pairing: Option<String>,
    /// The question of `[about]`; empty where there is none.
    pub question: String,
    /// The guess stored for this run.
    pub guess: Option<Guess>,
}

/// A mean over worlds with its 95 % Student interval between worlds. `low`/`high` are `null` below two worlds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Interval {
    /// Mean; `null` where no world defines it.
    pub mean: Option<f64>,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Worlds that define it.
    pub worlds: u32,
}

/// One arm with its levels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ArmResult {
    /// Name: `realtime`.
    pub name: String,
    /// Words on screen.
    pub display: String,
    /// Policy.
    pub policy: String,
    /// Arm style, as in a figure's legend.
    pub index: u32,
    /// A remark that belongs to the arm: "control is a withdrawal"; `null` where there is none.
    pub note: Option<String>,
    /// Levels, one per entry of [`Comparison::metrics`], in that order.
    pub metrics: Vec<MetricValue>,
}

/// Level of one metric in one arm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MetricValue {
    /// Metric.
    pub metric: String,
    /// Level.
    pub interval: Interval,
}

/// What a metric is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MetricInfo {
    /// Name: `contribution_per_shopper`.
    pub name: String,
    /// Words on screen.
    pub label: String,
    /// `headline`, `dashboard`, `promotion`, `habit` or `engine`.
    pub group: String,
    /// One sentence.
    pub definition: String,
    /// `money`, `share` (0 to 1, shown in %), `percent` (0 to 100), `ratio`, `count`, `weeks`, `hours`, `seconds` or `ms`.
    pub unit: String,
    /// `1` where more is better, `-1` where less is, `0` where neither.
    pub direction: i8,
    /// Whether a real store could see it.
    pub observable: bool,
}

/// What may be said about a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Verdict {
    /// The whole interval is above zero and matters.
    #[serde(rename = "higher")]
    Higher,
    /// The whole interval is below zero and matters.
    #[serde(rename = "lower")]
    Lower,
    /// The interval lies inside the smallest difference that matters.
    #[serde(rename = "no difference that matters")]
    NoMatter,
    /// None of the above.
    #[serde(rename = "no clear difference")]
    Unclear,
    /// Fewer than two worlds.
    #[serde(rename = "not enough worlds")]
    TooFewWorlds,
}

/// One metric of one pair: `arm` - `versus`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Difference {
    /// Arm.
    pub arm: String,
    /// Arm before it.
    pub versus: String,
    /// Metric.
    pub metric: String,
    /// Difference in the metric's unit.
    pub interval: Interval,
    /// Relative to `versus`; `null` where that is zero or undefined.
    pub relative: Option<Relative>,
    /// How much pairing narrows the interval, as a ratio of variances; `null` where undefined.
    pub variance_ratio: Option<f64>,
    /// What may be said.
    pub verdict: Verdict,
}

/// Difference relative to the reference's level, as a share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Relative {
    /// Mean.
    pub mean: f64,
    /// Lower end; `null` below two worlds.
    pub low: Option<f64>,
    /// Upper end; `null` below two worlds.
    pub high: Option<f64>,
}

/// The claim of the comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Sentence {
    /// "If this scenario is right, realtime earns €1.20 to €2.48 more per shopper than batch."
    pub text: String,
    /// What may be said.
    pub verdict: Verdict,
    /// Three ranges: per shopper, per 1,000 shoppers, per year for the whole shop.
    pub ranges: Vec<MoneyRange>,
}

/// A difference in money, per something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MoneyRange {
    /// `shopper`, `1000` or `year`.
    pub per: String,
    /// The sentence for this unit.
    pub text: String,
    /// Difference, major units.
    pub interval: Interval,
}

/// Truth of one arm, totals over worlds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Truth {
    /// Arm.
    pub arm: String,
    /// Classes of needs.
    pub needs: NeedCounts,
    /// Steps from control's contribution to the arm's; the last equals the sum of the others.
    pub bridge: Vec<BridgeStep>,
}

/// Needs due in the horizon, by class.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NeedCounts {
    /// Bought in neither.
    #[cfg_attr(test, ts(type = "number"))]
    pub none: u64,
    /// Bought here only.
    #[cfg_attr(test, ts(type = "number"))]
    pub incremental: u64,
    /// Bought in control, met here from stock bought earlier.
    #[cfg_attr(test, ts(type = "number"))]
    pub pulled_forward: u64,
    /// Bought in control only.
    #[cfg_attr(test, ts(type = "number"))]
    pub lost: u64,
    /// Bought in both, with a reward here.
    #[cfg_attr(test, ts(type = "number"))]
    pub subsidised: u64,
    /// Bought in both, without.
    #[cfg_attr(test, ts(type = "number"))]
    pub unchanged: u64,
}

/// One step of the bridge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BridgeStep {
    /// Name: `reward on subsidised`.
    pub step: String,
    /// Signed amount with the currency's decimals: `-1203.40`.
    pub amount: String,
}

/// When an arm has paid for itself against `status-quo`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Payback {
    /// Arm.
    pub arm: String,
    /// Day from which the cumulative difference stays above zero; `null`: not within the run.
    pub day: Option<u32>,
    /// The same in words.
    pub text: String,
}

/// How long dependency lasts after treatments stop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HalfLife {
    /// Arm.
    pub arm: String,
    /// Weeks; `null`: longer than the probe, or not defined.
    pub weeks: Option<f64>,
    /// "Of 100 full-price orders, 18 are missing because shoppers learned to wait; half are back after 3 weeks."
    pub text: String,
}

/// What a person expected before looking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Guess {
    /// Arm expected to earn most per shopper.
    pub arm: String,
    /// How sure, 1 (a coin) to 5 (certain).
    pub sure: u8,
}
