//! What binds every personal treatment, whichever policy wants it: holdout, margin floor, no stacking, caps, budget.
//!
//! # Promises
//! - [`Guard::refusal`] names the first guardrail that stands in the way; [`Guard::issue`] books what passed.
//! - The books follow what really happened: shown, never arrived, redeemed, visit over, lapsed.
//! - Treatments and messages of whoever governed the history count towards caps as well: shoppers do not forget them.
//! - Every policy that is built on it gives the same refusals for the same events; `every_policy_keeps_the_same_books` in
//!   `counterfoil-run` holds them all against a book that shares no code with this one.
//!
//! # Where to start
//! [`Guard::refusal`], then [`Guard::observe`].

use crate::caps;
use crate::contacts::Contacts;
use crate::holdout::Holdout;
use crate::issues::{Issue, Terms};
use crate::ledger::Ledger;
use crate::party::{Handover, Owners, Party};
use crate::sale::{announcement_campaign, message_time, sale_on};
use crate::scope::{largest_reward, scope_of};
use crate::terms::{Deal, typical_goods};
use crate::validity::{ON_ITS_WAY_MS, ends_with_visit, until};
use counterfoil_core::policy::{Ask, Push, Reason};
use counterfoil_core::shop::ProductId;
use counterfoil_core::time::DAY_MS;
use counterfoil_core::treatment::TREATMENTS_MAX;
use counterfoil_core::{
    Books, CustomerId, Day, DecisionNumber, Digest, Event, EventKind, HoldoutLuck, Money, Scope,
    SessionNumber, Share, Shop, Time, TreatmentId, Visitor, Voucher,
};
use counterfoil_scenario::PolicySpec;
use counterfoil_scenario::policy::{Cap, Guardrails, SaleCalendar};
use std::sync::Arc;

/// A place at which a treatment may be issued.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// When.
    pub at: Time,
    /// To whom.
    pub party: Party,
    /// In which session; none for messages.
    pub session: Option<SessionNumber>,
    /// By which decision or campaign.
    pub voucher: Voucher,
    /// The product on the page or in the cart, where there is one.
    pub product: Option<ProductId>,
}

/// How a party stands at a moment, whatever treatment is in question.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Whether it is never to be treated.
    pub held_out: bool,
    /// Whether another offer or a sale applies already.
    stacks: bool,
    session_full: bool,
    /// Treatments already shown in this session, one bit each.
    shown_here: u16,
    treatments_full: bool,
    offers_full: bool,
    messages_full: bool,
}

/// What the margin floor makes of one treatment.
#[derive(Clone, Debug)]
struct Allowed {
    /// Products for which it may be offered; `None`: all.
    scope: Option<Arc<Scope>>,
    nowhere: bool,
    largest_reward: Money,
}

/// Guardrails with everything they need to know.
#[derive(Clone, Debug)]
pub struct Guard {
    /// The shop, as everybody knows it.
    pub shop: Arc<Shop>,
    /// Permissions.
    pub contacts: Contacts,
    ledger: Ledger,
    owners: Owners,
    holdout: Holdout,
    rules: Guardrails,
    sale: Option<SaleCalendar>,
    /// The latest day for which this policy was asked for its sale and messages.
    governed: Option<Day>,
    /// The latest day on which a price below list was seen, and how far below.
    sale_seen: Option<(Day, Share)>,
    allowed: Vec<Allowed>,
}

impl Guard {
    /// Guardrails of `spec` in `shop`, before anything happened.
    #[must_use]
    pub fn new(spec: &PolicySpec, shop: Arc<Shop>, luck: HoldoutLuck) -> Self {
        let budget =
            spec.guardrails.budget.map(|budget| budget.for_world(shop.shoppers, typical_goods(&shop)));
        let longest_life_ms = shop.treatments.iter().map(|t| t.valid_for_ms).max().unwrap_or(0);
        let floor = spec.guardrails.margin_floor;
        let allowed = shop.treatments.iter().map(|treatment| {
            let scope = scope_of(&shop, treatment, floor);
            let largest_reward = largest_reward(&shop, treatment, &scope);
            let nowhere = scope.is_empty();
            Allowed { scope: (!scope.is_everything()).then(|| Arc::new(scope)), nowhere, largest_reward }
        });
        Self {
            contacts: Contacts::default(),
            ledger: Ledger::new(budget, shop.horizon_start.start(), longest_life_ms),
            owners: Owners::default(),
            holdout: Holdout::new(spec.holdout, luck),
            rules: spec.guardrails.clone(),
            sale: spec.sale.clone(),
            governed: None,
            sale_seen: None,
            allowed: allowed.collect(),
            shop,
        }
    }

