//! One arm's state, and the loop that lives through it event by event in time order.

use crate::identity::cookie_stride;
use crate::mind::{Fading, Mind};
use crate::need::{Need, needs};
use crate::order::Ledger;
use crate::people::{Shopper, population};
use crate::session::{Ended, Session};
use crate::shop::{popularity, shop};
use counterfoil_core::digest::Digest;
use counterfoil_core::event::Event;
use counterfoil_core::facts::Fate;
use counterfoil_core::luck::{Luck, Purpose, uniform};
use counterfoil_core::money::Money;
use counterfoil_core::policy::{Ask, Push};
use counterfoil_core::scope::Scope;
use counterfoil_core::shop::Shop;
use counterfoil_core::time::{Day, Time};
use counterfoil_core::treatment::TreatmentId;
use counterfoil_scenario::model::Scenario;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// Somebody who may cancel what takes long: `false` says so.
pub type GoOn<'a> = &'a mut dyn FnMut() -> bool;

/// Shoppers between two questions whether to go on; drawing so many takes milliseconds.
const ASKED_EVERY: usize = 4_096;

/// Whether it is time to ask again, at this shopper.
pub(crate) fn is_time_to_ask(shopper: usize) -> bool {
    shopper.is_multiple_of(ASKED_EVERY)
}

/// Everything about a world that no arm can change.
#[derive(Debug)]
pub struct World {
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// All luck of this world.
    pub luck: Luck,
    /// The public shop.
    pub shop: Arc<Shop>,
    /// Members.
    pub people: Vec<Shopper>,
    /// Potential needs by due time.
    pub needs: Vec<Need>,
    /// Visits without a need, by day: (time, shopper, lane).
    pub idle: Vec<Vec<(Time, u32, u32)>>,
    pub(crate) popularity: Vec<f64>,
    pub(crate) fading: Fading,
    pub(crate) cookie_stride: u64,
    pub(crate) hours: Vec<f64>,
    /// First day after the last phase.
    pub end: Day,
}

impl World {
    /// Draws world number `number` of the scenario.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>, number: u32) -> Self {
        Self::drawn(scenario, number, &mut || true).expect("nobody cancels")
    }

    /// The same for somebody who may cancel meanwhile: `go_on` is asked every few thousand shoppers, and `None` is
    /// answered once it says no.
    #[must_use]
    pub fn drawn(scenario: Arc<Scenario>, number: u32, go_on: GoOn<'_>) -> Option<Self> {
        let luck = Luck::new(scenario.seed, number);
        let phases = scenario.phases;
        let days = phases.warmup_days + phases.history_days + phases.horizon_days + phases.probe_days;
        let people = population(&scenario, &luck, go_on)?;
        let popularity =
            popularity(scenario.catalogue.products_per_category, scenario.catalogue.popularity_exponent);
        let needs = needs(&scenario, &luck, (&people, &popularity), Day(days).start(), go_on)?;
        let idle = idle_visits(&scenario, &luck, &people, days, go_on)?;
        let word = luck.block(Purpose::Catalogue, [u32::MAX, 0, 0])[0];
        Some(Self {
            shop: Arc::new(shop(&scenario, &luck)),
            fading: Fading::new(
                &scenario.beliefs,
                &scenario.feelings,
                scenario.needs.stimulus_half_life_days,
                days + 1,
            ),
            cookie_stride: cookie_stride(scenario.shoppers.count, word),
            hours: hours(),
            end: Day(days),
            scenario,
            luck,
            people,
            needs,
            idle,
            popularity,
        })
    }

    /// A moment of `day` at quantile `u` of the visiting hours.
    pub(crate) fn time_of_day(&self, day: u32, u: f64) -> Time {
        let hour = self.hours.partition_point(|&sum| sum < u).min(23);
        let below = if hour == 0 { 0.0 } else { self.hours[hour - 1] };
        let within = ((u - below) / (self.hours[hour] - below)).clamp(0.0, 0.999_999);
        Day(day).start() + ((hour as f64 + within) * 3_600_000.0) as i64
    }
}

