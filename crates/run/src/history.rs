//! The history that every policy gets: all events under the incumbent, and the randomised pilot.

use counterfoil_core::draw::DrawKey;
use counterfoil_core::event::Event;
use counterfoil_core::ids::{ShopperId, VisitKey};
use counterfoil_core::luck::{Luck, uniform};
use counterfoil_core::policy::{Ask, Decision, LoggedDecision, Reason};
use counterfoil_core::time::Day;
use counterfoil_core::treatment::{TreatmentId, TreatmentKind};
use counterfoil_scenario::model::Scenario;

/// One line of the history.
#[derive(Clone, Debug)]
pub enum Line {
    /// A storefront event, and whose (for the pipe's luck only).
    Event(Event, ShopperId),
    /// A randomised decision of the pilot; apart, because it is rare and larger than an event.
    Pilot(Box<LoggedDecision>),
    /// Midnight before this day.
    Night(Day),
}

/// Randomises a share of decisions over all treatments and none.
#[derive(Clone, Debug)]
pub struct Pilot {
    luck: Luck,
    share: f64,
    from: Day,
    until: Day,
    actions: Vec<Option<TreatmentId>>,
}

impl Pilot {
    /// The pilot of a scenario; its last day is the last day of the history.
    #[must_use]
    pub fn new(scenario: &Scenario, luck: Luck) -> Self {
        let fork = scenario.phases.warmup_days + scenario.phases.history_days;
        let days = scenario.pilot.days.min(scenario.phases.history_days);
        let shown = |i: &usize| scenario.treatments[*i].kind != TreatmentKind::Reminder;
        let mut actions = vec![None];
        actions.extend((0..scenario.treatments.len()).filter(shown).map(|i| Some(TreatmentId(i as u8))));
        Self {
            luck,
            share: scenario.pilot.share.fraction(),
            from: Day(fork - days),
            until: Day(fork),
            actions,
        }
    }

    /// The pilot's action at a decision, if the pilot decides there.
    #[must_use]
    pub fn decides(&self, ask: &Ask, shopper: ShopperId, visit: VisitKey) -> Option<LoggedDecision> {
        let day = ask.at.day();
        if day < self.from || day >= self.until || !ask.consent {
            return None;
        }
        let words = self.luck.block(DrawKey::pilot(shopper, visit, ask.luck.question()));
        if uniform(words[0]) >= self.share {
            return None;
        }
        let place = (uniform(words[1]) * self.actions.len() as f64) as usize;
        let propensity = 1.0 / self.actions.len() as f32;
        Some(LoggedDecision { ask: *ask, treatment: self.actions[place], propensity })
    }
}

/// The history while it is written down, and the pilot that is part of it.
pub(crate) struct Recording {
    pub pilot: Pilot,
    pub lines: Vec<Line>,
}

impl Recording {
    pub(crate) fn new(pilot: Pilot) -> Self {
        Self { pilot, lines: Vec::new() }
    }

    /// The pilot decides in the policy's place; what came too late was not shown, and the log says so.
    pub(crate) fn decide(&mut self, logged: LoggedDecision, in_time: bool) -> Decision {
        let mut decision = Decision::nothing(Reason::NotInPolicy);
        decision.treatment = logged.treatment;
        decision.winner = logged.treatment;
        decision.propensity = logged.propensity;
        if in_time {
            self.lines.push(Line::Pilot(Box::new(logged)));
        }
        decision
    }
}
