//! Dependency in one sentence per arm: what is missing after promotions stop, and how long it takes to come back.

use counterfoil_core::number::significant;
use counterfoil_stats::Interval;
use counterfoil_stats::half_life::HalfLife;

use crate::arms::CONTROL;
use crate::error::Answered;
use crate::facts::Facts;
use crate::metrics::shown_metrics;
use crate::words::{capitalised, spoken};

/// Name of the index.
pub(crate) const INDEX: &str = "dependency_index";

/// How long dependency lasts after treatments stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// Arm.
    pub arm: String,
    /// "Of 100 full-price orders, 18 are missing because shoppers learned to wait; half are back after 3 weeks."
    pub text: String,
}

impl Facts {
    /// Half-life and sentence of every arm.
    pub(crate) fn dependencies(&self) -> Answered<Vec<Dependency>> {
        let index = shown_metrics().into_iter().find(|shown| shown.name == INDEX);
        let mut all = Vec::new();
        for (place, arm) in self.arms().into_iter().enumerate() {
            let half_life = self.half_life_of(place)?;
            let level = index.map(|shown| self.level(&shown, place)).transpose()?.flatten();
            let text = sentence(arm, level.as_ref(), half_life);
            all.push(Dependency { arm: arm.to_owned(), text });
        }
        Ok(all)
    }
}

fn sentence(arm: &str, index: Option<&Interval>, half_life: HalfLife) -> String {
    if arm == CONTROL {
        return "The yardstick: what is missing elsewhere is missing against this arm.".to_owned();
    }
    let Some(index) = index else {
        return format!(
            "{}: no full-price orders to compare after promotions stop.",
            capitalised(&spoken(arm))
        );
    };
    if index.mean == 0.0 && index.bounds.is_none_or(|bounds| bounds.low == 0.0 && bounds.high == 0.0) {
        return "No full-price order is missing: shoppers wait no more than they would without promotions."
            .to_owned();
    }
    match index.bounds {
        None => format!(
            "Of 100 full-price orders, {} are missing in the one world simulated; one world cannot say how sure that is.",
            significant(index.mean, 2)
        ),
        Some(bounds) if bounds.low > 0.0 => format!(
            "Of 100 full-price orders, {} are missing because shoppers learned to wait{}.",
            significant(index.mean, 2),
            recovery(half_life)
        ),
        Some(bounds) if bounds.high < 0.0 => format!(
            "Beside 100 full-price orders there are {} more, because shoppers remember less of the old deals.",
            significant(-index.mean, 2)
        ),
        Some(bounds) => format!(
            "Whether full-price orders are missing is open: of 100, between {} and {}.",
            signed(bounds.low),
            signed(bounds.high)
        ),
    }
}

/// `2.1 missing` or `0.4 more`.
fn signed(missing: f64) -> String {
    if missing < 0.0 {
        format!("{} more", significant(-missing, 2))
    } else {
        format!("{} missing", significant(missing, 2))
    }
}

fn recovery(half_life: HalfLife) -> String {
    match half_life {
        HalfLife::Weeks(weeks) if weeks < 0.5 => "; half are back within days".to_owned(),
        HalfLife::Weeks(weeks) if (0.75..1.25).contains(&weeks) => "; half are back after a week".to_owned(),
        HalfLife::Weeks(weeks) => format!("; half are back after {} weeks", significant(weeks, 2)),
        HalfLife::MoreThan(weeks) => format!("; after {weeks} weeks less than half are back"),
        HalfLife::NotDefined => "; how fast they come back cannot be told from chance".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil_stats::Bounds;

    fn index(mean: f64, low: f64, high: f64) -> Interval {
        Interval { mean, bounds: Some(Bounds { low, high }), worlds: 4 }
    }

    /// Goal: a loss is only called one when the whole interval says so.
    #[test]
    fn what_is_not_known_is_not_said() {
        let said = |index: &Interval| sentence("batch", Some(index), HalfLife::Weeks(3.02));
        assert_eq!(
            said(&index(18.2, 15.0, 21.0)),
            "Of 100 full-price orders, 18 are missing because shoppers learned to wait; half are back after 3 weeks."
        );
        assert_eq!(
            said(&index(0.8, -0.5, 2.1)),
            "Whether full-price orders are missing is open: of 100, between 0.5 more and 2.1 missing."
        );
        assert!(said(&index(0.0, 0.0, 0.0)).starts_with("No full-price order is missing"));
        assert!(said(&index(-4.0, -6.0, -2.0)).contains("there are 4 more"));
        let one = Interval { mean: 3.0, bounds: None, worlds: 1 };
        assert!(said(&one).contains("one world cannot say"));
    }
}
