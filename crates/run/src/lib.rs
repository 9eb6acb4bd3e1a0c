//! Drives worlds and arms: history, fork, horizon, probe; in simulated time or paced by the wall clock.
//!
//! # Promises
//! - A unit of work is a pure function: (plan, world number) to [`counterfoil_core::facts::UnitFacts`]; see [`unit::unit`].
//! - Threads, order of arms and interruptions change no byte of a unit.
//! - What is measured by a clock is passed in from outside and never feeds back into a decision; only live mode is judged
//!   by the wall clock.
//!
//! # Where to start
//! [`Plan`] says what is run; [`unit::unit`] runs one world; [`execute`] runs many worlds of many plans.

mod arm;
mod cancel;
mod execute;
pub mod fork;
pub mod hash;
pub mod history;
pub mod live;
pub mod parallel;
pub mod part;
pub mod phase;
pub mod pipe;
pub mod plan;
pub mod record;
pub mod replay;
pub mod storefront;
mod sums;
pub mod tick;
pub mod truth;
pub mod unit;
pub mod worlds;

pub use cancel::Cancelled;
pub use execute::{At, execute, run_worlds};
pub use plan::{Arm, Keep, Plan, PlanError};
pub use worlds::{PlanOfWorlds, Unit};
