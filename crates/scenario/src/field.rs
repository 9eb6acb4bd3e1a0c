//! The field table: one row per key of a file, which drives reading, writing, unknown keys, the schema and the docs.
//!
//! # Promises
//! - A key that is read has a row; a key without a row is an error. So nothing a user writes is silently ignored.
//! - The default of a field is its value in the shipped default scenario, its source the comment on that line.
//!
//! # Where to start
//! [`Field`], then [`read_table`].

use crate::kind::{Context, Kind, Value};
use crate::model::ChoiceForm;
use crate::policy::{Amount, Budget, Cap};
use crate::problem::{self, Problem, Spot};
use crate::suggest;
use crate::tree::{self, Entry, Node};
use counterfoil_core::money::{Money, Share};
use counterfoil_core::time::Calendar;
use counterfoil_core::treatment::TreatmentId;

/// One row of the table.
pub(crate) struct Field<T> {
    /// Dotted key below the table that is read.
    pub key: &'static str,
    /// Form, unit, range.
    pub kind: Kind,
    /// Where its value is kept.
    pub place: for<'a> fn(&'a mut T) -> Place<'a>,
    /// What it means.
    pub doc: &'static str,
    /// Whether a file without it is refused.
    pub required: bool,
}

/// A row: key, kind, place in the model, meaning; `required` before the key of one without a default.
macro_rules! field {
    (required $key:literal, $($rest:tt)+) => { $crate::field::field!(@ true, $key, $($rest)+) };
    (@ $required:literal, $key:literal, $kind:expr, $variant:ident($($place:tt)+), $doc:literal) => {
        $crate::field::Field {
            key: $key,
            kind: $kind,
            place: |it| $crate::field::Place::$variant(&mut it.$($place)+),
            doc: $doc,
            required: $required,
        }
    };
    ($key:literal, $($rest:tt)+) => { $crate::field::field!(@ false, $key, $($rest)+) };
}
pub(crate) use field;

