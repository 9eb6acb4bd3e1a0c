//! What an order would earn, with and without a reward, as far as the engine can expect it.
//!
//! # Promises
//! - Amounts and contribution are the till's ([`counterfoil_till::terms`]), in integers. What is added here is the
//!   expected loss by returns: the product's published rate times what a return takes away.
//! - Nothing here knows how likely an order is.

use counterfoil_core::money::{Money, Share};
use counterfoil_core::shop::{ProductId, Shop};
use counterfoil_till::terms::{Amounts, Deal, return_loss, typical_goods};

/// The order in question, or the typical order of the shop while no product is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Basket {
    /// Whether a product is known.
    pub known: bool,
    /// Goods at list price.
    pub goods: Money,
    /// Unit costs of the goods.
    pub cost: Money,
    /// Probability that the line comes back, in millionths.
    pub return_rate_ppm: u32,
    /// Posted sale that applies to it.
    pub sale: Option<Deal>,
}

/// What an order earns under one treatment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earned {
    /// Goods paid, after sale or discount.
    pub net: Money,
    /// Goods paid and shipping charged.
    pub paid: Money,
    /// Contribution with the expected loss by returns.
    pub contribution: Money,
}

impl Basket {
    /// The basket with `quantity` units of `product`, or with `cart_goods` worth of it once there is a cart.
    #[must_use]
    pub fn of(shop: &Shop, product: ProductId, quantity: u32, cart_goods: Money, sale: Option<Deal>) -> Self {
        let item = shop.product(product);
        let quantity = i64::from(quantity.max(1));
        let goods = if cart_goods > Money::ZERO { cart_goods } else { item.list_price * quantity };
        let cost = in_proportion(item.unit_cost, goods, item.list_price);
        Self { known: true, goods, cost, return_rate_ppm: item.return_rate_ppm, sale }
    }

    /// What it earns if `deal` is granted on it (`None`: no personal offer). Sale and offer do not add up: the better applies.
    #[must_use]
    pub fn earned(&self, shop: &Shop, deal: Option<Deal>) -> Earned {
        let (amounts, _) = Amounts::best(shop, self.goods, deal, self.sale);
        let loss = return_loss(shop, amounts.net(), self.cost);
        let rate = Share::from_millionths(self.return_rate_ppm.min(1_000_000)).unwrap_or(Share::WHOLE);
        Earned {
            net: amounts.net(),
            paid: amounts.paid(),
            contribution: amounts.contribution(shop, self.cost) - rate.of(loss),
        }
    }
}

/// Means over the catalogue and the orders seen, for moments at which no product is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Typical {
    /// Sum of list prices of the catalogue.
    list: Money,
    /// Sum of unit costs of the catalogue.
    cost: Money,
    /// Mean return rate, in millionths.
    return_rate_ppm: u32,
    /// Sum of goods over the orders counted; starts as [`PSEUDO`] typical orders of the shop.
    goods_sum: Money,
    /// Orders counted.
    orders: i64,
}

/// Weight of the shop's typical order against orders seen (assumption).
const PSEUDO: i64 = 20;

impl Typical {
    /// From the catalogue alone.
    #[must_use]
    pub fn of(shop: &Shop) -> Self {
        let count = shop.products.len().max(1) as u64;
        let returned: u64 = shop.products.iter().map(|product| u64::from(product.return_rate_ppm)).sum();
        Self {
            list: shop.products.iter().map(|product| product.list_price).sum(),
            cost: shop.products.iter().map(|product| product.unit_cost).sum(),
            return_rate_ppm: (returned / count) as u32,
            goods_sum: typical_goods(shop) * PSEUDO,
            orders: PSEUDO,
        }
    }
    /// Share of gross margin in list price.
    #[must_use]
    pub fn margin_rate(&self) -> f64 {
        1.0 - self.cost.as_f64() / self.list.as_f64().max(1.0)
    }
    /// Counts an order that was seen.
    pub fn learn(&mut self, goods: Money) {
        self.goods_sum += goods;
        self.orders += 1;
    }
    /// Mean goods of an order at list price.
    #[must_use]
    pub fn goods(&self) -> Money {
        Money(self.goods_sum.0 / self.orders)
    }
    /// The basket to value while no product is known.
    #[must_use]
    pub fn basket(&self, sale: Option<Deal>) -> Basket {
        let goods = self.goods();
        let cost = in_proportion(self.cost, goods, self.list);
        Basket { known: false, goods, cost, return_rate_ppm: self.return_rate_ppm, sale }
    }
}

/// `part` x `of` / `whole`, rounded towards zero.
fn in_proportion(part: Money, of: Money, whole: Money) -> Money {
    Money((i128::from(part.0) * i128::from(of.0) / i128::from(whole.0.max(1))) as i64)
}
