//! Telling the storefront, asking what to show, and what a shown treatment does to a shopper who notices it.

use crate::order::Promise;
use crate::session::{Pending, Session};
use crate::town::{Host, Town};
use counterfoil_core::event::{Event, EventKind, Voucher};
use counterfoil_core::luck::{PolicyLuck, Purpose};
use counterfoil_core::money::Money;
use counterfoil_core::policy::{Ask, DecisionPoint};
use counterfoil_core::shop::ProductId;
use counterfoil_core::time::Time;
use counterfoil_core::treatment::TreatmentId;
use counterfoil_till::terms::{Amounts, Applied, Deal, sale_price};
use counterfoil_till::validity;

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
            let pending = Pending { treatment, scope: answer.scope, number, at, asked_at: now, point };
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
        let promise = || Promise {
            voucher: Voucher::Decision(pending.number),
            until: validity::until(spec, now, false),
            scope: pending.scope.clone(),
        };
        let shopper = self.sessions[slot].shopper;
        let entry = spec.kind.is_offer().then(|| self.ledger.issue(shopper, id, now, promise()));
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

    /// She takes an offer, and learns how deep it is for what she wants: not at all where it does not hold for that.
    fn take_offer(&mut self, slot: usize, pending: &Pending, now: Time, entry: u32) {
        let world = self.world.clone();
        let id = pending.treatment;
        let product = self.sessions[slot].product;
        let goods = world.shop.product(product).list_price * i64::from(self.quantity(slot));
        let deal = self.deal(id).filter(|_| self.ledger.holds(entry, product, now));
        let depth = deal.map_or(0.0, |deal| deal.depth_on(&world.shop, goods));
        let beliefs = &world.scenario.beliefs;
        let spec = &world.scenario.treatments[id.index()];
        let until = self.ledger.promises[entry as usize].until;
        let session = &mut self.sessions[slot];
        let mind = &mut self.minds[session.shopper as usize];
        // An offer that takes nothing off what she wants is neither news nor a deal to remember.
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
        if !validity::ends_with_visit(spec, false) {
            mind.wallet = Some(crate::mind::WalletOffer { treatment: id, until, entry });
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
        let depth = self.sale.map_or(0.0, |id| self.usual_depth(id));
        let weekday = usize::from(self.weekday());
        let rate = self.world.scenario.beliefs.calendar_rate;
        let shopper = self.sessions[slot].shopper as usize;
        self.minds[shopper].calendar[weekday].learn(rate, depth);
    }

    /// The money side of a treatment.
    pub(crate) fn deal(&self, id: TreatmentId) -> Option<Deal> {
        Deal::of(&self.world.scenario.treatments[id.index()])
    }

    /// How deep an offer looks to somebody who has nothing particular in mind.
    pub(crate) fn usual_depth(&self, id: TreatmentId) -> f64 {
        self.deal(id).map_or(0.0, |deal| deal.usual_depth(&self.world.shop))
    }

    /// Unit price on the pages of today.
    pub(crate) fn page_price(&self, product: ProductId) -> Money {
        let sale = self.sale.and_then(|id| self.deal(id));
        sale_price(self.world.shop.product(product).list_price, sale)
    }

    /// Price that she would pay for a product, as a share of the list price.
    pub(crate) fn price_ratio(&self, slot: usize, product: ProductId, now: Time) -> f64 {
        let session = &self.sessions[slot];
        let deal = self.price_treatment(session, product, now).and_then(|(id, _)| self.deal(id));
        Amounts::of(&self.world.shop, self.goods_of(session, product), deal).ratio()
    }

    /// The deal on the units that she wants: see [`Self::best_deal`].
    pub(crate) fn price_treatment(
        &self,
        session: &Session,
        product: ProductId,
        now: Time,
    ) -> Option<(TreatmentId, bool)> {
        self.best_deal(session, product, self.quantity_of(session.need), now)
    }

    /// The personal offer or the posted sale, whichever gives her more on `units`; they never add up. An offer counts in
    /// time and for products in its scope only.
    pub(crate) fn best_deal(
        &self,
        session: &Session,
        product: ProductId,
        units: u32,
        now: Time,
    ) -> Option<(TreatmentId, bool)> {
        let offer = session.offer.filter(|_| self.ledger.holds(session.offer_entry, product, now));
        let [of_offer, of_sale] = [offer, self.sale].map(|id| id.and_then(|id| self.deal(id)));
        let goods = self.world.shop.product(product).list_price * i64::from(units);
        match Amounts::best(&self.world.shop, goods, of_offer, of_sale).1 {
            Applied::Offer => offer.map(|id| (id, false)),
            Applied::Sale => self.sale.map(|id| (id, true)),
            Applied::Nothing => None,
        }
    }

    fn goods_of(&self, session: &Session, product: ProductId) -> Money {
        self.world.shop.product(product).list_price * i64::from(self.quantity_of(session.need))
    }
}
