//! How far a run is: counts simulated shopper-days, follows the earliest world, and keeps the first world's curves.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use counterfoil_core::facts::DailyFact;
use counterfoil_run::unit::Tick;

use crate::clock::Stopwatch;
use crate::dto::{LiveCurve, Progress, RunPhase};

/// Who hears of progress.
pub(crate) type Told<'a> = &'a (dyn Fn(Progress) + Sync);

/// Shortest time between two messages, seconds: more than a person can see, less than a window needs.
const PAUSE_SECONDS: f64 = 0.03;
/// Before this, a rate says nothing about the rest.
const EARLY_SECONDS: f64 = 0.3;

/// What is known when a sitting begins.
#[derive(Clone, Debug)]
pub(crate) struct Outset {
    /// Id of the run.
    pub run: String,
    /// Worlds of the run.
    pub worlds: u32,
    /// Worlds that are stored already.
    pub worlds_done: u32,
    /// Shoppers per world.
    pub shoppers: u32,
    /// Days of warm-up; they are part of what the ticks call history.
    pub warmup_days: u32,
    /// Shopper-days in all.
    pub total: u64,
    /// Shopper-days of worlds that are stored already.
    pub done: u64,
    /// World whose curves are shown.
    pub shown_world: u32,
    /// ISO 4217 code.
    pub currency: String,
    /// Minor units per major unit.
    pub minor: f64,
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
    active: BTreeMap<u32, At>,
    curves: Vec<LiveCurve>,
}

#[derive(Clone, Copy)]
struct At {
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

    /// One simulated day of one arm. `arms` are the names of the arms of the plan at work.
    pub(crate) fn tick(&self, tick: &Tick<'_>, arms: &[String]) {
        self.update(false, |state| {
            // Beside every arm but control, the reset twin lives through the probe as well.
            let lives = if tick.phase == "probe" && tick.arm > 0 { 2 } else { 1 };
            state.done += lives * u64::from(self.outset.shoppers);
            state.active.insert(tick.world, self.at(tick));
            if tick.world == self.outset.shown_world && tick.phase == "horizon" {
                self.grow(state, tick, arms);
            }
        });
    }

    /// A world is stored.
    pub(crate) fn world_done(&self, world: u32) {
        self.update(true, |state| {
            state.worlds_done += 1;
            state.active.remove(&world);
        });
    }

    fn at(&self, tick: &Tick<'_>) -> At {
        let warmup = self.outset.warmup_days;
        match tick.phase {
            "history" if tick.day <= warmup => At { phase: RunPhase::WarmUp, day: tick.day, days: warmup },
            "history" => At { phase: RunPhase::History, day: tick.day - warmup, days: tick.days - warmup },
            "horizon" => At { phase: RunPhase::Horizon, day: tick.day, days: tick.days },
            _ => At { phase: RunPhase::Probe, day: tick.day, days: tick.days },
        }
    }

    /// The curve of one arm as it is now.
    fn grow(&self, state: &mut State, tick: &Tick<'_>, arms: &[String]) {
        let Some(name) = arms.get(tick.arm) else { return };
        let shoppers = f64::from(self.outset.shoppers);
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
        let earliest = state.active.iter().next().map(|(&world, &at)| (world, at));
        let storing = At { phase: RunPhase::Storing, day: 0, days: 0 };
        let waiting = At { phase: RunPhase::WarmUp, day: 0, days: self.outset.warmup_days };
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

    /// From the rate of this sitting.
    fn seconds_left(&self, done: u64, seconds: f64) -> Option<f64> {
        let own = done.saturating_sub(self.outset.done);
        if own == 0 || seconds < EARLY_SECONDS {
            return None;
        }
        let left = self.outset.total.saturating_sub(done);
        Some(seconds / own as f64 * left as f64)
    }
}
