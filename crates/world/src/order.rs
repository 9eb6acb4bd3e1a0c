//! Orders, offers, stock and returns of one arm: the merchant's books, kept by the world because it knows the truth.
//!
//! # Promises
//! - Contribution of an order = goods paid + shipping charged - unit costs - shipping paid - payment fee - realised
//!   returns - rewards. Everything is split over the units' needs to the cent.
//! - An offer is redeemed at most once, in time, and for a product in its scope only.

use crate::mind::{Mind, StockUnit, WalletOffer};
use crate::need::Need;
use crate::town::NeedState;
use counterfoil_core::facts::{Fate, OfferFact, OfferFate, OrderFact};
use counterfoil_core::money::Money;
use counterfoil_core::shop::{ProductId, Shop};
use counterfoil_core::time::Time;
use counterfoil_core::treatment::{TreatmentId, TreatmentSpec};
use counterfoil_core::{Scope, Voucher};
use counterfoil_till::terms::{Amounts, Deal, UNITS_MAX, payment_fee, return_loss};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The books of one arm.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// All orders so far, by number.
    pub orders: Vec<OrderFact>,
    /// Personal offers that give money away, by entry.
    pub offers: Vec<OfferFact>,
    /// What each of them promised, by entry.
    pub(crate) promises: Vec<Promise>,
    /// Costs of messages and of showing treatments so far.
    pub message_costs: Money,
    returns: BTreeMap<u32, Vec<(u32, u32, Money)>>,
}

/// What a personal offer promised: the terms that checkout applies.
#[derive(Clone, Debug)]
pub(crate) struct Promise {
    /// The number on the voucher.
    pub voucher: Voucher,
    /// The last moment at which it can be redeemed.
    pub until: Time,
    /// For which products; `None`: for all.
    pub scope: Option<Arc<Scope>>,
}

impl Promise {
    /// Whether it holds for a product.
    pub(crate) fn covers(&self, product: ProductId) -> bool {
        self.scope.as_ref().is_none_or(|scope| scope.contains(product))
    }
}

/// What is about to be bought.
#[derive(Clone, Copy, Debug)]
pub struct Basket {
    /// Units for the need.
    pub units: u32,
    /// Units for stock.
    pub stocked: u32,
    /// The treatment whose price applies, and whether it is a posted sale.
    pub treatment: Option<(TreatmentId, bool)>,
    /// Its entry in the ledger of offers, for personal offers.
    pub entry: Option<u32>,
    /// Draws that decide about returns: one per line, in (0, 1).
    pub return_draws: [f64; 2],
    /// Days until a return comes back.
    pub return_after_days: u32,
}

impl Ledger {
    /// Returns that come back on `day`: (order, shopper, loss).
    pub(crate) fn returns_due(&mut self, day: u32) -> Vec<(u32, u32, Money)> {
        self.returns.remove(&day).unwrap_or_default()
    }

    pub(crate) fn message_sent(&mut self, content: Option<TreatmentId>, treatments: &[TreatmentSpec]) {
        if let Some(id) = content {
            self.message_costs += treatments[id.index()].cost_per_message;
        }
    }

    /// Puts an issued offer into a wallet; one that is already there expires, for offers do not pile up.
    pub(crate) fn put_in_wallet(&mut self, mind: &mut Mind, offer: WalletOffer) {
        if let Some(old) = mind.wallet.replace(offer) {
            self.expire(old.entry);
        }
    }

    /// Whether an offer can be redeemed at `at` for a product.
    pub(crate) fn holds(&self, entry: u32, product: ProductId, at: Time) -> bool {
        let promise = &self.promises[entry as usize];
        self.offers[entry as usize].fate == OfferFate::Open && at <= promise.until && promise.covers(product)
    }

    /// Writes an offer into the ledger.
    pub(crate) fn issue(
        &mut self,
        shopper: u32,
        treatment: TreatmentId,
        issued_at: Time,
        promise: Promise,
    ) -> u32 {
        self.promises.push(promise);
        self.offers.push(OfferFact {
            shopper,
            treatment,
            issued_at,
            fate: OfferFate::Open,
            order: None,
            cost: Money::ZERO,
        });
        self.offers.len() as u32 - 1
    }

    /// An offer runs out, unless it was redeemed.
    pub(crate) fn expire(&mut self, entry: u32) {
        let offer = &mut self.offers[entry as usize];
        if offer.fate == OfferFate::Open {
            offer.fate = OfferFate::Expired;
        }
    }

    /// Meets a need from stock at home if there is a fitting unit.
    pub(crate) fn meet_from_stock(&mut self, mind: &mut Mind, category: u8, state: &mut NeedState) -> bool {
        let Some(place) = mind.stock.iter().position(|unit| unit.category == category) else { return false };
        let unit = mind.stock.remove(place);
        state.fate = Fate::MetFromStock;
        state.order = unit.order;
        state.goods_margin = unit.goods_margin;
        state.reward = unit.reward;
        state.logistics = unit.logistics;
        true
    }

