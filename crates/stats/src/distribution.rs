//! Distribution functions: normal, Student's t, chi-squared, beta.
//!
//! # Promises
//! - Arguments outside the domain give NaN, never a panic.
//! - Upper tails are computed as such (`*_upper`), not as one minus the lower tail, so small p-values keep
//!   their digits.
//! - Values of iterative algorithms are rounded to a relative 2^-41 (about 4.5e-13). Those algorithms call the
//!   elementary functions of whatever library the build links, which differ in the last bits; after rounding
//!   the result is the same on every machine but for a value that happens to lie within those bits of a
//!   rounding boundary.
//!
//! # Where to start
//! [`student_quantile`] is behind every interval between worlds.

use statrs::distribution::{Beta, ChiSquared, Continuous as _, ContinuousCDF as _, Normal, StudentsT};

/// Number of mantissa bits dropped by [`settled`].
const DROPPED_BITS: u32 = 12;

/// `value` rounded to 41 significant bits, so that noise in the last bits of an iterative algorithm vanishes.
fn settled(value: f64) -> f64 {
    if !value.is_finite() {
        return value;
    }
    let half = 1_u64 << (DROPPED_BITS - 1);
    let kept = !((1_u64 << DROPPED_BITS) - 1);
    f64::from_bits((value.to_bits() + half) & kept)
}

fn is_share(p: f64) -> bool {
    (0.0..=1.0).contains(&p)
}

