//! The use-cases of Counterfoil: run, resume, add an arm, verify, compare, draw, report, replay, watch live.
//!
//! # Promises
//! - **Same answers for everybody.** Window and terminal call the same methods; whatever determines a result is decided
//!   here or below, never in them.
//! - **Nothing is printed and no window is opened.** Progress goes to a closure, results come back as data or text.
//! - **A stored run repeats itself.** Resuming, adding an arm, verifying and replaying read everything that determines
//!   results from the store, never from the file that the run once came from.
//! - **Failures are said, with a remedy.** Every method fails with a [`dto::ApiError`]: code, message, place, hint.
//!
//! # Where to start
//! [`Api::open`], then [`Api::run`] and [`Api::document`]. What the window asks for is listed in [`mod@dto`].

mod api;
pub mod check;
mod clock;
mod document;
pub mod dto;
mod error;
mod estimate;
mod export;
mod facts;
mod figures;
pub mod files;
mod job;
pub mod library;
mod live;
mod machine;
mod performance;
mod places;
mod planning;
mod plans;
mod progress;
mod reading;
mod replay;
pub mod schema;
mod shoppers;
mod summary;
mod texts;

pub use api::{Api, VERSION};
pub use counterfoil_chart::{is_obeyed, visible, visible_but};
pub use counterfoil_core::number;
pub use counterfoil_results::{Difference as PairDifference, Shown};
pub use counterfoil_scenario::Overrides;
pub use counterfoil_store::{Answer, EXPORTS, Keep, PurgePlan, Purged, Value};
pub use document::{Document, Formats, ListedRun, ListedStore, RunsDocument, formats};
pub use estimate::Expected;
pub use job::{AddArm, Difference, Verification};
pub use performance::{Latency, Performance};
pub use places::{Places, STORE_VARIABLE};
pub use planning::RunOptions;
pub use plans::{Conflict, LoadedPlan, Merged, MergedRun, WrittenPlan, unit_numbers};
