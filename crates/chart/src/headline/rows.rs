//! Draws one panel of the headline figure and notes its marks.

use super::INTERVAL;
use super::layout::{
    HEADING, LEVEL_LINE, Layout, NAME_FONT, PANEL, SECOND_LINE, SMALL, TITLE, VALUE, finite_differences,
    level_of,
};
use crate::arms::ArmStyle;
use crate::canvas::{Canvas, MARKER_RADIUS, Type};
use crate::data::{Difference, Headline, Panel};
use crate::figure::{LabelValue, Mark, PanelGeometry};
use crate::ink::Ink;
use crate::panel::{MARKER_ROOM, display_of};
use crate::scale::{Scale, extent, padded};
use crate::text::{capitalised, clipped, fitted};

/// Room left and right of the axis, so that its outer labels are not cut.
const AXIS_INSET: f64 = 26.0;
const AXIS_FONT: Type = Type::new(10.5);

/// One panel being drawn.
pub(crate) struct Drawing<'a, 'c> {
    pub canvas: &'a Canvas<'c>,
    pub data: &'a Headline,
    pub panel: &'a Panel,
    pub layout: &'a Layout,
    pub index: usize,
}

impl Drawing<'_, '_> {
    /// Draws everything; the geometry is that of the difference axis.
    pub(crate) fn draw(&self, marks: &mut Vec<Mark>) -> PanelGeometry {
        let (left, layout) = (self.left(), self.layout);
        self.canvas.text(
            &clipped(&self.panel.title, TITLE.size, true, PANEL),
            (left, layout.title),
            TITLE,
            Ink::Text,
        );
        let measure = clipped(&self.panel.measure, SMALL.size, false, PANEL);
        self.canvas.text(&measure, (left, layout.title + 18.0), SMALL, Ink::Muted);
        self.levels(marks);
        let scale = self.difference_scale();
        self.differences(&scale, marks);
        self.second(marks);
        PanelGeometry {
            title: self.panel.title.clone(),
            left: left + AXIS_INSET,
            top: layout.differences,
            right: left + PANEL - AXIS_INSET,
            bottom: layout.axis - 14.0,
            x0: scale.at_zero,
            kx: scale.per_unit,
            y0: 0.0,
            ky: 0.0,
        }
    }

    fn left(&self) -> f64 {
        self.layout.left(self.index)
    }

    /// One line per arm: marker and name, a dot on a small scale, the number.
    fn levels(&self, marks: &mut Vec<Mark>) {
        let levels = &self.panel.levels;
        let means: Vec<f64> = self.data.arms.iter().filter_map(|arm| level_of(levels, &arm.name)).collect();
        let decimals = self.panel.unit.grain_of_levels(&means);
        let words = |mean: f64| self.panel.unit.level(mean, decimals);
        let numbers = means.iter().map(|mean| SMALL.width(&words(*mean))).fold(20.0, f64::max);
        let (from, to) = (self.left() + self.layout.names + 6.0, self.left() + PANEL - numbers - 16.0);
        let scale = extent(means.iter().copied()).map(|range| Scale::new(padded(range, 0.06), (from, to)));
        for (i, arm) in self.data.arms.iter().enumerate() {
            let y = self.layout.levels + LEVEL_LINE * i as f64;
            self.name(arm, y, SMALL, Ink::Text, self.layout.names - MARKER_ROOM - 4.0);
            let mean = level_of(levels, &arm.name);
            let number = mean.map_or_else(|| "–".to_owned(), words);
            self.canvas.text(&number, (self.left() + PANEL, y + 4.0), SMALL.right(), Ink::Text);
            if let (Some(mean), Some(scale)) = (mean, &scale) {
                self.canvas.line(&[(from, y), (to, y)], Ink::Grid, 1.0);
                let at = (scale.px(mean), y);
                self.canvas.marker(arm, at);
                marks.push(self.level_mark("level", arm, at, (self.panel.measure.as_str(), mean, number)));
            }
        }
    }

