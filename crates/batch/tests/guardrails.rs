//! Guardrails as laws over random stories: caps, budget, no stacking; holdout; the posted sale; determinism.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use counterfoil_core::event::NOBODY;
use counterfoil_core::policy::{DecisionPoint, Push, Reason};
use counterfoil_core::time::{DAY_MS, HOUR_MS};
use counterfoil_core::{Day, Decision, Digest, EventKind, Money, Share, Shop, Time, TreatmentId};
use counterfoil_scenario::PolicySpec;
use counterfoil_scenario::policy::{BatchSpec, Budget, Cap, Guardrails, PolicyKind, SaleCalendar};
use proptest::prelude::*;
use std::sync::Arc;

/// One step of a random story: minutes until it, who, and what she does.
type Step = (i64, u32, u8);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((0_i64..400, 0_u32..5, 0_u8..8), 1..250)
}

/// An offer in a shopper's hands, as the shop's law and not the policy's books sees it.
#[derive(Clone, Copy)]
struct Held {
    shopper: u32,
    treatment: TreatmentId,
    until: Time,
    session: Option<u32>,
}

/// What a story left behind.
#[derive(Default)]
struct Outcome {
    issued: Vec<(u32, Time, TreatmentId)>,
    messages: Vec<(u32, Time)>,
    rewards: Money,
    refused: Vec<Reason>,
    digest: Digest,
    stacked: bool,
}

struct Story {
    teller: Teller,
    shop: Arc<Shop>,
    held: Vec<Held>,
    sessions: [u32; 5],
    session: u32,
    outcome: Outcome,
}

impl Story {
    fn new(spec: &PolicySpec, shop: Arc<Shop>) -> Self {
        let mut teller = Teller::of(spec, &shop);
        for shopper in 0..3 {
            teller.order(at(5 + 8 * shopper, 9), shopper, shopper, 4_000);
            teller.end(at(5 + 8 * shopper, 10), shopper);
        }
        teller.until(30);
        let (held, outcome) = (Vec::new(), Outcome::default());
        Self { teller, shop, held, sessions: [0; 5], session: 0, outcome }
    }

    fn play(mut self, steps: &[Step]) -> Outcome {
        let mut now = at(30, 0);
        self.morning(30);
        for &(minutes, shopper, action) in steps {
            let next = now + minutes * 60_000;
            for day in now.day().0 + 1..=next.day().0 {
                self.teller.until(day);
                self.morning(day);
            }
            now = next;
            self.step(now, shopper, action);
        }
        self.teller.policy.fold_into(&mut self.outcome.digest);
        self.outcome
    }

    fn morning(&mut self, day: u32) {
        let mut pushes: Vec<Push> = Vec::new();
        self.teller.policy.pushes(Day(day), &mut pushes);
        for push in pushes {
            self.outcome.messages.push((push.customer, push.at));
            let Push { campaign, treatment, at, customer } = push;
            if let Some(treatment) = treatment {
                self.outcome.issued.push((customer, at, treatment));
                self.take(customer, treatment, at, NOBODY);
            }
            self.teller.tell(at, NOBODY, Some(customer), EventKind::MessageSent { campaign, treatment });
        }
    }

    fn step(&mut self, now: Time, shopper: u32, action: u8) {
        match action {
            0..=3 => {
                self.teller.visit(now, shopper);
                self.session += 1;
                self.sessions[shopper as usize] = self.session;
                if action == 0 {
                    self.teller.tell(now, shopper, Some(shopper), EventKind::Identified { subscribed: true });
                }
                self.ask(now, shopper, action);
            }
            4 | 5 => self.buy(now, shopper),
            6 => {
                self.held.retain(|h| h.session.is_none() || h.shopper != shopper);
                self.teller.end(now, shopper);
            }
            _ => self.teller.log_in(now, shopper, shopper),
        }
    }

    fn ask(&mut self, now: Time, shopper: u32, action: u8) {
        let customer = (action == 0).then_some(shopper);
        let ask = self.teller.question(now, shopper, customer, DecisionPoint::SessionStart);
        let decision: Decision = self.teller.policy.decide(&ask);
        let late = action == 3;
        self.teller.policy.delivered(ask.number, !late);
        match (decision.treatment, decision.winner) {
            (Some(treatment), _) if !late => {
                let confirmed = action != 2;
                self.outcome.issued.push((shopper, if confirmed { now + 80 } else { now }, treatment));
                self.take(shopper, treatment, now + 80, ask.visitor.session);
                if confirmed {
                    let shown = EventKind::TreatmentShown { treatment, decision: ask.number };
                    self.teller.tell(now + 80, shopper, customer, shown);
                }
            }
            (None, Some(winner)) => self.outcome.refused.push(decision.reasons[winner.index()]),
            _ => {}
        }
    }

