//! What is read: the facts that a run left behind, as plain data. Whoever holds a store fills them in.

use counterfoil_chart::{ArmStyle, arm_styles};
use counterfoil_core::facts::{DailyFact, ProbeWeek, Totals, TruthFact};
use counterfoil_core::number::Purse;
use counterfoil_scenario::Scenario;

use crate::arms::{CONTROL, STATUS_QUO, display_of, pair_of};
use crate::error::{Answered, ResultsError};
use crate::read::TextRead;
use crate::request::Guess;

/// A run without its worlds.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Random id.
    pub id: String,
    /// When it was started, UTC.
    pub created_at: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Title of the scenario.
    pub title: String,
    /// Digest of the resolved scenario.
    pub scenario_hash: String,
    /// Seed.
    pub seed: u64,
    /// Worlds planned.
    pub worlds: u32,
    /// Worlds stored with every arm.
    pub units_done: u32,
    /// Shoppers per world.
    pub shoppers: u32,
    /// Horizon in days.
    pub days: u32,
    /// ISO 4217 code.
    pub currency: String,
    /// Decimals of the currency.
    pub currency_decimals: u32,
    /// Engine version that made it.
    pub engine_version: String,
    /// Whether the same run gives the same results.
    pub deterministic: bool,
    /// Digest of all results; `None` while worlds are missing.
    pub result_hash: Option<String>,
    /// Wall seconds it took; `None` while unknown.
    pub seconds: Option<f64>,
    /// Arms in order, control first.
    pub arms: Vec<RunArm>,
}

/// An arm of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunArm {
    /// Name.
    pub name: String,
    /// Policy.
    pub policy: String,
    /// Digest over visits and orders of the worlds that are read, without the arm's name.
    pub orders_hash: String,
}

/// One world with every arm.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// Number of the world, from 0.
    pub world: u32,
    /// Shoppers in it.
    pub shoppers: u32,
    /// Arms in the run's order.
    pub arms: Vec<ArmWorld>,
}

/// One arm in one world: sums and nothing else.
#[derive(Clone, Debug, PartialEq)]
pub struct ArmWorld {
    /// Name.
    pub arm: String,
    /// Sums over the world.
    pub totals: Totals,
    /// Sums by day of the horizon.
    pub daily: Vec<DailyFact>,
    /// What became of needs, and the bridge from control.
    pub truth: TruthFact,
    /// Full-price orders of the probe, week by week.
    pub probe_weeks: Vec<ProbeWeek>,
}

/// Everything that is known of a run.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The run.
    pub run: Run,
    /// Its scenario.
    pub scenario: Scenario,
    /// Which texts it was made from.
    pub texts: Vec<TextRead>,
    /// Worlds that hold every arm, in order.
    pub worlds: Vec<World>,
    /// The question of the run; empty: none.
    pub question: String,
    /// What a person expected before looking.
    pub guess: Option<Guess>,
}

impl Facts {
    /// Names of the arms, control first.
    #[must_use]
    pub fn arms(&self) -> Vec<&str> {
        self.run.arms.iter().map(|arm| arm.name.as_str()).collect()
    }

    /// Place of an arm.
    pub(crate) fn place(&self, arm: &str) -> Answered<usize> {
        self.arms().iter().position(|name| *name == arm).ok_or_else(|| ResultsError::NoSuchArm {
            arm: arm.to_owned(),
            known: self.arms().join(", "),
            run: self.run.id.clone(),
        })
    }

    /// Styles of all arms: the same in every figure of the run.
    pub(crate) fn styles(&self) -> Vec<ArmStyle> {
        let named: Vec<(String, String)> =
            self.arms().iter().map(|arm| ((*arm).to_owned(), display_of(arm).to_owned())).collect();
        arm_styles(&named)
    }

    /// Minor units per major unit.
    pub(crate) fn minor(&self) -> f64 {
        (0..self.run.currency_decimals).fold(1.0, |product, _| product * 10.0)
    }

    /// One arm of every world.
    pub(crate) fn arm(&self, place: usize) -> impl Iterator<Item = &ArmWorld> + '_ {
        self.worlds.iter().map(move |world| &world.arms[place])
    }

    /// A daily sum of one arm over the horizon, by world.
    pub(crate) fn daily(&self, place: usize, value: fn(&DailyFact) -> i64) -> Vec<Vec<i64>> {
        let days = self.run.days as usize;
        self.arm(place).map(|arm| arm.daily.iter().take(days).map(value).collect()).collect()
    }

    /// How money is written.
    pub(crate) fn purse(&self) -> Purse {
        Purse::new(&self.run.currency, self.run.currency_decimals)
    }

    /// What a reader has to know of an arm before comparing with it.
    pub(crate) fn note(&self, arm: &str) -> Option<String> {
        let withdrawn = arm == CONTROL && self.arms().contains(&STATUS_QUO);
        withdrawn.then(|| {
            let incumbent = self.run.arms.iter().find(|row| row.name == STATUS_QUO);
            let policy = incumbent.map_or("", |row| row.policy.as_str());
            format!("a withdrawal: shoppers who are used to {policy} stop getting it")
        })
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
        Ok(pair_of(&arms, arm, reference))
    }
}
