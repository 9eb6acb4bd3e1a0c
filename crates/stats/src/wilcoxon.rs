//! Wilcoxon's signed-rank test: are differences as often and as far above zero as below?
//!
//! Promise: no assumption about the shape of the differences but symmetry. Zeros are dropped, ties share their
//! mean rank, the p-value is the normal approximation with the tie correction and without a continuity
//! correction (Wilcoxon 1945; it is fair from about ten differences on). Start at [`signed_rank`].

use crate::{
    distribution::normal_two_sided,
    error::{StatsError, require_finite},
};

/// Result of a signed-rank test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignedRank {
    /// The smaller of the rank sums of positive and negative differences.
    pub statistic: f64,
    /// Two-sided p-value.
    pub p_value: f64,
    /// Number of differences that are not zero.
    pub used: usize,
}

/// Tests whether the differences lie symmetrically around zero.
///
/// # Errors
/// [`StatsError::NotFinite`]; [`StatsError::NoSpread`] when every difference is zero.
pub fn signed_rank(differences: &[f64]) -> Result<SignedRank, StatsError> {
    require_finite("differences", differences)?;
    let mut used: Vec<f64> = differences.iter().copied().filter(|d| *d != 0.0).collect();
    if used.is_empty() {
        return Err(StatsError::NoSpread { what: "signed-rank test, all differences zero" });
    }
    used.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    let (mut positive, mut negative, mut ties) = (0.0, 0.0, 0.0);
    let mut ranked = 0;
    for group in used.chunk_by(|a, b| a.abs() == b.abs()) {
        let size = group.len() as f64;
        // Ranks ranked + 1 ..= ranked + size, shared equally.
        let rank = ranked as f64 + (size + 1.0) / 2.0;
        let above = group.iter().filter(|d| **d > 0.0).count() as f64;
        positive += above * rank;
        negative += (size - above) * rank;
        ties += size * size * size - size;
        ranked += group.len();
    }
    let n = used.len() as f64;
    let statistic = f64::min(positive, negative);
    let variance = (n * (n + 1.0) * (2.0 * n + 1.0) - ties / 2.0) / 24.0;
    let z = (statistic - n * (n + 1.0) / 4.0) / variance.sqrt();
    Ok(SignedRank { statistic, p_value: normal_two_sided(z), used: used.len() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Goal: ranks by hand with a tie and a zero: |d| = 1 1 2 3, ranks 1.5 1.5 3 4.
    #[test]
    fn ties_and_zeros_by_hand() {
        let test = signed_rank(&[0.0, 1.0, -1.0, 2.0, 3.0]).unwrap();
        assert_eq!((test.statistic, test.used), (1.5, 4));
        // Variance (180 - 3) / 24, z = -3.5 / 2.7157.
        assert!((test.p_value - 0.197_458).abs() < 1e-5, "{}", test.p_value);
    }

    /// Goal: the sign of the differences does not change the evidence; nothing at all is an error.
    #[test]
    fn symmetric_and_never_silent() {
        let test = signed_rank(&[4.0, -1.0, 2.5, 3.0]).unwrap();
        assert_eq!(signed_rank(&[-4.0, 1.0, -2.5, -3.0]).unwrap(), test);
        assert!(matches!(signed_rank(&[0.0, 0.0]), Err(StatsError::NoSpread { .. })));
        assert!(matches!(signed_rank(&[f64::INFINITY]), Err(StatsError::NotFinite { index: 0, .. })));
    }
}
