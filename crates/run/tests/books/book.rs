//! The rules of the shop as a child would keep them: one list of everything that was shown, read from the beginning at
//! every question. Slow, plain, and without a line of the product's own bookkeeping.

use counterfoil_core::ids::{CookieId, CustomerId, DecisionNumber, SessionNumber};
use counterfoil_core::policy::{Ask, Books, Reason};
use counterfoil_core::time::{DAY_MS, Day, Time};
use counterfoil_core::{HoldoutLuck, Money, Shop, TreatmentId, TreatmentKind};
use counterfoil_scenario::policy::{Cap, PolicySpec, SaleCalendar};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most units of one product in an order: two for a need, one for stock.
const UNITS: i64 = 3;
/// By how much an offer may be seen after it was decided.
const ON_ITS_WAY_MS: i64 = 60_000;

/// In whose name something is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Person {
    Cookie(u32),
    Customer(u32),
}

/// Where something shown came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    Decision(DecisionNumber),
    Campaign(u32),
}

/// Something shown or sent.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub person: Person,
    pub at: Time,
    pub from: From,
    /// The session in which it was shown; nobody's for messages.
    pub session: Option<SessionNumber>,
    /// Whether it holds in that session only.
    pub bound: bool,
    pub treatment: Option<TreatmentId>,
    /// Whether this policy decided it.
    pub own: bool,
    pub until: Time,
    pub seen: bool,
    /// It can no longer be redeemed.
    pub closed: bool,
    /// It never reached anybody.
    pub withdrawn: bool,
    pub spent: Money,
}

fn cookie_of(ask: &Ask) -> u32 {
    ask.visitor.cookie.expect("questions are asked on the site").number()
}

/// The book of one policy.
pub struct Book {
    pub shop: Arc<Shop>,
    pub spec: PolicySpec,
    pub entries: Vec<Entry>,
    pub owners: BTreeMap<u32, u32>,
    pub subscribers: Vec<u32>,
    /// Time of the newest news.
    pub newest: Time,
    /// Whether the history is over and its offers have ended with it.
    pub others_ended: bool,
    luck: HoldoutLuck,
    /// Persons in the order in which they were first seen, and by whose draw each is assigned.
    seen: Vec<(Person, Person)>,
}

impl Book {
    pub fn new(shop: Arc<Shop>, spec: PolicySpec, luck: HoldoutLuck) -> Self {
        let (entries, owners, subscribers) = (Vec::new(), BTreeMap::new(), Vec::new());
        let (newest, others_ended, seen) = (Time(0), false, Vec::new());
        Self { shop, spec, entries, owners, subscribers, newest, others_ended, luck, seen }
    }

    /// Somebody is seen. If the cookie was nobody's and is older than the customer, hers is its assignment.
    pub fn sees(&mut self, cookie: u32, customer: Option<u32>) {
        let was_nobodys = !self.owners.contains_key(&cookie);
        let place = |seen: &[(Person, Person)], who| seen.iter().position(|&(person, _)| person == who);
        if let Some(customer) = customer.map(Person::Customer) {
            let of_cookie = place(&self.seen, Person::Cookie(cookie)).filter(|_| was_nobodys);
            match (of_cookie, place(&self.seen, customer)) {
                (Some(older), Some(known)) if older < known => {
                    self.seen.remove(known);
                    self.seen.insert(older, (customer, Person::Cookie(cookie)));
                }
                (Some(older), None) => self.seen.insert(older, (customer, Person::Cookie(cookie))),
                (None, None) => self.seen.push((customer, customer)),
                _ => {}
            }
        }
        if place(&self.seen, Person::Cookie(cookie)).is_none() {
            self.seen.push((Person::Cookie(cookie), Person::Cookie(cookie)));
        }
    }

    fn held_out(&self, person: Person) -> bool {
        let assigned = self.seen.iter().find(|&&(known, _)| known == person);
        let draw = match assigned.map_or(person, |&(_, by)| by) {
            Person::Cookie(cookie) => self.luck.of_cookie(CookieId::new(cookie)),
            Person::Customer(customer) => self.luck.of_customer(CustomerId::new(customer)),
        };
        draw < self.spec.holdout.fraction()
    }

    /// Whoever logged in on a cookie last is held to be behind it.
    pub fn person(&self, cookie: u32, customer: Option<u32>) -> Person {
        let owner = customer.or_else(|| self.owners.get(&cookie).copied());
        owner.map_or(Person::Cookie(cookie), Person::Customer)
    }

