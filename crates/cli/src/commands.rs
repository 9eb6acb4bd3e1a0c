//! One file per command; each unpacks its arguments, calls one use-case and prints.

mod check;
mod files;
mod live;
mod query;
mod replay;
mod run;
mod stored;

use std::path::Path;

use counterfoil_api::Api;

use crate::Outcome;
use crate::args::{Arguments, Command};

/// Does what was asked.
pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    match arguments.command {
        Command::Run(args) => run::run(&args),
        Command::Live(args) => live::live(&args),
        Command::Runs(args) => stored::runs(&args),
        Command::Show(args) => stored::show(&args),
        Command::Sql(args) => query::sql(&args),
        Command::Verify(args) => stored::verify(&args),
        Command::Report(args) => stored::report(&args),
        Command::Chart(args) => stored::chart(&args),
        Command::Export(args) => query::export(&args),
        Command::Replay(args) => replay::replay(&args),
        Command::Validate(args) => files::validate(&args),
        Command::Schema(args) => files::schema(&args),
        Command::Check(args) => check::check(&args),
        Command::Accept(args) => check::accept(&args),
    }
}

/// The use-cases on a store that is only read.
fn reading(store: Option<&Path>) -> anyhow::Result<Api> {
    Ok(Api::read(store)?)
}
