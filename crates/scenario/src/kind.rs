//! What a value of a file may look like: its form, its unit and its range. Reading and writing of single values.
//!
//! # Promises
//! - [`Kind::write`] of what [`Kind::read`] returned is read back to the same value.
//! - A refused value says what is allowed in a merchant's words, with the repaired value as hint where one can be guessed.
//!
//! # Where to start
//! [`Kind`], then [`Kind::read`].

mod describe;
mod quantities;
mod words;

pub(crate) use quantities::grouped;
pub use words::NAME_CHARS_MAX;
pub(crate) use words::{CAPS_MAX, as_name, is_name};

use crate::policy::{Amount, Budget, Cap};
use crate::tree::{Data, Node};
use crate::units::{self, Currency, TimeUnit};
use counterfoil_core::money::{Money, Share};
use counterfoil_core::time::{Calendar, Day};
use counterfoil_core::treatment::{TreatmentId, TreatmentSpec};
use quantities::{read_amount, read_duration, read_integer, read_money, read_money_or_none, read_share};
use words::{
    read_budget, read_cap_or_none, read_caps, read_date, read_name, read_text, read_texts, read_treatment,
    read_treatments, read_weekdays, read_weights, read_word,
};

/// Names of the weekdays in files, Monday first.
pub const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Form, unit and range of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A whole number.
    Integer {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// A plain number.
    Number {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
        /// What one of it is: `utils`, `per week`; empty for a pure number.
        unit: &'static str,
    },
    /// A percentage; bounds are percentages.
    Share {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
    /// An amount in the scenario's currency; bounds are in whole units of it.
    Money {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
    /// The same, or `"none"`.
    MoneyOrNone {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
    /// The same, or a share of a typical order.
    Amount {
        /// Smallest, in major units.
        min: f64,
        /// Largest, in major units.
        max: f64,
    },
    /// A length of time; bounds are in its unit.
    Duration {
        /// Unit of bounds and of the model.
        unit: TimeUnit,
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
        /// Whether only whole units are allowed.
        whole: bool,
        /// Whether `"none"` may be written for zero.
        none: bool,
    },
    /// True or false.
    Flag,
    /// Any text that is not empty.
    Text,
    /// A list of texts.
    Texts,
    /// A name of lower-case letters, digits and hyphens.
    Name,
    /// One of a few words.
    OneOf(&'static [&'static str]),
    /// A calendar date.
    Date,
    /// An ISO 4217 code.
    Currency,
    /// A policy's name or path, or `"none"`.
    PolicyOrNone,
    /// Numbers above zero, this many, with mean 1.
    Weights(usize),
    /// A list of weekdays.
    Weekdays,
    /// A treatment of the scenario.
    Treatment,
    /// A list of treatments of the scenario.
    Treatments,
    /// A percentage discount of the scenario.
    Discount,
    /// A list of caps.
    Caps,
    /// A cap or `"none"`.
    CapOrNone,
    /// A budget or `"none"`.
    BudgetOrNone,
}

/// A value that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Integer(i64),
    Number(f64),
    Share(Share),
    Money(Money),
    MoneyOrNone(Option<Money>),
    Amount(Amount),
    Flag(bool),
    Text(String),
    Texts(Vec<String>),
    Date(Calendar),
    Numbers(Vec<f64>),
    Weekdays(Vec<u8>),
    Treatments(Vec<TreatmentId>),
    Caps(Vec<Cap>),
    Budget(Option<Budget>),
}

/// What values are read against.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    /// Currency of the scenario.
    pub currency: &'a Currency,
    /// Treatments of the scenario; empty while the scenario itself is read.
    pub treatments: &'a [TreatmentSpec],
}

/// Why a value was refused: what is allowed, and what to write.
pub(crate) struct Refusal {
    pub allowed: String,
    /// Written behind `key = `; `None` where nothing can be guessed.
    pub example: Option<String>,
    /// Said behind the example.
    pub remark: String,
}

impl Refusal {
    fn new(allowed: impl Into<String>) -> Self {
        Self { allowed: allowed.into(), example: None, remark: String::new() }
    }
    fn example(mut self, example: impl Into<String>) -> Self {
        self.example = Some(example.into());
        self
    }
    fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remark = remark.into();
        self
    }
}

