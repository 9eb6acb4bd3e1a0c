//! The file of a plan: JSON with a format, strict in both directions.
//!
//! # Promises
//! - What is not known is refused, whatever stands in a newer format; a file is read up to [`BYTES_MAX`] and no further.
//! - Whatever was edited by hand is noticed by the hash, before any text is read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use counterfoil_run::hash::sha256;
use counterfoil_scenario::reading::read_text;
use counterfoil_scenario::{Overrides, parse_scenario};
use counterfoil_store::{ArmRow, Keep, PolicyRow};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Identity;
use crate::api::VERSION;
use crate::dto::{ApiError, ErrorCode, TextKind, TextRead};
use crate::error::Answered;
use crate::planning::{CONTROL, Planned, Texts};

/// Format of plans that is written and read.
const FORMAT: u32 = 1;
/// Largest plan that is read, bytes; a variant has about twenty thousand.
pub(super) const BYTES_MAX: u64 = 256 << 20;

/// A plan as text.
#[derive(Clone, Debug)]
pub(super) struct PlanText {
    pub keep: Keep,
    variants: Vec<VariantText>,
}

/// The file as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    format: u32,
    written_by: String,
    hash: String,
    units: u64,
    keep: String,
    variants: Vec<VariantText>,
}

/// One variant: what a stored run holds of a scenario.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct VariantText {
    name: String,
    worlds: u32,
    scenario: String,
    arms: Vec<ArmText>,
    policies: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ArmText {
    name: String,
    policy: String,
}

impl VariantText {
    fn of(planned: &Planned) -> Self {
        let arm = |arm: &ArmRow| ArmText { name: arm.name.clone(), policy: arm.policy.clone() };
        let policy = |policy: &PolicyRow| (policy.name.clone(), policy.text.clone());
        Self {
            name: planned.name.clone(),
            worlds: planned.plan.scenario.worlds,
            scenario: planned.document.clone(),
            arms: planned.arms.iter().map(arm).collect(),
            policies: planned.policies.iter().map(policy).collect(),
        }
    }

    fn rows(&self) -> (Vec<ArmRow>, Vec<PolicyRow>) {
        let arm = |arm: &ArmText| ArmRow { name: arm.name.clone(), policy: arm.policy.clone() };
        let policy = |(name, text): (&String, &String)| PolicyRow {
            name: name.clone(),
            text: text.clone(),
            hash: String::new(),
        };
        (self.arms.iter().map(arm).collect(), self.policies.iter().map(policy).collect())
    }

    fn hash(&self, keep: Keep) -> String {
        let (arms, policies) = self.rows();
        Identity { engine: VERSION, keep, scenario: &self.scenario, arms: &arms, policies: &policies }.hash()
    }
}

impl PlanText {
    pub(super) fn of(planned: &[Planned], keep: Keep) -> Self {
        Self { keep, variants: planned.iter().map(VariantText::of).collect() }
    }

    /// SHA-256 over the format and the hashes of the variants, in their order.
    pub(super) fn hash(&self) -> String {
        let variants: Vec<String> = self.variants.iter().map(|variant| variant.hash(self.keep)).collect();
        sha256(&format!("counterfoil plan {FORMAT}\n{}", variants.join("\n")))
    }

    /// The first two variants that are the same: their units could not be told apart in a store.
    pub(super) fn refuse_twins(&self) -> Result<(), (usize, usize)> {
        let mut known = BTreeMap::new();
        for (place, variant) in self.variants.iter().enumerate() {
            if let Some(first) = known.insert(variant.hash(self.keep), place) {
                return Err((first, place));
            }
        }
        Ok(())
    }

    pub(super) fn text(&self) -> Answered<String> {
        let document = Document {
            format: FORMAT,
            written_by: VERSION.to_owned(),
            hash: self.hash(),
            units: self.units(),
            keep: self.keep.name().to_owned(),
            variants: self.variants.clone(),
        };
        let text = serde_json::to_string_pretty(&document);
        Ok(text.map_err(|error| ApiError::defect(error.to_string()))? + "\n")
    }

    fn units(&self) -> u64 {
        self.variants.iter().map(|variant| u64::from(variant.worlds)).sum()
    }

    pub(super) fn read(path: &Path) -> Answered<Self> {
        let text = read_text(path, BYTES_MAX).map_err(|error| {
            let code = match error.kind() {
                std::io::ErrorKind::NotFound => ErrorCode::NotFound,
                std::io::ErrorKind::PermissionDenied => ErrorCode::Environment,
                _ => ErrorCode::InvalidInput,
            };
            ApiError::new(code, format!("The plan cannot be read: {error}."))
                .at(path.display().to_string())
                .hint("`counterfoil plan SCENARIO --out plan.json` writes one")
        })?;
        Self::parse(&text).map_err(|error| match &error.place {
            Some(place) => {
                let place = format!("{}:{place}", path.display());
                error.at(place)
            }
            None => error.at(path.display().to_string()),
        })
    }

