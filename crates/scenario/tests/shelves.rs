//! Which text a name means: beside the file that says it, in the library, or shipped.

#![allow(clippy::unwrap_used)]

use counterfoil_scenario::{
    Overrides, Shelf, Shelves, Source, default_scenario, report, resolve_scenario, shipped,
};
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// Files that exist in a test.
struct Disk(BTreeMap<PathBuf, String>);

impl Disk {
    fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned())).collect())
    }

    fn read(&self, path: &Path) -> std::io::Result<String> {
        match self.0.get(path).map(String::as_str) {
            Some("locked") => Err(Error::from(ErrorKind::PermissionDenied)),
            Some(text) => Ok(text.to_owned()),
            None => Err(Error::from(ErrorKind::NotFound)),
        }
    }
}

/// A scenario of two lines and what is behind them.
fn extending(parent: &str, more: &str) -> String {
    format!("format = 1\nname = \"mine\"\nextends = \"{parent}\"\n{more}")
}

/// Where the policies of a scenario are read: by arm, the path or `shipped`.
fn origins(disk: &Disk, scenario: &str, flags: &[&str]) -> BTreeMap<String, String> {
    let read = |path: &Path| disk.read(path);
    let shelves = Shelves::new(Path::new("lib"), &read);
    let source = shelves.find(Shelf::Scenarios, scenario).unwrap();
    let policies = flags.iter().map(|flag| (*flag).to_owned()).collect();
    let found = resolve_scenario(&source, &Overrides { policies, ..Overrides::default() }, &shelves)
        .unwrap_or_else(|e| panic!("{}", report(&e)));
    let sources = shelves.policies(&found).unwrap_or_else(|e| panic!("{}", report(&e)));
    let arms = found.policies.iter().map(|named| named.arm.clone());
    arms.zip(sources.iter().map(Source::origin)).collect()
}

fn origin(disk: &Disk, scenario: &str, arm: &str) -> String {
    origins(disk, scenario, &[])[arm].clone()
}

const BATCH_ALONE: &str = "\n[[arms]]\nname = \"batch\"\npolicy = \"batch\"\n";

#[test]
fn a_name_in_a_file_means_the_file_beside_it_then_the_library_then_the_shipped_text() {
    let text = extending("fashion-web-shop", BATCH_ALONE);
    let mut files = vec![("a/mine.toml", text.as_str())];
    assert_eq!(origin(&Disk::of(&files), "a/mine.toml", "batch"), "shipped");
    files.push(("lib/policies/batch.toml", ""));
    assert_eq!(origin(&Disk::of(&files), "a/mine.toml", "batch"), "lib/policies/batch.toml");
    files.push(("a/policies/batch.toml", ""));
    assert_eq!(origin(&Disk::of(&files), "a/mine.toml", "batch"), "a/policies/batch.toml");
    files.push(("a/policies/calendar-sale.toml", ""));
    assert_eq!(origin(&Disk::of(&files), "a/mine.toml", "status-quo"), "a/policies/calendar-sale.toml");
}

#[test]
fn a_name_in_a_shipped_text_or_of_the_command_line_means_the_library_then_the_shipped_text() {
    let beside_nothing = Disk::of(&[("policies/batch.toml", ""), ("batch.toml", "")]);
    assert_eq!(origin(&beside_nothing, "fashion-web-shop", "batch"), "shipped");
    let disk = Disk::of(&[("lib/policies/batch.toml", ""), ("policies/batch.toml", "")]);
    assert_eq!(origin(&disk, "fashion-web-shop", "batch"), "lib/policies/batch.toml");
    let read = |path: &Path| disk.read(path);
    let shelves = Shelves::new(Path::new("lib"), &read);
    assert_eq!(shelves.find(Shelf::Policies, "batch").unwrap().origin(), "lib/policies/batch.toml");
    assert_eq!(shelves.find(Shelf::Policies, "realtime").unwrap().origin(), "shipped");
    assert_eq!(Shelves::without_library(&read).find(Shelf::Policies, "batch").unwrap().origin(), "shipped");
}

