//! `cargo xtask`: from a fresh clone to the open window, or through every check, in one command.
//!
//! # Promises
//! - **Says before it does.** What is missing is listed, and what would be installed, before anything is installed;
//!   `--yes` answers the question beforehand.
//! - **Always ends somewhere useful.** `run` without a display, or without Node, compares in the terminal and writes
//!   the HTML report.
//! - **Skips nothing silently.** In `test` a check that could not run is a failed check.
//! - Standard library only.
//!
//! # Where to start
//! [`run`], [`test`] and [`torture`] are the commands; [`system`] knows the package managers.

mod front;
mod node;
mod run;
mod shell;
mod steps;
mod system;
mod test;
mod torture;

use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask <command>

  run  [--yes]            checks what is missing, installs it, builds, and opens the window;
                          without a display or Node: the same comparison in the terminal, and its report
  test [--yes] [--full]   likewise, then every check, with an end-to-end test in a real window;
                          --full adds the release build's results and the documentation
  ui   [--yes]            writes the TypeScript types anew, checks and builds the front end alone
  torture [--release] [--minutes N] [--seed S] [--only KIND] [--try N] [--folder DIR] [--markdown]
                          kills, full disks, damaged files and hostile words against the built program, 10 minutes
                          unless told otherwise; every failure says how to repeat it (docs/reliability.md)

  --yes                   installs system packages without asking
";

/// Everything went well.
const FINE: u8 = 0;
/// A check failed.
const FAILED: u8 = 1;
/// The command line is not understood.
const USAGE_ERROR: u8 = 2;
/// The surroundings lack something.
const ENVIRONMENT: u8 = 3;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, rest @ ..] = arguments.as_slice()
        && first == "torture"
    {
        return torture::torture(rest).into();
    }
    let (flags, words): (Vec<&str>, Vec<&str>) =
        arguments.iter().map(String::as_str).partition(|word| word.starts_with('-'));
    let has = |name: &str| flags.contains(&name);
    if has("--help") || has("-h") {
        print!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let allowed: &[&str] = if words == ["test"] { &["--yes", "--full"] } else { &["--yes"] };
    if let Some(unknown) = flags.iter().find(|flag| !allowed.contains(flag)) {
        eprintln!("unknown option `{unknown}`\n\n{USAGE}");
        return USAGE_ERROR.into();
    }
    match words.as_slice() {
        ["run"] => run::run(has("--yes")).into(),
        ["test"] => test::test(has("--yes"), has("--full")).into(),
        ["ui"] => front::ui(has("--yes")).into(),
        _ => {
            eprint!("{USAGE}");
            USAGE_ERROR.into()
        }
    }
}
