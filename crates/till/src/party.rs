//! Who is one person when caps, offers and holdouts are counted: a customer where a log-in or order revealed her, else a
//! cookie. A cookie belongs to the customer who last showed herself on it.
//!
//! This is the live identity of the books (no offer is spent twice because a name was learned late). Segments have a
//! nightly view of their own, and the engine's profiles one that needs consent; neither decides about caps or money.

use counterfoil_core::{CookieId, CustomerId, Visitor};

/// In whose name things are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// Somebody who logged in or ordered.
    Customer(CustomerId),
    /// A browser on which nobody has done so.
    Cookie(CookieId),
}

/// Entry `index` of a dense table, which grows by `blank` as numbers appear.
pub fn entry_mut<T: Clone>(table: &mut Vec<T>, index: usize, blank: T) -> &mut T {
    if index >= table.len() {
        table.resize(index + 1, blank);
    }
    &mut table[index]
}

/// A cookie turns out to be the browser of a customer whose it was not until now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Handover {
    /// The cookie.
    pub(crate) cookie: CookieId,
    /// Whose it was, if anybody's.
    pub(crate) from: Option<CustomerId>,
    /// Whose it is.
    pub(crate) to: CustomerId,
}

/// Which customer was last seen behind each cookie.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owners {
    by_cookie: Vec<Option<CustomerId>>,
}

impl Owners {
    /// The customer behind a cookie, if one was seen.
    fn owner(&self, cookie: CookieId) -> Option<CustomerId> {
        self.by_cookie.get(cookie.index()).copied().flatten()
    }
    /// Notes what `visitor` reveals, and says so if the cookie changes hands by it.
    pub(crate) fn observe(&mut self, visitor: Visitor) -> Option<Handover> {
        let (cookie, to) = (visitor.cookie?, visitor.customer?);
        let from = entry_mut(&mut self.by_cookie, cookie.index(), None).replace(to);
        (from != Some(to)).then_some(Handover { cookie, from, to })
    }
    /// In whose name things are counted; `None` if the visitor has neither name nor cookie.
    pub(crate) fn party(&self, visitor: Visitor) -> Option<Party> {
        let owner = || visitor.cookie.and_then(|cookie| self.owner(cookie));
        let customer = visitor.customer.or_else(owner).map(Party::Customer);
        customer.or(visitor.cookie.map(Party::Cookie))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil_core::SessionNumber;

    #[test]
    fn a_log_in_turns_a_cookie_into_a_customer_and_stays() {
        let mut owners = Owners::default();
        let cookie = CookieId::new(7);
        let anonymous =
            Visitor { cookie: Some(cookie), customer: None, session: Some(SessionNumber::new(1)) };
        assert_eq!(owners.party(anonymous), Some(Party::Cookie(cookie)));
        let [three, four] = [3, 4].map(CustomerId::new);
        let mut log_in = |customer| owners.observe(Visitor { customer: Some(customer), ..anonymous });
        assert_eq!(log_in(three), Some(Handover { cookie, from: None, to: three }));
        assert_eq!(log_in(three), None, "nothing new the second time");
        assert_eq!(log_in(four), Some(Handover { cookie, from: Some(three), to: four }));
        assert_eq!(log_in(three), Some(Handover { cookie, from: Some(four), to: three }));
        assert_eq!(owners.party(anonymous), Some(Party::Customer(three)));
        assert_eq!(owners.party(Visitor { cookie: None, ..anonymous }), None);
    }
}
