//! What can be wrong with the input of a statistic.
//!
//! Every message names the argument, what was found and what is allowed. A statistic that is merely *undefined*
//! (no world left, no spread) is not an error; it is a `None` in the result.

/// Why a statistic could not be computed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StatsError {
    /// Two series that must describe the same units have different lengths.
    #[error(
        "{what}: the arm has {arm} entries but the one it is compared with has {versus}; a pair needs both"
    )]
    Unpaired {
        /// What the entries are, for example `worlds`.
        what: &'static str,
        /// Length on the arm's side.
        arm: usize,
        /// Length on the other side.
        versus: usize,
    },
    /// One world's curve is shorter or longer than the first one's.
    #[error(
        "world {world} has {found} entries but the first world has {expected}; curves must cover the same span"
    )]
    Ragged {
        /// Index of the offending world.
        world: usize,
        /// Its length.
        found: usize,
        /// Length of the first world.
        expected: usize,
    },
    /// The method needs more data.
    #[error("{what}: found {found}, but at least {needed} are needed")]
    TooFew {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        found: u64,
        /// How many the method needs.
        needed: u64,
    },
    /// A number that is infinite or not a number.
    #[error("{what}: entry {index} is not a finite number")]
    NotFinite {
        /// What the entries are.
        what: &'static str,
        /// Index of the offending entry.
        index: usize,
    },
    /// An argument outside its domain.
    #[error("{name} is {found}, but must be {allowed}")]
    OutOfRange {
        /// Name of the argument.
        name: &'static str,
        /// Its value.
        found: f64,
        /// The domain in words.
        allowed: &'static str,
    },
    /// All values are equal where the method divides by their spread.
    #[error("{what}: there is no spread, so the test is not defined")]
    NoSpread {
        /// What has no spread.
        what: &'static str,
    },
    /// The steps of a profit bridge do not lead from the first bar to the last.
    #[error(
        "the profit bridge does not add up: the steps lead to {reached} minor units, the arm's contribution is \
         {expected}, residual {residual}"
    )]
    Residual {
        /// Control contribution plus all steps, minor units.
        reached: i128,
        /// The arm's contribution as booked, minor units.
        expected: i128,
        /// `expected - reached`, minor units.
        residual: i128,
    },
    /// A sum left the range of 64-bit integers.
    #[error("{what}: the sum {sum} does not fit into 64 bits")]
    Overflow {
        /// What was summed.
        what: &'static str,
        /// The exact sum.
        sum: i128,
    },
}

/// Refuses a probability-like argument outside the open interval from 0 to 1.
pub(crate) fn require_open_share(name: &'static str, found: f64) -> Result<(), StatsError> {
    if found > 0.0 && found < 1.0 {
        Ok(())
    } else {
        Err(StatsError::OutOfRange { name, found, allowed: "between 0 and 1, both excluded" })
    }
}

/// Refuses the first entry that is infinite or not a number.
pub(crate) fn require_finite(what: &'static str, values: &[f64]) -> Result<(), StatsError> {
    match values.iter().position(|v| !v.is_finite()) {
        Some(index) => Err(StatsError::NotFinite { what, index }),
        None => Ok(()),
    }
}
