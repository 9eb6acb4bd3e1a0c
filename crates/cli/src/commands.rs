//! One file per command; each unpacks its arguments, calls one use-case and prints.

mod bin;
mod check;
mod files;
mod live;
mod plans;
mod query;
mod replay;
mod run;
mod stored;

use std::path::Path;

use counterfoil_api::Api;

use crate::Outcome;
use crate::args::{Arguments, Command};

/// Does what was asked.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let store = arguments.everywhere.store.as_deref();
    match &arguments.command {
        Command::Run(args) => run::run(args, store),
        Command::Plan(args) => plans::plan(args, store),
        Command::Shard(args) => plans::shard(args, store),
        Command::Merge(args) => plans::merge(args, store),
        Command::Live(args) => live::live(args, store),
        Command::Runs(args) => stored::runs(args, store),
        Command::Show(args) => stored::show(args, store),
        Command::Sql(args) => query::sql(args, store),
        Command::Verify(args) => stored::verify(args, store),
        Command::Note(args) => bin::note(args, store),
        Command::Delete(args) => bin::delete(args, store),
        Command::Restore(args) => bin::restore(args, store),
        Command::Purge(args) => bin::purge(args, store),
        Command::Report(args) => stored::report(args, store),
        Command::Chart(args) => stored::chart(args, store),
        Command::Export(args) => query::export(args, store),
        Command::Replay(args) => replay::replay(args, store),
        Command::Validate(args) => files::validate(args, store),
        Command::Schema(args) => files::schema(args),
        Command::Check(args) => check::check(args, store),
        Command::Accept(args) => check::accept(args, store),
    }
}

/// The use-cases on a store that is only read.
fn reading(store: Option<&Path>) -> anyhow::Result<Api> {
    Ok(Api::read(store)?)
}
