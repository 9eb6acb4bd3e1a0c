//! One shopper under two arms: what happened, where the arms parted, and why each decision fell.

use serde::{Deserialize, Serialize};

use counterfoil_chart::LabelValue;

/// Which shoppers to list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ShopperQuery {
    /// Run id.
    pub run: String,
    /// World, from 0.
    pub world: u32,
    /// First arm.
    pub arm_a: String,
    /// Second arm.
    pub arm_b: String,
    /// Beginning of a shopper's number, or words of the label; empty: all.
    pub search: String,
    /// Most rows wanted.
    pub limit: u32,
}

/// Which shopper to replay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReplayRequest {
    /// Run id.
    pub run: String,
    /// World, from 0.
    pub world: u32,
    /// Number within the world.
    pub shopper: u32,
    /// First arm.
    pub arm_a: String,
    /// Second arm.
    pub arm_b: String,
}

/// One shopper under two arms on one time line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShopperReplay {
    /// Number within the world.
    pub shopper: u32,
    /// World, from 0.
    pub world: u32,
    /// ISO 4217 code.
    pub currency: String,
    /// Who she is: hidden traits in words, the same in every arm.
    pub traits: Vec<LabelValue>,
    /// First instant shown, ms since the start of the horizon.
    pub from_ms: i64,
    /// Last instant shown, ms since the start of the horizon.
    pub to_ms: i64,
    /// The two arms, `arm_a` first.
    pub arms: Vec<ReplayArm>,
    /// Where the arms part; `null`: never.
    pub divergence: Option<Divergence>,
    /// A warning: "made by another version, only what is stored is shown".
    pub note: Option<String>,
}

/// One of the two arms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplayArm {
    /// Name.
    pub arm: String,
    /// Words on screen.
    pub display: String,
    /// Arm style, as in a figure's legend.
    pub index: u32,
    /// Orders in the horizon.
    pub orders: u32,
    /// Contribution in the horizon, major units.
    pub contribution: f64,
    /// What happened, in order of time.
    pub entries: Vec<ReplayEntry>,
    /// Decisions that entries point to.
    pub decisions: Vec<ReplayDecision>,
}

/// Kinds of entries; each has its own sign on the time line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum EntryKind {
    /// A visit begins.
    Visit,
    /// A page, search or information looked at.
    Page,
    /// Cart or checkout.
    Cart,
    /// Something was offered or shown by the policy.
    Treatment,
    /// A decision that showed nothing.
    Decision,
    /// A mail or push.
    Message,
    /// She buys.
    Order,
    /// She waits for a deal.
    Wait,
    /// She leaves.
    Leave,
    /// She sends something back.
    Return,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplayEntry {
    /// Milliseconds since the start of the horizon.
    pub time_ms: i64,
    /// Day of the horizon, from 1.
    pub day: u32,
    /// "day 3 14:02".
    pub clock: String,
    /// Kind.
    pub kind: EntryKind,
    /// In words: `buys "linen shirt"`.
    pub text: String,
    /// Money paid or given, major units.
    pub money: Option<f64>,
    /// Index into [`ReplayArm::decisions`].
    pub decision: Option<u32>,
    /// Has no equal in the other arm.
    pub differs: bool,
}

/// Where two arms part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Divergence {
    /// Milliseconds since the start of the horizon.
    #[cfg_attr(test, ts(type = "number"))]
    pub time_ms: i64,
    /// "day 3 14:02".
    pub clock: String,
    /// What each arm did: "realtime shows free returns, batch shows 15 % off".
    pub text: String,
}

/// One decision with reasons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplayDecision {
    /// Milliseconds since the start of the horizon.
    pub time_ms: i64,
    /// "day 3 14:02".
    pub clock: String,
    /// Last stage reached: `guardrails`.
    pub stage: String,
    /// Treatment that won; `null`: nothing was shown.
    pub winner: Option<String>,
    /// Why, in one sentence.
    pub sentence: String,
    /// Every candidate that lost, with its reason.
    pub losers: Vec<Loser>,
    /// Candidates with their estimates, best first.
    pub candidates: Vec<Candidate>,
    /// Probability with which the winner was shown; `null` where nothing was drawn.
    pub propensity: Option<f64>,
    /// Simulated delay of the answer in ms.
    pub latency_ms: f64,
    /// Age of the information it stood on, in hours; `null` where unknown.
    pub information_age_hours: Option<f64>,
}

/// A treatment that was not shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Loser {
    /// Treatment.
    pub treatment: String,
    /// Stage that ended it.
    pub stage: String,
    /// Why: "cap of 2 per 7 days is reached".
    pub reason: String,
}

/// A treatment as the policy valued it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Treatment.
    pub treatment: String,
    /// Expected incremental contribution, major units; `null` where the policy does not value.
    pub value: Option<f64>,
    /// Expected cost, major units; `null` likewise.
    pub cost: Option<f64>,
    /// `shown`, or how it ended.
    pub outcome: String,
}
