//! The comparison of a run's arms: the same parts for document, terminal and page.

use std::collections::BTreeMap;

use counterfoil_core::number::Purse;
use serde::Serialize;

use crate::arms::display_of;
use crate::dependency::Dependency;
use crate::error::Answered;
use crate::facts::{Facts, Run};
use crate::levels::Level;
use crate::metrics::{Shown, shown_metrics};
use crate::pairs::Difference;
use crate::payback::Payback;
use crate::read::TextRead;
use crate::request::ComparisonRequest;
use crate::sentence::Sentence;
use crate::truth::Truth;

/// One arm with its levels.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArmResult {
    /// Name: `realtime`.
    pub name: String,
    /// Policy.
    pub policy: String,
    /// Digest over visits and orders, without the arm's name.
    pub orders_hash: String,
    /// Level of every metric, by its name.
    pub metrics: BTreeMap<&'static str, Level>,
    /// Words on screen.
    #[serde(skip)]
    pub display: String,
    /// A remark that belongs to the arm: "control is a withdrawal".
    #[serde(skip)]
    pub note: Option<String>,
}

impl ArmResult {
    /// The level of one metric.
    #[must_use]
    pub fn level(&self, metric: &str) -> Level {
        self.metrics.get(metric).copied().unwrap_or_default()
    }
}

/// Everything that is said of a run's arms.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The run.
    pub run: Run,
    /// What was read: the scenario, what it extends, and every policy with the hash of what it says.
    pub texts: Vec<TextRead>,
    /// Arm of the sentence.
    pub arm: String,
    /// Reference arm of the sentence.
    pub reference: String,
    /// The claim with its range.
    pub sentence: Sentence,
    /// Arms in order, `control` first.
    pub arms: Vec<ArmResult>,
    /// All metrics, headline first, in order of display.
    pub metrics: Vec<Shown>,
    /// Every metric for every pair, an arm against each arm before it.
    pub differences: Vec<Difference>,
    /// Truth per arm.
    pub truth: Vec<Truth>,
    /// Payback per arm against `status-quo`; empty without one.
    pub payback: Vec<Payback>,
    /// What is missing after promotions stop, per arm.
    pub dependency: Vec<Dependency>,
    /// The question of `[about]`; empty where there is none.
    pub question: String,
}

impl Comparison {
    /// How money is written.
    #[must_use]
    pub fn purse(&self) -> Purse {
        Purse::new(&self.run.currency, self.run.currency_decimals)
    }
}

impl Facts {
    /// Everything that is said of the arms.
    ///
    /// # Errors
    /// [`crate::ResultsError::NoSuchArm`] for an arm that does not exist.
    pub fn comparison(&self, request: &ComparisonRequest) -> Answered<Comparison> {
        let (arm, reference) = self.spoken_pair(request.arm.as_deref(), request.reference.as_deref())?;
        Ok(Comparison {
            run: self.run.clone(),
            texts: self.texts.clone(),
            sentence: self.sentence(&arm, &reference)?,
            arm,
            reference,
            arms: self.results()?,
            metrics: shown_metrics(),
            differences: self.pairs()?,
            truth: self.truth()?,
            payback: self.paybacks()?,
            dependency: self.dependencies()?,
            question: self.question.clone(),
        })
    }

    /// Every arm with its levels.
    pub(crate) fn results(&self) -> Answered<Vec<ArmResult>> {
        let metrics = shown_metrics();
        let mut results = Vec::new();
        for (place, row) in self.run.arms.iter().enumerate() {
            let mut levels = BTreeMap::new();
            for shown in &metrics {
                levels.insert(shown.name, Level(self.level(shown, place)?));
            }
            results.push(ArmResult {
                name: row.name.clone(),
                policy: row.policy.clone(),
                orders_hash: row.orders_hash.clone(),
                metrics: levels,
                display: display_of(&row.name).to_owned(),
                note: self.note(&row.name),
            });
        }
        Ok(results)
    }
}
