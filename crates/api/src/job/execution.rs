//! One execution of a run: what is missing is simulated and stored, until all is there or somebody cancels.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use counterfoil_core::Digest;
use counterfoil_core::facts::UnitFacts;
use counterfoil_run::record::Speed;
use counterfoil_run::{At, Plan, PlanOfWorlds, Unit, execute, hash};
use counterfoil_store::{Finish, Interrupter, Store, StoreError, StoredRun, UnitSummary, Written};

use crate::clock::{self, Stopwatch};
use crate::dto::{ApiError, ErrorCode};
use crate::error::Answered;
use crate::performance::{Figures, Performance};
use crate::planning::{CONTROL, Planned};
use crate::progress::{Meter, Outset, Told, shopper_days};

/// From the moment on at which somebody asked for it.
#[derive(Clone, Copy)]
pub(super) struct Execution {
    started: Stopwatch,
    threads: u32,
}

/// What is missing of a run: a variant for whole worlds, and one for each group of worlds that lack the same arms.
struct Missing {
    plan: PlanOfWorlds,
    units: Vec<Unit>,
    /// Control's stored digest, for units of which something is stored.
    control: BTreeMap<Unit, Digest>,
}

impl Execution {
    pub(super) fn begin(threads: u32) -> Self {
        Self { started: Stopwatch::start(), threads: threads.max(1) }
    }

    /// How many threads.
    pub(super) fn threads(self) -> usize {
        self.threads as usize
    }

    /// A meter for units of a plan of a run, none of which is done.
    pub(super) fn meter<'a>(
        self,
        run: &StoredRun,
        (plan, units): (&PlanOfWorlds, &[Unit]),
        told: Told<'a>,
    ) -> Meter<'a> {
        let total = shopper_days(plan, units);
        let outset = outset(run, (plan, units), 0);
        Meter::new(Outset { worlds: units.len() as u32, total, ..outset }, self.started, told)
    }

    /// Simulates and stores what is missing; with its figures if no world is missing any more.
    pub(super) fn work(
        self,
        store: &mut Store,
        run: &StoredRun,
        planned: &Planned,
        told: Told<'_>,
        cancel: &AtomicBool,
    ) -> Answered<Option<Performance>> {
        store.hold_to(run);
        let bytes_before = store.bytes();
        let resumed = store.units_done(run.no)?.len() as u32;
        let missing = missing(store, run, planned)?;
        let days = shopper_days(&missing.plan, &missing.units);
        let per_world = planned.plan.days_per_unit() * u64::from(run.shoppers);
        let done = per_world * u64::from(resumed);
        let outset = outset(run, (&missing.plan, &missing.units), resumed);
        let meter = Meter::new(Outset { total: done + days, done, ..outset }, self.started, told);
        let (speed, last_commit, finished) = self.simulate(store, run, &missing, &meter, cancel)?;
        let done = store.units_done(run.no)?.len() as u32;
        if done < resumed + finished {
            return Err(gone(run, resumed + finished - done));
        }
        if done < run.worlds {
            store.add_seconds(run.no, self.started.seconds())?;
            return Ok(None);
        }
        let figures = Figures {
            seconds: last_commit,
            threads: self.threads,
            units: run.worlds,
            units_resumed: resumed,
            shopper_days: days,
            stored_bytes: store.bytes().saturating_sub(bytes_before),
        };
        Ok(Some(Performance::of(figures, &speed)))
    }

    /// Closes a run of which everything is stored that was asked for; one of which something is missing stays open.
    pub(super) fn close(
        self,
        store: &mut Store,
        run: &StoredRun,
        done: Option<&Performance>,
    ) -> Answered<()> {
        match done {
            Some(performance) => finish(store, run, performance),
            None => Ok(()),
        }
    }

    /// Simulates and stores what is missing; with the time of the last commit, and the number of worlds stored.
    fn simulate(
        self,
        store: &mut Store,
        run: &StoredRun,
        missing: &Missing,
        meter: &Meter<'_>,
        cancel: &AtomicBool,
    ) -> Answered<(Speed, f64, u32)> {
        let (mut last_commit, mut finished) = (self.started.seconds(), 0);
        let tick = |at: &At<'_>| meter.tick(at, &missing.plan);
        let stored = AtomicBool::new(false);
        let interrupter = store.interrupter();
        let sink = |unit: Unit, facts: UnitFacts| -> Answered<()> {
            if !missing.store(store, run, unit, facts)? {
                return Ok(());
            }
            last_commit = self.started.seconds();
            finished += 1;
            meter.world_done(unit);
            Ok(())
        };
        let clock = (Some(clock::nanoseconds as fn() -> u64), cancel);
        let speed = std::thread::scope(|scope| {
            let watcher = scope.spawn(|| interrupt_when_cancelled(&interrupter, cancel, &stored));
            let speed = execute(&missing.plan, &missing.units, self.threads(), clock, &tick, sink);
            stored.store(true, Ordering::SeqCst);
            watcher.thread().unpark();
            speed
        })?;
        Ok((speed, last_commit, finished))
    }
}

