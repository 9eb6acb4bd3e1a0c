//! Truth: classes of needs and the profit bridge of each arm, totals over worlds.

use counterfoil_core::facts::TruthFact;
use counterfoil_stats::{Bridge, BridgeParts};

use serde::Serialize;

use crate::error::Answered;
use crate::facts::Facts;

/// Truth of one arm, totals over worlds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// Arm.
    pub arm: String,
    /// Classes of needs.
    pub needs: NeedCounts,
    /// Steps from control's contribution to the arm's; the last equals the sum of the others.
    pub bridge: Vec<BridgeStep>,
}

/// Needs due in the horizon, by class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NeedCounts {
    /// Bought in neither.
    pub none: u64,
    /// Bought here only.
    pub incremental: u64,
    /// Bought in control, met here from stock bought earlier.
    pub pulled_forward: u64,
    /// Bought in control only.
    pub lost: u64,
    /// Bought in both, with a reward here.
    pub subsidised: u64,
    /// Bought in both, without.
    pub unchanged: u64,
}

/// One step of the bridge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BridgeStep {
    /// Name: `reward on subsidised`.
    pub step: String,
    /// Signed amount with the currency's decimals: `-1203.40`.
    pub amount: String,
}

impl Facts {
    /// Needs and bridge of every arm, control (whose bridge has no steps) included.
    pub(crate) fn truth(&self) -> Answered<Vec<Truth>> {
        let decimals = self.run.currency_decimals as u8;
        let mut all = Vec::new();
        for (place, arm) in self.arms().into_iter().enumerate() {
            let bridge = self.bridge(place)?.formatted(decimals);
            let bridge =
                bridge.into_iter().map(|(step, amount)| BridgeStep { step: step.to_owned(), amount });
            all.push(Truth { arm: arm.to_owned(), needs: self.needs(place), bridge: bridge.collect() });
        }
        Ok(all)
    }

    /// The bridge of one arm over all worlds. It adds up, or it is refused.
    pub(crate) fn bridge(&self, place: usize) -> Answered<Bridge> {
        let mut sum = Bridge::empty();
        for arm in self.arm(place) {
            sum = sum.merged(&Bridge::new(parts(&arm.truth))?)?;
        }
        Ok(sum)
    }

    fn needs(&self, place: usize) -> NeedCounts {
        let mut sums = [0_u64; 6];
        for arm in self.arm(place) {
            for (sum, count) in sums.iter_mut().zip(arm.truth.needs) {
                *sum += u64::try_from(count).unwrap_or(0);
            }
        }
        let [none, incremental, pulled_forward, lost, subsidised, unchanged] = sums;
        NeedCounts { none, incremental, pulled_forward, lost, subsidised, unchanged }
    }
}

fn parts(truth: &TruthFact) -> BridgeParts {
    let steps = &truth.bridge;
    BridgeParts {
        control_contribution: steps[0],
        incremental: steps[1],
        lost: steps[2],
        pulled_forward: steps[3],
        reward_on_subsidised: steps[4],
        basket_change: steps[5],
        shipping_payment_and_returns: steps[6],
        messages_and_liability: steps[7],
        arm_contribution: steps[8],
    }
}
