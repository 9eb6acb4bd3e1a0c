//! Three panels side by side: each arm's level small, and larger its paired difference against the reference arm.
//!
//! Every panel reads from top to bottom: title, one line per arm with its level, one block per arm with name,
//! difference, interval on a shared axis and verdict, and a second metric as plain lines. Rows of one arm stand at
//! one height in all panels. Start at [`headline`]; [`layout`] says where things stand, [`rows`] draws them.

mod layout;
mod rows;
mod table;

use crate::arms::legend;
use crate::canvas::picture;
use crate::data::Headline;
use crate::panel::{arm_of, display_of};
use crate::{ChartError, Figure, Look};
use layout::Layout;

const NAME: &str = "headline";

/// Draws levels and paired differences of several metrics.
///
/// Rows follow `data.arms`; differences of the reference arm itself are not drawn. A difference without an interval
/// is drawn as a point alone.
///
/// # Errors
/// [`ChartError::Empty`] without arms, panels or any finite level; [`ChartError::UnknownArm`] where a level or a
/// difference belongs to none of the arms.
pub fn headline(data: &Headline, look: &Look) -> Result<Figure, ChartError> {
    check(data)?;
    let title = title(data);
    let summary = summary(data);
    let layout = Layout::of(data, look, &title);
    let size = (layout.width, layout.height);
    let mut marks = Vec::new();
    let mut panels = Vec::new();
    let svg = picture(size, look, &summary, |canvas| {
        layout.dress.draw(canvas, size);
        for (i, panel) in data.panels.iter().enumerate() {
            let drawn = rows::Drawing { canvas, data, panel, layout: &layout, index: i };
            panels.push(drawn.draw(&mut marks));
        }
    });
    Ok(Figure {
        name: NAME.to_owned(),
        title,
        svg,
        width: size.0,
        height: size.1,
        summary,
        marks,
        panels,
        legend: legend(&data.arms),
        table: table::table(data),
    })
}

/// `Conversion, margin and discount dependency, compared with Today`.
fn title(data: &Headline) -> String {
    let last = data.panels.len() - 1;
    let mut title = String::new();
    for (i, panel) in data.panels.iter().enumerate() {
        title.push_str(if i == 0 {
            ""
        } else if i == last {
            " and "
        } else {
            ", "
        });
        title.push_str(&if i == 0 { panel.title.clone() } else { panel.title.to_lowercase() });
    }
    format!("{title}, compared with {}", display_of(&data.arms, &data.reference))
}

fn check(data: &Headline) -> Result<(), ChartError> {
    let empty = |what| Err(ChartError::Empty { figure: NAME, what });
    if data.arms.is_empty() {
        return empty("arms");
    }
    if data.panels.is_empty() {
        return empty("panels");
    }
    for panel in &data.panels {
        let beneath = panel.secondary.iter().flat_map(|secondary| &secondary.levels);
        let levels = panel.levels.iter().chain(beneath).map(|level| &level.arm);
        for arm in levels.chain(panel.differences.iter().map(|difference| &difference.arm)) {
            arm_of(&data.arms, arm, NAME)?;
        }
    }
    if data.panels.iter().flat_map(|panel| &panel.levels).all(|level| !level.mean.is_finite()) {
        return empty("finite level");
    }
    Ok(())
}

/// One sentence: every arm's differences with their verdicts.
fn summary(data: &Headline) -> String {
    let mut parts = Vec::new();
    for arm in data.arms.iter().filter(|arm| arm.name != data.reference) {
        let differences = data.panels.iter().filter_map(|panel| {
            let found = panel.differences.iter().find(|d| d.arm == arm.name && d.mean.is_finite())?;
            let words = panel.unit.difference(found.mean, found.interval()).full();
            Some(format!("{} {words}, {}", panel.measure, found.verdict))
        });
        let differences: Vec<String> = differences.collect();
        if !differences.is_empty() {
            parts.push(format!("{}: {}", arm.display, differences.join(", ")));
        }
    }
    let reference = display_of(&data.arms, &data.reference);
    if parts.is_empty() {
        return format!("Levels of {} arms, without a difference from {reference}.", data.arms.len());
    }
    format!("Compared with {reference}, {}.", parts.join("; "))
}

/// Words of a hover card for an interval.
const INTERVAL: &str = "95 % interval";
