//! Where things stand in the headline figure. All panels share one layout, so rows of one arm line up.

use crate::Look;
use crate::canvas::Type;
use crate::data::{Difference, Headline, Level, Panel};
use crate::panel::{Dress, EDGE, MARKER_ROOM};
use crate::text::fitted;

/// Width of one panel in viewBox units.
pub(crate) const PANEL: f64 = 330.0;
const GAP: f64 = 33.0;

pub(crate) const TITLE: Type = Type::new(16.0).bold();
pub(crate) const SMALL: Type = Type::new(11.5);
pub(crate) const HEADING: Type = Type::new(12.0).bold();
pub(crate) const NAME_FONT: Type = Type::new(12.5).bold();
pub(crate) const VALUE: Type = Type::new(12.0);

/// Height of a line of levels.
pub(crate) const LEVEL_LINE: f64 = 19.0;
/// Height of a line of the second metric.
pub(crate) const SECOND_LINE: f64 = 17.0;
/// Room for the axis beneath the differences.
const AXIS: f64 = 30.0;

/// Heights and widths shared by all panels.
pub(crate) struct Layout {
    pub dress: Dress,
    pub width: f64,
    pub height: f64,
    /// Base line of the titles.
    pub title: f64,
    /// Centre of the first level line.
    pub levels: f64,
    /// Base line of the heading above the differences.
    pub heading: f64,
    /// Top of the first difference block.
    pub differences: f64,
    /// Height of a difference block.
    pub block: f64,
    /// Whether verdicts have a line of their own, because one is too long to stand beside its number.
    pub verdict_below: bool,
    /// Base line of the axis labels.
    pub axis: f64,
    /// Base line of the heading of the second metric.
    pub second: f64,
    /// Room for names in level lines.
    pub names: f64,
}

impl Layout {
    pub(crate) fn of(data: &Headline, look: &Look, title: &str) -> Self {
        let panels = data.panels.len() as f64;
        let width = 2.0 * EDGE + panels * PANEL + (panels - 1.0) * GAP;
        // No legend: every row carries its marker and its name.
        let dress = Dress::new(look, title, &[], width);
        let rows = data.arms.iter().filter(|arm| arm.name != data.reference).count() as f64;
        let verdict_below = data.panels.iter().any(crowded);
        let block = if verdict_below { 80.0 } else { 62.0 };
        let title = dress.above + 16.0;
        let levels = title + 46.0;
        let heading = levels + LEVEL_LINE * data.arms.len() as f64 + 20.0;
        let differences = heading + 12.0;
        let axis = differences + block * rows + 18.0;
        let second = if rows > 0.0 { axis + AXIS } else { heading };
        let beneath = data.panels.iter().any(|panel| panel.secondary.is_some());
        let end = if beneath { second + SECOND_LINE * data.arms.len() as f64 + 8.0 } else { axis + 8.0 };
        let height = (end + dress.below).ceil();
        let longest =
            data.arms.iter().map(|arm| SMALL.width(&fitted(&arm.display, SMALL.size, false, 220.0)));
        let names = MARKER_ROOM + longest.fold(0.0, f64::max) + 10.0;
        Self {
            dress,
            width,
            height,
            title,
            levels,
            heading,
            differences,
            block,
            verdict_below,
            axis,
            second,
            names,
        }
    }

    /// Left edge of panel `index`.
    pub(crate) fn left(&self, index: usize) -> f64 {
        EDGE + index as f64 * (PANEL + GAP)
    }
}

/// Whether a verdict does not fit beside its number.
fn crowded(panel: &Panel) -> bool {
    finite_differences(panel).any(|difference| {
        let words = panel.unit.difference(difference.mean, difference.interval()).full();
        MARKER_ROOM + VALUE.width(&words) + SMALL.width(&difference.verdict) + 14.0 > PANEL
    })
}

/// Differences that can be drawn.
pub(crate) fn finite_differences(panel: &Panel) -> impl Iterator<Item = &Difference> {
    panel.differences.iter().filter(|difference| difference.mean.is_finite())
}

/// The level of the arm called `name`, where it is known.
pub(crate) fn level_of(levels: &[Level], name: &str) -> Option<f64> {
    levels.iter().find(|level| level.arm == name).map(|level| level.mean).filter(|mean| mean.is_finite())
}
