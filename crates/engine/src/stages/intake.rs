//! Stage 1, intake: what may come in at all. Malformed and repeated events are dropped and counted, slightly late ones are
//! used, and consent is enforced here, at collection: a session that began without it has no place to be written to.

use counterfoil_core::event::{Event, EventKind};
use counterfoil_core::money::Money;
use counterfoil_core::shop::{ProductId, Shop};
use counterfoil_core::treatment::TreatmentId;
use counterfoil_core::{CookieId, CustomerId, Digest, OrderNumber, SessionNumber};

/// Largest number of a cookie, customer, session or order that is taken for real: they index dense arrays.
pub const LARGEST_ID: u32 = 1 << 27;

/// An event of a live session that is older than the newest one by more than this is not used, milliseconds.
pub const LATE_MS: i64 = 10 * 60_000;

/// Why events were not used, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Impossible numbers, unknown products or treatments, negative money.
    pub malformed: u64,
    /// Seen before.
    pub duplicate: u64,
    /// Too late to be placed in its session.
    pub late: u64,
    /// In a session without consent, or of which the beginning (and so the consent) never arrived.
    pub without_consent: u64,
}

/// A growing set of orders, one bit each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderSet {
    words: Vec<u64>,
}

impl OrderSet {
    /// Adds an order; `false` if it was there.
    pub fn insert(&mut self, order: OrderNumber) -> bool {
        let (word, bit) = (order.index() / 64, 1_u64 << (order.index() % 64));
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        let fresh = self.words[word] & bit == 0;
        self.words[word] |= bit;
        fresh
    }
    /// Whether an order is in it.
    #[must_use]
    pub fn contains(&self, order: OrderNumber) -> bool {
        let (word, bit) = (order.index() / 64, 1_u64 << (order.index() % 64));
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }
}

/// What intake remembers.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    /// What was not used, and why.
    pub dropped: Dropped,
    /// Orders that came in.
    pub orders: OrderSet,
    /// Orders that were written to a profile (with consent).
    pub recorded: OrderSet,
    /// Orders whose return came in.
    pub returns: OrderSet,
}

/// Whether what is named by a number, if anything is, can be taken for real.
fn number_ok(number: Option<u32>) -> bool {
    number.is_none_or(|number| number <= LARGEST_ID)
}

/// Whether an event can be true in this shop.
#[must_use]
#[inline]
pub fn well_formed(event: &Event, shop: &Shop) -> bool {
    let product = |id: ProductId| id.index() < shop.products.len();
    let treatment = |id: TreatmentId| id.index() < shop.treatments.len();
    let money = |amount: Money| amount >= Money::ZERO;
    let visitor = &event.visitor;
    if event.at.0 < 0
        || !number_ok(visitor.cookie.map(CookieId::number))
        || !number_ok(visitor.customer.map(CustomerId::number))
        || !number_ok(visitor.session.map(SessionNumber::number))
    {
        return false;
    }
    match event.kind {
        EventKind::ProductViewed { product: id, price } => product(id) && money(price),
        EventKind::CartAdded { product: id, quantity, price } => product(id) && quantity > 0 && money(price),
        EventKind::Compared(id) | EventKind::Wishlisted(id) => product(id),
        EventKind::CartViewed { goods } => money(goods),
        EventKind::ShippingShown { fee } => money(fee),
        EventKind::TreatmentShown { treatment: id, .. } => treatment(id),
        EventKind::OrderPlaced { order, goods, reward, offer, .. } => {
            order.number() <= LARGEST_ID
                && money(goods)
                && money(reward)
                && reward <= goods + shop.shipping_fee
                && offer.is_none_or(treatment)
        }
        EventKind::OrderReturned { order, loss } => order.number() <= LARGEST_ID && money(loss),
        EventKind::MessageSent { treatment: id, .. } => id.is_none_or(treatment),
        _ => true,
    }
}

/// A number that two events share only if they are the same (never 0, which stands for "none yet").
#[must_use]
#[inline]
pub fn fingerprint(event: &Event) -> u64 {
    let (kind, words) = event.kind.words();
    let mut print = (event.at.0 as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(kind);
    for &word in words.as_slice() {
        print = (print.rotate_left(23) ^ word as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
    }
    print | 1
}

impl Dropped {
    /// Folds the counts into `digest`.
    pub fn fold_into(&self, digest: &mut Digest) {
        for count in [self.malformed, self.duplicate, self.late, self.without_consent] {
            digest.fold(count);
        }
    }
}
