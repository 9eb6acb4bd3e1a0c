//! Stored runs as people list them: summaries, the list as a document, deleting and bringing back.

use counterfoil_store::{RunNo, Status, StoreError, StoredRun};

use crate::api::Api;
use crate::document::{FORMAT, ListedRun, ListedStore, RunsDocument};
use crate::dto::{ApiError, ErrorCode, Guess, RunStatus, RunSummary};
use crate::error::Answered;
use crate::performance::Performance;

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
        Ok(self.store().find_run(run)?)
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
        Ok(self.store().runs()?.iter().map(summary_of).collect())
    }

    /// Deleted runs that can be brought back, newest first.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::Store`].
    pub fn list_deleted(&self) -> Result<Vec<RunSummary>, ApiError> {
        Ok(self.store().deleted_runs()?.iter().map(summary_of).collect())
    }

    /// The document of `runs --json`, or that of the runs which are deleted and can be brought back.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::Store`].
    pub fn runs_document(&self, deleted: bool) -> Result<RunsDocument, ApiError> {
        let store = self.store();
        let runs = if deleted { store.deleted_runs()? } else { store.runs()? };
        let listed = |run: &StoredRun| {
            let performance = store.run_record(run.no)?.performance.unwrap_or_default();
            let figures: Performance = serde_json::from_str(&performance).unwrap_or_default();
            Ok(ListedRun::of(run, figures.stored_bytes, deleted))
        };
        let runs = runs.iter().map(listed).collect::<Answered<Vec<_>>>()?;
        let path = self.places().store.display().to_string();
        Ok(RunsDocument { format: FORMAT, store: ListedStore { path, bytes: store.bytes() }, runs })
    }

    /// Hides a run; [`Api::undelete_run`] brings it back.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::NotFound`].
    pub fn delete_run(&self, run: &str) -> Result<(), ApiError> {
        let mut store = self.store();
        let found = store.find_run(run)?;
        store.delete_run(found.no)?;
        self.remember_deleted(run, found.no);
        self.remember_deleted(&found.id, found.no);
        Ok(())
    }

    /// Brings back a deleted run: the one that this handle deleted under this name, else the one with this id, with an id
    /// that begins so, or the newest (`latest`).
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::NotFound`] if no deleted run is called so, [`crate::dto::ErrorCode::InvalidInput`] if several
    /// are.
    pub fn undelete_run(&self, run: &str) -> Result<RunSummary, ApiError> {
        let remembered = self.deleted(run);
        let mut store = self.store();
        let no = match remembered {
            Some(no) => no,
            None => find_deleted(&store.deleted_runs()?, run)?,
        };
        store.undelete_run(no)?;
        Ok(summary_of(&store.run(no)?))
    }

    /// Removes all deleted runs for good; how many went.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::Environment`] where the disk or another process is in the way.
    pub fn purge_deleted(&self) -> Result<usize, ApiError> {
        Ok(self.store().purge_deleted()?)
    }

    /// Stores what a person expected before looking, and uncovers the run.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::InvalidInput`] for a second guess, an arm that the run does not have, or a sureness
    /// outside 1 to 5.
    pub fn store_guess(&self, run: &str, guess: &Guess) -> Result<(), ApiError> {
        let mut store = self.store();
        let stored = store.find_run(run)?;
        if !stored.arms.iter().any(|arm| arm.name == guess.arm) {
            let arms: Vec<&str> = stored.arms.iter().map(|arm| arm.name.as_str()).collect();
            let message = format!("The run has no arm `{}`; it has {}.", guess.arm, arms.join(", "));
            return Err(ApiError::new(ErrorCode::InvalidInput, message).at(format!("run {}", stored.id)));
        }
        if !(1..=5).contains(&guess.sure) {
            let message = format!("Sureness is {}, but 1 (a coin) to 5 (certain) is allowed.", guess.sure);
            return Err(ApiError::new(ErrorCode::InvalidInput, message));
        }
        let text = serde_json::to_string(guess).map_err(|error| ApiError::defect(error.to_string()))?;
        Ok(store.store_guess(stored.no, &text)?)
    }
}

/// The deleted run that a name means, by the rule for runs that are not deleted.
fn find_deleted(deleted: &[StoredRun], wanted: &str) -> Answered<RunNo> {
    let begins = wanted.to_ascii_lowercase();
    let meant = |run: &&StoredRun| !begins.is_empty() && run.id.starts_with(&begins);
    let found: Vec<&StoredRun> = match wanted {
        "latest" => deleted.iter().take(1).collect(),
        _ => deleted.iter().filter(meant).collect(),
    };
    match found[..] {
        [one] => Ok(one.no),
        [] => Err(ApiError::new(ErrorCode::NotFound, format!("No deleted run is called `{wanted}`."))
            .hint("`counterfoil runs --deleted` lists those that can be brought back")),
        _ => {
            let candidates = found.into_iter().map(|run| run.id.clone()).collect();
            Err(StoreError::AmbiguousRun { wanted: wanted.to_owned(), candidates }.into())
        }
    }
}
