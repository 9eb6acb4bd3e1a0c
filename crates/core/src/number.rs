//! Numbers as people read them: the one formatter of chart, report, terminal and page.
//!
//! # Promises
//! - **One rounding.** Half away from zero, on the shortest decimal that means the number: who rounds an exported figure by
//!   hand gets what is shown. A share becomes percent by moving the point, never by a multiplication.
//! - **Digits are cut to the size of the interval**: two digits of its half width, three of a lone value.
//! - A true minus; no sign before what rounds to zero; thousands apart by commas; money has the currency's decimals or none;
//!   differences of shares are percentage points, "pp".
//!
//! # Where to start
//! [`Unit::grain`] says how fine, [`Unit::level`], [`Unit::signed`] and [`Unit::range`] write; [`count`] and [`significant`]
//! are for numbers without a unit, [`seconds`] and [`bytes`] for durations and sizes.

use serde::Serialize;

const MINUS: char = '\u{2212}';
const NO_BREAK_SPACE: char = '\u{a0}';
/// What stands for a value that is not defined.
pub const NOTHING: &str = "–";
/// Beyond these nobody reads on.
const DECIMALS_MAX: i32 = 6;
/// Digits of an interval's half width.
const DIGITS_OF_HALF_WIDTH: i32 = 2;
/// Digits of a value without an interval.
const DIGITS_OF_VALUE: i32 = 3;

/// A currency and how its amounts are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Purse {
    /// ISO 4217 code: `EUR`.
    pub currency: String,
    /// Decimals of the currency: 2 for euro and cent.
    pub decimals: u32,
}

impl Purse {
    /// A currency.
    #[must_use]
    pub fn new(currency: &str, decimals: u32) -> Self {
        Self { currency: currency.to_owned(), decimals }
    }

    /// An amount of major units with the decimals of the currency: `€12.40`.
    #[must_use]
    pub fn exact(&self, value: f64) -> String {
        self.amount(value, Grain(self.decimals as i32))
    }

    /// The same with a plus above zero.
    #[must_use]
    pub fn exact_signed(&self, value: f64) -> String {
        let text = self.exact(value);
        if value > 0.0 && has_digit(&text) { format!("+{text}") } else { text }
    }

    /// An amount as fine as `grain`: `€1,200`, `−€0.05`.
    #[must_use]
    pub fn amount(&self, value: f64, grain: Grain) -> String {
        Unit::Money(self.clone()).level(value, grain)
    }

