//! Levels and differences of any metric as cells of a table.

use counterfoil_stats::Interval;
use serde::Serialize;

use crate::words::{Purse, number};

/// A value with the range beneath it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Written {
    pub value: String,
    pub range: String,
}

const NOTHING: &str = "–";
/// Beyond these nobody reads on.
const MOST_DECIMALS: usize = 4;

/// A level, or with `signed` a difference.
pub(super) fn written(unit: &str, purse: &Purse, interval: Option<&Interval>, signed: bool) -> Written {
    let Some(interval) = interval else { return Written { value: NOTHING.to_owned(), range: String::new() } };
    // Shares are shown in percent, their differences in percentage points.
    let factor = if unit == "share" { 100.0 } else { 1.0 };
    let mean = interval.mean * factor;
    let bounds = interval.bounds.map(|bounds| (bounds.low * factor, bounds.high * factor));
    let grain = match unit {
        "money" => purse.grain(mean, bounds),
        _ => purse.grain_of(mean, bounds, 0).at_most(MOST_DECIMALS),
    };
    let digits = |value: f64| match unit {
        "money" => purse.amount(value, grain),
        _ => purse.digits(value, grain),
    };
    let plus = |value: f64, text: String| {
        let zero = !text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        if signed && value > 0.0 && !zero { format!("+{text}") } else { text }
    };
    let after = match unit {
        "share" | "percent" if signed => "\u{a0}pp",
        "share" | "percent" => "\u{a0}%",
        _ => "",
    };
    let value = format!("{}{after}", plus(mean, digits(mean)));
    let range =
        bounds.map(|(low, high)| format!("{} to {}", plus(low, digits(low)), plus(high, digits(high))));
    Written { value, range: range.unwrap_or_default() }
}

/// The unit behind a metric's name, where the number does not say it.
pub(super) fn unit_words(unit: &str) -> &'static str {
    match unit {
        "seconds" => "s",
        "ms" => "ms",
        "hours" => "h",
        "weeks" => "weeks",
        _ => "",
    }
}

/// A plain count.
pub(super) fn plain(value: u64) -> String {
    if value == 0 { "0".to_owned() } else { number(value as f64, 15) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil_stats::Bounds;

    #[test]
    fn shares_become_percent_and_differences_points() {
        let euro = Purse { currency: "EUR".to_owned(), decimals: 2 };
        let interval =
            |mean: f64, low: f64, high: f64| Interval { mean, bounds: Some(Bounds { low, high }), worlds: 4 };
        let level = written("share", &euro, Some(&interval(0.0214, 0.0206, 0.0222)), false);
        assert_eq!((level.value.as_str(), level.range.as_str()), ("2.140\u{a0}%", "2.060 to 2.220"));
        let difference = written("share", &euro, Some(&interval(0.004, 0.001, 0.007)), true);
        assert_eq!(
            (difference.value.as_str(), difference.range.as_str()),
            ("+0.40\u{a0}pp", "+0.10 to +0.70")
        );
        let money = written("money", &euro, Some(&interval(-0.5, -0.9, -0.1)), true);
        assert_eq!((money.value.as_str(), money.range.as_str()), ("−€0.50", "−€0.90 to −€0.10"));
        assert_eq!(written("count", &euro, None, false).value, NOTHING);
    }
}
