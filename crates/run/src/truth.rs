//! Truth read from the arms: totals, classes of needs, the profit bridge, the withdrawal test.
//!
//! The join key is the potential need, which is the same in every arm. Everything is integral and adds up to the cent.

use crate::fork::Fork;
use crate::phase::ArmRun;
use crate::plan::Plan;
use crate::record::Speed;
use crate::sums::everything_is_settled;
use counterfoil_core::digest::Digest;
use counterfoil_core::facts::{
    ArmFacts, Fate, NeedClass, NeedFact, OfferFact, OfferFate, OrderFact, ProbeWeek, Totals, TruthFact,
};
use counterfoil_core::ids::{ArmIndex, OfferNumber, OrderNumber, ShopperId};
use counterfoil_core::money::Money;
use counterfoil_core::time::{DAY_MS, Day, Time};
use counterfoil_till::terms::typical_goods;
use counterfoil_world::{ArmState, Earned, Mind, NeedState, World};
use std::ops::Range;

/// An arm that lived to the end of the probe.
pub(crate) struct Finished {
    /// What was kept of the end of the horizon.
    pub at_end: AtEnd,
    /// The arm after the probe, minds as they are.
    pub run: ArmRun,
    /// The probe with minds reset to control's; `None` in control, where it would be the same.
    pub twin: Option<Twin>,
}

impl Finished {
    pub(crate) fn speed(&self) -> Speed {
        self.run.shop.speed.clone()
    }
}

/// What is kept of an arm at the end of the horizon.
pub(crate) struct AtEnd {
    message_costs: Money,
    trust_ppm: i64,
    fatigue_ppm: i64,
    /// Control's minds without what lies at home, for the twins of the other arms.
    minds: Vec<Mind>,
}

impl AtEnd {
    /// Of an arm whose minds have faded to the present.
    pub(crate) fn of(state: &ArmState, is_control: bool) -> Self {
        let ppm = |share: f32| (f64::from(share) * 1e6) as i64;
        let minds = &state.minds;
        Self {
            message_costs: state.ledger.message_costs,
            trust_ppm: minds.iter().map(|mind| ppm(mind.trust.0)).sum(),
            fatigue_ppm: minds.iter().map(|mind| ppm(mind.fatigue.0)).sum(),
            minds: if is_control { minds.iter().map(Mind::without_stock).collect() } else { Vec::new() },
        }
    }
}

/// What is kept of a reset twin after the probe.
pub(crate) struct Twin {
    digest: Digest,
    full_price: Vec<(Time, Money)>,
}

impl Twin {
    pub(crate) fn of(twin: ArmRun, world: &World) -> Self {
        let ArmRun { mut state, shop, .. } = twin;
        let mut digest = shop.digest;
        state.fold_into(&mut digest);
        let states = settled(&mut state);
        let due = due_between(world, world.shop.horizon_end, world.end);
        Self { digest, full_price: full_price(&state, &states, due) }
    }
}

/// What is kept of control for the arms that are compared with it: nothing else outlives it.
pub(crate) struct Reference {
    /// Its minds at the end of the horizon, without what lies at home.
    pub minds: Vec<Mind>,
    /// Its needs from the horizon on that were bought or have money, by position.
    outcomes: Vec<(usize, Outcome)>,
    overhead: Money,
}

/// What a need came to in control.
#[derive(Clone, Copy, Default)]
pub(crate) struct Outcome {
    bought: bool,
    earned: Earned,
}

impl Reference {
    fn of(minds: Vec<Mind>, states: &[NeedState], from: usize, overhead: Money) -> Self {
        let outcomes = states.iter().enumerate().skip(from).filter_map(|(need, state)| {
            let (bought, earned) = (state.fate == Fate::Bought, state.earned);
            let counts = bought || earned != Earned::default();
            counts.then_some((need, Outcome { bought, earned }))
        });
        Self { minds, outcomes: outcomes.collect(), overhead }
    }

