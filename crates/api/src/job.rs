//! Running a plan against the store: start, resume, add an arm, verify.
//!
//! # Promises
//! - Worlds are simulated on worker threads and written by one thread, each in one transaction; a world that is stored is
//!   never simulated again, one that is cancelled is dropped whole.
//! - Resuming and adding arms read from the store whatever determines results, and refuse another engine version.
//! - The result hash is computed from the stored digests, so it is the same however many sittings a run took.
//!
//! # Where to start
//! [`Api::run`]; `Execution` in `job/execution.rs` does the work.

mod execution;
mod resumed;
mod verify;

use std::sync::atomic::AtomicBool;

use counterfoil_store::{Keep, RunRecord, Status, StoreError};

use crate::api::{Api, VERSION, threads};
use crate::dto::{ApiError, ErrorCode, RunRequest, RunSummary};
use crate::error::Answered;
use crate::planning::{CONTROL, Planned, RunOptions, STATUS_QUO};
use crate::progress::Told;
use crate::summary::summary_of;
use crate::texts;
use execution::Execution;
pub(crate) use execution::{finish, minor_units};

pub use counterfoil_store::Difference;
pub use verify::Verification;

/// What to add to which run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddArm {
    /// Policy of the new arm: a name of the library, or a path. The arm is called after the policy.
    pub policy: String,
    /// The run: an id, a unique beginning of one, or `latest`.
    pub into: String,
    /// Threads; `None`: as many as the machine has.
    pub threads: Option<u32>,
}

impl Api {
    /// Plans, runs and stores. Ends early, with a partial run, when `cancel` is raised.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] with every fault of scenario, policies and flags; [`ErrorCode::Busy`] while another run goes
    /// on; [`ErrorCode::Environment`] if the disk fails, after which the worlds that were stored are kept.
    pub fn run(
        &self,
        options: &RunOptions,
        on_progress: Told<'_>,
        cancel: &AtomicBool,
    ) -> Result<RunSummary, ApiError> {
        self.run_new(options, false, on_progress, cancel)
    }

    pub(crate) fn run_new(
        &self,
        options: &RunOptions,
        sample: bool,
        on_progress: Told<'_>,
        cancel: &AtomicBool,
    ) -> Answered<RunSummary> {
        let _held = self.claim_run()?;
        let execution = Execution::begin(options.threads.unwrap_or_else(threads));
        let planned = self.planned(options)?;
        let mut store = self.patient_writer()?;
        let run = store.create_run(&planned.new_run(options, sample))?;
        let mut done = execution.work(&mut store, &run, &planned, on_progress, cancel)?;
        if !self.trace_some(&run, &planned, options.trace, cancel)? {
            done = None;
        }
        execution.close(&mut store, &run, done.as_ref())?;
        Ok(summary_of(&store.run(run.no)?))
    }

    /// Goes on with a partial run. A finished one is answered as it is.
    ///
    /// `again` repeats scenario and flags: they must agree with the stored run; an empty scenario stands for the stored
    /// one. Threads are free.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] naming the first difference; [`ErrorCode::Version`] if another engine version began it;
    /// otherwise as [`Api::run`].
    pub fn resume(
        &self,
        run: &str,
        again: &RunOptions,
        on_progress: Told<'_>,
        cancel: &AtomicBool,
    ) -> Result<RunSummary, ApiError> {
        let _held = self.claim_run()?;
        let execution = Execution::begin(again.threads.unwrap_or_else(threads));
        let record = {
            let store = self.store()?;
            store.run_record(store.find_run_to_resume(run)?.no)?
        };
        self.agrees(&record, again)?;
        if record.run.status == Status::Complete {
            return Ok(summary_of(&record.run));
        }
        same_version(&record)?;
        let planned = Planned::from_store(&record)?;
        let mut store = self.patient_writer()?;
        let mut done = execution.work(&mut store, &record.run, &planned, on_progress, cancel)?;
        if !self.trace_some(&record.run, &planned, resumed::traced(&record.command), cancel)? {
            done = None;
        }
        execution.close(&mut store, &record.run, done.as_ref())?;
        Ok(summary_of(&store.run(record.run.no)?))
    }

