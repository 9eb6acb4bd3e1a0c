//! A shop is the same shop in any currency: the default one priced in yen, a hundred to the euro, has the same minor units
//! and so the same shoppers, decisions and orders under the shipped policies, which state no currency.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{plan, run, small};
use counterfoil_core::facts::UnitFacts;
use counterfoil_scenario::{Scenario, parse_scenario, shipped};

/// The default scenario with every amount in yen: `29.00 EUR` becomes `2900 JPY`.
fn in_yen() -> Scenario {
    let text = shipped::scenario_text("fashion-web-shop").unwrap();
    let mut yen = text.replace("currency = \"EUR\"", "currency = \"JPY\"");
    for amount in text.split('"').filter_map(|quoted| quoted.strip_suffix(" EUR")) {
        let whole = amount.replace('.', "");
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        yen = yen.replace(&format!("\"{amount} EUR\""), &format!("\"{whole} JPY\""));
    }
    assert!(!yen.contains(" EUR\""), "every amount is in yen");
    parse_scenario(&yen, "yen", &small(300), &|_| None).unwrap().scenario
}

fn orders_of(units: &[UnitFacts]) -> Vec<(String, String, i64)> {
    let arms = units.iter().flat_map(|unit| &unit.arms);
    arms.map(|arm| (arm.arm.clone(), arm.orders_digest.to_hex(), arm.totals.contribution)).collect()
}

#[test]
fn the_shipped_policies_do_in_yen_what_they_do_in_euro() {
    let euro = run(&plan(common::scenario("fashion-web-shop", &small(300))), 1, 1);
    let yen = run(&plan(in_yen()), 1, 1);
    assert_eq!(orders_of(&euro), orders_of(&yen));
    assert!(euro[0].arms.iter().any(|arm| arm.totals.treatments_shown > 0), "something was shown");
}
