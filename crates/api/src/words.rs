//! Numbers and names as sentences say them. Digits are cut to the size of the interval; nothing is computed again.

use crate::planning::{CONTROL, STATUS_QUO};

const MINUS: char = '\u{2212}';
const NO_BREAK_SPACE: char = '\u{a0}';

/// An arm as the subject or object of a sentence.
pub(crate) fn spoken(arm: &str) -> String {
    match arm {
        CONTROL => "doing without promotions".to_owned(),
        STATUS_QUO => "going on as today".to_owned(),
        other => other.to_owned(),
    }
}

/// The first letter in upper case.
pub(crate) fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A currency and how its amounts are written.
#[derive(Clone, Debug)]
pub(crate) struct Purse {
    /// ISO 4217 code.
    pub currency: String,
    /// Decimals of the currency.
    pub decimals: u32,
}

/// To what size amounts are rounded: a power of ten.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Grain {
    decimals: usize,
    step: f64,
}

impl Grain {
    /// The same with no more than `most` decimals.
    pub(crate) fn at_most(self, most: usize) -> Self {
        Self { decimals: self.decimals.min(most), ..self }
    }
}

impl Purse {
    /// The grain that shows two digits of an interval's half width, or three of a lone value.
    pub(crate) fn grain(&self, mean: f64, bounds: Option<(f64, f64)>) -> Grain {
        self.grain_of(mean, bounds, self.decimals as usize)
    }

    /// The same for a number that has at least `least` decimals where it has any.
    pub(crate) fn grain_of(&self, mean: f64, bounds: Option<(f64, f64)>, least: usize) -> Grain {
        let half = bounds.map(|(low, high)| (high - low).abs() / 2.0).filter(|half| *half > 0.0);
        let (size, digits) = half.map_or((mean.abs(), 3), |half| (half, 2));
        if size <= 0.0 || !size.is_finite() {
            return Grain { decimals: least, step: 0.0 };
        }
        // A hair upwards, so that 0.1 has one decimal although its logarithm is not exactly -1.
        let magnitude = libm::log10(size * (1.0 + 1e-9)).floor().clamp(-9.0, 15.0) as i32;
        let places = digits - 1 - magnitude;
        if places <= 0 {
            return Grain { decimals: 0, step: ten_to(-places) };
        }
        let decimals = (places as usize).max(least);
        Grain { decimals, step: 0.0 }
    }

    /// An amount without a sign before zero and with a true minus: `€1,200`, `−€0.05`.
    pub(crate) fn amount(&self, value: f64, grain: Grain) -> String {
        let (sign, digits) = signed_digits(value, grain);
        format!("{sign}{}{digits}", self.symbol())
    }

    /// The same without the currency.
    pub(crate) fn digits(&self, value: f64, grain: Grain) -> String {
        let (sign, digits) = signed_digits(value, grain);
        format!("{sign}{digits}")
    }

    /// An amount with the decimals of the currency.
    pub(crate) fn exact(&self, value: f64) -> String {
        self.amount(value, Grain { decimals: self.decimals as usize, step: 0.0 })
    }

    fn symbol(&self) -> String {
        match self.currency.as_str() {
            "EUR" => "€".to_owned(),
            "USD" => "$".to_owned(),
            "GBP" => "£".to_owned(),
            "JPY" => "¥".to_owned(),
            other => format!("{other}{NO_BREAK_SPACE}"),
        }
    }
}

/// Sign and digits, thousands set apart; what rounds to zero has no sign.
fn signed_digits(value: f64, grain: Grain) -> (String, String) {
    let value = if grain.step > 1.0 { (value / grain.step).round() * grain.step } else { value };
    let digits = format!("{:.*}", grain.decimals, value.abs());
    let zero = digits.bytes().all(|byte| byte == b'0' || byte == b'.');
    let sign = if value < 0.0 && !zero { MINUS.to_string() } else { String::new() };
    (sign, grouped(&digits))
}

fn ten_to(places: i32) -> f64 {
    (0..places).fold(1.0, |product, _| product * 10.0)
}

/// Digits with thousands set apart by commas.
pub(crate) fn grouped(digits: &str) -> String {
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A count with thousands set apart.
pub(crate) fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// A plain number rounded to `digits` significant digits, true minus, no trailing zeros beyond the point.
pub(crate) fn number(value: f64, digits: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    let magnitude = libm::log10(value.abs() * (1.0 + 1e-9)).floor().clamp(-9.0, 15.0) as i32;
    let places = digits - 1 - magnitude;
    let grain = if places < 0 {
        Grain { decimals: 0, step: ten_to(-places) }
    } else {
        Grain { decimals: places.min(9) as usize, step: 0.0 }
    };
    let (sign, text) = signed_digits(value, grain);
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text.as_str() };
    format!("{sign}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn euro() -> Purse {
        Purse { currency: "EUR".to_owned(), decimals: 2 }
    }

    #[test]
    fn amounts_are_cut_to_the_size_of_the_interval() {
        let written = |mean: f64, low: f64, high: f64| {
            let grain = euro().grain(mean, Some((low, high)));
            (euro().amount(low, grain), euro().amount(high, grain))
        };
        assert_eq!(written(1.84, 1.2011, 2.4799), ("€1.20".to_owned(), "€2.48".to_owned()));
        assert_eq!(written(0.0, -0.0012, 0.0034), ("−€0.0012".to_owned(), "€0.0034".to_owned()));
        assert_eq!(written(0.0, 1_201.1, 2_479.9), ("€1,200".to_owned(), "€2,480".to_owned()));
        assert_eq!(written(0.0, 120_110.0, 247_990.0), ("€120,000".to_owned(), "€248,000".to_owned()));
        let yen = Purse { currency: "JPY".to_owned(), decimals: 0 };
        assert_eq!(yen.amount(-12.6, yen.grain(0.0, Some((-40.0, 40.0)))), "−¥13");
    }

    #[test]
    fn numbers_have_no_needless_zeros() {
        assert_eq!(number(3.0, 2), "3");
        assert_eq!(number(2.345, 2), "2.3");
        assert_eq!(number(-0.04, 2), "−0.04");
        assert_eq!(number(12_345.6, 3), "12,300");
        assert_eq!(number(100.0, 15), "100");
        assert_eq!(count(1_000), "1,000");
    }
}
