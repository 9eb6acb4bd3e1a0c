//! What goes into the store and comes out of it, beside the facts of the core crate.

use counterfoil_core::digest::Digest;
use counterfoil_core::facts::{DailyFact, ProbeWeek, Totals, TruthFact};
use std::fmt;

/// Number of a run within one file. Only meaningful together with the open store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunNo(pub(crate) i64);

impl fmt::Display for RunNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How much of a unit is stored. No result depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Units, totals, orders, fates of needs, ledger of offers, daily facts.
    Summary,
    /// Also, for a keyed sample of shoppers that is the same in every arm, one row per visit and per decision that showed
    /// something or whose winner was refused; other decisions counted for all.
    Sample,
    /// The same for all shoppers.
    Visits,
}

impl Keep {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::Summary, Self::Sample, Self::Visits];
    /// Name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["summary", "sample", "visits"][self as usize]
    }
    /// The one with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|keep| keep.name() == name)
    }
}

/// Whether all units of a run are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not finished: cancelled, killed or going on. Can be resumed.
    Partial,
    /// Finished, with a result hash.
    Complete,
}

impl Status {
    /// Name in the store and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["partial", "complete"][self as usize]
    }
}

/// An arm and the name of its policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArmRow {
    /// Name of the arm, unique within the run.
    pub name: String,
    /// Name of its policy, one of the run's policies.
    pub policy: String,
}

/// A policy as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRow {
    /// Name, unique within the run.
    pub name: String,
    /// The text as it was read.
    pub text: String,
    /// Digest of the resolved policy: of what it says with every default, not of its comments.
    pub hash: String,
}

/// Everything that is known of a run before its first unit is finished.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRun {
    /// UTC wall clock, `2026-11-20 17:42:05`, from outside; empty where unknown.
    pub created_at: String,
    /// Version of the engine that runs it.
    pub engine_version: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Title of the scenario.
    pub title: String,
    /// The resolved scenario, from which the run can be repeated.
    pub scenario_text: String,
    /// Digest of the resolved document.
    pub scenario_hash: String,
    /// The flags, and from which file each text was read, as a JSON object.
    pub command: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Decimals of the currency.
    pub currency_decimals: u32,
    /// 0 to 2^53 - 1.
    pub seed: u64,
    /// Worlds planned.
    pub worlds: u32,
    /// Shoppers per world.
    pub shoppers: u32,
    /// Horizon in days.
    pub days: u32,
    /// Days from 1970-01-01 to the first day of warm-up.
    pub first_day_from_epoch: i32,
    /// First day of the horizon, counted from the first day of warm-up.
    pub horizon_start_day: u32,
    /// How much is kept.
    pub keep: Keep,
    /// Share of shoppers whose visits and decisions are kept, in millionths: the probability of being in the sample.
    pub visits_kept_ppm: u32,
    /// Whether it was computed by the sample.
    pub sample: bool,
    /// `false` if the wall clock or an external engine had a say.
    pub deterministic: bool,
    /// Opens covered by the question until a guess is stored.
    pub covered: bool,
    /// The question of the scenario's `[about]`; empty where there is none.
    pub question: String,
    /// Policies by text.
    pub policies: Vec<PolicyRow>,
    /// Arms in order; the first is control.
    pub arms: Vec<ArmRow>,
    /// Names of treatments, by number.
    pub treatments: Vec<String>,
    /// Names of categories, by number.
    pub categories: Vec<String>,
}

/// What a finished run is closed with.
#[derive(Clone, Debug, PartialEq)]
pub struct Finish {
    /// SHA-256 over the sorted (arm, world, digest); `None` for runs that are not deterministic.
    pub result_hash: Option<String>,
    /// Wall seconds, added to those of earlier sittings.
    pub seconds: f64,
    /// Performance figures, as a JSON object.
    pub performance: String,
}

/// A stored run without its texts.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRun {
    /// Number within the file.
    pub no: RunNo,
    /// Random id, 12 hexadecimal digits; enters no hash.
    pub id: String,
    /// UTC wall clock when it was started; empty where unknown.
    pub created_at: String,
    /// Whether all units are there.
    pub status: Status,
    /// Worlds of which every arm is stored.
    pub units_done: u32,
    /// Worlds planned.
    pub worlds: u32,
    /// Shoppers per world.
    pub shoppers: u32,
    /// Horizon in days.
    pub days: u32,
    /// Seed.
    pub seed: u64,
    /// Name of the scenario.
    pub scenario: String,
    /// Title of the scenario.
    pub title: String,
    /// Digest of the resolved scenario.
    pub scenario_hash: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Decimals of the currency.
    pub currency_decimals: u32,
    /// Version of the engine that made it.
    pub engine_version: String,
    /// How much is kept.
    pub keep: Keep,
    /// Share of shoppers whose visits and decisions are kept, in millionths: the probability of being in the sample.
    pub visits_kept_ppm: u32,
    /// What a person calls it; empty where nobody named it.
    pub name: String,
    /// What a person noted about it; empty where nobody did.
    pub note: String,
    /// Digest of all results; `None` while partial.
    pub result_hash: Option<String>,
    /// Wall seconds of all sittings so far; `None` before the first one ended.
    pub seconds: Option<f64>,
    /// Whether the sample made it.
    pub sample: bool,
    /// Whether results are reproducible.
    pub deterministic: bool,
    /// Whether it opens covered until a guess is stored.
    pub covered: bool,
    /// Arms in order, control first.
    pub arms: Vec<ArmRow>,
}

/// A stored run with everything that is needed to repeat it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRecord {
    /// The run.
    pub run: StoredRun,
    /// The resolved scenario.
    pub scenario_text: String,
    /// The flags, and from which file each text was read, as JSON.
    pub command: String,
    /// Policies by name.
    pub policies: Vec<PolicyRow>,
    /// Names of treatments, by number.
    pub treatments: Vec<String>,
    /// Names of categories, by number.
    pub categories: Vec<String>,
    /// Days from 1970-01-01 to the first day of warm-up.
    pub first_day_from_epoch: i32,
    /// First day of the horizon, counted from the first day of warm-up.
    pub horizon_start_day: u32,
    /// Performance figures as JSON; `None` while partial.
    pub performance: Option<String>,
    /// The scenario's question; empty where there is none.
    pub question: String,
    /// The guess, as JSON, if one was stored.
    pub guess: Option<String>,
}

/// One world as the comparison statistics read it.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitSummary {
    /// World number, from 0.
    pub world: u32,
    /// Members of the world.
    pub shoppers: u32,
    /// Storefront events, all arms, history and probe.
    pub events: u64,
    /// Arms in the order of the run.
    pub arms: Vec<ArmSummary>,
}

/// One arm of one world without its rows per shopper.
#[derive(Clone, Debug, PartialEq)]
pub struct ArmSummary {
    /// Name of the arm.
    pub arm: String,
    /// Digest over everything.
    pub digest: Digest,
    /// Digest over visits and orders.
    pub orders_digest: Digest,
    /// Counts and sums.
    pub totals: Totals,
    /// Days from the first of the horizon to the last of the probe.
    pub daily: Vec<DailyFact>,
    /// Classes of needs and the bridge.
    pub truth: TruthFact,
    /// Weeks of the probe.
    pub probe_weeks: Vec<ProbeWeek>,
}

/// What became of a unit that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is stored now.
    Stored,
    /// It was stored before; nothing changed.
    AlreadyThere,
}
