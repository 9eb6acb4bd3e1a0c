//! Mean, variance and covariance of small samples, in a fixed order of summation.
//!
//! The mean is taken as first value plus mean of the distances from it. So a sample of equal values has exactly
//! that value as its mean and exactly zero variance, and a sample with all signs flipped has exactly the
//! negative mean; a plain sum promises neither.

/// Mean of a non-empty sample.
pub(crate) fn mean(values: &[f64]) -> f64 {
    let anchor = values[0];
    let distance: f64 = values.iter().map(|v| v - anchor).sum();
    anchor + distance / values.len() as f64
}

/// Sample covariance with divisor n - 1. Both slices have the same length, at least two.
pub(crate) fn covariance(x: &[f64], y: &[f64]) -> f64 {
    debug_assert!(x.len() == y.len() && x.len() >= 2);
    let (x_mean, y_mean) = (mean(x), mean(y));
    let products: f64 = x.iter().zip(y).map(|(a, b)| (a - x_mean) * (b - y_mean)).sum();
    products / (x.len() - 1) as f64
}

/// Sample variance with divisor n - 1 of at least two values.
pub(crate) fn variance(values: &[f64]) -> f64 {
    covariance(values, values)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: equal values have no spread at all, although 0.1 + 0.1 + 0.1 is not 0.3 in binary.
    #[test]
    fn equal_values_have_exactly_zero_variance() {
        let values = [0.1; 7];
        assert_eq!(mean(&values), 0.1);
        assert_eq!(variance(&values), 0.0);
    }

    /// Goal: textbook values for a sample whose variance is known by hand.
    #[test]
    fn variance_divides_by_one_less_than_the_count() {
        assert_eq!(mean(&[2.0, 4.0, 9.0]), 5.0);
        assert_eq!(variance(&[2.0, 4.0, 9.0]), 13.0);
        assert_eq!(covariance(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]), -1.0);
    }
}
