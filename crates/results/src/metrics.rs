//! Metrics in the order of reports, with the words that people read.

use std::fmt;

use counterfoil_core::metrics::{self, Direction, METRICS, Metric};
use counterfoil_core::number::{Purse, Unit};

use crate::words::capitalised;

/// Half-life of dependency: pooled over worlds, so it is no ratio within a world.
pub(crate) const HALF_LIFE: &str = "dependency_half_life_weeks";
/// What the claim is about.
pub(crate) const CONTRIBUTION: &str = "contribution_per_shopper";
/// It stands after this metric.
const BEFORE_HALF_LIFE: &str = "stockpiled_share";

/// Titles of the groups of metrics.
pub(crate) const GROUPS: [(&str, &str); 5] = [
    ("headline", "Headline"),
    ("dashboard", "The shop's dashboard"),
    ("promotion", "Promotion"),
    ("habit", "Habit"),
    ("engine", "Engine"),
];

/// One metric as it is shown.
#[derive(Clone, Copy)]
pub struct Shown {
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

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
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

fn unit(unit: metrics::Unit) -> &'static str {
    match unit {
        metrics::Unit::Money => "money",
        metrics::Unit::Share => "share",
        metrics::Unit::Percent => "percent",
        metrics::Unit::Count => "count",
        metrics::Unit::Seconds => "seconds",
        metrics::Unit::Milliseconds => "ms",
        metrics::Unit::Hours => "hours",
        metrics::Unit::Weeks => "weeks",
    }
}

impl Shown {
    /// Unit of its values, money in a currency.
    #[must_use]
    pub fn unit(&self, purse: &Purse) -> Unit {
        match self.unit {
            "money" => Unit::Money(purse.clone()),
            "share" => Unit::Share,
            "percent" => Unit::Percent,
            _ => match self.word() {
                "" => Unit::Plain,
                word => Unit::In(word),
            },
        }
    }

    /// The word behind its values; empty where they need none.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self.unit {
            "seconds" => "s",
            "ms" => "ms",
            "hours" => "h",
            "weeks" => "weeks",
            _ => "",
        }
    }

    /// Words on screen.
    #[must_use]
    pub fn label(&self) -> String {
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
}