    /// The sale that this policy posts on a day, in the phases that it governs.
    #[must_use]
    pub fn sale(&self, day: Day) -> Option<TreatmentId> {
        self.sale.as_ref().and_then(|sale| sale_on(sale, &self.shop.calendar, day))
    }

    /// The sale that is posted on `day`: this policy's own where it governs, else the one seen in the prices of that day.
    #[must_use]
    pub fn posted(&self, day: Day) -> Option<Deal> {
        let governs = day >= self.shop.horizon_start || self.governed == Some(day);
        let own = self.sale(day).filter(|_| governs);
        let seen = || self.sale_seen.filter(|&(seen, _)| seen == day).map(|(_, depth)| Deal::posted(depth));
        own.and_then(|id| Deal::of(self.shop.treatment(id))).or_else(seen)
    }

    /// Whether the sale is announced to subscribers.
    #[must_use]
    pub fn announces(&self) -> bool {
        self.sale.as_ref().is_some_and(|sale| sale.announce)
    }

    /// For which products a treatment may be offered; `None`: for all.
    #[must_use]
    pub fn scope(&self, treatment: TreatmentId) -> Option<Arc<Scope>> {
        self.allowed[treatment.index()].scope.clone()
    }

    /// What has to be set aside for a treatment.
    #[must_use]
    pub fn largest_reward(&self, treatment: TreatmentId) -> Money {
        self.allowed[treatment.index()].largest_reward
    }

    /// What the books say about money.
    #[must_use]
    pub fn books(&self) -> Books {
        self.ledger.books()
    }

    /// Keeps books and permissions; constant time for all but log-ins on a new cookie.
    pub fn observe(&mut self, event: &Event) {
        let visitor = event.visitor;
        self.ledger.lapse(event.at);
        match event.kind {
            EventKind::SessionStarted { consent, .. } => {
                if let Some(cookie) = visitor.cookie {
                    self.contacts.session(cookie, consent);
                }
                self.link(visitor);
            }
            EventKind::Identified { subscribed } => {
                if let Some(customer) = visitor.customer {
                    self.contacts.identified(customer, visitor.cookie, subscribed);
                }
                self.link(visitor);
            }
            EventKind::TreatmentShown { treatment, decision } => {
                self.link(visitor);
                self.shown(event, Some(treatment), Voucher::Decision(decision));
            }
            EventKind::MessageSent { campaign, treatment } => {
                self.shown(event, treatment, Voucher::Campaign(campaign));
            }
            EventKind::OrderPlaced { reward, offer, sale, voucher, .. } => {
                self.link(visitor);
                if let (Some(offer), false) = (offer, sale) {
                    self.ledger.redeem(self.owners.party(visitor), (voucher, offer), reward, event.at);
                }
            }
            EventKind::ProductViewed { product, price } => self.watch_price(event.at, product, price),
            EventKind::SessionEnded => {
                self.link(visitor);
                self.ledger.end_session(visitor.session);
            }
            _ => {}
        }
    }

    /// The history ends; with `offers_end`, offers of others that are still open end as well.
    pub fn history_ends(&mut self, offers_end: bool) {
        if offers_end {
            self.ledger.end_offers_of_others();
        }
    }

    /// The moment of a question; `None` for a visitor without cookie and name.
    pub fn moment(&mut self, ask: &Ask) -> Option<Moment> {
        self.link(ask.visitor);
        Some(Moment {
            at: ask.at,
            party: self.owners.party(ask.visitor)?,
            session: ask.visitor.session,
            voucher: Voucher::Decision(ask.number),
            product: ask.product,
        })
    }

