//! Metrics as ratios within a world: integers in, one number per world out.
//!
//! # Promises
//! - Numerator and denominator stay integers until the one division per world, so partial sums of a world can
//!   be merged in any order without changing a digit.
//! - A world with an empty denominator has no value and is left out; when none is left there is no mean.
//!
//! # Where to start
//! [`mean_ratio`] for one arm; [`world_values`] when two arms are to be paired.

use crate::interval::{Interval, student_interval};

/// One metric in one world, before division.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorldRatio {
    /// What is counted, in the smallest unit (orders, minor units of money, milliseconds).
    pub numerator: i64,
    /// What it is counted over (shoppers, sessions, orders). Zero: the metric has no value in this world.
    pub denominator: i64,
}

/// From the unit of the integers to the unit people read, as an exact fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    times: i64,
    per: i64,
}

impl Scale {
    /// The ratio as it is.
    pub const ONE: Self = Self { times: 1, per: 1 };
    /// The ratio in percent.
    pub const PERCENT: Self = Self { times: 100, per: 1 };

    /// Numerators in minor units of a currency with `decimals` decimals, results in major units.
    /// `None` above 18 decimals, where the factor leaves 64 bits.
    #[must_use]
    pub fn minor_units(decimals: u32) -> Option<Self> {
        10_i64.checked_pow(decimals).map(|per| Self { times: 1, per })
    }

    /// Numerators in parts of which `per` make one whole, for example 1,000 for milliseconds to seconds.
    /// `None` unless `per` is positive.
    #[must_use]
    pub fn parts(per: i64) -> Option<Self> {
        (per > 0).then_some(Self { times: 1, per })
    }
}

impl WorldRatio {
    /// The metric in this world, `None` when the denominator is zero.
    ///
    /// The scaled fraction is formed exactly in 128 bits and divided once, so the result is the closest double
    /// whenever both sides stay below 2^53.
    #[must_use]
    pub fn value(self, scale: Scale) -> Option<f64> {
        let numerator = i128::from(self.numerator) * i128::from(scale.times);
        let denominator = i128::from(self.denominator) * i128::from(scale.per);
        (denominator != 0).then(|| numerator as f64 / denominator as f64)
    }
}

/// The metric in every world, in world order; `None` where the denominator is zero.
#[must_use]
pub fn world_values(worlds: &[WorldRatio], scale: Scale) -> Vec<Option<f64>> {
    worlds.iter().map(|w| w.value(scale)).collect()
}

/// Mean over the worlds that have a value, with the 95 % Student interval between them; `None` if none has.
///
/// Every world counts once, whatever its denominator: worlds are repetitions of one experiment, and a world
/// with more sessions is not a better repetition.
#[must_use]
pub fn mean_ratio(worlds: &[WorldRatio], scale: Scale) -> Option<Interval> {
    let values: Vec<f64> = worlds.iter().filter_map(|w| w.value(scale)).collect();
    student_interval(&values)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn ratio(numerator: i64, denominator: i64) -> WorldRatio {
        WorldRatio { numerator, denominator }
    }

    /// Goal: a world without orders says nothing about the value of an order.
    #[test]
    fn worlds_with_an_empty_denominator_are_left_out() {
        let worlds = [ratio(10, 4), ratio(5, 0), ratio(7, 2)];
        let interval = mean_ratio(&worlds, Scale::ONE).unwrap();
        assert_eq!((interval.mean, interval.worlds), (3.0, 2));
        assert_eq!(world_values(&worlds, Scale::ONE), [Some(2.5), None, Some(3.5)]);
        assert_eq!(mean_ratio(&[ratio(1, 0)], Scale::ONE), None);
    }

    /// Goal: cents to euros and shares to percent without a rounding of their own.
    #[test]
    fn scales_are_exact() {
        assert_eq!(ratio(1_999, 1).value(Scale::minor_units(2).unwrap()), Some(19.99));
        assert_eq!(ratio(7, 100).value(Scale::PERCENT), Some(7.0));
        assert_eq!(ratio(1_500, 3).value(Scale::parts(1_000).unwrap()), Some(0.5));
        assert_eq!(ratio(i64::MAX, 1).value(Scale::PERCENT), Some(i64::MAX as f64 * 100.0));
        assert_eq!(Scale::minor_units(19), None);
        assert_eq!(Scale::parts(0), None);
    }
}