    /// A visitor shows both: what was counted for the cookie alone is hers.
    pub fn link(&mut self, cookie: u32, customer: Option<u32>) {
        let Some(customer) = customer else { return };
        if self.owners.insert(cookie, customer) != Some(customer) {
            let of_cookie = self.entries.iter_mut().filter(|entry| entry.person == Person::Cookie(cookie));
            of_cookie.for_each(|entry| entry.person = Person::Customer(customer));
        }
    }

    fn kind(&self, treatment: TreatmentId) -> TreatmentKind {
        self.shop.treatment(treatment).kind
    }

    /// The last moment at which an offer that is seen at `at` can be redeemed; within its visit it holds a day at most.
    pub fn until(&self, treatment: TreatmentId, at: Time, by_message: bool) -> Time {
        let valid_ms = self.shop.treatment(treatment).valid_for_ms;
        let at_least = if by_message || valid_ms == 0 { DAY_MS } else { 0 };
        at + valid_ms.max(at_least)
    }

    /// Books what was shown or sent.
    pub fn enter(
        &mut self,
        person: Person,
        session: Option<SessionNumber>,
        at: Time,
        from: From,
        treatment: Option<TreatmentId>,
    ) {
        let by_message = matches!(from, From::Campaign(_));
        let until = treatment.map_or(at, |id| self.until(id, at, by_message));
        self.entries.push(Entry {
            person,
            at,
            from,
            session,
            bound: !by_message && treatment.is_some_and(|id| self.shop.treatment(id).valid_for_ms == 0),
            treatment,
            own: false,
            until,
            seen: true,
            closed: false,
            withdrawn: false,
            spent: Money::ZERO,
        });
    }

    /// Books what this policy decided and nobody has seen yet.
    pub fn decide(&mut self, ask: &Ask, customer: Option<u32>, treatment: TreatmentId) {
        let person = self.person(cookie_of(ask), customer);
        self.enter(person, ask.visitor.session, ask.at, From::Decision(ask.number), Some(treatment));
        let entry = self.entries.last_mut().expect("it was just entered");
        (entry.own, entry.seen, entry.until) = (true, false, entry.until + ON_ITS_WAY_MS);
    }

    /// What an order of `units` of a product gives away with an offer.
    pub fn reward(&self, treatment: TreatmentId, product: usize, units: i64) -> Money {
        let goods = self.shop.products[product].list_price * units;
        let off = self.off(treatment, goods);
        let waived = self.kind(treatment) == TreatmentKind::FreeShipping;
        let fee =
            if goods - off >= self.shop.free_shipping_from { Money::ZERO } else { self.shop.shipping_fee };
        off + if waived { fee } else { Money::ZERO }
    }

    fn off(&self, treatment: TreatmentId, goods: Money) -> Money {
        let off = match self.kind(treatment) {
            TreatmentKind::Percent(depth) => Money(goods.0 * i64::from(depth.millionths()) / 1_000_000),
            TreatmentKind::Fixed(amount) => amount.min(goods),
            _ => Money::ZERO,
        };
        self.shop.treatment(treatment).largest_reward.map_or(off, |largest| off.min(largest))
    }

    /// Whether every order of a product that could use the offer keeps the floor.
    pub fn in_scope(&self, treatment: TreatmentId, product: usize) -> bool {
        let (shop, item) = (&self.shop, self.shop.products[product]);
        for units in 1.. {
            let goods = item.list_price * units;
            let net = goods - self.off(treatment, goods);
            let free = net >= shop.free_shipping_from;
            let charged = !free && self.kind(treatment) != TreatmentKind::FreeShipping;
            let paid = net + if charged { shop.shipping_fee } else { Money::ZERO };
            let fee = Money(paid.0 * i64::from(shop.payment_fee_ppm) / 1_000_000);
            let left = paid - item.unit_cost * units - shop.shipping_cost - fee;
            if left < self.spec.guardrails.margin_floor.of(net) {
                return false;
            }
            if free {
                break;
            }
        }
        true
    }

    /// What is set aside for an offer: its reward on the largest order for which it holds.
    pub fn largest_reward(&self, treatment: TreatmentId) -> Money {
        let in_scope = (0..self.shop.products.len()).filter(|&product| self.in_scope(treatment, product));
        let goods = in_scope.map(|product| self.shop.products[product].list_price * UNITS).max();
        let off = self.off(treatment, goods.unwrap_or(Money::ZERO));
        let waived = self.kind(treatment) == TreatmentKind::FreeShipping;
        off + if waived { self.shop.shipping_fee } else { Money::ZERO }
    }

    fn is_offer(&self, entry: &Entry) -> bool {
        entry.treatment.is_some_and(|id| self.kind(id).is_offer())
    }

