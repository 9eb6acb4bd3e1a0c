//! Warm-up and history of a world, and the snapshot from which every arm starts.

use crate::cancel::Cancelled;
use crate::history::{Line, Pilot};
use crate::phase::{ArmRun, learn_history};
use crate::plan::{CONTROL, Maker, Plan, deadline_ms};
use crate::record::{Clock, Speed};
use crate::storefront::{Setup, Storefront};
use crate::sums::{books_are_closed, money_is_in_place, start_of, starts_alike};
use crate::tick::{Tick, Watch, go_on};
use counterfoil_core::digest::Digest;
use counterfoil_core::ids::ArmIndex;
use counterfoil_core::policy::{Ask, Decision, Policy, Reason};
use counterfoil_core::time::Day;
use counterfoil_world::{ArmState, World};
use std::sync::Arc;

/// A world at the fork: the snapshot and the history that every arm gets.
pub struct Fork {
    /// The world.
    pub world: Arc<World>,
    /// Its number.
    pub number: u32,
    /// Its state at the end of the history.
    pub state: ArmState,
    /// All events and the pilot.
    pub history: Vec<Line>,
    /// Whether personal offers that were open at the end of the history ended with it.
    pub offers_end: bool,
    /// Digest of the history.
    pub digest: Digest,
    /// Speed figures of the history.
    pub speed: Speed,
    /// Digest of the state, which every arm has to find.
    start: Digest,
}

/// Runs warm-up and history of one world.
///
/// # Errors
/// [`Cancelled`] as soon as `watch` answers `false`.
pub fn fork(plan: &Plan, number: u32, clock: Option<Clock>, watch: Watch<'_>) -> Result<Fork, Cancelled> {
    let drawn = World::drawn(plan.scenario.clone(), number, &mut || watch(&Tick::between(number)));
    let world = Arc::new(drawn.ok_or(Cancelled)?);
    let incumbent = plan.incumbent.as_deref().map(|spec| Maker { spec, own: None });
    let mut run = live_history(plan, (&world, number), incumbent, clock, watch)?;
    // An incumbent that makes personal offers goes on in `status-quo`, so its offers stay; otherwise all are the pilot's.
    let offers_end = !incumbent.is_some_and(|maker| maker.decides());
    money_is_in_place(&run.state, "after the history");
    go_on(watch, &Tick::between(number))?;
    run.state.close_books(offers_end);
    books_are_closed(&run.state, offers_end);
    go_on(watch, &Tick::between(number))?;
    let (history, start) = (run.shop.take_history(), start_of(&run.state));
    go_on(watch, &Tick::between(number))?;
    let Storefront { digest, speed, .. } = run.shop;
    Ok(Fork { world, number, state: run.state, history, offers_end, digest, speed, start })
}

fn live_history(
    plan: &Plan,
    (world, number): (&Arc<World>, u32),
    incumbent: Option<Maker<'_>>,
    clock: Option<Clock>,
    watch: Watch<'_>,
) -> Result<ArmRun, Cancelled> {
    let phases = plan.scenario.phases;
    let days = phases.warmup_days + phases.history_days;
    let shop = storefront(plan, world, incumbent, clock);
    let mut run = ArmRun::new(ArmState::new(world.clone()), shop, Day(0));
    for day in 0..days {
        // The warm-up is nobody's history.
        if day == phases.warmup_days {
            run.shop.record_history(Pilot::new(&plan.scenario, world.luck));
        }
        run.day_unless(&mut || watch(&Tick::between(number)))?;
        go_on(
            watch,
            &Tick { world: number, phase: "history", arm: CONTROL, day: day + 1, days, daily: &[] },
        )?;
    }
    Ok(run)
}

/// A storefront for a policy, or for nobody.
pub(crate) fn storefront(
    plan: &Plan,
    world: &World,
    maker: Option<Maker<'_>>,
    clock: Option<Clock>,
) -> Storefront {
    let policy = maker
        .map_or_else(|| Box::new(Nobody) as Box<dyn Policy>, |maker| maker.make(&world.shop, world.luck));
    Storefront::new(Setup {
        scenario: &plan.scenario,
        luck: world.luck,
        policy,
        decides: maker.is_some_and(|maker| maker.decides()),
        deadline_ms: maker.map_or(100, |maker| deadline_ms(maker.spec)),
        keep: plan.keep,
        clock,
    })
}

/// Nobody decides: the probe, and a history without incumbent.
pub(crate) struct Nobody;

impl Policy for Nobody {
    fn observe(&mut self, _event: &counterfoil_core::Event) {}
    fn decide(&mut self, _ask: &Ask) -> Decision {
        Decision::nothing(Reason::NotInPolicy)
    }
}

/// An arm at the beginning of the horizon: the snapshot, and a policy that has learned the whole history.
#[must_use]
pub fn arm_at_fork(plan: &Plan, fork: &Fork, arm: ArmIndex, clock: Option<Clock>) -> ArmRun {
    arm_unless(plan, fork, arm, clock, &mut |_| true).expect("nobody cancels")
}

/// The same for somebody who may cancel meanwhile.
pub(crate) fn arm_unless(
    plan: &Plan,
    fork: &Fork,
    arm: ArmIndex,
    clock: Option<Clock>,
    watch: Watch<'_>,
) -> Result<ArmRun, Cancelled> {
    let mut shop = storefront(plan, &fork.world, Some(plan.arm(arm).maker()), clock);
    learn_history(&fork.history, &mut shop, &mut || watch(&Tick::between(fork.number)))?;
    shop.policy_mut().history_ends(fork.offers_end);
    shop.digest = fork.digest;
    go_on(watch, &Tick::between(fork.number))?;
    let state = fork.state.clone();
    go_on(watch, &Tick::between(fork.number))?;
    starts_alike(&state, fork.start, &plan.arm(arm).name);
    Ok(ArmRun::new(state, shop, fork.world.shop.horizon_start))
}
