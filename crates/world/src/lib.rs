//! The hidden truth: shoppers with needs, a store, and what happens when they meet.
//!
//! # Promises
//! - Nothing here knows a policy. The world asks its [`Host`] what to show and tells it what a storefront would see.
//! - [`World`] is everything that no arm can change (people, needs, luck); [`ArmState`] is what an arm can. A fork is a clone.
//! - Every draw has a key of its own ([`counterfoil_core::draw`]), so arms differ only through what was shown.
//! - Waiting, fishing, fatigue, pulling forward and dependency are stated nowhere: they come from choices and memory.
//!
//! # Where to start
//! [`World::new`] draws the story; `life.rs` lives through it day by day; `choice.rs` is the seam for how she chooses,
//! `mechanism.rs` lists what lasts in her.

mod agenda;
mod arm;
mod cancel;
mod catalogue;
mod choice;
mod day;
mod fates;
mod host;
mod hours;
mod identity;
mod idle;
mod ledger;
mod life;
mod mechanism;
mod messages;
mod mind;
mod need;
mod node;
mod people;
mod session;
mod visit;
mod visits;
mod world;

pub use arm::ArmState;
pub use cancel::GoOn;
pub use fates::{Fates, NeedState};
pub use host::{Answer, Ended, Host};
pub use idle::IdleVisit;
pub use ledger::Ledger;
pub use mind::Mind;
pub use mind::stock::Earned;
pub use mind::wallet::WalletOffer;
pub use need::Need;
pub use people::{Shopper, Traits};
pub use world::World;
