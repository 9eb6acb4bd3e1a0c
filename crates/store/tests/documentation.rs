//! `docs/store.md` is true: it names everything in the file and nothing else, and its queries run.
#![allow(clippy::unwrap_used)]

mod common;

use common::{new_run, unit};
use counterfoil_store::{APPLICATION_ID, Keep, Mode, Store, Value, latest_version};
use std::collections::BTreeMap;

const DOCUMENT: &str = include_str!("../../../docs/store.md");

fn filled(folder: &tempfile::TempDir) -> Store {
    let mut store = Store::open(&folder.path().join("counterfoil.db"), Mode::Create).unwrap();
    let run = store.create_run(&new_run(2, Keep::Visits)).unwrap();
    for world in 0..2 {
        store.write_unit(run.no, &unit(world, 300, 5_000), Keep::Visits).unwrap();
    }
    store
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        other => panic!("{other:?} is not text"),
    }
}

/// Columns by table or view, as the file has them.
fn in_the_file(store: &Store) -> BTreeMap<String, Vec<String>> {
    let sql = "SELECT s.name, c.name FROM sqlite_schema s JOIN pragma_table_info(s.name) c
               WHERE s.type IN ('table', 'view') ORDER BY s.name, c.cid";
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in store.query(sql, None, 10_000).unwrap().rows {
        columns.entry(text(&row[0])).or_default().push(text(&row[1]));
    }
    columns
}

/// Columns by table or view, as the document has them: a heading "### `name`", then rows that begin with "| `column` |".
fn in_the_document() -> BTreeMap<String, Vec<String>> {
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut current = None;
    for line in DOCUMENT.lines() {
        if let Some(heading) = line.strip_prefix("### `") {
            current = Some(heading.trim_end_matches('`').to_owned());
            columns.insert(heading.trim_end_matches('`').to_owned(), Vec::new());
        } else if line.starts_with("## ") {
            current = None;
        } else if let (Some(name), Some(row)) = (&current, line.strip_prefix("| `")) {
            let (column, rest) = row.split_once("` | ").unwrap();
            assert_eq!(rest.matches(" | ").count(), 1, "unit and meaning of {name}.{column}");
            columns.get_mut(name).unwrap().push(column.to_owned());
        }
    }
    columns
}

#[test]
fn every_table_view_and_column_is_described() {
    let folder = tempfile::tempdir().unwrap();
    let (mut file, mut document) = (in_the_file(&filled(&folder)), in_the_document());
    let totals = file.remove("totals_readable").unwrap();
    // Those whose unit is money, by hand.
    let money = [
        "goods_list",
        "goods_net",
        "goods_cost",
        "contribution",
        "rewards",
        "message_costs",
        "policy_costs",
        "liability",
        "rewards_leaked",
        "probe_contribution",
        "probe_contribution_reset",
    ];
    let column =
        |name: &&str| if money.contains(name) { format!("{name}_minor") } else { (*name).to_owned() };
    let expected = counterfoil_core::facts::Totals::NAMES.iter().map(column);
    assert!(totals[3..].iter().cloned().eq(expected), "{totals:?}");
    assert_eq!(document.remove("totals_readable").unwrap(), totals[..3], "the rest is described in words");
    assert_eq!(file.keys().collect::<Vec<_>>(), document.keys().collect::<Vec<_>>());
    for (name, columns) in &file {
        assert_eq!(columns, &document[name], "columns of {name}");
    }
}

#[test]
fn every_worked_query_answers() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(&folder);
    let queries: Vec<&str> =
        DOCUMENT.split("```sql\n").skip(1).map(|block| block.split("```").next().unwrap()).collect();
    assert!(queries.len() >= 5, "{} worked queries", queries.len());
    for query in queries {
        let answer = store.query(query, None, 1_000).unwrap_or_else(|error| panic!("{query}\n{error}"));
        assert!(!answer.rows.is_empty(), "no row:\n{query}");
        let all_null =
            (0..answer.columns.len()).find(|&c| answer.rows.iter().all(|row| row[c] == Value::Null));
        assert_eq!(all_null, None, "a column is always empty:\n{query}");
    }
}

#[test]
fn codes_and_numbers_of_the_format_are_those_of_the_file() {
    assert!(DOCUMENT.contains(&format!("`{APPLICATION_ID}` (`{APPLICATION_ID:#x}`)")), "application_id");
    assert!(DOCUMENT.contains(&format!("PRAGMA user_version` is `{}`", latest_version())), "user_version");
    let folder = tempfile::tempdir().unwrap();
    let sql = "SELECT kind, group_concat(code || ' ' || name, ', ') FROM (SELECT * FROM codes ORDER BY kind, code) GROUP BY kind";
    for row in filled(&folder).query(sql, None, 100).unwrap().rows {
        let line = format!("- `{}`: {}.", text(&row[0]), text(&row[1]));
        assert!(DOCUMENT.contains(&line), "missing: {line}");
    }
}
