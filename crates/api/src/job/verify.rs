//! Whether a stored run is what it says: simulated again from the store alone and compared row by row, or read again and
//! compared with its own digests.

use std::sync::atomic::{AtomicBool, Ordering};

use counterfoil_core::facts::UnitFacts;
use counterfoil_run::{At, PlanOfWorlds, Unit, execute};
use counterfoil_store::{Difference, Finish, RunNo, RunRecord, Status, Store, StoreError, StoredRun};

use super::execution::{Execution, result_hash};
use super::same_version;
use crate::api::{Api, threads};
use crate::dto::{ApiError, ErrorCode};
use crate::error::Answered;
use crate::planning::Planned;
use crate::progress::Told;

/// What came out of looking at a stored run again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Id of the run.
    pub run: String,
    /// Worlds that were compared.
    pub worlds: u32,
    /// Arms of each.
    pub arms: u32,
    /// Whether everything was simulated again, and not only read.
    pub simulated: bool,
    /// Where the store is not what it should be; empty: the run is what it says.
    pub differences: Vec<Difference>,
    /// Whether it was cancelled before all worlds were compared.
    pub cancelled: bool,
}

/// The run as it is simulated now, in a store of its own.
struct Anew {
    store: Store,
    run: RunNo,
}

impl Api {
    /// Simulates every stored world again from the stored texts, writes it to a store in memory under the run's own `keep`,
    /// and compares every row of every table; also what the run's row says about it, traces that were kept, and whatever
    /// [`Api::verify_stored`] looks at: tables and views themselves, rows that belong to nothing, digests.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::Version`] if another engine version made the run; texts that cannot be read any more.
    pub fn verify(
        &self,
        run: &str,
        threads_wanted: Option<u32>,
        on_progress: Told<'_>,
        cancel: &AtomicBool,
    ) -> Result<Verification, ApiError> {
        let _held = self.claim_run()?;
        let store = self.store()?;
        let no = store.find_run(run)?.no;
        unless_it_went_on(&store, no, || {
            self.simulated_again(&store, no, threads_wanted, (on_progress, cancel))
        })
    }

    fn simulated_again(
        &self,
        store: &Store,
        no: RunNo,
        threads_wanted: Option<u32>,
        (on_progress, cancel): (Told<'_>, &AtomicBool),
    ) -> Answered<Verification> {
        let record = store.run_record(no)?;
        same_version(&record)?;
        no_arm_is_underway(store, &record.run)?;
        let planned = Planned::from_texts(&record)?;
        let mut anew = Anew::begin(&record, &planned)?;
        let by_digests = store.check_run(no)?;
        let mut differences = Vec::new();
        let worlds = store.worlds_stored(no)?;
        let execution = Execution::begin(threads_wanted.unwrap_or_else(threads));
        let plan = PlanOfWorlds::of_one(planned.plan.clone());
        let units: Vec<Unit> = worlds.iter().map(|&world| Unit { variant: 0, world }).collect();
        let meter = execution.meter(&record.run, (&plan, &units), on_progress);
        let mut compared = 0;
        let sink = |unit: Unit, facts: UnitFacts| -> Answered<()> {
            differences.extend(self.compare(store, &record, &planned, (&mut anew, &facts), cancel)?);
            compared += 1;
            meter.world_done(unit);
            Ok(())
        };
        let tick = |at: &At<'_>| meter.tick(at, &plan);
        execute(&plan, &units, execution.threads(), (None, cancel), &tick, sink)?;
        let cancelled = (compared as usize) < worlds.len() || cancel.load(Ordering::Relaxed);
        if !cancelled {
            differences.extend(anew.of_the_run(store, &record, &by_digests)?);
        }
        // What simulating shows with its row need not be said by its digest too.
        let known = |one: &Difference| differences.iter().any(|found: &Difference| same_place(found, one));
        let more: Vec<Difference> = by_digests.into_iter().filter(|one| !known(one)).collect();
        differences.extend(more);
        differences.sort();
        let (run, arms) = (record.run.id, planned.plan.arms.len() as u32);
        Ok(Verification { run, worlds: compared, arms, simulated: true, differences, cancelled })
    }

    /// Reads every row of a run and compares with the digests that were written with it: seconds, and no simulation. Finds
    /// accidents, not forgers.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::Store`] where the file is damaged.
    pub fn verify_stored(&self, run: &str) -> Result<Verification, ApiError> {
        let store = self.store()?;
        let run = store.find_run(run)?;
        unless_it_went_on(&store, run.no, || Self::read_again(&store, &run))
    }

    fn read_again(store: &Store, run: &StoredRun) -> Answered<Verification> {
        let mut differences = store.check_run(run.no)?;
        if let Some(stored) = &run.result_hash
            && let Some(units) = readable(store.load_summaries(run.no), &differences)?
        {
            let found = result_hash(&units);
            if *stored != found {
                differences.push(of_the_run("result_hash", stored, &found));
            }
        }
        differences.sort();
        let (worlds, arms) = (store.worlds_stored(run.no)?.len() as u32, run.arms.len() as u32);
        let run = run.id.clone();
        Ok(Verification { run, worlds, arms, simulated: false, differences, cancelled: false })
    }

    /// Writes a world anew, with the traces that the store has of it, and compares.
    fn compare(
        &self,
        store: &Store,
        record: &RunRecord,
        planned: &Planned,
        (anew, unit): (&mut Anew, &UnitFacts),
        cancel: &AtomicBool,
    ) -> Answered<Vec<Difference>> {
        let (world, no) = (unit.world, record.run.no);
        anew.store.write_unit(anew.run, unit, record.run.keep)?;
        let traced = store.traced_shoppers(no)?;
        for (_, shopper) in
            traced.into_iter().filter(|(of, shopper)| *of == world && *shopper < record.run.shoppers)
        {
            let stored = store.trace(no, world, shopper)?.unwrap_or_default();
            let text = Self::trace_anew(record, planned, (world, shopper), (&stored, cancel))?;
            if cancel.load(Ordering::Relaxed) {
                return Ok(Vec::new());
            }
            anew.store.put_trace(anew.run, world, shopper, &text)?;
        }
        let differences = store.differences(no, (&anew.store, anew.run), Some(world))?;
        anew.store.forget_world(anew.run, world)?;
        Ok(differences)
    }
}

impl Anew {
    /// An empty store with the run as its texts describe it.
    fn begin(record: &RunRecord, planned: &Planned) -> Answered<Self> {
        let mut store = Store::in_memory()?;
        let run = store.create_run(&planned.new_run_like(record))?.no;
        Ok(Self { store, run })
    }

