//! What a decision maker may see and what it may answer: the trait [`Policy`].
//!
//! # Promises
//! - A policy sees [`Event`]s (through the information pipe), the public [`crate::Shop`] and its own policy file. It never
//!   sees a need, a trait, a belief or a utility; the types for those are in another crate that policies do not depend on.
//! - Its random draws come from [`PolicyLuck`], keyed by place, so that adding a policy changes nothing for another.
//! - Simulated time is in the arguments; a policy that reads a clock breaks replay.
//!
//! # Where to start
//! [`Policy::observe`] and [`Policy::decide`]; `examples/own_policy.rs` is a complete policy in under 40 lines.

use crate::digest::Digest;
use crate::event::{Event, Visitor};
use crate::ids::{CustomerId, DecisionNumber};
use crate::luck::PolicyLuck;
use crate::money::Money;
use crate::scope::Scope;
use crate::shop::ProductId;
use crate::time::{Day, Time};
use crate::treatment::{TREATMENTS_MAX, TreatmentId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Why a decision is asked for. At most one per page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DecisionPoint {
    /// A session began.
    SessionStart,
    /// A product page.
    ProductPage,
    /// The cart changed.
    CartChange,
    /// A checkout step.
    Checkout,
    /// The coupon field was entered.
    CouponField,
    /// A payment failed.
    PaymentFailed,
    /// 30 seconds without an action.
    Stall,
    /// She is about to leave.
    ExitIntent,
}

impl DecisionPoint {
    /// Name in traces and baselines.
    #[must_use]
    pub fn name(self) -> &'static str {
        [
            "session-start",
            "product-page",
            "cart-change",
            "checkout",
            "coupon-field",
            "payment-failed",
            "stall",
            "exit-intent",
        ][self as usize]
    }
}

/// One question to a policy.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// The moment of the action that asks.
    pub at: Time,
    /// Who, as far as the shop knows.
    pub visitor: Visitor,
    /// Why.
    pub point: DecisionPoint,
    /// The product on the page or in the cart, if any.
    pub product: Option<ProductId>,
    /// Units of it in the cart; one while nothing is in the cart.
    pub quantity: u32,
    /// Goods in the cart at list price (zero before the first add).
    pub cart_goods: Money,
    /// Whether the storefront may use this visitor's data at all.
    pub consent: bool,
    /// Number of the decision within the arm.
    pub number: DecisionNumber,
    /// The policy's own draws at this place.
    pub luck: PolicyLuck,
    /// Whether a full trace is wanted (slower; never changes the answer).
    pub trace: bool,
}

/// The stage of the engine at which something was settled, in the order of the pipeline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Stage {
    /// Validation, consent.
    #[default]
    Intake,
    /// Who is it?
    Identity,
    /// Features.
    Profile,
    /// Mission, readiness, barrier.
    Intent,
    /// Which treatments are eligible?
    Candidates,
    /// What is each worth?
    Value,
    /// What is forbidden?
    Guardrails,
    /// Which one wins?
    Arbitrate,
    /// Issue, reserve, redeem.
    Ledger,
    /// Deadline and safe default.
    Deliver,
    /// What was learned?
    Learn,
}

impl Stage {
    /// Name in traces and baselines.
    #[must_use]
    pub fn name(self) -> &'static str {
        [
            "intake",
            "identity",
            "profile",
            "intent",
            "candidates",
            "value",
            "guardrails",
            "arbitrate",
            "ledger",
            "deliver",
            "learn",
        ][self as usize]
    }
}

