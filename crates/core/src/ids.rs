//! Numbers that name something, one type for each: a shopper is not a need and an order is not an offer.
//!
//! # Promises
//! - They count from 0 and take four bytes; an `Option` of one takes four bytes as well, so that "none" needs no number
//!   that means something else.
//! - They print as their number. Facts and files hold plain numbers: the types end where something is written down.

/// Makes a type for each thing that numbers name, as those of [module `ids`](mod@crate::ids); also for what only one crate
/// names.
///
/// ```
/// counterfoil_core::ids! {
///     /// A parcel of a warehouse.
///     pub ParcelNumber,
/// }
/// assert_eq!(ParcelNumber::new(7).number(), 7);
/// assert_eq!(size_of::<Option<ParcelNumber>>(), 4);
/// ```
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])+ $vis:vis $name:ident,)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis struct $name(::std::num::NonZeroU32);

        #[allow(dead_code, reason = "not every crate needs every function of its own types")]
        impl $name {
            /// The one with this number, which counts from 0.
            ///
            /// # Panics
            /// At 2^32 - 1, which is one more than there can be.
            #[must_use]
            #[inline]
            pub const fn new(number: u32) -> Self {
                match ::std::num::NonZeroU32::new(number.wrapping_add(1)) {
                    Some(one_more) => Self(one_more),
                    None => panic!("a number below 2^32 - 1"),
                }
            }

            /// The one at this position.
            ///
            /// # Panics
            /// Beyond 2^32 - 2.
            #[must_use]
            #[inline]
            pub fn at(index: usize) -> Self {
                Self::new(u32::try_from(index).expect("positions fit into 32 bits"))
            }

            /// Its number, from 0.
            #[must_use]
            #[inline]
            pub const fn number(self) -> u32 {
                self.0.get() - 1
            }

            /// One word for digests: its number, or all ones for none.
            #[must_use]
            #[inline]
            pub const fn word(id: Option<Self>) -> u32 {
                match id {
                    Some(id) => id.number(),
                    None => u32::MAX,
                }
            }

            /// Its number as a position.
            #[must_use]
            #[inline]
            pub const fn index(self) -> usize {
                self.number() as usize
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.number().fmt(f)
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.number())
            }
        }
    )+};
}

ids! {
    /// A member of a world, as the world knows her: who she truly is. No policy ever holds one.
    pub ShopperId,
    /// A potential need of a world, by position in the order of due times.
    pub NeedIndex,
    /// A customer number: what a shop knows of somebody who logged in or ordered.
    pub CustomerId,
    /// The cookie of a browser.
    pub CookieId,
    /// A session of an arm, by number from its first day on.
    pub SessionNumber,
    /// An order of an arm, by number from its first day on.
    pub OrderNumber,
    /// A personal offer of an arm, by position in its ledger.
    pub OfferNumber,
    /// A question to the policy of an arm, by number from its first day on.
    pub DecisionNumber,
    /// An arm, by position in its plan; control is 0.
    pub ArmIndex,
}

/// A visit of a shopper, named by why it takes place and so the same in every arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VisitKey(pub u32);

impl VisitKey {
    /// Days of a need on which it can cause a visit; later ones are never reached.
    pub const SLOTS: u32 = 1 << 8;
    const WITHOUT_NEED: u32 = 1 << 30;
    const FROM_MESSAGE: u32 = 1 << 31;

    /// The visit for a need on its day number `slot`.
    #[must_use]
    #[inline]
    pub const fn for_need(need: NeedCode, slot: u32) -> Self {
        debug_assert!(slot < Self::SLOTS);
        Self(need.word() << 8 | slot)
    }

    /// Visit number `number` without a need, below 2^30.
    #[must_use]
    #[inline]
    pub const fn without_need(number: u32) -> Self {
        Self(Self::WITHOUT_NEED | number)
    }

    /// The visit that follows a link in the message of a campaign.
    #[must_use]
    #[inline]
    pub const fn from_message(campaign: u32) -> Self {
        Self(Self::FROM_MESSAGE | (campaign & (Self::WITHOUT_NEED - 1)))
    }
}

/// A need among those of its shopper: category and number within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NeedCode(u32);

impl NeedCode {
    /// Most needs of one shopper in one category.
    pub const NEEDS_MAX: u16 = 1 << 10;

    /// Need number `k` of a category.
    #[must_use]
    #[inline]
    pub const fn new(category: u8, k: u16) -> Self {
        debug_assert!(k < Self::NEEDS_MAX);
        Self((category as u32) << 10 | k as u32)
    }

    /// As one word.
    #[must_use]
    #[inline]
    pub const fn word(self) -> u32 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_of_an_id_takes_no_room_and_no_number() {
        assert_eq!(size_of::<Option<ShopperId>>(), 4);
        for number in [0, 1, 7, u32::MAX - 1] {
            assert_eq!(ShopperId::new(number).number(), number);
            assert_eq!(ShopperId::word(Some(ShopperId::new(number))), number);
        }
        assert_eq!(ShopperId::word(None), u32::MAX);
        assert!(std::panic::catch_unwind(|| ShopperId::new(u32::MAX)).is_err());
        assert_eq!(format!("{0} {0:?}", NeedIndex::at(3)), "3 NeedIndex(3)");
    }

    #[test]
    fn visits_of_different_kinds_have_different_names() {
        let largest = NeedCode::new(u8::MAX, NeedCode::NEEDS_MAX - 1);
        let for_need = VisitKey::for_need(largest, VisitKey::SLOTS - 1);
        let (without, message) = (VisitKey::without_need(0), VisitKey::from_message(u32::MAX));
        assert!(for_need < without && without < message && VisitKey::without_need(9) < message);
        assert!(VisitKey::without_need((1 << 30) - 1) < VisitKey::from_message(0));
    }

    #[test]
    fn a_need_is_named_by_category_and_number() {
        assert_eq!(NeedCode::new(2, 5).word(), 2 * 1024 + 5);
        assert_ne!(NeedCode::new(1, 0), NeedCode::new(0, 1023));
    }
}
