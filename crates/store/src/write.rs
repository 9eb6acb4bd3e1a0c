//! Writing finished units: one transaction each, all or nothing.
//!
//! Rows go in by ascending primary key, so that pages fill up and the file stays small. Statements are prepared once.

use crate::digests::{self, NONE, Stand, Tally};
use crate::error::{At, StoreError};
use crate::model::{Keep, RunNo, Written};
use crate::open::Store;
use crate::tables::{Level, Rows, Table, tables};
use counterfoil_core::facts::{ArmFacts, Totals, UnitFacts};
use counterfoil_core::treatment::TreatmentId;
use rusqlite::{OptionalExtension, Statement, Transaction, params};

impl Store {
    /// Stores a finished unit: all arms of one world, in one transaction.
    ///
    /// The unit's arms must be those of the run, in its order. A world that is stored already stays as it is.
    ///
    /// # Errors
    /// [`StoreError::OtherArms`]; [`StoreError::Locked`] and [`StoreError::Disk`], after which nothing of the unit is stored.
    pub fn write_unit(&mut self, run: RunNo, unit: &UnitFacts, keep: Keep) -> Result<Written, StoreError> {
        self.still_there()?;
        let expected = self.arm_names(run)?;
        let found: Vec<&String> = unit.arms.iter().map(|arm| &arm.arm).collect();
        if expected.iter().ne(found) {
            return Err(other_arms(unit, expected));
        }
        self.change(|transaction| write_new_unit(transaction, run, unit, keep))
    }

    /// Stores arms that were added to a run, for one world whose other arms are stored, in one transaction.
    ///
    /// Arms of the unit that this world has already stay as they are. Events of the others are added to the unit's.
    ///
    /// # Errors
    /// [`StoreError::OtherArms`] for an arm that the run does not have (see [`Store::add_arms`]) or a world that was never
    /// stored; [`StoreError::Locked`] and [`StoreError::Disk`], after which nothing of the unit is stored.
    pub fn add_arm_unit(&mut self, run: RunNo, unit: &UnitFacts, keep: Keep) -> Result<Written, StoreError> {
        self.still_there()?;
        let expected = self.arm_names(run)?;
        let numbered: Option<Vec<(usize, &ArmFacts)>> = unit
            .arms
            .iter()
            .map(|arm| expected.iter().position(|name| *name == arm.arm).map(|number| (number, arm)))
            .collect();
        let stored = self.worlds_stored(run)?.contains(&unit.world);
        match numbered {
            Some(arms) if stored => {
                self.change(|transaction| write_more_arms(transaction, run, unit, &arms, keep))
            }
            _ => Err(other_arms(unit, expected)),
        }
    }

    /// Worlds of which every arm is stored, ascending: never computed again.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Locked`].
    pub fn units_done(&self, run: RunNo) -> Result<Vec<u32>, StoreError> {
        self.still_there()?;
        self.worlds(
            "SELECT u.world FROM units u WHERE u.run_no = ?1 AND
               (SELECT count(*) FROM arm_units a WHERE a.run_no = ?1 AND a.world = u.world) =
               (SELECT count(*) FROM arms WHERE run_no = ?1) ORDER BY u.world",
            run,
        )
    }

    /// Worlds that are stored with at least the arms the run began with, ascending.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Locked`].
    pub fn worlds_stored(&self, run: RunNo) -> Result<Vec<u32>, StoreError> {
        self.worlds("SELECT world FROM units WHERE run_no = ? ORDER BY world", run)
    }

    fn worlds(&self, sql: &str, run: RunNo) -> Result<Vec<u32>, StoreError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut s| s.query_map([run.0], |row| row.get(0))?.collect())
            .at(&self.path)
    }

    pub(crate) fn arm_names(&self, run: RunNo) -> Result<Vec<String>, StoreError> {
        self.connection
            .prepare_cached("SELECT name FROM arms WHERE run_no = ? ORDER BY arm_no")
            .and_then(|mut s| s.query_map([run.0], |row| row.get(0))?.collect())
            .at(&self.path)
    }
}

