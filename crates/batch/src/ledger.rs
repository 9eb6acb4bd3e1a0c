//! The books of personal offers: issue, reserve, redeem, lapse, withdraw, and a budget that is never exceeded by a cent.
//!
//! # Promises
//! - `spent + reserved` never passes the budget through an issue that the policy asked for ([`Ledger::affords`] first).
//! - A reservation is freed exactly once: by the order that redeems the offer, by its end, or because it never arrived.
//! - The budget is that of the horizon: rewards of orders before it are not counted, but offers issued before and still
//!   open when it begins are, because they may yet be redeemed.
//!
//! # How an offer ends
//! At its expiry plus [`GRACE_MS`]; an offer bound to a session when that session ends, at the latest after a day.

use crate::identity::Party;
use crate::issues::{Issue, Issues, Origin, State, Terms};
use counterfoil_core::time::{DAY_MS, HOUR_MS};
use counterfoil_core::treatment::TREATMENTS_MAX;
use counterfoil_core::{Digest, Money, Time, TreatmentId};
use std::collections::VecDeque;

/// For how long after its expiry an offer stays reserved, because the order may be told late (assumption).
pub(crate) const GRACE_MS: i64 = HOUR_MS;

/// The books of one arm of one world.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    issues: Issues,
    budget: Option<Money>,
    books_open: Time,
    longest_life_ms: i64,
    spent: Money,
    reserved: Money,
    /// Open offers by treatment and way (page or message) in order of issue: validity is fixed for each, so the oldest
    /// ends first.
    queues: Vec<VecDeque<u32>>,
    /// (Decision, its issue) of this policy, in the running count of decisions; sorted, because they are numbered upwards.
    decided: Vec<(u32, u32)>,
}

impl Ledger {
    /// Empty books; the budget holds from `books_open` on; no offer is redeemable for longer than `longest_life_ms`.
    pub(crate) fn new(budget: Option<Money>, books_open: Time, longest_life_ms: i64) -> Self {
        Self {
            issues: Issues::default(),
            budget,
            books_open,
            longest_life_ms: longest_life_ms.max(DAY_MS),
            spent: Money::ZERO,
            reserved: Money::ZERO,
            queues: vec![VecDeque::new(); 2 * TREATMENTS_MAX],
            decided: Vec::new(),
        }
    }

    /// Whether `reward` can be set aside now without ever passing the budget.
    pub(crate) fn affords(&self, reward: Money, at: Time) -> bool {
        match self.budget {
            Some(budget) if at >= self.books_open && reward > Money::ZERO => {
                self.spent + self.reserved + reward <= budget
            }
            _ => true,
        }
    }

    /// Books an issue of this policy, which can be withdrawn while it is on its way.
    pub(crate) fn issue(&mut self, party: Party, issue: Issue) {
        let number = self.book(party, issue);
        if let Origin::Decision(decision) = issue.origin {
            // An arm that continues the history may count anew; nothing of the old count is on its way by then.
            if self.decided.last().is_some_and(|last| last.0 >= decision) {
                self.decided.clear();
            }
            self.decided.push((decision, number));
        }
    }

    /// Books an issue, of this policy or of another, and sets its reward aside. Gives its number.
    pub(crate) fn book(&mut self, party: Party, issue: Issue) -> u32 {
        let number = self.issues.record(party, issue);
        if let (Some(terms), Some(treatment)) = (issue.terms, issue.treatment) {
            self.reserved += terms.reserved;
            self.queues[2 * treatment.index() + usize::from(issue.is_message())].push_back(number);
        }
        number
    }

    /// What `origin` issued reached the shopper at `at`: windows and offers run from then, not from the question.
    /// `false` if it is not in these books.
    pub(crate) fn confirm(&mut self, party: Party, origin: Origin, at: Time, valid_for_ms: i64) -> bool {
        let Some(number) = self
            .issues
            .of(party)
            .take_while(|(_, issue)| issue.at + 2 * DAY_MS > at)
            .find(|(_, issue)| issue.origin == origin && issue.at + -DAY_MS <= at)
            .map(|(number, _)| number)
        else {
            return false;
        };
        let issue = self.issues.get_mut(number);
        issue.at = at;
        issue.arrived = true;
        if let Some(terms) = &mut issue.terms {
            terms.expires = at + valid_for_ms;
        }
        true
    }

    /// The answer to decision `number` came too late, or was replaced or left behind before it was on the screen: nothing
    /// was shown. What is known to have arrived stays.
    pub(crate) fn withdraw(&mut self, number: u32) {
        let Ok(place) = self.decided.binary_search_by_key(&number, |&(decision, _)| decision) else { return };
        let issue = self.decided[place].1;
        if !self.issues.get(issue).arrived {
            self.close(issue, State::Withdrawn);
        }
    }

