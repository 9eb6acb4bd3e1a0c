//! The profit bridge: from what control earns to what the arm earns, step by step, to the last minor unit.
//!
//! # Promises
//! - Integers only. A [`Bridge`] exists only if its steps add up exactly; otherwise the constructor names the
//!   residual, because a bridge with an unexplained rest explains nothing.
//! - Bridges of parts of a run can be merged in any order ([`Bridge::merged`]).
//! - Steps come in one fixed order with fixed names ([`Step::ALL`]).
//!
//! # Where to start
//! [`Bridge::new`], then [`Bridge::steps`] for figures or [`Bridge::formatted`] for text.

use crate::error::StatsError;

/// One bar of the bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Where it starts: contribution of control.
    ControlContribution,
    /// Orders that exist only in the arm.
    Incremental,
    /// Orders that exist only in control.
    Lost,
    /// Orders of control that the arm met earlier.
    PulledForward,
    /// Rewards given to orders that control has as well.
    RewardOnSubsidised,
    /// Fuller or emptier baskets at list price.
    BasketChange,
    /// Differences in shipping, payment fees and returns.
    ShippingPaymentAndReturns,
    /// Messages sent, rewards and points owed.
    MessagesAndLiability,
    /// Where it ends: contribution of the arm.
    ArmContribution,
}

impl Step {
    /// Every step in the order of the bridge.
    pub const ALL: [Self; 9] = [
        Self::ControlContribution,
        Self::Incremental,
        Self::Lost,
        Self::PulledForward,
        Self::RewardOnSubsidised,
        Self::BasketChange,
        Self::ShippingPaymentAndReturns,
        Self::MessagesAndLiability,
        Self::ArmContribution,
    ];

    /// The name that files and screens use.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::ControlContribution => "control contribution",
            Self::Incremental => "incremental",
            Self::Lost => "lost",
            Self::PulledForward => "pulled forward",
            Self::RewardOnSubsidised => "reward on subsidised",
            Self::BasketChange => "basket change",
            Self::ShippingPaymentAndReturns => "shipping payment and returns",
            Self::MessagesAndLiability => "messages and liability",
            Self::ArmContribution => "arm contribution",
        }
    }
}

/// The amounts of a bridge in minor units, signed as they act on profit: what costs is negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BridgeParts {
    /// Contribution of control.
    pub control_contribution: i64,
    /// Margin of orders that exist only in the arm.
    pub incremental: i64,
    /// Margin of orders that exist only in control, hence usually negative.
    pub lost: i64,
    /// Margin of the earlier orders minus that of the later ones they replace.
    pub pulled_forward: i64,
    /// Rewards given to orders that control has as well, hence usually negative.
    pub reward_on_subsidised: i64,
    /// Change of baskets at list price.
    pub basket_change: i64,
    /// Change of shipping, payment fees and returns.
    pub shipping_payment_and_returns: i64,
    /// Messages, rewards and liabilities, hence usually negative.
    pub messages_and_liability: i64,
    /// Contribution of the arm as booked.
    pub arm_contribution: i64,
}

impl BridgeParts {
    fn in_order(&self) -> [i64; 9] {
        [
            self.control_contribution,
            self.incremental,
            self.lost,
            self.pulled_forward,
            self.reward_on_subsidised,
            self.basket_change,
            self.shipping_payment_and_returns,
            self.messages_and_liability,
            self.arm_contribution,
        ]
    }
}

/// A profit bridge that adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bridge {
    amounts: [i64; 9],
}

impl Bridge {
    /// Takes the amounts if they add up.
    ///
    /// # Errors
    /// [`StatsError::Residual`] when control contribution plus the seven steps is not the arm's contribution.
    pub fn new(parts: BridgeParts) -> Result<Self, StatsError> {
        Self::checked(parts.in_order())
    }

    /// The bridge of both parts together, for example of two worlds.
    ///
    /// # Errors
    /// [`StatsError::Overflow`] when an amount leaves 64 bits.
    pub fn merged(&self, other: &Self) -> Result<Self, StatsError> {
        let mut amounts = self.amounts;
        for (amount, added) in amounts.iter_mut().zip(other.amounts) {
            let sum = i128::from(*amount) + i128::from(added);
            *amount = i64::try_from(sum).map_err(|_| StatsError::Overflow { what: "profit bridge", sum })?;
        }
        Self::checked(amounts)
    }

