//! The facts that a storefront can count by itself: visits, decisions, treatments shown, by day and in total.

use crate::plan::Keep;
use crate::record::Answered;
use crate::storefront::deadline::Timed;
use counterfoil_core::event::{Event, EventKind};
use counterfoil_core::facts::{DailyFact, DecisionFact, QuietFact, Totals, VisitEnd, VisitFact};
use counterfoil_core::ids::ShopperId;
use counterfoil_core::luck::Luck;
use counterfoil_core::policy::{Ask, Decision, Reason};
use counterfoil_core::time::{Day, Time};
use counterfoil_scenario::model::Scenario;
use counterfoil_world::Ended;

/// Number of [`Reason`]s.
const REASONS: usize = Reason::ALL.len();

/// Facts of horizon and probe, as far as a storefront sees them.
pub struct Books {
    /// Counts of the horizon.
    pub totals: Totals,
    /// One entry per day of horizon and probe; orders are booked when the arm is finished.
    pub daily: Vec<DailyFact>,
    /// Visits, if kept.
    pub visits: Vec<VisitFact>,
    /// Decisions, if kept.
    pub decisions: Vec<DecisionFact>,
    /// Who had a session in the horizon.
    pub visited: Vec<bool>,
    /// Who was shown anything in the horizon.
    pub treated: Vec<bool>,
    /// Orders by the day on which they were placed; returns are not known yet.
    placed: Vec<DailyFact>,
    quiet: Vec<[i64; REASONS]>,
    horizon: std::ops::Range<Day>,
    keep: Keep,
    luck: Luck,
    /// Whether the policy ever decides anything personal; without that there is nothing to count.
    pub(super) decides: bool,
    /// Whether a sale is posted today.
    pub(super) sale_today: bool,
}

impl Books {
    pub(super) fn new(scenario: &Scenario, luck: Luck, keep: Keep, decides: bool) -> Self {
        let phases = scenario.phases;
        let start = phases.warmup_days + phases.history_days;
        let shoppers = scenario.shoppers.count as usize;
        let days = vec![DailyFact::default(); (phases.horizon_days + phases.probe_days) as usize];
        Self {
            totals: Totals::default(),
            daily: days.clone(),
            visits: Vec::new(),
            decisions: Vec::new(),
            visited: vec![false; shoppers],
            treated: vec![false; shoppers],
            placed: days,
            quiet: vec![[0; REASONS]; phases.horizon_days as usize],
            horizon: Day(start)..Day(start + phases.horizon_days),
            keep,
            luck,
            decides,
            sale_today: false,
        }
    }

    fn in_horizon(&self, at: Time) -> bool {
        self.horizon.contains(&at.day())
    }

    /// Whether this shopper's visits and decisions are kept.
    fn keeps(&self, shopper: ShopperId) -> bool {
        self.keep.keeps(self.luck, self.visited.len() as u32, shopper)
    }

    /// Position of a day since the horizon began.
    fn day(&self, at: Time) -> Option<usize> {
        at.day().0.checked_sub(self.horizon.start.0).map(|day| day as usize)
    }

    fn day_fact(&mut self, at: Time) -> Option<&mut DailyFact> {
        let day = self.day(at)?;
        self.daily.get_mut(day)
    }

    /// The first `days` days so far, with orders as they were placed: what a person watches while it runs.
    #[must_use]
    pub fn days_so_far(&self, days: usize) -> Vec<DailyFact> {
        let pairs = self.daily.iter().zip(&self.placed).take(days);
        pairs
            .map(|(fact, placed)| DailyFact {
                orders: placed.orders,
                goods_net: placed.goods_net,
                rewards: placed.rewards,
                contribution: fact.contribution + placed.contribution,
                ..*fact
            })
            .collect()
    }

    /// Messages and showings cost something on the day of `at`.
    pub(crate) fn book_costs(&mut self, day: Day, minor: i64) {
        if let Some(fact) = self.day_fact(day.start()) {
            fact.contribution -= minor;
        }
    }

    /// Counts what an event says.
    pub(super) fn count_event(&mut self, event: &Event, shopper: ShopperId) {
        let in_horizon = self.in_horizon(event.at);
        let treats = match event.kind {
            EventKind::TreatmentShown { .. } => {
                self.totals.treatments_shown += i64::from(in_horizon);
                if let Some(fact) = self.day_fact(event.at) {
                    fact.treatments_shown += 1;
                }
                true
            }
            EventKind::OrderPlaced { goods, reward, contribution, .. } => {
                self.place_on_its_day(event.at, (goods - reward).0, reward.0, contribution.0);
                false
            }
            EventKind::MessageSent { .. } => true,
            EventKind::SessionStarted { .. } => self.sale_today,
            _ => false,
        };
        self.treated[shopper.index()] |= treats && in_horizon;
    }

    /// Notes an order for the curves that are shown while a run is under way.
    fn place_on_its_day(&mut self, at: Time, goods_net: i64, rewards: i64, contribution: i64) {
        let day = self.day(at);
        if let Some(fact) = day.and_then(|day| self.placed.get_mut(day)) {
            fact.orders += 1;
            fact.goods_net += goods_net;
            fact.rewards += rewards;
            fact.contribution += contribution;
        }
    }

