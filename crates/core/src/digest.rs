//! A 128-bit running digest of everything that happens in a unit of work.
//!
//! Not cryptographic: it has to be cheap (a few nanoseconds per event) and to change as soon as one event differs.
//! Reports hash the digests of all units with SHA-256; see the run crate.

use serde::{Deserialize, Serialize};

const FIRST: u64 = 0x9E37_79B9_7F4A_7C15;
const SECOND: u64 = 0xC2B2_AE3D_27D4_EB4F;

/// The running state; fold words in, read the 128 bits out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    left: u64,
    right: u64,
}

impl Default for Digest {
    fn default() -> Self {
        Self { left: FIRST, right: SECOND }
    }
}

impl Digest {
    /// Folds one word in; the order of words matters.
    #[inline]
    pub fn fold(&mut self, word: u64) {
        let product = u128::from(self.left ^ word) * u128::from(FIRST);
        self.left = (product as u64) ^ ((product >> 64) as u64) ^ self.right;
        self.right = (self.right.rotate_left(29) ^ word).wrapping_mul(SECOND).wrapping_add(1);
    }
    /// Folds a signed word in.
    #[inline]
    pub fn fold_signed(&mut self, word: i64) {
        self.fold(word as u64);
    }
    /// Folds another digest in.
    pub fn fold_digest(&mut self, other: Self) {
        self.fold(other.left);
        self.fold(other.right);
    }
    /// The digest with these 32 hexadecimal digits, as written by [`Digest::to_hex`].
    #[must_use]
    pub fn from_hex(hex: &str) -> Option<Self> {
        if hex.len() != 32 || !hex.is_ascii() {
            return None;
        }
        let half = |text: &str| u64::from_str_radix(text, 16).ok();
        Some(Self { left: half(&hex[..16])?, right: half(&hex[16..])? })
    }
    /// The 32 hexadecimal digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        format!("{:016x}{:016x}", self.left, self.right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_value_and_length_matter() {
        let of = |words: &[u64]| {
            let mut digest = Digest::default();
            words.iter().for_each(|&w| digest.fold(w));
            digest
        };
        assert_ne!(of(&[1, 2]), of(&[2, 1]));
        assert_ne!(of(&[0]), of(&[0, 0]));
        assert_ne!(of(&[FIRST, 5]), of(&[FIRST, 6]), "a zero product must not swallow what follows");
        assert_eq!(of(&[7, 8, 9]), of(&[7, 8, 9]));
    }
}
