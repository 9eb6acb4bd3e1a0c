//! Prices are sensible, and elasticities are measured end to end.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{observe, shipped};
use counterfoil_core::money::Money;
use counterfoil_core::quantile::ln;
use counterfoil_scenario::Scenario;

/// Orders, contribution and contribution at warm steady state over 18 weeks, all prices times `level`.
fn at_level(scenario: &Scenario, level: f64, seed: u64) -> (f64, f64) {
    let mut scenario = scenario.clone();
    scenario.seed = seed;
    scenario.catalogue.price_level = level;
    let (arm, _) = observe(&scenario, 0, 18);
    let orders = &arm.ledger.orders;
    (orders.len() as f64, orders.iter().map(|o| o.contribution).sum::<Money>().as_f64())
}

#[test]
fn no_uniform_price_within_ten_percent_earns_more_than_a_percent_more() {
    let mut scenario = shipped("fashion-web-shop");
    scenario.shoppers.count = 10_000;
    let seeds = [5, 66, 777];
    let total = |level: f64| {
        let sums = seeds.map(|seed| at_level(&scenario, level, seed));
        (sums.iter().map(|s| s.0).sum::<f64>(), sums.iter().map(|s| s.1).sum::<f64>())
    };
    let (orders, contribution) = total(1.0);
    for level in [0.90, 0.95, 1.05, 1.10] {
        let (o, c) = total(level);
        let elasticity = ln(o / orders) / ln(level);
        println!(
            "prices x {level}: orders {:+.2} % (elasticity {elasticity:.2}), contribution {:+.2} %",
            (o / orders - 1.0) * 100.0,
            (c / contribution - 1.0) * 100.0
        );
        assert!(
            c <= contribution * 1.01,
            "prices x {level} would earn {:+.2} % more",
            (c / contribution - 1.0) * 100.0
        );
    }
}
