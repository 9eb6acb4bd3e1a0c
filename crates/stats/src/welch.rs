//! Welch's t test of two independent samples: means, proportions and ratio metrics, absolute and relative.
//!
//! # What it is for
//! Samples of *different* shoppers, as in a live experiment. Arms over the same worlds belong to
//! [`crate::paired`], which is far sharper.
//!
//! # Promises
//! - The two variances need not be equal; degrees of freedom by Welch and Satterthwaite.
//! - A relative difference `(arm - versus) / versus` carries the uncertainty of its base by the delta method.
//!
//! # Where to start
//! Make two [`Estimate`]s, then [`welch`].

use crate::{
    distribution::{student_quantile, student_two_sided},
    error::{StatsError, require_finite, require_open_share},
    interval::Bounds,
    sample,
};

/// What the test needs to know about one sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Number of shoppers.
    pub count: u64,
    /// Estimated mean (or share, or ratio).
    pub mean: f64,
    /// Variance of one shopper's contribution to it, so that `variance / count` is that of `mean`.
    pub variance: f64,
}

impl Estimate {
    /// From count, sum and sum of squares of a sample; variance with divisor n - 1.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] below two, [`StatsError::OutOfRange`] when no sample has such sums.
    pub fn of_mean(count: u64, sum: f64, sum_of_squares: f64) -> Result<Self, StatsError> {
        require_two(count)?;
        require_finite("sums", &[sum, sum_of_squares])?;
        let n = count as f64;
        let mean = sum / n;
        let squares = sum_of_squares - sum * mean;
        // Rounding of the subtraction may leave a tiny negative rest where all values are equal.
        if squares < -1e-9 * sum_of_squares.abs() {
            let allowed = "at least the square of the sum over the count";
            return Err(StatsError::OutOfRange { name: "sum of squares", found: sum_of_squares, allowed });
        }
        Ok(Self { count, mean, variance: squares.max(0.0) / (n - 1.0) })
    }

    /// From the number of successes among `count`; variance `p (1 - p)`.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] below two, [`StatsError::OutOfRange`] for more successes than trials.
    pub fn of_share(count: u64, successes: u64) -> Result<Self, StatsError> {
        require_two(count)?;
        if successes > count {
            let allowed = "at most the number of trials";
            return Err(StatsError::OutOfRange { name: "successes", found: successes as f64, allowed });
        }
        let share = successes as f64 / count as f64;
        Ok(Self { count, mean: share, variance: share * (1.0 - share) })
    }

    /// A ratio of sums over shoppers, for example revenue per session, by the delta method.
    ///
    /// `numerators[i]` and `denominators[i]` belong to the same shopper, who is the unit of randomisation.
    ///
    /// # Errors
    /// [`StatsError::Unpaired`], [`StatsError::TooFew`], [`StatsError::NotFinite`], and
    /// [`StatsError::OutOfRange`] when the denominators sum to zero.
    pub fn of_ratio(numerators: &[f64], denominators: &[f64]) -> Result<Self, StatsError> {
        if numerators.len() != denominators.len() {
            let (arm, versus) = (numerators.len(), denominators.len());
            return Err(StatsError::Unpaired { what: "numerators and denominators", arm, versus });
        }
        let count = numerators.len() as u64;
        require_two(count)?;
        require_finite("numerators", numerators)?;
        require_finite("denominators", denominators)?;
        let base = sample::mean(denominators);
        if base == 0.0 {
            return Err(StatsError::OutOfRange {
                name: "sum of denominators",
                found: base,
                allowed: "not zero",
            });
        }
        let ratio = sample::mean(numerators) / base;
        let residual = |(n, d): (&f64, &f64)| (n - ratio * d) / base;
        let residuals: Vec<f64> = numerators.iter().zip(denominators).map(residual).collect();
        Ok(Self { count, mean: ratio, variance: sample::variance(&residuals) })
    }

    fn variance_of_mean(&self) -> f64 {
        self.variance / self.count as f64
    }
}

fn require_two(count: u64) -> Result<(), StatsError> {
    if count < 2 { Err(StatsError::TooFew { what: "shoppers", found: count, needed: 2 }) } else { Ok(()) }
}

/// How the difference is expressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// `arm - versus`.
    Absolute,
    /// `(arm - versus) / versus`, as a share.
    Relative,
}

/// Result of Welch's test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Welch {
    /// The difference.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Degrees of freedom, seldom a whole number.
    pub degrees: f64,
    /// Two-sided p-value.
    pub p_value: f64,
    /// Interval at level `1 - alpha`.
    pub bounds: Bounds,
}

