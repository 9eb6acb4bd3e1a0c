//! What crosses the border between the use-cases and the window: plain data, one struct per message.
//!
//! # Promises
//! - **Written for the reader.** Each type holds what one screen shows and nothing else; a field that no screen
//!   reads is removed.
//! - **Plain data.** No behaviour, no borrowed text, no type of another crate: `serde` in, `serde` out. Field names
//!   are snake_case on both sides; enums are snake_case strings.
//! - **Numbers are JSON numbers.** Money is in major units of the run's currency (a display value, never summed
//!   again); days count from 1 at the start of the horizon; absent values are `null`.
//! - **One truth for both languages.** `ui/src/api/types.ts` is generated from these types; the test at the end of
//!   this file fails while the two differ (`COUNTERFOIL_WRITE_BINDINGS=1 cargo test -p counterfoil-api` writes it).
//!
//! # Where to start
//! The commands of the window, as methods of `Api`; all return `Result<_, ApiError>` and take `&self`:
//!
//! | command | arguments | answer |
//! |---|---|---|
//! | `about` | | [`About`] |
//! | `list_scenarios` | | `Vec<`[`ScenarioSummary`]`>`, shipped ones first |
//! | `list_policies` | | `Vec<`[`PolicySummary`]`>`, shipped ones first |
//! | `read_text` | [`TextKind`], name | [`SourceText`] |
//! | `validate_text` | [`TextKind`], name, text | `Vec<`[`TextError`]`>`, nothing is written |
//! | `save_text` | [`TextKind`], name, text | [`SourceText`]; a shipped text is saved as the user's copy, with faults too |
//! | `duplicate_text` | [`TextKind`], name | [`SourceText`] of the copy |
//! | `delete_text` | [`TextKind`], name | nothing; shipped texts refuse |
//! | `dials` | scenario name | `Vec<`[`Dial`]`>`, always six, in a fixed order |
//! | `set_dial` | scenario name, dial id, value | [`DialChange`]; written to disk, a shipped scenario is copied first |
//! | `estimate` | [`RunRequest`] | [`Estimate`] |
//! | `start_run` | [`RunRequest`], `on_progress`, `cancel` | [`RunSummary`] when finished or cancelled (`partial`) |
//! | `resume_run` | run id, `on_progress`, `cancel` | [`RunSummary`] likewise |
//! | `open_sample` | `on_progress`, `cancel` | [`RunSummary`] of the stored sample, computed first where it is missing |
//! | `list_runs` | | `Vec<`[`RunSummary`]`>`, newest first |
//! | `delete_run` | run id | nothing |
//! | `undelete_run` | run id | [`RunSummary`]: the run is back |
//! | `trash` | | [`Trash`] |
//! | `empty_trash` | | [`Emptied`] |
//! | `progress_figure` | `Vec<`[`LiveCurve`]`>`, currency, [`Theme`] | [`Figure`]: the first world's daily curves so far |
//! | `comparison` | [`ComparisonRequest`] | [`ComparisonPage`] |
//! | `figure` | [`FigureRequest`] | [`Figure`] |
//! | `export_figure` | [`FigureRequest`], [`ExportFormat`] | text of the file (the window puts it on the clipboard) |
//! | `export_differences` | run id | CSV text, one row per pair and metric, unrounded |
//! | `store_guess` | run id, [`Guess`] | nothing; a second guess for the same run is refused |
//! | `shoppers` | [`ShopperQuery`] | `Vec<`[`ShopperHit`]`>`, those that differ between the arms first |
//! | `replay` | [`ReplayRequest`] | [`ShopperPage`] |
//! | `live` | [`LiveRequest`], `on_state`, [`LiveControl`] | nothing, when stopped or at the end |
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
