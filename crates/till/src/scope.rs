//! The scope of an offer: the products on which every order that could redeem it keeps the margin floor.
//!
//! # The rule
//! A product is in scope if an order of it with the offer leaves at least the floor's share of net goods, before returns,
//! for each number of units from the smallest order to just above free delivery, and for as many as the world sells at once.
//! Beyond, the share only rises: the fee is gone already and delivery is paid once.
//!
//! The share of an order of `n` units is a ratio of two straight lines in `n` between four breaks (smallest order, something
//! to pay for the goods, largest reward reached, free delivery reached with the offer), so but for the rounding of discount
//! and fee it is lowest at one of them; a few dozen units are looked at one by one, of larger orders the units around the
//! breaks.

use crate::terms::{Amounts, Deal, UNITS_MAX};
use counterfoil_core::shop::{Product, ProductId};
use counterfoil_core::{Money, Scope, Share, Shop, TreatmentSpec};

/// Units that are looked at one by one.
const ONE_BY_ONE: i64 = 64;
/// More units than anybody carries home; keeps the arithmetic inside its range.
const UNITS_THINKABLE: i64 = 1 << 32;

/// Whether an order of `units` with `deal` keeps the floor.
fn keeps(shop: &Shop, product: &Product, units: i64, deal: Deal, floor: Share) -> bool {
    let amounts = Amounts::of(shop, product.list_price * units, Some(deal));
    amounts.contribution(shop, product.unit_cost * units) >= floor.of(amounts.net())
}

/// The first number of units for which `reached` is true; it stays true from there on.
fn first_units(reached: impl Fn(i64) -> bool) -> i64 {
    let (mut below, mut above) = (0, UNITS_THINKABLE);
    while above - below > 1 {
        let middle = below + (above - below) / 2;
        if reached(middle) { above = middle } else { below = middle }
    }
    above
}

/// Whether every order of `product` that could redeem `deal` keeps the floor.
#[must_use]
pub fn holds_for(shop: &Shop, product: &Product, deal: Deal, floor: Share) -> bool {
    let goods = |units: i64| product.list_price * units;
    let smallest = first_units(|units| goods(units) >= deal.smallest_order.max(Money(1)));
    // Below the smallest order the full price may already reach free delivery, which the offer then takes away again.
    let with_it = |units: i64| Amounts::of(shop, goods(units), Some(deal));
    let free = first_units(|units| units >= smallest && with_it(units).fee == Money::ZERO);
    let paid_for = first_units(|units| units >= smallest && with_it(units).net() > Money::ZERO);
    let capped = first_units(|units| {
        deal.largest_reward.is_some_and(|largest| deal.discount_on(goods(units)) >= largest)
    });
    let last = smallest.max(free).max(i64::from(UNITS_MAX));
    let near = smallest..=last.min(smallest + ONE_BY_ONE);
    let breaks = [paid_for, free, capped].into_iter().flat_map(|units| [units - 1, units]);
    let far = breaks.filter(|units| (smallest..=last).contains(units));
    near.chain(far).all(|units| keeps(shop, product, units, deal, floor))
}

/// The products for which a treatment may be offered under a floor; for one that gives no money, all.
#[must_use]
pub fn scope_of(shop: &Shop, spec: &TreatmentSpec, floor: Share) -> Scope {
    let deal = Deal::of(spec);
    Scope::of(shop.products.len(), |product| {
        deal.is_none_or(|deal| holds_for(shop, shop.product(product), deal, floor))
    })
}

/// Whether a treatment may be offered for any product under a floor: the first one that holds is enough.
#[must_use]
pub fn holds_for_any(shop: &Shop, spec: &TreatmentSpec, floor: Share) -> bool {
    Deal::of(spec)
        .is_none_or(|deal| shop.products.iter().any(|product| holds_for(shop, product, deal, floor)))
}

