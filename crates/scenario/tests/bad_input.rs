//! Every wrong input gets file, line, key, what was found, what is allowed, and a hint where one can be given.

#![allow(clippy::unwrap_used)]

use counterfoil_core::treatment::{TreatmentKind, TreatmentSpec};
use counterfoil_scenario::{
    Currency, Overrides, default_scenario, parse_policy, parse_scenario, report, shipped,
};

/// A text of the tests' own, so that nothing here depends on the figures of a shipped file.
fn shop() -> &'static str {
    include_str!("fixtures/spring.toml")
}

/// The report on a text.
fn faults(text: &str, overrides: &Overrides) -> String {
    let load = |name: &str| shipped::scenario_text(name).map(str::to_owned);
    match parse_scenario(text, "spring.toml", overrides, &load) {
        Ok(_) => "no problem".to_owned(),
        Err(problems) => report(&problems),
    }
}

/// The report on that text with one change.
fn faults_after(from: &str, to: &str) -> String {
    assert!(shop().contains(from), "spring.toml has no {from}");
    faults(&shop().replacen(from, to, 1), &Overrides::default())
}

/// Line of the first occurrence in it.
fn line_of(part: &str) -> usize {
    shop()[..shop().find(part).unwrap()].lines().count().max(1)
        + usize::from(shop()[..shop().find(part).unwrap()].ends_with('\n'))
}

/// Each change gets exactly this sentence at its line.
fn all_say(cases: &[(&str, &str, &str)]) {
    for (from, to, sentence) in cases {
        assert_eq!(faults_after(from, to), format!("spring.toml:{}: {sentence}", line_of(from)));
    }
}

#[test]
fn values_out_of_range_say_the_range() {
    let count = format!(
        "`shoppers.count` is 0, but a whole number between 1 and 5,000,000 is wanted\n  hint: the default is `count = {}`",
        default_scenario().shoppers.count
    );
    let cases = [
        ("count = 20_000", "count = 0", count.as_str()),
        (
            "gross_margin = \"55 %\"",
            "gross_margin = \"150 %\"",
            "`catalogue.gross_margin` is \"150 %\", but a share lies between 0 % and 100 %\n  hint: write `gross_margin = \"15 %\"`",
        ),
        (
            "gross_margin = \"55 %\"",
            "gross_margin = 0.55",
            "`catalogue.gross_margin` is 0.55, but a share lies between 0 % and 100 %\n  hint: write `gross_margin = \"55 %\"` for 55 percent",
        ),
        (
            "price = \"29.00 EUR\"",
            "price = \"-29.00 EUR\"",
            "`catalogue.categories.price` is \"-29.00 EUR\", but an amount between 0.01 EUR and 1,000,000 EUR is wanted\n  hint: price: Median list price",
        ),
        (
            "price = \"29.00 EUR\"",
            "price = 29",
            "`catalogue.categories.price` is 29, but an amount between 0.01 EUR and 1,000,000 EUR is wanted\n  hint: write `price = \"29.00 EUR\"`",
        ),
        (
            "price = \"29.00 EUR\"",
            "price = \"29.00 USD\"",
            "`catalogue.categories.price` is \"29.00 USD\", but the scenario's currency is EUR\n  hint: price: Median list price",
        ),
        (
            "price = \"29.00 EUR\"",
            "price = \"29.001 EUR\"",
            "`catalogue.categories.price` is \"29.001 EUR\", but EUR has 2 decimals\n  hint: price: Median list price",
        ),
    ];
    all_say(&cases);
}

