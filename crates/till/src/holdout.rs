//! The long-run holdout: a share of parties that are never treated, so that the effect can be measured in a real shop.
//!
//! # Promises
//! - Who is held out gets nothing personal, on a page or by message. A posted sale and its announcement are for everybody.
//! - An assignment is drawn by cookie, and by customer once the customer is known; of two that turn out to be one person
//!   the older one stays. Nothing that a shop cannot know enters it.
//! - The draw of a cookie or customer is the same in every arm.

use crate::party::{Handover, Party, entry_mut};
use counterfoil_core::{CookieId, CustomerId, HoldoutLuck, Share, Visitor};

counterfoil_core::ids! {
    /// The first sight of a cookie or customer, counted, so that the older of two assignments is known.
    Sight,
}

/// Since when a customer is assigned, and by whose draw.
#[derive(Clone, Copy, Debug)]
struct Assigned {
    since: Sight,
    /// The cookie by which the customer was drawn; `None`: by customer number.
    by_cookie: Option<CookieId>,
}

/// Assignments of everybody who was seen.
#[derive(Clone, Debug)]
pub(crate) struct Holdout {
    share: f64,
    luck: HoldoutLuck,
    /// The next first sight.
    next: Sight,
    cookies: Vec<Option<Sight>>,
    customers: Vec<Option<Assigned>>,
}

impl Holdout {
    /// Nobody was seen yet.
    pub(crate) fn new(share: Share, luck: HoldoutLuck) -> Self {
        let (cookies, customers) = (Vec::new(), Vec::new());
        Self { share: share.fraction(), luck, next: Sight::new(0), cookies, customers }
    }

    /// A visitor is seen; `handover`: what [`crate::party::Owners::observe`] said of it.
    pub(crate) fn observe(&mut self, visitor: Visitor, handover: Option<Handover>) {
        let known = handover.is_none() && visitor.cookie.is_some_and(|cookie| self.since(cookie).is_some());
        if self.share <= 0.0 || known {
            return;
        }
        let now = self.next;
        let unowned = handover.filter(|handover| handover.from.is_none());
        let anonymous_since = unowned.and_then(|handover| self.since(handover.cookie));
        if let Some(customer) = visitor.customer {
            let assigned = entry_mut(&mut self.customers, customer.index(), None);
            let older = |since: &Sight| assigned.is_none_or(|assigned| *since < assigned.since);
            match anonymous_since.filter(older) {
                Some(since) => *assigned = Some(Assigned { since, by_cookie: visitor.cookie }),
                None => _ = assigned.get_or_insert(Assigned { since: now, by_cookie: None }),
            }
        }
        if let Some(cookie) = visitor.cookie {
            entry_mut(&mut self.cookies, cookie.index(), None).get_or_insert(now);
        }
        self.next = Sight::new(now.number() + 1);
    }

    /// Whether a party is never to be treated.
    pub(crate) fn holds_out(&self, party: Party) -> bool {
        if self.share <= 0.0 {
            return false;
        }
        let draw = match party {
            Party::Customer(customer) => match self.drawn_by(customer) {
                Some(cookie) => self.luck.of_cookie(cookie),
                None => self.luck.of_customer(customer),
            },
            Party::Cookie(cookie) => self.luck.of_cookie(cookie),
        };
        draw < self.share
    }

    /// When a cookie was first seen.
    fn since(&self, cookie: CookieId) -> Option<Sight> {
        self.cookies.get(cookie.index()).copied().flatten()
    }

    /// The cookie whose draw holds for a customer.
    fn drawn_by(&self, customer: CustomerId) -> Option<CookieId> {
        self.customers.get(customer.index()).copied().flatten()?.by_cookie
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use counterfoil_core::{Luck, SessionNumber};

    fn visitor(cookie: CookieId, customer: Option<CustomerId>) -> Visitor {
        Visitor { cookie: Some(cookie), customer, session: Some(SessionNumber::new(1)) }
    }

    /// `cookie` turns out to be the browser of `to`, and was that of `from`.
    fn hand_over(holdout: &mut Holdout, cookie: CookieId, from: Option<CustomerId>, to: CustomerId) {
        holdout.observe(visitor(cookie, Some(to)), Some(Handover { cookie, from, to }));
    }

    /// A holdout of half, with a cookie and a customer that are drawn differently.
    fn differing() -> (Holdout, CookieId, CustomerId) {
        let holdout = Holdout::new(Share::from_percent(50.0).unwrap(), HoldoutLuck::new(Luck::new(3, 0)));
        let (cookie, customer) = (0..64)
            .map(|number| (CookieId::new(number), CustomerId::new(64 - number)))
            .find(|&(cookie, customer)| {
                holdout.holds_out(Party::Cookie(cookie)) != holdout.holds_out(Party::Customer(customer))
            })
            .unwrap();
        (holdout, cookie, customer)
    }

    #[test]
    fn the_older_assignment_stays_when_a_cookie_turns_out_to_be_a_customer() {
        let (mut holdout, cookie, customer) = differing();
        let of_cookie = holdout.holds_out(Party::Cookie(cookie));
        holdout.observe(visitor(cookie, None), None);
        hand_over(&mut holdout, cookie, None, customer);
        assert_eq!(holdout.holds_out(Party::Customer(customer)), of_cookie, "the cookie was first");

        let (mut holdout, cookie, customer) = differing();
        let of_customer = holdout.holds_out(Party::Customer(customer));
        hand_over(&mut holdout, CookieId::new(900), None, customer);
        holdout.observe(visitor(cookie, None), None);
        hand_over(&mut holdout, cookie, None, customer);
        assert_eq!(holdout.holds_out(Party::Customer(customer)), of_customer, "the customer was first");
    }

    #[test]
    fn a_cookie_that_changes_hands_hands_nothing_on() {
        let (mut holdout, cookie, customer) = differing();
        let of_customer = holdout.holds_out(Party::Customer(customer));
        let another = CustomerId::new(777);
        holdout.observe(visitor(cookie, None), None);
        hand_over(&mut holdout, cookie, None, another);
        hand_over(&mut holdout, cookie, Some(another), customer);
        assert_eq!(holdout.holds_out(Party::Customer(customer)), of_customer);
    }

    /// Goal: an assignment takes no more room than its two numbers.
    #[test]
    fn none_takes_no_room() {
        assert_eq!((size_of::<Option<Sight>>(), size_of::<Option<Assigned>>()), (4, 8));
    }

    #[test]
    fn the_share_is_kept() {
        let holdout = Holdout::new(Share::from_percent(5.0).unwrap(), HoldoutLuck::new(Luck::new(9, 2)));
        let is_held = |cookie: &CookieId| holdout.holds_out(Party::Cookie(*cookie));
        let held = (0..20_000).map(CookieId::new).filter(is_held).count();
        assert!((850..1_150).contains(&held), "{held} of 20,000 are not 5 %");
    }
}
