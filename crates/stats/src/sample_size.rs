//! Sample size of a planned experiment with several treatments against one control.
//!
//! # Method
//! For each treatment the normal formula `((z(1 - a/2) + z(power)) / effect)² (var_control / k + var_treatment)`
//! gives the shoppers of that arm, where k is control's size over the arm's and a = alpha over the number of
//! treatments (Bonferroni). Each arm is rounded up to whole shoppers; the total is what lets the arm that
//! needs most reach its number at the planned split.
//!
//! Start at [`total_sample_size`].

use crate::{
    distribution::normal_quantile,
    error::{StatsError, require_open_share},
};

/// The metric that the experiment is planned for, as control shows it today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PlannedMetric {
    /// A share of shoppers; its variance follows from the share.
    Share {
        /// Control's share, between 0 and 1.
        mean: f64,
    },
    /// A mean whose variance the treatment does not change.
    Mean {
        /// Control's mean.
        mean: f64,
        /// Variance between shoppers.
        variance: f64,
    },
}

impl PlannedMetric {
    fn mean(self) -> f64 {
        match self {
            Self::Share { mean } | Self::Mean { mean, .. } => mean,
        }
    }

    /// Variance of one shopper when the metric has moved to `mean`.
    fn variance_at(self, mean: f64) -> f64 {
        match self {
            Self::Share { .. } => mean * (1.0 - mean),
            Self::Mean { variance, .. } => variance,
        }
    }

    fn require_valid(self, moved: f64) -> Result<(), StatsError> {
        let (name, found, allowed, fine) = match self {
            Self::Share { mean } => {
                let inside = |p: f64| p > 0.0 && p < 1.0;
                let found = if inside(mean) { moved } else { mean };
                ("share", found, "between 0 and 1 before and after the effect", inside(found))
            }
            Self::Mean { variance, .. } => {
                ("variance", variance, "positive and finite", variance > 0.0 && variance.is_finite())
            }
        };
        if fine { Ok(()) } else { Err(StatsError::OutOfRange { name, found, allowed }) }
    }
}

/// Shoppers needed in all arms together so that each treatment finds a relative effect with the given power.
///
/// `weights[0]` is control's part of the split, the others are the treatments'; `relative_effect` is the smallest
/// effect that matters as a share of control's mean (0.05 is five percent).
///
/// # Errors
/// [`StatsError::TooFew`] without a treatment; [`StatsError::OutOfRange`] for weights that are not positive, an
/// effect of zero, or shares that leave 0 to 1.
pub fn total_sample_size(
    metric: PlannedMetric,
    relative_effect: f64,
    weights: &[f64],
    alpha: f64,
    power: f64,
) -> Result<f64, StatsError> {
    require_open_share("alpha", alpha)?;
    require_open_share("power", power)?;
    if weights.len() < 2 {
        return Err(StatsError::TooFew { what: "arms", found: weights.len() as u64, needed: 2 });
    }
    if let Some(&found) = weights.iter().find(|w| !(w.is_finite() && **w > 0.0)) {
        return Err(StatsError::OutOfRange { name: "weight", found, allowed: "positive and finite" });
    }
    let effect = metric.mean() * relative_effect;
    if !effect.is_finite() || effect == 0.0 {
        return Err(StatsError::OutOfRange { name: "effect", found: effect, allowed: "finite and not zero" });
    }
    let moved = metric.mean() + effect;
    metric.require_valid(moved)?;
    let treatments = (weights.len() - 1) as f64;
    let z = normal_quantile(1.0 - alpha / (2.0 * treatments)) + normal_quantile(power);
    let unit = (z / effect) * (z / effect);
    let sum: f64 = weights.iter().sum();
    let total = |weight: &f64| {
        let control = metric.variance_at(metric.mean()) * weight / weights[0];
        libm::ceil(libm::ceil(unit * (control + metric.variance_at(moved))) * sum / weight)
    };
    Ok(weights[1..].iter().map(total).fold(0.0, f64::max))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Goal: by hand; variance 1, effect 0.1, equal halves: 2 (1.959964 + 0.841621)² / 0.01 = 1569.8 per arm.
    #[test]
    fn equal_halves_by_hand() {
        let metric = PlannedMetric::Mean { mean: 2.0, variance: 1.0 };
        assert_eq!(total_sample_size(metric, 0.05, &[1.0, 1.0], 0.05, 0.8).unwrap(), 2.0 * 1_570.0);
    }

    /// Goal: the smallest treatment arm decides, whatever the order of the arms and the scale of the weights.
    #[test]
    fn the_smallest_arm_decides() {
        let metric = PlannedMetric::Share { mean: 0.05 };
        let size = |weights: &[f64]| total_sample_size(metric, 0.1, weights, 0.05, 0.8).unwrap();
        assert_eq!(size(&[4.0, 4.0, 1.0]), size(&[4.0, 1.0, 4.0]));
        assert_eq!(size(&[4.0, 4.0, 1.0]), size(&[8.0, 8.0, 2.0]));
        assert!(size(&[4.0, 4.0, 1.0]) > size(&[3.0, 3.0, 3.0]));
    }

    /// Goal: impossible plans are refused.
    #[test]
    fn wrong_input_is_refused() {
        let share = PlannedMetric::Share { mean: 0.9 };
        assert!(total_sample_size(share, 0.2, &[1.0, 1.0], 0.05, 0.8).is_err());
        assert!(total_sample_size(share, 0.0, &[1.0, 1.0], 0.05, 0.8).is_err());
        assert!(total_sample_size(share, 0.01, &[1.0], 0.05, 0.8).is_err());
        assert!(total_sample_size(share, 0.01, &[1.0, 0.0], 0.05, 0.8).is_err());
        let flat = PlannedMetric::Mean { mean: 1.0, variance: 0.0 };
        assert!(total_sample_size(flat, 0.1, &[1.0, 1.0], 0.05, 0.8).is_err());
    }
}
