//! One arm living through days: its state of the world and its storefront, stepped together.

use crate::cancel::Cancelled;
use crate::history::Line;
use crate::storefront::Storefront;
use counterfoil_core::time::{Day, Time};
use counterfoil_world::{ArmState, GoOn};

/// Steps between two questions whether to go on; so many take milliseconds.
const STEPS_BETWEEN: usize = 4_096;

/// One arm under way.
pub struct ArmRun {
    /// The arm's state of the world.
    pub state: ArmState,
    /// Its storefront.
    pub shop: Storefront,
    /// The next day to begin.
    pub next_day: u32,
}

impl ArmRun {
    /// An arm that begins with `first`.
    #[must_use]
    pub fn new(state: ArmState, shop: Storefront, first: Day) -> Self {
        Self { state, shop, next_day: first.0 }
    }

    /// Begins the next day: the policy's night, its sale and messages, and what the day brings by itself.
    pub fn begin_day(&mut self) {
        let day = Day(self.next_day);
        self.next_day += 1;
        self.shop.night(day);
        let (sale, pushes) = self.shop.plan_day(day);
        let before = self.state.ledger.message_costs;
        self.state.begin_day(day, sale, &pushes);
        self.shop.books.book_costs(day, (self.state.ledger.message_costs - before).0);
    }

    /// When something happens next today.
    #[must_use]
    pub fn next_time(&self) -> Option<Time> {
        self.state.next_time()
    }

    /// Lives through the next thing that happens today.
    pub fn step(&mut self) {
        let before = self.state.ledger.message_costs;
        self.state.step(&mut self.shop);
        let cost = (self.state.ledger.message_costs - before).0;
        if cost != 0 {
            self.shop.books.book_costs(self.state.today(), cost);
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

/// Lines between two questions whether to go on; so many take milliseconds.
const LINES_BETWEEN: usize = 8_192;

/// A policy learns the whole history through its pipe.
///
/// # Errors
/// [`Cancelled`] as soon as `go_on` answers `false`.
pub(crate) fn learn_history(lines: &[Line], shop: &mut Storefront, go_on: GoOn<'_>) -> Result<(), Cancelled> {
    for (number, line) in lines.iter().enumerate() {
        if number.is_multiple_of(LINES_BETWEEN) && !go_on() {
            return Err(Cancelled);
        }
        shop.learn_history(line);
    }
    Ok(())
}
