//! The drawing surface: plotters in viewBox units and in inks instead of pixels and colours.

use crate::arms::{ArmStyle, Marker, style_at};
use crate::ink::Ink;
use crate::look::Look;
use crate::svg::{FINENESS, Svg, ended};
use crate::text::{cleaned, width};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Fonts in order of preference; whichever is there.
const FONT: &str = "system-ui, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif";

/// Half the extent of a marker in viewBox units.
pub(crate) const MARKER_RADIUS: f64 = 4.5;

/// A point in viewBox units.
pub(crate) type Point = (f64, f64);

/// Size, weight and anchoring of a text.
#[derive(Clone, Copy)]
pub(crate) struct Type {
    /// Size in viewBox units.
    pub size: f64,
    /// Semibold.
    pub bold: bool,
    anchor: HPos,
}

impl Type {
    /// Text of `size` that starts at its position.
    pub(crate) const fn new(size: f64) -> Self {
        Self { size, bold: false, anchor: HPos::Left }
    }

    /// The same in semibold.
    pub(crate) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same, ending at its position.
    pub(crate) const fn right(self) -> Self {
        Self { anchor: HPos::Right, ..self }
    }

    /// The same, centred on its position.
    pub(crate) const fn centred(self) -> Self {
        Self { anchor: HPos::Center, ..self }
    }

    /// Estimated width of `words`.
    pub(crate) fn width(self, words: &str) -> f64 {
        width(words, self.size, self.bold)
    }
}

/// Where figures draw.
pub(crate) struct Canvas<'a> {
    area: DrawingArea<Svg<'a>, Shift>,
}

/// A picture of `size` drawn by `draw`, finished for `look` and described by `label`.
pub(crate) fn picture(size: Point, look: &Look, label: &str, draw: impl FnOnce(&Canvas)) -> String {
    let mut out = String::new();
    draw(&Canvas { area: Svg::begin(&mut out, size, look, label).into_drawing_area() });
    ended(out)
}

const DRAWN: &str = "drawing into a string does not fail";

fn grid((x, y): Point) -> (i32, i32) {
    let steps = |length: f64| (length * f64::from(FINENESS)).round() as i32;
    (steps(x), steps(y))
}

impl Canvas<'_> {
    /// An open line through `points`.
    pub(crate) fn line(&self, points: &[Point], ink: Ink, width: f64) {
        let style =
            ShapeStyle { color: ink.sentinel().to_rgba(), filled: false, stroke_width: line_width(width) };
        let points: Vec<(i32, i32)> = points.iter().copied().map(grid).collect();
        self.area.draw(&PathElement::new(points, style)).expect(DRAWN);
    }

    /// A filled shape.
    pub(crate) fn shape(&self, points: &[Point], ink: Ink, opacity: f64) {
        let points: Vec<(i32, i32)> = points.iter().copied().map(grid).collect();
        self.area.draw(&Polygon::new(points, ink.sentinel().mix(opacity))).expect(DRAWN);
    }

    /// A filled rectangle between two corners.
    pub(crate) fn block(&self, from: Point, to: Point, ink: Ink, opacity: f64) {
        self.shape(&[from, (to.0, from.1), to, (from.0, to.1)], ink, opacity);
    }

    /// Text whose base line starts, ends or is centred at `at`.
    pub(crate) fn text(&self, words: &str, at: Point, font: Type, ink: Ink) {
        let size = font.size * f64::from(FINENESS);
        let style = if font.bold { FontStyle::Bold } else { FontStyle::Normal };
        let style = FontDesc::new(FontFamily::Name(FONT), size, style)
            .color(&ink.sentinel())
            .pos(Pos::new(font.anchor, VPos::Bottom));
        self.area.draw(&Text::new(cleaned(words), grid(at), style)).expect(DRAWN);
    }

    /// The marker of `arm` centred at `at`.
    pub(crate) fn marker(&self, arm: &ArmStyle, (x, y): Point) {
        let (r, ink) = (MARKER_RADIUS, Ink::Arm(arm.index));
        match style_at(arm.index).marker {
            Marker::Bar => self.line(&[(x, y - r - 0.5), (x, y + r + 0.5)], ink, 2.5),
            Marker::Circle => self.disc((x, y), r, ink),
            Marker::Ring => {
                self.disc((x, y), r, ink);
                self.disc((x, y), r - 1.75, Ink::Surface);
            }
            Marker::Diamond => {
                let d = r * 1.2;
                self.shape(&[(x, y - d), (x + d, y), (x, y + d), (x - d, y)], ink, 1.0);
            }
            Marker::Triangle => {
                let d = r * 1.1;
                self.shape(&[(x, y - d), (x + d, y + d * 0.8), (x - d, y + d * 0.8)], ink, 1.0);
            }
            Marker::Square => self.block((x - 4.0, y - 4.0), (x + 4.0, y + 4.0), ink, 1.0),
            Marker::Cross => {
                let d = r * 0.85;
                self.line(&[(x - d, y - d), (x + d, y + d)], ink, 2.25);
                self.line(&[(x - d, y + d), (x + d, y - d)], ink, 2.25);
            }
            Marker::Box => {
                self.block((x - 4.0, y - 4.0), (x + 4.0, y + 4.0), ink, 1.0);
                self.block((x - 2.25, y - 2.25), (x + 2.25, y + 2.25), Ink::Surface, 1.0);
            }
        }
    }

    fn disc(&self, at: Point, radius: f64, ink: Ink) {
        let radius = (radius * f64::from(FINENESS)).round() as i32;
        self.area.draw(&Circle::new(grid(at), radius, ink.sentinel().filled())).expect(DRAWN);
    }
}

fn line_width(width: f64) -> u32 {
    (width * f64::from(FINENESS)).round().max(1.0) as u32
}
