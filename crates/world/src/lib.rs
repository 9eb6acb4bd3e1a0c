//! The hidden truth: shoppers with needs, a store, and what happens when they meet.
//!
//! # Promises
//! - Nothing here knows a policy. The world asks its [`Host`] what to show and tells it what a storefront would see.
//! - [`World`] is everything that no arm can change (people, needs, luck); [`Town`] is one arm's state. A fork is a clone.
//! - Every draw is keyed by its place in the story, so arms differ only through what was shown.
//! - Waiting, fishing, fatigue, pulling forward and dependency are stated nowhere: they come from choices and memory.
//!
//! # Where to start
//! [`World::new`] draws the story; [`Town`] lives through it day by day; `choice` holds the utilities of the world model.

mod choice;
mod day;
mod identity;
mod mind;
mod need;
mod order;
mod people;
mod session;
mod shop;
mod show;
mod town;
mod walk;
mod weigh;

pub use mind::{Mind, WalletOffer};
pub use need::Need;
pub use order::Ledger;
pub use people::{Shopper, Traits};
pub use session::{Ended, Session};
pub use town::{Answer, GoOn, Host, NeedState, Town, World};
