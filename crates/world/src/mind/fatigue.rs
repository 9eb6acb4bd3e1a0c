//! Fatigue: every treatment that she notices tires her a little; who is tired likes the shop less and comes less often.

use crate::mechanism::{Kept, Mechanism};
use counterfoil_core::digest::Digest;
use counterfoil_scenario::model::{Feelings, Scenario};

/// How much of her visiting full fatigue takes away (assumption).
const VISITS_LOST_SHARE: f64 = 0.5;

/// Fatigue from treatments, 0 to 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fatigue(pub f32);

impl Fatigue {
    /// Something annoys her by a share of what is left of her patience.
    pub(crate) fn tire(&mut self, annoyance: f64) {
        self.0 += (annoyance as f32).min(1.0) * (1.0 - self.0);
    }

    /// Share of visits that she makes in spite of it.
    pub(crate) fn visits_kept(&self) -> f64 {
        1.0 - self.visits_lost()
    }

    /// Share of visits that it keeps her from.
    pub(crate) fn visits_lost(&self) -> f64 {
        VISITS_LOST_SHARE * f64::from(self.0)
    }

    /// Utility of buying that it takes away.
    fn cost(&self, settings: &Feelings) -> f64 {
        settings.fatigue_cost * f64::from(self.0)
    }
}

impl Mechanism for Fatigue {
    type Fading = Kept;

    fn fading(scenario: &Scenario, days: u32) -> Kept {
        Kept::half_after(scenario.feelings.fatigue_half_life_days, days)
    }

    fn fade(&mut self, days: usize, fading: &Kept) {
        self.0 *= fading.after(days);
    }

    fn utility(&self, scenario: &Scenario) -> f64 {
        -self.cost(&scenario.feelings)
    }

    fn reset_to(&mut self, control: &Self) {
        self.clone_from(control);
    }

    fn fold_into(&self, digest: &mut Digest) {
        let Self(level) = self;
        digest.fold(u64::from(level.to_bits()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: fatigue never passes one, costs in proportion, and rests.
    #[test]
    fn fatigue_grows_towards_one_and_rests() {
        let settings = Feelings { fatigue_cost: 0.8, ..Feelings::default() };
        let mut fatigue = Fatigue::default();
        assert_eq!((fatigue.cost(&settings), fatigue.visits_kept()), (0.0, 1.0));
        fatigue.tire(0.5);
        fatigue.tire(0.5);
        assert_eq!(fatigue.0, 0.75);
        assert!((fatigue.cost(&settings) - 0.6).abs() < 1e-9 && fatigue.visits_kept() == 0.625);
        fatigue.tire(3.0);
        assert_eq!(fatigue.0, 1.0);
        fatigue.fade(7, &Kept::half_after(7.0, 7));
        assert!((fatigue.0 - 0.5).abs() < 1e-6);
    }
}
