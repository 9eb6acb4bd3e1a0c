//! Daily curves per arm with their 95 % bands.

use crate::arms::legend;
use crate::canvas::picture;
use crate::curves::{CAPTION, CAPTION_ROOM, DAYS, Frame, Series, WIDTH, axis_label, drawable, values};
use crate::data::{Daily, DayPoint};
use crate::figure::{Cell, Column, LabelValue, Mark, Table};
use crate::ink::Ink;
use crate::panel::{Dress, EDGE, arm_of};
use crate::scale::padded;
use crate::text::capitalised;
use crate::{ChartError, Figure, Look};

const NAME: &str = "daily";

/// Draws one curve per arm, each day's mean with its band where there is one.
///
/// With `average_days` above 1 the curves are centred moving averages, which the title says. They begin and end half
/// a window inside the data, because a shorter window would not hold every weekday once; while no curve is as long
/// as the window, the days themselves are drawn. The band is the average of the daily bands. It is never too narrow
/// for Student intervals, because the deviation of an average never exceeds the average of the deviations.
///
/// # Errors
/// [`ChartError::Empty`] without arms, without days or without a single finite value; [`ChartError::UnknownArm`]
/// where a curve belongs to none of the arms.
pub fn daily(data: &Daily, look: &Look) -> Result<Figure, ChartError> {
    let window = window_days(data);
    let mut series = Vec::new();
    for curve in &data.curves {
        let points = averaged(&drawable(&curve.points, data.horizon_days), window);
        series.push(Series { arm: arm_of(&data.arms, &curve.arm, NAME)?, points });
    }
    let range = values(&series).ok_or(ChartError::Empty { figure: NAME, what: "finite value" })?;
    let title = title(data, window);
    let dress = Dress::new(look, &title, &data.arms, WIDTH);
    let arms: Vec<_> = series.iter().map(|one| one.arm).collect();
    let frame = Frame::new(
        domain(range),
        data.horizon_days,
        dress.above + CAPTION_ROOM,
        axis_label(&data.unit, false),
        &arms,
    );
    let size = (WIDTH, frame.bottom + DAYS + dress.below);
    let summary = summary(data, &series, &title);
    let svg = picture(size, look, &summary, |canvas| {
        dress.draw(canvas, size);
        canvas.text(&caption(data, &series, window), (EDGE, frame.top - 14.0), CAPTION, Ink::Muted);
        frame.axes(canvas);
        frame.curves(canvas, &series);
        frame.names(canvas, &series, None);
    });
    Ok(Figure {
        name: NAME.to_owned(),
        panels: vec![frame.geometry(&title)],
        title,
        svg,
        width: size.0,
        height: size.1,
        summary,
        marks: marks(data, &series, &frame),
        legend: legend(&data.arms),
        table: table(data, &series, window),
    })
}

/// Days of the moving average, odd; 1 for none.
fn window_days(data: &Daily) -> u32 {
    let window = data.average_days.max(1) | 1;
    let long_enough =
        |points: &[DayPoint]| !averaged(&drawable(points, data.horizon_days), window).is_empty();
    if data.curves.iter().any(|curve| long_enough(&curve.points)) { window } else { 1 }
}

fn title(data: &Daily, window: u32) -> String {
    let measure = capitalised(&data.measure);
    if window > 1 {
        format!("{measure} per day, {window}-day centred average")
    } else {
        format!("{measure} per day")
    }
}

fn caption(data: &Daily, series: &[Series], window: u32) -> String {
    let banded = series.iter().any(|one| one.points.iter().any(|point| point.interval().is_some()));
    let unit = if window > 1 { "per day, averaged" } else { "per day" };
    let band = if banded { "; bands: 95 % interval" } else { "" };
    format!("{} {unit}{band}", data.measure)
}

/// From zero where that costs less than half of the height, else as close as the data allow.
fn domain((low, high): (f64, f64)) -> (f64, f64) {
    let (from, to) = padded((low, high), 0.06);
    if low >= 0.0 && low < high / 2.0 { (0.0, to) } else { (from, to) }
}

/// The centred moving average of `points` over `window` days, for the days that have a whole window.
fn averaged(points: &[DayPoint], window: u32) -> Vec<DayPoint> {
    let without_gap = |days: &&[DayPoint]| days[days.len() - 1].day - days[0].day + 1 == window;
    points
        .windows(window as usize)
        .filter(without_gap)
        .map(|days| mean_of(days, days[days.len() / 2].day))
        .collect()
}

