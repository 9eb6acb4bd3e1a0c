//! Questions in SQL from people, and whole tables for export. Neither can change the file.
//!
//! While a question is answered its connection refuses to write, whatever it was opened for.

use crate::error::{At, StoreError};
use crate::files::{Handle, Stamp};
use crate::model::RunNo;
use crate::open::Store;
use rusqlite::types::ValueRef;
use rusqlite::{Row, Statement};
use serde::Serialize;
use std::time::Duration;

/// One value of an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number; money is in minor units.
    Integer(i64),
    /// A number with a fraction.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes, which only a question can make: no table holds any.
    Blob(Vec<u8>),
}

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Vec<Value>>,
    /// Whether there were more rows than asked for.
    pub more: bool,
}

/// Tables that [`Store::export_rows`] knows, each under its readable view (`visits` is `visits_readable`).
pub const EXPORTS: [&str; 11] = [
    "totals",
    "daily",
    "truth",
    "bridge",
    "probe_weeks",
    "needs",
    "orders",
    "offers",
    "visits",
    "decisions",
    "quiet_decisions",
];

impl Store {
    /// Answers one SELECT, WITH, VALUES or EXPLAIN with at most `limit` rows.
    ///
    /// In the text, `:run` stands for the id of `run` and `:run_no` for its number; `docs/store.md` lists the rest.
    ///
    /// # Errors
    /// [`StoreError::NotAQuestion`] for anything that could write; [`StoreError::BadQuery`] with SQLite's own words.
    pub fn query(&self, sql: &str, run: Option<RunNo>, limit: usize) -> Result<Answer, StoreError> {
        let refused = || StoreError::NotAQuestion { statement: sql.trim().chars().take(60).collect() };
        if !is_question(sql) {
            return Err(refused());
        }
        self.connection.execute_batch("PRAGMA query_only = ON").at(&self.path)?;
        let answered = self.undisturbed(|| self.answered(sql, run, limit, refused));
        self.connection.execute_batch("PRAGMA query_only = OFF").at(&self.path)?;
        answered
    }

    /// Reads in one piece, and refuses what was read while somebody wrote over the file without asking SQLite.
    ///
    /// Who keeps to SQLite's locks waits until `read` is done. The stamp is older than everything that is read: what this
    /// connection remembered is forgotten first.
    pub(crate) fn undisturbed<T>(
        &self,
        read: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let Some(handle) = self.handle.get().filter(|_| self.copy.is_none()) else { return read() };
        let stamp = self.locked_for_reading(handle)?;
        let done = read();
        // A file that makes no sense any more may have ended the transaction.
        let _ = self.connection.execute_batch("RELEASE undisturbed");
        if handle.stamp() != stamp {
            return Err(StoreError::ChangedWhileRead { file: self.path.clone() });
        }
        done
    }

    /// Takes the lock of a reader, and how the file stood before anything was read.
    fn locked_for_reading(&self, handle: &Handle) -> Result<Option<Stamp>, StoreError> {
        const TRIES: usize = 50;
        const PAUSE: Duration = Duration::from_millis(10);
        for _ in 0..TRIES {
            let stamp = handle.stamp();
            let locked = self
                .connection
                .execute_batch("PRAGMA shrink_memory; PRAGMA writable_schema = RESET; SAVEPOINT undisturbed");
            let locked = locked.and_then(|()| {
                self.connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
            });
            if stamp.is_some() && handle.stamp() == stamp {
                return locked.at(&self.path).map(|()| stamp);
            }
            // Somebody finished writing in between.
            let _ = self.connection.execute_batch("RELEASE undisturbed");
            std::thread::sleep(PAUSE);
        }
        Err(StoreError::ChangedWhileRead { file: self.path.clone() })
    }

    fn answered(
        &self,
        sql: &str,
        run: Option<RunNo>,
        limit: usize,
        refused: impl Fn() -> StoreError,
    ) -> Result<Answer, StoreError> {
        let mut statement = match self.connection.prepare(sql) {
            Err(rusqlite::Error::MultipleStatement) => return Err(refused()),
            prepared => prepared.map_err(|error| self.bad_query(error))?,
        };
        if !statement.readonly() {
            return Err(refused());
        }
        self.bind_run(&mut statement, run)?;
        self.answer(&mut statement, limit)
    }

