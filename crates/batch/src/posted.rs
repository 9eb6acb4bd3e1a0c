//! Policies without personal treatments: no promotions at all, or only the posted sale.

use crate::explain::{self, Explanation};
use counterfoil_core::policy::{Ask, Decision, Policy, Push, Reason, Stage};
use counterfoil_core::{Day, Digest, Event, TreatmentId};
use counterfoil_till::Guard;

/// Shows nobody anything personal; the sale, if there is one, follows its calendar.
pub(crate) struct Posted {
    guard: Guard,
}

impl Posted {
    /// With the sale of `guard`, if any.
    pub(crate) fn new(guard: Guard) -> Self {
        Self { guard }
    }
}

impl Policy for Posted {
    fn observe(&mut self, event: &Event) {
        if self.guard.announces() {
            self.guard.observe(event);
        }
    }

    fn decide(&mut self, ask: &Ask) -> Decision {
        let mut decision = Decision::nothing(Reason::NotInPolicy);
        if ask.trace {
            let sale = match self.guard.sale(ask.at.day()) {
                Some(sale) => format!("sale `{}` for everybody", self.guard.shop.treatment(sale).name),
                None => "no sale today".to_owned(),
            };
            let explanation = Explanation {
                stages: vec![(Stage::Candidates, format!("no personal treatments; {sale}"))],
                features: Vec::new(),
                sentence: "Everybody sees the same prices and the same pages.".to_owned(),
            };
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

    fn fold_into(&self, digest: &mut Digest) {
        self.guard.fold_into(digest);
    }
}
