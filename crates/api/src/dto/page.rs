//! One shopper under two arms as a page shows it: both arms on one time line, every figure as finished text.

use counterfoil_chart::LabelValue;
use counterfoil_results::Tone;
use serde::Serialize;

use super::{Divergence, EntryKind, Loser};

/// One shopper under two arms.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ShopperPage {
    /// `#17`.
    pub title: String,
    /// What she is like.
    pub traits: Vec<LabelValue>,
    /// Begin of the time line.
    #[cfg_attr(test, ts(type = "number"))]
    pub from_ms: i64,
    /// Its end.
    #[cfg_attr(test, ts(type = "number"))]
    pub to_ms: i64,
    /// The two arms.
    pub arms: Vec<PageLane>,
    /// Where they part; `null`: nowhere.
    pub divergence: Option<Divergence>,
    /// What to know before reading; `null`: nothing.
    pub note: Option<String>,
    /// Rows that differ, and nothing else.
    pub differences: Vec<PageRow>,
    /// Rows without page views and silent decisions.
    pub key: Vec<PageRow>,
    /// Every row.
    pub all: Vec<PageRow>,
}

/// One arm of the page.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PageLane {
    /// Arm.
    pub arm: String,
    /// Words on screen.
    pub display: String,
    /// Arm style, as in a figure's legend.
    pub index: u32,
    /// `2 orders, €31.40`.
    pub summary: String,
    /// Decisions, by their place in the sides of rows.
    pub decisions: Vec<PageDecision>,
}

/// One moment: what happened in both arms stands once, the rest on the side of its arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PageRow {
    /// Since the start of the horizon.
    #[cfg_attr(test, ts(type = "number"))]
    pub time_ms: i64,
    /// Date and time in words.
    pub clock: String,
    /// The first arm.
    pub first: Option<PageEntry>,
    /// The second arm.
    pub second: Option<PageEntry>,
    /// Both arms did the same.
    pub same: bool,
    /// The first row at or after the divergence.
    pub divergence: bool,
}

/// What happened in one arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PageEntry {
    /// Kind, for its picture.
    pub kind: EntryKind,
    /// Words.
    pub text: String,
    /// Amount; `null` where there is none.
    pub money: Option<String>,
    /// Whether the other arm has no equal.
    pub differs: bool,
    /// Place of the decision among those of its arm.
    pub decision: Option<u32>,
}

/// Why something was shown, or nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PageDecision {
    /// Date and time in words.
    pub clock: String,
    /// What was shown; `null`: nothing.
    pub winner: Option<String>,
    /// Why, in one sentence.
    pub sentence: String,
    /// Stage, latency, probability and age of information.
    pub facts: String,
    /// Who did not win, and why.
    pub losers: Vec<Loser>,
    /// Who was valued.
    pub candidates: Vec<PageCandidate>,
}

/// One valued candidate.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PageCandidate {
    /// Treatment.
    pub treatment: String,
    /// What it was held to be worth; a dash where nothing was computed.
    pub value: String,
    /// What it was held to cost.
    pub cost: String,
    /// What became of it.
    pub outcome: String,
    /// Whether it won.
    pub won: bool,
}

/// A shopper worth looking at.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ShopperHit {
    /// Number within the world.
    pub shopper: u32,
    /// World, from 0.
    pub world: u32,
    /// `#17`.
    pub title: String,
    /// What happened to her.
    pub label: String,
    /// First arm's contribution minus the second's; for programs.
    #[serde(skip)]
    pub difference: f64,
    /// The same in words; `null` where nothing differs.
    pub amount: Option<String>,
    /// Whether that is a gain.
    pub tone: Tone,
    /// Whether anything differs.
    pub differs: bool,
}
