//! Visits without a need: drawn in advance and identical in every arm, as far as nobody is kept from them by fatigue.

use crate::cancel::{GoOn, is_time_to_ask};
use crate::hours::Hours;
use crate::people::Shopper;
use counterfoil_core::draw::DrawKey;
use counterfoil_core::ids::ShopperId;
use counterfoil_core::luck::{Luck, uniform};
use counterfoil_core::quantile::exponential;
use counterfoil_core::time::{Day, Time};
use counterfoil_scenario::model::Scenario;

/// One visit without a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdleVisit {
    /// When it begins.
    pub at: Time,
    /// Whose.
    pub shopper: ShopperId,
    /// Number among hers.
    pub number: u32,
}

/// Visits without a need by day: a Poisson process at her browsing rate, thinned by the day's weight.
pub(crate) fn idle_visits(
    scenario: &Scenario,
    luck: &Luck,
    people: &[Shopper],
    hours: &Hours,
    days: u32,
    go_on: GoOn<'_>,
) -> Option<Vec<Vec<IdleVisit>>> {
    let mut by_day = vec![Vec::new(); days as usize];
    for (index, person) in people.iter().enumerate() {
        if is_time_to_ask(index) && !go_on() {
            return None;
        }
        // Twice the rate, thinned by half the day's weight, gives the rate times the weight.
        let per_day = 2.0 * person.traits.browsing / 7.0;
        if per_day <= 0.0 {
            continue;
        }
        let shopper = ShopperId::at(index);
        let mut at = 0.0_f64;
        for number in 0..u32::MAX {
            let words = luck.block(DrawKey::idle_visit(shopper, number));
            at += exponential(uniform(words[0])) / per_day;
            if at >= f64::from(days) {
                break;
            }
            let day = Day(at as u32);
            let weight = scenario.season.weekdays[usize::from(scenario.calendar.weekday(day))];
            if uniform(words[1]) * 2.0 < weight {
                let at = hours.moment(day, uniform(words[2]));
                by_day[day.0 as usize].push(IdleVisit { at, shopper, number });
            }
        }
    }
    for visits in &mut by_day {
        if !go_on() {
            return None;
        }
        visits.sort_unstable();
    }
    Some(by_day)
}
