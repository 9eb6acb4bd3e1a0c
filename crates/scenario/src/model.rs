//! A scenario after reading: what is true whatever the policy. Plain data, every field with unit, default and source.
//!
//! # Promises
//! - Utilities are in units of the choice model's logistic scale ("utils"): 1 util multiplies the odds of buying by 2.7.
//! - Every field changes something that a test can measure; nothing here is read and ignored.
//! - `Default` of a part is an empty sheet (all zero) for the reader to fill, never a shop.
//! - Effects of treatments ([`Effect`]) are here and not in what policies receive ([`counterfoil_core::TreatmentSpec`]).
//!
//! # Where to start
//! [`Scenario`], then `docs/world-model.md`, which gives the equation in which each field stands. Unless another source
//! is named, a default is an `assumption` that was fitted to the published targets of the preset.

use counterfoil_core::money::{Money, Share};
use counterfoil_core::time::Calendar;
use counterfoil_core::treatment::TreatmentSpec;

/// The newest format of scenario and policy files that this version reads.
pub const FORMAT: i64 = 1;

/// A whole scenario, resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Short name; the file's stem for shipped scenarios.
    pub name: String,
    /// The question, what to notice, what to try, where figures come from.
    pub about: About,
    /// Seed of all luck, 0 to 2^53 - 1.
    pub seed: u64,
    /// ISO code of the currency.
    pub currency: String,
    /// Decimals of the currency (2 for EUR, 0 for JPY).
    pub currency_decimals: u32,
    /// Dates of the world's days; day 0 is the first day of warm-up.
    pub calendar: Calendar,
    /// Label of the time zone; simulated days are local and have 24 hours.
    pub time_zone: String,
    /// Length of each phase.
    pub phases: Phases,
    /// Name or path of the policy that governs warm-up and history; `None` for "none".
    pub incumbent: Option<String>,
    /// Weekdays (0 is Monday) of the sale of the policy `calendar-sale` in this scenario, instead of the policy's own;
    /// empty: the policy's own. Applied with [`crate::for_scenario`].
    pub incumbent_sale_weekdays: Vec<u8>,
    /// Randomised pilot in the last weeks of the history.
    pub pilot: Pilot,
    /// Number of independent worlds.
    pub worlds: u32,
    /// Smallest relative difference that matters to the reader, as a fraction of the reference arm's level.
    pub matters: Share,
    /// Population.
    pub shoppers: Shoppers,
    /// Needs and the visits they cause.
    pub needs: Needs,
    /// How she chooses.
    pub choice: Choice,
    /// What she learns and forgets.
    pub beliefs: Beliefs,
    /// Fatigue and trust.
    pub feelings: Feelings,
    /// Products.
    pub catalogue: Catalogue,
    /// Shipping, payment, returns.
    pub store: Store,
    /// When people come.
    pub season: Season,
    /// How they come.
    pub traffic: Traffic,
    /// How readable barriers are.
    pub traces: Traces,
    /// Messages.
    pub messages: Messages,
    /// What policies see of the world, and when.
    pub pipe: Pipe,
    /// Treatments as policies receive them.
    pub treatments: Vec<TreatmentSpec>,
    /// What each treatment does, in the same order.
    pub effects: Vec<Effect>,
    /// Multiplies every relief (master dial `treatments.relief_scale`), >= 0.
    pub relief_scale: f64,
    /// Arms beside control and status quo, in order.
    pub arms: Vec<Arm>,
}

/// Texts for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// One-line title on screen.
    pub title: String,
    /// The question that the scenario answers.
    pub question: String,
    /// What to notice.
    pub notice: Vec<String>,
    /// What to try.
    pub r#try: Vec<String>,
    /// Where the figures come from, and what the scenario is not.
    pub sources: Vec<String>,
}

/// Lengths of the phases, in days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Phases {
    /// Discarded (default 8 weeks).
    pub warmup_days: u32,
    /// Under the incumbent, seen by every policy (default 18 weeks; 0 is "none").
    pub history_days: u32,
    /// Where arms differ (default 12 weeks).
    pub horizon_days: u32,
    /// Without any policy (default 12 weeks).
    pub probe_days: u32,
}

/// A randomised pilot at the end of the history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pilot {
    /// Its length, in days (default 4 weeks).
    pub days: u32,
    /// Share of decisions that are randomised over all treatments and none (default 20 %).
    pub share: Share,
}

/// One arm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arm {
    /// `[a-z0-9-]+`.
    pub name: String,
    /// Path relative to the scenario file, or name of a shipped policy.
    pub policy: String,
}

/// A log-normal trait over shoppers: `median * exp(log_sd * z)`, z from the Gaussian copula.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// Median.
    pub median: f64,
    /// Standard deviation of the logarithm, >= 0.
    pub log_sd: f64,
}

