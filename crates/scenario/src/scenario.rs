//! From the text of a scenario to a [`Scenario`]: `extends`, command-line flags, the field table, and what spans several keys.
//!
//! # Promises
//! - All problems of a text are reported at once; a scenario with a problem is never returned.
//! - What is required is never invented: an empty or truncated file is an error, not a default shop.
//! - The resolved document states every value and reads back to the same scenario with the same hash.
//!
//! # Where to start
//! [`resolve_scenario`] for a text with what it names, [`parse_scenario`] for the scenario alone.

use crate::checks::{self, RESERVED_ARMS};
use crate::document;
use crate::field::TableReader;
use crate::fields;
use crate::found::{Found, NamedPolicy, Resolved};
use crate::kind::Context;
use crate::limits;
use crate::model::{About, Arm, Category, FORMAT, Scenario};
use crate::overrides::{Overrides, names_of_arms};
use crate::problem::{self, Problem, Spot};
use crate::shelves::{Missing, Shelf, Shelves};
use crate::shipped::{self, Source};
use crate::treatments::read_treatments;
use crate::tree::{self, Data, Node};
use crate::units::Currency;
use counterfoil_core::shop::CATEGORIES_MAX;
use counterfoil_core::time::Calendar;
use std::path::PathBuf;
use std::sync::OnceLock;

/// How many files may extend one another.
pub(crate) const EXTENDS_MAX: usize = 8;

/// How the text behind `extends` is found, given the text that says it.
type Finder<'a> = &'a dyn Fn(&str, &Source) -> Result<Source, Missing>;

/// Reads a scenario and finds everything that it extends.
///
/// # Errors
/// Every problem of the texts and of the flags, in the order of files and lines.
pub fn resolve_scenario(
    source: &Source,
    overrides: &Overrides,
    shelves: &Shelves,
) -> Result<Found, Vec<Problem>> {
    let find = |name: &str, by: &Source| shelves.look(Shelf::Scenarios, name, by.path.as_slice());
    found(source, overrides, &find)
}

/// Reads a scenario.
///
/// `file` names it in messages; `loader` returns the text of a scenario that `extends` names (a shipped name or a path
/// as it is written), `None` if there is none.
///
/// # Errors
/// Every problem of the text and of the flags, in the order of files and lines.
pub fn parse_scenario(
    text: &str,
    file: &str,
    overrides: &Overrides,
    loader: &dyn Fn(&str) -> Option<String>,
) -> Result<Resolved, Vec<Problem>> {
    let source = |name: &str, file: String, text: String| Source {
        name: name.to_owned(),
        file,
        text,
        shipped: false,
        path: None,
    };
    let find = |name: &str, _: &Source| match loader(name) {
        Some(text) => Ok(source(name, shipped::display_name(name), text)),
        None => Err(Missing::scenario(name)),
    };
    let top = source("", file.to_owned(), text.to_owned());
    Ok(found(&top, overrides, &find)?.resolved)
}

fn found(source: &Source, overrides: &Overrides, find: Finder) -> Result<Found, Vec<Problem>> {
    let (mut problems, mut texts) = (Vec::new(), vec![source.clone()]);
    let tree = load(source, find, &mut texts, &mut problems);
    let Some(mut tree) = tree else { return Err(problem::told(problems)) };
    let arms_of_file = names_of_arms(&tree);
    overrides.apply(&mut tree, &mut problems);
    let scenario = read(&tree, default_scenario(), &mut problems);
    if !problems.is_empty() {
        return Err(problem::told(problems));
    }
    let document = document::scenario(&scenario);
    let hash = document::hash(&document);
    let policies = policies_named(&tree, &scenario, &texts, &arms_of_file);
    Ok(Found { resolved: Resolved { scenario, document, hash }, texts, policies })
}

/// The policies that a merged tree names, each with the files beside which it is looked for.
fn policies_named(
    tree: &Node,
    scenario: &Scenario,
    texts: &[Source],
    arms_of_file: &[String],
) -> Vec<NamedPolicy> {
    let named = |arm: &str, policy: &str, key: &'static str, node: Option<&Node>| {
        let at = node.map_or_else(|| tree.at.clone(), |node| node.at.clone());
        let by_flag = at.file.is_empty() && key != "incumbent";
        let says = texts.iter().find(|text| *text.file == *at.file);
        let files = [texts.first(), says].into_iter().flatten().filter_map(|text| text.path.clone());
        let mut beside: Vec<PathBuf> = files.collect();
        beside.dedup();
        NamedPolicy {
            arm: arm.to_owned(),
            policy: policy.to_owned(),
            key: if by_flag { "--policy" } else { key },
            at,
            beside,
            arms_of_file: by_flag.then(|| arms_of_file.to_vec()),
        }
    };
    let incumbent = scenario.incumbent.as_deref().filter(|name| *name != "none");
    let incumbent = incumbent.map(|name| named(RESERVED_ARMS[1], name, "incumbent", tree.find("incumbent")));
    let nodes = tree.find("arms").map(|arms| tables(arms, "arms", &mut Vec::new())).unwrap_or_default();
    let arm_nodes = scenario.arms.iter().zip(nodes);
    let arms = arm_nodes.map(|(arm, node)| named(&arm.name, &arm.policy, "arms.policy", node.find("policy")));
    incumbent.into_iter().chain(arms).collect()
}

