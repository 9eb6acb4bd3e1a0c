//! The handle on all use-cases: one store, one library, one run at a time.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use counterfoil_store::{Mode, RunNo, Store};

use crate::dto::{
    About, ApiError, Dial, DialChange, ErrorCode, PolicySummary, ScenarioSummary, SourceText, TextError,
    TextKind,
};
use crate::error::Answered;
use crate::library::Library;
use crate::places::Places;

/// Version of the program: stands in every stamp, and a stored run is only continued by the one that began it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// All use-cases on one store. Shared between threads; a run or a replay never keeps the others waiting.
///
/// Nothing is held open between two questions: whatever lies at the store's place is read, and a file that somebody puts
/// there meanwhile is safe.
pub struct Api {
    places: Places,
    library: Library,
    writes: bool,
    running: AtomicBool,
    watching: AtomicBool,
    deleted: Mutex<Vec<(String, RunNo)>>,
}

/// Holds a flag up until it is dropped.
pub(crate) struct Held<'a>(&'a AtomicBool);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

impl Api {
    /// Opens the store at `store`, else at `$COUNTERFOIL_STORE`, else the user's; makes it where there is none.
    ///
    /// # Errors
    /// [`ErrorCode::Store`] for a file that is not ours, newer, damaged or read-only; [`ErrorCode::Environment`] where the
    /// disk or another process is in the way. Nothing is changed then.
    pub fn open(store: Option<&Path>) -> Result<Self, ApiError> {
        let places = Places::find(store)?;
        drop(Store::open(&places.store, Mode::Create)?);
        Ok(Self::on(places, true))
    }

    /// The same for commands that only read: works on files, folders and media that one may not write. Nothing is opened
    /// before it is asked for, and nothing is made: a store that is not there is an error of the first question.
    ///
    /// # Errors
    /// [`ErrorCode::Environment`] if there is no home folder to look in.
    pub fn read(store: Option<&Path>) -> Result<Self, ApiError> {
        Ok(Self::on(Places::find(store)?, false))
    }

    /// The same for commands that change a store which has to be there.
    ///
    /// # Errors
    /// As [`Api::open`], and [`ErrorCode::Store`] for a store that is missing.
    pub fn change(store: Option<&Path>) -> Result<Self, ApiError> {
        let places = Places::find(store)?;
        drop(Store::open(&places.store, Mode::ReadWrite)?);
        Ok(Self::on(places, true))
    }

    fn on(places: Places, writes: bool) -> Self {
        let library = Library::new(places.scenarios.clone());
        let (running, watching) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { places, library, writes, running, watching, deleted: Mutex::default() }
    }

    /// Where store and scenarios lie.
    #[must_use]
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The scenarios and policies that are known by name.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// The store, for reading.
    pub(crate) fn store(&self) -> Answered<Store> {
        Ok(Store::open(&self.places.store, Mode::ReadOnly)?)
    }

    /// Whether what was looked at is kept in the store.
    pub(crate) fn keeps(&self) -> bool {
        self.writes
    }

    /// Keeps in mind what a deleted run was called.
    pub(crate) fn remember_deleted(&self, run: &str, no: RunNo) {
        self.deleted.lock().unwrap_or_else(PoisonError::into_inner).push((run.to_owned(), no));
    }

    /// The run that was deleted last under this name by this handle.
    pub(crate) fn deleted(&self, run: &str) -> Option<RunNo> {
        let deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner);
        deleted.iter().rev().find(|(name, _)| name == run).map(|(_, no)| *no)
    }

    /// The store, for changes.
    pub(crate) fn writer(&self) -> Answered<Store> {
        Ok(Store::open(&self.places.store, Mode::ReadWrite)?)
    }

    /// The store, for the thread that writes a run: it waits for others rather than losing a world.
    pub(crate) fn patient_writer(&self) -> Answered<Store> {
        const WAIT_SECONDS: u64 = 600;
        let mut store = Store::open(&self.places.store, Mode::Create)?;
        store.wait_for_others(WAIT_SECONDS)?;
        Ok(store)
    }

    /// Claims the one place for a run.
    pub(crate) fn claim_run(&self) -> Answered<Held<'_>> {
        claim(&self.running, "A run is already going on.", "Wait for it, or cancel it.")
    }

    /// Claims the one place for a live session.
    pub(crate) fn claim_live(&self) -> Answered<Held<'_>> {
        claim(&self.watching, "A live session is already going on.", "Stop it first.")
    }

    /// The program and where it keeps its things.
    ///
    /// # Errors
    /// None.
    pub fn about(&self) -> Result<About, ApiError> {
        Ok(About {
            version: VERSION.to_owned(),
            store: self.places.store.display().to_string(),
            scenarios: self.places.scenarios.display().to_string(),
            threads: threads(),
        })
    }
}

/// What the window asks of the library, by the names of its commands.
impl Api {
    /// See [`Library::scenarios`].
    ///
    /// # Errors
    /// As there.
    pub fn list_scenarios(&self) -> Result<Vec<ScenarioSummary>, ApiError> {
        self.library.scenarios()
    }

    /// See [`Library::policies`].
    ///
    /// # Errors
    /// As there.
    pub fn list_policies(&self) -> Result<Vec<PolicySummary>, ApiError> {
        self.library.policies()
    }

    /// See [`Library::read`].
    ///
    /// # Errors
    /// As there.
    pub fn read_text(&self, kind: TextKind, name: &str) -> Result<SourceText, ApiError> {
        self.library.read(kind, name)
    }

    /// See [`Library::validate`].
    ///
    /// # Errors
    /// None: faults are the answer.
    pub fn validate_text(&self, kind: TextKind, name: &str, text: &str) -> Result<Vec<TextError>, ApiError> {
        Ok(self.library.validate(kind, name, text))
    }

    /// See [`Library::save`].
    ///
    /// # Errors
    /// As there.
    pub fn save_text(&self, kind: TextKind, name: &str, text: &str) -> Result<SourceText, ApiError> {
        self.library.save(kind, name, text)
    }

    /// See [`Library::duplicate`].
    ///
    /// # Errors
    /// As there.
    pub fn duplicate_text(&self, kind: TextKind, name: &str) -> Result<SourceText, ApiError> {
        self.library.duplicate(kind, name)
    }

    /// See [`Library::delete`].
    ///
    /// # Errors
    /// As there.
    pub fn delete_text(&self, kind: TextKind, name: &str) -> Result<(), ApiError> {
        self.library.delete(kind, name)
    }

    /// See [`Library::dials`].
    ///
    /// # Errors
    /// As there.
    pub fn dials(&self, scenario: &str) -> Result<Vec<Dial>, ApiError> {
        self.library.dials(scenario)
    }

    /// See [`Library::set_dial`].
    ///
    /// # Errors
    /// As there.
    pub fn set_dial(&self, scenario: &str, dial: &str, value: f64) -> Result<DialChange, ApiError> {
        self.library.set_dial(scenario, dial, value)
    }
}

fn claim<'a>(flag: &'a AtomicBool, message: &str, hint: &str) -> Answered<Held<'a>> {
    if flag.swap(true, Ordering::SeqCst) {
        return Err(ApiError::new(ErrorCode::Busy, message).hint(hint));
    }
    Ok(Held(flag))
}

/// Threads that a run takes when none are given: as many as the machine has.
pub(crate) fn threads() -> u32 {
    std::thread::available_parallelism().map_or(1, |count| u32::try_from(count.get()).unwrap_or(u32::MAX))
}
