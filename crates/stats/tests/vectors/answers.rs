//! Distribution functions, t tests, signed ranks and corrections. In the file `a` is the base and `b` the arm.

use counterfoil_stats::{
    distribution as d,
    multiple::{Correction, adjusted},
    paired_t::paired_t as paired_t_test,
    welch::{Difference, Estimate, Welch, welch},
    wilcoxon::signed_rank,
};
use serde_json::{Value, json};

use crate::compare::{count, number, numbers, word};

pub fn dist(input: &Value) -> Value {
    let a = numbers(&input["args"]);
    let value = match word(&input["fn"]) {
        "norm_cdf" => d::normal_lower(a[0]),
        "norm_sf" => d::normal_upper(a[0]),
        "norm_ppf" => d::normal_quantile(a[0]),
        "t_cdf" => d::student_lower(a[0], a[1]),
        "t_sf" => d::student_upper(a[0], a[1]),
        "t_ppf" => d::student_quantile(a[0], a[1]),
        "chi2_cdf" => d::chi_squared_lower(a[0], a[1]),
        "chi2_sf" => d::chi_squared_upper(a[0], a[1]),
        "beta_cdf" => d::beta_lower(a[0], a[1], a[2]),
        "beta_sf" => d::beta_upper(a[0], a[1], a[2]),
        "beta_ppf" => d::beta_quantile(a[0], a[1], a[2]),
        other => panic!("no distribution function {other}"),
    };
    json!({ "value": value })
}

pub fn paired_t(input: &Value) -> Value {
    let test = paired_t_test(&numbers(&input["b"]), &numbers(&input["a"]), number(&input["conf"])).unwrap();
    json!({
        "mean_diff": test.mean_difference,
        "std_err": test.standard_error,
        "t": test.t,
        "p_value": test.p_value,
        "ci": [test.bounds.low, test.bounds.high],
        "corr": test.correlation,
        "var_ratio_vs_independent": test.variance_ratio.map(|gain| 1.0 / gain),
    })
}

pub fn wilcoxon(input: &Value) -> Value {
    let test = signed_rank(&numbers(&input["diff"])).unwrap();
    json!({ "statistic": test.statistic, "p_value": test.p_value })
}

pub fn multiple_tests(input: &Value) -> Value {
    let alpha = number(&input["alpha"]);
    let result = adjusted(&numbers(&input["p"]), correction(word(&input["method"]))).unwrap();
    let reject: Vec<bool> = result.iter().map(|p| *p <= alpha).collect();
    json!({ "adjusted": result, "reject": reject })
}

/// The correction that goes by this name elsewhere.
pub fn correction(name: &str) -> Correction {
    match name {
        "bonferroni" => Correction::Bonferroni,
        "sidak" => Correction::Sidak,
        "holm" => Correction::Holm,
        "holm-sidak" => Correction::HolmSidak,
        "simes-hochberg" => Correction::Hochberg,
        "hommel" => Correction::Hommel,
        "fdr_bh" => Correction::BenjaminiHochberg,
        "fdr_by" => Correction::BenjaminiYekutieli,
        other => panic!("no correction {other}"),
    }
}

pub fn welch_t(input: &Value) -> Value {
    let estimate = |side: &Value| {
        Estimate::of_mean(count(&side["n"]), number(&side["sum"]), number(&side["sum_squares"])).unwrap()
    };
    welch_document(&compared(input, estimate))
}

pub fn welch_prop(input: &Value) -> Value {
    let estimate = |side: &Value| Estimate::of_share(count(&side["n"]), count(&side["sum"])).unwrap();
    welch_document(&compared(input, estimate))
}

pub fn ratio_delta(input: &Value) -> Value {
    let estimate = |side: &Value| Estimate::of_ratio(&numbers(&side["num"]), &numbers(&side["den"])).unwrap();
    let (base, arm) = (estimate(&input["a"]), estimate(&input["b"]));
    let mut document = welch_document(&compared(input, estimate));
    document["ratio_a"] = json!(base.mean);
    document["ratio_b"] = json!(arm.mean);
    document["var_a"] = json!(base.variance);
    document["var_b"] = json!(arm.variance);
    document
}

fn compared(input: &Value, estimate: impl Fn(&Value) -> Estimate) -> Welch {
    let kind = match word(&input["difference"]) {
        "absolute" => Difference::Absolute,
        "relative" => Difference::Relative,
        other => panic!("no difference {other}"),
    };
    welch(&estimate(&input["b"]), &estimate(&input["a"]), kind, number(&input["alpha"])).unwrap()
}

fn welch_document(test: &Welch) -> Value {
    json!({
        "estimate": test.estimate,
        "ci": [test.bounds.low, test.bounds.high],
        "p_value": test.p_value,
        "std_err": test.standard_error,
        "dof": test.degrees,
    })
}
