//! The shopkeeper of one arm: hears the world, asks the policy, keeps the books that the facts are made of.

use crate::history::{Line, Pilot};
use crate::pipe::Pipe;
use crate::plan::Keep;
use counterfoil_core::digest::Digest;
use counterfoil_core::event::{Event, EventKind};
use counterfoil_core::facts::{DailyFact, DecisionFact, QuietFact, Totals, VisitEnd, VisitFact};
use counterfoil_core::luck::{Luck, Purpose};
use counterfoil_core::policy::{Ask, Decision, LoggedDecision, Policy, Push, Reason};
use counterfoil_core::quantile::lognormal;
use counterfoil_core::time::{Day, Time};
use counterfoil_core::treatment::TreatmentId;
use counterfoil_scenario::model::{Scenario, Spread};
use counterfoil_world::{Answer, Ended, Host};

pub use crate::record::{Answered, Clock, Judge, Note, Speed};

/// One in how many decisions is timed.
const TIMED_EVERY: u64 = 64;
/// Number of [`Reason`]s.
const REASONS: usize = Reason::ALL.len();

/// The shopkeeper.
pub struct Keeper {
    policy: Box<dyn Policy>,
    pipe: Pipe,
    luck: Luck,
    latency: Spread,
    deadline_ms: i64,
    pilot: Option<Pilot>,
    log: Option<Vec<Line>>,
    judge: Judge,
    clock: Option<Clock>,
    keep: Keep,
    horizon: (Day, Day),
    decides: bool,
    sale_today: bool,
    /// Digest of everything that happened.
    pub digest: Digest,
    /// Counts of the horizon (those that the keeper can see).
    pub totals: Totals,
    /// One entry per day of horizon and probe; orders are booked when the arm is finished.
    pub daily: Vec<DailyFact>,
    placed: Vec<DailyFact>,
    /// Visits, if kept.
    pub visits: Vec<VisitFact>,
    /// Decisions, if kept.
    pub decisions: Vec<DecisionFact>,
    quiet: Vec<[i64; REASONS]>,
    /// Who had a session in the horizon.
    pub visited: Vec<bool>,
    /// Who was shown anything in the horizon.
    pub treated: Vec<bool>,
    /// Shopper who is followed, and the notes about her.
    pub followed: Option<(u32, Vec<Note>)>,
    /// Whether every event and decision is noted (live mode); drained by the caller.
    pub feed: Option<Vec<(u32, Note)>>,
    /// Whether noted decisions carry their traces. Changes no answer.
    pub traced: bool,
    /// Figures about speed.
    pub speed: Speed,
}

/// What a keeper is set up with.
pub struct Setup<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The world's luck.
    pub luck: Luck,
    /// The decision maker.
    pub policy: Box<dyn Policy>,
    /// Whether it ever decides anything personal; without that there is nothing to count.
    pub decides: bool,
    /// Its deadline, milliseconds.
    pub deadline_ms: u32,
    /// What is kept.
    pub keep: Keep,
    /// Clock for the sample of measured latencies; `None` measures nothing.
    pub clock: Option<Clock>,
}

impl Keeper {
    /// A keeper with empty books.
    #[must_use]
    pub fn new(setup: Setup<'_>) -> Self {
        let phases = setup.scenario.phases;
        let start = phases.warmup_days + phases.history_days;
        let end = start + phases.horizon_days;
        let shoppers = setup.scenario.shoppers.count as usize;
        Self {
            pipe: Pipe::new(&setup.scenario.pipe, setup.luck),
            policy: setup.policy,
            luck: setup.luck,
            latency: setup.scenario.pipe.latency_ms,
            deadline_ms: i64::from(setup.deadline_ms),
            pilot: None,
            log: None,
            judge: Judge::Simulated,
            clock: setup.clock,
            keep: setup.keep,
            horizon: (Day(start), Day(end)),
            decides: setup.decides,
            sale_today: false,
            digest: Digest::default(),
            totals: Totals::default(),
            daily: vec![DailyFact::default(); (phases.horizon_days + phases.probe_days) as usize],
            placed: vec![DailyFact::default(); (phases.horizon_days + phases.probe_days) as usize],
            visits: Vec::new(),
            decisions: Vec::new(),
            quiet: vec![[0; REASONS]; phases.horizon_days as usize],
            visited: vec![false; shoppers],
            treated: vec![false; shoppers],
            followed: None,
            feed: None,
            traced: true,
            speed: Speed::default(),
        }
    }

