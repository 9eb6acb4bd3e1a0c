//! Stage 9, ledger: what was promised, what is reserved for it, and what became of it.
//!
//! # Promises
//! - Before an offer is shown the largest reward it can cost is reserved; it is given back when the offer is redeemed,
//!   expires or never reached the shopper. So spent + reserved never exceeds the budget, whatever shoppers do.
//! - An offer counts as issued when the shopper really saw it, and its validity runs from then.
//!   issued = redeemed + expired + open, always.
//! - An offer that holds when a visit begins holds until that visit ends: the shopper may order a little after its end.
//! - An entry is redeemed at most once; nothing is spent twice.
//! - Offers of the history (pilot, incumbent) are known, so that nothing is stacked on them, but cost no budget.
//!
//! A reservation ends a while after its offer, because the news of an order may be late; how late news are is measured from
//! the events themselves ([`Ledger::set_grace`]). Should an order in time be heard of later still, it is booked all the same.
//!
//! The largest reward of a percentage is taken on the dearest product times the most units ever seen in a cart
//! (see [`crate::Engine`]); an order beyond that is booked in full when it comes.

use counterfoil_core::Digest;
use counterfoil_core::money::Money;
use counterfoil_core::time::{DAY_MS, HOUR_MS, Time};
use counterfoil_core::treatment::TreatmentId;

/// How long after its end an offer's reservation is kept at least, milliseconds.
pub const SHORTEST_GRACE_MS: i64 = HOUR_MS;
/// And at most.
pub const LONGEST_GRACE_MS: i64 = 7 * DAY_MS;

/// By how much an offer may be seen after it was decided, if nothing tells the moment, milliseconds (assumption).
pub const ON_ITS_WAY_MS: i64 = 60_000;

/// A session whose end was never heard of is over after this long, milliseconds (assumption).
const SESSION_AT_MOST_MS: i64 = 12 * HOUR_MS;

/// What became of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Decided, not yet seen.
    Reserved,
    /// Seen, can be redeemed.
    Open,
    /// Used.
    Redeemed,
    /// Seen, not used in time.
    Expired,
    /// Never seen.
    Released,
}

/// One offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which treatment.
    pub treatment: TreatmentId,
    /// Number of the decision that made it.
    pub decision: u32,
    /// Session in which it was made.
    pub session: u32,
    /// Until when it can be redeemed; [`None`]: in that session only.
    pub until: Option<Time>,
    /// When it was made.
    pub at: Time,
    /// The largest reward it can cost; zero for offers of the history.
    pub reserved: Money,
    /// Whether it costs this policy's budget.
    pub own: bool,
    /// What became of it.
    pub state: State,
}

/// Counts and sums of a ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Seen by shoppers.
    pub issued: u64,
    /// Used.
    pub redeemed: u64,
    /// Seen and not used in time.
    pub expired: u64,
    /// Seen and still usable.
    pub open: u64,
    /// Decided and never seen.
    pub released: u64,
    /// Rewards paid on own offers.
    pub spent: Money,
    /// Reserved for own offers that may still be redeemed.
    pub reserved: Money,
}

/// All offers of one arm of one world.
#[derive(Clone, Debug)]
pub struct Ledger {
    entries: Vec<Entry>,
    live: Vec<u32>,
    budget: Option<Money>,
    totals: Totals,
    grace_ms: i64,
    /// No live entry ends (with grace) before this moment.
    next_due: Time,
}

