//! Names that the store keeps as small integers, and the way back.
//!
//! A code is the place of a variant in its enum of the core crate. The tests pin number and name of each, because files
//! that exist already hold the numbers: a variant may be appended, never moved.

use counterfoil_core::facts::{BRIDGE_STEPS, Fate, OfferFate, VisitEnd};
use counterfoil_core::policy::{DecisionPoint, Reason, Stage};
use rusqlite::types::{FromSqlError, Type};

/// What becomes of needs, by code.
pub(crate) const FATES: [Fate; 6] =
    [Fate::Dormant, Fate::Open, Fate::MetFromStock, Fate::Bought, Fate::Elsewhere, Fate::Lapsed];
/// What becomes of offers, by code.
pub(crate) const OFFER_FATES: [OfferFate; 3] = [OfferFate::Open, OfferFate::Redeemed, OfferFate::Expired];
/// How visits end, by code.
pub(crate) const VISIT_ENDS: [VisitEnd; 6] = [
    VisitEnd::Bounced,
    VisitEnd::Left,
    VisitEnd::Abandoned,
    VisitEnd::Waited,
    VisitEnd::Fished,
    VisitEnd::Ordered,
];
/// Why decisions are asked for, by code.
pub(crate) const POINTS: [DecisionPoint; 8] = [
    DecisionPoint::SessionStart,
    DecisionPoint::ProductPage,
    DecisionPoint::CartChange,
    DecisionPoint::Checkout,
    DecisionPoint::CouponField,
    DecisionPoint::PaymentFailed,
    DecisionPoint::Stall,
    DecisionPoint::ExitIntent,
];
/// Stages, by code.
pub(crate) const STAGES: [Stage; 11] = [
    Stage::Intake,
    Stage::Identity,
    Stage::Profile,
    Stage::Intent,
    Stage::Candidates,
    Stage::Value,
    Stage::Guardrails,
    Stage::Arbitrate,
    Stage::Ledger,
    Stage::Deliver,
    Stage::Learn,
];
/// Reasons, by code.
pub(crate) const REASONS: [Reason; 18] = Reason::ALL;

/// Name of an offer's fate in the store.
pub(crate) fn offer_fate_name(fate: OfferFate) -> &'static str {
    ["open", "redeemed", "expired"][fate as usize]
}

/// Rows of the table `codes`: kind, code, name.
pub(crate) fn all() -> Vec<(&'static str, usize, &'static str)> {
    let mut rows = Vec::new();
    let mut push = |kind, names: Vec<&'static str>| {
        rows.extend(names.into_iter().enumerate().map(|(code, name)| (kind, code, name)));
    };
    push("fate", FATES.iter().map(|f| f.name()).collect());
    push("offer fate", OFFER_FATES.iter().map(|&f| offer_fate_name(f)).collect());
    push("visit end", VISIT_ENDS.iter().map(|e| e.name()).collect());
    push("decision point", POINTS.iter().map(|p| p.name()).collect());
    push("stage", STAGES.iter().map(|s| s.name()).collect());
    push("reason", REASONS.iter().map(|r| r.name()).collect());
    push("bridge step", BRIDGE_STEPS.to_vec());
    rows
}

/// The variant behind the code in a column.
pub(crate) fn decode<T: Copy>(row: &rusqlite::Row<'_>, column: usize, variants: &[T]) -> rusqlite::Result<T> {
    let code: i64 = row.get(column)?;
    usize::try_from(code).ok().and_then(|i| variants.get(i)).copied().ok_or_else(|| {
        let cause = Box::new(FromSqlError::OutOfRange(code));
        rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, cause)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_places_of_the_variants() {
        assert!(FATES.iter().enumerate().all(|(i, &f)| f as usize == i));
        assert!(OFFER_FATES.iter().enumerate().all(|(i, &f)| f as usize == i));
        assert!(VISIT_ENDS.iter().enumerate().all(|(i, &f)| f as usize == i));
        assert!(POINTS.iter().enumerate().all(|(i, &f)| f as usize == i));
        assert!(STAGES.iter().enumerate().all(|(i, &f)| f as usize == i));
        assert!(REASONS.iter().enumerate().all(|(i, &f)| f as usize == i));
    }

    /// Goal: stored numbers keep their meaning. If this fails because a variant was moved, move it back.
    #[test]
    fn names_keep_their_numbers() {
        let rows: Vec<String> =
            all().iter().map(|(kind, code, name)| format!("{kind} {code} {name}")).collect();
        for pinned in [
            "fate 2 met-from-stock",
            "fate 3 bought",
            "fate 5 lapsed",
            "offer fate 1 redeemed",
            "visit end 3 waited",
            "visit end 4 fished",
            "visit end 5 ordered",
            "decision point 7 exit-intent",
            "stage 6 guardrails",
            "stage 10 learn",
            "reason 0 not-in-policy",
            "reason 7 holdout",
            "reason 8 not-worth-it",
            "reason 12 frequency-cap",
            "reason 17 not-in-table",
            "bridge step 0 control contribution",
            "bridge step 8 arm contribution",
        ] {
            assert!(rows.iter().any(|row| row == pinned), "`{pinned}` is not among {rows:?}");
        }
    }
}
