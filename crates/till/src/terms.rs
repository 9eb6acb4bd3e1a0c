//! What an order gives away and what it earns.
//!
//! # The equations
//! - discount = share of the goods, or amount off them; never more than [`Deal::largest_reward`], nothing below
//!   [`Deal::smallest_order`];
//! - the fee for delivery is charged while the goods after discount stay below the threshold;
//! - reward = discount + the part of the fee that is waived;
//! - contribution before returns = goods - reward + fee - unit costs - delivery - payment fee on what is paid.
//!
//! Sale and offer never add up in one order: the one that gives more applies, the sale where they give the same.
//!
//! # Where to start
//! [`Amounts::of`].

use counterfoil_core::{Gives, Money, Share, Shop, TreatmentSpec};

/// Most units of a product that one need asks for.
pub const NEED_UNITS_MAX: u32 = 2;
/// Most units bought for stock on top of them.
pub const STOCK_UNITS_MAX: u32 = 1;
/// Most units of one product in an order.
pub const UNITS_MAX: u32 = NEED_UNITS_MAX + STOCK_UNITS_MAX;

/// The money side of a treatment: what an order gets of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deal {
    /// What is given.
    pub gives: Gives,
    /// Smallest value of goods at list price to which it applies.
    pub smallest_order: Money,
    /// The most that one order gets; `None`: no limit.
    pub largest_reward: Option<Money>,
}

impl Deal {
    /// The deal in a treatment; `None` if it gives no money.
    #[must_use]
    #[inline]
    pub fn of(spec: &TreatmentSpec) -> Option<Self> {
        let gives = spec.kind.gives();
        let TreatmentSpec { smallest_order, largest_reward, .. } = *spec;
        (gives != Gives::Nothing).then_some(Self { gives, smallest_order, largest_reward })
    }
    /// A posted price below list, as it is seen on a page.
    #[must_use]
    pub fn posted(depth: Share) -> Self {
        Self { gives: Gives::ShareOfGoods(depth), smallest_order: Money::ZERO, largest_reward: None }
    }

    /// What comes off goods worth `goods` at list price.
    #[must_use]
    #[inline]
    pub fn discount_on(&self, goods: Money) -> Money {
        let off = match self.gives {
            Gives::ShareOfGoods(depth) => depth.of(goods),
            Gives::AmountOffGoods(amount) => amount.min(goods),
            Gives::ShippingFee | Gives::Nothing => Money::ZERO,
        };
        if goods < self.smallest_order { Money::ZERO } else { self.at_most(off) }
    }

    fn waived_of(&self, fee: Money, goods: Money) -> Money {
        match self.gives {
            Gives::ShippingFee if goods >= self.smallest_order => self.at_most(fee),
            Gives::ShippingFee | Gives::ShareOfGoods(_) | Gives::AmountOffGoods(_) | Gives::Nothing => {
                Money::ZERO
            }
        }
    }

    fn at_most(&self, reward: Money) -> Money {
        self.largest_reward.map_or(reward, |largest| reward.min(largest))
    }

    /// The largest reward that an order of at most `goods` can cost.
    #[must_use]
    pub fn largest_on(&self, shop: &Shop, goods: Money) -> Money {
        let goods = goods.max(self.smallest_order);
        self.discount_on(goods) + self.waived_of(shop.shipping_fee, goods)
    }

    /// How deep it looks to somebody who has nothing particular in mind, as a share of a typical order's goods.
    #[must_use]
    pub fn usual_depth(&self, shop: &Shop) -> f64 {
        let goods = typical_goods(shop).max(self.smallest_order);
        match (self.gives, self.largest_reward) {
            (Gives::ShareOfGoods(depth), Some(largest)) if depth.of(goods) > largest => {
                self.depth_on(shop, goods)
            }
            (Gives::ShareOfGoods(depth), _) => depth.fraction(),
            _ => self.depth_on(shop, goods),
        }
    }

    /// How deep it looks to somebody who has goods of this value in mind, as a share of them.
    #[must_use]
    pub fn depth_on(&self, shop: &Shop, goods: Money) -> f64 {
        let goods = goods.max(Money(1));
        let value = self.discount_on(goods) + self.waived_of(shop.shipping_fee.min(goods), goods);
        value.as_f64() / goods.as_f64()
    }
}

