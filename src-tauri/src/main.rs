//! The window: it opens, passes each command on to the use-cases of `counterfoil-api`, and owns the clipboard.
//!
//! # Promises
//! - **No use-case here.** A command unpacks its arguments, calls one method of `Api` off the main thread and hands
//!   the answer back; what a run or a comparison is, `counterfoil-api` knows.
//! - **A store that cannot be opened is told in the window**, by every command, and never by a crash.
//! - **Nothing of the system is reachable from the page** but the commands below `src/commands/`, which
//!   `build.rs` finds and allows to the one window.
//!
//! # Where to start
//! [`state`] is what the commands share; `commands` are the commands, one file per screen.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]
#![allow(
    clippy::disallowed_types,
    reason = "`generate_context!` makes a hash map of the assets; nothing is simulated here"
)]

mod commands;
mod state;
mod throttle;

use anyhow::Context as _;

fn main() -> anyhow::Result<()> {
    tauri::Builder::default()
        .manage(state::AppState::open())
        .invoke_handler(commands::handler())
        .run(tauri::generate_context!())
        .context("the window could not be opened; `counterfoil run` does the same in a terminal")
}