    /// The moment of a message to a customer.
    #[must_use]
    pub fn message(customer: CustomerId, campaign: u32, at: Time) -> Moment {
        let voucher = Voucher::Campaign(campaign);
        Moment { at, party: Party::Customer(customer), session: None, voucher, product: None }
    }

    /// How the party of a moment stands: what does not depend on the treatment, looked up once.
    #[must_use]
    pub fn standing(&self, moment: &Moment) -> Standing {
        let &Moment { at, party, session, voucher, .. } = moment;
        let is_message = matches!(voucher, Voucher::Campaign(_));
        let (mut here, mut shown_here) = (0, 0_u16);
        for treatment in self.shown_in(party, session, at).filter(|_| !is_message) {
            here += 1;
            shown_here |= 1 << (treatment.index() % TREATMENTS_MAX);
        }
        let treated = || self.ledger.contacts(party).filter(|i| i.treatment.is_some()).map(|i| i.at);
        let offered = || self.ledger.contacts(party).filter(|i| i.terms.is_some()).map(|i| i.at);
        Standing {
            held_out: self.holdout.holds_out(party),
            stacks: self.posted(at.day()).is_some() || self.ledger.holds_offer(party, session, at),
            session_full: !is_message && here >= self.rules.changes_per_session,
            shown_here,
            treatments_full: caps::full(&self.rules.treatment_caps, at, treated),
            offers_full: caps::full(&self.rules.offer_caps, at, offered),
            messages_full: is_message && self.messaged_too_often(party, at),
        }
    }

    /// The first guardrail that forbids `treatment` here, if any.
    #[must_use]
    pub fn refusal(&self, treatment: TreatmentId, moment: &Moment, standing: &Standing) -> Option<Reason> {
        let offer = self.shop.treatment(treatment).kind.is_offer();
        let again = standing.shown_here & (1 << treatment.index()) != 0;
        let too_often =
            again || standing.treatments_full || standing.messages_full || (offer && standing.offers_full);
        if standing.held_out {
            Some(Reason::Holdout)
        } else if offer && !self.holds_here(treatment, moment) {
            Some(Reason::MarginFloor)
        } else if offer && !self.rules.stacking && standing.stacks {
            Some(Reason::Stacking)
        } else if standing.session_full {
            Some(Reason::SessionCap)
        } else if too_often {
            Some(Reason::FrequencyCap)
        } else if offer && !self.ledger.affords(self.largest_reward(treatment), moment.at) {
            Some(Reason::Budget)
        } else {
            None
        }
    }

    /// Books `treatment` at `moment`; ask for a [`Guard::refusal`] first.
    pub fn issue(&mut self, treatment: TreatmentId, moment: &Moment) {
        let by_message = matches!(moment.voucher, Voucher::Campaign(_));
        let on_its_way = if by_message { 0 } else { ON_ITS_WAY_MS };
        let terms = self.terms(treatment, moment.at + on_its_way, by_message, self.ledger.counts(moment.at));
        let issue = Issue::new(moment.at, moment.voucher, moment.session, Some(treatment));
        self.ledger.issue(moment.party, issue.with_terms(terms).by_us());
    }

    /// The answer to a decision never reached the screen.
    pub fn withdraw(&mut self, decision: DecisionNumber) {
        self.ledger.withdraw(decision);
    }

    /// Begins a day that this policy governs: announces its sale to every known subscriber whom the contact cap still allows.
    pub fn announce(&mut self, day: Day, out: &mut Vec<Push>) {
        self.governed = Some(day);
        if !self.announces() || self.sale(day).is_none() {
            return;
        }
        let (at, campaign) = (message_time(day), announcement_campaign(day));
        for customer in (0..self.contacts.customers()).map(CustomerId::new) {
            let party = Party::Customer(customer);
            if self.contacts.is_subscriber(customer) && !self.messaged_too_often(party, at) {
                self.note_announcement(party, at, Voucher::Campaign(campaign));
                out.push(Push { customer, treatment: None, campaign, at, scope: None });
            }
        }
    }