    fn outcome(&self, need: usize) -> Outcome {
        let found = self.outcomes.binary_search_by_key(&need, |(need, _)| *need);
        found.map_or_else(|_| Outcome::default(), |place| self.outcomes[place].1)
    }

    /// Each need that was due, here and in control.
    fn pairs<'a>(
        &'a self,
        here: &'a [NeedState],
        due: Range<usize>,
    ) -> impl Iterator<Item = (&'a NeedState, Outcome)> {
        due.map(|need| (&here[need], self.outcome(need)))
    }
}

/// Needs due between two days, by position.
fn due_between(world: &World, from: Day, until: Day) -> Range<usize> {
    let position = |day: Day| world.needs.partition_point(|need| need.due < day.start());
    position(from)..position(until)
}

/// States of needs with units for stock that met no need charged to the need for which they were bought; the arm has them
/// no more.
fn settled(arm: &mut ArmState) -> Vec<NeedState> {
    let mut states = std::mem::take(&mut arm.fates.states);
    for unit in arm.minds.iter().flat_map(|mind| &mind.stock.0) {
        states[unit.buyer.index()].earned += unit.earned;
    }
    everything_is_settled(&states, arm);
    states
}

/// The facts of one arm against control, of which it is the first; nothing else is left of the arm.
pub(crate) fn facts_of(
    plan: &Plan,
    fork: &Fork,
    index: ArmIndex,
    mut arm: Finished,
    control: &mut Option<Reference>,
) -> ArmFacts {
    let world = &fork.world;
    let shop = &world.shop;
    let due = due_between(world, shop.horizon_start, shop.horizon_end);
    let digest = digest(&arm);
    let here = settled(&mut arm.run.state);
    let mut totals = arm.run.shop.books.totals;
    let later = rewards_later(world, &arm, &here);
    let own = overhead(&mut totals, plan, fork, (index, &arm), &later);
    let minds = std::mem::take(&mut arm.at_end.minds);
    let control = control.get_or_insert_with(|| Reference::of(minds, &here, due.start, own));
    let truth = truth(&here, control, due.clone(), -own);
    count_needs(&mut totals, world, &arm, fork, &here, due.clone());
    count_against_control(&mut totals, &here, control, due.clone());
    let given_away = later.iter().filter(|(need, _)| control.outcome(*need).bought);
    totals.rewards_leaked += given_away.map(|(_, reward)| reward.0).sum::<i64>();
    totals.contribution -= own.0;
    assert_eq!(totals.contribution, truth.bridge[8], "bridge and metric are the same sum");
    let offers = offers(&arm, shop.horizon_start);
    count_offers(&mut totals, &offers, shop.horizon_end);
    let probe_weeks = probe(&mut totals, world, &arm, &here);
    let spillover_orders = spillover(world, &arm, &here, control, due.clone());
    let fate_is_known = |&need: &usize| here[need].fate != Fate::Dormant;
    let mut arm_facts = ArmFacts {
        arm: plan.arm(index).name.clone(),
        events: arm.speed().events,
        digest,
        orders_digest: arm.run.state.orders_digest,
        totals,
        quiet_decisions: arm.run.shop.books.quiet_facts(),
        daily: arm.run.shop.books.daily,
        truth: TruthFact { spillover_orders, ..truth },
        probe_weeks,
        orders: exact(
            arm.run.state.ledger.orders.iter().filter(|o| o.at >= shop.horizon_start.start()).copied(),
        ),
        needs: exact(due.filter(fate_is_known).map(|need| need_fact(world, &here, need))),
        offers,
        visits: arm.run.shop.books.visits,
        decisions: arm.run.shop.books.decisions,
    };
    book_by_day(&mut arm_facts, world);
    arm_facts
}

/// Facts in no more room than they take: they stay until the last arm of the world is over.
fn exact<T>(facts: impl Iterator<Item = T>) -> Vec<T> {
    let mut facts: Vec<T> = facts.collect();
    facts.shrink_to_fit();
    facts
}

