//! Which draw of a world's luck is meant: one constructor for each thing that is left to chance.
//!
//! # The promise
//! A key names a moment of the story and never counts what an arm can change: a visit is named by why it takes place, not
//! by how many came before. Two different constructors never give the same key, so that no draw is used twice.
//!
//! A new draw gets a new constructor and, unless it is a further lane of an old one, a new [`Purpose`]; the number of a
//! purpose is never used for something else.

use crate::ids::{CookieId, CustomerId, NeedCode, ShopperId, VisitKey};
use crate::time::Time;

/// What a draw is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
enum Purpose {
    Catalogue = 1,
    Traits = 2,
    Need = 3,
    Taste = 4,
    Slot = 5,
    Shock = 6,
    Walk = 7,
    Dwell = 8,
    Idle = 9,
    Message = 10,
    Return = 11,
    Payment = 12,
    Latency = 13,
    Policy = 14,
    Holdout = 15,
    Pilot = 16,
    Pipe = 17,
    // 18 was for traces, and is not used again.
    Stockpile = 19,
    Identity = 20,
    Notice = 21,
    Kept = 22,
    Wanted = 23,
    Browsed = 24,
}

/// In the steps of a walk: lanes of what is planned at the beginning stay below.
const LANES: u32 = 1_000;
/// In the pages of a dwell: from here on, one for each page that she may leave for good.
const TURNING_TO_GO: u32 = 2_000;
/// In the steps of a walk: the coupon field.
const COUPON_FIELD: u32 = 3_000;
/// Pages of a visit stay below this, or keys of different things would meet.
pub const PAGES_MAX: u16 = 1_000;

/// The key of one block of four words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrawKey {
    purpose: Purpose,
    words: [u32; 3],
}

impl DrawKey {
    const fn new(purpose: Purpose, words: [u32; 3]) -> Self {
        Self { purpose, words }
    }

    /// The counter of the block.
    #[must_use]
    #[inline]
    pub(crate) const fn counter(self) -> [u32; 4] {
        [self.words[0], self.words[1], self.words[2], self.purpose as u32]
    }

    /// The same thing, `lane` blocks further: for whoever draws a stream.
    #[must_use]
    pub(crate) const fn in_lane(self, lane: u32) -> Self {
        Self { words: [self.words[0], self.words[1], self.words[2] + lane], ..self }
    }

    /// Price and cost of a product: a stream.
    #[must_use]
    pub const fn product(number: u32) -> Self {
        Self::new(Purpose::Catalogue, [number, 0, 0])
    }

    /// How cookies are scattered over shoppers.
    #[must_use]
    pub const fn cookie_scatter() -> Self {
        Self::new(Purpose::Catalogue, [u32::MAX, 0, 0])
    }

    /// Traits of a shopper; eight in lanes 0 and 1, consent and devices in lane 2.
    #[must_use]
    pub const fn traits(shopper: ShopperId, lane: u32) -> Self {
        Self::new(Purpose::Traits, [shopper.number(), lane, 0])
    }

    /// A potential need: when it falls due, what it is worth, what stands in its way.
    #[must_use]
    #[inline]
    pub const fn need(shopper: ShopperId, need: NeedCode, lane: u32) -> Self {
        Self::new(Purpose::Need, [shopper.number(), need.word(), lane])
    }

    /// Lasting taste of a need for buying here and for leaving.
    #[must_use]
    #[inline]
    pub const fn taste(shopper: ShopperId, need: NeedCode) -> Self {
        Self::new(Purpose::Taste, [shopper.number(), need.word(), 0])
    }

    /// Whether, and when, the day number `slot` of a need sees a visit.
    #[must_use]
    #[inline]
    pub const fn slot(shopper: ShopperId, need: NeedCode, slot: u32) -> Self {
        Self::new(Purpose::Slot, [shopper.number(), need.word(), slot])
    }

    /// Shock of one visit of a need for buying here and for leaving.
    #[must_use]
    #[inline]
    pub const fn shock(shopper: ShopperId, need: NeedCode, visit: VisitKey) -> Self {
        Self::new(Purpose::Shock, [shopper.number(), need.word(), visit.0])
    }

