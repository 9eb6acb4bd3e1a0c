//! Stage 6, value: what showing a treatment is expected to add.
//!
//! # The quantity
//! `p_t (c - r_t) - p_0 c - fixed cost` = `(p_t - p_0)(c - r_t) - p_0 r_t - fixed cost`, and for offers also
//! `- price of dependency x p_t`: p the probability of an order within the outcome window with and without the treatment,
//! c the contribution of the order in question, r the reward it would cost, all in minor units.
//!
//! # Uncertainty
//! The treatment's effect has a normal posterior. It is cut into [`STRATA`] equally probable strata; the value at the middle
//! of each is kept. Mean, standard deviation, the Thompson draw and its exact propensity all come from these values.

use super::learn::{Context, Learn};
use crate::economics::{Basket, Earned};
use counterfoil_core::money::Money;
use counterfoil_core::quantile::{exp, ln, normal};
use counterfoil_core::shop::Shop;
use counterfoil_core::treatment::TreatmentId;
use counterfoil_till::Deal;

/// Strata of an effect's posterior.
pub const STRATA: usize = 16;

/// What one treatment is worth here.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Worth {
    /// Expected incremental contribution, minor units.
    pub mean: f64,
    /// Standard deviation of it by the uncertainty of the effect, minor units.
    pub sd: f64,
    /// What it would cost if the order is placed with it.
    pub cost: Money,
    /// Probability of an order with it, at the mean effect.
    pub bought: f64,
    /// Value by stratum of the effect.
    pub strata: [f64; STRATA],
}

/// Standard normal at the middle of each stratum, scaled so that the strata have variance one.
#[must_use]
pub fn stratum_middles() -> [f64; STRATA] {
    let raw: [f64; STRATA] = std::array::from_fn(|i| normal((i as f64 + 0.5) / STRATA as f64));
    let variance = raw.iter().map(|z| z * z).sum::<f64>() / STRATA as f64;
    raw.map(|z| z / variance.sqrt())
}

/// The stratum to which a quantile belongs.
#[must_use]
pub fn stratum(quantile: f64) -> u8 {
    ((quantile * STRATA as f64) as u8).min(STRATA as u8 - 1)
}

/// What valuing needs beside the treatment.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// Context of the decision.
    pub context: &'a Context,
    /// The order in question.
    pub basket: &'a Basket,
    /// The same without a personal treatment.
    pub plain: Earned,
    /// Log odds of an order without a treatment.
    pub log_odds: f64,
    /// The same as a probability.
    pub untreated: f64,
    /// What an order on deal is held to cost later, minor units.
    pub dependency: f64,
}

/// Values one treatment.
#[must_use]
pub fn worth(
    learn: &Learn,
    shop: &Shop,
    middles: &[f64; STRATA],
    setting: Setting,
    id: TreatmentId,
) -> Worth {
    let spec = shop.treatment(id);
    let with = setting.basket.earned(shop, Deal::of(spec));
    let (effect, variance) = learn.effect(setting.context, id, price_change(&setting.plain, &with));
    let untreated = setting.untreated * setting.plain.contribution.as_f64() + spec.cost_per_show.as_f64();
    let later = if spec.kind.is_offer() { setting.dependency } else { 0.0 };
    let gain = with.contribution.as_f64() - later;
    let sd = variance.sqrt();
    // The middles lie symmetrically, so one exponential serves two strata: odds x e and odds / e.
    let odds = exp(setting.log_odds + effect);
    let value = |odds: f64| odds / (1.0 + odds) * gain - untreated;
    let mut strata = [0.0; STRATA];
    for (high, middle) in middles.iter().enumerate().skip(STRATA / 2) {
        let factor = exp(sd * middle);
        strata[high] = value(odds * factor);
        strata[STRATA - 1 - high] = value(odds / factor);
    }
    let (mut sum, mut squares) = (0.0, 0.0);
    for value in strata {
        sum += value;
        squares += value * value;
    }
    let mean = sum / STRATA as f64;
    Worth {
        mean,
        sd: (squares / STRATA as f64 - mean * mean).max(0.0).sqrt(),
        cost: setting.plain.paid - with.paid,
        bought: odds / (1.0 + odds),
        strata,
    }
}

/// Change of the logarithm of what she pays: `ln(1 - depth)` for a discount; for free delivery the fee is part of it.
#[must_use]
pub fn price_change(plain: &Earned, with: &Earned) -> f64 {
    let ratio = |with: Money, plain: Money| ln(with.as_f64().max(1.0) / plain.as_f64().max(1.0));
    if with.net < plain.net { ratio(with.net, plain.net) } else { ratio(with.paid, plain.paid) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strata_are_symmetric_with_mean_zero_and_variance_one() {
        let middles = stratum_middles();
        for place in 0..STRATA {
            assert!((middles[place] + middles[STRATA - 1 - place]).abs() < 1e-12);
        }
        let variance = middles.iter().map(|z| z * z).sum::<f64>() / STRATA as f64;
        assert!((variance - 1.0).abs() < 1e-12);
        assert!(middles.is_sorted());
        assert_eq!((stratum(1e-9), stratum(1.0 - 1e-9)), (0, STRATA as u8 - 1));
    }
}
