//! Changing runs: creating, finishing, adding arms, naming, covering, deleting and bringing back.

use crate::digests;
use crate::error::StoreError;
use crate::model::{ArmRow, Finish, NewRun, PolicyRow, RunNo, StoredRun};
use crate::open::Store;
use rusqlite::{OptionalExtension, Transaction, named_params, params};

impl Store {
    /// Stores a run that has no units yet, under a new random id.
    ///
    /// # Errors
    /// [`StoreError::OpenedReadOnly`], [`StoreError::Locked`], [`StoreError::Disk`].
    pub fn create_run(&mut self, run: &NewRun) -> Result<StoredRun, StoreError> {
        let no = self.change(|transaction| insert_run(transaction, run))?;
        self.run(no)
    }

    /// Closes a run of which every world is stored for every arm.
    ///
    /// # Errors
    /// [`StoreError::Unfinished`] while worlds are missing.
    pub fn finish_run(&mut self, run: RunNo, finish: &Finish) -> Result<(), StoreError> {
        self.still_there()?;
        let stored = self.run(run)?;
        if stored.units_done < stored.worlds {
            let (found, expected) = (stored.units_done, stored.worlds);
            return Err(StoreError::Unfinished { run: stored.id, found, expected });
        }
        self.close_run(run, finish)
    }

    /// The same without a look at its worlds: for a run whose worlds were compared one by one and forgotten.
    ///
    /// # Errors
    /// [`StoreError::OpenedReadOnly`], [`StoreError::Locked`].
    pub fn close_run(&mut self, run: RunNo, finish: &Finish) -> Result<(), StoreError> {
        self.change(|transaction| {
            transaction.execute(
                "UPDATE runs SET status = 'complete', result_hash = ?, seconds = coalesce(seconds, 0) + ?, performance = ?
                 WHERE run_no = ?",
                params![finish.result_hash, finish.seconds, finish.performance, run.0],
            )?;
            digests::write_run(transaction, run)
        })
    }

    /// Adds the wall seconds of a sitting that ended before the run did.
    ///
    /// # Errors
    /// [`StoreError::OpenedReadOnly`], [`StoreError::Locked`].
    pub fn add_seconds(&mut self, run: RunNo, seconds: f64) -> Result<(), StoreError> {
        self.set(run, "UPDATE runs SET seconds = coalesce(seconds, 0) + ?1 WHERE run_no = ?2", seconds)
    }

    /// Adds arms to a run, which is partial again until [`Store::add_arm_unit`] brought them for every world.
    ///
    /// Policies whose name is known keep their text. Returns the run as it is now.
    ///
    /// # Errors
    /// [`StoreError::ArmExists`], also if another process added it a moment ago; [`StoreError::Unfinished`] for a run that
    /// is not complete, [`StoreError::ArmUnderway`] because another process adds an arm. Nothing was added then.
    pub fn add_arms(
        &mut self,
        run: RunNo,
        arms: &[ArmRow],
        policies: &[PolicyRow],
    ) -> Result<StoredRun, StoreError> {
        match self.change(|transaction| insert_more_arms(transaction, run, arms, policies))? {
            Some(Refused::Exists(name)) => Err(StoreError::ArmExists { name }),
            Some(Refused::Unfinished) => {
                let stored = self.run(run)?;
                Err(self.unfinished(&stored)?)
            }
            None => self.run(run),
        }
    }

    /// Why a run that is not complete takes no arm: worlds are missing, or those of another arm.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Locked`].
    pub fn unfinished(&self, run: &StoredRun) -> Result<StoreError, StoreError> {
        let whole = self.worlds_stored(run.no)?.len() == run.worlds as usize;
        let (found, expected, run) = (run.units_done, run.worlds, run.id.clone());
        Ok(if whole && found < expected {
            StoreError::ArmUnderway { run, found, expected }
        } else {
            StoreError::Unfinished { run, found, expected }
        })
    }

    /// Replaces how the run was asked for (JSON), after an arm was added.
    ///
    /// # Errors
    /// [`StoreError::OpenedReadOnly`], [`StoreError::Locked`].
    pub fn set_command(&mut self, run: RunNo, command: &str) -> Result<(), StoreError> {
        self.set(run, "UPDATE runs SET command = ?1 WHERE run_no = ?2", command)
    }

    /// Gives a run a name of a person's choice, in place of one it had; empty takes it away.
    ///
    /// # Errors
    /// [`StoreError::NoSuchRun`], [`StoreError::OpenedReadOnly`], [`StoreError::Locked`].
    pub fn set_name(&mut self, run: RunNo, name: &str) -> Result<(), StoreError> {
        self.set(run, "UPDATE runs SET name = ?1 WHERE run_no = ?2", name)
    }

    /// Notes something about a run, in place of an earlier note; empty takes it away.
    ///
    /// # Errors
    /// [`StoreError::NoSuchRun`], [`StoreError::OpenedReadOnly`], [`StoreError::Locked`].
    pub fn set_note(&mut self, run: RunNo, note: &str) -> Result<(), StoreError> {
        self.set(run, "UPDATE runs SET note = ?1 WHERE run_no = ?2", note)
    }

    /// Stores what a person expected before looking (JSON) and uncovers the run.
    ///
    /// # Errors
    /// [`StoreError::GuessExists`]: the first guess counts.
    pub fn store_guess(&mut self, run: RunNo, guess: &str) -> Result<(), StoreError> {
        let stored = self.run(run)?;
        let changed = self.change(|transaction| {
            transaction.execute(
                "UPDATE runs SET guess = ?, covered = 0 WHERE run_no = ? AND guess IS NULL",
                params![guess, run.0],
            )
        })?;
        if changed == 0 { Err(StoreError::GuessExists { run: stored.id }) } else { Ok(()) }
    }

