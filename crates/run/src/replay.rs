//! One shopper under every arm: the world is simulated again and everything about her is written down.
//!
//! Following a shopper changes no decision: the digests are returned so that the caller can check them against the store.

use crate::keeper::Note;
use crate::plan::Plan;
use crate::truth::facts_of;
use crate::unit::{Cancelled, Watch, finish_arm, fork};
use counterfoil_core::digest::Digest;
use counterfoil_core::facts::{NeedFact, OrderFact, VisitFact};

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
pub fn story(plan: &Plan, world: u32, shopper: u32, watch: Watch<'_>) -> Result<Vec<ArmStory>, Cancelled> {
    let fork = fork(plan, world, None, watch)?;
    let mut stories = Vec::new();
    let mut control = None;
    for place in 0..plan.arms.len() {
        let mut finished = finish_arm(plan, &fork, place, control.as_ref(), (None, Some(shopper)), watch)?;
        let notes = finished.run.keeper.followed.take().map(|(_, notes)| notes).unwrap_or_default();
        let facts = facts_of(plan, &fork, place, finished, &mut control);
        stories.push(ArmStory {
            arm: facts.arm,
            notes,
            needs: facts.needs.into_iter().filter(|need| need.shopper == shopper).collect(),
            orders: facts.orders.into_iter().filter(|order| order.shopper == shopper).collect(),
            visits: facts.visits.into_iter().filter(|visit| visit.shopper == shopper).collect(),
            digest: facts.digest,
        });
    }
    Ok(stories)
}
