//! Payback: from which day on an arm is not behind what the shop does today.

use counterfoil_stats::{Interval, PaybackDay, Scale, cumulative_difference, payback};

use crate::arms::STATUS_QUO;
use crate::error::Answered;
use crate::facts::Facts;
use crate::words::{capitalised, spoken};

/// When an arm has paid for itself against `status-quo`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payback {
    /// Arm.
    pub arm: String,
    /// Day from which the cumulative difference stays above zero, from 1; `None`: not within the run.
    pub day: Option<u32>,
    /// The same in words.
    pub text: String,
}

/// The cumulative difference as statistics read it.
type Cumulative = counterfoil_stats::Payback;

impl Facts {
    /// Every arm but `status-quo` against it; empty where there is none.
    pub(crate) fn paybacks(&self) -> Answered<Vec<Payback>> {
        let Ok(versus) = self.place(STATUS_QUO) else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        for (place, arm) in self.arms().into_iter().enumerate().filter(|(place, _)| *place != versus) {
            if let Some(payback) = self.cumulative(place, versus)? {
                let (day, text) = self.words(arm, &payback);
                all.push(Payback { arm: arm.to_owned(), day, text });
            }
        }
        Ok(all)
    }

    /// Cumulative contribution per shopper, arm minus versus; `None` without worlds.
    pub(crate) fn cumulative(&self, arm: usize, versus: usize) -> Answered<Option<Cumulative>> {
        let (own, other) =
            (self.daily(arm, |day| day.contribution), self.daily(versus, |day| day.contribution));
        let mut worlds = Vec::new();
        for (own, other) in own.iter().zip(&other) {
            worlds.push(cumulative_difference(own, other)?);
        }
        let run = &self.run;
        let scale = Scale::minor_units(run.currency_decimals).unwrap_or(Scale::ONE);
        Ok(payback(&worlds, scale, i64::from(run.shoppers))?)
    }

    fn words(&self, arm: &str, payback: &Cumulative) -> (Option<u32>, String) {
        let arm = capitalised(&spoken(arm));
        let days = self.run.days;
        let doubt = if payback.low_stays_above { String::new() } else { doubt(payback) };
        match payback.day {
            PaybackDay::NoDifference => {
                (None, format!("{arm} earns exactly what going on as today earns, on every day."))
            }
            PaybackDay::Immediately => {
                (Some(1), format!("{arm} is ahead of today from the first day on{doubt}."))
            }
            PaybackDay::Day(day) => {
                (Some(day + 1), format!("{arm} is ahead of today from day {} on{doubt}.", day + 1))
            }
            PaybackDay::Never => {
                (None, format!("{arm} has not caught up with today within the {days} days of this run."))
            }
        }
    }
}

/// From when on even the low end of the range stays above zero, in words.
fn doubt(payback: &Cumulative) -> String {
    let behind = |day: &Interval| day.low().is_none_or(|low| low < 0.0);
    match payback.curve.iter().rposition(behind) {
        Some(last) if last + 1 < payback.curve.len() => {
            format!(", on average; from day {} on the range leaves no other reading", last + 2)
        }
        _ => ", on average, but to the end the range allows being behind".to_owned(),
    }
}
