//! Value: the formula of the policy file's promise, worked out by hand.
#![allow(clippy::unwrap_used)]

mod common;

use common::{TEN, TRUST, model, shop};
use counterfoil_core::money::Money;
use counterfoil_core::quantile::{ln, logistic, logit};
use counterfoil_core::shop::ProductId;
use counterfoil_core::treatment::TreatmentId;
use counterfoil_engine::economics::Basket;
use counterfoil_engine::stages::learn::{CONTEXT_TERMS, Learn};
use counterfoil_engine::stages::value::{Setting, Worth, stratum_middles, worth};
use counterfoil_scenario::policy::ModelSpec;
use counterfoil_till::Deal;

/// Values `id` on one unit of product 4 at 5 % to buy, with a price response known to be -2 and no other effects.
fn valued(id: TreatmentId, dependency: f64, price_response_sd: f64) -> (Worth, Basket) {
    let shop = shop();
    let spec = ModelSpec { soft_sd: 1e-9, cell_sd: 1e-9, price_response_sd, ..model() };
    let learn = Learn::new(spec, &[(TEN, 0), (TRUST, 2)]);
    let mut context = [0.0; CONTEXT_TERMS];
    context[0] = 1.0;
    let basket = Basket::of(&shop, ProductId(4), 1, Money::ZERO, None);
    let log_odds = learn.log_odds(&context);
    let setting = Setting {
        context: &context,
        basket: &basket,
        plain: basket.earned(&shop, None),
        log_odds,
        untreated: logistic(log_odds),
        dependency,
    };
    (worth(&learn, &shop, &stratum_middles(), setting, id), basket)
}

#[test]
fn a_discount_is_worth_what_it_adds_less_what_it_gives_to_those_who_would_have_bought() {
    let dependency = 40.0;
    let (found, basket) = valued(TEN, dependency, 1e-9);
    let contribution = basket.earned(&shop(), None).contribution.as_f64();
    let with = basket.earned(&shop(), Deal::of(&shop().treatments[0])).contribution.as_f64();
    let (p_0, reward) = (0.05, contribution - with);
    let p_t = logistic(logit(p_0) - 2.0 * ln(0.9));
    let expected = (p_t - p_0) * (contribution - reward) - p_0 * reward - dependency * p_t;
    assert!((found.mean - expected).abs() < 1e-6, "{} against {expected}", found.mean);
    assert!((found.bought - p_t).abs() < 1e-9 && found.sd < 1e-3);
    assert_eq!(found.cost, Money(380), "a tenth of 38.00");
}

#[test]
fn a_nudge_without_effect_is_worth_nothing_and_doubt_widens_the_value() {
    let (nudge, _) = valued(TRUST, 40.0, 1.0);
    assert!(nudge.mean.abs() < 1e-3 && nudge.cost == Money::ZERO, "{nudge:?}");
    let (sure, unsure) = (valued(TEN, 0.0, 0.1).0, valued(TEN, 0.0, 1.0).0);
    assert!(unsure.sd > 5.0 * sure.sd);
    assert!(unsure.strata.is_sorted(), "a larger effect is worth more");
}
