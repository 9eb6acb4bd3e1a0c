//! The storefront of one arm: tells the policy what happens, asks it what to show, and writes down what a shop can see.
//!
//! Each of its jobs is a part of its own: the policy behind its pipe ([`informed`]), who is in time ([`deadline`]), the facts
//! that can be counted ([`books`]), history and pilot ([`crate::history`]), notes about people ([`crate::record`]).

pub(crate) mod books;
mod deadline;
mod informed;

pub use books::{Books, fact_of};

use crate::history::{Line, Pilot, Recording};
use crate::pipe::Pipe;
use crate::plan::Keep;
use crate::record::{Answered, Clock, Judge, Note, Notes, Speed};
use crate::storefront::deadline::{Deadline, Timed};
use crate::storefront::informed::Informed;
use counterfoil_core::digest::Digest;
use counterfoil_core::event::Event;
use counterfoil_core::ids::{DecisionNumber, ShopperId, VisitKey};
use counterfoil_core::luck::Luck;
use counterfoil_core::policy::{Ask, Decision, Policy, Push};
use counterfoil_core::time::Day;
use counterfoil_core::treatment::TreatmentId;
use counterfoil_scenario::model::Scenario;
use counterfoil_world::{Answer, Ended, Host};

/// The storefront of one arm.
pub struct Storefront {
    policy: Informed,
    deadline: Deadline,
    recording: Option<Recording>,
    /// Digest of everything that happened.
    pub digest: Digest,
    /// Facts that the shop can count.
    pub books: Books,
    /// Notes about people who are followed.
    pub notes: Notes,
    /// Figures about speed.
    pub speed: Speed,
}

/// What a storefront is opened with.
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

impl Storefront {
    /// A storefront with empty books.
    #[must_use]
    pub fn new(setup: Setup<'_>) -> Self {
        let Setup { scenario, luck, policy, decides, deadline_ms, keep, clock } = setup;
        Self {
            policy: Informed::new(policy, Pipe::new(&scenario.pipe, luck)),
            deadline: Deadline::new(luck, scenario.pipe.latency_ms, deadline_ms, clock),
            recording: None,
            digest: Digest::default(),
            books: Books::new(scenario, luck, keep, decides),
            notes: Notes::default(),
            speed: Speed::default(),
        }
    }

    /// Writes the history down from now on, and runs the pilot.
    pub fn record_history(&mut self, pilot: Pilot) {
        self.recording = Some(Recording::new(pilot));
    }

    /// Takes the recorded history out.
    pub fn take_history(&mut self) -> Vec<Line> {
        let mut lines = self.recording.take().map(|recording| recording.lines).unwrap_or_default();
        lines.shrink_to_fit();
        lines
    }

    /// Judges answers by the wall clock from now on.
    pub fn judge_by(&mut self, judge: Judge) {
        self.deadline.judge = judge;
    }

    /// From now on there is another policy, which decides nothing (the probe).
    pub fn replace_policy(&mut self, policy: Box<dyn Policy>) {
        self.policy.replace(policy);
        self.books.decides = false;
        self.books.sale_today = false;
    }

    /// The decision maker.
    pub fn policy_mut(&mut self) -> &mut dyn Policy {
        self.policy.policy_mut()
    }

    /// The policy learns one line of a history that it had no part in.
    pub fn learn_history(&mut self, line: &Line) {
        self.policy.learn(line);
    }

    /// The night before `day`.
    pub fn night(&mut self, day: Day) {
        self.policy.night(day);
        if let Some(recording) = &mut self.recording {
            recording.lines.push(Line::Night(day));
        }
    }

    /// The sale and the messages of `day`.
    pub fn plan_day(&mut self, day: Day) -> (Option<TreatmentId>, Vec<Push>) {
        let (sale, pushes) = self.policy.plan_day(day);
        self.books.sale_today = sale.is_some();
        (sale, pushes)
    }

    /// Folds the policy's state into the digest.
    pub fn fold_policy(&mut self) {
        self.policy.fold_into(&mut self.digest);
    }

    /// Folds an answer into the digest.
    fn fold_answer(&mut self, timed: &Timed) {
        let Decision { treatment, winner, propensity, information_age_ms, .. } = &timed.decision;
        let code = |id: &Option<TreatmentId>| u64::from(id.map_or(255, |id| id.0));
        self.digest.fold(code(winner) << 40 | timed.delay_ms as u64);
        self.digest.fold_signed(*information_age_ms);
        self.digest.fold(code(treatment) << 32 | u64::from(propensity.to_bits()));
    }
}

impl Host for Storefront {
    fn event(&mut self, event: &Event, shopper: ShopperId) {
        self.speed.events += 1;
        event.fold_into(&mut self.digest);
        if let Some(recording) = &mut self.recording {
            recording.lines.push(Line::Event(*event, shopper));
        }
        self.policy.event(event, shopper);
        self.books.count_event(event, shopper);
        self.notes.take(shopper, || Note::Event(*event));
    }

    fn ask(&mut self, ask: &Ask, shopper: ShopperId, visit: VisitKey) -> Answer {
        let ask = Ask { trace: self.notes.wants_trace(shopper), ..*ask };
        self.policy.catch_up(&ask);
        let policy = &mut self.policy;
        let mut timed = self.deadline.answer(&ask, (shopper, visit), &mut self.speed, || policy.decide(&ask));
        let pilot =
            self.recording.as_ref().and_then(|recording| recording.pilot.decides(&ask, shopper, visit));
        if timed.decision.treatment.is_some() {
            self.policy.delivered(ask.number, timed.in_time && pilot.is_none());
        }
        if let Some((recording, logged)) = self.recording.as_mut().zip(pilot) {
            timed.decision = recording.decide(logged, timed.in_time);
        }
        self.fold_answer(&timed);
        self.books.count_answer(&ask, &timed, shopper, self.notes.follows(shopper));
        let Timed { decision, delay_ms, in_time, took_ns } = timed;
        let treatment = decision.treatment.filter(|_| in_time);
        let answer = Answer { treatment, scope: decision.scope.clone(), delay_ms };
        self.notes.take(shopper, || {
            Note::Decision(Box::new(Answered { ask, decision, delay_ms, in_time, took_ns }))
        });
        answer
    }

    fn dropped(&mut self, question: DecisionNumber) {
        self.policy.delivered(question, false);
    }

    fn ended(&mut self, visit: &Ended) {
        self.speed.sessions += 1;
        self.books.count_visit(visit, self.notes.follows(visit.shopper));
    }
}