/// Where a value is kept.
pub(crate) enum Place<'a> {
    U32(&'a mut u32),
    U64(&'a mut u64),
    I64(&'a mut i64),
    F64(&'a mut f64),
    Share(&'a mut Share),
    /// A share that the model keeps as a float between 0 and 1.
    Fraction(&'a mut f64),
    Money(&'a mut Money),
    OptionalMoney(&'a mut Option<Money>),
    Amount(&'a mut Amount),
    Flag(&'a mut bool),
    ChoiceForm(&'a mut ChoiceForm),
    Text(&'a mut String),
    /// A text that is absent when it reads "none".
    OptionalText(&'a mut Option<String>),
    Texts(&'a mut Vec<String>),
    Date(&'a mut Calendar),
    Weights(&'a mut [f64]),
    Weekdays(&'a mut Vec<u8>),
    Treatment(&'a mut Option<TreatmentId>),
    Treatments(&'a mut Vec<TreatmentId>),
    Caps(&'a mut Vec<Cap>),
    Cap(&'a mut Option<Cap>),
    Budget(&'a mut Option<Budget>),
}

impl Place<'_> {
    /// Keeps a value. The kinds of the table match its places, which the test `every_row_keeps_what_it_reads` proves.
    pub fn set(self, value: Value) {
        match (self, value) {
            (Self::U32(place), Value::Integer(value)) => *place = value as u32,
            (Self::U32(place), Value::Number(value)) => *place = value as u32,
            (Self::U64(place), Value::Integer(value)) => *place = value as u64,
            (Self::I64(place), Value::Number(value)) => *place = value as i64,
            // Zero has one sign, so that equal scenarios have equal documents.
            (Self::F64(place), Value::Number(value)) => *place = value + 0.0,
            (Self::Share(place), Value::Share(value)) => *place = value,
            (Self::Fraction(place), Value::Share(value)) => *place = value.fraction(),
            (Self::Money(place), Value::Money(value)) => *place = value,
            (Self::OptionalMoney(place), Value::MoneyOrNone(value)) => *place = value,
            (Self::Amount(place), Value::Amount(value)) => *place = value,
            (Self::Flag(place), Value::Flag(value)) => *place = value,
            (Self::ChoiceForm(place), Value::Text(word)) => {
                *place = ChoiceForm::of(&word).unwrap_or_default()
            }
            (Self::Text(place), Value::Text(value)) => *place = value,
            (Self::OptionalText(place), Value::Text(value)) => *place = (value != "none").then_some(value),
            (Self::Texts(place), Value::Texts(value)) => *place = value,
            (Self::Date(place), Value::Date(value)) => *place = value,
            (Self::Weights(place), Value::Numbers(value)) => place.copy_from_slice(&value),
            (Self::Weekdays(place), Value::Weekdays(value)) => *place = value,
            (Self::Treatment(place), Value::Treatments(value)) => *place = value.first().copied(),
            (Self::Treatments(place), Value::Treatments(value)) => *place = value,
            (Self::Caps(place), Value::Caps(value)) => *place = value,
            (Self::Cap(place), Value::Caps(value)) => *place = value.first().copied(),
            (Self::Budget(place), Value::Budget(value)) => *place = value,
            (_, value) => unreachable!("the field table keeps {value:?} in a place of another type"),
        }
    }

    /// What is kept, in the form that `kind` writes.
    pub fn get(self, kind: &Kind) -> Value {
        match self {
            Self::U32(place) if matches!(kind, Kind::Duration { .. }) => Value::Number(f64::from(*place)),
            Self::U32(place) => Value::Integer(i64::from(*place)),
            Self::U64(place) => Value::Integer(*place as i64),
            Self::I64(place) => Value::Number(*place as f64),
            Self::F64(place) => Value::Number(*place),
            Self::Share(place) => Value::Share(*place),
            Self::Fraction(place) => Value::Share(Share::from_percent(*place * 100.0).unwrap_or_default()),
            Self::Money(place) => Value::Money(*place),
            Self::OptionalMoney(place) => Value::MoneyOrNone(*place),
            Self::Amount(place) => Value::Amount(*place),
            Self::Flag(place) => Value::Flag(*place),
            Self::ChoiceForm(place) => Value::Text(place.word().to_owned()),
            Self::Text(place) => Value::Text(place.clone()),
            Self::OptionalText(place) => Value::Text(place.clone().unwrap_or_else(|| "none".to_owned())),
            Self::Texts(place) => Value::Texts(place.clone()),
            Self::Date(place) => Value::Date(*place),
            Self::Weights(place) => Value::Numbers(place.to_vec()),
            Self::Weekdays(place) => Value::Weekdays(place.clone()),
            Self::Treatment(place) => Value::Treatments(place.iter().copied().collect()),
            Self::Treatments(place) => Value::Treatments(place.clone()),
            Self::Caps(place) => Value::Caps(place.clone()),
            Self::Cap(place) => Value::Caps(place.iter().copied().collect()),
            Self::Budget(place) => Value::Budget(*place),
        }
    }
}

/// Reads a table against its rows into `target`. Fields that the text does not state keep the value they have there.
pub(crate) struct TableReader<'a, T: 'static> {
    /// The rows.
    pub fields: &'a [&'a Field<T>],
    /// Dotted keys below this table that are read elsewhere, with everything below them.
    pub elsewhere: &'a [&'a str],
    /// How keys of this table begin in messages: `treatments.sale-20`; empty at the top.
    pub prefix: &'a str,
    /// What values are read against.
    pub context: Context<'a>,
}

impl<T> TableReader<'_, T> {
    /// Reads the table; all problems are added to `problems`.
    pub fn read(&self, table: &Node, target: &mut T, problems: &mut Vec<Problem>) {
        self.walk(table, "", target, problems);
        for field in self.fields.iter().filter(|field| field.required && table.find(field.key).is_none()) {
            let what = if self.prefix.is_empty() { "every file" } else { "every such table" };
            problems.push(
                Problem::at(&table.at, &self.full(field.key), "is missing", format!("{what} states it"))
                    .hint(format!("{}: {}", field.key, field.doc)),
            );
        }
    }

    fn full(&self, path: &str) -> String {
        if self.prefix.is_empty() { path.to_owned() } else { format!("{}.{path}", self.prefix) }
    }

    fn walk(&self, table: &Node, path: &str, target: &mut T, problems: &mut Vec<Problem>) {
        for entry in table.entries().unwrap_or_default() {
            if problem::enough(problems) {
                return;
            }
            let here = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
            if self.elsewhere.contains(&here.as_str()) {
                continue;
            }
            if let Some(field) = self.fields.iter().find(|field| field.key == here) {
                self.leaf(field, &entry.node, target, problems);
            } else if self.is_table(&here) {
                if entry.node.entries().is_some() {
                    self.walk(&entry.node, &here, target, problems);
                } else {
                    problems.push(self.not_a_table(&here, &entry.node));
                }
            } else {
                problems.push(self.unknown(entry, path));
            }
        }
    }

    fn leaf(&self, field: &Field<T>, node: &Node, target: &mut T, problems: &mut Vec<Problem>) {
        match field.kind.read(node, &self.context) {
            Ok(value) => (field.place)(target).set(value),
            Err(refusal) => {
                let key = self.full(field.key);
                let last = field.key.rsplit('.').next().unwrap_or(field.key);
                let flag = node.at.file.is_empty();
                let found = format!("is {}", node.shown());
                let problem = Problem::at(&node.at, &key_at(&node.at, &key), found, refusal.allowed);
                problems.push(match refusal.example {
                    Some(example) if flag => problem.hint(format!("write {example}{}", refusal.remark)),
                    Some(example) => problem.hint(format!("write `{last} = {example}`{}", refusal.remark)),
                    None if refusal.remark.is_empty() && flag => {
                        problem.hint("leave it out to keep the scenario's own value")
                    }
                    None if refusal.remark.is_empty() => match self.default_of(field, target) {
                        Some(default) => problem.hint(format!("the default is `{last} = {default}`")),
                        None => problem.hint(format!("{}: {}", field.key, field.doc)),
                    },
                    None => problem.hint(refusal.remark),
                });
            }
        }
    }

    /// What holds where the file says nothing, as TOML; `None` where nothing that may be written does.
    fn default_of(&self, field: &Field<T>, target: &mut T) -> Option<String> {
        // An unset treatment writes as "none", which a policy that needs one does not accept.
        if field.required || matches!(field.kind, Kind::Treatment | Kind::Discount) {
            return None;
        }
        let text = field.kind.write(&(field.place)(target).get(&field.kind), &self.context);
        let tree = tree::parse(&format!("value = {text}"), "").ok()?;
        let allowed = field.kind.read(tree.find("value")?, &self.context).is_ok();
        (allowed && text != "[]").then_some(text)
    }

    fn is_table(&self, path: &str) -> bool {
        let below = |key: &str| key.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
        self.fields.iter().any(|field| below(field.key)) || self.elsewhere.iter().any(|key| below(key))
    }

    /// Keys directly below `path`.
    fn keys_below(&self, path: &str) -> Vec<&str> {
        let mut keys = Vec::new();
        let all = self.fields.iter().map(|field| field.key).chain(self.elsewhere.iter().copied());
        for key in all {
            let rest = if path.is_empty() {
                Some(key)
            } else {
                key.strip_prefix(path).and_then(|rest| rest.strip_prefix('.'))
            };
            let first = rest.and_then(|rest| rest.split('.').next());
            keys.extend(first.filter(|first| !keys.contains(first)));
        }
        keys
    }

    fn not_a_table(&self, path: &str, node: &Node) -> Problem {
        let keys = self.keys_below(path);
        let name = path.rsplit('.').next().unwrap_or(path);
        let allowed = format!("it is a table with {}", keys.join(", "));
        let problem = Problem::at(&node.at, &self.full(path), format!("is {}", node.shown()), allowed);
        match keys.as_slice() {
            ["median", "log_sd"] => {
                problem.hint(format!("write `{name} = {{ median = ..., log_sd = ... }}`"))
            }
            ["share", "mean"] => problem.hint(format!("write `{name} = {{ share = ..., mean = ... }}`")),
            _ => problem.hint(format!("write `[{}]` and the keys below it", self.full(path))),
        }
    }

    fn unknown(&self, entry: &Entry, path: &str) -> Problem {
        let keys = self.keys_below(path);
        let full = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
        let section = self.full(path);
        let home = match section.trim_end_matches('.') {
            "" => "the top of the file".to_owned(),
            section => format!("[{section}]"),
        };
        let problem = |allowed| Problem::at(&entry.at, &self.full(&full), "is not a known key", allowed);
        if let Some(near) = suggest::nearest(&entry.key, keys.iter().copied()) {
            return problem(format!("{home} has no such key")).hint(format!("did you mean `{near}`?"));
        }
        let problem = problem(format!("{home} has only {}", keys.join(", ")));
        let same_name = |field: &&&Field<T>| field.key.rsplit('.').next() == Some(entry.key.as_str());
        match self.fields.iter().find(same_name).and_then(|field| field.key.rsplit_once('.')) {
            Some((section, key)) => problem.hint(format!("`{key}` stands in [{}]", self.full(section))),
            None => problem,
        }
    }
}

/// The key in messages: the flag itself for values from the command line.
pub(crate) fn key_at(spot: &Spot, key: &str) -> String {
    if !spot.file.is_empty() {
        return key.to_owned();
    }
    match key {
        "shoppers.count" => "--shoppers".to_owned(),
        "horizon" => "--days".to_owned(),
        other => format!("--{other}"),
    }
}
