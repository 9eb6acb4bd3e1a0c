//! The features of one question, slot by slot, from the session, the profile and the public shop.
//!
//! Barriers are left to [`crate::stages::intent`]; names and units stand in [`crate::rule::FEATURES`].

use crate::rule::{FEATURE_COUNT, Feature, FeatureValues};
use crate::session::Session;
use crate::stages::profile::Profile;
use counterfoil_core::money::Money;
use counterfoil_core::policy::Ask;
use counterfoil_core::quantile::{ln, logistic};
use counterfoil_core::shop::Shop;
use counterfoil_core::time::{DAY_MS, HOUR_MS, Time};
use counterfoil_scenario::policy::{ACTIVE_DAYS, LAPSING_DAYS};

/// Stands for "never" in features that count days.
pub const NEVER_DAYS: f64 = 999.0;

/// Writes every feature of one question. `sale_on`: whether a sale is posted; `margin_rate`: of the product in question.
pub fn features(
    ask: &Ask,
    session: &Session,
    profile: &Profile,
    shop: &Shop,
    surroundings: Surroundings,
) -> FeatureValues {
    let mut values = [0.0; FEATURE_COUNT];
    let mut set = |feature: Feature, value: f64| values[feature.slot()] = value;
    let flag = |truth: bool| f64::from(u8::from(truth));
    let day = ask.at.day();
    let days_since = |moment: Option<Time>| {
        moment.map_or(NEVER_DAYS, |then| ((ask.at - then) as f64 / DAY_MS as f64).clamp(0.0, NEVER_DAYS))
    };
    let since_order = days_since(profile.last_order);
    let major = |minor: f64| minor / minor_per_major(shop);
    let goods = if ask.cart_goods > Money::ZERO { ask.cart_goods } else { session.cart_goods };
    set(Feature::CartValue, major(goods.as_f64()));
    set(Feature::InCart, flag(goods > Money::ZERO));
    set(Feature::Views, f64::from(session.views));
    set(Feature::Pages, f64::from(session.pages));
    set(Feature::Seconds, ((ask.at - session.started) as f64 / 1000.0).max(0.0));
    set(Feature::Sessions30d, f64::from(profile.sessions.last_30(day.0)));
    set(Feature::Orders, f64::from(profile.orders));
    set(Feature::DaysSinceOrder, since_order);
    set(Feature::DaysSinceVisit, days_since(profile.visits[0]));
    set(Feature::Spend, major(profile.spend));
    set(Feature::CouponAffinity, profile.coupon_affinity());
    set(Feature::Offers30d, surroundings.offers_30d as f64);
    set(Feature::PaymentFailures, f64::from(session.payment_failures));
    set(Feature::Hour, (ask.at.of_day_ms() / HOUR_MS) as f64);
    set(Feature::Weekday, f64::from(shop.calendar.weekday(day)));
    set(Feature::Known, flag(profile.customer.is_some()));
    set(Feature::NewCustomer, flag(profile.orders == 0));
    set(Feature::SaleOn, flag(surroundings.sale_on));
    set(Feature::CouponField, flag(session.coupon_field));
    set(Feature::ExitIntent, flag(session.exit_intents > 0));
    set(Feature::Stalled, flag(session.stalls > 0));
    set(Feature::Mobile, flag(session.mobile));
    set(Feature::Subscribed, flag(profile.subscribed));
    set(Feature::Point, f64::from(ask.point as u8));
    set(Feature::Channel, f64::from(session.channel));
    set(Feature::Lifecycle, lifecycle(profile.orders, since_order));
    set_product(&mut values, ask, session, shop, surroundings.margin_rate);
    values
}

/// Minor units in a major unit of the shop's currency: rules state amounts in major units.
fn minor_per_major(shop: &Shop) -> f64 {
    10_i64.pow(shop.currency_decimals) as f64
}

/// What features need to know beside profile and session.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings {
    /// Whether a sale is posted today.
    pub sale_on: bool,
    /// Mean gross margin of the catalogue at list price, a share.
    pub margin_rate: f64,
    /// Offers shown or sent to the shopper in the last 30 days.
    pub offers_30d: usize,
}

/// Window of the feature that counts offers, milliseconds.
pub const OFFERS_WINDOW_MS: i64 = 30 * DAY_MS;

fn set_product(values: &mut FeatureValues, ask: &Ask, session: &Session, shop: &Shop, mean_margin: f64) {
    let Some(product) = ask.product.map(|id| shop.product(id)) else {
        values[Feature::MarginRate.slot()] = mean_margin;
        values[Feature::Category.slot()] = favourite(&session.affinity);
        return;
    };
    let list = product.list_price.as_f64();
    values[Feature::ProductPrice.slot()] = list / minor_per_major(shop);
    values[Feature::MarginRate.slot()] = (list - product.unit_cost.as_f64()) / list.max(1.0);
    values[Feature::Category.slot()] = f64::from(product.category);
}

/// The category looked at most, -1 (equal to no word) if none was.
fn favourite(affinity: &[f32]) -> f64 {
    let mut best = (0.0_f32, -1.0);
    for (category, &value) in affinity.iter().enumerate() {
        if value > best.0 {
            best = (value, category as f64);
        }
    }
    best.1
}

fn lifecycle(orders: u32, since_order: f64) -> f64 {
    match (orders, since_order) {
        (0, _) => 0.0,
        (_, days) if days <= f64::from(ACTIVE_DAYS) => 1.0,
        (_, days) if days <= f64::from(LAPSING_DAYS) => 2.0,
        _ => 3.0,
    }
}

/// How close to buying: a logistic score of the funnel (weights are assumptions; the value model scales them).
#[must_use]
pub fn readiness(session: &Session, values: &FeatureValues) -> f64 {
    let flag = |truth: bool| f64::from(u8::from(truth));
    let dwell = (f64::from(session.dwell_seconds) / 30.0).min(2.0);
    logistic(
        -2.2 + 0.12 * f64::from(session.views.min(8))
            + 0.25 * dwell
            + 1.3 * values[Feature::InCart.slot()]
            + 1.0 * flag(session.checkout)
            + 0.4 * flag(session.reopened)
            + 0.5 * flag(session.payment_failures > 0)
            + 0.3 * values[Feature::Known.slot()]
            + 0.2 * ln(1.0 + values[Feature::Sessions30d.slot()])
            - 0.4 * flag(session.exit_intents > 0),
    )
}
