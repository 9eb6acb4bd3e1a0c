//! Tables of the report: needs, dependency, all metrics.

use serde::Serialize;

use super::numbers::{Written, plain, unit_words, written};
use crate::compare::{Facts, Shown, shown_metrics};
use crate::error::Answered;
use crate::library::display_of;

/// Titles of the groups of metrics.
const GROUPS: [(&str, &str); 5] = [
    ("headline", "Headline"),
    ("dashboard", "The shop's dashboard"),
    ("promotion", "Promotion"),
    ("habit", "Habit"),
    ("engine", "Engine"),
];

#[derive(Serialize)]
pub(super) struct ArmHead {
    name: String,
    display: String,
}

#[derive(Serialize)]
pub(super) struct NeedsRow {
    arm: String,
    unchanged: String,
    subsidised: String,
    incremental: String,
    pulled_forward: String,
    lost: String,
    none: String,
}

#[derive(Serialize)]
pub(super) struct DependencyRow {
    arm: String,
    level: String,
    range: String,
    text: String,
}

#[derive(Serialize)]
pub(super) struct Group {
    title: &'static str,
    rows: Vec<MetricRow>,
}

#[derive(Serialize)]
struct MetricRow {
    label: String,
    unit: &'static str,
    definition: &'static str,
    cells: Vec<Written>,
    difference: DifferenceCell,
}

#[derive(Serialize, Default)]
struct DifferenceCell {
    value: String,
    range: String,
    verdict: String,
}

pub(super) fn arms(facts: &Facts) -> Vec<ArmHead> {
    let head = |arm: &str| ArmHead { name: arm.to_owned(), display: display_of(arm).to_owned() };
    facts.arms().into_iter().map(head).collect()
}

pub(super) fn needs(facts: &Facts) -> Answered<Vec<NeedsRow>> {
    let row = |truth: crate::dto::Truth| NeedsRow {
        arm: display_of(&truth.arm).to_owned(),
        unchanged: plain(truth.needs.unchanged),
        subsidised: plain(truth.needs.subsidised),
        incremental: plain(truth.needs.incremental),
        pulled_forward: plain(truth.needs.pulled_forward),
        lost: plain(truth.needs.lost),
        none: plain(truth.needs.none),
    };
    Ok(facts.truth()?.into_iter().map(row).collect())
}

pub(super) fn dependency(facts: &Facts) -> Answered<Vec<DependencyRow>> {
    let shown = shown_metrics().into_iter().find(|shown| shown.name == "dependency_index");
    let purse = facts.purse();
    let mut rows = Vec::new();
    for (place, half_life) in facts.half_lives()?.into_iter().enumerate() {
        let level = shown.map(|shown| facts.level(&shown, place)).transpose()?.flatten();
        let cell = written("percent", &purse, level.as_ref(), false);
        let arm = display_of(&half_life.arm).to_owned();
        rows.push(DependencyRow { arm, level: cell.value, range: cell.range, text: half_life.text });
    }
    Ok(rows)
}

/// All metrics with levels per arm and the difference of one pair.
pub(super) fn groups(facts: &Facts, arm: &str, versus: &str) -> Answered<Vec<Group>> {
    let metrics = shown_metrics();
    let mut groups = Vec::new();
    for (name, title) in GROUPS {
        let mut rows = Vec::new();
        for shown in metrics.iter().filter(|shown| shown.group == name) {
            rows.push(row(facts, shown, (arm, versus))?);
        }
        groups.push(Group { title, rows });
    }
    Ok(groups)
}

fn row(facts: &Facts, shown: &Shown, (arm, versus): (&str, &str)) -> Answered<MetricRow> {
    let purse = facts.purse();
    let mut cells = Vec::new();
    for place in 0..facts.arms().len() {
        cells.push(written(shown.unit, &purse, facts.level(shown, place)?.as_ref(), false));
    }
    let mut difference = DifferenceCell::default();
    if arm != versus {
        let pair = facts.pair(shown, facts.place(arm)?, facts.place(versus)?)?;
        let cell = written(shown.unit, &purse, pair.difference.as_ref(), true);
        let verdict = pair.difference.map_or(String::new(), |_| pair.verdict.label().to_owned());
        difference = DifferenceCell { value: cell.value, range: cell.range, verdict };
    }
    let unit = unit_words(shown.unit);
    Ok(MetricRow { label: shown.label(), unit, definition: shown.definition, cells, difference })
}
