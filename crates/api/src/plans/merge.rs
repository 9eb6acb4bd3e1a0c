//! Partial results put together in the store: any order, any partition, again and again.
//!
//! # Promises
//! - Every part is read to its end, and every unit compared with every other result for it, in parts as in the store, before
//!   anything is written.
//! - A unit is written whole or not at all; what is there already is left alone.
//! - A variant whose worlds are all there is a finished run; any other is a partial one, which `run --resume` or a further
//!   merge completes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use counterfoil_core::facts::{ArmFacts, UnitFacts};
use counterfoil_run::Unit;
use counterfoil_run::part::{PartError, Reader, Record};
use counterfoil_run::record::Speed;
use counterfoil_store::{ArmSummary, Status, Store, StoredRun, UnitSummary, Written};

use super::{Identity, LoadedPlan};
use crate::api::{Api, VERSION};
use crate::clock::Stopwatch;
use crate::dto::{ApiError, ErrorCode, RunSummary};
use crate::error::Answered;
use crate::job::finish;
use crate::performance::{Figures, Performance};
use crate::planning::RunOptions;
use crate::summary::summary_of;

/// What became of a merge.
#[derive(Clone, Debug, PartialEq)]
pub enum Merged {
    /// The runs of all variants of which anything is there, in the plan's order.
    Runs(Vec<MergedRun>),
    /// Two results for one unit are not the same; nothing was written.
    Differ(Conflict),
}

/// The run of one variant.
#[derive(Clone, Debug, PartialEq)]
pub struct MergedRun {
    /// The run as it is now.
    pub run: RunSummary,
    /// Units that this merge wrote.
    pub written: u32,
}

/// Two results for one unit that are not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Number of the unit.
    pub unit: u32,
    /// Name of its variant's scenario.
    pub scenario: String,
    /// World number, from 0.
    pub world: u32,
    /// Where the two are.
    pub places: [String; 2],
}

/// Where a result was read.
struct Seen {
    sum: [u8; 32],
    part: usize,
    record: u32,
}

/// What was found before anything was written.
struct Looked {
    seen: BTreeMap<u32, Seen>,
    /// The first two results for one unit that are not the same.
    conflict: Option<Conflict>,
}

/// What the store has of a variant.
#[derive(Default)]
struct Known {
    run: Option<StoredRun>,
    /// Worlds of which anything is stored.
    worlds: BTreeMap<u32, UnitSummary>,
    written: u32,
    events: u64,
}

impl Api {
    /// Puts the units of all parts into the store, each variant into the run that holds what the variant holds; where there is
    /// none, a new one. What `cancel` leaves out can be merged later.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] for what is no part of this plan, was cut off or altered: nothing is written then;
    /// [`ErrorCode::Busy`] while a run goes on; [`ErrorCode::Environment`] if the disk fails, after which units that were
    /// written are kept.
    pub fn merge(
        &self,
        plan: &LoadedPlan,
        parts: &[PathBuf],
        cancel: &AtomicBool,
    ) -> Result<Merged, ApiError> {
        let _held = self.claim_run()?;
        let started = Stopwatch::start();
        let mut store = self.patient_writer()?;
        let mut known = plan.known(&store)?;
        let Looked { seen, conflict } = plan.look(&store, &known, parts, cancel)?;
        if let Some(conflict) = conflict {
            return Ok(Merged::Differ(conflict));
        }
        let bytes_before = store.bytes();
        for path in parts {
            each_unit(plan, path, cancel, |record, unit| {
                if seen.get(&record.number).is_none_or(|seen| seen.sum != record.sum) {
                    return Err(changed(path));
                }
                plan.write(&mut store, &mut known[unit.variant], &record, unit)
            })?;
        }
        let mut runs = Vec::new();
        for known in known {
            let Some(run) = &known.run else { continue };
            let stored_bytes = store.bytes().saturating_sub(bytes_before);
            close(&mut store, &known, run, (started.seconds(), stored_bytes))?;
            let run = summary_of(&store.run(run.no)?);
            runs.push(MergedRun { run, written: known.written });
        }
        Ok(Merged::Runs(runs))
    }
}

/// Closes a run of which every world is there now.
fn close(
    store: &mut Store,
    known: &Known,
    run: &StoredRun,
    (seconds, stored_bytes): (f64, u64),
) -> Answered<()> {
    let done = store.units_done(run.no)?.len() as u32;
    if run.status == Status::Complete || done < run.worlds {
        return Ok(());
    }
    // What simulating took was measured elsewhere, if at all.
    let (threads, shopper_days) = (0, 0);
    let units_resumed = done.saturating_sub(known.written);
    let figures = Figures { seconds, threads, units: run.worlds, units_resumed, shopper_days, stored_bytes };
    let speed = Speed { events: known.events, ..Speed::default() };
    finish(store, run, &Performance::of(figures, &speed))
}

