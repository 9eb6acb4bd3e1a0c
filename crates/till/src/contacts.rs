//! Whom a policy may write to, and whose data it may use: consent by cookie, subscription and consent by customer.

use crate::party::entry_mut;
use counterfoil_core::{CookieId, CustomerId};

/// What the latest log-in of a customer allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Permission {
    /// She never logged in.
    #[default]
    Unknown,
    /// She wants no e-mails with offers.
    NoMessages,
    /// She subscribed, from a browser without consent to personalisation.
    Messages,
    /// She subscribed and consented.
    PersonalMessages,
}

/// Permissions, one byte per cookie and customer.
#[derive(Clone, Debug, Default)]
pub struct Contacts {
    customers: Vec<Permission>,
    cookies: Vec<bool>,
}

impl Contacts {
    /// A session of this cookie began, with or without consent to personalisation.
    pub fn session(&mut self, cookie: CookieId, consent: bool) {
        *entry_mut(&mut self.cookies, cookie.index(), false) = consent;
    }
    /// Whether the latest session of the cookie consented; a cookie never seen did not.
    #[must_use]
    pub fn consents(&self, cookie: Option<CookieId>) -> bool {
        cookie.and_then(|cookie| self.cookies.get(cookie.index()).copied()).unwrap_or(false)
    }
    /// A customer logged in from `cookie`.
    pub fn identified(&mut self, customer: CustomerId, cookie: Option<CookieId>, subscribed: bool) {
        let permission = match (subscribed, self.consents(cookie)) {
            (false, _) => Permission::NoMessages,
            (true, false) => Permission::Messages,
            (true, true) => Permission::PersonalMessages,
        };
        *entry_mut(&mut self.customers, customer.index(), Permission::Unknown) = permission;
    }
    /// Whether she is known and allows e-mails with offers.
    #[must_use]
    pub fn is_subscriber(&self, customer: CustomerId) -> bool {
        matches!(self.permission(customer), Permission::Messages | Permission::PersonalMessages)
    }
    /// Whether such e-mails may be chosen by what is known about her.
    #[must_use]
    pub fn may_personalise(&self, customer: CustomerId) -> bool {
        self.permission(customer) == Permission::PersonalMessages
    }
    /// One more than the highest customer number that was seen.
    #[must_use]
    pub fn customers(&self) -> u32 {
        self.customers.len() as u32
    }
    fn permission(&self, customer: CustomerId) -> Permission {
        self.customers.get(customer.index()).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_follow_the_latest_log_in() {
        let mut contacts = Contacts::default();
        let (cookie, [one, two]) = (CookieId::new(5), [1, 2].map(CustomerId::new));
        contacts.session(cookie, true);
        contacts.identified(two, Some(cookie), true);
        assert!(contacts.may_personalise(two));
        contacts.session(cookie, false);
        contacts.identified(two, Some(cookie), true);
        assert!(contacts.is_subscriber(two) && !contacts.may_personalise(two));
        contacts.identified(two, Some(cookie), false);
        assert!(!contacts.is_subscriber(two) && !contacts.is_subscriber(one));
        assert_eq!(size_of::<Permission>(), 1);
    }
}
