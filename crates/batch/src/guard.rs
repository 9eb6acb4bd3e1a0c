//! What binds every personal treatment, whichever policy wants it: holdout, margin floor, no stacking, caps, budget.
//!
//! # Promises
//! - [`Guard::refusal`] names the first guardrail that stands in the way; [`Guard::issue`] books what passed.
//! - The books follow what really happened: shown, never arrived, redeemed, session over, lapsed.
//! - Treatments and messages of whoever governed the history count towards caps as well: shoppers do not forget them.
//!
//! # Where to start
//! [`Guard::refusal`], then [`Guard::observe`].

use crate::caps;
use crate::contacts::Contacts;
use crate::identity::{Owners, Party};
use crate::issues::{Issue, Origin, Terms};
use crate::ledger::Ledger;
use crate::margin::{self, Basket};
use crate::sale::{announcement_campaign, sale_on};
use counterfoil_core::event::NOBODY;
use counterfoil_core::policy::{Ask, Push, Reason};
use counterfoil_core::time::{DAY_MS, HOUR_MS};
use counterfoil_core::{
    Day, Digest, Event, EventKind, Money, Shop, Time, TreatmentId, TreatmentKind, TreatmentSpec, Visitor,
};
use counterfoil_scenario::PolicySpec;
use counterfoil_scenario::policy::{Guardrails, SaleCalendar};
use std::sync::Arc;

/// The hour at which messages are sent.
const MESSAGE_HOUR: i64 = 7;

/// By how much an offer may reach the shopper after it was issued, if nothing confirms the moment (assumption).
const ON_ITS_WAY_MS: i64 = 60_000;

/// A place at which a treatment may be issued.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// When.
    pub(crate) at: Time,
    /// To whom.
    pub(crate) party: Party,
    /// In which session; [`NOBODY`] for messages.
    pub(crate) session: u32,
    /// By which decision or campaign.
    pub(crate) origin: Origin,
    /// Goods on the page or in the cart, where there are any.
    pub(crate) basket: Option<Basket>,
    /// Whether the shopper is never to be treated.
    pub(crate) held_out: bool,
}

/// Guardrails with everything they need to know.
pub(crate) struct Guard {
    /// The shop, as everybody knows it.
    pub(crate) shop: Arc<Shop>,
    /// Permissions.
    pub(crate) contacts: Contacts,
    /// The books.
    pub(crate) ledger: Ledger,
    owners: Owners,
    rules: Guardrails,
    holdout: f64,
    sale: Option<SaleCalendar>,
    typical: Basket,
    largest_goods: Money,
}

impl Guard {
    /// Guardrails of `spec` in `shop`, before anything happened.
    pub(crate) fn new(spec: &PolicySpec, shop: Arc<Shop>) -> Self {
        let budget = spec.guardrails.budget.map(|budget| budget.for_world(shop.shoppers));
        let longest_life_ms = shop.treatments.iter().map(|t| t.valid_for_ms).max().unwrap_or(0);
        Self {
            contacts: Contacts::default(),
            ledger: Ledger::new(budget, shop.horizon_start.start(), longest_life_ms),
            owners: Owners::default(),
            rules: spec.guardrails.clone(),
            holdout: spec.holdout.fraction(),
            sale: spec.sale.clone(),
            typical: Basket::typical(&shop),
            largest_goods: margin::largest_order(&shop),
            shop,
        }
    }

    /// The posted sale of a day.
    pub(crate) fn sale(&self, day: Day) -> Option<TreatmentId> {
        self.sale.as_ref().and_then(|sale| sale_on(sale, &self.shop.calendar, day))
    }

    /// Whether the sale is announced to subscribers.
    pub(crate) fn announces(&self) -> bool {
        self.sale.as_ref().is_some_and(|sale| sale.announce)
    }

    /// Keeps books and permissions; constant time for all but log-ins on a new cookie.
    pub(crate) fn observe(&mut self, event: &Event) {
        let visitor = event.visitor;
        match event.kind {
            EventKind::SessionStarted { consent, .. } => {
                self.contacts.session(visitor.cookie, consent);
                self.link(visitor);
            }
            EventKind::Identified { subscribed } => {
                self.contacts.identified(visitor.customer, visitor.cookie, subscribed);
                self.link(visitor);
            }
            EventKind::TreatmentShown { treatment, decision } => {
                self.link(visitor);
                self.shown(event, Some(treatment), Origin::Decision(decision));
            }
            EventKind::MessageSent { campaign, treatment } => {
                self.shown(event, treatment, Origin::Campaign(campaign));
            }
            EventKind::OrderPlaced { goods, reward, offer, sale, .. } => {
                self.link(visitor);
                self.largest_goods = self.largest_goods.max(goods);
                if let (Some(offer), false, Some(party)) = (offer, sale, self.owners.party(visitor)) {
                    self.ledger.redeem(party, offer, reward, event.at);
                }
            }
            EventKind::SessionEnded => {
                self.link(visitor);
                if let Some(party) = self.owners.party(visitor) {
                    self.ledger.end_session(party, visitor.session, event.at);
                }
            }
            _ => {}
        }
    }

