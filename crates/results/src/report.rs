//! The report: one self-contained HTML file that a strategist can forward. No script, no resource from elsewhere.
//!
//! Figures are drawn in the window's look, whose classes let one picture follow light and dark; the tokens behind the
//! classes stand in the file. `report.html` holds all words that do not depend on the run.

mod tables;

use counterfoil_chart::{self as chart, Look, visible_but};
use counterfoil_core::number::{Unit, count, counted, significant};
use counterfoil_stats::Interval;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context};
use serde::Serialize;

use crate::arms::{CONTROL, STATUS_QUO, display_of};
use crate::error::{Answered, ResultsError};
use crate::facts::Facts;
use crate::figures::{FigureName, FigureRequest};
use crate::read::TextRead;
use crate::sentence::MoneyRange;
use crate::words::spoken;

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

impl Facts {
    /// The report as HTML, written by version `version` of the program.
    ///
    /// # Errors
    /// [`ResultsError::Chart`] while no world is stored.
    pub fn report(&self, version: &str) -> Answered<String> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        let html = environment.render_str(TEMPLATE, page(self, version)?).map_err(broken)?;
        // Texts come from scenarios and stores of anybody: none of them turns the direction of reading, and the page holds
        // no character that HTML excludes.
        Ok(visible_but(&html, |letter| matches!(letter, '\n' | '\t')).into_owned())
    }
}

fn broken(error: minijinja::Error) -> ResultsError {
    ResultsError::Defect(format!("the report's template: {error}"))
}

/// Everything that the template names.
fn page(facts: &Facts, version: &str) -> Answered<Value> {
    let run = &facts.run;
    let (arm, versus) = facts.spoken_pair(None, None)?;
    let sentence = facts.sentence(&arm, &versus)?;
    let reference = if facts.arms().contains(&STATUS_QUO) { STATUS_QUO } else { CONTROL };
    let about = &facts.scenario.about;
    let shared = context! {
        version => version,
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
        run: facts.run.id.clone(),
        name,
        reference: Some(reference.to_owned()),
        arms,
        theme: chart::Theme::Light,
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
        chart::Cell::Number(number) => significant(*number, 9),
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

fn ranges(facts: &Facts, ranges: &[MoneyRange]) -> Vec<Range> {
    let unit = Unit::Money(facts.purse());
    let shoppers = count(u64::from(facts.run.shoppers));
    let words = |per: &str| match per {
        "shopper" => format!("per shopper, over {} days", facts.run.days),
        "1000" => "per 1,000 shoppers".to_owned(),
        _ => format!("a year, for a shop of {shoppers} shoppers at this pace"),
    };
    let amount = |found: &Interval| {
        let (low, high) = found.low().zip(found.high())?;
        Some(unit.range((low, high), unit.grain(found.mean, Some((low, high))), true))
    };
    ranges
        .iter()
        .filter_map(|range| Some(Range { amount: amount(&range.interval?)?, words: words(range.per) }))
        .collect()
}

/// `8 worlds`.
fn worlds(facts: &Facts) -> String {
    counted(facts.worlds.len() as u64, "world")
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
    let run = &facts.run;
    format!(
        "From {} of {} shoppers over {} days; every arm gets the same shoppers. Ranges are 95\u{a0}% and hold simulation noise \
         only.",
        worlds(facts),
        count(u64::from(run.shoppers)),
        run.days
    )
}

fn partial(facts: &Facts) -> Option<String> {
    let run = &facts.run;
    (run.units_done < run.worlds).then(|| {
        format!("{} of {} worlds are in, so every range is wider than planned.", run.units_done, run.worlds)
    })
}

fn stamp(facts: &Facts) -> Vec<chart::LabelValue> {
    let run = &facts.run;
    let line = |label: &str, value: String| chart::LabelValue { label: label.to_owned(), value };
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
    facts.texts.iter().map(TextRead::told).collect()
}
