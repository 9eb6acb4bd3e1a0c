//! The only place of the use-cases that reads a clock. What it says reaches performance figures, estimates and the
//! column `created_at`, and nothing else: no result depends on it.

#![allow(clippy::disallowed_methods, reason = "measures and dates runs; nothing is simulated here")]

use std::sync::OnceLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use counterfoil_core::time::{Calendar, Day};

/// Nanoseconds since the first call in this process; never runs backwards.
pub(crate) fn nanoseconds() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    u64::try_from(START.get_or_init(Instant::now).elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// A stopwatch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since the start.
    pub(crate) fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

/// Now, UTC: `2026-11-20 17:42:05`; empty if the system's clock stands before 1970.
pub(crate) fn now_utc() -> String {
    let Ok(since) = SystemTime::now().duration_since(UNIX_EPOCH) else { return String::new() };
    let seconds = since.as_secs();
    let (day, second) = (seconds / 86_400, seconds % 86_400);
    let Ok(day) = u32::try_from(day) else { return String::new() };
    let (year, month, day) = Calendar { first_day_from_epoch: 0 }.date(Day(day));
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{:02}", second % 60)
}
