//! The laws of common luck, on the world itself: (a) null is null to the bit, (d) one purpose's draws never shift
//! another's, (e) a visit that cannot buy changes no other need; and control does not drift.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{Watcher, live, shipped};
use counterfoil_core::facts::OrderFact;
use counterfoil_core::ids::{ShopperId, VisitKey};
use counterfoil_core::policy::Ask;
use counterfoil_core::time::Day;
use counterfoil_core::treatment::TreatmentId;
use counterfoil_core::{Digest, Event};
use counterfoil_scenario::Scenario;
use counterfoil_scenario::model::ChoiceForm;
use counterfoil_world::{Answer, ArmState, Ended, Host, IdleVisit, World};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

const DAYS: u32 = 42;

fn small(seed: u64) -> Scenario {
    let mut scenario = shipped("fashion-web-shop");
    scenario.seed = seed;
    scenario.shoppers.count = 400;
    scenario.phases.warmup_days = DAYS;
    scenario.phases.history_days = 0;
    scenario.phases.horizon_days = 1;
    scenario.phases.probe_days = 1;
    scenario
}

/// A host that shows something at every k-th question and draws from its own name space as it likes.
struct Busy {
    every: u32,
    treatments: u8,
    asked: u32,
    drawn: f64,
    extra_draws: u8,
}

impl Host for Busy {
    fn event(&mut self, _event: &Event, _shopper: ShopperId) {}
    fn ask(&mut self, ask: &Ask, _shopper: ShopperId, _visit: VisitKey) -> Answer {
        self.asked += 1;
        for lane in 0..self.extra_draws {
            self.drawn += ask.luck.quantile(lane);
        }
        let shows = self.every > 0 && self.asked.is_multiple_of(self.every);
        let id = TreatmentId((self.asked % u32::from(self.treatments)) as u8);
        Answer { treatment: shows.then_some(id), scope: None, delay_ms: i64::from(self.asked % 200) }
    }
    fn ended(&mut self, _visit: &Ended) {}
}

fn busy(every: u32, extra_draws: u8) -> Busy {
    Busy { every, treatments: 10, asked: 0, drawn: 0.0, extra_draws }
}

fn orders_under(world: World, host: &mut impl Host) -> (Vec<OrderFact>, Digest) {
    let mut arm = ArmState::new(Arc::new(world));
    live(&mut arm, 0..DAYS, host);
    (arm.ledger.orders.clone(), arm.orders_digest)
}