/// Cumulative share of visits by hour of day: low at night, an evening peak (assumption).
fn hours() -> Vec<f64> {
    const WEIGHTS: [f64; 24] = [
        1.0, 0.5, 0.3, 0.2, 0.2, 0.4, 1.2, 2.5, 3.5, 4.2, 4.8, 5.2, 5.6, 5.4, 5.2, 5.2, 5.4, 5.8, 6.4, 7.4,
        8.2, 7.8, 5.6, 2.8,
    ];
    let total: f64 = WEIGHTS.iter().sum();
    let mut sum = 0.0;
    WEIGHTS
        .iter()
        .map(|weight| {
            sum += weight / total;
            sum
        })
        .collect()
}

/// Visits without a need: a Poisson process at her browsing rate, thinned by the day's weight.
fn idle_visits(
    scenario: &Scenario,
    luck: &Luck,
    people: &[Shopper],
    days: u32,
    go_on: GoOn<'_>,
) -> Option<Vec<Vec<(Time, u32, u32)>>> {
    let hours = hours();
    let mut by_day = vec![Vec::new(); days as usize];
    for (shopper, person) in people.iter().enumerate() {
        if is_time_to_ask(shopper) && !go_on() {
            return None;
        }
        // Twice the rate, thinned by half the day's weight, gives the rate times the weight.
        let per_day = 2.0 * person.traits.browsing / 7.0;
        if per_day <= 0.0 {
            continue;
        }
        let mut at = 0.0_f64;
        for lane in 0..u32::MAX {
            let words = luck.block(Purpose::Idle, [shopper as u32, lane, 0]);
            at += counterfoil_core::quantile::exponential(uniform(words[0])) / per_day;
            if at >= f64::from(days) {
                break;
            }
            let day = at as u32;
            let weight = scenario.season.weekdays[usize::from(scenario.calendar.weekday(Day(day)))];
            if uniform(words[1]) * 2.0 >= weight {
                continue;
            }
            let hour = hours.partition_point(|&sum| sum < uniform(words[2])).min(23) as i64;
            let time = Day(day).start() + hour * 3_600_000 + (uniform(words[3]) * 3_600_000.0) as i64;
            by_day[day as usize].push((time, shopper as u32, lane));
        }
    }
    for visits in &mut by_day {
        if !go_on() {
            return None;
        }
        visits.sort_unstable();
    }
    Some(by_day)
}

/// What became of a potential need so far, in one arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NeedState {
    /// Its fate.
    pub fate: Fate,
    /// She waited or fished although she would have bought.
    pub waited: bool,
    /// She fished.
    pub fished: bool,
    /// It lies in a cart from an earlier visit.
    pub in_cart: bool,
    /// Day for which she expects a deal; 0: none.
    pub expects_day: u32,
    /// Order that met it or supplied the stock; `u32::MAX`: none.
    pub order: u32,
    /// List price less unit cost of what met it.
    pub goods_margin: Money,
    /// Rewards.
    pub reward: Money,
    /// Shipping, payment and returns.
    pub logistics: Money,
}

impl Default for NeedState {
    fn default() -> Self {
        Self {
            fate: Fate::Dormant,
            waited: false,
            fished: false,
            in_cart: false,
            expects_day: 0,
            order: u32::MAX,
            goods_margin: Money::ZERO,
            reward: Money::ZERO,
            logistics: Money::ZERO,
        }
    }
}

/// The answer of a host to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What to show, if anything.
    pub treatment: Option<TreatmentId>,
    /// For which products an offer holds; `None`: for all.
    pub scope: Option<Arc<Scope>>,
    /// How long after the action it is shown, milliseconds.
    pub delay_ms: i64,
}

/// Whoever runs the shop: hears what happens and says what to show.
pub trait Host {
    /// Something happened that a storefront sees. `shopper` and `key` are for records, not for policies.
    fn event(&mut self, event: &Event, shopper: u32, key: u32);
    /// A decision point.
    fn ask(&mut self, ask: &Ask, shopper: u32, key: u32) -> Answer;
    /// The answer to question `number` never reached the screen: she was gone, or a newer one took its place.
    fn dropped(&mut self, _number: u32) {}
    /// A visit ended.
    fn ended(&mut self, visit: &Ended);
}

