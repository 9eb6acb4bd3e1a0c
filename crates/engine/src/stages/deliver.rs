//! Stage 10, deliver: the decision as the storefront gets it: what to show, a reason for every treatment, the propensity and
//! the age of the information, and on request the whole explanation in words. Explaining changes nothing in it.
//!
//! The deadline and the safe default (show nothing) are kept by whoever asks; [`crate::Engine`] learns of a late answer
//! through `delivered(decision, false)` and takes everything back that it had counted.

use super::arbitrate::{Choice, Field, drawn};
use super::candidates::{Objections, Rules};
use super::intent::{Barriers, largest, mission};
use crate::economics::Basket;
use crate::rule::{FEATURES, FeatureKind, FeatureValues};
use crate::session::Session;
use counterfoil_core::policy::{Ask, CandidateTrace, Decision, Reason, Stage, Trace};
use counterfoil_core::shop::Shop;
use counterfoil_core::time::DAY_MS;
use counterfoil_core::treatment::{TREATMENTS_MAX, TreatmentId, TreatmentKind, TreatmentSpec};

/// Everything that was worked out for one question.
#[derive(Clone, Copy, Debug)]
pub struct Workings<'a> {
    /// The question.
    pub ask: &'a Ask,
    /// The session as far as it is known.
    pub session: &'a Session,
    /// Features.
    pub values: &'a FeatureValues,
    /// Filtered barriers.
    pub barriers: &'a Barriers,
    /// The order in question.
    pub basket: &'a Basket,
    /// Probability of an order without a treatment.
    pub untreated: f64,
    /// What the candidates stage said.
    pub objections: &'a Objections,
    /// What the guardrails said of eligible treatments.
    pub guarded: &'a Objections,
    /// Values and draw.
    pub field: Field<'a>,
    /// What was picked.
    pub choice: Choice,
}

/// The decision without its explanation.
#[must_use]
pub fn decision(workings: &Workings, shop: &Shop) -> Decision {
    let mut reasons = [Reason::NotInPolicy; TREATMENTS_MAX];
    for (place, reason) in reasons.iter_mut().enumerate().take(shop.treatments.len()) {
        *reason = reason_for(workings, TreatmentId(place as u8));
    }
    Decision {
        treatment: workings.choice.treatment,
        winner: workings.choice.winner,
        propensity: workings.choice.propensity as f32,
        reasons,
        information_age_ms: (workings.ask.at - workings.session.newest).max(0),
        scope: None,
        trace: None,
    }
}

fn reason_for(workings: &Workings, id: TreatmentId) -> Reason {
    if workings.choice.treatment == Some(id) {
        return if workings.choice.explored { Reason::Explored } else { Reason::Won };
    }
    if let Some(reason) = workings.objections[id.index()] {
        return reason;
    }
    if drawn(workings.field, id) <= 0.0 {
        return Reason::NotWorthIt;
    }
    if workings.field.held_out {
        return Reason::Holdout;
    }
    workings.guarded[id.index()].unwrap_or(Reason::Outbid)
}

/// The whole explanation of a decision.
#[must_use]
pub fn trace(workings: &Workings, decision: &Decision, shop: &Shop, rules: &Rules, intake: &str) -> Trace {
    let candidates = (0..shop.treatments.len() as u8)
        .map(|id| candidate(workings, decision, rules, TreatmentId(id)))
        .collect();
    let numbers = FEATURES.iter().zip(workings.values).filter(|(doc, _)| doc.kind != FeatureKind::Text);
    Trace {
        stages: stages(workings, decision, shop, intake),
        features: numbers.map(|(doc, &value)| (doc.name.to_owned(), value)).collect(),
        barriers: *workings.barriers,
        candidates,
        sentence: sentence(decision.treatment.map(|id| shop.treatment(id)), shop.currency_decimals),
    }
}

/// The explanation of a question that consent ends at intake.
#[must_use]
pub fn trace_without_consent(shop: &Shop) -> Trace {
    let candidates = (0..shop.treatments.len() as u8)
        .map(|id| CandidateTrace {
            treatment: TreatmentId(id),
            value_minor: None,
            value_sd_minor: None,
            cost: counterfoil_core::Money::ZERO,
            reason: Reason::NoConsent,
            note: "no consent to personalisation".to_owned(),
        })
        .collect();
    let stages = vec![(Stage::Intake, "No consent: nothing is used and nothing is shown.".to_owned())];
    Trace { stages, candidates, sentence: sentence(None, shop.currency_decimals), ..Trace::default() }
}