    /// An order of `party` used an offer of `treatment`. Of several that one counts as used which ends next, so that what
    /// stays set aside stays so for as long as any of them could be redeemed.
    pub(crate) fn redeem(&mut self, party: Party, treatment: TreatmentId, reward: Money, at: Time) {
        let reach = self.longest_life_ms + GRACE_MS + DAY_MS;
        let used = self
            .issues
            .of(party)
            .take_while(|(_, issue)| issue.at + reach > at)
            .filter(|(_, issue)| issue.treatment == Some(treatment) && issue.state == State::Open)
            .min_by_key(|&(number, issue)| {
                let expires = issue.terms.map(|terms| terms.expires);
                (expires.is_some_and(|end| end < at), expires, number)
            })
            .map(|(number, _)| number);
        if let Some(number) = used {
            self.close(number, State::Redeemed);
        }
        if at >= self.books_open {
            self.spent += reward;
        }
    }

    /// A session ended: offers that held only in it are over.
    pub(crate) fn end_session(&mut self, party: Party, session: u32, at: Time) {
        let over: Vec<u32> = self
            .issues
            .of(party)
            .take_while(|(_, issue)| issue.at + 2 * DAY_MS > at)
            .filter(|(_, issue)| issue.terms.is_some_and(|terms| terms.session == Some(session)))
            .map(|(number, _)| number)
            .collect();
        for number in over {
            self.close(number, State::Lapsed);
        }
    }

    /// Frees what can no longer be redeemed at `now`.
    pub(crate) fn lapse(&mut self, now: Time) {
        for place in 0..self.queues.len() {
            while let Some(&number) = self.queues[place].front() {
                let issue = self.issues.get(number);
                let over = issue.terms.is_none_or(|terms| terms.expires + GRACE_MS <= now);
                if issue.state == State::Open && !over {
                    break;
                }
                self.close(number, State::Lapsed);
                self.queues[place].pop_front();
            }
        }
    }

    /// Whether `party` holds an offer that could be redeemed in `session` at `now`.
    pub(crate) fn holds_offer(&self, party: Party, session: u32, now: Time) -> bool {
        let reach = self.longest_life_ms + DAY_MS;
        self.issues.of(party).take_while(|(_, issue)| issue.at + reach > now).any(|(_, issue)| {
            issue.state == State::Open
                && issue.terms.is_some_and(|terms| {
                    terms.expires >= now && terms.session.is_none_or(|bound| bound == session)
                })
        })
    }

    /// Times of everything shown or sent to `party` that was not withdrawn, newest first.
    pub(crate) fn contacts(&self, party: Party) -> impl Iterator<Item = &Issue> {
        self.issues.of(party).map(|(_, issue)| issue).filter(|issue| issue.state != State::Withdrawn)
    }

    /// A cookie turned out to be a customer: her books are one from now on.
    pub(crate) fn merge(&mut self, from: Party, to: Party) {
        self.issues.merge(from, to);
    }

    /// Folds balances and the length of the books.
    pub(crate) fn fold_into(&self, digest: &mut Digest) {
        digest.fold_signed(self.spent.0);
        digest.fold_signed(self.reserved.0);
        digest.fold(self.issues.count() as u64);
    }

    /// What is left for new offers, if there is a limit.
    pub(crate) fn left(&self) -> Option<Money> {
        self.budget.map(|budget| budget - self.spent - self.reserved)
    }

