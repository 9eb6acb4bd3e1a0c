//! Metrics in the order of reports, with the words that people read.

use counterfoil_core::metrics::{Direction, METRICS, Metric, Unit};

use crate::dto::MetricInfo;
use crate::words::capitalised;

/// Half-life of dependency: pooled over worlds, so it is no ratio within a world.
pub(crate) const HALF_LIFE: &str = "dependency_half_life_weeks";
/// It stands after this metric.
const BEFORE_HALF_LIFE: &str = "stockpiled_share";

/// One metric as it is shown.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    /// Name in JSON.
    pub name: &'static str,
    /// Group.
    pub group: &'static str,
    /// One sentence.
    pub definition: &'static str,
    /// Unit of the values.
    pub unit: &'static str,
    /// `1`: more is better, `-1`: less is, `0`: neither.
    pub direction: i8,
    /// Whether a real store could see it.
    pub observable: bool,
    /// The ratio behind it; `None` for the half-life.
    pub metric: Option<&'static Metric>,
}

/// All metrics, headline first.
pub(crate) fn shown_metrics() -> Vec<Shown> {
    let mut all = Vec::with_capacity(METRICS.len() + 1);
    for metric in METRICS {
        all.push(Shown {
            name: metric.name,
            group: metric.group,
            definition: metric.definition,
            unit: unit(metric.unit),
            direction: match metric.direction {
                Direction::Higher => 1,
                Direction::Lower => -1,
                Direction::Neutral => 0,
            },
            observable: metric.observable,
            metric: Some(metric),
        });
        if metric.name == BEFORE_HALF_LIFE {
            all.push(half_life());
        }
    }
    all
}

fn half_life() -> Shown {
    Shown {
        name: HALF_LIFE,
        group: "habit",
        definition: "weeks after the end of all promotions until half of the missing full-price orders are back, \
                     pooled over worlds; no value where no fading gap can be told from chance",
        unit: "weeks",
        direction: -1,
        observable: false,
        metric: None,
    }
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Money => "money",
        Unit::Share => "share",
        Unit::Percent => "percent",
        Unit::Count => "count",
        Unit::Seconds => "seconds",
        Unit::Milliseconds => "ms",
        Unit::Hours => "hours",
        Unit::Weeks => "weeks",
    }
}

impl Shown {
    /// Words on screen.
    pub(crate) fn label(&self) -> String {
        match self.name {
            "dependency_index" => "Discount dependency".to_owned(),
            "conversion_rate" => "Conversion per session".to_owned(),
            "new_to_repeat_full_price_rate" => "New buyers who come back at full price".to_owned(),
            "signal_to_decision_ms" => "Signal to decision".to_owned(),
            "seconds_to_order" => "Time to order".to_owned(),
            "information_age_hours" => "Age of information".to_owned(),
            HALF_LIFE => "Half-life of dependency".to_owned(),
            other => capitalised(&other.replace('_', " ")),
        }
    }

    pub(crate) fn info(&self) -> MetricInfo {
        MetricInfo {
            name: self.name.to_owned(),
            label: self.label(),
            group: self.group.to_owned(),
            definition: self.definition.to_owned(),
            unit: self.unit.to_owned(),
            direction: self.direction,
            observable: self.observable,
        }
    }
}
