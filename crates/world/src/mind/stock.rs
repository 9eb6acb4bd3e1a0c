//! Stock at home: what was bought ahead meets a later need, and carries the money of the order that supplied it.

use crate::mechanism::Mechanism;
use counterfoil_core::digest::Digest;
use counterfoil_core::ids::{NeedIndex, OrderNumber};
use counterfoil_core::money::Money;
use counterfoil_core::quantile::ln;
use counterfoil_scenario::model::{Choice, Scenario};

/// Money of an order that belongs to one need or to one unit at home.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Earned {
    /// List price less unit cost.
    pub goods_margin: Money,
    /// Rewards.
    pub reward: Money,
    /// Shipping, payment and returns.
    pub logistics: Money,
}

impl Earned {
    /// What the shop earns on it.
    #[must_use]
    pub fn contribution(&self) -> Money {
        self.goods_margin - self.reward + self.logistics
    }

    pub(crate) fn fold_into(&self, digest: &mut Digest) {
        let Self { goods_margin, reward, logistics } = self;
        [goods_margin, reward, logistics].iter().for_each(|money| digest.fold_signed(money.0));
    }
}

impl std::ops::AddAssign for Earned {
    fn add_assign(&mut self, other: Self) {
        self.goods_margin += other.goods_margin;
        self.reward += other.reward;
        self.logistics += other.logistics;
    }
}

/// A unit at home that will meet a later need.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StockUnit {
    /// Category.
    pub category: u8,
    /// Order that supplied it.
    pub order: OrderNumber,
    /// Need for which that order was placed.
    pub buyer: NeedIndex,
    /// Its share of the money of that order.
    pub earned: Earned,
}

/// Units at home, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HomeStock(pub Vec<StockUnit>);

impl HomeStock {
    pub(crate) fn put(&mut self, unit: StockUnit) {
        self.0.push(unit);
    }

    /// Takes the oldest unit of a category, if there is one.
    pub(crate) fn take(&mut self, category: u8) -> Option<StockUnit> {
        let place = self.0.iter().position(|unit| unit.category == category)?;
        Some(self.0.remove(place))
    }
}

/// What decides whether she buys ahead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Occasion {
    /// Price coefficient, utils.
    pub price_sensitivity: f64,
    /// What she thinks it costs, and what it costs now, as shares of the list price.
    pub reference: f64,
    pub price_ratio: f64,
    /// Mean weeks until she needs it again.
    pub weeks_to_next: f64,
    /// Her own noise, utils.
    pub shock: f64,
}

impl Occasion {
    /// Whether a unit for a later need is worth buying now: price advantage against the usual price, less holding cost.
    pub(crate) fn stocks_up(&self, settings: &Choice) -> bool {
        if self.price_ratio >= self.reference || self.weeks_to_next * 7.0 > f64::from(settings.stock_days) {
            return false;
        }
        let advantage = self.price_sensitivity * ln(self.reference / self.price_ratio);
        advantage + self.shock > settings.holding_cost * self.weeks_to_next
    }
}

impl Mechanism for HomeStock {
    type Fading = ();

    fn fading(_scenario: &Scenario, _days: u32) {}

    fn fold_into(&self, digest: &mut Digest) {
        let Self(units) = self;
        digest.fold(units.len() as u64);
        for StockUnit { category, order, buyer, earned } in units {
            digest.fold(u64::from(*category) << 32 | u64::from(order.number()));
            digest.fold(u64::from(buyer.number()));
            earned.fold_into(digest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: buying ahead takes a price below the usual one and a need that comes soon enough.
    #[test]
    fn she_buys_ahead_when_it_is_cheap_and_needed_soon() {
        let settings = Choice { holding_cost: 0.1, stock_days: 60, ..Choice::default() };
        let cheap = Occasion {
            price_sensitivity: 2.0,
            reference: 1.0,
            price_ratio: 0.8,
            weeks_to_next: 4.0,
            shock: 0.0,
        };
        assert!(cheap.stocks_up(&settings));
        assert!(!Occasion { price_ratio: 1.0, shock: 9.0, ..cheap }.stocks_up(&settings));
        assert!(!Occasion { weeks_to_next: 9.0, shock: 9.0, ..cheap }.stocks_up(&settings));
        assert!(!Occasion { weeks_to_next: 5.0, ..cheap }.stocks_up(&settings));
    }

    #[test]
    fn the_oldest_unit_of_the_category_is_used_first() {
        let unit = |category, order| StockUnit {
            category,
            order: OrderNumber::new(order),
            buyer: NeedIndex::new(0),
            earned: Earned::default(),
        };
        let mut stock = HomeStock::default();
        [unit(1, 7), unit(2, 8), unit(1, 9)].into_iter().for_each(|unit| stock.put(unit));
        assert_eq!(stock.take(1), Some(unit(1, 7)));
        assert_eq!((stock.take(3), stock.0.len()), (None, 2));
    }
}