/// What became of one treatment in one decision: the winner's reason and every loser's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// The policy does not name this treatment.
    #[default]
    NotInPolicy,
    /// It was shown because it was worth most.
    Won,
    /// It was shown to learn.
    Explored,
    /// It was shown because the table or the rule says so.
    Assigned,
    /// Its eligibility rule does not hold here.
    NotEligible,
    /// It does not apply at this decision point.
    WrongMoment,
    /// No consent: nothing may be personalised.
    NoConsent,
    /// The shopper or session is held out.
    Holdout,
    /// Its expected incremental contribution is not above zero.
    NotWorthIt,
    /// Another one is worth more.
    Outbid,
    /// The order's margin would fall below the floor.
    MarginFloor,
    /// An offer or sale already applies and offers do not stack.
    Stacking,
    /// Shown too often.
    FrequencyCap,
    /// Too many changes in this session.
    SessionCap,
    /// The budget is spent.
    Budget,
    /// The answer came after the deadline.
    Late,
    /// The order is below the smallest order of the offer.
    SmallestOrder,
    /// The segment's table names another treatment or none.
    NotInTable,
}

impl Reason {
    /// All reasons, in the order of their codes.
    pub const ALL: [Self; 18] = [
        Self::NotInPolicy,
        Self::Won,
        Self::Explored,
        Self::Assigned,
        Self::NotEligible,
        Self::WrongMoment,
        Self::NoConsent,
        Self::Holdout,
        Self::NotWorthIt,
        Self::Outbid,
        Self::MarginFloor,
        Self::Stacking,
        Self::FrequencyCap,
        Self::SessionCap,
        Self::Budget,
        Self::Late,
        Self::SmallestOrder,
        Self::NotInTable,
    ];
    /// Name in traces and baselines.
    #[must_use]
    pub fn name(self) -> &'static str {
        [
            "not-in-policy",
            "won",
            "explored",
            "assigned",
            "not-eligible",
            "wrong-moment",
            "no-consent",
            "holdout",
            "not-worth-it",
            "outbid",
            "margin-floor",
            "stacking",
            "frequency-cap",
            "session-cap",
            "budget",
            "late",
            "smallest-order",
            "not-in-table",
        ][self as usize]
    }
    /// The stage that gives this reason.
    #[must_use]
    pub fn stage(self) -> Stage {
        match self {
            Self::NoConsent => Stage::Intake,
            Self::NotInPolicy
            | Self::NotEligible
            | Self::WrongMoment
            | Self::NotInTable
            | Self::SmallestOrder => Stage::Candidates,
            Self::NotWorthIt => Stage::Value,
            Self::MarginFloor | Self::Stacking | Self::FrequencyCap | Self::SessionCap => Stage::Guardrails,
            Self::Won | Self::Explored | Self::Assigned | Self::Holdout | Self::Outbid => Stage::Arbitrate,
            Self::Budget => Stage::Ledger,
            Self::Late => Stage::Deliver,
        }
    }
}

/// One candidate in a trace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidateTrace {
    /// Which treatment.
    pub treatment: TreatmentId,
    /// Expected incremental contribution, minor units; `None` if it was never valued.
    pub value_minor: Option<f64>,
    /// Standard deviation of that value, minor units.
    pub value_sd_minor: Option<f64>,
    /// What it would cost if redeemed, minor units.
    pub cost: Money,
    /// What became of it.
    pub reason: Reason,
    /// The same in words, with the rule or number that decided.
    pub note: String,
}

/// Everything about one decision that a person may want to know. Ordered and stable, so that it can be compared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// What each stage did, in the order of the pipeline.
    pub stages: Vec<(Stage, String)>,
    /// Features used, by name, in a fixed order.
    pub features: Vec<(String, f64)>,
    /// Probability of each barrier, by [`crate::treatment::Barrier::index`].
    pub barriers: [f64; 6],
    /// Every treatment of the scenario, by id.
    pub candidates: Vec<CandidateTrace>,
    /// One plain sentence fit for the shopper.
    pub sentence: String,
}

/// The answer to an [`Ask`].
#[derive(Clone, Debug)]
pub struct Decision {
    /// What to show, if anything.
    pub treatment: Option<TreatmentId>,
    /// What would have won if no guardrail, cap or holdout had refused it; equal to `treatment` otherwise.
    pub winner: Option<TreatmentId>,
    /// Probability with which this action was chosen, between 0 and 1.
    pub propensity: f32,
    /// What became of every treatment, by [`TreatmentId`].
    pub reasons: [Reason; TREATMENTS_MAX],
    /// Age of the newest information used, in milliseconds.
    pub information_age_ms: i64,
    /// For which products the offer holds; `None`: for all, or nothing is offered.
    pub scope: Option<Arc<Scope>>,
    /// Full trace, if it was asked for.
    pub trace: Option<Box<Trace>>,
}