/// Goal: `--policy` with a scenario file reads what lies beside that file, by an arm's name, a policy's or a path.
#[test]
fn a_flag_beside_a_scenario_file_counts_as_named_from_that_file() {
    let text = extending("fashion-web-shop", "");
    let disk = Disk::of(&[
        ("a/mine.toml", &text),
        ("a/policies/blanket.toml", ""),
        ("a/policies/batch.toml", ""),
        ("lib/policies/early.toml", ""),
        ("a/own/p.toml", ""),
        ("here.toml", ""),
    ]);
    let found =
        origins(&disk, "a/mine.toml", &["blanket", "batch", "early", "own/p.toml", "here.toml", "realtime"]);
    for (arm, origin) in [
        ("blanket", "a/policies/blanket.toml"),
        ("batch", "a/policies/batch.toml"),
        ("early", "lib/policies/early.toml"),
        ("p", "a/own/p.toml"),
        ("here", "here.toml"),
        ("realtime", "shipped"),
    ] {
        assert_eq!(found[arm], origin, "{arm}");
    }
    let shipped = origins(&disk, "fashion-web-shop", &["blanket", "early"]);
    assert_eq!(
        (shipped["blanket"].as_str(), shipped["early"].as_str()),
        ("shipped", "lib/policies/early.toml")
    );
}

/// Goal: `extends` follows the same rule, from the file that says it; inherited policies are looked for beside both.
#[test]
fn extends_is_found_beside_the_file_that_says_it() {
    let seeded = |seed: u32| extending("fashion-web-shop", &format!("seed = {seed}\n"));
    let (mine, base) = (extending("base", ""), seeded(11));
    let outer = extending("../b/inner.toml", "");
    let inner = extending("base", BATCH_ALONE);
    let other = seeded(12);
    let disk = Disk::of(&[
        ("a/mine.toml", &mine),
        ("lib/base.toml", &base),
        ("a/outer.toml", &outer),
        ("a/../b/inner.toml", &inner),
        ("a/../b/base.toml", &other),
        ("a/../b/policies/batch.toml", ""),
    ]);
    let read = |path: &Path| disk.read(path);
    let shelves = Shelves::new(Path::new("lib"), &read);
    let found = |name: &str| {
        let source = shelves.find(Shelf::Scenarios, name).unwrap();
        resolve_scenario(&source, &Overrides::default(), &shelves)
            .unwrap_or_else(|e| panic!("{}", report(&e)))
    };
    assert_eq!(found("a/mine.toml").resolved.scenario.seed, 11, "the library's base");
    let nested = found("a/outer.toml");
    assert_eq!(nested.resolved.scenario.seed, 12, "the base beside inner.toml");
    let read_from: Vec<String> = nested.texts.iter().map(Source::origin).collect();
    assert_eq!(read_from, ["a/outer.toml", "a/../b/inner.toml", "a/../b/base.toml", "shipped"]);
    assert_eq!(origin(&disk, "a/outer.toml", "batch"), "a/../b/policies/batch.toml");
}

/// Goal: a user's file may bear the name of the shipped text that it extends.
#[test]
fn a_text_that_replaces_the_shipped_one_may_extend_it() {
    let text = extending("fashion-web-shop", "seed = 5\n");
    for place in ["a/fashion-web-shop.toml", "lib/fashion-web-shop.toml"] {
        let disk = Disk::of(&[(place, &text)]);
        let read = |path: &Path| disk.read(path);
        let shelves = Shelves::new(Path::new("lib"), &read);
        let source = shelves.find(Shelf::Scenarios, place).unwrap();
        let found = resolve_scenario(&source, &Overrides::default(), &shelves).unwrap();
        assert_eq!(found.resolved.scenario.seed, 5);
        assert_eq!(found.resolved.scenario.shoppers, default_scenario().shoppers);
        assert_eq!(found.texts.len(), 2, "{place}");
    }
}

