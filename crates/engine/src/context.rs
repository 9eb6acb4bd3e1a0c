//! The context terms of a decision: what the learner holds constant when it compares treatments.
//! Order and priors stand in [`crate::stages::learn::CONTEXT`].

use crate::economics::Basket;
use crate::rule::{Feature, FeatureValues};
use crate::session::Session;
use crate::stages::intent::{Barriers, PRIOR};
use crate::stages::learn::{BARRIER_TERM, CONTEXT_TERMS, Context};
use crate::stages::profile::Profile;
use counterfoil_core::money::Money;
use counterfoil_core::quantile::ln;

/// Readiness at which its term is zero.
const USUAL_READINESS: f64 = 0.2;
/// Days since the last visit beyond which more make no difference.
const LONGEST_DAYS: f64 = 60.0;

/// The context of a question. `mean_goods`: goods of a typical order, minor units.
#[must_use]
pub fn context(
    values: &FeatureValues,
    session: &Session,
    barriers: &Barriers,
    basket: &Basket,
    mean_goods: Money,
    profile: &Profile,
) -> Context {
    let value = |feature: Feature| values[feature.slot()];
    let flag = |truth: bool| f64::from(u8::from(truth));
    let since = value(Feature::DaysSinceVisit).min(LONGEST_DAYS);
    let mut terms = [0.0; CONTEXT_TERMS];
    terms[0] = 1.0;
    terms[1] = value(Feature::Readiness) - USUAL_READINESS;
    terms[2] = value(Feature::InCart);
    terms[3] = flag(session.checkout);
    terms[4] = value(Feature::Known);
    terms[5] = ln(1.0 + value(Feature::Orders));
    terms[6] = ln(1.0 + since) / ln(1.0 + LONGEST_DAYS);
    terms[7] = ln(1.0 + value(Feature::Views)) / 3.0;
    terms[8] = flag(session.reopened);
    terms[9] = value(Feature::SaleOn);
    terms[10] = value(Feature::CouponAffinity);
    if basket.known {
        let relative = basket.goods.as_f64().max(1.0) / mean_goods.as_f64().max(1.0);
        terms[11] = ln(relative).clamp(-2.0, 2.0);
    }
    for (place, barrier) in barriers.iter().enumerate() {
        terms[BARRIER_TERM + place] = barrier - PRIOR[place];
    }
    terms[18] = value(Feature::Mobile);
    terms[19] = ln(1.0 + value(Feature::Sessions30d)) / 3.0;
    terms[20] = ln(1.0 + profile.exposures);
    terms[21] = f64::from(profile.returns) / f64::from(profile.orders + 1);
    if profile.spend > 0.0 {
        terms[22] = (profile.margin / profile.spend).clamp(-1.0, 1.0);
    }
    terms
}
