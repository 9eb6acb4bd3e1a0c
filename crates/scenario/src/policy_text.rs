//! From the text of a policy to a [`PolicySpec`].
//!
//! # Promises
//! - A treatment that the scenario does not have is refused, with the list of those it has.
//! - Sections of another kind than the policy's are errors: they would do nothing.
//! - Eligibility rules are kept as text with their line; the engine compiles them.

use crate::Scenario;
use crate::field::TableReader;
use crate::kind::{Context, Kind, Value};
use crate::policy::{EligibleTreatment, Guardrails, PolicyKind, PolicySpec, RealtimeSpec, SaleCalendar};
use crate::policy_form::{self, PolicyForm};
use crate::problem::{self, Problem};
use crate::scenario::{check_written_by, format_is_known};
use crate::tree::{self, Data, Node};
use crate::units::Currency;
use counterfoil_core::treatment::{TreatmentId, TreatmentSpec};

/// Reads a policy against the treatments and the currency of a scenario.
///
/// `file` names the text in messages, `name` becomes the policy's name (the shipped name or the file's stem).
///
/// # Errors
/// Every problem of the text, in the order of lines.
pub fn parse_policy(
    text: &str,
    file: &str,
    name: &str,
    treatments: &[TreatmentSpec],
    currency: &Currency,
) -> Result<PolicySpec, Vec<Problem>> {
    let mut problems = Vec::new();
    let tree = tree::parse(text, file)?;
    if !format_is_known(&tree, &mut problems) {
        return Err(problems);
    }
    check_written_by(&tree, &mut problems);
    let context = Context { currency, treatments };
    let mut form = PolicyForm::unwritten();
    let rows = policy_form::rows();
    TableReader { fields: &rows, elsewhere: policy_form::ELSEWHERE, prefix: "", context }.read(
        &tree,
        &mut form,
        &mut problems,
    );
    let eligible = tree
        .find("realtime.treatments")
        .map(|node| read_eligible(node, context, &mut problems))
        .unwrap_or_default();
    check_sections(&tree, &form, &mut problems);
    check_tables(&tree, &form, context, &mut problems);
    if problems.is_empty() {
        return Ok(assemble(name, form, eligible));
    }
    Err(problem::told(problems))
}

/// The policy as this scenario runs it: where the scenario states weekdays for the sale, they replace those of the
/// policy `calendar-sale`.
#[must_use]
pub fn for_scenario(mut policy: PolicySpec, scenario: &Scenario) -> PolicySpec {
    if let (PolicyKind::CalendarSale, Some(sale)) = (&policy.kind, &mut policy.sale)
        && !scenario.incumbent_sale_weekdays.is_empty()
    {
        sale.weekdays.clone_from(&scenario.incumbent_sale_weekdays);
    }
    policy
}

/// Sections that belong to one kind, and those that a kind needs.
fn check_sections(tree: &Node, form: &PolicyForm, problems: &mut Vec<Problem>) {
    for kind in ["blanket", "batch", "realtime"] {
        match tree.entry(kind) {
            Some(entry) if form.kind != kind && !form.kind.is_empty() => problems.push(
                Problem::at(
                    &entry.at,
                    kind,
                    "is a section",
                    format!("this policy is of kind \"{}\"", form.kind),
                )
                .hint(format!("remove [{kind}] or write `kind = \"{kind}\"`")),
            ),
            None if form.kind == kind => problems.push(
                Problem::at(
                    &tree.at,
                    kind,
                    "is missing",
                    format!("a policy of kind \"{kind}\" needs [{kind}]"),
                )
                .hint(format!("write [{kind}] with its treatments")),
            ),
            _ => {}
        }
    }
    if form.kind == "calendar-sale" && tree.entry("sale").is_none() {
        let problem =
            Problem::at(&tree.at, "sale", "is missing", "a policy of kind \"calendar-sale\" needs [sale]");
        problems.push(problem.hint("write [sale] with `treatment` and `weekdays`"));
    }
    if let (Some(entry), "none") = (tree.entry("sale"), form.kind.as_str()) {
        let problem = Problem::at(&entry.at, "sale", "is a section", "a policy of kind \"none\" has no sale");
        problems.push(problem.hint("write `kind = \"calendar-sale\"`"));
    }
    for (section, key) in [("sale", "treatment"), ("sale", "weekdays"), ("blanket", "treatment")] {
        let Some(entry) = tree.entry(section).filter(|entry| entry.node.entries().is_some()) else {
            continue;
        };
        let none =
            matches!(entry.node.find(key), Some(Node { data: Data::Text(text), .. }) if text == "none");
        if entry.node.entry(key).is_none() || none {
            let what = if none { "is \"none\"" } else { "is missing" };
            let allowed = format!("[{section}] needs one");
            problems.push(Problem::at(&entry.node.at, &format!("{section}.{key}"), what, allowed));
        }
    }
}

