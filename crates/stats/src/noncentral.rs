//! Tails of the noncentral t law, needed for the power of t tests.
//!
//! With S² = chi-squared / degrees, T = (Z + shift) / S, so P(T > c) = E Φ(shift - c S). The expectation is
//! integrated over u = √S by Simpson's rule on both sides of the peak; the substitution keeps the integrand
//! smooth at zero for few degrees of freedom. The weight is normalised by the same rule, so no gamma function
//! is needed and errors of the rule largely cancel.

use crate::distribution::normal_lower;

/// Simpson intervals; the error is below 1e-9 from two degrees of freedom on.
const STEPS: u32 = 1_200;

/// The weight is negligible (below 1e-30) beyond this many standard deviations of S.
const REACH: f64 = 12.0;

/// P(|T| > critical) for T noncentral t with `degrees` (at least 1) and noncentrality `shift`.
pub(crate) fn two_sided_tail(critical: f64, degrees: f64, shift: f64) -> f64 {
    debug_assert!(degrees >= 1.0 && critical >= 0.0);
    let deviation = 1.0 / (2.0 * degrees).sqrt();
    let low = (1.0 - REACH * deviation).max(0.0).sqrt();
    let high = (1.0 + REACH * deviation).sqrt();
    let step = (high - low) / f64::from(STEPS);
    let (mut tail, mut whole) = (0.0, 0.0);
    for index in 0..=STEPS {
        let u = low + step * f64::from(index);
        let weight = simpson(index) * density(u, degrees);
        let reach = critical * u * u;
        tail += weight * (normal_lower(shift - reach) + normal_lower(-shift - reach));
        whole += weight;
    }
    tail / whole
}

fn simpson(index: u32) -> f64 {
    if index == 0 || index == STEPS {
        1.0
    } else if index % 2 == 1 {
        4.0
    } else {
        2.0
    }
}

/// Density of u = √S up to a factor: `u^(2 degrees - 1) exp(-degrees (u⁴ - 1) / 2)`.
fn density(u: f64, degrees: f64) -> f64 {
    if u <= 0.0 {
        return 0.0;
    }
    let fourth = u * u * u * u;
    libm::exp((2.0 * degrees - 1.0) * libm::log(u) - degrees * (fourth - 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{normal_upper, student_quantile};

    /// Goal: without a shift the law is Student's own.
    #[test]
    fn no_shift_is_students_t() {
        for degrees in [1.0, 1.5, 2.0, 3.7, 15.0, 300.0, 50_000.0] {
            let tail = two_sided_tail(student_quantile(0.975, degrees), degrees, 0.0);
            assert!((tail - 0.05).abs() < 1e-8, "{degrees}: {tail}");
        }
    }

    /// Goal: one degree with critical value zero leaves everything; many degrees approach the shifted normal.
    #[test]
    fn limits() {
        assert!((two_sided_tail(0.0, 1.0, 2.0) - 1.0).abs() < 1e-12);
        let normal = normal_upper(1.96 - 2.8) + normal_upper(1.96 + 2.8);
        assert!((two_sided_tail(1.96, 1e7, 2.8) - normal).abs() < 1e-6);
    }
}
