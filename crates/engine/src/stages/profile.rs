//! Stage 3, profile: what the shop remembers. Session features come from [`Session`], long-run features from [`Profile`];
//! [`features`] writes both into the slots that rules, model and trace read.
//!
//! Signals of a session fade with the session's half-life, long-run sums with the profile's, so recent ones weigh more.

use crate::rule::{Feature, FeatureValues};
use crate::session::Session;
use counterfoil_core::digest::Digest;
use counterfoil_core::event::{Device, EventKind, FilterBy, NOBODY, Page};
use counterfoil_core::money::Money;
use counterfoil_core::policy::Ask;
use counterfoil_core::quantile::{exp, ln, logistic};
use counterfoil_core::shop::Shop;
use counterfoil_core::time::{DAY_MS, HOUR_MS, Time};

/// Days without an order after which an active customer is lapsing (assumption).
pub const ACTIVE_DAYS: f64 = 60.0;
/// Days without an order after which a lapsing customer has lapsed (assumption).
pub const LAPSING_DAYS: f64 = 120.0;
/// Stands for "never" in features that count days.
pub const NEVER_DAYS: f64 = 999.0;
/// Minor units in a major unit. Shops of other currencies are valued correctly; only rules see amounts divided by this.
pub const MINOR_PER_MAJOR: f64 = 100.0;
/// "Nothing there" in [`Profile`]'s references.
pub const NONE: u32 = u32::MAX;

/// A treatment that was shown to somebody, or is being shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// When it was decided.
    pub at: Time,
    /// Number of the decision.
    pub decision: u32,
    /// Session it was shown in.
    pub session: u32,
    /// Entry of the ledger, [`NONE`] if it gives nothing away.
    pub entry: u32,
    /// Which treatment.
    pub treatment: u8,
    /// Whether it gives money away.
    pub offer: bool,
}

/// Sessions per day over the last 32 days, four bits each, today lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayCounts {
    bits: u128,
    today: u32,
}

impl DayCounts {
    /// Counts one on `day` (15 a day at most).
    pub fn add(&mut self, day: u32) {
        self.bits = self.shifted(day);
        self.today = day;
        if self.bits & 15 < 15 {
            self.bits += 1;
        }
    }
    /// How many in the 30 days that end with `day`.
    #[must_use]
    pub fn last_30(&self, day: u32) -> u32 {
        let mut bits = self.shifted(day) & ((1 << 120) - 1);
        let mut sum = 0;
        while bits != 0 {
            sum += (bits & 15) as u32;
            bits >>= 4;
        }
        sum
    }
    fn shifted(&self, day: u32) -> u128 {
        let days = day.saturating_sub(self.today);
        if days >= 32 { 0 } else { self.bits << (4 * days) }
    }
    fn merge(&mut self, other: Self) {
        let day = self.today.max(other.today);
        let (mut left, mut right, mut bits) = (self.shifted(day), other.shifted(day), 0_u128);
        for place in 0..32 {
            bits |= ((left & 15) + (right & 15)).min(15) << (4 * place);
            left >>= 4;
            right >>= 4;
        }
        *self = Self { bits, today: day };
    }
}

/// What is remembered of one visitor or customer.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Where it went, [`NOBODY`] while it is alive.
    pub merged_into: u32,
    /// Customer number, [`NOBODY`] while anonymous.
    pub customer: u32,
    /// Whether e-mails with offers are allowed.
    pub subscribed: bool,
    /// Begin of the session before the current one, and of the current one.
    pub visits: [Option<Time>; 2],
    /// Pages of the latest session that ended.
    pub last_pages: u16,
    /// Last order.
    pub last_order: Option<Time>,
    /// Orders ever.
    pub orders: u32,
    /// Returned orders ever.
    pub returns: u32,
    /// Decayed number of orders.
    pub recent_orders: f64,
    /// Decayed number of orders on offer or in a sale.
    pub recent_on_offer: f64,
    /// Decayed goods paid, minor units.
    pub spend: f64,
    /// Decayed contribution, minor units.
    pub margin: f64,
    /// Decayed number of treatments shown: a proxy of fatigue.
    pub exposures: f64,
    /// When the decayed sums were last decayed.
    pub decayed_at: Time,
    /// Sessions by day.
    pub sessions: DayCounts,
    /// Barriers as they stood at the end of the latest session.
    pub barriers: [f32; 6],
    /// Goods left in a cart.
    pub cart_goods: Money,
    /// Row of the learner that is open for it, [`NONE`] if none.
    pub open_row: u32,
    /// Posterior draw that this profile keeps for its outcome window: one stratum per treatment.
    pub strata: [u8; 16],
    /// Until when that draw holds.
    pub strata_until: Time,
    /// Treatments shown lately, oldest first.
    pub shown: Vec<Shown>,
    /// Campaign and day of messages, oldest first.
    pub messages: Vec<(u32, u32)>,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            merged_into: NOBODY,
            customer: NOBODY,
            subscribed: false,
            visits: [None; 2],
            last_pages: 0,
            last_order: None,
            orders: 0,
            returns: 0,
            recent_orders: 0.0,
            recent_on_offer: 0.0,
            spend: 0.0,
            margin: 0.0,
            exposures: 0.0,
            decayed_at: Time(0),
            sessions: DayCounts::default(),
            barriers: [0.0; 6],
            cart_goods: Money::ZERO,
            open_row: NONE,
            strata: [0; 16],
            strata_until: Time(i64::MIN),
            shown: Vec::new(),
            messages: Vec::new(),
        }
    }
}

