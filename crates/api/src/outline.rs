//! Signatures whose bodies are being written.
#![allow(unused_variables, missing_docs, clippy::unimplemented, clippy::missing_errors_doc)]

use crate::dto::*;
use crate::Api;


impl Api {
    // Runs, for the terminal.
    pub fn report_html(&self, run: &str) -> Result<String, ApiError> { unimplemented!() }
    /// One shopper under every arm of the run.
    pub fn replay_all(&self, run: &str, world: u32, shopper: u32) -> Result<ShopperReplay, ApiError> { unimplemented!() }
    // For the window.
    pub fn replay(&self, request: &ReplayRequest) -> Result<ShopperReplay, ApiError> { unimplemented!() }
    pub fn live(&self, request: &LiveRequest, on_state: &(dyn Fn(LiveState) + Sync), control: &LiveControl) -> Result<(), ApiError> { unimplemented!() }
}
