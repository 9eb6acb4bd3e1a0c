//! Quantities as people write them: `"15 %"`, `"12.00 EUR"`, `"28 days"`, `"2 per 7 days"`, `"0.25 EUR per shopper"`.
//!
//! # Promises
//! - Money is read digit by digit, never through a float; more decimals than the currency has are refused.
//! - What is written by this module is read back to the same value.

use crate::policy::{Amount, Budget, Cap};
use counterfoil_core::money::{Money, Share};

/// A currency: its code and its decimals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Currency {
    /// ISO 4217 code.
    pub code: String,
    /// Decimals (2 for EUR, 0 for JPY).
    pub decimals: u32,
}

impl Currency {
    /// The currency of a three-letter code; `None` if it is no such code. Decimals by ISO 4217.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        let decimals = match code {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND"
            | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        };
        Some(Self { code: code.to_owned(), decimals })
    }

    /// An amount as it is written in files.
    #[must_use]
    pub fn write(&self, amount: Money) -> String {
        format!("{} {}", amount.to_decimal(self.decimals), self.code)
    }
}

/// The base unit of a duration in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Days.
    Days,
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Millis,
}

impl TimeUnit {
    /// Milliseconds in one of it.
    #[must_use]
    pub fn millis(self) -> f64 {
        match self {
            Self::Days => 86_400_000.0,
            Self::Seconds => 1_000.0,
            Self::Millis => 1.0,
        }
    }

    /// How it is written.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Seconds => "s",
            Self::Millis => "ms",
        }
    }
}

/// A plain decimal number; underscores between digits are allowed, words such as `inf` are not.
pub(crate) fn number(text: &str) -> Option<f64> {
    let plain = text.replace('_', "");
    let fit =
        plain.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    plain.parse().ok().filter(|number: &f64| fit && number.is_finite())
}

/// A percentage, as the number before the sign.
pub(crate) fn percent(text: &str) -> Option<f64> {
    number(text.trim().strip_suffix('%')?.trim())
}

/// A share as it is written in files; exact to the millionth.
pub(crate) fn write_share(share: Share) -> String {
    let (whole, rest) = (share.millionths() / 10_000, share.millionths() % 10_000);
    if rest == 0 {
        return format!("{whole} %");
    }
    let digits = format!("{rest:04}");
    format!("{whole}.{} %", digits.trim_end_matches('0'))
}

/// Words for units of time.
pub(crate) const TIME_WORDS: [&str; 6] = ["ms", "s", "minutes", "hours", "days", "weeks"];

/// The number and the word of a duration, whatever the word.
pub(crate) fn duration_parts(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let split = text.find(|c: char| c.is_ascii_alphabetic())?;
    Some((number(text[..split].trim())?, text[split..].trim()))
}

/// A duration as it is written in files: in days where milliseconds make whole days, else in its unit.
pub(crate) fn write_duration(amount: f64, unit: TimeUnit) -> String {
    let days = amount / TimeUnit::Days.millis();
    if unit == TimeUnit::Millis && days >= 1.0 && days.fract() == 0.0 {
        return format!("{days} days");
    }
    format!("{amount} {}", unit.word())
}

/// A duration, in `unit`.
pub(crate) fn duration(text: &str, unit: TimeUnit) -> Option<f64> {
    let (amount, word) = duration_parts(text)?;
    let millis = match word {
        "ms" | "millisecond" | "milliseconds" => 1.0,
        "s" | "second" | "seconds" => 1_000.0,
        "min" | "minute" | "minutes" => 60_000.0,
        "h" | "hour" | "hours" => 3_600_000.0,
        "day" | "days" => 86_400_000.0,
        "week" | "weeks" => 604_800_000.0,
        _ => return None,
    };
    Some(if millis == unit.millis() { amount } else { amount * millis / unit.millis() })
}

/// Why an amount of money was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MoneyFault {
    /// Not of the form `12.00 EUR`.
    Form,
    /// In another currency.
    Currency(String),
    /// More decimals than the currency has, or too large.
    Digits,
}

/// An amount such as `12.00 EUR`.
pub(crate) fn money(text: &str, currency: &Currency) -> Result<Money, MoneyFault> {
    let (amount, code) = text.trim().rsplit_once(' ').ok_or(MoneyFault::Form)?;
    let minor = minor_units(amount.trim(), currency.decimals)?;
    if code != currency.code {
        let known = Currency::of(code).ok_or(MoneyFault::Form)?;
        return Err(MoneyFault::Currency(known.code));
    }
    Ok(minor)
}

fn minor_units(amount: &str, decimals: u32) -> Result<Money, MoneyFault> {
    let plain = amount.replace('_', "");
    let (negative, digits) = plain.strip_prefix('-').map_or((false, plain.as_str()), |rest| (true, rest));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(rest) || digits.ends_with('.') {
        return Err(MoneyFault::Form);
    }
    if rest.len() > decimals as usize {
        return Err(MoneyFault::Digits);
    }
    let padded = format!("{whole}{rest:0<width$}", width = decimals as usize);
    let minor: i64 = padded.parse().map_err(|_| MoneyFault::Digits)?;
    Ok(Money(if negative { -minor } else { minor }))
}

