//! What a run will take on this machine, and the small sample for an empty store.

use std::sync::atomic::AtomicBool;

use counterfoil_core::number;
use counterfoil_scenario::Scenario;
use counterfoil_store::{Status, StoredRun};

use crate::api::{Api, threads};
use crate::dto::{ApiError, Estimate, RunRequest, RunSummary};
use crate::error::Answered;
use crate::machine;
use crate::performance::Performance;
use crate::planning::RunOptions;
use crate::progress::Told;
use crate::summary::summary_of;

/// Shopper-days per second and thread of an ordinary laptop, release build.
const BUILT_IN_RATE: f64 = 1_400_000.0;
/// Bytes per simulated shopper-day of what is always kept, and of visits and decisions where they are kept too: the default
/// scenario as it was measured.
const BUILT_IN_BYTES: Bytes = Bytes { always: 0.08, visits: 1.44 };
/// Memory of the program without a world; `performance.peak_rss_bytes` of a run of 500 shoppers.
const PROGRAM_BYTES: f64 = 20e6;
/// Memory per shopper of a world that is simulated: of the shop's and the policy's books, and per day of all phases (needs and
/// visits to come, and three towns) and of the history that every policy is told. However many arms there are: each leaves
/// facts and goes. Runs of 8,000 and 10,000 shoppers, rounded up.
const MEMORY_BYTES: Memory = Memory { always: 2_400.0, per_day: 6.0, per_day_of_history: 30.0 };
/// The scenario of the sample.
const SAMPLE_SCENARIO: &str = "fashion-web-shop";
const SAMPLE_WORLDS: i64 = 4;
const SAMPLE_SHOPPERS: i64 = 3_000;

/// Bytes per shopper-day.
#[derive(Clone, Copy)]
struct Bytes {
    always: f64,
    visits: f64,
}

impl Bytes {
    /// For so many shopper-days of which this share, in millionths, has its visits kept.
    fn of(self, shopper_days: f64, visits_kept_ppm: u32) -> f64 {
        shopper_days * (self.always + self.visits * f64::from(visits_kept_ppm) / 1e6)
    }
}

/// Bytes of memory per shopper.
#[derive(Clone, Copy)]
struct Memory {
    always: f64,
    per_day: f64,
    per_day_of_history: f64,
}

impl Memory {
    /// For one world.
    fn of(self, scenario: &Scenario) -> f64 {
        let phases = scenario.phases;
        let history = f64::from(phases.history_days);
        let days = f64::from(phases.warmup_days + phases.horizon_days + phases.probe_days) + history;
        let per_shopper = self.always + self.per_day * days + self.per_day_of_history * history;
        f64::from(scenario.shoppers.count) * per_shopper
    }
}

/// What a run is expected to take, and what there is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// Wall time in seconds.
    pub seconds: f64,
    /// Bytes on the disk.
    pub bytes: u64,
    /// Bytes of memory at once.
    pub memory: u64,
    /// Time and disk are estimated from a run stored on this machine, not from built-in figures.
    pub measured: bool,
    /// Bytes free on the disk of the store; `None` where the system does not tell.
    pub free_disk: Option<u64>,
    /// Bytes of memory that are free; `None` where the system does not tell.
    pub free_memory: Option<u64>,
}

/// How fast this machine is per shopper-day, and how much it stores compared with the built-in figure.
struct Pace {
    per_second_and_thread: f64,
    bytes_ratio: f64,
    measured: bool,
}

impl Api {
    /// Time and disk for a run, from the newest finished run of this store, else from a built-in rate.
    ///
    /// # Errors
    /// As [`Api::run`], before anything is simulated.
    pub fn estimate(&self, request: &RunRequest) -> Result<Estimate, ApiError> {
        let expected = self.expected(&Self::options_of(request))?;
        let words = format!("{}, {}", number::seconds(expected.seconds), number::bytes(expected.bytes));
        Ok(Estimate { seconds: expected.seconds, bytes: expected.bytes, measured: expected.measured, words })
    }

