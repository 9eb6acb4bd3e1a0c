//! Traces: the same answer in words. Read-only, so that asking for one can never change what is answered.

use counterfoil_core::policy::{Ask, CandidateTrace, Decision, Reason, Stage, Trace};
use counterfoil_core::{Money, Shop, TreatmentId};
use counterfoil_till::Guard;
use counterfoil_till::terms::{Amounts, Deal, typical_goods};

/// What a policy says about one of its decisions.
pub(crate) struct Explanation {
    /// What each stage did, in the order of the pipeline.
    pub(crate) stages: Vec<(Stage, String)>,
    /// Features by name.
    pub(crate) features: Vec<(String, f64)>,
    /// One sentence fit for the shopper.
    pub(crate) sentence: String,
}

/// The full trace of `decision`; every treatment of the scenario gets its line.
pub(crate) fn trace(guard: &Guard, ask: &Ask, decision: &Decision, explanation: Explanation) -> Box<Trace> {
    let goods = crate::goods_asked(&guard.shop, ask);
    let candidates = (0..guard.shop.treatments.len())
        .map(|place| {
            let treatment = TreatmentId(place as u8);
            let reason = decision.reasons[place];
            let spec = guard.shop.treatment(treatment);
            CandidateTrace {
                treatment,
                value_minor: None,
                value_sd_minor: None,
                cost: usual_reward(&guard.shop, treatment, goods) + spec.cost_per_show,
                reason,
                note: match (reason, guard.books().left()) {
                    (Reason::Budget, Some(left)) => {
                        let left = left.max(Money::ZERO).0;
                        format!("{}; {left} minor units are left", note(reason))
                    }
                    _ => note(reason).to_owned(),
                },
            }
        })
        .collect();
    Box::new(Trace {
        stages: explanation.stages,
        features: explanation.features,
        barriers: [0.0; 6],
        candidates,
        sentence: explanation.sentence,
    })
}

/// What a treatment costs if it is redeemed with this or a typical order.
fn usual_reward(shop: &Shop, treatment: TreatmentId, goods: Option<Money>) -> Money {
    let spec = shop.treatment(treatment);
    let goods = goods.unwrap_or_else(|| typical_goods(shop)).max(spec.smallest_order);
    Amounts::of(shop, goods, Deal::of(spec)).reward()
}

/// A reason as a clause.
pub(crate) fn note(reason: Reason) -> &'static str {
    match reason {
        Reason::NotInPolicy => "the policy does not use it",
        Reason::Assigned => "assigned and allowed",
        Reason::WrongMoment => "not issued at this point, or already settled in this session",
        Reason::NoConsent => "the visitor did not consent to personalisation",
        Reason::Holdout => "the shopper belongs to the holdout",
        Reason::MarginFloor => "an order with it could leave less than the margin floor",
        Reason::Stacking => "an offer or a sale already applies, and offers do not stack",
        Reason::FrequencyCap => "shown or sent as often as the caps allow",
        Reason::SessionCap => "no change is allowed in a session",
        Reason::Budget => "its largest reward does not fit into what is left of the budget",
        Reason::NotInTable => "the table names another treatment or none for this segment",
        other => other.name(),
    }
}