/// Somebody put an older copy of the store in its place: the run is there, and what was finished since is not.
fn gone(run: &StoredRun, worlds: u32) -> ApiError {
    let worlds =
        if worlds == 1 { "1 finished world is".to_owned() } else { format!("{worlds} finished worlds are") };
    let message = format!(
        "{worlds} not in the file any more: an older copy of it was put there while the run went on."
    );
    ApiError::new(ErrorCode::Environment, message)
        .at(format!("run {}", run.id))
        .hint(format!("What is there is kept; go on with `counterfoil run --resume {}`.", run.id))
}

fn unless_interrupted(written: Result<Written, StoreError>) -> Answered<bool> {
    match written {
        Err(StoreError::Interrupted { .. }) => Ok(false),
        written => Ok(written.map(|_| true)?),
    }
}

/// Gives a world that is being stored a moment to be finished after somebody asked to stop, and then stops that too.
fn interrupt_when_cancelled(interrupter: &Interrupter, cancel: &AtomicBool, stored: &AtomicBool) {
    const LOOK_EVERY: Duration = Duration::from_millis(20);
    const LOOKS_OF_GRACE: u32 = 25;
    let mut looks = 0;
    while !stored.load(Ordering::SeqCst) {
        looks += u32::from(cancel.load(Ordering::Relaxed));
        if looks > LOOKS_OF_GRACE {
            interrupter.interrupt();
        }
        std::thread::park_timeout(LOOK_EVERY);
    }
}

impl Missing {
    /// Stores a whole unit, or the arms that it lacks after a look at control. `false` if it was interrupted: nothing of it
    /// is stored then.
    fn store(&self, store: &mut Store, run: &StoredRun, unit: Unit, facts: UnitFacts) -> Answered<bool> {
        let Some(stored) = self.control.get(&unit) else {
            return unless_interrupted(store.write_unit(run.no, &facts, run.keep));
        };
        let found =
            facts.arms.iter().find(|arm| arm.arm == CONTROL).map(|arm| arm.digest).unwrap_or_default();
        if found != *stored {
            let (found, stored) = (found.to_hex(), stored.to_hex());
            let message = format!(
                "World {} came out differently than it is stored: control has digest {found}, stored is {stored}.",
                unit.world
            );
            return Err(ApiError::new(ErrorCode::Version, message)
                .at(format!("run {}", run.id))
                .hint("The store was changed or another build made it; nothing was added to this world."));
        }
        let arms = facts.arms.into_iter().filter(|arm| arm.arm != CONTROL).collect();
        unless_interrupted(store.add_arm_unit(run.no, &UnitFacts { arms, ..facts }, run.keep))
    }
}