    /// Time, disk and memory for a run, and what of it this machine has free.
    ///
    /// # Errors
    /// As [`Api::run`], before anything is simulated.
    pub fn expected(&self, options: &RunOptions) -> Result<Expected, ApiError> {
        let planned = self.planned(options)?;
        let scenario = &planned.plan.scenario;
        let worlds = f64::from(scenario.worlds);
        let days_of_world = planned.plan.days_per_unit() as f64 * f64::from(scenario.shoppers.count);
        let pace = self.pace()?;
        let kept = planned.plan.keep.visits_kept_ppm(scenario.shoppers.count);
        let at_once = f64::from(options.threads.unwrap_or_else(threads).max(1)).min(worlds);
        // Worlds are whole: three of them on two threads take as long as four.
        let rounds = (worlds / at_once).ceil();
        Ok(Expected {
            seconds: days_of_world * rounds / pace.per_second_and_thread,
            bytes: (BUILT_IN_BYTES.of(days_of_world * worlds, kept) * pace.bytes_ratio) as u64,
            memory: (PROGRAM_BYTES + MEMORY_BYTES.of(scenario) * at_once) as u64,
            measured: pace.measured,
            free_disk: machine::free_disk(&self.places().store),
            free_memory: machine::free_memory(),
        })
    }

    fn pace(&self) -> Answered<Pace> {
        let runs = self.stored_runs()?;
        let finished = runs.iter().filter(|run| run.status == Status::Complete);
        for run in finished {
            if let Some(pace) = self.measured(run)? {
                return Ok(pace);
            }
        }
        Ok(Pace { per_second_and_thread: BUILT_IN_RATE, bytes_ratio: 1.0, measured: false })
    }

    fn measured(&self, run: &StoredRun) -> Answered<Option<Pace>> {
        let record = self.store()?.run_record(run.no)?;
        let text = record.performance.unwrap_or_default();
        let Ok(figures) = serde_json::from_str::<Performance>(&text) else { return Ok(None) };
        if figures.shopper_days == 0 || figures.seconds <= 0.0 {
            return Ok(None);
        }
        let days = figures.shopper_days as f64;
        let worlds = f64::from(figures.units.saturating_sub(figures.units_resumed).max(1));
        let busy = f64::from(figures.threads).min(worlds);
        let expected = BUILT_IN_BYTES.of(days, run.visits_kept_ppm);
        let bytes_ratio = if figures.stored_bytes > 0 { figures.stored_bytes as f64 / expected } else { 1.0 };
        Ok(Some(Pace { per_second_and_thread: days / figures.seconds / busy, bytes_ratio, measured: true }))
    }

    /// The sample: the stored one, or the default scenario run small where it is missing.
    ///
    /// # Errors
    /// As [`Api::run`].
    pub fn open_sample(&self, on_progress: Told<'_>, cancel: &AtomicBool) -> Result<RunSummary, ApiError> {
        let stored = self.stored_runs()?.into_iter().find(|run| run.sample);
        match stored {
            Some(run) if run.status == Status::Complete => Ok(summary_of(&run)),
            Some(run) if run.engine_version == crate::VERSION => {
                self.resume_run(&run.id, on_progress, cancel)
            }
            _ => {
                let mut options = RunOptions::new(SAMPLE_SCENARIO);
                options.overrides.worlds = Some(SAMPLE_WORLDS);
                options.overrides.shoppers = Some(SAMPLE_SHOPPERS);
                self.run_new(&options, true, on_progress, cancel)
            }
        }
    }

    /// The sample on an empty store; `None` where there are runs already.
    ///
    /// # Errors
    /// As [`Api::open_sample`].
    pub fn ensure_sample(
        &self,
        on_progress: Told<'_>,
        cancel: &AtomicBool,
    ) -> Result<Option<RunSummary>, ApiError> {
        let empty = self.stored_runs()?.is_empty();
        if empty { self.open_sample(on_progress, cancel).map(Some) } else { Ok(None) }
    }
}
