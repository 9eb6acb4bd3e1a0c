//! The six dials: numbers of a scenario that can be turned without reading its text. Turning one writes into the text.
//!
//! # Promises
//! - Comments and order of the text survive; only the dial's own values change.
//! - A dial that the scenario does not have (the day of a sale where there is none) has no value and cannot be turned.
//! - What a dial wrote is a valid scenario, or nothing is written.
//!
//! # Where to start
//! [`dials`], [`dial_values`], [`set_dial`].

use crate::kind::WEEKDAYS;
use crate::model::Scenario;
use crate::overrides::Overrides;
use crate::policy::{PolicyKind, SaleCalendar};
use crate::problem::{Problem, Spot};
use crate::scenario::{default_scenario, resolve_scenario};
use crate::shelves::{Shelf, Shelves};
use crate::shipped::Source;
use crate::units::{Currency, write_share};
use crate::{parse_policy, tree};
use counterfoil_core::money::Share;
use counterfoil_core::treatment::Gives;
use std::rc::Rc;
use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value};

/// Which dial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DialId {
    /// Depth of the posted sale, percent.
    SaleDepth,
    /// Weekday of the posted sale, 0 is Monday.
    SaleDay,
    /// Gross margin at list price, percent.
    GrossMargin,
    /// Median price sensitivity, utils.
    PriceSensitivity,
    /// Visits with and without a need, in percent of the default scenario.
    VisitsPerShopper,
    /// Half-life of deal beliefs, days.
    DiscountMemory,
}

/// One dial with its range.
#[derive(Clone, Debug, PartialEq)]
pub struct DialSpec {
    /// Which one.
    pub id: DialId,
    /// Its name in messages between programs: `sale_depth`.
    pub name: &'static str,
    /// Words on screen.
    pub label: &'static str,
    /// Unit behind the number; empty where there is none.
    pub unit: &'static str,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Step.
    pub step: f64,
    /// Names of the values where numbers would not speak; else empty.
    pub choices: &'static [&'static str],
    /// Value of the default scenario.
    pub default: f64,
    /// What it means, in a merchant's words.
    pub help: &'static str,
    /// Where the default comes from: the comment beside it in the default scenario.
    pub source: String,
    /// The keys that it writes.
    pub keys: &'static [&'static str],
}

/// A text after a dial was turned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turned {
    /// The whole text.
    pub text: String,
    /// Line of the (first) value that changed, from 1.
    pub line: usize,
}

/// A row of the table of dials.
struct Row {
    id: DialId,
    name: &'static str,
    label: &'static str,
    unit: &'static str,
    /// Smallest value, largest value, step.
    range: (f64, f64, f64),
    help: &'static str,
    keys: &'static [&'static str],
}

const ROWS: [Row; 6] = [
    Row {
        id: DialId::SaleDepth,
        name: "sale_depth",
        label: "Sale depth",
        unit: "%",
        range: (0.0, 70.0, 1.0),
        help: "How much the posted sale takes off the list price.",
        keys: &["treatments.sale-20.depth"],
    },
    Row {
        id: DialId::SaleDay,
        name: "sale_day",
        label: "Sale day",
        unit: "",
        range: (0.0, 6.0, 1.0),
        help: "The weekday on which the posted sale runs.",
        keys: &["incumbent_sale.weekdays"],
    },
    Row {
        id: DialId::GrossMargin,
        name: "gross_margin",
        label: "Gross margin",
        unit: "%",
        range: (10.0, 90.0, 1.0),
        help: "What is left of the list price after the cost of the goods.",
        keys: &["catalogue.gross_margin"],
    },
    Row {
        id: DialId::PriceSensitivity,
        name: "price_sensitivity",
        label: "Price sensitivity",
        unit: "",
        range: (0.0, 8.0, 0.1),
        help: "How strongly a typical shopper reacts to the price; 0 means not at all.",
        keys: &["shoppers.price_sensitivity.median"],
    },
    Row {
        id: DialId::VisitsPerShopper,
        name: "visits_per_shopper",
        label: "Visits per shopper",
        unit: "%",
        range: (25.0, 400.0, 5.0),
        help: "How often shoppers come, with and without a need; 100 % is the default shop.",
        keys: &["shoppers.browsing.median", "needs.visit_per_day"],
    },
    Row {
        id: DialId::DiscountMemory,
        name: "discount_memory",
        label: "Discount memory",
        unit: "days",
        range: (1.0, 180.0, 1.0),
        help: "After how long shoppers have half forgotten a deal that does not come back.",
        keys: &["beliefs.half_life"],
    },
];

