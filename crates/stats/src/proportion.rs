//! Shares: intervals for one and for the difference of two, and the z test of arms against a control.
//!
//! Promise: each method is the textbook one under its usual name; intervals of one share stay within 0 to 1.
//! Start at [`share_interval`] and [`share_difference_interval`]; [`z_test`] is the large-sample test.

use crate::{
    distribution::{beta_quantile, normal_quantile, normal_two_sided},
    error::{StatsError, require_open_share},
    interval::Bounds,
};

/// Successes among trials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    successes: u64,
    trials: u64,
}

impl Share {
    /// `successes` among `trials`.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] without trials, [`StatsError::OutOfRange`] for more successes than trials.
    pub fn new(successes: u64, trials: u64) -> Result<Self, StatsError> {
        if trials == 0 {
            return Err(StatsError::TooFew { what: "trials", found: 0, needed: 1 });
        }
        if successes > trials {
            let allowed = "at most the number of trials";
            return Err(StatsError::OutOfRange { name: "successes", found: successes as f64, allowed });
        }
        Ok(Self { successes, trials })
    }

    /// The observed share.
    #[must_use]
    pub fn value(self) -> f64 {
        self.successes as f64 / self.trials as f64
    }

    /// The share with `added` successes and as many failures added.
    fn padded(self, added: f64) -> (f64, f64) {
        let trials = self.trials as f64 + 2.0 * added;
        ((self.successes as f64 + added) / trials, trials)
    }
}

/// Interval for one share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareMethod {
    /// Inversion of the score test (Wilson 1927): good at any size.
    Wilson,
    /// Exact tails of the binomial (Clopper and Pearson 1934): never below the level, often wide.
    ClopperPearson,
    /// Normal interval after adding z²/2 successes and failures (Agresti and Coull 1998).
    AgrestiCoull,
    /// Equal-tailed posterior under the prior of Jeffreys.
    Jeffreys,
    /// Normal approximation; for large counts only.
    Normal,
}

/// Interval for a share at level `1 - alpha`.
///
/// # Errors
/// [`StatsError::OutOfRange`] for `alpha` outside 0 to 1.
pub fn share_interval(share: Share, method: ShareMethod, alpha: f64) -> Result<Bounds, StatsError> {
    require_open_share("alpha", alpha)?;
    let z = normal_quantile(1.0 - alpha / 2.0);
    let (x, n) = (share.successes as f64, share.trials as f64);
    let bounds = match method {
        ShareMethod::Wilson => wilson(share, z),
        ShareMethod::ClopperPearson => Bounds {
            low: if x == 0.0 { 0.0 } else { beta_quantile(alpha / 2.0, x, n - x + 1.0) },
            high: if x == n { 1.0 } else { beta_quantile(1.0 - alpha / 2.0, x + 1.0, n - x) },
        },
        ShareMethod::Jeffreys => Bounds {
            low: beta_quantile(alpha / 2.0, x + 0.5, n - x + 0.5),
            high: beta_quantile(1.0 - alpha / 2.0, x + 0.5, n - x + 0.5),
        },
        ShareMethod::AgrestiCoull => normal_interval(share.padded(z * z / 2.0), z),
        ShareMethod::Normal => normal_interval(share.padded(0.0), z),
    };
    Ok(Bounds { low: bounds.low.max(0.0), high: bounds.high.min(1.0) })
}

fn normal_interval((share, trials): (f64, f64), z: f64) -> Bounds {
    let half = z * (share * (1.0 - share) / trials).sqrt();
    Bounds { low: share - half, high: share + half }
}

fn wilson(share: Share, z: f64) -> Bounds {
    let (p, n) = (share.value(), share.trials as f64);
    let z_squared = z * z;
    let shrink = 1.0 + z_squared / n;
    let centre = (p + z_squared / (2.0 * n)) / shrink;
    let half = z * (p * (1.0 - p) / n + z_squared / (4.0 * n * n)).sqrt() / shrink;
    Bounds { low: centre - half, high: centre + half }
}

/// Interval for the difference of two independent shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareDifferenceMethod {
    /// Wilson intervals of both shares combined (Newcombe 1998, method 10).
    Newcombe,
    /// Normal approximation; for large counts only.
    Wald,
    /// Normal interval after one success and one failure added to each (Agresti and Caffo 2000).
    AgrestiCaffo,
}

/// Interval for `arm - versus` at level `1 - alpha`.
///
/// # Errors
/// [`StatsError::OutOfRange`] for `alpha` outside 0 to 1.
pub fn share_difference_interval(
    arm: Share,
    versus: Share,
    method: ShareDifferenceMethod,
    alpha: f64,
) -> Result<Bounds, StatsError> {
    require_open_share("alpha", alpha)?;
    let z = normal_quantile(1.0 - alpha / 2.0);
    let bounds = match method {
        ShareDifferenceMethod::Newcombe => newcombe(arm, versus, z),
        ShareDifferenceMethod::Wald => difference_interval(arm.padded(0.0), versus.padded(0.0), z),
        ShareDifferenceMethod::AgrestiCaffo => difference_interval(arm.padded(1.0), versus.padded(1.0), z),
    };
    Ok(bounds)
}

