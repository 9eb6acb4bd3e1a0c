//! Orders, offers and returns of one arm: the merchant's books, kept by the world because it knows the truth.
//!
//! # Promises
//! - Contribution of an order = goods paid + shipping charged - unit costs - shipping paid - payment fee - realised
//!   returns - rewards. Everything is split over the units' needs to the cent.
//! - An offer is redeemed at most once, in time, and for a product in its scope only.

use crate::fates::NeedState;
use crate::mind::stock::{Earned, HomeStock, StockUnit};
use crate::need::Need;
use counterfoil_core::digest::Digest;
use counterfoil_core::facts::{Fate, OfferFact, OfferFate, OrderFact};
use counterfoil_core::ids::{NeedIndex, OfferNumber, OrderNumber, ShopperId};
use counterfoil_core::money::Money;
use counterfoil_core::shop::{ProductId, Shop};
use counterfoil_core::time::{Day, Time};
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
    /// Personal offers that give money away, by number.
    pub offers: Vec<OfferFact>,
    /// Costs of messages and of showing treatments so far.
    pub message_costs: Money,
    /// What each offer promised.
    promises: Vec<Promise>,
    /// Returns to come, by day.
    returns: BTreeMap<Day, Vec<Return>>,
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

/// Lines of an order that come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Return {
    pub order: OrderNumber,
    pub shopper: ShopperId,
    /// What it takes away from the order's contribution.
    pub loss: Money,
}

/// A treatment whose price applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AppliedDeal {
    pub treatment: TreatmentId,
    /// It is the posted sale and no personal offer.
    pub sale: bool,
}

/// What is about to be bought.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Basket {
    /// Units for the need.
    pub units: u32,
    /// Units for stock.
    pub stocked: u32,
    pub deal: Option<AppliedDeal>,
    /// The personal offer that is redeemed.
    pub offer: Option<OfferNumber>,
    /// Draws that decide about returns: of the need's line and of those for stock, in (0, 1).
    pub return_draws: [f64; 2],
    /// Days until a return comes back.
    pub return_after_days: u32,
}

/// An order: what is bought, for which need, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purchase<'a> {
    pub shop: &'a Shop,
    pub need: &'a Need,
    pub index: NeedIndex,
    pub at: Time,
    pub basket: Basket,
}

/// An order that was booked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Booked {
    pub number: OrderNumber,
    pub fact: OrderFact,
    /// What its returns will take away.
    pub return_loss: Money,
}

impl Ledger {
    /// Returns that come back on a day, which are then settled.
    pub(crate) fn returns_due(&mut self, day: Day) -> Vec<Return> {
        self.returns.remove(&day).unwrap_or_default()
    }

    pub(crate) fn message_sent(&mut self, content: Option<TreatmentId>, treatments: &[TreatmentSpec]) {
        if let Some(id) = content {
            self.message_costs += treatments[id.index()].cost_per_message;
        }
    }

    /// Whether an offer can be redeemed at `at` for a product.
    pub(crate) fn holds(&self, offer: OfferNumber, product: ProductId, at: Time) -> bool {
        let Promise { until, scope, .. } = &self.promises[offer.index()];
        let covers = || scope.as_ref().is_none_or(|scope| scope.contains(product));
        self.offers[offer.index()].fate == OfferFate::Open && at <= *until && covers()
    }

    /// What an offer promised.
    pub(crate) fn promise(&self, offer: OfferNumber) -> &Promise {
        &self.promises[offer.index()]
    }

    /// Writes an offer into the ledger.
    pub(crate) fn issue(
        &mut self,
        shopper: ShopperId,
        treatment: TreatmentId,
        issued_at: Time,
        promise: Promise,
    ) -> OfferNumber {
        self.promises.push(promise);
        self.offers.push(OfferFact {
            shopper: shopper.number(),
            treatment,
            issued_at,
            fate: OfferFate::Open,
            order: None,
            cost: Money::ZERO,
        });
        OfferNumber::at(self.offers.len() - 1)
    }

    /// An offer runs out, unless it was redeemed.
    pub(crate) fn expire(&mut self, offer: OfferNumber) {
        let offer = &mut self.offers[offer.index()];
        if offer.fate == OfferFate::Open {
            offer.fate = OfferFate::Expired;
        }
    }

