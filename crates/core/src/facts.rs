//! What a finished unit of work (one world with all its arms) leaves behind: integers only.
//!
//! # Promises
//! - Merging units is adding integers, so the order of worlds and threads cannot matter.
//! - Orders, fates of needs, totals, daily facts and truth are always there; visits and decisions only if they were kept.
//! - Nothing here names the text of a file, a machine or a wall clock.
//!
//! # Where to start
//! [`UnitFacts`], then [`ArmFacts`], then [`Totals`], which the metrics of [`crate::metrics`] read.

use crate::digest::Digest;
use crate::money::Money;
use crate::policy::{DecisionPoint, Reason, Stage};
use crate::time::Time;
use crate::treatment::TreatmentId;
use serde::{Deserialize, Serialize};

/// Everything that one world with all its arms leaves behind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitFacts {
    /// World number, from 0.
    pub world: u32,
    /// Members of the world.
    pub shoppers: u32,
    /// Arms in the order of the run; the first is control.
    pub arms: Vec<ArmFacts>,
    /// Fact for speed only: storefront events of all arms with history and probe, no part of any digest.
    pub events: u64,
}

/// Everything that one arm of one world leaves behind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArmFacts {
    /// Name of the arm. Not handed on with the figures, which are integers only: whoever reads them has the plan's names.
    #[serde(skip)]
    pub arm: String,
    /// Fact for speed only: storefront events of this arm alone; not stored by arm.
    pub events: u64,
    /// Digest over every event, decision, ledger entry, order and the final state.
    pub digest: Digest,
    /// Digest over visits and orders only, without arm names.
    pub orders_digest: Digest,
    /// Counts and sums that the metrics read.
    pub totals: Totals,
    /// One row per calendar day from the first day of the horizon to the last of the probe.
    pub daily: Vec<DailyFact>,
    /// Classes of needs and the profit bridge against control.
    pub truth: TruthFact,
    /// Weekly orders at full price in the probe, as it is and with the minds reset to control's.
    pub probe_weeks: Vec<ProbeWeek>,
    /// Orders of horizon and run-off.
    pub orders: Vec<OrderFact>,
    /// What became of each potential need due in the horizon that was active or stocked.
    pub needs: Vec<NeedFact>,
    /// The ledger of personal offers.
    pub offers: Vec<OfferFact>,
    /// Visits of horizon and probe, if kept.
    pub visits: Vec<VisitFact>,
    /// Decisions that showed something or whose winner was refused, if kept.
    pub decisions: Vec<DecisionFact>,
    /// Decisions that showed nothing and refused nobody, counted.
    pub quiet_decisions: Vec<QuietFact>,
}

