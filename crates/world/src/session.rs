//! A visit while it lasts.

use crate::choice::{Node, Waiting};
use counterfoil_core::event::{Channel, Device, NOBODY, Visitor};
use counterfoil_core::facts::VisitEnd;
use counterfoil_core::policy::DecisionPoint;
use counterfoil_core::scope::Scope;
use counterfoil_core::shop::ProductId;
use counterfoil_core::time::Time;
use counterfoil_core::treatment::TreatmentId;
use std::sync::Arc;

/// "This visit has no need."
pub const NO_NEED: u32 = u32::MAX;

/// What happens next in a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Looks at a product page.
    Look,
    /// Leaves one trace of a barrier.
    Trace,
    /// Weighs the product.
    Weigh,
    /// Weighs the cart.
    Cart,
    /// Starts the checkout.
    Checkout,
    /// Enters the coupon field.
    Coupon,
    /// Learns the shipping fee.
    Shipping,
    /// Pays.
    Pay,
    /// Is about to leave, coming from a node.
    LastLook(Node),
    /// The session closes.
    End,
}

/// A treatment on its way to the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// Which one.
    pub treatment: TreatmentId,
    /// For which products an offer holds; `None`: for all.
    pub scope: Option<Arc<Scope>>,
    /// Number of the decision.
    pub number: u32,
    /// When it will be shown.
    pub at: Time,
    /// When the action happened that asked for it.
    pub asked_at: Time,
    /// Why it was asked for.
    pub point: DecisionPoint,
}

/// A running visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Whose.
    pub shopper: u32,
    /// The need behind it, or [`NO_NEED`].
    pub need: u32,
    /// Key of the visit, the same in every arm.
    pub key: u32,
    /// What the storefront knows.
    pub visitor: Visitor,
    /// On what.
    pub device: Device,
    /// Where from.
    pub channel: Channel,
    /// Consent to personalisation.
    pub consent: bool,
    /// When it began.
    pub started: Time,
    /// What happens next.
    pub step: Step,
    /// When.
    pub next_at: Time,
    /// Pages so far.
    pub page: u16,
    /// Product pages still to come.
    pub views_left: u8,
    /// Product of the need, or what she looks at.
    pub product: ProductId,
    /// Noise of buying less noise of leaving, utils.
    pub noise: f64,
    /// Relief per barrier from what she noticed.
    pub relief: [f32; 5],
    /// Traces still to leave, one bit per barrier.
    pub traces: u8,
    /// The offer that applies in this visit.
    pub offer: Option<TreatmentId>,
    /// Its entry in the ledger.
    pub offer_entry: u32,
    /// A treatment on its way.
    pub pending: Option<Pending>,
    /// Treatments shown.
    pub shown: u8,
    /// Treatments noticed.
    pub noticed: u8,
    /// Something relevant was noticed since she last weighed.
    pub news: bool,
    /// She noticed a personal offer in this visit.
    pub offer_seen: bool,
    /// First friction signal, if any.
    pub friction: bool,
    /// A treatment was shown after a friction signal.
    pub answered: bool,
    /// Something is in the cart.
    pub carted: bool,
    /// Something was put into the cart in this visit.
    pub added: bool,
    /// She already was about to leave once.
    pub last_look_done: bool,
    /// The exit gesture was seen and the storefront was asked.
    pub friction_asked: bool,
    /// Payment attempts.
    pub attempts: u8,
    /// Utility lost by failed payments.
    pub payment_pain: f64,
    /// Why she will come back, if she waits.
    pub plan: Option<Waiting>,
    /// Day on which she planned that.
    pub planned_on: u32,
    /// When she ordered, if she did.
    pub ordered_at: Option<Time>,
    /// She waits although she would have bought here without believing in deals.
    pub would_buy: bool,
    /// How it will have ended.
    pub end: VisitEnd,
}

/// What a host learns about a finished visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Whose.
    pub shopper: u32,
    /// Key of the visit.
    pub key: u32,
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

impl Session {
    /// Whether the visitor is known by customer number.
    #[must_use]
    pub fn known(&self) -> bool {
        self.visitor.customer != NOBODY
    }
    /// When something happens next: the next step or a treatment that arrives before it.
    #[must_use]
    pub fn due_at(&self) -> Time {
        self.pending.as_ref().map_or(self.next_at, |pending| pending.at.min(self.next_at))
    }
}