    /// What the run's own rows say, once all worlds were compared.
    fn of_the_run(
        &mut self,
        store: &Store,
        record: &RunRecord,
        known: &[Difference],
    ) -> Answered<Vec<Difference>> {
        let Some(units) = readable(store.load_summaries(record.run.no), known)? else {
            return Ok(Vec::new());
        };
        let (found, expected) = (units.len() as u32, record.run.worlds);
        let mut differences = Vec::new();
        if record.run.status == Status::Complete {
            if found != expected {
                differences.push(of_the_run("worlds", &found.to_string(), &expected.to_string()));
            }
            let result_hash = Some(result_hash(&units));
            let finish = Finish { result_hash, seconds: 0.0, performance: String::new() };
            self.store.close_run(self.run, &finish)?;
        }
        let rows = store.differences(record.run.no, (&self.store, self.run), None)?;
        differences.extend(rows);
        Ok(differences)
    }
}

/// Blames nobody for what another process did to the run between two looks at it.
///
/// A lock for all that time would keep a run from storing its worlds. So what was found counts only if the run is afterwards
/// as it was before.
fn unless_it_went_on(
    store: &Store,
    no: RunNo,
    verify: impl FnOnce() -> Answered<Verification>,
) -> Answered<Verification> {
    let before = store.mark(no);
    let done = verify();
    let blames = done.as_ref().map_or(true, |verified| !verified.differences.is_empty());
    if blames && store.mark(no) != before {
        let message =
            "The run went on while it was verified, or was purged: another program changed it meanwhile.";
        return Err(ApiError::new(ErrorCode::Environment, message).hint("verify again"));
    }
    done
}

/// An arm that some worlds lack cannot be compared: it is being added, or adding it was interrupted.
fn no_arm_is_underway(store: &Store, run: &StoredRun) -> Answered<()> {
    let (with_all, stored) = (store.units_done(run.no)?.len(), store.worlds_stored(run.no)?.len());
    if run.status != Status::Partial || with_all == stored {
        return Ok(());
    }
    let message = format!(
        "Run {}: an arm is being added to it, or adding one was interrupted: {with_all} of {stored} worlds have it.",
        run.id
    );
    let hint =
        format!("counterfoil run --resume {}; then verify, or compare what is stored with --stored", run.id);
    Err(ApiError::new(ErrorCode::Environment, message).hint(&hint))
}

/// What was read; `None` where it could not be read and differences that are known already say why.
fn readable<T>(read: Result<T, StoreError>, known: &[Difference]) -> Answered<Option<T>> {
    match read {
        Err(_) if !known.is_empty() => Ok(None),
        read => Ok(Some(read?)),
    }
}

/// Whether two differences speak of the same table of the same world and arm.
fn same_place(one: &Difference, other: &Difference) -> bool {
    (one.world, &one.arm, &one.table) == (other.world, &other.arm, &other.table)
}

fn of_the_run(what: &str, stored: &str, found: &str) -> Difference {
    Difference {
        world: None,
        arm: String::new(),
        table: "runs".to_owned(),
        what: what.to_owned(),
        stored: stored.to_owned(),
        found: found.to_owned(),
    }
}
