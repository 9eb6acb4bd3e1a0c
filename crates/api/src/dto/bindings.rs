//! Goal: the window's TypeScript and these structs never drift apart.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use counterfoil_chart::figure::{ColumnText, TableText};
use ts_rs::{Config, TS};

use super::*;

/// Declarations of the listed types, in that order, each exported and with its documentation.
macro_rules! declarations {
    ($config:expr; $($name:ident),+ $(,)?) => {
        [$(format!("{}export {}\n", <$name as TS>::docs().unwrap_or_default(), <$name as TS>::decl($config))),+]
    };
}

fn generated() -> String {
    let config = Config::default();
    let parts = declarations!(&config;
        ApiError, ErrorCode,
        About, RunRequest, Trash, Emptied, Estimate, RunPhase, Progress, LiveCurve, RunStatus, RunSummary, RunWords, Choice,
        ScenarioSummary, AboutBlock, ArmChoice, PolicySummary, TextKind, TextRead, SourceText, TextError, Dial, DialChange,
        Theme, FigureName, FigureRequest, ExportFormat, Figure, Mark, LabelValue, TableText, ColumnText, LegendEntry,
        ComparisonRequest, ComparisonPage, Tone, PageClaim, PageRange, PageGuess, PageArm, PageNote, PageGroup, PageMetric,
        PageDifference, PageNeeds, PageClass, Guess,
        ShopperQuery, ShopperHit, ReplayRequest, ShopperPage, PageLane, EntryKind, PageRow, PageEntry, Divergence,
        PageDecision, Loser, PageCandidate,
        LiveRequest, LiveState, LiveRowKind, LiveRow,
    );
    format!(
        "// Generated from crates/api/src/dto; do not edit. That module says how to write it anew.\n\n{}",
        parts.join("\n")
    )
}

#[test]
fn typescript_is_up_to_date() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/api/types.ts");
    let wanted = generated();
    assert!(
        !wanted.contains("bigint"),
        "a 64-bit number would reach the window as bigint: give it ts(type = \"number\")"
    );
    if std::env::var_os("COUNTERFOIL_WRITE_BINDINGS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "{} is out of date: run `COUNTERFOIL_WRITE_BINDINGS=1 cargo test -p counterfoil-api typescript`",
        path.display()
    );
}