impl LoadedPlan {
    /// The newest run of each variant.
    fn known(&self, store: &Store) -> Answered<Vec<Known>> {
        let runs = store.runs()?;
        let find = |variant: usize| -> Answered<Known> {
            let planned = &self.variants[variant];
            let wanted = Identity::of_planned(planned, self.keep).hash();
            let alike = |run: &&StoredRun| {
                run.scenario_hash == planned.scenario_hash
                    && run.engine_version == VERSION
                    && run.keep == self.keep
                    && run.deterministic
            };
            for run in runs.iter().filter(alike) {
                if Identity::of_run(&store.run_record(run.no)?).hash() == wanted {
                    let summaries = store.load_summaries(run.no)?;
                    let worlds = summaries.into_iter().map(|unit| (unit.world, unit)).collect();
                    return Ok(Known { run: Some(run.clone()), worlds, ..Known::default() });
                }
            }
            Ok(Known::default())
        };
        (0..self.variants.len()).map(find).collect()
    }

    /// Reads all parts to their ends and compares every unit with every other result for it.
    fn look(
        &self,
        store: &Store,
        known: &[Known],
        parts: &[PathBuf],
        cancel: &AtomicBool,
    ) -> Answered<Looked> {
        let mut seen: BTreeMap<u32, Seen> = BTreeMap::new();
        let mut conflict = None;
        for (part, path) in parts.iter().enumerate() {
            each_unit(self, path, cancel, |record, unit| {
                let here = place(path, record.place);
                let differ = |other: String| Conflict {
                    unit: record.number,
                    scenario: self.variants[unit.variant].name.clone(),
                    world: unit.world,
                    places: [other, here.clone()],
                };
                let known = &known[unit.variant];
                if let (Some(run), Some(stored)) = (&known.run, known.worlds.get(&unit.world))
                    && !(same_results(stored, &record.facts)
                        && self.same_rows(store, run, unit.variant, (stored, &record.facts))?)
                {
                    conflict.get_or_insert_with(|| differ(format!("run {} of the store", run.id)));
                }
                match seen.get(&record.number) {
                    Some(other) if other.sum != record.sum => {
                        conflict.get_or_insert_with(|| differ(place(&parts[other.part], other.record)));
                    }
                    Some(_) => {}
                    None => {
                        seen.insert(record.number, Seen { sum: record.sum, part, record: record.place });
                    }
                }
                Ok(())
            })?;
        }
        Ok(Looked { seen, conflict })
    }

    /// Whether every row that the store has of a world is that of this unit: the unit is written to a store in memory, and
    /// that is compared. Traces are not in partial results. A world that lacks arms is compared by its digests only.
    fn same_rows(
        &self,
        store: &Store,
        run: &StoredRun,
        variant: usize,
        (stored, facts): (&UnitSummary, &UnitFacts),
    ) -> Answered<bool> {
        if stored.arms.len() != facts.arms.len() {
            return Ok(true);
        }
        let planned = &self.variants[variant];
        let options = RunOptions { keep: self.keep, ..RunOptions::new(&planned.name) };
        let mut anew = Store::in_memory()?;
        let no = anew.create_run(&planned.new_run(&options, false))?.no;
        anew.write_unit(no, facts, self.keep)?;
        let differences = store.differences(run.no, (&anew, no), Some(facts.world))?;
        Ok(differences.iter().all(|one| one.table == "traces"))
    }

    /// Writes one unit, unless it is there.
    fn write(&self, store: &mut Store, known: &mut Known, record: &Record, unit: Unit) -> Answered<()> {
        let planned = &self.variants[unit.variant];
        if known.run.is_none() {
            let options = RunOptions { keep: self.keep, ..RunOptions::new(&planned.name) };
            known.run = Some(store.create_run(&planned.new_run(&options, false))?);
        }
        let Some(run) = &known.run else { return Ok(()) };
        store.hold_to(run);
        let facts = &record.facts;
        let written = match known.worlds.get(&unit.world) {
            None => store.write_unit(run.no, facts, self.keep)?,
            Some(stored) if stored.arms.len() < facts.arms.len() => {
                store.add_arm_unit(run.no, facts, self.keep)?
            }
            Some(_) => Written::AlreadyThere,
        };
        if written == Written::Stored {
            known.written += 1;
            known.events += facts.events;
        }
        Ok(())
    }

