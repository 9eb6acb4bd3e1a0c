//! The unit of work: one world with its history and all its arms, forked from one snapshot. A pure function.

use crate::arm::ArmJob;
use crate::cancel::Cancelled;
use crate::fork::fork;
use crate::plan::{Arm, Plan};
use crate::record::{Clock, Speed};
use crate::sums::facts_add_up;
use crate::tick::{Tick, Watch, go_on};
use crate::truth::{Reference, facts_of};
use crate::worlds::same_arm;
use counterfoil_core::facts::{ArmFacts, UnitFacts};

/// Runs one world with all arms.
///
/// # Errors
/// [`Cancelled`] as soon as `watch` answers `false`.
pub fn unit(
    plan: &Plan,
    number: u32,
    clock: Option<Clock>,
    watch: Watch<'_>,
) -> Result<(UnitFacts, Speed), Cancelled> {
    let mut only = None;
    let speed =
        units(&[plan], number, clock, &mut |_, tick| watch(tick), &mut |_, facts| only = Some(facts))?;
    Ok((only.expect("one plan leaves one unit"), speed))
}

/// For how many units something is simulated, and when.
pub type WatchMany<'a> = &'a mut dyn FnMut(Shared, &Tick<'_>) -> bool;

/// What a tick is about, where one world is simulated for several plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The plan, by position.
    pub plan: usize,
    /// How many plans it is simulated for: all in the history, in an arm those that have the same one.
    pub plans: u32,
}

/// Runs one world under several plans that have it, its history and control in common. What they share is simulated once:
/// history, control, and every arm whose policy is that of an arm of an earlier plan. `done` gets each unit with the
/// position of its plan, in the order of the plans.
///
/// # Errors
/// [`Cancelled`] as soon as `watch` answers `false`; units that were done before are whole.
pub fn units(
    plans: &[&Plan],
    number: u32,
    clock: Option<Clock>,
    watch: WatchMany<'_>,
    done: &mut dyn FnMut(usize, UnitFacts),
) -> Result<Speed, Cancelled> {
    let Some(first) = plans.first() else { return Ok(Speed::default()) };
    let all = Shared { plan: 0, plans: plans.len() as u32 };
    let fork = fork(first, number, clock, &mut |tick| watch(all, tick))?;
    let mut speed = fork.speed.clone();
    let mut control: Option<Reference> = None;
    let mut known: Vec<(Arm, ArmFacts)> = Vec::new();
    for (position, plan) in plans.iter().enumerate() {
        let mut arms = Vec::new();
        for index in plan.arm_indices() {
            let arm = plan.arm(index);
            if let Some((_, facts)) = known.iter().find(|(other, _)| same_arm(other, arm)) {
                arms.push(ArmFacts { arm: arm.name.clone(), ..facts.clone() });
                continue;
            }
            let later = plans[position + 1..].iter().filter(|plan| has_same(plan, arm)).count();
            let shared = Shared { plan: position, plans: 1 + later as u32 };
            let watch: Watch<'_> = &mut |tick| watch(shared, tick);
            let job = ArmJob { plan, fork: &fork, arm: index, clock, followed: None };
            let finished = job.run(control.as_ref(), watch)?;
            speed.add(&finished.speed());
            go_on(watch, &Tick::between(number))?;
            arms.push(facts_of(plan, &fork, index, finished, &mut control));
            if later > 0 {
                known.extend(arms.last().map(|facts| (arm.clone(), facts.clone())));
            }
        }
        let events = fork.speed.events + arms.iter().map(|arm| arm.events).sum::<u64>();
        let facts = UnitFacts { world: number, shoppers: plan.scenario.shoppers.count, arms, events };
        facts_add_up(&facts);
        done(position, facts);
    }
    Ok(speed)
}

fn has_same(plan: &Plan, arm: &Arm) -> bool {
    plan.arms.iter().any(|other| same_arm(other, arm))
}