#[test]
fn times_and_dates_out_of_range_say_the_range() {
    let default = default_scenario();
    let horizon = format!(
        "`horizon` is \"0 days\", but a whole number of days between 1 and 1,092 days is wanted\n  hint: the default is `horizon = \"{} days\"`",
        default.phases.horizon_days
    );
    let spread = format!(
        "`shoppers.need_rate.log_sd` is -0.9, but a number between 0 and 5 is wanted (of the natural logarithm)\n  hint: the default is `log_sd = {}`",
        default.shoppers.need_rate.log_sd
    );
    let cases = [
        ("horizon = \"12 weeks\"", "horizon = \"0 days\"", horizon.as_str()),
        (
            "horizon = \"12 weeks\"",
            "horizon = 84",
            "`horizon` is 84, but a whole number of days between 1 and 1,092 days is wanted\n  hint: write `horizon = \"84 days\"`",
        ),
        (
            "horizon = \"12 weeks\"",
            "horizon = \"12 wekks\"",
            "`horizon` is \"12 wekks\", but a whole number of days between 1 and 1,092 days is wanted\n  hint: write `horizon = \"12 weeks\"`",
        ),
        ("log_sd = 0.9", "log_sd = -0.9", spread.as_str()),
        (
            "seed = 20_260_401",
            "seed = 9007199254740992",
            "`seed` is 9007199254740992, but a whole number between 0 and 9,007,199,254,740,991 is wanted\n  hint: seed: Seed of all luck",
        ),
        (
            "start = \"2026-01-05\"",
            "start = \"2026-02-30\"",
            "`start` is \"2026-02-30\", but a date that exists is wanted, as year-month-day from 1970 to 2200\n  hint: write `start = \"2026-01-05\"`",
        ),
        (
            "currency = \"EUR\"",
            "currency = \"euro\"",
            "`currency` is \"euro\", but a currency is a code of three capital letters (ISO 4217)\n  hint: write `currency = \"EUR\"`",
        ),
    ];
    all_say(&cases);
}

#[test]
fn unknown_keys_are_refused_with_the_key_that_was_meant() {
    let cases = [
        (
            "count = 20_000",
            "cuont = 5",
            "`shoppers.cuont` is not a known key, but [shoppers] has no such key\n  hint: did you mean `count`?",
        ),
        (
            "[beliefs]",
            "[beleifs]",
            "`beleifs` is not a known key, but the top of the file has no such key\n  hint: did you mean `beliefs`?",
        ),
        (
            "relief_scale = 1.0",
            "relief_scael = 1.0",
            "`treatments.relief_scael` is not a known key, but [treatments] has no such key\n  hint: did you mean `relief_scale`?",
        ),
        (
            "loss = \"0 %\"",
            "count = 3",
            "`pipe.count` is not a known key, but [pipe] has only loss, delay, latency\n  hint: `count` stands in [shoppers]",
        ),
        (
            "need_rate = { median = 0.045, log_sd = 0.9 }",
            "need_rate = 0.045",
            "`shoppers.need_rate` is 0.045, but it is a table with median, log_sd\n  hint: write `need_rate = { median = ..., log_sd = ... }`",
        ),
    ];
    all_say(&cases);
}

#[test]
fn arms_treatments_and_sums_are_checked_together() {
    let cases = [
        (
            "name = \"realtime\"",
            "name = \"control\"",
            "`arms.name` is \"control\", but the arms control and status-quo always run and cannot be redefined\n  hint: choose another name for this arm",
        ),
        (
            "name = \"realtime\"",
            "name = \"batch\"",
            "`arms.name` is \"batch\", but an arm above has that name\n  hint: names of arms differ",
        ),
        (
            "name = \"realtime\"",
            "name = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
            "`arms.name` is \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\", but a name has at most 64 characters\n  hint: name: Name of the arm",
        ),
        (
            "name = \"realtime\"",
            "name = \"Real Time\"",
            "`arms.name` is \"Real Time\", but a name has lower-case letters, digits and hyphens only\n  hint: write `name = \"real-time\"`",
        ),
        (
            "paid = \"25 %\"",
            "paid = \"85 %\"",
            "`traffic.paid` is 115 % together with traffic.search, but both are shares of the same visits, at most 100 %",
        ),
        (
            "\"need_rate/browsing\" = 0.3",
            "\"need_rate/browsing\" = 1.3",
            "`shoppers.correlations.\"need_rate/browsing\"` is 1.3, but a correlation lies between -0.99 and 0.99",
        ),
        (
            "gross_margin_spread = \"8 %\"",
            "gross_margin_spread = \"60 %\"",
            "`catalogue.gross_margin` is 55 % with a spread of 60 points, but the margin of every product lies from 0 % to below 100 %",
        ),
    ];
    for (from, to, sentence) in cases {
        let line =
            if from.starts_with("gross_margin_spread") { line_of("gross_margin =") } else { line_of(from) };
        assert_eq!(faults_after(from, to), format!("spring.toml:{line}: {sentence}"));
    }
}

