//! Sessions that are going on: what one visit has shown so far. Few are live at a time, so they share a small pool.
//!
//! A session exists here only if consent was given when it began; whatever happens in any other session finds no place
//! to be written to.

use crate::ids::{ProfileNumber, Slot};
use counterfoil_core::money::Money;
use counterfoil_core::time::Time;
use counterfoil_core::{CookieId, SessionNumber, Visitor};

/// Fingerprints kept to recognise an event that comes twice.
const REMEMBERED: usize = 8;

/// One live session.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Number of the session; none in a slot that is free.
    pub id: Option<SessionNumber>,
    /// Cookie it runs on.
    pub cookie: Option<CookieId>,
    /// Profile it belongs to.
    pub profile: ProfileNumber,
    /// When it began.
    pub started: Time,
    /// Time of the newest event used.
    pub newest: Time,
    /// When the current page was opened.
    pub page_since: Time,
    /// Index of the channel.
    pub channel: u8,
    /// Telephone or tablet?
    pub mobile: bool,
    /// Product pages.
    pub views: u16,
    /// Pages of any kind.
    pub pages: u16,
    /// Comparisons.
    pub compares: u16,
    /// Searches and filters.
    pub searches: u16,
    /// Changes of the cart.
    pub cart_changes: u16,
    /// Information pages by topic.
    pub info: [u16; 5],
    /// Sorted or filtered by price, or the sale page.
    pub price_signals: u16,
    /// Saved for later.
    pub wishlists: u16,
    /// Failed payments.
    pub payment_failures: u16,
    /// Times she was about to leave.
    pub exit_intents: u16,
    /// Times nothing happened for 30 seconds.
    pub stalls: u16,
    /// The cart was looked at again after something else.
    pub reopened: bool,
    /// A cart was left behind by the session before.
    pub cart_left: bool,
    /// The field for a code was entered.
    pub coupon_field: bool,
    /// Checkout was begun.
    pub checkout: bool,
    /// The fee for delivery was the last thing shown.
    pub at_shipping: bool,
    /// An order was placed.
    pub ordered: bool,
    /// Goods in the cart at list price.
    pub cart_goods: Money,
    /// Mean seconds per page, recent pages weighing more.
    pub dwell_seconds: f32,
    /// Filtered probability of each barrier.
    pub barriers: [f64; 6],
    /// When the barriers were last filtered.
    pub barriers_at: Time,
    /// Decayed interest per category.
    pub affinity: Vec<f32>,
    /// When the affinities were last decayed.
    pub affinity_at: Time,
    recent: [u64; REMEMBERED],
    next: u8,
}

impl Session {
    /// A session that has just begun; `categories` is the number of categories.
    #[must_use]
    pub fn new(visitor: Visitor, profile: ProfileNumber, at: Time, categories: usize) -> Self {
        Self {
            id: visitor.session,
            cookie: visitor.cookie,
            profile,
            started: at,
            newest: at,
            page_since: at,
            channel: 0,
            mobile: false,
            views: 0,
            pages: 0,
            compares: 0,
            searches: 0,
            cart_changes: 0,
            info: [0; 5],
            price_signals: 0,
            wishlists: 0,
            payment_failures: 0,
            exit_intents: 0,
            stalls: 0,
            reopened: false,
            cart_left: false,
            coupon_field: false,
            checkout: false,
            at_shipping: false,
            ordered: false,
            cart_goods: Money::ZERO,
            dwell_seconds: 0.0,
            barriers: [0.0; 6],
            barriers_at: at,
            affinity: vec![0.0; categories],
            affinity_at: at,
            recent: [0; REMEMBERED],
            next: 0,
        }
    }

    /// Whether this fingerprint was among the last few; remembers it otherwise.
    #[inline]
    pub fn seen_before(&mut self, fingerprint: u64) -> bool {
        if self.recent.contains(&fingerprint) {
            return true;
        }
        self.recent[usize::from(self.next)] = fingerprint;
        self.next = (self.next + 1) % REMEMBERED as u8;
        false
    }
}

/// Live sessions by slot; slots are used again.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    slots: Vec<Session>,
    free: Vec<Slot>,
}

impl Pool {
    /// Puts a session into a slot.
    pub fn insert(&mut self, session: Session) -> Slot {
        if let Some(slot) = self.free.pop() {
            self.slots[slot.index()] = session;
            return slot;
        }
        self.slots.push(session);
        Slot::at(self.slots.len() - 1)
    }
    /// Gives a slot back.
    pub fn remove(&mut self, slot: Slot) {
        self.slots[slot.index()].id = None;
        self.free.push(slot);
    }
    /// The session in a slot.
    #[must_use]
    #[inline]
    pub fn get(&self, slot: Slot) -> &Session {
        &self.slots[slot.index()]
    }
    /// The session in a slot, to write to.
    #[inline]
    pub fn get_mut(&mut self, slot: Slot) -> &mut Session {
        &mut self.slots[slot.index()]
    }
    /// Slots of sessions in which nothing happened since `before`: their end got lost.
    #[must_use]
    pub fn stale(&self, before: Time) -> Vec<Slot> {
        let stale = |session: &Session| session.id.is_some() && session.newest < before;
        (0..self.slots.len()).map(Slot::at).filter(|&slot| stale(self.get(slot))).collect()
    }
    /// Number of live sessions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }
    /// Whether nobody is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