    /// Makes this keeper write the history down and run the pilot.
    pub fn record_history(&mut self, pilot: Pilot) {
        self.pilot = Some(pilot);
        self.log = Some(Vec::new());
    }

    /// Takes the recorded history out.
    pub fn take_history(&mut self) -> Vec<Line> {
        let mut log = self.log.take().unwrap_or_default();
        log.shrink_to_fit();
        log
    }

    /// Judges answers by the wall clock from now on.
    pub fn judge_by(&mut self, judge: Judge) {
        self.judge = judge;
    }

    /// From now on there is another policy (the probe: none).
    pub fn replace_policy(&mut self, policy: Box<dyn Policy>) {
        self.policy = policy;
        self.decides = false;
        self.sale_today = false;
    }

    /// The decision maker.
    pub fn policy_mut(&mut self) -> &mut dyn Policy {
        self.policy.as_mut()
    }

    /// Passes one event of the past through the pipe.
    pub fn hear(&mut self, event: &Event, shopper: u32) {
        self.pipe.arrive(event.at, self.policy.as_mut());
        self.pipe.send(event, shopper, self.policy.as_mut());
    }

    /// Passes one decision of the pilot, after everything that had arrived by then.
    pub fn hear_pilot(&mut self, logged: &LoggedDecision) {
        self.pipe.arrive(logged.ask.at, self.policy.as_mut());
        self.policy.observe_pilot(logged);
    }

    /// The night before `day`.
    pub fn night(&mut self, day: Day) {
        self.pipe.arrive(day.start(), self.policy.as_mut());
        self.policy.night(day);
        if let Some(log) = &mut self.log {
            log.push(Line::Night(day));
        }
    }

    /// The sale and the messages of `day`.
    pub fn plan_day(&mut self, day: Day) -> (Option<TreatmentId>, Vec<Push>) {
        let mut pushes = Vec::new();
        self.policy.pushes(day, &mut pushes);
        let sale = self.policy.sale(day);
        self.sale_today = sale.is_some();
        (sale, pushes)
    }

    /// Folds the policy's state into the digest.
    pub fn fold_policy(&mut self) {
        let mut digest = self.digest;
        self.policy.fold_into(&mut digest);
        self.digest = digest;
    }

    /// Decisions that showed nothing and refused nobody, as facts.
    #[must_use]
    pub fn quiet_facts(&self) -> Vec<QuietFact> {
        let mut facts = Vec::new();
        for (day, counts) in self.quiet.iter().enumerate() {
            for (number, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                let reason = Reason::ALL[number];
                facts.push(QuietFact {
                    day: self.horizon.0.0 + day as u32,
                    stage: reason.stage(),
                    reason,
                    count,
                });
            }
        }
        facts
    }

    /// Whether this shopper's visits and decisions are kept: one who is followed always is.
    fn keeps(&self, shopper: u32) -> bool {
        let followed = self.followed.as_ref().is_some_and(|(who, _)| *who == shopper);
        followed || self.keep.keeps(self.luck, self.visited.len() as u32, shopper)
    }

    fn in_horizon(&self, at: Time) -> bool {
        let day = at.day();
        self.horizon.0 <= day && day < self.horizon.1
    }

