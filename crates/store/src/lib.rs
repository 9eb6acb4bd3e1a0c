//! Runs on disk: one SQLite file that any client can open, described in `docs/store.md`.
//!
//! # Promises
//! - A finished unit (one world, all its arms) is stored in one transaction: wholly or not at all.
//! - What is stored is never overwritten: a unit that is there stays, a foreign, newer or damaged file is not touched,
//!   a deleted run can be brought back until it is purged.
//! - The resolved scenario and policies are inside, so a run can be repeated from the file alone.
//! - All SQL of the product is in this crate, and nothing here simulates, reads a clock or starts a thread.
//! - Ids of runs come from SQLite's random generator, which the system seeds, and enter no digest.
//!
//! # Where to start
//! [`Store::open`], [`Store::create_run`], [`Store::write_unit`], [`Store::finish_run`]; then [`Store::load_summaries`]
//! for statistics, [`Store::query`] for people. The schema is `sql/schema_1.sql` with the versions after it; what opening
//! leaves alone is in `open.rs`, what changing promises in `change.rs`.

mod change;
mod codes;
mod copy;
mod digests;
mod error;
mod files;
mod keeping;
mod look;
mod migrate;
mod model;
mod open;
mod purge;
mod query;
mod read;
mod rights;
mod runs;
mod shoppers;
mod tables;
mod traces;
mod verify;
mod write;

pub use change::Interrupter;
pub use error::StoreError;
pub use migrate::{APPLICATION_ID, latest_version};
pub use model::{
    ArmRow, ArmSummary, Finish, Keep, NewRun, PolicyRow, RunNo, RunRecord, Status, StoredRun, UnitSummary,
    Written,
};
pub use open::{Mode, Store};
pub use purge::{PurgePlan, Purged};
pub use query::{Answer, EXPORTS, Value};
pub use read::Place;
pub use shoppers::{Interest, ShopperHit, ShopperQuery};
pub use verify::{Difference, Mark};
