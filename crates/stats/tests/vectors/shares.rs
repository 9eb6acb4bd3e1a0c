//! Intervals and tests of shares.

use counterfoil_stats::{
    interval::Bounds,
    multiple::adjusted,
    proportion::{
        Share, ShareDifferenceMethod, ShareMethod, share_difference_interval, share_interval, z_test,
    },
};
use serde_json::{Value, json};

use crate::{
    answers::correction,
    compare::{count, counts, number, word},
};

pub fn prop_ci(input: &Value) -> Value {
    let method = match word(&input["method"]) {
        "wilson" => ShareMethod::Wilson,
        "beta" => ShareMethod::ClopperPearson,
        "agresti_coull" => ShareMethod::AgrestiCoull,
        "jeffreys" => ShareMethod::Jeffreys,
        "normal" => ShareMethod::Normal,
        other => panic!("no interval {other}"),
    };
    let share = Share::new(count(&input["x"]), count(&input["n"])).unwrap();
    interval(share_interval(share, method, number(&input["alpha"])).unwrap())
}

pub fn prop_diff_ci(input: &Value) -> Value {
    let method = match word(&input["method"]) {
        "newcomb" => ShareDifferenceMethod::Newcombe,
        "wald" => ShareDifferenceMethod::Wald,
        "agresti-caffo" => ShareDifferenceMethod::AgrestiCaffo,
        other => panic!("no interval {other}"),
    };
    let first = Share::new(count(&input["x1"]), count(&input["n1"])).unwrap();
    let second = Share::new(count(&input["x2"]), count(&input["n2"])).unwrap();
    interval(share_difference_interval(first, second, method, number(&input["alpha"])).unwrap())
}

fn interval(bounds: Bounds) -> Value {
    json!({ "ci": [bounds.low, bounds.high] })
}

/// The first arm is the control; all others are tested against it.
pub fn ztest_arms(input: &Value) -> Value {
    let successes = counts(&input["successes"]);
    let trials = counts(&input["n"]);
    let shares: Vec<Share> =
        successes.iter().zip(&trials).map(|(&x, &n)| Share::new(x, n).unwrap()).collect();
    let tests: Vec<_> = shares[1..].iter().map(|arm| z_test(*arm, shares[0]).unwrap()).collect();
    let p_values: Vec<f64> = tests.iter().map(|t| t.p_value).collect();
    let differences: Vec<f64> = tests.iter().map(|t| t.difference).collect();
    json!({
        "arms": input["arms"].as_array().unwrap()[1..],
        "difference": differences,
        "p_value": p_values,
        "adjusted_p": adjusted(&p_values, correction(word(&input["method"]))).unwrap(),
    })
}
