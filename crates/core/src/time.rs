//! Simulated time: milliseconds since the first midnight of a world, and a calendar that knows weekdays and seasons.
//!
//! There is no daylight saving in a simulated shop: every day has 24 hours of local time (an assumption).

use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};

/// Milliseconds in a day.
pub const DAY_MS: i64 = 86_400_000;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 3_600_000;

/// A moment, in milliseconds since the first local midnight of the world (start of warm-up).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

/// A day, counted from the start of warm-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub u32);

impl Time {
    /// The day this moment belongs to.
    #[must_use]
    #[inline]
    pub fn day(self) -> Day {
        Day((self.0.max(0) / DAY_MS) as u32)
    }
    /// Milliseconds since midnight.
    #[must_use]
    #[inline]
    pub fn of_day_ms(self) -> i64 {
        self.0.rem_euclid(DAY_MS)
    }
}
impl Day {
    /// Midnight at which the day begins.
    #[must_use]
    #[inline]
    pub fn start(self) -> Time {
        Time(i64::from(self.0) * DAY_MS)
    }
}
impl Add<i64> for Time {
    type Output = Self;
    fn add(self, ms: i64) -> Self {
        Self(self.0 + ms)
    }
}
impl Sub for Time {
    type Output = i64;
    fn sub(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }
}

/// Turns days of a world into dates. Proleptic Gregorian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// Days from 1970-01-01 to the first day of the world.
    pub first_day_from_epoch: i32,
}

impl Calendar {
    /// The calendar of a world whose day 0 is the given date; `None` if there is no such date.
    #[must_use]
    pub fn starting(year: i32, month: u32, day: u32) -> Option<Self> {
        let calendar = Self { first_day_from_epoch: days_from_epoch(year, month, day) };
        (calendar.date(Day(0)) == (year, month, day)).then_some(calendar)
    }
    /// Weekday of a day: 0 is Monday, 6 is Sunday.
    #[must_use]
    #[inline]
    pub fn weekday(&self, day: Day) -> u8 {
        (self.first_day_from_epoch + day.0 as i32 + 3).rem_euclid(7) as u8
    }
    /// Year, month (1 to 12) and day of month (1 to 31).
    #[must_use]
    pub fn date(&self, day: Day) -> (i32, u32, u32) {
        date_from_epoch(self.first_day_from_epoch + day.0 as i32)
    }
}

/// Days from 1970-01-01, by counting in 400-year eras that begin in March.
fn days_from_epoch(year: i32, month: u32, day: u32) -> i32 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let month_from_march = (month as i32 + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i32 - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of [`days_from_epoch`].
fn date_from_epoch(days: i32) -> (i32, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32;
    let month = ((month_from_march + 2) % 12 + 1) as u32;
    let year = era * 400 + year_of_era + i32::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn known_dates_have_known_weekdays() {
        let calendar = Calendar::starting(2026, 1, 5).unwrap();
        assert_eq!(calendar.weekday(Day(0)), 0, "5 January 2026 is a Monday");
        assert_eq!(calendar.date(Day(54)), (2026, 2, 28));
        assert_eq!(calendar.date(Day(55)), (2026, 3, 1));
        assert_eq!(Calendar::starting(2024, 2, 29).unwrap().date(Day(1)), (2024, 3, 1));
        assert!(Calendar::starting(2026, 2, 30).is_none());
    }

    #[test]
    fn dates_round_trip_over_four_centuries() {
        for days in (-146_097..146_097).step_by(13) {
            let (y, m, d) = date_from_epoch(days);
            assert_eq!(days_from_epoch(y, m, d), days);
        }
    }
}
