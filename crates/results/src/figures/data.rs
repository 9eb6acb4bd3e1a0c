//! What the charts draw, taken from the comparison.

use counterfoil_chart::{
    ArmStyle, Bridge, BridgeStep, Cumulative, Curve, Daily, DayPoint, Difference, Headline, Level, Panel,
    Payback, Secondary, Unit, arm_styles,
};
use counterfoil_core::number::{Purse, count, counted};
use counterfoil_scenario::Currency;
use counterfoil_stats::{Interval, Scale, daily_means};

use serde::{Deserialize, Serialize};

use super::{FigureName, FigureRequest};
use crate::arms::{CONTROL, STATUS_QUO, display_of};
use crate::error::{Answered, ResultsError};
use crate::facts::Facts;
use crate::metrics::{Shown, shown_metrics};

/// Width of the moving average of daily curves: every weekday once.
const AVERAGE_DAYS: u32 = 7;

/// Title, measure and unit of the three headline panels, with the metric beneath.
const PANELS: [[&str; 5]; 3] = [
    ["Conversion", "orders_per_shopper", "orders per shopper", "conversion_rate", "orders per session"],
    [
        "Margin",
        "contribution_per_shopper",
        "contribution per shopper",
        "gross_margin_rate",
        "gross margin rate",
    ],
    [
        "Discount dependency",
        "dependency_index",
        "full-price orders missing after promotions stop",
        "waiting_rate",
        "needs that waited for a deal",
    ],
];

/// Which arms a figure shows.
pub(crate) struct Chosen {
    /// Places of the arms shown, in the run's order.
    pub places: Vec<usize>,
    /// Place of the reference arm.
    pub reference: usize,
    /// Arm of the bridge.
    pub arm: usize,
}

impl Chosen {
    /// What a request asks for, with defaults for what it leaves open.
    pub(crate) fn of(facts: &Facts, request: &FigureRequest) -> Answered<Self> {
        let arms = facts.arms();
        let against_today = request.name == FigureName::Cumulative;
        let default = if arms.contains(&STATUS_QUO) { STATUS_QUO } else { CONTROL };
        let asked = request.reference.as_deref().filter(|_| !against_today || !arms.contains(&STATUS_QUO));
        let reference = facts.place(asked.unwrap_or(default))?;
        let mut places = Vec::new();
        for arm in &request.arms {
            places.push(facts.place(arm)?);
        }
        let (arm, _) = facts.spoken_pair(None, None)?;
        let arm = places.first().copied().map_or_else(|| facts.place(&arm), Ok)?;
        if places.is_empty() {
            places.extend(0..arms.len());
        } else if !places.contains(&reference) {
            places.push(reference);
        }
        places.sort_unstable();
        places.dedup();
        Ok(Self { places, reference, arm })
    }
}

impl Facts {
    fn shown_styles(&self, chosen: &Chosen) -> Vec<ArmStyle> {
        let styles = self.styles();
        chosen.places.iter().map(|&place| styles[place].clone()).collect()
    }

    fn unit(&self, shown: &Shown) -> Unit {
        shown.number(&self.purse())
    }

    fn money(&self) -> Unit {
        Unit::Money(self.purse())
    }

    fn levels(&self, shown: &Shown, chosen: &Chosen) -> Answered<Vec<Level>> {
        let names = self.arms();
        let mut levels = Vec::new();
        for &place in &chosen.places {
            if let Some(level) = self.level(shown, place)? {
                levels.push(Level { arm: names[place].to_owned(), mean: level.mean });
            }
        }
        Ok(levels)
    }

    pub(super) fn headline_data(&self, chosen: &Chosen) -> Answered<Headline> {
        let metrics = shown_metrics();
        let named = |name: &str| -> Answered<Shown> {
            let found = metrics.iter().find(|shown| shown.name == name).copied();
            found.ok_or_else(|| ResultsError::Defect(format!("the metric {name} is gone")))
        };
        let mut panels = Vec::new();
        for [title, metric, measure, beneath, beneath_measure] in PANELS {
            let (shown, beneath) = (named(metric)?, named(beneath)?);
            let mut differences = Vec::new();
            for &place in chosen.places.iter().filter(|place| **place != chosen.reference) {
                let pair = self.pair(&shown, place, chosen.reference)?;
                if let Some(found) = pair.difference {
                    differences.push(Difference {
                        arm: pair.arm,
                        mean: found.mean,
                        low: found.low(),
                        high: found.high(),
                        verdict: pair.verdict.label().to_owned(),
                    });
                }
            }
            let secondary = Secondary {
                measure: beneath_measure.to_owned(),
                unit: self.unit(&beneath),
                levels: self.levels(&beneath, chosen)?,
            };
            panels.push(Panel {
                title: title.to_owned(),
                measure: measure.to_owned(),
                unit: self.unit(&shown),
                levels: self.levels(&shown, chosen)?,
                differences,
                secondary: Some(secondary),
            });
        }
        let reference = self.arms()[chosen.reference].to_owned();
        Ok(Headline { arms: self.shown_styles(chosen), reference, panels })
    }

