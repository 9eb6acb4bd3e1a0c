//! Who is one person when caps, offers and holdouts are counted: a customer where a log-in or order revealed her, else a
//! cookie. A cookie belongs to whoever showed herself on it last.
//!
//! This is the live identity of the books (no offer is spent twice because a name was learned late). Segments have a
//! nightly view of their own, and the engine's profiles one that needs consent; neither decides about caps or money.

use counterfoil_core::Visitor;
use counterfoil_core::event::NOBODY;

/// A customer or a cookie, packed so that both index one dense table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Party(u32);

impl Party {
    /// A customer by number.
    #[must_use]
    pub fn customer(number: u32) -> Self {
        Self(number * 2)
    }
    /// A cookie by number.
    #[must_use]
    pub fn cookie(number: u32) -> Self {
        Self(number * 2 + 1)
    }
    /// The customer's number, or else the cookie's.
    pub(crate) fn split(self) -> Result<u32, u32> {
        if self.0.is_multiple_of(2) { Ok(self.0 / 2) } else { Err(self.0 / 2) }
    }
    /// As an index.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The place `index` of a dense table that grows by `blank` as numbers appear.
pub fn place<T: Clone>(table: &mut Vec<T>, index: u32, blank: T) -> &mut T {
    let index = index as usize;
    if index >= table.len() {
        table.resize(index + 1, blank);
    }
    &mut table[index]
}

/// Which customer was last seen behind each cookie.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owners {
    by_cookie: Vec<u32>,
}

impl Owners {
    /// The customer behind a cookie, [`NOBODY`] if none was seen.
    pub(crate) fn owner(&self, cookie: u32) -> u32 {
        self.by_cookie.get(cookie as usize).copied().unwrap_or(NOBODY)
    }
    /// Notes what `visitor` reveals; gives the cookie's owner before ([`NOBODY`]: none) if it had another one.
    pub(crate) fn learn(&mut self, visitor: Visitor) -> Option<u32> {
        if visitor.cookie == NOBODY || visitor.customer == NOBODY {
            return None;
        }
        let owner = place(&mut self.by_cookie, visitor.cookie, NOBODY);
        let before = std::mem::replace(owner, visitor.customer);
        (before != visitor.customer).then_some(before)
    }
    /// In whose name things are counted; `None` if the visitor has neither name nor cookie.
    pub(crate) fn party(&self, visitor: Visitor) -> Option<Party> {
        if visitor.customer != NOBODY {
            return Some(Party::customer(visitor.customer));
        }
        if visitor.cookie == NOBODY {
            return None;
        }
        match self.owner(visitor.cookie) {
            NOBODY => Some(Party::cookie(visitor.cookie)),
            customer => Some(Party::customer(customer)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_in_turns_a_cookie_into_a_customer_and_stays() {
        let mut owners = Owners::default();
        let anonymous = Visitor { cookie: 7, customer: NOBODY, session: 1 };
        assert_eq!(owners.party(anonymous), Some(Party::cookie(7)));
        assert_eq!(owners.learn(Visitor { customer: 3, ..anonymous }), Some(NOBODY));
        assert_eq!(owners.learn(Visitor { customer: 3, ..anonymous }), None, "nothing new the second time");
        assert_eq!(owners.learn(Visitor { customer: 4, ..anonymous }), Some(3));
        assert_eq!(owners.learn(Visitor { customer: 3, ..anonymous }), Some(4));
        assert_eq!(owners.party(anonymous), Some(Party::customer(3)));
        assert_eq!(owners.party(Visitor { cookie: NOBODY, customer: NOBODY, session: 1 }), None);
    }
}