    /// The moment of a question; `None` for a visitor without cookie and name. Notes who is held out.
    pub(crate) fn moment(&mut self, ask: &Ask) -> Option<Moment> {
        self.ledger.lapse(ask.at);
        let party = self.owners.party(ask.visitor)?;
        Some(Moment {
            at: ask.at,
            party,
            session: ask.visitor.session,
            origin: Origin::Decision(ask.number),
            basket: Basket::asked(&self.shop, ask),
            held_out: self.learn_holdout(ask),
        })
    }

    /// Notes and gives the assignment to the holdout that a question carries.
    pub(crate) fn learn_holdout(&mut self, ask: &Ask) -> bool {
        if self.holdout <= 0.0 {
            return false;
        }
        let held_out = ask.luck.holdout(crate::HOLDOUT) < self.holdout;
        let customer = match ask.visitor.customer {
            NOBODY => self.owners.owner(ask.visitor.cookie),
            customer => customer,
        };
        self.contacts.learn_holdout(customer, held_out);
        held_out
    }

    /// Whether a customer may be held out: certain once a question about her came, assumed until then.
    pub(crate) fn held_out(&self, customer: u32) -> bool {
        self.holdout > 0.0 && self.contacts.held_out(customer).unwrap_or(true)
    }

    /// The first guardrail that forbids `treatment` here, if any.
    pub(crate) fn refusal(&self, treatment: TreatmentId, moment: &Moment) -> Option<Reason> {
        let kind = self.shop.treatment(treatment).kind;
        let is_message = matches!(moment.origin, Origin::Campaign(_));
        if moment.held_out {
            return Some(Reason::Holdout);
        }
        if kind.is_offer() {
            if !self.keeps_floor(treatment, moment) {
                return Some(Reason::MarginFloor);
            }
            if !self.rules.stacking && self.would_stack(moment) {
                return Some(Reason::Stacking);
            }
        }
        if self.shown_too_often(kind, is_message, moment) {
            return Some(Reason::FrequencyCap);
        }
        if !is_message && self.rules.changes_per_session == 0 {
            return Some(Reason::SessionCap);
        }
        let affordable = self.ledger.affords(self.largest_reward(treatment), moment.at);
        (!affordable).then_some(Reason::Budget)
    }

    /// Books `treatment` at `moment`; ask for a [`Guard::refusal`] first.
    pub(crate) fn issue(&mut self, treatment: TreatmentId, moment: &Moment) {
        let issue = self.issue_of(treatment, moment);
        self.ledger.issue(moment.party, issue);
    }

    fn issue_of(&self, treatment: TreatmentId, moment: &Moment) -> Issue {
        let spec = self.shop.treatment(treatment);
        let is_message = matches!(moment.origin, Origin::Campaign(_));
        let terms = spec.kind.is_offer().then(|| Terms {
            expires: moment.at + life_ms(spec, is_message) + ON_ITS_WAY_MS,
            session: (spec.valid_for_ms == 0 && !is_message).then_some(moment.session),
            reserved: self.largest_reward(treatment),
        });
        Issue::new(moment.at, moment.origin, Some(treatment), terms)
    }

    /// When messages of `day` are sent.
    pub(crate) fn message_time(day: Day) -> Time {
        day.start() + MESSAGE_HOUR * HOUR_MS
    }

    /// Announces the sale of `day` to every known subscriber whom the contact cap still allows.
    pub(crate) fn announce(&mut self, day: Day, out: &mut Vec<Push>) {
        if !self.announces() || self.sale(day).is_none() {
            return;
        }
        let (at, campaign) = (Self::message_time(day), announcement_campaign(day));
        for customer in 0..self.contacts.customers() {
            let party = Party::customer(customer);
            if self.contacts.is_subscriber(customer) && !self.messaged_too_often(party, at) {
                self.book_announcement(party, at, campaign);
                out.push(Push { customer, treatment: None, campaign, at });
            }
        }
    }

