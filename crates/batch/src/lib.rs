//! Every policy that is not the real-time engine: no promotions, a blanket treatment, a posted sale, nightly segments.
//!
//! # Promises
//! - A policy here knows the events it was told, the public shop and its own file. Nothing else, and no clock.
//! - Caps are sliding windows, the budget is reserved at issue, offers do not stack, held-out shoppers get nothing:
//!   one piece of bookkeeping (module `guard`) binds all kinds alike.
//! - Asking for a trace never changes an answer.
//!
//! # Where to start
//! [`build`], then module `nightly` for the batch baseline, then `guard` for what binds every personal treatment.

mod blanket;
mod caps;
mod contacts;
mod explain;
mod guard;
mod identity;
mod issues;
mod ledger;
mod margin;
mod nightly;
mod posted;
mod profiles;
mod sale;
mod segments;

pub use sale::{announcement_campaign, push_campaign, sale_on};
pub use segments::{Observed, SegmentRule, segment_of};

use counterfoil_core::{Policy, Shop};
use counterfoil_scenario::PolicySpec;
use counterfoil_scenario::policy::PolicyKind;
use guard::Guard;
use std::sync::Arc;

/// The number of the long-run holdout that all kinds of policy share.
pub const HOLDOUT: u32 = 1;

/// The decision maker for one arm of one world; `None` for the real-time engine, which lives in its own crate.
///
/// Messages have no draw of their own, so whether a customer is held out is learned from the questions about her
/// (pilot included). With a holdout, customers of whom nothing was ever asked get no personal message; where the
/// assignment is known beforehand, use [`build_with_holdout`].
#[must_use]
pub fn build(spec: &PolicySpec, shop: Arc<Shop>) -> Option<Box<dyn Policy>> {
    assemble(spec, Guard::new(spec, shop))
}

/// Like [`build`], with the assignment to [`HOLDOUT`] known for every customer: `held_out[customer number]`.
#[must_use]
pub fn build_with_holdout(spec: &PolicySpec, shop: Arc<Shop>, held_out: &[bool]) -> Option<Box<dyn Policy>> {
    let mut guard = Guard::new(spec, shop);
    for (customer, &held) in (0_u32..).zip(held_out) {
        guard.contacts.learn_holdout(customer, held);
    }
    assemble(spec, guard)
}

fn assemble(spec: &PolicySpec, guard: Guard) -> Option<Box<dyn Policy>> {
    match &spec.kind {
        PolicyKind::None | PolicyKind::CalendarSale => Some(Box::new(posted::Posted::new(guard))),
        PolicyKind::Blanket { treatment } => Some(Box::new(blanket::Blanket::new(*treatment, guard))),
        PolicyKind::Batch(batch) => Some(Box::new(nightly::Nightly::new(batch.clone(), guard))),
        PolicyKind::Realtime(_) => None,
    }
}