fn difference_interval((p, n): (f64, f64), (q, m): (f64, f64), z: f64) -> Bounds {
    let half = z * (p * (1.0 - p) / n + q * (1.0 - q) / m).sqrt();
    Bounds { low: p - q - half, high: p - q + half }
}

fn newcombe(arm: Share, versus: Share, z: f64) -> Bounds {
    let (p, q) = (arm.value(), versus.value());
    let (of_arm, of_versus) = (wilson(arm, z), wilson(versus, z));
    let down = libm::hypot(p - of_arm.low, of_versus.high - q);
    let up = libm::hypot(of_arm.high - p, q - of_versus.low);
    Bounds { low: p - q - down, high: p - q + up }
}

/// Result of the z test of two shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZTest {
    /// `arm - versus`.
    pub difference: f64,
    /// Two-sided p-value.
    pub p_value: f64,
}

/// Large-sample z test of two independent shares with the unpooled standard error. Adjust the p-values of
/// several arms against one control with [`crate::multiple`].
///
/// # Errors
/// [`StatsError::NoSpread`] when both shares are 0 or 1.
pub fn z_test(arm: Share, versus: Share) -> Result<ZTest, StatsError> {
    let part = |share: Share| share.value() * (1.0 - share.value()) / share.trials as f64;
    let variance = part(arm) + part(versus);
    if variance <= 0.0 {
        return Err(StatsError::NoSpread { what: "z test of two shares" });
    }
    let difference = arm.value() - versus.value();
    Ok(ZTest { difference, p_value: normal_two_sided(difference / variance.sqrt()) })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const METHODS: [ShareMethod; 5] = [
        ShareMethod::Wilson,
        ShareMethod::ClopperPearson,
        ShareMethod::AgrestiCoull,
        ShareMethod::Jeffreys,
        ShareMethod::Normal,
    ];

    /// Goal: every method holds the share, stays within 0 to 1, and mirrors when success and failure swap.
    #[test]
    fn intervals_are_sane_and_symmetric() {
        for (x, n) in [(0, 20), (1, 20), (10, 20), (20, 20), (3, 1_000)] {
            for method in METHODS {
                let share = Share::new(x, n).unwrap();
                let bounds = share_interval(share, method, 0.05).unwrap();
                let mirror = share_interval(Share::new(n - x, n).unwrap(), method, 0.05).unwrap();
                assert!(0.0 <= bounds.low && bounds.high <= 1.0);
                assert!((bounds.low - (1.0 - mirror.high)).abs() < 1e-9, "{method:?} {x}/{n}");
                // The posterior of Jeffreys lies strictly inside 0 to 1 even when nothing or all succeeded.
                if method != ShareMethod::Jeffreys || (x > 0 && x < n) {
                    assert!(bounds.low <= share.value() + 1e-15 && share.value() <= bounds.high + 1e-15);
                }
            }
        }
    }

    /// Goal: no success in n trials: the exact upper bound is 1 - 0.025^(1/n).
    #[test]
    fn nothing_observed_by_hand() {
        let bounds = share_interval(Share::new(0, 10).unwrap(), ShareMethod::ClopperPearson, 0.05).unwrap();
        assert_eq!(bounds.low, 0.0);
        assert!((bounds.high - (1.0 - libm::pow(0.025, 0.1))).abs() < 1e-10);
    }

    /// Goal: swapping the arms mirrors every interval of a difference.
    #[test]
    fn differences_are_antisymmetric() {
        let (a, b) = (Share::new(30, 200).unwrap(), Share::new(10, 150).unwrap());
        use ShareDifferenceMethod::{AgrestiCaffo, Newcombe, Wald};
        for method in [Newcombe, Wald, AgrestiCaffo] {
            let one = share_difference_interval(a, b, method, 0.1).unwrap();
            let other = share_difference_interval(b, a, method, 0.1).unwrap();
            assert!((one.low + other.high).abs() < 1e-15 && (one.high + other.low).abs() < 1e-15);
        }
        assert_eq!(z_test(a, b).unwrap().p_value, z_test(b, a).unwrap().p_value);
    }

    /// Goal: impossible counts and a test without spread are refused.
    #[test]
    fn wrong_input_is_refused() {
        assert!(matches!(Share::new(3, 2), Err(StatsError::OutOfRange { .. })));
        assert!(matches!(Share::new(0, 0), Err(StatsError::TooFew { .. })));
        let none = Share::new(0, 5).unwrap();
        assert!(matches!(z_test(none, none), Err(StatsError::NoSpread { .. })));
        assert!(matches!(share_interval(none, ShareMethod::Wilson, 1.0), Err(StatsError::OutOfRange { .. })));
    }
}