    pub(super) fn daily_data(&self, chosen: &Chosen) -> Answered<Daily> {
        let run = &self.run;
        let scale = Scale::minor_units(run.currency_decimals).unwrap_or(Scale::ONE);
        let names = self.arms();
        let mut curves = Vec::new();
        for &place in &chosen.places {
            let worlds = self.daily(place, |day| day.contribution);
            let points = points(&daily_means(&worlds, scale, i64::from(run.shoppers))?);
            curves.push(Curve { arm: names[place].to_owned(), points });
        }
        Ok(Daily {
            arms: self.shown_styles(chosen),
            measure: "contribution per shopper".to_owned(),
            unit: self.money(),
            horizon_days: run.days,
            average_days: AVERAGE_DAYS,
            curves,
        })
    }

    pub(super) fn cumulative_data(&self, chosen: &Chosen) -> Answered<Cumulative> {
        let names = self.arms();
        let against_today = names[chosen.reference] == STATUS_QUO;
        let (mut curves, mut paybacks) = (Vec::new(), Vec::new());
        for &place in chosen.places.iter().filter(|place| **place != chosen.reference) {
            if let Some(found) = self.cumulative(place, chosen.reference)? {
                curves.push(Curve { arm: names[place].to_owned(), points: points(&found.curve) });
            }
        }
        if against_today {
            let shown = |arm: &str| chosen.places.iter().any(|&place| names[place] == arm);
            for payback in self.paybacks()?.into_iter().filter(|payback| shown(&payback.arm)) {
                paybacks.push(Payback { arm: payback.arm, day: payback.day });
            }
        }
        Ok(Cumulative {
            arms: self.shown_styles(chosen),
            reference: names[chosen.reference].to_owned(),
            measure: "contribution per shopper".to_owned(),
            unit: self.money(),
            horizon_days: self.run.days,
            curves,
            paybacks,
        })
    }

    pub(super) fn bridge_data(&self, chosen: &Chosen) -> Answered<Bridge> {
        let styles = self.styles();
        let steps = self.bridge(chosen.arm)?;
        let run = &self.run;
        Ok(Bridge {
            arm: styles[chosen.arm].clone(),
            from: styles[0].clone(),
            unit: self.money(),
            basis: format!(
                "total of {} of {} shoppers, {} days",
                counted(self.worlds.len() as u64, "world"),
                count(u64::from(run.shoppers)),
                run.days
            ),
            steps: steps
                .steps()
                .map(|(step, amount)| BridgeStep {
                    step: step.label().to_owned(),
                    amount: amount as f64 / self.minor(),
                })
                .collect(),
        })
    }
}

fn points(curve: &[Interval]) -> Vec<DayPoint> {
    (1..)
        .zip(curve)
        .map(|(day, found)| DayPoint { day, mean: found.mean, low: found.low(), high: found.high() })
        .collect()
}

/// One arm of the first world while it runs. `values[i]` belongs to day `i + 1` of the horizon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LiveCurve {
    /// Name of the arm.
    pub arm: String,
    /// Days of the whole horizon: the axis stands still while the curve grows.
    pub horizon_days: u32,
    /// Orders per shopper on each day.
    pub orders_per_shopper: Vec<f64>,
    /// Contribution per shopper on each day, major units.
    pub contribution_per_shopper: Vec<f64>,
}

/// One world's curves while it grows.
#[must_use]
pub fn growing(curves: &[LiveCurve], currency: &str) -> Daily {
    let named: Vec<(String, String)> =
        curves.iter().map(|curve| (curve.arm.clone(), display_of(&curve.arm).to_owned())).collect();
    let decimals = Currency::of(currency).map_or(2, |known| known.decimals);
    let days = curves.iter().map(|curve| curve.horizon_days).max().unwrap_or(0);
    let points = |values: &[f64]| {
        (1..).zip(values).map(|(day, &mean)| DayPoint { day, mean, low: None, high: None }).collect()
    };
    Daily {
        arms: arm_styles(&named),
        measure: "contribution per shopper".to_owned(),
        unit: Unit::Money(Purse::new(currency, decimals)),
        horizon_days: days,
        average_days: AVERAGE_DAYS,
        curves: curves
            .iter()
            .map(|curve| Curve { arm: curve.arm.clone(), points: points(&curve.contribution_per_shopper) })
            .collect(),
    }
}
