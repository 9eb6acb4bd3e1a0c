//! Power of two-sided tests and the sample size that reaches it.
//!
//! # Promises
//! - Power counts rejections in both tails, exactly: noncentral t for t tests, shifted normal for z tests.
//! - Sample sizes are real numbers; round up for a plan.
//!
//! # Where to start
//! Pick a [`Test`]; [`power`] answers "will I see it?", [`sample_size_for`] "how many do I need?", and
//! [`smallest_effect`] "what can I see at all?". Effects are in standard deviations; [`cohen_h`] turns two shares
//! into one.

use crate::{
    distribution::{normal_lower, normal_quantile, student_quantile},
    error::{StatsError, require_open_share},
    noncentral::two_sided_tail,
};

/// The planned test. `count` below is the size of the first sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Test {
    /// t test of two samples with equal variance; the second sample is `ratio` times the first.
    TTwoSample {
        /// Size of the second sample over that of the first.
        ratio: f64,
    },
    /// t test of the differences of `count` pairs; the effect is in standard deviations of the differences.
    TPaired,
    /// Normal test of two samples; the second sample is `ratio` times the first.
    ZTwoSample {
        /// Size of the second sample over that of the first.
        ratio: f64,
    },
}

impl Test {
    /// Smallest first sample for which the test exists with at least one degree of freedom.
    fn smallest_count(self) -> f64 {
        match self {
            Self::TTwoSample { ratio } => 3.0 / (1.0 + ratio),
            Self::TPaired => 2.0,
            Self::ZTwoSample { .. } => 0.0,
        }
    }

    /// Effective count: the mean difference has the variance `1 / effective` in units of the variance.
    fn effective(self, count: f64) -> f64 {
        match self {
            Self::TPaired => count,
            Self::TTwoSample { ratio } | Self::ZTwoSample { ratio } => count * ratio / (1.0 + ratio),
        }
    }

    fn require_ratio(self) -> Result<(), StatsError> {
        match self {
            Self::TTwoSample { ratio } | Self::ZTwoSample { ratio }
                if !(ratio.is_finite() && ratio > 0.0) =>
            {
                Err(StatsError::OutOfRange { name: "ratio", found: ratio, allowed: "positive and finite" })
            }
            _ => Ok(()),
        }
    }
}

/// Cohen's h, the difference of two shares on the arcsine scale: the effect for [`Test::ZTwoSample`].
///
/// # Errors
/// [`StatsError::OutOfRange`] when a share is not within 0 to 1.
pub fn cohen_h(from: f64, to: f64) -> Result<f64, StatsError> {
    for found in [from, to] {
        if !(0.0..=1.0).contains(&found) {
            return Err(StatsError::OutOfRange { name: "share", found, allowed: "between 0 and 1" });
        }
    }
    Ok(2.0 * (libm::asin(to.sqrt()) - libm::asin(from.sqrt())))
}

/// Probability that the two-sided test at `alpha` rejects, given the true `effect`.
///
/// # Errors
/// [`StatsError::OutOfRange`] for `alpha` outside 0 to 1, an effect that is not finite, or a count too small
/// for one degree of freedom.
pub fn power(test: Test, effect: f64, count: f64, alpha: f64) -> Result<f64, StatsError> {
    require_open_share("alpha", alpha)?;
    test.require_ratio()?;
    if !effect.is_finite() {
        return Err(StatsError::OutOfRange { name: "effect", found: effect, allowed: "finite" });
    }
    if !(count.is_finite() && count > 0.0 && count >= test.smallest_count()) {
        let allowed = "positive, finite and large enough for one degree of freedom";
        return Err(StatsError::OutOfRange { name: "count", found: count, allowed });
    }
    Ok(rejects(test, effect, count, alpha))
}

/// [`power`] for arguments already checked.
fn rejects(test: Test, effect: f64, count: f64, alpha: f64) -> f64 {
    let shift = effect * test.effective(count).sqrt();
    let upper = 1.0 - alpha / 2.0;
    let degrees = match test {
        Test::TTwoSample { ratio } => (count * (1.0 + ratio) - 2.0).max(1.0),
        Test::TPaired => count - 1.0,
        Test::ZTwoSample { .. } => {
            let critical = normal_quantile(upper);
            return normal_lower(shift - critical) + normal_lower(-shift - critical);
        }
    };
    two_sided_tail(student_quantile(upper, degrees), degrees, shift)
}

