//! The way of an event: intake, identity, profile, intent, ledger, learn.

use super::{Engine, Pending};
use crate::ids::{ProfileNumber, Slot};
use crate::session::Session;
use crate::stages::intake::{LATE_MS, fingerprint, well_formed};
use crate::stages::{intent, profile};
use counterfoil_core::event::{Event, EventKind};
use counterfoil_core::money::Money;
use counterfoil_core::time::{DAY_MS, Time};
use counterfoil_core::treatment::TreatmentId;
use counterfoil_core::{CookieId, CustomerId, DecisionNumber, OrderNumber, SessionNumber};

/// The facts of an order as the event states them.
#[derive(Clone, Copy)]
struct Order {
    number: OrderNumber,
    goods: Money,
    reward: Money,
    contribution: Money,
    offer: Option<TreatmentId>,
    sale: bool,
}

impl Engine {
    pub(super) fn take_in(&mut self, event: &Event) {
        if !well_formed(event, &self.shop) {
            self.intake.dropped.malformed += 1;
            return;
        }
        // The books are part of the contract that an offer made, with or without consent to anything else.
        self.guard.observe(event);
        match event.kind {
            EventKind::SessionStarted { consent, .. } => self.begin(event, consent),
            EventKind::OrderPlaced { order, goods, reward, contribution, offer, sale, .. } => {
                self.ordered(event, Order { number: order, goods, reward, contribution, offer, sale });
            }
            EventKind::OrderReturned { order, loss } => self.returned(event, order, loss),
            EventKind::MessageSent { .. }
            | EventKind::MessageOpened { .. }
            | EventKind::MessageClicked { .. } => {}
            _ => self.in_session(event),
        }
    }

    /// Slot of the live session of a visitor, if it began with consent.
    pub(super) fn live(&self, cookie: Option<CookieId>, session: Option<SessionNumber>) -> Option<Slot> {
        let slot = self.identity.cookie(cookie?).live?;
        (self.pool.get(slot).id == session).then_some(slot)
    }

    fn begin(&mut self, event: &Event, consent: bool) {
        let visitor = event.visitor;
        let (Some(cookie), Some(_)) = (visitor.cookie, visitor.session) else {
            self.intake.dropped.malformed += 1;
            return;
        };
        if self.live(visitor.cookie, visitor.session).is_some() {
            self.intake.dropped.duplicate += 1;
            return;
        }
        if let Some(before) = self.identity.cookie(cookie).live {
            self.close_session(before);
        }
        if !consent {
            self.intake.dropped.without_consent += 1;
            return;
        }
        let half_life = self.spec.profile_half_life_days;
        let profile = self.identity.profile_for(visitor.cookie, visitor.customer, event.at, half_life);
        let mut session = Session::new(visitor, profile, event.at, self.shop.categories.len());
        self.open_visit(&mut session, event.at);
        profile::observe(
            &mut session,
            &event.kind,
            event.at,
            &self.shop,
            self.spec.session_half_life_seconds,
        );
        session.seen_before(fingerprint(event));
        let slot = self.pool.insert(session);
        self.identity.cookie_mut(cookie).live = Some(slot);
    }

    /// Counts the visit in the profile and sets what a session starts with.
    fn open_visit(&mut self, session: &mut Session, at: Time) {
        let half_life = self.spec.profile_half_life_days;
        let profile = self.identity.profile_mut(session.profile);
        profile.decay(at, half_life);
        let before = intent::Before {
            last: profile.visits[1].map(|then| (profile.barriers.map(f64::from), then)),
            last_pages: profile.last_pages,
            coupon_affinity: profile.coupon_affinity(),
        };
        session.barriers = intent::at_start(before, at, half_life);
        session.cart_left = profile.cart_goods > Money::ZERO;
        profile.visits = [profile.visits[1], Some(at)];
        profile.sessions.add(at.day().0);
    }

    fn in_session(&mut self, event: &Event) {
        let Some(slot) = self.live(event.visitor.cookie, event.visitor.session) else {
            self.intake.dropped.without_consent += 1;
            return;
        };
        let session = self.pool.get_mut(slot);
        if session.newest - event.at > LATE_MS {
            self.intake.dropped.late += 1;
            return;
        }
        if session.seen_before(fingerprint(event)) {
            self.intake.dropped.duplicate += 1;
            return;
        }
        session.newest = session.newest.max(event.at);
        if let Some(customer) = event.visitor.customer {
            self.recognise(slot, customer, event.at);
        }
        let half_life = self.spec.session_half_life_seconds;
        let session = self.pool.get_mut(slot);
        profile::observe(session, &event.kind, event.at, &self.shop, half_life);
        intent::observe(session, &event.kind, event.at, half_life);
        let profile = self.identity.resolve(session.profile);
        match event.kind {
            EventKind::Identified { subscribed } => {
                self.identity.profile_mut(profile).subscribed = subscribed
            }
            EventKind::TreatmentShown { treatment, decision } => {
                self.shown(event, profile, treatment, decision)
            }
            EventKind::SessionEnded => self.close_session(slot),
            _ => {}
        }
    }

