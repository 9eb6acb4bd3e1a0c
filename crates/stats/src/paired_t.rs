//! Paired t test over units that exist in both samples, for example the same shoppers under two policies.
//!
//! Promise: the test is Student's on the within-pair differences; correlation and variance ratio say what the
//! pairing was worth. Start at [`paired_t`]. For arms compared over worlds use [`crate::paired`].

use crate::{
    distribution::{student_quantile, student_two_sided},
    error::{StatsError, require_finite, require_open_share},
    interval::Bounds,
    sample,
};

/// Result of a paired t test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairedT {
    /// Mean of arm minus versus.
    pub mean_difference: f64,
    /// Standard error of that mean.
    pub standard_error: f64,
    /// `mean_difference / standard_error`; with zero error infinite, or zero when the mean is zero too.
    pub t: f64,
    /// Two-sided p-value with n - 1 degrees of freedom.
    pub p_value: f64,
    /// Interval at the level asked for.
    pub bounds: Bounds,
    /// Pearson correlation of the two sides; `None` when one of them has no spread.
    pub correlation: Option<f64>,
    /// `(var(arm) + var(versus)) / var(arm - versus)`; `None` when the differences have no spread.
    pub variance_ratio: Option<f64>,
}

/// Tests whether `arm[i] - versus[i]` is zero on average, with an interval at `level` (0.95 is 95 %).
///
/// # Errors
/// [`StatsError::Unpaired`] for different lengths, [`StatsError::TooFew`] below two pairs,
/// [`StatsError::NotFinite`], [`StatsError::OutOfRange`] for a level outside 0 to 1.
pub fn paired_t(arm: &[f64], versus: &[f64], level: f64) -> Result<PairedT, StatsError> {
    require_open_share("level", level)?;
    if arm.len() != versus.len() {
        return Err(StatsError::Unpaired { what: "pairs", arm: arm.len(), versus: versus.len() });
    }
    if arm.len() < 2 {
        return Err(StatsError::TooFew { what: "pairs", found: arm.len() as u64, needed: 2 });
    }
    require_finite("arm", arm)?;
    require_finite("versus", versus)?;
    let differences: Vec<f64> = arm.iter().zip(versus).map(|(a, b)| a - b).collect();
    let count = arm.len() as f64;
    let mean = sample::mean(&differences);
    let spread = sample::variance(&differences);
    let standard_error = (spread / count).sqrt();
    let t = if mean == 0.0 { 0.0 } else { mean / standard_error };
    let half = student_quantile(f64::midpoint(1.0, level), count - 1.0) * standard_error;
    let (arm_variance, versus_variance) = (sample::variance(arm), sample::variance(versus));
    let product = arm_variance.sqrt() * versus_variance.sqrt();
    Ok(PairedT {
        mean_difference: mean,
        standard_error,
        t,
        p_value: student_two_sided(t, count - 1.0),
        bounds: Bounds { low: mean - half, high: mean + half },
        correlation: (product > 0.0).then(|| sample::covariance(arm, versus) / product),
        variance_ratio: (spread > 0.0).then(|| (arm_variance + versus_variance) / spread),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Goal: the classic sleep data (Student 1908, table I): t = 4.0621 on 9 degrees, p = 0.002833.
    #[test]
    fn students_own_example() {
        let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        let test = paired_t(&second, &first, 0.95).unwrap();
        assert!((test.mean_difference - 1.58).abs() < 1e-12);
        assert!((test.t - 4.062_128).abs() < 1e-6);
        assert!((test.p_value - 0.002_833).abs() < 1e-6);
        assert!((test.bounds.low - 0.700_114_2).abs() < 1e-6);
    }

    /// Goal: identical sides are no evidence, a constant shift is certain.
    #[test]
    fn no_spread_in_the_differences() {
        let same = paired_t(&[1.0, 2.0, 4.0], &[1.0, 2.0, 4.0], 0.95).unwrap();
        assert_eq!((same.t, same.p_value, same.variance_ratio), (0.0, 1.0, None));
        let shifted = paired_t(&[2.0, 3.0, 5.0], &[1.0, 2.0, 4.0], 0.95).unwrap();
        assert_eq!((shifted.t, shifted.p_value), (f64::INFINITY, 0.0));
    }

    /// Goal: wrong input is named.
    #[test]
    fn wrong_input_is_refused() {
        assert!(matches!(paired_t(&[1.0], &[], 0.95), Err(StatsError::Unpaired { .. })));
        assert!(matches!(paired_t(&[1.0], &[1.0], 0.95), Err(StatsError::TooFew { .. })));
        assert!(matches!(paired_t(&[1.0, 2.0], &[1.0, 2.0], 95.0), Err(StatsError::OutOfRange { .. })));
        assert!(matches!(paired_t(&[1.0, f64::NAN], &[1.0, 2.0], 0.5), Err(StatsError::NotFinite { .. })));
    }
}
