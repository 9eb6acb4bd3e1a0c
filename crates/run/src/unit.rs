//! The unit of work: one world with its history and all its arms, forked from one snapshot. A pure function.

use crate::history::{Line, Pilot, replay};
use crate::keeper::{Clock, Keeper, Setup, Speed};
use crate::phase::ArmRun;
use crate::plan::{Arm, Maker, Plan, deadline_ms};
use crate::sums::{books_are_closed, facts_add_up, money_is_in_place, start_of, starts_alike};
use crate::truth::{AtEnd, Finished, Reference, Twin, facts_of};
use crate::worlds::same_arm;
use counterfoil_core::digest::Digest;
use counterfoil_core::facts::{ArmFacts, UnitFacts};
use counterfoil_core::policy::Policy;
use counterfoil_core::time::Day;
use counterfoil_world::{Town, World};
use std::sync::Arc;

/// The run was cancelled; the unit in progress is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the run was cancelled")]
pub struct Cancelled;

/// How far a unit is, told once per simulated day of an arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick<'a> {
    /// World number.
    pub world: u32,
    /// Phase: "history", "horizon" or "probe".
    pub phase: &'static str,
    /// Arm, by position in the plan; 0 in the history.
    pub arm: usize,
    /// Day within the phase, from 1; 0 between days: nothing new is told, and whoever watches may only stop.
    pub day: u32,
    /// Days of the phase.
    pub days: u32,
    /// Facts of the arm's days so far, from the first day of the horizon.
    pub daily: &'a [counterfoil_core::facts::DailyFact],
}

impl Tick<'_> {
    /// Something goes on between two days of world `world`.
    #[must_use]
    pub fn between(world: u32) -> Self {
        Self { world, phase: "history", arm: 0, day: 0, days: 0, daily: &[] }
    }

    /// Whether it tells of a day that is over.
    #[must_use]
    pub fn is_day(&self) -> bool {
        self.day > 0
    }
}

