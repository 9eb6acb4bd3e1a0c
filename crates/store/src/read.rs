//! Reading facts back: summaries for the statistics, rows per shopper for everything else.
//!
//! What was written comes back equal; rows come in the order of shopper, then of the facts.

use crate::codes::{FATES, OFFER_FATES, POINTS, REASONS, STAGES, VISIT_ENDS, decode};
use crate::error::{At, StoreError};
use crate::model::{ArmSummary, RunNo, UnitSummary};
use crate::open::Store;
use counterfoil_core::digest::Digest;
use counterfoil_core::facts::{
    ArmFacts, DailyFact, DecisionFact, NeedFact, OfferFact, OrderFact, ProbeWeek, QuietFact, Totals,
    TruthFact, VisitFact,
};
use counterfoil_core::money::Money;
use counterfoil_core::time::Time;
use counterfoil_core::treatment::TreatmentId;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Which rows of an arm are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The run.
    pub run: RunNo,
    /// World, from 0.
    pub world: u32,
    /// Name of the arm.
    pub arm: &'a str,
    /// One shopper, or all.
    pub shopper: Option<u32>,
}

impl Store {
    /// Every stored world with what the comparison reads, ascending by world, arms in the order of the run.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], also for a number that no run can reach; [`StoreError::Locked`];
    /// [`StoreError::ChangedWhileRead`].
    pub fn load_summaries(&self, run: RunNo) -> Result<Vec<UnitSummary>, StoreError> {
        self.undisturbed(|| summaries(&self.connection, run).at(&self.path))
    }

    /// Everything that is stored of one arm of one world, as it was handed in but with rows by shopper; `place.shopper` is
    /// not looked at. What was not kept is empty. `None` if the world is not stored.
    ///
    /// # Errors
    /// [`StoreError::NoSuchArm`].
    pub fn arm_facts(&self, place: Place<'_>) -> Result<Option<ArmFacts>, StoreError> {
        let place = Place { shopper: None, ..place };
        let Some(arm_unit) = self.arm_unit(place)? else { return Ok(None) };
        let summary = self
            .connection
            .prepare_cached(&format!("{ARM_SUMMARY} WHERE u.arm_unit = ?"))
            .and_then(|mut s| s.query_row([arm_unit], |row| arm_summary(&self.connection, row, Reach::of(1))))
            .at(&self.path)?;
        Ok(Some(ArmFacts {
            arm: summary.arm,
            events: 0,
            digest: summary.digest,
            orders_digest: summary.orders_digest,
            totals: summary.totals,
            daily: summary.daily,
            truth: summary.truth,
            probe_weeks: summary.probe_weeks,
            orders: self.orders_of(place)?,
            needs: self.needs_of(place)?,
            offers: self.offers_of(place)?,
            visits: self.visits_of(place)?,
            decisions: self.decisions_of(place)?,
            quiet_decisions: self.quiet_decisions_of(place)?,
        }))
    }

    /// Fates of needs.
    ///
    /// # Errors
    /// [`StoreError::NoSuchArm`]; a world that is not stored has no rows.
    pub fn needs_of(&self, place: Place<'_>) -> Result<Vec<NeedFact>, StoreError> {
        self.rows(
            place,
            "SELECT shopper, category, k, due_day, fate, order_no, waited, goods_margin_minor, reward_minor, logistics_minor
             FROM needs",
            "category, k",
            need,
        )
    }

    /// Orders.
    ///
    /// # Errors
    /// [`StoreError::NoSuchArm`]; a world that is not stored has no rows.
    pub fn orders_of(&self, place: Place<'_>) -> Result<Vec<OrderFact>, StoreError> {
        self.rows(
            place,
            "SELECT order_no, shopper, at_ms, category, k, product, units, units_stocked, goods_minor, reward_minor,
             treatment, sale, contribution_minor, returned FROM orders",
            "order_no",
            order,
        )
    }