/// Compares two independent samples; `alpha` is the two-sided error rate (0.05 gives a 95 % interval).
///
/// # Errors
/// [`StatsError::OutOfRange`] for `alpha` outside 0 to 1, or a relative difference on a base of zero;
/// [`StatsError::NoSpread`] when neither sample varies.
pub fn welch(arm: &Estimate, versus: &Estimate, kind: Difference, alpha: f64) -> Result<Welch, StatsError> {
    require_open_share("alpha", alpha)?;
    let (arm_part, versus_part) = (arm.variance_of_mean(), versus.variance_of_mean());
    let total = arm_part + versus_part;
    if total <= 0.0 {
        return Err(StatsError::NoSpread { what: "Welch's t test" });
    }
    let difference = arm.mean - versus.mean;
    let (estimate, variance) = match kind {
        Difference::Absolute => (difference, total),
        Difference::Relative if versus.mean == 0.0 => {
            return Err(StatsError::OutOfRange { name: "mean of versus", found: 0.0, allowed: "not zero" });
        }
        Difference::Relative => {
            let base = versus.mean;
            let ratio = arm.mean / base;
            (difference / base, (arm_part + ratio * ratio * versus_part) / (base * base))
        }
    };
    let per_degree = |part: f64, count: u64| part * part / (count as f64 - 1.0);
    let degrees = total * total / (per_degree(arm_part, arm.count) + per_degree(versus_part, versus.count));
    let standard_error = variance.sqrt();
    let half = student_quantile(1.0 - alpha / 2.0, degrees) * standard_error;
    Ok(Welch {
        estimate,
        standard_error,
        degrees,
        p_value: student_two_sided(estimate / standard_error, degrees),
        bounds: Bounds { low: estimate - half, high: estimate + half },
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Goal: by hand; means 3 and 5, variances of the means 1 and 1/3, so t = 2 / √(4/3).
    #[test]
    fn two_small_samples_by_hand() {
        let versus = Estimate { count: 4, mean: 3.0, variance: 4.0 };
        let arm = Estimate { count: 3, mean: 5.0, variance: 1.0 };
        let test = welch(&arm, &versus, Difference::Absolute, 0.05).unwrap();
        assert_eq!(test.estimate, 2.0);
        assert!((test.standard_error - (4.0_f64 / 3.0).sqrt()).abs() < 1e-15);
        // (16/9) / (1/3 + 1/18)
        assert!((test.degrees - 32.0 / 7.0).abs() < 1e-12);
        let relative = welch(&arm, &versus, Difference::Relative, 0.05).unwrap();
        assert!((relative.estimate - 2.0 / 3.0).abs() < 1e-15);
        let variance = (1.0 / 3.0 + 25.0 / 9.0) / 9.0;
        assert!((relative.standard_error - f64::sqrt(variance)).abs() < 1e-15);
    }

    /// Goal: a ratio metric with constant denominators is an ordinary mean.
    #[test]
    fn a_ratio_over_a_constant_is_a_mean() {
        let ratio = Estimate::of_ratio(&[2.0, 4.0, 9.0], &[2.0, 2.0, 2.0]).unwrap();
        assert!((ratio.mean - 2.5).abs() < 1e-15 && (ratio.variance - 13.0 / 4.0).abs() < 1e-14);
        let mean = Estimate::of_mean(3, 15.0, 101.0).unwrap();
        assert_eq!((mean.mean, mean.variance), (5.0, 13.0));
        assert_eq!(Estimate::of_share(10, 5).unwrap().variance, 0.25);
    }

    /// Goal: wrong input is named.
    #[test]
    fn wrong_input_is_refused() {
        assert!(matches!(Estimate::of_mean(1, 1.0, 1.0), Err(StatsError::TooFew { .. })));
        assert!(matches!(Estimate::of_mean(2, 10.0, 1.0), Err(StatsError::OutOfRange { .. })));
        assert!(matches!(Estimate::of_share(2, 3), Err(StatsError::OutOfRange { .. })));
        assert!(matches!(Estimate::of_ratio(&[1.0, 2.0], &[0.0, 0.0]), Err(StatsError::OutOfRange { .. })));
        let flat = Estimate { count: 5, mean: 0.0, variance: 0.0 };
        let wide = Estimate { variance: 1.0, ..flat };
        assert!(matches!(welch(&flat, &flat, Difference::Absolute, 0.05), Err(StatsError::NoSpread { .. })));
        assert!(matches!(
            welch(&wide, &flat, Difference::Relative, 0.05),
            Err(StatsError::OutOfRange { .. })
        ));
        assert!(matches!(welch(&wide, &wide, Difference::Absolute, 0.0), Err(StatsError::OutOfRange { .. })));
    }
}
