//! An edit of any key of any policy file is seen by a check: its decisions change, or it is answered to be not covered. On the
//! scenario `guardrails`, whose policies are tight on purpose, every kind of key changes decisions.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use counterfoil_api::Api;
use counterfoil_api::check::Checked;
use toml_edit::{DocumentMut, Item, TableLike, Value};

/// Keys that no decision can show, and why.
const SILENT: [(&str, &str); 3] = [
    ("description", "a sentence for people"),
    ("cost_per_shopper", "it is booked when the horizon is over"),
    ("batch.push.anonymous", "who is anonymous has no address"),
];

/// Keys that are no value of a policy: changing them makes another kind of file.
const FORM: [&str; 3] = ["format", "kind", "written_by"];

/// A copy of the repository's scenarios, with a library that is empty.
struct Terminal {
    folder: tempfile::TempDir,
    api: Api,
}

impl Terminal {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
        for part in ["", "policies"] {
            fs::create_dir_all(folder.path().join("scenarios").join(part)).unwrap();
            for file in fs::read_dir(home.join(part)).unwrap().map(|file| file.unwrap().path()) {
                if file.is_file() {
                    let copy = folder.path().join("scenarios").join(part).join(file.file_name().unwrap());
                    fs::copy(&file, copy).unwrap();
                }
            }
        }
        let api = Api::open(Some(&folder.path().join("data/counterfoil.db"))).unwrap();
        Self { folder, api }
    }

    fn scenario(&self, name: &str) -> PathBuf {
        self.folder.path().join("scenarios").join(format!("{name}.toml"))
    }

    fn policy(&self, name: &str) -> PathBuf {
        self.folder.path().join("scenarios/policies").join(format!("{name}.toml"))
    }

    fn accept(&self, scenario: &str) {
        let file = self.scenario(scenario).display().to_string();
        self.api.accept(&file, self.folder.path()).unwrap();
        assert!(self.check(scenario).is_fine(), "{scenario}: the same run twice");
    }

    fn check(&self, scenario: &str) -> Checked {
        let file = self.scenario(scenario).display().to_string();
        self.api.check(&file, self.folder.path()).unwrap_or_else(|error| panic!("{error:?}"))
    }
}

/// One change of a policy file.
struct Edit {
    /// Dotted key; the treatment of a rule is left out.
    key: String,
    /// What was written instead, for messages.
    what: String,
    text: String,
}

/// Paths of all values of a text; an item of a list of caps counts by itself.
fn leaves(table: &dyn TableLike, path: &[String], found: &mut Vec<Vec<String>>) {
    for (key, item) in table.iter() {
        let here: Vec<String> = path.iter().cloned().chain([key.to_owned()]).collect();
        match item {
            Item::Table(below) => leaves(below, &here, found),
            Item::Value(Value::InlineTable(below)) if !below.is_empty() => leaves(below, &here, found),
            Item::Value(Value::Array(list)) if key.ends_with("_caps") => {
                found.extend((0..list.len()).map(|at| [here.as_slice(), &[at.to_string()]].concat()));
            }
            _ => found.push(here),
        }
    }
}

/// Every edit of one policy file: each value changed once.
fn edits(text: &str) -> Vec<Edit> {
    let document: DocumentMut = text.parse().unwrap();
    let mut paths = Vec::new();
    leaves(document.as_table(), &[], &mut paths);
    paths.retain(|path| !FORM.contains(&path[0].as_str()));
    paths.iter().map(|path| edit(&document, path)).collect()
}

fn edit(document: &DocumentMut, path: &[String]) -> Edit {
    let mut document = document.clone();
    let mut item = document.as_item_mut();
    let (last, before) = path.split_last().unwrap();
    for part in before {
        item = item.get_mut(part.as_str()).unwrap();
    }
    let in_list = item.as_array().is_some();
    let old = match item.as_array() {
        Some(list) => list.get(last.parse::<usize>().unwrap()).unwrap().clone(),
        None => item.get(last.as_str()).unwrap().as_value().unwrap().clone(),
    };
    let key = if in_list { before.join(".") } else { path.join(".") };
    let new = other(&key, &old);
    match item.as_array_mut() {
        Some(list) => drop(list.replace(last.parse::<usize>().unwrap(), new.clone())),
        None => item[last.as_str()] = Item::Value(new.clone()),
    }
    let rule = key.starts_with("realtime.treatments.");
    let key = if rule { "realtime.treatments".to_owned() } else { key };
    let what =
        format!("{} = {} instead of {}", path.join("."), new.to_string().trim(), old.to_string().trim());
    Edit { key, what, text: document.to_string() }
}

