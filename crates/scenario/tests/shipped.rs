//! Every shipped file is sound, and what it says is what its comments promise.

#![allow(clippy::unwrap_used)]

use counterfoil_scenario::policy::{PolicyKind, PolicySpec};
use counterfoil_scenario::{Currency, Overrides, Resolved, parse_policy, parse_scenario, report, shipped};

fn scenario(name: &str, overrides: &Overrides) -> Resolved {
    let source = shipped::resolve_scenario(name, &shipped::read_file).unwrap();
    let loader = shipped::loader(None, &shipped::read_file);
    parse_scenario(&source.text, &source.file, overrides, &loader)
        .unwrap_or_else(|e| panic!("{}", report(&e)))
}

fn policy(name: &str, of: &Resolved) -> PolicySpec {
    let source = shipped::resolve_policy(name, None, &shipped::read_file).unwrap();
    let currency = Currency::of(&of.scenario.currency).unwrap();
    parse_policy(&source.text, &source.file, name, &of.scenario.treatments, &currency)
        .unwrap_or_else(|e| panic!("{}", report(&e)))
}

#[test]
fn every_shipped_scenario_and_policy_is_read() {
    for name in shipped::scenario_names() {
        let resolved = scenario(name, &Overrides::default());
        assert_eq!(resolved.scenario.name, name);
        for name in shipped::policy_names() {
            assert_eq!(policy(name, &resolved).name, name);
        }
        for arm in &resolved.scenario.arms {
            policy(&arm.policy, &resolved);
        }
    }
}

#[test]
fn a_resolved_document_reads_back_to_itself() {
    for name in shipped::scenario_names() {
        let flags = Overrides {
            history: Some("none".into()),
            policies: vec!["control".into()],
            ..Default::default()
        };
        for overrides in [Overrides::default(), flags] {
            let first = scenario(name, &overrides);
            let again = parse_scenario(&first.document, "stored", &Overrides::default(), &|_| None)
                .unwrap_or_else(|e| panic!("{}\n{}", report(&e), first.document));
            assert_eq!(again, first);
        }
    }
}

#[test]
fn batch_and_realtime_are_bound_by_the_same_guardrails() {
    let shop = scenario("fashion-web-shop", &Overrides::default());
    let (batch, realtime) = (policy("batch", &shop), policy("realtime", &shop));
    assert_eq!(batch.guardrails, realtime.guardrails);
    assert_eq!(batch.holdout, realtime.holdout);
    assert_eq!(batch.price_of_dependency, realtime.price_of_dependency);
    let PolicyKind::Realtime(spec) = realtime.kind else { panic!("realtime is a real-time policy") };
    assert_eq!(
        (spec.model.soft_sd, spec.model.price_response_mean, spec.model.price_response_sd),
        (0.05, -2.0, 1.0)
    );
    assert!(spec.treatments.iter().all(|eligible| eligible.line > 0 && !eligible.rule.is_empty()));
}
