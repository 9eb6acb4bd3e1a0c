//! The rows of the field table for scenario files, by section.
//!
//! Adding a key is one line here, one field in [`crate::model`], and one line with its source in the default scenario.

mod people;
mod shop;
mod treatment;

pub(crate) use shop::{ARM, CATEGORY};
pub(crate) use treatment::{RELIEFS, TREATMENT, TreatmentForm};

use crate::field::{Field, field};
use crate::kind::Kind;
use crate::model::Scenario;
use crate::units::TimeUnit;

/// Largest seed: numbers up to here are exact in every language that reads our JSON.
pub const SEED_MAX: i64 = (1 << 53) - 1;

/// Every key of a scenario file but those of treatments, categories, correlations and arms.
pub(crate) fn scenario() -> Vec<&'static Field<Scenario>> {
    [
        TOP,
        people::SHOPPERS,
        people::NEEDS,
        people::CHOICE,
        people::LEARNING,
        shop::CATALOGUE,
        shop::STORE,
        shop::VISITS,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Keys of a scenario file that other tables read.
pub(crate) const ELSEWHERE: &[&str] = &[
    "format",
    "written_by",
    "extends",
    "shoppers.correlations",
    "catalogue.categories",
    "treatments",
    "arms",
];

/// A number without bounds that matter: wide enough for every use, narrow enough to catch a slip of the hand.
pub(crate) const fn number(min: f64, max: f64, unit: &'static str) -> Kind {
    Kind::Number { min, max, unit }
}

/// A percentage from nothing to the whole.
pub(crate) const SHARE: Kind = Kind::Share { min: 0.0, max: 100.0 };

/// A time in days that may be fractional.
pub(crate) const fn days(min: f64, max: f64) -> Kind {
    Kind::Duration { unit: TimeUnit::Days, min, max, whole: false, none: false }
}

/// A whole number of days; `none` where zero is a choice.
pub(crate) const fn whole_days(min: f64, max: f64) -> Kind {
    Kind::Duration { unit: TimeUnit::Days, min, max, whole: true, none: min == 0.0 }
}

const TOP: &[Field<Scenario>] = &[
    field!(required "name", Kind::Text, Text(name), "Short name of the scenario"),
    field!(required "seed", Kind::Integer { min: 0, max: SEED_MAX }, U64(seed), "Seed of all luck"),
    field!(
        "currency",
        Kind::Currency,
        Text(currency),
        "ISO 4217 code of every amount; amounts that are not stated keep their number of minor units"
    ),
    field!("start", Kind::Date, Date(calendar), "Date of the first day of the warm-up"),
    field!("time_zone", Kind::Text, Text(time_zone), "Label of the time zone; simulated days have 24 hours"),
    field!(
        "warmup",
        whole_days(0.0, 1_092.0),
        U32(phases.warmup_days),
        "Weeks that are simulated and discarded"
    ),
    field!(
        "history",
        whole_days(0.0, 1_092.0),
        U32(phases.history_days),
        "Time under the incumbent that every policy gets to see"
    ),
    field!("horizon", whole_days(1.0, 1_092.0), U32(phases.horizon_days), "Time in which the arms differ"),
    field!(
        "probe",
        whole_days(1.0, 1_092.0),
        U32(phases.probe_days),
        "Time afterwards without any policy: the withdrawal test, and the settlement of orders"
    ),
    field!(
        "incumbent",
        Kind::PolicyOrNone,
        OptionalText(incumbent),
        "Policy that governs warm-up and history: a name, a path, or none"
    ),
    field!("worlds", Kind::Integer { min: 1, max: 10_000 }, U32(worlds), "Number of independent worlds"),
    field!(
        "matters",
        SHARE,
        Share(matters),
        "Smallest relative difference between arms that matters to the reader"
    ),
    field!("about.title", Kind::Text, Text(about.title), "One-line title on screen"),
    field!("about.question", Kind::Text, Text(about.question), "The question that the scenario answers"),
    field!("about.notice", Kind::Texts, Texts(about.notice), "What to notice in the result"),
    field!("about.try", Kind::Texts, Texts(about.r#try), "What to try next"),
    field!(
        "about.sources",
        Kind::Texts,
        Texts(about.sources),
        "Where the figures come from, and what this is not"
    ),
    field!(
        "pilot.length",
        whole_days(0.0, 1_092.0),
        U32(pilot.days),
        "Last part of the history in which decisions are randomised; never longer than the history"
    ),
    field!("pilot.share", SHARE, Share(pilot.share), "Share of the pilot's decisions that are randomised"),
    field!(
        "incumbent_sale.weekdays",
        Kind::Weekdays,
        Weekdays(incumbent_sale_weekdays),
        "Weekdays of the sale of the policy calendar-sale in this scenario, instead of the policy's own"
    ),
];
