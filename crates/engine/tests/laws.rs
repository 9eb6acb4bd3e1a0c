//! Laws that hold for every sequence of visits: caps, budget, ledger.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Shopper, engine, policy, realtime, shop};
use counterfoil_core::EventKind;
use counterfoil_core::money::Money;
use counterfoil_core::policy::{DecisionPoint, Policy};
use counterfoil_core::time::{DAY_MS, Day, Time};
use counterfoil_core::treatment::TreatmentId;
use counterfoil_engine::Engine;
use counterfoil_scenario::policy::{Budget, Cap};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

const BUDGET: Money = Money(4_000);

/// What becomes of the answers of a visit.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Answers {
    Seen,
    Late,
    /// In time, but she left or asked anew before it was on the screen.
    Dropped,
}

/// One visit: who, hours after the one before, how many questions, what becomes of the answers, whether she buys.
type Visit = (u32, i64, u32, Answers, bool);

fn visits() -> impl Strategy<Value = Vec<Visit>> {
    let answers =
        prop_oneof![16 => Just(Answers::Seen), 2 => Just(Answers::Late), 2 => Just(Answers::Dropped)];
    prop::collection::vec((0_u32..6, 1_i64..40, 1_u32..4, answers, any::<bool>()), 1..80)
}

/// The offer in a shopper's hands as the storefront honours it: one at a time, the newest, and in every visit that
/// begins while it holds.
#[derive(Clone, Copy)]
struct Held {
    treatment: TreatmentId,
    session: u32,
    until: Option<Time>,
}

impl Held {
    fn honoured(self, session: u32, began: Time) -> bool {
        self.until.map_or(self.session == session, |until| began <= until)
    }
}

/// A treatment that was on somebody's screen.
struct Seen {
    who: u32,
    at: Time,
    offer: bool,
    session: u32,
}

/// The storefront's own account of what happened, apart from the engine's.
struct Story {
    engine: Engine,
    number: u32,
    held: [Option<Held>; 6],
    seen: Vec<Seen>,
    paid: Money,
}

impl Story {
    fn new(stacking: bool) -> Self {
        let mut policy = policy();
        policy.guardrails.offer_caps = vec![Cap { count: 1, days: 2 }, Cap { count: 3, days: 14 }];
        policy.guardrails.treatment_caps = vec![Cap { count: 4, days: 14 }];
        policy.guardrails.changes_per_session = 2;
        policy.guardrails.stacking = stacking;
        policy.guardrails.budget = Some(Budget::PerWorld(BUDGET));
        realtime(&mut policy).model.price_response_mean = -20.0;
        realtime(&mut policy).treatments.truncate(4);
        Self { engine: engine(&policy), number: 0, held: [None; 6], seen: Vec::new(), paid: Money::ZERO }
    }

    fn visit(&mut self, session: u32, now: Time, (who, _, questions, answers, buys): Visit) {
        let mut shopper = Shopper::new(who, 0);
        shopper.now = now;
        shopper.arrives(&mut self.engine, session, true);
        let began = shopper.now;
        for _ in 0..questions {
            self.question(&mut shopper, session, answers);
        }
        if buys {
            let held = self.held[who as usize].take_if(|held| held.honoured(session, began));
            let offer = held.map(|held| held.treatment);
            self.paid += shopper.buys(&mut self.engine, session, self.number % 20, offer);
        }
        shopper.leaves(&mut self.engine);
    }

    fn question(&mut self, shopper: &mut Shopper, session: u32, answers: Answers) {
        self.number += 1;
        let product = self.number % 20;
        shopper.views(&mut self.engine, product);
        let ask = shopper.question(DecisionPoint::ProductPage, Some(product), false, self.number);
        let decision = self.engine.decide(&ask);
        self.engine.delivered(self.number, answers != Answers::Late);
        let Some(treatment) = decision.treatment else { return };
        if answers == Answers::Dropped {
            self.engine.delivered(self.number, false);
        }
        if answers != Answers::Seen {
            return;
        }
        shopper.does(&mut self.engine, EventKind::TreatmentShown { treatment, decision: self.number });
        let (who, at, shop) = (shopper.visitor.cookie, shopper.now, shop());
        let spec = shop.treatment(treatment);
        let offer = spec.kind.is_offer();
        if offer {
            let until = (spec.valid_for_ms > 0).then_some(at + spec.valid_for_ms);
            self.held[who as usize] = Some(Held { treatment, session, until });
        }
        self.seen.push(Seen { who, at, offer, session });
    }

    fn books_agree(&self) -> Result<(), TestCaseError> {
        let totals = self.engine.ledger().totals();
        prop_assert_eq!(totals.issued, totals.redeemed + totals.expired + totals.open);
        prop_assert_eq!(totals.issued, self.seen.iter().filter(|seen| seen.offer).count() as u64);
        prop_assert!(totals.spent + totals.reserved <= BUDGET);
        prop_assert_eq!(totals.spent, self.paid);
        Ok(())
    }

    fn caps_hold(&self) -> Result<(), TestCaseError> {
        for last in &self.seen {
            let within = |days: i64, offers: bool| {
                let mine = self.seen.iter().filter(|other| other.who == last.who && other.at <= last.at);
                mine.filter(|other| last.at - other.at < days * DAY_MS && (other.offer || !offers)).count()
            };
            prop_assert!(within(2, true) <= 1 && within(14, true) <= 3 && within(14, false) <= 4);
            prop_assert!(self.seen.iter().filter(|other| other.session == last.session).count() <= 2);
        }
        Ok(())
    }
}

fn laws_hold(visits: &[Visit], stacking: bool) -> Result<(), TestCaseError> {
    let mut story = Story::new(stacking);
    let mut now = Day(60).start();
    for (session, &visit) in visits.iter().enumerate() {
        let before = now.day();
        now = now + visit.1 * 3_600_000;
        (before.0 + 1..=now.day().0).for_each(|day| story.engine.night(Day(day)));
        story.visit(session as u32, now, visit);
        story.books_agree()?;
    }
    story.caps_hold()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Goal: whatever people do, no cap is exceeded, the budget holds to the cent and the ledger conserves.
    #[test]
    fn caps_budget_and_ledger_hold(visits in visits(), stacking: bool) {
        laws_hold(&visits, stacking)?;
    }
}

/// An offer valid for 72 hours, and an order 72 hours to the second after it was seen: 15 seconds after the question.
#[test]
fn an_order_in_the_last_second_of_an_offer_is_in_the_books() {
    use Answers::{Late, Seen};
    let visits = [
        (1, 1, 3, Seen, true),
        (2, 1, 1, Seen, true),
        (0, 1, 1, Seen, true),
        (5, 14, 1, Seen, false),
        (1, 33, 1, Seen, true),
        (0, 33, 1, Late, false),
        (5, 6, 1, Late, true),
    ];
    laws_hold(&visits, false).unwrap();
}
