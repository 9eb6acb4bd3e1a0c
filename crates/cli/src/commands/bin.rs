//! `note`, `delete`, `restore`, `purge`: runs that are named, hidden, brought back, and removed for good.

use std::path::Path;

use counterfoil_api::dto::{ApiError, ErrorCode, RunSummary};
use counterfoil_api::{Api, visible};

use crate::Outcome;
use crate::args::{DeleteArgs, NoteArgs, PurgeArgs, RestoreArgs};
use crate::output::{ask, complain, print, remark};
use counterfoil_api::number::{bytes, counted};

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

/// Gives a run a name or a note.
pub(crate) fn note(args: &NoteArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let run = Api::change(store)?.note_run(&args.run.run, args.name.as_deref(), args.note.as_deref())?;
    print(&format!("Noted: {}.\n", named(&run)))?;
    Ok(Outcome::Fine)
}

/// Removes deleted runs for good, once somebody said yes.
pub(crate) fn purge(args: &PurgeArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let api = Api::change(store)?;
    let (plan, deleted) = (api.purge_plan()?, api.list_deleted()?);
    if deleted.is_empty() && plan.free_bytes == 0 {
        print("No deleted runs to purge.\n")?;
        return Ok(Outcome::Fine);
    }
    if let Some(needed) = plan.needs_bytes {
        remark(&format!(
            "The file is of an older kind and is written anew once for this, which needs {} free on its disk.",
            bytes(needed)
        ));
    }
    if !args.yes && !deleted.is_empty() && !agreed(&deleted)? {
        complain("Nothing was removed.");
        return Ok(Outcome::Cancelled);
    }
    let purged = api.purge_deleted()?;
    print(&format!(
        "Purged {}; the file is {} smaller.\n",
        counted(u64::from(purged.runs), "deleted run"),
        bytes(purged.freed_bytes)
    ))?;
    Ok(Outcome::Fine)
}

/// Whether somebody at the terminal wants these runs gone.
fn agreed(deleted: &[RunSummary]) -> anyhow::Result<bool> {
    let runs = counted(deleted.len() as u64, "deleted run");
    for run in deleted {
        remark(&format!("  {}", named(run)));
    }
    ask(&format!("Remove {runs} for good? This cannot be undone.")).ok_or_else(|| {
        let message = format!("{runs} would be removed for good, and nobody can be asked.");
        ApiError::new(ErrorCode::InvalidInput, message)
            .hint("--yes removes them without a question; `counterfoil runs --deleted` lists them")
            .into()
    })
}

fn named(run: &RunSummary) -> String {
    let created = run.created.as_deref().unwrap_or("an unknown time");
    let (id, scenario) = (visible(&run.id), visible(&run.scenario));
    let name = if run.name.is_empty() { String::new() } else { format!(" \"{}\"", visible(&run.name)) };
    format!("run {id}{name} ({scenario}, {} of {} worlds, {created} UTC)", run.units_done, run.units)
}

/// The flag that names the store again in a hint.
pub(super) fn with_store(store: Option<&Path>) -> String {
    store.map_or_else(String::new, |store| format!(" --store {}", visible(&store.display().to_string())))
}