/// Traits that are correlated, in the order of [`Shoppers::correlations`].
pub const TRAITS: [&str; 8] = [
    "need_rate",
    "browsing",
    "price_sensitivity",
    "deal_proneness",
    "waiting_cost",
    "doubt_proneness",
    "shipping_aversion",
    "annoyance",
];

/// The population.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shoppers {
    /// Members of a world (default 20,000).
    pub count: u32,
    /// Potential needs per week over all categories.
    pub need_rate: Spread,
    /// Visits without a need, per week.
    pub browsing: Spread,
    /// Price coefficient b: utils lost per unit of ln(price / value).
    pub price_sensitivity: Spread,
    /// Weight m of gain or loss against the reference price, utils per unit of relative gain.
    pub deal_proneness: Spread,
    /// Cost of waiting, utils per day.
    pub waiting_cost: Spread,
    /// Multiplies levels of doubt.
    pub doubt_proneness: Spread,
    /// Multiplies levels of shipping.
    pub shipping_aversion: Spread,
    /// Multiplies annoyance of treatments.
    pub annoyance: Spread,
    /// Correlations of the underlying normals, by [`TRAITS`]; symmetric, positive definite, ones on the diagonal.
    pub correlations: [[f64; 8]; 8],
    /// Share that consents to personalisation.
    pub consent: Share,
    /// Share that allows e-mails with offers.
    pub subscribed: Share,
    /// Probability that a visit of a customer who ordered before is logged in.
    pub log_in: Share,
    /// Share of members with a second device (own cookie).
    pub second_device: Share,
    /// Days after which a cookie is lost and a new one is set.
    pub cookie_life_days: f64,
}

/// Needs and the visits they cause.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Needs {
    /// Share of potential needs that are active without any stimulus.
    pub active: Share,
    /// How strongly loyalty (0 to 1, starting at 0.5) moves that share: active * (1 + loyalty_effect * (loyalty - 0.5)).
    pub loyalty_effect: f64,
    /// How strongly an opened message raises that share for a while (added, decays with `stimulus_half_life_days`).
    pub stimulus_effect: f64,
    /// Half-life of a stimulus, days.
    pub stimulus_half_life_days: f64,
    /// Median and spread of the days until a need lapses.
    pub lifetime_days: Spread,
    /// Mean days until she would meet it elsewhere (exponential).
    pub elsewhere_days: f64,
    /// Probability of a visit per day of an open need.
    pub visit_per_day: f64,
    /// The same while she waits for a deal and the day is not the expected one.
    pub visit_while_waiting: f64,
    /// The same on the day for which she expects the deal.
    pub visit_on_expected_day: f64,
    /// Standard deviation over needs of ln(value / list price).
    pub value_log_sd: f64,
    /// Probability that two units are needed.
    pub two_units: Share,
    /// Barriers by [`counterfoil_core::treatment::Barrier`] (price excluded): how often and how high.
    pub barriers: [BarrierLevel; 5],
}

/// How often a barrier stands in the way of a need, and how high it is then.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BarrierLevel {
    /// Share of needs that have it.
    pub share: Share,
    /// Mean level where it exists, utils (exponential).
    pub mean: f64,
}

/// The form of her choices: which things count, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChoiceForm {
    /// Random utility with reference prices and beliefs.
    #[default]
    RandomUtility,
    /// Price in proportion, no reference price, waiting by habit.
    Habit,
}

impl ChoiceForm {
    /// Words in files, in the order of the forms.
    pub const WORDS: &[&str] = &["random-utility", "habit"];
    const ALL: [Self; 2] = [Self::RandomUtility, Self::Habit];

    /// The form with this word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.word() == word)
    }

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }
}

/// How she chooses (world model, section 7).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Choice {
    /// The form of her choices (structural switch).
    pub model: ChoiceForm,
    /// Base utility a of buying at p = v, relative to leaving, utils.
    pub attractiveness: f64,
    /// Scale of the persistent taste of a need for an alternative.
    pub taste_scale: f64,
    /// Scale of the shock of a visit.
    pub shock_scale: f64,
    /// How far below the point of buying she still puts it into the cart, utils: a cart keeps an option open.
    pub cart_threshold: f64,
    /// Loss aversion lambda around the reference price (1 to 2.2; Neumann and Boeckenholt 2014).
    pub loss_aversion: f64,
    /// Discount factor per day of waiting (0 to 1).
    pub patience_per_day: f64,
    /// Holding cost of stock at home, utils per week.
    pub holding_cost: f64,
    /// Longest planning ahead for stock, days.
    pub stock_days: u32,
    /// Probability scale of deep looking: mean further product views of an engaged visit.
    pub further_views: f64,
    /// Share of visits without a need that look at more than one product.
    pub browsing_depth: Share,
    /// Share of shipping charges that she anticipates before checkout.
    pub shipping_anticipated: Share,
    /// Whether shoppers wait for deals they believe in (structural switch).
    pub strategic_waiting: bool,
}