    fn name(&self, arm: &ArmStyle, y: f64, font: Type, ink: Ink, most: f64) {
        self.canvas.marker(arm, (self.left() + MARKER_RADIUS + 1.0, y));
        let name = fitted(&arm.display, font.size, font.bold, most);
        self.canvas.text(&name, (self.left() + MARKER_ROOM, y + 4.0), font, ink);
    }

    /// The scale of all differences; zero is always on it.
    fn difference_scale(&self) -> Scale {
        let ends = finite_differences(self.panel).flat_map(|d| [Some(d.mean), d.low, d.high, Some(0.0)]);
        let range = extent(ends.flatten()).unwrap_or((0.0, 0.0));
        let range = if range.0 < range.1 { padded(range, 0.05) } else { (-1.0, 1.0) };
        Scale::new(range, (self.left() + AXIS_INSET, self.left() + PANEL - AXIS_INSET))
    }

    fn differences(&self, scale: &Scale, marks: &mut Vec<Mark>) {
        let arms: Vec<&ArmStyle> =
            self.data.arms.iter().filter(|arm| arm.name != self.data.reference).collect();
        if arms.is_empty() {
            return;
        }
        let reference = display_of(&self.data.arms, &self.data.reference);
        let room = PANEL - SMALL.width(INTERVAL) - 12.0;
        let heading = clipped(&format!("Difference from {reference}"), HEADING.size, true, room);
        self.canvas.text(&heading, (self.left(), self.layout.heading), HEADING, Ink::Text);
        if finite_differences(self.panel).any(|difference| difference.interval().is_some()) {
            let at = (self.left() + PANEL, self.layout.heading);
            self.canvas.text(INTERVAL, at, SMALL.right(), Ink::Muted);
        }
        for (i, arm) in arms.into_iter().enumerate() {
            let top = self.layout.differences + self.layout.block * i as f64;
            self.name(arm, top + 12.0, NAME_FONT, Ink::Text, PANEL - MARKER_ROOM);
            let found = finite_differences(self.panel).find(|difference| difference.arm == arm.name);
            if let Some(difference) = found {
                self.difference(arm, difference, top, scale, marks);
            } else {
                self.canvas.text("not known", (self.left() + MARKER_ROOM, top + 31.0), VALUE, Ink::Muted);
            }
        }
        self.axis(scale);
    }

    /// Number, verdict, and the interval on the axis.
    fn difference(&self, arm: &ArmStyle, found: &Difference, top: f64, scale: &Scale, marks: &mut Vec<Mark>) {
        let words = self.panel.unit.difference(found.mean, found.interval());
        let verdict = clipped(&found.verdict, SMALL.size, false, PANEL);
        self.canvas.text(&words.full(), (self.left() + MARKER_ROOM, top + 31.0), VALUE, Ink::Text);
        let right = self.left() + PANEL;
        if self.layout.verdict_below {
            self.canvas.text(&verdict, (self.left() + MARKER_ROOM, top + 46.0), SMALL, Ink::Muted);
        } else {
            self.canvas.text(&verdict, (right, top + 31.0), SMALL.right(), Ink::Muted);
        }
        let y = top + self.layout.block - 18.0;
        self.canvas.line(&[(self.left() + AXIS_INSET, y), (right - AXIS_INSET, y)], Ink::Grid, 1.0);
        self.canvas.line(&[(scale.px(0.0), y - 9.0), (scale.px(0.0), y + 9.0)], Ink::Zero, 1.25);
        if let Some((low, high)) = found.interval() {
            let (low, high) = (scale.px(low), scale.px(high));
            let ink = Ink::Arm(arm.index);
            self.canvas.line(&[(low, y), (high, y)], ink, 2.5);
            for end in [low, high] {
                self.canvas.line(&[(end, y - 4.0), (end, y + 4.0)], ink, 1.5);
            }
        }
        let at = (scale.px(found.mean), y);
        self.canvas.marker(arm, at);
        let mut lines = vec![LabelValue::new(&format!("{}, difference", self.panel.measure), words.mean)];
        lines.extend(words.range.map(|range| LabelValue::new(INTERVAL, range)));
        lines.push(LabelValue::new("verdict", found.verdict.clone()));
        marks.push(Mark {
            panel: self.panel_number(),
            series: "difference".to_owned(),
            arm: arm.name.clone(),
            x: at.0,
            y: at.1,
            label: format!("{} against {}", arm.display, display_of(&self.data.arms, &self.data.reference)),
            lines,
            day: None,
            value: found.mean,
            low: found.low,
            high: found.high,
        });
    }

