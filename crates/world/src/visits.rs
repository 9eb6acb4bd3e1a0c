//! The visits that are under way in an arm, and which of them goes on next.

use crate::session::Session;
use counterfoil_core::ids::{SessionNumber, ShopperId};
use counterfoil_core::time::Time;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Where a running visit waits for its next step. It is used again when the visit is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot(u32);

/// Running visits. Each waits in its slot; the heap holds running ones only, so that it stays small.
#[derive(Clone, Debug, Default)]
pub(crate) struct Visits {
    waiting: Vec<Option<Box<Session>>>,
    free: Vec<Slot>,
    queue: BinaryHeap<Reverse<(Time, ShopperId, Slot)>>,
    begun: u32,
}

impl Visits {
    /// The number of a session that begins now.
    pub(crate) fn next_number(&mut self) -> SessionNumber {
        self.begun += 1;
        SessionNumber::new(self.begun - 1)
    }

    /// A visit has begun and waits for its next step.
    pub(crate) fn admit(&mut self, session: Box<Session>) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.waiting.push(None);
            Slot(self.waiting.len() as u32 - 1)
        });
        self.put_back(slot, session);
    }

    /// A visit waits for its next step again.
    pub(crate) fn put_back(&mut self, slot: Slot, session: Box<Session>) {
        self.queue.push(Reverse((session.due_at(), session.who.shopper, slot)));
        self.waiting[slot.0 as usize] = Some(session);
    }

    /// A visit is over.
    pub(crate) fn release(&mut self, slot: Slot) {
        self.free.push(slot);
    }

    /// When, and to whom, something happens next.
    pub(crate) fn next(&self) -> Option<(Time, ShopperId)> {
        self.queue.peek().map(|Reverse((at, shopper, _))| (*at, *shopper))
    }

    /// The visit that goes on next, taken out of its slot, and when it does.
    pub(crate) fn take_next(&mut self) -> Option<(Time, Slot, Box<Session>)> {
        let Reverse((at, _, slot)) = self.queue.pop()?;
        let session = self.waiting[slot.0 as usize].take().expect("who is in the queue waits in a slot");
        Some((at, slot, session))
    }

    /// How many there are.
    pub(crate) fn running(&self) -> usize {
        self.queue.len()
    }

    /// All of them.
    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = &mut Session> {
        self.waiting.iter_mut().flatten().map(|session| &mut **session)
    }
}
