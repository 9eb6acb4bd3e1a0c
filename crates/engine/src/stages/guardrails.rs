//! Stage 7, guardrails: what is forbidden although it may be worth while: below the margin floor, on top of another offer
//! or a sale, too often for one shopper, too many changes in one session, beyond the budget.
//!
//! Caps are exact sliding windows over the treatments that were shown or are on their way.

use super::ledger::Ledger;
use super::profile::{Profile, Shown};
use super::value::Worth;
use counterfoil_core::money::Money;
use counterfoil_core::policy::Reason;
use counterfoil_core::time::{DAY_MS, Time};
use counterfoil_core::treatment::{TreatmentId, TreatmentSpec};
use counterfoil_scenario::policy::{Cap, Guardrails};

/// What guardrails look at beside the treatment.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// When.
    pub at: Time,
    /// In which session.
    pub session: u32,
    /// When that session began.
    pub began: Time,
    /// Whose caps.
    pub profile: &'a Profile,
    /// What is promised already.
    pub ledger: &'a Ledger,
    /// Whether a sale is posted.
    pub sale_on: bool,
    /// Whether a product is known, so that the margin floor can be judged.
    pub basket_known: bool,
}

/// The first guardrail that forbids a treatment, if any. `largest_reward`: what has to be reserved for it.
#[must_use]
pub fn objection(
    rails: &Guardrails,
    situation: Situation,
    id: TreatmentId,
    spec: &TreatmentSpec,
    worth: &Worth,
    largest_reward: Money,
) -> Option<Reason> {
    if spec.kind.is_offer() {
        if situation.basket_known && below_floor(rails, worth) {
            return Some(Reason::MarginFloor);
        }
        if !rails.stacking && on_top(situation) {
            return Some(Reason::Stacking);
        }
    }
    if let Some(reason) = too_often(rails, situation, id, spec.kind.is_offer()) {
        return Some(reason);
    }
    (spec.kind.is_offer() && !situation.ledger.affords(largest_reward)).then_some(Reason::Budget)
}

fn below_floor(rails: &Guardrails, worth: &Worth) -> bool {
    worth.before_returns < rails.margin_floor.fraction() * worth.net.as_f64()
}

fn on_top(situation: Situation) -> bool {
    let open = |entry| situation.ledger.outstanding(entry, situation.session, situation.began);
    situation.sale_on || situation.profile.holds_offer(open)
}

fn too_often(rails: &Guardrails, situation: Situation, id: TreatmentId, offer: bool) -> Option<Reason> {
    let shown = &situation.profile.shown;
    let here = || shown.iter().filter(|shown| shown.session == situation.session);
    if here().count() >= rails.changes_per_session as usize {
        return Some(Reason::SessionCap);
    }
    let repeated = here().any(|shown| shown.treatment == id.0);
    let full = |cap: &Cap, offers: bool| reached(shown, *cap, situation.at, offers);
    let capped = rails.treatment_caps.iter().any(|cap| full(cap, false))
        || (offer && rails.offer_caps.iter().any(|cap| full(cap, true)));
    (repeated || capped).then_some(Reason::FrequencyCap)
}

/// Whether the window that ends at `at` already holds as many as the cap allows.
fn reached(shown: &[Shown], cap: Cap, at: Time, offers: bool) -> bool {
    let start = at + -i64::from(cap.days) * DAY_MS;
    let inside = shown.iter().filter(|shown| shown.at > start && (!offers || shown.offer)).count();
    inside >= cap.count as usize
}

/// How far back the treatments of a profile have to be remembered, in days: the longest window of any cap, at least the 30
/// days of the feature `offers_30d`.
#[must_use]
pub fn memory_days(rails: &Guardrails) -> u32 {
    let longest = rails.offer_caps.iter().chain(&rails.treatment_caps).map(|cap| cap.days).max();
    longest.unwrap_or(0).max(30)
}
