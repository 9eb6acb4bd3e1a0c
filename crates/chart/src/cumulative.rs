//! Cumulative difference of arms against the reference arm, with the day on which an arm has paid back.

use crate::arms::{ArmStyle, legend};
use crate::canvas::{Canvas, MARKER_RADIUS, Type, picture};
use crate::curves::{CAPTION, CAPTION_ROOM, DAYS, Frame, Series, WIDTH, axis_label, drawable, values};
use crate::data::{Cumulative, Payback};
use crate::figure::{Cell, Column, LabelValue, Mark, Table};
use crate::ink::Ink;
use crate::panel::{Dress, EDGE, MARKER_ROOM, arm_of, display_of};
use crate::scale::padded;
use crate::text::fitted;
use crate::{ChartError, Figure, Look};

const NAME: &str = "cumulative";
const FONT: Type = Type::new(12.0);
const LINE: f64 = 19.0;

/// Draws one curve per arm, the reference being the zero line, and a vertical line on every payback day.
///
/// # Errors
/// [`ChartError::Empty`] without a single finite value; [`ChartError::UnknownArm`] where a curve or a payback day
/// belongs to none of the arms.
pub fn cumulative(data: &Cumulative, look: &Look) -> Result<Figure, ChartError> {
    let mut series = Vec::new();
    for curve in data.curves.iter().filter(|curve| curve.arm != data.reference) {
        let points = drawable(&curve.points, data.horizon_days);
        series.push(Series { arm: arm_of(&data.arms, &curve.arm, NAME)?, points });
    }
    let range = values(&series).ok_or(ChartError::Empty { figure: NAME, what: "finite value" })?;
    let mut paybacks = Vec::new();
    for payback in data.paybacks.iter().filter(|payback| payback.arm != data.reference) {
        paybacks.push((arm_of(&data.arms, &payback.arm, NAME)?, payback));
    }
    // Later days further down: then the line of a day runs left of the words beneath it.
    paybacks.sort_by_key(|(_, payback)| payback.day);
    let title = format!("Cumulative {}, difference from {}", data.measure, reference(data));
    // The reference is the zero line and has no curve, so it needs no entry.
    let arms: Vec<ArmStyle> = series.iter().map(|one| one.arm.clone()).collect();
    let dress = Dress::new(look, &title, &arms, WIDTH);
    let zero = data.arms.iter().find(|arm| arm.name == data.reference);
    let named: Vec<&ArmStyle> = series.iter().map(|one| one.arm).chain(zero).collect();
    let top = dress.above + CAPTION_ROOM + LINE * paybacks.len() as f64;
    let domain = padded((range.0.min(0.0), range.1.max(0.0)), 0.06);
    let frame = Frame::new(domain, data.horizon_days, top, axis_label(&data.unit, true), &named);
    let size = (WIDTH, frame.bottom + DAYS + dress.below);
    let summary = summary(data, &series, &title);
    let svg = picture(size, look, &summary, |canvas| {
        dress.draw(canvas, size);
        canvas.text(&caption(data, &series), (EDGE, dress.above + 12.0), CAPTION, Ink::Muted);
        frame.axes(canvas);
        days(canvas, &frame, data.horizon_days, &paybacks);
        frame.curves(canvas, &series);
        frame.names(canvas, &series, zero);
    });
    Ok(Figure {
        name: NAME.to_owned(),
        panels: vec![frame.geometry(&title)],
        title,
        svg,
        width: size.0,
        height: size.1,
        summary,
        marks: marks(data, &series, &paybacks, &frame),
        legend: legend(&arms),
        table: table(data, &series),
    })
}

fn reference(data: &Cumulative) -> String {
    display_of(&data.arms, &data.reference)
}

fn caption(data: &Cumulative, series: &[Series]) -> String {
    let banded = series.iter().any(|one| one.points.iter().any(|point| point.interval().is_some()));
    format!("cumulative {}{}", data.measure, if banded { "; bands: 95 % interval" } else { "" })
}

/// `pays back on day 23`, `never within 84 days`.
fn payback_words(payback: &Payback, horizon_days: u32) -> String {
    match payback.day {
        Some(day) => format!("pays back on day {day}"),
        None => format!("never within {horizon_days} days"),
    }
}

/// The words of one payback day, with the room they take.
struct Announcement<'a> {
    arm: &'a ArmStyle,
    words: String,
    /// Pixel of the day; `None`: never.
    line: Option<f64>,
    /// Left and right end of marker and words.
    extent: (f64, f64),
    /// Base line.
    y: f64,
}

