//! Whom a policy may write to, and whose data it may use: consent by cookie, subscription and consent by customer.

use crate::party::place;
use counterfoil_core::event::NOBODY;

const KNOWN: u8 = 1;
const SUBSCRIBED: u8 = 2;
const CONSENT: u8 = 4;

/// Permissions, one byte per cookie and customer.
#[derive(Clone, Debug, Default)]
pub struct Contacts {
    customers: Vec<u8>,
    cookies: Vec<bool>,
}

impl Contacts {
    /// A session of this cookie began, with or without consent to personalisation.
    pub fn session(&mut self, cookie: u32, consent: bool) {
        if cookie != NOBODY {
            *place(&mut self.cookies, cookie, false) = consent;
        }
    }
    /// Whether the latest session of the cookie consented; a cookie never seen did not.
    #[must_use]
    pub fn consents(&self, cookie: u32) -> bool {
        self.cookies.get(cookie as usize).copied().unwrap_or(false)
    }
    /// A customer logged in from `cookie`.
    pub fn identified(&mut self, customer: u32, cookie: u32, subscribed: bool) {
        if customer == NOBODY {
            return;
        }
        let consent = self.consents(cookie);
        let flags = place(&mut self.customers, customer, 0);
        *flags = KNOWN | if subscribed { SUBSCRIBED } else { 0 } | if consent { CONSENT } else { 0 };
    }
    /// Whether she is known and allows e-mails with offers.
    #[must_use]
    pub fn is_subscriber(&self, customer: u32) -> bool {
        self.flags(customer) & (KNOWN | SUBSCRIBED) == KNOWN | SUBSCRIBED
    }
    /// Whether such e-mails may be chosen by what is known about her.
    #[must_use]
    pub fn may_personalise(&self, customer: u32) -> bool {
        self.is_subscriber(customer) && self.flags(customer) & CONSENT != 0
    }
    /// One more than the highest customer number that was seen.
    #[must_use]
    pub fn customers(&self) -> u32 {
        self.customers.len() as u32
    }
    fn flags(&self, customer: u32) -> u8 {
        self.customers.get(customer as usize).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_follow_the_latest_log_in() {
        let mut contacts = Contacts::default();
        contacts.session(5, true);
        contacts.identified(2, 5, true);
        assert!(contacts.may_personalise(2));
        contacts.session(5, false);
        contacts.identified(2, 5, true);
        assert!(contacts.is_subscriber(2) && !contacts.may_personalise(2));
        contacts.identified(2, 5, false);
        assert!(!contacts.is_subscriber(2) && !contacts.is_subscriber(1));
    }
}
