//! The history that every policy gets: all events under the incumbent, and the randomised pilot.

use crate::keeper::Keeper;
use crate::unit::Cancelled;
use counterfoil_core::event::Event;
use counterfoil_core::luck::{Luck, Purpose, uniform};
use counterfoil_core::policy::{Ask, LoggedDecision};
use counterfoil_core::time::Day;
use counterfoil_core::treatment::{TreatmentId, TreatmentKind};
use counterfoil_scenario::model::Scenario;
use counterfoil_world::GoOn;

/// One line of the history.
#[derive(Clone, Debug)]
pub enum Line {
    /// A storefront event, and whose (for the pipe's luck only).
    Event(Event, u32),
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
    pub fn decides(&self, ask: &Ask, shopper: u32, key: u32) -> Option<LoggedDecision> {
        let day = ask.at.day();
        if day < self.from || day >= self.until || !ask.consent {
            return None;
        }
        let page = ask.luck.page();
        let words = self.luck.block(Purpose::Pilot, [shopper, key, page]);
        if uniform(words[0]) >= self.share {
            return None;
        }
        let place = (uniform(words[1]) * self.actions.len() as f64) as usize;
        let propensity = 1.0 / self.actions.len() as f32;
        Some(LoggedDecision { ask: *ask, treatment: self.actions[place], propensity })
    }
}

/// Lines between two questions whether to go on; so many take milliseconds.
const LINES_BETWEEN: usize = 8_192;

/// Tells a new policy the whole history through its pipe.
///
/// # Errors
/// [`Cancelled`] as soon as `go_on` answers `false`.
pub fn replay(lines: &[Line], keeper: &mut Keeper, go_on: GoOn<'_>) -> Result<(), Cancelled> {
    for (number, line) in lines.iter().enumerate() {
        if number.is_multiple_of(LINES_BETWEEN) && !go_on() {
            return Err(Cancelled);
        }
        match line {
            Line::Event(event, shopper) => keeper.hear(event, *shopper),
            Line::Pilot(logged) => keeper.hear_pilot(logged),
            Line::Night(day) => keeper.night(*day),
        }
    }
    Ok(())
}
