//! Ctrl-C, or the system's polite request to end: a command that keeps what is finished is asked to stop by the first, and
//! ended at once by a second Ctrl-C; every other command, and one that has not begun, ends at once with exit code 3.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use anyhow::Context as _;

use crate::output::remark;

static ASKED: OnceLock<Arc<AtomicBool>> = OnceLock::new();
/// Until a command listens, the first request ends the process.
static ENDS_AT_ONCE: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Before anything else: no signal ends the process without an exit code of ours, and a file that may not grow any more is
/// an error of writing (SIGXFSZ would end the process without a word).
pub(crate) fn stand_by() -> anyhow::Result<()> {
    let (flag, at_once) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(true)));
    let (raised, ends) = (Arc::clone(&flag), Arc::clone(&at_once));
    ctrlc::set_handler(move || {
        if ends.load(Ordering::SeqCst) || raised.swap(true, Ordering::SeqCst) {
            std::process::exit(3);
        }
        remark("\nStopping; press Ctrl-C again to end at once.");
    })
    .context("Ctrl-C cannot be listened for")?;
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGTERM, SIGXFSZ};
        use signal_hook::flag::{register, register_conditional_shutdown};
        register_conditional_shutdown(SIGTERM, 3, Arc::clone(&at_once))
            .and_then(|_| register(SIGTERM, Arc::clone(&flag)))
            .context("SIGTERM cannot be listened for")?;
        register(SIGXFSZ, Arc::default()).context("SIGXFSZ cannot be listened for")?;
    }
    ASKED.get_or_init(|| flag);
    ENDS_AT_ONCE.get_or_init(|| at_once);
    Ok(())
}

/// The flag that Ctrl-C and SIGTERM raise from now on.
pub(crate) fn on_ctrl_c() -> Arc<AtomicBool> {
    if let Some(at_once) = ENDS_AT_ONCE.get() {
        at_once.store(false, Ordering::SeqCst);
    }
    Arc::clone(ASKED.get_or_init(Arc::default))
}
