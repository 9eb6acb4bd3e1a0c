//! Whether a store still says what was written: against its own digests, and against a store written anew.

use crate::digests::{NONE, Stand, places, stand};
use crate::error::{At as _, StoreError};
use crate::model::RunNo;
use crate::open::Store;
use crate::tables::{DIGESTS, Level, Rows, Table, tables, text};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use std::collections::BTreeMap;

/// One place where a store does not say what it should.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// World, from 0; `None` where the run or the file as a whole is meant.
    pub world: Option<u32>,
    /// Name of the arm; empty where none is meant.
    pub arm: String,
    /// Table or view; empty where none is meant.
    pub table: String,
    /// The first differing row by its key, and the column; or in a word what differs.
    pub what: String,
    /// As stored.
    pub stored: String,
    /// As it should be.
    pub found: String,
}

/// See [`Store::mark`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark(String, BTreeMap<Key, Stand>);

/// Key of a digest: world, arm number, table.
type Key = (i64, i64, String);

impl Store {
    /// Reads every row of a run and compares with the digests that were written with them; also pages, references between
    /// rows, and the schema. Simulates nothing. Finds accidents, not forgers: who changes rows on purpose can change digests.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where the file cannot be read; [`StoreError::Locked`].
    pub fn check_run(&self, run: RunNo) -> Result<Vec<Difference>, StoreError> {
        self.check()?;
        let mut differences = self.check_schema()?;
        if differences.iter().any(|difference| difference.found != "nothing") {
            return Ok(differences);
        }
        differences.extend(self.check_digests(run).at(&self.path)?);
        differences.extend(self.check_references().at(&self.path)?);
        Ok(differences)
    }

    /// Tables, views and names behind codes against those that this version makes.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Locked`].
    pub fn check_schema(&self) -> Result<Vec<Difference>, StoreError> {
        let fresh = Self::in_memory()?;
        let (stored, expected) =
            (schema(&self.connection).at(&self.path)?, schema(&fresh.connection).at(&self.path)?);
        let mut names: Vec<&String> = stored.keys().chain(expected.keys()).collect();
        names.sort();
        names.dedup();
        let mut differences = Vec::new();
        for name in names {
            let (stored, found) = (stored.get(name), expected.get(name));
            if stored != found {
                let word =
                    |sql: Option<&String>| sql.map_or_else(|| "nothing".to_owned(), |sql| first_words(sql));
                let (mut stored, mut found) = (word(stored), word(found));
                if stored == found {
                    (stored, found) = ("another definition".into(), "its definition".into());
                }
                differences.push(of_file(name, "definition", stored, found));
            }
        }
        if differences.is_empty() {
            let rows = Rows { run_no: 0, world: 0, arm_unit: 0 };
            for table in
                tables(&fresh.connection).at(&self.path)?.iter().filter(|table| table.level == Level::File)
            {
                let here = (&self.connection, rows);
                if let Some(first) = first_difference(table, here, (&fresh.connection, rows)).at(&self.path)?
                {
                    differences.push(of_file(&table.name, &first.what, first.stored, first.found));
                }
            }
        }
        Ok(differences)
    }

    fn check_digests(&self, run: RunNo) -> rusqlite::Result<Vec<Difference>> {
        let tables = tables(&self.connection)?;
        let names = self
            .connection
            .prepare("SELECT name FROM arms WHERE run_no = ? ORDER BY arm_no")?
            .query_map([run.0], |row| row.get(0))?
            .collect::<Result<Vec<String>, _>>()?;
        let mut written = self.written(run)?;
        let mut differences = Vec::new();
        for place in places(&self.connection, Some(run))? {
            let world = if place.level == Level::Run { NONE } else { i64::from(place.rows.world) };
            for table in tables.iter().filter(|table| table.level == place.level && table.name != DIGESTS) {
                let found = stand(&self.connection, table, place.rows)?;
                let stored = written.remove(&(world, place.arm_no, table.name.clone()));
                if stored.as_ref() != Some(&found) {
                    let key = (world, place.arm_no, table.name.clone());
                    differences.push(changed(&names, key, Some(found), stored));
                }
            }
        }
        differences.extend(written.into_iter().map(|(key, stand)| changed(&names, key, None, Some(stand))));
        Ok(differences)
    }

    /// What is stored of a run at this moment, by its digests: two marks differ if a process stored, finished or removed
    /// something of it in between. `None` where it cannot be said.
    #[must_use]
    pub fn mark(&self, run: RunNo) -> Option<Mark> {
        Some(Mark(self.run(run).ok()?.id, self.written(run).ok()?))
    }