/// The shipped default scenario, which every default comes from.
#[must_use]
pub fn default_scenario() -> &'static Scenario {
    static DEFAULT: OnceLock<Scenario> = OnceLock::new();
    DEFAULT.get_or_init(|| {
        let mut problems = Vec::new();
        let source = Shelf::Scenarios.shipped_source(shipped::DEFAULT).expect("the default is shipped");
        let nothing = |name: &str, _: &Source| Err(Missing::scenario(name));
        let tree = load(&source, &nothing, &mut vec![source.clone()], &mut problems);
        let scenario = tree.map(|tree| read(&tree, &empty(), &mut problems));
        assert!(problems.is_empty(), "the shipped default is broken: {}", crate::problem::report(&problems));
        scenario.expect("a text without problems was read")
    })
}

/// An empty sheet: nothing here is a default that a user could meet.
fn empty() -> Scenario {
    Scenario {
        name: String::new(),
        about: About::default(),
        seed: 0,
        currency: String::new(),
        currency_decimals: 0,
        calendar: Calendar { first_day_from_epoch: 0 },
        time_zone: String::new(),
        phases: Default::default(),
        incumbent: None,
        incumbent_sale_weekdays: Vec::new(),
        pilot: Default::default(),
        worlds: 0,
        matters: Default::default(),
        shoppers: Default::default(),
        needs: Default::default(),
        choice: Default::default(),
        beliefs: Default::default(),
        feelings: Default::default(),
        catalogue: Default::default(),
        store: Default::default(),
        season: Default::default(),
        traffic: Default::default(),
        traces: Default::default(),
        messages: Default::default(),
        pipe: Default::default(),
        treatments: Vec::new(),
        effects: Vec::new(),
        relief_scale: 0.0,
        arms: Vec::new(),
    }
}

/// Reads a text with everything it extends and keeps what was found; `None` if syntax or format make the rest
/// meaningless.
fn load(source: &Source, find: Finder, texts: &mut Vec<Source>, problems: &mut Vec<Problem>) -> Option<Node> {
    let tree = match tree::parse(&source.text, &source.file) {
        Ok(tree) => tree,
        Err(faults) => {
            problems.extend(faults);
            return None;
        }
    };
    if !format_is_known(&tree, problems) {
        return None;
    }
    check_written_by(&tree, problems);
    let Some(extends) = tree.entry("extends") else { return Some(tree) };
    if tree.find("name").is_none() {
        let problem = missing(&tree.at, "name", "a scenario does not inherit its name");
        problems.push(problem.hint("write `name = \"my-shop\"`"));
    }
    let Data::Text(parent) = &extends.node.data else {
        let allowed = "it names a scenario or a file";
        let found = format!("is {}", extends.node.shown());
        problems.push(Problem::at(&extends.node.at, "extends", found, allowed));
        return None;
    };
    if texts.len() > EXTENDS_MAX {
        let allowed = format!("at most {EXTENDS_MAX} files extend one another, and never in a circle");
        problems.push(Problem::at(&extends.node.at, "extends", format!("is \"{parent}\""), allowed));
        return None;
    }
    let below = match find(parent, source) {
        Ok(below) => below,
        Err(missing) => {
            problems.push(nothing_to_extend(&extends.node.at, parent, missing.reason()));
            return None;
        }
    };
    texts.push(below.clone());
    let mut below = load(&below, find, texts, problems)?;
    below.overlay(tree);
    Some(below)
}

fn nothing_to_extend(at: &Spot, parent: &str, reason: Option<&str>) -> Problem {
    let names = shipped::scenario_names();
    let reason = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
    let allowed = format!("no such scenario can be read{reason}; shipped are {}", names.join(", "));
    let problem = Problem::at(at, "extends", format!("is \"{parent}\""), allowed);
    match crate::suggest::nearest(parent, names.into_iter()) {
        Some(near) => problem.hint(format!("write `extends = \"{near}\"`")),
        None => problem.hint("a path is relative to the file that names it"),
    }
}

/// Whether `written_by`, which nothing but people reads, is at least a text.
pub(crate) fn check_written_by(tree: &Node, problems: &mut Vec<Problem>) {
    if let Some(node) = tree.find("written_by").filter(|node| !matches!(node.data, Data::Text(_))) {
        let found = format!("is {}", node.shown());
        problems.push(Problem::at(
            &node.at,
            "written_by",
            found,
            "it is a text, the version that wrote the file",
        ));
    }
}

