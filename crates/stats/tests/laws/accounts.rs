//! Money: bridges add up to the last minor unit, payback days are what the curve shows.

use counterfoil_stats::{Bridge, BridgeParts, PaybackDay, Scale, StatsError, Step, payback};
use proptest::prelude::*;

fn parts() -> impl Strategy<Value = BridgeParts> {
    prop::array::uniform8(-1_000_000_000_000..1_000_000_000_000_i64).prop_map(|a| BridgeParts {
        control_contribution: a[0],
        incremental: a[1],
        lost: a[2],
        pulled_forward: a[3],
        reward_on_subsidised: a[4],
        basket_change: a[5],
        shipping_payment_and_returns: a[6],
        messages_and_liability: a[7],
        arm_contribution: a.iter().sum(),
    })
}

/// A printed amount as minor units again.
fn parsed(text: &str, decimals: usize) -> i64 {
    assert!(decimals == 0 || text.len() - text.find('.').unwrap() == decimals + 1, "{text}");
    text.replace('.', "").parse().unwrap()
}

proptest! {
    /// Goal: what is printed adds up as exactly as what was booked, for every currency and after any merge.
    #[test]
    fn bridges_add_up_in_print(one in parts(), other in parts(), decimals in 0..4_u8) {
        let (one, other) = (Bridge::new(one).unwrap(), Bridge::new(other).unwrap());
        let both = one.merged(&other).unwrap();
        prop_assert_eq!(&both, &other.merged(&one).unwrap());
        let printed: Vec<i64> =
            both.formatted(decimals).iter().map(|(_, text)| parsed(text, usize::from(decimals))).collect();
        prop_assert_eq!(printed.len(), 9);
        prop_assert_eq!(printed[..8].iter().sum::<i64>(), printed[8]);
        prop_assert_eq!(printed[8], one.amount(Step::ArmContribution) + other.amount(Step::ArmContribution));
    }

    /// Goal: no residual is too small or too large to be refused and named.
    #[test]
    fn any_residual_is_named(parts in parts(), residual in prop_oneof![-3..3_i64, any::<i32>().prop_map(i64::from)]) {
        let arm_contribution = parts.arm_contribution + residual;
        let result = Bridge::new(BridgeParts { arm_contribution, ..parts });
        match result {
            Ok(_) => prop_assert_eq!(residual, 0),
            Err(StatsError::Residual { residual: named, .. }) => prop_assert_eq!(named, i128::from(residual)),
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    /// Goal: the payback day is the one a person would read from the printed curve.
    #[test]
    fn payback_is_read_from_the_curve(
        worlds in (1..6_usize, 1..30_usize).prop_flat_map(|(worlds, days)| {
            prop::collection::vec(prop::collection::vec(-20..25_i64, days), worlds)
        }),
    ) {
        let result = payback(&worlds, Scale::ONE, 1).unwrap().unwrap();
        let means: Vec<f64> = result.curve.iter().map(|d| d.mean).collect();
        // Means of small integers: anything nearer to zero than this is zero.
        let below = |mean: &f64| *mean < -1e-9;
        match result.day {
            PaybackDay::NoDifference => prop_assert!(means.iter().all(|m| m.abs() < 1e-9)),
            PaybackDay::Immediately => prop_assert!(!means.iter().any(below)),
            PaybackDay::Never => prop_assert!(below(means.last().unwrap())),
            PaybackDay::Day(day) => {
                let day = day as usize;
                prop_assert!(below(&means[day - 1]));
                prop_assert!(!means[day..].iter().any(below));
                let lows = result.curve[day..].iter().all(|d| d.low().is_some_and(|low| low >= 0.0));
                prop_assert_eq!(result.low_stays_above, lows);
            }
        }
    }
}