#[test]
fn parts_that_contradict_one_another_are_refused() {
    let shares = faults_after("share = \"22 %\"", "share = \"32 %\"");
    assert!(
        shares.contains("has shares that add up to 110 %, but the shares of all categories add up to 100 %")
    );
    let contradiction =
        "\"need_rate/browsing\" = -0.95\n\"need_rate/annoyance\" = 0.95\n\"browsing/annoyance\" = 0.95";
    assert!(
        faults_after("\"need_rate/browsing\" = 0.3", contradiction)
            .contains("the matrix is not positive definite")
    );
    let depth = faults_after("depth = \"10 %\"", "amount = \"5.00 EUR\"");
    assert!(
        depth.contains("`treatments.discount-10.depth` is missing, but type \"percent\" needs it"),
        "{depth}"
    );
    assert!(
        depth.contains("`treatments.discount-10.amount` is set, but it belongs to type \"fixed\" only"),
        "{depth}"
    );
    let many: String = (0..17).map(|i| format!("[treatments.t{i}]\ntype = \"reminder\"\n")).collect();
    let text = shop().replacen("[[arms]]", &format!("{many}[[arms]]"), 1);
    assert!(
        faults(&text, &Overrides::default()).contains("has 19 treatments, but a scenario has at most 16")
    );
}

#[test]
fn nothing_that_is_required_is_ever_invented() {
    let none = Overrides::default();
    assert_eq!(
        faults("", &none),
        "spring.toml:1: `format` is missing, but every file states it\n  hint: write `format = 1` at the top"
    );
    let bare = faults("format = 1", &none);
    for key in ["name", "seed", "shoppers", "catalogue", "arms"] {
        assert!(bare.contains(&format!("spring.toml:1: `{key}` is missing")), "{key}: {bare}");
    }
    assert_eq!(bare.matches("is missing").count(), 5, "{bare}");
    assert_eq!(
        faults("format = 1\nextends = \"fashion-web-shop\"", &none),
        "spring.toml:1: `name` is missing, but a scenario does not inherit its name\n  hint: write `name = \"my-shop\"`"
    );
    let first_arm = shop().find("[[arms]]").unwrap();
    for end in (0..first_arm).filter(|end| shop().is_char_boundary(*end)).step_by(7) {
        assert_ne!(faults(&shop()[..end], &none), "no problem", "cut at byte {end}");
    }
}

#[test]
fn other_formats_are_refused_before_anything_else_is_judged() {
    assert_eq!(
        faults("format = 2\nnonsense = true", &Overrides::default()),
        "spring.toml:1: `format` is 2, but this version reads format 1\n  hint: the file was written for a newer Counterfoil: use that one"
    );
    assert_eq!(
        faults_after("[traffic]", "[traffic"),
        format!(
            "spring.toml:{}: the text is not TOML here (unclosed table, expected `]`), but a file is a list of `key = value`\n  \
             hint: texts stand in quotes, every [section] and every list is closed, no key is set twice",
            line_of("[traffic]")
        )
    );
}

