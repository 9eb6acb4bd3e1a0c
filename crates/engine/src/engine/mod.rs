//! The engine as a whole: state of all stages and the order in which they are called.
//!
//! `observe.rs` is the way of an event, `decide.rs` that of a question, `night.rs` what happens between days.

mod decide;
mod night;
mod observe;

use crate::economics::Typical;
use crate::rule::RuleProblem;
use crate::session::Pool;
use crate::stages::arbitrate::Leads;
use crate::stages::candidates::Rules;
use crate::stages::guardrails::memory_days;
use crate::stages::identity::Identity;
use crate::stages::intake::Intake;
use crate::stages::learn::Learn;
use crate::stages::ledger::Ledger;
use crate::stages::value::{STRATA, stratum_middles};
use counterfoil_core::digest::Digest;
use counterfoil_core::event::Event;
use counterfoil_core::money::{Money, Share};
use counterfoil_core::policy::{Ask, Decision, LoggedDecision, Policy, Push};
use counterfoil_core::shop::Shop;
use counterfoil_core::time::{DAY_MS, Day, HOUR_MS, Time};
use counterfoil_core::treatment::{TreatmentId, TreatmentKind};
use counterfoil_scenario::PolicySpec;
use counterfoil_scenario::policy::{Guardrails, PolicyKind, RealtimeSpec, SaleCalendar};
use std::collections::VecDeque;
use std::sync::Arc;

/// Units of the dearest product on which a percentage is reserved as long as no cart held more (assumption).
const UNITS_AT_LEAST: u32 = 2;

/// Hour at which a sale is announced.
const ANNOUNCED_AT_HOUR: i64 = 8;

/// A treatment that was decided and not yet reported as seen.
#[derive(Clone, Copy, Debug)]
struct Pending {
    decision: u32,
    session: u32,
    treatment: TreatmentId,
    profile: u32,
    row: u32,
    entry: u32,
    day: Day,
}

/// The real-time decision engine for one arm of one world.
#[derive(Clone, Debug)]
pub struct Engine {
    shop: Arc<Shop>,
    spec: RealtimeSpec,
    guardrails: Guardrails,
    holdout: f64,
    dependency: f64,
    calendar: Option<SaleCalendar>,
    rules: Rules,
    middles: [f64; STRATA],
    leads: Leads,
    memory_ms: i64,
    intake: Intake,
    identity: Identity,
    pool: Pool,
    ledger: Ledger,
    learn: Learn,
    typical: Typical,
    pending: VecDeque<Pending>,
    /// Latest day on which a price below list was seen, and how far below.
    sale_seen: Option<(Day, Share)>,
    largest_units: u32,
    largest_goods: Money,
    /// Time of the newest event that came in.
    newest: Time,
}

impl Engine {
    /// Builds the engine of a policy: compiles its rules, sets up model, ledger and profiles.
    ///
    /// # Errors
    /// [`RuleProblem`] with place and hint for the first rule outside the subset, and for a policy of another kind.
    pub fn new(spec: &PolicySpec, shop: Arc<Shop>) -> Result<Self, RuleProblem> {
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
        let budget = spec.guardrails.budget.map(|budget| budget.for_world(shop.shoppers));
        Ok(Self {
            holdout: spec.holdout.fraction(),
            dependency: spec.price_of_dependency.as_f64(),
            calendar: spec.sale.clone(),
            middles: stratum_middles(),
            leads: leads(&families),
            memory_ms: i64::from(memory_days(&spec.guardrails)) * DAY_MS,
            intake: Intake::default(),
            identity: Identity::default(),
            pool: Pool::default(),
            ledger: Ledger::new(budget),
            learn: Learn::new(realtime.model, &families),
            typical: Typical::of(&shop),
            pending: VecDeque::new(),
            sale_seen: None,
            largest_units: UNITS_AT_LEAST,
            largest_goods: Money::ZERO,
            newest: Time(0),
            guardrails: spec.guardrails.clone(),
            spec: realtime.clone(),
            rules,
            shop,
        })
    }

    /// The ledger: what was promised and what became of it.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
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

    /// The sale that is posted on `day`: this policy's own, or the one seen in the prices of that day.
    fn posted(&self, day: Day) -> Share {
        let own = self.sale(day).map(|id| self.shop.treatment(id).kind);
        if let Some(TreatmentKind::Percent(depth)) = own {
            return depth;
        }
        self.sale_seen.filter(|&(seen, _)| seen == day).map_or(Share::ZERO, |(_, depth)| depth)
    }

    /// The largest reward that an offer can cost.
    fn largest_reward(&self, kind: TreatmentKind) -> Money {
        let goods = (self.typical.dearest * i64::from(self.largest_units)).max(self.largest_goods);
        let personal = match kind {
            TreatmentKind::FreeShipping => self.shop.shipping_fee,
            kind => kind.discount_on(goods),
        };
        if !self.guardrails.stacking {
            return personal;
        }
        let sale = self.calendar.as_ref().map(|sale| self.shop.treatment(sale.treatment).kind);
        personal + sale.map_or(Money::ZERO, |kind| kind.discount_on(goods))
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
    fn sale(&self, day: Day) -> Option<TreatmentId> {
        let sale = self.calendar.as_ref()?;
        let horizon = self.shop.horizon_start <= day && day < self.shop.horizon_end;
        let week = (day.0 / 7).is_multiple_of(sale.every_weeks.max(1));
        let weekday = sale.weekdays.contains(&self.shop.calendar.weekday(day));
        (horizon && week && weekday).then_some(sale.treatment)
    }
    fn pushes(&mut self, day: Day, out: &mut Vec<Push>) {
        let announced = self.calendar.as_ref().is_some_and(|sale| sale.announce);
        if !announced || self.sale(day).is_none() {
            return;
        }
        let cap = self.guardrails.message_cap;
        for profile in self.identity.profiles() {
            let first = |days: u32| (day.0 + 1).saturating_sub(days);
            let free = cap.is_none_or(|cap| {
                profile.messages.iter().filter(|&&(_, sent)| sent >= first(cap.days)).count()
                    < cap.count as usize
            });
            if profile.subscribed && profile.merged_into == u32::MAX && free {
                let at = day.start() + ANNOUNCED_AT_HOUR * HOUR_MS;
                out.push(Push {
                    customer: profile.customer,
                    treatment: None,
                    campaign: counterfoil_core::policy::announcement_campaign(day),
                    at,
                });
            }
        }
        out.retain(|push| push.customer != u32::MAX);
    }
    fn delivered(&mut self, number: u32, in_time: bool) {
        if !in_time {
            self.take_back(number);
        }
    }
    fn fold_into(&self, digest: &mut Digest) {
        self.identity.fold_into(digest);
        self.ledger.fold_into(digest);
        self.learn.fold_into(digest);
        self.intake.dropped.fold_into(digest);
    }
}