    /// Books an order and splits it over the need and the units for stock; also says what a return will take away.
    pub(crate) fn order(
        &mut self,
        shop: &Shop,
        (need, need_index, at): (&Need, u32, Time),
        basket: &Basket,
        mind: &mut Mind,
        state: &mut NeedState,
    ) -> (OrderFact, Money) {
        let product = shop.product(need.product);
        let units = basket.units + basket.stocked;
        assert!(units <= UNITS_MAX, "books set aside for {UNITS_MAX} units at most, an order has {units}");
        let deal = basket.treatment.and_then(|(id, _)| Deal::of(shop.treatment(id)));
        let amounts = Amounts::of(shop, product.list_price * i64::from(units), deal);
        let number = self.orders.len() as u32;
        let weights = line_weights(product.list_price, basket);
        let parts = split(shop, &amounts, product.unit_cost, basket, &weights, product.return_rate_ppm);
        let loss: Money = parts.iter().map(|part| part.return_loss).sum();
        let of_parts: Money = parts.iter().map(|part| part.goods_margin - part.reward + part.logistics).sum();
        let whole = amounts.contribution(shop, product.unit_cost * i64::from(units));
        assert!(of_parts - loss == whole, "the lines of an order add up to what it earns");
        if loss != Money::ZERO {
            self.returns.entry(at.day().0 + basket.return_after_days).or_default().push((
                number,
                need.shopper,
                -loss,
            ));
        }
        let own = &parts[0];
        assert!(state.fate == Fate::Open, "a need is bought once");
        state.fate = Fate::Bought;
        state.order = number;
        (state.goods_margin, state.reward, state.logistics) = (own.goods_margin, own.reward, own.logistics);
        for part in &parts[1..] {
            if part.return_loss != Money::ZERO {
                state.goods_margin += part.goods_margin;
                state.reward += part.reward;
                state.logistics += part.logistics;
                continue;
            }
            mind.stock.push(StockUnit {
                category: need.category,
                order: number,
                buyer_need: need_index,
                goods_margin: part.goods_margin,
                reward: part.reward,
                logistics: part.logistics,
            });
        }
        self.redeem(basket, number, amounts.reward());
        let fact = OrderFact {
            order: number,
            shopper: need.shopper,
            at,
            category: need.category,
            k: need.k,
            product: need.product.0,
            units: basket.units,
            units_stocked: basket.stocked,
            goods: amounts.goods,
            reward: amounts.reward(),
            treatment: basket.treatment.map(|(id, _)| id),
            sale: basket.treatment.is_some_and(|(_, sale)| sale),
            contribution: parts.iter().map(|p| p.goods_margin - p.reward + p.logistics).sum(),
            returned: loss != Money::ZERO,
        };
        self.orders.push(fact);
        (fact, -loss)
    }

    fn redeem(&mut self, basket: &Basket, order: u32, cost: Money) {
        if let Some(entry) = basket.entry {
            let offer = &mut self.offers[entry as usize];
            assert!(offer.fate == OfferFate::Open, "an offer is redeemed at most once");
            offer.fate = OfferFate::Redeemed;
            offer.order = Some(order);
            offer.cost = cost;
        }
    }
}

struct Part {
    goods_margin: Money,
    reward: Money,
    logistics: Money,
    return_loss: Money,
}

/// Line values: the need's units, then each unit for stock.
fn line_weights(unit_price: Money, basket: &Basket) -> Vec<i64> {
    let mut weights = vec![unit_price.0 * i64::from(basket.units)];
    weights.extend((0..basket.stocked).map(|_| unit_price.0));
    weights
}

fn split(
    shop: &Shop,
    amounts: &Amounts,
    unit_cost: Money,
    basket: &Basket,
    weights: &[i64],
    return_rate_ppm: u32,
) -> Vec<Part> {
    let discounts = amounts.discount.split(weights);
    let rewards = amounts.reward().split(weights);
    let shipping = (amounts.fee - shop.shipping_cost - payment_fee(shop, amounts.paid())).split(weights);
    let rate = f64::from(return_rate_ppm) / 1_000_000.0;
    weights
        .iter()
        .enumerate()
        .map(|(i, &list)| {
            let units = if i == 0 { i64::from(basket.units) } else { 1 };
            let cost = unit_cost * units;
            let came_back = basket.return_draws[i.min(1)] < rate;
            let net = Money(list) - discounts[i];
            let return_loss = if came_back { -return_loss(shop, net, cost) } else { Money::ZERO };
            Part {
                goods_margin: Money(list) - cost,
                reward: rewards[i],
                logistics: shipping[i] + return_loss,
                return_loss,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the last moment of an offer is the one that the books know, and it is part of its time.
    #[test]
    fn an_offer_holds_to_its_last_moment_once_and_for_its_scope() {
        let mut ledger = Ledger::default();
        let scope = Some(Arc::new(Scope::of(2, |product| product.0 == 1)));
        let promise = Promise { voucher: Voucher::Decision(1), until: Time(100), scope };
        let entry = ledger.issue(7, TreatmentId(0), Time(0), promise);
        let holds = |ledger: &Ledger, product, at| ledger.holds(entry, ProductId(product), Time(at));
        assert!(holds(&ledger, 1, 0) && holds(&ledger, 1, 100));
        assert!(!holds(&ledger, 1, 101) && !holds(&ledger, 0, 50));
        ledger.expire(entry);
        assert!(!holds(&ledger, 1, 50));
    }
}
