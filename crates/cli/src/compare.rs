//! The comparison as text: the claim, levels side by side, differences with intervals and verdicts, truth, the stamp.
//!
//! # Promises
//! - Readable at 100 columns and without colour: what a sign would say in colour is said in words.
//! - No difference without its interval and its verdict; digits are cut to the width of the interval.

use counterfoil_api::dto::Comparison;
use counterfoil_api::number::{Grain, NOTHING, Purse, Unit, count, counted, decimal, seconds};
use counterfoil_api::{PairDifference, Shown, visible};

use crate::output::{heading, text_read};
use crate::table::{Side, Table, width, wrapped};

/// Columns of the page.
const PAGE: usize = 100;
/// Columns of a level: four arms have to fit beside each other.
const LEVEL_WIDTH_MAX: usize = 14;
/// Arms beside each other; more go below.
const ARMS_MAX: usize = 4;

/// The whole comparison.
pub(crate) fn text(comparison: &Comparison) -> String {
    let mut text = String::new();
    for line in wrapped(&comparison.sentence.text, PAGE) {
        text.push_str(&heading(&line));
        text.push('\n');
    }
    for range in comparison.sentence.ranges.iter().filter(|range| range.text != comparison.sentence.text) {
        paragraph(&mut text, &format!("  {}", range.text));
    }
    if !comparison.question.is_empty() {
        paragraph(&mut text, &format!("Question: {}", comparison.question));
    }
    text.push('\n');
    text.push_str(&all_levels(comparison));
    text.push('\n');
    text.push_str(&headline_differences(comparison));
    text.push('\n');
    text.push_str(&other_differences(comparison));
    text.push('\n');
    text.push_str(&truth(comparison));
    remarks(&mut text, comparison);
    text.push_str(&stamp(comparison));
    text
}

fn paragraph(text: &mut String, words: &str) {
    let indent = words.len() - words.trim_start().len();
    for line in wrapped(words, PAGE - indent) {
        text.push_str(&" ".repeat(indent));
        text.push_str(&line);
        text.push('\n');
    }
}

/// The levels of all arms: as many beside each other as the page takes, the rest below.
fn all_levels(comparison: &Comparison) -> String {
    let places: Vec<usize> = (0..comparison.arms.len()).collect();
    let beside =
        |count: usize| -> Vec<String> { places.chunks(count).map(|arms| levels(comparison, arms)).collect() };
    let fits =
        |blocks: &Vec<String>| blocks.iter().flat_map(|block| block.lines()).all(|line| width(line) <= PAGE);
    let blocks = (2..=ARMS_MAX).rev().map(beside).find(fits).unwrap_or_else(|| beside(1));
    blocks.join("\n")
}

/// Metric with its unit, where its name does not say it already.
fn name(metric: &Shown, purse: &Purse) -> String {
    let unit = metric.unit(purse).beside();
    let name = metric.name.replace('_', " ");
    let said =
        ["ms", "weeks", "hours", "seconds"].iter().any(|word| name.split(' ').any(|part| part == *word));
    if unit.is_empty() || said { name } else { format!("{name}, {unit}") }
}

fn levels(comparison: &Comparison, arms: &[usize]) -> String {
    let purse = comparison.purse();
    let mut columns = vec![("mean ± half of the 95 % interval", Side::Left)];
    columns.extend(arms.iter().map(|&place| (comparison.arms[place].name.as_str(), Side::Right)));
    let mut table = Table::new(&columns);
    let mut group = "";
    for metric in &comparison.metrics {
        if metric.group != group {
            table.title(metric.group);
            group = metric.group;
        }
        let unit = metric.unit(&purse);
        let cells = arms.iter().map(|&place| {
            let found = comparison.arms[place].level(metric.name);
            let written = |mean| unit.plus_minus(mean, found.low().zip(found.high()), LEVEL_WIDTH_MAX);
            found.mean().map_or_else(|| NOTHING.to_owned(), written)
        });
        table.row(std::iter::once(format!("  {}", name(metric, &purse))).chain(cells).collect());
    }
    table.text()
}

/// Columns of differences; relative ones beside the headline metrics alone, so that the others fit the page.
fn difference_table(first: &str, relative: bool) -> Table {
    let mut columns = vec![(first, Side::Left), ("difference", Side::Right), ("95 % interval", Side::Right)];
    columns.extend(relative.then_some(("relative", Side::Right)));
    columns.push(("verdict", Side::Left));
    Table::new(&columns)
}

fn cells(found: &PairDifference, metric: &Shown, purse: &Purse, relative: bool) -> Vec<String> {
    let unit = metric.unit(purse);
    let mut cells = vec![NOTHING.to_owned(), String::new()];
    if let Some(interval) = found.difference {
        let bounds = interval.bounds.map(|bounds| (bounds.low, bounds.high));
        let grain = unit.grain(interval.mean, bounds);
        let signed = |value: f64| unit.bare_signed(value, grain);
        let range = bounds.map(|(low, high)| format!("{} to {}", signed(low), signed(high)));
        cells = vec![signed(interval.mean), range.unwrap_or_default()];
    }
    if relative {
        let share = |mean: f64| format!("{} %", Unit::Share.bare_signed(mean, Grain(1)));
        cells.push(found.relative.map_or_else(String::new, |relative| share(relative.mean)));
    }
    cells.push(found.verdict.label().to_owned());
    cells
}

