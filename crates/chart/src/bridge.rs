//! The profit bridge as a waterfall: from the start arm's contribution, change by change, to the arm's own.
//!
//! Rows run downwards, money to the right. A gain is a solid bar with an arrow to the right, a loss a hatched
//! outline with an arrow to the left, so that neither needs a colour; the numbers carry their signs. Where the
//! changes are small beside the totals, the scale does not start at zero: the totals are then broken and a line says
//! so.

use counterfoil_core::number::Grain;

use crate::arms::legend;
use crate::canvas::{Canvas, Type, picture};
use crate::data::{Bridge, BridgeStep};
use crate::figure::{Cell, Column, LabelValue, Mark, PanelGeometry, Table};
use crate::ink::Ink;
use crate::panel::{Dress, EDGE};
use crate::scale::{Scale, extent};
use crate::text::{capitalised, clipped};
use crate::{ChartError, Figure, Look, Unit};

const NAME: &str = "bridge";
const WIDTH: f64 = 1080.0;
const ROW: f64 = 34.0;
const BAR: f64 = 18.0;
const LABEL: Type = Type::new(12.5);
const SMALL: Type = Type::new(11.0);
const LABEL_ROOM_MAX: f64 = 330.0;
/// Room for an arrow beyond the end of a bar.
const ARROW: f64 = 7.0;

/// What a row of the waterfall is.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// The contribution that the bridge starts from.
    Start,
    /// A change.
    Change,
    /// The contribution that it ends at.
    End,
}

/// One row with its bar.
struct Row<'a> {
    step: &'a BridgeStep,
    kind: Kind,
    label: String,
    /// Money at the bar's beginning and at its end.
    from: f64,
    to: f64,
}

struct Plot {
    rows_top: f64,
    scale: Scale,
    left: f64,
    right: f64,
    broken: bool,
}

/// Draws the steps of a profit bridge. The first step is the start, the last the end; amounts between them are
/// changes and are drawn from where the one before ended.
///
/// # Errors
/// [`ChartError::Empty`] with fewer than two steps or with an amount that is not finite.
pub fn bridge(data: &Bridge, look: &Look) -> Result<Figure, ChartError> {
    if data.steps.len() < 2 {
        return Err(ChartError::Empty { figure: NAME, what: "start and end" });
    }
    if data.steps.iter().any(|step| !step.amount.is_finite()) {
        return Err(ChartError::Empty { figure: NAME, what: "finite amount in every step" });
    }
    let rows = rows(data);
    let title = format!("Profit bridge from {} to {}", data.from.display, data.arm.display);
    let summary = summary(data);
    let dress = Dress::new(look, &title, &[], WIDTH);
    let plot = Plot::of(&rows, data, dress.above + 26.0);
    let bottom = plot.rows_top + ROW * rows.len() as f64;
    let size = (WIDTH, bottom + 26.0 + if plot.broken { 20.0 } else { 0.0 } + dress.below);
    let svg = picture(size, look, &summary, |canvas| {
        dress.draw(canvas, size);
        plot.draw(canvas, data, &rows, bottom);
    });
    let arms = [data.from.clone(), data.arm.clone()];
    Ok(Figure {
        name: NAME.to_owned(),
        panels: vec![plot.geometry(&title, bottom)],
        title,
        svg,
        width: size.0,
        height: size.1,
        summary,
        marks: plot.marks(data, &rows),
        legend: legend(&arms),
        table: table(data),
    })
}

fn rows(data: &Bridge) -> Vec<Row<'_>> {
    let last = data.steps.len() - 1;
    let mut running = 0.0;
    let mut rows = Vec::new();
    for (i, step) in data.steps.iter().enumerate() {
        let kind = [Kind::Start, Kind::Change, Kind::End][usize::from(i > 0) + usize::from(i == last)];
        let from = if kind == Kind::Change { running } else { 0.0 };
        running = from + step.amount;
        rows.push(Row { step, kind, label: label(data, step, kind), from, to: running });
    }
    rows
}

/// The step in a merchant's words.
fn label(data: &Bridge, step: &BridgeStep, kind: Kind) -> String {
    match (kind, step.step.as_str()) {
        (Kind::Start, _) => format!("Contribution, {}", data.from.display),
        (Kind::End, _) => format!("Contribution, {}", data.arm.display),
        (_, "incremental") => "Orders won".to_owned(),
        (_, "lost") => "Orders lost".to_owned(),
        (_, "pulled forward") => "Orders that only came earlier".to_owned(),
        (_, "reward on subsidised") => "Discounts on orders that come anyway".to_owned(),
        (_, "basket change") => "Other baskets in the same orders".to_owned(),
        (_, "shipping payment and returns") => "Shipping, payment and returns".to_owned(),
        (_, "messages and liability") => "Messages and rewards still open".to_owned(),
        (_, other) => capitalised(other),
    }
}

