//! The catalogue and the public shop, generated from the scenario. Drawn once, the same in every arm.

use counterfoil_core::draw::DrawKey;
use counterfoil_core::luck::{Luck, LuckStream};
use counterfoil_core::money::Money;
use counterfoil_core::quantile::{exp, ln, lognormal};
use counterfoil_core::shop::{Product, ProductId, Shop};
use counterfoil_core::time::Day;
use counterfoil_scenario::model::Scenario;
use rand_distr::Distribution;
use rand_distr::weighted::WeightedAliasIndex;

/// The public shop of one world.
pub fn shop(scenario: &Scenario, luck: &Luck) -> Shop {
    let store = &scenario.store;
    let phases = &scenario.phases;
    let start = phases.warmup_days + phases.history_days;
    Shop {
        products: products(scenario, luck),
        categories: scenario.catalogue.categories.iter().map(|c| c.name.clone()).collect(),
        treatments: scenario.treatments.clone(),
        currency_decimals: scenario.currency_decimals,
        shipping_fee: store.shipping_fee,
        free_shipping_from: store.free_shipping_from,
        shipping_cost: store.shipping_cost,
        payment_fee_ppm: store.payment_fee.millionths(),
        return_handling: store.return_handling,
        return_value_lost_ppm: store.return_value_lost.millionths(),
        calendar: scenario.calendar,
        horizon_start: Day(start),
        horizon_end: Day(start + phases.horizon_days),
        shoppers: scenario.shoppers.count,
    }
}

fn products(scenario: &Scenario, luck: &Luck) -> Vec<Product> {
    let catalogue = &scenario.catalogue;
    let mut products = Vec::new();
    for (number, category) in catalogue.categories.iter().enumerate() {
        for _ in 0..catalogue.products_per_category {
            let mut stream = luck.stream(DrawKey::product(products.len() as u32));
            let exact = lognormal(stream.uniform(), category.price.as_f64(), catalogue.price_log_sd);
            let spread = catalogue.gross_margin_spread.fraction() * (2.0 * stream.uniform() - 1.0);
            let margin = (catalogue.gross_margin.fraction() + spread).clamp(0.01, 0.99);
            let usual = charm(exact);
            products.push(Product {
                category: number as u8,
                list_price: Money::from_f64(usual.as_f64() * catalogue.price_level).max(Money(1)),
                unit_cost: Money::from_f64(usual.as_f64() * (1.0 - margin)).max(Money(1)),
                return_rate_ppm: category.return_rate.millionths(),
            });
        }
    }
    products
}

/// Steps in which a merchant prints prices, minor units (assumption).
const PRICE_STEP: i64 = 100;
/// By how much a printed price stays below a step, minor units (assumption).
const BELOW_STEP: Money = Money(5);
/// Prices below this many steps are printed as they are (assumption).
const STEPS_MIN: i64 = 5;

/// The price a merchant would print: whole steps less a little, never below one minor unit.
fn charm(exact: f64) -> Money {
    let step = PRICE_STEP as f64;
    if exact < step * STEPS_MIN as f64 {
        return Money::from_f64(exact).max(Money(1));
    }
    Money::from_f64(exact / step) * PRICE_STEP - BELOW_STEP
}

/// Resolution of popularity: the weight of the most popular product.
const WHOLE: f64 = 4_294_967_296.0;

/// How popular products are by rank within a category: a Zipf law, drawn through an alias table of whole numbers.
#[derive(Clone, Debug)]
pub(crate) struct Popularity {
    products: u32,
    ranks: WeightedAliasIndex<u64>,
}

impl Popularity {
    /// Popularity falls with rank^-`exponent`.
    pub(crate) fn new(products: u32, exponent: f64) -> Self {
        let share = |rank: u32| exp(-exponent * ln(f64::from(rank)));
        let weights: Vec<u64> = (1..=products).map(|rank| (share(rank) * WHOLE).max(1.0) as u64).collect();
        let ranks = WeightedAliasIndex::new(weights).expect("a catalogue has products, and each a weight");
        Self { products, ranks }
    }

    /// A product of `category`.
    pub(crate) fn product(&self, category: u8, mut stream: LuckStream) -> ProductId {
        let rank = self.ranks.sample(&mut stream);
        ProductId(u32::from(category) * self.products + rank as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil_core::ids::{NeedCode, ShopperId};

    /// Goal: products are drawn as often as their rank says.
    #[test]
    fn popularity_falls_with_rank() {
        let popularity = Popularity::new(5, 1.0);
        let (luck, need) = (Luck::new(3, 0), NeedCode::new(2, 0));
        let mut counts = [0_u32; 5];
        for shopper in (0..30_000).map(ShopperId::new) {
            let product = popularity.product(2, luck.stream(DrawKey::wanted_product(shopper, need)));
            counts[product.index() - 10] += 1;
        }
        let total: f64 = (1..=5).map(|rank| 1.0 / f64::from(rank)).sum();
        for (rank, count) in (1..).zip(counts) {
            let expected = 30_000.0 / f64::from(rank) / total;
            assert!((f64::from(count) - expected).abs() < 5.0 * expected.sqrt(), "rank {rank}: {count}");
        }
    }
}
