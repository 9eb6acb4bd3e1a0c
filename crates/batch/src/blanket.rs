//! One treatment for everybody, at every session start, as far as the guardrails allow.
//!
//! It uses nothing that is known about the visitor, so it needs no consent; caps and budget need only the books of
//! offers that a shop keeps anyway. Its information is of the moment: age zero.

use crate::explain::{self, Explanation};
use counterfoil_core::policy::{Ask, Books, Decision, DecisionPoint, Policy, Push, Reason, Stage};
use counterfoil_core::{Day, DecisionNumber, Digest, Event, TreatmentId};
use counterfoil_till::Guard;

/// The blanket policy.
pub(crate) struct Blanket {
    treatment: TreatmentId,
    guard: Guard,
}

impl Blanket {
    /// Shows `treatment` within `guard`.
    pub(crate) fn new(treatment: TreatmentId, guard: Guard) -> Self {
        Self { treatment, guard }
    }

    fn answer(&mut self, ask: &Ask) -> Decision {
        let mut decision = Decision::nothing(Reason::NotInPolicy);
        let own = self.treatment.index();
        decision.reasons[own] = Reason::WrongMoment;
        if ask.point != DecisionPoint::SessionStart {
            return decision;
        }
        let Some(moment) = self.guard.moment(ask) else { return decision };
        crate::assign(&mut self.guard, self.treatment, &moment, &mut decision);
        decision
    }
}

impl Policy for Blanket {
    fn observe(&mut self, event: &Event) {
        self.guard.observe(event);
    }

    fn history_ends(&mut self, offers_end: bool) {
        self.guard.history_ends(offers_end);
    }

    fn decide(&mut self, ask: &Ask) -> Decision {
        let mut decision = self.answer(ask);
        if ask.trace {
            let name = &self.guard.shop.treatment(self.treatment).name;
            let reason = decision.reasons[self.treatment.index()];
            let stages = vec![
                (Stage::Candidates, format!("`{name}` for everybody at session start")),
                (reason.stage(), format!("`{name}`: {}", explain::note(reason))),
            ];
            let sentence = match decision.treatment {
                Some(_) => "Every visitor is offered this.",
                None => "Nothing is shown to you on this page.",
            };
            let explanation = Explanation { stages, features: Vec::new(), sentence: sentence.to_owned() };
            decision.trace = Some(explain::trace(&self.guard, ask, &decision, explanation));
        }
        decision
    }

    fn sale(&self, day: Day) -> Option<TreatmentId> {
        self.guard.sale(day)
    }

    fn pushes(&mut self, day: Day, out: &mut Vec<Push>) {
        self.guard.announce(day, out);
    }

    fn delivered(&mut self, number: DecisionNumber, in_time: bool) {
        if !in_time {
            self.guard.withdraw(number);
        }
    }

    fn books(&self) -> Option<Books> {
        Some(self.guard.books())
    }

    fn fold_into(&self, digest: &mut Digest) {
        self.guard.fold_into(digest);
    }
}