#[test]
fn extends_names_something_that_exists_and_does_not_go_in_a_circle() {
    let unknown = faults("format = 1\nname = \"x\"\nextends = \"fashion-webshop\"", &Overrides::default());
    assert_eq!(
        unknown,
        "spring.toml:3: `extends` is \"fashion-webshop\", but no such scenario can be read; shipped are \
         fashion-web-shop, placebo, always-buyers, deal-hunters\n  hint: write `extends = \"fashion-web-shop\"`"
    );
    let text = "format = 1\nname = \"x\"\nextends = \"x.toml\"";
    let circle =
        parse_scenario(text, "x.toml", &Overrides::default(), &|_| Some(text.to_owned())).unwrap_err();
    assert!(report(&circle).contains("never in a circle"), "{}", report(&circle));
    let below = shop().replace("worlds = 8", "worlds = 0");
    let load = |_: &str| Some(below.clone());
    let text = "format = 1\nname = \"x\"\nextends = \"shop.toml\"";
    let inherited = parse_scenario(text, "x.toml", &Overrides::default(), &load).unwrap_err();
    assert!(
        inherited[0].to_string().starts_with(&format!("shop.toml:{}: `worlds` is 0", line_of("worlds = 8")))
    );
    let mended = format!("{text}\nworlds = 3");
    assert_eq!(parse_scenario(&mended, "x.toml", &Overrides::default(), &load).unwrap().scenario.worlds, 3);
}

#[test]
fn all_problems_are_reported_at_once_and_in_order() {
    let text = shop()
        .replace("count = 20_000", "count = 0")
        .replace("loss = \"0 %\"", "loss = \"200 %\"")
        .replace("mobile =", "mobil =");
    let report = faults(&text, &Overrides::default());
    let lines: Vec<usize> = report
        .lines()
        .filter_map(|line| line.strip_prefix("spring.toml:")?.split(':').next()?.parse().ok())
        .collect();
    assert_eq!(
        lines,
        [line_of("count = 20_000"), line_of("mobile ="), line_of("loss = \"0 %\"")],
        "{report}"
    );
}

#[test]
fn flags_are_checked_like_the_file_and_named_as_flags() {
    let flags = Overrides {
        days: Some("0".into()),
        shoppers: Some(0),
        seed: Some(-4),
        worlds: Some(20_000),
        probe: Some("soon".into()),
        ..Overrides::default()
    };
    let expected = [
        "`--days` is \"0 days\", but a whole number of days between 1 and 1,092 days is wanted\n  hint: leave it out to keep the scenario's own value",
        "`--probe` is \"soon\", but a whole number of days between 1 and 1,092 days is wanted\n  hint: write \"28 days\"",
        "`--seed` is -4, but a whole number between 0 and 9,007,199,254,740,991 is wanted\n  hint: leave it out to keep the scenario's own value",
        "`--shoppers` is 0, but a whole number between 1 and 5,000,000 is wanted\n  hint: leave it out to keep the scenario's own value",
        "`--worlds` is 20000, but a whole number between 1 and 10,000 is wanted\n  hint: leave it out to keep the scenario's own value",
    ];
    assert_eq!(faults(shop(), &flags), expected.join("\n"));
}

#[test]
fn policies_of_the_command_line_become_arms() {
    let named = |policies: &[&str]| {
        let policies = policies.iter().map(|policy| (*policy).to_owned()).collect();
        let flags = Overrides { policies, ..Overrides::default() };
        parse_scenario(shop(), "spring.toml", &flags, &|_| None).map(|resolved| {
            resolved.scenario.arms.into_iter().map(|arm| (arm.name, arm.policy)).collect::<Vec<_>>()
        })
    };
    let arms = named(&["control", "realtime", "blanket", "mine/Early Bird.toml"]).unwrap();
    let pair = |name: &str, policy: &str| (name.to_owned(), policy.to_owned());
    let expected = [
        pair("realtime", "realtime"),
        pair("blanket", "blanket"),
        pair("early-bird", "mine/Early Bird.toml"),
    ];
    assert_eq!(arms, expected);
    assert_eq!(named(&["control"]).unwrap(), []);
    let twice = named(&["batch", "batch"]).unwrap_err();
    assert_eq!(report(&twice), "`--policy` is \"batch\", but that arm was named already");
}

/// A policy text: of the tests' own where figures matter.
fn policy(name: &str) -> &'static str {
    match name {
        "batch" => include_str!("fixtures/batch.toml"),
        "realtime" => include_str!("fixtures/realtime.toml"),
        _ => shipped::policy_text(name).unwrap(),
    }
}

