//! Scenarios that are allowed, or nearly: keys of the reference at the ends of their ranges.

use std::collections::BTreeSet;

use counterfoil_scenario::reference::scenario_file;

use crate::dice::Dice;

/// A key with the words of its form.
struct Key {
    path: String,
    form: String,
}

/// The shipped scenario with a few keys at an end of their range, or between.
pub(crate) fn scenario(dice: &mut Dice) -> Vec<u8> {
    let keys = keys();
    let base = *dice.pick(&["fashion-web-shop", "placebo", "always-buyers", "deal-hunters"]);
    let mut text =
        format!("format = 1\nname = \"extreme\"\nseed = {}\nextends = \"{base}\"\n", dice.below(1_000));
    let mut set = BTreeSet::new();
    for _ in 0..1 + dice.below(12) {
        let key = dice.pick(&keys);
        if let Some(value) = value(&key.form, dice).filter(|_| set.insert(&key.path)) {
            text.push_str(&format!("{} = {value}\n", key.path));
        }
    }
    text.into_bytes()
}

/// Keys below the top and below plain sections.
fn keys() -> Vec<Key> {
    let plain = |header: &str| !header.starts_with("[[") && !header.contains("ID");
    let sections = scenario_file().into_iter().filter(|section| plain(&section.header));
    let of_section = |section: counterfoil_scenario::reference::Section| {
        let header = section.header.trim_matches(['[', ']']).to_owned();
        section.entries.into_iter().map(move |entry| Key {
            path: if header.is_empty() { entry.key } else { format!("{header}.{}", entry.key) },
            form: entry.form,
        })
    };
    let fixed = ["format", "name", "seed", "extends", "currency"];
    sections
        .flat_map(of_section)
        .filter(|key| !fixed.contains(&key.path.as_str()) && !key.path.contains('"'))
        .collect()
}

/// A value of this form; `None` where it has no range.
fn value(form: &str, dice: &mut Dice) -> Option<String> {
    if form.starts_with("`true`") {
        return Some(dice.once_in(2).to_string());
    }
    let (before, after) = form.rsplit_once(" to ")?;
    let part = |c: char| c.is_ascii_digit() || c == '.' || c == '-';
    let least: f64 =
        before.trim_end_matches(|c: char| !part(c)).rsplit(|c: char| !part(c)).next()?.parse().ok()?;
    let most: f64 =
        after.trim_start_matches(|c: char| !part(c)).split(|c: char| !part(c)).next()?.parse().ok()?;
    let number = match dice.below(5) {
        0 => least,
        1 | 2 => most,
        3 => least + dice.share() * (most - least),
        _ => least + (most - least) / [1e1, 1e2, 1e3, 1e4, 1e5, 1e6][dice.below(6)],
    };
    let whole = number.round();
    Some(match form.split([' ', ',']).next()? {
        "whole" => format!("{whole}"),
        "share" => format!("\"{number:.2} %\""),
        "amount" => format!("\"{number:.2} EUR\""),
        "time" => {
            let unit = form.split(", or").next()?.rsplit(' ').next()?;
            if form.contains("whole") {
                format!("\"{whole} {unit}\"")
            } else {
                format!("\"{number:.4} {unit}\"")
            }
        }
        _ => format!("{number:.6}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil_scenario::{Overrides, parse_scenario, shipped};

    #[test]
    fn most_extremes_are_allowed_and_some_are_refused_as_a_whole() {
        let load = |name: &str| shipped::scenario_text(name).map(str::to_owned);
        let (mut allowed, mut limits) = (0, 0);
        for number in 0..200 {
            let text =
                String::from_utf8(scenario(&mut Dice::of(1, "extreme", number))).expect("it was a text");
            match parse_scenario(&text, "extreme.toml", &Overrides::default(), &load) {
                Ok(_) => allowed += 1,
                Err(problems) => {
                    let said = counterfoil_scenario::report(&problems);
                    limits += usize::from(
                        said.contains("visits per shopper and day") || said.contains("events in an arm"),
                    );
                }
            }
        }
        assert!(allowed > 60 && limits > 2, "{allowed} are allowed, {limits} ask for too much");
    }
}
