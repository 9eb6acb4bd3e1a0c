//! Stored runs as people list them: summaries, the list as a document, deleting and bringing back.

use counterfoil_core::number::{bytes, count, counted, seconds};
use counterfoil_results::{default_pair, display_of};
use counterfoil_store::{Mode, PurgePlan, Purged, RunNo, Status, Store, StoreError, StoredRun};

use crate::api::Api;
use crate::document::{FORMAT, ListedRun, ListedStore, RunsDocument};
use crate::dto::{ApiError, Choice, Emptied, ErrorCode, Guess, RunStatus, RunSummary, RunWords, Trash};
use crate::error::Answered;
use crate::machine;
use crate::performance::Performance;

/// Longest name of a run.
const NAME_CHARS_MAX: usize = 60;
/// Longest note on a run.
const NOTE_CHARS_MAX: usize = 2_000;

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
        name: run.name.clone(),
        note: run.note.clone(),
        words: words_of(run, complete),
        stored_worlds: (1..=run.units_done).map(|world| format!("World {world}")).collect(),
        choices: run.arms.iter().map(|arm| choice(&arm.name)).collect(),
        pair: default_pair(&run.arms.iter().map(|arm| arm.name.as_str()).collect::<Vec<_>>()),
    }
}

fn choice(arm: &str) -> Choice {
    Choice { value: arm.to_owned(), label: display_of(arm).to_owned() }
}

/// The figures of a run as people read them.
fn words_of(run: &StoredRun, complete: bool) -> RunWords {
    let (worlds, days) = (counted(u64::from(run.worlds), "world"), counted(u64::from(run.days), "day"));
    let (shoppers, time) = (count(run.shoppers), seconds(run.seconds.unwrap_or(0.0)));
    let short = |hash: &str| hash.get(..8).unwrap_or(hash).to_owned();
    let part = format!("{} of {}", count(run.units_done), count(run.worlds));
    let (scenario, engine) = (&run.scenario_hash, &run.engine_version);
    let mut facts =
        vec![worlds.clone(), days, format!("seed {}", run.seed), format!("scenario {}", short(scenario))];
    facts.extend(run.result_hash.as_deref().map(|hash| format!("result {}", short(hash))));
    facts.extend([format!("engine {engine}"), time.clone()]);
    RunWords {
        worlds: if complete { count(run.worlds) } else { part.clone() },
        days: count(run.days),
        seed: run.seed.to_string(),
        size: if complete {
            format!("{worlds} · {} · {time}", counted(u64::from(run.shoppers), "shopper"))
        } else {
            format!("{part} worlds")
        },
        basis: if complete {
            format!("same {shoppers} shoppers in every arm")
        } else {
            format!("partial: {part} worlds")
        },
        stamp: vec![
            format!("run {}", run.id),
            format!("scenario {} {scenario}", run.scenario),
            format!("seed {}", run.seed),
            format!("shoppers {}", run.shoppers),
            format!("worlds {}", run.worlds),
            format!("days {}", run.days),
            format!("engine {engine}"),
            format!("result {}", run.result_hash.as_deref().unwrap_or("partial")),
        ],
        counted: worlds,
        shoppers,
        seconds: time,
        facts,
    }
}

/// What the bin says before it is emptied.
fn bin_words(plan: &PurgePlan) -> Option<String> {
    let runs = match plan.runs {
        0 => return None,
        1 => "1 deleted run takes".to_owned(),
        many => format!("{} deleted runs take", count(many)),
    };
    let room = plan.needs_bytes.map_or_else(String::new, |needed| {
        format!(" The file is written anew once for that, which needs {} free.", bytes(needed))
    });
    Some(format!("{runs} space until removed for good.{room}"))
}

impl Api {
    /// The run with this id, with an id that begins so, or the newest (`latest`).
    pub(crate) fn stored(&self, run: &str) -> Answered<StoredRun> {
        Ok(self.store()?.find_run(run)?)
    }

    /// All runs, newest first; none where no store was made yet, unless it was named and is not there.
    pub(crate) fn stored_runs(&self) -> Answered<Vec<StoredRun>> {
        self.store_if_any()?.map_or(Ok(Vec::new()), |store| Ok(store.runs()?))
    }

