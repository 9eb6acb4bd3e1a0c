//! Rows of one `[treatments.ID]`, and the form they fill before it becomes a specification and an effect.

use super::{SHARE, number};
use crate::field::{Field, field};
use crate::kind::Kind;
use crate::model::Effect;
use crate::units::TimeUnit;
use counterfoil_core::money::{Money, Share};

/// Words for [`counterfoil_core::treatment::TreatmentKind`] in files.
pub(crate) const TYPES: &[&str] = &[
    "percent",
    "fixed",
    "free-shipping",
    "reassurance",
    "social-proof",
    "shipping-info",
    "payment-help",
    "choice-help",
    "reminder",
];

/// A treatment as it stands in the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TreatmentForm {
    pub kind: String,
    pub depth: Share,
    pub amount: Money,
    pub cost: Money,
    pub message_cost: Money,
    pub smallest_order: Money,
    pub largest_reward: Option<Money>,
    pub valid_for_ms: i64,
    pub effect: Effect,
}

impl TreatmentForm {
    /// What holds where the file says nothing: no cost, valid in its session, noticed by everybody, without effect.
    pub fn unwritten() -> Self {
        Self { effect: Effect { visibility: 1.0, ..Effect::default() }, ..Self::default() }
    }
}

const fn money() -> Kind {
    Kind::Money { min: 0.0, max: 1_000_000.0 }
}

/// Longest validity of an offer in milliseconds: 52 weeks.
const VALID_MAX: f64 = 31_449_600_000.0;

/// Rows of a treatment.
pub(crate) const TREATMENT: &[Field<TreatmentForm>] = &[
    field!(required "type", Kind::OneOf(TYPES), Text(kind), "What is promised"),
    field!("depth", SHARE, Share(depth), "Depth of a percentage discount; belongs to type percent"),
    field!(
        "amount",
        Kind::Money { min: 0.01, max: 1_000_000.0 },
        Money(amount),
        "Amount off; belongs to type fixed"
    ),
    field!("cost", money(), Money(cost), "Cost of showing it once"),
    field!("message_cost", money(), Money(message_cost), "Cost of sending it once as a message"),
    field!(
        "smallest_order",
        money(),
        Money(smallest_order),
        "Smallest value of goods at list price to which an offer applies"
    ),
    field!(
        "largest_reward",
        Kind::MoneyOrNone { min: 0.01, max: 1_000_000.0 },
        OptionalMoney(largest_reward),
        "The most that one order gets of an offer; none: no limit"
    ),
    field!(
        "valid_for",
        Kind::Duration { unit: TimeUnit::Millis, min: 0.0, max: VALID_MAX, whole: true, none: true },
        I64(valid_for_ms),
        "How long an offer can be redeemed after it was shown; none: in the same session only"
    ),
    field!("effect.relief.doubt", SHARE, Fraction(effect.relief[0]), "Share of the doubt that it takes away"),
    field!("effect.relief.shipping", SHARE, Fraction(effect.relief[1]), "The same for the shipping barrier"),
    field!("effect.relief.payment", SHARE, Fraction(effect.relief[2]), "The same for the payment barrier"),
    field!("effect.relief.choice", SHARE, Fraction(effect.relief[3]), "The same for the choice barrier"),
    field!("effect.relief.timing", SHARE, Fraction(effect.relief[4]), "The same for the timing barrier"),
    field!(
        "effect.visibility",
        SHARE,
        Fraction(effect.visibility),
        "How much of it she notices; at 0 % it does nothing at all"
    ),
    field!(
        "effect.annoyance",
        number(0.0, 5.0, "of fatigue"),
        F64(effect.annoyance),
        "Fatigue per showing, before her own annoyance"
    ),
];

/// The row of the dial that scales all reliefs; it lives beside the treatments.
pub(crate) const RELIEFS: &[Field<crate::model::Scenario>] = &[field!(
    "relief_scale",
    number(0.0, 10.0, ""),
    F64(relief_scale),
    "Multiplies every relief of every treatment"
)];