/// What she learns and forgets.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Beliefs {
    /// Weight of one observation in calendar beliefs (by weekday).
    pub calendar_rate: f64,
    /// Weight of one observation in the belief that a visit brings an offer.
    pub visit_rate: f64,
    /// Weight of one observation in the belief that leaving a cart or hesitating triggers an offer.
    pub trigger_rate: f64,
    /// Half-life of deal beliefs without any observation, days (dial *discount memory*).
    pub half_life_days: f64,
    /// Smallest believed probability on which she acts.
    pub smallest: f64,
    /// Weight of one price seen in the reference price.
    pub reference_rate: f64,
}

/// Fatigue and trust.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Feelings {
    /// Half-life of fatigue, days.
    pub fatigue_half_life_days: f64,
    /// Utils lost at fatigue 1.
    pub fatigue_cost: f64,
    /// Treatments in one session beyond which each costs trust.
    pub changes_tolerated: u32,
    /// Trust lost per treatment beyond that.
    pub trust_lost: f64,
    /// Share of lost trust regained per week.
    pub trust_regained_per_week: f64,
    /// Utils lost at trust 0 (relative to trust 1).
    pub trust_cost: f64,
}

/// Products.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    /// Categories.
    pub categories: Vec<Category>,
    /// Products per category.
    pub products_per_category: u32,
    /// Exponent of popularity over ranks (Zipf).
    pub popularity_exponent: f64,
    /// Standard deviation of ln(list price) within a category.
    pub price_log_sd: f64,
    /// Factor on all posted prices; costs and what shoppers are willing to pay stay. 1 is the shop as it is.
    pub price_level: f64,
    /// Gross margin at list price and price level 1 (dial).
    pub gross_margin: Share,
    /// Half-width of gross margins over products, in share points.
    pub gross_margin_spread: Share,
}

/// One category.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Category {
    /// Name.
    pub name: String,
    /// Share of needs.
    pub share: Share,
    /// Median list price.
    pub price: Money,
    /// Share of lines that come back.
    pub return_rate: Share,
    /// Whether it can be kept for later needs.
    pub storable: bool,
}

/// Shipping, payment, returns.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Store {
    /// Fee below the threshold.
    pub shipping_fee: Money,
    /// Goods value (after discount) from which delivery is free.
    pub free_shipping_from: Money,
    /// What a delivery costs the shop.
    pub shipping_cost: Money,
    /// Payment fee, share of what is paid.
    pub payment_fee: Share,
    /// Probability that a payment attempt fails.
    pub payment_failure: Share,
    /// Handling cost of a returned line.
    pub return_handling: Money,
    /// Share of the unit cost lost on a returned line.
    pub return_value_lost: Share,
}

/// When people come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Season {
    /// Relative weight of visits by weekday, Monday first (mean 1).
    pub weekdays: [f64; 7],
    /// Relative weight of needs by month, January first (mean 1).
    pub months: [f64; 12],
}

/// How they come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Traffic {
    /// Share of visits on mobile devices.
    pub mobile: Share,
    /// Share of visits from paid advertising.
    pub paid: Share,
    /// Share of visits from search.
    pub search: Share,
    /// Share of visits that land on a product page at once.
    pub land_on_product: Share,
    /// Seconds on a page, log-normal.
    pub dwell_seconds: Spread,
}

/// How readable barriers are in what she does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Traces {
    /// Master dial: 0 (barriers leave no trace) to 1 and above.
    pub informativeness: f64,
    /// Probability of an information page, comparison and so on without any barrier.
    pub base: f64,
    /// Probability that leaving is announced by an exit gesture or a stall.
    pub exit_seen: Share,
}

/// Messages.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Messages {
    /// Probability that a subscriber opens a message.
    pub open: Share,
    /// Probability that she visits after opening, when she has an open need.
    pub click: Share,
    /// Probability that she visits after opening, when she has none.
    pub click_without_need: Share,
}

/// What policies see of the world, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pipe {
    /// Share of events lost before any policy sees them.
    pub loss: Share,
    /// Delay of events, milliseconds.
    pub delay_ms: i64,
    /// Median and spread of the engine's answering time, milliseconds.
    pub latency_ms: Spread,
}

/// What a treatment does to a shopper who notices it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Effect {
    /// Share of each barrier's level that it takes away, by barrier (price excluded); 0 to 1.
    pub relief: [f64; 5],
    /// How much of it she notices; 0: nothing at all, to the bit. 0 to 1.
    pub visibility: f64,
    /// Fatigue per showing, before her own annoyance trait.
    pub annoyance: f64,
}