    /// The store, for reading; `None` where nothing was stored so far: no file, or one that a run had just begun to make.
    /// A store that somebody named and that is not there is an error instead.
    fn store_if_any(&self) -> Answered<Option<Store>> {
        let places = self.places();
        match Store::open(&places.store, Mode::ReadOnly) {
            Err(StoreError::Missing { .. }) if !places.store_named || places.store.exists() => Ok(None),
            opened => Ok(Some(opened?)),
        }
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

    /// Deleted runs that can be brought back, newest first.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::Store`].
    pub fn list_deleted(&self) -> Result<Vec<RunSummary>, ApiError> {
        let deleted = self.store_if_any()?.map_or(Ok(Vec::new()), |store| store.deleted_runs())?;
        Ok(deleted.iter().map(summary_of).collect())
    }

    /// The document of `runs --json`, or that of the runs which are deleted and can be brought back.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::Store`].
    pub fn runs_document(&self, deleted: bool) -> Result<RunsDocument, ApiError> {
        let path = self.places().store.display().to_string();
        let Some(store) = self.store_if_any()? else {
            return Ok(RunsDocument {
                format: FORMAT,
                store: ListedStore { path, bytes: 0 },
                runs: Vec::new(),
            });
        };
        let runs = if deleted { store.deleted_runs()? } else { store.runs()? };
        let listed = |run: &StoredRun| {
            let performance = store.run_record(run.no)?.performance.unwrap_or_default();
            let figures: Performance = serde_json::from_str(&performance).unwrap_or_default();
            Ok(ListedRun::of(run, figures.stored_bytes, deleted))
        };
        let runs = runs.iter().map(listed).collect::<Answered<Vec<_>>>()?;
        Ok(RunsDocument { format: FORMAT, store: ListedStore { path, bytes: store.bytes() }, runs })
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

    /// Brings back a deleted run: the one that this handle deleted under this name, else the one with this id, with an id
    /// that begins so, or the newest (`latest`).
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::NotFound`] if no deleted run is called so, [`crate::dto::ErrorCode::InvalidInput`] if several
    /// are.
    pub fn undelete_run(&self, run: &str) -> Result<RunSummary, ApiError> {
        let remembered = self.deleted(run);
        let mut store = self.writer()?;
        let no = match remembered {
            Some(no) => no,
            None => find_deleted(&store.deleted_runs()?, run)?,
        };
        store.undelete_run(no)?;
        Ok(summary_of(&store.run(no)?))
    }

    /// What [`Api::purge_deleted`] would do now.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::Store`].
    pub fn purge_plan(&self) -> Result<PurgePlan, ApiError> {
        Ok(self.store()?.purge_plan()?)
    }

    /// Removes all deleted runs for good and gives their space back.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::Environment`] where the disk or another process is in the way: an older file is written anew
    /// once, for which [`PurgePlan::needs_bytes`] must be free.
    pub fn purge_deleted(&self) -> Result<Purged, ApiError> {
        let mut store = self.writer()?;
        let free = machine::free_disk(&self.places().store);
        if let Some((needed, free)) = too_little(store.purge_plan()?.needs_bytes, free) {
            let message = format!(
                "The disk has {free} free bytes, but {needed} are needed to write the file anew once."
            );
            return Err(ApiError::new(ErrorCode::Environment, message)
                .at(self.places().store.display().to_string())
                .hint(
                    "Nothing was removed. Make room, or copy the store to a larger disk and purge it there.",
                ));
        }
        Ok(store.purge_deleted()?)
    }

    /// [`Api::purge_plan`] for the window.
    ///
    /// # Errors
    /// As there.
    pub fn trash(&self) -> Result<Trash, ApiError> {
        let plan = self.purge_plan()?;
        Ok(Trash { runs: plan.runs, needs_bytes: plan.needs_bytes, words: bin_words(&plan) })
    }

    /// [`Api::purge_deleted`] for the window.
    ///
    /// # Errors
    /// As there.
    pub fn empty_trash(&self) -> Result<Emptied, ApiError> {
        let purged = self.purge_deleted()?;
        let words = format!("Removed for good. The store is {} smaller.", bytes(purged.freed_bytes));
        Ok(Emptied { runs: purged.runs, freed_bytes: purged.freed_bytes, words })
    }

    /// Gives a run a name and a note of a person's choice; `None` leaves what there is, an empty text takes it away.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::NotFound`]; [`crate::dto::ErrorCode::InvalidInput`] for a text that is too long.
    pub fn note_run(
        &self,
        run: &str,
        name: Option<&str>,
        note: Option<&str>,
    ) -> Result<RunSummary, ApiError> {
        for (what, text, most) in [("name", name, NAME_CHARS_MAX), ("note", note, NOTE_CHARS_MAX)] {
            let chars = text.map_or(0, |text| text.chars().count());
            if chars > most {
                let message = format!("The {what} has {chars} characters, but at most {most} are allowed.");
                return Err(ApiError::new(ErrorCode::InvalidInput, message));
            }
        }
        let mut store = self.writer()?;
        let no = store.find_run(run)?.no;
        if let Some(name) = name {
            store.set_name(no, name)?;
        }
        if let Some(note) = note {
            store.set_note(no, note)?;
        }
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

/// What is needed and what is free, where that is known and not enough.
fn too_little(needed: Option<u64>, free: Option<u64>) -> Option<(u64, u64)> {
    needed.zip(free).filter(|(needed, free)| free < needed)
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

#[cfg(test)]
mod tests {
    use super::too_little;

    #[test]
    fn a_disk_is_too_small_only_where_both_are_known() {
        assert_eq!(too_little(Some(10), Some(9)), Some((10, 9)));
        assert_eq!(too_little(Some(10), Some(10)), None);
        assert_eq!(too_little(None, Some(0)), None);
        assert_eq!(too_little(Some(10), None), None);
    }
}
