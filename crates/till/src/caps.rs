//! Frequency caps in sliding windows: "2 per 7 days" means that no seven days ever hold three.
//!
//! The window of a question at `now` is everything later than `now - days`. Things already planned for a later hour
//! (a message of this morning, asked about before seven) count as well, so that no window can overflow afterwards.

use counterfoil_core::Time;
use counterfoil_core::time::DAY_MS;
use counterfoil_scenario::policy::Cap;

/// Whether one more at `now` would break one of `caps`. `times` gives the earlier ones in any order, from newer to
/// older up to a day of disorder; it is read once per cap and only as far back as the window reaches.
pub(crate) fn full<I: Iterator<Item = Time>>(caps: &[Cap], now: Time, times: impl Fn() -> I) -> bool {
    caps.iter().any(|cap| {
        let window_start = now + -i64::from(cap.days) * DAY_MS;
        let inside = times()
            .take_while(|&at| at + DAY_MS > window_start)
            .filter(|&at| at > window_start)
            .take(cap.count as usize)
            .count();
        inside >= cap.count as usize
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WEEKLY: Cap = Cap { count: 2, days: 7 };

    #[test]
    fn the_window_slides() {
        let shown = [Time(5 * DAY_MS), Time(DAY_MS)];
        let full_at = |now| full(&[WEEKLY], now, || shown.iter().copied());
        assert!(full_at(Time(8 * DAY_MS - 1)), "both are younger than seven days");
        assert!(!full_at(Time(8 * DAY_MS)), "the first one is exactly seven days old");
        assert!(full(&[Cap { count: 0, days: 1 }], Time(0), std::iter::empty), "none per day allows none");
        assert!(!full(&[], Time(0), || shown.iter().copied()), "no cap, no limit");
        let disordered = || [Time(DAY_MS), Time(DAY_MS + 1)].into_iter();
        assert!(
            full(&[Cap { count: 1, days: 7 }], Time(8 * DAY_MS), disordered),
            "the second one is younger"
        );
    }

    proptest! {
        /// Whatever the gaps, asking first keeps every window within its cap.
        #[test]
        fn no_window_ever_holds_more(gaps in prop::collection::vec(0_i64..3 * DAY_MS, 1..80), count in 1_u32..4, days in 1_u32..9) {
            let cap = Cap { count, days };
            let (mut now, mut shown) = (Time(0), Vec::<Time>::new());
            for gap in gaps {
                now = now + gap;
                if !full(&[cap], now, || shown.iter().rev().copied()) {
                    shown.push(now);
                }
            }
            for &end in &shown {
                let inside = shown.iter().filter(|&&at| at <= end && end - at < i64::from(days) * DAY_MS).count();
                prop_assert!(inside <= count as usize);
            }
            prop_assert!(shown.len() >= count.min(1) as usize);
        }
    }
}
