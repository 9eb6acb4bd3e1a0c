//! A level or a difference of any metric as finished text: the same on the page, in the report and in the terminal.

use counterfoil_core::number::{NOTHING, Purse, Unit};
use counterfoil_stats::Interval;
use serde::Serialize;

use crate::metrics::Shown;

/// A value with the range beneath it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Cell {
    /// `€12.40`, `+0.40 pp`; a dash where it is not defined.
    pub value: String,
    /// `€12.10 to €12.70`; empty below two worlds.
    pub range: String,
}

impl Cell {
    /// A level.
    pub(crate) fn level(unit: &Unit, interval: Option<&Interval>) -> Self {
        Self::written(unit, interval, false)
    }

    /// A difference, with its sign.
    pub(crate) fn difference(unit: &Unit, interval: Option<&Interval>) -> Self {
        Self::written(unit, interval, true)
    }

    fn written(unit: &Unit, interval: Option<&Interval>, signed: bool) -> Self {
        let Some(interval) = interval else {
            return Self { value: NOTHING.to_owned(), range: String::new() };
        };
        let bounds = interval.bounds.map(|bounds| (bounds.low, bounds.high));
        let grain = unit.grain(interval.mean, bounds);
        let value = if signed { unit.signed(interval.mean, grain) } else { unit.level(interval.mean, grain) };
        let range = bounds.map_or_else(String::new, |bounds| unit.range(bounds, grain, signed));
        Self { value, range }
    }
}

impl Shown {
    /// How its values are written; a word behind them stands with the metric's name, so that columns stay narrow.
    pub(crate) fn number(&self, purse: &Purse) -> Unit {
        match self.unit(purse) {
            Unit::In(_) => Unit::Plain,
            unit => unit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil_stats::Bounds;

    #[test]
    fn shares_become_percent_and_differences_points() {
        let euro = Unit::Money(Purse::new("EUR", 2));
        let interval =
            |mean: f64, low: f64, high: f64| Interval { mean, bounds: Some(Bounds { low, high }), worlds: 4 };
        let said = |cell: &Cell| format!("{} ({})", cell.value, cell.range);
        let level = Cell::level(&Unit::Share, Some(&interval(0.0214, 0.0206, 0.0222)));
        assert_eq!(said(&level), "2.140\u{a0}% (2.060 to 2.220)");
        let difference = Cell::difference(&Unit::Share, Some(&interval(0.004, 0.001, 0.007)));
        assert_eq!(said(&difference), "+0.40\u{a0}pp (+0.10 to +0.70)");
        let money = Cell::difference(&euro, Some(&interval(-0.5, -0.9, -0.1)));
        assert_eq!(said(&money), "−€0.50 (−€0.90 to −€0.10)");
        assert_eq!(Cell::level(&Unit::Plain, None).value, NOTHING);
    }
}
