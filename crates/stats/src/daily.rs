//! Curves by day: mean over worlds with a band.
//!
//! The band is pointwise: on each single day it holds with 95 %, which does not mean that the whole curve lies
//! inside it with 95 %. Days are numbered as in the input, from 0. Start at [`daily_means`].

use crate::{
    error::StatsError,
    interval::{Interval, student_interval},
    ratio::{Scale, WorldRatio},
};

/// Mean over worlds for every day, with the 95 % Student interval between worlds.
///
/// `worlds[w][d]` is the amount of world *w* on day *d*, for example in minor units or orders; `scale` turns it
/// into the unit shown and `per` divides it, for example by the number of shoppers of a world (1 for totals).
/// No world, or worlds without days, give an empty curve.
///
/// # Errors
/// [`StatsError::Ragged`] when worlds have different numbers of days, [`StatsError::OutOfRange`] when `per` is
/// not positive.
pub fn daily_means(worlds: &[Vec<i64>], scale: Scale, per: i64) -> Result<Vec<Interval>, StatsError> {
    let days = require_rectangle(worlds)?;
    if per <= 0 {
        return Err(StatsError::OutOfRange { name: "per", found: per as f64, allowed: "positive" });
    }
    let on_day = |day: usize| -> Option<Interval> {
        let ratio = |world: &Vec<i64>| WorldRatio { numerator: world[day], denominator: per }.value(scale);
        let values: Vec<f64> = worlds.iter().filter_map(ratio).collect();
        student_interval(&values)
    };
    Ok((0..days).filter_map(on_day).collect())
}

/// Running total of a daily series.
///
/// # Errors
/// [`StatsError::Overflow`] when the total leaves 64 bits.
pub fn cumulative(daily: &[i64]) -> Result<Vec<i64>, StatsError> {
    let mut sum: i128 = 0;
    daily
        .iter()
        .map(|&amount| {
            sum += i128::from(amount);
            i64::try_from(sum).map_err(|_| StatsError::Overflow { what: "running total", sum })
        })
        .collect()
}

/// Running total of arm minus versus, both by day and from the same world.
///
/// # Errors
/// [`StatsError::Unpaired`] when the two have different numbers of days, [`StatsError::Overflow`] when a total
/// leaves 64 bits.
pub fn cumulative_difference(arm: &[i64], versus: &[i64]) -> Result<Vec<i64>, StatsError> {
    if arm.len() != versus.len() {
        return Err(StatsError::Unpaired { what: "days", arm: arm.len(), versus: versus.len() });
    }
    let mut sum: i128 = 0;
    arm.iter()
        .zip(versus)
        .map(|(&arm, &versus)| {
            sum += i128::from(arm) - i128::from(versus);
            i64::try_from(sum).map_err(|_| StatsError::Overflow { what: "running difference", sum })
        })
        .collect()
}

/// The common length of all series, 0 without any.
pub(crate) fn require_rectangle(worlds: &[Vec<i64>]) -> Result<usize, StatsError> {
    let expected = worlds.first().map_or(0, Vec::len);
    match worlds.iter().position(|w| w.len() != expected) {
        Some(world) => Err(StatsError::Ragged { world, found: worlds[world].len(), expected }),
        None => Ok(expected),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Goal: means and bands are those of the single days, in the unit asked for.
    #[test]
    fn each_day_is_a_mean_over_worlds() {
        let worlds = [vec![100, 0], vec![300, 50]];
        let curve = daily_means(&worlds, Scale::minor_units(2).unwrap(), 10).unwrap();
        assert_eq!(curve.len(), 2);
        assert_eq!((curve[0].mean, curve[1].mean), (0.2, 0.025));
        assert_eq!(curve[0], student_interval(&[0.1, 0.3]).unwrap());
    }

    /// Goal: no world is an empty curve, worlds of different length are an error.
    #[test]
    fn empty_and_ragged_input() {
        assert_eq!(daily_means(&[], Scale::ONE, 1).unwrap(), []);
        assert_eq!(daily_means(&[vec![], vec![]], Scale::ONE, 1).unwrap(), []);
        assert!(matches!(
            daily_means(&[vec![1], vec![]], Scale::ONE, 1),
            Err(StatsError::Ragged { world: 1, .. })
        ));
        assert!(matches!(daily_means(&[vec![1]], Scale::ONE, 0), Err(StatsError::OutOfRange { .. })));
    }

    /// Goal: running totals are exact and never wrap.
    #[test]
    fn running_totals() {
        assert_eq!(cumulative(&[3, -5, 4]).unwrap(), [3, -2, 2]);
        assert_eq!(cumulative_difference(&[3, 3], &[5, 0]).unwrap(), [-2, 1]);
        assert!(matches!(cumulative(&[i64::MAX, 1]), Err(StatsError::Overflow { .. })));
        assert!(matches!(cumulative_difference(&[1], &[]), Err(StatsError::Unpaired { .. })));
    }
}
