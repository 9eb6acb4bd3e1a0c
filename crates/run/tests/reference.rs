//! `docs/scenario-files.md` is written from the field tables and the engine's features, so it cannot go stale.

#![allow(clippy::unwrap_used, missing_docs)]

use counterfoil_engine::FEATURES;
use std::fmt::Write as _;
use std::path::Path;

fn document() -> String {
    let mut text = counterfoil_scenario::reference::markdown();
    text.push_str("\n## Features for eligibility rules\n\n");
    text.push_str("A rule is a CEL expression: comparisons, `&&`, `||`, `!`, `in` with a list, arithmetic and parentheses.\n");
    text.push_str("Anything else is refused when the policy is read, with line and column.\n\n");
    text.push_str("| feature | kind | what it is |\n|---|---|---|\n");
    for feature in FEATURES {
        let _ = writeln!(text, "| `{}` | {:?} | {} |", feature.name, feature.kind, feature.doc);
    }
    text
}

/// Write it anew with `UPDATE_DOCS=1 cargo test -p counterfoil-run --test reference`.
#[test]
fn the_reference_of_scenario_files_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/scenario-files.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, document()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == document(), "docs/scenario-files.md is stale; run with UPDATE_DOCS=1 and commit");
}
