//! Eligibility rules: what they mean, that `cel` itself agrees, and what is said about those that cannot be used.
#![allow(clippy::unwrap_used)]

mod common;

use cel::{Context, Program as Reference, Value};
use common::{policy, realtime, shop};
use counterfoil_core::{HoldoutLuck, Luck};
use counterfoil_engine::rule::{FEATURE_COUNT, FEATURES, FeatureKind, Vocabulary, compile};
use counterfoil_engine::{Engine, RuleProblem};
use std::sync::Arc;

fn problem(rule: &str, line: usize) -> RuleProblem {
    let mut policy = policy();
    realtime(&mut policy).treatments[0].rule = rule.to_owned();
    realtime(&mut policy).treatments[0].line = line;
    Engine::new(&policy, Arc::new(shop()), HoldoutLuck::new(Luck::new(1, 0)))
        .expect_err("the rule is outside the subset")
}

#[test]
fn what_is_outside_the_subset_is_refused_with_place_and_hint() {
    let cases: [(&str, (usize, usize), &str, &str); 25] = [
        ("cart_valu >= 60", (12, 1), "there is no feature `cart_valu`", "did you mean `cart_value`?"),
        ("known &&\n  orderz > 2", (13, 3), "there is no feature `orderz`", "did you mean `orders`?"),
        ("channel == \"emial\"", (12, 12), "is never \"emial\"", "did you mean `email`?"),
        ("category == 'hats'", (12, 13), "is never \"hats\"", "shoes, dresses"),
        ("orders", (12, 1), "has to be true or false", "compare it"),
        ("known + 1 > 2", (12, 1), "needs numbers on both sides", "compare"),
        ("known == orders", (12, 7), "cannot be compared", "like"),
        ("size(channel) > 2", (12, 1), "functions are not supported", "allowed are"),
        ("known ? in_cart : stalled", (12, 7), "conditional", "allowed are"),
        ("[1, 2].exists(x, x > 1)", (12, 7), "no fields and no functions", "allowed are"),
        ("orders in [1, spend]", (12, 15), "number literals only", "write"),
        ("orders in spend", (12, 11), "needs a list", "write"),
        ("known in [true]", (12, 1), "needs a number or a text", "write"),
        ("'a' == 'b'", (12, 1), "compared with a text feature", "write"),
        ("channel.size", (12, 8), "no fields", "allowed are"),
        ("orders > 2 &&", (12, 14), "is expected here, found the end", "comparisons"),
        ("!orders", (12, 2), "`!` needs", "compare it"),
        ("orders = 2", (12, 8), "compares nothing", "`==`"),
        ("known & mobile", (12, 7), "single `&`", "twice"),
        ("orders > 0x10", (12, 10), "is not a number", "write"),
        ("channel == 'email", (12, 12), "not closed", "quote"),
        ("(known", (12, 7), "`)` is expected", "allowed"),
        ("orders[0] > 1", (12, 7), "indexing", "allowed"),
        ("known mobile", (12, 7), "an operator or the end", "allowed"),
        ("orders > ;", (12, 10), "has no meaning", "allowed"),
    ];
    for (rule, place, message, hint) in cases {
        let found = problem(rule, 12);
        assert_eq!(found.treatment, "ten-off");
        assert_eq!((found.line, found.column), place, "{rule}: {found}");
        assert!(found.message.contains(message), "{rule}: {found}");
        assert!(found.hint.contains(hint), "{rule}: {found}");
    }
}

#[test]
fn rules_beyond_measure_are_refused_before_they_cost_a_stack() {
    let nested = |levels: usize| format!("{}1{} > 0", "(1 + ".repeat(levels), ")".repeat(levels));
    assert!(problem(&nested(100_000), 1).message.contains("too long"));
    assert!(problem(&nested(300), 1).message.contains("nested"));
    assert!(problem(&format!("{}known", "!".repeat(1_900)), 1).message.contains("nested"));
    let words = Vocabulary::new(&[]);
    for allowed in [nested(20), format!("orders{} > 0", "+1".repeat(900)), "known || ".repeat(200) + "known"]
    {
        assert!(compile(&allowed, &words).is_ok(), "{allowed}");
    }
}

