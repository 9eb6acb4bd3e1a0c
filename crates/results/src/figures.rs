//! Figures: from the comparison to the charts.
//!
//! An arm wears the same style in every figure of a run, whichever arms are shown. The reference arm is always shown.

mod data;

use counterfoil_chart::{self as chart, Look};

use counterfoil_core::number::count;

use crate::error::Answered;
use crate::facts::Facts;
use crate::request::{FigureName, FigureRequest};

pub use data::{LiveCurve, growing};

use data::Chosen;

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
