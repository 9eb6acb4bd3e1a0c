//! Levels: one value per world and their mean with its interval.

use counterfoil_stats::half_life::{HalfLife, half_life, pooled_weekly_gaps};
use counterfoil_stats::{Interval, student_interval};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::error::Answered;
use crate::facts::Facts;
use crate::metrics::Shown;

/// The level of one metric: a mean over worlds with its 95 % interval, or nothing where no world defines it.
///
/// Written as `mean`, `low`, `high` (`null` where there is none) and `worlds`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Level(pub Option<Interval>);

impl Level {
    /// Mean; `None` where no world defines it.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        self.0.map(|found| found.mean)
    }

    /// Lower end; `None` below two worlds.
    #[must_use]
    pub fn low(&self) -> Option<f64> {
        self.0.and_then(|found| found.low())
    }

    /// Upper end; `None` below two worlds.
    #[must_use]
    pub fn high(&self) -> Option<f64> {
        self.0.and_then(|found| found.high())
    }

    /// Worlds that define it.
    #[must_use]
    pub fn worlds(&self) -> usize {
        self.0.map_or(0, |found| found.worlds)
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut fields = to.serialize_struct("Level", 4)?;
        fields.serialize_field("mean", &self.mean())?;
        fields.serialize_field("low", &self.low())?;
        fields.serialize_field("high", &self.high())?;
        fields.serialize_field("worlds", &self.worlds())?;
        fields.end()
    }
}

impl Facts {
    /// The metric in every world; `None` where its denominator is empty.
    pub(crate) fn values(&self, shown: &Shown, place: usize) -> Vec<Option<f64>> {
        let Some(metric) = shown.metric else { return Vec::new() };
        self.arm(place).map(|arm| metric.value(&arm.totals, self.minor())).collect()
    }

    /// The level of one metric in one arm.
    pub(crate) fn level(&self, shown: &Shown, place: usize) -> Answered<Option<Interval>> {
        if shown.metric.is_none() {
            return self.half_life_level(place);
        }
        let values: Vec<f64> = self.values(shown, place).into_iter().flatten().collect();
        Ok(student_interval(&values))
    }

    /// The half-life as a level: without an interval, because it is read from all worlds together.
    pub(crate) fn half_life_level(&self, place: usize) -> Answered<Option<Interval>> {
        let level = match self.half_life_of(place)? {
            HalfLife::Weeks(mean) => Some(Interval { mean, bounds: None, worlds: self.worlds.len() }),
            HalfLife::MoreThan(_) | HalfLife::NotDefined => None,
        };
        Ok(level)
    }

    /// The half-life of dependency in one arm, pooled over worlds.
    pub(crate) fn half_life_of(&self, place: usize) -> Answered<HalfLife> {
        let gaps: Vec<Vec<i64>> = self
            .arm(place)
            .map(|arm| arm.probe_weeks.iter().map(|week| week.reset - week.as_is).collect())
            .collect();
        Ok(half_life(&pooled_weekly_gaps(&gaps)?))
    }
}
