//! Curves over the days of the horizon: axes, bands, dashed lines with markers, and names at the ends of the lines.
//!
//! Shared by the daily and the cumulative figure. A curve may end before the horizon, because it is also drawn
//! while the first world grows day by day, and it may lack its band, because one world has no interval.

use crate::Unit;
use crate::arms::{ArmStyle, style_at};
use crate::canvas::{Canvas, MARKER_RADIUS, Type};
use crate::data::DayPoint;
use crate::figure::PanelGeometry;
use crate::ink::Ink;
use crate::panel::{EDGE, MARKER_ROOM};
use crate::scale::{Scale, extent};
use crate::text::fitted;

/// Size of the caption above the axes.
pub(crate) const CAPTION: Type = Type::new(11.5);
/// Room for the caption and the gap beneath it.
pub(crate) const CAPTION_ROOM: f64 = 26.0;
/// Width of the figures in viewBox units.
pub(crate) const WIDTH: f64 = 1080.0;
const PLOT_HEIGHT: f64 = 270.0;
/// Room under the plotting area for the labels of the days.
pub(crate) const DAYS: f64 = 34.0;

const AXIS_FONT: Type = Type::new(11.0);
const NAME_FONT: Type = Type::new(12.0).bold();
const NAME_LINE: f64 = 16.0;
const BAND_OPACITY: f64 = 0.13;

/// One arm with the points that are drawn.
pub(crate) struct Series<'a> {
    pub arm: &'a ArmStyle,
    pub points: Vec<DayPoint>,
}

/// The plotting area with its scales.
pub(crate) struct Frame {
    pub x: Scale,
    pub y: Scale,
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
    horizon_days: u32,
    labels: Vec<(f64, String)>,
}

/// A name at the right end of a line.
struct EndLabel {
    words: String,
    ink: Ink,
    /// End of the line.
    from: (f64, f64),
    /// Where the name stands.
    y: f64,
}

/// Smallest and largest value of all lines and bands.
pub(crate) fn values(series: &[Series]) -> Option<(f64, f64)> {
    let points = series.iter().flat_map(|one| &one.points);
    extent(points.flat_map(|point| [Some(point.mean), point.low, point.high]).flatten())
}

/// Points that can be drawn: finite, of a day within the horizon.
pub(crate) fn drawable(points: &[DayPoint], horizon_days: u32) -> Vec<DayPoint> {
    points.iter().filter(|p| p.mean.is_finite() && (1..=horizon_days).contains(&p.day)).cloned().collect()
}

impl Frame {
    /// Axes for `domain`, with the top of the plotting area at `top` and room for `names` at the right.
    pub(crate) fn new(
        domain: (f64, f64),
        horizon_days: u32,
        top: f64,
        label: impl Fn(f64, f64) -> String,
        names: &[&ArmStyle],
    ) -> Self {
        let bottom = top + PLOT_HEIGHT;
        let y = Scale::new(domain, (bottom, top));
        let (ticks, step) = y.ticks(6);
        let labels: Vec<(f64, String)> = ticks.into_iter().map(|tick| (tick, label(tick, step))).collect();
        let widest = labels.iter().map(|(_, words)| AXIS_FONT.width(words)).fold(0.0, f64::max);
        let name = |arm: &&ArmStyle| NAME_FONT.width(&fitted(&arm.display, NAME_FONT.size, true, 240.0));
        let room = names.iter().map(name).fold(60.0, f64::max);
        let (left, right) = (EDGE + widest + 10.0, WIDTH - EDGE - room - MARKER_ROOM - 4.0);
        let x = Scale::new((1.0, f64::from(horizon_days)), (left + 6.0, right - 2.0));
        Self { x, y, left, top, right, bottom, horizon_days, labels }
    }

    /// Geometry for the window.
    pub(crate) fn geometry(&self, title: &str) -> PanelGeometry {
        PanelGeometry {
            title: title.to_owned(),
            left: self.left,
            top: self.top,
            right: self.right,
            bottom: self.bottom,
            x0: self.x.at_zero,
            kx: self.x.per_unit,
            y0: self.y.at_zero,
            ky: self.y.per_unit,
        }
    }

    /// Position of a day's value.
    pub(crate) fn at(&self, day: u32, value: f64) -> (f64, f64) {
        (self.x.px(f64::from(day)), self.y.px(value))
    }

    /// Grid, and labels of values and days.
    pub(crate) fn axes(&self, canvas: &Canvas) {
        for (tick, words) in &self.labels {
            let y = self.y.px(*tick);
            let (ink, width) = if *tick == 0.0 { (Ink::Zero, 1.25) } else { (Ink::Grid, 1.0) };
            canvas.line(&[(self.left, y), (self.right, y)], ink, width);
            canvas.text(words, (self.left - 8.0, y + 4.0), AXIS_FONT.right(), Ink::Muted);
        }
        let step = step_of_days(self.horizon_days);
        for (i, day) in (step..=self.horizon_days).step_by(step as usize).enumerate() {
            let x = self.x.px(f64::from(day));
            canvas.line(&[(x, self.bottom + 1.0), (x, self.bottom + 5.0)], Ink::Zero, 1.0);
            let words = if i == 0 { format!("day {day}") } else { day.to_string() };
            canvas.text(&words, (x, self.bottom + 19.0), AXIS_FONT.centred(), Ink::Muted);
        }
    }

