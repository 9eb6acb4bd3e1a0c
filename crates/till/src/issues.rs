//! Everything that was shown or sent, in one arena, chained per party from the newest to the oldest.
//!
//! # Promises
//! - Recording is constant time and allocates nothing per party: each entry points to the one before it.
//! - When a cookie turns out to be a customer, its entries move to her chain in order of time.

use crate::party::{Party, place};
use counterfoil_core::{Money, Time, TreatmentId, Voucher};

const END: u32 = u32::MAX;

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
    /// In which session; nobody's for messages.
    pub(crate) session: u32,
    /// Which treatment; `None` announces a sale.
    pub(crate) treatment: Option<TreatmentId>,
    /// Terms, for treatments that give money away.
    pub(crate) terms: Option<Terms>,
    /// Whether this policy issued it.
    pub(crate) own: bool,
    /// What became of it.
    pub(crate) state: State,
    /// Whether it is known to have reached her.
    pub(crate) arrived: bool,
    previous: u32,
}

impl Issue {
    /// A new, open issue of somebody else's.
    pub(crate) fn new(at: Time, voucher: Voucher, session: u32, treatment: Option<TreatmentId>) -> Self {
        let (state, previous) = (State::Open, END);
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
    newest: Vec<u32>,
}

impl Issues {
    /// Puts an issue into a party's chain by its time, however late it is told; gives its number.
    pub(crate) fn record(&mut self, party: Party, issue: Issue) -> u32 {
        let number = self.entries.len() as u32;
        let newest = *place(&mut self.newest, party.index() as u32, END);
        let (mut later, mut older) = (END, newest);
        while older != END && self.entries[older as usize].at > issue.at {
            (later, older) = (older, self.entries[older as usize].previous);
        }
        self.entries.push(Issue { previous: older, ..issue });
        match later {
            END => self.newest[party.index()] = number,
            later => self.entries[later as usize].previous = number,
        }
        number
    }
    /// One issue.
    pub(crate) fn get(&self, number: u32) -> &Issue {
        &self.entries[number as usize]
    }
    /// One issue, to be changed.
    pub(crate) fn get_mut(&mut self, number: u32) -> &mut Issue {
        &mut self.entries[number as usize]
    }
    /// How many were recorded.
    pub(crate) fn count(&self) -> usize {
        self.entries.len()
    }
    /// A party's issues with their numbers, newest first (messages planned for later in the day may precede).
    pub(crate) fn of(&self, party: Party) -> impl Iterator<Item = (u32, &Issue)> {
        let mut next = self.newest.get(party.index()).copied().unwrap_or(END);
        std::iter::from_fn(move || {
            let issue = self.entries.get(next as usize)?;
            let number = next;
            next = issue.previous;
            Some((number, issue))
        })
    }
    /// Moves everything of `from` to `to`, in order of time.
    pub(crate) fn merge(&mut self, from: Party, to: Party) {
        if self.of(from).next().is_none() {
            return;
        }
        let mut numbers: Vec<u32> = self.of(from).chain(self.of(to)).map(|(number, _)| number).collect();
        numbers.sort_unstable_by_key(|&number| (self.get(number).at, number));
        let mut newest = END;
        for number in numbers {
            self.get_mut(number).previous = newest;
            newest = number;
        }
        *place(&mut self.newest, from.index() as u32, END) = END;
        *place(&mut self.newest, to.index() as u32, END) = newest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(at: i64, decision: u32) -> Issue {
        Issue::new(Time(at), Voucher::Decision(decision), 1, Some(TreatmentId(0)))
    }

    #[test]
    fn what_is_told_late_stands_where_it_happened() {
        let (party, mut issues) = (Party::cookie(1), Issues::default());
        for at in [5, 1, 9, 7, 0, 9] {
            issues.record(party, shown(at, at as u32));
        }
        let times: Vec<i64> = issues.of(party).map(|(_, issue)| issue.at.0).collect();
        assert_eq!(times, [9, 9, 7, 5, 1, 0]);
    }

    #[test]
    fn a_merged_chain_is_in_order_of_time_and_leaves_nothing_behind() {
        let (cookie, customer) = (Party::cookie(4), Party::customer(9));
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
