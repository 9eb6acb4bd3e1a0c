//! What an order would earn, with and without a reward: the public arithmetic of a shop.
//!
//! # Promises
//! - One definition of contribution: goods paid + shipping charged - unit costs - shipping paid - payment fee - expected
//!   loss by returns. Returns are expected values (the product's published rate), everything else is exact.
//! - Nothing here knows how likely an order is.

use counterfoil_core::money::{Money, Share};
use counterfoil_core::shop::{ProductId, Shop};
use counterfoil_core::treatment::TreatmentKind;

/// The order in question, or the typical order of the shop while no product is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Basket {
    /// Whether a product is known; a typical basket is used for valuing only, never for refusing an offer.
    pub known: bool,
    /// Goods at list price.
    pub goods: Money,
    /// Unit costs of the goods.
    pub cost: Money,
    /// Probability that the line comes back, 0 to 1.
    pub return_rate: f64,
    /// Posted sale that applies to it.
    pub sale: Share,
}

/// What an order earns under one treatment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Earned {
    /// Goods paid, after sale and discount.
    pub net: Money,
    /// Goods paid and shipping charged.
    pub paid: Money,
    /// Contribution before returns, minor units.
    pub before_returns: f64,
    /// Contribution with the expected loss by returns, minor units.
    pub contribution: f64,
}

impl Basket {
    /// The basket with `quantity` units of `product`, or with `cart_goods` worth of it once there is a cart.
    #[must_use]
    pub fn of(shop: &Shop, product: ProductId, quantity: u32, cart_goods: Money, sale: Share) -> Self {
        let item = shop.product(product);
        let quantity = i64::from(quantity.max(1));
        let goods = if cart_goods > Money::ZERO { cart_goods } else { item.list_price * quantity };
        let list = item.list_price.0.max(1);
        let cost = Money((i128::from(item.unit_cost.0) * i128::from(goods.0) / i128::from(list)) as i64);
        Self { known: true, goods, cost, return_rate: f64::from(item.return_rate_ppm) / 1e6, sale }
    }

    /// What it earns if `kind` is granted on it (`None`: no personal treatment).
    #[must_use]
    pub fn earned(&self, shop: &Shop, kind: Option<TreatmentKind>) -> Earned {
        let posted = self.goods - self.sale.of(self.goods);
        let net = posted - kind.map_or(Money::ZERO, |kind| kind.discount_on(posted));
        let free = kind == Some(TreatmentKind::FreeShipping) || net >= shop.free_shipping_from;
        let fee = if free { Money::ZERO } else { shop.shipping_fee };
        let paid = net + fee;
        let payment = paid.as_f64() * f64::from(shop.payment_fee_ppm) / 1e6;
        let before_returns = (paid - self.cost - shop.shipping_cost).as_f64() - payment;
        let kept_value = self.cost.as_f64() * (1.0 - f64::from(shop.return_value_lost_ppm) / 1e6);
        let loss = self.return_rate * (net.as_f64() - kept_value + shop.return_handling.as_f64());
        Earned { net, paid, before_returns, contribution: before_returns - loss }
    }
}

/// Means over the catalogue, for moments at which no product is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Typical {
    /// Share of unit cost in list price.
    pub cost_share: f64,
    /// Mean return rate.
    pub return_rate: f64,
    /// Highest list price of the catalogue.
    pub dearest: Money,
    /// Sum of goods over the orders counted, minor units; starts as `PSEUDO` orders at the mean list price.
    goods_sum: Money,
    /// Orders counted.
    orders: i64,
}

/// Weight of the catalogue's mean price against orders seen (assumption).
const PSEUDO: i64 = 20;

impl Typical {
    /// From the catalogue alone.
    #[must_use]
    pub fn of(shop: &Shop) -> Self {
        let count = shop.products.len().max(1) as i64;
        let list: Money = shop.products.iter().map(|product| product.list_price).sum();
        let cost: Money = shop.products.iter().map(|product| product.unit_cost).sum();
        let returned: i64 = shop.products.iter().map(|product| i64::from(product.return_rate_ppm)).sum();
        Self {
            cost_share: cost.as_f64() / list.as_f64().max(1.0),
            return_rate: returned as f64 / count as f64 / 1e6,
            dearest: shop.products.iter().map(|product| product.list_price).max().unwrap_or_default(),
            goods_sum: Money(list.0 * PSEUDO / count),
            orders: PSEUDO,
        }
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
    pub fn basket(&self, sale: Share) -> Basket {
        let goods = self.goods();
        let cost = Money::from_f64(goods.as_f64() * self.cost_share);
        Basket { known: false, goods, cost, return_rate: self.return_rate, sale }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use counterfoil_core::shop::Product;
    use counterfoil_core::time::{Calendar, Day};

    fn shop() -> Shop {
        let product = Product {
            category: 0,
            list_price: Money(5_000),
            unit_cost: Money(2_000),
            return_rate_ppm: 100_000,
        };
        Shop {
            products: vec![product],
            categories: vec!["all".to_owned()],
            treatments: Vec::new(),
            shipping_fee: Money(500),
            free_shipping_from: Money(9_500),
            shipping_cost: Money(400),
            payment_fee_ppm: 20_000,
            return_handling: Money(300),
            return_value_lost_ppm: 250_000,
            calendar: Calendar::starting(2026, 1, 5).unwrap(),
            horizon_start: Day(0),
            horizon_end: Day(1),
            shoppers: 1,
        }
    }

    /// By hand: 5000 + 500 - 2000 - 400 - 2 % of 5500 = 2990; returns 10 % of (5000 - 1500 + 300) = 380.
    #[test]
    fn contribution_is_what_the_glossary_says() {
        let shop = shop();
        let basket = Basket::of(&shop, ProductId(0), 1, Money::ZERO, Share::ZERO);
        let earned = basket.earned(&shop, None);
        assert_eq!((earned.net, earned.paid), (Money(5_000), Money(5_500)));
        assert!((earned.before_returns - 2_990.0).abs() < 1e-9);
        assert!((earned.contribution - 2_610.0).abs() < 1e-9);
    }

    #[test]
    fn a_discount_can_cost_the_shopper_free_delivery() {
        let shop = shop();
        let two = Basket::of(&shop, ProductId(0), 2, Money::ZERO, Share::ZERO);
        assert_eq!(two.earned(&shop, None).paid, Money(10_000));
        let ten = TreatmentKind::Percent(Share::from_percent(10.0).unwrap());
        assert_eq!(two.earned(&shop, Some(ten)).paid, Money(9_500), "9000 and the fee of 500");
        let sale = Basket { sale: Share::from_percent(10.0).unwrap(), ..two };
        assert_eq!(sale.earned(&shop, Some(TreatmentKind::FreeShipping)).paid, Money(9_000));
    }

    #[test]
    fn the_typical_basket_moves_with_the_orders_seen() {
        let shop = shop();
        let mut typical = Typical::of(&shop);
        assert_eq!(typical.basket(Share::ZERO).goods, Money(5_000));
        (0..20).for_each(|_| typical.learn(Money(10_000)));
        assert_eq!(typical.goods(), Money(7_500));
        assert_eq!(typical.basket(Share::ZERO).cost, Money(3_000));
    }
}
