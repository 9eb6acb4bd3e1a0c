//! A plan of worlds: one or many variants, and the units of work that they come to.
//!
//! # Promises
//! - A variant is what one [`Plan`] says: a resolved scenario, its arms with their policies, and what is kept.
//! - A unit is one world of one variant. Units are numbered from 1 through all variants, variant by variant.
//! - Variants that differ in policies only have the same worlds with the same history: [`PlanOfWorlds::jobs`] puts their
//!   units together, so that both are simulated once.

use crate::plan::{Arm, Plan};
use counterfoil_scenario::model::Scenario;
use std::sync::Arc;

/// One or many variants.
#[derive(Clone, Debug)]
pub struct PlanOfWorlds {
    variants: Vec<Variant>,
}

#[derive(Clone, Debug)]
struct Variant {
    plan: Plan,
    /// The first variant with the same worlds and history.
    shares_with: usize,
    /// Units of the variants before it.
    before: u32,
}

/// One world of one variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit {
    /// Position of the variant, from 0.
    pub variant: usize,
    /// World number, from 0.
    pub world: u32,
}

/// Units of one world that are simulated together: their variants share what was before the fork.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// World number.
    pub world: u32,
    /// Positions of the variants, ascending.
    pub variants: Vec<usize>,
}

/// A plan with more units than can be numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the plan has more than {} units", u32::MAX)]
pub struct TooMany;

impl PlanOfWorlds {
    /// A plan of these variants, in this order.
    ///
    /// # Errors
    /// [`TooMany`].
    pub fn new(variants: impl IntoIterator<Item = Plan>) -> Result<Self, TooMany> {
        let mut known: Vec<Variant> = Vec::new();
        let mut firsts: Vec<(usize, Scenario)> = Vec::new();
        let mut before = 0_u32;
        for plan in variants {
            let (worlds, place, scenario) =
                (plan.scenario.worlds, known.len(), without_names(&plan.scenario));
            let same = |first: &&(usize, Scenario)| {
                same_policies_until_fork(&known[first.0].plan, &plan) && first.1 == scenario
            };
            let shares_with = firsts.iter().find(same).map_or(place, |first| first.0);
            if shares_with == place {
                firsts.push((place, scenario));
            }
            known.push(Variant { plan, shares_with, before });
            before = before.checked_add(worlds).ok_or(TooMany)?;
        }
        Ok(Self { variants: known })
    }

    /// A plan of one variant.
    #[must_use]
    pub fn of_one(plan: Plan) -> Self {
        Self { variants: vec![Variant { plan, shares_with: 0, before: 0 }] }
    }

    /// How many variants there are.
    #[must_use]
    pub fn variants(&self) -> usize {
        self.variants.len()
    }

    /// What one variant says.
    #[must_use]
    pub fn variant(&self, variant: usize) -> &Plan {
        &self.variants[variant].plan
    }

    /// How many units there are.
    #[must_use]
    pub fn units(&self) -> u32 {
        self.variants.last().map_or(0, |last| last.before + last.plan.scenario.worlds)
    }

    /// The unit with this number, from 1.
    #[must_use]
    pub fn unit(&self, number: u32) -> Option<Unit> {
        let place = number.checked_sub(1).filter(|place| *place < self.units())?;
        let variant = self.variants.partition_point(|variant| variant.before <= place) - 1;
        Some(Unit { variant, world: place - self.variants[variant].before })
    }

    /// The number of a unit, from 1.
    #[must_use]
    pub fn number(&self, unit: Unit) -> u32 {
        self.variants[unit.variant].before + unit.world + 1
    }

    /// The units in groups that are simulated together, in the order of their first units. Where there are fewer groups
    /// than threads, groups are cut: then some of what is shared is simulated by each thread, and none of them idles.
    #[must_use]
    pub fn jobs(&self, units: &[Unit], threads: usize) -> Vec<Job> {
        let mut jobs: Vec<Job> = Vec::new();
        let mut places = std::collections::BTreeMap::new();
        for unit in units {
            let shared = (self.variants[unit.variant].shares_with, unit.world);
            let place = *places.entry(shared).or_insert(jobs.len());
            if place == jobs.len() {
                jobs.push(Job { world: unit.world, variants: Vec::new() });
            }
            jobs[place].variants.push(unit.variant);
        }
        let pieces = threads.div_ceil(jobs.len().max(1));
        let cut = |mut job: Job| {
            job.variants.sort_unstable();
            job.variants.dedup();
            let size = job.variants.len().div_ceil(pieces);
            let piece = |variants: &[usize]| Job { world: job.world, variants: variants.to_vec() };
            job.variants.chunks(size).map(piece).collect::<Vec<Job>>()
        };
        jobs.into_iter().flat_map(cut).collect()
    }
}

/// Whether two arms are the same but for their names: one made by Rust code is like no other.
pub(crate) fn same_arm(one: &Arm, other: &Arm) -> bool {
    one.own.is_none()
        && other.own.is_none()
        && (Arc::ptr_eq(&one.policy, &other.policy) || one.policy == other.policy)
}

/// Whether two plans have the same policy in the history, the same control, and keep the same.
fn same_policies_until_fork(one: &Plan, other: &Plan) -> bool {
    let same_control = match (one.arms.first(), other.arms.first()) {
        (Some(one), Some(other)) => same_arm(one, other),
        _ => false,
    };
    one.keep == other.keep && one.incumbent == other.incumbent && same_control
}

/// A scenario without what no world depends on: its name, its words, how many worlds there are, and which arms.
fn without_names(scenario: &Scenario) -> Scenario {
    let blank = Scenario { name: String::new(), worlds: 0, arms: Vec::new(), ..scenario.clone() };
    Scenario { about: Default::default(), incumbent: None, ..blank }
}
