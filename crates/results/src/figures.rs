//! Figures: from the comparison to the charts.
//!
//! An arm wears the same style in every figure of a run, whichever arms are shown. The reference arm is always shown.

mod data;

use counterfoil_chart::{self as chart, Look};

use counterfoil_core::number::count;
use serde::{Deserialize, Serialize};

use crate::error::Answered;
use crate::facts::Facts;

pub use data::{LiveCurve, growing};

use data::Chosen;

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
    pub theme: chart::Theme,
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

impl Facts {
    /// Draws what was asked for.
    ///
    /// # Errors
    /// [`crate::ResultsError::NoSuchArm`]; [`crate::ResultsError::Chart`] where there is nothing to draw.
    pub fn draw(&self, request: &FigureRequest, look: &Look) -> Answered<chart::Figure> {
        let chosen = Chosen::of(self, request)?;
        Ok(match request.name {
            FigureName::Headline => chart::headline(&self.headline_data(&chosen)?, look)?,
            FigureName::Daily => chart::daily(&self.daily_data(&chosen)?, look)?,
            FigureName::Cumulative => chart::cumulative(&self.cumulative_data(&chosen)?, look)?,
            FigureName::Bridge => chart::bridge(&self.bridge_data(&chosen)?, look)?,
        })
    }

    /// What has to stand on everything that leaves the program.
    #[must_use]
    pub fn stamp(&self) -> String {
        let run = &self.run;
        format!(
            "Counterfoil {} · {} {} · seed {} · {} worlds of {} shoppers · {} days",
            run.engine_version,
            run.scenario,
            run.scenario_hash.get(..8).unwrap_or_default(),
            run.seed,
            self.worlds.len(),
            count(u64::from(run.shoppers)),
            run.days
        )
    }
}
