//! A visit while it lasts.

use crate::choice::Waiting;
use crate::host::Ended;
use crate::mind::barriers::Relief;
use crate::mind::traces::TracesLeft;
use crate::node::Node;
use counterfoil_core::event::{Channel, Device, Visitor};
use counterfoil_core::facts::VisitEnd;
use counterfoil_core::ids::{DecisionNumber, NeedIndex, OfferNumber, ShopperId, VisitKey};
use counterfoil_core::policy::DecisionPoint;
use counterfoil_core::scope::Scope;
use counterfoil_core::shop::ProductId;
use counterfoil_core::time::{Day, Time};
use counterfoil_core::treatment::TreatmentId;
use std::sync::Arc;

/// What happens next in a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
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

/// Who visits, and why: settled when the visit begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Who {
    pub shopper: ShopperId,
    /// The need behind it, if there is one.
    pub need: Option<NeedIndex>,
    /// Name of the visit, the same in every arm.
    pub key: VisitKey,
    pub device: Device,
    pub channel: Channel,
    /// Consent to personalisation.
    pub consent: bool,
    pub started: Time,
    /// Noise of buying less noise of leaving, utils.
    pub noise: f64,
}

/// How far she is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Course {
    /// What happens next.
    pub step: Step,
    /// When.
    pub next_at: Time,
    /// Pages so far.
    pub page: u16,
    /// Product pages still to come.
    pub views_left: u8,
    /// Traces still to leave.
    pub traces: TracesLeft,
    /// She already was about to leave once.
    pub turned_to_go: bool,
    /// That was seen, and the storefront was asked.
    pub seen_going: bool,
    /// Failed payments.
    pub failed_payments: u8,
}

/// What she means to do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Why she will come back, if she waits.
    pub waiting: Option<Waiting>,
    /// Day on which she planned that.
    pub made_on: Day,
    /// She waits although she would have bought here without believing in deals.
    pub would_buy: bool,
}

/// A treatment on its way to the screen.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub treatment: TreatmentId,
    /// For which products an offer holds; `None`: for all.
    pub scope: Option<Arc<Scope>>,
    pub decision: DecisionNumber,
    /// When it will be shown.
    pub at: Time,
    /// Why it was asked for.
    pub point: DecisionPoint,
}

/// What reaches her from the screen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Screen {
    /// A treatment on its way.
    pub pending: Option<Pending>,
    /// Treatments shown.
    pub shown: u8,
    /// Treatments noticed.
    pub noticed: u8,
    /// Something relevant was noticed since she last weighed.
    pub news: bool,
    /// She noticed a personal offer for what she wants.
    pub offer_seen: bool,
    /// What treatments took away of barriers.
    pub relief: Relief,
}

/// The personal offer that applies in a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub treatment: TreatmentId,
    pub offer: OfferNumber,
}

/// What will be told about the visit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    /// There was a friction signal.
    pub friction: bool,
    /// A treatment was shown after it.
    pub answered: bool,
    /// Something is in the cart.
    pub carted: bool,
    /// It was put there in this visit.
    pub added: bool,
    /// When she ordered, if she did.
    pub ordered_at: Option<Time>,
    /// How it will have ended.
    pub end: VisitEnd,
}

/// A running visit.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub who: Who,
    /// What the storefront knows of her.
    pub visitor: Visitor,
    /// Product of the need, or what she looks at.
    pub product: ProductId,
    pub course: Course,
    pub plan: Plan,
    pub screen: Screen,
    pub held: Option<Held>,
    pub record: Record,
}

impl Session {
    /// A visit that begins.
    pub(crate) fn new(who: Who, visitor: Visitor, product: ProductId) -> Self {
        Self {
            who,
            visitor,
            product,
            course: Course {
                step: Step::Look,
                next_at: who.started,
                page: 0,
                views_left: 1,
                traces: TracesLeft::default(),
                turned_to_go: false,
                seen_going: false,
                failed_payments: 0,
            },
            plan: Plan { waiting: None, made_on: who.started.day(), would_buy: false },
            screen: Screen::default(),
            held: None,
            record: Record {
                friction: false,
                answered: false,
                carted: false,
                added: false,
                ordered_at: None,
                end: VisitEnd::Bounced,
            },
        }
    }

    /// When something happens next: the next step, or a treatment that arrives before it.
    pub(crate) fn due_at(&self) -> Time {
        let next = self.course.next_at;
        self.screen.pending.as_ref().map_or(next, |pending| pending.at.min(next))
    }

    /// What there is to tell about it when it ends.
    pub(crate) fn ended(&self, at: Time) -> Ended {
        Ended {
            shopper: self.who.shopper,
            key: self.who.key,
            started: self.who.started,
            ended: at,
            pages: self.course.page,
            shown: self.screen.shown,
            ordered_at: self.record.ordered_at,
            end: self.record.end,
            added: self.record.added,
            friction: self.record.friction,
            answered: self.record.answered,
            would_buy: self.plan.would_buy,
        }
    }
}
