//! What goes into the figures: plain numbers, already aggregated over worlds.
//!
//! Numbers are in the unit's own scale: money in major units, [`crate::Unit::Share`] as a share between 0 and 1.
//! A value that is not finite counts as missing. Nothing here is computed from anything else: differences come
//! from the paired statistics, not from subtracting levels.

use crate::{ArmStyle, Unit};
use serde::Serialize;

/// Mean of one metric in one arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Level {
    /// Name of the arm.
    pub arm: String,
    /// Mean over worlds.
    pub mean: f64,
}

/// Paired difference of one arm against the reference arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Name of the arm.
    pub arm: String,
    /// Mean over worlds of arm minus reference.
    pub mean: f64,
    /// Lower end of the 95 % interval; `None` below two worlds.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval; `None` below two worlds.
    pub high: Option<f64>,
    /// Verdict in words: `higher`, `lower`, `no clear difference`, …
    pub verdict: String,
}

impl Difference {
    /// Both ends of the interval, where both are known.
    #[must_use]
    pub fn interval(&self) -> Option<(f64, f64)> {
        interval(self.low, self.high)
    }
}

fn interval(low: Option<f64>, high: Option<f64>) -> Option<(f64, f64)> {
    low.zip(high).filter(|(low, high)| low.is_finite() && high.is_finite())
}

/// Three headline metrics side by side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Headline {
    /// Arms in the order of the rows.
    pub arms: Vec<ArmStyle>,
    /// Name of the arm that differences are taken against.
    pub reference: String,
    /// Panels from left to right; three in the product.
    pub panels: Vec<Panel>,
}

/// One metric: levels, differences, and a second metric beneath.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Panel {
    /// Title: `Conversion`.
    pub title: String,
    /// What is measured, per what: `orders per shopper`.
    pub measure: String,
    /// Unit of levels and differences.
    pub unit: Unit,
    /// One level per arm.
    pub levels: Vec<Level>,
    /// One difference per arm except the reference.
    pub differences: Vec<Difference>,
    /// The metric beneath.
    pub secondary: Option<Secondary>,
}

/// A second metric, as one line of text per arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Secondary {
    /// What is measured: `orders per session`.
    pub measure: String,
    /// Unit.
    pub unit: Unit,
    /// One level per arm.
    pub levels: Vec<Level>,
}

/// Value of one day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DayPoint {
    /// Day of the horizon, from 1.
    pub day: u32,
    /// Mean over worlds.
    pub mean: f64,
    /// Lower end of the 95 % interval; `None` below two worlds.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval; `None` below two worlds.
    pub high: Option<f64>,
}

impl DayPoint {
    /// Both ends of the interval, where both are known.
    #[must_use]
    pub fn interval(&self) -> Option<(f64, f64)> {
        interval(self.low, self.high)
    }
}

/// One arm, day by day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    /// Name of the arm.
    pub arm: String,
    /// Days in ascending order; may end before the horizon while a world is still growing.
    pub points: Vec<DayPoint>,
}

/// Daily curves per arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Daily {
    /// Arms in the order of the legend.
    pub arms: Vec<ArmStyle>,
    /// What is measured: `orders per shopper`.
    pub measure: String,
    /// Unit.
    pub unit: Unit,
    /// Days of the horizon.
    pub horizon_days: u32,
    /// Width in days of a centred moving average; 0 or 1 for none, an even width counts as the next odd one.
    pub average_days: u32,
    /// One curve per arm.
    pub curves: Vec<Curve>,
}

/// When an arm has paid back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Payback {
    /// Name of the arm.
    pub arm: String,
    /// Day from which on the cumulative difference stays above zero; `None`: never within the horizon.
    pub day: Option<u32>,
}

/// Cumulative difference of arms against the reference arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cumulative {
    /// Arms in the order of the legend; the reference may be among them.
    pub arms: Vec<ArmStyle>,
    /// Name of the arm that differences are taken against: `status-quo`.
    pub reference: String,
    /// What is measured: `contribution per shopper`.
    pub measure: String,
    /// Unit.
    pub unit: Unit,
    /// Days of the horizon.
    pub horizon_days: u32,
    /// One curve per arm except the reference.
    pub curves: Vec<Curve>,
    /// Payback days; empty while they are not known.
    pub paybacks: Vec<Payback>,
}

/// One step of the profit bridge.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BridgeStep {
    /// Name of the step as in the JSON document: `pulled forward`.
    pub step: String,
    /// Signed amount, money in major units.
    pub amount: f64,
}

/// The profit bridge of one arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bridge {
    /// The arm that the bridge leads to.
    pub arm: ArmStyle,
    /// The arm that it starts from, `control`.
    pub from: ArmStyle,
    /// Unit, money.
    pub unit: Unit,
    /// What the amounts add up: `total of 16 worlds`.
    pub basis: String,
    /// The start, the changes, the end.
    pub steps: Vec<BridgeStep>,
}
