//! Value: the formula of the policy file's promise, worked out by hand.
#![allow(clippy::unwrap_used)]

mod common;

use common::{TEN, TRUST, model, share, shop};
use counterfoil_core::money::Money;
use counterfoil_core::quantile::{ln, logistic, logit};
use counterfoil_core::shop::ProductId;
use counterfoil_core::treatment::TreatmentId;
use counterfoil_engine::economics::{Basket, Typical};
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

/// By hand: 38.00 + 4.90 - 19.00 - 4.20 - 1.5 % of 42.90 = 19.06; of returns 10 % of 38.00 - 15.20 + 3.50 = 26.30.
#[test]
fn an_order_earns_what_checkout_takes_less_what_returns_are_expected_to_cost() {
    let basket = Basket::of(&shop(), ProductId(4), 1, Money::ZERO, None);
    assert_eq!(basket.earned(&shop(), None).contribution, Money(1_906 - 263));
}

#[test]
fn an_offer_in_a_sale_is_valued_as_checkout_takes_it() {
    let percent = |percent| Some(Deal::posted(share(percent)));
    let on_sale = Basket::of(&shop(), ProductId(4), 1, Money::ZERO, percent(20.0));
    assert_eq!(on_sale.earned(&shop(), percent(10.0)), on_sale.earned(&shop(), None), "the sale gives more");
    assert_eq!(on_sale.earned(&shop(), percent(30.0)).net, Money(2_660), "thirty, not fifty percent");
}

#[test]
fn the_typical_basket_moves_with_the_orders_seen() {
    let mut typical = Typical::of(&shop());
    assert_eq!(typical.basket(None).goods, Money(4_900), "the mean list price");
    (0..20).for_each(|_| typical.learn(Money(10_000)));
    assert_eq!((typical.goods(), typical.basket(None).cost), (Money(7_450), Money(3_725)));
    assert!((typical.margin_rate() - 0.5).abs() < 1e-9);
}
