//! Keyed luck: every draw is a pure function of its place in the story.
//!
//! # The promise
//! A draw depends on seed, world and its [`DrawKey`], and on nothing else. There is no stream that an extra draw could
//! shift, so the same shopper has the same luck in every arm, whatever the policy does.
//!
//! # How
//! Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011), checked against the Random123 known answers below. One block
//! gives four words; what needs more takes the next `lane`.
//!
//! # Where to start
//! [`crate::draw`] lists all that is left to chance; then [`Luck::block`], [`uniform`] and the transforms in
//! [`crate::quantile`].

use crate::draw::DrawKey;
use crate::ids::{CookieId, CustomerId, ShopperId, VisitKey};
use rand::TryRng;
use std::convert::Infallible;

const MULTIPLIER: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// One Philox4x32-10 block: ten rounds over the counter under the key.
#[must_use]
#[inline]
pub fn philox(mut key: [u32; 2], mut counter: [u32; 4]) -> [u32; 4] {
    for _ in 0..10 {
        let first = u64::from(MULTIPLIER[0]) * u64::from(counter[0]);
        let second = u64::from(MULTIPLIER[1]) * u64::from(counter[2]);
        counter = [
            (second >> 32) as u32 ^ counter[1] ^ key[0],
            second as u32,
            (first >> 32) as u32 ^ counter[3] ^ key[1],
            first as u32,
        ];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

/// The luck of one world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Luck {
    key: [u32; 2],
}

impl Luck {
    /// The luck of world number `world` of a run with this `seed` (0 to 2^53 - 1).
    #[must_use]
    pub fn new(seed: u64, world: u32) -> Self {
        let block = philox([seed as u32, (seed >> 32) as u32], [world, 0, 0, 0]);
        Self { key: [block[0], block[1]] }
    }

    /// Four independent words.
    #[must_use]
    #[inline]
    pub fn block(&self, key: DrawKey) -> [u32; 4] {
        philox(self.key, key.counter())
    }

    /// One uniform draw in (0, 1).
    #[must_use]
    #[inline]
    pub fn uniform(&self, key: DrawKey) -> f64 {
        uniform(self.block(key)[0])
    }

    /// A stream over the lanes of a key, for what is drawn once, before any arm exists; implements `rand`'s core trait.
    #[must_use]
    pub fn stream(&self, key: DrawKey) -> LuckStream {
        LuckStream { luck: *self, key, lane: 0, words: [0; 4], used: 4 }
    }
}

/// A word as a uniform draw in the open interval (0, 1), at the middle of its 2^-32 cell.
#[must_use]
#[inline]
pub fn uniform(word: u32) -> f64 {
    (f64::from(word) + 0.5) * (1.0 / 4_294_967_296.0)
}

/// A random generator over the lanes of one key. Only for things that are drawn once, before the arms fork.
#[derive(Clone, Debug)]
pub struct LuckStream {
    luck: Luck,
    key: DrawKey,
    lane: u32,
    words: [u32; 4],
    used: usize,
}

impl LuckStream {
    fn next_word(&mut self) -> u32 {
        if self.used == 4 {
            self.words = self.luck.block(self.key.in_lane(self.lane));
            self.lane += 1;
            self.used = 0;
        }
        self.used += 1;
        self.words[self.used - 1]
    }
    /// The next uniform draw in (0, 1).
    pub fn uniform(&mut self) -> f64 {
        uniform(self.next_word())
    }
}

impl TryRng for LuckStream {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next_word())
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let low = u64::from(self.next_word());
        Ok(low | (u64::from(self.next_word()) << 32))
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(4) {
            let word = self.next_word().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

/// The draws that a policy may use at one decision: a name space of its own, the same quantiles for all policies.
///
/// Opaque on purpose: shopper and visit are hidden, even from `{:?}`, and no draw is the same for two visits of one shopper,
/// so a policy learns nothing latent from it.
#[derive(Clone, Copy)]
pub struct PolicyLuck {
    luck: Luck,
    shopper: ShopperId,
    visit: VisitKey,
    question: u32,
}

impl PolicyLuck {
    /// The luck of a decision at `question` (page and decision point as one number, at most 2^24 - 1) of a visit.
    #[must_use]
    pub fn new(luck: Luck, shopper: ShopperId, visit: VisitKey, question: u32) -> Self {
        Self { luck, shopper, visit, question }
    }
    /// The quantile in (0, 1) that belongs to one treatment (or lane below 256) at this decision.
    #[must_use]
    pub fn quantile(&self, lane: u8) -> f64 {
        self.luck.uniform(DrawKey::policy(self.shopper, self.visit, self.question, lane))
    }
    /// The page and decision point of the visit, as one number; says nothing about the shopper.
    #[must_use]
    pub fn question(&self) -> u32 {
        self.question
    }
}

impl std::fmt::Debug for PolicyLuck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PolicyLuck")
    }
}

