//! The margin floor: what an order would leave with an offer on it, before returns.
//!
//! Contribution = goods paid + shipping charged - unit costs - shipping paid - payment fee. Where the cart is not known
//! (session start, messages) the shop's mean product stands for it (assumption).

use counterfoil_core::policy::Ask;
use counterfoil_core::{Money, Share, Shop, TreatmentKind};

/// Most units of one product that an order is held to contain when its largest reward is set aside (assumption).
const UNITS_MAX: i64 = 3;

/// Goods of an order that may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Basket {
    /// At list price.
    pub(crate) goods: Money,
    /// What they cost the shop.
    pub(crate) cost: Money,
}

impl Basket {
    /// One unit of the mean product.
    pub(crate) fn typical(shop: &Shop) -> Self {
        let products = (shop.products.len() as i64).max(1);
        let goods = shop.products.iter().map(|p| p.list_price).sum::<Money>();
        let cost = shop.products.iter().map(|p| p.unit_cost).sum::<Money>();
        Self { goods: Money(goods.0 / products), cost: Money(cost.0 / products) }
    }
    /// What the page or the cart shows, if anything.
    pub(crate) fn asked(shop: &Shop, ask: &Ask) -> Option<Self> {
        let product = shop.product(ask.product?);
        let units = i64::from(ask.quantity.max(1));
        Some(Self { goods: product.list_price * units, cost: product.unit_cost * units })
    }
    /// The smallest multiple of it that is worth at least `smallest`.
    pub(crate) fn at_least(self, smallest: Money) -> Self {
        if self.goods.0 <= 0 || self.goods >= smallest {
            return self;
        }
        let times = (smallest.0 + self.goods.0 - 1) / self.goods.0;
        Self { goods: self.goods * times, cost: self.cost * times }
    }
}

/// Goods value that no single order of the catalogue is expected to pass: [`UNITS_MAX`] of the dearest product.
pub(crate) fn largest_order(shop: &Shop) -> Money {
    shop.products.iter().map(|p| p.list_price).max().unwrap_or(Money::ZERO) * UNITS_MAX
}

/// The largest reward of an order worth `goods` with `offer`, on top of `sale` if both may hold.
pub(crate) fn reward(shop: &Shop, goods: Money, sale: Option<TreatmentKind>, offer: TreatmentKind) -> Money {
    let in_sale = sale.map_or(Money::ZERO, |sale| sale.discount_on(goods));
    let waived = if offer == TreatmentKind::FreeShipping { shop.shipping_fee } else { Money::ZERO };
    in_sale + offer.discount_on(goods) + waived
}

/// Whether an order of `basket` with `offer`, on top of `sale`, leaves at least `floor` of its net goods.
pub(crate) fn keeps_floor(
    shop: &Shop,
    basket: Basket,
    sale: Option<TreatmentKind>,
    offer: TreatmentKind,
    floor: Share,
) -> bool {
    let after_sale = basket.goods - sale.map_or(Money::ZERO, |sale| sale.discount_on(basket.goods));
    let net = after_sale - offer.discount_on(after_sale);
    let free = offer == TreatmentKind::FreeShipping || net >= shop.free_shipping_from;
    let paid = net + if free { Money::ZERO } else { shop.shipping_fee };
    let payment_fee = Money(paid.0 * i64::from(shop.payment_fee_ppm) / 1_000_000);
    let contribution = paid - basket.cost - shop.shipping_cost - payment_fee;
    net > Money::ZERO && contribution >= floor.of(net)
}
