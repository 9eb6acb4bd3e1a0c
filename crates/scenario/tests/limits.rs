//! A text cannot hang whoever reads it, nor ask for more than any machine could do.
#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "how long reading takes is what is tested")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use counterfoil_scenario::limits::{ARMS_MAX, expected};
use counterfoil_scenario::{
    Currency, Overrides, PROBLEMS_MAX, Problem, Resolved, parse_policy, parse_scenario, report, shipped,
};

fn read(text: &str, flags: &Overrides) -> Result<Resolved, Vec<Problem>> {
    let load = |name: &str| shipped::scenario_text(name).map(str::to_owned);
    parse_scenario(text, "shop.toml", flags, &load)
}

/// A shop that differs from the default in what `text` says.
fn with(text: &str) -> String {
    format!("format = 1\nname = \"shop\"\nseed = 1\nextends = \"fashion-web-shop\"\n{text}\n")
}

fn faults(text: &str) -> String {
    read(&with(text), &Overrides::default()).map_or_else(|problems| report(&problems), |_| "none".to_owned())
}

#[test]
fn rates_whose_product_never_ends_are_refused_with_the_number_they_come_to() {
    let said = faults("[shoppers]\nneed_rate = { median = 20, log_sd = 5 }");
    for part in [
        "shop.toml:6: `shoppers.need_rate` leads to ",
        " visits per shopper and day",
        " events in an arm",
        "at most 500",
        "hint: the mean of a log-normal",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(
        said.contains("3,5") || said.contains("e6") || said.contains(",000"),
        "the number is told: {said}"
    );
    let said = faults("[shoppers]\nbrowsing = { median = 50, log_sd = 5 }");
    assert!(
        said.contains("shop.toml:6: `shoppers.browsing` leads to 1,920,000 visits per shopper and day"),
        "{said}"
    );
    // Needs that never become active are drawn all the same.
    let said = faults("[shoppers]\nneed_rate = { median = 20, log_sd = 5 }\n[needs]\nactive = \"0 %\"");
    assert!(said.contains("leads to 767,000 potential needs per shopper and day"), "{said}");
    assert_eq!(faults("[shoppers]\ncount = 1_000\nbrowsing = { median = 50, log_sd = 2.5 }"), "none");
}

#[test]
fn a_world_has_no_more_events_than_it_can_number() {
    let said = faults(
        "horizon = \"1092 days\"\n[shoppers]\ncount = 5_000_000\nbrowsing = { median = 50, log_sd = 1 }",
    );
    assert!(said.contains("shop.toml:7: `shoppers.count` is 5,000,000, which leads to "), "{said}");
    assert!(said.contains("at most 4,000,000,000"), "{said}");
    let flags = Overrides { shoppers: Some(5_000_000), ..Overrides::default() };
    let many = with("[shoppers]\nbrowsing = { median = 50, log_sd = 1 }");
    let said = report(&read(&many, &flags).unwrap_err());
    assert!(said.starts_with("`--shoppers` is 5,000,000"), "{said}");
    assert!(read(&with(""), &flags).is_ok(), "the default shop fits at its largest");
}

#[test]
fn every_shipped_scenario_is_far_below_the_limits() {
    for name in shipped::scenario_names() {
        let resolved = read(shipped::scenario_text(name).unwrap(), &Overrides::default()).unwrap();
        let expected = expected(&resolved.scenario);
        assert!(expected.visits_per_day_max() < 5.0, "{name}: {expected:?}");
        assert!(expected.events_max < 1e8, "{name}: {expected:?}");
    }
}

fn arms(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "[[arms]]\nname = \"a{number}\"\npolicy = \"none\"");
        text
    })
}

#[test]
fn more_arms_than_a_comparison_can_hold_are_refused() {
    assert_eq!(faults(&arms(ARMS_MAX - 2)), "none");
    for count in [ARMS_MAX - 1, ARMS_MAX + 1, 300] {
        let said = faults(&arms(count));
        let wanted =
            format!("shop.toml:5: `arms` has {count} arms, but a run has at most 32, control and status-quo");
        assert!(said.starts_with(&wanted), "{said}");
    }
    let named = |count: usize| (0..count).map(|number| format!("./p{number}.toml")).collect();
    let flags = |count: usize| Overrides { policies: named(count), ..Overrides::default() };
    assert!(read(&with(""), &flags(30)).is_ok());
    let said = report(&read(&with(""), &flags(31)).unwrap_err());
    assert!(said.starts_with("`--policy` has 31 arms, but a run has at most 32"), "{said}");
}

#[test]
fn of_very_many_faults_fifty_are_told_and_that_there_are_more() {
    let keys = |count: usize| (0..count).fold(String::new(), |text, number| format!("{text}a{number} = 1\n"));
    let problems = read(&with(&keys(300)), &Overrides::default()).unwrap_err();
    assert_eq!(problems.len(), PROBLEMS_MAX + 1);
    assert!(
        problems[PROBLEMS_MAX].to_string().contains("more is wrong further on"),
        "{}",
        problems[PROBLEMS_MAX]
    );
    let problems = read(&with(&keys(PROBLEMS_MAX)), &Overrides::default()).unwrap_err();
    assert_eq!(problems.len(), PROBLEMS_MAX, "as many as are told are all told");
    let policy = format!("format = 1\nkind = \"none\"\n{}", keys(300));
    let currency = Currency::of("EUR").unwrap();
    assert_eq!(parse_policy(&policy, "p.toml", "p", &[], &currency).unwrap_err().len(), PROBLEMS_MAX + 1);
}

#[test]
fn a_message_does_not_repeat_a_text_of_any_length() {
    let long = "x".repeat(100_000);
    for text in [format!("{long} = 1"), format!("currency = \"{long}\""), format!("worlds = [[\"{long}\"]]")]
    {
        assert!(faults(&text).len() < 2_000, "{}", faults(&text).len());
    }
    let list = "[[\"abcdefghijklmnopqrstuvwxyz\", 1, 2, 3], ".repeat(60) + &"]".repeat(60);
    assert!(faults(&format!("worlds = {list}")).len() < 2_000);
}

/// The quicker of two readings.
fn seconds(text: &str) -> f64 {
    let once = || {
        let start = Instant::now();
        let _ = read(text, &Overrides::default());
        start.elapsed()
    };
    (0..2).map(|_| once()).min().unwrap_or(Duration::MAX).as_secs_f64()
}

/// Text made of so many pieces, of a sort that once took the square of the time.
type Grown = fn(usize) -> String;

#[test]
fn reading_takes_time_in_proportion_to_the_text() {
    fn pieces(count: usize, piece: impl Fn(usize) -> String) -> String {
        (0..count).map(piece).collect()
    }
    let sorts: [(&str, Grown, usize); 5] = [
        ("headers", |n| with(&pieces(n, |i| format!("[a{i}]\n"))), 2_000),
        ("one long line", |n| with(&format!("worlds = [{}]", pieces(n, |i| format!("{i},")))), 10_000),
        ("treatments", |n| with(&pieces(n, |i| format!("[treatments.a{i}]\n"))), 4_000),
        ("arms", |n| with(&arms(n)), 2_000),
        ("keys", |n| with(&pieces(n, |i| format!("a{i} = 1\n"))), 3_000),
    ];
    for (name, text, count) in sorts {
        let (short, long) = (seconds(&text(count)), seconds(&text(8 * count)));
        // Eight times the text: eight times the time, or 64 times where it grows with the square.
        assert!(long < 24.0 * short.max(0.005), "{name}: {short:.3} s, then {long:.3} s");
    }
}