/// Rewards of the horizon's offers that were redeemed for needs due after it: (need, reward).
fn rewards_later(world: &World, arm: &Finished, states: &[NeedState]) -> Vec<(usize, Money)> {
    let (ledger, end) = (&arm.run.state.ledger, world.shop.horizon_end);
    let mut issued_in_time = vec![false; ledger.orders.len()];
    for offer in ledger.offers.iter().filter(|offer| offer.issued_at < end.start()) {
        if let Some(order) = offer.order {
            issued_in_time[order as usize] = true;
        }
    }
    let reward = |need: usize| {
        let NeedState { order, earned, .. } = states[need];
        let in_time = order.is_some_and(|order| issued_in_time[order.index()]);
        (in_time && earned.reward > Money::ZERO).then_some((need, earned.reward))
    };
    let bought = |need: &usize| states[*need].fate == Fate::Bought;
    due_between(world, end, world.end).filter(bought).filter_map(reward).collect()
}

/// What belongs to no need of the horizon: messages and showings, fixed costs, and rewards that fell due later.
fn overhead(
    totals: &mut Totals,
    plan: &Plan,
    fork: &Fork,
    (index, arm): (ArmIndex, &Finished),
    later: &[(usize, Money)],
) -> Money {
    let liability: Money = later.iter().map(|(_, reward)| *reward).sum();
    let messages = arm.at_end.message_costs - fork.state.ledger.message_costs;
    let fixed = {
        let shop = &fork.world.shop;
        plan.arm(index).policy.cost_per_shopper.times(shop.shoppers, typical_goods(shop))
    };
    (totals.message_costs, totals.policy_costs, totals.liability) = (messages.0, fixed.0, liability.0);
    messages + fixed + liability
}

/// Everything that happened in the arm, before its needs are settled, and in its twin; nothing that is counted from it.
fn digest(arm: &Finished) -> Digest {
    let mut digest = arm.run.shop.digest;
    arm.run.state.fold_into(&mut digest);
    if let Some(twin) = &arm.twin {
        digest.fold_digest(twin.digest);
    }
    digest
}

fn need_fact(world: &World, states: &[NeedState], index: usize) -> NeedFact {
    let (need, state) = (&world.needs[index], &states[index]);
    NeedFact {
        shopper: need.shopper.number(),
        category: need.category,
        k: need.k,
        due_day: need.due.day().0,
        fate: state.fate,
        order: state.order.map(OrderNumber::number),
        waited: state.waited,
        goods_margin: state.earned.goods_margin,
        reward: state.earned.reward,
        logistics: state.earned.logistics,
    }
}

/// The class of a need, first match wins.
pub(crate) fn class_of(here: &NeedState, control: &Outcome) -> NeedClass {
    match (here.fate == Fate::Bought, control.bought) {
        (false, false) => NeedClass::None,
        (true, false) => NeedClass::Incremental,
        (false, true) if here.fate == Fate::MetFromStock => NeedClass::PulledForward,
        (false, true) => NeedClass::Lost,
        (true, true) if here.earned.reward > control.earned.reward => NeedClass::Subsidised,
        (true, true) => NeedClass::Unchanged,
    }
}

/// Classes and bridge over needs due in the horizon; the overhead is a signed contribution that belongs to no need.
fn truth(here: &[NeedState], control: &Reference, due: Range<usize>, own_overhead: Money) -> TruthFact {
    let mut fact = TruthFact::default();
    let bridge = &mut fact.bridge;
    for (h, c) in control.pairs(here, due) {
        let class = class_of(h, &c);
        fact.needs[class as usize] += 1;
        bridge[0] += c.earned.contribution().0;
        let change = h.earned.contribution() - c.earned.contribution();
        match class {
            NeedClass::Incremental => bridge[1] += change.0,
            NeedClass::Lost => bridge[2] += change.0,
            NeedClass::PulledForward => bridge[3] += change.0,
            NeedClass::None | NeedClass::Subsidised | NeedClass::Unchanged => {
                bridge[4] -= (h.earned.reward - c.earned.reward).0;
                bridge[5] += (h.earned.goods_margin - c.earned.goods_margin).0;
                bridge[6] += (h.earned.logistics - c.earned.logistics).0;
            }
        }
    }
    bridge[0] -= control.overhead.0;
    bridge[7] = (own_overhead + control.overhead).0;
    bridge[8] = bridge[..8].iter().sum();
    fact
}

