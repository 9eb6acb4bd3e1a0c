//! What has to hold at every fork and wherever facts are put together. Checked in every build, also in release: a world whose
//! sums are wrong must end the run, not enter a mean.
//!
//! # Promises
//! Each check costs a pass over needs or arms, once per arm and never per event. It reads and changes nothing.

use counterfoil_core::digest::Digest;
use counterfoil_core::facts::{ArmFacts, Fate, UnitFacts};
use counterfoil_core::money::Money;
use counterfoil_world::{ArmState, NeedState};

/// Every minor unit that orders earned lies with a need or with a unit at home, and nowhere twice.
///
/// # Panics
/// If money was lost or made; `moment` says where.
pub(crate) fn money_is_in_place(arm: &ArmState, moment: &str) {
    let found = with_needs(&arm.fates.states) + at_home(arm);
    assert_eq!(found, earned(arm), "{moment}: money of needs and stock is that of the orders");
}

/// The same when what lies at home was charged to needs.
///
/// # Panics
/// If money was lost or made by charging it.
pub(crate) fn everything_is_settled(states: &[NeedState], arm: &ArmState) {
    assert_eq!(with_needs(states), earned(arm), "settled: money of needs is that of the orders");
}

fn with_needs(states: &[NeedState]) -> Money {
    states.iter().map(|state| state.earned.contribution()).sum()
}

fn earned(arm: &ArmState) -> Money {
    arm.ledger.orders.iter().map(|order| order.contribution).sum()
}

/// Contribution that is still written on units at home.
fn at_home(arm: &ArmState) -> Money {
    arm.minds.iter().flat_map(|mind| &mind.stock.0).map(|unit| unit.earned.contribution()).sum()
}

/// At the fork the books are closed: no unit at home earns anything for an arm, and with `offers_end` nobody holds an offer.
///
/// # Panics
/// If an arm would be credited with what was before it.
pub(crate) fn books_are_closed(arm: &ArmState, offers_end: bool) {
    money_is_in_place(arm, "at the fork");
    assert_eq!(at_home(arm), Money::ZERO, "at the fork: units at home are free for every arm");
    let held = arm.minds.iter().filter(|mind| mind.wallet.0.is_some()).count();
    assert!(!offers_end || held == 0, "at the fork: {held} offers of the pilot are still held");
}

/// Digest of a state as an arm finds it at the fork.
pub(crate) fn start_of(arm: &ArmState) -> Digest {
    let mut digest = Digest::default();
    arm.fold_into(&mut digest);
    digest
}

/// Every arm begins with the same state.
///
/// # Panics
/// If it does not: then no difference between arms means anything.
pub(crate) fn starts_alike(state: &ArmState, start: Digest, arm: &str) {
    assert!(start_of(state) == start, "arm `{arm}` does not begin with the state of the fork");
}

/// The facts of a unit fit together: within each arm, and each arm with control.
///
/// # Panics
/// At the first sum that is wrong, with its world and arm.
pub(crate) fn facts_add_up(facts: &UnitFacts) {
    let control = &facts.arms[0];
    for arm in &facts.arms {
        let place = format!("world {}, arm `{}`", facts.world, arm.arm);
        bridge_adds_up(arm, control, &place);
        let (totals, needs) = (&arm.totals, |arm: &ArmFacts| arm.truth.needs.iter().sum::<i64>());
        assert_eq!(needs(arm), needs(control), "{place}: the same potential needs as in control");
        assert_eq!(totals.shoppers, i64::from(facts.shoppers), "{place}: every shopper is counted");
        let bought = arm.needs.iter().filter(|need| need.fate == Fate::Bought).count() as i64;
        assert_eq!(bought, totals.orders, "{place}: an order for each need that was bought");
        let priced = totals.full_price_orders + totals.discounted_orders;
        assert_eq!(priced, totals.orders, "{place}: an order is at full price or discounted");
        let settled = totals.offers_redeemed + totals.offers_expired;
        assert!(settled <= totals.offers_issued, "{place}: an offer ends once");
        assert_eq!(arm.daily.len(), control.daily.len(), "{place}: the same days as in control");
    }
}