    /// How fine an amount with this interval is written.
    #[must_use]
    pub fn grain(&self, mean: f64, bounds: Option<(f64, f64)>) -> Grain {
        Unit::Money(self.clone()).grain(mean, bounds)
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

/// How fine a number is written: digits after the point, below zero tens, hundreds and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grain(pub i32);

/// Unit of a number, and with it how it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// Money in major units.
    Money(Purse),
    /// A share between 0 and 1: levels are written "2.1 %", differences "+0.4 pp".
    Share,
    /// Already out of one hundred: levels are written "2.1 %", differences "+0.4 pp".
    Percent,
    /// A bare number.
    Plain,
    /// A number with a word behind it: `s`, `ms`, `h`, `weeks`.
    In(&'static str),
}

/// A difference as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DifferenceText {
    /// `+€1.84`.
    pub mean: String,
    /// `+€1.20 to +€2.48`; `None` without an interval.
    pub range: Option<String>,
}

impl DifferenceText {
    /// `+€1.84 (+€1.20 to +€2.48)`.
    #[must_use]
    pub fn full(&self) -> String {
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
    /// How fine a value is written: by its interval, else by its own size.
    #[must_use]
    pub fn grain(&self, mean: f64, bounds: Option<(f64, f64)>) -> Grain {
        let half = bounds.map(|(low, high)| (high - low).abs() / 2.0).filter(|half| *half > 0.0);
        match half {
            Some(half) => self.grain_of(half, DIGITS_OF_HALF_WIDTH),
            None => self.grain_of(mean, DIGITS_OF_VALUE),
        }
    }

    /// How fine `digits` significant digits of `value` are.
    #[must_use]
    pub fn grain_of(&self, value: f64, digits: i32) -> Grain {
        let Some(magnitude) = magnitude(value) else {
            return if let Self::Money(purse) = self { Grain(purse.decimals as i32) } else { Grain(0) };
        };
        self.at_least_cents(Grain((digits - 1 - magnitude - self.shift()).min(DECIMALS_MAX)))
    }

    /// "€12.4" is no amount: money has no decimals, or at least those of its currency.
    #[must_use]
    pub fn at_least_cents(&self, found: Grain) -> Grain {
        match self {
            Self::Money(purse) if found.0 > 0 => Grain(found.0.max(purse.decimals as i32)),
            _ => found,
        }
    }

    /// A level with its unit: `€1.20`, `2.1 %`.
    #[must_use]
    pub fn level(&self, value: f64, grain: Grain) -> String {
        self.written(value, grain, Sign::Negative, "%")
    }

    /// A difference with its sign and unit: `+€1.20`, `+0.4 pp`.
    #[must_use]
    pub fn signed(&self, value: f64, grain: Grain) -> String {
        self.written(value, grain, Sign::Both, "pp")
    }

    /// A level without its unit, which stands elsewhere; money keeps its symbol off too.
    #[must_use]
    pub fn bare(&self, value: f64, grain: Grain) -> String {
        digits(value, self.shift(), grain, Sign::Negative).join()
    }

    /// A difference without its unit.
    #[must_use]
    pub fn bare_signed(&self, value: f64, grain: Grain) -> String {
        digits(value, self.shift(), grain, Sign::Both).join()
    }

    /// Both ends of an interval of levels, or of differences: `2.06 to 2.22`, `+€1.20 to +€2.48`. The unit behind a number
    /// stands with the mean beside it.
    #[must_use]
    pub fn range(&self, (low, high): (f64, f64), grain: Grain, difference: bool) -> String {
        let end = |value: f64| match (self, difference) {
            (Self::Money(_), false) => self.level(value, grain),
            (Self::Money(_), true) => self.signed(value, grain),
            (_, false) => self.bare(value, grain),
            (_, true) => self.bare_signed(value, grain),
        };
        format!("{} to {}", end(low), end(high))
    }

    /// A level without its unit and half of its interval: `3.42 ±0.12`, with fewer digits where it would be wider than
    /// `widest` letters.
    #[must_use]
    pub fn plus_minus(&self, mean: f64, bounds: Option<(f64, f64)>, widest: usize) -> String {
        let Grain(finest) = self.grain(mean, bounds);
        let Some((low, high)) = bounds else { return self.bare(mean, Grain(finest)) };
        let text = |places: i32| {
            let half = self.bare((high - low) / 2.0, Grain(places));
            format!("{} ±{half}", self.bare(mean, Grain(places)))
        };
        let fits = |text: &String| text.chars().count() <= widest;
        (0..=finest).rev().map(text).find(fits).unwrap_or_else(|| text(finest.min(0)))
    }

    /// A difference with its interval, in two pieces.
    #[must_use]
    pub fn difference(&self, mean: f64, bounds: Option<(f64, f64)>) -> DifferenceText {
        let grain = self.grain(mean, bounds);
        let range = bounds.map(|bounds| self.range(bounds, grain, true));
        DifferenceText { mean: self.signed(mean, grain), range }
    }

    /// A level with its interval: `2.10 % (2.02 to 2.18)`.
    #[must_use]
    pub fn level_with_interval(&self, mean: f64, bounds: Option<(f64, f64)>) -> String {
        let grain = self.grain(mean, bounds);
        let level = self.level(mean, grain);
        bounds
            .map_or_else(|| level.clone(), |bounds| format!("{level} ({})", self.range(bounds, grain, false)))
    }

    /// How fine levels that stand side by side are: three digits of the largest, up to two more while two different levels
    /// would read the same.
    #[must_use]
    pub fn grain_of_levels(&self, values: &[f64]) -> Grain {
        let largest = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let start = self.grain_of(largest, DIGITS_OF_VALUE).max(Grain(0)).0;
        let ambiguous = |places: i32| {
            let read = |value: f64| self.level(value, Grain(places));
            values.iter().enumerate().any(|(i, a)| values[..i].iter().any(|b| a != b && read(*a) == read(*b)))
        };
        Grain((start..start + 2).find(|places| !ambiguous(*places)).unwrap_or(start + 2))
    }

    /// How fine labels `step` apart are: a step of 0.25 needs the digits of its own last place.
    #[must_use]
    pub fn grain_of_step(&self, step: f64) -> Grain {
        let shown = step.abs() * if *self == Self::Share { 100.0 } else { 1.0 };
        let whole = |decimals: &u32| {
            let places = shown * f64::from(10_u32.pow(*decimals));
            (places - places.round()).abs() < 1e-6
        };
        self.at_least_cents(Grain((0..9).find(whole).unwrap_or(9) as i32))
    }

    /// The unit in a table's header, where numbers are unrounded and unscaled.
    #[must_use]
    pub fn header(&self) -> String {
        match self {
            Self::Money(purse) => purse.currency.clone(),
            Self::Share => "share, 0 to 1".to_owned(),
            Self::Percent => "percent".to_owned(),
            Self::Plain => String::new(),
            Self::In(word) => (*word).to_owned(),
        }
    }

    /// The unit behind a name where rounded numbers stand without it.
    #[must_use]
    pub fn beside(&self) -> String {
        match self {
            Self::Share | Self::Percent => "%".to_owned(),
            other => other.header(),
        }
    }

    /// By how many places the point moves before a number is written.
    #[must_use]
    pub fn shift(&self) -> i32 {
        if *self == Self::Share { 2 } else { 0 }
    }

    fn written(&self, value: f64, grain: Grain, sign: Sign, of_hundred: &str) -> String {
        let Written { sign, digits } = digits(value, self.shift(), grain, sign);
        match self {
            Self::Money(purse) => format!("{sign}{}{digits}", purse.symbol()),
            Self::Share | Self::Percent => format!("{sign}{digits}{NO_BREAK_SPACE}{of_hundred}"),
            Self::Plain => format!("{sign}{digits}"),
            Self::In(word) => format!("{sign}{digits}{NO_BREAK_SPACE}{word}"),
        }
    }
}

/// A written number, its sign apart.
struct Written {
    sign: String,
    digits: String,
}

impl Written {
    fn join(self) -> String {
        self.sign + &self.digits
    }
}

/// Sign and digits of `value` with its point moved right by `shift`; what rounds to zero has no sign.
fn digits(value: f64, shift: i32, grain: Grain, sign: Sign) -> Written {
    if !value.is_finite() {
        return Written { sign: String::new(), digits: NOTHING.to_owned() };
    }
    let plain = rounded(value.abs(), shift, grain.0);
    let sign = match sign {
        _ if !has_digit(&plain) => String::new(),
        _ if value < 0.0 => MINUS.to_string(),
        Sign::Both => "+".to_owned(),
        Sign::Negative => String::new(),
    };
    Written { sign, digits: grouped(&plain) }
}

/// Whether a text holds a digit other than zero.
fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
}

/// A number that is not negative, rounded half away from zero on its shortest decimal, with `places` digits after the point.
fn rounded(value: f64, shift: i32, places: i32) -> String {
    let text = value.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    // Digits without the point; the point stands behind the first `point` of them.
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|byte| byte - b'0').collect();
    let point = whole.len() as i32 + shift;
    let kept = point + places;
    let up = usize::try_from(kept).ok().and_then(|kept| digits.get(kept)).is_some_and(|digit| *digit >= 5);
    let kept = usize::try_from(kept).unwrap_or(0);
    digits.resize(kept, 0);
    let mut point = point;
    if up {
        point += i32::from(carried(&mut digits));
    }
    // Places before the point that were cut come back as zeros.
    let wanted = usize::try_from(point + places.max(0)).unwrap_or(0);
    digits.resize(wanted, 0);
    let mut letters: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
    let places = usize::try_from(places).unwrap_or(0);
    while letters.len() <= places {
        letters.insert(0, '0');
    }
    let (whole, fraction) = letters.split_at(letters.len() - places);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

/// Adds one to the last digit; whether that made one digit more.
fn carried(digits: &mut Vec<u8>) -> bool {
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return false;
        }
        *digit = 0;
    }
    digits.insert(0, 1);
    true
}