/// The draws of a long-run holdout: by cookie or by customer number, which the shop knows, and by nothing else.
///
/// The same in every arm of a world.
#[derive(Clone, Copy)]
pub struct HoldoutLuck {
    luck: Luck,
}

impl HoldoutLuck {
    /// The holdout draws of a world.
    #[must_use]
    pub fn new(luck: Luck) -> Self {
        Self { luck }
    }
    /// Where a cookie stands in (0, 1).
    #[must_use]
    pub fn of_cookie(&self, cookie: CookieId) -> f64 {
        self.luck.uniform(DrawKey::holdout_of_cookie(cookie))
    }
    /// Where a customer stands in (0, 1).
    #[must_use]
    pub fn of_customer(&self, customer: CustomerId) -> f64 {
        self.luck.uniform(DrawKey::holdout_of_customer(customer))
    }
}

impl std::fmt::Debug for HoldoutLuck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HoldoutLuck")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::NeedCode;
    use proptest::prelude::*;

    /// The known answers published with Random123 for philox4x32-10.
    #[test]
    fn philox_gives_the_known_answers() {
        assert_eq!(philox([0, 0], [0; 4]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            philox([u32::MAX; 2], [u32::MAX; 4]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox([0xa409_3822, 0x299f_31d0], [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    proptest! {
        /// Law (d): one purpose's draws never shift another's, and every part of the place matters.
        #[test]
        fn every_part_of_the_key_matters(
            (seed, world) in (0_u64..(1 << 53), 0_u32..1000),
            (who, k, visit) in (0_u32..1 << 30, 0_u16..1000, any::<u32>()),
        ) {
            let luck = Luck::new(seed, world);
            let (shopper, need, visit) = (ShopperId::new(who), NeedCode::new(0, k), VisitKey(visit));
            let here = luck.block(DrawKey::shock(shopper, need, visit));
            prop_assert_eq!(here, luck.block(DrawKey::shock(shopper, need, visit)));
            prop_assert_ne!(here, luck.block(DrawKey::slot(shopper, need, visit.0)));
            prop_assert_ne!(here, Luck::new(seed, world + 1).block(DrawKey::shock(shopper, need, visit)));
            let another = ShopperId::new(who + 1);
            prop_assert_ne!(here, luck.block(DrawKey::shock(another, need, visit)));
            prop_assert_ne!(here, luck.block(DrawKey::shock(shopper, NeedCode::new(0, k + 1), visit)));
            let later = VisitKey(visit.0.wrapping_add(1));
            prop_assert_ne!(here, luck.block(DrawKey::shock(shopper, need, later)));
        }
    }

    /// What a policy holds in its hands says nothing about who she is.
    #[test]
    fn draws_of_a_policy_do_not_print_their_place() {
        let printed = |shopper| {
            format!("{:?}", PolicyLuck::new(Luck::new(1, 0), ShopperId::new(shopper), VisitKey(3), 4))
        };
        assert_eq!(printed(1), printed(2));
        assert_eq!(format!("{:?}", HoldoutLuck::new(Luck::new(1, 0))), "HoldoutLuck");
    }

    #[test]
    fn uniforms_never_touch_the_ends() {
        assert!(uniform(0) > 0.0);
        assert!(uniform(u32::MAX) < 1.0);
    }

    #[test]
    fn the_stream_is_a_generator_for_rand() {
        use rand::RngExt as _;
        let mut stream = Luck::new(7, 0).stream(DrawKey::product(1));
        let mean = (0..20_000).map(|_| stream.random::<f64>()).sum::<f64>() / 20_000.0;
        assert!((mean - 0.5).abs() < 0.01, "mean of uniforms is {mean}");
    }
}
