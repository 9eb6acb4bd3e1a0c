//! What a storefront writes down beside the facts: notes about people who are followed, and figures about speed.
//!
//! Nothing here enters a result: notes are for looking, speed is for knowing the machine.

use counterfoil_core::event::Event;
use counterfoil_core::ids::ShopperId;
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

/// Who is followed, and what was noted. Following changes no answer.
#[derive(Debug, Default)]
pub struct Notes {
    followed: Option<(ShopperId, Vec<Note>)>,
    feed: Option<Vec<(ShopperId, Note)>>,
    feed_is_traced: bool,
}

impl Notes {
    /// Notes everything about one shopper from now on, with traces.
    pub fn follow(&mut self, shopper: ShopperId) {
        self.followed = Some((shopper, Vec::new()));
    }

    /// What was noted about her.
    pub fn take_followed(&mut self) -> Vec<Note> {
        self.followed.take().map(|(_, notes)| notes).unwrap_or_default()
    }

    /// Notes everything about everybody from now on, with or without traces; to be taken out now and then.
    pub fn feed(&mut self, traced: bool) {
        (self.feed, self.feed_is_traced) = (Some(Vec::new()), traced);
    }

    /// What was noted since the last time.
    pub fn take_feed(&mut self) -> Vec<(ShopperId, Note)> {
        self.feed.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Whether she is followed.
    pub(crate) fn follows(&self, shopper: ShopperId) -> bool {
        self.followed.as_ref().is_some_and(|(who, _)| *who == shopper)
    }

    /// Whether her decisions are to be explained.
    pub(crate) fn wants_trace(&self, shopper: ShopperId) -> bool {
        self.follows(shopper) || (self.feed.is_some() && self.feed_is_traced)
    }

    /// Notes something about her, if anybody wants to know.
    pub(crate) fn take(&mut self, shopper: ShopperId, note: impl FnOnce() -> Note) {
        let followed = self.follows(shopper);
        if !followed && self.feed.is_none() {
            return;
        }
        let note = note();
        if let Some((_, notes)) = self.followed.as_mut().filter(|_| followed) {
            notes.push(note.clone());
        }
        if let Some(feed) = &mut self.feed {
            feed.push((shopper, note));
        }
    }
}

/// How answers are judged.
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
