//! Live: the same loop by the wall clock, watched and steered.

use std::sync::atomic::{AtomicBool, AtomicU32};

use serde::{Deserialize, Serialize};

/// What to watch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LiveRequest {
    /// Scenario of the library.
    pub scenario: String,
    /// Arm of the scenario, or policy.
    pub policy: String,
    /// Shoppers in the one world.
    pub shoppers: u32,
    /// 0 to 2^53 - 1.
    #[cfg_attr(test, ts(type = "number"))]
    pub seed: u64,
    /// Simulated seconds per second, 1 to 1,000.
    pub speed: u32,
}

/// Hands on a live session; shared between the window's commands and the loop.
#[derive(Debug)]
pub struct LiveControl {
    /// Ends the session within a second.
    pub stop: AtomicBool,
    /// Holds simulated time.
    pub paused: AtomicBool,
    /// Simulated seconds per second, 1 to 1,000; may change while it runs.
    pub speed: AtomicU32,
}

/// What is going on, at most 20 times a second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LiveState {
    /// "day 3 14:02:11"; during the fast-forwarded history "history, day 41 of 126".
    pub clock: String,
    /// True while warm-up and history are simulated at full speed before the clock starts.
    pub preparing: bool,
    /// Simulated seconds per second, as set.
    pub speed: u32,
    /// Held.
    pub paused: bool,
    /// Sessions open now.
    pub sessions_open: u32,
    /// Sessions so far.
    #[cfg_attr(test, ts(type = "number"))]
    pub sessions: u64,
    /// Orders so far.
    #[cfg_attr(test, ts(type = "number"))]
    pub orders: u64,
    /// Decisions so far.
    #[cfg_attr(test, ts(type = "number"))]
    pub decisions: u64,
    /// Treatments shown so far.
    #[cfg_attr(test, ts(type = "number"))]
    pub shown: u64,
    /// Decisions that missed the real deadline.
    #[cfg_attr(test, ts(type = "number"))]
    pub late: u64,
    /// Median of the measured latency in microseconds.
    pub latency_p50_us: f64,
    /// 99th percentile of the measured latency in microseconds.
    pub latency_p99_us: f64,
    /// The deadline in milliseconds.
    pub deadline_ms: f64,
    /// What happened since the last message, oldest first, at most 50.
    pub rows: Vec<LiveRow>,
    /// The session is over.
    pub finished: bool,
}

/// Kinds of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum LiveRowKind {
    /// A session begins or ends.
    Session,
    /// The policy decided.
    Decision,
    /// She buys.
    Order,
}

/// One line of the stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LiveRow {
    /// Grows by one per row.
    #[cfg_attr(test, ts(type = "number"))]
    pub sequence: u64,
    /// "day 3 14:02:11".
    pub clock: String,
    /// Shopper's number.
    pub shopper: u32,
    /// Kind.
    pub kind: LiveRowKind,
    /// In words.
    pub text: String,
    /// Measured latency of a decision in microseconds.
    pub latency_us: Option<f64>,
}
