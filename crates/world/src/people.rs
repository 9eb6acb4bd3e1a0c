//! Who the shoppers are: traits from a Gaussian copula, consent, devices. Drawn once, the same in every arm.

use crate::cancel::{GoOn, is_time_to_ask};
use counterfoil_core::draw::DrawKey;
use counterfoil_core::ids::ShopperId;
use counterfoil_core::luck::{Luck, uniform};
use counterfoil_core::quantile::{exp, normal};
use counterfoil_scenario::model::{Scenario, Spread};

/// A shopper's lasting traits, in the units of [`counterfoil_scenario::model::Shoppers`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Traits {
    /// Potential needs per week.
    pub need_rate: f64,
    /// Visits without a need, per week.
    pub browsing: f64,
    /// Price coefficient b, utils.
    pub price_sensitivity: f64,
    /// Weight m of gains and losses against the reference price, utils.
    pub deal_proneness: f64,
    /// Cost of waiting, utils per day.
    pub waiting_cost: f64,
    /// Multiplies levels of doubt.
    pub doubt_proneness: f64,
    /// Multiplies levels of shipping.
    pub shipping_aversion: f64,
    /// Multiplies annoyance.
    pub annoyance: f64,
}

/// One member of the world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shopper {
    /// Lasting traits.
    pub traits: Traits,
    /// Consents to personalisation.
    pub consents: bool,
    /// Allows e-mails with offers.
    pub subscribed: bool,
    /// Owns a second device.
    pub second_device: bool,
}

/// Draws the population; `None` if it was cancelled.
pub fn population(scenario: &Scenario, luck: &Luck, go_on: GoOn<'_>) -> Option<Vec<Shopper>> {
    let lower = cholesky(&scenario.shoppers.correlations);
    let mut people = Vec::with_capacity(scenario.shoppers.count as usize);
    for number in 0..scenario.shoppers.count {
        if is_time_to_ask(number as usize) && !go_on() {
            return None;
        }
        people.push(shopper(scenario, luck, &lower, ShopperId::new(number)));
    }
    Some(people)
}

fn shopper(scenario: &Scenario, luck: &Luck, lower: &[[f64; 8]; 8], id: ShopperId) -> Shopper {
    let settings = &scenario.shoppers;
    let words = [0, 1, 2].map(|lane| luck.block(DrawKey::traits(id, lane)));
    let independent: [f64; 8] = std::array::from_fn(|i| normal(uniform(words[i / 4][i % 4])));
    let z: [f64; 8] = std::array::from_fn(|i| (0..=i).map(|j| lower[i][j] * independent[j]).sum());
    let value = |spread: Spread, i: usize| spread.median * exp(spread.log_sd * z[i]);
    let traits = Traits {
        need_rate: value(settings.need_rate, 0),
        browsing: value(settings.browsing, 1),
        price_sensitivity: value(settings.price_sensitivity, 2),
        deal_proneness: value(settings.deal_proneness, 3),
        waiting_cost: value(settings.waiting_cost, 4),
        doubt_proneness: value(settings.doubt_proneness, 5),
        shipping_aversion: value(settings.shipping_aversion, 6),
        annoyance: value(settings.annoyance, 7),
    };
    let below = |lane: usize, share: counterfoil_core::Share| uniform(words[2][lane]) < share.fraction();
    Shopper {
        traits,
        consents: below(0, settings.consent),
        subscribed: below(1, settings.subscribed),
        second_device: below(2, settings.second_device),
    }
}

/// Lower triangular factor of a correlation matrix. The scenario was checked to be positive definite.
fn cholesky(matrix: &[[f64; 8]; 8]) -> [[f64; 8]; 8] {
    let mut lower = [[0.0; 8]; 8];
    for i in 0..8 {
        for j in 0..=i {
            let inner: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            lower[i][j] = if i == j {
                (matrix[i][i] - inner).max(0.0).sqrt()
            } else {
                (matrix[i][j] - inner) / lower[j][j]
            };
        }
    }
    lower
}
