//! What a mechanism is: something that lasts in a shopper from visit to visit.
//!
//! # Order
//! The list in `mind.rs` is the order in which memories fade (independently of each other) and in which terms are added to
//! the utility of buying, after price and barriers and before noise ([`crate::choice::ChoiceModel`]). On a day they act in
//! the order of the steps in `day.rs`.
//!
//! # A new mechanism
//! A file in `mind/` that implements [`Mechanism`], its lines in `mind.rs`, its numbers in the scenario crate (a field of the
//! model and its row), their values in the default scenario, and its section in `docs/world-model.md`.

use counterfoil_core::digest::Digest;
use counterfoil_core::quantile::exp;
use counterfoil_scenario::model::Scenario;

/// Something that lasts in a shopper from visit to visit.
pub(crate) trait Mechanism {
    /// What its fading needs, made once for a world; `()` for what does not fade.
    type Fading;

    /// Tables for up to `days` days.
    fn fading(scenario: &Scenario, days: u32) -> Self::Fading;

    /// Lets `days` days pass.
    fn fade(&mut self, _days: usize, _fading: &Self::Fading) {}

    /// Its term in the utility of buying, utils.
    fn utility(&self, _scenario: &Scenario) -> f64 {
        0.0
    }

    /// Takes over the memory of deals of the same person in control, for the withdrawal test. What is no memory of deals
    /// stays as it is.
    fn reset_to(&mut self, _control: &Self) {}

    /// Folds all of its state into `digest`. Take it apart field by field, so that a new field cannot be forgotten.
    fn fold_into(&self, digest: &mut Digest);
}

/// What is left after a number of days, tabulated: memory that fades at a constant rate.
#[derive(Clone, Debug)]
pub(crate) struct Kept(Vec<f32>);

impl Kept {
    /// Half is left after `half_life_days`.
    pub(crate) fn half_after(half_life_days: f64, days: u32) -> Self {
        Self(
            (0..=days).map(|d| exp(-f64::from(d) / half_life_days * std::f64::consts::LN_2) as f32).collect(),
        )
    }

    /// exp(`per_day` x days) is left; `per_day` is negative.
    pub(crate) fn at_rate(per_day: f64, days: u32) -> Self {
        Self((0..=days).map(|d| exp(per_day * f64::from(d)) as f32).collect())
    }

    /// Share that is left after so many days.
    #[inline]
    pub(crate) fn after(&self, days: usize) -> f32 {
        self.0[days.min(self.0.len() - 1)]
    }
}
