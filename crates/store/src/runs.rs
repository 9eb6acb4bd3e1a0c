//! Runs as rows: creating, listing, finding, finishing, covering, deleting and bringing back.

use crate::error::{At, StoreError};
use crate::model::{ArmRow, Finish, Keep, NewRun, PolicyRow, RunNo, RunRecord, Status, StoredRun};
use crate::open::Store;
use rusqlite::{Connection, Row, Transaction, TransactionBehavior, named_params, params};

/// Columns of [`stored_run`]; a world counts as done when every arm of the run has it.
const STORED_RUN: &str =
    "SELECT run_no, id, created_at, status, worlds, shoppers, days, seed, scenario, title, scenario_hash,
    currency, currency_decimals, engine_version, keep, result_hash, seconds, sample, deterministic, covered,
    (SELECT count(*) FROM units u WHERE u.run_no = r.run_no AND
       (SELECT count(*) FROM arm_units a WHERE a.run_no = u.run_no AND a.world = u.world) =
       (SELECT count(*) FROM arms m WHERE m.run_no = u.run_no)) AS units_done
    FROM runs r";

impl Store {
    /// Stores a run that has no units yet, under a new random id.
    ///
    /// # Errors
    /// [`StoreError::OpenedReadOnly`], [`StoreError::Locked`], [`StoreError::Disk`].
    pub fn create_run(&mut self, run: &NewRun) -> Result<StoredRun, StoreError> {
        self.writable()?;
        let path = self.path.clone();
        let no = insert_run(&mut self.connection, run).at(&path)?;
        self.run(no)
    }

    /// All runs that are not deleted, newest first.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Locked`].
    pub fn runs(&self) -> Result<Vec<StoredRun>, StoreError> {
        list(&self.connection, "WHERE deleted = 0 ORDER BY run_no DESC", []).at(&self.path)
    }

    /// Runs that are deleted and not purged, newest first.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Locked`].
    pub fn deleted_runs(&self) -> Result<Vec<StoredRun>, StoreError> {
        list(&self.connection, "WHERE deleted = 1 ORDER BY run_no DESC", []).at(&self.path)
    }

    /// The run with this id, with an id that begins so, or the newest (`latest`).
    ///
    /// # Errors
    /// [`StoreError::NoSuchRun`]; [`StoreError::AmbiguousRun`] with the ids that begin so.
    pub fn find_run(&self, wanted: &str) -> Result<StoredRun, StoreError> {
        let mut found = if wanted == "latest" {
            list(&self.connection, "WHERE deleted = 0 ORDER BY run_no DESC LIMIT 1", [])
        } else {
            list(
                &self.connection,
                "WHERE deleted = 0 AND substr(id, 1, length(:wanted)) = :wanted AND :wanted <> '' ORDER BY run_no DESC",
                named_params! {":wanted": wanted.to_ascii_lowercase()},
            )
        }
        .at(&self.path)?;
        match found.len() {
            0 => Err(StoreError::NoSuchRun { file: self.path.clone(), wanted: wanted.to_owned() }),
            1 => Ok(found.remove(0)),
            _ => Err(StoreError::AmbiguousRun {
                wanted: wanted.to_owned(),
                candidates: found.into_iter().map(|run| run.id).collect(),
            }),
        }
    }

    /// One run by number, deleted or not.
    ///
    /// # Errors
    /// [`StoreError::NoSuchRun`] after it was purged.
    pub fn run(&self, run: RunNo) -> Result<StoredRun, StoreError> {
        list(&self.connection, "WHERE run_no = ?", [run.0])
            .at(&self.path)?
            .pop()
            .ok_or_else(|| StoreError::NoSuchRun { file: self.path.clone(), wanted: run.to_string() })
    }

    /// A run with its texts: enough to repeat it.
    ///
    /// # Errors
    /// [`StoreError::NoSuchRun`] after it was purged.
    pub fn run_record(&self, run: RunNo) -> Result<RunRecord, StoreError> {
        let stored = self.run(run)?;
        record(&self.connection, stored).at(&self.path)
    }

    /// Closes a run of which every world is stored for every arm.
    ///
    /// # Errors
    /// [`StoreError::Unfinished`] while worlds are missing.
    pub fn finish_run(&mut self, run: RunNo, finish: &Finish) -> Result<(), StoreError> {
        self.writable()?;
        let stored = self.run(run)?;
        if stored.units_done < stored.worlds {
            let (found, expected) = (stored.units_done, stored.worlds);
            return Err(StoreError::Unfinished { run: stored.id, found, expected });
        }
        self.connection
            .execute(
                "UPDATE runs SET status = 'complete', result_hash = ?, seconds = coalesce(seconds, 0) + ?, performance = ?
                 WHERE run_no = ?",
                params![finish.result_hash, finish.seconds, finish.performance, run.0],
            )
            .at(&self.path)?;
        Ok(())
    }

