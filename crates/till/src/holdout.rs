//! The long-run holdout: a share of parties that are never treated, so that the effect can be measured in a real shop.
//!
//! # Promises
//! - Who is held out gets nothing personal, on a page or by message. A posted sale and its announcement are for everybody.
//! - An assignment is drawn by cookie, and by customer once she is known; of two that turn out to be one person the older
//!   one stays. Nothing that a shop cannot know enters it.
//! - The draw of a cookie or customer is the same in every arm.

use crate::party::{Party, place};
use counterfoil_core::event::NOBODY;
use counterfoil_core::{HoldoutLuck, Share, Visitor};

/// Not seen yet.
const UNSEEN: u32 = u32::MAX;

/// Since when a customer is assigned, and by whose draw.
#[derive(Clone, Copy, Debug)]
struct Assigned {
    since: u32,
    /// The cookie by which she was drawn; [`NOBODY`]: by her customer number.
    by_cookie: u32,
}

const UNASSIGNED: Assigned = Assigned { since: UNSEEN, by_cookie: NOBODY };

/// Assignments of everybody who was seen.
#[derive(Clone, Debug)]
pub(crate) struct Holdout {
    share: f64,
    luck: HoldoutLuck,
    /// Counts first sights, so that the older of two assignments is known.
    sights: u32,
    cookies: Vec<u32>,
    customers: Vec<Assigned>,
}

impl Holdout {
    /// Nobody was seen yet.
    pub(crate) fn new(share: Share, luck: HoldoutLuck) -> Self {
        Self { share: share.fraction(), luck, sights: 0, cookies: Vec::new(), customers: Vec::new() }
    }

    /// A visitor shows herself. `before`: the owner of her cookie until now, if that changes with this.
    pub(crate) fn saw(&mut self, visitor: Visitor, before: Option<u32>) {
        let known =
            before.is_none() && self.cookies.get(visitor.cookie as usize).is_some_and(|&at| at != UNSEEN);
        if self.share <= 0.0 || known {
            return;
        }
        let anonymous_since = match (visitor.cookie, before) {
            (cookie, Some(NOBODY)) => self.cookies.get(cookie as usize).copied().unwrap_or(UNSEEN),
            _ => UNSEEN,
        };
        if visitor.customer != NOBODY {
            let now = self.sights;
            let customer = place(&mut self.customers, visitor.customer, UNASSIGNED);
            if anonymous_since < customer.since {
                *customer = Assigned { since: anonymous_since, by_cookie: visitor.cookie };
            } else if customer.since == UNSEEN {
                customer.since = now;
            }
        }
        if visitor.cookie != NOBODY {
            let cookie = place(&mut self.cookies, visitor.cookie, UNSEEN);
            *cookie = (*cookie).min(self.sights);
        }
        self.sights += 1;
    }

    /// Whether a party is never to be treated.
    pub(crate) fn holds_out(&self, party: Party) -> bool {
        if self.share <= 0.0 {
            return false;
        }
        let draw = match party.split() {
            Ok(customer) => match self.customers.get(customer as usize) {
                Some(&Assigned { by_cookie, .. }) if by_cookie != NOBODY => self.luck.of_cookie(by_cookie),
                _ => self.luck.of_customer(customer),
            },
            Err(cookie) => self.luck.of_cookie(cookie),
        };
        draw < self.share
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use counterfoil_core::Luck;

    fn visitor(cookie: u32, customer: u32) -> Visitor {
        Visitor { cookie, customer, session: 1 }
    }

    /// A holdout of half, with a cookie and a customer that are drawn differently.
    fn differing() -> (Holdout, u32, u32) {
        let holdout = Holdout::new(Share::from_percent(50.0).unwrap(), HoldoutLuck::new(Luck::new(3, 0)));
        let (cookie, customer) = (0..64)
            .map(|number| (number, 64 - number))
            .find(|&(cookie, customer)| {
                holdout.holds_out(Party::cookie(cookie)) != holdout.holds_out(Party::customer(customer))
            })
            .unwrap();
        (holdout, cookie, customer)
    }

    #[test]
    fn the_older_assignment_stays_when_a_cookie_turns_out_to_be_a_customer() {
        let (mut holdout, cookie, customer) = differing();
        let of_cookie = holdout.holds_out(Party::cookie(cookie));
        holdout.saw(visitor(cookie, NOBODY), None);
        holdout.saw(visitor(cookie, customer), Some(NOBODY));
        assert_eq!(holdout.holds_out(Party::customer(customer)), of_cookie, "the cookie was first");

        let (mut holdout, cookie, customer) = differing();
        let of_customer = holdout.holds_out(Party::customer(customer));
        holdout.saw(visitor(900, customer), Some(NOBODY));
        holdout.saw(visitor(cookie, NOBODY), None);
        holdout.saw(visitor(cookie, customer), Some(NOBODY));
        assert_eq!(holdout.holds_out(Party::customer(customer)), of_customer, "the customer was first");
    }

    #[test]
    fn a_cookie_that_changes_hands_hands_nothing_on() {
        let (mut holdout, cookie, customer) = differing();
        let of_customer = holdout.holds_out(Party::customer(customer));
        holdout.saw(visitor(cookie, NOBODY), None);
        holdout.saw(visitor(cookie, 777), Some(NOBODY));
        holdout.saw(visitor(cookie, customer), Some(777));
        assert_eq!(holdout.holds_out(Party::customer(customer)), of_customer);
    }

    #[test]
    fn the_share_is_kept() {
        let holdout = Holdout::new(Share::from_percent(5.0).unwrap(), HoldoutLuck::new(Luck::new(9, 2)));
        let held = (0..20_000).filter(|&cookie| holdout.holds_out(Party::cookie(cookie))).count();
        assert!((850..1_150).contains(&held), "{held} of 20,000 are not 5 %");
    }
}
