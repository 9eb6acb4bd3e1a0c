//! The eight arm styles: hue, dash and marker, and who wears which.
//!
//! Style 0 belongs to `control` and is the thin neutral line; 1 is `realtime`, 2 `batch`, 3 `status-quo`. Colours
//! are measured in `tests/colour.rs` for contrast on both backgrounds and for distance under three kinds of colour
//! blindness. The hues of styles 1 and 2 (`#0B5FA5`, `#B85A00`; dark `#56B4E9`, `#E69F00`) follow Okabe and Ito,
//! *Color Universal Design* (2008), darkened on white until they carry text; the others were searched for
//! the largest smallest distance between any two.

use crate::look::Theme;
use serde::Serialize;

/// One arm and the style it wears in every figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArmStyle {
    /// Name in files: `realtime`.
    pub name: String,
    /// Words on screen: `Real-time`.
    pub display: String,
    /// Style, 0 to 7; larger numbers wrap around.
    pub index: usize,
}

/// How an arm is drawn, for a legend outside the SVG.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LegendEntry {
    /// Name in files.
    pub arm: String,
    /// Words on screen, never shortened.
    pub display: String,
    /// Style, 0 to 7: the colour token `--arm-N`.
    pub index: usize,
    /// `stroke-dasharray`; empty for a solid line.
    pub dash: String,
    /// `bar`, `circle`, `ring`, `diamond`, `triangle`, `square`, `cross` or `box`.
    pub marker: String,
}

/// Shape that stands for an arm where hue cannot be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    /// Short upright stroke.
    Bar,
    /// Filled disc.
    Circle,
    /// Hollow disc.
    Ring,
    /// Filled diamond.
    Diamond,
    /// Filled triangle.
    Triangle,
    /// Filled square.
    Square,
    /// Diagonal cross.
    Cross,
    /// Hollow square.
    Box,
}

impl Marker {
    /// Word for the legend entry.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Bar => "bar",
            Self::Circle => "circle",
            Self::Ring => "ring",
            Self::Diamond => "diamond",
            Self::Triangle => "triangle",
            Self::Square => "square",
            Self::Cross => "cross",
            Self::Box => "box",
        }
    }
}

/// One of the eight styles.
pub(crate) struct Style {
    /// Colour on white, `#RRGGBB`.
    pub light: &'static str,
    /// Colour on near-black, `#RRGGBB`.
    pub dark: &'static str,
    /// `stroke-dasharray` in viewBox units; empty for a solid line.
    pub dash: &'static str,
    /// Marker.
    pub marker: Marker,
    /// Width of a curve in viewBox units.
    pub width: f64,
}

const fn style(light: &'static str, dark: &'static str, dash: &'static str, marker: Marker) -> Style {
    Style { light, dark, dash, marker, width: 2.25 }
}

static STYLES: [Style; 8] = [
    Style { light: "#5F6670", dark: "#A3ABB5", dash: "", marker: Marker::Bar, width: 1.25 },
    style("#0B5FA5", "#56B4E9", "", Marker::Circle),
    style("#B85A00", "#E69F00", "7 4", Marker::Ring),
    style("#6A1FB8", "#B06DF2", "11 3 2 3", Marker::Diamond),
    style("#0F7A3D", "#9DF2BA", "14 4", Marker::Triangle),
    style("#8C0D3F", "#F26D83", "2 3", Marker::Square),
    style("#4D4B00", "#E6E07A", "6 3 2 3 2 3", Marker::Cross),
    style("#3A2A1E", "#FFFFFF", "4 2", Marker::Box),
];

/// The style at `index`, wrapping around after eight.
pub(crate) fn style_at(index: usize) -> &'static Style {
    &STYLES[index % STYLES.len()]
}

/// Colour of style `index` (0 to 7, wrapping) on the background of `theme`, as `#RRGGBB`.
#[must_use]
pub fn arm_colour(index: usize, theme: Theme) -> &'static str {
    let style = style_at(index);
    match theme {
        Theme::Light => style.light,
        Theme::Dark => style.dark,
    }
}

/// The known arms and their fixed styles, so that an arm looks the same in every run.
const KNOWN: [(&str, usize); 4] = [("control", 0), ("realtime", 1), ("batch", 2), ("status-quo", 3)];

/// Styles for the arms of a run, given as (name, words on screen) in the run's order.
///
/// `control`, `realtime`, `batch` and `status-quo` always wear styles 0 to 3. The others take the free coloured
/// styles in order, first 4 to 7, then 1 to 3; style 0 stays with `control`. From the eighth arm besides
/// `control` on, styles repeat.
#[must_use]
pub fn arm_styles(arms: &[(String, String)]) -> Vec<ArmStyle> {
    let known = |name: &str| KNOWN.iter().find(|(known, _)| *known == name).map(|(_, index)| *index);
    let taken: Vec<usize> = arms.iter().filter_map(|(name, _)| known(name)).collect();
    let spare: Vec<usize> =
        [4, 5, 6, 7, 1, 2, 3].into_iter().filter(|index| !taken.contains(index)).collect();
    // All eight styles are taken only by eight arms, of which four are known: then `spare` holds the other four.
    let mut next = spare.iter().cycle();
    arms.iter()
        .map(|(name, display)| {
            let index = known(name).unwrap_or_else(|| *next.next().expect("styles 4 to 7 are never taken"));
            ArmStyle { name: name.clone(), display: display.clone(), index }
        })
        .collect()
}

/// The legend of `arms`, in their order.
pub(crate) fn legend(arms: &[ArmStyle]) -> Vec<LegendEntry> {
    arms.iter()
        .map(|arm| {
            let style = style_at(arm.index);
            LegendEntry {
                arm: arm.name.clone(),
                display: arm.display.clone(),
                index: arm.index % STYLES.len(),
                dash: style.dash.to_owned(),
                marker: style.marker.word().to_owned(),
            }
        })
        .collect()
}