fn other_arms(unit: &UnitFacts, expected: Vec<String>) -> StoreError {
    let found = unit.arms.iter().map(|arm| arm.arm.clone()).collect();
    StoreError::OtherArms { world: unit.world, found, expected }
}

fn write_new_unit(
    transaction: &Transaction<'_>,
    run: RunNo,
    unit: &UnitFacts,
    keep: Keep,
) -> rusqlite::Result<Written> {
    let tables = tables(transaction)?;
    let inserted = transaction.execute(
        "INSERT INTO units (run_no, world, shoppers, events) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        params![run.0, unit.world, unit.shoppers, unit.events as i64],
    )?;
    if inserted == 0 {
        return Ok(Written::AlreadyThere);
    }
    for (number, arm) in unit.arms.iter().enumerate() {
        write_arm(transaction, (run, unit.world, number), arm, keep, &tables)?;
    }
    write_world_digests(transaction, run, unit.world, &tables)?;
    Ok(Written::Stored)
}

fn write_more_arms(
    transaction: &Transaction<'_>,
    run: RunNo,
    unit: &UnitFacts,
    arms: &[(usize, &ArmFacts)],
    keep: Keep,
) -> rusqlite::Result<Written> {
    let tables = tables(transaction)?;
    let (mut written, mut events) = (Written::AlreadyThere, 0);
    for &(number, arm) in arms {
        let known = transaction
            .prepare_cached("SELECT 1 FROM arm_units WHERE run_no = ? AND world = ? AND arm_no = ?")?
            .query_row(params![run.0, unit.world, number as i64], |_| Ok(()))
            .optional()?;
        if known.is_none() {
            write_arm(transaction, (run, unit.world, number), arm, keep, &tables)?;
            written = Written::Stored;
            events += arm.events;
        }
    }
    if written == Written::Stored {
        transaction.execute(
            "UPDATE units SET events = events + ? WHERE run_no = ? AND world = ?",
            params![events as i64, run.0, unit.world],
        )?;
        write_world_digests(transaction, run, unit.world, &tables)?;
    }
    Ok(written)
}

fn write_world_digests(
    transaction: &Transaction<'_>,
    run: RunNo,
    world: u32,
    tables: &[Table],
) -> rusqlite::Result<()> {
    let rows = Rows { run_no: run.0, world, arm_unit: NONE };
    digests::write(transaction, (Level::World, tables), (rows, NONE), &[])
}

fn write_arm(
    transaction: &Transaction<'_>,
    (run, world, number): (RunNo, u32, usize),
    arm: &ArmFacts,
    keep: Keep,
    tables: &[Table],
) -> rusqlite::Result<()> {
    transaction.execute(
        "INSERT INTO arm_units (run_no, world, arm_no, digest, orders_digest) VALUES (?, ?, ?, ?, ?)",
        params![run.0, world, number as i64, arm.digest.to_hex(), arm.orders_digest.to_hex()],
    )?;
    let place = transaction.last_insert_rowid();
    write_totals(transaction, place, arm)?;
    write_daily(transaction, place, arm)?;
    write_truth(transaction, place, arm)?;
    let mut known = Vec::new();
    known.push(write_needs(transaction, place, arm)?);
    known.push(write_orders(transaction, place, arm)?);
    known.push(write_offers(transaction, place, arm)?);
    if keep != Keep::Summary {
        known.push(write_visits(transaction, place, arm)?);
        known.push(write_decisions(transaction, place, arm)?);
        known.push(write_quiet_decisions(transaction, place, arm)?);
    }
    let rows = Rows { run_no: run.0, world, arm_unit: place };
    digests::write(transaction, (Level::Arm, tables), (rows, number as i64), &known)
}

fn write_totals(transaction: &Transaction<'_>, place: i64, arm: &ArmFacts) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached("INSERT INTO totals VALUES (?, ?, ?)")?;
    for (name, value) in Totals::NAMES.iter().zip(arm.totals.values()) {
        insert.execute(params![place, name, value])?;
    }
    Ok(())
}

