//! From the store to what `counterfoil-results` reads: the one way in.

use counterfoil_results::{ArmWorld, ComparisonPage, Facts, Guess, Run, RunArm, World};
use counterfoil_run::hash::orders_hash;
use counterfoil_store::{RunRecord, Store, StoredRun, UnitSummary};

use crate::api::{Api, VERSION};
use crate::dto::{ApiError, Comparison, ComparisonRequest, ErrorCode};
use crate::error::Answered;
use crate::planning::Planned;
use crate::texts;

impl Api {
    /// Everything that a comparison needs of a run.
    pub(crate) fn facts(&self, run: &str) -> Answered<Facts> {
        Ok(self.facts_and_performance(run)?.0)
    }

    /// The same with the stored speed figures, which are no part of any result.
    pub(crate) fn facts_and_performance(&self, run: &str) -> Answered<(Facts, Option<String>)> {
        let store = self.store()?;
        let found = store.find_run(run)?;
        of_run(&store, &found)
    }

    /// The comparison of a run that was made just now; also if somebody deleted it meanwhile.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] if it was purged.
    pub fn comparison_of_own(&self, id: &str) -> Result<Comparison, ApiError> {
        let (facts, _) = self.own_facts_and_performance(id)?;
        Ok(facts.comparison(&ComparisonRequest { run: id.to_owned(), reference: None, arm: None })?)
    }

    /// The same of a run that was made just now, deleted or not.
    pub(crate) fn own_facts_and_performance(&self, id: &str) -> Answered<(Facts, Option<String>)> {
        let store = self.store()?;
        let found = store.find_own_run(id)?;
        of_run(&store, &found)
    }

    /// The comparison of a run's arms, for whoever writes it down.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for a run or an arm that does not exist.
    pub fn comparison(&self, request: &ComparisonRequest) -> Result<Comparison, ApiError> {
        Ok(self.facts(&request.run)?.comparison(request)?)
    }

    /// Everything that *Compare* shows beside its figures, as finished text.
    ///
    /// # Errors
    /// As [`Api::comparison`].
    pub fn comparison_page(&self, request: &ComparisonRequest) -> Result<ComparisonPage, ApiError> {
        Ok(self.facts(&request.run)?.page(request)?)
    }

    /// The report of a run as HTML.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for a run that does not exist; [`ErrorCode::InvalidInput`] while no world of it is stored.
    pub fn report_html(&self, run: &str) -> Result<String, ApiError> {
        Ok(self.facts(run)?.report(VERSION)?)
    }
}

/// What is stored of a run, as facts, and its speed figures, which are no part of any result.
fn of_run(store: &Store, found: &StoredRun) -> Answered<(Facts, Option<String>)> {
    let record = store.run_record(found.no)?;
    let mut units = store.load_summaries(record.run.no)?;
    units.retain(|unit| unit.arms.len() == record.run.arms.len());
    let facts = Facts {
        run: run_of(&record, &units),
        scenario: Planned::scenario_of(&record)?,
        texts: texts::stored(&record),
        worlds: units.into_iter().map(world).collect(),
        question: record.question.clone(),
        guess: guess_of(&record)?,
    };
    Ok((facts.checked()?, record.performance))
}

fn run_of(record: &RunRecord, units: &[UnitSummary]) -> Run {
    let run = &record.run;
    let arm = |(place, row): (usize, &counterfoil_store::ArmRow)| {
        let mut digests = Vec::new();
        for unit in units {
            digests.push((unit.world, unit.arms[place].orders_digest));
        }
        RunArm { name: row.name.clone(), policy: row.policy.clone(), orders_hash: orders_hash(&digests) }
    };
    Run {
        id: run.id.clone(),
        created_at: run.created_at.clone(),
        scenario: run.scenario.clone(),
        title: run.title.clone(),
        scenario_hash: run.scenario_hash.clone(),
        seed: run.seed,
        worlds: run.worlds,
        units_done: run.units_done,
        shoppers: run.shoppers,
        days: run.days,
        currency: run.currency.clone(),
        currency_decimals: run.currency_decimals,
        engine_version: run.engine_version.clone(),
        deterministic: run.deterministic,
        result_hash: run.result_hash.clone(),
        seconds: run.seconds,
        arms: run.arms.iter().enumerate().map(arm).collect(),
    }
}

fn world(unit: UnitSummary) -> World {
    let arm = |arm: counterfoil_store::ArmSummary| ArmWorld {
        arm: arm.arm,
        totals: arm.totals,
        daily: arm.daily,
        truth: arm.truth,
        probe_weeks: arm.probe_weeks,
    };
    World { world: unit.world, shoppers: unit.shoppers, arms: unit.arms.into_iter().map(arm).collect() }
}

fn guess_of(record: &RunRecord) -> Answered<Option<Guess>> {
    let Some(text) = &record.guess else { return Ok(None) };
    serde_json::from_str(text).map(Some).map_err(|error| {
        ApiError::new(ErrorCode::Store, format!("The stored guess cannot be read: {error}."))
            .at(format!("run {}", record.run.id))
    })
}
