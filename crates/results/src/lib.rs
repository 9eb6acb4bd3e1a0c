//! Reading results: comparison, figures, report, documents and sentences, as pure functions of stored facts.
//!
//! # Promises
//! - **No store, no file, no job.** What a run left ([`Facts`]) goes in; intervals, verdicts, words, pictures and texts come
//!   out. Whoever has the facts gets the same answer, byte for byte.
//! - **One of each.** One interval ([`counterfoil_stats::Interval`]), one comparison for document, terminal, page and report,
//!   one bridge. A number is written by `counterfoil_core::number` and by nothing else.
//! - **Only worlds that hold every arm are compared**, so all arms speak of the same shoppers; what does not add up is
//!   refused with its place.
//!
//! # Where to start
//! [`Facts::new`] with what was read from a store, then [`Facts::comparison`], [`Facts::document`], [`Facts::draw`] or
//! [`Facts::report`]. Where a sentence lives: `sentence.rs` (the claim), `payback.rs`, `dependency.rs`; a metric's words:
//! `metrics.rs`.

mod arms;
mod cell;
mod comparison;
mod dependency;
mod document;
mod error;
mod facts;
mod figures;
mod levels;
mod metrics;
mod page;
mod pairing;
mod pairs;
mod payback;
mod read;
mod report;
mod request;
mod sentence;
mod table;
mod truth;
mod words;
mod worlds;

pub use arms::{CONTROL, STATUS_QUO, default_pair, display_of};
pub use comparison::{ArmResult, Comparison};
pub use dependency::Dependency;
pub use document::{Document, DocumentPolicy, DocumentRun, FORMAT};
pub use error::ResultsError;
pub use facts::{ArmWorld, Facts, Run, RunArm, World};
pub use figures::{ExportFormat, FigureName, FigureRequest, LiveCurve, growing};
pub use levels::Level;
pub use metrics::Shown;
pub use page::{
    ComparisonPage, PageArm, PageClaim, PageClass, PageDifference, PageGroup, PageGuess, PageMetric,
    PageNeeds, PageNote, PageRange, Tone,
};
pub use pairs::Difference;
pub use payback::Payback;
pub use read::{SHIPPED, TextKind, TextRead};
pub use request::{ComparisonRequest, Guess};
pub use sentence::{MoneyRange, Sentence};
pub use table::quoted;
pub use truth::{BridgeStep, NeedCounts, Truth};
pub use words::{capitalised, spoken};
