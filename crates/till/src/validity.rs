//! For how long an offer can be redeemed. Checkout and books ask the same two functions, so neither knows an end that the
//! other does not.

use counterfoil_core::time::DAY_MS;
use counterfoil_core::{Time, TreatmentSpec};

/// An offer that holds in its visit only, and one inside a message, hold for this long: the first at most, the second at
/// least, milliseconds (assumption).
pub const A_DAY_MS: i64 = DAY_MS;

/// By how much an offer may be seen after it was decided, milliseconds: the longest deadline that a policy may state.
pub const ON_ITS_WAY_MS: i64 = 60_000;

/// Whether an offer ends with the visit in which it was shown.
#[must_use]
pub fn ends_with_visit(spec: &TreatmentSpec, by_message: bool) -> bool {
    spec.valid_for_ms == 0 && !by_message
}

/// The last moment at which an order can redeem an offer that was seen (or sent) at `at`.
#[must_use]
pub fn until(spec: &TreatmentSpec, at: Time, by_message: bool) -> Time {
    match spec.valid_for_ms {
        0 => at + A_DAY_MS,
        valid if by_message => at + valid.max(A_DAY_MS),
        valid => at + valid,
    }
}
