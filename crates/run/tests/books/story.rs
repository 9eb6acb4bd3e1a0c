//! Stories: what happens in a shop, told to one policy and to the book, and every answer compared.

use crate::book::{Book, Entry, From};
use counterfoil_core::event::{Channel, Device};
use counterfoil_core::ids::{
    CookieId, CustomerId, DecisionNumber, OrderNumber, SessionNumber, ShopperId, VisitKey,
};
use counterfoil_core::policy::{Ask, DecisionPoint, LoggedDecision, Policy, Push, Reason};
use counterfoil_core::shop::ProductId;
use counterfoil_core::time::{DAY_MS, Day, Time};
use counterfoil_core::{Event, EventKind, Luck, Money, PolicyLuck, TreatmentId, Visitor, Voucher};
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of an answer.
#[derive(Clone, Copy, Debug)]
pub enum Arrives {
    /// She sees it, and the shop hears of it.
    Seen,
    /// It is too late.
    Late,
    /// It was in time, and she is gone before it is on the screen.
    Left,
    /// She sees it, and the news is lost.
    Unheard,
}

/// One thing that happens.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A visit begins on a cookie, with or without a known customer.
    Arrive { cookie: u32, named: bool },
    /// The visitor logs in.
    LogIn { cookie: u32 },
    /// The storefront asks.
    Ask { cookie: u32, product: Option<u32>, arrives: Arrives },
    /// An order, with the offer held (if any) or without it.
    Buy { cookie: u32, product: u32, units: i64, with_offer: bool },
    /// The visit ends.
    Leave { cookie: u32 },
    /// Somebody else shows something (in the history only).
    Foreign { cookie: u32, treatment: TreatmentId, logged: bool },
    /// Somebody else writes a message (in the history only).
    Mail { customer: u32, treatment: TreatmentId },
    /// Time passes.
    Wait { minutes: i64 },
}

