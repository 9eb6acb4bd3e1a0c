//! Corrections for many tests at once.
//!
//! # Promises
//! - An adjusted p-value can be compared with the error rate directly: reject when it is at most alpha.
//! - Adjusted values are never below the raw ones, never above 1, and never change the order of the tests.
//!
//! # Which one
//! [`Correction::Holm`] when a single false alarm is bad (no assumption), [`Correction::BenjaminiHochberg`] when
//! a share of false alarms among the findings is tolerable. Start at [`adjusted`].

use crate::error::StatsError;

/// How p-values are adjusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correction {
    /// Times the number of tests.
    Bonferroni,
    /// `1 - (1 - p)^m`: exact for independent tests.
    Sidak,
    /// Bonferroni step down (Holm 1979): uniformly better than Bonferroni.
    Holm,
    /// Sidak step down.
    HolmSidak,
    /// Step up (Hochberg 1988), for tests that are independent or positively dependent.
    Hochberg,
    /// Closed test with Simes' inequality (Hommel 1988), at least as sharp as Hochberg.
    Hommel,
    /// False discovery rate (Benjamini and Hochberg 1995), independent or positively dependent tests.
    BenjaminiHochberg,
    /// False discovery rate under any dependence (Benjamini and Yekutieli 2001).
    BenjaminiYekutieli,
}

/// The adjusted p-values in the order of the input.
///
/// # Errors
/// [`StatsError::OutOfRange`] when an entry is not within 0 to 1.
pub fn adjusted(p_values: &[f64], correction: Correction) -> Result<Vec<f64>, StatsError> {
    if let Some(&found) = p_values.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        return Err(StatsError::OutOfRange { name: "p-value", found, allowed: "between 0 and 1" });
    }
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&i, &j| p_values[i].total_cmp(&p_values[j]));
    let sorted: Vec<f64> = order.iter().map(|&i| p_values[i]).collect();
    let mut result = vec![0.0; p_values.len()];
    for (&index, value) in order.iter().zip(adjusted_sorted(&sorted, correction)) {
        result[index] = value.min(1.0);
    }
    Ok(result)
}

/// Adjusts ascending p-values.
fn adjusted_sorted(sorted: &[f64], correction: Correction) -> Vec<f64> {
    let count = sorted.len();
    let m = count as f64;
    // Tests that are at least as large as the i-th, itself included, and the rank of the i-th.
    let left = |i: usize| (count - i) as f64;
    let rank = |i: usize| (i + 1) as f64;
    match correction {
        Correction::Bonferroni => sorted.iter().map(|p| p * m).collect(),
        Correction::Sidak => sorted.iter().map(|&p| sidak(p, m)).collect(),
        Correction::Holm => step_down(sorted, |i, p| p * left(i)),
        Correction::HolmSidak => step_down(sorted, |i, p| sidak(p, left(i))),
        Correction::Hochberg => step_up(sorted, |i, p| p * left(i)),
        Correction::Hommel => hommel(sorted),
        Correction::BenjaminiHochberg => step_up(sorted, |i, p| p * m / rank(i)),
        Correction::BenjaminiYekutieli => {
            let harmonic: f64 = (0..count).map(|i| 1.0 / rank(i)).sum();
            step_up(sorted, |i, p| p * m * harmonic / rank(i))
        }
    }
}

/// `1 - (1 - p)^tests`, accurate for small p.
fn sidak(p: f64, tests: f64) -> f64 {
    -libm::expm1(tests * libm::log1p(-p))
}

/// Running maximum from the smallest p-value on.
fn step_down(sorted: &[f64], single: impl Fn(usize, f64) -> f64) -> Vec<f64> {
    let mut largest = 0.0_f64;
    let step = |(i, &p): (usize, &f64)| {
        largest = largest.max(single(i, p));
        largest
    };
    sorted.iter().enumerate().map(step).collect()
}

/// Running minimum from the largest p-value on.
fn step_up(sorted: &[f64], single: impl Fn(usize, f64) -> f64) -> Vec<f64> {
    let mut smallest = f64::INFINITY;
    let mut result = vec![0.0; sorted.len()];
    for (i, &p) in sorted.iter().enumerate().rev() {
        smallest = smallest.min(single(i, p));
        result[i] = smallest;
    }
    result
}

