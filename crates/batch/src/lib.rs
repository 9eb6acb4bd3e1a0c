//! Every policy that is not the real-time engine: no promotions, a blanket treatment, a posted sale, nightly segments.
//!
//! # Promises
//! - A policy here knows the events that it observed, the public shop and its own file. Nothing else, and no clock.
//! - What binds a personal treatment (holdout, floor, stacking, caps, budget) and the books of it are `counterfoil-till`'s,
//!   the same for every policy.
//! - Asking for a trace never changes an answer.
//!
//! # Where to start
//! [`build`], then module `nightly` for the batch baseline.

mod blanket;
mod explain;
mod nightly;
mod posted;
mod profiles;
mod segments;

pub use segments::{Observed, Segment, SegmentRule, segment_of};

use counterfoil_core::policy::{Ask, Decision, Reason};
use counterfoil_core::{HoldoutLuck, Policy, Shop, TreatmentId};
use counterfoil_scenario::PolicySpec;
use counterfoil_scenario::policy::PolicyKind;
use counterfoil_till::{Guard, Moment};
use std::sync::Arc;

/// The decision maker for one arm of one world; `None` for the real-time engine, which lives in its own crate.
#[must_use]
pub fn build(spec: &PolicySpec, shop: Arc<Shop>, luck: HoldoutLuck) -> Option<Box<dyn Policy>> {
    let guard = Guard::new(spec, shop, luck);
    match &spec.kind {
        PolicyKind::None | PolicyKind::CalendarSale => Some(Box::new(posted::Posted::new(guard))),
        PolicyKind::Blanket { treatment } => Some(Box::new(blanket::Blanket::new(*treatment, guard))),
        PolicyKind::Batch(batch) => Some(Box::new(nightly::Nightly::new(batch.clone(), guard))),
        PolicyKind::Realtime(_) => None,
    }
}

/// Shows `treatment` at `moment` if no guardrail forbids it, and writes the outcome into `decision`.
fn assign(guard: &mut Guard, treatment: TreatmentId, moment: &Moment, decision: &mut Decision) {
    decision.winner = Some(treatment);
    let refusal = guard.refusal(treatment, moment, &guard.standing(moment));
    decision.reasons[treatment.index()] = refusal.unwrap_or(Reason::Assigned);
    if refusal.is_none() {
        guard.issue(treatment, moment);
        decision.treatment = Some(treatment);
        decision.scope = guard.scope(treatment);
    }
}

/// The list price and quantity in question, as far as the shop knows it.
fn goods_asked(shop: &Shop, ask: &Ask) -> Option<counterfoil_core::Money> {
    Some(shop.product(ask.product?).list_price * i64::from(ask.quantity.max(1)))
}
