//! The same loop by the wall clock: sessions, decisions and latencies as they happen.
//!
//! # Promises
//! - It is the loop of [`crate::unit`]: the same fork, the same arm, the same steps. Unless a deadline is missed by the
//!   wall clock, the decisions are those of a run, to the bit.
//! - Pausing, changing the speed and stopping touch only the pace.
//! - The simulated delay decides as in a run; the engine's own time, measured by the clock, must also fit the deadline.
//!
//! # Where to start
//! [`Live::start`] makes the history and the fork; [`Live::pace`] runs the horizon on a tokio runtime.

use crate::cancel::Cancelled;
use crate::fork::{arm_at_fork, fork};
use crate::phase::ArmRun;
use crate::plan::{Plan, deadline_ms};
use crate::record::{Clock, Judge, Note, Speed};
use crate::tick::Watch;
use counterfoil_core::digest::Digest;
use counterfoil_core::ids::{ArmIndex, ShopperId};
use counterfoil_core::time::Time;
use std::time::Duration;
use tokio::sync::watch;

/// Speed, pause and stop, as set by the user.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Controls {
    /// Simulated seconds per second of wall clock, 1 to 10,000.
    pub speed: f64,
    /// Whether time stands still.
    pub paused: bool,
    /// Whether to end.
    pub stopped: bool,
}

impl Default for Controls {
    fn default() -> Self {
        Self { speed: 60.0, paused: false, stopped: false }
    }
}

/// What happened since the last report.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Simulated time.
    pub now: Time,
    /// Visits under way.
    pub sessions_open: usize,
    /// What the storefront saw and what was decided, with the shopper.
    pub notes: Vec<(ShopperId, Note)>,
    /// Figures so far, with measured latencies of every decision.
    pub speed: Speed,
}

/// A store in real time: one world, one arm.
pub struct Live {
    run: ArmRun,
    days_left: u32,
}

/// The first day is watched from this time on: before, there is hardly anybody to watch. Milliseconds after midnight.
const OPENS_MS: i64 = 8 * 3_600_000;
/// Longest time without a look at the controls.
const LOOK_EVERY: Duration = Duration::from_millis(50);

impl Live {
    /// Makes world 0 up to the fork, in simulated time, and puts an arm behind the counter.
    ///
    /// # Errors
    /// [`Cancelled`] as soon as `watch` answers `false`.
    pub fn start(plan: &Plan, arm: ArmIndex, clock: Clock, watch: Watch<'_>) -> Result<Self, Cancelled> {
        let fork = fork(plan, 0, None, watch)?;
        let mut run = arm_at_fork(plan, &fork, arm, None);
        run.shop.judge_by(Judge::WallClock(clock));
        run.shop.notes.feed(true);
        run.shop.speed = Speed::default();
        Ok(Self { run, days_left: plan.scenario.phases.horizon_days })
    }

    /// The deadline of the arm's policy, milliseconds.
    #[must_use]
    pub fn deadline_ms(plan: &Plan, arm: ArmIndex) -> u32 {
        deadline_ms(&plan.arm(arm).policy)
    }

    /// Paces the horizon by the wall clock until it ends or is stopped; `show` gets a frame at most every 50 ms.
    /// Returns the digest of everything that happened and the figures.
    pub async fn pace(
        mut self,
        controls: watch::Receiver<Controls>,
        mut show: impl FnMut(Frame),
    ) -> (Digest, Speed) {
        let mut opens = OPENS_MS;
        while self.days_left > 0 {
            self.days_left -= 1;
            self.run.begin_day();
            if !self.pace_day(&controls, std::mem::take(&mut opens), &mut show).await {
                break;
            }
        }
        show(self.frame());
        (self.run.shop.digest, self.run.shop.speed)
    }

    /// One day from `from_ms` after midnight on (what was before happens at once); `false` if it was stopped.
    async fn pace_day(
        &mut self,
        controls: &watch::Receiver<Controls>,
        from_ms: i64,
        show: &mut impl FnMut(Frame),
    ) -> bool {
        let start = self.run.state.today().start();
        let midnight = Time(start.0 + counterfoil_core::time::DAY_MS);
        let mut now = start + from_ms;
        while now < midnight {
            let wanted = *controls.borrow();
            if wanted.stopped {
                return false;
            }
            tokio::time::sleep(LOOK_EVERY).await;
            if wanted.paused {
                continue;
            }
            let passed = LOOK_EVERY.as_secs_f64() * 1000.0 * wanted.speed.clamp(1.0, 10_000.0);
            now = Time(now.0 + passed as i64).min(midnight);
            while self.run.next_time().is_some_and(|at| at <= now) {
                self.run.step();
            }
            let mut frame = self.frame();
            frame.now = now;
            show(frame);
        }
        true
    }

    fn frame(&mut self) -> Frame {
        let notes = self.run.shop.notes.take_feed();
        Frame {
            now: self.run.state.today().start(),
            sessions_open: self.run.state.running_visits(),
            notes,
            speed: self.run.shop.speed.clone(),
        }
    }
}
