//! Truth: classes of needs and the profit bridge of each arm, totals over worlds.

use counterfoil_core::facts::TruthFact;
use counterfoil_stats::{Bridge, BridgeParts};

use super::Facts;
use crate::dto::{BridgeStep, NeedCounts, Truth};
use crate::error::Answered;

impl Facts {
    /// Needs and bridge of every arm, control (whose bridge has no steps) included.
    pub(crate) fn truth(&self) -> Answered<Vec<Truth>> {
        let decimals = self.record.run.currency_decimals as u8;
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
