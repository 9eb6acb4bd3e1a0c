//! Everything about a world that no arm can change: who there is, what they will come to need, and all luck.

use crate::cancel::GoOn;
use crate::catalogue::{Popularity, shop};
use crate::choice::{ChoiceModel, model};
use crate::hours::Hours;
use crate::identity::Cookies;
use crate::idle::{IdleVisit, idle_visits};
use crate::mind::Fading;
use crate::need::{Need, Source, needs};
use crate::people::{Shopper, population};
use counterfoil_core::ids::{NeedIndex, ShopperId};
use counterfoil_core::luck::Luck;
use counterfoil_core::shop::Shop;
use counterfoil_core::time::Day;
use counterfoil_scenario::model::Scenario;
use std::sync::Arc;

/// One world before anything happens in it.
#[derive(Debug)]
pub struct World {
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// All luck of this world.
    pub luck: Luck,
    /// The public shop.
    pub shop: Arc<Shop>,
    /// Members.
    pub people: Vec<Shopper>,
    /// Potential needs by due time.
    pub needs: Vec<Need>,
    /// Visits without a need, by day, in order.
    pub idle: Vec<Vec<IdleVisit>>,
    /// First day after the last phase.
    pub end: Day,
    pub(crate) choice: &'static dyn ChoiceModel,
    pub(crate) popularity: Popularity,
    pub(crate) fading: Fading,
    pub(crate) cookies: Cookies,
    pub(crate) hours: Hours,
}

impl World {
    /// Draws world number `number` of the scenario.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>, number: u32) -> Self {
        Self::drawn(scenario, number, &mut || true).expect("nobody cancels")
    }

    /// The same for somebody who may cancel meanwhile: `go_on` is asked every few thousand shoppers, and `None` is
    /// answered once it says no.
    #[must_use]
    pub fn drawn(scenario: Arc<Scenario>, number: u32, go_on: GoOn<'_>) -> Option<Self> {
        let luck = Luck::new(scenario.seed, number);
        let phases = scenario.phases;
        let days = phases.warmup_days + phases.history_days + phases.horizon_days + phases.probe_days;
        let (hours, end) = (Hours::new(), Day(days));
        let people = population(&scenario, &luck, go_on)?;
        let catalogue = &scenario.catalogue;
        let popularity = Popularity::new(catalogue.products_per_category, catalogue.popularity_exponent);
        let source = Source {
            scenario: &scenario,
            luck: &luck,
            people: &people,
            popularity: &popularity,
            end: end.start(),
        };
        let needs = needs(source, go_on)?;
        let idle = idle_visits(&scenario, &luck, &people, &hours, days, go_on)?;
        Some(Self {
            shop: Arc::new(shop(&scenario, &luck)),
            choice: model(scenario.choice.model),
            fading: Fading::new(&scenario, days + 1),
            cookies: Cookies::new(&scenario, &luck),
            hours,
            end,
            scenario,
            luck,
            people,
            needs,
            idle,
            popularity,
        })
    }

    /// A shopper.
    #[must_use]
    pub fn person(&self, shopper: ShopperId) -> &Shopper {
        &self.people[shopper.index()]
    }

    /// A potential need.
    #[must_use]
    #[inline]
    pub fn need(&self, need: NeedIndex) -> &Need {
        &self.needs[need.index()]
    }

    /// Weekday, Monday 0.
    pub(crate) fn weekday(&self, day: Day) -> usize {
        usize::from(self.scenario.calendar.weekday(day))
    }
}