fn bridge_adds_up(arm: &ArmFacts, control: &ArmFacts, place: &str) {
    let (bridge, totals) = (&arm.truth.bridge, &arm.totals);
    assert_eq!(bridge[0], control.totals.contribution, "{place}: the bridge begins at control");
    assert_eq!(bridge[..8].iter().sum::<i64>(), bridge[8], "{place}: the steps of the bridge are its end");
    assert_eq!(bridge[8], totals.contribution, "{place}: the bridge ends at the contribution");
    let needs: i64 = arm.needs.iter().map(|need| need.contribution().0).sum();
    let overhead = totals.message_costs + totals.policy_costs + totals.liability;
    assert_eq!(
        needs - overhead,
        totals.contribution,
        "{place}: contribution is that of needs, less overhead"
    );
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::fork::{arm_at_fork, fork};
    use crate::unit::unit;
    use crate::{Arm, Plan};
    use counterfoil_scenario::{Currency, Overrides, for_scenario, parse_policy, shipped};
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;

    fn plan() -> Plan {
        let days = |days: &str| Some(days.to_owned());
        let small = Overrides {
            shoppers: Some(2_000),
            warmup: days("7 days"),
            history: days("84 days"),
            days: days("56 days"),
            probe: days("7 days"),
            ..Overrides::default()
        };
        let mut plan = Plan::control_of("fashion-web-shop", &small).unwrap();
        let (text, scenario) = (shipped::policy_text("calendar-sale").unwrap(), &plan.scenario);
        let currency = Currency { code: scenario.currency.clone(), decimals: scenario.currency_decimals };
        let sale = parse_policy(text, "sale", "sale", &scenario.treatments, &currency).unwrap();
        let sale = Arc::new(for_scenario(sale, scenario));
        plan.incumbent = Some(sale.clone());
        plan.arms.push(Arm::new("sale", sale));
        let scenario = Arc::make_mut(&mut plan.scenario);
        // So that there are units at home.
        (scenario.choice.holding_cost, scenario.choice.stock_days) = (0.0, 365);
        scenario.catalogue.categories.iter_mut().for_each(|category| category.storable = true);
        plan
    }

    fn fires(check: impl FnOnce()) -> bool {
        catch_unwind(AssertUnwindSafe(check)).is_err()
    }

    #[test]
    fn money_that_is_lost_made_or_left_at_home_ends_the_run() {
        let fork = fork(&plan(), 0, None, &mut |_| true).unwrap();
        assert!(!fires(|| books_are_closed(&fork.state, true)));
        let broken = |change: fn(&mut ArmState)| {
            let mut arm = fork.state.clone();
            change(&mut arm);
            fires(|| books_are_closed(&arm, true))
        };
        assert!(!broken(|_| {}));
        assert!(broken(|arm| arm.fates.states[0].earned.logistics += Money(1)));
        assert!(broken(|arm| arm.ledger.orders[0].contribution += Money(1)));
        assert!(broken(|arm| arm.ledger.orders.truncate(1)));
        assert!(broken(|arm| {
            let unit = arm.minds.iter_mut().flat_map(|mind| &mut mind.stock.0).next().unwrap();
            unit.earned.goods_margin += Money(1);
            arm.fates.states[unit.buyer.index()].earned.goods_margin += -Money(1);
        }));
        assert!(broken(|arm| {
            let treatment = counterfoil_core::TreatmentId(0);
            let until = counterfoil_core::Time(i64::MAX);
            let offer = counterfoil_core::OfferNumber::new(0);
            arm.minds[0].wallet.0 = Some(counterfoil_world::WalletOffer { treatment, until, offer });
        }));
    }

    #[test]
    fn an_arm_that_begins_elsewhere_ends_the_run() {
        let plan = plan();
        let broken = |change: fn(&mut ArmState)| {
            let mut fork = fork(&plan, 0, None, &mut |_| true).unwrap();
            change(&mut fork.state);
            fires(|| drop(arm_at_fork(&plan, &fork, counterfoil_core::ArmIndex::new(1), None)))
        };
        assert!(!broken(|_| {}));
        assert!(broken(|arm| arm.minds[5].fatigue.0 += 0.001));
        assert!(broken(|arm| arm.fates.states[5].waited ^= true));
        assert!(broken(|arm| arm.ledger.message_costs += Money(1)));
        assert!(broken(|arm| arm.ledger.orders.truncate(1)));
    }

    #[test]
    fn facts_that_do_not_add_up_end_the_run() {
        let (facts, _) = unit(&plan(), 0, None, &mut |_| true).unwrap();
        assert!(facts.arms[1].totals.units_stocked > 0, "there is stock to be settled");
        let broken = |change: fn(&mut UnitFacts)| {
            let mut facts = facts.clone();
            change(&mut facts);
            fires(|| facts_add_up(&facts))
        };
        assert!(!broken(|_| {}));
        let changes: [fn(&mut UnitFacts); 11] = [
            |facts| facts.shoppers += 1,
            |facts| facts.arms[1].totals.contribution += 1,
            |facts| facts.arms[0].totals.contribution += 1,
            |facts| facts.arms[1].truth.bridge[3] += 1,
            |facts| facts.arms[1].truth.bridge[8] += 1,
            |facts| facts.arms[1].truth.needs[5] += 1,
            |facts| facts.arms[1].totals.orders += 1,
            |facts| facts.arms[1].totals.message_costs += 1,
            |facts| facts.arms[1].needs.retain(|need| need.fate != Fate::Bought),
            |facts| facts.arms[1].totals.offers_expired += 1,
            |facts| facts.arms[1].daily.truncate(1),
        ];
        for (place, change) in changes.into_iter().enumerate() {
            assert!(broken(change), "change {place} is seen");
        }
    }
}