    /// Hides a run; [`Store::undelete_run`] brings it back until [`Store::purge_deleted`].
    ///
    /// # Errors
    /// [`StoreError::NoSuchRun`].
    pub fn delete_run(&mut self, run: RunNo) -> Result<(), StoreError> {
        self.set(run, "UPDATE runs SET deleted = ?1 WHERE run_no = ?2", true)
    }

    /// Brings a deleted run back, with everything it had.
    ///
    /// # Errors
    /// [`StoreError::NoSuchRun`] after it was purged.
    pub fn undelete_run(&mut self, run: RunNo) -> Result<(), StoreError> {
        self.set(run, "UPDATE runs SET deleted = ?1 WHERE run_no = ?2", false)
    }

    /// Sets one value of a run that no result depends on.
    fn set(&mut self, run: RunNo, sql: &str, value: impl rusqlite::ToSql) -> Result<(), StoreError> {
        let changed = self.change(|transaction| transaction.execute(sql, params![value, run.0]))?;
        if changed == 0 {
            return Err(StoreError::NoSuchRun { file: self.path.clone(), wanted: run.to_string() });
        }
        Ok(())
    }
}

fn insert_run(transaction: &Transaction<'_>, run: &NewRun) -> rusqlite::Result<RunNo> {
    transaction.execute(
        "INSERT INTO runs (id, created_at, status, sample, deterministic, engine_version, scenario, title, scenario_text,
           scenario_hash, command, currency, currency_decimals, seed, worlds, shoppers, days, first_day_from_epoch,
           horizon_start_day, keep, visits_kept_ppm, covered, question)
         VALUES (lower(hex(randomblob(6))), :created_at, 'partial', :sample, :deterministic, :engine_version, :scenario,
           :title, :scenario_text, :scenario_hash, :command, :currency, :currency_decimals, :seed, :worlds, :shoppers,
           :days, :first_day, :horizon_start, :keep, :kept, :covered, :question)",
        named_params! {
            ":created_at": run.created_at, ":sample": run.sample, ":deterministic": run.deterministic,
            ":engine_version": run.engine_version, ":scenario": run.scenario, ":title": run.title,
            ":scenario_text": run.scenario_text, ":scenario_hash": run.scenario_hash, ":command": run.command,
            ":currency": run.currency, ":currency_decimals": run.currency_decimals, ":seed": run.seed as i64,
            ":worlds": run.worlds, ":shoppers": run.shoppers, ":days": run.days,
            ":first_day": run.first_day_from_epoch, ":horizon_start": run.horizon_start_day,
            ":keep": run.keep.name(), ":kept": run.visits_kept_ppm, ":covered": run.covered, ":question": run.question,
        },
    )?;
    let no = RunNo(transaction.last_insert_rowid());
    insert_policies(transaction, no, &run.policies)?;
    insert_arms(transaction, no, 0, &run.arms)?;
    for (number, name) in run.treatments.iter().enumerate() {
        transaction.execute("INSERT INTO treatments VALUES (?, ?, ?)", params![no.0, number as i64, name])?;
    }
    for (number, name) in run.categories.iter().enumerate() {
        transaction.execute("INSERT INTO categories VALUES (?, ?, ?)", params![no.0, number as i64, name])?;
    }
    digests::write_run(transaction, no)?;
    Ok(no)
}

fn insert_policies(
    transaction: &Transaction<'_>,
    run: RunNo,
    policies: &[PolicyRow],
) -> rusqlite::Result<()> {
    for policy in policies {
        transaction.execute(
            "INSERT INTO policies (run_no, name, text, hash) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            params![run.0, policy.name, policy.text, policy.hash],
        )?;
    }
    Ok(())
}

fn insert_arms(
    transaction: &Transaction<'_>,
    run: RunNo,
    first: usize,
    arms: &[ArmRow],
) -> rusqlite::Result<()> {
    for (number, arm) in arms.iter().enumerate() {
        transaction.execute(
            "INSERT INTO arms (run_no, arm_no, name, policy) VALUES (?, ?, ?, ?)",
            params![run.0, (first + number) as i64, arm.name, arm.policy],
        )?;
    }
    Ok(())
}

/// Why no arm was added.
enum Refused {
    /// There is one of this name.
    Exists(String),
    /// The run is not complete.
    Unfinished,
}

/// Adds arms and says that the run is unfinished; or answers why not.
fn insert_more_arms(
    transaction: &Transaction<'_>,
    run: RunNo,
    arms: &[ArmRow],
    policies: &[PolicyRow],
) -> rusqlite::Result<Option<Refused>> {
    let mut known = transaction.prepare_cached("SELECT 1 FROM arms WHERE run_no = ? AND name = ?")?;
    for arm in arms {
        if known.query_row(params![run.0, arm.name], |_| Ok(())).optional()?.is_some() {
            return Ok(Some(Refused::Exists(arm.name.clone())));
        }
    }
    let complete: bool =
        transaction
            .query_row("SELECT status = 'complete' FROM runs WHERE run_no = ?", [run.0], |row| row.get(0))?;
    if !complete {
        return Ok(Some(Refused::Unfinished));
    }
    let first: i64 = transaction.query_row(
        "SELECT coalesce(max(arm_no) + 1, 0) FROM arms WHERE run_no = ?",
        [run.0],
        |row| row.get(0),
    )?;
    insert_policies(transaction, run, policies)?;
    insert_arms(transaction, run, first as usize, arms)?;
    transaction
        .execute("UPDATE runs SET status = 'partial', result_hash = NULL WHERE run_no = ?", [run.0])?;
    digests::write_run(transaction, run)?;
    Ok(None)
}
