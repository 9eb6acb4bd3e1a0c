//! Telling the storefront, asking what to show, and what a shown treatment does to a shopper who notices it.

use crate::order::Amounts;
use crate::session::{Pending, Session};
use crate::town::{Host, Town};
use counterfoil_core::event::{Event, EventKind};
use counterfoil_core::facts::OfferFate;
use counterfoil_core::luck::{PolicyLuck, Purpose};
use counterfoil_core::money::Money;
use counterfoil_core::policy::{Ask, DecisionPoint};
use counterfoil_core::shop::ProductId;
use counterfoil_core::time::Time;
use counterfoil_core::treatment::{TreatmentId, TreatmentKind};

impl Town {
    /// Tells the host what the storefront sees.
    pub(crate) fn tell(&mut self, slot: usize, at: Time, kind: EventKind, host: &mut impl Host) {
        let session = &self.sessions[slot];
        host.event(&Event { at, visitor: session.visitor, kind }, session.shopper, session.key);
    }

    /// Asks what to show on the page of the wanted product.
    pub(crate) fn ask(&mut self, slot: usize, now: Time, point: DecisionPoint, host: &mut impl Host) {
        let session = &self.sessions[slot];
        let product = (session.carted || point != DecisionPoint::SessionStart).then_some(session.product);
        self.ask_about(slot, now, point, product, host);
    }

    /// Asks what to show at a decision point; the answer arrives after its delay.
    pub(crate) fn ask_about(
        &mut self,
        slot: usize,
        now: Time,
        point: DecisionPoint,
        product: Option<ProductId>,
        host: &mut impl Host,
    ) {
        let number = self.asked;
        self.asked += 1;
        let quantity = self.quantity(slot);
        let session = &self.sessions[slot];
        let (shopper, key) = (session.shopper, session.key);
        let page = u32::from(session.page) << 4 | point as u32;
        let unit = product.map_or(Money::ZERO, |id| self.world.shop.product(id).list_price);
        let ask = Ask {
            at: now,
            visitor: session.visitor,
            point,
            product,
            quantity: if session.carted { quantity } else { 1 },
            cart_goods: if session.carted { unit * i64::from(quantity) } else { Money::ZERO },
            consent: session.consent,
            number,
            luck: PolicyLuck::new(self.world.luck, shopper, key, page),
            trace: false,
        };
        let answer = host.ask(&ask, shopper, key);
        if let Some(treatment) = answer.treatment {
            let at = now + answer.delay_ms;
            let pending = Pending { treatment, number, at, asked_at: now, point };
            if let Some(replaced) = self.sessions[slot].pending.replace(pending) {
                host.dropped(replaced.number);
            }
        }
    }

    /// Units she wants in this visit.
    pub(crate) fn quantity(&self, slot: usize) -> u32 {
        self.quantity_of(self.sessions[slot].need)
    }

    fn quantity_of(&self, need: u32) -> u32 {
        if need == crate::session::NO_NEED { 1 } else { u32::from(self.world.needs[need as usize].quantity) }
    }

    /// A treatment reaches the screen.
    pub(crate) fn show(&mut self, slot: usize, now: Time, host: &mut impl Host) {
        let Some(pending) = self.sessions[slot].pending.take() else { return };
        let id = pending.treatment;
        self.tell(slot, now, EventKind::TreatmentShown { treatment: id, decision: pending.number }, host);
        let world = self.world.clone();
        let spec = &world.scenario.treatments[id.index()];
        self.ledger.message_costs += spec.cost_per_show;
        let session = &mut self.sessions[slot];
        session.shown = session.shown.saturating_add(1);
        session.answered |= session.friction;
        let entry = if spec.kind.is_offer() {
            Some(self.ledger.issue(self.sessions[slot].shopper, id, now))
        } else {
            None
        };
        if self.notices(slot, id) {
            self.affect(slot, &pending, now, entry);
        } else if let Some(entry) = entry {
            self.ledger.expire(entry);
        }
    }

    /// Whether she notices it; never at visibility 0.
    fn notices(&self, slot: usize, id: TreatmentId) -> bool {
        let session = &self.sessions[slot];
        let visibility = self.world.scenario.effects[id.index()].visibility;
        let place = [session.shopper, session.key, u32::from(id.0)];
        visibility > 0.0 && self.world.luck.uniform(Purpose::Notice, place) < visibility
    }

    /// What a noticed treatment does: relief, offer, memory, annoyance.
    fn affect(&mut self, slot: usize, pending: &Pending, now: Time, entry: Option<u32>) {
        let world = self.world.clone();
        let id = pending.treatment;
        let effect = &world.scenario.effects[id.index()];
        let session = &mut self.sessions[slot];
        session.noticed = session.noticed.saturating_add(1);
        for (relief, own) in session.relief.iter_mut().zip(effect.relief) {
            let own = (own * world.scenario.relief_scale).clamp(0.0, 1.0) as f32;
            session.news |= own > 0.0;
            *relief += own * (1.0 - *relief);
        }
        let (noticed, shopper) = (u32::from(session.noticed), session.shopper as usize);
        let feelings = &world.scenario.feelings;
        let mind = &mut self.minds[shopper];
        let annoyance = (effect.annoyance * world.people[shopper].traits.annoyance).min(1.0) as f32;
        mind.fatigue += annoyance * (1.0 - mind.fatigue);
        if noticed > feelings.changes_tolerated {
            mind.trust -= feelings.trust_lost as f32 * mind.trust;
        }
        if let Some(entry) = entry {
            self.take_offer(slot, pending, now, entry);
        }
    }

