//! `sql` and `export`: rows out of a stored run.

use std::path::Path;

use counterfoil_api::files::FileKind;
use counterfoil_api::{Answer, Value};
use serde_json::json;

use super::reading;
use crate::Outcome;
use crate::args::{ExportArgs, SqlArgs};
use crate::output::{complain, print, print_json};
use crate::place::Place;
use crate::table::{Side, Table};

/// Answers a question in SQL.
pub(crate) fn sql(args: &SqlArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let api = reading(store)?;
    let answer = api.sql(Some(&args.run.run), &args.query, args.limit)?;
    if args.json.json {
        print_json(
            &json!({ "format": 1, "columns": answer.columns, "rows": answer.rows, "more": answer.more }),
        )?;
    } else {
        print(&rows(&answer))?;
    }
    if answer.more {
        complain(&format!("There are more rows than {}; ask for them with --limit.", args.limit));
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
        Value::Text(text) => text.clone(),
        Value::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}

/// Writes a table as CSV, row by row as it is read.
pub(crate) fn export(args: &ExportArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let api = reading(store)?;
    let (run, table) = (args.run.run.as_str(), args.table.as_str());
    let place = Place::of(&api, run, &args.out, &[("csv", FileKind::Csv)], "a table")?;
    place.write(|out| api.export_table(run, table, out))
}