/// Another value for a key, not far away.
fn other(key: &str, old: &Value) -> Value {
    let text = old.as_str().unwrap_or_default();
    let number: f64 = text.split(' ').next().unwrap_or_default().parse().unwrap_or_default();
    let plus = |more: f64, unit: &str| Value::from(format!("{} {unit}", number + more));
    let unlike = |one: &str, two: &str| Value::from(if text == one { two } else { one });
    match key {
        "description" => "Another sentence.".into(),
        "cost_per_shopper" | "price_of_dependency" => format!("{:.2} EUR", number + 0.5).into(),
        "holdout" | "realtime.exploration" => plus(5.0, "%"),
        "guardrails.margin_floor" => plus(4.0, "%"),
        "guardrails.offer_caps" | "guardrails.treatment_caps" => {
            text.replacen(&number.to_string(), &(number + 1.0).to_string(), 1).into()
        }
        "guardrails.changes_per_session" => (old.as_integer().unwrap() - 1).into(),
        "guardrails.stacking" | "sale.announce" => (!old.as_bool().unwrap()).into(),
        "guardrails.budget" if text == "none" => "0.20 EUR per shopper".into(),
        "guardrails.budget" => format!("{:.2} EUR per shopper", number / 2.0).into(),
        "guardrails.message_cap" if text == "none" => "1 per 30 days".into(),
        "guardrails.message_cap" => text.replacen(&number.to_string(), &(number + 1.0).to_string(), 1).into(),
        "sale.treatment" => "discount-10".into(),
        "sale.weekdays" => Value::Array(["wednesday"].into_iter().collect()),
        "sale.every_weeks" => (3 - old.as_integer().unwrap()).into(),
        "blanket.treatment" => "discount-20".into(),
        "batch.treatments" => Value::Array(
            old.as_array().unwrap().iter().filter_map(Value::as_str).chain(["choice-help"]).collect(),
        ),
        "batch.high_value" => plus(-12.0, "%"),
        "batch.active" | "batch.lapsing" | "batch.warm" => plus(6.0, "days"),
        _ if key.starts_with("batch.on_site.") => unlike("reminder", "reassurance"),
        _ if key.starts_with("batch.push.") => unlike("reminder", "discount-10"),
        "realtime.deadline" => Value::from(format!("{} ms", number * 0.6)),
        "realtime.exploration_floor" => plus(1.0, "%"),
        "realtime.session_half_life" | "realtime.profile_half_life" | "realtime.model.drift_half_life" => {
            text.replacen(&number.to_string(), &(number * 2.0).to_string(), 1).into()
        }
        "realtime.model.soft_sd" | "realtime.model.cell_sd" | "realtime.model.base_rate" => plus(2.0, "%"),
        "realtime.model.price_response_mean" => (old.as_float().unwrap() - 0.5).into(),
        "realtime.model.price_response_sd" => (old.as_float().unwrap() + 0.5).into(),
        "realtime.model.window" => plus(4.0, "days"),
        _ if key.ends_with(".rule") => format!("({text}) && views_in_session > 1").into(),
        _ if key.starts_with("realtime.treatments.") => {
            Value::InlineTable([("rule", "views_in_session > 1")].into_iter().collect())
        }
        _ => panic!("{key} has no other value here: add one"),
    }
}

/// Makes the edits of all policies, one of each at a time, and hands out what the check says about each. An arm's name is
/// its policy's.
fn try_all(
    terminal: &Terminal,
    scenario: &str,
    policies: &[&str],
    mut seen: impl FnMut(&str, &Edit, &Checked),
) {
    let plain: Vec<(&str, String)> =
        policies.iter().map(|name| (*name, fs::read_to_string(terminal.policy(name)).unwrap())).collect();
    let all: Vec<(&str, Vec<Edit>)> = plain.iter().map(|(name, text)| (*name, edits(text))).collect();
    let rounds = all.iter().map(|(_, edits)| edits.len()).max().unwrap();
    for round in 0..rounds {
        for (name, edits) in &all {
            fs::write(terminal.policy(name), edits.get(round).map_or("", |edit| &edit.text)).unwrap();
        }
        for (name, text) in
            plain.iter().filter(|(name, _)| fs::read(terminal.policy(name)).unwrap().is_empty())
        {
            fs::write(terminal.policy(name), text).unwrap();
        }
        let checked = terminal.check(scenario);
        for (name, edits) in &all {
            if let Some(edit) = edits.get(round) {
                seen(name, edit, &checked);
            }
        }
    }
    for (name, text) in &plain {
        fs::write(terminal.policy(name), text).unwrap();
    }
}

fn changed(checked: &Checked, arm: &str) -> bool {
    checked.counts.iter().any(|one| one.arm == arm)
}

/// Whether the check says something of an arm's policy, and one thing only.
fn reported(checked: &Checked, arm: &str, what: &str) {
    let silent = checked.not_covered.iter().any(|one| one.arm == arm);
    assert!(changed(checked, arm) != silent, "{arm}: {what}: changed and not covered are {silent}");
    assert!(!checked.is_fine());
}

