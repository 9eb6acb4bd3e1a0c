//! Stimulus: an opened message wakes needs for a while.

use crate::mechanism::{Kept, Mechanism};
use counterfoil_core::digest::Digest;
use counterfoil_scenario::model::{Needs, Scenario};

/// Stimulus from opened messages, 0 to 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stimulus(pub f32);

impl Stimulus {
    /// She opens a message.
    pub(crate) fn wake(&mut self) {
        self.0 = 1.0;
    }

    /// What it adds to the share of her potential needs that become active.
    pub(crate) fn needs_added(&self, settings: &Needs) -> f64 {
        settings.stimulus_effect * f64::from(self.0)
    }
}

impl Mechanism for Stimulus {
    type Fading = Kept;

    fn fading(scenario: &Scenario, days: u32) -> Kept {
        Kept::half_after(scenario.needs.stimulus_half_life_days, days)
    }

    fn fade(&mut self, days: usize, fading: &Kept) {
        self.0 *= fading.after(days);
    }

    fn fold_into(&self, digest: &mut Digest) {
        let Self(level) = self;
        digest.fold(u64::from(level.to_bits()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_wakes_needs_for_a_while() {
        let settings = Needs { stimulus_effect: 0.2, ..Needs::default() };
        let mut stimulus = Stimulus::default();
        assert_eq!(stimulus.needs_added(&settings), 0.0);
        stimulus.wake();
        assert_eq!(stimulus.needs_added(&settings), 0.2);
        stimulus.fade(3, &Kept::half_after(3.0, 3));
        assert!((stimulus.needs_added(&settings) - 0.1).abs() < 1e-6);
    }
}
