//! Data out: tables as CSV, differences as CSV, questions in SQL.

use std::fmt::Write as _;
use std::io::Write;

use counterfoil_results::quoted;
use counterfoil_store::{Answer, Value};

use crate::api::Api;
use crate::dto::{ApiError, ErrorCode};

impl Api {
    /// Answers one question in SQL with at most `limit` rows. `:run` in it stands for the id of `run`.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] with SQLite's own words, and for anything that could write.
    pub fn sql(&self, run: Option<&str>, sql: &str, limit: usize) -> Result<Answer, ApiError> {
        let store = self.store()?;
        let run = run.map(|run| store.find_run(run)).transpose()?.map(|run| run.no);
        Ok(store.query(sql, run, limit)?)
    }

    /// Writes one table of a run ([`crate::EXPORTS`]) as CSV: names of columns first, money in minor units.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] with the tables that exist; [`ErrorCode::Environment`] if `out` fails.
    pub fn export_table(&self, run: &str, table: &str, out: &mut dyn Write) -> Result<(), ApiError> {
        let store = self.store()?;
        let run = store.find_run(run)?.no;
        let head: Vec<String> = store.export_columns(table)?.iter().map(|name| quoted(name)).collect();
        let mut failed = writeln!(out, "{}", head.join(",")).err();
        store.export_rows(run, table, &mut |row| {
            let cells: Vec<String> = row.iter().map(cell).collect();
            failed = failed.take().or_else(|| writeln!(out, "{}", cells.join(",")).err());
            failed.is_none()
        })?;
        match failed {
            Some(error) => {
                Err(ApiError::new(ErrorCode::Environment, format!("The table cannot be written: {error}.")))
            }
            None => Ok(()),
        }
    }

    /// All differences of a run as CSV, one row per pair and metric, unrounded.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for a run that does not exist.
    pub fn export_differences(&self, run: &str) -> Result<String, ApiError> {
        Ok(self.facts(run)?.differences_csv()?)
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => quoted(text),
        Value::Blob(bytes) => bytes.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        }),
    }
}