    /// Adds the wall seconds of a sitting that ended before the run did.
    ///
    /// # Errors
    /// [`StoreError::OpenedReadOnly`], [`StoreError::Locked`].
    pub fn add_seconds(&mut self, run: RunNo, seconds: f64) -> Result<(), StoreError> {
        self.writable()?;
        self.connection
            .execute(
                "UPDATE runs SET seconds = coalesce(seconds, 0) + ? WHERE run_no = ?",
                params![seconds, run.0],
            )
            .at(&self.path)?;
        Ok(())
    }

    /// Adds arms to a run, which is partial again until [`Store::add_arm_unit`] brought them for every world.
    ///
    /// Policies whose name is known keep their text. Returns the run as it is now.
    ///
    /// # Errors
    /// [`StoreError::ArmExists`]; nothing was added then.
    pub fn add_arms(
        &mut self,
        run: RunNo,
        arms: &[ArmRow],
        policies: &[PolicyRow],
    ) -> Result<StoredRun, StoreError> {
        self.writable()?;
        let known = self.run(run)?.arms;
        if let Some(arm) = arms.iter().find(|arm| known.iter().any(|k| k.name == arm.name)) {
            return Err(StoreError::ArmExists { name: arm.name.clone() });
        }
        let path = self.path.clone();
        insert_more_arms(&mut self.connection, run, known.len(), arms, policies).at(&path)?;
        self.run(run)
    }

    /// Replaces how the run was asked for (JSON), after an arm was added.
    ///
    /// # Errors
    /// [`StoreError::OpenedReadOnly`], [`StoreError::Locked`].
    pub fn set_command(&mut self, run: RunNo, command: &str) -> Result<(), StoreError> {
        self.writable()?;
        self.connection
            .execute("UPDATE runs SET command = ? WHERE run_no = ?", params![command, run.0])
            .at(&self.path)?;
        Ok(())
    }

    /// Stores what a person expected before looking (JSON) and uncovers the run.
    ///
    /// # Errors
    /// [`StoreError::GuessExists`]: the first guess counts.
    pub fn store_guess(&mut self, run: RunNo, guess: &str) -> Result<(), StoreError> {
        self.writable()?;
        let stored = self.run(run)?;
        let changed = self
            .connection
            .execute(
                "UPDATE runs SET guess = ?, covered = 0 WHERE run_no = ? AND guess IS NULL",
                params![guess, run.0],
            )
            .at(&self.path)?;
        if changed == 0 { Err(StoreError::GuessExists { run: stored.id }) } else { Ok(()) }
    }

    /// Hides a run; [`Store::undelete_run`] brings it back until [`Store::purge_deleted`].
    ///
    /// # Errors
    /// [`StoreError::NoSuchRun`].
    pub fn delete_run(&mut self, run: RunNo) -> Result<(), StoreError> {
        self.set_deleted(run, true)
    }

    /// Brings a deleted run back, with everything it had.
    ///
    /// # Errors
    /// [`StoreError::NoSuchRun`] after it was purged.
    pub fn undelete_run(&mut self, run: RunNo) -> Result<(), StoreError> {
        self.set_deleted(run, false)
    }

    fn set_deleted(&mut self, run: RunNo, deleted: bool) -> Result<(), StoreError> {
        self.writable()?;
        let changed = self
            .connection
            .execute("UPDATE runs SET deleted = ? WHERE run_no = ?", params![deleted, run.0])
            .at(&self.path)?;
        if changed == 0 {
            return Err(StoreError::NoSuchRun { file: self.path.clone(), wanted: run.to_string() });
        }
        Ok(())
    }

