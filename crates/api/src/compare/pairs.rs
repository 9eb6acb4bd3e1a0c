//! Paired differences: every metric of every arm against each arm before it.

use counterfoil_stats::{Interval, PairedDifference, Verdict, paired_difference, verdict};

use super::{Facts, Shown, levels, shown_metrics};
use crate::dto;
use crate::error::Answered;

/// One metric of one pair.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
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
    pub(crate) fn pairs(&self) -> Answered<Vec<Pair>> {
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
    pub(crate) fn pair(&self, shown: &Shown, arm: usize, versus: usize) -> Answered<Pair> {
        let names = self.arms();
        let (arm_name, versus_name) = (names[arm].to_owned(), names[versus].to_owned());
        let pair = |found: Option<PairedDifference>, verdict: Verdict| Pair {
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
        let enough = self.units.len() >= 2 && levels.is_some();
        let verdict = if enough { Verdict::NoClearDifference } else { Verdict::NotEnoughWorlds };
        let found = levels.map(|(arm, versus)| {
            let lone = |mean: f64| Interval { mean, bounds: None, worlds: self.units.len() };
            let difference = arm.mean - versus.mean;
            let relative = (versus.mean != 0.0).then(|| lone(difference / versus.mean));
            let (base_clear_of_zero, variance_ratio) = (false, None);
            PairedDifference { difference: lone(difference), relative, base_clear_of_zero, variance_ratio }
        });
        Ok((found, verdict))
    }
}

impl Pair {
    pub(crate) fn dto(&self) -> dto::Difference {
        dto::Difference {
            arm: self.arm.clone(),
            versus: self.versus.clone(),
            metric: self.metric.to_owned(),
            interval: levels::dto(self.difference.as_ref()),
            relative: self.relative.map(|found| dto::Relative {
                mean: found.mean,
                low: found.low(),
                high: found.high(),
            }),
            variance_ratio: self.variance_ratio,
            verdict: verdict_dto(self.verdict),
        }
    }
}

pub(super) fn verdict_dto(verdict: Verdict) -> dto::Verdict {
    match verdict {
        Verdict::Higher => dto::Verdict::Higher,
        Verdict::Lower => dto::Verdict::Lower,
        Verdict::NoDifferenceThatMatters => dto::Verdict::NoMatter,
        Verdict::NoClearDifference => dto::Verdict::Unclear,
        Verdict::NotEnoughWorlds => dto::Verdict::TooFewWorlds,
    }
}
