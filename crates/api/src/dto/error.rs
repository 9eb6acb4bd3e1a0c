//! The one shape in which every use-case reports a failure.

use serde::{Deserialize, Serialize};

/// A failure as a person reads it: what, where, and what to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ApiError {
    /// What kind of failure; the window decides by this, never by the message.
    pub code: ErrorCode,
    /// One or two sentences: what was found and what is allowed.
    pub message: String,
    /// File with line, key, run or shopper that it is about.
    pub place: Option<String>,
    /// What to do next.
    pub hint: Option<String>,
}

/// Kinds of failure that the window treats differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ErrorCode {
    /// A text, number or name that is not allowed.
    InvalidInput,
    /// A run, scenario, policy, arm or shopper that does not exist.
    NotFound,
    /// Another run or live session is going on.
    Busy,
    /// The store cannot be used: not ours, newer, truncated or read-only.
    Store,
    /// The run was made by another engine version and cannot be continued or replayed.
    Version,
    /// Disk, clipboard or another part of the surroundings failed.
    Environment,
    /// A defect of the program.
    Internal,
}