    /// Books an order and splits its money over the need and the units for stock.
    pub(crate) fn order(
        &mut self,
        purchase: &Purchase<'_>,
        stock: &mut HomeStock,
        state: &mut NeedState,
    ) -> Booked {
        let (amounts, lines) = (purchase.amounts(), purchase.lines());
        let number = OrderNumber::at(self.orders.len());
        let lost: Money = lines.iter().map(|line| line.return_loss).sum();
        purchase.adds_up(&amounts, &lines);
        assert!(state.fate == Fate::Open, "a need is bought once");
        state.fate = Fate::Bought;
        state.order = Some(number);
        state.earned = lines[0].earned;
        for line in &lines[1..] {
            if line.return_loss == Money::ZERO {
                let (category, buyer) = (purchase.need.category, purchase.index);
                stock.put(StockUnit { category, order: number, buyer, earned: line.earned });
            } else {
                state.earned += line.earned;
            }
        }
        if lost != Money::ZERO {
            let day = Day(purchase.at.day().0 + purchase.basket.return_after_days);
            let back = Return { order: number, shopper: purchase.need.shopper, loss: -lost };
            self.returns.entry(day).or_default().push(back);
        }
        self.redeem(&purchase.basket, number, amounts.reward());
        let fact = purchase.fact(number, &amounts, &lines);
        self.orders.push(fact);
        Booked { number, fact, return_loss: -lost }
    }

    fn redeem(&mut self, basket: &Basket, order: OrderNumber, cost: Money) {
        if let Some(offer) = basket.offer {
            let offer = &mut self.offers[offer.index()];
            assert!(offer.fate == OfferFate::Open, "an offer is redeemed at most once");
            offer.fate = OfferFate::Redeemed;
            offer.order = Some(order.number());
            offer.cost = cost;
        }
    }

    /// Folds orders, offers and costs into `digest`.
    pub(crate) fn fold_into(&self, digest: &mut Digest) {
        let Self { orders, offers, message_costs, promises, returns } = self;
        orders.iter().for_each(|order| fold_order(order, digest));
        offers.iter().for_each(|offer| fold_offer(offer, digest));
        for Promise { voucher, until, scope } in promises {
            digest.fold(voucher.word());
            digest.fold_signed(until.0);
            match scope {
                Some(scope) => scope.fold_into(digest),
                None => digest.fold(u64::MAX),
            }
        }
        for (day, back) in returns.iter().flat_map(|(day, all)| all.iter().map(move |back| (day, back))) {
            let Return { order, shopper, loss } = back;
            digest.fold(u64::from(day.0) << 32 | u64::from(order.number()));
            digest.fold(u64::from(shopper.number()));
            digest.fold_signed(loss.0);
        }
        digest.fold_signed(message_costs.0);
    }
}

fn fold_order(order: &OrderFact, digest: &mut Digest) {
    let &OrderFact { order: number, shopper, at, category, k, product, units, units_stocked, .. } = order;
    let &OrderFact { goods, reward, treatment, sale, contribution, returned, .. } = order;
    digest.fold(u64::from(number) << 32 | u64::from(shopper));
    digest.fold(u64::from(product) << 32 | u64::from(category) << 16 | u64::from(k));
    digest.fold(u64::from(units) << 32 | u64::from(units_stocked));
    let deal = treatment.map_or(0, |id| u64::from(id.0) + 1);
    digest.fold(deal << 2 | u64::from(sale) << 1 | u64::from(returned));
    [at.0, goods.0, reward.0, contribution.0].iter().for_each(|&word| digest.fold_signed(word));
}

fn fold_offer(offer: &OfferFact, digest: &mut Digest) {
    let &OfferFact { shopper, treatment, issued_at, fate, order, cost } = offer;
    digest.fold(u64::from(shopper) << 32 | u64::from(treatment.0) << 8 | fate as u64);
    digest.fold(order.map_or(0, |order| u64::from(order) + 1));
    digest.fold_signed(issued_at.0);
    digest.fold_signed(cost.0);
}