    /// Bands of all arms, then lines with markers: no band may cover a line.
    pub(crate) fn curves(&self, canvas: &Canvas, series: &[Series]) {
        for one in series {
            for run in one
                .points
                .chunk_by(|a, b| a.day + 1 == b.day && a.interval().is_some() == b.interval().is_some())
            {
                self.band(canvas, one.arm, run);
            }
        }
        for (i, one) in series.iter().enumerate().rev() {
            for run in one.points.chunk_by(|a, b| a.day + 1 == b.day) {
                let line: Vec<(f64, f64)> = run.iter().map(|point| self.at(point.day, point.mean)).collect();
                canvas.line(&line, Ink::Curve(one.arm.index), style_at(one.arm.index).width);
            }
            self.markers(canvas, one, i);
        }
    }

    fn band(&self, canvas: &Canvas, arm: &ArmStyle, run: &[DayPoint]) {
        let ends: Vec<(u32, (f64, f64))> =
            run.iter().filter_map(|p| p.interval().map(|ends| (p.day, ends))).collect();
        if ends.len() < 2 {
            return;
        }
        let upper = ends.iter().map(|(day, (_, high))| self.at(*day, *high));
        let lower = ends.iter().rev().map(|(day, (low, _))| self.at(*day, *low));
        let outline: Vec<(f64, f64)> = upper.chain(lower).collect();
        canvas.shape(&outline, Ink::Arm(arm.index), BAND_OPACITY);
    }

    /// A marker now and then, each arm's a little after the one before, and one at the end.
    fn markers(&self, canvas: &Canvas, one: &Series, place: usize) {
        let every = self.horizon_days.div_ceil(6).max(1);
        let shift = u32::try_from(place).expect("a handful of arms") * every / 8;
        let last = one.points.last().map(|point| point.day);
        for point in &one.points {
            let due = (point.day + every - shift % every).is_multiple_of(every);
            // Two markers on each other at the end would read as a third shape.
            let crowded = last.is_some_and(|last| last.abs_diff(point.day) <= every / 6);
            if Some(point.day) == last || (due && !crowded) {
                canvas.marker(one.arm, self.at(point.day, point.mean));
            }
        }
    }

    /// Names at the ends of the lines, apart from each other; `zero` names the zero line.
    pub(crate) fn names(&self, canvas: &Canvas, series: &[Series], zero: Option<&ArmStyle>) {
        let name = |arm: &ArmStyle| fitted(&arm.display, NAME_FONT.size, true, 240.0);
        let mut labels: Vec<EndLabel> = Vec::new();
        for one in series {
            let Some(last) = one.points.last() else { continue };
            let from = self.at(last.day, last.mean);
            labels.push(EndLabel { words: name(one.arm), ink: Ink::Arm(one.arm.index), from, y: from.1 });
        }
        let end = labels.iter().map(|label| label.from.0).fold(self.left, f64::max);
        if let Some(arm) = zero {
            let from = (end, self.y.px(0.0));
            labels.push(EndLabel { words: name(arm), ink: Ink::Muted, from, y: from.1 });
        }
        spread(&mut labels, self.top + 6.0, self.bottom - 2.0);
        let x = end + MARKER_RADIUS + 11.0;
        for label in &labels {
            if (label.y - label.from.1).abs() > 3.0 {
                let start = label.from.0 + MARKER_RADIUS + 1.0;
                canvas.line(&[(start, label.from.1), (x - 2.0, label.y)], Ink::Zero, 0.75);
            }
            if x < self.right {
                // While the curves grow, names stand on the grid: clear it behind them.
                let corner = (x + NAME_FONT.width(&label.words) + 3.0, label.y + 7.0);
                canvas.block((x - 3.0, label.y - 7.0), corner, Ink::Surface, 1.0);
            }
            canvas.text(&label.words, (x, label.y + 4.0), NAME_FONT, label.ink);
        }
    }
}

/// Moves labels apart by at least a line, within `top` and `bottom`, in the order of their lines.
fn spread(labels: &mut [EndLabel], top: f64, bottom: f64) {
    labels.sort_by(|a, b| a.from.1.total_cmp(&b.from.1));
    let mut least = top;
    for label in labels.iter_mut() {
        label.y = label.y.max(least);
        least = label.y + NAME_LINE;
    }
    let mut most = bottom;
    for label in labels.iter_mut().rev() {
        label.y = label.y.min(most);
        most = label.y - NAME_LINE;
    }
}

/// Days between labels: days, weeks or months, at most a dozen labels.
fn step_of_days(horizon_days: u32) -> u32 {
    [1, 2, 7, 14, 28, 56, 84, 182].into_iter().find(|step| horizon_days / step <= 12).unwrap_or(364)
}

/// Label of a value on an axis.
pub(crate) fn axis_label(unit: &Unit, signed: bool) -> impl Fn(f64, f64) -> String {
    move |tick, step| {
        let decimals = unit.grain_of_step(step);
        if signed { unit.signed(tick, decimals) } else { unit.level(tick, decimals) }
    }
}