    /// The unit that a record is about, with the names of its arms, if it is one of this plan.
    fn accept(&self, record: &mut Record) -> Result<Unit, String> {
        let number = record.number;
        let unit = self.worlds.unit(number);
        let unit =
            unit.ok_or_else(|| format!("it is unit {number} of a plan with {} units", self.units()))?;
        let (plan, facts) = (self.worlds.variant(unit.variant), &mut record.facts);
        if facts.world != unit.world || facts.shoppers != plan.scenario.shoppers.count {
            return Err(format!("unit {number} is another world than it says"));
        }
        if facts.arms.len() != plan.arms.len() {
            let (found, expected) = (facts.arms.len(), plan.arms.len());
            return Err(format!("unit {number} has {found} arms, but the plan has {expected}"));
        }
        for (facts, arm) in facts.arms.iter_mut().zip(&plan.arms) {
            facts.arm.clone_from(&arm.name);
        }
        Ok(unit)
    }
}

/// Reads a part to its end. Once it was cancelled nothing more is asked for.
fn each_unit(
    plan: &LoadedPlan,
    path: &Path,
    cancel: &AtomicBool,
    mut take: impl FnMut(Record, Unit) -> Answered<()>,
) -> Answered<()> {
    let at = |error: PartError| refused(path, &error);
    let file = open(path)?;
    let mut reader = Reader::begin(BufReader::new(file), plan.hash()).map_err(at)?;
    while !cancel.load(Ordering::Relaxed)
        && let Some(mut record) = reader.next_unit().map_err(at)?
    {
        let unit = plan.accept(&mut record).map_err(|why| {
            let message = format!("The partial results do not fit the plan: {why}.");
            ApiError::new(ErrorCode::InvalidInput, message)
                .at(place(path, record.place))
                .hint("simulate these units again: counterfoil shard")
        })?;
        take(record, unit)?;
    }
    Ok(())
}

fn changed(path: &Path) -> ApiError {
    ApiError::new(ErrorCode::InvalidInput, "The partial results were changed while they were read.")
        .at(path.display().to_string())
        .hint("merge again when nobody writes to them")
}

fn place(path: &Path, record: u32) -> String {
    format!("{}, record {record}", path.display())
}

/// A regular file: parts are read twice.
fn open(path: &Path) -> Answered<File> {
    let failed = |error: std::io::Error| {
        let missing = error.kind() == std::io::ErrorKind::NotFound;
        let code = if missing { ErrorCode::NotFound } else { ErrorCode::Environment };
        ApiError::new(code, format!("The partial results cannot be read: {error}."))
            .at(path.display().to_string())
            .hint("`counterfoil shard plan.json --units 1..8 --out 1.part` writes some")
    };
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(ApiError::new(
            ErrorCode::InvalidInput,
            "Partial results are read from regular files only.",
        )
        .at(path.display().to_string())
        .hint("they are read twice; save them to a file first"));
    }
    File::open(path).map_err(failed)
}

fn refused(path: &Path, error: &PartError) -> ApiError {
    let hint = match error {
        PartError::NotAPart => "`counterfoil shard plan.json --units 1..8 --out 1.part` writes some",
        PartError::OtherFormat { .. } | PartError::OtherTotals => {
            "use one version for plan, shards and merge"
        }
        PartError::OtherPlan { .. } => "name the plan that it was made for, or simulate its units again",
        PartError::CutOff { .. } | PartError::Altered { .. } => {
            "copy the file again, or simulate its units again; nothing was written"
        }
        PartError::Io(_) => "check the disk; nothing was written",
    };
    let code = match error {
        PartError::Io(_) => ErrorCode::Environment,
        PartError::OtherFormat { .. } | PartError::OtherTotals => ErrorCode::Version,
        _ => ErrorCode::InvalidInput,
    };
    ApiError::new(code, format!("The partial results cannot be used: {error}."))
        .at(path.display().to_string())
        .hint(hint)
}

/// Whether the arms that are stored came out as they do here: everything that happened, and every number that is shown.
fn same_results(stored: &UnitSummary, facts: &UnitFacts) -> bool {
    let same = |stored: &ArmSummary, facts: &ArmFacts| {
        (stored.digest, stored.orders_digest) == (facts.digest, facts.orders_digest)
            && stored.totals == facts.totals
            && (&stored.daily, &stored.truth) == (&facts.daily, &facts.truth)
            && stored.probe_weeks == facts.probe_weeks
    };
    let found = |stored: &ArmSummary| facts.arms.iter().find(|arm| arm.arm == stored.arm);
    stored.shoppers == facts.shoppers
        && stored.arms.iter().all(|arm| found(arm).is_some_and(|facts| same(arm, facts)))
}
