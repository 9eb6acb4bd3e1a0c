//! What comes out of every figure: picture, sentence, marks, legend and table.
//!
//! As it is serialised, a figure is what a page shows: numbers are text, but for the places of marks. The exact values stay
//! in the fields that are skipped, and in [`Table::to_csv`].

use counterfoil_core::number::significant;

use crate::LegendEntry;
use serde::{Deserialize, Serialize, Serializer};
use std::fmt::Write as _;

/// A drawn figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Figure {
    /// File-name-like name: `headline`.
    pub name: String,
    /// Title in words; the picture itself shows it only in the standalone look.
    pub title: String,
    /// The picture. Safe to insert: all text is escaped; no script, style or id.
    pub svg: String,
    /// Width of the `viewBox`, one unit being one pixel at natural size.
    pub width: f64,
    /// Height of the `viewBox`.
    pub height: f64,
    /// What the figure shows, one sentence with numbers.
    pub summary: String,
    /// Data marks in reading order.
    pub marks: Vec<Mark>,
    /// Plotting areas in the order of [`Mark::panel`].
    #[serde(skip)]
    pub panels: Vec<PanelGeometry>,
    /// Arms and how they are drawn.
    pub legend: Vec<LegendEntry>,
    /// The numbers behind the picture.
    pub table: Table,
}

/// One data mark.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Mark {
    /// Panel, from 0.
    pub panel: u32,
    /// Series: `level`, `difference`, `secondary`, `daily`, `cumulative`, `payback` or `bridge`.
    pub series: String,
    /// Name of the arm.
    pub arm: String,
    /// Centre in viewBox units.
    pub x: f64,
    /// Centre in viewBox units.
    pub y: f64,
    /// Heading of a hover card, the arm's full name among it.
    pub label: String,
    /// Lines of a hover card.
    pub lines: Vec<LabelValue>,
    /// Day of the horizon, from 1, where the mark has one.
    #[serde(skip)]
    pub day: Option<u32>,
    /// The number drawn.
    #[serde(skip)]
    pub value: f64,
    /// Lower end of its interval.
    #[serde(skip)]
    pub low: Option<f64>,
    /// Upper end of its interval.
    #[serde(skip)]
    pub high: Option<f64>,
}

/// One line of a hover card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LabelValue {
    /// Words.
    pub label: String,
    /// Value with its unit.
    pub value: String,
}

/// Where a panel plots: `px = x0 + x · kx`, `py = y0 + y · ky`, in viewBox units.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelGeometry {
    /// Title of the panel.
    pub title: String,
    /// Left edge of the plotting area.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Bottom edge.
    pub bottom: f64,
    /// Pixel of x = 0.
    pub x0: f64,
    /// Pixels per unit of x.
    pub kx: f64,
    /// Pixel of y = 0; 0 where rows, not values, run downwards.
    pub y0: f64,
    /// Pixels per unit of y; 0 where rows, not values, run downwards.
    pub ky: f64,
}

/// The numbers of a figure, unrounded; they reach a page as finished text.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(as = "TableText"))]
pub struct Table {
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

/// Head of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Unit; empty where there is none.
    pub unit: String,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Not defined here.
    Empty,
    /// Number in the column's unit.
    Number(f64),
    /// Text.
    Text(String),
}

/// Digits of a number in a table that people read.
const DIGITS: i32 = 5;

/// A table as a page shows it.
#[derive(Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "Table"))]
pub struct TableText {
    /// Columns.
    columns: Vec<ColumnText>,
    /// Rows, each as long as `columns`; `null` where nothing is defined.
    rows: Vec<Vec<Option<String>>>,
}

/// Head of a column.
#[derive(Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "TableColumn"))]
pub struct ColumnText {
    /// Name.
    name: String,
    /// Unit; empty where there is none.
    unit: String,
    /// Whether it holds numbers, which stand at its right.
    numeric: bool,
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        TableText::from(self).serialize(to)
    }
}

impl From<&Table> for TableText {
    fn from(table: &Table) -> Self {
        let numeric =
            |place: usize| table.rows.iter().any(|row| matches!(row.get(place), Some(Cell::Number(_))));
        let head = |(place, column): (usize, &Column)| ColumnText {
            name: column.name.clone(),
            unit: column.unit.clone(),
            numeric: numeric(place),
        };
        let columns = table.columns.iter().enumerate().map(head).collect();
        let rows = table.rows.iter().map(|row| row.iter().map(Cell::shown).collect()).collect();
        Self { columns, rows }
    }
}

impl Cell {
    /// As people read it; `None` where nothing is defined.
    #[must_use]
    pub fn shown(&self) -> Option<String> {
        match self {
            Self::Empty => None,
            Self::Number(number) => Some(significant(*number, DIGITS)),
            Self::Text(text) => Some(text.clone()),
        }
    }

    pub(crate) fn text(words: &str) -> Self {
        Self::Text(words.to_owned())
    }

    pub(crate) fn maybe(value: Option<f64>) -> Self {
        value.filter(|number| number.is_finite()).map_or(Self::Empty, Self::Number)
    }
}

impl Column {
    pub(crate) fn new(name: &str, unit: &str) -> Self {
        Self { name: name.to_owned(), unit: unit.to_owned() }
    }
}

impl LabelValue {
    pub(crate) fn new(label: &str, value: String) -> Self {
        Self { label: label.to_owned(), value }
    }
}

impl Table {
    /// The table as CSV (RFC 4180 quoting, `\n` line ends): numbers unrounded in their shortest exact form, units in
    /// the header as `name [unit]`, an undefined cell empty.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let heads: Vec<String> = self
            .columns
            .iter()
            .map(|c| if c.unit.is_empty() { c.name.clone() } else { format!("{} [{}]", c.name, c.unit) })
            .map(|head| quoted(&head))
            .collect();
        let mut out = heads.join(",");
        out.push('\n');
        for row in &self.rows {
            for (i, cell) in row.iter().enumerate() {
                let comma = if i == 0 { "" } else { "," };
                let _ = match cell {
                    Cell::Empty => write!(out, "{comma}"),
                    Cell::Number(number) => write!(out, "{comma}{number}"),
                    Cell::Text(words) => write!(out, "{comma}{}", quoted(words)),
                };
            }
            out.push('\n');
        }
        out
    }
}

fn quoted(words: &str) -> String {
    if words.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", words.replace('"', "\"\""))
    } else {
        words.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Column, Table};

    #[test]
    fn csv_keeps_every_digit_and_quotes_what_must_be_quoted() {
        let table = Table {
            columns: vec![Column::new("arm", ""), Column::new("mean", "EUR, per shopper")],
            rows: vec![
                vec![Cell::text("a \"b\", c"), Cell::Number(0.1 + 0.2)],
                vec![Cell::text("none"), Cell::Empty],
            ],
        };
        assert_eq!(
            table.to_csv(),
            "arm,\"mean [EUR, per shopper]\"\n\"a \"\"b\"\", c\",0.30000000000000004\nnone,\n"
        );
    }
}