    fn take(&mut self, shopper: u32, treatment: TreatmentId, at: Time, session: u32) {
        let spec = self.shop.treatment(treatment);
        if !spec.kind.is_offer() {
            return;
        }
        self.held.retain(|h| h.until > at && h.session.is_none_or(|s| s == session || h.shopper != shopper));
        self.outcome.stacked |= self.held.iter().any(|h| h.shopper == shopper);
        let (until, session) = match spec.valid_for_ms {
            0 => (at + DAY_MS, Some(session)),
            valid => (at + valid, None),
        };
        self.held.push(Held { shopper, treatment, until, session });
    }

    /// She buys the dearest basket that there is with the first offer that she still holds.
    fn buy(&mut self, now: Time, shopper: u32) {
        let found = self.held.iter().position(|h| h.shopper == shopper && h.until > now);
        let Some(place) = found else { return };
        let held = self.held.remove(place);
        let goods = Money(24_000);
        let kind = self.shop.treatment(held.treatment).kind;
        let waived = if kind.is_discount() { Money::ZERO } else { self.shop.shipping_fee };
        let reward = kind.discount_on(goods) + waived;
        self.outcome.rewards += reward;
        self.teller.pay(now, shopper, shopper, goods.0, Some((held.treatment, reward)));
    }
}

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

fn most_in_window(times: &[Time], days: u32) -> usize {
    let window = i64::from(days) * DAY_MS;
    let inside = |&end: &Time| times.iter().filter(|&&at| at <= end && end - at < window).count();
    times.iter().map(inside).max().unwrap_or(0)
}

fn times_of(
    issued: &[(u32, Time, TreatmentId)],
    shopper: u32,
    wanted: impl Fn(TreatmentId) -> bool,
) -> Vec<Time> {
    issued.iter().filter(|i| i.0 == shopper && wanted(i.2)).map(|i| i.1).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// No window of any shopper ever holds more offers, treatments or messages than its cap, through log-ins,
    /// late answers, lost confirmations and messages.
    #[test]
    fn caps_are_never_exceeded(steps in steps(), offers in 1_u32..3, days in 1_u32..8) {
        let rules = Guardrails {
            offer_caps: vec![Cap { count: offers, days }],
            treatment_caps: vec![Cap { count: offers + 1, days }, Cap { count: 6, days: 14 }],
            message_cap: Some(Cap { count: 1, days: 2 }),
            ..free_rules()
        };
        for kind in kinds() {
            let shop = shop();
            let outcome = Story::new(&policy(kind, rules.clone()), shop.clone()).play(&steps);
            let is_offer = |t: TreatmentId| shop.treatment(t).kind.is_offer();
            for shopper in 0..5 {
                let all = times_of(&outcome.issued, shopper, |_| true);
                prop_assert!(most_in_window(&times_of(&outcome.issued, shopper, is_offer), days) <= offers as usize);
                prop_assert!(most_in_window(&all, days) <= offers as usize + 1);
                prop_assert!(most_in_window(&all, 14) <= 6);
                let messages: Vec<Time> = outcome.messages.iter().filter(|m| m.0 == shopper).map(|m| m.1).collect();
                prop_assert!(most_in_window(&messages, 2) <= 1);
            }
        }
    }

    /// Every shopper redeems the dearest order there is, and still not a cent passes the budget.
    #[test]
    fn the_budget_is_never_exceeded_by_a_cent(steps in steps(), budget in 2_000_i64..60_000, session_only: bool) {
        let rules = Guardrails { budget: Some(Budget::PerWorld(Money(budget))), ..free_rules() };
        let valid_for_ms = if session_only { 0 } else { 5 * DAY_MS };
        for kind in kinds() {
            let outcome = Story::new(&policy(kind, rules.clone()), shop_with_validity(valid_for_ms)).play(&steps);
            prop_assert!(outcome.rewards <= Money(budget), "{:?} of {budget}", outcome.rewards);
        }
    }

    /// Without stacking nobody ever holds two offers, and the same story gives the same state.
    #[test]
    fn offers_do_not_stack_and_answers_repeat(steps in steps()) {
        let rules = Guardrails { stacking: false, ..free_rules() };
        for kind in kinds() {
            let play = || Story::new(&policy(kind.clone(), rules.clone()), shop()).play(&steps);
            let (outcome, again) = (play(), play());
            prop_assert!(!outcome.stacked);
            prop_assert_eq!(&outcome.issued, &again.issued);
            prop_assert_eq!(outcome.digest, again.digest);
        }
    }
}

