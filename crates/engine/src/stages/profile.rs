//! Stage 3, profile: what the shop remembers. What a visit shows is gathered in [`Session`], what lasts in [`Profile`];
//! [`crate::features`] writes both into the slots that rules, model and trace read.
//!
//! Signals of a session fade with the session's half-life, long-run sums with the profile's, so recent ones weigh more.

use crate::ids::{ProfileNumber, RowNumber};
use crate::session::Session;
use counterfoil_core::CustomerId;
use counterfoil_core::digest::Digest;
use counterfoil_core::event::{Device, EventKind, FilterBy, Page};
use counterfoil_core::money::Money;
use counterfoil_core::quantile::exp;
use counterfoil_core::shop::Shop;
use counterfoil_core::time::{DAY_MS, Time};

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
    /// Where it went, if it is no longer alive.
    pub merged_into: Option<ProfileNumber>,
    /// Customer number, none while anonymous.
    pub customer: Option<CustomerId>,
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
    /// Row of the learner that is open for it, if any.
    pub open_row: Option<RowNumber>,
    /// Posterior draw that this profile keeps for its outcome window: one stratum per treatment.
    pub strata: [u8; 16],
    /// Until when that draw holds.
    pub strata_until: Time,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            merged_into: None,
            customer: None,
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
            open_row: None,
            strata: [0; 16],
            strata_until: Time(i64::MIN),
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

    /// Folds what later decisions depend on into `digest`.
    pub fn fold_into(&self, digest: &mut Digest) {
        digest.fold(u64::from(CustomerId::word(self.customer)) << 32 | u64::from(self.orders));
        digest.fold(u64::from(RowNumber::word(self.open_row)) << 32 | u64::from(self.returns));
        digest.fold_signed(self.visits[1].map_or(-1, |at| at.0));
        digest.fold_signed(self.last_order.map_or(-1, |at| at.0));
        for sum in [self.recent_orders, self.recent_on_offer, self.spend, self.margin, self.exposures] {
            digest.fold(sum.to_bits());
        }
        for p in self.barriers {
            digest.fold(u64::from(p.to_bits()));
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
        // The earlier of two open rows stays; the other one's outcome can no longer be told apart.
        self.open_row = self.open_row.into_iter().chain(other.open_row).min();
        if other.strata_until > self.strata_until {
            self.strata = other.strata;
            self.strata_until = other.strata_until;
        }
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
            interest(session, shop.product(product).category, 1.0, at, half_life_seconds);
        }
        EventKind::Compared(product) => {
            one_more(&mut session.compares);
            interest(session, shop.product(product).category, 0.5, at, half_life_seconds);
        }
        EventKind::Wishlisted(_) => one_more(&mut session.wishlists),
        EventKind::CartAdded { product, quantity, .. } => {
            one_more(&mut session.cart_changes);
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
