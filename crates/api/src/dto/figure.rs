//! Charts: an SVG with everything that a hover card, a table and a legend need.

use serde::{Deserialize, Serialize};

/// Colours of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Theme {
    /// Dark ink on white.
    Light,
    /// Light ink on near-black.
    Dark,
}

/// The figures of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum FigureName {
    /// Conversion, margin, dependency: levels, and paired differences against the reference.
    Headline,
    /// Daily curves per arm with bands.
    Daily,
    /// Cumulative contribution against `status-quo` with the payback day.
    Cumulative,
    /// Profit bridge of one arm, as a waterfall.
    Bridge,
}

/// Which figure, of what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FigureRequest {
    /// Run id.
    pub run: String,
    /// Which figure.
    pub name: FigureName,
    /// Arm that differences are taken against; `null`: the run's default.
    pub reference: Option<String>,
    /// Arms to show; empty: all. `bridge` shows the first one.
    pub arms: Vec<String>,
    /// Colours.
    pub theme: Theme,
}

/// In which form a figure leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ExportFormat {
    /// Its table, unrounded, units in the header.
    Csv,
    /// The picture, with legend and stamp inside.
    Svg,
}

/// A drawn figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Figure {
    /// File-name-like name: `headline`.
    pub name: String,
    /// Title in words.
    pub title: String,
    /// The picture; safe to insert: all text is escaped, no script, no style.
    pub svg: String,
    /// Width of the picture's `viewBox`, in its own units; `x` of marks is in the same.
    pub width: f64,
    /// Height of the picture's `viewBox`.
    pub height: f64,
    /// What it shows, in one sentence with numbers.
    pub summary: String,
    /// Marks that answer to the pointer and to the arrow keys, in reading order.
    pub marks: Vec<Mark>,
    /// The same as rows.
    pub table: Table,
    /// Arms and how they are drawn.
    pub legend: Vec<LegendEntry>,
}

/// One point, bar or interval of a figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Mark {
    /// Panel of the figure, from 0.
    pub panel: u32,
    /// Series within the panel: `level`, `difference`, `daily`.
    pub series: String,
    /// Arm; empty where it belongs to none.
    pub arm: String,
    /// Centre, in units of the `viewBox`.
    pub x: f64,
    /// Centre, in units of the `viewBox`.
    pub y: f64,
    /// Heading of the hover card.
    pub label: String,
    /// Lines of the hover card.
    pub lines: Vec<LabelValue>,
}

/// One line of a card: words and a formatted value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LabelValue {
    /// Words.
    pub label: String,
    /// Value with its unit.
    pub value: String,
}

/// A figure's numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Table {
    /// Columns.
    pub columns: Vec<TableColumn>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

/// Head of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TableColumn {
    /// Name.
    pub name: String,
    /// Unit; empty where there is none.
    pub unit: String,
}

/// One cell: text, number, or nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Cell {
    /// Not defined here.
    Empty,
    /// Number in the column's unit.
    Number(f64),
    /// Text.
    Text(String),
}

/// How an arm is drawn: hue, dash and marker together, so that grey print stays readable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LegendEntry {
    /// Arm.
    pub arm: String,
    /// Words on screen.
    pub display: String,
    /// Arm style, 0 (control, thin and neutral) to 7: the window's colour token `--arm-N`.
    pub index: u32,
    /// `stroke-dasharray`; empty for a solid line.
    pub dash: String,
    /// `bar`, `circle`, `ring`, `diamond`, `triangle`, `square`, `cross` or `box`.
    pub marker: String,
}
