//! How many weeks pass until half of a learned habit is gone.
//!
//! # Method
//! The gap of week *w* (0 is the first week after treatments stopped) is the number of orders missing in that
//! week, summed over worlds. The curve `G · 2^(-w / h)` with `G >= 0` is fitted by least squares: for each
//! half-life h the best G has a closed form, so only h is searched, first on a grid and then by golden section.
//! Weekly order counts vary about equally from week to week whatever the gap is, so unweighted least squares is
//! close to maximum likelihood, and weeks in which the gap is negative by chance count like any other. A fit
//! of logarithms could not use them and would overstate the half-life.
//!
//! # When it is not defined
//! - fewer than [`WEEKS_MIN`] weeks;
//! - the curve explains the gaps no better than none at all: with residual sums of squares S₁ with and S₀ without the
//!   curve over n weeks, `(S₁ / S₀)^((n - 2) / 2)`, the p-value of the F test with two parameters, exceeds 5 %;
//! - the fitted gap is zero, so orders are not missing but gained.
//!
//! A half-life longer than the observed weeks would be an extrapolation and is reported as more than them.
//! Shorter than a day cannot be seen in weekly gaps; [`SHORTEST_WEEKS`] is then returned.
//!
//! # Where to start
//! [`pooled_weekly_gaps`], then [`half_life`].

use crate::{daily::require_rectangle, error::StatsError};

/// Fewest weeks from which a half-life is read.
pub const WEEKS_MIN: usize = 4;

/// The shortest half-life that is told apart: one day.
pub const SHORTEST_WEEKS: f64 = 1.0 / 7.0;

/// Largest p-value at which the gaps count as a fading curve.
const P_VALUE_MAX: f64 = 0.05;

/// Points of the logarithmic grid over half-lives.
const GRID: u32 = 240;

/// The search ends at this multiple of the observed weeks: practically no decay.
const LONGEST_IN_SPANS: f64 = 50.0;

/// How long a learned habit lasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HalfLife {
    /// Weeks until half of it is gone.
    Weeks(f64),
    /// Not half gone within the observed number of weeks.
    MoreThan(u32),
    /// No fading habit can be told from chance.
    NotDefined,
}

/// Gaps of each week summed over worlds, from one series of weekly gaps per world.
///
/// # Errors
/// [`StatsError::Ragged`] when worlds have different numbers of weeks, [`StatsError::Overflow`] when a sum
/// leaves 64 bits.
pub fn pooled_weekly_gaps(worlds: &[Vec<i64>]) -> Result<Vec<i64>, StatsError> {
    let weeks = require_rectangle(worlds)?;
    (0..weeks)
        .map(|week| {
            let sum: i128 = worlds.iter().map(|world| i128::from(world[week])).sum();
            i64::try_from(sum).map_err(|_| StatsError::Overflow { what: "weekly gaps", sum })
        })
        .collect()
}

/// Half-life of the gap, from weekly gaps pooled over worlds; positive gaps are missing orders.
#[must_use]
pub fn half_life(weekly_gaps: &[i64]) -> HalfLife {
    let gaps: Vec<f64> = weekly_gaps.iter().map(|&g| g as f64).collect();
    let weeks = gaps.len();
    if weeks < WEEKS_MIN {
        return HalfLife::NotDefined;
    }
    let best = best_half_life(&gaps);
    let without: f64 = gaps.iter().map(|g| g * g).sum();
    if without == 0.0 || !explains(residual(&gaps, best), without, weeks) {
        return HalfLife::NotDefined;
    }
    if best >= weeks as f64 {
        HalfLife::MoreThan(u32::try_from(weeks).unwrap_or(u32::MAX))
    } else {
        HalfLife::Weeks(best)
    }
}

/// Whether the fitted curve beats no curve at the level stated above.
fn explains(with: f64, without: f64, weeks: usize) -> bool {
    libm::pow(with / without, (weeks as f64 - 2.0) / 2.0) <= P_VALUE_MAX
}

/// The half-life in weeks with the smallest residual.
fn best_half_life(gaps: &[f64]) -> f64 {
    let shortest = libm::log(SHORTEST_WEEKS);
    let step = (libm::log(LONGEST_IN_SPANS * gaps.len() as f64) - shortest) / f64::from(GRID);
    let at = |index: u32| shortest + step * f64::from(index);
    let cost = |log_half_life: f64| residual(gaps, libm::exp(log_half_life));
    let mut best = (cost(at(0)), 0);
    for index in 1..=GRID {
        let found = cost(at(index));
        if found < best.0 {
            best = (found, index);
        }
    }
    let (low, high) = (at(best.1.saturating_sub(1)), at((best.1 + 1).min(GRID)));
    libm::exp(golden_section(cost, low, high))
}