macro_rules! totals {
    ($($(#[doc = $doc:literal])+ $field:ident,)+) => {
        /// Counts and sums of one arm of one world over the horizon; money in minor units.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct Totals { $($(#[doc = $doc])+ pub $field: i64,)+ }
        impl Totals {
            /// Names of all fields, in order.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($field)),+];
            /// Values of all fields, in the order of [`Totals::NAMES`].
            #[must_use]
            pub fn values(&self) -> Vec<i64> { vec![$(self.$field),+] }
            /// Sets one field by name; `false` if there is no such field.
            pub fn set(&mut self, name: &str, value: i64) -> bool {
                match name { $(stringify!($field) => { self.$field = value; true })+ _ => false }
            }
        }
    };
}

totals! {
    /// Members of the world.
    shoppers,
    /// Sessions begun in the horizon.
    sessions,
    /// Members with at least one session.
    visitors,
    /// Orders of needs due in the horizon.
    orders,
    /// Members with at least one such order.
    buyers,
    /// Members with at least two such orders.
    repeat_buyers,
    /// Members whose first order ever falls into the horizon.
    new_buyers,
    /// New buyers with a further order at full price.
    new_buyers_full_price_again,
    /// Units in those orders.
    units,
    /// Goods at list price.
    goods_list,
    /// Goods after discount, without shipping.
    goods_net,
    /// Unit costs of goods sold.
    goods_cost,
    /// Contribution of needs due in the horizon, messages and treatment costs included.
    contribution,
    /// Discounts, rewards and shipping waived.
    rewards,
    /// Costs of messages and of showing treatments.
    message_costs,
    /// Fixed costs of the policy.
    policy_costs,
    /// Rewards of offers of the horizon that were redeemed for needs due after it.
    liability,
    /// Orders with any reward or sale price.
    discounted_orders,
    /// Sum over discounted orders of the discount in millionths of list value.
    discount_depth_ppm,
    /// Orders without any reward.
    full_price_orders,
    /// Personal offers issued in the horizon.
    offers_issued,
    /// Personal offers redeemed.
    offers_redeemed,
    /// Personal offers that expired unused.
    offers_expired,
    /// Treatments shown in the horizon.
    treatments_shown,
    /// Orders with a reward whose need control fills too.
    subsidised_orders,
    /// Rewards given to needs that control fills too.
    rewards_leaked,
    /// Sessions in which something was put into the cart.
    sessions_with_add,
    /// Of those, sessions without an order.
    sessions_abandoned,
    /// Sessions of one page.
    sessions_bounced,
    /// Pages in all sessions.
    pages,
    /// Milliseconds from the start of a session to its order, summed.
    ms_to_order,
    /// Orders counted in `ms_to_order`.
    orders_timed,
    /// Order lines.
    lines,
    /// Order lines that came back.
    lines_returned,
    /// Active needs due in the horizon.
    needs_active,
    /// Active needs with a visit at which she waited or fished and would have bought there without deal beliefs.
    needs_waited,
    /// Of those, needs where the belief was that leaving a cart triggers an offer.
    needs_fished,
    /// Units bought for stock.
    units_stocked,
    /// Sum of trust at the end of the horizon, in millionths.
    trust_ppm,
    /// Sum of fatigue at the end of the horizon, in millionths.
    fatigue_ppm,
    /// Decisions asked of the policy in the horizon.
    decisions,
    /// Safe defaults because the answer was late.
    fallbacks,
    /// Milliseconds from a signal to the changed page, summed over treatments shown in sessions.
    signal_ms,
    /// Treatments counted in `signal_ms`.
    signals_answered,
    /// Sessions with a friction signal (exit intent, stall, failed payment, coupon field).
    sessions_with_friction,
    /// Of those, sessions in which a treatment was shown after the signal.
    sessions_answered,
    /// Age of the newest information used, in milliseconds, summed over decisions asked with consent.
    information_age_ms,
    /// Decisions counted in `information_age_ms`.
    information_age_count,
    /// Potential needs due in the probe.
    probe_needs,
    /// Orders at full price in the probe, minds as they are.
    probe_orders,
    /// The same with deal beliefs, reference prices and fatigue reset to control's.
    probe_orders_reset,
    /// Contribution of those orders as it is.
    probe_contribution,
    /// The same with minds reset.
    probe_contribution_reset,
}

impl Totals {
    /// Whether the field with this name is money, in minor units.
    #[must_use]
    pub fn is_money(name: &str) -> bool {
        let parts = ["goods_", "rewards", "_costs", "contribution", "liability"];
        parts.iter().any(|part| name.contains(part))
    }
}

/// One calendar day of one arm of one world; money in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DailyFact {
    /// Sessions begun.
    pub sessions: i64,
    /// Orders placed.
    pub orders: i64,
    /// Orders with a reward or sale price.
    pub discounted_orders: i64,
    /// Goods after discount.
    pub goods_net: i64,
    /// Rewards given.
    pub rewards: i64,
    /// Contribution of the orders placed and costs of messages sent that day.
    pub contribution: i64,
    /// Treatments shown.
    pub treatments_shown: i64,
    /// Visits at which she waited or fished.
    pub waits: i64,
}

/// Orders at full price in one week of the probe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeWeek {
    /// Minds as they are.
    pub as_is: i64,
    /// Minds reset to control's.
    pub reset: i64,
}

/// The class of a potential need: what an arm did to it, compared with control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NeedClass {
    /// Bought in neither.
    None,
    /// Bought here only.
    Incremental,
    /// Bought in control; here met from stock that was bought earlier here.
    PulledForward,
    /// Bought in control only, otherwise.
    Lost,
    /// Bought in both, with a reward here.
    Subsidised,
    /// Bought in both otherwise.
    Unchanged,
}

impl NeedClass {
    /// All classes, in order.
    pub const ALL: [Self; 6] =
        [Self::None, Self::Incremental, Self::PulledForward, Self::Lost, Self::Subsidised, Self::Unchanged];
    /// Name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["none", "incremental", "pulled_forward", "lost", "subsidised", "unchanged"][self as usize]
    }
}

/// Steps of the profit bridge, in order.
pub const BRIDGE_STEPS: [&str; 9] = [
    "control contribution",
    "incremental",
    "lost",
    "pulled forward",
    "reward on subsidised",
    "basket change",
    "shipping payment and returns",
    "messages and liability",
    "arm contribution",
];

/// Classes of needs and the profit bridge of one arm of one world against control; money in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TruthFact {
    /// Potential needs due in the horizon by [`NeedClass`].
    pub needs: [i64; 6],
    /// Steps by [`BRIDGE_STEPS`]; the last equals the sum of the others.
    pub bridge: [i64; 9],
    /// Orders that changed although the shopper was shown nothing.
    pub spillover_orders: i64,
}

/// The fate of a potential need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Fate {
    /// The stimulus stayed below its threshold.
    Dormant,
    /// Still open when the records ended.
    Open,
    /// Met from stock at home.
    MetFromStock,
    /// Bought here.
    Bought,
    /// Bought elsewhere.
    Elsewhere,
    /// Its deadline passed.
    Lapsed,
}

