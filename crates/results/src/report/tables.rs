//! Tables of the report: needs, dependency, all metrics.

use serde::Serialize;

use counterfoil_core::number::{Unit, count};

use crate::arms::display_of;
use crate::cell::Cell;
use crate::dependency::INDEX;
use crate::error::Answered;
use crate::facts::Facts;
use crate::metrics::{GROUPS, Shown, shown_metrics};
use crate::truth::Truth;

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
    cells: Vec<Cell>,
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
    let row = |truth: Truth| NeedsRow {
        arm: display_of(&truth.arm).to_owned(),
        unchanged: count(truth.needs.unchanged),
        subsidised: count(truth.needs.subsidised),
        incremental: count(truth.needs.incremental),
        pulled_forward: count(truth.needs.pulled_forward),
        lost: count(truth.needs.lost),
        none: count(truth.needs.none),
    };
    Ok(facts.truth()?.into_iter().map(row).collect())
}

pub(super) fn dependency(facts: &Facts) -> Answered<Vec<DependencyRow>> {
    let shown = shown_metrics().into_iter().find(|shown| shown.name == INDEX);
    let mut rows = Vec::new();
    for (place, half_life) in facts.dependencies()?.into_iter().enumerate() {
        let level = shown.map(|shown| facts.level(&shown, place)).transpose()?.flatten();
        let cell = Cell::level(&Unit::Percent, level.as_ref());
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
        cells.push(Cell::level(&shown.number(&purse), facts.level(shown, place)?.as_ref()));
    }
    let mut difference = DifferenceCell::default();
    if arm != versus {
        let pair = facts.pair(shown, facts.place(arm)?, facts.place(versus)?)?;
        let cell = Cell::difference(&shown.number(&purse), pair.difference.as_ref());
        let verdict = pair.difference.map_or(String::new(), |_| pair.verdict.label().to_owned());
        difference = DifferenceCell { value: cell.value, range: cell.range, verdict };
    }
    let unit = shown.word();
    Ok(MetricRow { label: shown.label(), unit, definition: shown.definition, cells, difference })
}