    /// The ledger of personal offers.
    ///
    /// # Errors
    /// [`StoreError::NoSuchArm`]; a world that is not stored has no rows.
    pub fn offers_of(&self, place: Place<'_>) -> Result<Vec<OfferFact>, StoreError> {
        self.rows(
            place,
            "SELECT shopper, treatment, issued_at_ms, fate, order_no, cost_minor FROM offers",
            "offer",
            offer,
        )
    }

    /// Visits, where they were kept.
    ///
    /// # Errors
    /// [`StoreError::NoSuchArm`]; a world that is not stored has no rows.
    pub fn visits_of(&self, place: Place<'_>) -> Result<Vec<VisitFact>, StoreError> {
        self.rows(
            place,
            "SELECT shopper, at_ms, seconds, visit_key, pages, shown, ended FROM visits",
            "visit",
            visit,
        )
    }

    /// Decisions that showed something or whose winner was refused, where they were kept.
    ///
    /// # Errors
    /// [`StoreError::NoSuchArm`]; a world that is not stored has no rows.
    pub fn decisions_of(&self, place: Place<'_>) -> Result<Vec<DecisionFact>, StoreError> {
        self.rows(
            place,
            "SELECT at_ms, shopper, decision_no, point, shown, winner, reason, propensity_ppm, latency_ms FROM decisions",
            "decision_no",
            decision,
        )
    }

    /// Decisions that showed nothing and refused nobody, counted; `place.shopper` is not looked at.
    ///
    /// # Errors
    /// [`StoreError::NoSuchArm`]; a world that is not stored has no rows.
    pub fn quiet_decisions_of(&self, place: Place<'_>) -> Result<Vec<QuietFact>, StoreError> {
        let Some(arm_unit) = self.arm_unit(place)? else { return Ok(Vec::new()) };
        self.connection
            .prepare_cached(
                "SELECT day, stage, reason, decisions FROM quiet_decisions WHERE arm_unit = ? ORDER BY day, stage, reason",
            )
            .and_then(|mut s| s.query_map([arm_unit], quiet)?.collect())
            .at(&self.path)
    }

    fn rows<T>(
        &self,
        place: Place<'_>,
        select: &str,
        then_by: &str,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let Some(arm_unit) = self.arm_unit(place)? else { return Ok(Vec::new()) };
        let one = if place.shopper.is_some() { "AND shopper = ?2" } else { "AND ?2 IS NULL" };
        self.connection
            .prepare_cached(&format!("{select} WHERE arm_unit = ?1 {one} ORDER BY shopper, {then_by}"))
            .and_then(|mut s| s.query_map(params![arm_unit, place.shopper], read)?.collect())
            .at(&self.path)
    }

    /// Key of an arm of a world; `None` if that world is not stored.
    pub(crate) fn arm_unit(&self, place: Place<'_>) -> Result<Option<i64>, StoreError> {
        let number = self.arm_number(place.run, place.arm)?;
        self.connection
            .prepare_cached("SELECT arm_unit FROM arm_units WHERE run_no = ? AND world = ? AND arm_no = ?")
            .and_then(|mut s| {
                s.query_row(params![place.run.0, place.world, number], |row| row.get(0)).optional()
            })
            .at(&self.path)
    }

    pub(crate) fn arm_number(&self, run: RunNo, arm: &str) -> Result<i64, StoreError> {
        let arms = self.arm_names(run)?;
        match arms.iter().position(|name| name == arm) {
            Some(number) => Ok(number as i64),
            None => Err(StoreError::NoSuchArm { wanted: arm.to_owned(), arms }),
        }
    }
}

/// Whole numbers as far as a run can get: so many worlds, with a few steps each, still add up in 64 bits. Beyond it a number
/// was put there by somebody else.
#[derive(Clone, Copy)]
struct Reach(i64);

impl Reach {
    /// For values of which each of so many worlds has one, and sums of up to sixteen of them.
    fn of(worlds: usize) -> Self {
        const SUMMED: i64 = 16;
        Self(i64::MAX / SUMMED / i64::try_from(worlds.max(1)).unwrap_or(i64::MAX))
    }

