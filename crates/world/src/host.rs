//! Whoever runs the shop, as the world knows it: somebody who is told what happens and says what to show.

use counterfoil_core::event::Event;
use counterfoil_core::facts::VisitEnd;
use counterfoil_core::ids::{DecisionNumber, ShopperId, VisitKey};
use counterfoil_core::policy::Ask;
use counterfoil_core::scope::Scope;
use counterfoil_core::time::Time;
use counterfoil_core::treatment::TreatmentId;
use std::sync::Arc;

/// The answer of a host to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What to show, if anything.
    pub treatment: Option<TreatmentId>,
    /// For which products an offer holds; `None`: for all.
    pub scope: Option<Arc<Scope>>,
    /// How long after the action it is shown, milliseconds.
    pub delay_ms: i64,
}

/// Whoever runs the shop.
pub trait Host {
    /// Something happened that a storefront sees. `shopper` is for records and luck, not for policies.
    fn event(&mut self, event: &Event, shopper: ShopperId);
    /// A decision point in a visit.
    fn ask(&mut self, ask: &Ask, shopper: ShopperId, visit: VisitKey) -> Answer;
    /// The answer to a question never reached the screen: she was gone, or a newer one took its place.
    fn dropped(&mut self, _question: DecisionNumber) {}
    /// A visit ended.
    fn ended(&mut self, visit: &Ended);
}

/// What a host learns about a finished visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Whose.
    pub shopper: ShopperId,
    /// Its name, the same in every arm.
    pub key: VisitKey,
    /// When it began.
    pub started: Time,
    /// When it ended.
    pub ended: Time,
    /// Pages.
    pub pages: u16,
    /// Treatments shown.
    pub shown: u8,
    /// When she ordered, if she did.
    pub ordered_at: Option<Time>,
    /// How it ended.
    pub end: VisitEnd,
    /// Something was put into the cart in this visit.
    pub added: bool,
    /// There was a friction signal.
    pub friction: bool,
    /// A treatment was shown after it.
    pub answered: bool,
    /// She waits although she would have bought here without believing in deals.
    pub would_buy: bool,
}