fn count_needs(
    totals: &mut Totals,
    world: &World,
    arm: &Finished,
    fork: &Fork,
    here: &[NeedState],
    due: Range<usize>,
) {
    let mut bought = Vec::new();
    totals.shoppers = world.people.len() as i64;
    totals.visitors = arm.run.shop.books.visited.iter().filter(|v| **v).count() as i64;
    for index in due {
        let (need, state) = (&world.needs[index], &here[index]);
        totals.contribution += state.earned.contribution().0;
        totals.rewards += state.earned.reward.0;
        if state.fate == Fate::Dormant {
            continue;
        }
        totals.needs_active += i64::from(state.fate != Fate::MetFromStock);
        totals.needs_waited += i64::from(state.waited);
        totals.needs_fished += i64::from(state.fished);
        if let Some(order) = order_of(&arm.run.state, state) {
            bought.push((need.shopper, order.at, count_order(totals, world, order)));
        }
    }
    count_buyers(totals, &mut bought, fork);
    totals.trust_ppm += arm.at_end.trust_ppm;
    totals.fatigue_ppm += arm.at_end.fatigue_ppm;
}

/// The order that was placed for a need, if one was.
fn order_of<'a>(arm: &'a ArmState, state: &NeedState) -> Option<&'a OrderFact> {
    let order = state.order.filter(|_| state.fate == Fate::Bought)?;
    Some(&arm.ledger.orders[order.index()])
}

/// Goods after discount; shipping waived is a reward but no discount on goods.
fn net_goods(world: &World, order: &OrderFact) -> Money {
    let discounted = order.treatment.is_some_and(|id| world.shop.treatment(id).kind.is_discount());
    if discounted { order.goods - order.reward } else { order.goods }
}

/// Counts one order of a need due in the horizon; answers whether it was at full price.
fn count_order(totals: &mut Totals, world: &World, order: &OrderFact) -> bool {
    let units = i64::from(order.units + order.units_stocked);
    totals.orders += 1;
    totals.units += units;
    totals.units_stocked += i64::from(order.units_stocked);
    totals.goods_list += order.goods.0;
    totals.goods_net += net_goods(world, order).0;
    totals.goods_cost += world.shop.products[order.product as usize].unit_cost.0 * units;
    totals.lines += 1 + i64::from(order.units_stocked);
    totals.lines_returned += i64::from(order.returned);
    let full_price = order.reward == Money::ZERO;
    if full_price {
        totals.full_price_orders += 1;
    } else {
        totals.discounted_orders += 1;
        totals.discount_depth_ppm += order.reward.0 * 1_000_000 / order.goods.0.max(1);
    }
    full_price
}

/// Counts buyers from (shopper, moment, at full price) of every order.
fn count_buyers(totals: &mut Totals, bought: &mut [(ShopperId, Time, bool)], fork: &Fork) {
    bought.sort_unstable();
    for orders in bought.chunk_by(|a, b| a.0 == b.0) {
        totals.buyers += 1;
        totals.repeat_buyers += i64::from(orders.len() >= 2);
        if fork.state.minds[orders[0].0.index()].loyalty.orders == 0 {
            totals.new_buyers += 1;
            totals.new_buyers_full_price_again += i64::from(orders[1..].iter().any(|order| order.2));
        }
    }
}

fn count_against_control(totals: &mut Totals, here: &[NeedState], control: &Reference, due: Range<usize>) {
    for (h, c) in control.pairs(here, due) {
        if class_of(h, &c) == NeedClass::Subsidised {
            totals.subsidised_orders += 1;
        }
        if c.bought {
            totals.rewards_leaked += (h.earned.reward - c.earned.reward).0.max(0);
        }
    }
}