    /// The number in a column of a row of `table`.
    fn number(self, row: &Row<'_>, column: usize, table: &str) -> rusqlite::Result<i64> {
        let value: i64 = row.get(column)?;
        if (-self.0..=self.0).contains(&value) {
            return Ok(value);
        }
        let why = format!("{value} in the table `{table}`");
        Err(rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, why.into()))
    }
}

fn summaries(connection: &Connection, run: RunNo) -> rusqlite::Result<Vec<UnitSummary>> {
    let mut units: Vec<UnitSummary> = connection
        .prepare_cached("SELECT world, shoppers, events FROM units WHERE run_no = ? ORDER BY world")?
        .query_map([run.0], |row| {
            let events = row.get::<_, i64>(2)? as u64;
            Ok(UnitSummary { world: row.get(0)?, shoppers: row.get(1)?, events, arms: Vec::new() })
        })?
        .collect::<Result<_, _>>()?;
    let reach = Reach::of(units.len());
    for unit in &mut units {
        unit.arms = connection
            .prepare_cached(&format!("{ARM_SUMMARY} WHERE u.run_no = ? AND u.world = ? ORDER BY u.arm_no"))?
            .query_map(params![run.0, unit.world], |row| arm_summary(connection, row, reach))?
            .collect::<Result<_, _>>()?;
    }
    Ok(units)
}

/// Columns of [`arm_summary`].
const ARM_SUMMARY: &str = "SELECT u.arm_unit, a.name, u.digest, u.orders_digest FROM arm_units u
    JOIN arms a ON a.run_no = u.run_no AND a.arm_no = u.arm_no";

fn arm_summary(connection: &Connection, row: &Row<'_>, reach: Reach) -> rusqlite::Result<ArmSummary> {
    let place: i64 = row.get(0)?;
    Ok(ArmSummary {
        arm: row.get(1)?,
        digest: digest(row, 2)?,
        orders_digest: digest(row, 3)?,
        totals: totals(connection, place, reach)?,
        daily: daily(connection, place, reach)?,
        truth: truth(connection, place, reach)?,
        probe_weeks: probe_weeks(connection, place, reach)?,
    })
}

fn digest(row: &Row<'_>, column: usize) -> rusqlite::Result<Digest> {
    let hex: String = row.get(column)?;
    Digest::from_hex(&hex).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, "not 32 hexadecimal digits".into())
    })
}

/// Totals that this version does not know any more are passed over; those the file does not have are 0.
fn totals(connection: &Connection, place: i64, reach: Reach) -> rusqlite::Result<Totals> {
    let mut totals = Totals::default();
    let mut statement = connection.prepare_cached("SELECT name, value FROM totals WHERE arm_unit = ?")?;
    let mut rows = statement.query([place])?;
    while let Some(row) = rows.next()? {
        totals.set(row.get_ref(0)?.as_str()?, reach.number(row, 1, "totals")?);
    }
    Ok(totals)
}

fn daily(connection: &Connection, place: i64, reach: Reach) -> rusqlite::Result<Vec<DailyFact>> {
    connection
        .prepare_cached(
            "SELECT sessions, orders, discounted_orders, goods_net_minor, rewards_minor, contribution_minor,
             treatments_shown, waits FROM daily WHERE arm_unit = ? ORDER BY day",
        )?
        .query_map([place], |row| {
            let number = |column| reach.number(row, column, "daily");
            Ok(DailyFact {
                sessions: number(0)?,
                orders: number(1)?,
                discounted_orders: number(2)?,
                goods_net: number(3)?,
                rewards: number(4)?,
                contribution: number(5)?,
                treatments_shown: number(6)?,
                waits: number(7)?,
            })
        })?
        .collect()
}

