//! Reading `[treatments]`: the dial `relief_scale` and one table per treatment.

use crate::field::TableReader;
use crate::fields::{self, TreatmentForm};
use crate::kind::{self, Context};
use crate::model::Scenario;
use crate::problem::Problem;
use crate::tree::{Entry, Node};
use counterfoil_core::treatment::{TREATMENTS_MAX, TreatmentKind, TreatmentSpec};

/// Replaces the treatments of `scenario` by those of the table.
pub(crate) fn read_treatments(
    node: &Node,
    context: Context,
    scenario: &mut Scenario,
    problems: &mut Vec<Problem>,
) {
    let Some(entries) = node.entries() else {
        let found = format!("is {}", node.shown());
        let problem =
            Problem::at(&node.at, "treatments", found, "it is a table with one table per treatment");
        problems.push(problem.hint("write `[treatments.discount-10]` and the keys below it"));
        return;
    };
    let (tables, others): (Vec<&Entry>, Vec<&Entry>) =
        entries.iter().partition(|entry| entry.node.entries().is_some());
    let ids: Vec<&str> = tables.iter().map(|entry| entry.key.as_str()).collect();
    if ids.len() > TREATMENTS_MAX {
        let found = format!("has {} treatments", ids.len());
        let allowed = format!("a scenario has at most {TREATMENTS_MAX}");
        problems.push(Problem::at(&node.at, "treatments", found, allowed));
        return;
    }
    let rows: Vec<_> = fields::RELIEFS.iter().collect();
    TableReader { fields: &rows, elsewhere: &ids, prefix: "treatments", context }
        .read(node, scenario, problems);
    if tables.is_empty() {
        debug_assert!(others.len() == entries.len());
        return;
    }
    (scenario.treatments, scenario.effects) = (Vec::new(), Vec::new());
    for entry in tables {
        let form = read_one(entry, context, problems);
        let Some(kind) = kind_of(&form) else { continue };
        scenario.effects.push(form.effect);
        scenario.treatments.push(TreatmentSpec {
            name: entry.key.clone(),
            kind,
            cost_per_show: form.cost,
            cost_per_message: form.message_cost,
            smallest_order: form.smallest_order,
            largest_reward: form.largest_reward,
            valid_for_ms: form.valid_for_ms,
        });
    }
}

fn read_one(entry: &Entry, context: Context, problems: &mut Vec<Problem>) -> TreatmentForm {
    let mut form = TreatmentForm::unwritten();
    let prefix = format!("treatments.{}", entry.key);
    if !kind::is_name(&entry.key) || entry.key == "none" {
        let allowed =
            "a treatment's name has lower-case letters, digits and hyphens only, and is not \"none\"";
        let problem = Problem::at(&entry.at, &prefix, "is a table", allowed);
        problems.push(problem.hint(format!("write `[treatments.{}]`", kind::as_name(&entry.key))));
    }
    let rows: Vec<_> = fields::TREATMENT.iter().collect();
    TableReader { fields: &rows, elsewhere: &[], prefix: &prefix, context }.read(
        &entry.node,
        &mut form,
        problems,
    );
    for (key, kind) in [("depth", "percent"), ("amount", "fixed")] {
        match (entry.node.entry(key), form.kind == kind) {
            (None, true) => problems.push(
                Problem::at(
                    &entry.node.at,
                    &format!("{prefix}.{key}"),
                    "is missing",
                    format!("type \"{kind}\" needs it"),
                )
                .hint(if kind == "percent" {
                    "write `depth = \"10 %\"`"
                } else {
                    "write `amount = ...`"
                }),
            ),
            (Some(found), false) if !form.kind.is_empty() => problems.push(
                Problem::at(
                    &found.at,
                    &format!("{prefix}.{key}"),
                    "is set",
                    format!("it belongs to type \"{kind}\" only"),
                )
                .hint(format!("this treatment is of type \"{}\"", form.kind)),
            ),
            _ => {}
        }
    }
    if let (Some(found), Some(kind)) = (entry.node.entry("largest_reward"), kind_of(&form))
        && !kind.is_offer()
        && form.largest_reward.is_some()
    {
        let key = format!("{prefix}.largest_reward");
        let allowed = "it belongs to types that give money away: percent, fixed, free-shipping";
        problems.push(
            Problem::at(&found.at, &key, "is set", allowed).hint("remove it: this type costs no reward"),
        );
    }
    form
}

/// The kind in the words of the core; `None` while the type is not readable.
fn kind_of(form: &TreatmentForm) -> Option<TreatmentKind> {
    Some(match form.kind.as_str() {
        "percent" => TreatmentKind::Percent(form.depth),
        "fixed" => TreatmentKind::Fixed(form.amount),
        "free-shipping" => TreatmentKind::FreeShipping,
        "reassurance" => TreatmentKind::Reassurance,
        "social-proof" => TreatmentKind::SocialProof,
        "shipping-info" => TreatmentKind::ShippingInfo,
        "payment-help" => TreatmentKind::PaymentHelp,
        "choice-help" => TreatmentKind::ChoiceHelp,
        "reminder" => TreatmentKind::Reminder,
        _ => return None,
    })
}

/// The form of a treatment, for writing.
pub(crate) fn form_of(spec: &TreatmentSpec, effect: &crate::model::Effect) -> TreatmentForm {
    let mut form = TreatmentForm {
        cost: spec.cost_per_show,
        message_cost: spec.cost_per_message,
        smallest_order: spec.smallest_order,
        largest_reward: spec.largest_reward,
        valid_for_ms: spec.valid_for_ms,
        effect: *effect,
        ..TreatmentForm::default()
    };
    let word = match spec.kind {
        TreatmentKind::Percent(depth) => {
            form.depth = depth;
            "percent"
        }
        TreatmentKind::Fixed(amount) => {
            form.amount = amount;
            "fixed"
        }
        TreatmentKind::FreeShipping => "free-shipping",
        TreatmentKind::Reassurance => "reassurance",
        TreatmentKind::SocialProof => "social-proof",
        TreatmentKind::ShippingInfo => "shipping-info",
        TreatmentKind::PaymentHelp => "payment-help",
        TreatmentKind::ChoiceHelp => "choice-help",
        TreatmentKind::Reminder => "reminder",
    };
    word.clone_into(&mut form.kind);
    form
}
