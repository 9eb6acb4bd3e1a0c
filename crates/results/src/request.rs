//! What may be asked of results.

use serde::{Deserialize, Serialize};

/// Which comparison of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ComparisonRequest {
    /// Run id, a unique beginning, or `latest`.
    pub run: String,
    /// Arm that the sentence compares with; `null`: `batch`, else `status-quo`, else `control`.
    pub reference: Option<String>,
    /// Arm that the sentence speaks of; `null`: `realtime`, else the last arm.
    pub arm: Option<String>,
}

/// What a person expected before looking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Guess {
    /// Arm expected to earn most per shopper.
    pub arm: String,
    /// How sure, 1 (a coin) to 5 (certain).
    pub sure: u8,
}