/// The six dials, in the order of the screen.
#[must_use]
pub fn dials() -> [DialSpec; 6] {
    let default = default_scenario();
    let names = default.incumbent.iter().chain(default.arms.iter().map(|arm| &arm.policy));
    let sale = sale_of(default, names.filter_map(|name| Shelf::Policies.shipped_source(name)));
    ROWS.map(|row| DialSpec {
        id: row.id,
        name: row.name,
        label: row.label,
        unit: row.unit,
        min: row.range.0,
        max: row.range.1,
        step: row.range.2,
        choices: if row.id == DialId::SaleDay { &WEEKDAYS } else { &[] },
        default: value_of(row.id, default, sale.as_ref()).unwrap_or(row.range.0),
        help: row.help,
        source: row.keys.iter().find_map(|key| crate::reference::source_of(key)).unwrap_or_else(assumption),
        keys: row.keys,
    })
}

/// The source of a default that stands in a policy, which states choices and not facts.
fn assumption() -> String {
    "assumption".to_owned()
}

/// The values of the six dials in a text, in the order of [`dials`]; `None` where the scenario has no such thing.
///
/// # Errors
/// The problems of a text that cannot be read.
pub fn dial_values(source: &Source, shelves: &Shelves) -> Result<[Option<f64>; 6], Vec<Problem>> {
    let (scenario, sale) = with_sale(source, shelves)?;
    Ok(dials().map(|dial| value_of(dial.id, &scenario, sale.as_ref())))
}

/// A scenario with its posted sale.
fn with_sale(source: &Source, shelves: &Shelves) -> Result<(Scenario, Option<SaleCalendar>), Vec<Problem>> {
    let found = resolve_scenario(source, &Overrides::default(), shelves)?;
    let scenario = found.resolved.scenario;
    let sale = sale_of(&scenario, found.policies.iter().filter_map(|named| shelves.policy(named).ok()));
    Ok((scenario, sale))
}

/// Turns a dial: the text with the new value.
///
/// # Errors
/// The problems of the text as it stands, of a value outside the dial's range, or of the text that would result.
pub fn set_dial(source: &Source, id: DialId, value: f64, shelves: &Shelves) -> Result<Turned, Vec<Problem>> {
    let (text, file) = (&source.text, source.file.as_str());
    let (scenario, sale) = with_sale(source, shelves)?;
    let all = dials();
    let dial = all.iter().find(|dial| dial.id == id).expect("every dial stands in the list");
    let spot = Spot { file: Rc::from(file), line: 0, column: 0 };
    if !(dial.min..=dial.max).contains(&value) {
        let allowed = format!("it goes from {} to {} {}", dial.min, dial.max, dial.unit);
        return Err(vec![Problem::at(&spot, dial.label, format!("is {value}"), allowed.trim_end())]);
    }
    let Some(now) = value_of(id, &scenario, sale.as_ref()) else {
        let allowed = "this scenario has no posted sale to turn it on";
        return Err(vec![
            Problem::at(&spot, dial.label, format!("is {value}"), allowed)
                .hint("write `incumbent = \"calendar-sale\"` or add an arm with that policy"),
        ]);
    };
    let edits = edits(id, value, now, &scenario, sale.as_ref());
    let mut document: DocumentMut = text.parse().expect("a text that was read as a scenario is TOML");
    for (path, value) in &edits {
        write(document.as_table_mut(), path, value.clone());
    }
    let text = document.to_string();
    resolve_scenario(&Source { text: text.clone(), ..source.clone() }, &Overrides::default(), shelves)?;
    let path = edits.first().map_or(String::new(), |(path, _)| path.join("."));
    let line = tree::parse(&text, file)?.find(&path).map_or(1, |node| node.at.line);
    Ok(Turned { text, line })
}

/// The posted sale of a scenario: the incumbent's, else the first arm's that has one.
fn sale_of(scenario: &Scenario, policies: impl Iterator<Item = Source>) -> Option<SaleCalendar> {
    let currency = Currency { code: scenario.currency.clone(), decimals: scenario.currency_decimals };
    policies
        .filter_map(|text| {
            parse_policy(&text.text, &text.file, &text.name, &scenario.treatments, &currency).ok()
        })
        .filter(|policy| policy.kind == PolicyKind::CalendarSale)
        .find_map(|policy| crate::for_scenario(policy, scenario).sale)
}