/// Features of one hand-written moment: some numbers, some flags, some words.
fn moment(round: u32) -> [f64; FEATURE_COUNT] {
    std::array::from_fn(|slot| match FEATURES[slot].kind {
        FeatureKind::Number => f64::from((slot as u32 * 7 + round * 13) % 40) * 0.5,
        FeatureKind::Bool => f64::from((slot as u32 + round) % 2),
        FeatureKind::Text => f64::from((slot as u32 + round) % 2),
    })
}

/// The same moment for the reference: words as words.
fn bound(values: &[f64; FEATURE_COUNT], words: &Vocabulary) -> Context<'static, 'static> {
    let mut context = Context::default();
    for (doc, &value) in FEATURES.iter().zip(values) {
        let feature = counterfoil_engine::rule::Feature::named(doc.name).unwrap();
        let bound = match doc.kind {
            FeatureKind::Number => Value::Float(value),
            FeatureKind::Bool => Value::Bool(value != 0.0),
            FeatureKind::Text => Value::String(Arc::new(words.words(feature)[value as usize].to_owned())),
        };
        context.add_variable_from_value(doc.name, bound);
    }
    context
}

/// Goal: nobody is greeted by an error in what we ship.
#[test]
fn the_rules_of_the_shipped_policy_can_be_used() {
    let text = include_str!("../../../scenarios/policies/realtime.toml");
    let words = Vocabulary::new(&shop().categories);
    let rules: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split_once("rule = \"").and_then(|(_, rest)| rest.split_once('"')))
        .map(|(rule, _)| rule)
        .collect();
    assert!(rules.len() >= 5, "the policy has rules");
    for rule in rules {
        assert!(compile(rule, &words).is_ok(), "{rule}");
    }
}

/// Number literals are written with a point here, since the reference keeps integers apart.
#[test]
fn the_reference_evaluator_agrees() {
    let rules = [
        "cart_value >= 6.0",
        "cart_value * 0.5 + spend / 2.0 - 1.0 > product_price",
        "known",
        "!known",
        "known && !in_cart || stalled",
        "known || in_cart && stalled",
        "!(known || in_cart) && mobile == subscribed",
        "point == 'session-start'",
        "channel != \"direct\"",
        "lifecycle in ['prospect', 'lapsed']",
        "category in [\"dresses\"]",
        "orders in [0.0, 3.5, 7.0]",
        "-orders < -3.0",
        "p_price > p_doubt && p_price > 0.3",
        "(views_in_session + pages_in_session) * 2.0 >= hour",
        "sessions_30d > 3.0 && days_since_order < 10.0 && offers_30d <= 12.0 && margin_rate != 4.0",
        "known == (orders > 3.0)",
        "true && (false || exit_intent)",
        "weekday in []",
        "readiness >= 0.0 && (coupon_affinity > 5.0 || p_shipping > 5.0 || p_timing > 5.0)",
    ];
    let words = Vocabulary::new(&shop().categories);
    let (mut held, mut failed) = (0, 0);
    for rule in rules {
        let ours =
            compile(rule, &words).unwrap_or_else(|(place, message, _)| panic!("{rule} {place:?}: {message}"));
        let theirs = Reference::compile(rule).unwrap();
        for round in 0..12 {
            let values = moment(round);
            let expected =
                theirs.execute(&bound(&values, &words)).unwrap_or_else(|error| panic!("{rule}: {error}"));
            assert_eq!(Value::Bool(ours.holds(&values)), expected, "{rule}, round {round}");
            if ours.holds(&values) { held += 1 } else { failed += 1 }
        }
    }
    assert!(held > 40 && failed > 40, "the rules distinguish: {held} and {failed}");
}

#[test]
fn numbers_are_one_type_and_nothing_follows_from_what_cannot_be_computed() {
    let words = Vocabulary::new(&[]);
    let holds =
        |rule: &str| compile(rule, &words).map(|program| program.holds(&[0.0; FEATURE_COUNT])).unwrap();
    assert!(holds("5 / 2 == 2.5 && 7 % 3 == 1 && -7 < 3"));
    for impossible in ["1 / orders > 0", "1 / orders < 0", "1 / orders == 1", "1 / orders != 1"] {
        assert!(!holds(impossible), "{impossible}");
    }
    assert!(holds(""), "no rule always holds");
}