    /// Adds an arm to a finished run: simulates history, control (for the truth) and the new arm, and nothing else.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] for an arm that exists, a reserved name or a partial run; [`ErrorCode::Version`] if the
    /// run was made by another version, or if control does not come out as it is stored.
    pub fn add_arm(
        &self,
        add: &AddArm,
        on_progress: Told<'_>,
        cancel: &AtomicBool,
    ) -> Result<RunSummary, ApiError> {
        let _held = self.claim_run()?;
        let execution = Execution::begin(add.threads.unwrap_or_else(threads));
        let record = self.record(&add.into)?;
        same_version(&record)?;
        let planned = Planned::from_store(&record)?;
        let source = self.policy_source(&add.policy)?;
        let arm = arm_name(&source.name)?;
        if record.run.arms.iter().any(|known| known.name == arm) {
            return Err(StoreError::ArmExists { name: arm }.into());
        }
        if record.run.status == Status::Partial {
            if let underway @ StoreError::ArmUnderway { .. } = self.store()?.unfinished(&record.run)? {
                return Err(underway.into());
            }
            let message = format!(
                "The run has {} of {} worlds, but an arm can be added to a finished run only.",
                record.run.units_done, record.run.worlds
            );
            return Err(about_run(ErrorCode::InvalidInput, &record, message).hint("Resume it first."));
        }
        let (arm, policy) = planned.added(&arm, &source)?;
        let mut store = self.patient_writer()?;
        let command = texts::with_policy(&record.command, &policy.name, &source);
        let run = store.add_arms(record.run.no, &[arm], &[policy])?;
        store.set_command(run.no, &command)?;
        let planned = Planned::from_store(&store.run_record(run.no)?)?;
        let done = execution.work(&mut store, &run, &planned, on_progress, cancel)?;
        execution.close(&mut store, &run, done.as_ref())?;
        Ok(summary_of(&store.run(run.no)?))
    }

    /// What the window asks for, in the words of a command line.
    pub(crate) fn options_of(request: &RunRequest) -> RunOptions {
        let mut options = RunOptions::new(&request.scenario);
        options.overrides.worlds = Some(i64::from(request.worlds));
        options.overrides.shoppers = Some(i64::from(request.shoppers));
        options.overrides.days = Some(request.days.to_string());
        options.overrides.seed = Some(i64::try_from(request.seed).unwrap_or(i64::MAX));
        options.overrides.policies.clone_from(&request.policies);
        options.threads = request.threads;
        options.cover_until_guess = request.cover_until_guess;
        if request.keep_all_visits {
            options.keep = Keep::Visits;
        }
        options
    }

    /// [`Api::run`] for the window.
    ///
    /// # Errors
    /// As there.
    pub fn start_run(
        &self,
        request: &RunRequest,
        on_progress: Told<'_>,
        cancel: &AtomicBool,
    ) -> Result<RunSummary, ApiError> {
        self.run(&Self::options_of(request), on_progress, cancel)
    }

    /// [`Api::resume`] for the window.
    ///
    /// # Errors
    /// As there.
    pub fn resume_run(
        &self,
        run: &str,
        on_progress: Told<'_>,
        cancel: &AtomicBool,
    ) -> Result<RunSummary, ApiError> {
        self.resume(run, &RunOptions::new(""), on_progress, cancel)
    }

    /// A stored run with its texts.
    pub(crate) fn record(&self, run: &str) -> Answered<RunRecord> {
        let store = self.store()?;
        let no = store.find_run(run)?.no;
        Ok(store.run_record(no)?)
    }
}

/// A failure that concerns one run.
pub(crate) fn about_run(code: ErrorCode, record: &RunRecord, message: impl Into<String>) -> ApiError {
    ApiError::new(code, message).at(format!("run {}", record.run.id))
}

/// Another version may simulate differently: what it began is only continued or repeated by itself.
pub(crate) fn same_version(record: &RunRecord) -> Answered<()> {
    let made_by = &record.run.engine_version;
    if made_by == VERSION {
        return Ok(());
    }
    let message = format!("The run was made by engine {made_by}, but this is {VERSION}.");
    Err(about_run(ErrorCode::Version, record, message).hint(format!(
        "Use Counterfoil {made_by}, or run the scenario again; what is stored can still be read."
    )))
}

/// Name of an arm that is called after its policy.
fn arm_name(policy: &str) -> Answered<String> {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = policy.chars().map(plain).collect();
    if [CONTROL, STATUS_QUO].contains(&name.as_str()) {
        let message =
            format!("An arm cannot be called `{name}`: that one always runs and cannot be redefined.");
        return Err(ApiError::new(ErrorCode::InvalidInput, message).hint("Rename the policy file."));
    }
    Ok(name)
}