/// An order without the numbers that merely count.
fn essence(order: &OrderFact) -> (u32, u8, u16, i64, i64, i64, i64) {
    (order.shopper, order.category, order.k, order.at.0, order.goods.0, order.reward.0, order.contribution.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Law (a): treatments without effect give orders identical to control, to the byte, whatever is shown and when.
    #[test]
    fn treatments_without_effect_change_no_byte(seed in 0_u64..1 << 40, every in 1_u32..9) {
        let mut scenario = small(seed);
        scenario.effects.iter_mut().for_each(|effect| effect.visibility = 0.0);
        let scenario = Arc::new(scenario);
        let (orders, digest) = orders_under(World::new(scenario.clone(), 0), &mut busy(0, 0));
        let (shown_orders, shown_digest) = orders_under(World::new(scenario, 0), &mut busy(every, 0));
        prop_assert!(!orders.is_empty());
        prop_assert_eq!(orders, shown_orders);
        prop_assert_eq!(digest, shown_digest);
    }

    /// Law (d): a policy that draws more from its own name space shifts nobody's luck.
    #[test]
    fn draws_of_a_policy_shift_nothing(seed in 0_u64..1 << 40, extra in 1_u8..50) {
        let scenario = Arc::new(small(seed));
        let (_, quiet) = orders_under(World::new(scenario.clone(), 0), &mut busy(3, 0));
        let (_, greedy) = orders_under(World::new(scenario, 0), &mut busy(3, extra));
        prop_assert_eq!(quiet, greedy);
    }

    /// Law (e): a further visit that cannot buy, for a tenth of the shoppers, changes no order of any need.
    #[test]
    fn a_visit_that_cannot_buy_changes_no_order(seed in 0_u64..1 << 40, day in 2_u32..30) {
        let scenario = Arc::new(small(seed));
        let (orders, _) = orders_under(World::new(scenario.clone(), 0), &mut busy(0, 0));
        let mut world = World::new(scenario, 0);
        for shopper in (0..400).step_by(10) {
            let at = Day(day).start() + i64::from(shopper) * 60_000 + 36_000_000;
            let shopper = ShopperId::new(shopper);
            world.idle[day as usize].push(IdleVisit { at, shopper, number: 900_000 });
        }
        world.idle[day as usize].sort_unstable();
        let (more, _) = orders_under(world, &mut busy(0, 0));
        let pairs = orders.iter().map(essence).zip(more.iter().map(essence));
        prop_assert_eq!(orders.len(), more.len());
        for (before, after) in pairs {
            prop_assert_eq!(before, after);
        }
    }
}

/// Goal: another form of choosing meets the same shoppers with the same luck, chooses differently, and keeps the law that
/// what has no effect changes nothing.
#[test]
fn another_form_of_choosing_meets_the_same_shoppers() {
    let under = |form, every: u32| {
        let mut scenario = small(17);
        scenario.choice.model = form;
        scenario.effects.iter_mut().for_each(|effect| effect.visibility = 0.0);
        let world = World::new(Arc::new(scenario), 0);
        let story = (world.people.clone(), world.needs.clone(), world.idle.clone());
        (story, orders_under(world, &mut busy(every, 0)))
    };
    let (story, (orders, digest)) = under(ChoiceForm::RandomUtility, 0);
    let (other_story, (other_orders, other_digest)) = under(ChoiceForm::Habit, 0);
    assert_eq!(story, other_story, "people, needs and visits without a need");
    assert_ne!(digest, other_digest);
    let bought = |orders: &[OrderFact]| -> BTreeSet<(u32, u8, u16)> {
        orders.iter().map(|order| (order.shopper, order.category, order.k)).collect()
    };
    let both = bought(&orders).intersection(&bought(&other_orders)).count();
    assert!(both * 4 > orders.len(), "the same luck: {both} of {} orders", orders.len());
    assert_eq!(under(ChoiceForm::Habit, 3).1, (other_orders, other_digest));
}

/// Events of an arm come in the order of time, and no visit lasts for ever.
#[test]
fn events_are_in_time_order() {
    struct Ordered(i64, u64);
    impl Host for Ordered {
        fn event(&mut self, event: &Event, _shopper: ShopperId) {
            let outside = event.visitor.session.is_none();
            assert!(outside || event.at.0 >= self.0, "{event:?} after {}", self.0);
            self.0 = if outside { self.0 } else { event.at.0 };
            self.1 += 1;
        }
        fn ask(&mut self, ask: &Ask, _shopper: ShopperId, _visit: VisitKey) -> Answer {
            Answer {
                treatment: ask.number.number().is_multiple_of(5).then_some(TreatmentId(1)),
                scope: None,
                delay_ms: 37,
            }
        }
        fn ended(&mut self, visit: &Ended) {
            assert!(visit.ended - visit.started < 86_400_000, "a visit of a day: {visit:?}");
        }
    }
    let mut arm = ArmState::new(Arc::new(World::new(Arc::new(small(9)), 0)));
    let mut host = Ordered(0, 0);
    live(&mut arm, 0..DAYS, &mut host);
    assert!(host.1 > 1_000, "there was something to order");
}

/// Control extended by 12 weeks drifts by less than 2 %, season aside: sessions, orders, open needs, reference prices.
#[test]
fn control_does_not_drift() {
    let mut scenario = shipped("fashion-web-shop");
    scenario.season.months = [1.0; 12];
    scenario.shoppers.count = 20_000;
    scenario.phases.warmup_days = 56;
    scenario.phases.history_days = 0;
    scenario.phases.horizon_days = 168;
    scenario.phases.probe_days = 1;
    let mut halves = [[0.0_f64; 4]; 2];
    for seed in 100..112 {
        scenario.seed = seed;
        let mut arm = ArmState::new(Arc::new(World::new(Arc::new(scenario.clone()), 0)));
        let mut watcher = Watcher::new(Day(56), Day(224));
        live(&mut arm, 0..56, &mut watcher);
        for (half, sums) in halves.iter_mut().enumerate() {
            let (orders, visits) = (arm.ledger.orders.len(), watcher.ended.len());
            let first = 56 + half as u32 * 84;
            for day in first..first + 84 {
                live(&mut arm, day..day + 1, &mut watcher);
                sums[2] += arm.open_needs() as f64;
            }
            sums[0] += (watcher.ended.len() - visits) as f64;
            sums[1] += (arm.ledger.orders.len() - orders) as f64;
            sums[3] += arm.minds.iter().map(|m| f64::from(m.reference.0[0])).sum::<f64>();
        }
    }
    for (what, (first, second)) in
        ["sessions", "orders", "open needs", "reference prices"].iter().zip(halves[0].iter().zip(halves[1]))
    {
        let drift = (second / first - 1.0) * 100.0;
        println!("{what}: {drift:+.2} % over 12 weeks");
        assert!(drift.abs() < 2.0, "{what} drift by {drift:+.2} %");
    }
}