impl Fate {
    /// Name in the store and on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["dormant", "open", "met-from-stock", "bought", "elsewhere", "lapsed"][self as usize]
    }
}

/// What became of one potential need in one arm; money in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeedFact {
    /// Shopper number.
    pub shopper: u32,
    /// Category number.
    pub category: u8,
    /// Number of the potential need within shopper and category.
    pub k: u16,
    /// Day it was due, from the start of warm-up.
    pub due_day: u32,
    /// What became of it.
    pub fate: Fate,
    /// Order that met it (or supplied the stock), within the arm.
    pub order: Option<u32>,
    /// She waited or fished at least once although she would have bought.
    pub waited: bool,
    /// Goods at list price - unit costs of what met it.
    pub goods_margin: Money,
    /// Rewards given for it.
    pub reward: Money,
    /// Shipping charged (waived included) - shipping paid - payment fee - return losses.
    pub logistics: Money,
}

impl NeedFact {
    /// What this need brought: goods margin - reward + logistics.
    #[must_use]
    pub fn contribution(&self) -> Money {
        self.goods_margin - self.reward + self.logistics
    }
}

/// One order; money in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFact {
    /// Number within the arm.
    pub order: u32,
    /// Shopper number.
    pub shopper: u32,
    /// When it was placed.
    pub at: Time,
    /// Category of the need it was for.
    pub category: u8,
    /// Number of that need.
    pub k: u16,
    /// Product bought.
    pub product: u32,
    /// Units for the need.
    pub units: u32,
    /// Units for stock.
    pub units_stocked: u32,
    /// Goods at list price.
    pub goods: Money,
    /// Discount and shipping waived.
    pub reward: Money,
    /// Offer redeemed or sale bought in.
    pub treatment: Option<TreatmentId>,
    /// Whether that was a posted sale.
    pub sale: bool,
    /// Contribution after returns.
    pub contribution: Money,
    /// Whether lines came back.
    pub returned: bool,
}

/// What became of a personal offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OfferFate {
    /// Still redeemable when the records ended.
    Open,
    /// Redeemed.
    Redeemed,
    /// Expired unused.
    Expired,
}

/// One entry of the ledger of personal offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferFact {
    /// Shopper number.
    pub shopper: u32,
    /// Which treatment.
    pub treatment: TreatmentId,
    /// When it was issued.
    pub issued_at: Time,
    /// What became of it.
    pub fate: OfferFate,
    /// Order it was redeemed with.
    pub order: Option<u32>,
    /// What it cost, minor units.
    pub cost: Money,
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum VisitEnd {
    /// One page only.
    Bounced,
    /// Looked and left.
    Left,
    /// Left something in the cart.
    Abandoned,
    /// Went to wait for a deal.
    Waited,
    /// Left a cart on purpose.
    Fished,
    /// Ordered.
    Ordered,
}

impl VisitEnd {
    /// Name in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["bounced", "left", "abandoned", "waited", "fished", "ordered"][self as usize]
    }
}

/// One visit of horizon or probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitFact {
    /// Shopper number.
    pub shopper: u32,
    /// When the session began.
    pub at: Time,
    /// How long it took, in seconds.
    pub seconds: u32,
    /// Key of the visit: the same in every arm.
    pub key: u32,
    /// Pages seen.
    pub pages: u16,
    /// Treatments shown.
    pub shown: u8,
    /// How it ended.
    pub end: VisitEnd,
}

/// One decision that showed something or whose winner was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionFact {
    /// When it was asked.
    pub at: Time,
    /// Shopper number.
    pub shopper: u32,
    /// Number within the arm.
    pub number: u32,
    /// Why it was asked.
    pub point: DecisionPoint,
    /// What was shown.
    pub shown: Option<TreatmentId>,
    /// What would have won.
    pub winner: Option<TreatmentId>,
    /// What became of the winner.
    pub reason: Reason,
    /// Probability of the action, in millionths.
    pub propensity_ppm: u32,
    /// Simulated delay of the answer, in milliseconds.
    pub latency_ms: u32,
}

/// Decisions that showed nothing and refused nobody, counted per day, stage and reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct QuietFact {
    /// Day from the start of warm-up.
    pub day: u32,
    /// Stage that settled it.
    pub stage: Stage,
    /// Its reason.
    pub reason: Reason,
    /// How many.
    pub count: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_can_be_written_and_read_by_name() {
        let mut totals = Totals { orders: 7, contribution: -3, ..Totals::default() };
        let mut copy = Totals::default();
        for (name, value) in Totals::NAMES.iter().zip(totals.values()) {
            assert!(copy.set(name, value));
        }
        assert_eq!(copy, totals);
        assert!(!totals.set("no such field", 1));
    }
}
