//! What is going to happen today at a known time: somebody arrives, a message or a return comes.

use counterfoil_core::ids::{NeedIndex, ShopperId, VisitKey};
use counterfoil_core::time::{Day, Time};

/// What happens. The order of the variants is the order at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Occasion {
    /// A visit for a need.
    NeedVisit { key: VisitKey, need: NeedIndex },
    /// A visit without one.
    IdleVisit { key: VisitKey },
    /// A visit that follows a link in a message.
    MessageVisit { key: VisitKey, need: Option<NeedIndex> },
    /// Return number so much of the day comes back.
    Return(u32),
    /// Message number so much of the day goes out.
    MessageSent(u32),
    /// It is opened.
    MessageOpened(u32),
}

/// Somebody to whom something happens at a known time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrival {
    pub at: Time,
    pub shopper: ShopperId,
    pub what: Occasion,
}

/// What happens today, in order, and how far the day is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Agenda {
    arrivals: Vec<Arrival>,
    done: usize,
}

impl Agenda {
    /// A new day, on which nothing is planned yet.
    pub(crate) fn clear(&mut self) {
        self.arrivals.clear();
        self.done = 0;
    }

    /// Plans something before the day begins; [`Self::begin`] puts everything into order.
    pub(crate) fn plan(&mut self, at: Time, shopper: ShopperId, what: Occasion) {
        self.arrivals.push(Arrival { at, shopper, what });
    }

    pub(crate) fn begin(&mut self) {
        self.arrivals.sort_unstable();
    }

    /// Plans something for later today; what would come after midnight comes in the day's last minute.
    pub(crate) fn add(&mut self, day: Day, arrival: Arrival) {
        let last = Day(day.0 + 1).start() + -60_000;
        let arrival = Arrival { at: arrival.at.min(last), ..arrival };
        let place = self.done + self.arrivals[self.done..].partition_point(|other| *other <= arrival);
        self.arrivals.insert(place, arrival);
    }

    /// What happens next.
    pub(crate) fn next(&self) -> Option<&Arrival> {
        self.arrivals.get(self.done)
    }

    /// The same, and it is done.
    pub(crate) fn take_next(&mut self) -> Option<Arrival> {
        let next = self.arrivals.get(self.done).copied()?;
        self.done += 1;
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: what is planned meanwhile comes after what was planned before for the same moment, and never tomorrow.
    #[test]
    fn what_comes_up_during_the_day_takes_its_place() {
        let arrival = |ms, shopper| Arrival {
            at: Day(2).start() + ms,
            shopper: ShopperId::new(shopper),
            what: Occasion::Return(0),
        };
        let mut agenda = Agenda::default();
        [(500, 1), (100, 2), (900, 3)].into_iter().map(|(ms, who)| arrival(ms, who)).for_each(|a| {
            agenda.plan(a.at, a.shopper, a.what);
        });
        agenda.begin();
        assert_eq!(agenda.take_next(), Some(arrival(100, 2)));
        agenda.add(Day(2), arrival(500, 1));
        agenda.add(Day(2), arrival(2 * 86_400_000, 4));
        let order: Vec<u32> = std::iter::from_fn(|| agenda.take_next()).map(|a| a.shopper.number()).collect();
        assert_eq!(order, [1, 1, 3, 4]);
        assert_eq!(agenda.next(), None);
    }
}
