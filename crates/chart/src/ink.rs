//! Colours by role, and how they survive the way through plotters into an SVG.
//!
//! plotters knows colours only as numbers. Every role is drawn in a sentinel colour that nothing else uses, and
//! [`crate::svg`] puts the theme's colour, the dash and the class name in its place. A class is there for the
//! window: a rule like `.chart-line-arm-1 { stroke: var(--arm-1) }` outranks the colour attribute under a strict
//! content security policy, so a picture follows a change of theme without being drawn again. [`stylesheet`]
//! writes those rules.

use crate::arms::{arm_colour, style_at};
use crate::look::Theme;
use plotters::style::RGBColor;
use std::fmt::Write as _;

/// What a colour stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Words that matter.
    Text,
    /// Words that explain.
    Muted,
    /// Grid lines and guides.
    Grid,
    /// The zero line and connectors.
    Zero,
    /// The background.
    Surface,
    /// An arm, solid.
    Arm(usize),
    /// An arm's curve, with its dash.
    Curve(usize),
}

/// First byte of every sentinel colour.
const SENTINEL: u8 = 0xCF;

/// Roles without a number: token, light, dark.
const PLAIN: [(Ink, &str, &str, &str); 5] = [
    (Ink::Text, "text", "#1B1F24", "#E8EAED"),
    (Ink::Muted, "muted", "#58606B", "#A9B1BB"),
    (Ink::Grid, "grid", "#E3E6EA", "#2C3239"),
    (Ink::Zero, "zero", "#7A828D", "#8A939E"),
    (Ink::Surface, "surface", "#FFFFFF", "#16191D"),
];

impl Ink {
    /// The colour that plotters is given.
    pub(crate) fn sentinel(self) -> RGBColor {
        match self {
            Self::Arm(index) => RGBColor(SENTINEL, 0x10, (index % 8) as u8),
            Self::Curve(index) => RGBColor(SENTINEL, 0x20, (index % 8) as u8),
            plain => {
                let place =
                    PLAIN.iter().position(|(ink, ..)| *ink == plain).expect("every plain role is listed");
                RGBColor(SENTINEL, 0x00, place as u8)
            }
        }
    }

    /// The role behind a colour that plotters hands on.
    pub(crate) fn from_sentinel((first, kind, index): (u8, u8, u8)) -> Option<Self> {
        match (first == SENTINEL, kind) {
            (true, 0x10) => Some(Self::Arm(usize::from(index))),
            (true, 0x20) => Some(Self::Curve(usize::from(index))),
            (true, 0x00) => PLAIN.get(usize::from(index)).map(|(ink, ..)| *ink),
            _ => None,
        }
    }

    /// Colour on the background of `theme`, `#RRGGBB`.
    pub(crate) fn colour(self, theme: Theme) -> &'static str {
        match self {
            Self::Arm(index) | Self::Curve(index) => arm_colour(index, theme),
            plain => {
                let (_, _, light, dark) =
                    PLAIN.iter().find(|(ink, ..)| *ink == plain).expect("every plain role is listed");
                if theme == Theme::Light { light } else { dark }
            }
        }
    }

    /// Token and end of the class name: `arm-1`, `muted`.
    pub(crate) fn token(self) -> String {
        match self {
            Self::Arm(index) | Self::Curve(index) => format!("arm-{index}"),
            plain => PLAIN
                .iter()
                .find(|(ink, ..)| *ink == plain)
                .map(|row| row.1.to_owned())
                .expect("every plain role"),
        }
    }

    /// Dash of lines in this ink, in viewBox units; empty for solid.
    pub(crate) fn dash(self) -> &'static str {
        if let Self::Curve(index) = self { style_at(index).dash } else { "" }
    }
}

/// Colour of a role on the background of `theme` as `#RRGGBB`: `text`, `muted`, `grid`, `zero`, `surface` or `arm-0`
/// to `arm-7`; `None` for any other word.
#[must_use]
pub fn token_colour(token: &str, theme: Theme) -> Option<&'static str> {
    let plain = PLAIN.iter().map(|row| row.0);
    plain.chain((0..8).map(Ink::Arm)).find(|ink| ink.token() == token).map(|ink| ink.colour(theme))
}

/// Rules that let pictures of the window look follow the window's theme: the tokens `--arm-0` to `--arm-7` and
/// `--chart-text`, `--chart-muted`, `--chart-grid`, `--chart-zero`, `--chart-surface` as `light-dark()` pairs on
/// `:root`, and one rule per class. Put it into a style file; it needs `color-scheme` on `:root`.
#[must_use]
pub fn stylesheet() -> String {
    let inks: Vec<Ink> = PLAIN.iter().map(|row| row.0).chain((0..8).map(Ink::Arm)).collect();
    let mut out = String::from(":root {\n");
    for ink in &inks {
        let (light, dark) = (ink.colour(Theme::Light), ink.colour(Theme::Dark));
        let _ = writeln!(out, "\t--{}: light-dark({light}, {dark});", variable(*ink));
    }
    out.push_str("}\n");
    for ink in &inks {
        let (token, variable) = (ink.token(), variable(*ink));
        let _ = writeln!(out, ".chart-fill-{token} {{ fill: var(--{variable}); }}");
        let _ = writeln!(out, ".chart-line-{token} {{ stroke: var(--{variable}); }}");
    }
    out
}

fn variable(ink: Ink) -> String {
    if let Ink::Arm(_) = ink { ink.token() } else { format!("chart-{}", ink.token()) }
}

#[cfg(test)]
mod tests {
    use super::{Ink, PLAIN};

    #[test]
    fn every_role_survives_the_way_through_a_colour() {
        let all = PLAIN.iter().map(|row| row.0).chain((0..8).map(Ink::Arm)).chain((0..8).map(Ink::Curve));
        for ink in all {
            let colour = ink.sentinel();
            assert_eq!(Ink::from_sentinel((colour.0, colour.1, colour.2)), Some(ink));
        }
        assert_eq!(Ink::from_sentinel((0xCF, 0x99, 0x00)), None);
        assert_eq!(Ink::from_sentinel((0, 0, 0)), None);
    }
}