fn truth(connection: &Connection, place: i64, reach: Reach) -> rusqlite::Result<TruthFact> {
    let mut truth = connection
        .prepare_cached(
            "SELECT needs_none, needs_incremental, needs_pulled_forward, needs_lost, needs_subsidised, needs_unchanged,
             spillover_orders FROM truth WHERE arm_unit = ?",
        )?
        .query_row([place], |row| {
            let number = |column| reach.number(row, column, "truth");
            let mut truth = TruthFact { spillover_orders: number(6)?, ..TruthFact::default() };
            for (class, count) in truth.needs.iter_mut().enumerate() {
                *count = number(class)?;
            }
            Ok(truth)
        })?;
    let mut statement =
        connection.prepare_cached("SELECT amount_minor FROM bridge WHERE arm_unit = ? ORDER BY step_no")?;
    let amounts: Vec<i64> =
        statement.query_map([place], |row| reach.number(row, 0, "bridge"))?.collect::<Result<_, _>>()?;
    for (step, amount) in truth.bridge.iter_mut().zip(amounts) {
        *step = amount;
    }
    Ok(truth)
}

fn probe_weeks(connection: &Connection, place: i64, reach: Reach) -> rusqlite::Result<Vec<ProbeWeek>> {
    connection
        .prepare_cached(
            "SELECT orders_as_is, orders_reset FROM probe_weeks WHERE arm_unit = ? ORDER BY week",
        )?
        .query_map([place], |row| {
            let number = |column| reach.number(row, column, "probe_weeks");
            Ok(ProbeWeek { as_is: number(0)?, reset: number(1)? })
        })?
        .collect()
}

fn treatment(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<TreatmentId>> {
    Ok(row.get::<_, Option<u8>>(column)?.map(TreatmentId))
}

fn money(row: &Row<'_>, column: usize) -> rusqlite::Result<Money> {
    row.get(column).map(Money)
}

fn need(row: &Row<'_>) -> rusqlite::Result<NeedFact> {
    Ok(NeedFact {
        shopper: row.get(0)?,
        category: row.get(1)?,
        k: row.get(2)?,
        due_day: row.get(3)?,
        fate: decode(row, 4, &FATES)?,
        order: row.get(5)?,
        waited: row.get(6)?,
        goods_margin: money(row, 7)?,
        reward: money(row, 8)?,
        logistics: money(row, 9)?,
    })
}

fn order(row: &Row<'_>) -> rusqlite::Result<OrderFact> {
    Ok(OrderFact {
        order: row.get(0)?,
        shopper: row.get(1)?,
        at: Time(row.get(2)?),
        category: row.get(3)?,
        k: row.get(4)?,
        product: row.get(5)?,
        units: row.get(6)?,
        units_stocked: row.get(7)?,
        goods: money(row, 8)?,
        reward: money(row, 9)?,
        treatment: treatment(row, 10)?,
        sale: row.get(11)?,
        contribution: money(row, 12)?,
        returned: row.get(13)?,
    })
}

fn offer(row: &Row<'_>) -> rusqlite::Result<OfferFact> {
    Ok(OfferFact {
        shopper: row.get(0)?,
        treatment: TreatmentId(row.get(1)?),
        issued_at: Time(row.get(2)?),
        fate: decode(row, 3, &OFFER_FATES)?,
        order: row.get(4)?,
        cost: money(row, 5)?,
    })
}

fn visit(row: &Row<'_>) -> rusqlite::Result<VisitFact> {
    Ok(VisitFact {
        shopper: row.get(0)?,
        at: Time(row.get(1)?),
        seconds: row.get(2)?,
        key: row.get(3)?,
        pages: row.get(4)?,
        shown: row.get(5)?,
        end: decode(row, 6, &VISIT_ENDS)?,
    })
}

fn decision(row: &Row<'_>) -> rusqlite::Result<DecisionFact> {
    Ok(DecisionFact {
        at: Time(row.get(0)?),
        shopper: row.get(1)?,
        number: row.get(2)?,
        point: decode(row, 3, &POINTS)?,
        shown: treatment(row, 4)?,
        winner: treatment(row, 5)?,
        reason: decode(row, 6, &REASONS)?,
        propensity_ppm: row.get(7)?,
        latency_ms: row.get(8)?,
    })
}

fn quiet(row: &Row<'_>) -> rusqlite::Result<QuietFact> {
    Ok(QuietFact {
        day: row.get(0)?,
        stage: decode(row, 1, &STAGES)?,
        reason: decode(row, 2, &REASONS)?,
        count: row.get(3)?,
    })
}