    /// Counts an answer; `follows`: this shopper's decisions are kept whatever the run keeps.
    pub(super) fn count_answer(&mut self, ask: &Ask, timed: &Timed, shopper: ShopperId, follows: bool) {
        if !self.in_horizon(ask.at) || !self.decides {
            return;
        }
        let Timed { decision, delay_ms, in_time, .. } = timed;
        self.totals.decisions += 1;
        self.totals.fallbacks += i64::from(!in_time);
        if ask.consent && decision.information_age_ms >= 0 {
            self.totals.information_age_ms += decision.information_age_ms;
            self.totals.information_age_count += 1;
        }
        if decision.treatment.is_some() && *in_time {
            self.totals.signal_ms += delay_ms;
            self.totals.signals_answered += 1;
        }
        let refused = decision.winner.is_some() && (decision.winner != decision.treatment || !in_time);
        if decision.treatment.is_none() && !refused {
            let day = (ask.at.day().0 - self.horizon.start.0) as usize;
            self.quiet[day][deepest(decision) as usize] += 1;
        } else if follows || self.keeps(shopper) {
            self.decisions.push(decision_fact(ask, decision, *delay_ms, *in_time, shopper));
        }
    }

    /// Counts a visit that ended.
    pub(super) fn count_visit(&mut self, visit: &Ended, follows: bool) {
        let Some(fact) = self.day_fact(visit.started) else { return };
        fact.sessions += 1;
        fact.waits += i64::from(matches!(visit.end, VisitEnd::Waited | VisitEnd::Fished));
        if follows || self.keeps(visit.shopper) {
            self.visits.push(VisitFact {
                shopper: visit.shopper.number(),
                at: visit.started,
                seconds: ((visit.ended - visit.started) / 1000) as u32,
                key: visit.key.0,
                pages: visit.pages,
                shown: visit.shown,
                end: visit.end,
            });
        }
        if self.in_horizon(visit.started) {
            self.count_in_horizon(visit);
        }
    }

    fn count_in_horizon(&mut self, visit: &Ended) {
        let ordered = visit.end == VisitEnd::Ordered;
        let totals = &mut self.totals;
        totals.sessions += 1;
        totals.pages += i64::from(visit.pages);
        totals.sessions_bounced += i64::from(visit.pages <= 1);
        totals.sessions_with_add += i64::from(visit.added);
        totals.sessions_abandoned += i64::from(visit.added && !ordered);
        totals.sessions_with_friction += i64::from(visit.friction);
        totals.sessions_answered += i64::from(visit.answered);
        if let Some(at) = visit.ordered_at {
            totals.orders_timed += 1;
            totals.ms_to_order += at - visit.started;
        }
        self.visited[visit.shopper.index()] = true;
    }

    /// Decisions that showed nothing and refused nobody, as facts.
    #[must_use]
    pub fn quiet_facts(&self) -> Vec<QuietFact> {
        let mut facts = Vec::new();
        for (day, counts) in self.quiet.iter().enumerate() {
            for (number, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                let (reason, day) = (Reason::ALL[number], self.horizon.start.0 + day as u32);
                facts.push(QuietFact { day, stage: reason.stage(), reason, count });
            }
        }
        facts
    }
}

/// A decision as a fact. One that showed nothing and refused nobody has the reason that it is counted under.
#[must_use]
pub fn fact_of(answered: &Answered, shopper: ShopperId) -> DecisionFact {
    let Answered { ask, decision, delay_ms, in_time, .. } = answered;
    let mut fact = decision_fact(ask, decision, *delay_ms, *in_time, shopper);
    if decision.treatment.is_none() && decision.winner.is_none() {
        fact.reason = deepest(decision);
    }
    fact
}

/// A decision as a fact.
fn decision_fact(
    ask: &Ask,
    decision: &Decision,
    delay_ms: i64,
    in_time: bool,
    shopper: ShopperId,
) -> DecisionFact {
    let subject = decision.winner.or(decision.treatment);
    let reason = match subject {
        _ if !in_time => Reason::Late,
        Some(id) => decision.reasons[id.index()],
        None => Reason::NotInPolicy,
    };
    DecisionFact {
        at: ask.at,
        shopper: shopper.number(),
        number: ask.number.number(),
        point: ask.point,
        shown: decision.treatment.filter(|_| in_time),
        winner: decision.winner,
        reason,
        propensity_ppm: (f64::from(decision.propensity) * 1_000_000.0 + 0.5) as u32,
        latency_ms: delay_ms as u32,
    }
}

/// The reason of the treatment that came furthest through the stages; one that the policy names before one it does not.
fn deepest(decision: &Decision) -> Reason {
    let rank = |reason: Reason| (reason.stage(), reason != Reason::NotInPolicy);
    let mut deepest = decision.reasons[0];
    for &reason in &decision.reasons[1..] {
        if rank(reason) > rank(deepest) {
            deepest = reason;
        }
    }
    deepest
}
