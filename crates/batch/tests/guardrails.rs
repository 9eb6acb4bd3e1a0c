//! How these policies stand on the till: scope, holdout, the posted sale, messages. The guardrails themselves are held
//! against a naive book in `counterfoil-run`, `every_policy_keeps_the_same_books`.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use counterfoil_core::policy::{DecisionPoint, Push, Reason};
use counterfoil_core::shop::ProductId;
use counterfoil_core::time::HOUR_MS;
use counterfoil_core::{CustomerId, Day, DecisionNumber, EventKind, HoldoutLuck, Luck, Money, Share};
use counterfoil_scenario::policy::{Amount, BatchSpec, Budget, Cap, Guardrails, PolicyKind, SaleCalendar};

fn offers_for_all() -> BatchSpec {
    let mut spec = table();
    spec.on_site =
        [Some(REVIEWS), Some(TEN), Some(TEN), Some(SHIPPING), Some(TEN), Some(TEN), Some(TEN), Some(TWENTY)];
    spec.push = [None, Some(TEN), None, Some(REVIEWS), Some(TEN), Some(TEN), None, Some(TWENTY)];
    spec
}

fn kinds() -> [PolicyKind; 2] {
    [PolicyKind::Batch(offers_for_all()), PolicyKind::Blanket { treatment: TEN }]
}

/// Goal: an offer holds where every order with it keeps the floor, and is made where it may hold.
#[test]
fn the_margin_floor_is_a_scope() {
    let shown = |treatment, floor: f64, product: Option<u32>| {
        let rules = Guardrails { margin_floor: Share::from_percent(floor).unwrap(), ..free_rules() };
        let spec = policy(PolicyKind::Blanket { treatment }, rules);
        let mut host = Host::of(&spec, &shop());
        host.visit(at(30, 9), 1);
        let mut ask = host.question(at(30, 9), 1, None, DecisionPoint::SessionStart);
        ask.product = product.map(ProductId);
        let decision = host.policy.decide(&ask);
        assert_eq!(decision.winner, Some(treatment));
        let scope =
            decision.scope.map(|scope| (0..3).map(|id| scope.contains(ProductId(id))).collect::<Vec<_>>());
        (decision.reasons[treatment.index()], scope)
    };
    // Just above free delivery seven of 20.00 leave 31.93 % of net goods, three of 50.00 32.17, two of 80.00 32.38.
    assert_eq!(shown(TWENTY, 31.9, None), (Reason::Assigned, None), "everything");
    assert_eq!(shown(TWENTY, 32.3, None), (Reason::Assigned, Some(vec![false, false, true])));
    assert_eq!(shown(TWENTY, 32.3, Some(1)), (Reason::MarginFloor, None), "not on this page");
    assert_eq!(shown(TWENTY, 32.3, Some(2)).0, Reason::Assigned);
    assert_eq!(shown(TWENTY, 32.4, None), (Reason::MarginFloor, None), "it would hold for nothing");
    assert_eq!(shown(REVIEWS, 99.0, None), (Reason::Assigned, None), "nothing is given away");
}

#[test]
fn about_the_holdout_share_is_never_treated_and_it_is_the_same_shoppers() {
    let held = |kind: PolicyKind| -> Vec<u32> {
        let mut spec = policy(kind, free_rules());
        spec.holdout = Share::from_percent(20.0).unwrap();
        let mut host = Host::of(&spec, &shop());
        (0..2_000).for_each(|c| host.order(at(12, 9), c, c, 1_000));
        host.until(30);
        let mut held = Vec::new();
        for cookie in 0..2_000 {
            host.visit(at(30, 9), cookie);
            let decision = host.ask(at(30, 9), cookie, None);
            if decision.treatment.is_none() {
                assert_eq!(decision.reasons[decision.winner.unwrap().index()], Reason::Holdout);
                held.push(cookie);
            }
        }
        held
    };
    let [batch, blanket] = kinds().map(held);
    assert_eq!(batch, blanket);
    assert!((350..450).contains(&batch.len()), "{} of 2,000 are held out", batch.len());
}

#[test]
fn the_posted_sale_follows_its_weekday_and_is_announced_to_subscribers() {
    let mut spec = policy(PolicyKind::CalendarSale, free_rules());
    spec.guardrails.message_cap = Some(Cap { count: 1, days: 8 });
    spec.sale = Some(SaleCalendar { treatment: TWENTY, weekdays: vec![3], announce: true, every_weeks: 1 });
    let mut host = Host::of(&spec, &shop());
    host.log_in(at(20, 9), 1, 1);
    host.report(at(20, 9), 2, Some(2), EventKind::Identified { subscribed: false });
    let sales: Vec<u32> = (28..42).filter(|&d| host.policy.sale(Day(d)) == Some(TWENTY)).collect();
    assert_eq!(sales, [31, 38], "Thursdays");
    let mut out = Vec::new();
    (28..35).for_each(|d| host.policy.pushes(Day(d), &mut out));
    let campaign = counterfoil_till::sale::announcement_campaign(Day(31));
    assert_eq!(
        out,
        [Push { customer: CustomerId::new(1), treatment: None, campaign, at: at(31, 7), scope: None }]
    );
    host.policy.pushes(Day(38), &mut out);
    assert_eq!(out.len(), 1, "the contact cap holds for announcements as well");
    let decision = host.ask(at(31, 9), 1, Some(1));
    assert_eq!((decision.treatment, decision.reasons[0]), (None, Reason::NotInPolicy));
}

