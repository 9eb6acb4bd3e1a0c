//! From the SVG that plotters writes to the SVG that leaves the crate.
//!
//! plotters has integer coordinates, no dash, no class and no description. Figures are therefore drawn [`FINENESS`]
//! times too large in sentinel colours, and this module divides every length again, puts colour, dash and class in
//! the place of the sentinels and describes the picture for screen readers. It relies on plotters writing one tag
//! per line and escaping every attribute and text, which the tests of the crate hold on to.

use crate::ink::Ink;
use crate::look::Look;
use crate::text::{cleaned, escaped};
use crate::visible::visible_but;
use std::borrow::Cow;
use std::fmt::Write as _;

/// Steps of the drawing grid per viewBox unit.
pub(crate) const FINENESS: i32 = 4;

/// The finished picture of `width` by `height` viewBox units from plotters' `raw` one.
pub(crate) fn finished(raw: &str, (width, height): (f64, f64), look: &Look, label: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let _ = write!(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\"");
    if look.standalone {
        let _ = write!(out, " width=\"{width}\" height=\"{height}\"");
    }
    let _ = writeln!(out, " role=\"img\" aria-label=\"{}\">", escaped(&cleaned(label)));
    if look.standalone {
        let surface = Ink::Surface.colour(look.theme);
        let _ =
            writeln!(out, "<rect x=\"0\" y=\"0\" width=\"{width}\" height=\"{height}\" fill=\"{surface}\"/>");
    }
    for line in raw.lines() {
        match line.strip_prefix('<') {
            Some(tag) if tag.starts_with("svg") => {}
            Some(tag) if tag.starts_with("text") => tag_into(&mut out, tag, look),
            Some(tag) if tag.starts_with("/text") => out.push_str("</text>\n"),
            Some(tag) if tag.starts_with('/') => {}
            Some(tag) => {
                tag_into(&mut out, tag, look);
                out.push('\n');
            }
            None => out.push_str(line),
        }
    }
    out.push_str("</svg>\n");
    // Whatever way a text took, no character leaves that XML forbids or that turns the direction of reading.
    match visible_but(&out, |letter| letter == '\n') {
        Cow::Owned(clean) => clean,
        Cow::Borrowed(_) => out,
    }
}

/// Writes one opening or empty tag, given without its `<`, with every attribute translated.
fn tag_into(out: &mut String, tag: &str, look: &Look) {
    let name = tag.split([' ', '/', '>']).next().unwrap_or_default();
    let _ = write!(out, "<{name}");
    if name == "polyline" {
        out.push_str(" stroke-linejoin=\"round\"");
    }
    // Attributes alternate between `key=` and value, because values never hold a quotation mark.
    let mut pieces = tag[name.len()..].split('"');
    while let (Some(key), Some(value)) = (pieces.next(), pieces.next()) {
        attribute_into(out, key.trim().trim_end_matches('='), value, look);
    }
    out.push_str(if tag.ends_with("/>") { "/>" } else { ">" });
}

fn attribute_into(out: &mut String, key: &str, value: &str, look: &Look) {
    match key {
        // Text is placed by its base line, lines have one opacity, and no stroke needs no word.
        "dy" => {}
        "opacity" if value == "1" => {}
        "stroke" if value == "none" => {}
        "fill" | "stroke" => colour_into(out, key, value, look),
        "points" => points_into(out, value),
        "x" | "y" | "cx" | "cy" | "r" | "width" | "height" | "stroke-width" | "font-size" => {
            let length: f64 = value.parse().expect("plotters writes lengths as numbers");
            let _ = write!(out, " {key}=\"{}\"", shrunk(length));
        }
        "font-weight" => out.push_str(" font-weight=\"600\""),
        _ => {
            let _ = write!(out, " {key}=\"{value}\"");
        }
    }
}

fn colour_into(out: &mut String, key: &str, value: &str, look: &Look) {
    let Some(ink) = Ink::from_sentinel(value) else {
        let _ = write!(out, " {key}=\"{value}\"");
        return;
    };
    if !look.standalone {
        let kind = if key == "fill" { "fill" } else { "line" };
        let _ = write!(out, " class=\"chart-{kind}-{}\"", ink.token());
    }
    let _ = write!(out, " {key}=\"{}\"", ink.colour(look.theme));
    if key == "stroke" && !ink.dash().is_empty() {
        let _ = write!(out, " stroke-dasharray=\"{}\"", ink.dash());
    }
}

fn points_into(out: &mut String, value: &str) {
    out.push_str(" points=\"");
    for (i, pair) in value.split_ascii_whitespace().enumerate() {
        let (x, y) = pair.split_once(',').expect("plotters writes points as x,y");
        let number = |digits: &str| digits.parse::<f64>().expect("plotters writes points as numbers");
        let _ = write!(out, "{}{},{}", if i == 0 { "" } else { " " }, shrunk(number(x)), shrunk(number(y)));
    }
    out.push('"');
}

/// A length on the drawing grid in viewBox units, to the hundredth.
fn shrunk(length: f64) -> f64 {
    (length / f64::from(FINENESS) * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::finished;
    use crate::look::{Look, Theme};

    #[test]
    fn nothing_that_steers_leaves_whatever_way_it_came() {
        let raw = "<svg>\n<text x=\"4\" y=\"4\">\na\u{1b}b\u{202e}c\n</text>\n</svg>\n";
        let svg = finished(raw, (10.0, 10.0), &Look::window(Theme::Light), "d\u{2066}\u{fffe}e");
        assert!(svg.contains(r"a\u{1b}b\u{202e}c") && svg.contains(r"d\u{2066}\u{fffe}e"), "{svg}");
        assert!(svg.chars().all(|letter| letter == '\n' || !crate::is_obeyed(letter)), "{svg}");
    }
}
