//! The way through the checkout: coupon field, delivery fee, payment, order.

use super::OnSite;
use crate::host::Host;
use crate::identity::customer_number;
use crate::ledger::{Basket, Booked, Purchase};
use crate::mind::stock::Occasion;
use crate::mind::traces;
use crate::need::Need;
use crate::node::Node;
use crate::session::Step;
use counterfoil_core::draw::DrawKey;
use counterfoil_core::event::{EventKind, Page};
use counterfoil_core::facts::VisitEnd;
use counterfoil_core::luck::uniform;
use counterfoil_core::policy::DecisionPoint;
use counterfoil_core::quantile::logit;
use counterfoil_till::terms::STOCK_UNITS_MAX;

/// Utils lost by a failed payment (assumption).
const PAYMENT_PAIN: f64 = 0.5;
/// Payment attempts before she gives up (assumption).
const ATTEMPTS_MAX: u8 = 3;
/// Scale of the keyed shock of buying for stock, utils (assumption).
const STOCK_SHOCK: f64 = 0.3;
/// A return comes back after so many days at least, and within so many more (assumption).
const RETURN_DAYS: (u32, u32) = (5, 15);

impl<H: Host> OnSite<'_, H> {
    pub(super) fn start_checkout(&mut self) {
        self.visit.course.page += 1;
        self.record(EventKind::CheckoutStarted);
        self.ask(DecisionPoint::Checkout);
        let Some((situation, _)) = self.situation() else { return self.next(Step::End) };
        let obstacle = self.world.choice.price_obstacle(&situation);
        let key = DrawKey::coupon_field(self.visit.who.shopper, self.visit.who.key);
        let tries = self.world.luck.uniform(key) < traces::chance(&self.world.scenario.traces, obstacle);
        self.next(if tries { Step::Coupon } else { Step::Shipping });
    }

    pub(super) fn enter_coupon_field(&mut self) {
        self.visit.record.friction = true;
        self.record(EventKind::CouponFieldFocused);
        self.ask(DecisionPoint::CouponField);
        self.next(Step::Shipping);
    }

    /// The fee for delivery is news as far as she did not expect it.
    pub(super) fn learn_shipping(&mut self) {
        let Some((situation, amounts)) = self.situation() else { return self.next(Step::End) };
        let net = self.world.choice.net(&situation, Node::Shipping);
        self.record(EventKind::ShippingShown { fee: amounts.fee - amounts.waived });
        self.visit.course.page += 1;
        self.visit.screen.news = false;
        if net > 0.0 {
            self.next(Step::Pay);
        } else {
            self.turn_to_go(Node::Shipping);
        }
    }

    pub(super) fn pay(&mut self) {
        let Some((situation, _)) = self.situation() else { return self.next(Step::End) };
        let failed = self.visit.course.failed_payments;
        let net = self.world.choice.net(&situation, Node::Payment) - PAYMENT_PAIN * f64::from(failed);
        self.visit.screen.news = false;
        if net <= 0.0 {
            return self.turn_to_go(Node::Payment);
        }
        let key = DrawKey::payment(self.visit.who.shopper, self.visit.who.key, failed);
        if self.world.luck.uniform(key) >= self.world.scenario.store.payment_failure.fraction() {
            self.place_order();
        } else {
            self.payment_fails();
        }
    }

    fn payment_fails(&mut self) {
        self.visit.course.failed_payments += 1;
        self.visit.course.page += 1;
        self.visit.record.friction = true;
        self.record(EventKind::PaymentFailed);
        self.ask(DecisionPoint::PaymentFailed);
        if self.visit.course.failed_payments >= ATTEMPTS_MAX {
            self.turn_to_go(Node::Payment);
        } else {
            self.next(Step::Pay);
        }
    }

    fn place_order(&mut self) {
        let (world, who) = (self.world, self.visit.who);
        let Some(index) = who.need else { return };
        let need = world.need(index);
        let basket = self.basket(need);
        let purchase = Purchase { shop: &world.shop, need, index, at: self.now, basket };
        let mind = &mut self.arm.minds[who.shopper.index()];
        let booked = self.arm.ledger.order(&purchase, &mut mind.stock, self.arm.fates.of_mut(index));
        mind.loyalty.ordered();
        mind.open.close(index);
        if basket.offer.is_some_and(|offer| mind.wallet.holds(offer)) {
            mind.wallet.take();
        }
        let digest = &mut self.arm.orders_digest;
        digest.fold(u64::from(who.shopper.number()) << 32 | u64::from(need.code().word()));
        digest.fold_signed(self.now.0);
        digest.fold_signed(booked.fact.goods.0 << 20 ^ booked.fact.reward.0);
        digest.fold_signed(booked.fact.contribution.0);
        self.has_ordered(&basket, &booked);
    }

    /// The order is placed: the storefront learns it and who she is.
    fn has_ordered(&mut self, basket: &Basket, booked: &Booked) {
        self.visit.record.end = VisitEnd::Ordered;
        self.visit.record.ordered_at = Some(self.now);
        self.visit.plan.waiting = None;
        self.visit.plan.would_buy = false;
        self.visit.visitor.customer = Some(customer_number(self.visit.who.shopper));
        if basket.offer.is_some() {
            self.visit.held = None;
        }
        let fact = &booked.fact;
        self.record(EventKind::OrderPlaced {
            order: booked.number,
            goods: fact.goods,
            reward: fact.reward,
            contribution: fact.contribution + booked.return_loss,
            offer: fact.treatment,
            sale: fact.sale,
            voucher: basket.offer.map(|offer| self.arm.ledger.promise(offer).voucher),
        });
        self.visit.course.page += 1;
        self.record(EventKind::PageViewed(Page::Confirmation));
        self.next(Step::End);
    }

    /// What goes into the order: the need's units, perhaps units for stock, at the best price she has.
    fn basket(&self, need: &Need) -> Basket {
        let units = u32::from(need.quantity);
        let stocked = STOCK_UNITS_MAX * u32::from(self.stocks_up(need));
        let deal = self.best_deal(need.product, units + stocked);
        let draws = self.world.luck.block(DrawKey::returned(need.shopper, need.code()));
        let personal = deal.filter(|deal| !deal.sale);
        Basket {
            units,
            stocked,
            deal,
            offer: personal.and(self.visit.held).map(|held| held.offer),
            return_draws: [uniform(draws[0]), uniform(draws[1])],
            return_after_days: RETURN_DAYS.0 + draws[2] % RETURN_DAYS.1,
        }
    }

    fn stocks_up(&self, need: &Need) -> bool {
        let scenario = &self.world.scenario;
        let category = &scenario.catalogue.categories[usize::from(need.category)];
        let Some((situation, _)) = self.situation().filter(|_| category.storable) else { return false };
        let traits = situation.traits;
        let per_week = traits.need_rate * category.share.fraction() * scenario.needs.active.fraction();
        let u = self.world.luck.uniform(DrawKey::stockpile(need.shopper, need.code()));
        let occasion = Occasion {
            price_sensitivity: traits.price_sensitivity,
            reference: self.world.choice.usual_price(situation.mind, need.category),
            price_ratio: situation.price_ratio,
            weeks_to_next: 1.0 / per_week.max(1e-6),
            shock: STOCK_SHOCK * logit(u),
        };
        occasion.stocks_up(&scenario.choice)
    }
}
