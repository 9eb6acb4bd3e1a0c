//! What the nightly job knows: records per customer, fed all day, read at night only.
//!
//! # Promises
//! - Nothing is collected from a session without consent.
//! - A cookie belongs to a customer from the night after her log-in on it; until then it is anonymous.
//! - Collecting is constant time per event; the night is linear in customers plus the day's sessions.

use crate::segments::{Observed, Segment, SegmentRule, high_value_cut, segment_of};
use counterfoil_core::{CookieId, CustomerId, Day, Digest, Event, EventKind, Money, Time};
use counterfoil_scenario::policy::BatchSpec;
use counterfoil_till::entry_mut;

/// What was collected on a cookie.
#[derive(Clone, Copy, Debug)]
struct Cookie {
    customer: Option<CustomerId>,
    last_visit: Time,
}

const NEW_COOKIE: Cookie = Cookie { customer: None, last_visit: Time(0) };

/// A customer as of last night; what decisions of the day read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frozen {
    /// Her segment.
    pub(crate) segment: Segment,
    /// The day from which on she has been in it without interruption.
    pub(crate) since: Day,
    /// The records from which it was computed.
    pub(crate) seen: Observed,
}

/// Live records and last night's copy.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profiles {
    customers: Vec<Observed>,
    cookies: Vec<Cookie>,
    touched: Vec<CookieId>,
    frozen: Vec<Frozen>,
    stitched: Vec<Option<CustomerId>>,
    cut_off: Time,
    amounts: Vec<Money>,
}

impl Profiles {
    /// Collects from an event of a session with consent.
    pub(crate) fn observe(&mut self, event: &Event) {
        let visitor = event.visitor;
        let Some(id) = visitor.cookie else { return };
        let cookie = entry_mut(&mut self.cookies, id.index(), NEW_COOKIE);
        cookie.last_visit = cookie.last_visit.max(event.at);
        self.touched.push(id);
        let Some(id) = visitor.customer else { return };
        cookie.customer = Some(id);
        let customer = entry_mut(&mut self.customers, id.index(), Observed::default());
        customer.known = true;
        customer.last_visit = customer.last_visit.max(event.at);
        if let EventKind::OrderPlaced { goods, reward, .. } = event.kind {
            customer.orders += 1;
            customer.spent += goods - reward;
            customer.last_order = customer.last_order.max(event.at);
        }
    }

    /// The nightly job before `day`: stitches cookies, finds the value cut, freezes every customer.
    pub(crate) fn night(&mut self, spec: &BatchSpec, day: Day) {
        self.cut_off = day.start();
        self.stitch();
        self.amounts.clear();
        self.amounts.extend(self.customers.iter().filter(|c| c.orders > 0).map(|c| c.spent));
        let rule = SegmentRule::tonight(spec, high_value_cut(&mut self.amounts, spec.high_value));
        self.frozen.resize(self.customers.len(), Frozen { since: day, ..Frozen::default() });
        for (frozen, &seen) in self.frozen.iter_mut().zip(&self.customers) {
            let segment = segment_of(&rule, &seen, self.cut_off);
            let since = if segment == frozen.segment { frozen.since } else { day };
            *frozen = Frozen { segment, since, seen };
        }
    }

    /// The customer whom last night's job put behind a cookie, if any.
    pub(crate) fn stitched(&self, cookie: CookieId) -> Option<CustomerId> {
        self.stitched.get(cookie.index()).copied().flatten()
    }
    /// A customer as of last night; strangers are anonymous.
    pub(crate) fn frozen(&self, customer: Option<CustomerId>) -> Frozen {
        customer.and_then(|id| self.frozen.get(id.index()).copied()).unwrap_or_default()
    }
    /// One more than the highest customer number that last night knew.
    pub(crate) fn customers(&self) -> u32 {
        self.frozen.len() as u32
    }
    /// The moment up to which records were used.
    pub(crate) fn cut_off(&self) -> Time {
        self.cut_off
    }
    /// Folds the segments of everybody.
    pub(crate) fn fold_into(&self, digest: &mut Digest) {
        digest.fold_signed(self.cut_off.0);
        for frozen in &self.frozen {
            digest.fold(u64::from(frozen.since.0) << 8 | frozen.segment as u64);
        }
    }

    fn stitch(&mut self) {
        for id in self.touched.drain(..) {
            let cookie = self.cookies[id.index()];
            *entry_mut(&mut self.stitched, id.index(), None) = cookie.customer;
            if let Some(customer) = cookie.customer {
                let customer = &mut self.customers[customer.index()];
                customer.last_visit = customer.last_visit.max(cookie.last_visit);
            }
        }
    }
}