    /// Notes an order for the curves that are shown while a run is under way; returns are not known yet.
    fn place_on_its_day(&mut self, at: Time, goods_net: i64, rewards: i64, contribution: i64) {
        let day = at.day().0.checked_sub(self.horizon.0.0);
        if let Some(fact) = day.and_then(|day| self.placed.get_mut(day as usize)) {
            fact.orders += 1;
            fact.goods_net += goods_net;
            fact.rewards += rewards;
            fact.contribution += contribution;
        }
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

    fn day_fact(&mut self, at: Time) -> Option<&mut DailyFact> {
        let day = at.day().0.checked_sub(self.horizon.0.0)?;
        self.daily.get_mut(day as usize)
    }

    /// Delay of an answer: keyed by the place of the question, so it is the same for every policy.
    fn delay_ms(&self, ask: &Ask, shopper: u32, key: u32) -> i64 {
        let u = self.luck.uniform(Purpose::Latency, [shopper, key, ask.luck.page()]);
        lognormal(u, self.latency.median, self.latency.log_sd).min(f64::from(u32::MAX)) as i64
    }

    /// Asks the policy, with a stopwatch on a sample of questions.
    fn decide(&mut self, ask: &Ask) -> (Decision, bool, Option<u64>) {
        self.speed.decisions += 1;
        let timed = match self.judge {
            Judge::WallClock(clock) => Some(clock),
            Judge::Simulated => self.clock.filter(|_| self.speed.decisions.is_multiple_of(TIMED_EVERY)),
        };
        let Some(clock) = timed else { return (self.policy.decide(ask), true, None) };
        let before = clock();
        let decision = self.policy.decide(ask);
        let took_ns = clock().saturating_sub(before);
        self.speed.latency_ns.saturating_record(took_ns.max(1));
        let late = matches!(self.judge, Judge::WallClock(_)) && took_ns > self.deadline_ms as u64 * 1_000_000;
        self.speed.missed += u64::from(late);
        (decision, !late, Some(took_ns))
    }

    /// The pilot decides in the policy's place; what came too late was not shown, and the log says so.
    fn randomised(&mut self, logged: LoggedDecision, in_time: bool) -> Decision {
        let mut decision = Decision::nothing(Reason::NotInPolicy);
        decision.treatment = logged.treatment;
        decision.winner = logged.treatment;
        decision.propensity = logged.propensity;
        if let Some(log) = self.log.as_mut().filter(|_| in_time) {
            log.push(Line::Pilot(Box::new(logged)));
        }
        decision
    }

    fn count(&mut self, ask: &Ask, decision: &Decision, delay_ms: i64, in_time: bool, shopper: u32) {
        if !self.in_horizon(ask.at) || !self.decides {
            return;
        }
        self.totals.decisions += 1;
        self.totals.fallbacks += i64::from(!in_time);
        if ask.consent && decision.information_age_ms >= 0 {
            self.totals.information_age_ms += decision.information_age_ms;
            self.totals.information_age_count += 1;
        }
        if decision.treatment.is_some() && in_time {
            self.totals.signal_ms += delay_ms;
            self.totals.signals_answered += 1;
        }
        let refused = decision.winner.is_some() && (decision.winner != decision.treatment || !in_time);
        if decision.treatment.is_none() && !refused {
            let day = (ask.at.day().0 - self.horizon.0.0) as usize;
            self.quiet[day][deepest(decision) as usize] += 1;
        } else if self.keeps(shopper) {
            self.decisions.push(decision_fact(ask, decision, delay_ms, in_time, shopper));
        }
    }
}

/// A decision as a fact. One that showed nothing and refused nobody has the reason that it is counted under.
#[must_use]
pub fn fact_of(answered: &Answered, shopper: u32) -> DecisionFact {
    let Answered { ask, decision, delay_ms, in_time, .. } = answered;
    let mut fact = decision_fact(ask, decision, *delay_ms, *in_time, shopper);
    if decision.treatment.is_none() && decision.winner.is_none() {
        fact.reason = deepest(decision);
    }
    fact
}

fn decision_fact(ask: &Ask, decision: &Decision, delay_ms: i64, in_time: bool, shopper: u32) -> DecisionFact {
    let subject = decision.winner.or(decision.treatment);
    let reason = match subject {
        _ if !in_time => Reason::Late,
        Some(id) => decision.reasons[id.index()],
        None => Reason::NotInPolicy,
    };
    DecisionFact {
        at: ask.at,
        shopper,
        number: ask.number,
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

impl Host for Keeper {
    fn event(&mut self, event: &Event, shopper: u32, _key: u32) {
        self.speed.events += 1;
        event.fold_into(&mut self.digest);
        if let Some(log) = &mut self.log {
            log.push(Line::Event(*event, shopper));
        }
        self.pipe.arrive(event.at, self.policy.as_mut());
        self.pipe.send(event, shopper, self.policy.as_mut());
        if let EventKind::TreatmentShown { .. } = event.kind {
            if self.in_horizon(event.at) {
                self.totals.treatments_shown += 1;
                self.treated[shopper as usize] = true;
            }
            if let Some(fact) = self.day_fact(event.at) {
                fact.treatments_shown += 1;
            }
        }
        if let EventKind::OrderPlaced { goods, reward, contribution, .. } = event.kind {
            self.place_on_its_day(event.at, (goods - reward).0, reward.0, contribution.0);
        }
        let reached = match event.kind {
            EventKind::MessageSent { .. } => true,
            EventKind::SessionStarted { .. } => self.sale_today,
            _ => false,
        };
        if reached && self.in_horizon(event.at) {
            self.treated[shopper as usize] = true;
        }
        if let Some((who, notes)) = &mut self.followed
            && *who == shopper
        {
            notes.push(Note::Event(*event));
        }
        if let Some(feed) = &mut self.feed {
            feed.push((shopper, Note::Event(*event)));
        }
    }

    fn ask(&mut self, ask: &Ask, shopper: u32, key: u32) -> Answer {
        let mut ask = *ask;
        let followed = self.followed.as_ref().is_some_and(|(who, _)| *who == shopper);
        ask.trace = followed || (self.feed.is_some() && self.traced);
        self.pipe.arrive(ask.at, self.policy.as_mut());
        let delay_ms = self.delay_ms(&ask, shopper, key);
        let (mut decision, in_clock_time, took_ns) = self.decide(&ask);
        let in_time = delay_ms <= self.deadline_ms && in_clock_time;
        let pilot = self.pilot.as_ref().and_then(|pilot| pilot.decides(&ask, shopper, key));
        if decision.treatment.is_some() {
            self.policy.delivered(ask.number, in_time && pilot.is_none());
        }
        if let Some(logged) = pilot {
            decision = self.randomised(logged, in_time);
        }
        self.digest.fold(u64::from(decision.winner.map_or(255, |id| id.0)) << 40 | delay_ms as u64);
        self.digest.fold_signed(decision.information_age_ms);
        self.digest.fold(
            u64::from(decision.treatment.map_or(255, |id| id.0)) << 32
                | u64::from(decision.propensity.to_bits()),
        );
        self.count(&ask, &decision, delay_ms, in_time, shopper);
        let shown = decision.treatment.filter(|_| in_time);
        let answer = Answer { treatment: shown, scope: decision.scope.clone(), delay_ms };
        if followed || self.feed.is_some() {
            let note = Note::Decision(Box::new(Answered { ask, decision, delay_ms, in_time, took_ns }));
            if let Some((_, notes)) = self.followed.as_mut().filter(|_| followed) {
                notes.push(note.clone());
            }
            if let Some(feed) = &mut self.feed {
                feed.push((shopper, note));
            }
        }
        answer
    }

    fn dropped(&mut self, number: u32) {
        self.policy.delivered(number, false);
    }

    fn ended(&mut self, visit: &Ended) {
        self.speed.sessions += 1;
        let waits = i64::from(matches!(visit.end, VisitEnd::Waited | VisitEnd::Fished));
        if let Some(fact) = self.day_fact(visit.started) {
            fact.sessions += 1;
            fact.waits += waits;
        } else {
            return;
        }
        if self.keeps(visit.shopper) {
            self.visits.push(VisitFact {
                shopper: visit.shopper,
                at: visit.started,
                seconds: ((visit.ended - visit.started) / 1000) as u32,
                key: visit.key,
                pages: visit.pages,
                shown: visit.shown,
                end: visit.end,
            });
        }
        if self.in_horizon(visit.started) {
            self.count_visit(visit);
        }
    }
}

impl Keeper {
    fn count_visit(&mut self, visit: &Ended) {
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
        self.visited[visit.shopper as usize] = true;
    }
}
