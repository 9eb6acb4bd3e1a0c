//! Trust: a visit in which too much changes costs some of it, and it comes back slowly.

use crate::mechanism::{Kept, Mechanism};
use counterfoil_core::digest::Digest;
use counterfoil_core::quantile::ln;
use counterfoil_scenario::model::{Feelings, Scenario};

/// Trust, 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Trust(pub f32);

impl Default for Trust {
    fn default() -> Self {
        Self(1.0)
    }
}

impl Trust {
    /// She noticed treatment number `noticed` of a visit, from 1; what is beyond her tolerance costs trust.
    pub(crate) fn notice(&mut self, settings: &Feelings, noticed: u32) {
        if noticed > settings.changes_tolerated {
            self.0 -= settings.trust_lost as f32 * self.0;
        }
    }

    /// Utility of buying that missing trust takes away.
    fn cost(&self, settings: &Feelings) -> f64 {
        settings.trust_cost * (1.0 - f64::from(self.0))
    }
}

fn distrust_left(settings: &Feelings, days: u32) -> Kept {
    let kept_per_week = (1.0 - settings.trust_regained_per_week).max(1e-9);
    Kept::at_rate(ln(kept_per_week) / 7.0, days)
}

impl Mechanism for Trust {
    type Fading = Kept;

    /// What is left of distrust.
    fn fading(scenario: &Scenario, days: u32) -> Kept {
        distrust_left(&scenario.feelings, days)
    }

    fn fade(&mut self, days: usize, fading: &Kept) {
        self.0 = 1.0 - (1.0 - self.0) * fading.after(days);
    }

    fn utility(&self, scenario: &Scenario) -> f64 {
        -self.cost(&scenario.feelings)
    }

    fn fold_into(&self, digest: &mut Digest) {
        let Self(level) = self;
        digest.fold(u64::from(level.to_bits()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: what she tolerates costs nothing, one more does, and a week gives back its share.
    #[test]
    fn trust_is_lost_beyond_tolerance_and_regained_by_week() {
        let settings = Feelings {
            changes_tolerated: 2,
            trust_lost: 0.5,
            trust_cost: 2.0,
            trust_regained_per_week: 0.2,
            ..Feelings::default()
        };
        let mut trust = Trust::default();
        trust.notice(&settings, 1);
        trust.notice(&settings, 2);
        assert_eq!((trust.0, trust.cost(&settings)), (1.0, 0.0));
        trust.notice(&settings, 3);
        assert_eq!((trust.0, trust.cost(&settings)), (0.5, 1.0));
        trust.fade(7, &distrust_left(&settings, 7));
        assert!((trust.0 - 0.6).abs() < 1e-6);
    }
}