/// Residual sum of squares of the best non-negative curve with this half-life.
fn residual(gaps: &[f64], half_life_weeks: f64) -> f64 {
    let kept_per_week = libm::exp2(-1.0 / half_life_weeks);
    let (mut level, mut product, mut square) = (1.0, 0.0, 0.0);
    for gap in gaps {
        product += gap * level;
        square += level * level;
        level *= kept_per_week;
    }
    let start = (product / square).max(0.0);
    level = 1.0;
    let mut sum = 0.0;
    for gap in gaps {
        let rest = gap - start * level;
        sum += rest * rest;
        level *= kept_per_week;
    }
    sum
}

/// Smallest point of a function with one valley between `low` and `high`.
fn golden_section(cost: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    const INVERSE_GOLDEN: f64 = 0.618_033_988_749_894_9;
    let (mut left, mut right) = (high - INVERSE_GOLDEN * (high - low), low + INVERSE_GOLDEN * (high - low));
    let (mut left_cost, mut right_cost) = (cost(left), cost(right));
    // Forty steps shrink the bracket by 4e-9; the cost is flat at its minimum, so more digits are noise.
    for _ in 0..40 {
        if left_cost <= right_cost {
            (high, right, right_cost) = (right, left, left_cost);
            left = high - INVERSE_GOLDEN * (high - low);
            left_cost = cost(left);
        } else {
            (low, left, left_cost) = (left, right, right_cost);
            right = low + INVERSE_GOLDEN * (high - low);
            right_cost = cost(right);
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn decaying(half_life_weeks: f64, weeks: i32) -> Vec<i64> {
        (0..weeks).map(|w| (1e6 * libm::exp2(-f64::from(w) / half_life_weeks)).round() as i64).collect()
    }

    /// Goal: a clean decay is read back over the whole range that weekly gaps can show.
    #[test]
    fn a_clean_decay_is_recovered() {
        for truth in [0.5, 1.0, 3.0, 6.5, 11.0] {
            let HalfLife::Weeks(found) = half_life(&decaying(truth, 12)) else { panic!("{truth} not found") };
            assert!((found - truth).abs() < 1e-3 * truth, "{found} instead of {truth}");
        }
    }

    /// Goal: a gap that hardly fades, or grows, is not extrapolated.
    #[test]
    fn longer_than_observed_is_said() {
        assert_eq!(half_life(&decaying(40.0, 12)), HalfLife::MoreThan(12));
        assert_eq!(half_life(&[50, 52, 49, 51, 55, 60, 58, 61]), HalfLife::MoreThan(8));
    }

    /// Goal: no habit, a gain, or too few weeks have no half-life.
    #[test]
    fn not_defined_where_nothing_fades() {
        assert_eq!(half_life(&[0; 12]), HalfLife::NotDefined);
        assert_eq!(half_life(&[-400, -200, -100, -50, -25, -12]), HalfLife::NotDefined);
        assert_eq!(half_life(&[400, 200, 100]), HalfLife::NotDefined);
        assert_eq!(half_life(&[3, -4, 2, -1, -3, 4, 0, -2, 1, -3, 2, 1]), HalfLife::NotDefined);
    }

    /// Goal: weeks with a negative gap by chance neither break nor bend the fit.
    #[test]
    fn chance_in_the_tail_is_tolerated() {
        let noisy = [205, 148, 109, 66, 57, 30, 31, 9, 20, -6, 11, -3];
        let HalfLife::Weeks(found) = half_life(&noisy) else { panic!("no half-life") };
        assert!((found - 2.2).abs() < 0.3, "{found}");
    }

    /// Goal: pooling is a sum by week and refuses worlds of different length.
    #[test]
    fn pooling_sums_by_week() {
        assert_eq!(pooled_weekly_gaps(&[vec![1, 2], vec![10, -20]]).unwrap(), [11, -18]);
        assert_eq!(pooled_weekly_gaps(&[]).unwrap(), Vec::<i64>::new());
        let error = pooled_weekly_gaps(&[vec![1, 2], vec![1]]).unwrap_err();
        assert_eq!(error, StatsError::Ragged { world: 1, found: 1, expected: 2 });
        let error = pooled_weekly_gaps(&[vec![i64::MAX], vec![1]]).unwrap_err();
        assert!(matches!(error, StatsError::Overflow { .. }));
    }
}