/// Goal: a file that is there and cannot be read does not make way for another text under the same name.
#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    let text = extending("fashion-web-shop", BATCH_ALONE);
    let disk = Disk::of(&[("a/mine.toml", &text), ("a/policies/batch.toml", "locked")]);
    let read = |path: &Path| disk.read(path);
    let shelves = Shelves::new(Path::new("lib"), &read);
    let source = shelves.find(Shelf::Scenarios, "a/mine.toml").unwrap();
    let found = resolve_scenario(&source, &Overrides::default(), &shelves).unwrap();
    let said = report(&shelves.policies(&found).unwrap_err());
    assert!(
        said.starts_with("a/mine.toml:7: `arms.policy` is \"batch\", but that file cannot be read"),
        "{said}"
    );
    let disk = Disk::of(&[("lib/placebo.toml", "locked")]);
    let read = |path: &Path| disk.read(path);
    let said = Shelves::new(Path::new("lib"), &read).find(Shelf::Scenarios, "placebo").unwrap_err();
    assert!(report(&said).starts_with("scenario placebo cannot be read"), "{said:?}");
}

/// A text of the tests' own, so that nothing here depends on the figures of a shipped file.
fn shop() -> &'static str {
    include_str!("fixtures/spring.toml")
}

/// Line of the first occurrence in it.
fn line_of(part: &str) -> usize {
    shop()[..shop().find(part).unwrap()].matches('\n').count() + 1
}

/// The report on the policies that the text names, after one change.
fn policies_after(from: &str, to: &str, policies: &[&str]) -> String {
    let source = Source {
        name: "spring".to_owned(),
        file: "spring.toml".to_owned(),
        text: shop().replacen(from, to, 1),
        shipped: false,
        path: Some("spring.toml".into()),
    };
    let policies = policies.iter().map(|policy| (*policy).to_owned()).collect();
    let found =
        resolve_scenario(&source, &Overrides { policies, ..Overrides::default() }, &Shelves::shipped());
    match Shelves::shipped().policies(&found.unwrap()) {
        Ok(_) => "no problem".to_owned(),
        Err(problems) => report(&problems),
    }
}

/// Goal: a name that is nowhere is told where it stands, with what exists and what comes nearest.
#[test]
fn a_policy_that_is_nowhere_is_told_at_its_line() {
    let shipped =
        format!("shipped policies are {}, and a path ends in .toml", shipped::policy_names().join(", "));
    let cases = [
        (
            "policy = \"realtime\"",
            "policy = \"realtme\"",
            format!("`arms.policy` is \"realtme\", but {shipped}\n  hint: did you mean \"realtime\"?"),
        ),
        (
            "incumbent = \"calendar-sale\"",
            "incumbent = \"mine\"",
            format!(
                "`incumbent` is \"mine\", but {shipped}\n  hint: a policy of your own would be policies/mine.toml"
            ),
        ),
        (
            "policy = \"realtime\"",
            "policy = \"mine/p.toml\"",
            "`arms.policy` is \"mine/p.toml\", but that file cannot be read: entity not found\n  hint: a path is \
             relative to the file that names it"
                .to_owned(),
        ),
    ];
    for (from, to, sentence) in cases {
        assert_eq!(policies_after(from, to, &[]), format!("spring.toml:{}: {sentence}", line_of(from)));
    }
    let flag = format!(
        "`--policy` is \"bath\", but the scenario's arms are batch, realtime, {shipped}\n  hint: did you mean \"batch\"?"
    );
    assert_eq!(policies_after("", "", &["bath"]), flag);
    let both = policies_after("incumbent = \"calendar-sale\"", "incumbent = \"mine\"", &["bath"]);
    assert!(both.contains("`incumbent`") && both.contains("`--policy`"), "all are told at once: {both}");
}

#[test]
fn names_and_files_that_are_not_there_are_told_apart() {
    let unknown = Shelves::shipped().find(Shelf::Scenarios, "fashon-web-shop").unwrap_err();
    let said = format!(
        "there is no scenario \"fashon-web-shop\", but shipped are {}\n  hint: did you mean fashion-web-shop?",
        shipped::scenario_names().join(", ")
    );
    assert_eq!(report(&unknown), said);
    let missing = |_: &std::path::Path| Err(std::io::Error::other("it burnt"));
    let unreadable = Shelves::without_library(&missing).find(Shelf::Policies, "mine/p.toml").unwrap_err();
    assert!(report(&unreadable).starts_with("policy mine/p.toml cannot be read: it burnt"), "{unreadable:?}");
}
