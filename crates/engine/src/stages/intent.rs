//! Stage 4, intent: what holds the shopper back, how far she is, and why she came.
//!
//! # Method
//! A hidden-state filter over six barriers, of which one is taken to be the largest. Between two events the state may have
//! changed: probabilities return to the prior with the session's half-life. Each trace then multiplies them by a stated
//! likelihood ratio (how much more often a visitor with that barrier leaves that trace) and they are normalised. The ratios
//! are assumptions that follow `docs/world-model.md` in direction only; nothing is read from a world.

use super::profile::halved;
use crate::session::Session;
use counterfoil_core::event::{EventKind, FilterBy, Page, Topic};
use counterfoil_core::time::{DAY_MS, Time};
use counterfoil_core::treatment::Barrier;

/// Six numbers by [`Barrier::index`]: doubt, shipping, payment, choice, timing, price.
pub type Barriers = [f64; 6];

/// Probabilities before any trace (assumption).
pub const PRIOR: Barriers = [0.20, 0.15, 0.05, 0.15, 0.20, 0.25];

/// How much of the last session's state is believed to be still true the moment the next one begins (assumption).
const CARRIED_OVER: f64 = 0.7;

/// The likelihood ratios of the trace that an event leaves, if it leaves one.
fn ratios(kind: &EventKind, session: &Session) -> Option<Barriers> {
    Some(match kind {
        EventKind::InfoViewed(Topic::Reviews) => [2.5, 0.9, 0.9, 1.2, 0.9, 0.8],
        EventKind::InfoViewed(Topic::Size) => [3.0, 0.9, 0.9, 1.1, 0.9, 0.8],
        EventKind::InfoViewed(Topic::Returns) => [2.2, 1.1, 0.9, 0.9, 0.9, 0.9],
        EventKind::InfoViewed(Topic::Shipping) => [0.9, 3.5, 0.9, 0.8, 1.0, 1.0],
        EventKind::InfoViewed(Topic::Payment) => [0.9, 0.9, 4.0, 0.8, 0.9, 0.9],
        EventKind::PaymentFailed => [0.8, 0.8, 8.0, 0.8, 0.8, 0.8],
        EventKind::Stalled if session.at_shipping => [0.9, 3.0, 1.2, 0.8, 1.1, 1.1],
        EventKind::Stalled => [1.2, 1.0, 1.0, 1.3, 1.2, 1.0],
        EventKind::Compared(_) => [1.0, 0.9, 0.9, 2.5, 0.9, 1.3],
        EventKind::ProductViewed { .. } if session.views > 4 => [1.0, 0.95, 0.95, 1.2, 0.95, 1.0],
        EventKind::Filtered(FilterBy::Attribute) => [1.0, 0.95, 0.95, 1.2, 0.9, 0.9],
        EventKind::Wishlisted(_) => [0.9, 0.9, 0.9, 1.0, 3.0, 1.1],
        EventKind::Filtered(FilterBy::Price) => [0.8, 0.9, 0.9, 0.9, 0.9, 3.0],
        EventKind::PageViewed(Page::Sale) => [0.85, 0.9, 0.9, 0.9, 0.95, 2.5],
        EventKind::CouponFieldFocused => [0.8, 1.0, 0.9, 0.8, 0.8, 4.0],
        EventKind::CartViewed { .. } if session.reopened => [1.4, 1.1, 1.0, 0.9, 1.2, 1.1],
        _ => return None,
    })
}

/// Takes what one event says about barriers into the session.
pub fn observe(session: &mut Session, kind: &EventKind, at: Time, half_life_seconds: f64) {
    let Some(ratios) = ratios(kind, session) else { return };
    session.barriers = filtered(session, at, half_life_seconds);
    session.barriers_at = session.barriers_at.max(at);
    multiply(&mut session.barriers, &ratios);
}

/// The barriers of a session as they are believed at `at`, without a further trace.
#[must_use]
pub fn filtered(session: &Session, at: Time, half_life_seconds: f64) -> Barriers {
    let seconds = ((at - session.barriers_at) as f64 / 1000.0).max(0.0);
    towards_prior(&session.barriers, halved(seconds, half_life_seconds))
}

fn towards_prior(state: &Barriers, kept: f64) -> Barriers {
    std::array::from_fn(|i| PRIOR[i] + kept * (state[i] - PRIOR[i]))
}

