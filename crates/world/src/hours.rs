//! At which hour of a day people visit.

use counterfoil_core::time::{Day, Time};

const HOUR_MS: f64 = 3_600_000.0;

/// Relative weight of visits by hour of day: low at night, an evening peak (assumption).
const WEIGHTS: [f64; 24] = [
    1.0, 0.5, 0.3, 0.2, 0.2, 0.4, 1.2, 2.5, 3.5, 4.2, 4.8, 5.2, 5.6, 5.4, 5.2, 5.2, 5.4, 5.8, 6.4, 7.4, 8.2,
    7.8, 5.6, 2.8,
];

/// Cumulative share of visits by hour of day.
#[derive(Clone, Debug)]
pub(crate) struct Hours([f64; 24]);

impl Hours {
    pub(crate) fn new() -> Self {
        let total: f64 = WEIGHTS.iter().sum();
        let mut sum = 0.0;
        Self(WEIGHTS.map(|weight| {
            sum += weight / total;
            sum
        }))
    }

    fn hour(&self, u: f64) -> usize {
        self.0.partition_point(|&sum| sum < u).min(23)
    }

    /// The moment of `day` at quantile `u`.
    pub(crate) fn moment(&self, day: Day, u: f64) -> Time {
        let hour = self.hour(u);
        let below = if hour == 0 { 0.0 } else { self.0[hour - 1] };
        let within = ((u - below) / (self.0[hour] - below)).clamp(0.0, 0.999_999);
        day.start() + ((hour as f64 + within) * HOUR_MS) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: quantiles run through the day, and an hour is as likely as its weight.
    #[test]
    fn quantiles_run_through_the_day() {
        let hours = Hours::new();
        let moments: Vec<i64> =
            (0..=1000).map(|i| hours.moment(Day(3), f64::from(i) / 1000.0) - Day(3).start()).collect();
        assert!(moments.windows(2).all(|pair| pair[0] <= pair[1]));
        assert!(moments[0] >= 0 && moments[1000] < 24 * 3_600_000);
        let evening = moments.iter().filter(|&&at| (20..21).contains(&(at / 3_600_000))).count();
        let share = WEIGHTS[20] / WEIGHTS.iter().sum::<f64>();
        assert!((evening as f64 / 1001.0 - share).abs() < 0.003);
        assert_eq!((hours.hour(0.0), hours.hour(1.0)), (0, 23));
    }
}
