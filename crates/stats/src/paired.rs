//! Two arms over the same worlds: what one changes against the other.
//!
//! # What is compared
//! World *i* has the same shoppers and the same luck in both arms. So the difference is taken within each world
//! and only then averaged; the interval comes from the spread of those differences. Comparing two separate
//! intervals instead would throw the pairing away, and [`PairedDifference::variance_ratio`] says how much that
//! would have cost.
//!
//! # Promises
//! - A world in which either side has no value is left out of everything here, so all numbers of one result
//!   speak of the same worlds.
//! - Swapping the arms flips the sign of the mean exactly.
//!
//! # Where to start
//! [`paired_difference`].

use crate::{
    error::{StatsError, require_finite},
    interval::{Bounds, Interval, half_width, student_interval},
    sample,
};

/// The difference of one metric between an arm and the one it is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairedDifference {
    /// Arm minus versus, in the metric's unit, with the 95 % Student interval of the differences.
    pub difference: Interval,
    /// `(mean(arm) - mean(versus)) / mean(versus)` as a share (0.02 is two percent) with its delta-method
    /// interval; `None` when the mean of versus is zero. Against a negative base the sign is opposite to that
    /// of `difference`.
    pub relative: Option<Interval>,
    /// Whether the 95 % interval of the base lies wholly on one side of zero. When it does not, the ratio has
    /// no finite exact interval (Fieller 1954) and `relative` should not be shown as a result.
    pub base_clear_of_zero: bool,
    /// `(var(arm) + var(versus)) / var(arm - versus)` between worlds: how many times more worlds an unpaired
    /// comparison would have needed for the same interval. `None` below two worlds, or when the differences
    /// spread no more than rounding does.
    pub variance_ratio: Option<f64>,
}

/// Compares two arms over the same worlds, in world order. `Ok(None)` when no world has a value on both sides.
///
/// # Method
/// Absolute: Student's interval of the within-world differences. Relative: the ratio of means r = ā / b̄ is
/// linearised, so world *i* contributes `(aᵢ - r bᵢ) / b̄`; the sample variance of these residuals holds both
/// variances and the covariance. Student's quantile with n - 1 degrees of freedom. The linearisation is good
/// while the base is known to much better than its own size.
///
/// # Errors
/// [`StatsError::Unpaired`] when the slices differ in length, [`StatsError::NotFinite`] when a value is not finite.
pub fn paired_difference(
    arm: &[Option<f64>],
    versus: &[Option<f64>],
) -> Result<Option<PairedDifference>, StatsError> {
    if arm.len() != versus.len() {
        return Err(StatsError::Unpaired { what: "worlds", arm: arm.len(), versus: versus.len() });
    }
    let (a, b): (Vec<f64>, Vec<f64>) = arm.iter().zip(versus).filter_map(|(a, b)| a.zip(*b)).unzip();
    require_finite("arm", &a)?;
    require_finite("versus", &b)?;
    let differences: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a - b).collect();
    Ok(student_interval(&differences).map(|difference| PairedDifference {
        difference,
        relative: relative_difference(&a, &b),
        base_clear_of_zero: clear_of_zero(&b),
        variance_ratio: variance_ratio(&a, &b, &differences),
    }))
}

/// Delta-method interval of `mean(a) / mean(b) - 1`.
fn relative_difference(a: &[f64], b: &[f64]) -> Option<Interval> {
    let base = sample::mean(b);
    if base == 0.0 {
        return None;
    }
    let ratio = sample::mean(a) / base;
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    let mean = sample::mean(&differences) / base;
    let residuals: Vec<f64> = a.iter().zip(b).map(|(a, b)| (a - ratio * b) / base).collect();
    let bounds = half_width(&residuals).map(|h| Bounds { low: mean - h, high: mean + h });
    Some(Interval { mean, bounds, worlds: a.len() })
}

fn clear_of_zero(base: &[f64]) -> bool {
    student_interval(base).and_then(|i| i.bounds).is_some_and(|b| b.low > 0.0 || b.high < 0.0)
}

