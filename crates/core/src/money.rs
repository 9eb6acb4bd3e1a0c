//! Money in integer minor units and shares in millionths.
//!
//! Integral on purpose: the sum of a million orders is the same on every machine and for every order of adding.
//! Rounding happens in one place, [`Share::of`], towards zero, so that a discount never exceeds its promise.

use serde::{Deserialize, Serialize};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

/// An amount in minor units (cents) of the scenario's currency; negative is a loss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The amount as a float in minor units, for utilities and statistics only.
    #[must_use]
    #[inline]
    pub fn as_f64(self) -> f64 {
        self.0 as f64
    }

    /// Rounds half away from zero; `minor` is in minor units.
    #[must_use]
    #[inline]
    pub fn from_f64(minor: f64) -> Self {
        let shifted = if minor < 0.0 { minor - 0.5 } else { minor + 0.5 };
        Self(shifted as i64)
    }

    /// The signed decimal string with `decimals` places, as in `-12.05`.
    #[must_use]
    pub fn to_decimal(self, decimals: u32) -> String {
        let base = 10_i64.pow(decimals);
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.abs() / base, self.0.abs() % base);
        if decimals == 0 {
            return format!("{sign}{whole}");
        }
        format!("{sign}{whole}.{rest:0width$}", width = decimals as usize)
    }

    /// Splits this amount over `weights` exactly: shares by weight, the remaining minor units to the largest
    /// remainders (ties to the earlier place). All weights zero: everything goes to the first place.
    #[must_use]
    pub fn split(self, weights: &[i64]) -> Vec<Self> {
        let total: i128 = weights.iter().map(|&w| i128::from(w)).sum();
        if weights.is_empty() {
            return Vec::new();
        }
        if total == 0 {
            let mut parts = vec![Self::ZERO; weights.len()];
            parts[0] = self;
            return parts;
        }
        let amount = i128::from(self.0);
        let mut parts: Vec<i128> =
            weights.iter().map(|&w| (amount * i128::from(w)).div_euclid(total)).collect();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|&i| (std::cmp::Reverse((amount * i128::from(weights[i])).rem_euclid(total)), i));
        let left = amount - parts.iter().sum::<i128>();
        for &place in order.iter().take(usize::try_from(left).unwrap_or(0)) {
            parts[place] += 1;
        }
        parts.into_iter().map(|part| Self(part as i64)).collect()
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}
impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}
impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}
impl SubAssign for Money {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}
impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}
impl Mul<i64> for Money {
    type Output = Self;
    fn mul(self, times: i64) -> Self {
        Self(self.0 * times)
    }
}
impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.map(|m| m.0).sum())
    }
}

/// A share in millionths: `150_000` is 15 %. Between 0 and 1,000,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Share(u32);

impl Share {
    /// Nothing of it.
    pub const ZERO: Self = Self(0);
    /// All of it.
    pub const WHOLE: Self = Self(1_000_000);

    /// `None` above the whole: a discount deeper than the price is a typing error, not a policy.
    #[must_use]
    pub const fn from_millionths(millionths: u32) -> Option<Self> {
        if millionths <= Self::WHOLE.0 { Some(Self(millionths)) } else { None }
    }

    /// From a percentage, rounded to the millionth; `None` outside 0 to 100.
    #[must_use]
    pub fn from_percent(percent: f64) -> Option<Self> {
        if !(0.0..=100.0).contains(&percent) {
            return None;
        }
        Self::from_millionths((percent * 10_000.0 + 0.5) as u32)
    }

    /// In millionths.
    #[must_use]
    pub const fn millionths(self) -> u32 {
        self.0
    }

    /// As a fraction between 0 and 1.
    #[must_use]
    #[inline]
    pub fn fraction(self) -> f64 {
        f64::from(self.0) / 1_000_000.0
    }

    /// This share of `amount`, rounded towards zero.
    #[must_use]
    #[inline]
    pub fn of(self, amount: Money) -> Money {
        // Amounts below 88 billion major units, which is to say all, need no division of 128 bits.
        if amount.0.unsigned_abs() < 1 << 43 {
            return Money(amount.0 * i64::from(self.0) / 1_000_000);
        }
        Money((i128::from(amount.0) * i128::from(self.0) / 1_000_000) as i64)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimals_keep_sign_and_places() {
        assert_eq!(Money(-5).to_decimal(2), "-0.05");
        assert_eq!(Money(123_456).to_decimal(2), "1234.56");
        assert_eq!(Money(77).to_decimal(0), "77");
    }

    #[test]
    fn a_share_above_the_whole_is_refused() {
        assert_eq!(Share::from_percent(150.0), None);
        assert_eq!(Share::from_percent(15.0).unwrap().of(Money(999)), Money(149));
    }

    proptest! {
        /// Both ways of taking a share give the same.
        #[test]
        fn a_share_of_any_amount_is_exact(amount: i64, near in -3_i64..3, millionths in 0_u32..=1_000_000) {
            let share = Share::from_millionths(millionths).unwrap();
            for amount in [amount, (1 << 43) + near, -(1 << 43) + near, amount >> 22] {
                let exact = i128::from(amount) * i128::from(millionths) / 1_000_000;
                prop_assert_eq!(i128::from(share.of(Money(amount)).0), exact);
            }
        }

        /// Order-level costs are split over lines without creating or losing a cent.
        #[test]
        fn splitting_conserves(amount in -1_000_000_i64..1_000_000, weights in prop::collection::vec(0_i64..10_000, 1..9)) {
            let parts = Money(amount).split(&weights);
            prop_assert_eq!(parts.iter().copied().sum::<Money>(), Money(amount));
        }
    }
}