fn multiply(state: &mut Barriers, ratios: &Barriers) {
    let mut sum = 0.0;
    for (p, ratio) in state.iter_mut().zip(ratios) {
        *p *= ratio;
        sum += *p;
    }
    state.iter_mut().for_each(|p| *p /= sum);
}

/// What is believed of barriers when a session begins.
#[derive(Clone, Copy, Debug)]
pub struct Before {
    /// State at the end of the last session and when that session began; `None` without one.
    pub last: Option<(Barriers, Time)>,
    /// Pages of that session.
    pub last_pages: u16,
    /// Share of orders on offer.
    pub coupon_affinity: f64,
}

/// Barriers at the start of a session: what was carried over, a short repeat visit, a habit of buying on offer.
#[must_use]
pub fn at_start(before: Before, at: Time, half_life_days: f64) -> Barriers {
    let mut state = PRIOR;
    if let Some((last, then)) = before.last {
        let days = ((at - then) as f64 / DAY_MS as f64).max(0.0);
        state = towards_prior(&last, CARRIED_OVER * halved(days, half_life_days));
        if days <= 3.0 && before.last_pages <= 4 {
            multiply(&mut state, &[1.0, 0.95, 0.95, 0.95, 1.6, 1.05]);
        }
    }
    if before.coupon_affinity > 0.0 {
        multiply(&mut state, &[1.0, 1.0, 1.0, 1.0, 1.0, 1.0 + before.coupon_affinity]);
    }
    state
}

/// The barrier believed most; ties go to the first.
#[must_use]
pub fn largest(state: &Barriers) -> Barrier {
    let mut best = Barrier::Doubt;
    for barrier in Barrier::ALL {
        if state[barrier.index()] > state[best.index()] {
            best = barrier;
        }
    }
    best
}

/// Why she seems to have come, coarsely.
#[must_use]
pub fn mission(session: &Session) -> &'static str {
    match session {
        session if session.ordered => "done",
        session if session.checkout || session.cart_goods.0 > 0 => "buy",
        session if session.compares > 0 || session.searches + session.price_signals >= 2 => "compare",
        session if session.views > 0 => "explore",
        _ => "arrive",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ProfileNumber;
    use counterfoil_core::money::Money;
    use counterfoil_core::shop::ProductId;
    use counterfoil_core::{CustomerId, Visitor};

    /// A visit that has just begun.
    fn begun() -> Session {
        Session::new(Visitor::off_site(CustomerId::new(0)), ProfileNumber::new(0), Time(0), 1)
    }

    fn after(kinds: &[EventKind]) -> Session {
        let mut session = begun();
        session.barriers = PRIOR;
        for (step, kind) in kinds.iter().enumerate() {
            observe(&mut session, kind, Time(10_000 * step as i64), 600.0);
        }
        session
    }

    #[test]
    fn each_trace_points_at_its_barrier() {
        let stories: [(EventKind, Barrier); 6] = [
            (EventKind::InfoViewed(Topic::Size), Barrier::Doubt),
            (EventKind::InfoViewed(Topic::Shipping), Barrier::Shipping),
            (EventKind::PaymentFailed, Barrier::Payment),
            (EventKind::Compared(ProductId(0)), Barrier::Choice),
            (EventKind::Wishlisted(ProductId(0)), Barrier::Timing),
            (EventKind::CouponFieldFocused, Barrier::Price),
        ];
        for (kind, barrier) in stories {
            let session = after(&[kind, kind]);
            assert_eq!(largest(&session.barriers), barrier, "{kind:?}: {:?}", session.barriers);
            assert!((session.barriers.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_stall_where_the_fee_is_shown_is_about_shipping() {
        let mut session = after(&[]);
        session.at_shipping = true;
        observe(&mut session, &EventKind::Stalled, Time(0), 600.0);
        assert_eq!(largest(&session.barriers), Barrier::Shipping);
    }

    #[test]
    fn belief_fades_towards_the_prior() {
        let session = after(&[EventKind::CouponFieldFocused]);
        let price = Barrier::Price.index();
        let soon = filtered(&session, Time(0), 600.0)[price];
        let later = filtered(&session, Time(600_000), 600.0)[price];
        assert!((later - PRIOR[price]).abs() < 0.51 * (soon - PRIOR[price]).abs());
    }

    #[test]
    fn missions_follow_the_funnel() {
        let mut session = begun();
        assert_eq!(mission(&session), "arrive");
        session.views = 1;
        assert_eq!(mission(&session), "explore");
        session.cart_goods = Money(1);
        assert_eq!(mission(&session), "buy");
    }
}