fn value_of(id: DialId, scenario: &Scenario, sale: Option<&SaleCalendar>) -> Option<f64> {
    let percent = |share: Share| f64::from(share.millionths()) / 10_000.0;
    match id {
        DialId::SaleDepth => match scenario.treatments[sale?.treatment.index()].kind.gives() {
            Gives::ShareOfGoods(depth) => Some(percent(depth)),
            Gives::AmountOffGoods(_) | Gives::ShippingFee | Gives::Nothing => None,
        },
        DialId::SaleDay => sale?.weekdays.first().map(|&day| f64::from(day)),
        DialId::GrossMargin => Some(percent(scenario.catalogue.gross_margin)),
        DialId::PriceSensitivity => Some(scenario.shoppers.price_sensitivity.median),
        DialId::VisitsPerShopper => {
            let default = shipped_browsing();
            Some(tidy(100.0 * scenario.shoppers.browsing.median / default))
        }
        DialId::DiscountMemory => Some(scenario.beliefs.half_life_days),
    }
}

/// Visits without a need of the default scenario, per week: what 100 % of the dial means.
fn shipped_browsing() -> f64 {
    default_scenario().shoppers.browsing.median
}

/// A number without the noise of binary digits.
fn tidy(number: f64) -> f64 {
    format!("{number:.6}").parse().unwrap_or(number)
}

/// The paths and values that a dial writes.
fn edits(
    id: DialId,
    value: f64,
    now: f64,
    scenario: &Scenario,
    sale: Option<&SaleCalendar>,
) -> Vec<(Vec<String>, Value)> {
    let at = |path: &str| path.split('.').map(str::to_owned).collect::<Vec<_>>();
    let share = || Value::from(write_share(Share::from_percent(value).unwrap_or_default()));
    match id {
        DialId::SaleDepth => {
            let name = sale.map_or("", |sale| &scenario.treatments[sale.treatment.index()].name);
            vec![(vec!["treatments".to_owned(), name.to_owned(), "depth".to_owned()], share())]
        }
        DialId::SaleDay => {
            let day = WEEKDAYS[value.round() as usize % 7];
            vec![(at("incumbent_sale.weekdays"), Value::Array([day].into_iter().collect()))]
        }
        DialId::GrossMargin => vec![(at("catalogue.gross_margin"), share())],
        DialId::PriceSensitivity => vec![(at("shoppers.price_sensitivity.median"), Value::from(value))],
        DialId::VisitsPerShopper => {
            let visits = scenario.needs.visit_per_day;
            let factor = if now > 0.0 { value / now } else { 1.0 };
            let browsing = tidy(shipped_browsing() * value / 100.0);
            vec![
                (at("shoppers.browsing.median"), Value::from(browsing)),
                (at("needs.visit_per_day"), Value::from(tidy(visits * factor).min(1.0))),
            ]
        }
        DialId::DiscountMemory => vec![(at("beliefs.half_life"), Value::from(format!("{value} days")))],
    }
}

/// Writes a value under a path; the comment behind an old value stays.
fn write(table: &mut dyn TableLike, path: &[String], mut value: Value) {
    let Some((key, rest)) = path.split_first() else { return };
    if !rest.is_empty() {
        if table.get(key).is_none_or(|item| item.as_table_like().is_none()) {
            table.insert(key, new_table(key, rest));
        }
        if let Some(below) = table.get_mut(key).and_then(Item::as_table_like_mut) {
            write(below, rest, value);
        }
        return;
    }
    match table.get_mut(key) {
        Some(item) => {
            if let Some(old) = item.as_value() {
                *value.decor_mut() = old.decor().clone();
            }
            *item = Item::Value(value);
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

/// A table that is missing on the way: a spread in braces, a section under its header.
fn new_table(key: &str, rest: &[String]) -> Item {
    if rest == ["median"] {
        return Item::Value(Value::InlineTable(InlineTable::new()));
    }
    let mut table = Table::new();
    table.set_implicit(rest.len() > 1 && key == "treatments");
    Item::Table(table)
}
