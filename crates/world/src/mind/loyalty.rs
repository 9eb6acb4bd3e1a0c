//! Loyalty: orders raise it, returns lower it, and who is loyal comes to need more from this shop.

use crate::mechanism::Mechanism;
use counterfoil_core::digest::Digest;
use counterfoil_scenario::model::{Needs, Scenario};

/// Where everybody begins: neither loyal nor disloyal.
const NEUTRAL: f32 = 0.5;
/// Share of what is missing to full loyalty that an order gives (assumption).
const GAINED_BY_ORDER: f32 = 0.1;
/// Share of loyalty that a return takes (assumption).
const LOST_BY_RETURN: f32 = 0.15;

/// Loyalty, 0 to 1, and orders so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Loyalty {
    /// Level, 0 to 1.
    pub level: f32,
    /// Orders so far.
    pub orders: u32,
}

impl Default for Loyalty {
    fn default() -> Self {
        Self { level: NEUTRAL, orders: 0 }
    }
}

impl Loyalty {
    /// She ordered.
    pub(crate) fn ordered(&mut self) {
        self.orders += 1;
        self.level += GAINED_BY_ORDER * (1.0 - self.level);
    }

    /// Something came back.
    pub(crate) fn returned(&mut self) {
        self.level -= LOST_BY_RETURN * self.level;
    }

    /// Whether she is a customer.
    pub(crate) fn is_customer(&self) -> bool {
        self.orders > 0
    }

    /// Factor on the share of her potential needs that become active.
    pub(crate) fn need_factor(&self, settings: &Needs) -> f64 {
        1.0 + settings.loyalty_effect * (f64::from(self.level) - f64::from(NEUTRAL))
    }
}

impl Mechanism for Loyalty {
    type Fading = ();

    fn fading(_scenario: &Scenario, _days: u32) {}

    fn fold_into(&self, digest: &mut Digest) {
        let Self { level, orders } = self;
        digest.fold(u64::from(level.to_bits()) << 32 | u64::from(*orders));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_make_loyal_and_returns_take_it_back() {
        let settings = Needs { loyalty_effect: 0.4, ..Needs::default() };
        let mut loyalty = Loyalty::default();
        assert_eq!(loyalty.need_factor(&settings), 1.0);
        assert!(!loyalty.is_customer());
        loyalty.ordered();
        assert!((loyalty.level - 0.55).abs() < 1e-6 && loyalty.is_customer());
        assert!((loyalty.need_factor(&settings) - 1.02).abs() < 1e-6);
        loyalty.returned();
        assert!((loyalty.level - 0.4675).abs() < 1e-6);
    }
}