    fn close(&mut self, number: u32, state: State) {
        let issue = self.issues.get_mut(number);
        if issue.state != State::Open {
            return;
        }
        issue.state = state;
        if let Some(Terms { reserved, .. }) = issue.terms {
            self.reserved -= reserved;
            debug_assert!(self.reserved >= Money::ZERO, "a reservation was freed twice");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: TreatmentId = TreatmentId(0);

    fn she() -> Party {
        Party::customer(1)
    }
    fn ledger(budget: i64) -> Ledger {
        Ledger::new(Some(Money(budget)), Time(10 * DAY_MS), 5 * DAY_MS)
    }
    fn offer(at: Time, decision: u32, reserved: i64, session: Option<u32>) -> Issue {
        let terms = Terms { expires: at + 5 * DAY_MS, session, reserved: Money(reserved) };
        Issue::new(at, Origin::Decision(decision), Some(OFFER), Some(terms))
    }

    #[test]
    fn a_reservation_is_freed_once_by_order_lapse_or_withdrawal() {
        let start = Time(20 * DAY_MS);
        let mut books = ledger(1_000);
        (1..=3).for_each(|d| books.issue(she(), offer(start + i64::from(d), d, 300, None)));
        assert_eq!(books.left(), Some(Money(100)));
        assert!(books.affords(Money(100), start) && !books.affords(Money(101), start));
        books.withdraw(3);
        books.withdraw(3);
        assert_eq!(books.left(), Some(Money(400)), "withdrawn once");
        books.redeem(she(), OFFER, Money(120), start + 9);
        assert_eq!(books.left(), Some(Money(580)), "300 set aside became 120 spent");
        books.lapse(start + 6 * DAY_MS);
        books.lapse(start + 7 * DAY_MS);
        assert_eq!(books.left(), Some(Money(880)));
    }

    /// An order may use either of two equal offers: what is still set aside must last as long as the later one.
    #[test]
    fn of_two_open_offers_the_one_that_ends_next_counts_as_used() {
        let start = Time(20 * DAY_MS);
        let mut books = ledger(1_000);
        books.issue(she(), offer(start, 1, 300, None));
        books.issue(she(), offer(start + 2 * DAY_MS, 2, 300, None));
        books.redeem(she(), OFFER, Money(0), start + 3 * DAY_MS);
        books.lapse(start + 6 * DAY_MS);
        assert_eq!(books.left(), Some(Money(700)), "the later one is still open");
    }

    #[test]
    fn an_offer_of_a_session_ends_with_it_and_binds_no_other() {
        let start = Time(20 * DAY_MS);
        let mut books = ledger(1_000);
        books.issue(she(), offer(start, 1, 300, Some(7)));
        assert!(books.holds_offer(she(), 7, start + 1));
        assert!(!books.holds_offer(she(), 8, start + 1));
        books.end_session(she(), 8, start + 2);
        assert_eq!(books.left(), Some(Money(700)));
        books.end_session(she(), 7, start + 2);
        assert_eq!(books.left(), Some(Money(1_000)));
    }

    #[test]
    fn what_was_issued_before_the_horizon_is_set_aside_but_never_refused() {
        let before = Time(9 * DAY_MS);
        let mut books = ledger(1_000);
        assert!(books.affords(Money(5_000), before));
        books.book(she(), offer(before, 1, 900, None));
        books.redeem(Party::customer(2), OFFER, Money(800), before);
        assert!(!books.affords(Money(101), before + 2 * DAY_MS), "900 may yet be redeemed in the horizon");
        books.redeem(she(), OFFER, Money(400), before + 2 * DAY_MS);
        assert_eq!(books.left(), Some(Money(600)), "an order before the horizon is not in this budget");
    }

    #[test]
    fn decisions_that_count_anew_can_still_be_withdrawn() {
        let start = Time(20 * DAY_MS);
        let mut books = ledger(1_000);
        for (at, decision) in [(start, 8), (start + 1, 9), (start + 2, 3)] {
            books.issue(she(), offer(at, decision, 300, None));
        }
        books.withdraw(9);
        assert_eq!(books.left(), Some(Money(100)), "that one is of the old count");
        books.withdraw(3);
        assert_eq!(books.left(), Some(Money(400)));
    }

    /// The host takes a delivery back when a newer answer replaces it or the visit ends first, but never what she saw.
    #[test]
    fn what_arrived_is_not_withdrawn() {
        let start = Time(20 * DAY_MS);
        let mut books = ledger(1_000);
        (4..=5).for_each(|d| books.issue(she(), offer(start, d, 300, None)));
        assert!(books.confirm(she(), Origin::Decision(5), start + 90, 5 * DAY_MS));
        books.withdraw(5);
        assert_eq!((books.left(), books.contacts(she()).count()), (Some(Money(400)), 2));
        books.withdraw(4);
        assert_eq!((books.left(), books.contacts(she()).count()), (Some(Money(700)), 1));
    }

    #[test]
    fn a_message_that_holds_longer_keeps_no_offer_of_a_page_set_aside() {
        let start = Time(20 * DAY_MS);
        let mut books = ledger(1_000);
        let terms =
            |hours: i64| Terms { expires: start + hours * HOUR_MS, session: None, reserved: Money(300) };
        books.book(she(), Issue::new(start, Origin::Campaign(1), Some(OFFER), Some(terms(24))));
        books.book(she(), Issue::new(start + 1, Origin::Decision(1), Some(OFFER), Some(terms(2))));
        books.lapse(start + 3 * HOUR_MS);
        assert_eq!(books.left(), Some(Money(700)));
        books.lapse(start + 25 * HOUR_MS);
        assert_eq!(books.left(), Some(Money(1_000)));
    }

    #[test]
    fn a_confirmed_offer_runs_from_the_moment_it_was_seen() {
        let start = Time(20 * DAY_MS);
        let mut books = ledger(1_000);
        books.issue(she(), offer(start, 4, 300, None));
        assert!(books.confirm(she(), Origin::Decision(4), start + 90, 5 * DAY_MS));
        assert!(!books.confirm(she(), Origin::Decision(5), start + 90, 5 * DAY_MS), "not ours");
        assert!(books.holds_offer(she(), 1, start + 5 * DAY_MS + 90));
        assert!(!books.holds_offer(she(), 1, start + 5 * DAY_MS + 91));
    }
}