/// The amounts of one order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Goods at list price.
    pub goods: Money,
    /// Discount on goods.
    pub discount: Money,
    /// Fee for delivery that would be charged without a reward.
    pub fee: Money,
    /// The part of that fee that is waived.
    pub waived: Money,
}

/// Which deal an order got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// None, or none that gives anything.
    Nothing,
    /// The personal offer.
    Offer,
    /// The posted sale.
    Sale,
}

impl Amounts {
    /// The amounts of goods worth `goods` at list price under a deal, or without one.
    #[must_use]
    #[inline]
    pub fn of(shop: &Shop, goods: Money, deal: Option<Deal>) -> Self {
        let discount = deal.map_or(Money::ZERO, |deal| deal.discount_on(goods));
        let free = goods - discount >= shop.free_shipping_from;
        let fee = if free { Money::ZERO } else { shop.shipping_fee };
        let waived = deal.map_or(Money::ZERO, |deal| deal.waived_of(fee, goods));
        Self { goods, discount, fee, waived }
    }

    /// The amounts under the better of an offer and a sale, and which of them it is.
    #[must_use]
    pub fn best(shop: &Shop, goods: Money, offer: Option<Deal>, sale: Option<Deal>) -> (Self, Applied) {
        if offer.is_none() && sale.is_none() {
            return (Self::of(shop, goods, None), Applied::Nothing);
        }
        let [with_offer, with_sale] = [offer, sale].map(|deal| Self::of(shop, goods, deal));
        match (with_offer.reward(), with_sale.reward()) {
            (Money::ZERO, Money::ZERO) => (Self::of(shop, goods, None), Applied::Nothing),
            (of_offer, of_sale) if of_offer > of_sale => (with_offer, Applied::Offer),
            _ => (with_sale, Applied::Sale),
        }
    }

    /// Goods after discount.
    #[must_use]
    pub fn net(&self) -> Money {
        self.goods - self.discount
    }
    /// What the shopper pays.
    #[must_use]
    pub fn paid(&self) -> Money {
        self.goods - self.discount + self.fee - self.waived
    }
    /// Everything given away.
    #[must_use]
    pub fn reward(&self) -> Money {
        self.discount + self.waived
    }
    /// What the shop earns before returns, with goods that cost it `cost`.
    #[must_use]
    pub fn contribution(&self, shop: &Shop, cost: Money) -> Money {
        self.paid() - cost - shop.shipping_cost - payment_fee(shop, self.paid())
    }
    /// Net goods as a share of list price.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.net().as_f64() / self.goods.as_f64().max(1.0)
    }
    /// Fee that she would pay, as a share of goods at list price.
    #[must_use]
    pub fn fee_ratio(&self) -> f64 {
        (self.fee - self.waived).as_f64() / self.goods.as_f64().max(1.0)
    }
}

/// Share of `amount` in millionths, rounded towards zero.
fn ppm_of(ppm: u32, amount: Money) -> Money {
    Share::from_millionths(ppm.min(1_000_000)).map_or(Money::ZERO, |share| share.of(amount))
}

/// What the payment of `paid` costs the shop.
#[must_use]
pub fn payment_fee(shop: &Shop, paid: Money) -> Money {
    ppm_of(shop.payment_fee_ppm, paid)
}

/// What the return of goods takes away that were sold for `net` and cost the shop `cost`; delivery is not refunded.
#[must_use]
pub fn return_loss(shop: &Shop, net: Money, cost: Money) -> Money {
    let kept = cost - ppm_of(shop.return_value_lost_ppm, cost);
    net - kept + shop.return_handling
}

/// Unit price under a posted sale.
#[must_use]
pub fn sale_price(unit: Money, sale: Option<Deal>) -> Money {
    unit - sale.map_or(Money::ZERO, |sale| sale.discount_on(unit))
}

