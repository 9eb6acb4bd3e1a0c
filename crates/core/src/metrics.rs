//! The metrics of a comparison: each a ratio of two integers within a world.
//!
//! Numerators and denominators are sums over a world ([`crate::facts::Totals`]), so a metric is exact until the one
//! division at the end. A world with an empty denominator is left out. Names and definitions are a public interface.

use crate::facts::Totals;

/// What the number is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Major units of the run's currency.
    Money,
    /// A share between 0 and 1.
    Share,
    /// Percent.
    Percent,
    /// A plain count or ratio.
    Count,
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Hours.
    Hours,
    /// Weeks.
    Weeks,
}

impl Unit {
    /// Name in `schema metrics`.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["money", "share", "percent", "count", "seconds", "milliseconds", "hours", "weeks"][self as usize]
    }
}

/// Which way is better for the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither in itself.
    Neutral,
}

impl Direction {
    /// Name in `schema metrics`.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["higher", "lower", "neutral"][self as usize]
    }
}

/// One metric.
#[derive(Clone, Copy)]
pub struct Metric {
    /// Name in JSON, the store and reports.
    pub name: &'static str,
    /// Group: headline, dashboard, promotion, habit or engine.
    pub group: &'static str,
    /// What it is, in one sentence.
    pub definition: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// Which way is better.
    pub direction: Direction,
    /// Whether a real store could see it.
    pub observable: bool,
    /// Multiplies the ratio; money metrics are divided by the currency's minor units as well.
    pub scale: f64,
    /// The numerator.
    pub numerator: fn(&Totals) -> i64,
    /// The denominator; 0 leaves the world out.
    pub denominator: fn(&Totals) -> i64,
}

impl Metric {
    /// The metric's value in one world; money in major units, given the currency's minor units per major unit.
    #[must_use]
    pub fn value(&self, totals: &Totals, minor_per_major: f64) -> Option<f64> {
        let denominator = (self.denominator)(totals);
        if denominator == 0 {
            return None;
        }
        let ratio = (self.numerator)(totals) as f64 / denominator as f64 * self.scale;
        Some(if self.unit == Unit::Money { ratio / minor_per_major } else { ratio })
    }
}

/// The metric with this name.
#[must_use]
pub fn metric(name: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|m| m.name == name)
}

macro_rules! metrics {
    ($($group:literal { $($name:literal, $unit:ident, $direction:ident, $observable:literal, $scale:literal,
        $numerator:expr, $denominator:expr, $definition:literal;)+ })+) => {
        /// All metrics, in the order of reports. `dependency_half_life_weeks` is pooled over worlds and not in here.
        pub const METRICS: &[Metric] = &[$($(Metric {
            name: $name, group: $group, definition: $definition, unit: Unit::$unit, direction: Direction::$direction,
            observable: $observable, scale: $scale, numerator: $numerator, denominator: $denominator,
        }),+),+];
    };
}