/// P(Z <= z) for a standard normal Z.
#[must_use]
pub fn normal_lower(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// P(Z > z) for a standard normal Z.
#[must_use]
pub fn normal_upper(z: f64) -> f64 {
    0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The z with P(Z <= z) = `p` for a standard normal Z; infinite at 0 and 1.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if !is_share(p) {
        return f64::NAN;
    }
    settled(Normal::standard().inverse_cdf(p))
}

/// P(T <= t) for Student's t with `degrees` degrees of freedom (any positive number).
#[must_use]
pub fn student_lower(t: f64, degrees: f64) -> f64 {
    student_upper(-t, degrees)
}

/// P(T > t) for Student's t with `degrees` degrees of freedom (any positive number).
#[must_use]
pub fn student_upper(t: f64, degrees: f64) -> f64 {
    if t.is_nan() || !degrees.is_finite() {
        return f64::NAN;
    }
    StudentsT::new(0.0, 1.0, degrees).map_or(f64::NAN, |law| settled(student_tail(&law, t)))
}

/// The t with P(T <= t) = `p` for Student's t with `degrees` degrees of freedom; infinite at 0 and 1.
#[must_use]
pub fn student_quantile(p: f64, degrees: f64) -> f64 {
    if !is_share(p) || !degrees.is_finite() {
        return f64::NAN;
    }
    let Ok(law) = StudentsT::new(0.0, 1.0, degrees) else {
        return f64::NAN;
    };
    let tail = p.min(1.0 - p);
    let quantile = match tail {
        0.0 => f64::INFINITY,
        0.5 => 0.0,
        _ => settled(student_tail_quantile(&law, tail)),
    };
    if p < 0.5 { -quantile } else { quantile }
}

/// From this many degrees of freedom on the tail is taken from Hill's expansion.
const MANY_DEGREES: f64 = 1_000.0;

/// P(T > t). With many degrees the incomplete beta function loses digits to cancelling gamma functions, while the
/// expansion of Hill (1970, algorithm 395) around the normal is exact to the last bits there.
fn student_tail(law: &StudentsT, t: f64) -> f64 {
    let degrees = law.freedom();
    if degrees < MANY_DEGREES {
        return law.sf(t);
    }
    let a = degrees - 0.5;
    let b = 48.0 * a * a;
    let w2 = a * libm::log1p(t * t / degrees);
    let w = w2.sqrt();
    let far = ((4.0 * w2 + 33.0) * w2 + 240.0) * w2 + 855.0;
    let z = w * (1.0 + (w2 + 3.0) / b - far / (10.0 * b * (b + 0.8 * w2 * w2 + 100.0)));
    if t < 0.0 { normal_upper(-z) } else { normal_upper(z) }
}

/// The t > 0 with P(T > t) = `tail`, for a tail between 0 and one half.
///
/// Newton's method on the tail, kept inside a bracket. The library's own inverse is not used: it loses digits with
/// many degrees of freedom and does not end for some.
fn student_tail_quantile(law: &StudentsT, tail: f64) -> f64 {
    let (mut low, mut high) = (0.0, 2.0);
    while student_tail(law, high) > tail {
        (low, high) = (high, 2.0 * high);
        if !high.is_finite() {
            return f64::INFINITY;
        }
    }
    let mut t = f64::midpoint(low, high);
    for _ in 0..200 {
        let excess = student_tail(law, t) - tail;
        if excess > 0.0 {
            low = t;
        } else {
            high = t;
        }
        let newton = t + excess / law.pdf(t);
        let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
        if (next - t).abs() <= 1e-15 * t {
            return next;
        }
        t = next;
    }
    t
}

/// P(X <= x) for chi-squared with `degrees` degrees of freedom.
#[must_use]
pub fn chi_squared_lower(x: f64, degrees: f64) -> f64 {
    if x.is_nan() {
        return f64::NAN;
    }
    ChiSquared::new(degrees).map_or(f64::NAN, |law| settled(law.cdf(x)))
}

/// P(X > x) for chi-squared with `degrees` degrees of freedom.
#[must_use]
pub fn chi_squared_upper(x: f64, degrees: f64) -> f64 {
    if x.is_nan() {
        return f64::NAN;
    }
    ChiSquared::new(degrees).map_or(f64::NAN, |law| settled(law.sf(x)))
}

/// P(X <= x) for the beta law with shapes `a` and `b`.
///
/// Good to ten digits while both shapes are at most 100,000. Above, the tails stay good, but the continued fraction
/// behind it ends too early around the centre of the law.
#[must_use]
pub fn beta_lower(x: f64, a: f64, b: f64) -> f64 {
    if x.is_nan() {
        return f64::NAN;
    }
    Beta::new(a, b).map_or(f64::NAN, |law| settled(law.cdf(x)))
}

/// P(X > x) for the beta law with shapes `a` and `b`; accuracy as [`beta_lower`].
#[must_use]
pub fn beta_upper(x: f64, a: f64, b: f64) -> f64 {
    if x.is_nan() {
        return f64::NAN;
    }
    Beta::new(a, b).map_or(f64::NAN, |law| settled(law.sf(x)))
}

/// The x with P(X <= x) = `p` for the beta law with shapes `a` and `b`.
///
/// Bisection of [`beta_lower`] between 0 and 1 down to the last bits of x; the same accuracy.
#[must_use]
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    let Ok(law) = Beta::new(a, b) else {
        return f64::NAN;
    };
    if !is_share(p) {
        return f64::NAN;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if high - low <= 1e-15 * high {
            break;
        }
        if law.cdf(middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    settled(f64::midpoint(low, high))
}

/// Two-sided p-value of a t statistic.
pub(crate) fn student_two_sided(t: f64, degrees: f64) -> f64 {
    2.0 * student_upper(libm::fabs(t), degrees)
}

/// Two-sided p-value of a z statistic.
pub(crate) fn normal_two_sided(z: f64) -> f64 {
    2.0 * normal_upper(libm::fabs(z))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, expected: f64, tolerance: f64) {
        assert!((got - expected).abs() <= tolerance, "got {got}, expected {expected}");
    }

    /// Goal: the quantiles of printed t tables, which every interval between worlds rests on.
    #[test]
    fn quantiles_agree_with_printed_tables() {
        close(student_quantile(0.975, 1.0), 12.706_204_736, 1e-8);
        close(student_quantile(0.975, 3.0), 3.182_446_305, 1e-8);
        close(student_quantile(0.975, 15.0), 2.131_449_546, 1e-8);
        close(normal_quantile(0.975), 1.959_963_985, 1e-9);
        close(chi_squared_upper(3.841_458_821, 1.0), 0.05, 1e-9);
        close(beta_quantile(0.5, 2.0, 2.0), 0.5, 1e-12);
    }

    /// Goal: quantile and distribution function are inverse to each other over the range in use.
    #[test]
    fn quantile_inverts_the_distribution() {
        for degrees in [1.0, 2.0, 3.0, 7.0, 31.0, 400.5] {
            for p in [0.001, 0.025, 0.3, 0.7, 0.975, 0.9995] {
                close(student_lower(student_quantile(p, degrees), degrees), p, 1e-10);
            }
        }
    }

    /// Goal: with many degrees of freedom the quantile keeps its digits; the expansion of Cornish and Fisher is exact
    /// to 1e-12 there.
    #[test]
    fn many_degrees_of_freedom_keep_their_digits() {
        for degrees in [5e3, 5e4, 1e6, 1e12] {
            for p in [0.6, 0.975, 0.9995] {
                let z = normal_quantile(p);
                let (z3, z5, z7) = (z * z * z, z * z * z * z * z, z * z * z * z * z * z * z);
                let first = (z3 + z) / (4.0 * degrees);
                let second = (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * degrees * degrees);
                let third =
                    (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * degrees * degrees * degrees);
                let expected = z + first + second + third;
                let got = student_quantile(p, degrees);
                close(got / expected, 1.0, 2e-12);
            }
        }
    }

    /// Goal: an argument outside the domain is reported as not a number, not as a panic.
    #[test]
    fn outside_the_domain_is_not_a_number() {
        for value in [
            normal_quantile(1.5),
            student_quantile(-0.1, 4.0),
            student_quantile(0.9, 0.0),
            student_quantile(0.9, f64::NAN),
            student_upper(f64::NAN, 3.0),
            student_upper(1.0, -1.0),
            chi_squared_upper(1.0, 0.0),
            beta_quantile(0.5, -1.0, 1.0),
        ] {
            assert!(value.is_nan(), "got {value}");
        }
    }

    /// Goal: rounding keeps twelve digits and removes differences in the last bits.
    #[test]
    fn last_bits_do_not_reach_results() {
        let value = 2.131_449_545_559_323_f64;
        let neighbour = f64::from_bits(value.to_bits() + 3);
        assert_ne!(value.to_bits(), neighbour.to_bits());
        assert_eq!(settled(value).to_bits(), settled(neighbour).to_bits());
        close(settled(value), value, 1e-12);
    }
}
