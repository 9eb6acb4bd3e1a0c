//! A policy after reading: plain data for the crates that turn it into a decision maker.
//!
//! # Promises
//! - Treatments are named by id of the scenario; a policy that names an unknown one is refused when it is read.
//! - Nothing about what a treatment does to shoppers is in here.
//! - Priors of models stand in the policy file, are the same in every shipped policy and are never read from a world.

use counterfoil_core::money::{Money, Share};
use counterfoil_core::treatment::TreatmentId;

/// A policy, resolved against the treatments of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicySpec {
    /// Name: the file's stem or the shipped name.
    pub name: String,
    /// One sentence for people.
    pub description: String,
    /// Which decision maker it configures.
    pub kind: PolicyKind,
    /// Fixed cost of running the policy, per shopper and horizon.
    pub cost_per_shopper: Amount,
    /// What an order on deal is held to cost the shop later; subtracted by every policy that values treatments.
    pub price_of_dependency: Amount,
    /// Guardrails; they bind every kind that shows personal treatments.
    pub guardrails: Guardrails,
    /// Share of shoppers that are never treated.
    pub holdout: Share,
    /// A posted sale that may accompany any kind.
    pub sale: Option<SaleCalendar>,
}

impl PolicySpec {
    /// Treatments that the policy may show or send to somebody personally, each once, by id.
    #[must_use]
    pub fn personal_treatments(&self) -> Vec<TreatmentId> {
        let mut ids: Vec<TreatmentId> = match &self.kind {
            PolicyKind::None | PolicyKind::CalendarSale => Vec::new(),
            PolicyKind::Blanket { treatment } => vec![*treatment],
            PolicyKind::Batch(batch) => batch.on_site.iter().chain(&batch.push).flatten().copied().collect(),
            PolicyKind::Realtime(engine) => engine.treatments.iter().map(|entry| entry.treatment).collect(),
        };
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// Which decision maker.
#[derive(Clone, Debug, PartialEq)]
pub enum PolicyKind {
    /// No promotions.
    None,
    /// One treatment for everybody, at every session start.
    Blanket {
        /// Which one.
        treatment: TreatmentId,
    },
    /// Only the posted sale of [`PolicySpec::sale`].
    CalendarSale,
    /// Nightly segments and a table.
    Batch(BatchSpec),
    /// The real-time decision engine.
    Realtime(RealtimeSpec),
}

/// A posted sale on the whole site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleCalendar {
    /// A percentage discount.
    pub treatment: TreatmentId,
    /// Weekdays on which it runs, 0 is Monday.
    pub weekdays: Vec<u8>,
    /// Whether subscribers get a message in the morning.
    pub announce: bool,
    /// Every how many weeks it runs (1: every week), counted from day 0.
    pub every_weeks: u32,
}

/// What every personal treatment has to respect.
#[derive(Clone, Debug, PartialEq)]
pub struct Guardrails {
    /// Smallest contribution of an order before returns, as a share of net goods: an offer holds for the products on which
    /// every order with it keeps this much.
    pub margin_floor: Share,
    /// Caps on offers (treatments that give money away) per shopper.
    pub offer_caps: Vec<Cap>,
    /// Caps on all treatments per shopper.
    pub treatment_caps: Vec<Cap>,
    /// Most treatments in one session.
    pub changes_per_session: u32,
    /// Whether an offer may be issued while another offer or a sale holds. They never add up in one order.
    pub stacking: bool,
    /// Most that rewards of offers issued in the horizon may cost in one world; `None`: no limit.
    pub budget: Option<Budget>,
    /// Most messages per shopper.
    pub message_cap: Option<Cap>,
}

/// "2 per 7 days".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cap {
    /// How many.
    pub count: u32,
    /// In how many days; sliding window.
    pub days: u32,
}

