//! Some units of a plan, simulated and written as partial results.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use counterfoil_core::facts::UnitFacts;
use counterfoil_run::part::Writer;
use counterfoil_run::{At, Unit, execute};

use super::LoadedPlan;
use crate::api::threads;
use crate::clock::Stopwatch;
use crate::dto::{ApiError, ErrorCode};
use crate::error::Answered;
use crate::job::minor_units;
use crate::progress::{Meter, Outset, Told, shopper_days};

impl LoadedPlan {
    /// Simulates the units with these numbers and writes each to `out` as soon as it is finished. Nothing is stored.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] for a number that the plan does not have; [`ErrorCode::Environment`] where `out` cannot be
    /// written, and when it was cancelled: what was written is no whole part then, and says so to whoever merges it.
    pub fn shard(
        &self,
        numbers: &BTreeSet<u32>,
        wanted_threads: Option<u32>,
        (on_progress, cancel): (Told<'_>, &AtomicBool),
        out: &mut dyn Write,
    ) -> Result<(), ApiError> {
        let units = self.units_of(numbers)?;
        let mut writer = Writer::begin(out, self.hash()).map_err(|error| unwritable(&error))?;
        let meter = Meter::new(self.outset(&units), Stopwatch::start(), on_progress);
        let tick = |at: &At<'_>| meter.tick(at, &self.worlds);
        let mut written = 0;
        let sink = |unit: Unit, facts: UnitFacts| -> Answered<()> {
            writer.unit(self.worlds.number(unit), &facts).map_err(|error| unwritable(&error))?;
            written += 1;
            meter.world_done(unit);
            Ok(())
        };
        let threads = wanted_threads.unwrap_or_else(threads).max(1) as usize;
        execute(&self.worlds, &units, threads, (None, cancel), &tick, sink)?;
        if written < units.len() {
            debug_assert!(cancel.load(Ordering::Relaxed), "nothing else leaves units out");
            let message = format!("Cancelled after {written} of {} units.", units.len());
            return Err(ApiError::new(ErrorCode::Environment, message)
                .hint("what was written so far is no whole part; simulate these units again"));
        }
        writer.end().map(|_| ()).map_err(|error| unwritable(&error))
    }

    fn outset(&self, units: &[Unit]) -> Outset {
        let first = units.first().map_or(0, |unit| unit.variant);
        let scenario = &self.worlds.variant(first).scenario;
        Outset {
            run: String::new(),
            worlds: units.len() as u32,
            worlds_done: 0,
            warmup_days: scenario.phases.warmup_days,
            total: shopper_days(&self.worlds, units),
            done: 0,
            shown: None,
            currency: scenario.currency.clone(),
            minor: minor_units(scenario.currency_decimals),
        }
    }
}

fn unwritable(error: &std::io::Error) -> ApiError {
    ApiError::new(ErrorCode::Environment, format!("Partial results cannot be written: {error}."))
        .hint("make room on the disk, or write them somewhere else")
}
