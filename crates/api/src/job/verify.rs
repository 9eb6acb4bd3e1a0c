//! Simulating a stored run again, from the store alone, and comparing everything that statistics read.

use std::fmt::Debug;
use std::sync::atomic::AtomicBool;

use counterfoil_core::facts::{ArmFacts, Totals, UnitFacts};
use counterfoil_run::parallel::run_worlds;
use counterfoil_store::{ArmSummary, UnitSummary};

use super::same_version;
use super::sitting::{Sitting, result_hash};
use crate::api::{Api, threads};
use crate::dto::ApiError;
use crate::error::Answered;
use crate::planning::Planned;
use crate::progress::Told;

/// What came out of simulating a stored run again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Id of the run.
    pub run: String,
    /// Worlds that were simulated again and compared.
    pub worlds: u32,
    /// Arms of each.
    pub arms: u32,
    /// Where store and simulation differ; empty: the run is what it says.
    pub differences: Vec<DigestDifference>,
    /// Whether it was cancelled before all worlds were compared.
    pub cancelled: bool,
}

/// One place where the store and a new simulation differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DigestDifference {
    /// World, from 0; `None` where the run as a whole is meant.
    pub world: Option<u32>,
    /// Arm; empty where the run as a whole is meant.
    pub arm: String,
    /// What differs: `digest`, `orders digest`, `totals.orders`, `result hash`.
    pub what: String,
    /// As stored.
    pub stored: String,
    /// As simulated now.
    pub found: String,
}

impl Api {
    /// Simulates every stored world again from the stored texts and compares digests, totals, daily facts and truth.
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
        let record = self.record(run)?;
        same_version(&record)?;
        let planned = Planned::from_store(&record)?;
        let units = self.store().load_summaries(record.run.no)?;
        let mut differences = texts(&record, &planned);
        let complete = record.run.result_hash.as_ref();
        if let Some(stored) = complete {
            let found = result_hash(&units);
            push(&mut differences, (None, ""), "result hash", stored, &found);
        }
        let sitting = Sitting::begin(threads_wanted.unwrap_or_else(threads));
        let worlds: Vec<u32> = units.iter().map(|unit| unit.world).collect();
        let meter = sitting.meter(&record.run, &planned, &worlds, on_progress);
        let arms: Vec<String> = planned.plan.arms.iter().map(|arm| arm.name.clone()).collect();
        let mut compared = 0;
        let sink = |unit: UnitFacts| -> Answered<()> {
            if let Some(stored) = units.iter().find(|stored| stored.world == unit.world) {
                compare(stored, &unit, &mut differences);
            }
            compared += 1;
            meter.world_done(unit.world);
            Ok(())
        };
        let tick = |tick: &counterfoil_run::unit::Tick<'_>| meter.tick(tick, &arms);
        run_worlds(&planned.plan, &worlds, sitting.threads(), (None, cancel), &tick, sink)?;
        differences.sort();
        let (run, arms) = (record.run.id, arms.len() as u32);
        Ok(Verification {
            run,
            worlds: compared,
            arms,
            differences,
            cancelled: (compared as usize) < worlds.len(),
        })
    }
}

/// The stored texts against their stored digests.
fn texts(record: &counterfoil_store::RunRecord, planned: &Planned) -> Vec<DigestDifference> {
    let mut differences = Vec::new();
    push(&mut differences, (None, ""), "scenario hash", &record.run.scenario_hash, &planned.scenario_hash);
    for policy in &record.policies {
        let again = planned.policies.iter().find(|again| again.name == policy.name);
        let found = again.map_or("nothing", |again| &again.hash);
        let what = format!("hash of policy {}", policy.name);
        push(&mut differences, (None, ""), &what, &policy.hash.as_str(), &found);
    }
    differences
}

fn push<T: Debug + PartialEq>(
    differences: &mut Vec<DigestDifference>,
    (world, arm): (Option<u32>, &str),
    what: &str,
    stored: &T,
    found: &T,
) {
    if stored != found {
        let text = |value: &T| format!("{value:?}").trim_matches('"').to_owned();
        let (arm, what) = (arm.to_owned(), what.to_owned());
        differences.push(DigestDifference { world, arm, what, stored: text(stored), found: text(found) });
    }
}

fn compare(stored: &UnitSummary, found: &UnitFacts, differences: &mut Vec<DigestDifference>) {
    for arm in &stored.arms {
        let at = (Some(stored.world), arm.arm.as_str());
        match found.arms.iter().find(|other| other.arm == arm.arm) {
            Some(other) => compare_arm(at, arm, other, differences),
            None => push(differences, at, "arm", &arm.arm, &"nothing".to_owned()),
        }
    }
}

fn compare_arm(
    at: (Option<u32>, &str),
    stored: &ArmSummary,
    found: &ArmFacts,
    differences: &mut Vec<DigestDifference>,
) {
    push(differences, at, "digest", &stored.digest.to_hex(), &found.digest.to_hex());
    push(differences, at, "orders digest", &stored.orders_digest.to_hex(), &found.orders_digest.to_hex());
    let values = stored.totals.values().into_iter().zip(found.totals.values());
    for (name, (stored, found)) in Totals::NAMES.iter().zip(values) {
        push(differences, at, &format!("totals.{name}"), &stored, &found);
    }
    for (day, (stored, found)) in stored.daily.iter().zip(&found.daily).enumerate() {
        push(differences, at, &format!("daily facts of day {}", day + 1), stored, found);
    }
    push(differences, at, "number of days", &stored.daily.len(), &found.daily.len());
    push(differences, at, "truth", &stored.truth, &found.truth);
    push(differences, at, "weeks of the probe", &stored.probe_weeks, &found.probe_weeks);
}