/// One line of words per arm above the plotting area, and a vertical line down from it on the day.
fn days(canvas: &Canvas, frame: &Frame, horizon_days: u32, paybacks: &[(&ArmStyle, &Payback)]) {
    let mut all = Vec::new();
    for (i, (arm, payback)) in paybacks.iter().enumerate() {
        let name = fitted(&arm.display, FONT.size, false, f64::INFINITY);
        let words = format!("{name}: {}", payback_words(payback, horizon_days));
        let line = payback.day.map(|day| frame.x.px(f64::from(day)));
        let room = MARKER_ROOM + FONT.width(&words);
        let x = line.unwrap_or(frame.left + MARKER_RADIUS);
        let extent = if x + room > WIDTH - EDGE { (x - room, x) } else { (x, x + room) };
        let y = frame.top - 14.0 - LINE * (paybacks.len() - 1 - i) as f64;
        all.push(Announcement { arm, words, line, extent, y });
    }
    for (i, one) in all.iter().enumerate() {
        one.draw(canvas, frame, &all[i + 1..]);
    }
}

impl Announcement<'_> {
    /// The line starts at the marker, or at the plotting area where it would run through words `beneath`.
    fn draw(&self, canvas: &Canvas, frame: &Frame, beneath: &[Announcement]) {
        let x = self.line.unwrap_or(self.extent.0);
        if self.line.is_some() {
            let blocked =
                beneath.iter().any(|other| (other.extent.0 - 6.0..other.extent.1 + 6.0).contains(&x));
            let from = if blocked { frame.top } else { self.y + MARKER_RADIUS };
            canvas.line(&[(x, from), (x, frame.bottom)], Ink::Curve(self.arm.index), 1.0);
        }
        canvas.marker(self.arm, (x, self.y - 4.0));
        if self.extent.1 > x {
            canvas.text(&self.words, (x + MARKER_ROOM, self.y), FONT, Ink::Text);
        } else {
            canvas.text(&self.words, (x - MARKER_ROOM, self.y), FONT.right(), Ink::Text);
        }
    }
}

fn summary(data: &Cumulative, series: &[Series], title: &str) -> String {
    let parts: Vec<String> = series
        .iter()
        .filter_map(|one| {
            let last = one.points.last()?;
            let words = data.unit.difference(last.mean, last.interval()).full();
            let payback = data.paybacks.iter().find(|payback| payback.arm == one.arm.name);
            let payback =
                payback.map(|p| format!(", {}", payback_words(p, data.horizon_days))).unwrap_or_default();
            Some(format!("{} {words} after day {}{payback}", one.arm.display, last.day))
        })
        .collect();
    format!("{title}: {}.", parts.join("; "))
}

fn marks(
    data: &Cumulative,
    series: &[Series],
    paybacks: &[(&ArmStyle, &Payback)],
    frame: &Frame,
) -> Vec<Mark> {
    let mut marks = Vec::new();
    for one in series {
        for point in &one.points {
            let (x, y) = frame.at(point.day, point.mean);
            let words = data.unit.difference(point.mean, point.interval());
            let mut lines =
                vec![LabelValue::new(&format!("difference from {}", reference(data)), words.mean)];
            lines.extend(words.range.map(|range| LabelValue::new("95 % interval", range)));
            marks.push(Mark {
                panel: 0,
                series: NAME.to_owned(),
                arm: one.arm.name.clone(),
                x,
                y,
                label: format!("{}, until day {}", one.arm.display, point.day),
                lines,
                day: Some(point.day),
                value: point.mean,
                low: point.low,
                high: point.high,
            });
        }
    }
    for (arm, payback) in paybacks {
        let Some(day) = payback.day else { continue };
        marks.push(Mark {
            panel: 0,
            series: "payback".to_owned(),
            arm: arm.name.clone(),
            x: frame.x.px(f64::from(day)),
            y: frame.y.px(0.0),
            label: arm.display.clone(),
            lines: vec![LabelValue::new("payback", payback_words(payback, data.horizon_days))],
            day: Some(day),
            value: f64::from(day),
            low: None,
            high: None,
        });
    }
    marks
}

/// One row per arm and day.
fn table(data: &Cumulative, series: &[Series]) -> Table {
    let unit = data.unit.header();
    let mut columns =
        vec![Column::new("arm", ""), Column::new("compared with", ""), Column::new("day", "day")];
    for end in ["low", "mean", "high"] {
        columns.push(Column::new(&format!("cumulative {} {end}", data.measure), &unit));
    }
    columns.push(Column::new("payback", "day"));
    let mut rows = Vec::new();
    for one in series {
        let payback =
            data.paybacks.iter().find(|payback| payback.arm == one.arm.name).and_then(|found| found.day);
        for point in &one.points {
            rows.push(vec![
                Cell::text(&one.arm.name),
                Cell::text(&data.reference),
                Cell::Number(f64::from(point.day)),
                Cell::maybe(point.low),
                Cell::Number(point.mean),
                Cell::maybe(point.high),
                Cell::maybe(payback.map(f64::from)),
            ]);
        }
    }
    Table { columns, rows }
}