/// Smallest level at which Simes' test rejects every set of hypotheses that holds the i-th.
///
/// Among the sets of one size the least favourable holds the i-th and otherwise the largest p-values, so only
/// `count` sets per hypothesis are looked at instead of 2^count.
fn hommel(sorted: &[f64]) -> Vec<f64> {
    let count = sorted.len();
    let simes = |size: usize, smallest: f64, others: &[f64]| {
        let scaled = |(j, p): (usize, &f64)| size as f64 * p / (j + 2) as f64;
        others.iter().enumerate().map(scaled).fold(size as f64 * smallest, f64::min)
    };
    let one = |i: usize| {
        let level = |size: usize| {
            let top = &sorted[count - size..];
            // When the i-th is among the largest already, the set is simply those.
            if i >= count - size { simes(size, top[0], &top[1..]) } else { simes(size, sorted[i], &top[1..]) }
        };
        (1..=count).map(level).fold(0.0, f64::max)
    };
    (0..count).map(one).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ALL: [Correction; 8] = [
        Correction::Bonferroni,
        Correction::Sidak,
        Correction::Holm,
        Correction::HolmSidak,
        Correction::Hochberg,
        Correction::Hommel,
        Correction::BenjaminiHochberg,
        Correction::BenjaminiYekutieli,
    ];

    fn assert_close(got: &[f64], expected: &[f64]) {
        assert_eq!(got.len(), expected.len());
        assert!(got.iter().zip(expected).all(|(g, e)| (g - e).abs() < 1e-12), "{got:?} {expected:?}");
    }

    /// Goal: four p-values by hand, given out of order.
    #[test]
    fn four_tests_by_hand() {
        let p = [0.04, 0.01, 0.03, 0.02];
        assert_close(&adjusted(&p, Correction::Bonferroni).unwrap(), &[0.16, 0.04, 0.12, 0.08]);
        assert_close(&adjusted(&p, Correction::Holm).unwrap(), &[0.06, 0.04, 0.06, 0.06]);
        assert_close(&adjusted(&p, Correction::Hochberg).unwrap(), &[0.04; 4]);
        assert_close(&adjusted(&p, Correction::BenjaminiHochberg).unwrap(), &[0.04; 4]);
        assert_close(&adjusted(&p, Correction::BenjaminiYekutieli).unwrap(), &[0.04 * 25.0 / 12.0; 4]);
    }

    /// Goal: the shortcut of Hommel equals the closed test over all 2^m sets.
    #[test]
    fn hommel_equals_the_closed_test() {
        let p = [0.012, 0.5, 0.021, 0.034, 0.4, 0.011, 0.6];
        let brute = |i: usize| {
            (1_u32..1 << p.len())
                .filter(|set| set & (1 << i) != 0)
                .map(|set| {
                    let mut chosen: Vec<f64> =
                        (0..p.len()).filter(|j| set & (1 << j) != 0).map(|j| p[j]).collect();
                    chosen.sort_by(f64::total_cmp);
                    let size = chosen.len() as f64;
                    chosen.iter().zip(1..).map(|(p, r)| size * p / f64::from(r)).fold(f64::INFINITY, f64::min)
                })
                .fold(0.0, f64::max)
        };
        let expected: Vec<f64> = (0..p.len()).map(brute).collect();
        assert_close(&adjusted(&p, Correction::Hommel).unwrap(), &expected);
    }

    /// Goal: the promises of the module for every correction, with ties, 0, 1, one test and none.
    #[test]
    fn adjusted_values_keep_order_and_range() {
        let p = [0.2, 0.0, 1.0, 0.01, 0.01, 0.5];
        for correction in ALL {
            let result = adjusted(&p, correction).unwrap();
            for i in 0..p.len() {
                assert!(result[i] >= p[i] - 1e-15 && result[i] <= 1.0, "{correction:?}");
                for j in 0..p.len() {
                    assert!(p[i] > p[j] || result[i] <= result[j], "{correction:?} changed the order");
                }
            }
            assert_close(&adjusted(&[0.03], correction).unwrap(), &[0.03]);
            assert!(adjusted(&[], correction).unwrap().is_empty());
            assert!(adjusted(&[0.5, f64::NAN], correction).is_err());
        }
    }
}
