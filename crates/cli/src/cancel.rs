//! Ctrl-C, or the system's polite request to end: the first asks the command to stop and keep what is finished; a second
//! Ctrl-C ends the process at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use anyhow::Context as _;

use crate::output::remark;

static ASKED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// The flag that Ctrl-C and SIGTERM raise.
pub(crate) fn on_ctrl_c() -> anyhow::Result<Arc<AtomicBool>> {
    if let Some(flag) = ASKED.get() {
        return Ok(Arc::clone(flag));
    }
    let flag = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&flag);
    ctrlc::set_handler(move || {
        if raised.swap(true, Ordering::SeqCst) {
            std::process::exit(3);
        }
        remark("\nStopping; press Ctrl-C again to end at once.");
    })
    .context("Ctrl-C cannot be listened for")?;
    #[cfg(unix)]
    signal_hook::flag::register(signal_hook::consts::SIGTERM, Arc::clone(&flag))
        .context("SIGTERM cannot be listened for")?;
    Ok(Arc::clone(ASKED.get_or_init(|| flag)))
}