fn mean_of(window: &[DayPoint], day: u32) -> DayPoint {
    let count = window.len() as f64;
    let ends: Option<Vec<(f64, f64)>> = window.iter().map(DayPoint::interval).collect();
    DayPoint {
        day,
        mean: window.iter().map(|point| point.mean).sum::<f64>() / count,
        low: ends.as_ref().map(|ends| ends.iter().map(|(low, _)| low).sum::<f64>() / count),
        high: ends.as_ref().map(|ends| ends.iter().map(|(_, high)| high).sum::<f64>() / count),
    }
}

fn summary(data: &Daily, series: &[Series], title: &str) -> String {
    let parts: Vec<String> = series
        .iter()
        .filter_map(|one| {
            let last = one.points.last()?;
            let words = data.unit.level_with_interval(last.mean, last.interval());
            Some(format!("{} {words} on day {}", one.arm.display, last.day))
        })
        .collect();
    format!("{title}: {}.", parts.join(", "))
}

fn marks(data: &Daily, series: &[Series], frame: &Frame) -> Vec<Mark> {
    let mut marks = Vec::new();
    for one in series {
        for point in &one.points {
            let (x, y) = frame.at(point.day, point.mean);
            let words = data.unit.level_with_interval(point.mean, point.interval());
            marks.push(Mark {
                panel: 0,
                series: NAME.to_owned(),
                arm: one.arm.name.clone(),
                x,
                y,
                label: format!("{}, day {}", one.arm.display, point.day),
                lines: vec![LabelValue::new(&data.measure, words)],
                day: Some(point.day),
                value: point.mean,
                low: point.low,
                high: point.high,
            });
        }
    }
    marks
}

/// One row per arm and day: the day's own numbers, then the averages that are drawn, if they are.
fn table(data: &Daily, series: &[Series], window: u32) -> Table {
    let unit = data.unit.header();
    let mut columns = vec![Column::new("arm", ""), Column::new("day", "day")];
    let kinds = if window > 1 { vec!["", "average "] } else { vec![""] };
    for kind in kinds {
        for end in ["low", "mean", "high"] {
            columns.push(Column::new(&format!("{} per day {kind}{end}", data.measure), &unit));
        }
    }
    let mut rows = Vec::new();
    for (curve, one) in data.curves.iter().zip(series) {
        for raw in drawable(&curve.points, data.horizon_days) {
            let mut row = vec![Cell::text(&curve.arm), Cell::Number(f64::from(raw.day))];
            row.extend([Cell::maybe(raw.low), Cell::Number(raw.mean), Cell::maybe(raw.high)]);
            if window > 1 {
                let shown = one.points.iter().find(|point| point.day == raw.day);
                row.push(Cell::maybe(shown.and_then(|point| point.low)));
                row.push(Cell::maybe(shown.map(|point| point.mean)));
                row.push(Cell::maybe(shown.and_then(|point| point.high)));
            }
            rows.push(row);
        }
    }
    Table { columns, rows }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{DayPoint, averaged};

    fn point(day: u32, mean: f64) -> DayPoint {
        DayPoint { day, mean, low: Some(mean - 1.0), high: Some(mean + 1.0) }
    }

    #[test]
    fn the_average_is_centred_and_keeps_a_straight_line() {
        let line: Vec<DayPoint> = (1..=20).map(|day| point(day, f64::from(day) * 3.0)).collect();
        let shown = averaged(&line, 7);
        assert_eq!((shown[0].day, shown.len()), (4, 14));
        for average in &shown {
            assert!((average.mean - f64::from(average.day) * 3.0).abs() < 1e-12, "day {}", average.day);
            assert!((average.high.unwrap() - average.mean - 1.0).abs() < 1e-12, "day {}", average.day);
        }
    }

    #[test]
    fn the_average_does_not_reach_across_missing_days() {
        let gap = [point(1, 0.0), point(2, 0.0), point(5, 9.0), point(6, 9.0), point(7, 9.0)];
        let shown: Vec<(u32, f64)> = averaged(&gap, 3).iter().map(|p| (p.day, p.mean)).collect();
        assert_eq!(shown, [(6, 9.0)]);
    }
}