impl Decision {
    /// Show nothing, for one reason that holds for every treatment.
    #[must_use]
    pub fn nothing(reason: Reason) -> Self {
        Self {
            treatment: None,
            winner: None,
            propensity: 1.0,
            reasons: [reason; TREATMENTS_MAX],
            information_age_ms: 0,
            scope: None,
            trace: None,
        }
    }
    /// Show `treatment` for `reason`; all others get `others`.
    #[must_use]
    pub fn show(treatment: TreatmentId, reason: Reason, others: Reason) -> Self {
        let mut decision = Self::nothing(others);
        decision.reasons[treatment.index()] = reason;
        decision.treatment = Some(treatment);
        decision.winner = Some(treatment);
        decision
    }
}

/// A message that a policy wants to send in the morning of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// Known, subscribed customer.
    pub customer: CustomerId,
    /// Offer or reminder inside; `None` announces the policy's posted sale.
    pub treatment: Option<TreatmentId>,
    /// Campaign number: keys the luck of opening and clicking.
    pub campaign: u32,
    /// When it is sent.
    pub at: Time,
    /// For which products the offer inside holds; `None`: for all.
    pub scope: Option<Arc<Scope>>,
}

/// What the books of a policy say about money, in minor units: offers that it issued itself, since the horizon began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// Rewards of redeemed offers.
    pub spent: Money,
    /// Set aside for offers that may still be redeemed.
    pub reserved: Money,
    /// The budget; `None`: no limit.
    pub budget: Option<Money>,
}

impl Books {
    /// What is left for new offers, if there is a limit.
    #[must_use]
    pub fn left(&self) -> Option<Money> {
        self.budget.map(|budget| budget - self.spent - self.reserved)
    }
}

/// A decision of the randomised pilot as every policy gets it in the history.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoggedDecision {
    /// The question, as it was asked.
    pub ask: Ask,
    /// What was shown.
    pub treatment: Option<TreatmentId>,
    /// With which probability.
    pub propensity: f32,
}

impl PartialEq for Ask {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.visitor, self.point, self.number)
            == (other.at, other.visitor, other.point, other.number)
    }
}

/// A decision maker. One instance lives for one arm of one world.
pub trait Policy: Send {
    /// Something happened. Called for every event that comes through the information pipe, in order of arrival;
    /// also for the whole history before the horizon begins.
    fn observe(&mut self, event: &Event);

    /// What should be shown now? Called at decision points of the phases that this policy governs.
    fn decide(&mut self, ask: &Ask) -> Decision;

    /// A decision of the pilot in the history; comes between the events before and after it.
    fn observe_pilot(&mut self, _logged: &LoggedDecision) {}

    /// The history ends here, after its last event was told: from now on this policy governs. `offers_end`: personal offers
    /// that are still open end as well, because they were a pilot's.
    fn history_ends(&mut self, _offers_end: bool) {}

    /// The night before `day`: segments, scores, models may be renewed. Called for every day, history included.
    fn night(&mut self, _day: Day) {}

    /// The sale that is posted on the whole site on `day`: a discount for everybody.
    fn sale(&self, _day: Day) -> Option<TreatmentId> {
        None
    }

    /// Messages to send on `day`, appended to `out`. Called after [`Policy::night`], in the phases that this policy governs.
    fn pushes(&mut self, _day: Day, _out: &mut Vec<Push>) {}

    /// Whether the answer to decision `number` reached the shopper in time; `false`: the safe default was shown.
    fn delivered(&mut self, _number: DecisionNumber, _in_time: bool) {}

    /// What the books say about money; `None` for a policy without books.
    fn books(&self) -> Option<Books> {
        None
    }

    /// Folds the state that later decisions depend on into `digest`.
    fn fold_into(&self, _digest: &mut Digest) {}
}