/// The random stories do reach the guardrails; otherwise the laws above would hold for nothing.
#[test]
fn the_stories_reach_every_guardrail() {
    let steps: Vec<Step> =
        (0..400_u32).map(|i| (i64::from(i * 37 % 300), i % 5, (i * 11 % 8) as u8)).collect();
    let play = |rules: Guardrails| {
        let spec = policy(PolicyKind::Batch(offers_for_all()), rules);
        Story::new(&spec, shop()).play(&steps)
    };
    let free = play(free_rules());
    assert!(free.stacked && free.issued.len() > 100 && !free.messages.is_empty());
    assert!(free.rewards > Money(60_000), "{:?}", free.rewards);
    let capped = play(Guardrails { offer_caps: vec![Cap { count: 1, days: 3 }], ..free_rules() });
    assert!(capped.refused.contains(&Reason::FrequencyCap));
    let budget = Some(Budget::PerShopper(Money(200)));
    let budgeted = play(Guardrails { budget, ..free_rules() });
    assert!(budgeted.refused.contains(&Reason::Budget) && budgeted.rewards > Money::ZERO);
    let single = play(Guardrails { stacking: false, ..free_rules() });
    assert!(single.refused.contains(&Reason::Stacking));
    let none = play(Guardrails { changes_per_session: 0, ..free_rules() });
    assert!(none.refused.contains(&Reason::SessionCap));
}

/// A deep discount on a half-price product leaves too little; waived shipping or a small one does not.
#[test]
fn the_margin_floor_refuses_what_leaves_too_little() {
    let shown = |treatment, floor: f64| {
        let rules = Guardrails { margin_floor: Share::from_percent(floor).unwrap(), ..free_rules() };
        let spec = policy(PolicyKind::Blanket { treatment }, rules);
        let mut teller = Teller::of(&spec, &shop());
        teller.visit(at(30, 9), 1);
        let decision = teller.ask(at(30, 9), 1, None);
        assert_eq!(decision.winner, Some(treatment));
        decision.reasons[treatment.index()]
    };
    // 50.00 at list, 40.00 paid, 4.90 shipping, 25.00 and 4.00 cost, 0.89 fee: 15.01 of 40.00, 37.5 %.
    assert_eq!(shown(TWENTY, 37.5), Reason::Assigned);
    assert_eq!(shown(TWENTY, 37.6), Reason::MarginFloor);
    assert_eq!(shown(TEN, 37.6), Reason::Assigned);
    assert_eq!(shown(REVIEWS, 99.0), Reason::Assigned, "nothing is given away");
}

