//! Everything that was shown or sent, in one arena, chained per party from the newest to the oldest.
//!
//! # Promises
//! - Recording is constant time and allocates nothing per party: each entry points to the one before it.
//! - When a cookie turns out to be a customer's, its entries move to the customer's chain in order of time.

use crate::party::{Party, entry_mut};
use counterfoil_core::{Money, SessionNumber, Time, TreatmentId, Voucher};

counterfoil_core::ids! {
    /// An issue, by position in the arena.
    pub(crate) IssueNumber,
}

/// What became of an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Shown or about to be; an offer can still be redeemed.
    Open,
    /// An order used the offer.
    Redeemed,
    /// The offer can no longer be used.
    Lapsed,
    /// It never reached anybody; it counts for nothing.
    Withdrawn,
}

/// The terms of an offer: for how long, and what is set aside for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    /// The last moment at which it can be redeemed.
    pub(crate) until: Time,
    /// Whether it ends with the visit in which it was shown.
    pub(crate) ends_with_visit: bool,
    /// What is set aside for it; zero where it costs this budget nothing.
    pub(crate) reserved: Money,
}

/// One thing that was shown or sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Issue {
    /// When it was seen or sent; until that is known, when it was decided.
    pub(crate) at: Time,
    /// By which decision or campaign.
    pub(crate) voucher: Voucher,
    /// In which session; none for messages.
    pub(crate) session: Option<SessionNumber>,
    /// Which treatment; `None` announces a sale.
    pub(crate) treatment: Option<TreatmentId>,
    /// Terms, for treatments that give money away.
    pub(crate) terms: Option<Terms>,
    /// Whether this policy issued it.
    pub(crate) own: bool,
    /// What became of it.
    pub(crate) state: State,
    /// Whether it is known to have arrived.
    pub(crate) arrived: bool,
    previous: Option<IssueNumber>,
}

impl Issue {
    /// A new, open issue of somebody else's.
    pub(crate) fn new(
        at: Time,
        voucher: Voucher,
        session: Option<SessionNumber>,
        treatment: Option<TreatmentId>,
    ) -> Self {
        let (state, previous) = (State::Open, None);
        Self { at, voucher, session, treatment, terms: None, own: false, state, arrived: true, previous }
    }
    /// The same with terms.
    pub(crate) fn with_terms(self, terms: Option<Terms>) -> Self {
        Self { terms, ..self }
    }
    /// The same as an issue of this policy that is still on its way.
    pub(crate) fn by_us(self) -> Self {
        Self { own: true, arrived: false, ..self }
    }
    /// Whether it was a message.
    pub(crate) fn is_message(&self) -> bool {
        matches!(self.voucher, Voucher::Campaign(_))
    }
}

/// The arena and the newest entry of each party.
#[derive(Clone, Debug, Default)]
pub(crate) struct Issues {
    entries: Vec<Issue>,
    newest_of_customers: Vec<Option<IssueNumber>>,
    newest_of_cookies: Vec<Option<IssueNumber>>,
}

impl Issues {
    /// Puts an issue into a party's chain by its time, however late the news of it are; gives its number.
    pub(crate) fn record(&mut self, party: Party, issue: Issue) -> IssueNumber {
        let number = IssueNumber::at(self.entries.len());
        let (mut later, mut older) = (None, self.newest(party));
        while let Some(entry) = older.filter(|&entry| self.get(entry).at > issue.at) {
            (later, older) = (Some(entry), self.get(entry).previous);
        }
        self.entries.push(Issue { previous: older, ..issue });
        match later {
            None => *self.newest_mut(party) = Some(number),
            Some(later) => self.get_mut(later).previous = Some(number),
        }
        number
    }
    /// One issue.
    pub(crate) fn get(&self, number: IssueNumber) -> &Issue {
        &self.entries[number.index()]
    }
    /// One issue, to be changed.
    pub(crate) fn get_mut(&mut self, number: IssueNumber) -> &mut Issue {
        &mut self.entries[number.index()]
    }
    /// How many were recorded.
    pub(crate) fn count(&self) -> usize {
        self.entries.len()
    }
    /// A party's issues with their numbers, newest first (messages planned for later in the day may precede).
    pub(crate) fn of(&self, party: Party) -> impl Iterator<Item = (IssueNumber, &Issue)> {
        let mut next = self.newest(party);
        std::iter::from_fn(move || {
            let number = next?;
            let issue = self.get(number);
            next = issue.previous;
            Some((number, issue))
        })
    }
    /// Moves everything of `from` to `to`, in order of time.
    pub(crate) fn merge(&mut self, from: Party, to: Party) {
        if self.newest(from).is_none() {
            return;
        }
        let mut numbers: Vec<IssueNumber> =
            self.of(from).chain(self.of(to)).map(|(number, _)| number).collect();
        numbers.sort_unstable_by_key(|&number| (self.get(number).at, number));
        let mut newest = None;
        for number in numbers {
            self.get_mut(number).previous = newest;
            newest = Some(number);
        }
        *self.newest_mut(from) = None;
        *self.newest_mut(to) = newest;
    }

    fn newest(&self, party: Party) -> Option<IssueNumber> {
        let newest = match party {
            Party::Customer(customer) => self.newest_of_customers.get(customer.index()),
            Party::Cookie(cookie) => self.newest_of_cookies.get(cookie.index()),
        };
        newest.copied().flatten()
    }
    fn newest_mut(&mut self, party: Party) -> &mut Option<IssueNumber> {
        match party {
            Party::Customer(customer) => entry_mut(&mut self.newest_of_customers, customer.index(), None),
            Party::Cookie(cookie) => entry_mut(&mut self.newest_of_cookies, cookie.index(), None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil_core::{CookieId, CustomerId, DecisionNumber};

    fn shown(at: i64, decision: u32) -> Issue {
        let voucher = Voucher::Decision(DecisionNumber::new(decision));
        Issue::new(Time(at), voucher, Some(SessionNumber::new(1)), Some(TreatmentId(0)))
    }

    #[test]
    fn what_is_reported_late_stands_where_it_happened() {
        let (party, mut issues) = (Party::Cookie(CookieId::new(1)), Issues::default());
        for at in [5, 1, 9, 7, 0, 9] {
            issues.record(party, shown(at, at as u32));
        }
        let times: Vec<i64> = issues.of(party).map(|(_, issue)| issue.at.0).collect();
        assert_eq!(times, [9, 9, 7, 5, 1, 0]);
    }

    #[test]
    fn a_merged_chain_is_in_order_of_time_and_leaves_nothing_behind() {
        let (cookie, customer) = (Party::Cookie(CookieId::new(4)), Party::Customer(CustomerId::new(9)));
        let mut issues = Issues::default();
        // A message of seven o'clock is planned at midnight, before what is shown at three.
        for (at, party) in [(1, cookie), (7, customer), (3, cookie), (4, customer)] {
            issues.record(party, shown(at, at as u32));
        }
        issues.merge(cookie, customer);
        let times: Vec<i64> = issues.of(customer).map(|(_, issue)| issue.at.0).collect();
        assert_eq!(times, [7, 4, 3, 1]);
        assert_eq!(issues.of(cookie).count(), 0);
    }
}
