//! `counterfoil`: the use-cases of `counterfoil-api` in a terminal; what scripts and continuous integration call.
//!
//! # Promises
//! - **Nothing is computed here.** A command unpacks its arguments, calls one use-case and prints the answer.
//! - **Data goes to standard output, everything else to standard error.** Without a terminal there is no progress bar
//!   and no colour; `NO_COLOR` is respected.
//! - **Printing never ends the program.** Everything is printed by `output`; the macros that panic are refused.
//! - **Exit codes.** 0 fine; 1 a check found a change or a failed expectation; 2 invalid input or usage; 3 the
//!   surroundings failed, or the command was cancelled.
//!
//! # Where to start
//! [`args`] says what can be asked, `commands` has one file per command, [`compare`] prints the comparison.

#![deny(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod cancel;
mod commands;
mod compare;
mod expected;
mod input;
mod output;
mod place;
mod progress;
mod table;
mod usage;
mod version;

use std::process::ExitCode;

use counterfoil_api::dto::ApiError;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything was done.
    Fine,
    /// A check found a change, or a stored run is not what it says.
    Changed,
    /// What was asked about is not valid; everything about it was said.
    Invalid,
    /// Cancelled before the end.
    Cancelled,
}

impl Outcome {
    fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Changed => 1,
            Self::Invalid => 2,
            Self::Cancelled => 3,
        }
    }
}

fn main() -> ExitCode {
    if let Err(error) = cancel::stand_by() {
        output::complain(&format!("error: {error:#}"));
        return ExitCode::from(3);
    }
    let arguments = match usage::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return ExitCode::from(code),
    };
    if arguments.everywhere.quiet {
        output::be_quiet();
    }
    match commands::run(&arguments) {
        Ok(outcome) => ExitCode::from(outcome.code()),
        Err(error) => {
            output::complain(&format!("error: {error:#}"));
            ExitCode::from(error.downcast_ref::<ApiError>().map_or(3, ApiError::exit_code))
        }
    }
}