    /// The digests of a run as they were written.
    fn written(&self, run: RunNo) -> rusqlite::Result<BTreeMap<Key, Stand>> {
        self.connection
            .prepare("SELECT world, arm_no, table_name, row_count, digest FROM digests WHERE run_no = ?")?
            .query_map([run.0], |row| {
                let key = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok((key, Stand { rows: row.get(3)?, digest: row.get(4)? }))
            })?
            .collect()
    }

    /// Rows that belong to nothing.
    fn check_references(&self) -> rusqlite::Result<Vec<Difference>> {
        let mut statement = self.connection.prepare("PRAGMA foreign_key_check")?;
        let orphans: Vec<(String, String)> =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(2)?)))?.collect::<Result<_, _>>()?;
        let mut counted: BTreeMap<(String, String), i64> = BTreeMap::new();
        for pair in orphans {
            *counted.entry(pair).or_default() += 1;
        }
        for table in tables(&self.connection)?.iter().filter(|table| table.level == Level::World) {
            // Digests of what belongs to no world are the only rows that may say so.
            let of_no_world = if table.name == DIGESTS { NONE } else { i64::from(u32::MAX) + 1 };
            let sql = format!(
                "SELECT count(*) FROM {} t WHERE world <> {of_no_world} AND NOT EXISTS
                 (SELECT 1 FROM units u WHERE u.run_no = t.run_no AND u.world = t.world)",
                table.name
            );
            let rows: i64 = self.connection.query_row(&sql, [], |row| row.get(0))?;
            if rows > 0 {
                counted.insert((table.name.clone(), "units".to_owned()), rows);
            }
        }
        let told = |((table, parent), rows): ((String, String), i64)| {
            let stored = format!("{rows} without their row in {parent}");
            of_file(&table, "rows that belong to nothing", stored, "none".into())
        };
        Ok(counted.into_iter().map(told).collect())
    }

    /// Compares every table of one world of a run, or the tables of the run itself (`world` is `None`), with those of
    /// another store in which the same was written anew. One difference per table and arm: the first row.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Locked`].
    pub fn differences(
        &self,
        run: RunNo,
        (anew, run_anew): (&Self, RunNo),
        world: Option<u32>,
    ) -> Result<Vec<Difference>, StoreError> {
        let pairs = self.pairs(run, (anew, run_anew), world).at(&self.path)?;
        let mut differences = Vec::new();
        for table in tables(&anew.connection).at(&self.path)? {
            for (arm, level, stored, found) in pairs.iter().filter(|pair| pair.1 == table.level) {
                let first = first_difference(&table, (&self.connection, *stored), (&anew.connection, *found));
                if let Some(first) = first.at(&self.path)? {
                    let (world, arm) = (world.filter(|_| *level != Level::Run), arm.clone());
                    differences.push(Difference { world, arm, table: table.name.clone(), ..first });
                }
            }
        }
        Ok(differences)
    }

    /// Places to compare: name of the arm, level, and the numbers in either file. An arm that one of them lacks is looked
    /// for under a number that no row has.
    fn pairs(
        &self,
        run: RunNo,
        (anew, run_anew): (&Self, RunNo),
        world: Option<u32>,
    ) -> rusqlite::Result<Vec<(String, Level, Rows, Rows)>> {
        let rows = |run: RunNo, arm_unit| Rows { run_no: run.0, world: world.unwrap_or(0), arm_unit };
        let Some(world) = world else {
            return Ok(vec![(String::new(), Level::Run, rows(run, NONE), rows(run_anew, NONE))]);
        };
        let mut pairs = vec![(String::new(), Level::World, rows(run, NONE), rows(run_anew, NONE))];
        let (stored, found) =
            (arm_units(&self.connection, run, world)?, arm_units(&anew.connection, run_anew, world)?);
        let mut names: Vec<&String> = stored.keys().chain(found.keys()).collect();
        names.sort();
        names.dedup();
        for name in names {
            let unit = |units: &BTreeMap<String, i64>| units.get(name).copied().unwrap_or(NONE);
            pairs.push((name.clone(), Level::Arm, rows(run, unit(&stored)), rows(run_anew, unit(&found))));
        }
        Ok(pairs)
    }

    /// Forgets a world that was written anew, once it was compared.
    ///
    /// # Errors
    /// [`StoreError::OpenedReadOnly`], [`StoreError::Locked`].
    pub fn forget_world(&mut self, run: RunNo, world: u32) -> Result<(), StoreError> {
        self.writable()?;
        for Table { name: table, .. } in
            tables(&self.connection).at(&self.path)?.iter().filter(|table| table.level == Level::World)
        {
            self.connection
                .execute(
                    &format!("DELETE FROM {table} WHERE run_no = ? AND world = ?"),
                    rusqlite::params![run.0, world],
                )
                .at(&self.path)?;
        }
        Ok(())
    }
}

