//! `plan`, `shard`, `merge`: the units of runs, simulated wherever there is room.

use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use counterfoil_api::dto::{ApiError, ErrorCode, Progress, RunStatus};
use counterfoil_api::files::{FileKind, Protected};
use counterfoil_api::{Api, Conflict, LoadedPlan, Merged, MergedRun, RunOptions, unit_numbers, visible};
use serde_json::json;

use super::run::say_what_is_read;
use crate::Outcome;
use crate::args::{MergeArgs, OutArgs, PlanArgs, ShardArgs};
use crate::cancel::on_ctrl_c;
use crate::input::{self, is_input};
use crate::output::{complain, print, print_json, remark};
use crate::place::Place;
use crate::progress::ProgressLine;
use counterfoil_api::number::count;

/// Writes a plan.
pub(crate) fn plan(args: &PlanArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let api = Api::read(store)?;
    let options = args.scenarios.iter().map(|name| options(args, name));
    let plan = api.plan(&options.collect::<Result<Vec<_>, _>>()?)?;
    say_what_is_read(&plan.read);
    let out = out(args.out.as_ref(), args.force);
    let protected = api.protected_with(&plan.read);
    let place = Place::beside(&protected, &out, &[("json", FileKind::Plan)], "a plan")?;
    let outcome = place.write_text(&plan.text)?;
    let variants: Vec<String> =
        plan.variants.iter().map(|(name, worlds)| format!("{} ({worlds})", visible(name))).collect();
    let units = count(plan.units);
    remark(&format!("Plan {}: {units} units: {}", short(&plan.hash), variants.join(", ")));
    Ok(outcome)
}

fn options(args: &PlanArgs, scenario: &str) -> Result<RunOptions, ApiError> {
    let plain = RunOptions::new(scenario);
    let text = is_input(scenario).then(input::text).transpose()?;
    let keep = args.flags.keep().unwrap_or(plain.keep);
    Ok(RunOptions { overrides: args.flags.overrides(), text, keep, ..plain })
}

/// Simulates some units of a plan.
pub(crate) fn shard(args: &ShardArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let out = out(args.out.as_ref(), args.force);
    if out.out == Path::new("-") && std::io::stdout().is_terminal() {
        let error = "Partial results are no text, and standard output is a terminal.";
        return Err(ApiError::new(ErrorCode::InvalidInput, error)
            .hint("--out 1.part writes a file; > 1.part does too")
            .into());
    }
    let plan = LoadedPlan::read(&args.plan)?;
    let units: BTreeSet<u32> = match &args.units {
        Some(text) => unit_numbers(text, plan.units())?,
        None => (1..=plan.units()).collect(),
    };
    let mut protected = Api::read(store)?.protected_with(&[]);
    protected.push(Protected { path: args.plan.clone(), what: "the plan" });
    let place = Place::beside(&protected, &out, &[("part", FileKind::Part)], "a part")?;
    let (progress_line, cancel) = (ProgressLine::new(), on_ctrl_c());
    let report = |progress: Progress| progress_line.report(&progress);
    let done = place.write(|out| plan.shard(&units, args.threads, (&report, &cancel), out));
    progress_line.finish();
    done
}

/// Puts parts together.
pub(crate) fn merge(args: &MergeArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let plan = LoadedPlan::read(&args.plan)?;
    let api = Api::open(store)?;
    let cancel = on_ctrl_c();
    match api.merge(&plan, &args.parts, &cancel)? {
        Merged::Differ(conflict) => {
            complain(&differ(&conflict));
            Ok(Outcome::Changed)
        }
        Merged::Runs(runs) => {
            if args.json.json {
                let runs: Vec<_> = runs.iter().map(json_of).collect();
                print_json(&json!({ "format": 1, "plan": plan.hash(), "runs": runs }))?;
            } else {
                print(&runs.iter().map(line).collect::<String>())?;
            }
            Ok(if cancel.load(Ordering::Relaxed) { Outcome::Cancelled } else { Outcome::Fine })
        }
    }
}

fn out(path: Option<&PathBuf>, force: bool) -> OutArgs {
    OutArgs { out: path.cloned().unwrap_or_else(|| PathBuf::from("-")), force }
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

fn differ(conflict: &Conflict) -> String {
    let Conflict { unit, scenario, world, places: [one, other] } = conflict;
    format!(
        "error: unit {unit} (world {world} of {}) has two results that are not the same; nothing was merged\n  \
         one:   {}\n  other: {}\n  \
         hint: another build, a changed machine or a damaged memory made one of them; simulate the unit again on a machine \
         that you trust, and leave out what differs",
        visible(scenario),
        visible(one),
        visible(other)
    )
}

fn line(merged: &MergedRun) -> String {
    let run = &merged.run;
    let state = match (&run.status, &run.result_hash) {
        (RunStatus::Complete, Some(hash)) => format!("complete, result hash {}", short(hash)),
        _ => format!("partial; go on with: counterfoil run --resume {}", run.id),
    };
    let (done, units) = (run.units_done, run.units);
    format!(
        "{}  {}: {done} of {units} worlds ({} new), {state}\n",
        run.id,
        visible(&run.scenario),
        merged.written
    )
}

fn json_of(merged: &MergedRun) -> serde_json::Value {
    let run = &merged.run;
    let status = if run.status == RunStatus::Complete { "complete" } else { "partial" };
    json!({
        "id": run.id, "scenario": run.scenario, "status": status, "units": run.units, "units_done": run.units_done,
        "units_written": merged.written, "result_hash": run.result_hash,
    })
}
