//! What an interval of a difference means, in one of five fixed phrases.
//!
//! # Precedence, first match wins
//! 1. No interval (fewer than two worlds): `not enough worlds`.
//! 2. The whole interval within ± the smallest difference that matters, ends included: `no difference that
//!    matters`. This comes before the sign on purpose: a difference may be certainly positive and yet too small
//!    to act on. An interval of exactly [0, 0] always falls here, also when the smallest difference is zero.
//! 3. The whole interval above zero: `higher`; below zero: `lower`.
//! 4. Otherwise: `no clear difference`.
//!
//! `higher` speaks of the number, not of good or bad: a higher return rate is `higher`.

use crate::interval::Interval;

/// What can be said about a difference at 95 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The arm's value is higher.
    Higher,
    /// The arm's value is lower.
    Lower,
    /// Whatever the difference is, it is too small to act on.
    NoDifferenceThatMatters,
    /// The data allow a relevant difference and allow none.
    NoClearDifference,
    /// Fewer than two worlds have a value on both sides.
    NotEnoughWorlds,
}

impl Verdict {
    /// The phrase that files and screens use.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::NoDifferenceThatMatters => "no difference that matters",
            Self::NoClearDifference => "no clear difference",
            Self::NotEnoughWorlds => "not enough worlds",
        }
    }

    /// The verdict with the two arms swapped.
    #[must_use]
    pub fn swapped(self) -> Self {
        match self {
            Self::Higher => Self::Lower,
            Self::Lower => Self::Higher,
            same => same,
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.label())
    }
}

/// Reads the interval of a difference against the smallest difference that matters.
///
/// `smallest` is in the unit of `difference` and not negative; anything else counts as zero, which switches
/// step 2 off for all but an interval of exactly [0, 0].
#[must_use]
pub fn verdict(difference: &Interval, smallest: f64) -> Verdict {
    let Some(bounds) = difference.bounds else {
        return Verdict::NotEnoughWorlds;
    };
    let smallest = smallest.max(0.0);
    if bounds.low >= -smallest && bounds.high <= smallest {
        Verdict::NoDifferenceThatMatters
    } else if bounds.low > 0.0 {
        Verdict::Higher
    } else if bounds.high < 0.0 {
        Verdict::Lower
    } else {
        Verdict::NoClearDifference
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interval::Bounds;

    fn judged(low: f64, high: f64, smallest: f64) -> &'static str {
        let interval =
            Interval { mean: f64::midpoint(low, high), bounds: Some(Bounds { low, high }), worlds: 4 };
        verdict(&interval, smallest).label()
    }

    /// Goal: every phrase, with the precedence stated above.
    #[test]
    fn every_phrase_in_its_place() {
        assert_eq!(judged(0.5, 2.0, 0.1), "higher");
        assert_eq!(judged(-2.0, -0.5, 0.1), "lower");
        assert_eq!(judged(-1.0, 1.0, 0.1), "no clear difference");
        assert_eq!(judged(-0.05, 0.08, 0.1), "no difference that matters");
        assert_eq!(judged(0.01, 0.02, 0.1), "no difference that matters");
        assert_eq!(judged(0.01, 0.2, 0.1), "higher");
        let one = Interval { mean: 9.0, bounds: None, worlds: 1 };
        assert_eq!(verdict(&one, 100.0).label(), "not enough worlds");
    }

    /// Goal: arms that do exactly the same never end in doubt, whatever the smallest difference.
    #[test]
    fn exactly_zero_is_no_difference() {
        for smallest in [0.0, 1.0, -1.0, f64::NAN] {
            assert_eq!(judged(0.0, 0.0, smallest), "no difference that matters");
        }
        assert_eq!(judged(0.0, 1.0, 0.0), "no clear difference");
    }
}
