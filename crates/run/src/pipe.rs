//! The information pipe: how late and how complete a policy's view of the storefront is.
//!
//! What the shop's own systems write down (orders, returns, messages sent) may come late and is never lost: the books of
//! offers rest on it. What a browser has to tell can be lost.

use counterfoil_core::draw::DrawKey;
use counterfoil_core::event::{Event, EventKind};
use counterfoil_core::ids::ShopperId;
use counterfoil_core::luck::Luck;
use counterfoil_core::policy::Policy;
use counterfoil_core::time::Time;
use counterfoil_scenario::model::Pipe as Settings;
use std::collections::VecDeque;

/// Events on their way from the storefront to one policy.
#[derive(Clone, Debug)]
pub struct Pipe {
    luck: Luck,
    loss: f64,
    delay_ms: i64,
    waiting: VecDeque<Event>,
}

/// Whether an event comes from the shop's own systems and not from a browser.
fn of_the_shops_own_books(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::OrderPlaced { .. } | EventKind::OrderReturned { .. } | EventKind::MessageSent { .. }
    )
}

impl Pipe {
    /// An empty pipe.
    #[must_use]
    pub fn new(settings: &Settings, luck: Luck) -> Self {
        Self { luck, loss: settings.loss.fraction(), delay_ms: settings.delay_ms, waiting: VecDeque::new() }
    }

    /// Whether an event is lost: keyed by the moment and the visitor, so that it is the same in every arm.
    #[must_use]
    pub fn loses(&self, event: &Event, shopper: ShopperId) -> bool {
        let draw = || self.luck.uniform(DrawKey::lost_event(shopper, event.at, event.kind.words().0));
        self.loss > 0.0 && !of_the_shops_own_books(&event.kind) && draw() < self.loss
    }

    /// Sends an event on its way; without delay it arrives at once.
    pub fn send(&mut self, event: &Event, shopper: ShopperId, policy: &mut dyn Policy) {
        if self.loses(event, shopper) {
            return;
        }
        if self.delay_ms == 0 {
            policy.observe(event);
        } else {
            self.waiting.push_back(*event);
        }
    }

    /// Lets everything arrive that is due by `now`.
    pub fn arrive(&mut self, now: Time, policy: &mut dyn Policy) {
        while self.waiting.front().is_some_and(|event| event.at + self.delay_ms <= now) {
            if let Some(event) = self.waiting.pop_front() {
                policy.observe(&event);
            }
        }
    }
}
