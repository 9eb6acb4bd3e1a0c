//! A mean over worlds with its 95 % interval between worlds.
//!
//! Promise: the interval is Student's, from the spread *between* worlds alone; with one world there is a mean
//! and no interval, with none there is nothing. Start at [`student_interval`].

use crate::{distribution::student_quantile, sample};

/// Coverage of every interval in this crate that does not take a level of its own.
pub const LEVEL: f64 = 0.95;

/// The quantile that leaves 2.5 % above.
const UPPER_SHARE: f64 = 0.975;

/// The two ends of an interval, in the unit of the mean. `low <= high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A mean over worlds and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Mean over worlds, each world counting once.
    pub mean: f64,
    /// 95 % Student interval between worlds; `None` with one world, which has no spread to learn from.
    pub bounds: Option<Bounds>,
    /// Number of worlds that have a value.
    pub worlds: usize,
}

impl Interval {
    /// Lower end, `None` with one world.
    #[must_use]
    pub fn low(&self) -> Option<f64> {
        self.bounds.map(|b| b.low)
    }

    /// Upper end, `None` with one world.
    #[must_use]
    pub fn high(&self) -> Option<f64> {
        self.bounds.map(|b| b.high)
    }
}

/// Mean of one value per world with `mean ± t(0.975, n - 1) · s / √n`; `None` without any world.
///
/// # Assumption
/// Worlds are independent repetitions and their values close to normally distributed. They are means over
/// thousands of shoppers, so this is mild; what the interval cannot see is that the scenario itself is wrong.
#[must_use]
pub fn student_interval(values: &[f64]) -> Option<Interval> {
    if values.is_empty() {
        return None;
    }
    let mean = sample::mean(values);
    let bounds = half_width(values).map(|h| Bounds { low: mean - h, high: mean + h });
    Some(Interval { mean, bounds, worlds: values.len() })
}

/// Half the width of the 95 % interval around the mean of `residuals`; `None` below two.
pub(crate) fn half_width(residuals: &[f64]) -> Option<f64> {
    if residuals.len() < 2 {
        return None;
    }
    let n = residuals.len() as f64;
    Some(student_quantile(UPPER_SHARE, n - 1.0) * (sample::variance(residuals) / n).sqrt())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Goal: a hand-computed interval; n = 3, s = √13, t = 4.302653.
    #[test]
    fn three_worlds_by_hand() {
        let interval = student_interval(&[2.0, 4.0, 9.0]).unwrap();
        let half = 4.302_652_729_7 * (13.0_f64 / 3.0).sqrt();
        assert_eq!((interval.mean, interval.worlds), (5.0, 3));
        assert!((interval.low().unwrap() - (5.0 - half)).abs() < 1e-8);
        assert!((interval.high().unwrap() - (5.0 + half)).abs() < 1e-8);
    }

    /// Goal: too little data is said, not covered by an interval of width zero.
    #[test]
    fn one_world_has_no_interval_and_none_has_nothing() {
        assert_eq!(student_interval(&[]), None);
        assert_eq!(student_interval(&[7.0]), Some(Interval { mean: 7.0, bounds: None, worlds: 1 }));
    }
}
