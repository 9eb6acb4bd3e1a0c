//! The engine as a whole: state of all stages and the order in which they are called.
//!
//! `observe.rs` is the way of an event, `decide.rs` that of a question, `night.rs` what happens between days.

mod decide;
mod night;
mod observe;

use crate::economics::Typical;
use crate::ids::RowNumber;
use crate::rule::RuleProblem;
use crate::session::Pool;
use crate::stages::arbitrate::Leads;
use crate::stages::candidates::Rules;
use crate::stages::identity::Identity;
use crate::stages::intake::Intake;
use crate::stages::learn::Learn;
use crate::stages::value::{STRATA, stratum_middles};
use counterfoil_core::digest::Digest;
use counterfoil_core::event::Event;
use counterfoil_core::policy::{Ask, Books, Decision, LoggedDecision, Policy, Push};
use counterfoil_core::shop::Shop;
use counterfoil_core::time::Day;
use counterfoil_core::treatment::TreatmentId;
use counterfoil_core::{DecisionNumber, HoldoutLuck};
use counterfoil_scenario::PolicySpec;
use counterfoil_scenario::policy::{PolicyKind, RealtimeSpec};
use counterfoil_till::Guard;
use counterfoil_till::terms::typical_goods;
use std::collections::VecDeque;
use std::sync::Arc;

/// A treatment that was decided and not yet reported as seen.
#[derive(Clone, Copy, Debug)]
struct Pending {
    decision: DecisionNumber,
    treatment: TreatmentId,
    /// The row of the learner that it opened, if it opened one.
    row: Option<RowNumber>,
    day: Day,
}

/// The real-time decision engine for one arm of one world.
#[derive(Clone, Debug)]
pub struct Engine {
    shop: Arc<Shop>,
    spec: RealtimeSpec,
    guard: Guard,
    dependency: f64,
    rules: Rules,
    middles: [f64; STRATA],
    leads: Leads,
    intake: Intake,
    identity: Identity,
    pool: Pool,
    learn: Learn,
    typical: Typical,
    pending: VecDeque<Pending>,
}

impl Engine {
    /// Builds the engine of a policy: compiles its rules, sets up model, ledger and profiles.
    ///
    /// # Errors
    /// [`RuleProblem`] with place and hint for the first rule outside the subset, and for a policy of another kind.
    pub fn new(spec: &PolicySpec, shop: Arc<Shop>, luck: HoldoutLuck) -> Result<Self, RuleProblem> {
        let PolicyKind::Realtime(realtime) = &spec.kind else {
            return Err(RuleProblem {
                treatment: String::new(),
                line: 1,
                column: 1,
                message: format!("policy `{}` does not configure the real-time engine", spec.name),
                hint: "set `kind = \"realtime\"`".to_owned(),
            });
        };
        let rules = Rules::new(&realtime.treatments, &shop)?;
        let families: Vec<_> = rules.treatments().map(|id| (id, shop.treatment(id).kind.family())).collect();
        Ok(Self {
            guard: Guard::new(spec, shop.clone(), luck),
            dependency: spec.price_of_dependency.times(1, typical_goods(&shop)).as_f64(),
            middles: stratum_middles(),
            leads: leads(&families),
            intake: Intake::default(),
            identity: Identity::default(),
            pool: Pool::default(),
            learn: Learn::new(realtime.model, &families),
            typical: Typical::of(&shop),
            pending: VecDeque::new(),
            spec: realtime.clone(),
            rules,
            shop,
        })
    }

    /// What was learned.
    #[must_use]
    pub fn learned(&self) -> &Learn {
        &self.learn
    }
    /// Who is known.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }
    /// What came in and what was not used.
    #[must_use]
    pub fn intake(&self) -> &Intake {
        &self.intake
    }
}

/// Offers use the draw of the first offer of the policy, other treatments their own.
fn leads(families: &[(TreatmentId, usize)]) -> Leads {
    const NUDGES: usize = 2;
    let first = families.iter().find(|(_, family)| *family != NUDGES).map(|(id, _)| id.0);
    let mut leads = std::array::from_fn(|id| id as u8);
    for (id, family) in families {
        if *family != NUDGES {
            leads[id.index()] = first.unwrap_or(id.0);
        }
    }
    leads
}

impl Policy for Engine {
    fn observe(&mut self, event: &Event) {
        self.take_in(event);
    }
    fn decide(&mut self, ask: &Ask) -> Decision {
        self.answer(ask)
    }
    fn observe_pilot(&mut self, logged: &LoggedDecision) {
        self.take_in_pilot(logged);
    }
    fn night(&mut self, day: Day) {
        self.pass_night(day);
    }
    fn history_ends(&mut self, offers_end: bool) {
        self.guard.history_ends(offers_end);
    }
    fn sale(&self, day: Day) -> Option<TreatmentId> {
        self.guard.sale(day)
    }
    fn pushes(&mut self, day: Day, out: &mut Vec<Push>) {
        self.guard.announce(day, out);
    }
    fn delivered(&mut self, number: DecisionNumber, in_time: bool) {
        if !in_time {
            self.take_back(number);
        }
    }
    fn books(&self) -> Option<Books> {
        Some(self.guard.books())
    }
    fn fold_into(&self, digest: &mut Digest) {
        self.identity.fold_into(digest);
        self.guard.fold_into(digest);
        self.learn.fold_into(digest);
        self.intake.dropped.fold_into(digest);
    }
}
