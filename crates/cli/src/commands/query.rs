//! `sql` and `export`: rows out of a stored run.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::Path;

use anyhow::Context as _;
use counterfoil_api::dto::{ApiError, ErrorCode};
use counterfoil_api::{Answer, Value};
use serde_json::json;

use super::reading;
use crate::Outcome;
use crate::args::{ExportArgs, SqlArgs};
use crate::output::{print, print_json, require_ending};
use crate::table::{Side, Table};

/// Answers a question in SQL.
pub(crate) fn sql(args: &SqlArgs) -> anyhow::Result<Outcome> {
    let api = reading(args.run.store.store.as_deref())?;
    let answer = api.sql(Some(&args.run.run), &args.query, args.limit)?;
    if args.json.json {
        print_json(
            &json!({ "format": 1, "columns": answer.columns, "rows": answer.rows, "more": answer.more }),
        )?;
    } else {
        print(&rows(&answer))?;
    }
    if answer.more {
        eprintln!("There are more rows than {}; ask for them with --limit.", args.limit);
    }
    Ok(Outcome::Fine)
}

fn rows(answer: &Answer) -> String {
    let numeric = |column: usize| {
        let mut cells =
            answer.rows.iter().map(|row| &row[column]).filter(|cell| **cell != Value::Null).peekable();
        cells.peek().is_some() && cells.all(|cell| matches!(cell, Value::Integer(_) | Value::Real(_)))
    };
    let side = |column: usize| if numeric(column) { Side::Right } else { Side::Left };
    let columns: Vec<(&str, Side)> =
        answer.columns.iter().enumerate().map(|(at, name)| (name.as_str(), side(at))).collect();
    let mut table = Table::new(&columns);
    for row in &answer.rows {
        table.row(row.iter().map(cell).collect());
    }
    table.text()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Integer(value) => value.to_string(),
        Value::Real(value) => value.to_string(),
        Value::Text(text) => text.replace(['\n', '\r', '\t'], " "),
        Value::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}

/// Writes a table as CSV. A file appears whole or not at all.
pub(crate) fn export(args: &ExportArgs) -> anyhow::Result<Outcome> {
    let api = reading(args.run.store.store.as_deref())?;
    let (run, table) = (args.run.run.as_str(), args.table.as_str());
    if args.out == Path::new("-") {
        let mut reader = Forgiving(BufWriter::new(std::io::stdout().lock()));
        api.export_table(run, table, &mut reader)?;
        reader.flush().context("standard output")?;
        return Ok(Outcome::Fine);
    }
    require_ending(&args.out, &["csv"], "a table")?;
    let unfinished = args.out.with_extension("csv.part");
    let written = written(&unfinished, |file| Ok(api.export_table(run, table, file)?)).and_then(|()| {
        std::fs::rename(&unfinished, &args.out).map_err(|error| unwritable(&args.out, &error).into())
    });
    if let Err(error) = written {
        // The message about the failure says more than one about the rest of it would.
        let _ = std::fs::remove_file(&unfinished);
        return Err(error);
    }
    eprintln!("Wrote {}", args.out.display());
    Ok(Outcome::Fine)
}

fn written(path: &Path, write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let mut file = BufWriter::new(File::create(path).map_err(|error| unwritable(path, &error))?);
    write(&mut file)?;
    file.flush().map_err(|error| unwritable(path, &error))?;
    Ok(())
}

fn unwritable(path: &Path, error: &std::io::Error) -> ApiError {
    ApiError::new(ErrorCode::Environment, format!("The file cannot be written: {error}."))
        .at(path.display().to_string())
        .hint("check that its folder exists and may be written to")
}

/// Standard output whose reader may go away before the end (`| head`).
struct Forgiving<W>(W);

impl<W: Write> Write for Forgiving<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            other => other,
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}
