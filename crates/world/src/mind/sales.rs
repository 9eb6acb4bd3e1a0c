//! Which weekdays she believes to be sale days. Learned from what is posted when she arrives, and from announcements.

use super::belief::Belief;
use crate::mechanism::{Kept, Mechanism};
use counterfoil_core::digest::Digest;
use counterfoil_scenario::model::{Beliefs, Scenario};

/// Believed posted deals by weekday, Monday first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SaleDays(pub [Belief; 7]);

impl SaleDays {
    /// She sees on a weekday how deep the posted sale is; 0: there is none.
    pub(crate) fn see(&mut self, settings: &Beliefs, weekday: usize, depth: f64) {
        self.0[weekday].learn(settings.calendar_rate, depth);
    }

    /// What she believes about the day that comes `days` after a weekday.
    pub(crate) fn after(&self, weekday: usize, days: u32) -> Belief {
        self.0[(weekday + days as usize) % 7]
    }
}

impl Mechanism for SaleDays {
    type Fading = Kept;

    fn fading(scenario: &Scenario, days: u32) -> Kept {
        Kept::half_after(scenario.beliefs.half_life_days, days)
    }

    fn fade(&mut self, days: usize, fading: &Kept) {
        let kept = fading.after(days);
        self.0.iter_mut().for_each(|belief| belief.chance *= kept);
    }

    fn reset_to(&mut self, control: &Self) {
        self.0 = control.0;
    }

    fn fold_into(&self, digest: &mut Digest) {
        let Self(by_weekday) = self;
        by_weekday.iter().for_each(|belief| belief.fold_into(digest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: what was seen on one weekday is believed of that weekday and of no other, and half of it is gone in time.
    #[test]
    fn a_sale_on_fridays_is_expected_on_fridays() {
        let settings = Beliefs { calendar_rate: 0.5, ..Beliefs::default() };
        let mut days = SaleDays::default();
        days.see(&settings, 4, 0.2);
        assert_eq!(days.after(1, 3), Belief { chance: 0.5, depth: 0.2 });
        assert!((0..7).filter(|&d| d != 3).all(|d| days.after(1, d) == Belief::default()));
        days.fade(10, &Kept::half_after(10.0, 20));
        assert!((days.after(4, 7).chance - 0.25).abs() < 1e-6);
    }
}