    /// Removes deleted runs for good; later runs use the space again. Returns how many went.
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::Disk`].
    pub fn purge_deleted(&mut self) -> Result<usize, StoreError> {
        self.writable()?;
        self.connection.execute("DELETE FROM runs WHERE deleted = 1", []).at(&self.path)
    }
}

fn insert_run(connection: &mut Connection, run: &NewRun) -> rusqlite::Result<RunNo> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute(
        "INSERT INTO runs (id, created_at, status, sample, deterministic, engine_version, scenario, title, scenario_text,
           scenario_hash, command, currency, currency_decimals, seed, worlds, shoppers, days, first_day_from_epoch,
           horizon_start_day, keep, covered, question)
         VALUES (lower(hex(randomblob(6))), :created_at, 'partial', :sample, :deterministic, :engine_version, :scenario,
           :title, :scenario_text, :scenario_hash, :command, :currency, :currency_decimals, :seed, :worlds, :shoppers,
           :days, :first_day, :horizon_start, :keep, :covered, :question)",
        named_params! {
            ":created_at": run.created_at, ":sample": run.sample, ":deterministic": run.deterministic,
            ":engine_version": run.engine_version, ":scenario": run.scenario, ":title": run.title,
            ":scenario_text": run.scenario_text, ":scenario_hash": run.scenario_hash, ":command": run.command,
            ":currency": run.currency, ":currency_decimals": run.currency_decimals, ":seed": run.seed as i64,
            ":worlds": run.worlds, ":shoppers": run.shoppers, ":days": run.days,
            ":first_day": run.first_day_from_epoch, ":horizon_start": run.horizon_start_day,
            ":keep": run.keep.name(), ":covered": run.covered, ":question": run.question,
        },
    )?;
    let no = RunNo(transaction.last_insert_rowid());
    insert_policies(&transaction, no, &run.policies)?;
    insert_arms(&transaction, no, 0, &run.arms)?;
    for (number, name) in run.treatments.iter().enumerate() {
        transaction.execute("INSERT INTO treatments VALUES (?, ?, ?)", params![no.0, number as i64, name])?;
    }
    for (number, name) in run.categories.iter().enumerate() {
        transaction.execute("INSERT INTO categories VALUES (?, ?, ?)", params![no.0, number as i64, name])?;
    }
    transaction.commit()?;
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

fn insert_more_arms(
    connection: &mut Connection,
    run: RunNo,
    first: usize,
    arms: &[ArmRow],
    policies: &[PolicyRow],
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    insert_policies(&transaction, run, policies)?;
    insert_arms(&transaction, run, first, arms)?;
    transaction
        .execute("UPDATE runs SET status = 'partial', result_hash = NULL WHERE run_no = ?", [run.0])?;
    transaction.commit()
}

fn list(
    connection: &Connection,
    tail: &str,
    parameters: impl rusqlite::Params,
) -> rusqlite::Result<Vec<StoredRun>> {
    let mut runs: Vec<StoredRun> = connection
        .prepare_cached(&format!("{STORED_RUN} {tail}"))?
        .query_map(parameters, stored_run)?
        .collect::<Result<_, _>>()?;
    for run in &mut runs {
        run.arms = connection
            .prepare_cached("SELECT name, policy FROM arms WHERE run_no = ? ORDER BY arm_no")?
            .query_map([run.no.0], |row| Ok(ArmRow { name: row.get(0)?, policy: row.get(1)? }))?
            .collect::<Result<_, _>>()?;
    }
    Ok(runs)
}

fn stored_run(row: &Row<'_>) -> rusqlite::Result<StoredRun> {
    let (status, keep): (String, String) = (row.get("status")?, row.get("keep")?);
    Ok(StoredRun {
        no: RunNo(row.get("run_no")?),
        id: row.get("id")?,
        created_at: row.get("created_at")?,
        status: if status == Status::Complete.name() { Status::Complete } else { Status::Partial },
        units_done: row.get("units_done")?,
        worlds: row.get("worlds")?,
        shoppers: row.get("shoppers")?,
        days: row.get("days")?,
        seed: row.get::<_, i64>("seed")? as u64,
        scenario: row.get("scenario")?,
        title: row.get("title")?,
        scenario_hash: row.get("scenario_hash")?,
        currency: row.get("currency")?,
        currency_decimals: row.get("currency_decimals")?,
        engine_version: row.get("engine_version")?,
        keep: Keep::from_name(&keep).unwrap_or(Keep::Visits),
        result_hash: row.get("result_hash")?,
        seconds: row.get("seconds")?,
        sample: row.get("sample")?,
        deterministic: row.get("deterministic")?,
        covered: row.get("covered")?,
        arms: Vec::new(),
    })
}

fn record(connection: &Connection, run: StoredRun) -> rusqlite::Result<RunRecord> {
    let no = run.no.0;
    let names = |sql: &str| -> rusqlite::Result<Vec<String>> {
        connection.prepare_cached(sql)?.query_map([no], |row| row.get(0))?.collect()
    };
    let treatments = names("SELECT name FROM treatments WHERE run_no = ? ORDER BY treatment")?;
    let categories = names("SELECT name FROM categories WHERE run_no = ? ORDER BY category")?;
    let policies = connection
        .prepare_cached("SELECT name, text, hash FROM policies WHERE run_no = ? ORDER BY name")?
        .query_map([no], |row| Ok(PolicyRow { name: row.get(0)?, text: row.get(1)?, hash: row.get(2)? }))?
        .collect::<Result<_, _>>()?;
    connection.query_row(
        "SELECT scenario_text, command, first_day_from_epoch, horizon_start_day, performance, question, guess
         FROM runs WHERE run_no = ?",
        [no],
        |row| {
            Ok(RunRecord {
                run,
                scenario_text: row.get(0)?,
                command: row.get(1)?,
                policies,
                treatments,
                categories,
                first_day_from_epoch: row.get(2)?,
                horizon_start_day: row.get(3)?,
                performance: row.get(4)?,
                question: row.get(5)?,
                guess: row.get(6)?,
            })
        },
    )
}
