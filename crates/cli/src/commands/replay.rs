//! `replay`: one shopper under every arm on one time line, with reasons, the first divergence marked.

use std::collections::BTreeMap;
use std::path::Path;

use counterfoil_api::dto::{EntryKind, ReplayArm, ReplayDecision, ReplayEntry, ShopperReplay};
use counterfoil_api::visible;

use super::reading;
use crate::Outcome;
use crate::args::ReplayArgs;
use crate::output::{heading, print, print_json, remark};
use crate::table::wrapped;
use counterfoil_api::number::{Grain, Unit, fixed};

/// Columns of the page.
const PAGE: usize = 100;
/// Columns of the clock.
const CLOCK: usize = 14;
/// Before what is the same in every arm.
const ALL: &str = "all: ";

/// Replays and prints.
pub(crate) fn replay(args: &ReplayArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let api = reading(store)?;
    let replay = api.replay_all(&args.run.run, args.world, args.shopper)?;
    if let Some(note) = &replay.note {
        remark(&format!("note: {}", visible(note)));
    }
    if args.json.json {
        let mut document = serde_json::to_value(&replay)?;
        document["format"] = 1.into();
        print_json(&document)?;
    } else {
        print(&text(&replay, args.all))?;
    }
    Ok(Outcome::Fine)
}

fn text(replay: &ShopperReplay, all: bool) -> String {
    let mut text =
        heading(&format!("Shopper {} of world {}, the same in every arm", replay.shopper, replay.world));
    text.push('\n');
    for line in &replay.traits {
        text.push_str(&format!("  {}: {}\n", visible(&line.label), visible(&line.value)));
    }
    text.push('\n');
    text.push_str(&time_line(replay, all));
    for arm in &replay.arms {
        text.push_str(&reasons(arm, all));
    }
    text
}

/// One row per moment, one column per arm.
fn time_line(replay: &ShopperReplay, all: bool) -> String {
    let wide = (PAGE - CLOCK) / replay.arms.len().max(1) - 2;
    let mut moments: BTreeMap<i64, Vec<Vec<&ReplayEntry>>> = BTreeMap::new();
    for (place, arm) in replay.arms.iter().enumerate() {
        let shown =
            |entry: &&ReplayEntry| all || !matches!(entry.kind, EntryKind::Page | EntryKind::Decision);
        for entry in arm.entries.iter().filter(shown) {
            moments.entry(entry.time_ms).or_insert_with(|| vec![Vec::new(); replay.arms.len()])[place]
                .push(entry);
        }
    }
    let heads: Vec<Vec<String>> = replay.arms.iter().map(|arm| head(arm, &replay.currency, wide)).collect();
    let mut text = block("", &heads, wide);
    text.push_str(&format!("{}\n", "─".repeat(PAGE)));
    let (mut divergence, mut last) = (replay.divergence.as_ref(), "");
    for (time, arms) in &moments {
        if let Some(parting) = divergence.filter(|parting| parting.time_ms <= *time) {
            let mark = format!("── first divergence, {}: {} ", parting.clock, parting.text);
            text.extend(wrapped(&mark, PAGE).into_iter().map(|line| line + "\n"));
            (divergence, last) = (None, "");
        }
        let now = arms.iter().flatten().next().map_or("", |entry| entry.clock.as_str());
        let clock = if now == last { "" } else { now };
        last = now;
        text.push_str(&moment(clock, arms, wide));
    }
    if replay.divergence.is_none() {
        text.push_str("The arms never part.\n");
    }
    text
}

fn head(arm: &ReplayArm, currency: &str, wide: usize) -> Vec<String> {
    let orders = if arm.orders == 1 { "1 order".to_owned() } else { format!("{} orders", arm.orders) };
    let money = format!("{orders}, {} {currency}", Unit::Plain.bare_signed(arm.contribution, Grain(2)));
    let mut lines = wrapped(&arm.arm, wide);
    lines.extend(wrapped(&money, wide));
    lines
}

/// What happened at one moment: on one line where it is the same in every arm, else side by side.
fn moment(clock: &str, arms: &[Vec<&ReplayEntry>], wide: usize) -> String {
    let told =
        |entries: &Vec<&ReplayEntry>| -> Vec<String> { entries.iter().map(|entry| said(entry)).collect() };
    let first = told(&arms[0]);
    if arms.len() > 1 && arms.iter().all(|entries| told(entries) == first) {
        let whole = PAGE - CLOCK - ALL.len();
        let lines =
            first.iter().flat_map(|line| wrapped(line, whole)).map(|line| format!("{ALL}{line}")).collect();
        return block(clock, &[lines], PAGE - CLOCK);
    }
    let cells: Vec<Vec<String>> = arms
        .iter()
        .map(|entries| told(entries).iter().flat_map(|line| wrapped(line, wide)).collect())
        .collect();
    block(clock, &cells, wide)
}

/// One entry in words; what has no equal in another arm bears a mark.
fn said(entry: &ReplayEntry) -> String {
    let money = entry.money.map_or_else(String::new, |money| format!(" {}", fixed(money, 2)));
    let mark = if entry.differs { "* " } else { "" };
    format!("{mark}{}{money}", entry.text)
}

/// Cells side by side under one clock.
fn block(clock: &str, cells: &[Vec<String>], wide: usize) -> String {
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let mut text = String::new();
    for row in 0..height {
        let mut line = format!("{:<CLOCK$}", if row == 0 { clock } else { "" });
        for cell in cells {
            let part = cell.get(row).map_or("", String::as_str);
            line.push_str(&format!("{part:<wide$}  "));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Why each decision of an arm fell.
fn reasons(arm: &ReplayArm, all: bool) -> String {
    let mut text = String::new();
    for decision in arm.decisions.iter().filter(|decision| all || decision.winner.is_some()) {
        text.push_str(&reason(decision));
    }
    if text.is_empty() { text } else { format!("\n{}\n{text}", heading(&format!("Why, in {}", arm.arm))) }
}

fn reason(decision: &ReplayDecision) -> String {
    let winner = decision.winner.as_deref().unwrap_or("nothing");
    let chance = decision
        .propensity
        .map_or_else(String::new, |p| format!(", chance {} %", Unit::Share.bare(p, Grain(0))));
    let age = decision
        .information_age_hours
        .map_or_else(String::new, |hours| format!(", information {hours:.1} h old"));
    let first =
        format!("{}: {winner} ({}{chance}{age}). {}", decision.clock, decision.stage, decision.sentence);
    let mut lines = indented(&first, 2);
    for loser in &decision.losers {
        lines.push_str(&indented(
            &format!("lost: {} ({}): {}", loser.treatment, loser.stage, loser.reason),
            6,
        ));
    }
    lines
}

fn indented(text: &str, by: usize) -> String {
    wrapped(text, PAGE - by - 2).into_iter().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
}
