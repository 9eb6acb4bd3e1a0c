//! Paired differences: every metric of every arm against each arm before it.

use counterfoil_stats::interval::LEVEL;
use counterfoil_stats::{Interval, PairedDifference, Verdict, paired_difference, verdict};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::error::Answered;
use crate::facts::Facts;
use crate::levels::Level;
use crate::metrics::{Shown, shown_metrics};

/// One metric of one pair: `arm` - `versus`. Written with `mean`, `low` and `high` side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Arm.
    pub arm: String,
    /// The one it is compared with.
    pub versus: String,
    /// Metric.
    pub metric: &'static str,
    /// Arm minus versus.
    pub difference: Option<Interval>,
    /// The same as a share of the level of versus.
    pub relative: Option<Interval>,
    /// What pairing won.
    pub variance_ratio: Option<f64>,
    /// What may be said.
    pub verdict: Verdict,
}

impl Facts {
    /// All pairs, by arm, then by the arm before it, then by metric.
    pub(crate) fn pairs(&self) -> Answered<Vec<Difference>> {
        let metrics = shown_metrics();
        let mut pairs = Vec::new();
        for arm in 0..self.arms().len() {
            for versus in 0..arm {
                for shown in &metrics {
                    pairs.push(self.pair(shown, arm, versus)?);
                }
            }
        }
        Ok(pairs)
    }

    /// One metric of any two arms, in either order.
    pub(crate) fn pair(&self, shown: &Shown, arm: usize, versus: usize) -> Answered<Difference> {
        let names = self.arms();
        let (arm_name, versus_name) = (names[arm].to_owned(), names[versus].to_owned());
        let pair = |found: Option<PairedDifference>, verdict: Verdict| Difference {
            arm: arm_name,
            versus: versus_name,
            metric: shown.name,
            difference: found.map(|found| found.difference),
            relative: found.and_then(|found| found.relative),
            variance_ratio: found.and_then(|found| found.variance_ratio),
            verdict,
        };
        if shown.metric.is_none() {
            let (found, verdict) = self.half_life_difference(arm, versus)?;
            return Ok(pair(found, verdict));
        }
        let found = paired_difference(&self.values(shown, arm), &self.values(shown, versus))?;
        let Some(difference) = found.map(|found| found.difference) else {
            return Ok(pair(None, Verdict::NotEnoughWorlds));
        };
        let level = self.level(shown, versus)?.map_or(0.0, |level| level.mean.abs());
        let verdict = verdict(&difference, self.scenario.matters.fraction() * level);
        Ok(pair(found, verdict))
    }

    /// Half-lives are read from all worlds together: they differ, but by how much for sure cannot be said.
    fn half_life_difference(
        &self,
        arm: usize,
        versus: usize,
    ) -> Answered<(Option<PairedDifference>, Verdict)> {
        let levels = self.half_life_level(arm)?.zip(self.half_life_level(versus)?);
        let enough = self.worlds.len() >= 2 && levels.is_some();
        let verdict = if enough { Verdict::NoClearDifference } else { Verdict::NotEnoughWorlds };
        let found = levels.map(|(arm, versus)| {
            let lone = |mean: f64| Interval { mean, bounds: None, worlds: self.worlds.len() };
            let difference = arm.mean - versus.mean;
            let relative = (versus.mean != 0.0).then(|| lone(difference / versus.mean));
            let (base_clear_of_zero, variance_ratio) = (false, None);
            PairedDifference { difference: lone(difference), relative, base_clear_of_zero, variance_ratio }
        });
        Ok((found, verdict))
    }
}

impl Serialize for Difference {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let found = Level(self.difference);
        let mut fields = to.serialize_struct("Difference", 11)?;
        fields.serialize_field("arm", &self.arm)?;
        fields.serialize_field("versus", &self.versus)?;
        fields.serialize_field("metric", self.metric)?;
        fields.serialize_field("mean", &found.mean())?;
        fields.serialize_field("low", &found.low())?;
        fields.serialize_field("high", &found.high())?;
        fields.serialize_field("relative", &self.relative.map(Relative))?;
        fields.serialize_field("level", &LEVEL)?;
        fields.serialize_field("worlds", &found.worlds())?;
        fields.serialize_field("variance_ratio", &self.variance_ratio)?;
        fields.serialize_field("verdict", self.verdict.label())?;
        fields.end()
    }
}

/// A difference as a share of the reference's level: without the number of worlds, which stands beside it.
struct Relative(Interval);

impl Serialize for Relative {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut fields = to.serialize_struct("Relative", 3)?;
        fields.serialize_field("mean", &self.0.mean)?;
        fields.serialize_field("low", &self.0.low())?;
        fields.serialize_field("high", &self.0.high())?;
        fields.end()
    }
}
