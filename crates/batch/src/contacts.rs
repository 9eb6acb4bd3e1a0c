//! Whom a policy may write to, and whose data it may use: consent by cookie, subscription, consent and holdout by customer.

use crate::identity::place;
use counterfoil_core::event::NOBODY;

const KNOWN: u8 = 1;
const SUBSCRIBED: u8 = 2;
const CONSENT: u8 = 4;
const HOLDOUT_KNOWN: u8 = 8;
const HELD_OUT: u8 = 16;

/// Permissions, one byte per cookie and customer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contacts {
    customers: Vec<u8>,
    cookies: Vec<bool>,
}

impl Contacts {
    /// A session of this cookie began, with or without consent to personalisation.
    pub(crate) fn session(&mut self, cookie: u32, consent: bool) {
        if cookie != NOBODY {
            *place(&mut self.cookies, cookie, false) = consent;
        }
    }
    /// Whether the latest session of the cookie consented; a cookie never seen did not.
    pub(crate) fn consents(&self, cookie: u32) -> bool {
        self.cookies.get(cookie as usize).copied().unwrap_or(false)
    }
    /// A customer logged in from `cookie`.
    pub(crate) fn identified(&mut self, customer: u32, cookie: u32, subscribed: bool) {
        if customer == NOBODY {
            return;
        }
        let consent = self.consents(cookie);
        let flags = place(&mut self.customers, customer, 0);
        *flags = (*flags & (HOLDOUT_KNOWN | HELD_OUT))
            | KNOWN
            | if subscribed { SUBSCRIBED } else { 0 }
            | if consent { CONSENT } else { 0 };
    }
    /// Whether the customer is in the long-run holdout.
    pub(crate) fn learn_holdout(&mut self, customer: u32, held_out: bool) {
        if customer != NOBODY {
            let flags = place(&mut self.customers, customer, 0);
            *flags = (*flags & !HELD_OUT) | HOLDOUT_KNOWN | if held_out { HELD_OUT } else { 0 };
        }
    }
    /// The assignment of a customer to the holdout, if it is known.
    pub(crate) fn held_out(&self, customer: u32) -> Option<bool> {
        let flags = self.flags(customer);
        (flags & HOLDOUT_KNOWN != 0).then_some(flags & HELD_OUT != 0)
    }
    /// Whether she is known and allows e-mails with offers.
    pub(crate) fn is_subscriber(&self, customer: u32) -> bool {
        self.flags(customer) & (KNOWN | SUBSCRIBED) == KNOWN | SUBSCRIBED
    }
    /// Whether such e-mails may be chosen by what is known about her.
    pub(crate) fn may_personalise(&self, customer: u32) -> bool {
        self.is_subscriber(customer) && self.flags(customer) & CONSENT != 0
    }
    /// One more than the highest customer number that was seen.
    pub(crate) fn customers(&self) -> u32 {
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
    fn permissions_follow_the_latest_log_in_and_the_holdout_stays() {
        let mut contacts = Contacts::default();
        contacts.learn_holdout(2, true);
        contacts.session(5, true);
        contacts.identified(2, 5, true);
        assert!(contacts.may_personalise(2));
        assert_eq!(contacts.held_out(2), Some(true));
        contacts.session(5, false);
        contacts.identified(2, 5, true);
        assert!(contacts.is_subscriber(2) && !contacts.may_personalise(2));
        contacts.identified(2, 5, false);
        assert!(!contacts.is_subscriber(2));
        assert_eq!((contacts.held_out(2), contacts.held_out(1)), (Some(true), None));
    }
}