/// The size of the first sample at which the test reaches `target` power.
///
/// Returns the smallest possible sample if even that one has more power.
///
/// # Errors
/// [`StatsError::OutOfRange`] for `alpha` or `target` outside 0 to 1, `target` not above `alpha` (any sample has
/// that much), or an effect that is zero or not finite.
pub fn sample_size_for(test: Test, effect: f64, alpha: f64, target: f64) -> Result<f64, StatsError> {
    require_target(test, alpha, target)?;
    if !effect.is_finite() || effect == 0.0 {
        return Err(StatsError::OutOfRange { name: "effect", found: effect, allowed: "finite and not zero" });
    }
    let low = test.smallest_count();
    // With this count the normal approximation has shift z + z, and t needs a few more at most.
    let first_guess = test.effective(1.0) * effect * effect;
    let wanted = |count: f64| rejects(test, effect, count, alpha) - target;
    Ok(increasing_root(wanted, low, (10.0 / first_guess).max(2.0 * low)))
}

/// The smallest effect, in standard deviations, that the test finds with `target` power.
///
/// # Errors
/// As [`sample_size_for`], and a count too small for one degree of freedom.
pub fn smallest_effect(test: Test, count: f64, alpha: f64, target: f64) -> Result<f64, StatsError> {
    require_target(test, alpha, target)?;
    power(test, 0.0, count, alpha)?;
    let wanted = |effect: f64| rejects(test, effect, count, alpha) - target;
    Ok(increasing_root(wanted, 0.0, 4.0 / test.effective(count).sqrt()))
}

fn require_target(test: Test, alpha: f64, target: f64) -> Result<(), StatsError> {
    require_open_share("alpha", alpha)?;
    require_open_share("power", target)?;
    test.require_ratio()?;
    if target <= alpha {
        return Err(StatsError::OutOfRange { name: "power", found: target, allowed: "above alpha" });
    }
    Ok(())
}

/// Where an increasing function crosses zero, from `low` up; `high` is a first guess of an upper end.
fn increasing_root(function: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    if low > 0.0 && function(low) >= 0.0 {
        return low;
    }
    while function(high) < 0.0 && high < 1e300 {
        (low, high) = (high, 2.0 * high);
    }
    // Two hundred halvings fix all digits even when the search starts at zero.
    for _ in 0..200 {
        if high - low <= 1e-13 * high {
            break;
        }
        let middle = f64::midpoint(low, high);
        if function(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TESTS: [Test; 4] = [
        Test::TTwoSample { ratio: 1.0 },
        Test::TTwoSample { ratio: 2.5 },
        Test::TPaired,
        Test::ZTwoSample { ratio: 0.5 },
    ];

    /// Goal: the textbook case (Cohen 1988): d = 0.5, 64 per group, power 0.80.
    #[test]
    fn cohens_medium_effect() {
        let found = power(Test::TTwoSample { ratio: 1.0 }, 0.5, 64.0, 0.05).unwrap();
        assert!((found - 0.801_459_6).abs() < 1e-5, "{found}");
    }

    /// Goal: power, sample size and smallest effect answer the same question from three sides.
    #[test]
    fn three_sides_of_one_equation() {
        for test in TESTS {
            let count = sample_size_for(test, 0.3, 0.05, 0.9).unwrap();
            assert!((power(test, 0.3, count, 0.05).unwrap() - 0.9).abs() < 1e-9, "{test:?}");
            assert!((smallest_effect(test, count, 0.05, 0.9).unwrap() - 0.3).abs() < 1e-9, "{test:?}");
            assert!((power(test, 0.0, count, 0.05).unwrap() - 0.05).abs() < 1e-9, "{test:?}");
            let negative = power(test, -0.3, count, 0.05).unwrap();
            assert!((negative - 0.9).abs() < 1e-9, "{test:?}");
        }
    }

    /// Goal: few worlds are a plan too: power rises with every pair.
    #[test]
    fn power_rises_with_the_number_of_pairs() {
        let found: Vec<f64> =
            (2..12).map(|n| power(Test::TPaired, 1.5, f64::from(n), 0.05).unwrap()).collect();
        assert!(found.windows(2).all(|w| w[0] < w[1]), "{found:?}");
        assert_eq!(sample_size_for(Test::TPaired, 100.0, 0.05, 0.8).unwrap(), 2.0);
    }

    /// Goal: questions without an answer are refused.
    #[test]
    fn wrong_input_is_refused() {
        let test = Test::TPaired;
        assert!(sample_size_for(test, 0.0, 0.05, 0.8).is_err());
        assert!(sample_size_for(test, 0.1, 0.05, 0.04).is_err());
        assert!(power(test, 0.1, 1.5, 0.05).is_err());
        assert!(power(test, f64::NAN, 5.0, 0.05).is_err());
        assert!(power(Test::TTwoSample { ratio: 0.0 }, 0.1, 5.0, 0.05).is_err());
        assert!(cohen_h(-0.1, 0.5).is_err());
    }
}
