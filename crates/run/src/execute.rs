//! The executor: any units of any plan on a few threads, with progress and cancel; what is missing can be asked for again.
//!
//! # Promises
//! - Units are handed over whole, as they are finished, on the calling thread: storing them is never simulating's business.
//! - What variants of one plan share is simulated once; which unit was simulated with which other changes none of them.
//! - Threads, order and interruptions change no byte of a unit.

use crate::parallel::each;
use crate::plan::Plan;
use crate::record::{Clock, Speed};
use crate::tick::Tick;
use crate::unit::{Shared, units};
use crate::worlds::{Job, PlanOfWorlds, Unit};
use counterfoil_core::facts::UnitFacts;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};

/// How far one unit is.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    /// The unit; where several share what is simulated, the first of them.
    pub unit: Unit,
    /// How many units it is simulated for.
    pub units: u32,
    /// Phase, arm and day.
    pub tick: &'a Tick<'a>,
}

/// Simulates `wanted` units of a plan on `threads` threads. `sink` gets each unit as it is finished, on the calling thread; an
/// error from it stops the rest. `progress` hears of every simulated day from any thread.
///
/// Whoever goes on with something asks for the units that are missing; whoever wants the time left compares the days that
/// were told with those of all units ([`Plan::days_per_unit`]).
///
/// # Errors
/// The first error of `sink`. What was cancelled through `cancel` ends without error; its finished units were handed over.
pub fn execute<E>(
    plan: &PlanOfWorlds,
    wanted: &[Unit],
    threads: usize,
    (clock, cancel): (Option<Clock>, &AtomicBool),
    progress: &(dyn Fn(&At<'_>) + Sync),
    mut sink: impl FnMut(Unit, UnitFacts) -> Result<(), E>,
) -> Result<Speed, E> {
    let speed = Mutex::new(Speed::default());
    let jobs = plan.jobs(wanted, threads);
    each(
        &jobs,
        threads,
        &|job: &Job, hand| {
            let plans: Vec<&Plan> = job.variants.iter().map(|&variant| plan.variant(variant)).collect();
            let unit = |place: usize| Unit { variant: job.variants[place], world: job.world };
            let mut watch = |shared: Shared, tick: &Tick<'_>| {
                if tick.is_day() {
                    progress(&At { unit: unit(shared.plan), units: shared.plans, tick });
                }
                !cancel.load(Ordering::Relaxed) && !hand.is_stopped()
            };
            let mut done = |place: usize, facts| hand.over((unit(place), facts));
            if let Ok(own) = units(&plans, job.world, clock, &mut watch, &mut done) {
                speed.lock().unwrap_or_else(PoisonError::into_inner).add(&own);
            }
        },
        |(unit, facts)| sink(unit, facts),
    )?;
    Ok(speed.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The same for worlds of a single variant.
///
/// # Errors
/// As [`execute`].
pub fn run_worlds<E>(
    plan: &Plan,
    worlds: &[u32],
    threads: usize,
    clock_and_cancel: (Option<Clock>, &AtomicBool),
    tick: &(dyn Fn(&Tick<'_>) + Sync),
    mut sink: impl FnMut(UnitFacts) -> Result<(), E>,
) -> Result<Speed, E> {
    let wanted: Vec<Unit> = worlds.iter().map(|&world| Unit { variant: 0, world }).collect();
    let plan = PlanOfWorlds::of_one(plan.clone());
    execute(&plan, &wanted, threads, clock_and_cancel, &|at| tick(at.tick), |_, facts| sink(facts))
}
