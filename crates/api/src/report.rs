//! The report: one self-contained HTML file that a strategist can forward. No script, no resource from elsewhere.
//!
//! Figures are drawn in the window's look, whose classes let one picture follow light and dark; the tokens behind the
//! classes stand in the file. `report.html` holds all words that do not depend on the run.

mod numbers;
mod tables;

use counterfoil_chart::{self as chart, Look, visible_but};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context};
use serde::Serialize;

use crate::api::{Api, VERSION};
use crate::compare::Facts;
use crate::dto::{ApiError, FigureName, FigureRequest, LabelValue, Theme};
use crate::error::Answered;
use crate::library::display_of;
use crate::planning::{CONTROL, STATUS_QUO};
use crate::texts;
use crate::words::{count, spoken};

const TEMPLATE: &str = include_str!("report.html");

/// A figure with the sentence beneath and the numbers behind.
#[derive(Serialize)]
struct Drawn {
    svg: String,
    summary: String,
    heading: String,
    table: Option<DrawnTable>,
}

#[derive(Serialize)]
struct DrawnTable {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The claim in another unit.
#[derive(Serialize)]
struct Range {
    amount: String,
    words: String,
}

impl Api {
    /// The report of a run as HTML.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::NotFound`] for a run that does not exist;
    /// [`crate::dto::ErrorCode::InvalidInput`] while no world of it is stored.
    pub fn report_html(&self, run: &str) -> Result<String, ApiError> {
        let facts = Facts::load(self, run)?;
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        let html = environment.render_str(TEMPLATE, page(&facts)?).map_err(broken)?;
        // Texts come from scenarios and stores of anybody: none of them turns the direction of reading, and the page holds
        // no character that HTML excludes.
        Ok(visible_but(&html, |letter| matches!(letter, '\n' | '\t')).into_owned())
    }
}

fn broken(error: minijinja::Error) -> ApiError {
    ApiError::defect(format!("the report's template: {error}"))
}

/// Everything that the template names.
fn page(facts: &Facts) -> Answered<Value> {
    let run = &facts.record.run;
    let (arm, versus) = facts.spoken_pair(None, None)?;
    let sentence = facts.sentence(&arm, &versus)?;
    let reference = if facts.arms().contains(&STATUS_QUO) { STATUS_QUO } else { CONTROL };
    let about = &facts.scenario.about;
    let shared = context! {
        version => VERSION,
        title => run.title.clone(),
        question => about.question.clone(),
        sources => about.sources.clone(),
        light => tokens(chart::Theme::Light),
        dark => tokens(chart::Theme::Dark),
        rules => rules(),
        claim => sentence.text,
        ranges => Value::from(Serde(ranges(facts, &sentence.ranges))),
        others => others(facts, &arm, &versus)?,
        basis => basis(facts),
        partial => partial(facts),
        reference => spoken(reference),
        days => run.days,
        probe_days => facts.scenario.phases.probe_days,
        shoppers => count(u64::from(run.shoppers)),
        worlds => worlds(facts),
        control => display_of(CONTROL),
        withdrawal => facts.note(CONTROL),
        pairing => facts.pairing(&arm, &versus)?,
        stamp => Value::from(Serde(stamp(facts))),
    };
    Ok(context! {
        headline => Value::from(Serde(figure(facts, FigureName::Headline, reference, true)?)),
        cumulative => Value::from(Serde(figure(facts, FigureName::Cumulative, reference, false).ok())),
        daily => Value::from(Serde(draw(facts, FigureName::Daily, reference, vec![arm.clone()], false).ok())),
        bridges => Value::from(Serde(bridges(facts)?)),
        paybacks => facts.paybacks()?.into_iter().map(|payback| payback.text).collect::<Vec<_>>(),
        needs => Value::from(Serde(tables::needs(facts)?)),
        dependency => Value::from(Serde(tables::dependency(facts)?)),
        arms => Value::from(Serde(tables::arms(facts))),
        groups => Value::from(Serde(tables::groups(facts, &arm, &versus)?)),
        columns => facts.arms().len() + 1 + usize::from(arm != versus),
        pair => context! { arm => spoken(&arm), reference => spoken(&versus), shown => arm != versus },
        ..shared
    })
}

fn figure(facts: &Facts, name: FigureName, reference: &str, with_table: bool) -> Answered<Drawn> {
    draw(facts, name, reference, Vec::new(), with_table)
}

fn draw(
    facts: &Facts,
    name: FigureName,
    reference: &str,
    arms: Vec<String>,
    with_table: bool,
) -> Answered<Drawn> {
    let request = FigureRequest {
        run: facts.record.run.id.clone(),
        name,
        reference: Some(reference.to_owned()),
        arms,
        theme: Theme::Light,
    };
    let drawn = facts.draw(&request, &Look::window(chart::Theme::Light))?;
    let table = with_table.then(|| numbers_of(&drawn.table));
    Ok(Drawn { svg: drawn.svg, summary: drawn.summary, heading: drawn.title, table })
}

/// A bridge for every arm but control.
fn bridges(facts: &Facts) -> Answered<Vec<Drawn>> {
    let mut all = Vec::new();
    for arm in facts.arms().into_iter().filter(|arm| *arm != CONTROL) {
        let mut drawn = draw(facts, FigureName::Bridge, CONTROL, vec![arm.to_owned()], true)?;
        drawn.heading = format!("From {} to {}", display_of(CONTROL), display_of(arm));
        all.push(drawn);
    }
    Ok(all)
}

fn numbers_of(table: &chart::Table) -> DrawnTable {
    let head = |column: &chart::Column| match column.unit.as_str() {
        "" => column.name.clone(),
        unit => format!("{} [{unit}]", column.name),
    };
    let cell = |cell: &chart::Cell| match cell {
        chart::Cell::Empty => String::new(),
        chart::Cell::Number(number) => crate::words::number(*number, 9),
        chart::Cell::Text(text) => text.clone(),
    };
    DrawnTable {
        columns: table.columns.iter().map(head).collect(),
        rows: table.rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
    }
}

/// Colours of the charts as custom properties.
fn tokens(theme: chart::Theme) -> String {
    let plain = ["text", "muted", "grid", "zero", "surface"]
        .map(|token| (format!("chart-{token}"), token.to_owned()));
    let arms = (0..8).map(|index| (format!("arm-{index}"), format!("arm-{index}")));
    let set = |(property, token): (String, String)| {
        chart::token_colour(&token, theme).map(|colour| format!("--{property}: {colour};"))
    };
    plain.into_iter().chain(arms).filter_map(set).collect::<Vec<_>>().join(" ")
}

/// The rules of the charts' stylesheet without its tokens, which older programs do not understand.
fn rules() -> String {
    let sheet = chart::stylesheet();
    sheet.split_once("}\n").map_or(sheet.clone(), |(_, rules)| rules.to_owned())
}

fn ranges(facts: &Facts, ranges: &[crate::dto::MoneyRange]) -> Vec<Range> {
    let purse = facts.purse();
    let shoppers = count(u64::from(facts.record.run.shoppers));
    let words = |per: &str| match per {
        "shopper" => format!("per shopper, over {} days", facts.record.run.days),
        "1000" => "per 1,000 shoppers".to_owned(),
        _ => format!("a year, for a shop of {shoppers} shoppers at this pace"),
    };
    let amount = |found: &crate::dto::Interval| {
        let (low, high) = found.low.zip(found.high)?;
        let grain = purse.grain(found.mean?, Some((low, high)));
        let signed = |value: f64| {
            let plus = if value > 0.0 { "+" } else { "" };
            format!("{plus}{}", purse.amount(value, grain))
        };
        Some(format!("{} to {}", signed(low), signed(high)))
    };
    ranges
        .iter()
        .filter_map(|range| Some(Range { amount: amount(&range.interval)?, words: words(&range.per) }))
        .collect()
}

/// `8 worlds`.
fn worlds(facts: &Facts) -> String {
    match facts.units.len() {
        1 => "1 world".to_owned(),
        many => format!("{many} worlds"),
    }
}

/// The same arm against what else it may be compared with.
fn others(facts: &Facts, arm: &str, versus: &str) -> Answered<Vec<String>> {
    let mut texts = Vec::new();
    for other in [STATUS_QUO, CONTROL].into_iter().filter(|other| *other != versus && *other != arm) {
        if facts.arms().contains(&other) {
            texts.push(facts.sentence(arm, other)?.text);
        }
    }
    Ok(texts)
}

fn basis(facts: &Facts) -> String {
    let run = &facts.record.run;
    format!(
        "From {} of {} shoppers over {} days; every arm gets the same shoppers. Ranges are 95\u{a0}% and hold simulation noise \
         only.",
        worlds(facts),
        count(u64::from(run.shoppers)),
        run.days
    )
}

fn partial(facts: &Facts) -> Option<String> {
    let run = &facts.record.run;
    (run.units_done < run.worlds).then(|| {
        format!("{} of {} worlds are in, so every range is wider than planned.", run.units_done, run.worlds)
    })
}

fn stamp(facts: &Facts) -> Vec<LabelValue> {
    let run = &facts.record.run;
    let line = |label: &str, value: String| LabelValue { label: label.to_owned(), value };
    let arms: Vec<String> = run.arms.iter().map(|arm| format!("{} ({})", arm.name, arm.policy)).collect();
    let mut lines = vec![
        line("Scenario", format!("{} · {}", run.scenario, run.scenario_hash)),
        line("Arms", arms.join(", ")),
        line("Read", read(facts).join(", ")),
        line(
            "Size",
            format!("{} of {} shoppers, {} days", worlds(facts), count(u64::from(run.shoppers)), run.days),
        ),
        line("Seed", run.seed.to_string()),
        line("Result", run.result_hash.clone().unwrap_or_else(|| "not finished".to_owned())),
        line("Engine", run.engine_version.clone()),
        line("Run", format!("{} · {} UTC", run.id, run.created_at)),
    ];
    lines.retain(|line| !line.value.is_empty());
    lines
}

/// `batch 9f86d081884c from policies/batch.toml`.
fn read(facts: &Facts) -> Vec<String> {
    texts::stored(&facts.record).iter().map(texts::told).collect()
}

impl Facts {
    /// What it was worth to give all arms the same shoppers; `None` where it cannot be told.
    pub(crate) fn pairing(&self, arm: &str, versus: &str) -> Answered<Option<String>> {
        if arm == versus {
            return Ok(None);
        }
        let shown = crate::compare::shown_metrics()
            .into_iter()
            .find(|shown| shown.name == "contribution_per_shopper");
        let Some(shown) = shown else { return Ok(None) };
        let pair = self.pair(&shown, self.place(arm)?, self.place(versus)?)?;
        let Some(ratio) = pair.variance_ratio.filter(|ratio| *ratio > 1.0) else { return Ok(None) };
        let simulated = f64::from(self.record.run.shoppers) * self.units.len() as f64;
        let saved = crate::words::number(simulated * (ratio - 1.0), 2);
        Ok(Some(format!(
            "Giving both arms the same shoppers saved {saved} more of them per arm: without the pairing, a range as \
             narrow as the one between {} and {} would have needed {} times as many.",
            spoken(arm),
            spoken(versus),
            crate::words::number(ratio, 2)
        )))
    }
}
