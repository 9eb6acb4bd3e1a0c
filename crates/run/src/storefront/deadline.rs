//! Whether an answer is in time: its simulated delay decides, and in live mode the policy's own time by the clock as well.

use crate::record::{Clock, Judge, Speed};
use counterfoil_core::draw::DrawKey;
use counterfoil_core::ids::{ShopperId, VisitKey};
use counterfoil_core::luck::Luck;
use counterfoil_core::policy::{Ask, Decision};
use counterfoil_core::quantile::lognormal;
use counterfoil_scenario::model::Spread;

/// One in how many decisions is timed.
const TIMED_EVERY: u64 = 64;
const NS_PER_MS: u64 = 1_000_000;

/// A deadline, and what measures whether it is kept.
pub(super) struct Deadline {
    luck: Luck,
    latency_ms: Spread,
    deadline_ms: i64,
    pub(super) judge: Judge,
    /// Clock for the sample of measured latencies; `None` measures nothing.
    clock: Option<Clock>,
}

/// An answer of the policy, and how long it took.
pub(super) struct Timed {
    pub decision: Decision,
    /// Simulated delay on the way to the screen, milliseconds.
    pub delay_ms: i64,
    pub in_time: bool,
    /// Time the policy took by the clock, nanoseconds, where it was measured.
    pub took_ns: Option<u64>,
}

impl Deadline {
    pub(super) fn new(luck: Luck, latency_ms: Spread, deadline_ms: u32, clock: Option<Clock>) -> Self {
        Self { luck, latency_ms, deadline_ms: i64::from(deadline_ms), judge: Judge::Simulated, clock }
    }

    /// Delay of an answer: keyed by the place of the question, so it is the same for every policy.
    fn delay_ms(&self, ask: &Ask, shopper: ShopperId, visit: VisitKey) -> i64 {
        let u = self.luck.uniform(DrawKey::latency(shopper, visit, ask.luck.question()));
        lognormal(u, self.latency_ms.median, self.latency_ms.log_sd).min(f64::from(u32::MAX)) as i64
    }

    /// Asks `decide`, with a stopwatch on a sample of questions.
    pub(super) fn answer(
        &self,
        ask: &Ask,
        (shopper, visit): (ShopperId, VisitKey),
        speed: &mut Speed,
        decide: impl FnOnce() -> Decision,
    ) -> Timed {
        let delay_ms = self.delay_ms(ask, shopper, visit);
        let in_time = delay_ms <= self.deadline_ms;
        speed.decisions += 1;
        let clock = match self.judge {
            Judge::WallClock(clock) => Some(clock),
            Judge::Simulated => self.clock.filter(|_| speed.decisions.is_multiple_of(TIMED_EVERY)),
        };
        let Some(clock) = clock else {
            return Timed { decision: decide(), delay_ms, in_time, took_ns: None };
        };
        let before = clock();
        let decision = decide();
        let took_ns = clock().saturating_sub(before);
        speed.latency_ns.saturating_record(took_ns.max(1));
        let live = matches!(self.judge, Judge::WallClock(_));
        let late = live && took_ns > self.deadline_ms as u64 * NS_PER_MS;
        speed.missed += u64::from(late);
        Timed { decision, delay_ms, in_time: in_time && !late, took_ns: Some(took_ns) }
    }
}
