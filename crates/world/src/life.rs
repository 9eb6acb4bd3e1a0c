//! The loop that lives through a day, event by event in time order.

use crate::agenda::{Arrival, Occasion};
use crate::arm::ArmState;
use crate::host::Host;
use crate::visit::{OnSite, Reason};
use counterfoil_core::time::{Day, Time};

impl ArmState {
    fn midnight(&self) -> Time {
        Day(self.today.day.0 + 1).start()
    }

    /// When something happens next today; `None`: the day is over.
    #[must_use]
    pub fn next_time(&self) -> Option<Time> {
        let arrival = self.agenda.next().map(|arrival| arrival.at);
        let running = self.visits.next().map(|(at, _)| at);
        let next = match (arrival, running) {
            (Some(arrival), Some(running)) => arrival.min(running),
            (arrival, running) => arrival.or(running)?,
        };
        (next < self.midnight()).then_some(next)
    }

    /// Lives through the next thing that happens today. Does nothing when the day is over.
    pub fn step(&mut self, host: &mut impl Host) {
        let arrival = self.agenda.next().map(|arrival| (arrival.at, arrival.shopper));
        let running = self.visits.next();
        let arrival_first = match (arrival, running) {
            (Some(arrival), Some(running)) => arrival <= running,
            (arrival, _) => arrival.is_some(),
        };
        if arrival_first {
            if let Some(arrival) = self.agenda.take_next() {
                debug_assert!(arrival.at < self.midnight(), "arrivals are of today");
                self.happen(arrival, host);
            }
        } else if running.is_some_and(|(at, _)| at < self.midnight()) {
            self.continue_visit(host);
        }
    }

    /// Something that was expected today happens.
    fn happen(&mut self, Arrival { at, shopper, what }: Arrival, host: &mut impl Host) {
        let reason = match what {
            Occasion::Return(number) => return self.return_comes_back(number, at, host),
            Occasion::MessageSent(number) => return self.message_is_sent(number, at, host),
            Occasion::MessageOpened(number) => return self.message_is_opened(number, at, host),
            Occasion::NeedVisit { key, need } => Reason { key, need: Some(need), by_mail: false },
            Occasion::IdleVisit { key } => Reason { key, need: None, by_mail: false },
            Occasion::MessageVisit { key, need } => Reason { key, need, by_mail: true },
        };
        if reason.need.is_some_and(|need| !self.still_wanted(need, at)) {
            return;
        }
        let world = self.world.clone();
        let mut session = Box::new(self.new_session(&world, shopper, reason, at));
        OnSite { world: &world, arm: self, visit: &mut session, now: at, host }.arrive();
        self.visits.admit(session);
    }

    /// One step of the visit whose turn it is.
    fn continue_visit(&mut self, host: &mut impl Host) {
        let Some((now, slot, mut session)) = self.visits.take_next() else { return };
        let world = self.world.clone();
        let goes_on = OnSite { world: &world, arm: self, visit: &mut session, now, host }.advance();
        if goes_on {
            self.visits.put_back(slot, session);
        } else {
            self.visits.release(slot);
        }
    }
}