impl Ledger {
    /// An empty ledger.
    #[must_use]
    pub fn new(budget: Option<Money>) -> Self {
        Self {
            entries: Vec::new(),
            live: Vec::new(),
            budget,
            totals: Totals::default(),
            grace_ms: SHORTEST_GRACE_MS,
            next_due: Time(i64::MIN),
        }
    }
    /// News are known to be late by `lateness_ms`: reservations are kept that much longer, at most [`LONGEST_GRACE_MS`].
    pub fn set_grace(&mut self, lateness_ms: i64) {
        self.grace_ms = (SHORTEST_GRACE_MS + lateness_ms).clamp(SHORTEST_GRACE_MS, LONGEST_GRACE_MS);
    }
    /// Counts and sums.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.totals
    }
    /// All entries, by number.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
    /// What the budget still allows to be reserved; `None`: no limit.
    #[must_use]
    pub fn left(&self) -> Option<Money> {
        self.budget.map(|budget| budget - self.totals.spent - self.totals.reserved)
    }
    /// Whether `reward` can be reserved.
    #[must_use]
    pub fn affords(&self, reward: Money) -> bool {
        self.left().is_none_or(|left| reward <= left)
    }
    /// Whether an entry can still be redeemed in `session`, which began at `began`.
    #[must_use]
    pub fn outstanding(&self, entry: u32, session: u32, began: Time) -> bool {
        let entry = &self.entries[entry as usize];
        let in_time = entry.until.map_or(entry.session == session, |until| began <= until);
        in_time && matches!(entry.state, State::Reserved | State::Open)
    }

    /// Whether an entry is reserved or open.
    #[must_use]
    pub fn is_live(&self, entry: u32) -> bool {
        matches!(self.entries[entry as usize].state, State::Reserved | State::Open)
    }

    /// Enters an offer that was decided: reserved until it is seen. The caller has asked [`Self::affords`].
    pub fn reserve(&mut self, entry: Entry) -> u32 {
        debug_assert!(!entry.own || self.affords(entry.reserved), "a reservation beyond the budget");
        if entry.own {
            self.totals.reserved += entry.reserved;
        }
        self.entries.push(Entry { state: State::Reserved, ..entry });
        let number = (self.entries.len() - 1) as u32;
        self.live.push(number);
        self.next_due = self.next_due.min(self.due(number));
        number
    }
    /// It was seen; if it holds beyond the session, it does so until `until`.
    pub fn confirm(&mut self, entry: u32, until: Option<Time>) {
        let found = &mut self.entries[entry as usize];
        if found.state == State::Reserved {
            found.state = State::Open;
            found.until = until;
            self.totals.issued += 1;
            self.totals.open += 1;
            self.next_due = self.next_due.min(self.due(entry));
        }
    }
    /// It never reached the shopper.
    pub fn release(&mut self, entry: u32) {
        if self.entries[entry as usize].state == State::Reserved {
            self.close(entry, State::Released);
            self.totals.released += 1;
        }
    }
    /// How well an order at `at` in `session` fits an entry: lower is better, [`None`] if it cannot have used it.
    ///
    /// An entry in time is better than one that ended while the visit went on, an open one better than one that was closed
    /// before the news came.
    #[must_use]
    pub fn fit(&self, entry: u32, session: u32, at: Time) -> Option<u8> {
        let found = &self.entries[entry as usize];
        let (possible, in_time) = match found.until {
            None => (found.session == session, true),
            Some(until) => (at <= until + SESSION_AT_MOST_MS, at <= until),
        };
        let closed = !self.is_live(entry);
        (possible && found.state != State::Redeemed).then_some(2 * u8::from(!in_time) + u8::from(closed))
    }
    /// It was used for `reward`; `false` if it had been used before. The caller has asked [`Self::fit`].
    pub fn redeem(&mut self, entry: u32, reward: Money) -> bool {
        let own = self.entries[entry as usize].own;
        match self.entries[entry as usize].state {
            State::Redeemed => return false,
            State::Reserved => self.totals.issued += 1,
            State::Open => self.totals.open -= 1,
            State::Expired => self.totals.expired -= 1,
            State::Released => {
                self.totals.released -= 1;
                self.totals.issued += 1;
            }
        }
        self.close(entry, State::Redeemed);
        self.totals.redeemed += 1;
        if own {
            self.totals.spent += reward;
        }
        true
    }
    /// The session ended: what could be redeemed in it only, no longer can.
    pub fn end_session(&mut self, entry: u32, session: u32) {
        let found = self.entries[entry as usize];
        if found.until.is_none() && found.session == session {
            self.expire(entry);
        }
    }
    /// Offers that ended long enough before `now` expire and give their reservation back.
    pub fn settle(&mut self, now: Time) {
        if now < self.next_due {
            return;
        }
        let mut live = std::mem::take(&mut self.live);
        let mut next = Time(i64::MAX);
        live.retain(|&number| {
            let due = self.due(number);
            if due <= now {
                self.expire(number);
            } else if self.is_live(number) {
                next = next.min(due);
                return true;
            }
            false
        });
        self.live = live;
        self.next_due = next;
    }

    /// When an entry's reservation ends.
    fn due(&self, entry: u32) -> Time {
        let found = &self.entries[entry as usize];
        found.until.unwrap_or(found.at + SESSION_AT_MOST_MS) + self.grace_ms
    }

    fn expire(&mut self, entry: u32) {
        match self.entries[entry as usize].state {
            State::Reserved => self.release(entry),
            State::Open => {
                self.close(entry, State::Expired);
                self.totals.open -= 1;
                self.totals.expired += 1;
            }
            State::Redeemed | State::Expired | State::Released => {}
        }
    }

    fn close(&mut self, entry: u32, state: State) {
        let entry = &mut self.entries[entry as usize];
        let held = matches!(entry.state, State::Reserved | State::Open);
        entry.state = state;
        if entry.own && held {
            self.totals.reserved -= entry.reserved;
        }
    }

    /// Folds totals and every entry into `digest`.
    pub fn fold_into(&self, digest: &mut Digest) {
        let totals = &self.totals;
        for count in [totals.issued, totals.redeemed, totals.expired, totals.open, totals.released] {
            digest.fold(count);
        }
        digest.fold_signed(totals.spent.0);
        digest.fold_signed(totals.reserved.0);
        for entry in &self.entries {
            digest.fold(
                u64::from(entry.decision) << 16 | u64::from(entry.treatment.0) << 8 | entry.state as u64,
            );
            digest.fold_signed(entry.at.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(number: u32, reserved: i64, lasting: bool) -> Entry {
        let at = Time(i64::from(number) * 1_000);
        Entry {
            treatment: TreatmentId(0),
            decision: number,
            session: number,
            until: lasting.then_some(at + 3 * DAY_MS),
            at,
            reserved: Money(reserved),
            own: true,
            state: State::Reserved,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// The ledger conserves: issued = redeemed + expired + open, and the budget holds after every step.
        #[test]
        fn it_conserves_and_keeps_the_budget(steps in prop::collection::vec((0_u8..6, 0_u32..30, 1_i64..900), 1..200)) {
            let budget = Money(2_000);
            let mut ledger = Ledger::new(Some(budget));
            let mut paid = 0;
            for (kind, which, amount) in steps {
                let known = ledger.entries().len() as u32;
                let target = if known == 0 { 0 } else { which % known };
                match kind {
                    0 | 1 if ledger.affords(Money(amount)) => {
                        ledger.reserve(entry(known, amount, kind == 0));
                    }
                    2 if known > 0 => {
                        let until = ledger.entries()[target as usize].until;
                        ledger.confirm(target, until);
                    }
                    3 if known > 0 => {
                        let reward = Money(amount.min(ledger.entries()[target as usize].reserved.0));
                        let live = matches!(ledger.entries()[target as usize].state, State::Reserved | State::Open);
                        if live && ledger.redeem(target, reward) {
                            paid += reward.0;
                        }
                    }
                    4 if known > 0 => ledger.end_session(target, target),
                    5 => ledger.settle(Time(i64::from(which) * DAY_MS)),
                    _ => {}
                }
                let totals = ledger.totals();
                prop_assert_eq!(totals.issued, totals.redeemed + totals.expired + totals.open);
                prop_assert_eq!(totals.spent, Money(paid));
                prop_assert!(totals.spent + totals.reserved <= budget);
                let open = ledger.entries().iter().filter(|entry| entry.state == State::Open).count() as u64;
                prop_assert_eq!(totals.open, open);
            }
        }
    }

    #[test]
    fn nothing_is_spent_twice() {
        let mut ledger = Ledger::new(Some(Money(1_000)));
        let offer = ledger.reserve(entry(0, 400, true));
        ledger.confirm(offer, Some(Time(3 * DAY_MS)));
        assert!(ledger.redeem(offer, Money(300)));
        assert!(!ledger.redeem(offer, Money(300)));
        assert_eq!(ledger.totals().spent, Money(300));
        assert_eq!(ledger.left(), Some(Money(700)));
    }

    #[test]
    fn an_order_in_time_is_booked_however_late_the_news() {
        let mut ledger = Ledger::new(Some(Money(1_000)));
        let offer = ledger.reserve(entry(0, 400, true));
        ledger.confirm(offer, Some(Time(3 * DAY_MS)));
        ledger.settle(Time(3 * DAY_MS + SHORTEST_GRACE_MS - 1));
        assert_eq!(ledger.totals().open, 1, "news may still come");
        ledger.settle(Time(3 * DAY_MS + SHORTEST_GRACE_MS));
        assert_eq!((ledger.totals().expired, ledger.left()), (1, Some(Money(1_000))));
        assert_eq!(ledger.fit(offer, 0, Time(4 * DAY_MS)), None, "that order came too late");
        assert_eq!(ledger.fit(offer, 0, Time(3 * DAY_MS + 1)), Some(3), "her visit may have begun in time");
        assert_eq!(ledger.fit(offer, 0, Time(2 * DAY_MS)), Some(1));
        assert!(ledger.redeem(offer, Money(300)));
        let totals = ledger.totals();
        assert_eq!((totals.redeemed, totals.expired, totals.spent), (1, 0, Money(300)));
        assert_eq!(ledger.left(), Some(Money(700)));
    }

    #[test]
    fn validity_runs_from_the_moment_it_was_seen() {
        let mut ledger = Ledger::new(Some(Money(1_000)));
        let offer = ledger.reserve(entry(0, 400, true));
        let end = Time(3 * DAY_MS + 15_000);
        ledger.confirm(offer, Some(end));
        assert!(ledger.outstanding(offer, 9, end) && !ledger.outstanding(offer, 9, end + 1));
        assert_eq!((ledger.fit(offer, 9, end), ledger.fit(offer, 9, end + 1)), (Some(0), Some(2)));
        ledger.settle(end + (SHORTEST_GRACE_MS - 1));
        assert_eq!(ledger.totals().open, 1);
        ledger.settle(end + SHORTEST_GRACE_MS);
        assert_eq!((ledger.totals().expired, ledger.left()), (1, Some(Money(1_000))));
    }
}