/// Offers issued in the horizon; those still in a wallet after the run-off have expired unless they are still valid.
fn offers(arm: &Finished, horizon_start: Day) -> Vec<OfferFact> {
    let state = &arm.run.state;
    let held = state.minds.iter().filter_map(|mind| mind.wallet.0);
    let valid = held.filter(|held| held.until >= state.today().start()).map(|held| held.offer);
    let mut open = vec![false; state.ledger.offers.len()];
    valid.map(OfferNumber::index).for_each(|offer| open[offer] = true);
    let settled = state.ledger.offers.iter().zip(open).map(|(offer, open)| {
        let expired = offer.fate == OfferFate::Open && !open;
        OfferFact { fate: if expired { OfferFate::Expired } else { offer.fate }, ..*offer }
    });
    exact(settled.filter(|offer| offer.issued_at >= horizon_start.start()))
}

fn count_offers(totals: &mut Totals, offers: &[OfferFact], horizon_end: Day) {
    for offer in offers.iter().filter(|offer| offer.issued_at < horizon_end.start()) {
        totals.offers_issued += 1;
        totals.offers_redeemed += i64::from(offer.fate == OfferFate::Redeemed);
        totals.offers_expired += i64::from(offer.fate == OfferFate::Expired);
    }
}

/// Full-price orders of needs due in the probe, as it is and with minds reset; by week of the order.
fn probe(totals: &mut Totals, world: &World, arm: &Finished, here: &[NeedState]) -> Vec<ProbeWeek> {
    let from = world.shop.horizon_end;
    let due = due_between(world, from, world.end);
    let weeks = world.scenario.phases.probe_days.div_ceil(7) as usize;
    let mut by_week = vec![ProbeWeek::default(); weeks];
    totals.probe_needs = due.len() as i64;
    let as_is = full_price(&arm.run.state, here, due);
    for &(at, contribution) in &as_is {
        totals.probe_orders += 1;
        totals.probe_contribution += contribution.0;
        by_week[week(at, from, weeks)].as_is += 1;
    }
    let reset = arm.twin.as_ref().map_or(&as_is, |twin| &twin.full_price);
    for &(at, contribution) in reset {
        totals.probe_orders_reset += 1;
        totals.probe_contribution_reset += contribution.0;
        by_week[week(at, from, weeks)].reset += 1;
    }
    by_week
}

fn week(at: Time, from: Day, weeks: usize) -> usize {
    (((at - from.start()) / (7 * DAY_MS)) as usize).min(weeks.saturating_sub(1))
}

fn full_price(arm: &ArmState, states: &[NeedState], due: Range<usize>) -> Vec<(Time, Money)> {
    due.map(|index| &states[index])
        .filter(|state| state.earned.reward == Money::ZERO)
        .filter_map(|state| Some((order_of(arm, state)?.at, state.earned.contribution())))
        .collect()
}

/// Books every order of horizon and probe on the day it was placed, and fixed costs on the first day.
fn book_by_day(facts: &mut ArmFacts, world: &World) {
    let from = world.shop.horizon_start;
    for order in &facts.orders {
        let Some(day) = facts.daily.get_mut((order.at.day().0 - from.0) as usize) else { continue };
        day.orders += 1;
        day.discounted_orders += i64::from(order.reward > Money::ZERO);
        day.goods_net += net_goods(world, order).0;
        day.rewards += order.reward.0;
        day.contribution += order.contribution.0;
    }
    if let Some(first) = facts.daily.first_mut() {
        first.contribution -= facts.totals.policy_costs;
    }
}

/// Needs bought in one arm only, of shoppers who were shown nothing here.
fn spillover(
    world: &World,
    arm: &Finished,
    here: &[NeedState],
    control: &Reference,
    due: Range<usize>,
) -> i64 {
    let untouched = |index: &usize| !arm.run.shop.books.treated[world.needs[*index].shopper.index()];
    let changed = |index: &usize| (here[*index].fate == Fate::Bought) != control.outcome(*index).bought;
    due.filter(untouched).filter(changed).count() as i64
}