/// Power of ten of the first digit; `None` for zero and what is not finite.
fn magnitude(value: f64) -> Option<i32> {
    // A hair upwards, so that what should be 0.1 and is a hair less has the digits of 0.1.
    let size = value.abs() * (1.0 + 1e-9);
    if size <= 0.0 || !size.is_finite() {
        return None;
    }
    let text = size.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let found = if whole == "0" {
        -1 - fraction.bytes().take_while(|byte| *byte == b'0').count() as i32
    } else {
        whole.len() as i32 - 1
    };
    Some(found)
}

/// Digits with thousands set apart by commas.
fn grouped(digits: &str) -> String {
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
#[must_use]
pub fn count(value: impl TryInto<u64>) -> String {
    grouped(&value.try_into().unwrap_or(u64::MAX).to_string())
}

/// `1 world`, `8 worlds`.
#[must_use]
pub fn counted(value: u64, one: &str) -> String {
    if value == 1 { format!("1 {one}") } else { format!("{} {one}s", count(value)) }
}

/// An exact decimal, as money is stored in documents (`-1203.40`), for reading: `−1,203.40`.
#[must_use]
pub fn decimal(text: &str) -> String {
    match text.strip_prefix('-') {
        Some(digits) => format!("{MINUS}{}", grouped(digits)),
        None => grouped(text),
    }
}

/// A number with so many digits after the point.
#[must_use]
pub fn fixed(value: f64, decimals: i32) -> String {
    Unit::Plain.bare(value, Grain(decimals))
}

/// A plain number rounded to `digits` significant digits, without needless zeros behind the point.
#[must_use]
pub fn significant(value: f64, digits: i32) -> String {
    let Some(magnitude) = magnitude(value) else {
        return if value == 0.0 { "0".to_owned() } else { NOTHING.to_owned() };
    };
    let text = Unit::Plain.bare(value, Grain((digits - 1 - magnitude).min(15)));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A length of time: `41 s`, `3 min 20 s`, `2 h 05 min`.
#[must_use]
pub fn seconds(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    match whole {
        0 => format!("{} s", fixed(seconds.max(0.0), 2)),
        1..=9 => format!("{} s", fixed(seconds, 1)),
        10..=119 => format!("{whole} s"),
        120..=7_199 => format!("{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} min", whole / 3_600, whole % 3_600 / 60),
    }
}

/// A size: `950 bytes`, `12 kB`, `2.5 MB`, `270 MB`.
#[must_use]
pub fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes < 1_000 {
        return format!("{bytes} bytes");
    }
    let (mut size, mut unit) = (bytes as f64 / 1_000.0, 0);
    while size >= 999.5 && unit + 1 < UNITS.len() {
        size /= 1_000.0;
        unit += 1;
    }
    format!("{} {}", fixed(size, i32::from(size < 9.95)), UNITS[unit])
}

#[cfg(test)]
mod tests;
