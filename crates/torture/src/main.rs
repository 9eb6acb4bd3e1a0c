//! A campaign against the built program, outside the tests: `cargo xtask torture`.
//!
//! # Promises
//! - Every try is a function of seed, kind and number; a failure says how to repeat it, and its folder is kept.
//! - What cannot be tried here (a small file system without root) is said, and counts as nothing.
//! - Tries touch nothing outside their folder.
//! - It ends with a table of tries and failures by kind, and with exit 1 if there is any failure.
//!
//! # Where to start
//! [`kinds`] lists what is tried; `campaign` shares out the time; `docs/reliability.md` says what is promised.

#[cfg(unix)]
mod campaign;
#[cfg(unix)]
mod dice;
#[cfg(unix)]
mod ground;
#[cfg(unix)]
mod inner;
#[cfg(unix)]
mod kinds;
#[cfg(unix)]
mod options;
#[cfg(unix)]
mod program;
mod stock;
#[cfg(unix)]
mod tally;

use std::process::ExitCode;

#[cfg(unix)]
fn main() -> ExitCode {
    options::start()
}

#[cfg(not(unix))]
fn main() -> ExitCode {
    eprintln!("The campaign needs the signals of a Unix system; nothing was tried.");
    ExitCode::from(3)
}