/// The report on a policy with one change.
fn policy_faults(name: &str, from: &str, to: &str) -> String {
    let text = policy(name);
    assert!(text.contains(from), "{name} has no {from}");
    let text = text.replacen(from, to, 1);
    let currency = Currency::of("EUR").unwrap();
    match parse_policy(&text, "mine.toml", "mine", &default_scenario().treatments, &currency) {
        Ok(_) => "no problem".to_owned(),
        Err(problems) => report(&problems),
    }
}

#[test]
fn policies_name_treatments_that_exist_and_sections_that_belong_to_them() {
    let names = |treatments: &[TreatmentSpec], discounts: bool| {
        let fit = |spec: &&TreatmentSpec| !discounts || matches!(spec.kind, TreatmentKind::Percent(_));
        treatments.iter().filter(fit).map(|spec| spec.name.clone()).collect::<Vec<_>>().join(", ")
    };
    let treatments = &default_scenario().treatments;
    let (all, discounts) = (names(treatments, false), names(treatments, true));
    let cases = [
        (
            ("blanket", "\"discount-10\"", "\"discount-15\""),
            format!(
                "`blanket.treatment` is \"discount-15\", but the scenario's treatments are {all}\n  hint: write `treatment = \"discount-10\"`"
            ),
        ),
        (
            ("calendar-sale", "\"sale-20\"", "\"reminder\""),
            format!("`sale.treatment` is \"reminder\", but the scenario's percentage discounts are {discounts}\n  hint: sale.treatment: Percentage discount of the posted sale"),
        ),
        (
            ("calendar-sale", "[\"thursday\"]", "[\"thirsday\"]"),
            "`sale.weekdays` is [\"thirsday\"], but weekdays are monday, tuesday, wednesday, thursday, friday, \
             saturday, sunday\n  hint: write `weekdays = [\"thursday\"]`"
                .to_owned(),
        ),
        (
            ("realtime", "reassurance =", "reasurance ="),
            format!(
                "`realtime.treatments.reasurance` is no treatment, but the scenario's treatments are {all}\n  hint: did you mean \"reassurance\"?"
            ),
        ),
        (
            ("realtime", "budget = \"0.25 EUR per shopper\"", "budget = \"0.25 EUR\""),
            "`guardrails.budget` is \"0.25 EUR\", but a budget is an amount, not negative, or 0 to 100 % of a typical order, per shopper or per world, \
             or \"none\"\n  hint: write `budget = \"0.25 EUR per shopper\"`"
                .to_owned(),
        ),
        (
            ("batch", "[\"6 per 7 days\"]", "[\"6 in 7 days\"]"),
            "`guardrails.treatment_caps` is [\"6 in 7 days\"], but a cap is a count per a number of whole days\n  \
             hint: write `treatment_caps = [\"2 per 7 days\"]`"
                .to_owned(),
        ),
        (
            ("batch", "lapsing-high = \"discount-10\"", "lapsing-high = \"discount-20\""),
            "`batch.push.lapsing-high` is \"discount-20\", but it does not stand in batch.treatments, the list of \
             what this policy may use\n  hint: add it to that list"
                .to_owned(),
        ),
        (
            ("batch", "lapsing = \"150 days\"", "lapsing = \"30 days\""),
            "`batch.lapsing` is 30 days, but a customer lapses after batch.active, which is 60 days".to_owned(),
        ),
    ];
    for ((name, from, to), sentence) in cases {
        let text = policy(name);
        let line = text[..text.find(from).unwrap()].matches('\n').count() + 1;
        assert_eq!(policy_faults(name, from, to), format!("mine.toml:{line}: {sentence}"));
    }
    let kind = policy_faults("realtime", "kind = \"realtime\"", "kind = \"batch\"");
    assert!(kind.contains("`batch` is missing, but a policy of kind \"batch\" needs [batch]"), "{kind}");
    assert!(kind.contains("`realtime` is a section, but this policy is of kind \"batch\""), "{kind}");
    assert!(policy_faults("none", "kind = \"none\"", "").contains("`kind` is missing"));
}