    /// Reads the text of a file; the place of an error is a line.
    pub(super) fn parse(text: &str) -> Answered<Self> {
        let any: Value = serde_json::from_str(text)
            .map_err(|error| refused(format!("It is no JSON: {error}.")).at(error.line().to_string()))?;
        let found = any.get("format").and_then(Value::as_u64);
        if any.get("written_by").is_none() || found.is_none() {
            return Err(refused("It is no plan: a plan has the keys `format` and `written_by`."));
        }
        if found != Some(u64::from(FORMAT)) {
            let found = found.unwrap_or_default();
            let message = format!("It has format {found}, but this version reads format {FORMAT}.");
            return Err(ApiError::new(ErrorCode::Version, message).hint("use the version that wrote it"));
        }
        let document: Document = serde_json::from_str(text)
            .map_err(|error| refused(format!("It is no plan: {error}.")).at(error.line().to_string()))?;
        Self::checked(document)
    }

    fn checked(document: Document) -> Answered<Self> {
        let Document { written_by, hash, units, keep, variants, .. } = document;
        if written_by != VERSION {
            let message = format!("It was written by engine {written_by}, but this is {VERSION}.");
            return Err(ApiError::new(ErrorCode::Version, message)
                .hint("use one version for plan, shards and merge, or write the plan anew"));
        }
        let Some(keep) = Keep::from_name(&keep) else {
            let names = Keep::ALL.map(Keep::name).join(", ");
            return Err(refused(format!("`keep` is `{keep}`, but allowed are {names}.")));
        };
        let plan = Self { keep, variants };
        if plan.variants.is_empty() {
            return Err(refused("It has no variant, and a plan has at least one."));
        }
        let found = plan.hash();
        if found != hash {
            return Err(refused(format!(
                "It says that its hash is {hash}, but what it holds has {found}: it was edited or damaged."
            )));
        }
        plan.refuse_twins().map_err(|(one, other)| {
            refused(format!("Variant {} is variant {} again.", other + 1, one + 1))
        })?;
        if plan.units() != units {
            return Err(refused(format!("It says {units} units, but its variants have {}.", plan.units())));
        }
        Ok(plan)
    }

    /// The variants as plans that can be simulated. They say that they were read from the plan.
    pub(super) fn planned(&self, place: &str) -> Answered<Vec<Planned>> {
        let one = |(number, variant): (usize, &VariantText)| {
            let planned = self.variant(variant, &format!("{place}, variant {}", number + 1))?;
            let read = texts_of(&planned, place);
            Ok(Planned { read, ..planned })
        };
        self.variants.iter().enumerate().map(one).collect()
    }

    fn variant(&self, variant: &VariantText, place: &str) -> Answered<Planned> {
        let at = |message: String| refused(message).at(place);
        let resolved = parse_scenario(&variant.scenario, place, &Overrides::default(), &|_| None)?;
        let (arms, policies) = variant.rows();
        let names: BTreeSet<&str> = arms.iter().map(|arm| arm.name.as_str()).collect();
        if arms.first().is_none_or(|arm| arm.name != CONTROL) || names.len() < arms.len() {
            return Err(at(format!(
                "The first arm must be `{CONTROL}`, and each arm has a name of its own."
            )));
        }
        if resolved.scenario.worlds != variant.worlds {
            let worlds = resolved.scenario.worlds;
            return Err(at(format!("It says {} worlds, but its scenario has {worlds}.", variant.worlds)));
        }
        let missing = |policy: &str| at(format!("It has no text of policy `{policy}`."));
        let texts = Texts { name: &variant.name, arms: &arms, policies: &policies, keep: self.keep };
        Planned::of_texts(resolved, &texts, place, &missing)
    }
}

fn refused(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::InvalidInput, message)
        .hint("write it anew: counterfoil plan SCENARIO --out plan.json")
}

/// Scenario and policies of a variant that stands in the plan at `place`.
fn texts_of(planned: &Planned, place: &str) -> Vec<TextRead> {
    let text = |kind, name: &str, hash: &str| TextRead {
        kind,
        name: name.to_owned(),
        hash: Some(hash.to_owned()),
        read: place.to_owned(),
    };
    let mut read = vec![text(TextKind::Scenario, &planned.name, &planned.scenario_hash)];
    read.extend(planned.policies.iter().map(|policy| text(TextKind::Policy, &policy.name, &policy.hash)));
    read
}
