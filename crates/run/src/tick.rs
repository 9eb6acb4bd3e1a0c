//! How far a unit is, and whoever watches it and may stop it.

use crate::cancel::Cancelled;
use counterfoil_core::facts::DailyFact;
use counterfoil_core::ids::ArmIndex;

/// How far a unit is, told once per simulated day of an arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick<'a> {
    /// World number.
    pub world: u32,
    /// Phase: "history", "horizon" or "probe".
    pub phase: &'static str,
    /// Arm; control in the history.
    pub arm: ArmIndex,
    /// Day within the phase, from 1; 0 between days: nothing new is told, and whoever watches may only stop.
    pub day: u32,
    /// Days of the phase.
    pub days: u32,
    /// Facts of the arm's days so far, from the first day of the horizon.
    pub daily: &'a [DailyFact],
}

impl Tick<'_> {
    /// Something goes on between two days of world `world`.
    #[must_use]
    pub fn between(world: u32) -> Self {
        Self { world, phase: "history", arm: ArmIndex::new(0), day: 0, days: 0, daily: &[] }
    }

    /// Whether it tells of a day that is over.
    #[must_use]
    pub fn is_day(&self) -> bool {
        self.day > 0
    }
}

/// Who watches a unit: gets ticks, and may stop it by answering `false`. It is asked several times a second, also where a
/// day of a very large world takes longer.
pub type Watch<'a> = &'a mut dyn FnMut(&Tick<'_>) -> bool;

/// Goes on unless whoever watches stops it.
pub(crate) fn go_on(watch: Watch<'_>, tick: &Tick<'_>) -> Result<(), Cancelled> {
    if watch(tick) { Ok(()) } else { Err(Cancelled) }
}