    fn take_offer(&mut self, slot: usize, pending: &Pending, now: Time, entry: u32) {
        let world = self.world.clone();
        let id = pending.treatment;
        let goods =
            world.shop.product(self.sessions[slot].product).list_price * i64::from(self.quantity(slot));
        let depth = self.depth_of(id, goods);
        let beliefs = &world.scenario.beliefs;
        let valid_ms = world.scenario.treatments[id.index()].valid_for_ms;
        let session = &mut self.sessions[slot];
        let mind = &mut self.minds[session.shopper as usize];
        // An offer that takes nothing off is neither news nor a deal to remember.
        if depth > 0.0 {
            session.news = true;
            session.offer_seen = true;
            if matches!(pending.point, DecisionPoint::SessionStart | DecisionPoint::ProductPage) {
                mind.visit.learn(beliefs.visit_rate, depth);
            } else {
                mind.trigger.learn(beliefs.trigger_rate, depth);
            }
        }
        if let Some(old) = mind.wallet.take() {
            self.ledger.expire(old.entry);
        } else if session.offer.is_some() && session.offer_entry != u32::MAX {
            self.ledger.expire(session.offer_entry);
        }
        session.offer = Some(id);
        session.offer_entry = entry;
        if valid_ms > 0 {
            mind.wallet = Some(crate::mind::WalletOffer { treatment: id, until: now + valid_ms, entry });
        }
    }

    /// A valid offer from an earlier visit applies in this one too.
    pub(crate) fn open_wallet(&mut self, session: &mut Session) {
        let mind = &mut self.minds[session.shopper as usize];
        let Some(offer) = mind.wallet else { return };
        if offer.until < session.started {
            mind.wallet = None;
            self.ledger.expire(offer.entry);
        } else {
            session.offer = Some(offer.treatment);
            session.offer_entry = offer.entry;
        }
    }

    /// She sees on arrival whether there is a sale today, and remembers the weekday.
    pub(crate) fn see_sale(&mut self, slot: usize) {
        let depth = self.sale.map_or(0.0, |id| self.depth_of(id, Money(10_000)));
        let weekday = usize::from(self.weekday());
        let rate = self.world.scenario.beliefs.calendar_rate;
        let shopper = self.sessions[slot].shopper as usize;
        self.minds[shopper].calendar[weekday].learn(rate, depth);
    }

    /// Depth of an offer on goods of this value, as a share of them.
    pub(crate) fn depth_of(&self, id: TreatmentId, goods: Money) -> f64 {
        let goods = goods.max(Money(1));
        let value = match self.world.scenario.treatments[id.index()].kind {
            TreatmentKind::FreeShipping => self.world.shop.shipping_fee.min(goods),
            kind => kind.discount_on(goods),
        };
        value.as_f64() / goods.as_f64()
    }

    /// Price of goods under today's sale as a share of the list price.
    pub(crate) fn sale_ratio(&self) -> f64 {
        self.sale.map_or(1.0, |id| 1.0 - self.depth_of(id, Money(1_000_000)))
    }

    /// Price that she would pay for goods of this unit price, as a share of the list price.
    pub(crate) fn price_ratio(&self, slot: usize, unit: Money) -> f64 {
        match self.price_treatment(slot, unit) {
            None => 1.0,
            Some((id, _)) => Amounts::of(&self.world.shop, unit, self.quantity(slot), Some(id)).ratio(),
        }
    }

    /// The personal offer or the posted sale, whichever gives her more; they do not stack.
    pub(crate) fn price_treatment(&self, slot: usize, unit: Money) -> Option<(TreatmentId, bool)> {
        self.price_treatment_of(&self.sessions[slot], unit)
    }

    /// The same for a session that has no slot yet.
    pub(crate) fn price_treatment_of(&self, session: &Session, unit: Money) -> Option<(TreatmentId, bool)> {
        let quantity = self.quantity_of(session.need);
        let worth = |id: TreatmentId| Amounts::of(&self.world.shop, unit, quantity, Some(id)).reward();
        let redeemable = |entry: u32| self.ledger.offers[entry as usize].fate == OfferFate::Open;
        let offer = session.offer.filter(|_| redeemable(session.offer_entry)).map(|id| (id, false));
        let sale = self.sale.map(|id| (id, true));
        let best = match (offer, sale) {
            (Some((o, _)), Some((s, _))) => {
                if worth(o) > worth(s) {
                    offer
                } else {
                    sale
                }
            }
            (offer, sale) => offer.or(sale),
        };
        best.filter(|&(id, _)| worth(id) > Money::ZERO)
    }
}
