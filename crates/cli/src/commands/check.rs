//! `check` and `accept`: decisions against accepted ones.

use std::path::{Path, PathBuf};

use counterfoil_api::check::{Answer, BASELINES, Change, Checked};
use serde_json::{Value, json};

use super::reading;
use crate::Outcome;
use crate::args::{AcceptArgs, CheckArgs};
use crate::numbers::grouped;
use crate::output::{print, print_json};

/// Changes that are printed in full; all are counted.
const SHOWN_MAX: usize = 20;

fn folder(named: Option<&PathBuf>) -> &Path {
    named.map_or(Path::new(BASELINES), PathBuf::as_path)
}

/// Compares each scenario.
pub(crate) fn check(args: &CheckArgs) -> anyhow::Result<Outcome> {
    let api = reading(args.store.store.as_deref())?;
    let baselines = folder(args.baselines.as_ref());
    let mut checked = Vec::new();
    for scenario in &args.scenarios {
        let result = api.check(scenario, baselines)?;
        if !args.json.json {
            print(&described(scenario, &result))?;
        }
        checked.push(result);
    }
    if args.json.json {
        print_json(&json!({ "format": 1, "scenarios": checked.iter().map(document).collect::<Vec<_>>() }))?;
    }
    let same = checked.iter().all(|one| one.changes.is_empty());
    Ok(if same { Outcome::Fine } else { Outcome::Changed })
}

/// Accepts each scenario.
pub(crate) fn accept(args: &AcceptArgs) -> anyhow::Result<Outcome> {
    let api = reading(args.store.store.as_deref())?;
    let baselines = folder(args.baselines.as_ref());
    for scenario in &args.scenarios {
        let accepted = api.accept(scenario, baselines)?;
        let decisions = grouped(accepted.decisions as f64);
        let what = if accepted.changed { "written to" } else { "as before in" };
        print(&format!(
            "{}: {decisions} decisions, {what} {}\n",
            accepted.scenario,
            accepted.file.display()
        ))?;
    }
    Ok(Outcome::Fine)
}

fn described(asked: &str, checked: &Checked) -> String {
    let (count, same) = (grouped(checked.decisions as f64), grouped(checked.same as f64));
    let mut text = match checked.changes.len() {
        0 => format!("{}: {count} decisions, all as accepted\n", checked.scenario),
        1 => format!("{}: {count} decisions, {same} as accepted, 1 change\n", checked.scenario),
        more => format!(
            "{}: {count} decisions, {same} as accepted, {} changes\n",
            checked.scenario,
            grouped(more as f64)
        ),
    };
    for note in &checked.notes {
        text.push_str(&format!("  note: {note}\n"));
    }
    for change in checked.changes.iter().take(SHOWN_MAX) {
        text.push_str(&told(change));
    }
    if checked.changes.len() > SHOWN_MAX {
        text.push_str(&format!("  and {} more\n", grouped((checked.changes.len() - SHOWN_MAX) as f64)));
    }
    if !checked.changes.is_empty() {
        text.push_str(&format!("  hint: if this is meant, run: counterfoil accept {asked}\n"));
    }
    text
}

fn told(change: &Change) -> String {
    let Change { arm, shopper, day, time, point, before, after } = change;
    format!(
        "  {arm}, shopper {shopper}, day {day} {time}, {point}\n    before  {}\n    now     {}\n",
        words(before.as_ref()),
        words(after.as_ref())
    )
}

fn words(answer: Option<&Answer>) -> String {
    let Some(Answer { shown, winner, stage, reason, propensity }) = answer else {
        return "nothing was shown or refused".to_owned();
    };
    let what = match (shown, winner) {
        (Some(shown), _) => format!("shows {shown}"),
        (None, Some(winner)) => format!("does not show {winner}"),
        (None, None) => "shows nothing".to_owned(),
    };
    format!("{what}  ({stage}: {reason}, propensity {propensity})")
}

fn document(checked: &Checked) -> Value {
    let answer = |answer: &Answer| {
        json!({ "shown": answer.shown, "winner": answer.winner, "stage": answer.stage, "reason": answer.reason,
                "propensity": answer.propensity.parse::<f64>().ok() })
    };
    let change = |change: &Change| {
        json!({ "arm": change.arm, "shopper": change.shopper, "day": change.day, "time": change.time,
                "point": change.point, "before": change.before.as_ref().map(answer), "after": change.after.as_ref().map(answer) })
    };
    json!({
        "scenario": checked.scenario, "file": checked.file, "decisions": checked.decisions, "same": checked.same,
        "notes": checked.notes, "changes": checked.changes.iter().map(change).collect::<Vec<_>>(),
    })
}