/// Goods of a typical order before any order was seen: one unit of the mean product (assumption).
#[must_use]
pub fn typical_goods(shop: &Shop) -> Money {
    let products = (shop.products.len() as i64).max(1);
    Money(shop.products.iter().map(|product| product.list_price).sum::<Money>().0 / products)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::scope::tests::shop;

    fn percent(percent: f64) -> Deal {
        Deal::posted(Share::from_percent(percent).unwrap())
    }
    const FREE: Deal = Deal { gives: Gives::ShippingFee, smallest_order: Money::ZERO, largest_reward: None };

    /// By hand: 5000 + 500 - 2000 - 400 - 2 % of 5500 = 2990; a return costs 5000 - 1500 + 300 = 3800.
    #[test]
    fn contribution_is_what_the_glossary_says() {
        let shop = shop();
        let plain = Amounts::of(&shop, Money(5_000), None);
        assert_eq!((plain.net(), plain.paid(), plain.reward()), (Money(5_000), Money(5_500), Money::ZERO));
        assert_eq!(plain.contribution(&shop, Money(2_000)), Money(2_990));
        assert_eq!(return_loss(&shop, Money(5_000), Money(2_000)), Money(3_800));
    }

    #[test]
    fn a_discount_can_cost_the_shopper_free_delivery() {
        let shop = shop();
        assert_eq!(Amounts::of(&shop, Money(10_000), None).paid(), Money(10_000));
        let ten = Amounts::of(&shop, Money(10_000), Some(percent(10.0)));
        assert_eq!((ten.paid(), ten.reward()), (Money(9_500), Money(1_000)), "9000 and the fee of 500");
    }

    /// Goal: a stated largest reward is exact for any number of units.
    #[test]
    fn no_order_gets_more_than_the_largest_reward() {
        let shop = shop();
        let capped = Deal { largest_reward: Some(Money(700)), ..percent(10.0) };
        for (units, off) in [(1, 500), (2, 700), (3, 700), (40, 700)] {
            let amounts = Amounts::of(&shop, Money(5_000 * units), Some(capped));
            assert_eq!(amounts.discount, Money(off));
            assert!(amounts.reward() <= capped.largest_on(&shop, Money(5_000 * units)));
        }
        let part = Deal { largest_reward: Some(Money(200)), ..FREE };
        let amounts = Amounts::of(&shop, Money(5_000), Some(part));
        assert_eq!((amounts.reward(), amounts.paid()), (Money(200), Money(5_300)));
    }

    #[test]
    fn below_the_smallest_order_nothing_is_given() {
        let shop = shop();
        for deal in [percent(10.0), FREE] {
            let deal = Deal { smallest_order: Money(6_000), ..deal };
            assert_eq!(Amounts::of(&shop, Money(5_999), Some(deal)).reward(), Money::ZERO);
            assert!(Amounts::of(&shop, Money(6_000), Some(deal)).reward() > Money::ZERO);
        }
    }

    #[test]
    fn of_sale_and_offer_the_better_applies_and_never_both() {
        let shop = shop();
        let best = |offer, sale| Amounts::best(&shop, Money(5_000), Some(offer), Some(sale));
        assert_eq!(best(percent(20.0), percent(10.0)).1, Applied::Offer);
        assert_eq!(best(percent(20.0), percent(20.0)).1, Applied::Sale);
        assert_eq!(
            best(FREE, percent(20.0)),
            (Amounts::of(&shop, Money(5_000), Some(percent(20.0))), Applied::Sale)
        );
        assert_eq!(best(percent(0.0), percent(0.0)).1, Applied::Nothing);
        let none = Amounts::best(&shop, Money(10_000), Some(FREE), None);
        assert_eq!(none.1, Applied::Nothing, "it ships free anyway");
    }

    #[test]
    fn the_depth_of_an_offer_is_a_share_in_any_currency() {
        let mut shop = shop();
        let five = Deal { gives: Gives::AmountOffGoods(Money(500)), ..FREE };
        let typical = typical_goods(&shop);
        let depths = [percent(10.0), FREE, five].map(|deal| deal.depth_on(&shop, typical));
        for product in &mut shop.products {
            product.list_price = product.list_price * 160;
        }
        shop.shipping_fee = shop.shipping_fee * 160;
        let yen = [percent(10.0), FREE, Deal { gives: Gives::AmountOffGoods(Money(80_000)), ..five }];
        assert_eq!(yen.map(|deal| deal.depth_on(&shop, typical_goods(&shop))), depths);
    }
}