/// arm_unit by name of the arm.
fn arm_units(connection: &Connection, run: RunNo, world: u32) -> rusqlite::Result<BTreeMap<String, i64>> {
    connection
        .prepare_cached(
            "SELECT coalesce(a.name, 'arm ' || u.arm_no), u.arm_unit FROM arm_units u
             LEFT JOIN arms a ON a.run_no = u.run_no AND a.arm_no = u.arm_no WHERE u.run_no = ? AND u.world = ?",
        )?
        .query_map(rusqlite::params![run.0, world], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

fn schema(connection: &Connection) -> rusqlite::Result<BTreeMap<String, String>> {
    connection
        .prepare("SELECT name, coalesce(sql, '') FROM sqlite_schema WHERE substr(name, 1, 7) <> 'sqlite_'")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

fn first_words(sql: &str) -> String {
    sql.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

fn of_file(table: &str, what: &str, stored: String, found: String) -> Difference {
    Difference {
        world: None,
        arm: String::new(),
        table: table.to_owned(),
        what: what.to_owned(),
        stored,
        found,
    }
}

/// A table whose rows are not those that the digest was written for.
fn changed(
    arms: &[String],
    (world, arm_no, table): Key,
    found: Option<Stand>,
    stored: Option<Stand>,
) -> Difference {
    let arm = usize::try_from(arm_no).ok().and_then(|number| arms.get(number));
    let rows = |stand: &Option<Stand>| stand.as_ref().map(|stand| stand.rows);
    let (what, now, then) = match (rows(&found), rows(&stored)) {
        (Some(now), Some(then)) if now == then => {
            ("digest", "other values".to_owned(), "those that were written".to_owned())
        }
        (now, then) => {
            let word = |rows: Option<i64>| rows.map_or_else(|| "nothing".to_owned(), |rows| rows.to_string());
            ("number of rows", word(now), word(then))
        }
    };
    Difference {
        world: u32::try_from(world).ok(),
        arm: arm.cloned().unwrap_or_default(),
        table,
        what: what.to_owned(),
        stored: now,
        found: then,
    }
}

/// The first row of a table in which two files differ, named by its key.
fn first_difference(
    table: &Table,
    (stored, stored_rows): (&Connection, Rows),
    (found, found_rows): (&Connection, Rows),
) -> rusqlite::Result<Option<Difference>> {
    let (mut left, mut right) = (table.select(stored, stored_rows)?, table.select(found, found_rows)?);
    let (mut left, mut right) = (left.raw_query(), right.raw_query());
    loop {
        let (stored, found) = (left.next()?, right.next()?);
        let difference = match (stored, found) {
            (None, None) => return Ok(None),
            (Some(row), None) => Some(row_of(table, row, "a row", "nothing")?),
            (None, Some(row)) => Some(row_of(table, row, "nothing", "a row")?),
            (Some(stored), Some(found)) => unequal(table, stored, found)?,
        };
        if difference.is_some() {
            return Ok(difference);
        }
    }
}

fn unequal(table: &Table, stored: &Row<'_>, found: &Row<'_>) -> rusqlite::Result<Option<Difference>> {
    for (number, column) in table.columns.iter().enumerate() {
        let (was, is): (ValueRef<'_>, ValueRef<'_>) = (stored.get_ref(number)?, found.get_ref(number)?);
        if was == is {
            continue;
        }
        if table.key.contains(column) {
            // Keys ascend: the one that comes first is missing on the other side.
            return Ok(Some(if later(was, is) {
                row_of(table, found, "nothing", "a row")?
            } else {
                row_of(table, stored, "a row", "nothing")?
            }));
        }
        let mut difference = row_of(table, found, &text(was), &text(is))?;
        difference.what = if difference.what.is_empty() {
            column.clone()
        } else {
            format!("{}: {column}", difference.what)
        };
        return Ok(Some(difference));
    }
    Ok(None)
}

fn later(was: ValueRef<'_>, is: ValueRef<'_>) -> bool {
    match (was, is) {
        (ValueRef::Integer(was), ValueRef::Integer(is)) => was > is,
        (was, is) => text(was) > text(is),
    }
}

/// A difference at a row: `shopper 12, order_no 3`.
fn row_of(table: &Table, row: &Row<'_>, stored: &str, found: &str) -> rusqlite::Result<Difference> {
    let mut parts = Vec::new();
    for key in &table.key {
        if let Some(column) = table.columns.iter().position(|column| column == key) {
            parts.push(format!("{key} {}", text(row.get_ref(column)?)));
        }
    }
    Ok(of_file(&table.name, &parts.join(", "), short(stored), short(found)))
}

/// Long texts by their beginning.
fn short(text: &str) -> String {
    const SHOWN_CHARS: usize = 60;
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