/// One line of an order: the need's units, or a unit for stock.
struct Line {
    earned: Earned,
    /// What its return takes away; zero if it does not come back.
    return_loss: Money,
}

impl Purchase<'_> {
    fn units(&self) -> u32 {
        let units = self.basket.units + self.basket.stocked;
        assert!(units <= UNITS_MAX, "books set aside for {UNITS_MAX} units at most, an order has {units}");
        units
    }

    /// What is paid and given away.
    fn amounts(&self) -> Amounts {
        let product = self.shop.product(self.need.product);
        let deal = self.basket.deal.and_then(|deal| Deal::of(self.shop.treatment(deal.treatment)));
        Amounts::of(self.shop, product.list_price * i64::from(self.units()), deal)
    }

    /// The money of each line, to the cent.
    fn lines(&self) -> Vec<Line> {
        let (shop, amounts) = (self.shop, self.amounts());
        let product = shop.product(self.need.product);
        let mut at_list = vec![product.list_price.0 * i64::from(self.basket.units)];
        at_list.extend((0..self.basket.stocked).map(|_| product.list_price.0));
        let discounts = amounts.discount.split(&at_list);
        let rewards = amounts.reward().split(&at_list);
        let shipping = (amounts.fee - shop.shipping_cost - payment_fee(shop, amounts.paid())).split(&at_list);
        let return_rate = f64::from(product.return_rate_ppm) / 1_000_000.0;
        let line = |(i, &list): (usize, &i64)| {
            let units = if i == 0 { i64::from(self.basket.units) } else { 1 };
            let cost = product.unit_cost * units;
            let came_back = self.basket.return_draws[i.min(1)] < return_rate;
            let paid = Money(list) - discounts[i];
            let return_loss = if came_back { -return_loss(shop, paid, cost) } else { Money::ZERO };
            let logistics = shipping[i] + return_loss;
            Line {
                earned: Earned { goods_margin: Money(list) - cost, reward: rewards[i], logistics },
                return_loss,
            }
        };
        at_list.iter().enumerate().map(line).collect()
    }

    /// The lines of an order add up to what it earns.
    fn adds_up(&self, amounts: &Amounts, lines: &[Line]) {
        let unit_cost = self.shop.product(self.need.product).unit_cost;
        let before_returns: Money =
            lines.iter().map(|line| line.earned.contribution() - line.return_loss).sum();
        let whole = amounts.contribution(self.shop, unit_cost * i64::from(self.units()));
        assert!(before_returns == whole, "the lines of an order add up to what it earns");
    }

    fn fact(&self, number: OrderNumber, amounts: &Amounts, lines: &[Line]) -> OrderFact {
        OrderFact {
            order: number.number(),
            shopper: self.need.shopper.number(),
            at: self.at,
            category: self.need.category,
            k: self.need.k,
            product: self.need.product.0,
            units: self.basket.units,
            units_stocked: self.basket.stocked,
            goods: amounts.goods,
            reward: amounts.reward(),
            treatment: self.basket.deal.map(|deal| deal.treatment),
            sale: self.basket.deal.is_some_and(|deal| deal.sale),
            contribution: lines.iter().map(|line| line.earned.contribution()).sum(),
            returned: lines.iter().any(|line| line.return_loss != Money::ZERO),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil_core::ids::DecisionNumber;

    /// Goal: the last moment of an offer is the one that the books know, and it is part of its time.
    #[test]
    fn an_offer_holds_to_its_last_moment_once_and_for_its_scope() {
        let mut ledger = Ledger::default();
        let scope = Some(Arc::new(Scope::of(2, |product| product.0 == 1)));
        let voucher = Voucher::Decision(DecisionNumber::new(1));
        let promise = Promise { voucher, until: Time(100), scope };
        let offer = ledger.issue(ShopperId::new(7), TreatmentId(0), Time(0), promise);
        let holds = |ledger: &Ledger, product, at| ledger.holds(offer, ProductId(product), Time(at));
        assert!(holds(&ledger, 1, 0) && holds(&ledger, 1, 100));
        assert!(!holds(&ledger, 1, 101) && !holds(&ledger, 0, 50));
        ledger.expire(offer);
        assert!(!holds(&ledger, 1, 50));
    }
}