    /// How many offers `party` was shown or sent after `start`.
    #[must_use]
    pub fn offers_since(&self, party: Party, start: Time) -> usize {
        let recent = self.ledger.contacts(party).take_while(|issue| issue.at + DAY_MS > start);
        recent.filter(|issue| issue.terms.is_some() && issue.at > start).count()
    }

    /// Folds balances and how much the books hold.
    pub fn fold_into(&self, digest: &mut Digest) {
        self.ledger.fold_into(digest);
        digest.fold(u64::from(self.contacts.customers()));
    }

    fn watch_price(&mut self, at: Time, product: ProductId, price: Money) {
        let Some(list) = self.shop.products.get(product.index()).map(|product| product.list_price) else {
            return;
        };
        if Money::ZERO <= price && price < list {
            let below = (list - price).0 * 1_000_000 / list.0;
            let depth = u32::try_from(below).ok().and_then(Share::from_millionths).unwrap_or(Share::ZERO);
            self.sale_seen = Some((at.day(), depth));
        }
    }

    fn link(&mut self, visitor: Visitor) {
        let handover = self.owners.observe(visitor);
        self.holdout.observe(visitor, handover);
        if let Some(Handover { cookie, to, .. }) = handover {
            self.ledger.merge(Party::Cookie(cookie), Party::Customer(to));
        }
    }

    /// Confirms an issue of ours, or notes one of somebody else (the incumbent, the pilot).
    fn shown(&mut self, event: &Event, treatment: Option<TreatmentId>, voucher: Voucher) {
        let Some(party) = self.owners.party(event.visitor) else { return };
        let by_message = matches!(voucher, Voucher::Campaign(_));
        let Some(treatment) = treatment else {
            self.note_announcement(party, event.at, voucher);
            return;
        };
        if treatment.index() >= self.shop.treatments.len() {
            return;
        }
        let until = until(self.shop.treatment(treatment), event.at, by_message);
        if !self.ledger.confirm(party, voucher, event.at, Some(until)) {
            let terms = self.terms(treatment, event.at, by_message, false);
            let issue = Issue::new(event.at, voucher, event.visitor.session, Some(treatment));
            self.ledger.note(party, issue.with_terms(terms));
        }
    }

    /// Terms of an offer that is seen at `at`; `None` for what gives no money.
    fn terms(&self, treatment: TreatmentId, at: Time, by_message: bool, counts: bool) -> Option<Terms> {
        let spec = self.shop.treatment(treatment);
        let reserved = if counts { self.largest_reward(treatment) } else { Money::ZERO };
        let ends_with_visit = ends_with_visit(spec, by_message);
        spec.kind.is_offer().then(|| Terms { until: until(spec, at, by_message), ends_with_visit, reserved })
    }

    /// Messages without an offer matter to the contact cap alone; without one they are not kept.
    fn note_announcement(&mut self, party: Party, at: Time, voucher: Voucher) {
        if self.rules.message_cap.is_some() {
            self.ledger.note(party, Issue::new(at, voucher, None, None));
        }
    }

    fn holds_here(&self, treatment: TreatmentId, moment: &Moment) -> bool {
        let allowed = &self.allowed[treatment.index()];
        match (&allowed.scope, moment.product) {
            (Some(scope), Some(product)) => scope.contains(product),
            _ => !allowed.nowhere,
        }
    }

    /// Treatments shown to `party` in a session, which is over after a day whatever was lost on the way.
    fn shown_in(
        &self,
        party: Party,
        session: Option<SessionNumber>,
        at: Time,
    ) -> impl Iterator<Item = TreatmentId> {
        let recent = self.ledger.contacts(party).take_while(move |issue| issue.at + 2 * DAY_MS > at);
        let here = move |issue: &&Issue| issue.session == session && issue.at + DAY_MS > at;
        recent.filter(here).filter_map(|issue| issue.treatment)
    }

    fn messaged_too_often(&self, party: Party, at: Time) -> bool {
        let sent = || self.ledger.contacts(party).filter(|issue| issue.is_message()).map(|issue| issue.at);
        let cap: &[Cap] = self.rules.message_cap.as_slice();
        caps::full(cap, at, sent)
    }
}