/// Whether `format` is there and one that we read; anything else makes every further message guesswork.
pub(crate) fn format_is_known(tree: &Node, problems: &mut Vec<Problem>) -> bool {
    match tree.find("format") {
        Some(Node { data: Data::Integer(FORMAT), .. }) => return true,
        Some(Node { data: Data::Integer(newer), at }) if *newer > FORMAT => {
            let allowed = format!("this version reads format {FORMAT}");
            let problem = Problem::at(at, "format", format!("is {newer}"), allowed);
            problems.push(problem.hint("the file was written for a newer Counterfoil: use that one"));
        }
        Some(node) => {
            let allowed = format!("the only format is {FORMAT}");
            let problem = Problem::at(&node.at, "format", format!("is {}", node.shown()), allowed);
            problems.push(problem.hint(format!("write `format = {FORMAT}`")));
        }
        None => problems.push(
            missing(&tree.at, "format", "every file states it")
                .hint(format!("write `format = {FORMAT}` at the top")),
        ),
    }
    false
}

fn missing(at: &Spot, key: &str, why: &str) -> Problem {
    Problem::at(at, key, "is missing", why)
}

/// Reads the merged tree over the defaults.
fn read(tree: &Node, defaults: &Scenario, problems: &mut Vec<Problem>) -> Scenario {
    let mut scenario =
        Scenario { about: About::default(), incumbent_sale_weekdays: Vec::new(), ..defaults.clone() };
    for section in ["shoppers", "catalogue", "arms"] {
        if tree.entry(section).is_none() {
            let header = if section == "arms" { "[[arms]]".to_owned() } else { format!("[{section}]") };
            let problem = missing(&tree.at, section, "a scenario is never completed by a default shop");
            problems.push(problem.hint(format!("write {header}, or `extends = \"{}\"`", shipped::DEFAULT)));
        }
    }
    let currency = currency_of(tree, defaults);
    let context = Context { currency: &currency, treatments: &[] };
    let rows: Vec<_> = fields::scenario();
    TableReader { fields: &rows, elsewhere: fields::ELSEWHERE, prefix: "", context }.read(
        tree,
        &mut scenario,
        problems,
    );
    scenario.currency_decimals = currency.decimals;
    if scenario.about.title.is_empty() {
        scenario.about.title.clone_from(&scenario.name);
    }
    scenario.pilot.days = scenario.pilot.days.min(scenario.phases.history_days);
    if let Some(node) = tree.find("catalogue.categories") {
        scenario.catalogue.categories = read_categories(node, context, problems);
    }
    if let Some(node) = tree.find("shoppers.correlations") {
        scenario.shoppers.correlations = checks::read_correlations(node, problems);
    }
    if let Some(node) = tree.find("treatments") {
        read_treatments(node, context, &mut scenario, problems);
    }
    if let Some(node) = tree.find("arms") {
        scenario.arms = read_arms(node, context, problems);
    }
    checks::across(tree, &scenario, problems);
    limits::check(tree, &scenario, problems);
    scenario
}

/// The currency comes first: amounts are read in it. A wrong one is reported with the other keys.
fn currency_of(tree: &Node, defaults: &Scenario) -> Currency {
    let written = match tree.find("currency") {
        Some(Node { data: Data::Text(code), .. }) => Currency::of(code),
        _ => None,
    };
    written
        .or_else(|| Currency::of(&defaults.currency))
        .unwrap_or_else(|| Currency { code: "EUR".into(), decimals: 2 })
}

/// The tables of a list, or a problem.
fn tables<'a>(node: &'a Node, key: &str, problems: &mut Vec<Problem>) -> &'a [Node] {
    match &node.data {
        Data::List(nodes) => nodes,
        _ => {
            let problem =
                Problem::at(&node.at, key, format!("is {}", node.shown()), "it is a list of tables");
            problems.push(problem.hint(format!("write `[[{key}]]` above each")));
            &[]
        }
    }
}

fn read_categories(node: &Node, context: Context, problems: &mut Vec<Problem>) -> Vec<Category> {
    let mut categories = Vec::new();
    let nodes = tables(node, "catalogue.categories", problems);
    if nodes.len() > CATEGORIES_MAX {
        problems.push(checks::number_of_categories(node, nodes.len()));
        return categories;
    }
    for table in nodes {
        let mut category = Category::default();
        let rows: Vec<_> = fields::CATEGORY.iter().collect();
        TableReader { fields: &rows, elsewhere: &[], prefix: "catalogue.categories", context }.read(
            table,
            &mut category,
            problems,
        );
        checks::category(table, &category, &categories, problems);
        categories.push(category);
    }
    checks::categories(node, &categories, problems);
    categories
}

fn read_arms(node: &Node, context: Context, problems: &mut Vec<Problem>) -> Vec<Arm> {
    let mut arms = Vec::new();
    let nodes = tables(node, "arms", problems);
    if nodes.len() > limits::ARMS_MAX {
        // The rule itself, with control and status-quo, is asked in `limits`; here nothing so long is read at all.
        problems.push(limits::too_many_arms(node, nodes.len()));
        return arms;
    }
    for table in nodes {
        let mut arm = Arm::default();
        let rows: Vec<_> = fields::ARM.iter().collect();
        TableReader { fields: &rows, elsewhere: &[], prefix: "arms", context }
            .read(table, &mut arm, problems);
        checks::arm(table, &arm, &arms, problems);
        arms.push(arm);
    }
    arms
}
