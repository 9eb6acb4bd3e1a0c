//! What a value of a file may look like: its form, its unit and its range. Reading and writing of single values.
//!
//! # Promises
//! - [`Kind::write`] of what [`Kind::read`] returned is read back to the same value.
//! - A refused value says what is allowed in a merchant's words, with the repaired value as hint where one can be guessed.
//!
//! # Where to start
//! [`Kind`], then [`Kind::read`].

use crate::policy::{Budget, Cap};
use crate::tree::{Data, Node};
use crate::units::{self, Currency, MoneyFault, TimeUnit};
use counterfoil_core::money::{Money, Share};
use counterfoil_core::time::{Calendar, Day};
use counterfoil_core::treatment::{TreatmentId, TreatmentSpec};

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
                quoted(&format!("{number} {}", unit.word()))
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

fn read_integer(node: &Node, min: i64, max: i64) -> Result<Value, Refusal> {
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

fn read_share(node: &Node, min: f64, max: f64) -> Result<Value, Refusal> {
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

fn read_money(node: &Node, min: f64, max: f64, currency: &Currency) -> Result<Value, Refusal> {
    let code = &currency.code;
    let shown = |amount: f64| format!("{amount:.*} {code}", currency.decimals as usize);
    let allowed = || Refusal::new(format!("an amount between {} and {} is wanted", shown(min), shown(max)));
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
    let scale = 10_f64.powi(currency.decimals as i32);
    if (min * scale..=max * scale).contains(&amount.as_f64()) {
        Ok(Value::Money(amount))
    } else {
        Err(allowed())
    }
}

fn integer_of(node: &Node) -> f64 {
    if let Data::Integer(integer) = node.data { integer as f64 } else { f64::NAN }
}

fn read_duration(node: &Node, unit: TimeUnit, bounds: (f64, f64), whole: bool) -> Result<Value, Refusal> {
    let (min, max) = bounds;
    let word = unit.word();
    let kind = if whole { "a whole number of" } else { "a time in" };
    let allowed = || Refusal::new(format!("{kind} {word} between {min} {word} and {max} {word} is wanted"));
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
            None => Err(example(units::number(text).unwrap_or(f64::NAN))),
        },
        Data::Integer(integer) => Err(example(*integer as f64)),
        Data::Number(number) => Err(example(*number)),
        _ => Err(example(f64::NAN)),
    }
}

fn read_text(node: &Node) -> Result<Value, Refusal> {
    match &node.data {
        Data::Text(text) if !text.trim().is_empty() => Ok(Value::Text(text.clone())),
        _ => Err(Refusal::new("a text in quotes is wanted")),
    }
}

fn read_texts(node: &Node) -> Result<Vec<String>, Refusal> {
    let refusal = || Refusal::new("a list of texts is wanted").example("[\"first\", \"second\"]");
    let Data::List(nodes) = &node.data else { return Err(refusal()) };
    nodes
        .iter()
        .map(|node| match &node.data {
            Data::Text(text) => Ok(text.clone()),
            _ => Err(refusal()),
        })
        .collect()
}

/// Whether a text can be the name of an arm or a treatment.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// A text turned into a name, as a proposal.
pub(crate) fn as_name(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    if words.is_empty() { "my-name".to_owned() } else { words.join("-") }
}

fn read_name(node: &Node) -> Result<Value, Refusal> {
    let allowed = "a name has lower-case letters, digits and hyphens only";
    match &node.data {
        Data::Text(text) if is_name(text) => Ok(Value::Text(text.clone())),
        Data::Text(text) => Err(Refusal::new(allowed).example(format!("\"{}\"", as_name(text)))),
        _ => Err(Refusal::new(allowed)),
    }
}

fn read_word(node: &Node, words: &[&str]) -> Result<Value, Refusal> {
    match &node.data {
        Data::Text(text) if words.contains(&text.as_str()) => Ok(Value::Text(text.clone())),
        Data::Text(text) => Err(one_of(text, words)),
        _ => Err(one_of("", words)),
    }
}

/// "only A, B, C are allowed", with the nearest one as example.
fn one_of(found: &str, words: &[&str]) -> Refusal {
    let refusal = Refusal::new(match words {
        [] => "there is nothing to choose from".to_owned(),
        [only] => format!("only {only} is allowed"),
        _ => format!("only {} are allowed", words.join(", ")),
    });
    match crate::suggest::nearest(found, words.iter().copied()) {
        Some(near) => refusal.example(format!("\"{near}\"")),
        None => refusal,
    }
}

fn read_date(node: &Node) -> Result<Value, Refusal> {
    let text = match &node.data {
        Data::Text(text) | Data::Date(text) => text.as_str(),
        _ => "",
    };
    let calendar = || {
        let mut parts = text.splitn(3, '-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return None;
        }
        let year = year.parse().ok().filter(|year| (1970..=2200).contains(year))?;
        let month: u32 = month.parse().ok().filter(|month| (1..=12).contains(month))?;
        Calendar::starting(year, month, day.parse().ok()?)
    };
    calendar().map(Value::Date).ok_or_else(|| {
        Refusal::new("a date that exists is wanted, as year-month-day from 1970 to 2200")
            .example("\"2026-01-05\"")
    })
}