    /// A customer number has shown itself in a live session.
    fn recognise(&mut self, slot: Slot, customer: CustomerId, at: Time) {
        let session = self.pool.get(slot);
        if self.identity.profile(session.profile).customer == Some(customer) {
            return;
        }
        let half_life = self.spec.profile_half_life_days;
        let profile = self.identity.profile_for(session.cookie, Some(customer), at, half_life);
        self.pool.get_mut(slot).profile = profile;
    }

    /// A treatment was seen.
    fn shown(
        &mut self,
        event: &Event,
        profile: ProfileNumber,
        treatment: TreatmentId,
        decision: DecisionNumber,
    ) {
        let ours = |pending: &Pending| pending.decision == decision && pending.treatment == treatment;
        let half_life = self.spec.profile_half_life_days;
        self.identity.profile_mut(profile).decay(event.at, half_life);
        self.identity.profile_mut(profile).exposures += 1.0;
        if let Some(place) = self.pending.iter().rposition(ours) {
            self.pending.remove(place);
        }
    }

    /// Ends a session: what it taught about the shopper goes to the profile.
    pub(super) fn close_session(&mut self, slot: Slot) {
        let session = self.pool.get(slot);
        let half_life = self.spec.session_half_life_seconds;
        let barriers = intent::filtered(session, session.newest, half_life);
        let cookie = session.cookie;
        let profile = self.identity.resolve(session.profile);
        let profile = self.identity.profile_mut(profile);
        profile.barriers = barriers.map(|p| p as f32);
        profile.last_pages = session.pages;
        profile.cart_goods = session.cart_goods;
        if let Some(cookie) = cookie {
            self.identity.cookie_mut(cookie).live = None;
        }
        self.pool.remove(slot);
    }

    fn ordered(&mut self, event: &Event, order: Order) {
        if !self.intake.orders.insert(order.number) {
            self.intake.dropped.duplicate += 1;
            return;
        }
        let visitor = event.visitor;
        match self.live(visitor.cookie, visitor.session) {
            Some(slot) => self.record_order(slot, event, order),
            None => self.intake.dropped.without_consent += 1,
        }
    }

    /// Writes an order of a session with consent to its profile.
    fn record_order(&mut self, slot: Slot, event: &Event, order: Order) {
        if let Some(customer) = event.visitor.customer {
            self.recognise(slot, customer, event.at);
        }
        let session = self.pool.get_mut(slot);
        session.newest = session.newest.max(event.at);
        session.ordered = true;
        session.cart_goods = Money::ZERO;
        let number = self.identity.resolve(session.profile);
        let half_life = self.spec.profile_half_life_days;
        let on_offer = order.offer.is_some() || order.sale;
        let profile = self.identity.profile_mut(number);
        profile.ordered(event.at, order.goods - order.reward, order.contribution, on_offer, half_life);
        if let Some(row) = profile.open_row {
            self.learn.bought(row, event.at);
        }
        self.typical.learn(order.goods);
        self.intake.recorded.insert(order.number);
    }

    fn returned(&mut self, event: &Event, order: OrderNumber, loss: Money) {
        if !self.intake.returns.insert(order) {
            self.intake.dropped.duplicate += 1;
            return;
        }
        if !self.intake.recorded.contains(order) {
            return;
        }
        if let Some(number) = self.identity.find(event.visitor.cookie, event.visitor.customer) {
            let half_life = self.spec.profile_half_life_days;
            let profile = self.identity.profile_mut(number);
            profile.decay(event.at, half_life);
            profile.returns += 1;
            profile.margin -= loss.as_f64();
        }
    }

    /// An answer came too late, or was replaced or left behind before it was seen: whatever was counted for it is taken back.
    /// Nothing happens if it was seen.
    pub(super) fn take_back(&mut self, decision: DecisionNumber) {
        let Some(place) = self.pending.iter().rposition(|pending| pending.decision == decision) else {
            return;
        };
        let pending = self.pending.remove(place).expect("rposition found it");
        self.guard.withdraw(decision);
        if let Some(row) = pending.row.and_then(|row| self.learn.row_mut(row))
            && row.decision == decision
        {
            row.treatment = None;
            row.price_change = 0.0;
        }
    }

    /// Sessions whose end never arrived are ended, decisions that nobody reported are forgotten.
    pub(super) fn sweep(&mut self, now: Time) {
        for slot in self.pool.stale(now + -DAY_MS) {
            self.close_session(slot);
        }
        let today = now.day();
        while self.pending.front().is_some_and(|pending| pending.day.0 + 7 < today.0) {
            self.pending.pop_front();
        }
    }
}
