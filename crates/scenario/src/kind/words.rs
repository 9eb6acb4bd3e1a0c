//! Reading of texts, names, dates, lists, treatments, caps and budgets.

use super::{Refusal, Value, WEEKDAYS};
use crate::policy::{Amount, Budget, Cap};
use crate::tree::{Data, Node};
use crate::units::{self, Currency, MoneyFault};
use counterfoil_core::money::Money;
use counterfoil_core::time::Calendar;
use counterfoil_core::treatment::{TreatmentId, TreatmentSpec};

pub(super) fn read_text(node: &Node) -> Result<Value, Refusal> {
    match &node.data {
        Data::Text(text) if !text.trim().is_empty() => Ok(Value::Text(text.clone())),
        _ => Err(Refusal::new("a text in quotes is wanted")),
    }
}

pub(super) fn read_texts(node: &Node) -> Result<Vec<String>, Refusal> {
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

/// Longest name of an arm or a treatment.
pub const NAME_CHARS_MAX: usize = 64;

/// Whether a text can be the name of an arm or a treatment.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= NAME_CHARS_MAX
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// A text turned into a name, as a proposal.
pub(crate) fn as_name(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    if words.is_empty() { "my-name".to_owned() } else { words.join("-") }
}

pub(super) fn read_name(node: &Node) -> Result<Value, Refusal> {
    let allowed = "a name has lower-case letters, digits and hyphens only";
    match &node.data {
        Data::Text(text) if is_name(text) => Ok(Value::Text(text.clone())),
        Data::Text(text) if text.chars().count() > NAME_CHARS_MAX => {
            Err(Refusal::new(format!("a name has at most {NAME_CHARS_MAX} characters")))
        }
        Data::Text(text) => Err(Refusal::new(allowed).example(format!("\"{}\"", as_name(text)))),
        _ => Err(Refusal::new(allowed)),
    }
}

pub(super) fn read_word(node: &Node, words: &[&str]) -> Result<Value, Refusal> {
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

pub(super) fn read_date(node: &Node) -> Result<Value, Refusal> {
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

pub(super) fn read_weights(node: &Node, count: usize) -> Result<Value, Refusal> {
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

pub(super) fn read_weekdays(node: &Node) -> Result<Value, Refusal> {
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
        !discount || matches!(spec.kind.gives(), counterfoil_core::Gives::ShareOfGoods(_))
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

pub(super) fn read_treatment(
    node: &Node,
    treatments: &[TreatmentSpec],
    discount: bool,
) -> Result<Value, Refusal> {
    match &node.data {
        Data::Text(text) if text == "none" => Ok(Value::Treatments(Vec::new())),
        Data::Text(text) => treatment_named(text, treatments, discount).map(|id| Value::Treatments(vec![id])),
        _ => treatment_named("", treatments, discount).map(|id| Value::Treatments(vec![id])),
    }
}

pub(super) fn read_treatments(node: &Node, treatments: &[TreatmentSpec]) -> Result<Value, Refusal> {
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

/// Largest budget in minor units: times the largest population it still fits into 64 bits.
const BUDGET_MAX: i64 = 1_000_000_000_000;

/// Caps of one list: every offer is held against each.
pub(crate) const CAPS_MAX: usize = 16;

fn cap_refusal() -> Refusal {
    Refusal::new("a cap is a count per a number of whole days").example("\"2 per 7 days\"")
}

pub(super) fn read_caps(node: &Node) -> Result<Value, Refusal> {
    let list = || cap_refusal().example("[\"2 per 7 days\"]");
    let texts = read_texts(node).map_err(|_| list())?;
    if texts.len() > CAPS_MAX {
        return Err(Refusal::new(format!("at most {CAPS_MAX} caps stand in one list")));
    }
    let caps: Option<Vec<Cap>> = texts.iter().map(|text| units::cap(text)).collect();
    caps.map(Value::Caps).ok_or_else(list)
}

pub(super) fn read_cap_or_none(node: &Node) -> Result<Value, Refusal> {
    match &node.data {
        Data::Text(text) if text == "none" => Ok(Value::Caps(Vec::new())),
        Data::Text(text) => units::cap(text).map(|cap| Value::Caps(vec![cap])).ok_or_else(cap_refusal),
        _ => Err(cap_refusal()),
    }
}

pub(super) fn read_budget(node: &Node, currency: &Currency) -> Result<Value, Refusal> {
    let code = &currency.code;
    let refusal = || {
        let allowed = "a budget is an amount, not negative, or 0 to 100 % of a typical order, per shopper or per world, or \"none\"";
        Refusal::new(allowed).example(format!("\"{} per shopper\"", currency.write(Money(25))))
    };
    match &node.data {
        Data::Text(text) if text == "none" => Ok(Value::Budget(None)),
        Data::Text(text) => match units::budget(text, currency) {
            Ok(Budget::PerShopper(Amount::Money(amount)) | Budget::PerWorld(Amount::Money(amount)))
                if !(0..=BUDGET_MAX).contains(&amount.0) =>
            {
                Err(refusal())
            }
            Ok(budget) => Ok(Value::Budget(Some(budget))),
            Err(MoneyFault::Currency(_)) => Err(Refusal::new(format!("the scenario's currency is {code}"))),
            Err(_) => Err(refusal()),
        },
        _ => Err(refusal()),
    }
}
