//! One arm living through days: the town and its keeper, stepped together.

use crate::keeper::Keeper;
use crate::unit::Cancelled;
use counterfoil_core::time::{Day, Time};
use counterfoil_world::{GoOn, Town};

/// Steps between two questions whether to go on; so many take milliseconds.
const STEPS_BETWEEN: usize = 4_096;

/// One arm under way.
pub struct ArmRun {
    /// The arm's state of the world.
    pub town: Town,
    /// Its keeper.
    pub keeper: Keeper,
    /// The next day to begin.
    pub next_day: u32,
}

impl ArmRun {
    /// An arm that begins with `first`.
    #[must_use]
    pub fn new(town: Town, keeper: Keeper, first: Day) -> Self {
        Self { town, keeper, next_day: first.0 }
    }

    /// Begins the next day: the policy's night, its sale and messages, and what the day brings by itself.
    pub fn begin_day(&mut self) {
        let day = Day(self.next_day);
        self.next_day += 1;
        self.keeper.night(day);
        let (sale, pushes) = self.keeper.plan_day(day);
        let before = self.town.ledger.message_costs;
        self.town.begin_day(day, sale, &pushes);
        self.book_message_costs(day, (self.town.ledger.message_costs - before).0);
    }

    fn book_message_costs(&mut self, day: Day, minor: i64) {
        let start = self.town.world().shop.horizon_start.0;
        if let Some(fact) = day.0.checked_sub(start).and_then(|d| self.keeper.daily.get_mut(d as usize)) {
            fact.contribution -= minor;
        }
    }

    /// When something happens next today.
    #[must_use]
    pub fn next_time(&self) -> Option<Time> {
        self.town.next_time()
    }

    /// Lives through the next thing that happens today.
    pub fn step(&mut self) {
        let before = self.town.ledger.message_costs;
        self.town.step(&mut self.keeper);
        let cost = (self.town.ledger.message_costs - before).0;
        if cost != 0 {
            self.book_message_costs(self.town.today(), cost);
        }
    }

    /// Lives through one whole day.
    pub fn day(&mut self) {
        self.day_unless(&mut || true).expect("nobody cancels");
    }

    /// The same for somebody who may cancel meanwhile; the day is then not over, and of no use any more.
    ///
    /// # Errors
    /// [`Cancelled`] as soon as `go_on` answers `false`.
    pub fn day_unless(&mut self, go_on: GoOn<'_>) -> Result<(), Cancelled> {
        self.begin_day();
        for step in 0_usize.. {
            if self.next_time().is_none() {
                break;
            }
            if step.is_multiple_of(STEPS_BETWEEN) && !go_on() {
                return Err(Cancelled);
            }
            self.step();
        }
        Ok(())
    }
}
