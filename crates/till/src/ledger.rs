//! The books of personal offers: issue, reserve, redeem, lapse, withdraw, and a budget that is never exceeded by a cent.
//!
//! # Promises
//! - The budget is that of the horizon and of offers that this policy issued in it. What others issued, in the history or
//!   as a pilot, is known, so that nothing is stacked on it and it counts towards caps, but costs this budget nothing.
//! - `spent + reserved` never passes the budget: the largest reward is set aside before an offer is shown.
//! - A reservation is freed exactly once: by the order that redeems the offer, because it never arrived, or by its end.
//! - It ends when it can no longer be redeemed *and no news of it can come any more*: once something later than its last
//!   moment was observed. News may be as late as they like; they only have to come in order.
//!
//! # Where to start
//! [`Ledger::issue`], then [`Ledger::lapse`].

use crate::issues::{Issue, IssueNumber, Issues, State};
use crate::party::Party;
use counterfoil_core::time::DAY_MS;
use counterfoil_core::{Books, DecisionNumber, Digest, Money, SessionNumber, Time, TreatmentId, Voucher};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// The books of one arm of one world.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    issues: Issues,
    budget: Option<Money>,
    books_open: Time,
    longest_life_ms: i64,
    spent: Money,
    reserved: Money,
    /// Whether offers of others end when the books open.
    others_end: bool,
    /// Ends of own offers, soonest first; an offer whose end moved stands in it twice.
    ends: BinaryHeap<Reverse<(Time, IssueNumber)>>,
    /// Offers that end with a visit, by session; under `None` those whose session nobody named.
    visits: BTreeMap<Option<SessionNumber>, Vec<IssueNumber>>,
    /// (Decision, its issue) of this policy, in the running count of decisions; sorted, because they are numbered upwards.
    decided: Vec<(DecisionNumber, IssueNumber)>,
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
            others_end: false,
            ends: BinaryHeap::new(),
            visits: BTreeMap::new(),
            decided: Vec::new(),
        }
    }

    /// Whether the budget counts what is issued at `at`.
    pub(crate) fn counts(&self, at: Time) -> bool {
        at >= self.books_open
    }

    /// Whether `reward` can be set aside at `at` without ever passing the budget.
    pub(crate) fn affords(&self, reward: Money, at: Time) -> bool {
        let left = self.books().left().filter(|_| self.counts(at) && reward > Money::ZERO);
        left.is_none_or(|left| reward <= left)
    }

    /// Books an issue of this policy, which can be withdrawn while it is on its way.
    pub(crate) fn issue(&mut self, party: Party, issue: Issue) {
        let number = self.issues.record(party, issue);
        if let Voucher::Decision(decision) = issue.voucher {
            // A host may count anew; nothing of the old count is on its way by then.
            if self.decided.last().is_some_and(|last| last.0 >= decision) {
                self.decided.clear();
            }
            self.decided.push((decision, number));
        }
        let Some(terms) = issue.terms else { return };
        self.reserved += terms.reserved;
        let kept =
            terms.reserved == Money::ZERO || self.books().left().is_none_or(|left| left >= Money::ZERO);
        assert!(kept, "an offer was issued beyond the budget");
        self.ends.push(Reverse((terms.until, number)));
        if terms.ends_with_visit {
            self.visits.entry(issue.session).or_default().push(number);
        }
    }

    /// Books what somebody else showed or sent, once.
    pub(crate) fn note(&mut self, party: Party, issue: Issue) {
        if self.lately(party, issue.voucher, issue.at).is_some() {
            return;
        }
        let number = self.issues.record(party, issue);
        if issue.terms.is_some_and(|terms| terms.ends_with_visit) {
            self.visits.entry(issue.session).or_default().push(number);
        }
    }

    /// The personal offers of others end with the history.
    pub(crate) fn end_offers_of_others(&mut self) {
        self.others_end = true;
    }

    /// What this policy issued reached the shopper at `at`: windows and offers run from then, not from the question.
    /// `false` if it is not this policy's.
    pub(crate) fn confirm(&mut self, party: Party, voucher: Voucher, at: Time, until: Option<Time>) -> bool {
        let Some(number) = self.own(party, voucher, at) else { return false };
        let issue = self.issues.get_mut(number);
        if !issue.arrived {
            issue.arrived = true;
            issue.at = at;
            if let (Some(terms), Some(until)) = (&mut issue.terms, until) {
                terms.until = until;
                self.ends.push(Reverse((until, number)));
            }
        }
        true
    }

    /// The answer to a decision came too late, or was replaced or left behind before it was on the screen: nothing
    /// was shown. What is known to have arrived stays.
    pub(crate) fn withdraw(&mut self, decision: DecisionNumber) {
        let Some(issue) = self.decided(decision) else { return };
        if !self.issues.get(issue).arrived {
            self.close(issue, State::Withdrawn);
        }
    }

    /// An order redeemed an offer: the one on the voucher, or, where there is no number, the open offer of this treatment that
    /// ends next. Nothing is spent twice; what this policy did not issue costs it nothing.
    pub(crate) fn redeem(
        &mut self,
        party: Option<Party>,
        (voucher, treatment): (Option<Voucher>, TreatmentId),
        reward: Money,
        at: Time,
    ) {
        let found = match (voucher, party) {
            (Some(Voucher::Decision(decision)), _) if self.decided(decision).is_some() => {
                self.decided(decision)
            }
            (Some(voucher), Some(party)) => self.lately(party, voucher, at),
            (None, Some(party)) => self.likeliest(party, treatment, at),
            (_, None) => None,
        };
        let Some(number) = found else { return };
        let issue = *self.issues.get(number);
        if issue.state == State::Redeemed || issue.treatment != Some(treatment) {
            return;
        }
        self.close(number, State::Redeemed);
        self.issues.get_mut(number).state = State::Redeemed;
        if issue.own && self.counts(issue.at) {
            self.spent += reward;
        }
    }

    /// A session ended: offers that held only in it are over.
    pub(crate) fn end_session(&mut self, session: Option<SessionNumber>) {
        if self.visits.is_empty() {
            return;
        }
        for number in self.visits.remove(&session).unwrap_or_default() {
            self.close(number, State::Lapsed);
        }
    }

    /// Something that happened at `news` was observed: what could be redeemed until before that, and was not, has lapsed.
    #[inline]
    pub(crate) fn lapse(&mut self, news: Time) {
        while let Some(&Reverse((until, number))) = self.ends.peek() {
            if until >= news {
                return;
            }
            self.ends.pop();
            if self.issues.get(number).terms.is_some_and(|terms| terms.until == until) {
                self.close(number, State::Lapsed);
            }
        }
    }

    /// Whether `party` holds an offer that could be redeemed in `session` at `now`.
    pub(crate) fn holds_offer(&self, party: Party, session: Option<SessionNumber>, now: Time) -> bool {
        let reach = self.longest_life_ms + DAY_MS;
        self.issues
            .of(party)
            .map(|(_, issue)| issue)
            .take_while(|issue| issue.at + reach > now)
            .any(|issue| self.is_open(issue, session, now))
    }

    fn is_open(&self, issue: &Issue, session: Option<SessionNumber>, now: Time) -> bool {
        let over = self.others_end && !issue.own && issue.at < self.books_open;
        let holds = issue
            .terms
            .is_some_and(|terms| terms.until >= now && (!terms.ends_with_visit || issue.session == session));
        issue.state == State::Open && holds && !over
    }

    /// Everything shown or sent to `party` that was not withdrawn, newest first.
    pub(crate) fn contacts(&self, party: Party) -> impl Iterator<Item = &Issue> {
        self.issues.of(party).map(|(_, issue)| issue).filter(|issue| issue.state != State::Withdrawn)
    }

    /// A cookie turned out to be a customer's: what was booked for either is the customer's from now on.
    pub(crate) fn merge(&mut self, from: Party, to: Party) {
        self.issues.merge(from, to);
    }

    /// Folds balances and the length of the books.
    pub(crate) fn fold_into(&self, digest: &mut Digest) {
        digest.fold_signed(self.spent.0);
        digest.fold_signed(self.reserved.0);
        digest.fold(self.issues.count() as u64);
    }

    /// What was spent, what is set aside, and the budget.
    pub(crate) fn books(&self) -> Books {
        Books { spent: self.spent, reserved: self.reserved, budget: self.budget }
    }

    fn decided(&self, decision: DecisionNumber) -> Option<IssueNumber> {
        let place = self.decided.binary_search_by_key(&decision, |&(number, _)| number).ok()?;
        Some(self.decided[place].1)
    }

    /// An issue of this policy.
    fn own(&self, party: Party, voucher: Voucher, at: Time) -> Option<IssueNumber> {
        let found = match voucher {
            Voucher::Decision(decision) => self.decided(decision),
            Voucher::Campaign(_) => self.lately(party, voucher, at),
        };
        found.filter(|&number| self.issues.get(number).own)
    }

    /// What `party` got under this number within the reach of the books.
    fn lately(&self, party: Party, voucher: Voucher, at: Time) -> Option<IssueNumber> {
        let reach = self.longest_life_ms + 2 * DAY_MS;
        let recent = self.issues.of(party).take_while(|(_, issue)| issue.at + reach > at);
        recent.filter(|(_, issue)| issue.voucher == voucher).map(|(number, _)| number).next()
    }

    /// Of several offers that an order may have used: an own one before another's, of those the one that ends next, so that
    /// what stays set aside stays so for as long as any of them could be redeemed.
    fn likeliest(&self, party: Party, treatment: TreatmentId, at: Time) -> Option<IssueNumber> {
        let reach = self.longest_life_ms + 2 * DAY_MS;
        let recent = self.issues.of(party).take_while(|(_, issue)| issue.at + reach > at);
        recent
            .filter(|(_, issue)| issue.treatment == Some(treatment) && issue.state == State::Open)
            .min_by_key(|&(number, issue)| {
                let until = issue.terms.map(|terms| terms.until);
                (until.is_some_and(|end| end < at), !issue.own, until, number)
            })
            .map(|(number, _)| number)
    }

    fn close(&mut self, number: IssueNumber, state: State) {
        let issue = self.issues.get_mut(number);
        if issue.state != State::Open {
            return;
        }
        issue.state = state;
        if let Some(terms) = issue.terms {
            self.reserved -= terms.reserved;
            assert!(self.reserved >= Money::ZERO, "a reservation was freed twice");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issues::Terms;
    use counterfoil_core::{CookieId, CustomerId};

    const OFFER: TreatmentId = TreatmentId(0);
    const START: Time = Time(20 * DAY_MS);

    fn party() -> Party {
        Party::Customer(CustomerId::new(1))
    }
    fn by_decision(number: u32) -> Voucher {
        Voucher::Decision(DecisionNumber::new(number))
    }
    fn session(number: u32) -> Option<SessionNumber> {
        Some(SessionNumber::new(number))
    }
    fn withdraw(books: &mut Ledger, decision: u32) {
        books.withdraw(DecisionNumber::new(decision));
    }
    fn ledger(budget: i64) -> Ledger {
        Ledger::new(Some(Money(budget)), Time(10 * DAY_MS), 5 * DAY_MS)
    }
    /// An own offer of five days, decided in session 7.
    fn offer(at: Time, decision: u32, reserved: i64) -> Issue {
        let terms = Terms { until: at + 5 * DAY_MS, ends_with_visit: false, reserved: Money(reserved) };
        Issue::new(at, by_decision(decision), session(7), Some(OFFER)).with_terms(Some(terms)).by_us()
    }
    fn in_visit(issue: Issue) -> Issue {
        issue.with_terms(issue.terms.map(|terms| Terms { ends_with_visit: true, ..terms }))
    }
    fn redeem(books: &mut Ledger, decision: u32, reward: i64, at: Time) {
        books.redeem(Some(party()), (Some(by_decision(decision)), OFFER), Money(reward), at);
    }
    fn left(books: &Ledger) -> Option<i64> {
        books.books().left().map(|left| left.0)
    }

    #[test]
    fn a_reservation_is_freed_once_by_order_lapse_or_withdrawal() {
        let mut books = ledger(1_000);
        (1..=3).for_each(|d| books.issue(party(), offer(START + i64::from(d), d, 300)));
        assert_eq!(left(&books), Some(100));
        assert!(books.affords(Money(100), START) && !books.affords(Money(101), START));
        withdraw(&mut books, 3);
        withdraw(&mut books, 3);
        assert_eq!(left(&books), Some(400), "withdrawn once");
        redeem(&mut books, 1, 120, START + 9);
        redeem(&mut books, 1, 120, START + 9);
        assert_eq!(left(&books), Some(580), "300 set aside became 120 spent, once");
        books.lapse(START + 6 * DAY_MS);
        books.lapse(START + 7 * DAY_MS);
        assert_eq!(left(&books), Some(880));
    }

    /// Goal: nothing is freed while news of its use may still be on their way, however late they are.
    #[test]
    fn a_reservation_waits_for_news_later_than_its_end() {
        let mut books = ledger(1_000);
        books.issue(party(), offer(START, 1, 300));
        let end = START + 5 * DAY_MS;
        books.lapse(end);
        assert_eq!(left(&books), Some(700), "an order at its last moment may come next");
        books.lapse(end + 1);
        assert_eq!(left(&books), Some(1_000));
        redeem(&mut books, 1, 120, end);
        assert_eq!(left(&books), Some(880), "disordered news are booked all the same");
    }

    #[test]
    fn an_offer_of_a_visit_ends_with_it_and_binds_no_other() {
        let mut books = ledger(1_000);
        books.issue(party(), in_visit(offer(START, 1, 300)));
        assert!(books.holds_offer(party(), session(7), START + 1));
        assert!(!books.holds_offer(party(), session(8), START + 1));
        books.end_session(session(8));
        assert_eq!(left(&books), Some(700));
        books.end_session(session(7));
        assert_eq!(left(&books), Some(1_000));
    }

    #[test]
    fn offers_of_others_are_known_and_cost_nothing() {
        let before = Time(9 * DAY_MS);
        let mut books = ledger(1_000);
        let foreign = |number| {
            Issue::new(before, by_decision(number), session(7), Some(OFFER))
                .with_terms(offer(before, number, 0).terms)
        };
        books.note(party(), foreign(1));
        books.note(party(), foreign(1));
        assert_eq!(books.contacts(party()).count(), 1, "reported twice, noted once");
        assert!(books.holds_offer(party(), session(1), before + DAY_MS));
        redeem(&mut books, 1, 400, before + DAY_MS);
        assert_eq!(left(&books), Some(1_000));
        let at_start =
            Issue::new(START, by_decision(3), session(7), Some(OFFER)).with_terms(offer(START, 3, 0).terms);
        books.note(party(), at_start);
        redeem(&mut books, 3, 400, START + DAY_MS);
        assert_eq!(left(&books), Some(1_000), "nor one that was seen after the books opened");
        books.note(party(), foreign(2));
        books.end_offers_of_others();
        assert!(!books.holds_offer(party(), session(1), before + DAY_MS), "they were a pilot's");
    }

    #[test]
    fn the_history_ends_offers_of_others_that_were_made_in_it() {
        let before = Time(9 * DAY_MS);
        let of = |at, own: bool| {
            let mut books = ledger(1_000);
            let mut issue = offer(at, 1, 0);
            issue.own = own;
            let book = if own { Ledger::issue } else { Ledger::note };
            book(&mut books, party(), issue);
            books.end_offers_of_others();
            books.holds_offer(party(), session(1), at + DAY_MS)
        };
        assert!(!of(before, false));
        assert!(of(before, true), "its own go on");
        assert!(of(START, false), "and so does what was seen later");
    }

    #[test]
    fn before_the_books_open_nothing_is_refused_or_counted() {
        let before = Time(9 * DAY_MS);
        let mut books = ledger(1_000);
        assert!(books.affords(Money(5_000), before));
        books.issue(party(), offer(before, 1, 0));
        redeem(&mut books, 1, 800, before + 2 * DAY_MS);
        assert_eq!(left(&books), Some(1_000));
    }

    #[test]
    fn decisions_that_count_anew_can_still_be_withdrawn() {
        let mut books = ledger(1_000);
        for (at, decision) in [(START, 8), (START + 1, 9), (START + 2, 3)] {
            books.issue(party(), offer(at, decision, 300));
        }
        withdraw(&mut books, 9);
        assert_eq!(left(&books), Some(100), "that one is of the old count");
        withdraw(&mut books, 3);
        assert_eq!(left(&books), Some(400));
    }

    /// The host takes a delivery back when a newer answer replaces it or the visit ends first, but never what was seen.
    #[test]
    fn what_arrived_is_not_withdrawn() {
        let mut books = ledger(1_000);
        (4..=5).for_each(|d| books.issue(party(), offer(START, d, 300)));
        assert!(books.confirm(party(), by_decision(5), START + 90, Some(START + 5 * DAY_MS)));
        withdraw(&mut books, 5);
        assert_eq!((left(&books), books.contacts(party()).count()), (Some(400), 2));
        withdraw(&mut books, 4);
        assert_eq!((left(&books), books.contacts(party()).count()), (Some(700), 1));
    }

    #[test]
    fn a_confirmed_offer_runs_from_the_moment_it_was_seen() {
        let mut books = ledger(1_000);
        books.issue(party(), offer(START, 4, 300));
        let (seen, end) = (START + 90, START + 90 + 5 * DAY_MS);
        assert!(books.confirm(party(), by_decision(4), seen, Some(end)));
        assert!(books.confirm(party(), by_decision(4), seen + DAY_MS, Some(end + DAY_MS)), "reported twice");
        assert!(!books.confirm(party(), by_decision(5), seen, Some(end)), "not ours");
        assert!(
            books.holds_offer(party(), session(1), end) && !books.holds_offer(party(), session(1), end + 1)
        );
        assert_eq!(
            books.contacts(party()).map(|issue| issue.at).collect::<Vec<_>>(),
            [seen],
            "caps count from then"
        );
        books.lapse(end);
        assert_eq!(left(&books), Some(700));
        books.lapse(end + 1);
        assert_eq!(left(&books), Some(1_000));
    }

    /// Goal: an offer that was made to a cookie and is redeemed by the customer on another one is the same offer.
    #[test]
    fn the_voucher_names_the_offer_whoever_redeems_it() {
        let mut books = ledger(1_000);
        books.issue(Party::Cookie(CookieId::new(4)), offer(START, 1, 300));
        redeem(&mut books, 1, 250, START + DAY_MS);
        assert_eq!(left(&books), Some(750));
    }

    /// News that contradict what was issued spend nothing: the offer is still set aside.
    #[test]
    fn a_voucher_of_another_treatment_redeems_nothing() {
        let mut books = ledger(1_000);
        books.issue(party(), offer(START, 1, 300));
        let other = TreatmentId(OFFER.0 + 1);
        books.redeem(Some(party()), (Some(by_decision(1)), other), Money(250), START + DAY_MS);
        assert_eq!((left(&books), books.books().spent), (Some(700), Money::ZERO));
    }

    /// Without a number an order may use either of two offers: what is still set aside must last as long as the later one.
    #[test]
    fn of_two_open_offers_the_one_that_ends_next_counts_as_used() {
        let mut books = ledger(1_000);
        books.issue(party(), offer(START, 1, 300));
        books.issue(party(), offer(START + 2 * DAY_MS, 2, 300));
        books.redeem(Some(party()), (None, OFFER), Money(0), START + 3 * DAY_MS);
        books.lapse(START + 6 * DAY_MS);
        assert_eq!(left(&books), Some(700), "the later one is still open");
    }

    /// Without a number, what was over is not what was used, and this policy's own offer is held to be used before another's.
    #[test]
    fn an_order_without_a_number_uses_what_holds_and_an_own_offer_first() {
        let mut books = ledger(1_000);
        books.issue(party(), offer(START, 1, 300));
        books.issue(party(), offer(START + 2 * DAY_MS, 2, 300));
        let late = START + 6 * DAY_MS;
        books.redeem(Some(party()), (None, OFFER), Money(100), late);
        books.lapse(late);
        assert_eq!(left(&books), Some(900), "the first was over and is freed, the second is spent");

        let mut books = ledger(1_000);
        let foreign = Issue::new(START, by_decision(1), session(7), Some(OFFER));
        books.note(party(), foreign.with_terms(offer(START, 1, 0).terms));
        books.issue(party(), offer(START + DAY_MS, 2, 300));
        books.redeem(Some(party()), (None, OFFER), Money(100), START + 2 * DAY_MS);
        assert_eq!(left(&books), Some(900));
    }
}