    /// Where a visit lands and how deep she looks, in lanes 0 to 2.
    #[must_use]
    #[inline]
    pub const fn walk(shopper: ShopperId, visit: VisitKey, lane: u32) -> Self {
        debug_assert!(lane < LANES);
        Self::new(Purpose::Walk, [shopper.number(), visit.0, lane])
    }

    /// Which product fits a need: a stream.
    #[must_use]
    #[inline]
    pub const fn wanted_product(shopper: ShopperId, need: NeedCode) -> Self {
        Self::new(Purpose::Wanted, [shopper.number(), need.word(), 0])
    }

    /// Which product she looks at on a page of a visit, where it is not the one that she came for: a stream of at most 256
    /// blocks. Page 0 is for what a visit without a need is about.
    #[must_use]
    #[inline]
    pub const fn browsed_product(shopper: ShopperId, visit: VisitKey, page: u16) -> Self {
        debug_assert!(page < PAGES_MAX);
        Self::new(Purpose::Browsed, [shopper.number(), visit.0, (page as u32) << 8])
    }

    /// Whether she tries the coupon field.
    #[must_use]
    pub const fn coupon_field(shopper: ShopperId, visit: VisitKey) -> Self {
        Self::new(Purpose::Walk, [shopper.number(), visit.0, COUPON_FIELD])
    }

    /// How long she stays on a page.
    #[must_use]
    #[inline]
    pub const fn dwell(shopper: ShopperId, visit: VisitKey, page: u16) -> Self {
        debug_assert!(page < PAGES_MAX);
        Self::new(Purpose::Dwell, [shopper.number(), visit.0, page as u32])
    }

    /// Whether a storefront can see her turn to go from a page; the draw is in the second word.
    #[must_use]
    #[inline]
    pub const fn turning_to_go(shopper: ShopperId, visit: VisitKey, page: u16) -> Self {
        debug_assert!(page < PAGES_MAX);
        Self::new(Purpose::Dwell, [shopper.number(), visit.0, TURNING_TO_GO + page as u32])
    }

    /// Visit number `number` of a shopper without a need.
    #[must_use]
    #[inline]
    pub const fn idle_visit(shopper: ShopperId, number: u32) -> Self {
        Self::new(Purpose::Idle, [shopper.number(), number, 0])
    }

    /// Whether fatigue keeps her from that visit.
    #[must_use]
    #[inline]
    pub const fn idle_visit_stayed_away(shopper: ShopperId, number: u32) -> Self {
        Self::new(Purpose::Idle, [shopper.number(), number, 1])
    }

    /// Opening and following a message.
    #[must_use]
    #[inline]
    pub const fn message(shopper: ShopperId, campaign: u32) -> Self {
        Self::new(Purpose::Message, [shopper.number(), campaign, 0])
    }

    /// Whether, and when, lines of the order for a need come back.
    #[must_use]
    #[inline]
    pub const fn returned(shopper: ShopperId, need: NeedCode) -> Self {
        Self::new(Purpose::Return, [shopper.number(), need.word(), 0])
    }

    /// Whether a payment fails.
    #[must_use]
    #[inline]
    pub const fn payment(shopper: ShopperId, visit: VisitKey, attempt: u8) -> Self {
        Self::new(Purpose::Payment, [shopper.number(), visit.0, attempt as u32])
    }

    /// Delay of an answer of the decision engine; `question` is page and decision point.
    #[must_use]
    #[inline]
    pub const fn latency(shopper: ShopperId, visit: VisitKey, question: u32) -> Self {
        Self::new(Purpose::Latency, [shopper.number(), visit.0, question])
    }

    /// What a policy draws for itself about a treatment, or for a lane below 256, at a question.
    #[must_use]
    #[inline]
    pub(crate) const fn policy(shopper: ShopperId, visit: VisitKey, question: u32, lane: u8) -> Self {
        Self::new(Purpose::Policy, [shopper.number(), visit.0, (question << 8) | lane as u32])
    }

    /// Where a cookie stands in the draw of a long-run holdout.
    #[must_use]
    pub(crate) const fn holdout_of_cookie(cookie: CookieId) -> Self {
        Self::new(Purpose::Holdout, [cookie.number(), 0, 0])
    }

