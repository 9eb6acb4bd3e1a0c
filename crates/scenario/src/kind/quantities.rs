//! Reading of counts, shares, amounts and times.

use super::{Refusal, Value};
use crate::policy::Amount;
use crate::suggest;
use crate::tree::{Data, Node};
use crate::units::{self, Currency, MoneyFault, TimeUnit};
use counterfoil_core::money::Share;

pub(super) fn read_integer(node: &Node, min: i64, max: i64) -> Result<Value, Refusal> {
    match node.data {
        Data::Integer(integer) if (min..=max).contains(&integer) => Ok(Value::Integer(integer)),
        _ => Err(Refusal::new(format!(
            "a whole number between {} and {} is wanted",
            grouped(min),
            grouped(max)
        ))),
    }
}

/// A whole number with commas between thousands, for sentences.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

pub(super) fn read_share(node: &Node, min: f64, max: f64) -> Result<Value, Refusal> {
    let allowed = || Refusal::new(format!("a share lies between {min} % and {max} %"));
    let fits = |percent: &f64| (min..=max).contains(percent);
    let plain = match &node.data {
        Data::Text(text) => {
            let found = units::percent(text);
            let share = found.filter(fits).and_then(Share::from_percent);
            return share.map(Value::Share).ok_or_else(|| {
                let bare = units::number(text).filter(fits);
                let example = found.or(bare).filter(fits).unwrap_or(15.0_f64.clamp(min, max));
                allowed().example(format!("\"{example} %\""))
            });
        }
        Data::Integer(integer) => Some(*integer as f64),
        Data::Number(number) => Some(*number),
        _ => None,
    };
    let guess = plain.map(|number| if number.abs() < 1.0 { percent_of(number) } else { number }).filter(fits);
    let refusal = allowed().example(format!("\"{} %\"", guess.unwrap_or(15.0_f64.clamp(min, max))));
    Err(match guess {
        Some(percent) => refusal.remark(format!(" for {percent} percent")),
        None => refusal,
    })
}

/// A fraction as a percentage without the noise of binary digits.
fn percent_of(fraction: f64) -> f64 {
    (fraction * 1_000_000.0).round() / 10_000.0
}

pub(super) fn read_money(node: &Node, min: f64, max: f64, currency: &Currency) -> Result<Value, Refusal> {
    let code = &currency.code;
    let shown = |amount: f64| format!("{amount:.*} {code}", currency.decimals as usize);
    let largest = grouped(max as i64);
    let allowed = || Refusal::new(format!("an amount between {} and {largest} {code} is wanted", shown(min)));
    let example = |amount: f64| format!("\"{}\"", shown(amount));
    let amount = match &node.data {
        Data::Text(text) => units::money(text, currency).map_err(|fault| match fault {
            MoneyFault::Form => {
                let bare = units::number(text).filter(|amount| (min..=max).contains(amount));
                allowed().example(example(bare.unwrap_or(12.0_f64.clamp(min, max))))
            }
            MoneyFault::Currency(_) => Refusal::new(format!("the scenario's currency is {code}")),
            MoneyFault::Digits => Refusal::new(format!("{code} has {} decimals", currency.decimals)),
        })?,
        Data::Integer(_) | Data::Number(_) => {
            let bare = if let Data::Number(number) = node.data { number } else { integer_of(node) };
            let fits = (min..=max).contains(&bare);
            return Err(allowed().example(example(if fits { bare } else { 12.0_f64.clamp(min, max) })));
        }
        _ => return Err(allowed().example(example(12.0_f64.clamp(min, max)))),
    };
    let scale = 10_i64.pow(currency.decimals) as f64;
    if (min * scale..=max * scale).contains(&amount.as_f64()) {
        Ok(Value::Money(amount))
    } else {
        Err(allowed())
    }
}

pub(super) fn read_money_or_none(
    node: &Node,
    min: f64,
    max: f64,
    currency: &Currency,
) -> Result<Value, Refusal> {
    match &node.data {
        Data::Text(text) if text == "none" => Ok(Value::MoneyOrNone(None)),
        _ => match read_money(node, min, max, currency)? {
            Value::Money(amount) => Ok(Value::MoneyOrNone(Some(amount))),
            _ => unreachable!("an amount is read as an amount"),
        },
    }
}

/// An amount of money, or a share of a typical order.
pub(super) fn read_amount(node: &Node, min: f64, max: f64, currency: &Currency) -> Result<Value, Refusal> {
    match &node.data {
        Data::Text(text) if text.contains('%') => {
            let refusal = || {
                Refusal::new("a share of a typical order lies between 0 % and 100 %")
                    .example("\"2 % of a typical order\"")
            };
            units::of_typical_order(text).map(Value::Amount).ok_or_else(refusal)
        }
        _ => match read_money(node, min, max, currency)? {
            Value::Money(amount) => Ok(Value::Amount(Amount::Money(amount))),
            _ => unreachable!("an amount is read as an amount"),
        },
    }
}

fn integer_of(node: &Node) -> f64 {
    if let Data::Integer(integer) = node.data { integer as f64 } else { f64::NAN }
}

pub(super) fn read_duration(
    node: &Node,
    unit: TimeUnit,
    bounds: (f64, f64),
    whole: bool,
) -> Result<Value, Refusal> {
    let (min, max) = bounds;
    let word = unit.word();
    let kind = if whole { format!("a whole number of {word}") } else { "a time".to_owned() };
    let largest = grouped(max as i64);
    let allowed = || Refusal::new(format!("{kind} between {min} and {largest} {word} is wanted"));
    let example = |amount: f64| {
        let fit = if (min..=max).contains(&amount) { amount } else { 28.0_f64.clamp(min, max) };
        allowed().example(format!("\"{fit} {word}\""))
    };
    match &node.data {
        Data::Text(text) => match units::duration(text, unit) {
            Some(amount) if !(min..=max).contains(&amount) || (whole && amount.fract() != 0.0) => {
                Err(allowed())
            }
            Some(amount) => Ok(Value::Number(amount)),
            None => Err(match units::duration_parts(text) {
                Some((amount, word)) => {
                    let near = suggest::nearest(word, units::TIME_WORDS.into_iter()).unwrap_or(unit.word());
                    allowed().example(format!("\"{amount} {near}\""))
                }
                None => example(units::number(text).unwrap_or(f64::NAN)),
            }),
        },
        Data::Integer(integer) => Err(example(*integer as f64)),
        Data::Number(number) => Err(example(*number)),
        _ => Err(example(f64::NAN)),
    }
}