/// The difference between an arm and the reference arm.
fn found<'a>(comparison: &'a Comparison, arm: &str, metric: &str) -> Option<&'a PairDifference> {
    let pair = [arm, comparison.reference.as_str()];
    let of = |one: &&PairDifference| {
        one.metric == metric && pair.contains(&one.arm.as_str()) && pair.contains(&one.versus.as_str())
    };
    comparison.differences.iter().find(of)
}

/// Every other arm against the reference, headline metrics.
fn headline_differences(comparison: &Comparison) -> String {
    let purse = comparison.purse();
    let mut table = difference_table("same shoppers, paired", true);
    for metric in comparison.metrics.iter().filter(|metric| metric.group == "headline") {
        table.title(&name(metric, &purse));
        for arm in comparison.arms.iter().filter(|arm| arm.name != comparison.reference) {
            // The document holds an arm against those before it, so a pair may stand the other way round.
            let Some(one) = found(comparison, &arm.name, metric.name) else { continue };
            let pair = format!("  {} \u{2212} {}", one.arm, one.versus);
            table.row(std::iter::once(pair).chain(cells(one, metric, &purse, true)).collect());
        }
    }
    table.text()
}

/// The arm of the sentence against the reference, all other metrics.
fn other_differences(comparison: &Comparison) -> String {
    let purse = comparison.purse();
    let pair = comparison.differences.iter().find(|one| {
        [&one.arm, &one.versus].iter().all(|name| [&comparison.arm, &comparison.reference].contains(name))
    });
    let Some(pair) = pair else { return String::new() };
    let title = format!("{} \u{2212} {}", pair.arm, pair.versus);
    let mut table = difference_table(&title, false);
    let mut group = "";
    for metric in comparison.metrics.iter().filter(|metric| metric.group != "headline") {
        let Some(one) = found(comparison, &comparison.arm, metric.name) else { continue };
        if metric.group != group {
            table.title(metric.group);
            group = metric.group;
        }
        let row =
            std::iter::once(format!("  {}", name(metric, &purse))).chain(cells(one, metric, &purse, false));
        table.row(row.collect());
    }
    table.text()
}

/// Classes of needs and the bridge: what only a simulation can know.
fn truth(comparison: &Comparison) -> String {
    let mut text = String::new();
    for arms in comparison.truth.chunks(ARMS_MAX) {
        let mut columns = vec![("truth against control, all worlds", Side::Left)];
        columns.extend(arms.iter().map(|truth| (truth.arm.as_str(), Side::Right)));
        let mut table = Table::new(&columns);
        table.title("needs");
        for (place, label) in CLASSES.iter().enumerate() {
            let counts = arms.iter().map(|truth| {
                let needs = &truth.needs;
                let found = [
                    needs.none,
                    needs.incremental,
                    needs.pulled_forward,
                    needs.lost,
                    needs.subsidised,
                    needs.unchanged,
                ][place];
                count(found)
            });
            table.row(std::iter::once(format!("  {label}")).chain(counts).collect());
        }
        table.title(&format!("contribution, {}", comparison.run.currency));
        let steps = arms.first().map_or(&[][..], |truth| truth.bridge.as_slice());
        for (place, step) in steps.iter().enumerate() {
            let amounts = arms
                .iter()
                .map(|truth| truth.bridge.get(place).map_or_else(String::new, |step| decimal(&step.amount)));
            table.row(std::iter::once(format!("  {}", step.step)).chain(amounts).collect());
        }
        text.push_str(&table.text());
        text.push('\n');
    }
    text
}

const CLASSES: [&str; 6] = [
    "bought in neither",
    "bought here only",
    "pulled forward",
    "bought in control only",
    "bought in both, with a reward",
    "bought in both otherwise",
];

fn remarks(text: &mut String, comparison: &Comparison) {
    for payback in &comparison.payback {
        paragraph(text, &payback.text);
    }
    for dependency in &comparison.dependency {
        paragraph(text, &format!("{}: {}", dependency.arm, dependency.text));
    }
    for arm in &comparison.arms {
        if let Some(note) = &arm.note {
            paragraph(text, &format!("{}: {note}", arm.name));
        }
    }
    paragraph(text, "Intervals are simulation noise only: they hold if this scenario is right.");
    text.push('\n');
}

fn stamp(comparison: &Comparison) -> String {
    let run = &comparison.run;
    let hash = |hash: &str| hash.get(..12).unwrap_or(hash).to_owned();
    let result = run.result_hash.as_deref().unwrap_or("none yet: worlds are missing");
    let read: String = comparison.texts.iter().map(|text| text_read(text) + "\n").collect();
    let worlds = counted(u64::from(run.worlds), "world");
    format!(
        "a shop of {} shoppers, {worlds}, {} days, seed {}, {}\n\
         run {}, scenario {} ({}), engine {}\n\
         {read}result {}\n",
        count(u64::from(run.shoppers)),
        run.days,
        run.seed,
        seconds(run.seconds.unwrap_or(0.0)),
        visible(&run.id),
        visible(&run.scenario),
        visible(&hash(&run.scenario_hash)),
        visible(&run.engine_version),
        visible(result),
    )
}
