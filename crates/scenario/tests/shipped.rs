//! Every shipped file is sound, and what it says is what its comments promise.

#![allow(clippy::unwrap_used)]

use counterfoil_scenario::policy::{PolicyKind, PolicySpec};
use counterfoil_scenario::{
    Currency, Overrides, Resolved, Shelf, Shelves, for_scenario, hash, parse_policy, parse_scenario,
    policy_document, report, resolve_scenario, shipped,
};

fn scenario(name: &str, overrides: &Overrides) -> Resolved {
    let source = Shelves::shipped().find(Shelf::Scenarios, name).unwrap();
    let found = resolve_scenario(&source, overrides, &Shelves::shipped());
    found.unwrap_or_else(|e| panic!("{}", report(&e))).resolved
}

fn policy(name: &str, of: &Resolved) -> PolicySpec {
    let source = Shelves::shipped().find(Shelf::Policies, name).unwrap();
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

/// Goal: the document of a policy states it whole, so that what it is hashed over misses nothing.
#[test]
fn a_policy_reads_back_from_its_document() {
    for name in shipped::scenario_names() {
        let shop = scenario(name, &Overrides::default());
        let currency = Currency::of(&shop.scenario.currency).unwrap();
        for name in shipped::policy_names() {
            let first = for_scenario(policy(name, &shop), &shop.scenario);
            let document = policy_document(&first, &shop.scenario);
            let again = parse_policy(&document, "stored", name, &shop.scenario.treatments, &currency)
                .unwrap_or_else(|e| panic!("{}\n{document}", report(&e)));
            assert_eq!(policy_document(&again, &shop.scenario), document);
            assert_eq!(without_lines(again), without_lines(first));
        }
    }
}

/// A policy without the lines of its rules, which belong to one file.
fn without_lines(mut policy: PolicySpec) -> PolicySpec {
    if let PolicyKind::Realtime(spec) = &mut policy.kind {
        spec.treatments.iter_mut().for_each(|eligible| eligible.line = 0);
    }
    policy
}

/// Goal: comments, blank lines, another spelling of a quantity and a default written out change nothing; a value does.
#[test]
fn the_document_of_a_policy_is_about_what_it_says_and_not_how() {
    let shop = scenario("fashion-web-shop", &Overrides::default());
    let currency = Currency::of("EUR").unwrap();
    let document = |text: &str, name: &str| {
        let spec = parse_policy(text, "mine.toml", name, &shop.scenario.treatments, &currency).unwrap();
        hash(&policy_document(&for_scenario(spec, &shop.scenario), &shop.scenario))
    };
    for name in ["none", "blanket", "calendar-sale", "batch", "realtime"] {
        let text = shipped::policy_text(name).unwrap();
        let before = document(text, name);
        assert_eq!(document(&format!("# a remark\n\n{text}\n# another\n"), "mine"), before, "{name}");
    }
    let text = shipped::policy_text("realtime").unwrap();
    let before = document(text, "realtime");
    assert_eq!(document(&text.replace("\"10 minutes\"", "\"600 s\""), "realtime"), before);
    assert_ne!(document(&text.replace("\"10 minutes\"", "\"601 s\""), "realtime"), before);
    assert_ne!(document(&text.replace("p_doubt > 0.25", "p_doubt > 0.26"), "realtime"), before);
    let sale = shipped::policy_text("calendar-sale").unwrap();
    let explicit = document(sale, "calendar-sale");
    assert_eq!(document(&sale.replace("every_weeks = 1\n", ""), "calendar-sale"), explicit, "a default");
}
