//! The comparison of a run's arms, from what is stored: levels, paired differences, truth, sentences.
//!
//! # Promises
//! - Every number comes from stored sums through `counterfoil-stats`; documents, figures and reports read it from here.
//! - Only worlds that hold every arm are compared, so all arms speak of the same shoppers.
//! - Worlds, arms and metrics come in a fixed order.
//!
//! # Where to start
//! [`Facts::load`], then [`Facts::pairs`]; [`Api::comparison`] is what the window asks for.

mod dependency;
mod levels;
mod metrics;
mod pairs;
mod payback;
mod sentence;
mod truth;
mod worlds;

use counterfoil_chart::{ArmStyle, arm_styles};
use counterfoil_core::facts::DailyFact;
use counterfoil_scenario::Scenario;
use counterfoil_store::{ArmSummary, RunRecord, UnitSummary};

use crate::api::Api;
use crate::dto::{ApiError, ArmResult, Comparison, ComparisonRequest, ErrorCode, Guess, MetricValue};
use crate::error::Answered;
use crate::job::minor_units;
use crate::library::display_of;
use crate::planning::{CONTROL, Planned, STATUS_QUO};
use crate::summary::summary_of;
use crate::words::Purse;

pub(crate) use metrics::{Shown, shown_metrics};
pub(crate) use pairs::Pair;

/// A run as the comparison reads it.
pub(crate) struct Facts {
    /// The run with its texts.
    pub record: RunRecord,
    /// Its scenario.
    pub scenario: Scenario,
    /// Worlds that hold every arm.
    pub units: Vec<UnitSummary>,
    /// Minor units per major unit.
    pub minor: f64,
}

impl Facts {
    /// What is stored of a run.
    pub(crate) fn load(api: &Api, run: &str) -> Answered<Self> {
        let record = api.record(run)?;
        let mut units = api.store()?.load_summaries(record.run.no)?;
        let arms = record.run.arms.len();
        units.retain(|unit| unit.arms.len() == arms);
        let scenario = Planned::scenario_of(&record)?;
        let minor = minor_units(record.run.currency_decimals);
        let names: Vec<&str> = record.run.arms.iter().map(|arm| arm.name.as_str()).collect();
        worlds::fit_together(&units, &names, &record.run.id)?;
        Ok(Self { record, scenario, units, minor })
    }

    /// Names of the arms, control first.
    pub(crate) fn arms(&self) -> Vec<&str> {
        self.record.run.arms.iter().map(|arm| arm.name.as_str()).collect()
    }

    /// Place of an arm.
    pub(crate) fn place(&self, arm: &str) -> Answered<usize> {
        self.arms().iter().position(|name| *name == arm).ok_or_else(|| {
            let message = format!("The run has no arm `{arm}`; it has {}.", self.arms().join(", "));
            ApiError::new(ErrorCode::NotFound, message).at(format!("run {}", self.record.run.id))
        })
    }

    /// Styles of all arms: the same in every figure of the run.
    pub(crate) fn styles(&self) -> Vec<ArmStyle> {
        let named: Vec<(String, String)> =
            self.arms().iter().map(|arm| ((*arm).to_owned(), display_of(arm).to_owned())).collect();
        arm_styles(&named)
    }

    /// One arm of every world.
    pub(crate) fn arm(&self, place: usize) -> impl Iterator<Item = &ArmSummary> + '_ {
        self.units.iter().map(move |unit| &unit.arms[place])
    }

    /// A daily sum of one arm over the horizon, by world.
    pub(crate) fn daily(&self, place: usize, value: fn(&DailyFact) -> i64) -> Vec<Vec<i64>> {
        let days = self.record.run.days as usize;
        self.arm(place).map(|arm| arm.daily.iter().take(days).map(value).collect()).collect()
    }

    /// How money is written.
    pub(crate) fn purse(&self) -> Purse {
        let run = &self.record.run;
        Purse { currency: run.currency.clone(), decimals: run.currency_decimals }
    }

    /// The arm that the sentence speaks of and the one it compares with; the same where there is only one.
    pub(crate) fn spoken_pair(
        &self,
        arm: Option<&str>,
        reference: Option<&str>,
    ) -> Answered<(String, String)> {
        let arms = self.arms();
        for asked in [arm, reference].into_iter().flatten() {
            self.place(asked)?;
        }
        let last = arms.last().copied().unwrap_or(CONTROL);
        let free = |one: &&str| Some(*one) != reference;
        let realtime = arms.iter().copied().find(|one| *one == "realtime").filter(free);
        let arm = arm.or(realtime).or_else(|| arms.iter().rev().copied().find(free)).unwrap_or(last);
        let candidates = ["batch", STATUS_QUO, CONTROL];
        let fallback = || candidates.into_iter().find(|one| *one != arm && arms.contains(one));
        let reference = reference.or_else(fallback).unwrap_or(arm);
        Ok((arm.to_owned(), reference.to_owned()))
    }
}

impl Api {
    /// Everything that *Compare* shows beside its figures.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for a run or an arm that does not exist.
    pub fn comparison(&self, request: &ComparisonRequest) -> Result<Comparison, ApiError> {
        let facts = Facts::load(self, &request.run)?;
        let (arm, reference) = facts.spoken_pair(request.arm.as_deref(), request.reference.as_deref())?;
        let pairs = facts.pairs()?;
        Ok(Comparison {
            run: summary_of(&facts.record.run),
            texts: crate::texts::stored(&facts.record),
            sentence: facts.sentence(&arm, &reference)?,
            pairing: facts.pairing(&arm, &reference)?,
            arm,
            reference,
            arms: facts.results()?,
            metrics: shown_metrics().iter().map(Shown::info).collect(),
            differences: pairs.iter().map(Pair::dto).collect(),
            truth: facts.truth()?,
            payback: facts.paybacks()?,
            half_life: facts.half_lives()?,
            question: facts.record.question.clone(),
            guess: guess_of(&facts.record)?,
        })
    }
}

fn guess_of(record: &RunRecord) -> Answered<Option<Guess>> {
    let Some(text) = &record.guess else { return Ok(None) };
    serde_json::from_str(text).map(Some).map_err(|error| {
        ApiError::new(ErrorCode::Store, format!("The stored guess cannot be read: {error}."))
            .at(format!("run {}", record.run.id))
    })
}

impl Facts {
    fn results(&self) -> Answered<Vec<ArmResult>> {
        let styles = self.styles();
        let metrics = shown_metrics();
        let mut results = Vec::new();
        for (place, row) in self.record.run.arms.iter().enumerate() {
            let mut values = Vec::new();
            for shown in &metrics {
                let interval = levels::dto(self.level(shown, place)?.as_ref());
                values.push(MetricValue { metric: shown.name.to_owned(), interval });
            }
            results.push(ArmResult {
                name: row.name.clone(),
                display: display_of(&row.name).to_owned(),
                policy: row.policy.clone(),
                index: styles[place].index as u32,
                note: self.note(&row.name),
                metrics: values,
            });
        }
        Ok(results)
    }

    /// What a reader has to know of an arm before comparing with it.
    pub(crate) fn note(&self, arm: &str) -> Option<String> {
        let withdrawn = arm == CONTROL && self.arms().contains(&STATUS_QUO);
        withdrawn.then(|| {
            let incumbent = self.record.run.arms.iter().find(|row| row.name == STATUS_QUO);
            let policy = incumbent.map_or("", |row| row.policy.as_str());
            format!("a withdrawal: shoppers who are used to {policy} stop getting it")
        })
    }
}
