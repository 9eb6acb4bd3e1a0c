//! Property: whatever single value of a scenario is replaced by garbage, the report names its line, and nothing panics.

#![allow(clippy::unwrap_used)]

use counterfoil_scenario::{Overrides, Problem, Resolved, parse_scenario, shipped};
use proptest::prelude::*;
use std::ops::Range;
use std::sync::OnceLock;
use toml_edit::{Document, Item, TableLike, Value};

fn shop() -> &'static str {
    shipped::scenario_text("fashion-web-shop").unwrap()
}

fn read(text: &str) -> Result<Resolved, Vec<Problem>> {
    parse_scenario(text, "shop.toml", &Overrides::default(), &|_| None)
}

/// A value of the text: its key and where it stands.
struct Leaf {
    key: String,
    span: Range<usize>,
}

fn collect(table: &dyn TableLike, path: &str, leaves: &mut Vec<Leaf>) {
    for (key, item) in table.iter() {
        let key = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        match item {
            Item::Value(Value::InlineTable(table)) => collect(table, &key, leaves),
            Item::Value(value) => leaves.push(Leaf { key, span: value.span().unwrap() }),
            Item::Table(table) => collect(table, &key, leaves),
            Item::ArrayOfTables(tables) => tables.iter().for_each(|table| collect(table, &key, leaves)),
            Item::None => {}
        }
    }
}

fn leaves() -> &'static [Leaf] {
    static LEAVES: OnceLock<Vec<Leaf>> = OnceLock::new();
    LEAVES.get_or_init(|| {
        let document = Document::parse(shop()).unwrap();
        let mut leaves = Vec::new();
        collect(document.as_table(), "", &mut leaves);
        leaves
    })
}

/// Keys whose value may be any text.
fn is_free_text(key: &str) -> bool {
    matches!(key, "name" | "time_zone")
        || (key.starts_with("about.") && !matches!(key, "about.notice" | "about.try" | "about.sources"))
}

fn names_the_line(leaf: &Leaf, garbage: &str) -> Result<(), TestCaseError> {
    let text = format!("{}{garbage}{}", &shop()[..leaf.span.start], &shop()[leaf.span.end..]);
    let line = shop()[..leaf.span.start].matches('\n').count() + 1;
    let Err(problems) = read(&text) else {
        return Err(TestCaseError::fail(format!("{} = {garbage} was accepted", leaf.key)));
    };
    let named = problems.iter().any(|problem| problem.line == line && problem.file == "shop.toml");
    prop_assert!(named, "{} = {garbage} at line {line} gave {problems:?}", leaf.key);
    Ok(())
}

#[test]
fn no_value_can_be_replaced_by_a_value_of_another_kind() {
    assert!(leaves().len() > 150, "the walk found only {} values", leaves().len());
    for leaf in leaves() {
        for garbage in ["[[1], 2]", "{ median = 1.0, what = 2.0 }", "-7_000_000"] {
            names_the_line(leaf, garbage).unwrap();
        }
        if !is_free_text(&leaf.key) {
            names_the_line(leaf, "\"\"").unwrap();
            names_the_line(leaf, "\"150,5 %\"").unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Words are no quantities.
    #[test]
    fn words_are_refused_wherever_a_quantity_or_a_choice_stands(
        place in 0..10_000_usize, garbage in "[!?&a-z]{0,8}[!?&]{1}",
    ) {
        let leaf = &leaves()[place % leaves().len()];
        if !is_free_text(&leaf.key) {
            names_the_line(leaf, &format!("\"{garbage}\""))?;
        }
    }

    /// Bytes that are not TOML, or not ours, end in a report and never in a panic.
    #[test]
    fn damaged_texts_never_panic(from in 0..20_000_usize, length in 0..60_usize, noise in "\\PC{0,12}") {
        let (from, to) = (from % shop().len(), (from % shop().len() + length).min(shop().len()));
        if let (Some(before), Some(after)) = (shop().get(..from), shop().get(to..)) {
            let _ = read(&format!("{before}{noise}{after}"));
        }
    }

    /// What is read is written and read again as the same, for any seed, size and length.
    #[test]
    fn flags_survive_the_resolved_document(
        seed in 0..(1_i64 << 53), shoppers in 1..2_500_000_i64, days in 1..1_000_u32, history in 0..400_u32,
    ) {
        let flags = Overrides {
            seed: Some(seed),
            shoppers: Some(shoppers),
            days: Some(days.to_string()),
            history: Some(history.to_string()),
            ..Overrides::default()
        };
        let first = parse_scenario(shop(), "shop.toml", &flags, &|_| None).unwrap();
        prop_assert_eq!(first.scenario.seed as i64, seed);
        prop_assert_eq!(first.scenario.phases.horizon_days, days);
        prop_assert_eq!(first.scenario.incumbent.is_some(), history > 0);
        prop_assert_eq!(read(&first.document).unwrap(), first);
    }
}
