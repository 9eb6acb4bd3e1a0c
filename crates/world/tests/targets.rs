//! Published figures of real shops, observed in the default shop without promotions.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{figures, observe, shipped};

const SEEDS: [u64; 4] = [11, 222, 3_333, 44_444];

/// (figure, lowest, highest, must hold). Sources stand in `docs/world-model.md`.
const BANDS: &[(&str, f64, f64, bool)] = &[
    ("C01 conversion per session", 0.010, 0.032, true),
    ("C03 events per session", 1.17, 1.95, false),
    ("C03 p75", 0.75, 1.25, false),
    ("C03 p99", 6.75, 11.25, false),
    ("C03 single-event share", 0.75, 0.85, true),
    ("C06 session seconds p50", 39.65, 82.35, false),
    ("C06 session seconds p75", 180.7, 375.3, false),
    ("C06 buying seconds p50", 167.0, 347.0, false),
    ("C07 seconds per page p50", 20.15, 41.85, false),
    ("C07 seconds per page p90", 46.15, 95.85, false),
    ("C10 view to cart", 0.0213, 0.0355, true),
    ("C10 cart to purchase", 0.2408, 0.4012, true),
    ("C11 user purchase given cart", 0.22, 0.36, true),
    ("C22 sessions per shopper in 8 weeks", 3.0, 5.0, true),
    ("C22 three or more", 0.30, 0.50, true),
    ("F14 carts abandoned", 0.60, 0.80, true),
];

#[test]
fn the_default_shop_meets_published_figures_on_fresh_seeds() {
    let mut scenario = shipped("fashion-web-shop");
    scenario.shoppers.count = 8_000;
    let mut failures = Vec::new();
    println!("{:38} {:>18} observed on each seed", "figure", "band");
    let observed: Vec<_> = SEEDS
        .iter()
        .map(|&seed| {
            scenario.seed = seed;
            let (arm, watcher) = observe(&scenario, 0, 12);
            figures(&arm, &watcher, 12)
        })
        .collect();
    for &(name, low, high, obligatory) in BANDS {
        let values: Vec<f64> =
            observed.iter().map(|f| f.values.iter().find(|(n, _)| *n == name).unwrap().1).collect();
        let met = values.iter().all(|v| (low..=high).contains(v));
        println!("{name:38} {low:>8.4} to {high:<8.4} {values:.4?} {}", if met { "" } else { "outside" });
        if obligatory && !met {
            failures.push(name);
        }
    }
    assert!(failures.is_empty(), "outside their bands: {failures:?}");
}
