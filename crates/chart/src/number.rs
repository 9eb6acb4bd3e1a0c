//! Numbers as people read them: digits cut to the interval's size, a true minus, "pp" for points, symbol for money.

use serde::Serialize;

const MINUS: char = '\u{2212}';
const NO_BREAK_SPACE: char = '\u{a0}';

/// Unit of a metric, and with it how its numbers are written.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Unit {
    /// Money in major units.
    Money {
        /// ISO 4217 code: `EUR`.
        currency: String,
        /// Decimals of the currency: 2 for euro and cent.
        decimals: u8,
    },
    /// A share between 0 and 1: levels are written "2.1 %", differences "+0.4 pp".
    Percent,
    /// A number that is already out of one hundred: levels are written "2.1 %", differences "+0.4 pp".
    PercentagePoints,
    /// A bare number.
    Plain,
}

/// A difference as text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DifferenceText {
    /// `+€1.84`.
    pub mean: String,
    /// `€1.20 to €2.48`; `None` without an interval.
    pub range: Option<String>,
}

impl DifferenceText {
    /// `+€1.84 (€1.20 to €2.48)`.
    pub(crate) fn full(&self) -> String {
        match &self.range {
            Some(range) => format!("{} ({range})", self.mean),
            None => self.mean.clone(),
        }
    }
}

/// How a sign is written.
#[derive(Clone, Copy, PartialEq)]
enum Sign {
    /// Minus only.
    Negative,
    /// Plus or minus; none before zero.
    Both,
}

impl Unit {
    /// The unit in a table's header, where numbers are unrounded and unscaled.
    pub(crate) fn header(&self) -> String {
        match self {
            Self::Money { currency, .. } => currency.clone(),
            Self::Percent => "share, 0 to 1".to_owned(),
            Self::PercentagePoints => "percent".to_owned(),
            Self::Plain => String::new(),
        }
    }

    /// A level with `decimals` digits after the point.
    pub(crate) fn level(&self, value: f64, decimals: usize) -> String {
        self.written(value, decimals, Sign::Negative, "%")
    }

    /// A signed difference with `decimals` digits after the point.
    pub(crate) fn signed(&self, value: f64, decimals: usize) -> String {
        self.written(value, decimals, Sign::Both, "pp")
    }

    /// A difference with its interval, cut to two digits of the interval's half width.
    pub(crate) fn difference(&self, mean: f64, interval: Option<(f64, f64)>) -> DifferenceText {
        let Some((low, high)) = interval else {
            return DifferenceText { mean: self.signed(mean, self.decimals_of(mean.abs(), 3)), range: None };
        };
        let decimals = self.decimals_for_interval(mean, low, high);
        let range = match self {
            Self::Money { .. } => format!("{} to {}", self.level(low, decimals), self.level(high, decimals)),
            _ => format!("{} to {}", self.bare(low, decimals), self.bare(high, decimals)),
        };
        DifferenceText { mean: self.signed(mean, decimals), range: Some(range) }
    }

    /// A level with its interval: `2.10 % (2.02 to 2.18)`.
    pub(crate) fn level_with_interval(&self, mean: f64, interval: Option<(f64, f64)>) -> String {
        let Some((low, high)) = interval else {
            return self.level(mean, self.decimals_of(mean.abs(), 3));
        };
        let decimals = self.decimals_for_interval(mean, low, high);
        let (low, high) = (self.level(low, decimals), self.level(high, decimals));
        format!("{} ({low} to {high})", self.level(mean, decimals))
    }

    /// Decimals of levels that stand side by side: three digits of the largest, up to two more while two different
    /// levels would read the same.
    pub(crate) fn decimals_of_levels(&self, values: &[f64]) -> usize {
        let largest = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let start = self.decimals_of(largest, 3);
        let ambiguous = |decimals: usize| {
            values.iter().enumerate().any(|(i, a)| {
                values[..i].iter().any(|b| a != b && self.level(*a, decimals) == self.level(*b, decimals))
            })
        };
        (start..start + 2).find(|decimals| !ambiguous(*decimals)).unwrap_or(start + 2)
    }

    /// Decimals of axis labels `step` apart.
    pub(crate) fn decimals_of_step(&self, step: f64) -> usize {
        // A step of 0.5 or 0.25 needs the digits of its own last place.
        let shown = step.abs() * self.factor();
        let whole = |decimals: &u32| {
            let places = shown * f64::from(10_u32.pow(*decimals));
            (places - places.round()).abs() < 1e-6
        };
        self.at_least_cents((0..9).find(whole).unwrap_or(9) as usize)
    }

    /// Decimals that show `digits` significant digits of `value`.
    fn decimals_of(&self, value: f64, digits: i32) -> usize {
        let shown = value.abs() * self.factor();
        if shown <= 0.0 || !shown.is_finite() {
            return if let Self::Money { decimals, .. } = self { usize::from(*decimals) } else { 1 };
        }
        // A hair upwards, so that 0.1 has one decimal although its logarithm is not exactly -1.
        let magnitude = libm::log10(shown * (1.0 + 1e-9)).floor().clamp(-9.0, 15.0);
        let decimals = (f64::from(digits) - 1.0 - magnitude).clamp(0.0, 9.0);
        self.at_least_cents(decimals as usize)
    }

