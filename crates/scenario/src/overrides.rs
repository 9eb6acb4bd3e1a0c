//! Command-line flags that change a scenario before it is resolved; checked by the same rules as the file.

use crate::kind;
use crate::problem::{Problem, Spot};
use crate::tree::{Data, Entry, Node};
use crate::units::{self, TimeUnit};
use std::rc::Rc;

/// Flags as they were given; `None` leaves the file's value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--worlds`.
    pub worlds: Option<i64>,
    /// `--shoppers`.
    pub shoppers: Option<i64>,
    /// `--days`, the horizon: a number of days, or as in a file (`12 weeks`).
    pub days: Option<String>,
    /// `--seed`.
    pub seed: Option<i64>,
    /// `--history`, like `days`, or `none`: then there is no incumbent either.
    pub history: Option<String>,
    /// `--warmup`, like `days`, or `none`.
    pub warmup: Option<String>,
    /// `--probe`, like `days`.
    pub probe: Option<String>,
    /// `--policy`, repeatable: replaces the arms. An arm of the scenario, a policy's name, or a path.
    pub policies: Vec<String>,
}

impl Overrides {
    /// Writes the flags into the tree of a scenario.
    pub(crate) fn apply(&self, tree: &mut Node, problems: &mut Vec<Problem>) {
        let flag = Spot { file: Rc::from(""), line: 0, column: 0 };
        let node = |data: Data| Node { at: flag.clone(), data };
        for (key, value) in [("worlds", self.worlds), ("shoppers.count", self.shoppers), ("seed", self.seed)]
        {
            if let Some(value) = value.filter(|_| key != "shoppers.count" || tree.entry("shoppers").is_some())
            {
                tree.put(key, node(Data::Integer(value)));
            }
        }
        let times = [
            ("horizon", &self.days),
            ("history", &self.history),
            ("warmup", &self.warmup),
            ("probe", &self.probe),
        ];
        for (key, value) in times {
            if let Some(value) = value {
                let plain = value.trim();
                let bare = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
                let text = if bare { format!("{plain} days") } else { plain.to_owned() };
                tree.put(key, node(Data::Text(text)));
            }
        }
        let no_history = |text: &str| {
            matches!(text.trim(), "none" | "0") || units::duration(text, TimeUnit::Days) == Some(0.0)
        };
        if self.history.as_deref().is_some_and(no_history) {
            tree.put("incumbent", node(Data::Text("none".to_owned())));
        }
        if !self.policies.is_empty() && tree.entry("arms").is_some() {
            let arms = self.arms(tree, &flag, problems);
            tree.put("arms", node(Data::List(arms)));
        }
    }

    /// The arms that `--policy` names; `control` and `status-quo` run anyway and add none.
    fn arms(&self, tree: &Node, flag: &Spot, problems: &mut Vec<Problem>) -> Vec<Node> {
        let mut arms = Vec::new();
        for (place, policy) in self.policies.iter().enumerate() {
            if crate::RESERVED_ARMS.contains(&policy.as_str()) {
                continue;
            }
            if self.policies[..place].contains(policy) {
                let found = format!("is \"{policy}\"");
                problems.push(Problem::at(flag, "--policy", found, "that arm was named already"));
                continue;
            }
            if let Some(arm) = arm_named(tree, policy) {
                arms.push(arm);
            } else if let Some(name) = arm_name_too_long(policy) {
                problems.push(too_long(flag, &name));
            } else {
                arms.push(arm_of(policy, flag));
            }
        }
        arms
    }
}

fn text_of<'a>(table: &'a Node, key: &str) -> Option<&'a str> {
    match table.find(key) {
        Some(Node { data: Data::Text(text), .. }) => Some(text),
        _ => None,
    }
}

fn arms_of(tree: &Node) -> &[Node] {
    match tree.find("arms") {
        Some(Node { data: Data::List(arms), .. }) => arms,
        _ => &[],
    }
}

fn arm_named(tree: &Node, name: &str) -> Option<Node> {
    arms_of(tree).iter().find(|arm| text_of(arm, "name") == Some(name)).cloned()
}

/// Names of the arms that a scenario states.
pub(crate) fn names_of_arms(tree: &Node) -> Vec<String> {
    arms_of(tree).iter().filter_map(|arm| text_of(arm, "name")).map(str::to_owned).collect()
}

/// The name of the arm that `--policy` would make of a policy's name or path, if no arm may be called so.
#[must_use]
pub fn arm_name_too_long(policy: &str) -> Option<String> {
    let name = arm_name(policy);
    (name.chars().count() > kind::NAME_CHARS_MAX).then_some(name)
}

fn too_long(flag: &Spot, name: &str) -> Problem {
    let count = name.chars().count();
    let found = format!("makes an arm whose name has {count} characters, `{name}`");
    let allowed = format!("a name has at most {} characters", kind::NAME_CHARS_MAX);
    Problem::at(flag, "--policy", found, allowed).hint("give the policy's file a shorter name")
}

fn arm_name(policy: &str) -> String {
    kind::as_name(policy.rsplit(['/', '\\']).next().unwrap_or(policy).trim_end_matches(".toml"))
}

/// An arm called after a policy or after the stem of a path; whether there is such a policy is found when it is read.
fn arm_of(policy: &str, flag: &Spot) -> Node {
    let entry = |key: &str, text: &str| Entry {
        key: key.to_owned(),
        at: flag.clone(),
        node: Node { at: flag.clone(), data: Data::Text(text.to_owned()) },
    };
    let table = vec![entry("name", &arm_name(policy)), entry("policy", policy)];
    Node { at: flag.clone(), data: Data::Table(table) }
}
