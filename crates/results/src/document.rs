//! The document of `run --json`, field by field as scripts read it.

use serde::Serialize;

use crate::comparison::ArmResult;
use crate::error::Answered;
use crate::facts::Facts;
use crate::pairs::Difference;
use crate::read::{TextKind, TextRead};
use crate::truth::Truth;

/// Version of every document; fields may be added, none is renamed.
pub const FORMAT: u32 = 1;

/// The document of `run --json`. `P` are the speed figures, which are no part of any result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Document<P> {
    /// [`FORMAT`].
    pub format: u32,
    /// Version of the program that wrote it.
    pub counterfoil: String,
    /// The run.
    pub run: DocumentRun,
    /// Arms in order, control first.
    pub arms: Vec<ArmResult>,
    /// Every metric for every pair: an arm against each arm before it.
    pub differences: Vec<Difference>,
    /// Needs and bridge per arm, totals over worlds.
    pub truth: Vec<Truth>,
    /// Speed figures of the sitting that finished the run.
    pub performance: P,
}

/// Which run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentRun {
    /// Random id.
    pub id: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Digest of the resolved scenario.
    pub scenario_hash: String,
    /// Where the scenario was read (a path, or `shipped`), then what it extends.
    pub scenario_read: Vec<String>,
    /// Every policy of the run, by name.
    pub policies: Vec<DocumentPolicy>,
    /// Seed.
    pub seed: u64,
    /// Worlds.
    pub worlds: u32,
    /// Shoppers per world.
    pub shoppers_per_world: u32,
    /// Horizon in days.
    pub days: u32,
    /// ISO 4217 code.
    pub currency: String,
    /// Whether the same run gives the same results.
    pub deterministic: bool,
    /// Digest of all results; `null` while worlds are missing.
    pub result_hash: Option<String>,
}

/// A policy of the run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentPolicy {
    /// Name.
    pub name: String,
    /// Digest of the resolved policy: comments do not count.
    pub hash: String,
    /// Where it was read: a path, or `shipped`.
    pub read: String,
}

impl Facts {
    /// The document, written by version `counterfoil` of the program.
    ///
    /// # Errors
    /// Where the stored numbers cannot be compared.
    pub fn document<P>(&self, counterfoil: &str, performance: P) -> Answered<Document<P>> {
        let run = &self.run;
        let (scenarios, policies): (Vec<_>, Vec<_>) =
            self.texts.iter().partition(|text| text.kind == TextKind::Scenario);
        Ok(Document {
            format: FORMAT,
            counterfoil: counterfoil.to_owned(),
            run: DocumentRun {
                id: run.id.clone(),
                scenario: run.scenario.clone(),
                scenario_hash: run.scenario_hash.clone(),
                scenario_read: scenarios.into_iter().map(|text| text.read.clone()).collect(),
                policies: policies.into_iter().map(policy).collect(),
                seed: run.seed,
                worlds: run.worlds,
                shoppers_per_world: run.shoppers,
                days: run.days,
                currency: run.currency.clone(),
                deterministic: run.deterministic,
                result_hash: run.result_hash.clone(),
            },
            arms: self.results()?,
            differences: self.pairs()?,
            truth: self.truth()?,
            performance,
        })
    }
}

fn policy(text: &TextRead) -> DocumentPolicy {
    DocumentPolicy {
        name: text.name.clone(),
        hash: text.hash.clone().unwrap_or_default(),
        read: text.read.clone(),
    }
}