fn candidate(workings: &Workings, decision: &Decision, rules: &Rules, id: TreatmentId) -> CandidateTrace {
    let reason = decision.reasons[id.index()];
    let worth = &workings.field.worths[id.index()];
    let valued = workings.objections[id.index()].is_none();
    let note = match reason {
        Reason::NotEligible => format!("rule does not hold: {}", rules.text(id)),
        Reason::NotWorthIt => {
            format!("drawn value {:.0}, expected {:.0}", drawn(workings.field, id), worth.mean)
        }
        Reason::Won | Reason::Outbid | Reason::Explored | Reason::Holdout => {
            format!(
                "drawn value {:.0}, expected {:.0}; buys with {:.1} % instead of {:.1} %",
                drawn(workings.field, id),
                worth.mean,
                100.0 * worth.bought,
                100.0 * workings.untreated
            )
        }
        Reason::MarginFloor => "an order with it could leave less than the margin floor".to_owned(),
        other => other.name().replace('-', " "),
    };
    CandidateTrace {
        treatment: id,
        value_minor: valued.then_some(worth.mean),
        value_sd_minor: valued.then_some(worth.sd),
        cost: if valued { worth.cost } else { counterfoil_core::Money::ZERO },
        reason,
        note,
    }
}

fn stages(workings: &Workings, decision: &Decision, shop: &Shop, intake: &str) -> Vec<(Stage, String)> {
    let session = workings.session;
    let name = |id: Option<TreatmentId>| id.map_or("nothing", |id| shop.treatment(id).name.as_str());
    let choice = workings.choice;
    let barrier = largest(workings.barriers);
    let count = |objections: &Objections| objections.iter().filter(|objection| objection.is_some()).count();
    vec![
        (Stage::Intake, intake.to_owned()),
        (Stage::Identity, identity(workings)),
        (
            Stage::Profile,
            format!(
                "{} product pages of {} pages, cart changed {} times",
                session.views, session.pages, session.cart_changes
            ),
        ),
        (
            Stage::Intent,
            format!(
                "mission {}, barrier {} ({:.0} %)",
                mission(session),
                barrier.name(),
                100.0 * workings.barriers[barrier.index()]
            ),
        ),
        (
            Stage::Candidates,
            format!("{} of {} treatments eligible", workings.field.eligible.len(), shop.treatments.len()),
        ),
        (
            Stage::Value,
            format!(
                "order of {} at list price{}, bought with {:.1} % anyway",
                workings.basket.goods.0,
                if workings.basket.known { "" } else { " (typical)" },
                100.0 * workings.untreated
            ),
        ),
        (Stage::Guardrails, format!("{} refused", count(workings.guarded))),
        (
            Stage::Arbitrate,
            format!(
                "{} picked with probability {:.3}{}",
                name(choice.treatment),
                choice.propensity,
                remark(workings)
            ),
        ),
        (Stage::Ledger, ledger_note(decision.treatment.map(|id| shop.treatment(id))).to_owned()),
        (Stage::Deliver, format!("information {} ms old", decision.information_age_ms)),
        (
            Stage::Learn,
            if workings.field.opens_row {
                "first decision of an outcome window"
            } else {
                "inside an outcome window"
            }
            .to_owned(),
        ),
    ]
}

fn identity(workings: &Workings) -> String {
    let profile = workings.session.profile;
    match workings.ask.visitor.session {
        Some(session) => format!("profile {profile}, session {session}"),
        None => format!("profile {profile}, outside sessions"),
    }
}

fn remark(workings: &Workings) -> &'static str {
    match workings.choice {
        _ if workings.field.held_out => ", shopper is held out",
        Choice { explored: true, .. } => ", to learn",
        Choice { traffic: true, .. } => ", exploration traffic",
        _ => "",
    }
}

fn ledger_note(spec: Option<&TreatmentSpec>) -> &'static str {
    match spec {
        Some(spec) if spec.kind.is_offer() => "its largest reward is reserved",
        _ => "nothing to reserve",
    }
}

/// One plain sentence for the shopper: what she gets or sees, without anything she did not tell.
#[must_use]
pub fn sentence(spec: Option<&TreatmentSpec>, currency_decimals: u32) -> String {
    let Some(spec) = spec else { return "You see the shop as everybody does.".to_owned() };
    let validity = match spec.valid_for_ms {
        0 => " on an order in this visit".to_owned(),
        ms => format!(" on your next order within {} days", (ms + DAY_MS - 1) / DAY_MS),
    };
    match spec.kind {
        TreatmentKind::Percent(depth) => format!("You get {} % off{validity}.", depth.fraction() * 100.0),
        TreatmentKind::Fixed(amount) => {
            format!("You get {} off{validity}.", amount.to_decimal(currency_decimals))
        }
        TreatmentKind::FreeShipping => format!("Delivery is free{validity}."),
        TreatmentKind::Reassurance => "Here is how returns, guarantees and advice work.".to_owned(),
        TreatmentKind::SocialProof => "Here is what other customers say about this product.".to_owned(),
        TreatmentKind::ShippingInfo => "Here is what delivery costs and how long it takes.".to_owned(),
        TreatmentKind::PaymentHelp => "Here are the ways to pay.".to_owned(),
        TreatmentKind::ChoiceHelp => "Here is a shorter list and a guide to choose from it.".to_owned(),
        TreatmentKind::Reminder => "Here is what you looked at.".to_owned(),
    }
}