impl Profile {
    /// Lets the decayed sums fade until `at`.
    pub fn decay(&mut self, at: Time, half_life_days: f64) {
        let days = (at - self.decayed_at) as f64 / DAY_MS as f64;
        if days <= 0.0 {
            return;
        }
        let kept = halved(days, half_life_days);
        for sum in [
            &mut self.recent_orders,
            &mut self.recent_on_offer,
            &mut self.spend,
            &mut self.margin,
            &mut self.exposures,
        ] {
            *sum *= kept;
        }
        self.decayed_at = at;
    }

    /// An order was placed.
    pub fn ordered(
        &mut self,
        at: Time,
        paid: Money,
        contribution: Money,
        on_offer: bool,
        half_life_days: f64,
    ) {
        self.decay(at, half_life_days);
        self.orders += 1;
        self.recent_orders += 1.0;
        self.recent_on_offer += f64::from(u8::from(on_offer));
        self.spend += paid.as_f64();
        self.margin += contribution.as_f64();
        self.last_order = self.last_order.max(Some(at));
        self.cart_goods = Money::ZERO;
    }

    /// Share of recent orders on offer or in a sale, shrunk towards zero by one order.
    #[must_use]
    pub fn coupon_affinity(&self) -> f64 {
        self.recent_on_offer / (self.recent_orders + 1.0)
    }

    /// Whether an offer can still be redeemed in `session` at `at`; `open` tells whether a ledger entry is outstanding.
    #[must_use]
    pub fn holds_offer(&self, open: impl Fn(u32) -> bool) -> bool {
        self.shown.iter().any(|shown| shown.entry != NONE && open(shown.entry))
    }

    /// Folds what later decisions depend on into `digest`.
    pub fn fold_into(&self, digest: &mut Digest) {
        digest.fold(u64::from(self.customer) << 32 | u64::from(self.orders));
        digest.fold(u64::from(self.open_row) << 32 | u64::from(self.returns));
        digest.fold_signed(self.visits[1].map_or(-1, |at| at.0));
        digest.fold_signed(self.last_order.map_or(-1, |at| at.0));
        for sum in [self.recent_orders, self.recent_on_offer, self.spend, self.margin, self.exposures] {
            digest.fold(sum.to_bits());
        }
        for p in self.barriers {
            digest.fold(u64::from(p.to_bits()));
        }
        for shown in &self.shown {
            digest.fold(u64::from(shown.decision) << 8 | u64::from(shown.treatment));
        }
        self.strata.iter().for_each(|&stratum| digest.fold(u64::from(stratum)));
    }

    /// Takes over what an anonymous profile had gathered.
    pub fn absorb(&mut self, other: Self, half_life_days: f64) {
        let at = self.decayed_at.max(other.decayed_at);
        let mut other = other;
        self.decay(at, half_life_days);
        other.decay(at, half_life_days);
        self.subscribed |= other.subscribed;
        if other.visits[1] > self.visits[1] {
            self.visits = [self.visits[1].max(other.visits[0]), other.visits[1]];
            self.barriers = other.barriers;
            self.last_pages = other.last_pages;
        } else {
            self.visits[0] = self.visits[0].max(other.visits[1]);
        }
        self.last_order = self.last_order.max(other.last_order);
        self.orders += other.orders;
        self.returns += other.returns;
        self.recent_orders += other.recent_orders;
        self.recent_on_offer += other.recent_on_offer;
        self.spend += other.spend;
        self.margin += other.margin;
        self.exposures += other.exposures;
        self.sessions.merge(other.sessions);
        self.cart_goods = self.cart_goods.max(other.cart_goods);
        // The earlier of two open rows stays hers; the other one's outcome can no longer be told apart.
        self.open_row = self.open_row.min(other.open_row);
        if other.strata_until > self.strata_until {
            self.strata = other.strata;
            self.strata_until = other.strata_until;
        }
        self.shown.extend(other.shown);
        self.shown.sort_by_key(|shown| (shown.at, shown.decision));
        self.messages.extend(other.messages);
        self.messages.sort_by_key(|&(campaign, day)| (day, campaign));
    }
}

