//! The headline figure as rows: one per arm with its levels, one per arm with its differences.

use super::layout::level_of;
use crate::data::Headline;
use crate::figure::{Cell, Column, Table};

/// Columns: arm, compared with (empty for a level), then low, mean, high and verdict per panel and the second
/// metric's mean.
pub(crate) fn table(data: &Headline) -> Table {
    let mut columns = vec![Column::new("arm", ""), Column::new("compared with", "")];
    for panel in &data.panels {
        let unit = panel.unit.header();
        for end in ["low", "mean", "high"] {
            columns.push(Column::new(&format!("{} {end}", panel.measure), &unit));
        }
        columns.push(Column::new(&format!("{} verdict", panel.measure), ""));
        if let Some(second) = &panel.secondary {
            columns.push(Column::new(&format!("{} mean", second.measure), &second.unit.header()));
        }
    }
    let levels = data.arms.iter().map(|arm| level_row(data, &arm.name));
    let others = data.arms.iter().filter(|arm| arm.name != data.reference);
    Table { columns, rows: levels.chain(others.map(|arm| difference_row(data, &arm.name))).collect() }
}

fn level_row(data: &Headline, arm: &str) -> Vec<Cell> {
    let mut row = vec![Cell::text(arm), Cell::Empty];
    for panel in &data.panels {
        row.extend([Cell::Empty, Cell::maybe(level_of(&panel.levels, arm)), Cell::Empty, Cell::Empty]);
        if let Some(second) = &panel.secondary {
            row.push(Cell::maybe(level_of(&second.levels, arm)));
        }
    }
    row
}

fn difference_row(data: &Headline, arm: &str) -> Vec<Cell> {
    let mut row = vec![Cell::text(arm), Cell::text(&data.reference)];
    for panel in &data.panels {
        match panel.differences.iter().find(|difference| difference.arm == arm) {
            Some(found) => row.extend([
                Cell::maybe(found.low),
                Cell::maybe(Some(found.mean)),
                Cell::maybe(found.high),
                Cell::text(&found.verdict),
            ]),
            None => row.extend([Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty]),
        }
        if panel.secondary.is_some() {
            row.push(Cell::Empty);
        }
    }
    row
}