/// A difference between a policy and the book: what the book says, and what the policy did.
pub type Difference = (&'static str, String);

/// A policy that hears a story.
pub struct Telling {
    policy: Box<dyn Policy>,
    name: &'static str,
    wanted: TreatmentId,
    book: Book,
    now: Time,
    numbers: [u32; 4],
    /// Whether the offers of the history end with it.
    offers_end: bool,
    /// Session and customer, by cookie.
    visits: BTreeMap<u32, (SessionNumber, Option<u32>)>,
    /// Differences so far.
    pub differences: BTreeSet<Difference>,
    /// Answers that were compared.
    pub compared: usize,
}

const SESSION: usize = 0;
const DECISION: usize = 1;
const ORDER: usize = 2;
const CAMPAIGN: usize = 3;

/// Who uses a cookie: two belong to one shopper, the last one to two of them in turn.
fn customer_of(cookie: u32, session: SessionNumber) -> u32 {
    match cookie {
        0 | 1 => 0,
        2 => 1,
        _ => 1 + session.number() % 2,
    }
}

impl Telling {
    /// The beginning of a story.
    pub fn new(
        name: &'static str,
        policy: Box<dyn Policy>,
        wanted: TreatmentId,
        book: Book,
        offers_end: bool,
    ) -> Self {
        let (visits, differences) = (BTreeMap::new(), BTreeSet::new());
        let now = Time(36_000_000);
        Self {
            policy,
            name,
            wanted,
            book,
            now,
            numbers: [0; 4],
            offers_end,
            visits,
            differences,
            compared: 0,
        }
    }

    /// Tells one step.
    pub fn tell(&mut self, step: Step) {
        self.now = self.now + 7_000;
        self.happen(step);
        let (told, expected) = (self.policy.books().expect("these policies keep books"), self.book.money());
        if told != expected {
            self.differences.insert((self.name, format!("books say {told:?} and not {expected:?}")));
        }
    }

    fn happen(&mut self, step: Step) {
        match step {
            Step::Arrive { cookie, named } => self.arrive(cookie, named),
            Step::LogIn { cookie } => self.log_in(cookie),
            Step::Ask { cookie, product, arrives } => self.ask(cookie, product, arrives),
            Step::Buy { cookie, product, units, with_offer } => {
                let offer = self.held(cookie, product).filter(|_| with_offer);
                self.buy(cookie, product, units, offer);
            }
            Step::Leave { cookie } => self.leave(cookie),
            Step::Foreign { cookie, treatment, logged } => self.foreign(cookie, treatment, logged),
            Step::Mail { customer, treatment } if self.in_history() => self.mail(customer, Some(treatment)),
            Step::Mail { .. } => {}
            Step::Wait { minutes } => self.wait(minutes * 60_000),
        }
    }

    fn next(&mut self, which: usize) -> u32 {
        self.numbers[which] += 1;
        self.numbers[which]
    }

    fn in_history(&self) -> bool {
        self.now.day() < self.book.shop.horizon_start
    }

    fn event(&mut self, visitor: Visitor, kind: EventKind) {
        self.book.newest = self.now;
        let customer = visitor.customer.map(CustomerId::number);
        if let Some(cookie) = visitor.cookie.map(CookieId::number) {
            self.book.sees(cookie, customer);
            self.book.link(cookie, customer);
        }
        self.policy.observe(&Event { at: self.now, visitor, kind });
    }

    fn visitor(&self, cookie: u32) -> Option<Visitor> {
        let (session, customer) = *self.visits.get(&cookie)?;
        let (cookie, customer) = (Some(CookieId::new(cookie)), customer.map(CustomerId::new));
        Some(Visitor { cookie, customer, session: Some(session) })
    }

    fn arrive(&mut self, cookie: u32, named: bool) {
        self.leave(cookie);
        let session = SessionNumber::new(self.next(SESSION));
        let customer = named.then(|| customer_of(cookie, session));
        self.visits.insert(cookie, (session, customer));
        let visitor = self.visitor(cookie).expect("the visit has begun");
        let (channel, device) = (Channel::Direct, Device::Desktop);
        self.event(visitor, EventKind::SessionStarted { channel, device, consent: true });
        if named {
            self.identified(visitor);
        }
    }

    fn log_in(&mut self, cookie: u32) {
        let Some(visit) = self.visits.get_mut(&cookie) else { return };
        visit.1 = Some(customer_of(cookie, visit.0));
        let visitor = self.visitor(cookie).expect("the visit goes on");
        self.identified(visitor);
    }

    fn identified(&mut self, visitor: Visitor) {
        let customer = visitor.customer.map(CustomerId::number);
        let subscribed = customer != Some(2);
        self.book.subscribers.retain(|&known| Some(known) != customer);
        self.book.subscribers.extend(customer.filter(|_| subscribed));
        self.event(visitor, EventKind::Identified { subscribed });
    }

    fn question(&mut self, visitor: Visitor, product: Option<u32>) -> Ask {
        let number = self.next(DECISION);
        let [cookie, session] = [CookieId::word(visitor.cookie), SessionNumber::word(visitor.session)];
        let luck = PolicyLuck::new(Luck::new(5, 0), ShopperId::new(cookie), VisitKey(session), number);
        let point = if product.is_none() { DecisionPoint::SessionStart } else { DecisionPoint::ProductPage };
        Ask {
            at: self.now,
            visitor,
            point,
            product: product.map(ProductId),
            quantity: 1,
            cart_goods: Money::ZERO,
            consent: true,
            number: DecisionNumber::new(number),
            luck,
            trace: false,
        }
    }

    fn ask(&mut self, cookie: u32, product: Option<u32>, arrives: Arrives) {
        let Some(visitor) = self.visitor(cookie).filter(|_| !self.in_history()) else { return };
        let customer = self.visits[&cookie].1;
        let ask = self.question(visitor, product);
        let decision = self.policy.decide(&ask);
        let reason = decision.reasons[self.wanted.index()];
        self.compare(&ask, customer, reason);
        if decision.treatment.is_some() {
            self.book.decide(&ask, customer, self.wanted);
            self.deliver(visitor, ask.number, arrives);
        }
    }

    /// Whether the policy refuses for what the book refuses for; what it did not want at all says nothing.
    fn compare(&mut self, ask: &Ask, customer: Option<u32>, reason: Reason) {
        let shown = match reason {
            Reason::Won | Reason::Explored | Reason::Assigned => None,
            Reason::Holdout
            | Reason::MarginFloor
            | Reason::Stacking
            | Reason::SessionCap
            | Reason::FrequencyCap
            | Reason::Budget => Some(reason),
            _ => return,
        };
        self.compared += 1;
        let expected = self.book.refusal(self.wanted, ask, customer);
        if shown != expected {
            let word = |reason: Option<Reason>| reason.map_or("issued", Reason::name);
            self.differences.insert((self.name, format!("{} not {}", word(shown), word(expected))));
        }
    }

    fn deliver(&mut self, visitor: Visitor, number: DecisionNumber, arrives: Arrives) {
        self.policy.delivered(number, !matches!(arrives, Arrives::Late));
        self.now = self.now + 3_000;
        match arrives {
            Arrives::Unheard => {}
            Arrives::Seen => {
                let at = self.now;
                let until = self.book.until(self.wanted, at, false);
                let entry = self.book.entries.last_mut().expect("it was just entered");
                (entry.at, entry.until, entry.seen) = (at, until, true);
                self.event(visitor, EventKind::TreatmentShown { treatment: self.wanted, decision: number });
            }
            Arrives::Late | Arrives::Left => {
                if matches!(arrives, Arrives::Left) {
                    self.policy.delivered(number, false);
                }
                self.book.entries.last_mut().expect("it was just entered").withdrawn = true;
            }
        }
    }

    /// The latest offer that the person behind a cookie holds and could use for a product.
    fn held(&self, cookie: u32, product: u32) -> Option<usize> {
        let (session, customer) = *self.visits.get(&cookie)?;
        let person = self.book.person(cookie, customer);
        let usable = |entry: &Entry| {
            let offer = entry.treatment.is_some_and(|id| self.book.shop.treatment(id).kind.is_offer());
            let ended = self.book.others_ended && !entry.own;
            let here = !entry.bound || entry.session == Some(session);
            let open = entry.seen && !entry.closed && !entry.withdrawn && entry.until >= self.now;
            let scoped = |id| !entry.own || self.book.in_scope(id, product as usize);
            offer && here && open && !ended && entry.person == person && entry.treatment.is_some_and(scoped)
        };
        self.book.entries.iter().rposition(usable)
    }

    fn buy(&mut self, cookie: u32, product: u32, units: i64, offer: Option<usize>) {
        let Some(visitor) = self.visitor(cookie) else { return };
        let treatment = offer.and_then(|entry| self.book.entries[entry].treatment);
        let reward = treatment.map_or(Money::ZERO, |id| self.book.reward(id, product as usize, units));
        if let Some(entry) = offer {
            let entry = &mut self.book.entries[entry];
            entry.closed = true;
            entry.spent = if entry.own { reward } else { Money::ZERO };
        }
        let goods = self.book.shop.products[product as usize].list_price * units;
        let order = OrderNumber::new(self.next(ORDER));
        let contribution = Money::ZERO;
        let voucher = offer.map(|entry| match self.book.entries[entry].from {
            From::Decision(number) => Voucher::Decision(number),
            From::Campaign(number) => Voucher::Campaign(number),
        });
        let offer = treatment;
        let kind = EventKind::OrderPlaced { order, goods, reward, contribution, offer, sale: false, voucher };
        self.event(visitor, kind);
    }

    fn leave(&mut self, cookie: u32) {
        let Some(visitor) = self.visitor(cookie) else { return };
        self.visits.remove(&cookie);
        let over = |entry: &&mut Entry| entry.bound && entry.session == visitor.session;
        self.book.entries.iter_mut().filter(over).for_each(|entry| entry.closed = true);
        self.event(visitor, EventKind::SessionEnded);
    }

    fn foreign(&mut self, cookie: u32, treatment: TreatmentId, logged: bool) {
        let Some(visitor) = self.visitor(cookie).filter(|_| self.in_history()) else { return };
        let ask = self.question(visitor, None);
        if logged {
            let logged = LoggedDecision { ask, treatment: Some(treatment), propensity: 0.2 };
            self.policy.observe_pilot(&logged);
        }
        self.now = self.now + 1_000;
        let person = self.book.person(cookie, self.visits[&cookie].1);
        let from = From::Decision(ask.number);
        self.book.enter(person, visitor.session, self.now, from, Some(treatment));
        self.event(visitor, EventKind::TreatmentShown { treatment, decision: ask.number });
    }

    fn mail(&mut self, customer: u32, treatment: Option<TreatmentId>) {
        let campaign = self.next(CAMPAIGN);
        self.send(customer, campaign, treatment);
    }

    fn send(&mut self, customer: u32, campaign: u32, treatment: Option<TreatmentId>) {
        let person = crate::book::Person::Customer(customer);
        self.book.enter(person, None, self.now, From::Campaign(campaign), treatment);
        let visitor = Visitor::off_site(CustomerId::new(customer));
        self.event(visitor, EventKind::MessageSent { campaign, treatment });
    }

    fn wait(&mut self, ms: i64) {
        let until = self.now + ms;
        while self.now.day() < until.day() {
            let day = Day(self.now.day().0 + 1);
            self.now = day.start();
            if day == self.book.shop.horizon_start {
                self.policy.history_ends(self.offers_end);
                self.book.others_ended = self.offers_end;
            }
            self.policy.night(day);
            if day >= self.book.shop.horizon_start {
                self.announce(day);
            }
        }
        self.now = Time(self.now.0.max(until.0));
    }

    /// The morning's messages: who gets one, and when, is compared as well.
    fn announce(&mut self, day: Day) {
        let mut pushes: Vec<Push> = Vec::new();
        self.policy.pushes(day, &mut pushes);
        if self.policy.sale(day) != self.book.sale(day) {
            self.differences.insert((self.name, "another sale".to_owned()));
        }
        pushes.sort_by_key(|push| push.customer);
        let told: Vec<(u32, Time)> = pushes.iter().map(|push| (push.customer.number(), push.at)).collect();
        let expected = self.book.announcement(day);
        if told != expected {
            let people = |list: &[(u32, Time)]| list.iter().map(|&(who, _)| who).collect::<Vec<_>>();
            let same = people(&told) == people(&expected);
            let what = if same { "another hour of the announcement" } else { "another announcement" };
            self.differences.insert((self.name, what.to_owned()));
        }
        for push in pushes {
            self.now = Time(self.now.0.max(push.at.0));
            self.send(push.customer.number(), push.campaign, push.treatment);
        }
    }
}

/// Days of a story's history.
pub const HISTORY_DAYS: u32 = 4;
/// Longest pause, minutes.
pub const PAUSE_MINUTES: i64 = 3 * DAY_MS / 60_000;
