//! How far a run is: counts simulated shopper-days, follows the earliest world, and keeps the first world's curves.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use counterfoil_core::facts::DailyFact;
use counterfoil_run::{At, Plan, PlanOfWorlds, Unit};

use crate::clock::Stopwatch;
use crate::dto::{LiveCurve, Progress, RunPhase};

/// Who hears of progress.
pub(crate) type Told<'a> = &'a (dyn Fn(Progress) + Sync);

/// Shortest time between two messages, seconds: more than a person can see, less than a window needs.
const PAUSE_SECONDS: f64 = 0.03;
/// Before this, a rate says nothing about the rest.
const EARLY_SECONDS: f64 = 0.3;

/// What is known when a execution begins.
#[derive(Clone, Debug)]
pub(crate) struct Outset {
    /// Id of the run.
    pub run: String,
    /// Worlds of the run.
    pub worlds: u32,
    /// Worlds that are stored already.
    pub worlds_done: u32,
    /// Days of warm-up of the first world.
    pub warmup_days: u32,
    /// Shopper-days in all.
    pub total: u64,
    /// Shopper-days of worlds that are stored already.
    pub done: u64,
    /// World whose curves are shown.
    pub shown: Option<Unit>,
    /// ISO 4217 code.
    pub currency: String,
    /// Minor units per major unit.
    pub minor: f64,
}

/// Shopper-days that these units come to, each by itself.
pub(crate) fn shopper_days(plan: &PlanOfWorlds, units: &[Unit]) -> u64 {
    let days = |plan: &Plan| plan.days_per_unit() * u64::from(plan.scenario.shoppers.count);
    units.iter().map(|unit| days(plan.variant(unit.variant))).sum()
}

/// Counts and tells.
pub(crate) struct Meter<'a> {
    outset: Outset,
    started: Stopwatch,
    told: Told<'a>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    worlds_done: u32,
    done: u64,
    last_told: Option<f64>,
    active: BTreeMap<Unit, Place>,
    curves: Vec<LiveCurve>,
}

#[derive(Clone, Copy)]
struct Place {
    phase: RunPhase,
    day: u32,
    days: u32,
}

impl<'a> Meter<'a> {
    pub(crate) fn new(outset: Outset, started: Stopwatch, told: Told<'a>) -> Self {
        let state = State { worlds_done: outset.worlds_done, done: outset.done, ..State::default() };
        let meter = Self { outset, started, told, state: Mutex::new(state) };
        meter.update(true, |_| {});
        meter
    }

    /// One simulated day of one arm of a variant, with the units that it is simulated for.
    pub(crate) fn tick(&self, at: &At<'_>, plan: &PlanOfWorlds) {
        let (tick, variant) = (at.tick, plan.variant(at.unit.variant));
        self.update(false, |state| {
            // Beside every arm but control, the reset twin lives through the probe as well.
            let lives = if tick.phase == "probe" && tick.arm.index() > 0 { 2 } else { 1 };
            state.done += lives * u64::from(at.units) * u64::from(variant.scenario.shoppers.count);
            state.active.insert(at.unit, place_of(at, variant.scenario.phases.warmup_days));
            if Some(at.unit) == self.outset.shown && tick.phase == "horizon" {
                self.grow(state, at, variant);
            }
        });
    }

    /// A world is stored.
    pub(crate) fn world_done(&self, unit: Unit) {
        self.update(true, |state| {
            state.worlds_done += 1;
            state.active.remove(&unit);
        });
    }

    /// The curve of one arm as it is now.
    fn grow(&self, state: &mut State, at: &At<'_>, variant: &Plan) {
        let (tick, Some(arm)) = (at.tick, variant.arms.get(at.tick.arm.index())) else { return };
        let name = &arm.name;
        let shoppers = f64::from(variant.scenario.shoppers.count);
        let per_shopper = |value: fn(&DailyFact) -> i64| {
            tick.daily.iter().map(|day| value(day) as f64 / shoppers).collect()
        };
        let orders: Vec<f64> = per_shopper(|day| day.orders);
        let mut contribution: Vec<f64> = per_shopper(|day| day.contribution);
        contribution.iter_mut().for_each(|amount| *amount /= self.outset.minor);
        let curve = LiveCurve {
            arm: name.clone(),
            horizon_days: tick.days,
            orders_per_shopper: orders,
            contribution_per_shopper: contribution,
        };
        match state.curves.iter_mut().find(|curve| curve.arm == *name) {
            Some(known) => *known = curve,
            None => state.curves.push(curve),
        }
    }

    /// Changes the state and tells, unless somebody was told just now.
    fn update(&self, at_once: bool, change: impl FnOnce(&mut State)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        let seconds = self.started.seconds();
        if !at_once && state.last_told.is_some_and(|last| seconds - last < PAUSE_SECONDS) {
            return;
        }
        state.last_told = Some(seconds);
        let message = self.message(&state, seconds);
        drop(state);
        (self.told)(message);
    }

    fn message(&self, state: &State, seconds: f64) -> Progress {
        let earliest = state.active.iter().next().map(|(&unit, &at)| (unit.world, at));
        let storing = Place { phase: RunPhase::Storing, day: 0, days: 0 };
        let waiting = Place { phase: RunPhase::WarmUp, day: 0, days: self.outset.warmup_days };
        let idle = if state.worlds_done >= self.outset.worlds { storing } else { waiting };
        let (world, at) =
            earliest.unwrap_or((state.worlds_done.min(self.outset.worlds.saturating_sub(1)), idle));
        Progress {
            run: self.outset.run.clone(),
            worlds_done: state.worlds_done,
            worlds: self.outset.worlds,
            world: world + 1,
            phase: at.phase,
            day: at.day,
            days: at.days,
            shopper_days_done: state.done.min(self.outset.total),
            shopper_days_total: self.outset.total,
            seconds,
            seconds_left: self.seconds_left(state.done, seconds),
            curves: state.curves.clone(),
            currency: self.outset.currency.clone(),
        }
    }

    /// From the rate of this execution.
    fn seconds_left(&self, done: u64, seconds: f64) -> Option<f64> {
        let own = done.saturating_sub(self.outset.done);
        if own == 0 || seconds < EARLY_SECONDS {
            return None;
        }
        let left = self.outset.total.saturating_sub(done);
        Some(seconds / own as f64 * left as f64)
    }
}

fn place_of(at: &At<'_>, warmup: u32) -> Place {
    let tick = at.tick;
    match tick.phase {
        "history" if tick.day <= warmup => Place { phase: RunPhase::WarmUp, day: tick.day, days: warmup },
        "history" => Place { phase: RunPhase::History, day: tick.day - warmup, days: tick.days - warmup },
        "horizon" => Place { phase: RunPhase::Horizon, day: tick.day, days: tick.days },
        _ => Place { phase: RunPhase::Probe, day: tick.day, days: tick.days },
    }
}
