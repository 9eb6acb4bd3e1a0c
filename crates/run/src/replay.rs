//! One shopper under every arm: the world is simulated again and everything about her is written down.
//!
//! Following a shopper changes no decision: the digests are returned so that the caller can check them against the store.

use crate::arm::ArmJob;
use crate::cancel::Cancelled;
use crate::fork::fork;
use crate::plan::Plan;
use crate::record::Note;
use crate::tick::Watch;
use crate::truth::facts_of;
use counterfoil_core::digest::Digest;
use counterfoil_core::facts::{NeedFact, OrderFact, VisitFact};
use counterfoil_core::ids::ShopperId;

/// One shopper's story in one arm.
#[derive(Clone, Debug)]
pub struct ArmStory {
    /// Name of the arm.
    pub arm: String,
    /// What happened and what was decided from the first day of the horizon on, in order.
    pub notes: Vec<Note>,
    /// Her needs that were due in the horizon.
    pub needs: Vec<NeedFact>,
    /// Her orders.
    pub orders: Vec<OrderFact>,
    /// Her visits, whatever the run keeps.
    pub visits: Vec<VisitFact>,
    /// Digest of the arm, to be compared with the stored one.
    pub digest: Digest,
}

/// Simulates one world again and follows one shopper through every arm.
///
/// # Errors
/// [`Cancelled`] as soon as `watch` answers `false`.
pub fn story(
    plan: &Plan,
    world: u32,
    shopper: ShopperId,
    watch: Watch<'_>,
) -> Result<Vec<ArmStory>, Cancelled> {
    let number = shopper.number();
    let fork = fork(plan, world, None, watch)?;
    let mut stories = Vec::new();
    let mut control = None;
    for arm in plan.arm_indices() {
        let job = ArmJob { plan, fork: &fork, arm, clock: None, followed: Some(shopper) };
        let mut finished = job.run(control.as_ref(), watch)?;
        let notes = finished.run.shop.notes.take_followed();
        let facts = facts_of(plan, &fork, arm, finished, &mut control);
        stories.push(ArmStory {
            arm: facts.arm,
            notes,
            needs: facts.needs.into_iter().filter(|need| need.shopper == number).collect(),
            orders: facts.orders.into_iter().filter(|order| order.shopper == number).collect(),
            visits: facts.visits.into_iter().filter(|visit| visit.shopper == number).collect(),
            digest: facts.digest,
        });
    }
    Ok(stories)
}