/// Every key that a policy file may have, from the published schema.
fn keys_of_policies() -> BTreeSet<String> {
    fn walk(properties: &serde_json::Value, path: &str, keys: &mut BTreeSet<String>) {
        for (key, below) in properties.as_object().unwrap() {
            let here = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            match below.get("properties").filter(|_| here != "realtime.treatments") {
                Some(more) => walk(more, &here, keys),
                None => drop(keys.insert(here)),
            }
        }
    }
    let schema = counterfoil_api::schema::schema("policy").unwrap();
    let mut keys = BTreeSet::new();
    walk(&schema["properties"], "", &mut keys);
    keys.retain(|key| !FORM.contains(&key.as_str()));
    keys
}

/// Arms that are called like their policies, in few shoppers.
fn with_arms(terminal: &Terminal, name: &str, extends: &str, more: &str, policies: &[&str]) {
    let arms: String = policies
        .iter()
        .map(|policy| format!("\n[[arms]]\nname = \"{policy}\"\npolicy = \"{policy}\"\n"))
        .collect();
    let text = format!("format = 1\nextends = \"{extends}\"\nname = \"{name}\"\n{more}{arms}");
    fs::write(terminal.scenario(name), text).unwrap();
}

/// Goal: on `guardrails`, an edit of every kind of key changes decisions; what no decision can show is never fine.
#[test]
fn every_kind_of_key_changes_decisions_somewhere_on_the_stress_scenario() {
    let terminal = Terminal::new();
    let policies = ["stress-blanket", "stress-batch", "stress-caps", "stress-money"];
    with_arms(&terminal, "stress", "guardrails", "\n[shoppers]\ncount = 500\n", &policies);
    terminal.accept("stress");
    let mut silent: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut covered: BTreeSet<String> = BTreeSet::new();
    let mut guarded: [BTreeSet<String>; 2] = Default::default();
    try_all(&terminal, "stress", &policies, |policy, edit, checked| {
        reported(checked, policy, &edit.what);
        if changed(checked, policy) {
            covered.insert(edit.key.clone());
            guarded[usize::from(policies[2..].contains(&policy))].insert(edit.key.clone());
        } else {
            silent.entry(edit.key.clone()).or_default().push(format!("{policy}: {}", edit.what));
        }
    });
    println!("not covered where it is written: {silent:#?}");
    let wanted: BTreeSet<String> =
        keys_of_policies().into_iter().filter(|key| SILENT.iter().all(|(silent, _)| key != silent)).collect();
    let missed: Vec<&String> = wanted.difference(&covered).collect();
    assert!(
        missed.is_empty(),
        "no stress policy covers {missed:?}; add one in which it decides: {silent:#?}"
    );
    for (family, guarded) in ["blanket and batch", "the engine"].into_iter().zip(guarded) {
        let rails = wanted.iter().filter(|key| key.starts_with("guardrails.") || *key == "holdout");
        let missed: Vec<&String> = rails.filter(|key| !guarded.contains(*key)).collect();
        assert!(missed.is_empty(), "{missed:?} bind nowhere in {family}: {silent:#?}");
    }
    for (key, why) in SILENT {
        assert!(silent.contains_key(key) && !covered.contains(key), "{key} is seen after all, though {why}");
    }
}

/// Goal: an edit of any value of a shipped policy is seen in a scenario that runs it, however small.
#[test]
fn no_edit_of_a_shipped_policy_is_called_fine() {
    let terminal = Terminal::new();
    let policies = ["blanket", "batch", "realtime"];
    let small = "horizon = \"14 days\"\nhistory = \"14 days\"\n\n[shoppers]\ncount = 60\n";
    with_arms(&terminal, "small", "fashion-web-shop", small, &policies);
    terminal.accept("small");
    let mut count = 0;
    try_all(&terminal, "small", &policies, |policy, edit, checked| {
        reported(checked, policy, &edit.what);
        count += 1;
    });
    assert!(count > 60, "only {count} edits were tried");
}

/// Goal: so is an edit of the incumbent, whose arm decides nothing personal.
#[test]
fn no_edit_of_the_incumbent_is_called_fine() {
    let terminal = Terminal::new();
    with_arms(&terminal, "small", "fashion-web-shop", "\n[shoppers]\ncount = 200\n", &["none"]);
    terminal.accept("small");
    let mut silent = Vec::new();
    try_all(&terminal, "small", &["calendar-sale"], |_, edit, checked| {
        reported(checked, "status-quo", &edit.what);
        if !changed(checked, "status-quo") {
            silent.push(edit.key.clone());
        }
    });
    assert_eq!(silent, ["description"], "the sale and its announcement are decisions too");
}