impl Kind {
    /// Reads a value of this kind.
    pub(crate) fn read(&self, node: &Node, context: &Context) -> Result<Value, Refusal> {
        match *self {
            Self::Integer { min, max } => read_integer(node, min, max),
            Self::Number { min, max, .. } => self.read_number(node, min, max),
            Self::Share { min, max } => read_share(node, min, max),
            Self::Money { min, max } => read_money(node, min, max, context.currency),
            Self::MoneyOrNone { min, max } => read_money_or_none(node, min, max, context.currency),
            Self::Amount { min, max } => read_amount(node, min, max, context.currency),
            Self::Duration { unit, min, max, whole, none } => match &node.data {
                Data::Text(text) if none && text == "none" => Ok(Value::Number(0.0)),
                _ => read_duration(node, unit, (min, max), whole),
            },
            Self::Flag => match node.data {
                Data::Flag(flag) => Ok(Value::Flag(flag)),
                _ => Err(Refusal::new("only `true` and `false` are allowed").example("true")),
            },
            Self::Text => read_text(node),
            Self::Texts => read_texts(node).map(Value::Texts),
            Self::Name => read_name(node),
            Self::OneOf(words) => read_word(node, words),
            Self::Date => read_date(node),
            Self::Currency => match &node.data {
                Data::Text(code) if Currency::of(code).is_some() => Ok(Value::Text(code.clone())),
                _ => Err(Refusal::new("a currency is a code of three capital letters (ISO 4217)")
                    .example("\"EUR\"")),
            },
            Self::PolicyOrNone => read_text(node).map_err(|_| {
                Refusal::new("a policy's name, its path or \"none\" is wanted").example("\"none\"")
            }),
            Self::Weights(count) => read_weights(node, count),
            Self::Weekdays => read_weekdays(node),
            Self::Treatment => read_treatment(node, context.treatments, false),
            Self::Discount => read_treatment(node, context.treatments, true),
            Self::Treatments => read_treatments(node, context.treatments),
            Self::Caps => read_caps(node),
            Self::CapOrNone => read_cap_or_none(node),
            Self::BudgetOrNone => read_budget(node, context.currency),
        }
    }

    fn read_number(&self, node: &Node, min: f64, max: f64) -> Result<Value, Refusal> {
        let allowed =
            || Refusal::new(format!("a number between {min} and {max} is wanted{}", self.unit_note()));
        let number = match &node.data {
            Data::Integer(integer) => *integer as f64,
            Data::Number(number) => *number,
            Data::Text(text) => {
                let guess = units::number(text).filter(|number| (min..=max).contains(number));
                let refusal = allowed();
                return Err(match guess {
                    Some(number) => refusal.example(number.to_string()).remark(" without quotes"),
                    None => refusal,
                });
            }
            _ => return Err(allowed()),
        };
        if (min..=max).contains(&number) { Ok(Value::Number(number)) } else { Err(allowed()) }
    }

    fn unit_note(&self) -> String {
        match self {
            Self::Number { unit, .. } if !unit.is_empty() => format!(" ({unit})"),
            _ => String::new(),
        }
    }

    /// Writes a value of this kind as TOML.
    pub(crate) fn write(&self, value: &Value, context: &Context) -> String {
        let name = |id: &TreatmentId| quoted(&context.treatments[id.index()].name);
        match (self, value) {
            (Self::Duration { unit, .. }, Value::Number(number)) => {
                quoted(&units::write_duration(*number, *unit))
            }
            (Self::CapOrNone, Value::Caps(caps)) => {
                quoted(&caps.first().map_or_else(|| "none".to_owned(), |&cap| units::write_cap(cap)))
            }
            (Self::Treatment | Self::Discount, Value::Treatments(ids)) => {
                ids.first().map_or_else(|| quoted("none"), name)
            }
            (_, Value::Integer(integer)) => integer.to_string(),
            (_, Value::Number(number)) => number.to_string(),
            (_, Value::Share(share)) => quoted(&units::write_share(*share)),
            (_, Value::Money(amount)) => quoted(&context.currency.write(*amount)),
            (_, Value::MoneyOrNone(None)) => quoted("none"),
            (_, Value::MoneyOrNone(Some(amount))) => quoted(&context.currency.write(*amount)),
            (_, Value::Amount(amount)) => quoted(&units::write_amount(*amount, context.currency)),
            (_, Value::Flag(flag)) => flag.to_string(),
            (_, Value::Text(text)) => quoted(text),
            (_, Value::Texts(texts)) => list(texts.iter().map(|text| quoted(text))),
            (_, Value::Date(calendar)) => {
                let (year, month, day) = calendar.date(Day(0));
                quoted(&format!("{year:04}-{month:02}-{day:02}"))
            }
            (_, Value::Numbers(numbers)) => list(numbers.iter().map(f64::to_string)),
            (_, Value::Weekdays(days)) => list(days.iter().map(|&day| quoted(WEEKDAYS[day as usize % 7]))),
            (_, Value::Treatments(ids)) => list(ids.iter().map(name)),
            (_, Value::Caps(caps)) => list(caps.iter().map(|&cap| quoted(&units::write_cap(cap)))),
            (_, Value::Budget(None)) => quoted("none"),
            (_, Value::Budget(Some(budget))) => quoted(&units::write_budget(*budget, context.currency)),
        }
    }
}

/// A text as a TOML string.
pub(crate) fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string().trim().to_owned()
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}
