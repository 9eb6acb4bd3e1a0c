//! The till: the rules of the shop, written once. What an order gives away and earns, for how long and for which products
//! an offer holds, who counts as one person, how often anybody may be approached, and the books of it all.
//!
//! # Promises
//! - Every policy stands on this crate, and the world's checkout takes its amounts from it: two contestants cannot differ
//!   by their bookkeeping.
//! - Money is integral throughout.
//! - No order that redeems an offer of a policy is below that policy's margin floor ([`scope`]), and rewards of offers that
//!   a policy issued never exceed its budget by a cent ([`ledger`]).
//! - Nothing here values, learns or prefers: segments and tables are `counterfoil-batch`'s, value and choice the engine's.
//!
//! # Where to start
//! [`terms`] for the arithmetic of an order, then [`guard`] for what binds every personal treatment.

mod caps;
mod contacts;
pub mod guard;
mod holdout;
mod issues;
mod ledger;
mod party;
pub mod sale;
pub mod scope;
pub mod terms;
pub mod validity;

pub use contacts::Contacts;
pub use guard::{Guard, Moment, Standing};
pub use party::{Party, entry_mut};
pub use terms::{Amounts, Deal};