metrics! {
    "headline" {
        "orders_per_shopper", Count, Higher, true, 1.0, |t| t.orders, |t| t.shoppers,
            "orders of needs due in the horizon / members of the world";
        "contribution_per_shopper", Money, Higher, true, 1.0, |t| t.contribution, |t| t.shoppers,
            "contribution of needs due in the horizon, after all costs of promotion / members of the world";
        "dependency_index", Percent, Lower, false, 100.0, |t| t.probe_orders_reset - t.probe_orders, |t| t.probe_orders_reset,
            "withdrawal test: share of full-price orders missing in the probe because of deal beliefs, reference prices and fatigue";
        "buyer_rate", Share, Higher, true, 1.0, |t| t.buyers, |t| t.shoppers,
            "members with an order / members of the world";
    }
    "dashboard" {
        "sessions", Count, Neutral, true, 1.0, |t| t.sessions, |_| 1,
            "sessions begun in the horizon, per world; 30 idle minutes end one";
        "sessions_per_shopper", Count, Neutral, true, 1.0, |t| t.sessions, |t| t.shoppers,
            "sessions / members of the world";
        "visitors", Count, Neutral, true, 1.0, |t| t.visitors, |_| 1,
            "members with at least one session, per world";
        "conversion_rate", Share, Higher, true, 1.0, |t| t.orders, |t| t.sessions, "orders / sessions";
        "average_order_value", Money, Neutral, true, 1.0, |t| t.goods_net, |t| t.orders,
            "net goods revenue after discounts, without shipping and tax / orders";
        "items_per_order", Count, Neutral, true, 1.0, |t| t.units, |t| t.orders, "units / orders";
        "revenue_per_shopper", Money, Neutral, true, 1.0, |t| t.goods_net, |t| t.shoppers,
            "net goods revenue / members of the world";
        "gross_margin_rate", Share, Higher, true, 1.0, |t| t.goods_net - t.goods_cost, |t| t.goods_net,
            "(net goods revenue - unit costs) / net goods revenue";
        "cart_abandonment_rate", Share, Lower, true, 1.0, |t| t.sessions_abandoned, |t| t.sessions_with_add,
            "sessions with an add and no order / sessions with an add";
        "bounce_rate", Share, Lower, true, 1.0, |t| t.sessions_bounced, |t| t.sessions,
            "sessions of one page / sessions";
        "pages_per_session", Count, Neutral, true, 1.0, |t| t.pages, |t| t.sessions, "pages / sessions";
        "seconds_to_order", Seconds, Neutral, true, 0.001, |t| t.ms_to_order, |t| t.orders_timed,
            "seconds from the start of a session to its order";
        "repeat_rate", Share, Higher, true, 1.0, |t| t.repeat_buyers, |t| t.buyers,
            "members with two orders or more / members with an order";
        "new_to_repeat_full_price_rate", Share, Higher, true, 1.0, |t| t.new_buyers_full_price_again, |t| t.new_buyers,
            "new buyers with a further order at full price / new buyers";
        "return_rate", Share, Lower, true, 1.0, |t| t.lines_returned, |t| t.lines, "order lines returned / order lines";
        "exchange_rate", Share, Lower, true, 1.0, |_| 0, |_| 0,
            "order lines exchanged / order lines; null: this version has returns but no exchanges";
    }
    "promotion" {
        "promotion_cost_per_shopper", Money, Lower, true, 1.0, |t| t.rewards + t.liability + t.message_costs, |t| t.shoppers,
            "discounts, rewards redeemed, shipping waived and messages / members of the world";
        "discount_order_share", Share, Neutral, true, 1.0, |t| t.discounted_orders, |t| t.orders,
            "orders with a reward or sale price / orders";
        "mean_discount_depth", Share, Neutral, true, 0.000_001, |t| t.discount_depth_ppm, |t| t.discounted_orders,
            "reward / goods at list price, mean over discounted orders";
        "full_price_order_share", Share, Higher, true, 1.0, |t| t.full_price_orders, |t| t.orders,
            "orders without any reward / orders";
        "offers_per_shopper", Count, Neutral, true, 1.0, |t| t.offers_issued, |t| t.shoppers,
            "personal offers issued / members of the world";
        "treatments_per_session", Count, Neutral, true, 1.0, |t| t.treatments_shown, |t| t.sessions,
            "treatments shown / sessions";
        "subsidised_order_share", Share, Lower, false, 1.0, |t| t.subsidised_orders, |t| t.orders,
            "orders with a reward whose need control fills too / orders";
        "leakage", Share, Lower, false, 1.0, |t| t.rewards_leaked, |t| t.rewards + t.liability,
            "share of reward cost given to needs that control also fills here";
        "breakage_rate", Share, Neutral, true, 1.0, |t| t.offers_expired, |t| t.offers_issued,
            "personal offers that expired unused / personal offers issued";
        "abuse_rate", Share, Lower, false, 1.0, |_| 0, |_| 0,
            "rewards taken by abusive accounts / rewards; null: this version has no abusive shoppers";
    }
    "habit" {
        "waiting_rate", Share, Lower, false, 1.0, |t| t.needs_waited, |t| t.needs_active,
            "active needs with a visit at which she waited or fished and would have bought there without deal beliefs";
        "fishing_rate", Share, Lower, false, 1.0, |t| t.needs_fished, |t| t.needs_active,
            "active needs at which she left a cart on purpose to trigger an offer";
        "stockpiled_share", Share, Neutral, false, 1.0, |t| t.units_stocked, |t| t.units,
            "units bought for stock / units";
        "trust", Share, Higher, false, 0.000_001, |t| t.trust_ppm, |t| t.shoppers,
            "trust between 0 and 1, mean over members at the end of the horizon";
        "fatigue", Share, Lower, false, 0.000_001, |t| t.fatigue_ppm, |t| t.shoppers,
            "fatigue between 0 and 1, mean over members at the end of the horizon";
    }
    "engine" {
        "fallback_rate", Share, Lower, true, 1.0, |t| t.fallbacks, |t| t.decisions,
            "safe defaults because the answer was late / decisions asked";
        "signal_to_decision_ms", Milliseconds, Lower, true, 1.0, |t| t.signal_ms, |t| t.signals_answered,
            "milliseconds from a signal to the changed page";
        "same_session_response_rate", Share, Higher, true, 1.0, |t| t.sessions_answered, |t| t.sessions_with_friction,
            "sessions with a treatment shown after a friction signal / sessions with a friction signal";
        "information_age_hours", Hours, Lower, true, 2.777_777_777_777_778e-7, |t| t.information_age_ms, |t| t.information_age_count,
            "age of the newest information used by a decision";
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_are_unique_and_money_is_in_major_units() {
        for (i, metric) in METRICS.iter().enumerate() {
            assert!(METRICS[..i].iter().all(|m| m.name != metric.name), "{} twice", metric.name);
        }
        let totals = Totals { shoppers: 4, contribution: 1_000, ..Totals::default() };
        assert_eq!(metric("contribution_per_shopper").unwrap().value(&totals, 100.0), Some(2.5));
        assert_eq!(metric("conversion_rate").unwrap().value(&totals, 100.0), None);
    }
}