/// What is left of a signal after `passed` when it halves every `half_life` (same unit).
#[must_use]
#[inline]
pub fn halved(passed: f64, half_life: f64) -> f64 {
    exp(-std::f64::consts::LN_2 * passed / half_life)
}

/// Takes what one event of a live session says into the session.
pub fn observe(session: &mut Session, kind: &EventKind, at: Time, shop: &Shop, half_life_seconds: f64) {
    if opens_page(kind) {
        let seconds = (((at - session.page_since) as f64) / 1000.0).clamp(0.0, 600.0) as f32;
        if session.pages > 0 {
            session.dwell_seconds += (seconds - session.dwell_seconds) / f32::from(session.pages.min(3));
        }
        session.pages = session.pages.saturating_add(1);
        session.page_since = session.page_since.max(at);
    }
    if !matches!(kind, EventKind::Stalled | EventKind::ExitIntent | EventKind::Scrolled) {
        session.at_shipping = matches!(kind, EventKind::ShippingShown { .. });
    }
    let one_more = |count: &mut u16| *count = count.saturating_add(1);
    match *kind {
        EventKind::SessionStarted { channel, device, .. } => {
            session.channel = channel as u8;
            session.mobile = device == Device::Mobile;
        }
        EventKind::ProductViewed { product, .. } => {
            one_more(&mut session.views);
            session.product = product.0;
            interest(session, shop.product(product).category, 1.0, at, half_life_seconds);
        }
        EventKind::Compared(product) => {
            one_more(&mut session.compares);
            interest(session, shop.product(product).category, 0.5, at, half_life_seconds);
        }
        EventKind::Wishlisted(_) => one_more(&mut session.wishlists),
        EventKind::CartAdded { product, quantity, .. } => {
            one_more(&mut session.cart_changes);
            session.product = product.0;
            session.cart_goods = shop.product(product).list_price * i64::from(quantity);
            interest(session, shop.product(product).category, 2.0, at, half_life_seconds);
        }
        EventKind::CartViewed { goods } => {
            session.reopened |=
                goods > Money::ZERO && (session.cart_goods > Money::ZERO || session.pages <= 3);
            session.cart_goods = goods;
        }
        EventKind::CheckoutStarted => session.checkout = true,
        EventKind::CouponFieldFocused => session.coupon_field = true,
        EventKind::PaymentFailed => one_more(&mut session.payment_failures),
        EventKind::ExitIntent => one_more(&mut session.exit_intents),
        EventKind::Stalled => one_more(&mut session.stalls),
        EventKind::InfoViewed(topic) => one_more(&mut session.info[topic as usize]),
        EventKind::Filtered(FilterBy::Price) | EventKind::PageViewed(Page::Sale) => {
            one_more(&mut session.price_signals);
        }
        EventKind::Filtered(FilterBy::Attribute) | EventKind::Searched => one_more(&mut session.searches),
        _ => {}
    }
}

fn opens_page(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::PageViewed(_)
            | EventKind::ProductViewed { .. }
            | EventKind::InfoViewed(_)
            | EventKind::CartViewed { .. }
            | EventKind::CheckoutStarted
    )
}

fn interest(session: &mut Session, category: u8, weight: f32, at: Time, half_life_seconds: f64) {
    let seconds = (at - session.affinity_at) as f64 / 1000.0;
    if seconds > 0.0 {
        let kept = halved(seconds, half_life_seconds) as f32;
        session.affinity.iter_mut().for_each(|value| *value *= kept);
        session.affinity_at = at;
    }
    if let Some(value) = session.affinity.get_mut(usize::from(category)) {
        *value += weight;
    }
}

