//! Payback: when an arm has earned back what it cost against another.
//!
//! # Promises
//! - The day is read from the mean over worlds by integer sums, so no rounding decides it.
//! - It is the day from which the curve *stays* at or above zero to the end, not the first day it touches zero.
//! - Whether the band agrees is said separately, because a mean may stay above zero by luck.
//!
//! Start at [`payback`]; the input comes from [`crate::daily::cumulative_difference`].

use crate::{
    daily::{daily_means, require_rectangle},
    error::StatsError,
    interval::Interval,
    ratio::Scale,
};

/// From which day on an arm is not behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaybackDay {
    /// The mean cumulative difference is zero on every day: there is nothing to pay back and nothing earned.
    NoDifference,
    /// It is never below zero.
    Immediately,
    /// It is below zero before this day (numbered from 0, as the curve) and not from it on.
    Day(u32),
    /// It is below zero on the last day.
    Never,
}

/// The cumulative difference by day and what it says about payback.
#[derive(Clone, Debug, PartialEq)]
pub struct Payback {
    /// Mean cumulative difference by day with its pointwise 95 % band, in the unit asked for.
    pub curve: Vec<Interval>,
    /// When the mean is back at zero to stay.
    pub day: PaybackDay,
    /// Whether from that day on even the lower end of the band is never below zero. False for `Never` and
    /// `NoDifference`, and with fewer than two worlds.
    pub low_stays_above: bool,
}

/// Payback from cumulative differences: `worlds[w][d]` is arm minus versus in world *w* up to the end of day *d*.
///
/// `scale` and `per` are those of [`daily_means`] and concern the curve alone. `Ok(None)` without worlds or days.
///
/// # Errors
/// Those of [`daily_means`].
pub fn payback(worlds: &[Vec<i64>], scale: Scale, per: i64) -> Result<Option<Payback>, StatsError> {
    let days = require_rectangle(worlds)?;
    let curve = daily_means(worlds, scale, per)?;
    if curve.is_empty() {
        return Ok(None);
    }
    let totals: Vec<i128> = (0..days).map(|d| worlds.iter().map(|w| i128::from(w[d])).sum()).collect();
    let day = payback_day(&totals);
    let low_stays_above = match day {
        PaybackDay::NoDifference | PaybackDay::Never => false,
        PaybackDay::Immediately => low_stays_above(&curve),
        PaybackDay::Day(day) => low_stays_above(&curve[day as usize..]),
    };
    Ok(Some(Payback { curve, day, low_stays_above }))
}

fn payback_day(totals: &[i128]) -> PaybackDay {
    if totals.iter().all(|&t| t == 0) {
        return PaybackDay::NoDifference;
    }
    match totals.iter().rposition(|&t| t < 0) {
        None => PaybackDay::Immediately,
        Some(last) if last + 1 == totals.len() => PaybackDay::Never,
        Some(last) => PaybackDay::Day(u32::try_from(last + 1).unwrap_or(u32::MAX)),
    }
}

fn low_stays_above(curve: &[Interval]) -> bool {
    curve.iter().all(|day| day.low().is_some_and(|low| low >= 0.0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day_of(worlds: &[Vec<i64>]) -> (PaybackDay, bool) {
        let result = payback(worlds, Scale::ONE, 1).unwrap().unwrap();
        (result.day, result.low_stays_above)
    }

    /// Goal: a curve that dips again after touching zero pays back at its last return.
    #[test]
    fn the_day_from_which_it_stays() {
        assert_eq!(day_of(&[vec![-5, 1, -1, 0, 4], vec![-5, 1, -1, 0, 4]]), (PaybackDay::Day(3), true));
        assert_eq!(day_of(&[vec![-5, 1, 9], vec![-5, 1, -19]]), (PaybackDay::Never, false));
    }

    /// Goal: the other answers, and an unbroken zero is not sold as an immediate success.
    #[test]
    fn immediately_never_and_no_difference() {
        assert_eq!(day_of(&[vec![0, 3, 5], vec![0, 2, 9]]).0, PaybackDay::Immediately);
        assert_eq!(day_of(&[vec![3, -1]]), (PaybackDay::Never, false));
        assert_eq!(day_of(&[vec![0, 0], vec![0, 0]]), (PaybackDay::NoDifference, false));
        assert_eq!(day_of(&[vec![2, -1], vec![-2, 1]]), (PaybackDay::NoDifference, false));
    }

    /// Goal: a mean above zero whose worlds disagree is not called certain, nor is a single world.
    #[test]
    fn the_band_may_disagree_with_the_mean() {
        assert_eq!(day_of(&[vec![-3, 30], vec![-3, -20]]), (PaybackDay::Day(1), false));
        assert_eq!(day_of(&[vec![-3, 30]]), (PaybackDay::Day(1), false));
        assert_eq!(day_of(&[vec![-3, 30], vec![-2, 31]]), (PaybackDay::Day(1), true));
    }

    /// Goal: the curve is scaled for display while the day is not affected.
    #[test]
    fn curve_is_in_the_unit_asked_for() {
        let result = payback(&[vec![-250, 100]], Scale::minor_units(2).unwrap(), 5).unwrap().unwrap();
        assert_eq!(result.curve.iter().map(|d| d.mean).collect::<Vec<_>>(), [-0.5, 0.2]);
        assert_eq!(payback(&[], Scale::ONE, 1).unwrap(), None);
        assert!(matches!(payback(&[vec![1], vec![]], Scale::ONE, 1), Err(StatsError::Ragged { .. })));
    }
}
