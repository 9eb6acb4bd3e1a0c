//! Signatures whose bodies are being written.
#![allow(unused_variables, missing_docs, clippy::unimplemented, clippy::missing_errors_doc)]

use std::sync::atomic::AtomicBool;
use std::io::Write;

use crate::dto::*;
use crate::{AddArm, Answer, Api, Document, RunOptions, RunsDocument, Verification};

type Told<'a> = &'a (dyn Fn(Progress) + Sync);

impl Api {
    // Runs, for the terminal.
    pub fn run(&self, options: &RunOptions, on_progress: Told<'_>, cancel: &AtomicBool) -> Result<RunSummary, ApiError> { unimplemented!() }
    /// `again`: SCENARIO and flags that were repeated and must agree (scenario may be empty); threads are free.
    pub fn resume(&self, run: &str, again: &RunOptions, on_progress: Told<'_>, cancel: &AtomicBool) -> Result<RunSummary, ApiError> { unimplemented!() }
    pub fn add_arm(&self, add: &AddArm, on_progress: Told<'_>, cancel: &AtomicBool) -> Result<RunSummary, ApiError> { unimplemented!() }
    pub fn verify(&self, run: &str, threads: Option<u32>, on_progress: Told<'_>, cancel: &AtomicBool) -> Result<Verification, ApiError> { unimplemented!() }
    pub fn document(&self, run: &str) -> Result<Document, ApiError> { unimplemented!() }
    pub fn runs_document(&self) -> Result<RunsDocument, ApiError> { unimplemented!() }
    pub fn sql(&self, run: Option<&str>, sql: &str, limit: usize) -> Result<Answer, ApiError> { unimplemented!() }
    /// CSV of one table (`counterfoil_store::EXPORTS`).
    pub fn export_table(&self, run: &str, table: &str, out: &mut dyn Write) -> Result<(), ApiError> { unimplemented!() }
    pub fn report_html(&self, run: &str) -> Result<String, ApiError> { unimplemented!() }
    /// One shopper under every arm of the run.
    pub fn replay_all(&self, run: &str, world: u32, shopper: u32) -> Result<ShopperReplay, ApiError> { unimplemented!() }
    pub fn summary(&self, run: &str) -> Result<RunSummary, ApiError> { unimplemented!() }
    pub fn undelete_run(&self, run: &str) -> Result<(), ApiError> { unimplemented!() }
    // For the window.
    pub fn estimate(&self, request: &RunRequest) -> Result<Estimate, ApiError> { unimplemented!() }
    pub fn start_run(&self, request: &RunRequest, on_progress: Told<'_>, cancel: &AtomicBool) -> Result<RunSummary, ApiError> { unimplemented!() }
    pub fn resume_run(&self, run: &str, on_progress: Told<'_>, cancel: &AtomicBool) -> Result<RunSummary, ApiError> { unimplemented!() }
    pub fn open_sample(&self, on_progress: Told<'_>, cancel: &AtomicBool) -> Result<RunSummary, ApiError> { unimplemented!() }
    pub fn list_runs(&self) -> Result<Vec<RunSummary>, ApiError> { unimplemented!() }
    pub fn delete_run(&self, run: &str) -> Result<(), ApiError> { unimplemented!() }
    pub fn progress_figure(&self, curves: &[LiveCurve], currency: &str, theme: Theme) -> Result<Figure, ApiError> { unimplemented!() }
    pub fn comparison(&self, request: &ComparisonRequest) -> Result<Comparison, ApiError> { unimplemented!() }
    pub fn figure(&self, request: &FigureRequest) -> Result<Figure, ApiError> { unimplemented!() }
    pub fn export_figure(&self, request: &FigureRequest, format: ExportFormat) -> Result<String, ApiError> { unimplemented!() }
    pub fn export_differences(&self, run: &str) -> Result<String, ApiError> { unimplemented!() }
    pub fn store_guess(&self, run: &str, guess: &Guess) -> Result<(), ApiError> { unimplemented!() }
    pub fn shoppers(&self, query: &ShopperQuery) -> Result<Vec<ShopperHit>, ApiError> { unimplemented!() }
    pub fn replay(&self, request: &ReplayRequest) -> Result<ShopperReplay, ApiError> { unimplemented!() }
    pub fn live(&self, request: &LiveRequest, on_state: &(dyn Fn(LiveState) + Sync), control: &LiveControl) -> Result<(), ApiError> { unimplemented!() }
}