impl Plot {
    fn of(rows: &[Row], data: &Bridge, top: f64) -> Self {
        let ends = || rows.iter().filter(|row| row.kind == Kind::Change).flat_map(|row| [row.from, row.to]);
        let totals = || rows.iter().filter(|row| row.kind != Kind::Change).map(|row| row.to);
        let all = extent(ends().chain(totals())).unwrap_or((0.0, 1.0));
        let span = all.1 - all.0;
        // Above three quarters of the width for a stump of every total nothing could be read.
        let broken = all.0 > 0.0 && span > 0.0 && span < 0.3 * all.1;
        let domain = if broken {
            (all.0 - 0.25 * span, all.1 + 0.04 * span)
        } else {
            let (low, high) = (all.0.min(0.0), all.1.max(0.0));
            (low, high + 0.04 * (high - low))
        };
        let labels =
            rows.iter().map(|row| LABEL.bold().width(&row.label)).fold(0.0, f64::max).min(LABEL_ROOM_MAX);
        let amounts = rows.iter().map(|row| LABEL.bold().width(&words(data, row))).fold(0.0, f64::max);
        let (left, right) = (EDGE + labels + 20.0, WIDTH - EDGE - amounts - 24.0);
        let scale = Scale::new(domain, (left + ARROW, right - ARROW));
        Self { rows_top: top, scale, left, right, broken }
    }

    fn draw(&self, canvas: &Canvas, data: &Bridge, rows: &[Row], bottom: f64) {
        canvas.text(
            &clipped(&data.basis, SMALL.size, false, self.left),
            (EDGE, self.rows_top - 14.0),
            SMALL,
            Ink::Muted,
        );
        self.axis(canvas, data, bottom);
        for (i, row) in rows.iter().enumerate() {
            let y = self.centre(i);
            let font = if row.kind == Kind::Change { LABEL } else { LABEL.bold() };
            let words_left = clipped(&row.label, font.size, font.bold, LABEL_ROOM_MAX);
            canvas.text(&words_left, (EDGE, y + 4.5), font, Ink::Text);
            canvas.text(&words(data, row), (WIDTH - EDGE, y + 4.5), font.right(), Ink::Text);
            self.bar(canvas, data, row, y);
            if i + 1 < rows.len() {
                let x = self.scale.px(row.to);
                canvas.line(&[(x, y + BAR / 2.0), (x, y + ROW - BAR / 2.0)], Ink::Zero, 1.0);
            }
        }
        if self.broken {
            let start = data.unit.level(self.scale.from, Grain(0));
            let note = format!(
                "The scale starts at {start}: the two totals are cut, the changes between them are not."
            );
            canvas.text(&note, (EDGE, bottom + 40.0), SMALL, Ink::Muted);
        }
    }

    fn axis(&self, canvas: &Canvas, data: &Bridge, bottom: f64) {
        let widest = SMALL.width(&data.unit.level(self.scale.to.max(-self.scale.from), Grain(0))) + 24.0;
        let most = ((self.right - self.left) / widest).clamp(2.0, 8.0) as usize;
        let (ticks, step) = self.scale.ticks(most);
        let decimals = data.unit.grain_of_step(step);
        for tick in ticks {
            let x = self.scale.px(tick);
            let zero = tick == 0.0;
            let ink = if zero { Ink::Zero } else { Ink::Grid };
            canvas.line(&[(x, self.rows_top), (x, bottom)], ink, if zero { 1.25 } else { 1.0 });
            canvas.text(&data.unit.level(tick, decimals), (x, bottom + 17.0), SMALL.centred(), Ink::Muted);
        }
    }

    fn bar(&self, canvas: &Canvas, data: &Bridge, row: &Row, y: f64) {
        let (from, to) = (
            self.scale.px(if row.kind == Kind::Change { row.from } else { self.start() }),
            self.scale.px(row.to),
        );
        let (top, bottom) = (y - BAR / 2.0, y + BAR / 2.0);
        let ink = Ink::Arm(if row.kind == Kind::Start { data.from.index } else { data.arm.index });
        if row.kind != Kind::Change {
            canvas.block((from, top), (to, bottom), ink, 1.0);
            if self.broken {
                self.break_mark(canvas, y);
            }
        } else if row.step.amount > 0.0 {
            canvas.block((from, top), (to, bottom), ink, 1.0);
            canvas.shape(&[(to + 1.5, y - 5.0), (to + 1.5 + ARROW, y), (to + 1.5, y + 5.0)], ink, 1.0);
        } else if row.step.amount < 0.0 {
            hatched(canvas, (to, top), (from, bottom), ink);
            canvas.shape(&[(to - 1.5, y - 5.0), (to - 1.5 - ARROW, y), (to - 1.5, y + 5.0)], ink, 1.0);
        } else {
            canvas.line(&[(to, top), (to, bottom)], ink, 1.5);
        }
    }

