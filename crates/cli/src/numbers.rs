//! Numbers for readers: digits cut to the width of the interval, a true minus, units by metric.

use counterfoil_api::dto::{Interval, MetricInfo};

use crate::table::width;

/// Most decimals of a difference.
const DECIMALS_MAX: usize = 6;
/// Columns of a level: four arms have to fit beside each other.
const LEVEL_WIDTH_MAX: usize = 14;

/// What stands behind a metric's name, and by what its values are multiplied for reading.
pub(crate) fn unit_of(metric: &MetricInfo, currency: &str) -> (String, f64) {
    match metric.unit.as_str() {
        "money" => (currency.to_owned(), 1.0),
        "share" => ("%".to_owned(), 100.0),
        "percent" => ("%".to_owned(), 1.0),
        "seconds" => ("s".to_owned(), 1.0),
        "milliseconds" | "ms" => ("ms".to_owned(), 1.0),
        "hours" => ("h".to_owned(), 1.0),
        "weeks" => ("weeks".to_owned(), 1.0),
        _ => (String::new(), 1.0),
    }
}

/// Decimals that show two digits of `size`; for a size of zero, three digits of `value`.
fn decimals(size: f64, value: f64) -> usize {
    let (mut rest, wanted) = if size > 0.0 { (size, 10.0) } else { (value.abs(), 100.0) };
    if rest == 0.0 || !rest.is_finite() {
        return 0;
    }
    let mut decimals = 0;
    while rest < wanted && decimals < DECIMALS_MAX {
        rest *= 10.0;
        decimals += 1;
    }
    decimals
}

/// A number with that many decimals, thousands apart, and a true minus; `-0.0` is 0.
pub(crate) fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let digits = text.trim_start_matches('-');
    let zero = digits.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut out = String::new();
    if text.starts_with('-') && !zero {
        out.push('\u{2212}');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// The same with a plus where it is above zero.
pub(crate) fn signed(value: f64, decimals: usize) -> String {
    let text = fixed(value, decimals);
    let zero = text.chars().all(|c| matches!(c, '0' | '.' | ','));
    if value > 0.0 && !zero { format!("+{text}") } else { text }
}

/// A whole number, thousands apart.
pub(crate) fn grouped(value: f64) -> String {
    fixed(value, 0)
}

/// A level: `3.42 ±0.12`; a dash where it is not defined.
pub(crate) fn level(interval: &Interval, factor: f64) -> String {
    let Some(mean) = interval.mean.map(|mean| mean * factor) else { return "–".to_owned() };
    let (Some(low), Some(high)) = (interval.low, interval.high) else {
        return fixed(mean, decimals(0.0, mean));
    };
    let half = (high - low) * factor / 2.0;
    let text = |decimals| format!("{} ±{}", fixed(mean, decimals), fixed(half, decimals));
    let fitting = (0..=decimals(half, mean)).rev().map(text).find(|text| width(text) <= LEVEL_WIDTH_MAX);
    fitting.unwrap_or_else(|| text(0))
}

/// A difference and its interval: `+0.12` and `+0.08 to +0.16`.
pub(crate) fn difference(interval: &Interval, factor: f64) -> (String, String) {
    let Some(mean) = interval.mean.map(|mean| mean * factor) else {
        return ("–".to_owned(), String::new());
    };
    match (interval.low, interval.high) {
        (Some(low), Some(high)) => {
            let decimals = decimals((high - low) * factor / 2.0, mean);
            let range = format!("{} to {}", signed(low * factor, decimals), signed(high * factor, decimals));
            (signed(mean, decimals), range)
        }
        _ => (signed(mean, decimals(0.0, mean)), String::new()),
    }
}

/// A length of time: `41 s`, `3 min 20 s`, `2 h 05 min`.
pub(crate) fn seconds(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    match whole {
        0 => format!("{seconds:.2} s"),
        1..=9 => format!("{seconds:.1} s"),
        10..=119 => format!("{whole} s"),
        120..=7_199 => format!("{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} min", whole / 3_600, whole % 3_600 / 60),
    }
}

/// A size: `950 bytes`, `12 kB`, `2.5 MB`, `270 MB`.
pub(crate) fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes < 1_000 {
        return format!("{bytes} bytes");
    }
    let (mut size, mut unit) = (bytes as f64 / 1_000.0, 0);
    while size >= 999.5 && unit + 1 < UNITS.len() {
        size /= 1_000.0;
        unit += 1;
    }
    format!("{} {}", fixed(size, usize::from(size < 9.95)), UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(mean: f64, low: f64, high: f64) -> Interval {
        Interval { mean: Some(mean), low: Some(low), high: Some(high), worlds: 8 }
    }

    #[test]
    fn digits_are_cut_to_the_width_of_the_interval() {
        assert_eq!(level(&interval(0.021_34, 0.020_1, 0.022_5), 1.0), "0.0213 ±0.0012");
        assert_eq!(level(&interval(12_345.678, 12_300.0, 12_391.0), 1.0), "12,346 ±46");
        assert_eq!(level(&interval(0.55, 0.55, 0.55), 100.0), "55.0 ±0.0");
        assert_eq!(level(&interval(0.0, 0.0, 0.0), 1.0), "0 ±0");
        assert_eq!(level(&interval(99.997_0, 99.995_2, 99.998_8), 1.0), "99.997 ±0.002");
        assert_eq!(level(&Interval { mean: None, low: None, high: None, worlds: 0 }, 1.0), "–");
    }

    #[test]
    fn differences_bear_their_sign() {
        let (mean, range) = difference(&interval(-0.124, -0.2, 0.04), 1.0);
        assert_eq!((mean.as_str(), range.as_str()), ("−0.12", "−0.20 to +0.04"));
        assert_eq!(signed(0.000_1, 2), "0.00");
        assert_eq!(signed(-0.000_1, 2), "0.00");
    }

    #[test]
    fn sizes_have_two_or_three_digits() {
        for (size, text) in [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1.0 kB"), (12_345, "12 kB")] {
            assert_eq!(bytes(size), text);
        }
        for (size, text) in [(999_600, "1.0 MB"), (269_800_000, "270 MB"), (u64::MAX, "18,447 PB")] {
            assert_eq!(bytes(size), text);
        }
    }

    #[test]
    fn time_left_is_said_in_the_unit_of_its_size() {
        assert_eq!(seconds(4.12), "4.1 s");
        assert_eq!(seconds(75.0), "75 s");
        assert_eq!(seconds(200.0), "3 min 20 s");
        assert_eq!(seconds(7_500.0), "2 h 05 min");
    }
}