    /// What `treatment` costs if it is redeemed with this or a typical order.
    pub(crate) fn usual_reward(&self, treatment: TreatmentId, basket: Option<Basket>) -> Money {
        let spec = self.shop.treatment(treatment);
        let goods = basket.unwrap_or(self.typical).at_least(spec.smallest_order).goods;
        margin::reward(&self.shop, goods, None, spec.kind)
    }

    /// Folds what later answers depend on.
    pub(crate) fn fold_into(&self, digest: &mut Digest) {
        self.ledger.fold_into(digest);
        digest.fold_signed(self.largest_goods.0);
        digest.fold(u64::from(self.contacts.customers()));
    }

    fn link(&mut self, visitor: Visitor) {
        if self.owners.learn(visitor) {
            self.ledger.merge(Party::cookie(visitor.cookie), Party::customer(visitor.customer));
        }
    }

    /// Confirms an issue of ours, or books one of somebody else (the incumbent, the pilot).
    fn shown(&mut self, event: &Event, treatment: Option<TreatmentId>, origin: Origin) {
        let Some(party) = self.owners.party(event.visitor) else { return };
        let is_message = matches!(origin, Origin::Campaign(_));
        let valid_for_ms = treatment.map_or(0, |t| life_ms(self.shop.treatment(t), is_message));
        if self.ledger.confirm(party, origin, event.at, valid_for_ms) {
            return;
        }
        let Some(treatment) = treatment else {
            if let Origin::Campaign(campaign) = origin {
                self.book_announcement(party, event.at, campaign);
            }
            return;
        };
        let moment = Moment {
            at: event.at,
            party,
            session: event.visitor.session,
            origin,
            basket: None,
            held_out: false,
        };
        self.ledger.book(party, self.issue_of(treatment, &moment));
    }

    /// Messages without an offer matter to the contact cap alone; without one they are not kept.
    fn book_announcement(&mut self, party: Party, at: Time, campaign: u32) {
        if self.rules.message_cap.is_some() {
            self.ledger.book(party, Issue::new(at, Origin::Campaign(campaign), None, None));
        }
    }

    fn keeps_floor(&self, treatment: TreatmentId, moment: &Moment) -> bool {
        let spec = self.shop.treatment(treatment);
        let basket = moment.basket.unwrap_or(self.typical).at_least(spec.smallest_order);
        let sale = self.sale_kind(moment.at.day());
        margin::keeps_floor(&self.shop, basket, sale, spec.kind, self.rules.margin_floor)
    }

    fn would_stack(&self, moment: &Moment) -> bool {
        self.sale(moment.at.day()).is_some()
            || self.ledger.holds_offer(moment.party, moment.session, moment.at)
    }

    fn shown_too_often(&self, kind: TreatmentKind, is_message: bool, moment: &Moment) -> bool {
        let (party, at) = (moment.party, moment.at);
        let treated = || self.ledger.contacts(party).filter(|i| i.treatment.is_some()).map(|i| i.at);
        let offered = || self.ledger.contacts(party).filter(|i| i.terms.is_some()).map(|i| i.at);
        caps::full(&self.rules.treatment_caps, at, treated)
            || (kind.is_offer() && caps::full(&self.rules.offer_caps, at, offered))
            || (is_message && self.messaged_too_often(party, at))
    }

    fn messaged_too_often(&self, party: Party, at: Time) -> bool {
        let sent = || self.ledger.contacts(party).filter(|i| i.is_message()).map(|i| i.at);
        caps::full(self.rules.message_cap.as_slice(), at, sent)
    }

    /// What has to be set aside. With stacking, the discount of the sale may come on top.
    fn largest_reward(&self, treatment: TreatmentId) -> Money {
        let on_top = self.sale.as_ref().filter(|_| self.rules.stacking);
        let sale = on_top.map(|sale| self.shop.treatment(sale.treatment).kind);
        margin::reward(&self.shop, self.largest_goods, sale, self.shop.treatment(treatment).kind)
    }

    fn sale_kind(&self, day: Day) -> Option<TreatmentKind> {
        self.sale(day).map(|sale| self.shop.treatment(sale).kind)
    }
}

/// For how long an offer can be redeemed at most. A message holds for a day from sending at least; a session is over after
/// a day whatever was lost on the way.
fn life_ms(spec: &TreatmentSpec, is_message: bool) -> i64 {
    match spec.valid_for_ms {
        0 => DAY_MS,
        valid if is_message => valid.max(DAY_MS),
        valid => valid,
    }
}
