//! `run`: start, resume, add an arm.

use std::path::Path;

use counterfoil_api::dto::{ApiError, ErrorCode, Progress, RunStatus, RunSummary, TextRead};
use counterfoil_api::{AddArm, Api, RunOptions};

use super::bin::with_store;
use crate::Outcome;
use crate::args::RunArgs;
use crate::cancel::on_ctrl_c;
use crate::input::is_input;
use crate::output::{complain, print, print_json, remark, text_read};
use crate::progress::ProgressLine;
use crate::{compare, expected, input};
use counterfoil_api::number::{count, seconds};

/// Runs and prints the comparison.
pub(crate) fn run(args: &RunArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let continues = args.resume.is_some() || args.add_arm.is_some();
    let api = if continues { Api::change(store)? } else { Api::open(store)? };
    let progress_line = ProgressLine::new();
    let report = |progress: Progress| progress_line.report(&progress);
    let done = started(&api, args, &report);
    progress_line.finish();
    let summary = done?;
    if summary.status == RunStatus::Partial {
        say_how_to_resume(&api, &summary, store);
        return Ok(Outcome::Cancelled);
    }
    printed(&api, args, &summary)?;
    if is_deleted(&api, &summary) {
        let done = format!("All worlds of run {} are finished and kept.", summary.id);
        complain(&format!("{done} {}", how_to_restore(&summary, store)));
    }
    Ok(Outcome::Fine)
}

fn printed(api: &Api, args: &RunArgs, summary: &RunSummary) -> anyhow::Result<()> {
    if args.json.json {
        return print_json(&api.document_of_own(&summary.id)?);
    }
    print(&compare::text(&api.comparison_of_own(&summary.id)?))
}

/// Whether somebody deleted the run while it went on.
fn is_deleted(api: &Api, summary: &RunSummary) -> bool {
    api.list_deleted().is_ok_and(|deleted| deleted.iter().any(|run| run.id == summary.id))
}

fn how_to_restore(summary: &RunSummary, store: Option<&Path>) -> String {
    let with_store = with_store(store);
    format!("It was deleted meanwhile; bring it back with:  counterfoil restore {}{with_store}", summary.id)
}

fn started(api: &Api, args: &RunArgs, report: &(dyn Fn(Progress) + Sync)) -> anyhow::Result<RunSummary> {
    let threads = args.threads;
    if let (Some(policy), Some(into)) = (&args.add_arm, &args.into) {
        say_what_is_read(&[api.text_for_arm(policy)?]);
        let add = AddArm { policy: policy.clone(), into: into.clone(), threads };
        return Ok(api.add_arm(&add, report, &on_ctrl_c())?);
    }
    let options = options(args)?;
    if let Some(run) = &args.resume {
        return Ok(api.resume(run, &options, report, &on_ctrl_c())?);
    }
    say_what_is_read(&api.texts_for(&options)?);
    if !expected::agreed(&api.expected(&options)?) {
        return Err(ApiError::new(ErrorCode::Environment, "Nothing was run.")
            .hint("--worlds, --shoppers and --days make a run smaller, --keep summary stores less")
            .into());
    }
    // Only now: Ctrl-C at the question ends the command at once.
    Ok(api.run(&options, report, &on_ctrl_c())?)
}

/// One line per text, before anything is simulated.
pub(super) fn say_what_is_read(texts: &[TextRead]) {
    for text in texts {
        remark(&text_read(text));
    }
}

fn options(args: &RunArgs) -> Result<RunOptions, ApiError> {
    let plain = RunOptions::new(args.scenario.clone().unwrap_or_default());
    let text = is_input(&plain.scenario).then(input::text).transpose()?;
    Ok(RunOptions {
        overrides: args.flags.overrides(),
        text,
        threads: args.threads,
        keep: args.flags.keep().unwrap_or(plain.keep),
        trace: args.trace.unwrap_or(0),
        ..plain
    })
}

fn say_how_to_resume(api: &Api, summary: &RunSummary, store: Option<&Path>) {
    complain(&format!(
        "Cancelled after {}. {} of {} worlds are finished and kept.",
        seconds(summary.seconds),
        summary.units_done,
        count(summary.units),
    ));
    if is_deleted(api, summary) {
        complain(&how_to_restore(summary, store));
    }
    complain(&format!("Go on with:  counterfoil run --resume {}{}", summary.id, with_store(store)));
}
