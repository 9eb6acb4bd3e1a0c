//! What a keeper writes down beside the facts: notes about people who are followed, and figures about speed.
//!
//! Nothing here enters a result: notes are for looking, speed is for knowing the machine.

use counterfoil_core::event::Event;
use counterfoil_core::policy::{Ask, Decision};
use hdrhistogram::Histogram;

/// A clock that is read from outside the simulated crates: nanoseconds from any fixed moment.
pub type Clock = fn() -> u64;

/// What is recorded about one followed shopper.
#[derive(Clone, Debug)]
pub enum Note {
    /// The storefront saw something.
    Event(Event),
    /// The policy answered.
    Decision(Box<Answered>),
}

/// One answer of the policy, with its full trace.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The question.
    pub ask: Ask,
    /// The answer.
    pub decision: Decision,
    /// Simulated delay on the way to the screen, milliseconds.
    pub delay_ms: i64,
    /// Whether it was in time; if not, the safe default was shown.
    pub in_time: bool,
    /// Time the policy took by the clock, nanoseconds, where it was measured.
    pub took_ns: Option<u64>,
}

/// How the keeper's answers are judged.
#[derive(Clone, Copy, Debug)]
pub enum Judge {
    /// By the simulated delay alone.
    Simulated,
    /// Also by the wall clock: the engine's own time counts.
    WallClock(Clock),
}

/// Speed figures: no part of any result.
#[derive(Clone, Debug)]
pub struct Speed {
    /// Storefront events.
    pub events: u64,
    /// Sessions ended.
    pub sessions: u64,
    /// Decisions asked.
    pub decisions: u64,
    /// Measured time of a sample of decisions, nanoseconds.
    pub latency_ns: Histogram<u64>,
    /// Decisions that missed their deadline by the wall clock (live only).
    pub missed: u64,
}

impl Default for Speed {
    fn default() -> Self {
        let latency_ns = Histogram::new_with_bounds(1, 60_000_000_000, 3).expect("bounds are valid");
        Self { events: 0, sessions: 0, decisions: 0, latency_ns, missed: 0 }
    }
}

impl Speed {
    /// Adds the figures of another part of the run.
    pub fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.sessions += other.sessions;
        self.decisions += other.decisions;
        self.missed += other.missed;
        self.latency_ns.add(&other.latency_ns).expect("histograms have the same bounds");
    }
}