/// A cap such as `2 per 7 days`.
pub(crate) fn cap(text: &str) -> Option<Cap> {
    let (count, window) = text.split_once(" per ")?;
    let count: u32 = count.trim().parse().ok()?;
    let window = window.trim();
    let days = if window == "day" { 1.0 } else { duration(window, TimeUnit::Days)? };
    let whole = days >= 1.0 && days.fract() == 0.0 && days <= 10_000.0;
    (whole && count >= 1).then_some(Cap { count, days: days as u32 })
}

/// A cap as it is written in files.
pub(crate) fn write_cap(cap: Cap) -> String {
    format!("{} per {} days", cap.count, cap.days)
}

/// An amount such as `2 % of a typical order`.
pub(crate) fn of_typical_order(text: &str) -> Option<Amount> {
    let share = percent(text.trim().strip_suffix("of a typical order")?)?;
    Share::from_percent(share).map(Amount::OfTypicalOrder)
}

/// An amount as it is written in files.
pub(crate) fn write_amount(amount: Amount, currency: &Currency) -> String {
    match amount {
        Amount::Money(amount) => currency.write(amount),
        Amount::OfTypicalOrder(share) => format!("{} of a typical order", write_share(share)),
    }
}

/// A budget such as `0.25 EUR per shopper`, `0.4 % of a typical order per shopper` or `5000.00 EUR per world`.
pub(crate) fn budget(text: &str, currency: &Currency) -> Result<Budget, MoneyFault> {
    let (amount, of) = text.rsplit_once(" per ").ok_or(MoneyFault::Form)?;
    let amount = match of_typical_order(amount) {
        Some(amount) => amount,
        None => Amount::Money(money(amount, currency)?),
    };
    match of.trim() {
        "shopper" => Ok(Budget::PerShopper(amount)),
        "world" => Ok(Budget::PerWorld(amount)),
        _ => Err(MoneyFault::Form),
    }
}

/// A budget as it is written in files.
pub(crate) fn write_budget(budget: Budget, currency: &Currency) -> String {
    match budget {
        Budget::PerShopper(amount) => format!("{} per shopper", write_amount(amount, currency)),
        Budget::PerWorld(amount) => format!("{} per world", write_amount(amount, currency)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn euro() -> Currency {
        Currency::of("EUR").unwrap()
    }

    #[test]
    fn money_keeps_every_cent_and_refuses_what_the_currency_has_not() {
        assert_eq!(money("12.00 EUR", &euro()), Ok(Money(1_200)));
        assert_eq!(money("-0.5 EUR", &euro()), Ok(Money(-50)));
        assert_eq!(money("1_000 EUR", &euro()), Ok(Money(100_000)));
        assert_eq!(money("12.005 EUR", &euro()), Err(MoneyFault::Digits));
        assert_eq!(money("12.00 USD", &euro()), Err(MoneyFault::Currency("USD".to_owned())));
        assert_eq!(money("12. EUR", &euro()), Err(MoneyFault::Form));
        assert_eq!(money("EUR 12", &euro()), Err(MoneyFault::Form));
        assert_eq!(money("700 JPY", &Currency::of("JPY").unwrap()), Ok(Money(700)));
    }

    #[test]
    fn durations_convert_to_the_unit_of_the_field() {
        assert_eq!(duration("8 weeks", TimeUnit::Days), Some(56.0));
        assert_eq!(duration("72 hours", TimeUnit::Days), Some(3.0));
        assert_eq!(duration("30 s", TimeUnit::Seconds), Some(30.0));
        assert_eq!(duration("1.5 s", TimeUnit::Millis), Some(1_500.0));
        assert_eq!(duration("8 fortnights", TimeUnit::Days), None);
        assert_eq!(duration("days", TimeUnit::Days), None);
        assert_eq!(duration("inf days", TimeUnit::Days), None);
    }

    #[test]
    fn caps_and_budgets_say_their_window_and_their_scope() {
        assert_eq!(cap("2 per 7 days"), Some(Cap { count: 2, days: 7 }));
        assert_eq!(cap("1 per day"), Some(Cap { count: 1, days: 1 }));
        assert_eq!(cap("0 per 7 days"), None);
        assert_eq!(cap("2 per 36 hours"), None);
        let money = |minor| Amount::Money(Money(minor));
        assert_eq!(budget("0.25 EUR per shopper", &euro()), Ok(Budget::PerShopper(money(25))));
        assert_eq!(budget("5000.00 EUR per world", &euro()), Ok(Budget::PerWorld(money(500_000))));
        let share = Amount::OfTypicalOrder(Share::from_percent(0.4).unwrap());
        let text = "0.4 % of a typical order per shopper";
        assert_eq!(budget(text, &euro()), Ok(Budget::PerShopper(share)));
        assert_eq!(write_budget(Budget::PerShopper(share), &euro()), text);
        assert_eq!(Budget::PerShopper(share).for_world(1_000, Money(6_400)), Money(25_600));
        assert_eq!(budget("140 % of a typical order per world", &euro()), Err(MoneyFault::Form));
        assert_eq!(budget("5000.00 EUR", &euro()), Err(MoneyFault::Form));
    }

    #[test]
    fn shares_are_written_without_losing_a_millionth() {
        for millionths in [0, 1, 10, 10_000, 123_456, 150_000, 999_999, 1_000_000] {
            let share = Share::from_millionths(millionths).unwrap();
            let read = percent(&write_share(share)).and_then(Share::from_percent).unwrap();
            assert_eq!(read, share);
        }
    }
}
