//! Runs: asking for one, watching it, and its summary with the stamp.

use counterfoil_results::LiveCurve;
use serde::{Deserialize, Serialize};

/// The program and where it keeps its things.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct About {
    /// Version of engine and app.
    pub version: String,
    /// Path of the store.
    pub store: String,
    /// Folder of the user's scenarios.
    pub scenarios: String,
    /// Threads that a run takes when none are given.
    #[serde(skip)]
    pub threads: u32,
}

/// What to run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RunRequest {
    /// Name of a scenario of the library.
    pub scenario: String,
    /// Arms beside `control` and `status-quo`: names of arms of the scenario or of policies. Empty: the scenario's.
    pub policies: Vec<String>,
    /// Number of worlds.
    pub worlds: u32,
    /// Shoppers per world.
    pub shoppers: u32,
    /// Horizon in days.
    pub days: u32,
    /// 0 to 2^53 - 1.
    #[cfg_attr(test, ts(type = "number"))]
    pub seed: u64,
    /// Threads; `null`: as many as the machine has.
    pub threads: Option<u32>,
    /// Open covered by the scenario's question until a guess is stored.
    pub cover_until_guess: bool,
    /// Keep visits and decisions of all shoppers, not of a sample. No result depends on it.
    #[serde(default)]
    pub keep_all_visits: bool,
}

/// What deleted runs hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Trash {
    /// Deleted runs that can still be restored.
    #[serde(skip)]
    pub runs: u32,
    /// Free bytes that removing them for good needs for a while, where the file must be written anew; else `null`.
    #[serde(skip)]
    pub needs_bytes: Option<u64>,
    /// What they hold, in words; `null` where nothing is deleted.
    pub words: Option<String>,
}

/// What removing them for good did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Emptied {
    /// Runs that are gone.
    #[serde(skip)]
    pub runs: u32,
    /// Bytes by which the store is smaller.
    #[serde(skip)]
    pub freed_bytes: u64,
    /// The same in words.
    pub words: String,
}

/// What a run will take on this machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Estimate {
    /// Wall time in seconds.
    #[serde(skip)]
    pub seconds: f64,
    /// Disk in bytes.
    #[serde(skip)]
    pub bytes: u64,
    /// Estimated from a run stored on this machine, not from a built-in figure.
    pub measured: bool,
    /// Both in words: `12 s, 3.1 MB`.
    pub words: String,
}

/// Where a world is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum RunPhase {
    /// Discarded start.
    WarmUp,
    /// Common history under the incumbent.
    History,
    /// The arms.
    Horizon,
    /// Withdrawal test and settlement.
    Probe,
    /// Writing and summing up.
    Storing,
}

/// How far a run is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Progress {
    /// Id of the run, known from the first message on.
    pub run: String,
    /// Worlds finished and stored (taken-over ones included).
    pub worlds_done: u32,
    /// Worlds in all.
    pub worlds: u32,
    /// World that the next three fields speak of (the earliest unfinished one), from 1.
    pub world: u32,
    /// Where that world is.
    pub phase: RunPhase,
    /// Day within the phase, from 1.
    pub day: u32,
    /// Days of the phase.
    pub days: u32,
    /// Shopper-days simulated, all worlds and arms.
    #[cfg_attr(test, ts(type = "number"))]
    pub shopper_days_done: u64,
    /// Shopper-days in all.
    #[cfg_attr(test, ts(type = "number"))]
    pub shopper_days_total: u64,
    /// Seconds since the start.
    pub seconds: f64,
    /// Seconds left; `null` while too early to say.
    pub seconds_left: Option<f64>,
    /// Daily curves of the first world so far, in order of arms; empty before its horizon begins.
    pub curves: Vec<LiveCurve>,
    /// ISO 4217 code, for the curves.
    pub currency: String,
}

/// Whether all worlds of a run are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum RunStatus {
    /// All worlds.
    Complete,
    /// Cancelled, killed, or going on: can be resumed.
    Partial,
}

/// One stored run with its stamp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RunSummary {
    /// Random id.
    pub id: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Title of the scenario.
    pub title: String,
    /// Whether all worlds are there.
    pub status: RunStatus,
    /// Units of work planned.
    #[serde(skip)]
    pub units: u32,
    /// Units stored.
    #[serde(skip)]
    pub units_done: u32,
    /// Digest of all results; `null` while partial.
    pub result_hash: Option<String>,
    /// When it was started, UTC, `2026-11-20 17:42`; `null` where unknown.
    pub created: Option<String>,
    /// Seed.
    #[serde(skip)]
    pub seed: u64,
    /// Digest of the resolved scenario.
    pub scenario_hash: String,
    /// Shoppers per world.
    #[serde(skip)]
    pub shoppers: u32,
    /// Worlds.
    #[serde(skip)]
    pub worlds: u32,
    /// Horizon in days.
    #[serde(skip)]
    pub days: u32,
    /// Arms in order, `control` first.
    pub arms: Vec<String>,
    /// ISO 4217 code.
    pub currency: String,
    /// Engine version that made it.
    pub version: String,
    /// Wall seconds it took.
    #[serde(skip)]
    pub seconds: f64,
    /// Made by *Open sample*.
    pub sample: bool,
    /// Waits for a guess before it shows its result.
    pub covered: bool,
    /// What a person calls it; empty: nothing.
    pub name: String,
    /// What a person noted about it; empty: nothing.
    pub note: String,
    /// Its figures as finished text.
    pub words: RunWords,
    /// Worlds that can be looked at; the place is the number of the world.
    pub stored_worlds: Vec<String>,
    /// Arms with their words on screen, in order.
    pub choices: Vec<Choice>,
    /// The two arms that are compared before somebody chooses others; the same where there is only one.
    pub pair: (String, String),
}

/// Figures of a run as finished text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RunWords {
    /// `4`, or `2 of 4` while worlds are missing.
    pub worlds: String,
    /// `20,000`.
    pub shoppers: String,
    /// `84`.
    pub days: String,
    /// `41 s`.
    pub seconds: String,
    /// `1`.
    pub seed: String,
    /// `4 worlds · 20,000 shoppers · 41 s`, or `2 of 4 worlds`.
    pub size: String,
    /// `4 worlds`.
    pub counted: String,
    /// What makes its arms comparable, or how much is missing.
    pub basis: String,
    /// Worlds, days, seed, digests, engine and time, short.
    pub facts: Vec<String>,
    /// The stamp in full, line by line.
    pub stamp: Vec<String>,
}

/// Something to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Choice {
    /// What it is called in questions.
    pub value: String,
    /// Words on screen.
    pub label: String,
}
