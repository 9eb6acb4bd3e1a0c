//! Printing: data to standard output in one piece, a reader that went away is no failure, bold only on a terminal.

use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::path::Path;

use anyhow::Context as _;
use counterfoil_api::dto::{ApiError, ErrorCode, TextKind, TextRead};
use serde::Serialize;

/// Writes data to standard output. Whoever read it may have gone (`| head`): that is fine.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("standard output"),
        _ => Ok(()),
    }
}

/// Prints a document as indented JSON.
pub(crate) fn print_json(document: &impl Serialize) -> anyhow::Result<()> {
    print(&(serde_json::to_string_pretty(document)? + "\n"))
}

/// Writes a file whole.
pub(crate) fn write_file(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).map_err(|error| {
        ApiError::new(ErrorCode::Environment, format!("The file cannot be written: {error}."))
            .at(path.display().to_string())
            .hint("check that its folder exists and may be written to")
    })?;
    eprintln!("Wrote {}", path.display());
    Ok(())
}

/// `policy batch (9f86d081884c): scenarios/policies/batch.toml`, or `shipped`.
pub(crate) fn text_read(text: &TextRead) -> String {
    let kind = match text.kind {
        TextKind::Scenario => "scenario",
        TextKind::Policy => "policy",
    };
    let hash = text.hash.as_ref().map(|hash| format!(" ({})", hash.get(..12).unwrap_or(hash)));
    format!("{kind} {}{}: {}", text.name, hash.unwrap_or_default(), text.read)
}

/// Refuses a file whose name has none of the endings.
pub(crate) fn require_ending(path: &Path, allowed: &[&str], what: &str) -> anyhow::Result<()> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("");
    if allowed.contains(&ending) {
        return Ok(());
    }
    let endings: Vec<String> = allowed.iter().map(|ending| format!(".{ending}")).collect();
    Err(ApiError::new(
        ErrorCode::InvalidInput,
        format!("`--out` is {}, but {what} is written as {}", path.display(), endings.join(" or ")),
    )
    .hint(format!("write --out {}", path.with_extension(allowed[0]).display()))
    .into())
}

/// Text as a heading, where somebody looks who likes it so.
pub(crate) fn heading(text: &str) -> String {
    let bold =
        std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if bold { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}
