//! Asking whether to go on, where a large world takes longer than a moment.

/// Somebody who may cancel what takes long: `false` says so.
pub type GoOn<'a> = &'a mut dyn FnMut() -> bool;

/// Shoppers between two questions whether to go on; drawing so many takes milliseconds.
const ASKED_EVERY: usize = 4_096;

/// Whether it is time to ask again, at this shopper.
pub(crate) fn is_time_to_ask(shopper: usize) -> bool {
    shopper.is_multiple_of(ASKED_EVERY)
}