/// Who watches a unit: hears ticks, and may stop it by answering `false`. It is asked several times a second, also where
/// a day of a very large world takes longer.
pub type Watch<'a> = &'a mut dyn FnMut(&Tick<'_>) -> bool;

/// A world at the fork: the snapshot and the history that every arm gets.
pub struct Fork {
    /// The world.
    pub world: Arc<World>,
    /// Its number.
    pub number: u32,
    /// The town at the end of the history.
    pub town: Town,
    /// All events and the pilot.
    pub history: Vec<Line>,
    /// Whether personal offers that were open at the end of the history ended with it.
    pub offers_end: bool,
    /// Digest of the history.
    pub digest: Digest,
    /// Speed figures of the history.
    pub speed: Speed,
    /// Digest of the town, which every arm has to find.
    start: Digest,
}

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
        for (place, arm) in plan.arms.iter().enumerate() {
            if let Some((_, facts)) = known.iter().find(|(other, _)| same_arm(other, arm)) {
                arms.push(ArmFacts { arm: arm.name.clone(), ..facts.clone() });
                continue;
            }
            let later = plans[position + 1..].iter().filter(|plan| has_same(plan, arm)).count();
            let shared = Shared { plan: position, plans: 1 + later as u32 };
            let watch: Watch<'_> = &mut |tick| watch(shared, tick);
            let finished = finish_arm(plan, &fork, place, control.as_ref(), (clock, None), watch)?;
            speed.add(&finished.speed());
            live_on(watch, &Tick::between(number))?;
            arms.push(facts_of(plan, &fork, place, finished, &mut control));
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

/// Runs warm-up and history of one world.
///
/// # Errors
/// [`Cancelled`] as soon as `watch` answers `false`.
pub fn fork(plan: &Plan, number: u32, clock: Option<Clock>, watch: Watch<'_>) -> Result<Fork, Cancelled> {
    let drawn = World::drawn(plan.scenario.clone(), number, &mut || watch(&Tick::between(number)));
    let world = Arc::new(drawn.ok_or(Cancelled)?);
    let phases = plan.scenario.phases;
    let days = phases.warmup_days + phases.history_days;
    let keeper = keeper(plan, &world, plan.incumbent.as_deref().map(|spec| Maker { spec, own: None }), clock);
    let mut run = ArmRun::new(Town::new(world.clone()), keeper, Day(0));
    for day in 0..days {
        // The warm-up is nobody's history.
        if day == phases.warmup_days {
            run.keeper.record_history(Pilot::new(&plan.scenario, world.luck));
        }
        run.day_unless(&mut || watch(&Tick::between(number)))?;
        live_on(watch, &Tick { world: number, phase: "history", arm: 0, day: day + 1, days, daily: &[] })?;
    }
    // An incumbent that makes personal offers goes on in `status-quo`, so its offers stay; otherwise all are the pilot's.
    let incumbent = plan.incumbent.as_deref().map(|spec| Maker { spec, own: None });
    let offers_end = !incumbent.is_some_and(|maker| maker.decides());
    money_is_in_place(&run.town, "after the history");
    live_on(watch, &Tick::between(number))?;
    run.town.close_books(offers_end);
    books_are_closed(&run.town, offers_end);
    live_on(watch, &Tick::between(number))?;
    let (history, start) = (run.keeper.take_history(), start_of(&run.town));
    live_on(watch, &Tick::between(number))?;
    let Keeper { digest, speed, .. } = run.keeper;
    Ok(Fork { world, number, town: run.town, history, offers_end, digest, speed, start })
}

fn live_on(watch: Watch<'_>, tick: &Tick<'_>) -> Result<(), Cancelled> {
    if watch(tick) { Ok(()) } else { Err(Cancelled) }
}

/// A keeper for a policy, or for nobody.
fn keeper(plan: &Plan, world: &World, maker: Option<Maker<'_>>, clock: Option<Clock>) -> Keeper {
    let policy = maker
        .map_or_else(|| Box::new(Nobody) as Box<dyn Policy>, |maker| maker.make(&world.shop, world.luck));
    Keeper::new(Setup {
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
    fn decide(&mut self, _ask: &counterfoil_core::Ask) -> counterfoil_core::Decision {
        counterfoil_core::Decision::nothing(counterfoil_core::policy::Reason::NotInPolicy)
    }
}

/// An arm at the beginning of the horizon: the snapshot, and a policy that has heard the whole history.
#[must_use]
pub fn arm_at_fork(plan: &Plan, fork: &Fork, place: usize, clock: Option<Clock>) -> ArmRun {
    arm_unless(plan, fork, place, clock, &mut |_| true).expect("nobody cancels")
}

/// The same for somebody who may cancel meanwhile.
fn arm_unless(
    plan: &Plan,
    fork: &Fork,
    place: usize,
    clock: Option<Clock>,
    watch: Watch<'_>,
) -> Result<ArmRun, Cancelled> {
    let mut keeper = keeper(plan, &fork.world, Some(plan.arms[place].maker()), clock);
    replay(&fork.history, &mut keeper, &mut || watch(&Tick::between(fork.number)))?;
    keeper.policy_mut().history_ends(fork.offers_end);
    keeper.digest = fork.digest;
    live_on(watch, &Tick::between(fork.number))?;
    let town = fork.town.clone();
    live_on(watch, &Tick::between(fork.number))?;
    starts_alike(&town, fork.start, &plan.arms[place].name);
    Ok(ArmRun::new(town, keeper, fork.world.shop.horizon_start))
}

/// The last evening of the horizon: the policy goes, and what is known of everybody is kept.
fn close_horizon(
    run: &mut ArmRun,
    (world, is_control): (u32, bool),
    watch: Watch<'_>,
) -> Result<AtEnd, Cancelled> {
    run.town.settle_minds();
    live_on(watch, &Tick::between(world))?;
    run.keeper.fold_policy();
    live_on(watch, &Tick::between(world))?;
    run.keeper.replace_policy(Box::new(Nobody));
    live_on(watch, &Tick::between(world))?;
    money_is_in_place(&run.town, "after the horizon");
    let at_end = AtEnd::of(&run.town, is_control);
    live_on(watch, &Tick::between(world))?;
    Ok(at_end)
}

/// The arm as it is, with control's memories of deals.
fn reset_twin(
    plan: &Plan,
    fork: &Fork,
    (at_end, control): (&Town, &Reference),
    clock: Option<Clock>,
    watch: Watch<'_>,
) -> Result<ArmRun, Cancelled> {
    let mut town = at_end.clone();
    live_on(watch, &Tick::between(fork.number))?;
    town.reset_minds_to(&control.minds);
    live_on(watch, &Tick::between(fork.number))?;
    Ok(ArmRun::new(town, keeper(plan, &fork.world, None, clock), fork.world.shop.horizon_end))
}

/// Lives through horizon, probe and, beside control, the reset twin of the probe; may follow one shopper.
///
/// At most three towns exist at a time (the fork's, the arm's, its twin's), however many arms there are: of control
/// stays what [`Reference`] holds, and an arm that is over leaves facts.
pub(crate) fn finish_arm(
    plan: &Plan,
    fork: &Fork,
    place: usize,
    control: Option<&Reference>,
    (clock, followed): (Option<Clock>, Option<u32>),
    watch: Watch<'_>,
) -> Result<Finished, Cancelled> {
    let phases = plan.scenario.phases;
    let mut run = arm_unless(plan, fork, place, clock, watch)?;
    run.keeper.followed = followed.map(|shopper| (shopper, Vec::new()));
    for day in 1..=phases.horizon_days {
        run.day_unless(&mut || watch(&Tick::between(fork.number)))?;
        let daily = &run.keeper.days_so_far(day as usize);
        live_on(
            watch,
            &Tick { world: fork.number, phase: "horizon", arm: place, day, days: phases.horizon_days, daily },
        )?;
    }
    let at_end = close_horizon(&mut run, (fork.number, control.is_none()), watch)?;
    let twin = match control {
        Some(control) => Some(reset_twin(plan, fork, (&run.town, control), clock, watch)?),
        None => None,
    };
    let twin = live_probe(plan, (fork, place), &mut run, twin, watch)?;
    live_on(watch, &Tick::between(fork.number))?;
    money_is_in_place(&run.town, "after the probe");
    Ok(Finished { at_end, run, twin })
}

/// The days in which nobody decides, for an arm and its twin.
fn live_probe(
    plan: &Plan,
    (fork, place): (&Fork, usize),
    run: &mut ArmRun,
    mut twin: Option<ArmRun>,
    watch: Watch<'_>,
) -> Result<Option<Twin>, Cancelled> {
    let (horizon_days, days) = (plan.scenario.phases.horizon_days, plan.scenario.phases.probe_days);
    for day in 1..=days {
        run.day_unless(&mut || watch(&Tick::between(fork.number)))?;
        if let Some(twin) = &mut twin {
            twin.day_unless(&mut || watch(&Tick::between(fork.number)))?;
        }
        let daily = &run.keeper.days_so_far((horizon_days + day) as usize);
        live_on(watch, &Tick { world: fork.number, phase: "probe", arm: place, day, days, daily })?;
    }
    Ok(twin.map(|twin| Twin::of(twin, &fork.world)))
}