    /// Where a customer stands in the draw of a long-run holdout.
    #[must_use]
    pub(crate) const fn holdout_of_customer(customer: CustomerId) -> Self {
        Self::new(Purpose::Holdout, [customer.number(), 1, 0])
    }

    /// Whether the pilot decides at a question, and what.
    #[must_use]
    #[inline]
    pub const fn pilot(shopper: ShopperId, visit: VisitKey, question: u32) -> Self {
        Self::new(Purpose::Pilot, [shopper.number(), visit.0, question])
    }

    /// Whether an event is lost in the information pipe: by moment and kind.
    #[must_use]
    #[inline]
    pub const fn lost_event(shopper: ShopperId, at: Time, kind: u8) -> Self {
        let words = [shopper.number(), (at.0 as u32) ^ ((kind as u32) << 24), (at.0 >> 32) as u32];
        Self::new(Purpose::Pipe, words)
    }

    /// Buying for stock with the order for a need.
    #[must_use]
    #[inline]
    pub const fn stockpile(shopper: ShopperId, need: NeedCode) -> Self {
        Self::new(Purpose::Stockpile, [shopper.number(), need.word(), 0])
    }

    /// Device, log-in and channel of a visit.
    #[must_use]
    #[inline]
    pub const fn identity(shopper: ShopperId, visit: VisitKey) -> Self {
        Self::new(Purpose::Identity, [shopper.number(), visit.0, 0])
    }

    /// Whether she notices a treatment.
    #[must_use]
    #[inline]
    pub const fn notice(shopper: ShopperId, visit: VisitKey, treatment: u8) -> Self {
        Self::new(Purpose::Notice, [shopper.number(), visit.0, treatment as u32])
    }

    /// Whether a shopper is in the sample whose visits and decisions are kept.
    #[must_use]
    pub const fn kept(shopper: ShopperId) -> Self {
        Self::new(Purpose::Kept, [shopper.number(), 0, 0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Every key that there is for one shopper, need, visit, page and number.
    fn all(who: ShopperId, need: NeedCode, visit: VisitKey, page: u16, number: u32) -> Vec<DrawKey> {
        vec![
            DrawKey::product(number),
            DrawKey::cookie_scatter(),
            DrawKey::traits(who, number % 3),
            DrawKey::need(who, need, number % 5),
            DrawKey::taste(who, need),
            DrawKey::slot(who, need, number),
            DrawKey::shock(who, need, visit),
            DrawKey::walk(who, visit, number % 3),
            DrawKey::wanted_product(who, need),
            DrawKey::browsed_product(who, visit, page),
            DrawKey::coupon_field(who, visit),
            DrawKey::dwell(who, visit, page),
            DrawKey::turning_to_go(who, visit, page),
            DrawKey::idle_visit(who, number),
            DrawKey::idle_visit_stayed_away(who, number),
            DrawKey::message(who, number),
            DrawKey::returned(who, need),
            DrawKey::payment(who, visit, (number % 3) as u8),
            DrawKey::latency(who, visit, number),
            DrawKey::policy(who, visit, number & 0xff_ffff, 7),
            DrawKey::holdout_of_cookie(CookieId::new(number)),
            DrawKey::holdout_of_customer(CustomerId::new(number)),
            DrawKey::pilot(who, visit, number),
            DrawKey::lost_event(who, Time(i64::from(number)), 3),
            DrawKey::stockpile(who, need),
            DrawKey::identity(who, visit),
            DrawKey::notice(who, visit, (number % 16) as u8),
            DrawKey::kept(who),
        ]
    }

    proptest! {
        /// Goal: no two things that are left to chance share a draw.
        #[test]
        fn no_two_things_share_a_key(
            (who, category, k) in (0_u32..1 << 24, 0_u8..12, 0_u16..1024),
            (visit, page, number) in (any::<u32>(), 0_u16..PAGES_MAX, 0_u32..u32::MAX - 1),
        ) {
            let keys = all(ShopperId::new(who), NeedCode::new(category, k), VisitKey(visit), page, number);
            let counters: BTreeSet<[u32; 4]> = keys.iter().map(|key| key.counter()).collect();
            prop_assert_eq!(counters.len(), keys.len());
        }
    }
}