fn write_daily(transaction: &Transaction<'_>, place: i64, arm: &ArmFacts) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached("INSERT INTO daily VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
    for (day, d) in arm.daily.iter().enumerate() {
        insert.execute(params![
            place,
            day as i64,
            d.sessions,
            d.orders,
            d.discounted_orders,
            d.goods_net,
            d.rewards,
            d.contribution,
            d.treatments_shown,
            d.waits
        ])?;
    }
    let mut insert = transaction.prepare_cached("INSERT INTO probe_weeks VALUES (?, ?, ?, ?)")?;
    for (week, orders) in arm.probe_weeks.iter().enumerate() {
        insert.execute(params![place, week as i64, orders.as_is, orders.reset])?;
    }
    Ok(())
}

fn write_truth(transaction: &Transaction<'_>, place: i64, arm: &ArmFacts) -> rusqlite::Result<()> {
    let [none, incremental, pulled_forward, lost, subsidised, unchanged] = arm.truth.needs;
    transaction.prepare_cached("INSERT INTO truth VALUES (?, ?, ?, ?, ?, ?, ?, ?)")?.execute(params![
        place,
        none,
        incremental,
        pulled_forward,
        lost,
        subsidised,
        unchanged,
        arm.truth.spillover_orders
    ])?;
    let mut insert = transaction.prepare_cached("INSERT INTO bridge VALUES (?, ?, ?)")?;
    for (step, amount) in arm.truth.bridge.iter().enumerate() {
        insert.execute(params![place, step as i64, amount])?;
    }
    Ok(())
}

/// Rows by ascending key, without moving the facts themselves.
fn ascending<T, K: Ord>(rows: &[T], key: impl Fn(&T) -> K) -> Vec<&T> {
    let mut sorted: Vec<&T> = rows.iter().collect();
    sorted.sort_by_key(|row| key(row));
    sorted
}

/// Rows by shopper, each with its number among the rows of that shopper, from 0 in the order of the facts.
fn numbered<T>(rows: &[T], shopper: impl Fn(&T) -> u32) -> impl Iterator<Item = (u32, &T)> {
    let mut last: Option<(u32, u32)> = None;
    ascending(rows, |row| shopper(row)).into_iter().map(move |row| {
        let number = last.filter(|last| last.0 == shopper(row)).map_or(0, |last| last.1 + 1);
        last = Some((shopper(row), number));
        (number, row)
    })
}

