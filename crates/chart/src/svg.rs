//! The backend of plotters that writes the picture as it leaves the crate: inks become colours with a class and a dash.
//!
//! plotters has integer coordinates and colours that are only numbers. Figures are therefore drawn [`FINENESS`] times too
//! large in sentinel colours; every element divides its lengths again and asks [`Ink`] which role a colour stands for.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt::Write as _;

use plotters::style::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
};

use crate::ink::Ink;
use crate::look::Look;
use crate::text::{cleaned, escaped};
use crate::visible::visible_but;

/// Steps of the drawing grid per viewBox unit.
pub(crate) const FINENESS: i32 = 4;

/// Nothing fails that writes into a string.
type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// A picture while it is drawn.
pub(crate) struct Svg<'a> {
    out: &'a mut String,
    look: &'a Look,
    size: (f64, f64),
}

impl<'a> Svg<'a> {
    /// An empty picture of `width` by `height` viewBox units, described by `label`.
    pub(crate) fn begin(
        out: &'a mut String,
        (width, height): (f64, f64),
        look: &'a Look,
        label: &str,
    ) -> Self {
        let _ = write!(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\"");
        if look.standalone {
            let _ = write!(out, " width=\"{width}\" height=\"{height}\"");
        }
        let _ = writeln!(out, " role=\"img\" aria-label=\"{}\">", escaped(&cleaned(label)));
        if look.standalone {
            let surface = Ink::Surface.colour(look.theme);
            let all = format!("width=\"{width}\" height=\"{height}\"");
            let _ = writeln!(out, "<rect x=\"0\" y=\"0\" {all} fill=\"{surface}\"/>");
        }
        Self { out, look, size: (width, height) }
    }

    /// Opacity, class, colour and dash.
    fn paint(&mut self, key: &str, colour: BackendColor) {
        if colour.alpha < 1.0 {
            let _ = write!(self.out, " opacity=\"{}\"", colour.alpha);
        }
        let Some(ink) = Ink::from_sentinel(colour.rgb) else {
            let (red, green, blue) = colour.rgb;
            let _ = write!(self.out, " {key}=\"#{red:02X}{green:02X}{blue:02X}\"");
            return;
        };
        if !self.look.standalone {
            let kind = if key == "fill" { "fill" } else { "line" };
            let _ = write!(self.out, " class=\"chart-{kind}-{}\"", ink.token());
        }
        let _ = write!(self.out, " {key}=\"{}\"", ink.colour(self.look.theme));
        if key == "stroke" && !ink.dash().is_empty() {
            let _ = write!(self.out, " stroke-dasharray=\"{}\"", ink.dash());
        }
    }

    fn points(&mut self, points: impl IntoIterator<Item = BackendCoord>) {
        self.out.push_str(" points=\"");
        for (i, (x, y)) in points.into_iter().enumerate() {
            let space = if i == 0 { "" } else { " " };
            let _ = write!(self.out, "{space}{},{}", shrunk(x), shrunk(y));
        }
        self.out.push_str("\"/>\n");
    }
}

/// A length on the drawing grid in viewBox units, to the hundredth.
fn shrunk(length: impl Into<f64>) -> f64 {
    (length.into() / f64::from(FINENESS) * 100.0).round() / 100.0
}

/// Ends a picture. Whatever way a text took, no character leaves that XML forbids or that turns the direction of reading.
pub(crate) fn ended(mut out: String) -> String {
    out.push_str("</svg>\n");
    match visible_but(&out, |letter| letter == '\n') {
        Cow::Owned(clean) => clean,
        Cow::Borrowed(_) => out,
    }
}

impl DrawingBackend for Svg<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        let steps = |length: f64| (length * f64::from(FINENESS)).round() as u32;
        (steps(self.size.0), steps(self.size.1))
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, colour: BackendColor) -> Drawn {
        let side = shrunk(1);
        let _ = write!(
            self.out,
            "<rect x=\"{}\" y=\"{}\" width=\"{side}\" height=\"{side}\"",
            shrunk(x),
            shrunk(y)
        );
        self.paint("fill", colour);
        self.out.push_str("/>\n");
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.out.push_str("<polyline stroke-linejoin=\"round\" fill=\"none\"");
        self.paint("stroke", style.color());
        let _ = write!(self.out, " stroke-width=\"{}\"", shrunk(style.stroke_width()));
        self.points(path);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.out.push_str("<polygon");
        self.paint("fill", style.color());
        self.points(path);
        Ok(())
    }

    /// Discs only: no figure has an empty circle.
    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        _: bool,
    ) -> Drawn {
        let _ =
            write!(self.out, "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"", shrunk(x), shrunk(y), shrunk(radius));
        self.paint("fill", style.color());
        self.out.push_str("/>\n");
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Drawn {
        let anchor = match style.anchor().h_pos {
            HPos::Left => "start",
            HPos::Right => "end",
            HPos::Center => "middle",
        };
        let (family, size) = (style.family(), shrunk(style.size()));
        let _ = write!(
            self.out,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\" font-family=\"{}\" font-size=\"{size}\"",
            shrunk(x),
            shrunk(y),
            escaped(family.as_str())
        );
        self.paint("fill", style.color());
        if matches!(style.style(), FontStyle::Bold) {
            self.out.push_str(" font-weight=\"600\"");
        }
        let _ = writeln!(self.out, ">{}</text>", escaped(text));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Svg, ended};
    use crate::look::{Look, Theme};

    #[test]
    fn nothing_that_steers_leaves_whatever_way_it_came() {
        let (mut raw, look) = (String::new(), Look::window(Theme::Light));
        let picture = Svg::begin(&mut raw, (10.0, 10.0), &look, "d\u{2066}\u{fffe}e");
        picture.out.push_str("<text>a\u{1b}b\u{202e}c</text>\n");
        let svg = ended(raw);
        assert!(svg.contains(r"a\u{1b}b\u{202e}c") && svg.contains(r"d\u{2066}\u{fffe}e"), "{svg}");
        assert!(svg.chars().all(|letter| letter == '\n' || !crate::is_obeyed(letter)), "{svg}");
    }
}