#[test]
fn about_the_holdout_share_is_never_treated_and_it_is_the_same_shoppers() {
    let held = |kind: PolicyKind| -> Vec<u32> {
        let mut spec = policy(kind, free_rules());
        spec.holdout = Share::from_percent(20.0).unwrap();
        let mut teller = Teller::of(&spec, &shop());
        (0..2_000).for_each(|c| teller.order(at(12, 9), c, c, 1_000));
        teller.until(30);
        let mut held = Vec::new();
        for cookie in 0..2_000 {
            teller.visit(at(30, 9), cookie);
            let decision = teller.ask(at(30, 9), cookie, None);
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
    let mut teller = Teller::of(&spec, &shop());
    teller.log_in(at(20, 9), 1, 1);
    teller.tell(at(20, 9), 2, Some(2), EventKind::Identified { subscribed: false });
    let sales: Vec<u32> = (28..42).filter(|&d| teller.policy.sale(Day(d)) == Some(TWENTY)).collect();
    assert_eq!(sales, [31, 38], "Thursdays");
    let mut out = Vec::new();
    (28..35).for_each(|d| teller.policy.pushes(Day(d), &mut out));
    let campaign = counterfoil_batch::announcement_campaign(Day(31));
    assert_eq!(out, [Push { customer: 1, treatment: None, campaign, at: at(31, 7) }]);
    teller.policy.pushes(Day(38), &mut out);
    assert_eq!(out.len(), 1, "the contact cap holds for announcements as well");
    let decision = teller.ask(at(31, 9), 1, Some(1));
    assert_eq!((decision.treatment, decision.reasons[0]), (None, Reason::NotInPolicy));
}

#[test]
fn on_a_sale_day_no_offer_is_added_to_the_sale() {
    let rules = Guardrails { stacking: false, ..free_rules() };
    let mut spec = policy(PolicyKind::Blanket { treatment: TEN }, rules);
    spec.sale = Some(SaleCalendar { treatment: TWENTY, weekdays: vec![3], announce: false, every_weeks: 1 });
    let mut teller = Teller::of(&spec, &shop());
    let reason = |teller: &mut Teller, day| {
        teller.visit(at(day, 9), day);
        teller.ask(at(day, 9), day, None).reasons[TEN.index()]
    };
    assert_eq!(reason(&mut teller, 31), Reason::Stacking);
    assert_eq!(reason(&mut teller, 32), Reason::Assigned);
}

/// Messages of seven o'clock are planned at midnight; an offer that ends at four is still open at three.
#[test]
fn planning_the_morning_ends_no_offer_early() {
    let rules = Guardrails { stacking: false, ..free_rules() };
    let mut batch = offers_for_all();
    batch.push = [None; 8];
    batch.push[7] = Some(TWENTY);
    let spec = policy(PolicyKind::Batch(batch), rules);
    let mut teller = Teller::of(&spec, &shop_with_validity(6 * HOUR_MS));
    teller.order(at(15, 9), 1, 1, 4_000);
    teller.until(30);
    teller.visit(at(30, 22), 1);
    assert_eq!(teller.ask(at(30, 22), 1, Some(1)).treatment, Some(TEN));
    teller.until(31);
    let mut out = Vec::new();
    teller.policy.pushes(Day(31), &mut out);
    teller.visit(at(31, 3), 1);
    assert_eq!(teller.ask(at(31, 3), 1, Some(1)).reasons[TEN.index()], Reason::Stacking);
}

/// The host calls an answer delivered and takes that back when it was replaced or she left before it was on the screen.
#[test]
fn an_answer_that_never_came_on_the_screen_uses_neither_cap_nor_budget() {
    let rules = Guardrails {
        offer_caps: vec![Cap { count: 1, days: 7 }],
        budget: Some(Budget::PerWorld(Money(2_500))),
        ..free_rules()
    };
    for kind in kinds() {
        let mut teller = Teller::of(&policy(kind, rules.clone()), &shop());
        teller.order(at(12, 9), 1, 1, 4_000);
        teller.until(30);
        let mut ask = |hour: i64, seen: bool| {
            teller.visit(at(30, hour), 1);
            let question = teller.question(at(30, hour), 1, Some(1), DecisionPoint::SessionStart);
            let treatment = teller.policy.decide(&question).treatment;
            teller.policy.delivered(question.number, true);
            if let (Some(treatment), true) = (treatment, seen) {
                let kind = EventKind::TreatmentShown { treatment, decision: question.number };
                teller.tell(at(30, hour) + 80, 1, Some(1), kind);
            }
            teller.policy.delivered(question.number, false);
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
        let mut teller =
            Teller::of(&policy(PolicyKind::Batch(batch), rules), &shop_with_validity(valid_for_ms));
        teller.order(at(12, 9), 1, 1, 4_000);
        teller.end(at(12, 10), 1);
        teller.until(30);
        let mut out = Vec::new();
        teller.policy.pushes(Day(30), &mut out);
        let Push { at: sent, campaign, treatment, .. } = out[0];
        teller.tell(sent, NOBODY, Some(1), EventKind::MessageSent { campaign, treatment });
        teller.until(day);
        teller.visit(at(day, hour), 1);
        teller.ask(at(day, hour) + 1, 1, Some(1)).reasons[TEN.index()]
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
        budget: Some(Budget::PerWorld(Money(10_000))),
        ..free_rules()
    };
    let mut teller =
        Teller::of(&policy(PolicyKind::Blanket { treatment: TEN }, rules), &shop_with_validity(HOUR_MS));
    for cookie in 1..40 {
        teller.visit(at(28, 9), cookie);
        teller.tell(at(28, 9), cookie, None, EventKind::TreatmentShown { treatment: TEN, decision: cookie });
        teller.pay(at(28, 9), cookie, cookie, 8_000, Some((TEN, Money(800))));
    }
    teller.visit(at(30, 9), 1);
    assert_eq!(teller.ask(at(30, 9), 1, None).reasons[TEN.index()], Reason::FrequencyCap);
    teller.visit(at(30, 9), 99);
    assert_eq!(teller.ask(at(30, 9), 99, None).reasons[TEN.index()], Reason::Assigned);
}

#[test]
fn the_engine_is_not_built_here() {
    let shop = shop();
    assert!(counterfoil_batch::build(&policy(PolicyKind::None, free_rules()), shop.clone()).is_some());
    let held_out = [false, true];
    let spec = PolicySpec {
        holdout: Share::from_percent(50.0).unwrap(),
        ..policy(PolicyKind::Batch(offers_for_all()), free_rules())
    };
    let mut teller = Teller::with(counterfoil_batch::build_with_holdout(&spec, shop, &held_out).unwrap());
    (0..2).for_each(|c| teller.order(at(1, 9), c, c, 1_000));
    teller.until(30);
    let mut out = Vec::new();
    teller.policy.pushes(Day(30), &mut out);
    assert_eq!(out.iter().map(|p| p.customer).collect::<Vec<_>>(), [0], "customer 1 is known to be held out");
}
