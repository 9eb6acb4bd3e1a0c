//! Rules that span several keys: sums, duplicates, reserved names, correlations.

use crate::model::{Arm, Category, Scenario, TRAITS};
use crate::problem::{self, Problem};
use crate::shelves::can_be_name;
use crate::shipped;
use crate::tree::{Data, Node};
use counterfoil_core::shop::CATEGORIES_MAX;

/// Names of arms that every run has and no file defines.
pub const RESERVED_ARMS: [&str; 2] = ["control", "status-quo"];

/// Checks one arm against the reserved names and the arms before it.
pub(crate) fn arm(table: &Node, arm: &Arm, before: &[Arm], problems: &mut Vec<Problem>) {
    let at = table.find("name").map_or(&table.at, |node| &node.at);
    let found = format!("is \"{}\"", arm.name);
    if let Some(node) = table.find("policy") {
        policy(node, "arms.policy", problems);
    }
    if RESERVED_ARMS.contains(&arm.name.as_str()) {
        let allowed = "the arms control and status-quo always run and cannot be redefined";
        problems.push(Problem::at(at, "arms.name", found, allowed).hint("choose another name for this arm"));
    } else if !arm.name.is_empty() && before.iter().any(|other| other.name == arm.name) {
        problems.push(
            Problem::at(at, "arms.name", found, "an arm above has that name").hint("names of arms differ"),
        );
    }
}

/// Checks that a policy is a path or can be a name; which text it means, if any, is found when it is read.
pub(crate) fn policy(node: &Node, key: &str, problems: &mut Vec<Problem>) {
    let Data::Text(name) = &node.data else { return };
    if shipped::is_path(name) || can_be_name(name) || name.trim().is_empty() {
        return;
    }
    let names = shipped::policy_names().join(", ");
    let allowed = format!(
        "a name has letters, digits and hyphens, and a path ends in .toml; shipped policies are {names}"
    );
    problems.push(Problem::at(&node.at, key, format!("is {}", node.shown()), allowed));
}

/// Checks one category against those before it.
pub(crate) fn category(table: &Node, category: &Category, before: &[Category], problems: &mut Vec<Problem>) {
    if !category.name.is_empty() && before.iter().any(|other| other.name == category.name) {
        let at = table.find("name").map_or(&table.at, |node| &node.at);
        let found = format!("is \"{}\"", category.name);
        problems.push(Problem::at(at, "catalogue.categories.name", found, "a category above has that name"));
    }
}

/// A catalogue with too many categories, or none.
pub(crate) fn number_of_categories(node: &Node, found: usize) -> Problem {
    let allowed = format!("a catalogue has 1 to {CATEGORIES_MAX}");
    Problem::at(&node.at, "catalogue.categories", format!("has {found} categories"), allowed)
}

/// Checks what all categories have to be together.
pub(crate) fn categories(node: &Node, categories: &[Category], problems: &mut Vec<Problem>) {
    let key = "catalogue.categories";
    if categories.is_empty() {
        problems.push(number_of_categories(node, 0));
        return;
    }
    let sum: u64 = categories.iter().map(|category| u64::from(category.share.millionths())).sum();
    if !(999_900..=1_000_100).contains(&sum) {
        let found = format!("has shares that add up to {} %", sum as f64 / 10_000.0);
        problems.push(Problem::at(&node.at, key, found, "the shares of all categories add up to 100 %"));
    }
}

/// Reads the pairs of `[shoppers.correlations]` into a matrix.
pub(crate) fn read_correlations(node: &Node, problems: &mut Vec<Problem>) -> [[f64; 8]; 8] {
    let mut matrix = [[0.0; 8]; 8];
    for (place, row) in matrix.iter_mut().enumerate() {
        row[place] = 1.0;
    }
    let key = "shoppers.correlations";
    let Some(entries) = node.entries() else {
        let problem =
            Problem::at(&node.at, key, format!("is {}", node.shown()), "it is a table of pairs of traits");
        problems.push(problem.hint("write `\"need_rate/deal_proneness\" = 0.25`"));
        return matrix;
    };
    let faults = problems.len();
    for entry in entries {
        if problem::enough(problems) {
            break;
        }
        let here = format!("{key}.\"{}\"", entry.key);
        let Some((a, b)) = pair(&entry.key) else {
            let allowed = format!("a pair is two different traits of {}", TRAITS.join(", "));
            let problem = Problem::at(&entry.at, &here, "is not a pair of traits", allowed);
            problems.push(problem.hint("write `\"need_rate/deal_proneness\" = 0.25`"));
            continue;
        };
        let value = match entry.node.data {
            Data::Number(value) => value,
            Data::Integer(value) => value as f64,
            _ => f64::NAN,
        };
        if !(-0.99..=0.99).contains(&value) {
            let found = format!("is {}", entry.node.shown());
            problems.push(Problem::at(
                &entry.node.at,
                &here,
                found,
                "a correlation lies between -0.99 and 0.99",
            ));
            continue;
        }
        (matrix[a][b], matrix[b][a]) = (value, value);
    }
    if faults == problems.len() && !positive_definite(&matrix) {
        let allowed = "no eight traits can be correlated like that: the matrix is not positive definite";
        let problem = Problem::at(&node.at, key, "contradicts itself", allowed);
        problems.push(problem.hint("bring the largest correlations nearer to 0"));
    }
    matrix
}

/// The two traits of `a/b`.
fn pair(key: &str) -> Option<(usize, usize)> {
    let (a, b) = key.split_once('/')?;
    let place = |name: &str| TRAITS.iter().position(|known| *known == name.trim());
    Some((place(a)?, place(b)?)).filter(|(a, b)| a != b)
}

/// Cholesky's test: every pivot stays above a hundred-thousandth.
fn positive_definite(matrix: &[[f64; 8]; 8]) -> bool {
    let mut lower = [[0.0_f64; 8]; 8];
    for row in 0..8 {
        for column in 0..=row {
            let known: f64 = (0..column).map(|k| lower[row][k] * lower[column][k]).sum();
            let rest = matrix[row][column] - known;
            if row != column {
                lower[row][column] = rest / lower[column][column];
            } else if rest > 1e-5 {
                lower[row][row] = rest.sqrt();
            } else {
                return false;
            }
        }
    }
    true
}

/// Checks that span sections.
pub(crate) fn across(tree: &Node, scenario: &Scenario, problems: &mut Vec<Problem>) {
    if let Some(node) = tree.find("incumbent") {
        policy(node, "incumbent", problems);
    }
    let traffic = scenario.traffic.paid.millionths() + scenario.traffic.search.millionths();
    if traffic > 1_000_000 {
        let at = tree.find("traffic.paid").map_or(&tree.at, |node| &node.at);
        let found = format!("is {} % together with traffic.search", f64::from(traffic) / 10_000.0);
        problems.push(Problem::at(
            at,
            "traffic.paid",
            found,
            "both are shares of the same visits, at most 100 %",
        ));
    }
    let (margin, spread) = (scenario.catalogue.gross_margin, scenario.catalogue.gross_margin_spread);
    let highest = margin.millionths() + spread.millionths();
    if highest >= 1_000_000 || spread > margin {
        let key = "catalogue.gross_margin";
        let at = tree.find(key).map_or(&tree.at, |node| &node.at);
        let found = format!(
            "is {} % with a spread of {} points",
            f64::from(margin.millionths()) / 10_000.0,
            f64::from(spread.millionths()) / 10_000.0
        );
        problems.push(Problem::at(
            at,
            key,
            found,
            "the margin of every product lies from 0 % to below 100 %",
        ));
    }
}