/// "0.25 EUR", or "0.4 % of a typical order" in whatever currency the scenario has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// In the scenario's currency.
    Money(Money),
    /// A share of the goods of the shop's typical order at list price.
    OfTypicalOrder(Share),
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self::Money(Money::ZERO);

    /// `times` this amount in a shop whose typical order is worth `typical_order`; rounded once, towards zero.
    #[must_use]
    pub fn times(self, times: u32, typical_order: Money) -> Money {
        match self {
            Self::Money(amount) => amount * i64::from(times),
            Self::OfTypicalOrder(share) => share.of(typical_order * i64::from(times)),
        }
    }
}

/// "0.4 % of a typical order per shopper" or "5000.00 EUR per world".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Times the members of the world.
    PerShopper(Amount),
    /// As it is.
    PerWorld(Amount),
}

impl Budget {
    /// The amount for a world with this many members and this typical order.
    #[must_use]
    pub fn for_world(self, shoppers: u32, typical_order: Money) -> Money {
        match self {
            Self::PerShopper(amount) => amount.times(shoppers, typical_order),
            Self::PerWorld(amount) => amount.times(1, typical_order),
        }
    }
}

/// Nightly RFM x lifecycle segments and what each gets.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchSpec {
    /// Treatments that the table and the pushes may use.
    pub treatments: Vec<TreatmentId>,
    /// Segment -> treatment on site, by [`SEGMENTS`].
    pub on_site: [Option<TreatmentId>; 8],
    /// Segment -> treatment by message, by [`SEGMENTS`].
    pub push: [Option<TreatmentId>; 8],
    /// Days without an order after which an active customer is lapsing.
    pub active_days: u32,
    /// Days without an order after which a lapsing customer has lapsed.
    pub lapsing_days: u32,
    /// Days since the last visit within which a visitor without an order is warm.
    pub warm_days: u32,
    /// Share of customers, by money spent, that counts as high value.
    pub high_value: Share,
}

/// Days without an order after which an active customer is lapsing, where a policy states nothing else (assumption).
pub const ACTIVE_DAYS: u32 = 60;
/// Days without an order after which a lapsing customer has lapsed, where a policy states nothing else (assumption).
pub const LAPSING_DAYS: u32 = 150;

/// The segments of the batch baseline: lifecycle x value.
pub const SEGMENTS: [&str; 8] = [
    "anonymous",
    "prospect-cold",
    "prospect-warm",
    "active-low",
    "active-high",
    "lapsing-low",
    "lapsing-high",
    "lapsed",
];

/// What configures the real-time engine.
#[derive(Clone, Debug, PartialEq)]
pub struct RealtimeSpec {
    /// Treatments it may use, with the rule that makes each eligible.
    pub treatments: Vec<EligibleTreatment>,
    /// Answers later than this are not shown, milliseconds.
    pub deadline_ms: u32,
    /// Share of decisions in exploration traffic, in which every eligible action keeps a propensity of at least `exploration_floor`.
    pub exploration: Share,
    /// Smallest propensity of an eligible action in exploration traffic.
    pub exploration_floor: Share,
    /// The value model's priors.
    pub model: ModelSpec,
    /// Half-life of signals in the session profile, seconds.
    pub session_half_life_seconds: f64,
    /// Half-life of long-run features, days.
    pub profile_half_life_days: f64,
}

/// A treatment with its eligibility rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EligibleTreatment {
    /// Which one.
    pub treatment: TreatmentId,
    /// CEL expression over documented features; empty: always.
    pub rule: String,
    /// Line of the rule in the policy file, from 1; 0 if there is none.
    pub line: usize,
}

/// Priors of the hierarchical uplift model (architecture, stage 11).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModelSpec {
    /// Standard deviation of a soft treatment's relative effect (default 5 %), mean 0.
    pub soft_sd: f64,
    /// Mean of d ln(odds of buying) / d ln(price) (default -2).
    pub price_response_mean: f64,
    /// Its standard deviation (default 1).
    pub price_response_sd: f64,
    /// Standard deviation of effects that belong to one barrier.
    pub cell_sd: f64,
    /// Base probability of buying within the window, before any learning.
    pub base_rate: f64,
    /// Days from the first decision to the end of the outcome window (default 14).
    pub window_days: u32,
    /// Half-life of evidence (drift), days.
    pub drift_half_life_days: f64,
}