/// A table with the digest of the rows that were written to it.
type TableStand = (&'static str, Stand);

/// A column that may be empty. Every column of the larger tables is a whole number.
type Cell = Option<i64>;

/// Rows per statement: most of the cost of a row is that of starting a statement.
const ROWS_AT_ONCE: usize = 24;

/// Inserts `rows` in their order; `table` has `N` columns.
fn insert<const N: usize>(
    transaction: &Transaction<'_>,
    table: &'static str,
    mut rows: impl Iterator<Item = [Cell; N]>,
) -> rusqlite::Result<TableStand> {
    let one = format!("({})", vec!["?"; N].join(", "));
    let sql = |count: usize| format!("INSERT INTO {table} VALUES {}", vec![one.as_str(); count].join(", "));
    let mut many = transaction.prepare_cached(&sql(ROWS_AT_ONCE))?;
    let mut batch = Vec::with_capacity(ROWS_AT_ONCE);
    let mut tally = Tally::default();
    loop {
        batch.extend(rows.by_ref().take(ROWS_AT_ONCE));
        // The first column says where the row belongs, and is no part of what it says.
        batch.iter().for_each(|row: &[Cell; N]| tally.row(&row[1..]));
        if batch.len() < ROWS_AT_ONCE {
            break;
        }
        execute(&mut many, &batch)?;
        batch.clear();
    }
    let mut single = transaction.prepare_cached(&sql(1))?;
    batch.chunks(1).try_for_each(|row| execute(&mut single, row))?;
    Ok((table, tally.stand()))
}

fn execute<const N: usize>(statement: &mut Statement<'_>, rows: &[[Cell; N]]) -> rusqlite::Result<()> {
    for (place, cell) in rows.as_flattened().iter().enumerate() {
        statement.raw_bind_parameter(place + 1, cell)?;
    }
    statement.raw_execute().map(|_| ())
}

fn some(value: impl Into<i64>) -> Cell {
    Some(value.into())
}

fn treatment(treatment: Option<TreatmentId>) -> Cell {
    treatment.map(|treatment| treatment.0.into())
}

fn write_needs(transaction: &Transaction<'_>, place: i64, arm: &ArmFacts) -> rusqlite::Result<TableStand> {
    let rows = ascending(&arm.needs, |n| (n.shopper, n.category, n.k)).into_iter().map(|n| {
        [
            Some(place),
            some(n.shopper),
            some(n.category),
            some(n.k),
            some(n.due_day),
            some(n.fate as u8),
            n.order.map(i64::from),
            some(n.waited),
            Some(n.goods_margin.0),
            Some(n.reward.0),
            Some(n.logistics.0),
        ]
    });
    insert(transaction, "needs", rows)
}

fn write_orders(transaction: &Transaction<'_>, place: i64, arm: &ArmFacts) -> rusqlite::Result<TableStand> {
    let rows = ascending(&arm.orders, |o| (o.shopper, o.order)).into_iter().map(|o| {
        [
            Some(place),
            some(o.shopper),
            some(o.order),
            Some(o.at.0),
            some(o.category),
            some(o.k),
            some(o.product),
            some(o.units),
            some(o.units_stocked),
            Some(o.goods.0),
            Some(o.reward.0),
            treatment(o.treatment),
            some(o.sale),
            Some(o.contribution.0),
            some(o.returned),
        ]
    });
    insert(transaction, "orders", rows)
}

fn write_offers(transaction: &Transaction<'_>, place: i64, arm: &ArmFacts) -> rusqlite::Result<TableStand> {
    let rows = numbered(&arm.offers, |o| o.shopper).map(|(offer, o)| {
        [
            Some(place),
            some(o.shopper),
            some(offer),
            some(o.treatment.0),
            Some(o.issued_at.0),
            some(o.fate as u8),
            o.order.map(i64::from),
            Some(o.cost.0),
        ]
    });
    insert(transaction, "offers", rows)
}

fn write_visits(transaction: &Transaction<'_>, place: i64, arm: &ArmFacts) -> rusqlite::Result<TableStand> {
    let rows = numbered(&arm.visits, |v| v.shopper).map(|(visit, v)| {
        [
            Some(place),
            some(v.shopper),
            some(visit),
            Some(v.at.0),
            some(v.seconds),
            some(v.key),
            some(v.pages),
            some(v.shown),
            some(v.end as u8),
        ]
    });
    insert(transaction, "visits", rows)
}

fn write_decisions(
    transaction: &Transaction<'_>,
    place: i64,
    arm: &ArmFacts,
) -> rusqlite::Result<TableStand> {
    let rows = ascending(&arm.decisions, |d| (d.shopper, d.number)).into_iter().map(|d| {
        [
            Some(place),
            some(d.shopper),
            some(d.number),
            Some(d.at.0),
            some(d.point as u8),
            treatment(d.shown),
            treatment(d.winner),
            some(d.reason as u8),
            some(d.propensity_ppm),
            some(d.latency_ms),
        ]
    });
    insert(transaction, "decisions", rows)
}

fn write_quiet_decisions(
    transaction: &Transaction<'_>,
    place: i64,
    arm: &ArmFacts,
) -> rusqlite::Result<TableStand> {
    let rows = ascending(&arm.quiet_decisions, |q| *q)
        .into_iter()
        .map(|q| [Some(place), some(q.day), some(q.stage as u8), some(q.reason as u8), Some(q.count)]);
    insert(transaction, "quiet_decisions", rows)
}