/// What is not stored yet, grouped by what is missing.
fn missing(store: &Store, run: &StoredRun, planned: &Planned) -> Answered<Missing> {
    let (stored, done) = (store.worlds_stored(run.no)?, store.units_done(run.no)?);
    let mut variants: Vec<(Vec<String>, Plan)> = vec![(Vec::new(), planned.plan.clone())];
    let fresh = (0..run.worlds).filter(|world| !stored.contains(world));
    let mut units: Vec<Unit> = fresh.map(|world| Unit { variant: 0, world }).collect();
    let mut known = BTreeMap::new();
    if done.len() < stored.len() {
        for summary in store.load_summaries(run.no)?.iter().filter(|unit| !done.contains(&unit.world)) {
            let lacking = lacking(run, summary);
            let variant = variants.iter().position(|(arms, _)| *arms == lacking).unwrap_or(variants.len());
            if variant == variants.len() {
                let plan = planned.with_arms(&lacking);
                variants.push((lacking, plan));
            }
            let unit = Unit { variant, world: summary.world };
            let control = summary.arms.iter().find(|arm| arm.arm == CONTROL).map(|arm| arm.digest);
            known.insert(unit, control.unwrap_or_default());
            units.push(unit);
        }
    }
    let plan = PlanOfWorlds::new(variants.into_iter().map(|(_, plan)| plan));
    let plan = plan.map_err(|error| ApiError::defect(error.to_string()))?;
    Ok(Missing { plan, units, control: known })
}

/// Names of the run's arms that a stored world does not have.
fn lacking(run: &StoredRun, unit: &UnitSummary) -> Vec<String> {
    let has = |name: &str| unit.arms.iter().any(|arm| arm.arm == name);
    run.arms.iter().map(|arm| arm.name.clone()).filter(|name| !has(name)).collect()
}

fn outset(run: &StoredRun, (plan, units): (&PlanOfWorlds, &[Unit]), resumed: u32) -> Outset {
    let first = units.first().copied();
    Outset {
        run: run.id.clone(),
        worlds: run.worlds,
        worlds_done: resumed,
        warmup_days: first.map_or(0, |unit| plan.variant(unit.variant).scenario.phases.warmup_days),
        total: 0,
        done: 0,
        shown: first,
        currency: run.currency.clone(),
        minor: minor_units(run.currency_decimals),
    }
}

/// Minor units per major unit.
pub(crate) fn minor_units(decimals: u32) -> f64 {
    10_i64.checked_pow(decimals).unwrap_or(1) as f64
}

/// Closes a run of which every world is there.
pub(crate) fn finish(store: &mut Store, run: &StoredRun, performance: &Performance) -> Answered<()> {
    let result_hash = Some(result_hash(&store.load_summaries(run.no)?));
    let text = serde_json::to_string(performance).map_err(|error| ApiError::defect(error.to_string()))?;
    let finish = Finish { result_hash, seconds: performance.seconds, performance: text };
    Ok(store.finish_run(run.no, &finish)?)
}

/// The hash over all stored digests.
pub(super) fn result_hash(units: &[UnitSummary]) -> String {
    let mut all = Vec::new();
    for unit in units {
        for arm in &unit.arms {
            all.push((arm.arm.clone(), unit.world, arm.digest));
        }
    }
    hash::result_hash(&all)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use counterfoil_store::Mode;

    /// Goal: what a store is doing ends soon after somebody asked to stop, and not before.
    #[test]
    fn a_store_is_interrupted_after_a_moment_of_grace() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("counterfoil.db"), Mode::Create).unwrap();
        let (cancel, stored) = (AtomicBool::new(true), AtomicBool::new(false));
        let interrupter = store.interrupter();
        let long = "WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        let asked = Stopwatch::start();
        let answer = std::thread::scope(|scope| {
            let watcher = scope.spawn(|| interrupt_when_cancelled(&interrupter, &cancel, &stored));
            let answer = store.query(long, None, 1);
            stored.store(true, Ordering::SeqCst);
            watcher.thread().unpark();
            answer
        });
        assert!(answer.is_err(), "{answer:?}");
        assert!(asked.seconds() > 0.3, "after {} s", asked.seconds());
    }
}