/// The largest reward that an order within `scope` can cost: on the most units of its dearest product.
#[must_use]
pub fn largest_reward(shop: &Shop, spec: &TreatmentSpec, scope: &Scope) -> Money {
    let Some(deal) = Deal::of(spec) else { return Money::ZERO };
    let in_scope = (0..shop.products.len() as u32).map(ProductId).filter(|&product| scope.contains(product));
    let dearest = in_scope.map(|product| shop.product(product).list_price).max();
    dearest.map_or(Money::ZERO, |price| deal.largest_on(shop, price * i64::from(UNITS_MAX)))
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use counterfoil_core::{Calendar, Day, Gives};
    use proptest::prelude::*;

    /// One product of 50.00 that costs 20.00; delivery 5.00, free from 95.00.
    pub(crate) fn shop() -> Shop {
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
            currency_decimals: 2,
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

    fn gives() -> impl Strategy<Value = Gives> {
        let share = |ppm| Gives::ShareOfGoods(Share::from_millionths(ppm).unwrap());
        prop_oneof![
            (0_u32..=1_000_000).prop_map(share),
            (1_i64..20_000).prop_map(|amount| Gives::AmountOffGoods(Money(amount))),
            Just(Gives::ShippingFee),
        ]
    }

    proptest! {
        /// The floor holds for every number of units, also those that were not looked at, to one minor unit of rounding.
        #[test]
        fn whatever_is_in_scope_keeps_the_floor(
            gives in gives(),
            (price, cost) in (1_i64..30_000, 0_i64..30_000),
            (fee, free_from, delivery) in (0_i64..2_000, 0_i64..200_000, 0_i64..2_000),
            (smallest, largest) in (0_i64..100_000, prop::option::of(1_i64..20_000)),
            floor in 0_u32..900_000,
            units in 1_i64..3_000,
        ) {
            let mut shop = shop();
            (shop.shipping_fee, shop.free_shipping_from, shop.shipping_cost) = (Money(fee), Money(free_from), Money(delivery));
            let product = Product { list_price: Money(price), unit_cost: Money(cost), ..shop.products[0] };
            let deal = Deal { gives, smallest_order: Money(smallest), largest_reward: largest.map(Money) };
            let floor = Share::from_millionths(floor).unwrap();
            let goods = product.list_price * units;
            if goods >= deal.smallest_order && holds_for(&shop, &product, deal, floor) {
                let amounts = Amounts::of(&shop, goods, Some(deal));
                let left = amounts.contribution(&shop, product.unit_cost * units);
                prop_assert!(left + Money(1) >= floor.of(amounts.net()), "{units} units leave {left:?} of {amounts:?}");
            }
        }
    }

    /// A third off 2.08: one unit keeps 30 % of what is paid, three do not, because the discount is rounded on the order.
    #[test]
    fn rounding_cannot_push_an_order_that_the_world_can_place_below_the_floor() {
        let mut shop = shop();
        (shop.free_shipping_from, shop.shipping_cost, shop.payment_fee_ppm) = (Money(0), Money(0), 30_000);
        let deal = Deal::posted(Share::from_percent(33.33).unwrap());
        let floor = Share::from_percent(30.0).unwrap();
        let short = (50..900).flat_map(|price| (20..80).map(move |cost| (price, price * cost / 100))).filter(
            |&(price, cost)| {
                let product =
                    Product { list_price: Money(price), unit_cost: Money(cost), ..shop.products[0] };
                let keeps = |units| keeps(&shop, &product, units, deal, floor);
                assert!(!holds_for(&shop, &product, deal, floor) || (1..=i64::from(UNITS_MAX)).all(keeps));
                keeps(1) && !keeps(3)
            },
        );
        assert!(short.count() > 0, "there are such products");
    }

    /// 20 % off leaves 4000 + 500 - 2000 - 400 - 90 = 2010 of 4000; two units ship for 500 as well, three ship free.
    #[test]
    fn the_share_is_lowest_where_delivery_becomes_free() {
        let shop = shop();
        let deal = Deal::posted(Share::from_percent(20.0).unwrap());
        let holds =
            |percent| holds_for(&shop, &shop.products[0], deal, Share::from_percent(percent).unwrap());
        let three = Amounts::of(&shop, Money(15_000), Some(deal));
        assert_eq!((three.fee, three.contribution(&shop, Money(6_000))), (Money::ZERO, Money(5_360)));
        assert!(holds(44.6) && !holds(44.7), "5360 of 12000 are 44.67 %");
    }

    /// Two ship free at full price; from three on there is half off, so three pay the fee and four ship free again. Three
    /// leave 9000 + 1000 - 7500 - 600 - 200 = 1700 of 9000, four 12000 - 10000 - 600 - 240 = 1160 of 12000: 9.67 %.
    #[test]
    fn free_delivery_without_the_offer_says_nothing_about_orders_with_it() {
        let shop = Shop {
            free_shipping_from: Money(12_000),
            shipping_fee: Money(1_000),
            shipping_cost: Money(600),
            ..shop()
        };
        let product = Product { list_price: Money(6_000), unit_cost: Money(2_500), ..shop.products[0] };
        let deal = Deal { smallest_order: Money(18_000), ..Deal::posted(Share::from_percent(50.0).unwrap()) };
        let holds = |percent| holds_for(&shop, &product, deal, Share::from_percent(percent).unwrap());
        assert!(Amounts::of(&shop, Money(12_000), Some(deal)).fee == Money::ZERO, "two at full price");
        assert!(Amounts::of(&shop, Money(18_000), Some(deal)).fee > Money::ZERO, "three at half");
        assert!(holds(9.6) && !holds(9.7));
    }

    /// Of goods worth less than the amount nothing is paid, however many they are, and each of them costs the shop.
    #[test]
    fn goods_that_are_given_away_are_looked_at_to_the_last_unit() {
        let shop = Shop {
            free_shipping_from: Money(200_000),
            shipping_fee: Money(2_000),
            shipping_cost: Money::ZERO,
            ..shop()
        };
        let product = Product { list_price: Money(2), unit_cost: Money(1), ..shop.products[0] };
        let deal = |amount| Deal { gives: Gives::AmountOffGoods(Money(amount)), ..Deal::posted(Share::ZERO) };
        assert!(holds_for(&shop, &product, deal(3_000), Share::ZERO));
        assert!(!holds_for(&shop, &product, deal(20_000), Share::ZERO), "5000 units leave 2000 - 5000 - 40");
    }

    #[test]
    fn what_is_set_aside_covers_the_largest_order_in_scope() {
        let mut shop = shop();
        shop.products.push(Product {
            list_price: Money(90_000),
            unit_cost: Money(85_000),
            ..shop.products[0]
        });
        let spec = TreatmentSpec {
            name: "ten".to_owned(),
            kind: counterfoil_core::TreatmentKind::Percent(Share::from_percent(10.0).unwrap()),
            cost_per_show: Money::ZERO,
            cost_per_message: Money::ZERO,
            smallest_order: Money::ZERO,
            largest_reward: None,
            valid_for_ms: 0,
        };
        let floor = Share::from_percent(20.0).unwrap();
        let scope = scope_of(&shop, &spec, floor);
        assert!(
            scope.contains(ProductId(0)) && !scope.contains(ProductId(1)),
            "the dear one keeps too little"
        );
        assert_eq!(largest_reward(&shop, &spec, &scope), Money(1_500), "three of the dearest in scope");
        let capped = TreatmentSpec { largest_reward: Some(Money(700)), ..spec };
        assert_eq!(largest_reward(&shop, &capped, &scope), Money(700));
        assert!(scope_of(&shop, &capped, Share::WHOLE).is_empty());
    }
}
