//! Which personal deals she believes in: one that comes with an ordinary visit, and one that hesitating brings.

use super::belief::Belief;
use crate::mechanism::{Kept, Mechanism};
use counterfoil_core::digest::Digest;
use counterfoil_scenario::model::{Beliefs, Scenario};

/// Believed personal deals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PersonalDeals {
    /// On an ordinary visit, or in a message.
    pub at_visit: Belief,
    /// After hesitating or leaving a cart.
    pub on_hesitation: Belief,
}

impl PersonalDeals {
    /// She got a deal on a page, or in a message, without having hesitated.
    pub(crate) fn came_by_itself(&mut self, settings: &Beliefs, depth: f64) {
        self.at_visit.learn(settings.visit_rate, depth);
    }

    /// She got a deal after she had hesitated.
    pub(crate) fn came_on_hesitation(&mut self, settings: &Beliefs, depth: f64) {
        self.on_hesitation.learn(settings.trigger_rate, depth);
    }

    /// A visit ended without any.
    pub(crate) fn did_not_come(&mut self, settings: &Beliefs, hesitated: bool) {
        self.at_visit.learn(settings.visit_rate, 0.0);
        if hesitated {
            self.on_hesitation.learn(settings.trigger_rate, 0.0);
        }
    }
}

impl Mechanism for PersonalDeals {
    type Fading = Kept;

    fn fading(scenario: &Scenario, days: u32) -> Kept {
        Kept::half_after(scenario.beliefs.half_life_days, days)
    }

    fn fade(&mut self, days: usize, fading: &Kept) {
        let kept = fading.after(days);
        self.at_visit.chance *= kept;
        self.on_hesitation.chance *= kept;
    }

    fn reset_to(&mut self, control: &Self) {
        self.clone_from(control);
    }

    fn fold_into(&self, digest: &mut Digest) {
        let Self { at_visit, on_hesitation } = self;
        at_visit.fold_into(digest);
        on_hesitation.fold_into(digest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: hesitating without an offer unlearns both beliefs, an ordinary visit only the one about visits.
    #[test]
    fn only_who_hesitates_learns_what_hesitating_brings() {
        let settings = Beliefs { visit_rate: 0.5, trigger_rate: 0.5, ..Beliefs::default() };
        let mut deals = PersonalDeals::default();
        deals.came_by_itself(&settings, 0.1);
        deals.came_on_hesitation(&settings, 0.2);
        deals.did_not_come(&settings, false);
        assert_eq!((deals.at_visit.chance, deals.on_hesitation.chance), (0.25, 0.5));
        deals.did_not_come(&settings, true);
        assert_eq!((deals.at_visit.chance, deals.on_hesitation.chance), (0.125, 0.25));
        assert_eq!((deals.at_visit.depth, deals.on_hesitation.depth), (0.1, 0.2));
    }
}
