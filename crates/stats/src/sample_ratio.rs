//! Sample-ratio check: did the random split put as many shoppers into each arm as planned?
//!
//! A tiny p-value (below 0.001, say) means that assignment or counting is broken and no other number of the
//! experiment can be believed. Start at [`sample_ratio_p_value`].

use crate::{distribution::chi_squared_upper, error::StatsError};

/// P-value of Pearson's chi-squared test of `counts` against the planned `weights` (any positive scale).
///
/// Arms with weight zero are left out when nobody is in them.
///
/// # Errors
/// [`StatsError::Unpaired`] for different lengths; [`StatsError::TooFew`] below two arms or without shoppers;
/// [`StatsError::OutOfRange`] for a negative or infinite weight, or shoppers in an arm of weight zero.
pub fn sample_ratio_p_value(counts: &[u64], weights: &[f64]) -> Result<f64, StatsError> {
    if counts.len() != weights.len() {
        return Err(StatsError::Unpaired {
            what: "counts and weights",
            arm: counts.len(),
            versus: weights.len(),
        });
    }
    if let Some(&found) = weights.iter().find(|w| !(w.is_finite() && **w >= 0.0)) {
        return Err(StatsError::OutOfRange { name: "weight", found, allowed: "finite and not negative" });
    }
    if counts.iter().zip(weights).any(|(&c, &w)| w == 0.0 && c > 0) {
        let allowed = "positive where shoppers were counted";
        return Err(StatsError::OutOfRange { name: "weight", found: 0.0, allowed });
    }
    let arms: Vec<(f64, f64)> =
        counts.iter().zip(weights).filter(|(_, w)| **w > 0.0).map(|(&c, &w)| (c as f64, w)).collect();
    if arms.len() < 2 {
        return Err(StatsError::TooFew { what: "arms", found: arms.len() as u64, needed: 2 });
    }
    let total: f64 = arms.iter().map(|(count, _)| count).sum();
    if total == 0.0 {
        return Err(StatsError::TooFew { what: "shoppers", found: 0, needed: 1 });
    }
    let weight_sum: f64 = arms.iter().map(|(_, weight)| weight).sum();
    let part = |&(count, weight): &(f64, f64)| {
        let planned = total * weight / weight_sum;
        (count - planned) * (count - planned) / planned
    };
    Ok(chi_squared_upper(arms.iter().map(part).sum(), (arms.len() - 1) as f64))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Goal: by hand; 60 against 40 of 100 planned equally is chi-squared 4 on one degree, p = 0.0455.
    #[test]
    fn an_uneven_split_by_hand() {
        let p = sample_ratio_p_value(&[60, 40], &[1.0, 1.0]).unwrap();
        assert!((p - 0.045_500_263_9).abs() < 1e-9, "{p}");
        assert_eq!(sample_ratio_p_value(&[50, 50, 0], &[0.5, 0.5, 0.0]).unwrap(), 1.0);
    }

    /// Goal: impossible plans are refused.
    #[test]
    fn wrong_input_is_refused() {
        assert!(matches!(sample_ratio_p_value(&[1], &[1.0, 1.0]), Err(StatsError::Unpaired { .. })));
        assert!(matches!(sample_ratio_p_value(&[1], &[1.0]), Err(StatsError::TooFew { .. })));
        assert!(matches!(sample_ratio_p_value(&[0, 0], &[1.0, 1.0]), Err(StatsError::TooFew { .. })));
        assert!(matches!(sample_ratio_p_value(&[1, 1], &[1.0, -1.0]), Err(StatsError::OutOfRange { .. })));
        assert!(matches!(sample_ratio_p_value(&[1, 1], &[1.0, 0.0]), Err(StatsError::OutOfRange { .. })));
    }
}
