//! Kinds of files, told by how their content begins, never by their name alone.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use counterfoil_run::part::MAGIC;

use super::Before;

/// Bytes at the beginning of a file that are looked at.
const LOOKED_AT: u64 = 16_384;

/// Kinds of files that are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A report.
    Html,
    /// A picture.
    Svg,
    /// A table.
    Csv,
    /// Accepted decisions.
    Baseline,
    /// A plan of worlds.
    Plan,
    /// Partial results of a plan.
    Part,
    /// A scenario or policy of the library: whatever stands there is the user's text under that name.
    Text,
}

impl FileKind {
    /// Words for one file of the kind.
    #[must_use]
    pub fn one(self) -> &'static str {
        match self {
            Self::Html => "an HTML page",
            Self::Svg => "an SVG picture",
            Self::Csv => "a CSV table",
            Self::Baseline => "accepted decisions",
            Self::Plan => "a plan of worlds",
            Self::Part => "partial results",
            Self::Text => "a text",
        }
    }

    /// Whether a file that begins so is of this kind.
    fn begins(self, head: &str) -> bool {
        let head = head.trim_start_matches('\u{feff}').trim_start();
        let lower = head.get(..64.min(head.len())).unwrap_or("").to_ascii_lowercase();
        match self {
            Self::Html => lower.starts_with("<!doctype html") || lower.starts_with("<html"),
            Self::Svg => {
                lower.starts_with("<svg")
                    || (lower.starts_with("<?xml") || lower.starts_with("<!doctype svg"))
                        && head.contains("<svg")
            }
            Self::Csv => is_table(head),
            Self::Baseline => head.starts_with("# Accepted decisions of "),
            Self::Plan => head.starts_with('{') && head.contains("\"written_by\""),
            Self::Part => head.as_bytes().starts_with(&MAGIC),
            Self::Text => true,
        }
    }
}

/// Whether the first two lines are rows of one table: as many cells, and more than one.
fn is_table(head: &str) -> bool {
    let plain = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    let mut lines = head.lines();
    let Some(first) = lines.next().map(cells) else { return false };
    first > 1 && head.chars().all(plain) && lines.next().is_none_or(|second| cells(second) == first)
}

/// Cells of a line, with commas inside quotation marks left out.
fn cells(line: &str) -> usize {
    let mut quoted = false;
    let comma = |c: &char| {
        quoted ^= *c == '"';
        *c == ',' && !quoted
    };
    1 + line.chars().filter(comma).count()
}

/// What the file at `path`, which is not empty, is to somebody who is about to write a file of this kind.
pub(super) fn found(path: &Path, kind: FileKind) -> io::Result<Before> {
    if kind == FileKind::Text {
        return Ok(Before::SameKind);
    }
    let mut head = Vec::new();
    File::open(path)?.take(LOOKED_AT).read_to_end(&mut head)?;
    let text = match std::str::from_utf8(&head) {
        Ok(text) => text,
        // A letter may be cut at the end of what was read; partial results have letters at their beginning only.
        Err(error) if error.error_len().is_none() || kind == FileKind::Part => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or("")
        }
        Err(_) => return Ok(Before::OtherKind),
    };
    Ok(if kind.begins(text) { Before::SameKind } else { Before::OtherKind })
}

#[cfg(test)]
mod tests {
    use super::FileKind::{Baseline, Csv, Html, Part, Plan, Svg};

    #[test]
    fn content_tells_the_kind() {
        for (kind, head) in [
            (Html, "<!DOCTYPE html>\n<html>"),
            (Html, "\u{feff}\n <HTML lang=\"en\">"),
            (Svg, "<svg xmlns=\"http://www.w3.org/2000/svg\">"),
            (Svg, "<?xml version=\"1.0\"?>\n<!-- x --><svg>"),
            (Csv, "arm,world,orders\nbatch,0,12\n"),
            (Csv, "a,\"b, c\"\n1,2\n"),
            (Csv, "a,b"),
            (Baseline, "# Accepted decisions of placebo. `counterfoil check`"),
            (Plan, "{\n  \"format\": 1,\n  \"written_by\": \"0.1.0\""),
            (Part, "CFPART\r\n\u{1}"),
        ] {
            assert!(kind.begins(head), "{kind:?} {head}");
        }
        for (kind, head) in [
            (Html, "<svg>"),
            (Svg, "<!DOCTYPE html><svg>"),
            (Csv, "Dear all, this is a letter.\nSincerely\n"),
            (Csv, "format = 1\nname = \"x\"\n"),
            (Csv, "SQLite format 3\0,"),
            (Csv, "single\ncolumn\n"),
            (Baseline, "# Notes\n"),
            (Plan, "{ \"format\": 1, \"runs\": [] }"),
            (Part, "{}"),
        ] {
            assert!(!kind.begins(head), "{kind:?} {head}");
        }
    }
}