/// Writes every feature of one question. `sale_on`: whether a sale is posted; `margin_rate`: of the product in question.
pub fn features(
    ask: &Ask,
    session: &Session,
    profile: &Profile,
    shop: &Shop,
    surroundings: Surroundings,
) -> FeatureValues {
    let mut values = FeatureValues::default_values();
    let mut set = |feature: Feature, value: f64| values[feature.slot()] = value;
    let flag = |truth: bool| f64::from(u8::from(truth));
    let day = ask.at.day();
    let days_since = |moment: Option<Time>| {
        moment.map_or(NEVER_DAYS, |then| ((ask.at - then) as f64 / DAY_MS as f64).clamp(0.0, NEVER_DAYS))
    };
    let since_order = days_since(profile.last_order);
    let goods = if ask.cart_goods > Money::ZERO { ask.cart_goods } else { session.cart_goods };
    set(Feature::CartValue, goods.as_f64() / MINOR_PER_MAJOR);
    set(Feature::InCart, flag(goods > Money::ZERO));
    set(Feature::Views, f64::from(session.views));
    set(Feature::Pages, f64::from(session.pages));
    set(Feature::Seconds, ((ask.at - session.started) as f64 / 1000.0).max(0.0));
    set(Feature::Sessions30d, f64::from(profile.sessions.last_30(day.0)));
    set(Feature::Orders, f64::from(profile.orders));
    set(Feature::DaysSinceOrder, since_order);
    set(Feature::DaysSinceVisit, days_since(profile.visits[0]));
    set(Feature::Spend, profile.spend / MINOR_PER_MAJOR);
    set(Feature::CouponAffinity, profile.coupon_affinity());
    set(Feature::Offers30d, offers_since(profile, ask.at + -30 * DAY_MS));
    set(Feature::PaymentFailures, f64::from(session.payment_failures));
    set(Feature::Hour, (ask.at.of_day_ms() / HOUR_MS) as f64);
    set(Feature::Weekday, f64::from(shop.calendar.weekday(day)));
    set(Feature::Known, flag(profile.customer != NOBODY));
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

/// What features need to know beside profile and session.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings {
    /// Whether a sale is posted today.
    pub sale_on: bool,
    /// Mean gross margin of the catalogue at list price, a share.
    pub margin_rate: f64,
}

fn set_product(values: &mut FeatureValues, ask: &Ask, session: &Session, shop: &Shop, mean_margin: f64) {
    let Some(product) = ask.product.map(|id| shop.product(id)) else {
        values[Feature::MarginRate.slot()] = mean_margin;
        values[Feature::Category.slot()] = favourite(&session.affinity);
        return;
    };
    let list = product.list_price.as_f64();
    values[Feature::ProductPrice.slot()] = list / MINOR_PER_MAJOR;
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
        (_, days) if days <= ACTIVE_DAYS => 1.0,
        (_, days) if days <= LAPSING_DAYS => 2.0,
        _ => 3.0,
    }
}

fn offers_since(profile: &Profile, start: Time) -> f64 {
    profile.shown.iter().filter(|shown| shown.offer && shown.at > start).count() as f64
}

trait DefaultValues {
    fn default_values() -> Self;
}
impl DefaultValues for FeatureValues {
    fn default_values() -> Self {
        [0.0; crate::rule::FEATURE_COUNT]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_exactly_over_thirty_of_them() {
        let mut counts = DayCounts::default();
        for day in [10, 10, 12, 39] {
            counts.add(day);
        }
        assert_eq!(counts.last_30(39), 4);
        assert_eq!(counts.last_30(40), 2, "day 10 has left the window");
        assert_eq!(counts.last_30(100), 0);
        let mut other = DayCounts::default();
        other.add(39);
        counts.merge(other);
        assert_eq!(counts.last_30(39), 5);
    }

    #[test]
    fn recent_orders_weigh_more() {
        let mut early_offer = Profile::default();
        early_offer.ordered(Time(0), Money(5_000), Money(2_000), true, 30.0);
        early_offer.ordered(Time(30 * DAY_MS), Money(5_000), Money(2_000), false, 30.0);
        let mut late_offer = Profile::default();
        late_offer.ordered(Time(0), Money(5_000), Money(2_000), false, 30.0);
        late_offer.ordered(Time(30 * DAY_MS), Money(5_000), Money(2_000), true, 30.0);
        assert!(late_offer.coupon_affinity() > early_offer.coupon_affinity());
        assert!((late_offer.spend - 7_500.0).abs() < 1e-6, "half of the first order is left");
    }
}
