//! Stored runs as people list them: summaries, the list as a document, deleting and bringing back.

use counterfoil_store::{Status, StoredRun};

use crate::api::Api;
use crate::document::{FORMAT, ListedRun, RunsDocument};
use crate::dto::{ApiError, Guess, RunStatus, RunSummary};
use crate::error::Answered;

/// What is shown of a stored run.
pub(crate) fn summary_of(run: &StoredRun) -> RunSummary {
    let complete = run.status == Status::Complete;
    RunSummary {
        id: run.id.clone(),
        scenario: run.scenario.clone(),
        title: run.title.clone(),
        status: if complete { RunStatus::Complete } else { RunStatus::Partial },
        units: run.worlds,
        units_done: run.units_done,
        result_hash: run.result_hash.clone(),
        created: run.created_at.get(..16).map(str::to_owned),
        seed: run.seed,
        scenario_hash: run.scenario_hash.clone(),
        shoppers: run.shoppers,
        worlds: run.worlds,
        days: run.days,
        arms: run.arms.iter().map(|arm| arm.name.clone()).collect(),
        currency: run.currency.clone(),
        version: run.engine_version.clone(),
        seconds: run.seconds.unwrap_or(0.0),
        sample: run.sample,
        covered: run.covered,
    }
}

impl Api {
    /// The run with this id, with an id that begins so, or the newest (`latest`).
    pub(crate) fn stored(&self, run: &str) -> Answered<StoredRun> {
        Ok(self.store()?.find_run(run)?)
    }

    /// All runs, newest first; none where no store was made yet, unless it was named and is not there.
    pub(crate) fn stored_runs(&self) -> Answered<Vec<StoredRun>> {
        if !self.places().store_named && !self.places().store.exists() {
            return Ok(Vec::new());
        }
        Ok(self.store()?.runs()?)
    }

    /// Summary of one run; `run` is an id, a unique beginning of one, or `latest`.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::NotFound`].
    pub fn summary(&self, run: &str) -> Result<RunSummary, ApiError> {
        Ok(summary_of(&self.stored(run)?))
    }

    /// All runs, newest first.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::Store`].
    pub fn list_runs(&self) -> Result<Vec<RunSummary>, ApiError> {
        Ok(self.stored_runs()?.iter().map(summary_of).collect())
    }

    /// The document of `runs --json`.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::Store`].
    pub fn runs_document(&self) -> Result<RunsDocument, ApiError> {
        let listed = |run: &StoredRun| ListedRun {
            id: run.id.clone(),
            scenario: run.scenario.clone(),
            status: run.status.name().to_owned(),
            units: run.worlds,
            units_done: run.units_done,
            result_hash: run.result_hash.clone(),
        };
        Ok(RunsDocument { format: FORMAT, runs: self.stored_runs()?.iter().map(listed).collect() })
    }

    /// Hides a run; [`Api::undelete_run`] brings it back.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::NotFound`].
    pub fn delete_run(&self, run: &str) -> Result<(), ApiError> {
        let mut store = self.writer()?;
        let found = store.find_run(run)?;
        store.delete_run(found.no)?;
        self.remember_deleted(run, found.no);
        self.remember_deleted(&found.id, found.no);
        Ok(())
    }

    /// Brings back a run that was deleted while this handle was open, by the id it was deleted with.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::NotFound`] if it was not.
    pub fn undelete_run(&self, run: &str) -> Result<RunSummary, ApiError> {
        let no = self.deleted(run)?;
        let mut store = self.writer()?;
        store.undelete_run(no)?;
        Ok(summary_of(&store.run(no)?))
    }

    /// Stores what a person expected before looking, and uncovers the run.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::InvalidInput`] for a second guess, an arm that the run does not have, or a sureness
    /// outside 1 to 5.
    pub fn store_guess(&self, run: &str, guess: &Guess) -> Result<(), ApiError> {
        let mut store = self.writer()?;
        let stored = store.find_run(run)?;
        if !stored.arms.iter().any(|arm| arm.name == guess.arm) {
            let arms: Vec<&str> = stored.arms.iter().map(|arm| arm.name.as_str()).collect();
            let message = format!("The run has no arm `{}`; it has {}.", guess.arm, arms.join(", "));
            return Err(
                ApiError::new(crate::dto::ErrorCode::InvalidInput, message).at(format!("run {}", stored.id))
            );
        }
        if !(1..=5).contains(&guess.sure) {
            let message = format!("Sureness is {}, but 1 (a coin) to 5 (certain) is allowed.", guess.sure);
            return Err(ApiError::new(crate::dto::ErrorCode::InvalidInput, message));
        }
        let text = serde_json::to_string(guess).map_err(|error| ApiError::defect(error.to_string()))?;
        Ok(store.store_guess(stored.no, &text)?)
    }
}