    /// Where bars of totals begin: at zero, or at the left end of a scale that does not hold zero.
    fn start(&self) -> f64 {
        if self.broken { self.scale.from } else { 0.0 }
    }

    /// Two slanted gaps: the bar is longer than it is drawn.
    fn break_mark(&self, canvas: &Canvas, y: f64) {
        let x = self.scale.px(self.scale.from) + 16.0;
        for shift in [0.0, 6.0] {
            let x = x + shift;
            canvas.line(&[(x - 3.0, y + BAR / 2.0 + 2.0), (x + 3.0, y - BAR / 2.0 - 2.0)], Ink::Surface, 2.5);
        }
    }

    fn centre(&self, row: usize) -> f64 {
        self.rows_top + ROW * row as f64 + ROW / 2.0
    }

    fn geometry(&self, title: &str, bottom: f64) -> PanelGeometry {
        PanelGeometry {
            title: title.to_owned(),
            left: self.left,
            top: self.rows_top,
            right: self.right,
            bottom,
            x0: self.scale.at_zero,
            kx: self.scale.per_unit,
            y0: 0.0,
            ky: 0.0,
        }
    }

    fn marks(&self, data: &Bridge, rows: &[Row]) -> Vec<Mark> {
        let mark = |(i, row): (usize, &Row)| {
            let from = if row.kind == Kind::Change { row.from } else { self.start() };
            let mut lines = vec![LabelValue::new(&data.basis, words(data, row))];
            if row.kind == Kind::Change {
                lines.push(LabelValue::new("contribution so far", data.unit.level(row.to, data.cents())));
            }
            Mark {
                panel: 0,
                series: NAME.to_owned(),
                arm: if row.kind == Kind::Start { data.from.name.clone() } else { data.arm.name.clone() },
                x: (self.scale.px(from) + self.scale.px(row.to)) / 2.0,
                y: self.centre(i),
                label: row.label.clone(),
                lines,
                day: None,
                value: row.step.amount,
                low: None,
                high: None,
            }
        };
        rows.iter().enumerate().map(mark).collect()
    }
}

/// The outline of a bar, filled with slanted lines.
fn hatched(canvas: &Canvas, (left, top): (f64, f64), (right, bottom): (f64, f64), ink: Ink) {
    let (width, height) = (right - left, bottom - top);
    let mut shift = 5.0;
    while shift < width + height {
        // A line of slope one through (left + shift, bottom), cut at the four sides.
        let (x0, y0) = if shift <= height { (left, top + shift) } else { (left + shift - height, bottom) };
        let (x1, y1) = if shift <= width { (left + shift, top) } else { (right, top + shift - width) };
        canvas.line(&[(x0, y0), (x1, y1)], ink, 1.0);
        shift += 5.0;
    }
    canvas.line(&[(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], ink, 1.5);
}

/// The amount in full: a bridge adds up to the last decimal of its currency.
fn words(data: &Bridge, row: &Row) -> String {
    match row.kind {
        Kind::Change => data.unit.signed(row.step.amount, data.cents()),
        _ => data.unit.level(row.step.amount, data.cents()),
    }
}

impl Bridge {
    fn cents(&self) -> Grain {
        if let Unit::Money(purse) = &self.unit { Grain(purse.decimals as i32) } else { Grain(2) }
    }
}

fn summary(data: &Bridge) -> String {
    let amount = |step: &BridgeStep| data.unit.level(step.amount, data.cents());
    let changes = &data.steps[1..data.steps.len() - 1];
    let parts: Vec<String> = changes
        .iter()
        .filter(|step| step.amount != 0.0)
        .map(|step| {
            let name = label(data, step, Kind::Change);
            format!("{} {}", name.to_lowercase(), data.unit.signed(step.amount, data.cents()))
        })
        .collect();
    let by = if parts.is_empty() { "no change".to_owned() } else { parts.join(", ") };
    format!(
        "Contribution goes from {} under {} to {} under {} ({}): {by}.",
        amount(&data.steps[0]),
        data.from.display,
        amount(&data.steps[data.steps.len() - 1]),
        data.arm.display,
        data.basis
    )
}

fn table(data: &Bridge) -> Table {
    let columns =
        vec![Column::new("step", ""), Column::new(&format!("amount, {}", data.basis), &data.unit.header())];
    let rows =
        data.steps.iter().map(|step| vec![Cell::text(&step.step), Cell::Number(step.amount)]).collect();
    Table { columns, rows }
}
