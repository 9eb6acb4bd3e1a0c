//! Printing: data to standard output in one piece, remarks and errors to standard error, and nothing else prints.
//!
//! # Promises
//! - **Printing never ends the program.** A reader that went away (`| head`) ends the printing and is no failure; remarks
//!   that nobody can read are dropped; data that a full disk refuses is an error of the surroundings, said after the work.
//! - **Texts of others are shown, not obeyed.** What leaves here holds line ends and tabs, and bold where somebody looks who
//!   likes it so; every other control character and mark of direction is written out.
//!
//! # Where to start
//! [`print`] for data, [`remark`] for what `--quiet` silences, [`complain`] for what it does not.

use std::io::{BufRead as _, BufWriter, ErrorKind, IsTerminal as _, StdoutLock, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use counterfoil_api::dto::{ApiError, ErrorCode, TextKind, TextRead};
use counterfoil_api::{is_obeyed, visible, visible_but};
use serde::Serialize;

/// Where a heading begins and ends, until it is printed: no characters, so that no text can hold them unseen.
const HEADING: [char; 2] = ['\u{fdd0}', '\u{fdd1}'];
/// What a terminal takes them for.
const BOLD: [&str; 2] = ["\u{1b}[1m", "\u{1b}[0m"];

static QUIET: AtomicBool = AtomicBool::new(false);

/// From now on no remarks and no progress.
pub(crate) fn be_quiet() {
    QUIET.store(true, Ordering::SeqCst);
}

/// Whether remarks are wanted.
pub(crate) fn talks() -> bool {
    !QUIET.load(Ordering::SeqCst)
}

/// Says something beside the data, in lines of its own, unless `--quiet` was given.
pub(crate) fn remark(text: &str) {
    if talks() {
        complain(text);
    }
}

/// Says something that has to be said: an error, a loss, how to go on. If nobody can hear it, there is nobody to tell.
pub(crate) fn complain(text: &str) {
    let mut line = page(text);
    line.push('\n');
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}

/// Asks a question that is answered with yes or no, on the terminal; `None` where there is no terminal to ask.
pub(crate) fn ask(question: &str) -> Option<bool> {
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return None;
    }
    let _ = std::io::stderr().lock().write_all(format!("{} [y/N] ", page(question)).as_bytes());
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    Some(read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

/// Writes data to standard output. Whoever read it may have gone (`| head`): that is fine.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    print_if_read(text).map(|_| ())
}

/// The same, and whether anybody still reads.
pub(crate) fn print_if_read(text: &str) -> anyhow::Result<bool> {
    let mut out = std::io::stdout().lock();
    match out.write_all(page(text).as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(full(&error).into()),
    }
}

fn full(error: &std::io::Error) -> ApiError {
    ApiError::new(ErrorCode::Environment, format!("It cannot be written: {error}."))
        .at("standard output")
        .hint("what is stored is stored; make room, or print it somewhere else")
}

/// Prints a document as indented JSON, in which a terminal finds nothing to obey either.
pub(crate) fn print_json(document: &impl Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(document)?;
    let mut plain = String::with_capacity(text.len() + 1);
    let mut units = [0; 2];
    for letter in text.chars() {
        if letter != '\n' && is_obeyed(letter) {
            // Such a character stands within a text, where JSON has an escape for every character.
            plain.extend(letter.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            plain.push(letter);
        }
    }
    print(&(plain + "\n"))
}

/// Writes data to standard output as it comes, as it is; characters are written out on a terminal only.
pub(crate) fn stream(write: impl FnOnce(&mut dyn Write) -> Result<(), ApiError>) -> anyhow::Result<()> {
    let line = std::io::stdout().is_terminal().then(Vec::new);
    let out = BufWriter::new(std::io::stdout().lock());
    let mut reader = Reader { out, line, gone: false, failed: None };
    let written = write(&mut reader);
    let flushed = reader.end_line().and_then(|()| reader.flush());
    match (reader.gone, reader.failed.take()) {
        (true, _) => Ok(()),
        (false, Some(error)) => Err(error.into()),
        (false, None) => flushed.map_err(|error| full(&error).into()).and_then(|()| Ok(written?)),
    }
}

/// Standard output whose reader may go away before the end: then writing ends, and that is no failure.
struct Reader<'a> {
    out: BufWriter<StdoutLock<'a>>,
    /// On a terminal: the line that has begun.
    line: Option<Vec<u8>>,
    gone: bool,
    failed: Option<ApiError>,
}

impl Reader<'_> {
    fn end_line(&mut self) -> std::io::Result<()> {
        let line = self.line.as_mut().map(std::mem::take).unwrap_or_default();
        let done = self.out.write_all(page(&String::from_utf8_lossy(&line)).as_bytes());
        self.seen(done)
    }

    fn seen<T>(&mut self, done: std::io::Result<T>) -> std::io::Result<T> {
        if let Err(error) = &done {
            self.gone |= error.kind() == ErrorKind::BrokenPipe;
            self.failed.get_or_insert_with(|| full(error));
        }
        done
    }
}

impl Write for Reader<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let Some(line) = &mut self.line else {
            let done = self.out.write(bytes);
            return self.seen(done);
        };
        let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |place| place + 1);
        line.extend_from_slice(&bytes[..end]);
        if bytes[..end].ends_with(b"\n") {
            self.end_line()?;
        }
        Ok(end)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let done = self.out.flush();
        self.seen(done)
    }
}

/// A text as it leaves: lines, tabs, headings; all else that would be obeyed is written out.
fn page(text: &str) -> String {
    let ours = |letter: char| matches!(letter, '\n' | '\t') || HEADING.contains(&letter);
    visible_but(text, ours).replace(HEADING[0], BOLD[0]).replace(HEADING[1], BOLD[1])
}

/// `policy batch (9f86d081884c): scenarios/policies/batch.toml`, or `shipped`.
pub(crate) fn text_read(text: &TextRead) -> String {
    let kind = match text.kind {
        TextKind::Scenario => "scenario",
        TextKind::Policy => "policy",
    };
    let hash = text.hash.as_ref().map(|hash| format!(" ({})", hash.get(..12).unwrap_or(hash)));
    format!("{kind} {}{}: {}", visible(&text.name), hash.unwrap_or_default(), visible(&text.read))
}

/// Text as a heading, where somebody looks who likes it so.
pub(crate) fn heading(text: &str) -> String {
    let bold =
        std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let text = visible(text);
    if bold { format!("{}{text}{}", HEADING[0], HEADING[1]) } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn a_page_keeps_its_lines_and_shows_the_rest() {
        assert_eq!(page("a\tb\nc\u{1b}[31m\r\u{202e}"), "a\tb\nc\\u{1b}[31m\\r\\u{202e}");
    }
}