#[test]
fn on_a_sale_day_no_offer_is_added_to_the_sale() {
    let rules = Guardrails { stacking: false, ..free_rules() };
    let mut spec = policy(PolicyKind::Blanket { treatment: TEN }, rules);
    spec.sale = Some(SaleCalendar { treatment: TWENTY, weekdays: vec![3], announce: false, every_weeks: 1 });
    let mut host = Host::of(&spec, &shop());
    let reason = |host: &mut Host, day| {
        host.visit(at(day, 9), day);
        host.ask(at(day, 9), day, None).reasons[TEN.index()]
    };
    assert_eq!(reason(&mut host, 31), Reason::Stacking);
    assert_eq!(reason(&mut host, 32), Reason::Assigned);
}

/// Messages of seven o'clock are planned at midnight; an offer that ends at four is still open at three.
#[test]
fn planning_the_morning_ends_no_offer_early() {
    let rules = Guardrails { stacking: false, ..free_rules() };
    let mut batch = offers_for_all();
    batch.push = [None; 8];
    batch.push[7] = Some(TWENTY);
    let spec = policy(PolicyKind::Batch(batch), rules);
    let mut host = Host::of(&spec, &shop_with_validity(6 * HOUR_MS));
    host.order(at(15, 9), 1, 1, 4_000);
    host.until(30);
    host.visit(at(30, 22), 1);
    assert_eq!(host.ask(at(30, 22), 1, Some(1)).treatment, Some(TEN));
    host.until(31);
    let mut out = Vec::new();
    host.policy.pushes(Day(31), &mut out);
    host.visit(at(31, 3), 1);
    assert_eq!(host.ask(at(31, 3), 1, Some(1)).reasons[TEN.index()], Reason::Stacking);
}

/// The host calls an answer delivered and takes that back when it was replaced or she left before it was on the screen.
#[test]
fn an_answer_that_never_came_on_the_screen_uses_neither_cap_nor_budget() {
    let rules = Guardrails {
        offer_caps: vec![Cap { count: 1, days: 7 }],
        budget: Some(Budget::PerWorld(Amount::Money(Money(2_500)))),
        ..free_rules()
    };
    for kind in kinds() {
        let mut host = Host::of(&policy(kind, rules.clone()), &shop());
        host.order(at(12, 9), 1, 1, 4_000);
        host.until(30);
        let mut ask = |hour: i64, seen: bool| {
            host.visit(at(30, hour), 1);
            let question = host.question(at(30, hour), 1, Some(1), DecisionPoint::SessionStart);
            let treatment = host.policy.decide(&question).treatment;
            host.policy.delivered(question.number, true);
            if let (Some(treatment), true) = (treatment, seen) {
                let kind = EventKind::TreatmentShown { treatment, decision: question.number };
                host.report(at(30, hour) + 80, 1, Some(1), kind);
            }
            host.policy.delivered(question.number, false);
            treatment
        };
        assert_eq!(ask(9, false), Some(TEN));
        assert_eq!(ask(10, true), Some(TEN), "nobody saw the first one");
        assert_eq!(ask(11, false), None, "the second one was seen");
    }
}

#[test]
fn an_offer_in_a_message_holds_for_a_day_from_sending_at_least() {
    let reason = |valid_for_ms: i64, day: u32, hour: i64| {
        let rules = Guardrails { stacking: false, ..free_rules() };
        let mut batch = offers_for_all();
        batch.push = [Some(SHIPPING); 8];
        let mut host = Host::of(&policy(PolicyKind::Batch(batch), rules), &shop_with_validity(valid_for_ms));
        host.order(at(12, 9), 1, 1, 4_000);
        host.end(at(12, 10), 1);
        host.until(30);
        let mut out = Vec::new();
        host.policy.pushes(Day(30), &mut out);
        let Push { at: sent, campaign, treatment, .. } = out[0];
        host.report_sent(sent, 1, campaign, treatment);
        host.until(day);
        host.visit(at(day, hour), 1);
        host.ask(at(day, hour) + 1, 1, Some(1)).reasons[TEN.index()]
    };
    for valid_for_ms in [0, 6 * HOUR_MS] {
        assert_eq!(reason(valid_for_ms, 31, 6), Reason::Stacking);
        assert_eq!(reason(valid_for_ms, 31, 7), Reason::Assigned, "sent at seven the day before");
    }
    assert_eq!(reason(48 * HOUR_MS, 32, 6), Reason::Stacking);
    assert_eq!(reason(48 * HOUR_MS, 32, 7), Reason::Assigned);
}

/// What the incumbent showed and sent in the history counts towards caps: shoppers do not forget it at the fork.
#[test]
fn the_history_counts_towards_caps_but_not_towards_the_budget() {
    let rules = Guardrails {
        offer_caps: vec![Cap { count: 1, days: 7 }],
        budget: Some(Budget::PerWorld(Amount::Money(Money(10_000)))),
        ..free_rules()
    };
    let mut host =
        Host::of(&policy(PolicyKind::Blanket { treatment: TEN }, rules), &shop_with_validity(HOUR_MS));
    for cookie in 1..40 {
        host.visit(at(28, 9), cookie);
        host.report(
            at(28, 9),
            cookie,
            None,
            EventKind::TreatmentShown { treatment: TEN, decision: DecisionNumber::new(cookie) },
        );
        host.pay(at(28, 9), cookie, cookie, 8_000, Some((TEN, Money(800))));
    }
    host.visit(at(30, 9), 1);
    assert_eq!(host.ask(at(30, 9), 1, None).reasons[TEN.index()], Reason::FrequencyCap);
    host.visit(at(30, 9), 99);
    assert_eq!(host.ask(at(30, 9), 99, None).reasons[TEN.index()], Reason::Assigned);
}

#[test]
fn the_engine_is_not_built_here() {
    let luck = HoldoutLuck::new(Luck::new(1, 0));
    assert!(counterfoil_batch::build(&policy(PolicyKind::None, free_rules()), shop(), luck).is_some());
}
