//! A policy behind its information pipe: what it learns, and when.

use crate::history::Line;
use crate::pipe::Pipe;
use counterfoil_core::digest::Digest;
use counterfoil_core::event::Event;
use counterfoil_core::ids::{DecisionNumber, ShopperId};
use counterfoil_core::policy::{Ask, Decision, Policy, Push};
use counterfoil_core::time::Day;
use counterfoil_core::treatment::TreatmentId;

/// A policy and the pipe through which it learns of the storefront.
pub(super) struct Informed {
    policy: Box<dyn Policy>,
    pipe: Pipe,
}

impl Informed {
    pub(super) fn new(policy: Box<dyn Policy>, pipe: Pipe) -> Self {
        Self { policy, pipe }
    }

    pub(super) fn policy_mut(&mut self) -> &mut dyn Policy {
        self.policy.as_mut()
    }

    /// Another policy from now on; what is in the pipe reaches that one.
    pub(super) fn replace(&mut self, policy: Box<dyn Policy>) {
        self.policy = policy;
    }

    /// Something happened: it goes into the pipe, and what is due by then comes out first.
    pub(super) fn event(&mut self, event: &Event, shopper: ShopperId) {
        self.pipe.arrive(event.at, self.policy.as_mut());
        self.pipe.send(event, shopper, self.policy.as_mut());
    }

    /// One line of the history that it had no part in.
    pub(super) fn learn(&mut self, line: &Line) {
        match line {
            Line::Event(event, shopper) => self.event(event, *shopper),
            Line::Pilot(logged) => {
                self.pipe.arrive(logged.ask.at, self.policy.as_mut());
                self.policy.observe_pilot(logged);
            }
            Line::Night(day) => self.night(*day),
        }
    }

    /// The night before `day`.
    pub(super) fn night(&mut self, day: Day) {
        self.pipe.arrive(day.start(), self.policy.as_mut());
        self.policy.night(day);
    }

    /// Sale and messages of a day.
    pub(super) fn plan_day(&mut self, day: Day) -> (Option<TreatmentId>, Vec<Push>) {
        let mut pushes = Vec::new();
        self.policy.pushes(day, &mut pushes);
        (self.policy.sale(day), pushes)
    }

    /// Lets everything arrive that is due before a question.
    pub(super) fn catch_up(&mut self, ask: &Ask) {
        self.pipe.arrive(ask.at, self.policy.as_mut());
    }

    pub(super) fn decide(&mut self, ask: &Ask) -> Decision {
        self.policy.decide(ask)
    }

    pub(super) fn delivered(&mut self, number: DecisionNumber, in_time: bool) {
        self.policy.delivered(number, in_time);
    }

    pub(super) fn fold_into(&self, digest: &mut Digest) {
        self.policy.fold_into(digest);
    }
}
