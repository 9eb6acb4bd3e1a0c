//! What crosses the border between the use-cases and the window: plain data, one struct per message.
//!
//! # Promises
//! - **Written for the reader.** Each type holds what one screen shows and nothing else; a field that no screen
//!   reads is removed.
//! - **Plain data.** No behaviour, no borrowed text: `serde` in, `serde` out. What reading results says and what a chart
//!   draws reaches the page in the types of those crates, without a copy. Field names
//!   are snake_case on both sides; enums are snake_case strings.
//! - **Figures are finished text.** A number crosses for geometry, progress, time, an address or what a person enters, and
//!   for nothing else (`tests/tests/figures.rs`); absent values are `null`.
//! - **One truth for both languages.** `ui/src/api/types.ts` is generated from these types; the test at the end of
//!   this file fails while the two differ (`COUNTERFOIL_WRITE_BINDINGS=1 cargo test -p counterfoil-api` writes it).
//!
//! # Where to start
//! The commands of the window are the functions of `src-tauri/src/commands`; each calls the method of [`crate::Api`] that
//! says what it does and fails with [`ApiError`].
//!
//! `on_progress: &(dyn Fn(Progress) + Sync)` is called as often as the run likes (the window coalesces);
//! `cancel: &AtomicBool` is looked at at least ten times a second; one run at a time, a second one gets
//! [`ErrorCode::Busy`].

mod error;
mod live;
mod page;
mod run;
mod scenario;
mod shopper;

pub use counterfoil_chart::{Figure, LabelValue, LegendEntry, Mark, Table, Theme};
pub use counterfoil_results::{
    Comparison, ComparisonPage, ComparisonRequest, ExportFormat, FigureName, FigureRequest, Guess, LiveCurve,
    PageArm, PageClaim, PageClass, PageDifference, PageGroup, PageGuess, PageMetric, PageNeeds, PageNote,
    PageRange, TextKind, TextRead, Tone,
};
pub use error::{ApiError, ErrorCode};
pub use live::{LiveControl, LiveRequest, LiveRow, LiveRowKind, LiveState};
pub use page::{PageCandidate, PageDecision, PageEntry, PageLane, PageRow, ShopperHit, ShopperPage};
pub use run::{
    About, Choice, Emptied, Estimate, Progress, RunPhase, RunRequest, RunStatus, RunSummary, RunWords, Trash,
};
pub use scenario::{
    AboutBlock, ArmChoice, Dial, DialChange, PolicySummary, ScenarioSummary, SourceText, TextError,
};
pub use shopper::{
    Candidate, Divergence, EntryKind, Loser, ReplayArm, ReplayDecision, ReplayEntry, ReplayRequest,
    ShopperQuery, ShopperReplay,
};

#[cfg(test)]
mod bindings;

/// What the window sees, in the order in which it is written down for it.
#[cfg(test)]
fn declared(config: &ts_rs::Config) -> Vec<String> {
    use counterfoil_chart::figure::{ColumnText, TableText};
    bindings::declarations!(config;
        ApiError, ErrorCode,
        About, RunRequest, Trash, Emptied, Estimate, RunPhase, Progress, LiveCurve, RunStatus, RunSummary, RunWords, Choice,
        ScenarioSummary, AboutBlock, ArmChoice, PolicySummary, TextKind, TextRead, SourceText, TextError, Dial, DialChange,
        Theme, FigureName, FigureRequest, ExportFormat, Figure, Mark, LabelValue, TableText, ColumnText, LegendEntry,
        ComparisonRequest, ComparisonPage, Tone, PageClaim, PageRange, PageGuess, PageArm, PageNote, PageGroup, PageMetric,
        PageDifference, PageNeeds, PageClass, Guess,
        ShopperQuery, ShopperHit, ReplayRequest, ShopperPage, PageLane, EntryKind, PageRow, PageEntry, Divergence,
        PageDecision, Loser, PageCandidate,
        LiveRequest, LiveState, LiveRowKind, LiveRow,
    )
}