    /// Labels under the last block, as many as fit.
    fn axis(&self, scale: &Scale) {
        let room = PANEL - 2.0 * AXIS_INSET;
        for most in (1..=7).rev() {
            let (ticks, step) = scale.ticks(most);
            let decimals = self.panel.unit.grain_of_step(step);
            let words: Vec<String> =
                ticks.iter().map(|tick| self.panel.unit.signed(*tick, decimals)).collect();
            let widest = words.iter().map(|words| AXIS_FONT.width(words)).fold(0.0, f64::max);
            if most > 1 && (widest + 10.0) * ticks.len() as f64 > room + widest {
                continue;
            }
            for (tick, words) in ticks.iter().zip(&words) {
                let x = scale.px(*tick);
                let top = self.layout.axis - 16.0;
                self.canvas.line(&[(x, top), (x, top + 4.0)], Ink::Zero, 1.0);
                let half = AXIS_FONT.width(words) / 2.0;
                // Words wider than the panel begin at its left.
                let x = x.min(self.left() + PANEL - half).max(self.left() + half);
                self.canvas.text(words, (x, self.layout.axis), AXIS_FONT.centred(), Ink::Muted);
            }
            return;
        }
    }

    /// The second metric as lines of text.
    fn second(&self, marks: &mut Vec<Mark>) {
        let Some(second) = &self.panel.secondary else { return };
        let heading = clipped(&capitalised(&second.measure), HEADING.size, true, PANEL);
        self.canvas.text(&heading, (self.left(), self.layout.second), HEADING, Ink::Text);
        let means: Vec<f64> =
            self.data.arms.iter().filter_map(|arm| level_of(&second.levels, &arm.name)).collect();
        let decimals = second.unit.grain_of_levels(&means);
        for (i, arm) in self.data.arms.iter().enumerate() {
            let y = self.layout.second + 18.0 + SECOND_LINE * i as f64;
            let name = fitted(&arm.display, SMALL.size, false, PANEL - 100.0);
            self.canvas.text(&name, (self.left(), y), SMALL, Ink::Muted);
            let mean = level_of(&second.levels, &arm.name);
            let number = mean.map_or_else(|| "–".to_owned(), |mean| second.unit.level(mean, decimals));
            self.canvas.text(&number, (self.left() + PANEL, y), SMALL.right(), Ink::Muted);
            if let Some(mean) = mean {
                let at = (self.left() + PANEL - SMALL.width(&number) / 2.0, y - 4.0);
                marks.push(self.level_mark("secondary", arm, at, (second.measure.as_str(), mean, number)));
            }
        }
    }

    fn level_mark(
        &self,
        series: &str,
        arm: &ArmStyle,
        at: (f64, f64),
        (measure, value, words): (&str, f64, String),
    ) -> Mark {
        Mark {
            panel: self.panel_number(),
            series: series.to_owned(),
            arm: arm.name.clone(),
            x: at.0,
            y: at.1,
            label: arm.display.clone(),
            lines: vec![LabelValue::new(measure, words)],
            day: None,
            value,
            low: None,
            high: None,
        }
    }

    fn panel_number(&self) -> u32 {
        u32::try_from(self.index).expect("a handful of panels")
    }
}
