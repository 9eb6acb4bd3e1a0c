//! Lifecycle x value: which of the eight segments a customer belongs to on the morning of a day.
//!
//! Recency decides the stage of life, money spent the value; the cut between low and high is a share of buyers, found
//! anew every night. Returns do not lower the money spent: the usual nightly export knows orders, not returns.

use counterfoil_core::time::DAY_MS;
use counterfoil_core::{Money, Share, Time};
use counterfoil_scenario::policy::{BatchSpec, SEGMENTS};

/// A segment, in the order of [`SEGMENTS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Segment {
    /// Never logged in, never ordered.
    #[default]
    Anonymous,
    /// No order, and no visit lately.
    ProspectCold,
    /// No order, but a visit lately.
    ProspectWarm,
    /// Ordered lately, spent little.
    ActiveLow,
    /// Ordered lately, spent much.
    ActiveHigh,
    /// Ordered some time ago, spent little.
    LapsingLow,
    /// Ordered some time ago, spent much.
    LapsingHigh,
    /// Ordered long ago.
    Lapsed,
}

impl Segment {
    /// Position in [`SEGMENTS`] and in the tables of a policy.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
    /// Its name in policy files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        SEGMENTS[self.index()]
    }
}

/// What a shop's records say about one customer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// Whether she ever logged in or ordered, with consent.
    pub known: bool,
    /// Orders placed.
    pub orders: u32,
    /// Goods at list price less everything that was given away.
    pub spent: Money,
    /// When she last ordered; only meaningful with `orders > 0`.
    pub last_order: Time,
    /// When she last visited, on any cookie that is known to be hers.
    pub last_visit: Time,
}

/// The cuts between segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentRule {
    /// Up to this many days after an order a customer is active.
    pub active_days: u32,
    /// Up to this many days after an order she is lapsing; beyond, lapsed.
    pub lapsing_days: u32,
    /// Up to this many days after a visit somebody without an order is warm.
    pub warm_days: u32,
    /// Money spent from which on a customer counts as high value; `None`: nobody does.
    pub high_value_from: Option<Money>,
}

impl SegmentRule {
    /// The rule of a policy with the value cut of this night.
    pub(crate) fn tonight(spec: &BatchSpec, high_value_from: Option<Money>) -> Self {
        let BatchSpec { active_days, lapsing_days, warm_days, .. } = *spec;
        Self { active_days, lapsing_days, warm_days, high_value_from }
    }
}

/// The segment of a customer as her records stand at `cut_off`.
#[must_use]
pub fn segment_of(rule: &SegmentRule, seen: &Observed, cut_off: Time) -> Segment {
    let within = |moment: Time, days: u32| cut_off - moment <= i64::from(days) * DAY_MS;
    if !seen.known {
        return Segment::Anonymous;
    }
    if seen.orders == 0 {
        return if within(seen.last_visit, rule.warm_days) {
            Segment::ProspectWarm
        } else {
            Segment::ProspectCold
        };
    }
    let high = rule.high_value_from.is_some_and(|from| seen.spent >= from);
    match (within(seen.last_order, rule.active_days), within(seen.last_order, rule.lapsing_days), high) {
        (true, _, true) => Segment::ActiveHigh,
        (true, _, false) => Segment::ActiveLow,
        (false, true, true) => Segment::LapsingHigh,
        (false, true, false) => Segment::LapsingLow,
        (false, false, _) => Segment::Lapsed,
    }
}

/// The money from which on a buyer belongs to the top `share` of buyers; `None` if that is nobody. Reorders `spent`.
///
/// Linear (selection, no sorting). Buyers who spent exactly the cut all belong to the top.
pub(crate) fn high_value_cut(spent: &mut [Money], share: Share) -> Option<Money> {
    let top = (spent.len() as u64 * u64::from(share.millionths()) / 1_000_000) as usize;
    if top == 0 {
        return None;
    }
    let poorer = spent.len() - top;
    Some(*spent.select_nth_unstable(poorer).1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// With distinct amounts exactly the top share is at or above the cut.
        #[test]
        fn the_cut_separates_the_top_share(mut amounts in prop::collection::vec(1_i64..1_000_000, 1..200), percent in 0_u32..=100) {
            amounts.sort_unstable();
            amounts.dedup();
            let mut spent: Vec<Money> = amounts.iter().map(|&a| Money(a)).collect();
            let share = Share::from_percent(f64::from(percent)).unwrap();
            let cut = high_value_cut(&mut spent, share);
            let high = spent.iter().filter(|&&s| cut.is_some_and(|c| s >= c)).count();
            prop_assert_eq!(high, amounts.len() * percent as usize / 100);
        }
    }
}