    fn decimals_for_interval(&self, mean: f64, low: f64, high: f64) -> usize {
        let half_width = (high - low).abs() / 2.0;
        if half_width > 0.0 { self.decimals_of(half_width, 2) } else { self.decimals_of(mean, 3) }
    }

    /// "€12.4" is no amount: money has no decimals, or at least those of its currency.
    fn at_least_cents(&self, found: usize) -> usize {
        match self {
            Self::Money { decimals, .. } if found > 0 => found.max(usize::from(*decimals)),
            _ => found,
        }
    }

    fn factor(&self) -> f64 {
        if *self == Self::Percent { 100.0 } else { 1.0 }
    }

    fn bare(&self, value: f64, decimals: usize) -> String {
        let (sign, digits) = digits(value * self.factor(), decimals, Sign::Both);
        format!("{sign}{digits}")
    }

    fn written(&self, value: f64, decimals: usize, sign: Sign, of_hundred: &str) -> String {
        let (sign, digits) = digits(value * self.factor(), decimals, sign);
        match self {
            Self::Money { currency, .. } => format!("{sign}{}{digits}", symbol(currency)),
            Self::Percent | Self::PercentagePoints => format!("{sign}{digits}{NO_BREAK_SPACE}{of_hundred}"),
            Self::Plain => format!("{sign}{digits}"),
        }
    }
}

/// Symbol of a currency, or its code and a space that does not break.
fn symbol(currency: &str) -> String {
    match currency {
        "EUR" => "€".to_owned(),
        "USD" => "$".to_owned(),
        "GBP" => "£".to_owned(),
        "JPY" => "¥".to_owned(),
        other => format!("{other}{NO_BREAK_SPACE}"),
    }
}

/// Sign and digits, thousands set apart by commas; what rounds to zero has no sign.
fn digits(value: f64, decimals: usize, sign: Sign) -> (String, String) {
    let plain = format!("{:.decimals$}", value.abs());
    let zero = plain.bytes().all(|byte| byte == b'0' || byte == b'.');
    let sign = match sign {
        _ if zero => String::new(),
        _ if value < 0.0 => MINUS.to_string(),
        Sign::Both => "+".to_owned(),
        Sign::Negative => String::new(),
    };
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), None), |(w, f)| (w, Some(f)));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    (sign, grouped)
}

#[cfg(test)]
mod tests {
    use super::Unit;

    fn euro() -> Unit {
        Unit::Money { currency: "EUR".to_owned(), decimals: 2 }
    }

    #[test]
    fn digits_are_cut_to_the_size_of_the_interval() {
        assert_eq!(euro().difference(1.8373, Some((1.2011, 2.4799))).full(), "+€1.84 (€1.20 to €2.48)");
        assert_eq!(euro().difference(0.2, Some((-0.6, 1.0))).full(), "+€0.20 (−€0.60 to €1.00)");
        assert_eq!(
            euro().difference(12_345.6, Some((11_000.0, 13_700.0))).full(),
            "+€12,346 (€11,000 to €13,700)"
        );
        assert_eq!(
            Unit::Percent.difference(0.004_32, Some((0.0011, 0.0073))).full(),
            "+0.43\u{a0}pp (+0.11 to +0.73)"
        );
        assert_eq!(
            Unit::PercentagePoints.difference(-14.2, Some((-31.0, 2.2))).full(),
            "−14\u{a0}pp (−31 to +2)"
        );
    }

    #[test]
    fn without_an_interval_no_range_is_invented() {
        assert_eq!(euro().difference(1.0, None).full(), "+€1.00");
        assert_eq!(euro().difference(1.0, None).range, None);
    }

    #[test]
    fn zero_has_no_sign_and_money_has_cents_or_none() {
        assert_eq!(euro().difference(0.0, Some((0.0, 0.0))).full(), "€0.00 (€0.00 to €0.00)");
        assert_eq!(euro().signed(-0.001, 2), "€0.00");
        assert_eq!(euro().level(-1_234_567.891, 2), "−€1,234,567.89");
        assert_eq!(euro().decimals_of_step(0.5), 2);
        assert_eq!(euro().decimals_of_step(50.0), 0);
        let franc = Unit::Money { currency: "CHF".to_owned(), decimals: 2 };
        assert_eq!(franc.signed(-3.5, 2), "−CHF\u{a0}3.50");
    }

    #[test]
    fn levels_that_differ_read_differently() {
        let levels = [0.0214, 0.021_42];
        let decimals = Unit::Percent.decimals_of_levels(&levels);
        assert_eq!(Unit::Percent.level(levels[0], decimals), "2.140\u{a0}%");
        assert_ne!(Unit::Percent.level(levels[0], decimals), Unit::Percent.level(levels[1], decimals));
    }
}