    fn answer(&self, statement: &mut Statement<'_>, limit: usize) -> Result<Answer, StoreError> {
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut answer = Answer { columns, rows: Vec::new(), more: false };
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|error| self.bad_query(error))? {
            if answer.rows.len() == limit {
                answer.more = true;
                break;
            }
            answer.rows.push(values(row, answer.columns.len()).map_err(|error| self.bad_query(error))?);
        }
        Ok(answer)
    }

    /// Names of the columns of an export.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTable`] with the tables that exist.
    pub fn export_columns(&self, table: &str) -> Result<Vec<String>, StoreError> {
        let view = readable(table)?;
        let statement = self.connection.prepare(&format!("SELECT * FROM {view}")).at(&self.path)?;
        Ok(statement.column_names().map(str::to_owned).collect())
    }

    /// Hands every row of one run to `each`, by world, arm and the table's own order, until `each` answers `false`.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTable`] with the tables that exist.
    pub fn export_rows(
        &self,
        run: RunNo,
        table: &str,
        each: &mut dyn FnMut(Vec<Value>) -> bool,
    ) -> Result<(), StoreError> {
        let view = readable(table)?;
        let sql = format!(
            "SELECT * FROM {view} WHERE run = (SELECT id FROM runs WHERE run_no = ?) ORDER BY 2, 3, 4, 5, 6"
        );
        self.undisturbed(|| {
            let mut statement = self.connection.prepare(&sql).at(&self.path)?;
            let columns = statement.column_count();
            let mut rows = statement.query([run.0]).at(&self.path)?;
            while let Some(row) = rows.next().at(&self.path)? {
                if !each(values(row, columns).at(&self.path)?) {
                    break;
                }
            }
            Ok(())
        })
    }

    fn bind_run(&self, statement: &mut Statement<'_>, run: Option<RunNo>) -> Result<(), StoreError> {
        for place in 1..=statement.parameter_count() {
            let name = statement.parameter_name(place).unwrap_or("?").to_owned();
            let bound = match (name.as_str(), run) {
                (":run", Some(run)) => statement.raw_bind_parameter(place, self.run(run)?.id),
                (":run_no", Some(run)) => statement.raw_bind_parameter(place, run.0),
                _ => {
                    let found = format!("found the parameter {name}, but only :run and :run_no are allowed");
                    return Err(StoreError::BadQuery { found });
                }
            };
            bound.at(&self.path)?;
        }
        Ok(())
    }

    /// What SQLite does not understand is the question, unless the pages or the disk are to blame.
    fn bad_query(&self, error: rusqlite::Error) -> StoreError {
        use rusqlite::ErrorCode::{
            DatabaseBusy, DatabaseCorrupt, DatabaseLocked, DiskFull, NotADatabase, SystemIoFailure,
        };
        let about_file =
            [DatabaseBusy, DatabaseCorrupt, DatabaseLocked, DiskFull, NotADatabase, SystemIoFailure];
        match error.sqlite_error_code() {
            Some(code) if about_file.contains(&code) => StoreError::at(&self.path, error),
            _ => StoreError::BadQuery { found: error.to_string() },
        }
    }
}

fn readable(table: &str) -> Result<String, StoreError> {
    if EXPORTS.contains(&table) {
        return Ok(format!("{table}_readable"));
    }
    let allowed = EXPORTS.iter().map(|&table| table.to_owned()).collect();
    Err(StoreError::NoSuchTable { wanted: table.to_owned(), allowed })
}

/// Whether the first word, after blanks and comments, asks instead of doing.
fn is_question(sql: &str) -> bool {
    let mut rest = sql.trim_start();
    loop {
        let after = if let Some(comment) = rest.strip_prefix("--") {
            comment.split_once('\n').map(|(_, after)| after)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map(|(_, after)| after)
        } else {
            break;
        };
        rest = after.unwrap_or("").trim_start();
    }
    let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
    ["select", "with", "values", "explain"].contains(&word.to_ascii_lowercase().as_str())
}

fn values(row: &Row<'_>, columns: usize) -> rusqlite::Result<Vec<Value>> {
    (0..columns)
        .map(|column| {
            Ok(match row.get_ref(column)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(value) => Value::Integer(value),
                ValueRef::Real(value) => Value::Real(value),
                ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_questions_are_questions() {
        for sql in [
            "SELECT 1",
            "  with a as (select 1) select * from a",
            "-- why\n/* who */ VALUES (1)",
            "explain select 1",
        ] {
            assert!(is_question(sql), "{sql}");
        }
        for sql in [
            "",
            "--",
            "DELETE FROM runs",
            "ATTACH 'x' AS y",
            "PRAGMA query_only = OFF",
            "/* SELECT */ DROP TABLE runs",
        ] {
            assert!(!is_question(sql), "{sql}");
        }
    }
}
