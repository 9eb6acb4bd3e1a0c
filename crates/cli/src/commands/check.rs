//! `check` and `accept`: decisions against accepted ones.

use std::path::{Path, PathBuf};

use counterfoil_api::check::{Answer, BASELINES, Change, Checked, CountChange, NotCovered, reason_of};
use serde_json::{Map, Value, json};

use super::reading;
use crate::Outcome;
use crate::args::{AcceptArgs, CheckArgs};
use crate::output::{print, print_json, text_read};
use counterfoil_api::number::count;

/// Changes that are printed in full; all are counted.
const SHOWN_MAX: usize = 20;

fn folder(named: Option<&PathBuf>) -> &Path {
    named.map_or(Path::new(BASELINES), PathBuf::as_path)
}

/// Compares each scenario.
pub(crate) fn check(args: &CheckArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let api = reading(store)?;
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
    Ok(if checked.iter().all(Checked::is_fine) { Outcome::Fine } else { Outcome::Changed })
}

/// Accepts each scenario.
pub(crate) fn accept(args: &AcceptArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let api = reading(store)?;
    let baselines = folder(args.baselines.as_ref());
    for scenario in &args.scenarios {
        let accepted = api.accept(scenario, baselines)?;
        let decisions = count(accepted.decisions);
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
    let mut text =
        format!("{}: {} decisions, {}\n", checked.scenario, count(checked.decisions), verdict(checked));
    for read in &checked.texts {
        text.push_str(&format!("  read {}\n", text_read(read)));
    }
    for note in &checked.notes {
        text.push_str(&format!("  note: {note}\n"));
    }
    if !checked.engine_changed.is_empty() {
        let arms = checked.engine_changed.join(", ");
        text.push_str(&format!(
            "  note: {arms}: scenario and policies say what they said, so the engine changed\n"
        ));
    }
    text.push_str(&arms_changed(checked));
    for change in checked.changes.iter().take(SHOWN_MAX) {
        text.push_str(&told(change, &checked.treatments));
    }
    if checked.changes.len() > SHOWN_MAX {
        text.push_str(&format!("  and {} more\n", count(checked.changes.len() - SHOWN_MAX)));
    }
    for one in &checked.not_covered {
        text.push_str(&not_covered(one));
    }
    if !checked.is_fine() {
        text.push_str(&format!("  hint: if this is meant, run: counterfoil accept {asked}\n"));
    }
    text
}

/// One phrase that says it all.
fn verdict(checked: &Checked) -> String {
    let plural = |many: usize, one: &str, more: &str| match many {
        1 => format!("1 {one}"),
        many => format!("{} {more}", count(many)),
    };
    let mut parts = Vec::new();
    if checked.changes.is_empty() && checked.counts.is_empty() {
        parts.push("all as accepted".to_owned());
    } else {
        parts.push(format!("{} as accepted", count(checked.same)));
        let sample = count(checked.sample);
        let changes = plural(checked.changes.len(), "change", "changes");
        parts.push(format!("{changes} among the {sample} shoppers looked at one by one"));
    }
    if !checked.not_covered.is_empty() {
        parts.push(format!("{} not covered", plural(checked.not_covered.len(), "policy", "policies")));
    }
    parts.join(", ")
}

/// One line per arm: how much of it changed among all shoppers, and where first.
fn arms_changed(checked: &Checked) -> String {
    let mut arms: Vec<&str> = checked.counts.iter().map(|one| one.arm.as_str()).collect();
    arms.dedup();
    let line = |arm: &str| {
        let here: Vec<&CountChange> = checked.counts.iter().filter(|one| one.arm == arm).collect();
        let CountChange { day, point, reason, before, after, .. } = here[0];
        let (places, days) = (count(here.len()), if here.len() == 1 { "place" } else { "places" });
        format!(
            "  {arm}: {places} {days} (day, point, reason) changed among all shoppers, first on day {day}, {point}, \
             {reason}: {before} decisions then, {after} now\n"
        )
    };
    arms.into_iter().map(line).collect()
}

fn not_covered(one: &NotCovered) -> String {
    let short = |hash: &str| hash.get(..12).unwrap_or(hash).to_owned();
    format!(
        "  not covered: policy {} of arm {} says something else ({} then, {} now), but no decision of this run changed\n",
        one.policy,
        one.arm,
        short(&one.before),
        short(&one.after)
    )
}

fn told(change: &Change, treatments: &[String]) -> String {
    let Change { arm, shopper, day, time, point, before, after } = change;
    let why = before.as_ref().zip(after.as_ref()).map(|(before, after)| reasons(before, after, treatments));
    format!(
        "  {arm}, shopper {shopper}, day {day} {time}, {point}\n    before  {}\n    now     {}\n{}",
        words(before.as_ref()),
        words(after.as_ref()),
        why.unwrap_or_default()
    )
}

/// Reasons of single treatments that changed.
fn reasons(before: &Answer, after: &Answer, treatments: &[String]) -> String {
    let pairs = before.reasons.chars().zip(after.reasons.chars()).zip(treatments);
    let changed = pairs.filter(|((before, after), _)| before != after);
    let word = |letter: char| reason_of(letter).unwrap_or("nothing");
    let lines = changed
        .map(|((before, after), name)| format!("    {name}: {} before, {} now\n", word(before), word(after)));
    lines.collect()
}

fn words(answer: Option<&Answer>) -> String {
    let Some(Answer { shown, winner, stage, reason, propensity, .. }) = answer else {
        return "nothing was asked or sent".to_owned();
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
        let letters = answer.reasons.chars().zip(&checked.treatments);
        let reasons: Map<String, Value> =
            letters.filter_map(|(letter, name)| Some((name.clone(), reason_of(letter)?.into()))).collect();
        json!({ "shown": answer.shown, "winner": answer.winner, "stage": answer.stage, "reason": answer.reason,
                "propensity": answer.propensity.parse::<f64>().ok(), "reasons": reasons })
    };
    let change = |change: &Change| {
        json!({ "arm": change.arm, "shopper": change.shopper, "day": change.day, "time": change.time,
                "point": change.point, "before": change.before.as_ref().map(answer), "after": change.after.as_ref().map(answer) })
    };
    let count = |one: &CountChange| {
        json!({ "arm": one.arm, "day": one.day, "point": one.point, "reason": one.reason,
                "before": one.before, "after": one.after })
    };
    let silent = |one: &NotCovered| json!({ "arm": one.arm, "policy": one.policy, "before": one.before, "after": one.after });
    json!({
        "scenario": checked.scenario, "file": checked.file, "decisions": checked.decisions, "same": checked.same,
        "fine": checked.is_fine(), "sample": checked.sample, "read": checked.texts,
        "not_covered": checked.not_covered.iter().map(silent).collect::<Vec<_>>(),
        "engine_changed": checked.engine_changed, "counts": checked.counts.iter().map(count).collect::<Vec<_>>(),
        "notes": checked.notes, "changes": checked.changes.iter().map(change).collect::<Vec<_>>(),
    })
}
