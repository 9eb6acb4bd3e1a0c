//! The six dials: what they show, what they write, and what they leave alone.

#![allow(clippy::unwrap_used)]

use counterfoil_scenario::dials::Turned;
use counterfoil_scenario::{
    DialId, Overrides, Problem, Scenario, Shelves, Source, dials, parse_scenario, shipped,
};

fn scenario_of(name: &str) -> Option<String> {
    shipped::scenario_text(name).map(str::to_owned)
}
fn policy_of(name: &str) -> Option<String> {
    shipped::policy_text(name).map(str::to_owned)
}

/// A text that came from nowhere, under a file's name.
fn source(text: &str, file: &str) -> Source {
    let (name, file, text) = (String::new(), file.to_owned(), text.to_owned());
    Source { name, file, text, shipped: false, path: None }
}
fn dial_values(text: &str, file: &str) -> Result<[Option<f64>; 6], Vec<Problem>> {
    counterfoil_scenario::dial_values(&source(text, file), &Shelves::shipped())
}
fn set_dial(text: &str, file: &str, id: DialId, value: f64) -> Result<Turned, Vec<Problem>> {
    counterfoil_scenario::set_dial(&source(text, file), id, value, &Shelves::shipped())
}

fn read(text: &str) -> Scenario {
    parse_scenario(text, "mine.toml", &Overrides::default(), &scenario_of).unwrap().scenario
}

#[test]
fn the_default_scenario_stands_at_the_defaults() {
    let text = scenario_of("fashion-web-shop").unwrap();
    let values = dial_values(&text, "shop.toml").unwrap();
    for (dial, value) in dials().iter().zip(values) {
        assert_eq!(value, Some(dial.default), "{}", dial.name);
        assert!((dial.min..=dial.max).contains(&dial.default), "{}", dial.name);
        assert!(!dial.source.is_empty() && !dial.help.is_empty());
    }
}

#[test]
fn every_dial_of_every_shipped_scenario_writes_what_it_shows_and_nothing_else() {
    for name in shipped::scenario_names() {
        let text = scenario_of(name).unwrap();
        let before = dial_values(&text, name).unwrap();
        for (place, dial) in dials().iter().enumerate() {
            let value = if before[place] == Some(dial.max) { dial.min } else { dial.max };
            if before[place].is_none() {
                let refused = set_dial(&text, name, dial.id, value).unwrap_err();
                assert!(refused[0].to_string().contains("no posted sale"), "{name} {}", dial.name);
                continue;
            }
            let turned = set_dial(&text, name, dial.id, value).unwrap();
            let after = dial_values(&turned.text, name).unwrap();
            for (other, dial) in dials().iter().enumerate() {
                let expected = if other == place { Some(value) } else { before[other] };
                assert_eq!(after[other], expected, "{name}: turning {place} left {} wrong", dial.name);
            }
            let key = dial.keys[0].rsplit('.').next().unwrap();
            let line = turned.text.lines().nth(turned.line - 1).unwrap();
            assert!(line.contains(key), "{name}: line {} is {line}", turned.line);
        }
    }
}

#[test]
fn comments_survive() {
    let text = scenario_of("fashion-web-shop").unwrap();
    for dial in dials() {
        let turned = set_dial(&text, "shop.toml", dial.id, dial.max).unwrap();
        let comments = |text: &str| {
            text.lines().filter_map(|line| Some(line.split_once('#')?.1.to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(comments(&turned.text), comments(&text), "{}", dial.name);
    }
}

#[test]
fn visits_scale_with_and_without_a_need_in_proportion() {
    let text = scenario_of("fashion-web-shop").unwrap();
    let before = read(&text);
    let after = read(&set_dial(&text, "shop.toml", DialId::VisitsPerShopper, 150.0).unwrap().text);
    assert!((after.shoppers.browsing.median / before.shoppers.browsing.median - 1.5).abs() < 1e-4);
    assert!((after.needs.visit_per_day / before.needs.visit_per_day - 1.5).abs() < 1e-4);
}

#[test]
fn values_outside_the_range_are_refused() {
    let text = scenario_of("fashion-web-shop").unwrap();
    let refused = set_dial(&text, "shop.toml", DialId::GrossMargin, 99.0).unwrap_err();
    assert_eq!(refused[0].to_string(), "shop.toml: `Gross margin` is 99, but it goes from 10 to 90 %");
}

#[test]
fn the_sale_day_of_a_scenario_replaces_that_of_the_calendar_sale() {
    let text = scenario_of("fashion-web-shop").unwrap();
    let turned = set_dial(&text, "shop.toml", DialId::SaleDay, 1.0).unwrap();
    let scenario = read(&turned.text);
    assert_eq!(scenario.incumbent_sale_weekdays, [1]);
    let currency = counterfoil_scenario::Currency::of("EUR").unwrap();
    let policy = policy_of("calendar-sale").unwrap();
    let policy =
        counterfoil_scenario::parse_policy(&policy, "p", "calendar-sale", &scenario.treatments, &currency)
            .unwrap();
    assert_eq!(policy.sale.as_ref().unwrap().weekdays, [3]);
    assert_eq!(counterfoil_scenario::for_scenario(policy, &scenario).sale.unwrap().weekdays, [1]);
}