/// What is going to happen today at a known time: somebody arrives, a message or a return comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrival {
    pub at: Time,
    pub shopper: u32,
    pub kind: u8,
    pub key: u32,
    pub need: u32,
}

/// One arm of a world, from the first day on. Cloning it is the fork.
#[derive(Clone)]
pub struct Town {
    pub(crate) world: Arc<World>,
    pub(crate) day: u32,
    pub(crate) sale: Option<TreatmentId>,
    /// Minds by shopper.
    pub minds: Vec<Mind>,
    /// States of needs, in the order of [`World::needs`].
    pub states: Vec<NeedState>,
    pub(crate) next_need: usize,
    pub(crate) open: Vec<u32>,
    pub(crate) arrivals: Vec<Arrival>,
    pub(crate) pushes: Vec<(Push, Option<u32>)>,
    pub(crate) returns: Vec<(u32, u32, Money)>,
    pub(crate) arrived: usize,
    pub(crate) sessions: Vec<Session>,
    pub(crate) free: Vec<u32>,
    pub(crate) queue: BinaryHeap<Reverse<(Time, u32, u32)>>,
    pub(crate) sessions_begun: u32,
    pub(crate) asked: u32,
    /// Orders, offers, returns to come, costs.
    pub ledger: Ledger,
    /// Digest over visits and orders only.
    pub orders_digest: Digest,
}

impl Town {
    /// The town before its first day.
    #[must_use]
    pub fn new(world: Arc<World>) -> Self {
        Self {
            minds: vec![Mind::default(); world.people.len()],
            states: vec![NeedState::default(); world.needs.len()],
            day: 0,
            sale: None,
            next_need: 0,
            open: Vec::new(),
            arrivals: Vec::new(),
            pushes: Vec::new(),
            returns: Vec::new(),
            arrived: 0,
            sessions: Vec::new(),
            free: Vec::new(),
            queue: BinaryHeap::new(),
            sessions_begun: 0,
            asked: 0,
            ledger: Ledger::default(),
            orders_digest: Digest::default(),
            world,
        }
    }

    /// The world it is in.
    #[must_use]
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// When something happens next today; `None`: the day is over.
    #[must_use]
    pub fn next_time(&self) -> Option<Time> {
        let end = Day(self.day + 1).start();
        let arrival = self.arrivals.get(self.arrived).map(|a| a.at);
        let running = self.queue.peek().map(|Reverse((at, _, _))| *at);
        let next = match (arrival, running) {
            (Some(a), Some(r)) => a.min(r),
            (a, r) => a.or(r)?,
        };
        (next < end).then_some(next)
    }

    /// Lives through the next thing that happens today. Does nothing when the day is over.
    pub fn step(&mut self, host: &mut impl Host) {
        let end = Day(self.day + 1).start();
        let arrival = self.arrivals.get(self.arrived).map(|a| (a.at, a.shopper));
        let running = self.queue.peek().map(|Reverse((at, shopper, _))| (*at, *shopper));
        let arrival_first = match (arrival, running) {
            (Some(a), Some(r)) => a <= r,
            (a, _) => a.is_some(),
        };
        if arrival_first {
            let arrival = self.arrivals[self.arrived];
            debug_assert!(arrival.at < end, "arrivals are of today");
            self.arrived += 1;
            self.happen(arrival, host);
        } else if running.is_some_and(|(at, _)| at < end)
            && let Some(Reverse((at, _, slot))) = self.queue.pop()
        {
            self.advance(slot as usize, at, host);
        }
    }

    /// How many visits are under way.
    #[must_use]
    pub fn busy(&self) -> usize {
        self.queue.len()
    }

    /// How many needs are open.
    #[must_use]
    pub fn open_needs(&self) -> usize {
        self.open.len()
    }

