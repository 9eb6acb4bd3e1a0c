//! The posted sale and the messages of a day: on which days a sale runs, when messages go out, and their campaign numbers.
//!
//! A sale is for everybody and follows the calendar alone; guardrails bind personal treatments, not the sale.
//! A policy posts its sale in the phases that it governs; the calendar itself knows no phases.

use counterfoil_core::time::HOUR_MS;
use counterfoil_core::{Calendar, Day, Time, TreatmentId};
use counterfoil_scenario::policy::{SEGMENTS, SaleCalendar};

/// The sale that `sale` posts on `day`: on its weekdays, every so many weeks counted from day 0 of the world.
#[must_use]
pub fn sale_on(sale: &SaleCalendar, dates: &Calendar, day: Day) -> Option<TreatmentId> {
    let week = day.0 / 7;
    let runs = week.is_multiple_of(sale.every_weeks.max(1)) && sale.weekdays.contains(&dates.weekday(day));
    runs.then_some(sale.treatment)
}

/// The hour at which messages are sent, whoever sends them (assumption).
const MESSAGE_HOUR: i64 = 7;

/// When the messages of a day are sent.
#[must_use]
pub fn message_time(day: Day) -> Time {
    day.start() + MESSAGE_HOUR * HOUR_MS
}

/// Campaign numbers that one day can use.
const CAMPAIGNS_PER_DAY: u32 = 16;

/// The campaign number of the message to a segment (by [`SEGMENTS`]) on a day: the same in every arm, so that the luck
/// of opening it is the same as well.
#[must_use]
pub fn push_campaign(day: Day, segment: usize) -> u32 {
    assert!(segment < SEGMENTS.len(), "there are {} segments, not {segment}", SEGMENTS.len());
    day.0 * CAMPAIGNS_PER_DAY + segment as u32
}

/// Campaign number of the announcement of a posted sale: the same for every policy, so that opening it is the same luck.
#[must_use]
pub fn announcement_campaign(day: Day) -> u32 {
    day.0 * CAMPAIGNS_PER_DAY + SEGMENTS.len() as u32
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_fortnightly_sale_runs_on_its_weekdays_only() {
        let dates = Calendar::starting(2026, 1, 7).unwrap();
        let sale =
            SaleCalendar { treatment: TreatmentId(1), weekdays: vec![4, 5], announce: false, every_weeks: 2 };
        let days: Vec<u32> = (0..29).filter(|&d| sale_on(&sale, &dates, Day(d)).is_some()).collect();
        assert_eq!(days, [2, 3, 16, 17], "day 0 is a Wednesday, so day 2 is the first Friday");
    }

    #[test]
    fn campaigns_of_a_day_never_meet() {
        let mut numbers: Vec<u32> = (0..3)
            .flat_map(|d| {
                (0..8).map(move |s| push_campaign(Day(d), s)).chain([announcement_campaign(Day(d))])
            })
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 27);
    }
}
