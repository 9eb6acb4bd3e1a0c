//! The nodes of a visit at which she weighs buying, waiting and leaving, and the way through the checkout.

use crate::choice::{Node, Scene, Waiting, stocks_up};
use crate::order::Basket;
use crate::session::{Session, Step};
use crate::town::{Host, Town};
use counterfoil_core::event::{EventKind, Page};
use counterfoil_core::facts::VisitEnd;
use counterfoil_core::luck::{Purpose, uniform};
use counterfoil_core::policy::DecisionPoint;
use counterfoil_core::quantile::logit;
use counterfoil_core::time::Time;
use counterfoil_till::terms::{Amounts, STOCK_UNITS_MAX};

/// Utils lost by a failed payment (assumption).
const PAYMENT_PAIN: f64 = 0.5;
/// Payment attempts before she gives up (assumption).
const ATTEMPTS_MAX: u8 = 3;
/// Scale of the keyed shock of buying for stock, utils (assumption).
const STOCK_SHOCK: f64 = 0.3;

impl Town {
    /// Everything that enters her choice in this visit, and the amounts she would pay at `at`. What she wants stands still
    /// within a visit, so that looking twice is no news; an offer may run out meanwhile.
    pub(crate) fn scene<'a>(&'a self, session: &'a Session, at: Time) -> (Scene<'a>, Amounts) {
        let world = &self.world;
        let need = &world.needs[session.need as usize];
        let unit = world.shop.product(need.product).list_price;
        let deal = self.price_treatment(session, need.product, at).and_then(|(id, _)| self.deal(id));
        let amounts = Amounts::of(&world.shop, unit * i64::from(need.quantity), deal);
        let scene = Scene {
            traits: &world.people[session.shopper as usize].traits,
            mind: &self.minds[session.shopper as usize],
            need,
            choice: &world.scenario.choice,
            feelings: &world.scenario.feelings,
            relief: &session.relief,
            noise: session.noise,
            ratio: amounts.ratio(),
            fee_ratio: amounts.fee_ratio(),
            now: session.started,
        };
        (scene, amounts)
    }

    /// Is it worth a place in the cart? A cart keeps the option open, so it takes less than buying does.
    pub(crate) fn weigh(&mut self, slot: usize, now: Time, host: &mut impl Host) {
        let world = self.world.clone();
        let weekday = self.weekday();
        let (scene, _) = self.scene(&self.sessions[slot], now);
        let net = scene.net(Node::Product);
        let waiting = scene.waiting(&world.scenario.beliefs, &world.scenario.needs, weekday, false);
        if net > -world.scenario.choice.cart_threshold {
            self.put_in_cart(slot, now, host);
            return;
        }
        let session = &mut self.sessions[slot];
        session.plan = waiting.filter(|(_, gain)| net + gain > 0.0).map(|(kind, _)| kind);
        session.planned_on = now.day().0;
        self.go(slot, now, Node::Product);
    }

    /// Puts it into the cart, or opens the cart in which it already lies from an earlier visit.
    fn put_in_cart(&mut self, slot: usize, now: Time, host: &mut impl Host) {
        let quantity = self.quantity(slot);
        let session = &mut self.sessions[slot];
        let state = &mut self.states[session.need as usize];
        let reopened = std::mem::replace(&mut state.in_cart, true);
        session.carted = true;
        session.added |= !reopened;
        session.end = VisitEnd::Abandoned;
        session.page += 1;
        session.news = false;
        let product = session.product;
        let price = self.page_price(product);
        if !reopened {
            self.tell(slot, now, EventKind::CartAdded { product, quantity, price }, host);
        }
        self.ask(slot, now, DecisionPoint::CartChange, host);
        self.next(slot, now, Step::Cart);
    }

    /// In the cart: buy now, wait for a deal, fish for an offer, or leave.
    pub(crate) fn weigh_cart(&mut self, slot: usize, now: Time, host: &mut impl Host) {
        let world = self.world.clone();
        let weekday = self.weekday();
        let (scene, amounts) = self.scene(&self.sessions[slot], now);
        let net = scene.net(Node::Cart);
        let waiting = scene
            .waiting(&world.scenario.beliefs, &world.scenario.needs, weekday, true)
            .filter(|(_, gain)| net + gain > 0.0);
        let would_buy = net > 0.0 && scene.net(Node::Payment) > 0.0;
        self.tell(slot, now, EventKind::CartViewed { goods: amounts.goods }, host);
        let session = &mut self.sessions[slot];
        session.page += 1;
        session.news = false;
        session.plan = waiting.map(|(kind, _)| kind);
        session.planned_on = now.day().0;
        session.would_buy = would_buy && waiting.is_some();
        match session.plan {
            None if net > 0.0 => {
                session.end = VisitEnd::Abandoned;
                self.next(slot, now, Step::Checkout);
            }
            plan => {
                session.end = match plan {
                    None => VisitEnd::Abandoned,
                    Some(Waiting::Fishing) => VisitEnd::Fished,
                    Some(_) => VisitEnd::Waited,
                };
                self.go(slot, now, Node::Cart);
            }
        }
    }

    pub(crate) fn start_checkout(&mut self, slot: usize, now: Time, host: &mut impl Host) {
        self.sessions[slot].page += 1;
        self.tell(slot, now, EventKind::CheckoutStarted, host);
        self.ask(slot, now, DecisionPoint::Checkout, host);
        let session = &self.sessions[slot];
        let traces = &self.world.scenario.traces;
        let obstacle = self.scene(session, now).0.price_obstacle();
        let readable = traces.base + traces.informativeness * obstacle / (1.0 + obstacle);
        let place = [session.shopper, session.key, 3_000];
        let coupon = self.world.luck.uniform(Purpose::Walk, place) < readable;
        self.next(slot, now, if coupon { Step::Coupon } else { Step::Shipping });
    }

    pub(crate) fn enter_coupon_field(&mut self, slot: usize, now: Time, host: &mut impl Host) {
        self.sessions[slot].friction = true;
        self.tell(slot, now, EventKind::CouponFieldFocused, host);
        self.ask(slot, now, DecisionPoint::CouponField, host);
        self.next(slot, now, Step::Shipping);
    }

    /// The fee for delivery is news as far as she did not expect it.
    pub(crate) fn learn_shipping(&mut self, slot: usize, now: Time, host: &mut impl Host) {
        let (scene, amounts) = self.scene(&self.sessions[slot], now);
        let net = scene.net(Node::Shipping);
        let fee = amounts.fee - amounts.waived;
        self.tell(slot, now, EventKind::ShippingShown { fee }, host);
        let session = &mut self.sessions[slot];
        session.page += 1;
        session.news = false;
        if net > 0.0 {
            self.next(slot, now, Step::Pay);
        } else {
            self.go(slot, now, Node::Shipping);
        }
    }

    pub(crate) fn pay(&mut self, slot: usize, now: Time, host: &mut impl Host) {
        let (scene, _) = self.scene(&self.sessions[slot], now);
        let net = scene.net(Node::Payment) - self.sessions[slot].payment_pain;
        self.sessions[slot].news = false;
        if net <= 0.0 {
            self.go(slot, now, Node::Payment);
            return;
        }
        let session = &mut self.sessions[slot];
        let place = [session.shopper, session.key, u32::from(session.attempts)];
        if self.world.luck.uniform(Purpose::Payment, place)
            >= self.world.scenario.store.payment_failure.fraction()
        {
            self.place_order(slot, now, host);
            return;
        }
        session.attempts += 1;
        session.page += 1;
        session.payment_pain += PAYMENT_PAIN;
        session.friction = true;
        let gives_up = session.attempts >= ATTEMPTS_MAX;
        self.tell(slot, now, EventKind::PaymentFailed, host);
        self.ask(slot, now, DecisionPoint::PaymentFailed, host);
        if gives_up {
            self.go(slot, now, Node::Payment);
        } else {
            self.next(slot, now, Step::Pay);
        }
    }

    fn place_order(&mut self, slot: usize, now: Time, host: &mut impl Host) {
        let world = self.world.clone();
        let session = self.sessions[slot].clone();
        let need = &world.needs[session.need as usize];
        let basket = self.basket(slot, now);
        let mind = &mut self.minds[session.shopper as usize];
        let state = &mut self.states[session.need as usize];
        let (order, return_loss) =
            self.ledger.order(&world.shop, (need, session.need, now), &basket, mind, state);
        mind.orders += 1;
        mind.loyalty += 0.1 * (1.0 - mind.loyalty);
        mind.close_need(session.need);
        if mind.wallet.is_some_and(|offer| Some(offer.entry) == basket.entry) {
            mind.wallet = None;
        }
        let digest = &mut self.orders_digest;
        digest.fold(u64::from(order.shopper) << 32 | u64::from(need.code()));
        digest.fold_signed(order.at.0);
        digest.fold_signed(order.goods.0 << 20 ^ order.reward.0);
        digest.fold_signed(order.contribution.0);
        let running = &mut self.sessions[slot];
        running.end = VisitEnd::Ordered;
        running.ordered_at = Some(now);
        running.plan = None;
        running.would_buy = false;
        running.visitor.customer = session.shopper;
        if basket.entry.is_some() {
            running.offer = None;
            running.offer_entry = u32::MAX;
        }
        let kind = EventKind::OrderPlaced {
            order: order.order,
            goods: order.goods,
            reward: order.reward,
            contribution: order.contribution + return_loss,
            offer: order.treatment,
            sale: order.sale,
            voucher: basket.entry.map(|entry| self.ledger.promises[entry as usize].voucher),
        };
        self.tell(slot, now, kind, host);
        self.sessions[slot].page += 1;
        self.tell(slot, now, EventKind::PageViewed(Page::Confirmation), host);
        self.next(slot, now, Step::End);
    }

    /// What goes into the order: the need's units, perhaps units for stock, at the best price she has.
    fn basket(&self, slot: usize, now: Time) -> Basket {
        let world = &self.world;
        let session = &self.sessions[slot];
        let need = &world.needs[session.need as usize];
        let (units, stocked) =
            (u32::from(need.quantity), STOCK_UNITS_MAX * u32::from(self.stocks_up(session, now)));
        let treatment = self.best_deal(session, need.product, units + stocked, now);
        let draws = world.luck.block(Purpose::Return, [need.shopper, need.code(), 0]);
        let offer = treatment.filter(|&(_, sale)| !sale);
        Basket {
            units,
            stocked,
            treatment,
            entry: offer.map(|_| session.offer_entry).filter(|&entry| entry != u32::MAX),
            return_draws: [uniform(draws[0]), uniform(draws[1])],
            return_after_days: 5 + draws[2] % 15,
        }
    }

    fn stocks_up(&self, session: &Session, now: Time) -> bool {
        let world = &self.world;
        let need = &world.needs[session.need as usize];
        let category = &world.scenario.catalogue.categories[need.category as usize];
        if !category.storable {
            return false;
        }
        let traits = &world.people[session.shopper as usize].traits;
        let per_week = traits.need_rate * category.share.fraction() * world.scenario.needs.active.fraction();
        let reference = f64::from(self.minds[session.shopper as usize].reference[need.category as usize]);
        let (scene, _) = self.scene(session, now);
        let place = [need.shopper, need.code(), 0];
        let shock = STOCK_SHOCK * logit(world.luck.uniform(Purpose::Stockpile, place));
        stocks_up(traits, &world.scenario.choice, reference, scene.ratio, 1.0 / per_week.max(1e-6), shock)
    }
}
