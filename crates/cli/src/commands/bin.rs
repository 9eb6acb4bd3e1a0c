//! `delete`, `restore`, `purge`: runs that are hidden, brought back, and removed for good.

use std::path::Path;

use counterfoil_api::dto::{ApiError, ErrorCode, RunSummary};
use counterfoil_api::{Api, visible};

use crate::Outcome;
use crate::args::{DeleteArgs, PurgeArgs, RestoreArgs};
use crate::numbers::grouped;
use crate::output::{ask, complain, print, remark};

/// Hides a run.
pub(crate) fn delete(args: &DeleteArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let api = Api::change(store)?;
    let run = api.summary(&args.run.run)?;
    api.delete_run(&run.id)?;
    print(&format!("Deleted {}.\n", named(&run)))?;
    remark(&format!("Bring it back with:  counterfoil restore {}{}", run.id, with_store(store)));
    Ok(Outcome::Fine)
}

/// Brings a run back.
pub(crate) fn restore(args: &RestoreArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let run = Api::change(store)?.undelete_run(&args.run)?;
    print(&format!("Restored {}.\n", named(&run)))?;
    Ok(Outcome::Fine)
}

/// Removes deleted runs for good, once somebody said yes.
pub(crate) fn purge(args: &PurgeArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let api = Api::change(store)?;
    let deleted = api.list_deleted()?;
    if deleted.is_empty() {
        print("No deleted runs to purge.\n")?;
        return Ok(Outcome::Fine);
    }
    let runs = count(deleted.len());
    if !args.yes {
        for run in &deleted {
            remark(&format!("  {}", named(run)));
        }
        match ask(&format!("Remove {runs} for good? This cannot be undone.")) {
            Some(true) => {}
            Some(false) => {
                complain("Nothing was removed.");
                return Ok(Outcome::Cancelled);
            }
            None => {
                let message = format!("{runs} would be removed for good, and nobody can be asked.");
                return Err(ApiError::new(ErrorCode::InvalidInput, message)
                    .hint("--yes removes them without a question; `counterfoil runs --deleted` lists them")
                    .into());
            }
        }
    }
    print(&format!("Purged {}.\n", count(api.purge_deleted()?)))?;
    Ok(Outcome::Fine)
}

fn count(runs: usize) -> String {
    if runs == 1 { "1 deleted run".to_owned() } else { format!("{} deleted runs", grouped(runs as f64)) }
}

fn named(run: &RunSummary) -> String {
    let created = run.created.as_deref().unwrap_or("an unknown time");
    let (id, scenario) = (visible(&run.id), visible(&run.scenario));
    format!("run {id} ({scenario}, {} of {} worlds, {created} UTC)", run.units_done, run.units)
}

/// The flag that names the store again in a hint.
pub(super) fn with_store(store: Option<&Path>) -> String {
    store.map_or_else(String::new, |store| format!(" --store {}", visible(&store.display().to_string())))
}
