//! What may be asked of results.

use counterfoil_chart::Theme;
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

/// The figures of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum FigureName {
    /// Conversion, margin, dependency: levels, and paired differences against the reference.
    Headline,
    /// Daily curves per arm with bands.
    Daily,
    /// Cumulative contribution against `status-quo` with the payback day.
    Cumulative,
    /// Profit bridge of one arm, as a waterfall.
    Bridge,
}

/// Which figure, of what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FigureRequest {
    /// Run id.
    pub run: String,
    /// Which figure.
    pub name: FigureName,
    /// Arm that differences are taken against; `null`: the run's default.
    pub reference: Option<String>,
    /// Arms to show; empty: all. `bridge` shows the first one.
    pub arms: Vec<String>,
    /// Colours.
    pub theme: Theme,
}

/// In which form a figure leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum ExportFormat {
    /// Its table, unrounded, units in the header.
    Csv,
    /// The picture, with legend and stamp inside.
    Svg,
}
