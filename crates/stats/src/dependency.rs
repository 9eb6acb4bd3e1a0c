//! The dependency index: how many full-price orders are missing because shoppers learned to wait.
//!
//! After all treatments stop, the same shoppers are observed twice with the same luck: as they are, and with
//! their learned habits reset. The index is `1 - as is / reset` in percent within each world: 0 where nothing
//! was learned, 18 where 18 of 100 full-price orders are missing, negative where habits helped.
//!
//! Start at [`dependency_index`] for one arm, [`dependency_values`] to pair two arms. How fast it fades is
//! [`mod@crate::half_life`].

use crate::{
    interval::{Interval, student_interval},
    ratio::{Scale, WorldRatio},
};

/// Full-price orders (or their contribution in minor units) of one world after treatments stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbeOrders {
    /// With the habits that shoppers have.
    pub as_is: i64,
    /// With habits reset to those of shoppers who never saw a treatment.
    pub reset: i64,
}

impl ProbeOrders {
    /// The index of this world in percent; `None` unless the reset twin has a positive total, because a share
    /// of nothing, or of a loss, has no meaning.
    #[must_use]
    pub fn index_percent(self) -> Option<f64> {
        let missing = self.reset.checked_sub(self.as_is)?;
        if self.reset <= 0 {
            return None;
        }
        WorldRatio { numerator: missing, denominator: self.reset }.value(Scale::PERCENT)
    }
}

/// The index of every world in percent, in world order.
#[must_use]
pub fn dependency_values(worlds: &[ProbeOrders]) -> Vec<Option<f64>> {
    worlds.iter().map(|w| w.index_percent()).collect()
}

/// Mean index in percent with the 95 % Student interval between worlds; `None` when no world has one.
#[must_use]
pub fn dependency_index(worlds: &[ProbeOrders]) -> Option<Interval> {
    let values: Vec<f64> = worlds.iter().filter_map(|w| w.index_percent()).collect();
    student_interval(&values)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Goal: 82 of 100 orders left is an index of 18; empty and loss-making worlds are left out.
    #[test]
    fn missing_orders_in_percent() {
        let worlds = [
            ProbeOrders { as_is: 82, reset: 100 },
            ProbeOrders { as_is: 0, reset: 0 },
            ProbeOrders { as_is: 45, reset: 50 },
            ProbeOrders { as_is: 5, reset: -10 },
        ];
        assert_eq!(dependency_values(&worlds), [Some(18.0), None, Some(10.0), None]);
        let index = dependency_index(&worlds).unwrap();
        assert_eq!((index.mean, index.worlds), (14.0, 2));
    }

    /// Goal: control, whose twin differs in nothing, has an index of exactly zero.
    #[test]
    fn nothing_learned_is_exactly_zero() {
        let worlds = [ProbeOrders { as_is: 31, reset: 31 }, ProbeOrders { as_is: 7, reset: 7 }];
        let index = dependency_index(&worlds).unwrap();
        assert_eq!((index.mean, index.low(), index.high()), (0.0, Some(0.0), Some(0.0)));
        assert_eq!(dependency_index(&[]), None);
    }
}
