//! Nothing but the data may matter: not which arm is called first, not the order of worlds, not the zero point.

use counterfoil_stats::{Bounds, Interval, PairedDifference, paired_difference, student_interval, verdict};
use proptest::prelude::*;

type World = (Option<f64>, Option<f64>);

fn value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![9 => (-1e6..1e6_f64).prop_map(Some), 1 => Just(None)]
}

fn worlds() -> impl Strategy<Value = Vec<World>> {
    prop::collection::vec((value(), value()), 0..24)
}

fn compare(worlds: &[World]) -> Option<PairedDifference> {
    let (arm, versus): (Vec<_>, Vec<_>) = worlds.iter().copied().unzip();
    paired_difference(&arm, &versus).unwrap()
}

fn swapped(worlds: &[World]) -> Vec<World> {
    worlds.iter().map(|&(a, b)| (b, a)).collect()
}

/// The same bits; zero has no sign here.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a == 0.0 && b == 0.0)
}

fn near(a: f64, b: f64, size: f64) -> bool {
    (a - b).abs() <= 1e-12 * size
}

proptest! {
    /// Goal: "A beats B by 3" and "B loses to A by 3" are one statement.
    #[test]
    fn swapping_arms_flips_the_difference_to_the_bit(worlds in worlds()) {
        let (one, other) = (compare(&worlds), compare(&swapped(&worlds)));
        prop_assert_eq!(one.is_some(), other.is_some());
        let (Some(one), Some(other)) = (one, other) else { return Ok(()) };
        prop_assert!(same(one.difference.mean, -other.difference.mean));
        prop_assert_eq!(one.difference.worlds, other.difference.worlds);
        prop_assert_eq!(one.variance_ratio, other.variance_ratio);
        if let (Some(a), Some(b)) = (one.difference.bounds, other.difference.bounds) {
            prop_assert!(same(a.low, -b.high) && same(a.high, -b.low));
        }
        for smallest in [0.0, 1e4, 1e6] {
            let swapped = verdict(&other.difference, smallest).swapped();
            prop_assert_eq!(verdict(&one.difference, smallest), swapped);
        }
    }

    /// Goal: the verdict is antisymmetric for every interval, also for those that data would hardly give.
    #[test]
    fn verdict_is_antisymmetric(a in -2.0..2.0_f64, b in -2.0..2.0_f64, smallest in 0.0..2.0_f64) {
        let interval = |low: f64, high: f64| {
            Interval { mean: f64::midpoint(low, high), bounds: Some(Bounds { low, high }), worlds: 5 }
        };
        let (low, high) = (a.min(b), a.max(b));
        prop_assert_eq!(verdict(&interval(low, high), smallest), verdict(&interval(-high, -low), smallest).swapped());
    }

    /// Goal: an amount that every world gains moves the mean by it and leaves the uncertainty alone.
    #[test]
    fn a_constant_shifts_the_mean_and_not_the_width(values in prop::collection::vec(-1e3..1e3_f64, 2..24), shift in -1e3..1e3_f64) {
        let before = student_interval(&values).unwrap();
        let moved: Vec<f64> = values.iter().map(|v| v + shift).collect();
        let after = student_interval(&moved).unwrap();
        prop_assert!(near(after.mean, before.mean + shift, 4e3));
        let width = |i: &Interval| i.high().unwrap() - i.low().unwrap();
        prop_assert!(near(width(&after), width(&before), 4e4), "{} {}", width(&after), width(&before));
    }

    /// Goal: worlds have no order; only the last digits of a sum may notice it.
    #[test]
    fn permuting_worlds_changes_nothing(
        (before, after) in worlds().prop_flat_map(|w| (Just(w.clone()), Just(w).prop_shuffle())),
    ) {
        let (Some(one), Some(other)) = (compare(&before), compare(&after)) else { return Ok(()) };
        prop_assert!(near(one.difference.mean, other.difference.mean, 1e6));
        prop_assert_eq!(one.difference.worlds, other.difference.worlds);
        if let (Some(a), Some(b)) = (one.difference.bounds, other.difference.bounds) {
            prop_assert!(near(a.low, b.low, 1e7) && near(a.high, b.high, 1e7));
        }
        if let (Some(a), Some(b)) = (one.variance_ratio, other.variance_ratio) {
            prop_assert!((a / b - 1.0).abs() < 1e-9);
        }
    }

    /// Goal: a change of currency changes no share and no gain of pairing.
    #[test]
    fn relative_difference_has_no_unit(worlds in prop::collection::vec((1.0..9.0_f64, 1.0..9.0_f64), 2..20)) {
        let scaled = |factor: f64| -> Vec<World> {
            worlds.iter().map(|(a, b)| (Some(a * factor), Some(b * factor))).collect()
        };
        let (one, other) = (compare(&scaled(1.0)).unwrap(), compare(&scaled(100.0)).unwrap());
        let (a, b) = (one.relative.unwrap(), other.relative.unwrap());
        prop_assert!(near(a.mean, b.mean, 1e1));
        prop_assert!(near(a.low().unwrap(), b.low().unwrap(), 1e3));
        prop_assert!(near(a.high().unwrap(), b.high().unwrap(), 1e3));
    }
}