/// Treatments in the batch tables have to stand in its list; times have to be in order.
fn check_tables(tree: &Node, form: &PolicyForm, context: Context, problems: &mut Vec<Problem>) {
    for table in ["batch.on_site", "batch.push"] {
        for entry in tree.find(table).and_then(Node::entries).unwrap_or_default() {
            if problem::enough(problems) {
                return;
            }
            let Ok(Value::Treatments(ids)) = Kind::Treatment.read(&entry.node, &context) else { continue };
            if ids.iter().any(|id| !form.batch.treatments.contains(id)) {
                let allowed = "it does not stand in batch.treatments, the list of what this policy may use";
                let key = format!("{table}.{}", entry.key);
                let found = format!("is {}", entry.node.shown());
                problems.push(Problem::at(&entry.node.at, &key, found, allowed).hint("add it to that list"));
            }
        }
    }
    if form.batch.lapsing_days <= form.batch.active_days {
        let at = tree.find("batch.lapsing").map_or(&tree.at, |node| &node.at);
        let found = format!("is {} days", form.batch.lapsing_days);
        let allowed =
            format!("a customer lapses after batch.active, which is {} days", form.batch.active_days);
        problems.push(Problem::at(at, "batch.lapsing", found, allowed));
    }
}

/// Reads `[realtime.treatments.ID]` tables, each with an optional rule.
fn read_eligible(node: &Node, context: Context, problems: &mut Vec<Problem>) -> Vec<EligibleTreatment> {
    let mut eligible: Vec<EligibleTreatment> = Vec::new();
    let key = "realtime.treatments";
    let Some(entries) = node.entries() else {
        let problem =
            Problem::at(&node.at, key, format!("is {}", node.shown()), "it is a table of treatments");
        problems.push(
            problem.hint("write `reassurance = { rule = \"p_doubt > 0.3\" }` below [realtime.treatments]"),
        );
        return eligible;
    };
    for entry in entries {
        if problem::enough(problems) {
            break;
        }
        let name = Node { at: entry.at.clone(), data: Data::Text(entry.key.clone()) };
        let here = format!("{key}.{}", entry.key);
        let id = match Kind::Treatment.read(&name, &context) {
            Ok(Value::Treatments(ids)) if ids.len() == 1 => ids[0],
            Err(refusal) => {
                let problem = Problem::at(&entry.at, &here, "is no treatment", refusal.allowed);
                problems.push(match refusal.example {
                    Some(near) => problem.hint(format!("did you mean {near}?")),
                    None => problem,
                });
                continue;
            }
            Ok(_) => continue,
        };
        let (rule, line) = read_rule(&entry.node, &here, context, problems);
        eligible.push(EligibleTreatment { treatment: id, rule, line });
    }
    eligible
}

/// The rule of one treatment with its line.
fn read_rule(node: &Node, key: &str, context: Context, problems: &mut Vec<Problem>) -> (String, usize) {
    if node.entries().is_none() {
        let problem = Problem::at(&node.at, key, format!("is {}", node.shown()), "it is a table with rule");
        problems.push(problem.hint("write `{ rule = \"p_doubt > 0.3\" }`, or `{}` for always"));
        return (String::new(), 0);
    }
    let mut rule = Rule::default();
    TableReader { fields: &[&RULE], elsewhere: &[], prefix: key, context }.read(node, &mut rule, problems);
    (rule.rule, node.find("rule").map_or(0, |node| node.at.line))
}

#[derive(Default)]
struct Rule {
    rule: String,
}

/// The row of an eligibility rule.
const RULE: crate::field::Field<Rule> = crate::field::field!(
    "rule",
    Kind::Text,
    Text(rule),
    "CEL expression over the documented features; without one the treatment is always eligible"
);

fn assemble(name: &str, form: PolicyForm, eligible: Vec<EligibleTreatment>) -> PolicySpec {
    let blanket = form.blanket.unwrap_or(TreatmentId(0));
    let kind = match form.kind.as_str() {
        "blanket" => PolicyKind::Blanket { treatment: blanket },
        "calendar-sale" => PolicyKind::CalendarSale,
        "batch" => PolicyKind::Batch(form.batch),
        "realtime" => PolicyKind::Realtime(RealtimeSpec {
            treatments: eligible,
            deadline_ms: form.deadline_ms as u32,
            exploration: form.exploration,
            exploration_floor: form.exploration_floor,
            model: form.model,
            session_half_life_seconds: form.session_half_life_seconds,
            profile_half_life_days: form.profile_half_life_days,
        }),
        "none" => PolicyKind::None,
        unknown => unreachable!("`{unknown}` is in the list of kinds and nothing is made of it"),
    };
    PolicySpec {
        name: name.to_owned(),
        description: form.description,
        kind,
        cost_per_shopper: form.cost_per_shopper,
        price_of_dependency: form.price_of_dependency,
        guardrails: Guardrails {
            margin_floor: form.margin_floor,
            offer_caps: form.offer_caps,
            treatment_caps: form.treatment_caps,
            changes_per_session: form.changes_per_session,
            stacking: form.stacking,
            budget: form.budget,
            message_cap: form.message_cap,
        },
        holdout: form.holdout,
        sale: form.sale.map(|treatment| SaleCalendar {
            treatment,
            weekdays: form.sale_weekdays,
            announce: form.sale_announce,
            every_weeks: form.sale_every_weeks,
        }),
    }
}
