//! Runs as rows: listing and finding them.

use crate::error::{At, StoreError};
use crate::model::{ArmRow, Keep, PolicyRow, RunNo, RunRecord, Status, StoredRun};
use crate::open::Store;
use rusqlite::types::Type;
use rusqlite::{Connection, Row, named_params};

/// Columns of [`stored_run`]; a world counts as done when every arm of the run has it.
const STORED_RUN: &str =
    "SELECT run_no, id, created_at, status, worlds, shoppers, days, seed, scenario, title, scenario_hash,
    currency, currency_decimals, engine_version, keep, visits_kept_ppm, name, note, result_hash, seconds, sample,
    deterministic, covered,
    (SELECT count(*) FROM units u WHERE u.run_no = r.run_no AND
       (SELECT count(*) FROM arm_units a WHERE a.run_no = u.run_no AND a.world = u.world) =
       (SELECT count(*) FROM arms m WHERE m.run_no = u.run_no)) AS units_done
    FROM runs r";

impl Store {
    /// All runs that are not deleted, newest first.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Locked`].
    pub fn runs(&self) -> Result<Vec<StoredRun>, StoreError> {
        list(&self.connection, "WHERE deleted = 0 ORDER BY run_no DESC", []).at(&self.path)
    }

    /// Runs that were deleted and not yet purged, newest first.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Locked`].
    pub fn deleted_runs(&self) -> Result<Vec<StoredRun>, StoreError> {
        list(&self.connection, "WHERE deleted = 1 ORDER BY run_no DESC", []).at(&self.path)
    }

    /// The run with this id, with an id that begins so, or the newest of which a world is stored (`latest`).
    ///
    /// # Errors
    /// [`StoreError::NoSuchRun`], [`StoreError::NoRunYet`]; [`StoreError::AmbiguousRun`] with the ids that begin so.
    pub fn find_run(&self, wanted: &str) -> Result<StoredRun, StoreError> {
        let mut found = if wanted == "latest" {
            list(&self.connection, "WHERE run_no = (SELECT run_no FROM latest_run)", [])
        } else {
            list(
                &self.connection,
                "WHERE deleted = 0 AND substr(id, 1, length(:wanted)) = :wanted AND :wanted <> '' ORDER BY run_no DESC",
                named_params! {":wanted": wanted.to_ascii_lowercase()},
            )
        }
        .at(&self.path)?;
        match found.len() {
            0 => Err(self.no_such_run(wanted)),
            1 => Ok(found.remove(0)),
            _ => Err(StoreError::AmbiguousRun {
                wanted: wanted.to_owned(),
                candidates: found.into_iter().map(|run| run.id).collect(),
            }),
        }
    }

    /// The same for somebody who wants to go on: `latest` is the newest run, also if no world of it is stored yet.
    ///
    /// # Errors
    /// As [`Store::find_run`].
    pub fn find_run_to_resume(&self, wanted: &str) -> Result<StoredRun, StoreError> {
        if wanted != "latest" {
            return self.find_run(wanted);
        }
        let newest =
            list(&self.connection, "WHERE deleted = 0 ORDER BY run_no DESC LIMIT 1", []).at(&self.path)?;
        newest.into_iter().next().ok_or_else(|| self.no_such_run(wanted))
    }

    /// The run with exactly this id, deleted or not: for whoever made it and may not have seen that it was deleted.
    ///
    /// # Errors
    /// [`StoreError::NoSuchRun`].
    pub fn find_own_run(&self, id: &str) -> Result<StoredRun, StoreError> {
        let found = list(&self.connection, "WHERE id = :id", named_params! {":id": id}).at(&self.path)?;
        found.into_iter().next().ok_or_else(|| self.no_such_run(id))
    }

    fn no_such_run(&self, wanted: &str) -> StoreError {
        let file = self.path.clone();
        if wanted == "latest" {
            StoreError::NoRunYet { file }
        } else {
            StoreError::NoSuchRun { file, wanted: wanted.into() }
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
        worlds: some(row, "worlds")?,
        shoppers: some(row, "shoppers")?,
        days: some(row, "days")?,
        seed: row.get::<_, i64>("seed")? as u64,
        scenario: row.get("scenario")?,
        title: row.get("title")?,
        scenario_hash: row.get("scenario_hash")?,
        currency: row.get("currency")?,
        currency_decimals: row.get("currency_decimals")?,
        engine_version: row.get("engine_version")?,
        keep: Keep::from_name(&keep).unwrap_or(Keep::Visits),
        visits_kept_ppm: row.get("visits_kept_ppm")?,
        name: row.get("name")?,
        note: row.get("note")?,
        result_hash: row.get("result_hash")?,
        seconds: row.get("seconds")?,
        sample: row.get("sample")?,
        deterministic: row.get("deterministic")?,
        covered: row.get("covered")?,
        arms: Vec::new(),
    })
}

/// A number of which every run has at least one.
fn some(row: &Row<'_>, column: &str) -> rusqlite::Result<u32> {
    match row.get(column)? {
        0 => {
            let why = format!("0 {column} in the table `runs`");
            let place = row.as_ref().column_index(column)?;
            Err(rusqlite::Error::FromSqlConversionFailure(place, Type::Integer, why.into()))
        }
        number => Ok(number),
    }
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
