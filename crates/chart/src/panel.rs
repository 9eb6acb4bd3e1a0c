//! What figures share: checking arms, names on screen, and the dress of a standalone picture.

use crate::arms::ArmStyle;
use crate::canvas::{Canvas, MARKER_RADIUS, Type};
use crate::error::ChartError;
use crate::ink::Ink;
use crate::look::Look;
use crate::text::{clipped, fitted};

/// Room at the left and right edges of every picture.
pub(crate) const EDGE: f64 = 12.0;

const LEGEND_FONT: Type = Type::new(12.0);
const LEGEND_LINE: f64 = 20.0;
const SAMPLE: f64 = 34.0;

/// The arm called `name`, or an error that lists the arms there are.
pub(crate) fn arm_of<'a>(
    arms: &'a [ArmStyle],
    name: &str,
    figure: &'static str,
) -> Result<&'a ArmStyle, ChartError> {
    arms.iter().find(|arm| arm.name == name).ok_or_else(|| ChartError::UnknownArm {
        figure,
        arm: name.to_owned(),
        known: arms.iter().map(|arm| arm.name.as_str()).collect::<Vec<_>>().join(", "),
    })
}

/// Words on screen for the arm called `name`, or the name itself where the figure does not hold the arm.
pub(crate) fn display_of(arms: &[ArmStyle], name: &str) -> String {
    arms.iter().find(|arm| arm.name == name).map_or_else(|| name.to_owned(), |arm| arm.display.clone())
}

/// Title and legend above a standalone picture, stamp below; nothing in the window.
pub(crate) struct Dress {
    title: String,
    stamp: String,
    /// Lines of the legend: arms with the left end of their entry.
    legend: Vec<Vec<(f64, ArmStyle)>>,
    /// Room above the figure.
    pub above: f64,
    /// Room below the figure.
    pub below: f64,
}

impl Dress {
    /// For a picture `width` wide; `arms` empty for a figure whose marks all carry their names.
    pub(crate) fn new(look: &Look, title: &str, arms: &[ArmStyle], width: f64) -> Self {
        if !look.standalone {
            let none = String::new();
            return Self { title: none.clone(), stamp: none, legend: Vec::new(), above: 8.0, below: 4.0 };
        }
        let legend = lines_of_legend(arms, width);
        let above = 40.0 + LEGEND_LINE * legend.len() as f64 + if legend.is_empty() { 8.0 } else { 12.0 };
        let below = if look.stamp.is_empty() { 12.0 } else { 30.0 };
        Self { title: title.to_owned(), stamp: look.stamp.clone(), legend, above, below }
    }

    /// Draws it around a figure, `size` being that of the whole picture.
    pub(crate) fn draw(&self, canvas: &Canvas, size: (f64, f64)) {
        if !self.title.is_empty() {
            let title = clipped(&self.title, 16.0, true, size.0 - 2.0 * EDGE);
            canvas.text(&title, (EDGE, 26.0), Type::new(16.0).bold(), Ink::Text);
        }
        for (i, line) in self.legend.iter().enumerate() {
            let y = 48.0 + LEGEND_LINE * i as f64;
            for (x, arm) in line {
                canvas.line(
                    &[(*x, y), (x + SAMPLE, y)],
                    Ink::Curve(arm.index),
                    crate::arms::style_at(arm.index).width,
                );
                canvas.marker(arm, (x + SAMPLE / 2.0, y));
                let name = fitted(&arm.display, LEGEND_FONT.size, false, f64::INFINITY);
                canvas.text(&name, (x + SAMPLE + 7.0, y + 4.0), LEGEND_FONT, Ink::Text);
            }
        }
        if !self.stamp.is_empty() {
            let stamp = clipped(&self.stamp, 10.5, false, size.0 - 2.0 * EDGE);
            canvas.text(&stamp, (EDGE, size.1 - 10.0), Type::new(10.5), Ink::Muted);
        }
    }
}

fn lines_of_legend(arms: &[ArmStyle], width: f64) -> Vec<Vec<(f64, ArmStyle)>> {
    let mut lines: Vec<Vec<(f64, ArmStyle)>> = Vec::new();
    let mut x = f64::INFINITY;
    for arm in arms {
        let name = fitted(&arm.display, LEGEND_FONT.size, false, f64::INFINITY);
        let extent = SAMPLE + 7.0 + LEGEND_FONT.width(&name);
        if x + extent > width - EDGE {
            lines.push(Vec::new());
            x = EDGE;
        }
        if let Some(line) = lines.last_mut() {
            line.push((x, arm.clone()));
        }
        x += extent + 22.0;
    }
    lines
}

/// Room that a marker and the gap behind it take before a name.
pub(crate) const MARKER_ROOM: f64 = 2.0 * MARKER_RADIUS + 7.0;