    /// Reserved and spent of the budget of the horizon, for offers that this policy issued in it.
    pub fn money(&self) -> Books {
        let (mut reserved, mut spent) = (Money::ZERO, Money::ZERO);
        let mine = self.entries.iter().filter(|entry| entry.own && self.is_offer(entry) && !entry.withdrawn);
        for entry in mine {
            spent += entry.spent;
            if !entry.closed && entry.until >= self.newest {
                reserved += self.largest_reward(entry.treatment.expect("offers have a treatment"));
            }
        }
        let budget = self.spec.guardrails.budget;
        let typical = self.shop.products.iter().map(|p| p.list_price).sum::<Money>().0
            / self.shop.products.len() as i64;
        Books { spent, reserved, budget: budget.map(|b| b.for_world(self.shop.shoppers, Money(typical))) }
    }

    fn too_many(&self, person: Person, now: Time, caps: &[Cap], counts: impl Fn(&Entry) -> bool) -> bool {
        caps.iter().any(|cap| {
            let from = now + -i64::from(cap.days) * DAY_MS;
            let of_hers = self.entries.iter().filter(|e| e.person == person && !e.withdrawn && e.at > from);
            of_hers.filter(|entry| counts(entry)).count() >= cap.count as usize
        })
    }

    /// The guardrail that forbids `treatment` at a question, if any.
    pub fn refusal(&self, treatment: TreatmentId, ask: &Ask, customer: Option<u32>) -> Option<Reason> {
        let person = self.person(cookie_of(ask), customer);
        let (rules, offer) = (&self.spec.guardrails, self.kind(treatment).is_offer());
        if self.held_out(person) {
            return Some(Reason::Holdout);
        }
        if offer && !self.holds_somewhere(treatment, ask) {
            return Some(Reason::MarginFloor);
        }
        let session = ask.visitor.session;
        let open = |e: &Entry| {
            let ended = self.others_ended && !e.own;
            let usable = !e.closed && !e.withdrawn && !ended && e.until >= ask.at;
            e.person == person && self.is_offer(e) && usable && (!e.bound || e.session == session)
        };
        let stacks = self.sale(ask.at.day()).is_some() || self.entries.iter().any(open);
        if offer && !rules.stacking && stacks {
            return Some(Reason::Stacking);
        }
        let lately = |e: &&Entry| e.at + DAY_MS > ask.at;
        let here = |e: &&Entry| e.session == session && !e.withdrawn && e.person == person && lately(e);
        if self.entries.iter().filter(here).count() >= rules.changes_per_session as usize {
            return Some(Reason::SessionCap);
        }
        let again = self.entries.iter().filter(here).any(|entry| entry.treatment == Some(treatment));
        let capped = self.too_many(person, ask.at, &rules.treatment_caps, |e| e.treatment.is_some())
            || (offer && self.too_many(person, ask.at, &rules.offer_caps, |e| self.is_offer(e)));
        if again || capped {
            return Some(Reason::FrequencyCap);
        }
        let short = |left| self.largest_reward(treatment) > left;
        (offer && self.money().left().is_some_and(short)).then_some(Reason::Budget)
    }

    fn holds_somewhere(&self, treatment: TreatmentId, ask: &Ask) -> bool {
        match ask.product {
            Some(product) => self.in_scope(treatment, product.index()),
            None => (0..self.shop.products.len()).any(|product| self.in_scope(treatment, product)),
        }
    }

    /// The sale that this policy posts on a day.
    pub fn sale(&self, day: Day) -> Option<TreatmentId> {
        let SaleCalendar { treatment, weekdays, every_weeks, .. } = self.spec.sale.as_ref()?;
        let weekday = self.shop.calendar.weekday(day);
        ((day.0 / 7).is_multiple_of(*every_weeks) && weekdays.contains(&weekday)).then_some(*treatment)
    }

    /// Who is told of the sale of `day`, and at what time.
    pub fn announcement(&self, day: Day) -> Vec<(u32, Time)> {
        let announced = self.sale(day).is_some() && self.spec.sale.as_ref().is_some_and(|sale| sale.announce);
        let at = day.start() + 7 * 3_600_000;
        let cap: Vec<Cap> = self.spec.guardrails.message_cap.into_iter().collect();
        let message = |e: &Entry| matches!(e.from, From::Campaign(_));
        let free = |customer: &u32| !self.too_many(Person::Customer(*customer), at, &cap, message);
        let mut told: Vec<u32> = self.subscribers.iter().copied().filter(free).collect();
        told.sort_unstable();
        told.into_iter().filter(|_| announced).map(|customer| (customer, at)).collect()
    }
}