    /// The day that is being lived through.
    #[must_use]
    pub fn today(&self) -> Day {
        Day(self.day)
    }

    /// Replaces deal beliefs, reference prices and fatigue of everybody by those of the same people in `others`, which
    /// are not younger than today.
    pub fn reset_minds_to(&mut self, others: &[Mind]) {
        let (day, fading) = (self.day, &self.world.fading);
        for (mind, theirs) in self.minds.iter_mut().zip(others) {
            let mut theirs = theirs.clone();
            theirs.fade(day, fading);
            mind.fade(day, fading);
            mind.reset_to(&theirs);
        }
    }

    /// Every personal offer ends: in wallets, in visits under way, and on the way to a screen.
    fn end_offers(&mut self) {
        for offer in self.minds.iter_mut().filter_map(|mind| mind.wallet.take()) {
            self.ledger.expire(offer.entry);
        }
        for session in &mut self.sessions {
            session.pending = None;
            if session.offer.take().is_some() {
                self.ledger.expire(std::mem::replace(&mut session.offer_entry, u32::MAX));
            }
        }
    }

    /// Leaves the money of units at home with the needs for which they were bought: what they meet later is free.
    ///
    /// Called where the books are closed (the fork), so that no arm is credited with an order from before it.
    /// With `offers_end`, personal offers that are still open end as well: those of a pilot are no arm's.
    pub fn close_books(&mut self, offers_end: bool) {
        if offers_end {
            self.end_offers();
        }
        for unit in self.minds.iter_mut().flat_map(|mind| &mut mind.stock) {
            let buyer = &mut self.states[unit.buyer_need as usize];
            buyer.goods_margin += std::mem::take(&mut unit.goods_margin);
            buyer.reward += std::mem::take(&mut unit.reward);
            buyer.logistics += std::mem::take(&mut unit.logistics);
        }
    }

    /// Lets every memory fade to the present, so that minds can be read and compared.
    pub fn settle_minds(&mut self) {
        let (day, fading) = (self.day, &self.world.fading);
        self.minds.iter_mut().for_each(|mind| mind.fade(day, fading));
    }

    /// Folds minds and fates into `digest`.
    pub fn fold_into(&self, digest: &mut Digest) {
        for mind in &self.minds {
            mind.calendar
                .iter()
                .chain([&mind.visit, &mind.trigger])
                .for_each(|b| digest.fold(u64::from(b.depth.to_bits())));
            digest.fold(u64::from(mind.stimulus.to_bits()) << 32 | mind.stock.len() as u64);
            digest.fold(mind.wallet.map_or(0, |offer| u64::from(offer.entry) + 1));
            digest.fold(u64::from(mind.fatigue.to_bits()) << 32 | u64::from(mind.trust.to_bits()));
            digest.fold(
                u64::from(mind.visit.chance.to_bits()) << 32 | u64::from(mind.trigger.chance.to_bits()),
            );
            digest.fold(u64::from(mind.loyalty.to_bits()) << 32 | u64::from(mind.orders));
            let calendar =
                mind.calendar.iter().fold(0_u64, |sum, b| sum.rotate_left(9) ^ u64::from(b.chance.to_bits()));
            let prices =
                mind.reference.iter().fold(0_u64, |sum, r| sum.rotate_left(5) ^ u64::from(r.to_bits()));
            digest.fold(calendar ^ prices.rotate_left(32));
        }
        for state in &self.states {
            let flags =
                u64::from(state.waited) | u64::from(state.fished) << 1 | u64::from(state.in_cart) << 2;
            digest.fold(state.fate as u64 | flags << 8 | u64::from(state.order) << 16);
            digest.fold(u64::from(state.expects_day));
            [state.goods_margin, state.reward, state.logistics]
                .iter()
                .for_each(|money| digest.fold_signed(money.0));
        }
    }

    pub(crate) fn enqueue(&mut self, slot: usize) {
        let session = &self.sessions[slot];
        let entry = (session.due_at(), session.shopper, slot as u32);
        self.queue.push(Reverse(entry));
    }
}