fn read_weights(node: &Node, count: usize) -> Result<Value, Refusal> {
    let refusal =
        || Refusal::new(format!("a list of {count} numbers above 0 and up to 20 with mean 1 is wanted"));
    let Data::List(nodes) = &node.data else { return Err(refusal()) };
    let numbers: Vec<f64> = nodes
        .iter()
        .filter_map(|node| match node.data {
            Data::Integer(integer) => Some(integer as f64),
            Data::Number(number) => Some(number),
            _ => None,
        })
        .filter(|number| *number > 0.0 && *number <= 20.0)
        .collect();
    if numbers.len() != count || nodes.len() != count {
        return Err(refusal());
    }
    let mean = numbers.iter().sum::<f64>() / count as f64;
    if (mean - 1.0).abs() > 0.005 {
        return Err(refusal().remark(format!("the mean of these is {mean:.3}; divide each by it")));
    }
    Ok(Value::Numbers(numbers))
}

fn read_weekdays(node: &Node) -> Result<Value, Refusal> {
    let names = read_texts(node)
        .map_err(|_| Refusal::new("a list of weekdays is wanted").example("[\"thursday\"]"))?;
    let mut days = Vec::new();
    for name in &names {
        let day = WEEKDAYS.iter().position(|weekday| weekday == name).ok_or_else(|| {
            let near = crate::suggest::nearest(name, WEEKDAYS.iter().copied()).unwrap_or("thursday");
            Refusal::new(format!("weekdays are {}", WEEKDAYS.join(", "))).example(format!("[\"{near}\"]"))
        })?;
        days.push(day as u8);
    }
    days.sort_unstable();
    days.dedup();
    if days.len() < names.len() || days.is_empty() {
        return Err(Refusal::new("every weekday stands in the list at most once, and at least one does"));
    }
    Ok(Value::Weekdays(days))
}

fn treatment_named(text: &str, treatments: &[TreatmentSpec], discount: bool) -> Result<TreatmentId, Refusal> {
    let fits = |spec: &TreatmentSpec| {
        !discount || matches!(spec.kind, counterfoil_core::treatment::TreatmentKind::Percent(_))
    };
    match treatments.iter().position(|spec| spec.name == text) {
        Some(place) if fits(&treatments[place]) => Ok(TreatmentId(place as u8)),
        found => {
            let names: Vec<&str> =
                treatments.iter().filter(|spec| fits(spec)).map(|spec| spec.name.as_str()).collect();
            let what = if discount { "percentage discounts" } else { "treatments" };
            let refusal = Refusal::new(match names.as_slice() {
                [] => format!("the scenario has no {what}"),
                _ => format!("the scenario's {what} are {}", names.join(", ")),
            });
            let near = crate::suggest::nearest(text, names.iter().copied());
            Err(match near {
                Some(near) if found.is_none() => refusal.example(format!("\"{near}\"")),
                _ => refusal,
            })
        }
    }
}

fn read_treatment(node: &Node, treatments: &[TreatmentSpec], discount: bool) -> Result<Value, Refusal> {
    match &node.data {
        Data::Text(text) if text == "none" => Ok(Value::Treatments(Vec::new())),
        Data::Text(text) => treatment_named(text, treatments, discount).map(|id| Value::Treatments(vec![id])),
        _ => treatment_named("", treatments, discount).map(|id| Value::Treatments(vec![id])),
    }
}

fn read_treatments(node: &Node, treatments: &[TreatmentSpec]) -> Result<Value, Refusal> {
    let names = read_texts(node)
        .map_err(|_| Refusal::new("a list of treatments is wanted").example("[\"reassurance\"]"))?;
    let mut ids = Vec::new();
    for name in &names {
        let id = treatment_named(name, treatments, false).map_err(|refusal| Refusal {
            allowed: format!("there is no \"{name}\": {}", refusal.allowed),
            remark: refusal.example.map_or_else(String::new, |near| format!("did you mean {near}?")),
            example: None,
        })?;
        if ids.contains(&id) {
            return Err(Refusal::new(format!("\"{name}\" stands in it twice")));
        }
        ids.push(id);
    }
    Ok(Value::Treatments(ids))
}

fn cap_refusal() -> Refusal {
    Refusal::new("a cap is a count per a number of whole days").example("\"2 per 7 days\"")
}

fn read_caps(node: &Node) -> Result<Value, Refusal> {
    let list = || cap_refusal().example("[\"2 per 7 days\"]");
    let texts = read_texts(node).map_err(|_| list())?;
    let caps: Option<Vec<Cap>> = texts.iter().map(|text| units::cap(text)).collect();
    caps.map(Value::Caps).ok_or_else(list)
}

fn read_cap_or_none(node: &Node) -> Result<Value, Refusal> {
    match &node.data {
        Data::Text(text) if text == "none" => Ok(Value::Caps(Vec::new())),
        Data::Text(text) => units::cap(text).map(|cap| Value::Caps(vec![cap])).ok_or_else(cap_refusal),
        _ => Err(cap_refusal()),
    }
}

fn read_budget(node: &Node, currency: &Currency) -> Result<Value, Refusal> {
    let code = &currency.code;
    let refusal = || {
        Refusal::new("a budget is an amount, not negative, per shopper or per world, or \"none\"")
            .example(format!("\"{:.*} {code} per shopper\"", currency.decimals as usize, 0.25))
    };
    match &node.data {
        Data::Text(text) if text == "none" => Ok(Value::Budget(None)),
        Data::Text(text) => match units::budget(text, currency) {
            Ok(Budget::PerShopper(amount) | Budget::PerWorld(amount)) if amount < Money::ZERO => {
                Err(refusal())
            }
            Ok(budget) => Ok(Value::Budget(Some(budget))),
            Err(MoneyFault::Currency(_)) => Err(Refusal::new(format!("the scenario's currency is {code}"))),
            Err(_) => Err(refusal()),
        },
        _ => Err(refusal()),
    }
}