    /// The bridge of no worlds: zero throughout, the neutral element of [`Bridge::merged`].
    #[must_use]
    pub fn empty() -> Self {
        Self { amounts: [0; 9] }
    }

    fn checked(amounts: [i64; 9]) -> Result<Self, StatsError> {
        let (steps, arm) = amounts.split_at(8);
        let reached: i128 = steps.iter().map(|&a| i128::from(a)).sum();
        let expected = i128::from(arm[0]);
        if reached == expected {
            Ok(Self { amounts })
        } else {
            Err(StatsError::Residual { reached, expected, residual: expected - reached })
        }
    }

    /// One amount in minor units.
    #[must_use]
    pub fn amount(&self, step: Step) -> i64 {
        self.amounts[step as usize]
    }

    /// Every step with its amount in minor units, in the order of the bridge.
    pub fn steps(&self) -> impl Iterator<Item = (Step, i64)> + '_ {
        Step::ALL.into_iter().zip(self.amounts)
    }

    /// Every step's name with its amount as text, see [`decimal`].
    #[must_use]
    pub fn formatted(&self, decimals: u8) -> Vec<(&'static str, String)> {
        self.steps().map(|(step, amount)| (step.label(), decimal(amount, decimals))).collect()
    }
}

/// An amount of minor units as a decimal number with exactly `decimals` decimals: `-5` is `-0.05` with two.
///
/// A minus sign marks negative amounts, positive ones have none, and there are no separators of thousands, so
/// any program reads the text as a number.
#[must_use]
pub fn decimal(minor_units: i64, decimals: u8) -> String {
    let decimals = usize::from(decimals);
    let sign = if minor_units < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", minor_units.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let point = if decimals == 0 { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parts() -> BridgeParts {
        BridgeParts {
            control_contribution: 100_000,
            incremental: 12_000,
            lost: -3_000,
            pulled_forward: -250,
            reward_on_subsidised: -4_005,
            basket_change: 75,
            shipping_payment_and_returns: -1_200,
            messages_and_liability: -620,
            arm_contribution: 103_000,
        }
    }

    /// Goal: names, order and signs are those that scripts read.
    #[test]
    fn steps_come_in_the_fixed_order() {
        let text: Vec<String> =
            Bridge::new(parts()).unwrap().formatted(2).iter().map(|(n, a)| format!("{n} {a}")).collect();
        assert_eq!(
            text,
            [
                "control contribution 1000.00",
                "incremental 120.00",
                "lost -30.00",
                "pulled forward -2.50",
                "reward on subsidised -40.05",
                "basket change 0.75",
                "shipping payment and returns -12.00",
                "messages and liability -6.20",
                "arm contribution 1030.00",
            ]
        );
    }

    /// Goal: one cent that is missing is found and named.
    #[test]
    fn a_residual_is_refused_and_named() {
        let error = Bridge::new(BridgeParts { arm_contribution: 103_001, ..parts() }).unwrap_err();
        assert_eq!(error, StatsError::Residual { reached: 103_000, expected: 103_001, residual: 1 });
        assert!(error.to_string().contains("residual 1"), "{error}");
    }

    /// Goal: sums near the edge of 64 bits are refused, not wrapped.
    #[test]
    fn merging_adds_step_by_step_and_refuses_overflow() {
        let one = Bridge::new(parts()).unwrap();
        let two = one.merged(&one).unwrap();
        assert_eq!(two.amount(Step::Incremental), 24_000);
        assert_eq!(two.amount(Step::ArmContribution), 206_000);
        assert_eq!(one.merged(&Bridge::empty()).unwrap(), one);
        let huge =
            BridgeParts { control_contribution: i64::MAX, arm_contribution: i64::MAX, ..Default::default() };
        let error = Bridge::new(huge).unwrap().merged(&one).unwrap_err();
        assert!(matches!(error, StatsError::Overflow { .. }), "{error}");
    }

    /// Goal: every currency's number of decimals, and both ends of the range.
    #[test]
    fn decimals_of_every_currency() {
        assert_eq!(decimal(0, 2), "0.00");
        assert_eq!(decimal(-5, 2), "-0.05");
        assert_eq!(decimal(1_234, 0), "1234");
        assert_eq!(decimal(-1_234, 3), "-1.234");
        assert_eq!(decimal(i64::MIN, 2), "-92233720368547758.08");
    }
}
