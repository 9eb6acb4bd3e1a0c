//! What she thinks a category costs: prices seen move it, and a price is felt as gain or loss against it.

use crate::mechanism::Mechanism;
use counterfoil_core::digest::Digest;
use counterfoil_core::shop::CATEGORIES_MAX;
use counterfoil_scenario::model::Scenario;

/// Reference price by category, as a share of the list price.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferencePrice(pub [f32; CATEGORIES_MAX]);

impl Default for ReferencePrice {
    fn default() -> Self {
        Self([1.0; CATEGORIES_MAX])
    }
}

impl ReferencePrice {
    /// She sees a price in a category; `rate` is its weight.
    pub(crate) fn see(&mut self, category: u8, price_ratio: f64, rate: f64) {
        let reference = &mut self.0[usize::from(category)];
        *reference += rate as f32 * (price_ratio as f32 - *reference);
    }

    /// The reference of a category.
    pub(crate) fn of(&self, category: u8) -> f64 {
        f64::from(self.0[usize::from(category)])
    }

    /// Gain (above zero) or loss of a price, as a share of the reference; losses weigh `loss_aversion` times as much
    /// (Tversky and Kahneman 1991; Neumann and Boeckenholt 2014).
    pub(crate) fn gain(&self, category: u8, price_ratio: f64, loss_aversion: f64) -> f64 {
        let reference = self.of(category);
        let relative = (reference - price_ratio) / reference;
        if relative < 0.0 { loss_aversion * relative } else { relative }
    }
}

impl Mechanism for ReferencePrice {
    type Fading = ();

    fn fading(_scenario: &Scenario, _days: u32) {}

    fn reset_to(&mut self, control: &Self) {
        self.clone_from(control);
    }

    fn fold_into(&self, digest: &mut Digest) {
        let Self(by_category) = self;
        by_category.iter().for_each(|reference| digest.fold(u64::from(reference.to_bits())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a reference moves towards what is seen, in its category alone, and a loss looms larger than a gain.
    #[test]
    fn prices_seen_move_the_reference_and_losses_loom_larger() {
        let mut reference = ReferencePrice::default();
        reference.see(2, 0.8, 0.5);
        assert!((reference.of(2) - 0.9).abs() < 1e-6 && reference.of(1) == 1.0);
        let (gain, loss) = (reference.gain(2, 0.81, 2.0), reference.gain(2, 0.99, 2.0));
        assert!((gain - 0.1).abs() < 1e-6 && (loss + 0.2).abs() < 1e-6, "{gain} {loss}");
    }
}
