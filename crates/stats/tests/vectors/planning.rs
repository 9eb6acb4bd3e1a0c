//! Power, sample size and the check of a split.

use counterfoil_stats::{
    power::{Test, cohen_h, power as power_of, sample_size_for, smallest_effect},
    sample_ratio::sample_ratio_p_value,
    sample_size::{PlannedMetric, total_sample_size},
};
use serde_json::{Value, json};

use crate::compare::{counts, number, numbers, word};

pub fn power(input: &Value) -> Value {
    let ratio = || number(&input["ratio"]);
    let test = match word(&input["test"]) {
        "t_two_sample" => Test::TTwoSample { ratio: ratio() },
        "t_paired" => Test::TPaired,
        "z_two_sample" | "z_two_proportions" => Test::ZTwoSample { ratio: ratio() },
        other => panic!("no test {other}"),
    };
    let h = input["p1"].as_f64().map(|p1| cohen_h(p1, number(&input["p2"])).unwrap());
    let effect = || h.unwrap_or_else(|| number(&input["effect_size"]));
    let count = || input["n1"].as_f64().unwrap_or_else(|| number(&input["n"]));
    let alpha = number(&input["alpha"]);
    let value = match word(&input["solve"]) {
        "power" => power_of(test, effect(), count(), alpha).unwrap(),
        "n" | "n1" => sample_size_for(test, effect(), alpha, number(&input["power"])).unwrap(),
        "effect_size" => smallest_effect(test, count(), alpha, number(&input["power"])).unwrap(),
        other => panic!("cannot solve for {other}"),
    };
    json!({ "value": value, "h": h })
}

pub fn sample_size(input: &Value) -> Value {
    let mean = number(&input["mean"]);
    let metric = if input["binary"].as_bool().unwrap() {
        PlannedMetric::Share { mean }
    } else {
        PlannedMetric::Mean { mean, variance: number(&input["variance"]) }
    };
    let (effect, weights) = (number(&input["relative_mde"]), numbers(&input["weights"]));
    let total = total_sample_size(metric, effect, &weights, number(&input["alpha"]), number(&input["power"]));
    json!({ "total_n": total.unwrap() })
}

pub fn srm(input: &Value) -> Value {
    json!({ "p_value": sample_ratio_p_value(&counts(&input["users"]), &numbers(&input["weights"])).unwrap() })
}