/// What pairing won; `None` where the differences spread no more than the rounding of their own subtraction.
fn variance_ratio(a: &[f64], b: &[f64], differences: &[f64]) -> Option<f64> {
    if differences.len() < 2 {
        return None;
    }
    let largest = a.iter().chain(b).fold(0.0, |m: f64, v| m.max(v.abs()));
    let rounding = 4.0 * f64::EPSILON * largest;
    let spread = sample::variance(differences);
    if spread <= rounding * rounding {
        return None;
    }
    Some((sample::variance(a) + sample::variance(b)) / spread)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn some(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    /// Goal: hand-computed difference, relative difference and gain of pairing.
    #[test]
    fn three_worlds_by_hand() {
        let result =
            paired_difference(&some(&[11.0, 23.0, 32.0]), &some(&[10.0, 20.0, 30.0])).unwrap().unwrap();
        assert_eq!(result.difference.mean, 2.0);
        assert_eq!(result.difference.worlds, 3);
        let half = 4.302_652_729_7 / 3.0_f64.sqrt();
        assert!((result.difference.high().unwrap() - 2.0 - half).abs() < 1e-8);
        // Ratio 1.1; residuals (0, 1, -1) / 20 have variance 1 / 400.
        let relative = result.relative.unwrap();
        assert!((relative.mean - 0.1).abs() < 1e-15);
        assert!((relative.high().unwrap() - 0.1 - half / 20.0).abs() < 1e-8);
        assert_eq!(result.variance_ratio, Some(111.0 + 100.0));
    }

    /// Goal: an arm that doubles every world has a wide absolute interval and a narrow relative one: the covariance
    /// counts. Ratio 2; residuals (2, -4, 2) / 20 have variance 12 / 400.
    #[test]
    fn relative_interval_uses_the_covariance() {
        let result =
            paired_difference(&some(&[22.0, 36.0, 62.0]), &some(&[10.0, 20.0, 30.0])).unwrap().unwrap();
        let relative = result.relative.unwrap();
        assert_eq!(relative.mean, 1.0);
        let half = 4.302_652_729_7 * f64::sqrt(12.0 / 400.0 / 3.0);
        assert!((relative.low().unwrap() - (1.0 - half)).abs() < 1e-9);
        assert!((relative.high().unwrap() - (1.0 + half)).abs() < 1e-9);
    }

    /// Goal: where nothing was changed the interval is exactly [0, 0] and no gain of pairing is claimed.
    #[test]
    fn identical_arms_differ_by_exactly_nothing() {
        let values = some(&[0.1, 0.7, 0.3, 1e9]);
        let result = paired_difference(&values, &values).unwrap().unwrap();
        assert_eq!(result.difference.bounds, Some(Bounds { low: 0.0, high: 0.0 }));
        assert_eq!(result.relative.unwrap().bounds, Some(Bounds { low: 0.0, high: 0.0 }));
        assert_eq!(result.variance_ratio, None);
    }

    /// Goal: a difference that is constant but for rounding must not boast of an astronomic gain.
    #[test]
    fn rounding_is_not_mistaken_for_spread() {
        let base = [0.1, 0.2, 0.3, 0.4];
        let shifted: Vec<f64> = base.iter().map(|v| v + 0.7).collect();
        let result = paired_difference(&some(&shifted), &some(&base)).unwrap().unwrap();
        assert_eq!(result.variance_ratio, None);
    }

    /// Goal: a world counts only when both arms have a value in it.
    #[test]
    fn half_empty_worlds_leave_both_sides() {
        let arm = [Some(5.0), None, Some(9.0), Some(100.0)];
        let versus = [Some(4.0), Some(50.0), Some(7.0), None];
        let result = paired_difference(&arm, &versus).unwrap().unwrap();
        assert_eq!((result.difference.mean, result.difference.worlds), (1.5, 2));
        assert_eq!(result.relative.unwrap().mean, 3.0 / 11.0);
        assert_eq!(paired_difference(&[None], &[Some(1.0)]), Ok(None));
    }

    /// Goal: with one world there is a mean and nothing else; with base zero there is no relative difference.
    #[test]
    fn little_data_and_empty_base() {
        let one = paired_difference(&[Some(3.0)], &[Some(2.0)]).unwrap().unwrap();
        assert_eq!(one.difference, Interval { mean: 1.0, bounds: None, worlds: 1 });
        assert_eq!(one.relative, Some(Interval { mean: 0.5, bounds: None, worlds: 1 }));
        assert_eq!((one.variance_ratio, one.base_clear_of_zero), (None, false));
        let empty = paired_difference(&some(&[3.0, 4.0]), &some(&[0.0, 0.0])).unwrap().unwrap();
        assert_eq!(empty.relative, None);
        assert!(!empty.base_clear_of_zero);
        assert_eq!(empty.difference.mean, 3.5);
    }

    /// Goal: wrong input is named.
    #[test]
    fn wrong_input_is_refused() {
        let unpaired = paired_difference(&[Some(1.0)], &[]).unwrap_err();
        assert_eq!(unpaired, StatsError::Unpaired { what: "worlds", arm: 1, versus: 0 });
        let broken = paired_difference(&some(&[1.0, f64::NAN]), &some(&[1.0, 2.0])).unwrap_err();
        assert_eq!(broken, StatsError::NotFinite { what: "arm", index: 1 });
    }
}
