//! Stage 11, learn: one hierarchical Bayesian logistic model per shop.
//!
//! # The model
//! The log odds of an order within the window are the context terms and, for a treatment, the sum of: price response x change
//! of the log price, effect of its family, its own effect, P(barrier) x effect of (treatment, barrier) over all barriers.
//!
//! Families, treatments and cells have mean 0, so little evidence about a cell is read as evidence about its treatment and
//! its family first. All depths of discount share one price response. Priors stand in the policy file ([`ModelSpec`]) and
//! below ([`CONTEXT`]); none is read from a world.
//!
//! # Rows
//! The first decision of a profile at which there was something to choose opens a row; everything until its window ends
//! belongs to that row. A row is learned when its window ends, bought or not, so that quick buyers are not learned before
//! slow non-buyers. Only at the fork ([`Learn::close_early`]) rows of the pilot that are still open are used at once: a
//! purchase as it is, "not yet" with the share of purchases that usually happen by that age.

use crate::ids::{ProfileNumber, RowNumber};
use crate::posterior::{Posterior, Prior};
use counterfoil_core::quantile::logit;
use counterfoil_core::time::{DAY_MS, Time};
use counterfoil_core::treatment::{Barrier, TREATMENTS_MAX, TreatmentId};
use counterfoil_core::{DecisionNumber, Digest};
use counterfoil_scenario::policy::ModelSpec;
use std::collections::VecDeque;
use std::iter::successors;

/// Number of context terms.
pub const CONTEXT_TERMS: usize = 23;

/// Values of the context terms of one decision, in the order of [`CONTEXT`].
pub type Context = [f64; CONTEXT_TERMS];

/// First of the six context terms that hold barriers.
pub const BARRIER_TERM: usize = 12;

/// Name, prior mean and prior standard deviation (log odds per unit) of each context term; all assumptions.
pub const CONTEXT: [(&str, f64, f64); CONTEXT_TERMS] = [
    ("intercept", 0.0, 2.0),
    ("readiness above 0.2", 1.0, 1.0),
    ("in cart", 0.8, 0.8),
    ("checkout begun", 0.5, 0.8),
    ("known customer", 0.2, 0.5),
    ("ln(1 + orders)", 0.2, 0.5),
    ("ln(1 + days since visit) / ln 61", -0.3, 0.5),
    ("ln(1 + views) / 3", 0.2, 0.8),
    ("cart reopened", 0.2, 0.5),
    ("sale posted", 0.2, 0.5),
    ("coupon affinity", 0.0, 0.5),
    ("ln(price / mean price)", -0.2, 0.5),
    ("P(doubt) - prior", -0.3, 0.5),
    ("P(shipping) - prior", -0.3, 0.5),
    ("P(payment) - prior", -0.3, 0.5),
    ("P(choice) - prior", -0.3, 0.5),
    ("P(timing) - prior", -0.3, 0.5),
    ("P(price) - prior", -0.3, 0.5),
    ("mobile", -0.1, 0.3),
    ("ln(1 + sessions in 30 days) / 3", 0.2, 0.5),
    ("ln(1 + treatments shown lately)", 0.0, 0.3),
    ("returned orders / (orders + 1)", 0.0, 0.5),
    ("recent contribution / recent spend", 0.0, 0.5),
];

const PRICE: usize = CONTEXT_TERMS;
const FAMILY: usize = PRICE + 1;
const FAMILIES: usize = 3;
const CELLS: usize = Barrier::ALL.len();
/// Most non-zero entries of a row: context, price, family, own effect, cells.
const ENTRIES: usize = CONTEXT_TERMS + 3 + CELLS;

/// A decision waiting for its outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// When it was decided.
    pub at: Time,
    /// Profile it was decided for.
    pub profile: ProfileNumber,
    /// The decision.
    pub decision: DecisionNumber,
    /// What was shown.
    pub treatment: Option<TreatmentId>,
    /// Change of the log price by it.
    pub price_change: f64,
    /// Context when it was decided.
    pub context: [f32; CONTEXT_TERMS],
    /// Days until the first order, if there was one in the window.
    pub bought_after_days: Option<u16>,
    /// Whether it was already learned (see [`Learn::close_early`]).
    pub learned: bool,
}

/// Model, open rows and the distribution of lags.
#[derive(Clone, Debug)]
pub struct Learn {
    model: Posterior,
    spec: ModelSpec,
    /// Where the own effect of each treatment of the policy stands; cells follow it.
    place: [Option<usize>; TREATMENTS_MAX],
    family: [usize; TREATMENTS_MAX],
    rows: VecDeque<Row>,
    /// Number of the first of `rows`.
    first: u32,
    /// Purchases by days since the decision, with a prior that decays by half every two days (assumption).
    lags: Vec<f64>,
}

impl Learn {
    /// The model before any row, for the treatments of a policy (id and family of each).
    #[must_use]
    pub fn new(spec: ModelSpec, treatments: &[(TreatmentId, usize)]) -> Self {
        let mut priors: Vec<Prior> = CONTEXT.iter().map(|&(_, mean, sd)| Prior { mean, sd }).collect();
        priors[0].mean = logit(spec.base_rate);
        priors.push(Prior { mean: spec.price_response_mean, sd: spec.price_response_sd });
        let half = Prior { mean: 0.0, sd: spec.soft_sd * std::f64::consts::FRAC_1_SQRT_2 };
        priors.extend([half; FAMILIES]);
        let (mut place, mut family) = ([None; TREATMENTS_MAX], [0; TREATMENTS_MAX]);
        for &(id, of_family) in treatments {
            place[id.index()] = Some(priors.len());
            family[id.index()] = of_family;
            priors.push(half);
            priors.extend([Prior { mean: 0.0, sd: spec.cell_sd }; CELLS]);
        }
        let days = spec.window_days as usize + 1;
        let lags = successors(Some(5.0), |lag| Some(0.5 * lag)).flat_map(|lag| [lag; 2]).take(days).collect();
        Self { model: Posterior::new(priors), spec, place, family, rows: VecDeque::new(), first: 0, lags }
    }

    /// The posterior.
    #[must_use]
    pub fn model(&self) -> &Posterior {
        &self.model
    }
    /// Mean and standard deviation of the price response d ln(odds) / d ln(price).
    #[must_use]
    pub fn price_response(&self) -> (f64, f64) {
        (self.model.mean()[PRICE], self.model.sd(PRICE))
    }
    /// Log odds of an order without a treatment.
    #[must_use]
    pub fn log_odds(&self, context: &Context) -> f64 {
        context.iter().zip(self.model.mean()).map(|(x, mean)| x * mean).sum()
    }
    /// Mean and variance of a treatment's effect in log odds; `price_change` is `ln(price with / price without)`.
    #[must_use]
    pub fn effect(&self, context: &Context, id: TreatmentId, price_change: f64) -> (f64, f64) {
        let mut entries = [(0, 0.0); ENTRIES];
        let count = self.effect_entries(&mut entries, context, id, price_change);
        self.model.predict(&entries[..count])
    }

    fn effect_entries(
        &self,
        into: &mut [(usize, f64)],
        context: &Context,
        id: TreatmentId,
        change: f64,
    ) -> usize {
        let Some(place) = self.place[id.index()] else { return 0 };
        let mut count = 0;
        let mut push = |entry| {
            into[count] = entry;
            count += 1;
        };
        if change != 0.0 {
            push((PRICE, change));
        }
        push((FAMILY + self.family[id.index()], 1.0));
        push((place, 1.0));
        for cell in 0..CELLS {
            let centred = context[BARRIER_TERM + cell];
            push((place + 1 + cell, centred + super::intent::PRIOR[cell]));
        }
        count
    }

    /// Opens a row; its number.
    pub fn open(&mut self, row: Row) -> RowNumber {
        self.rows.push_back(row);
        RowNumber::new(self.first + self.rows.len() as u32 - 1)
    }
    /// An open row.
    #[must_use]
    pub fn row(&self, number: RowNumber) -> Option<&Row> {
        self.rows.get(number.number().checked_sub(self.first)? as usize)
    }
    /// An open row, to write to.
    pub fn row_mut(&mut self, number: RowNumber) -> Option<&mut Row> {
        self.rows.get_mut(number.number().checked_sub(self.first)? as usize)
    }
    /// Number of open rows.
    #[must_use]
    pub fn open_rows(&self) -> usize {
        self.rows.len()
    }
    /// An order at `at` for an open row; outside its window it changes nothing.
    pub fn bought(&mut self, number: RowNumber, at: Time) {
        let window = i64::from(self.spec.window_days);
        if let Some(row) = self.row_mut(number) {
            let days = (at - row.at).div_euclid(DAY_MS);
            if (0..window).contains(&days) && row.bought_after_days.is_none() {
                row.bought_after_days = Some(days as u16);
            }
        }
    }

    /// The oldest row whose window has ended at `now`, with its number; the caller says with [`Self::learn`] if it counts.
    pub fn next_ripe(&mut self, now: Time) -> Option<(RowNumber, Row)> {
        let window = i64::from(self.spec.window_days) * DAY_MS;
        if now - self.rows.front()?.at < window {
            return None;
        }
        let row = self.rows.pop_front()?;
        let number = RowNumber::new(self.first);
        self.first += 1;
        Some((number, row))
    }

    /// Learns a row whose window has ended.
    pub fn learn(&mut self, row: &Row) {
        if let Some(days) = row.bought_after_days
            && let Some(lag) = self.lags.get_mut(usize::from(days))
        {
            *lag += 1.0;
        }
        if !row.learned {
            self.update(row, 1.0);
        }
    }

    /// Learns the open rows of at least one day at once; `counts` tells which rows still belong to their profile.
    pub fn close_early(&mut self, now: Time, counts: impl Fn(RowNumber, &Row) -> bool) {
        for place in 0..self.rows.len() {
            let number = RowNumber::new(self.first + place as u32);
            let days = (now - self.rows[place].at).div_euclid(DAY_MS);
            if days < 1 || self.rows[place].learned || !counts(number, &self.rows[place]) {
                continue;
            }
            let row = self.rows[place].clone();
            let weight = if row.bought_after_days.is_some() { 1.0 } else { self.bought_by(days as usize) };
            self.update(&row, weight);
            self.rows[place].learned = true;
        }
    }

    /// Share of purchases in the window that happen within the first `days` days.
    #[must_use]
    pub fn bought_by(&self, days: usize) -> f64 {
        let early: f64 = self.lags[..days.min(self.lags.len())].iter().sum();
        early / self.lags.iter().sum::<f64>()
    }

    fn update(&mut self, row: &Row, weight: f64) {
        let context: Context = row.context.map(f64::from);
        let mut entries = [(0, 0.0); ENTRIES];
        let mut count = 0;
        for (term, &value) in context.iter().enumerate() {
            if value != 0.0 {
                entries[count] = (term, value);
                count += 1;
            }
        }
        if let Some(id) = row.treatment {
            count += self.effect_entries(&mut entries[count..], &context, id, row.price_change);
        }
        self.model.learn(&entries[..count], row.bought_after_days.is_some(), weight);
    }

    /// One night passes; before the first row there is nothing to forget.
    pub fn drift(&mut self) {
        if self.model.rows() > 0 {
            self.model.drift(1.0, self.spec.drift_half_life_days);
        }
    }

    /// Length of the outcome window, milliseconds.
    #[must_use]
    pub fn window_ms(&self) -> i64 {
        i64::from(self.spec.window_days) * DAY_MS
    }

    /// Folds posterior means, spreads and the open rows into `digest`.
    pub fn fold_into(&self, digest: &mut Digest) {
        for (place, mean) in self.model.mean().iter().enumerate() {
            digest.fold(mean.to_bits());
            digest.fold(self.model.sd(place).to_bits());
        }
        digest.fold(self.model.rows());
        digest.fold(u64::from(self.first) << 32 | self.rows.len() as u64);
        for row in &self.rows {
            digest.fold_signed(row.at.0);
            digest.fold(
                u64::from(row.decision.number()) << 16 | row.treatment.map_or(0, |id| u64::from(id.0) + 1),
            );
            digest.fold(row.bought_after_days.map_or(0, |days| u64::from(days) + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn learn() -> Learn {
        let spec = ModelSpec {
            soft_sd: 0.05,
            price_response_mean: -2.0,
            price_response_sd: 1.0,
            cell_sd: 0.1,
            base_rate: 0.05,
            window_days: 14,
            drift_half_life_days: 90.0,
        };
        Learn::new(spec, &[(TreatmentId(0), 0), (TreatmentId(1), 0), (TreatmentId(3), 2)])
    }

    fn row(day: i64, treatment: Option<TreatmentId>, price_change: f64) -> Row {
        let mut context = [0.0; CONTEXT_TERMS];
        context[0] = 1.0;
        let at = Time(day * DAY_MS);
        Row {
            at,
            profile: ProfileNumber::new(0),
            decision: DecisionNumber::new(0),
            treatment,
            price_change,
            context,
            bought_after_days: None,
            learned: false,
        }
    }

    /// Goal: priors are those of the policy file: odds (1 - depth)^-2 for a discount, no effect for a nudge.
    #[test]
    fn before_any_row_effects_are_their_priors() {
        let learn = learn();
        let mut context = [0.0; CONTEXT_TERMS];
        context[0] = 1.0;
        assert!((learn.log_odds(&context) - logit(0.05)).abs() < 1e-12);
        let (mean, variance) = learn.effect(&context, TreatmentId(0), -0.1);
        assert!((mean - 0.2).abs() < 1e-12 && variance > 0.01, "{mean} {variance}");
        let (mean, variance) = learn.effect(&context, TreatmentId(3), 0.0);
        assert!(mean.abs() < 1e-12 && variance > 0.05 * 0.05, "{mean} {variance}");
        assert_eq!(learn.effect(&context, TreatmentId(9), 0.0), (0.0, 0.0), "not in the policy");
    }

    #[test]
    fn one_depth_teaches_about_the_other() {
        let mut learn = learn();
        let context = row(0, None, 0.0).context.map(f64::from);
        let before = learn.effect(&context, TreatmentId(1), -0.2).0;
        for _ in 0..500 {
            let mut bought = row(0, Some(TreatmentId(0)), -0.1);
            bought.bought_after_days = Some(0);
            learn.learn(&bought);
            learn.learn(&row(0, None, 0.0));
        }
        assert!(learn.effect(&context, TreatmentId(1), -0.2).0 > before + 0.2);
    }

    #[test]
    fn rows_ripen_in_order_and_orders_outside_the_window_do_not_count() {
        let mut learn = learn();
        let (first, second) = (learn.open(row(1, None, 0.0)), learn.open(row(2, None, 0.0)));
        learn.bought(first, Time(16 * DAY_MS));
        learn.bought(second, Time(5 * DAY_MS));
        learn.bought(second, Time(6 * DAY_MS));
        assert!(learn.next_ripe(Time(15 * DAY_MS - 1)).is_none());
        assert_eq!(learn.next_ripe(Time(15 * DAY_MS)).unwrap().1.bought_after_days, None);
        assert!(learn.next_ripe(Time(15 * DAY_MS)).is_none());
        assert_eq!(learn.next_ripe(Time(16 * DAY_MS)).unwrap().1.bought_after_days, Some(3));
        assert!(learn.row(first).is_none() && learn.open_rows() == 0);
    }

    #[test]
    fn the_distribution_of_lags_rises_to_one_and_learns() {
        let mut learn = learn();
        assert!(learn.bought_by(0).abs() < 1e-12 && (learn.bought_by(99) - 1.0).abs() < 1e-12);
        let before = learn.bought_by(3);
        for _ in 0..100 {
            let mut late = row(0, None, 0.0);
            late.bought_after_days = Some(10);
            learn.learn(&late);
        }
        assert!(learn.bought_by(3) < before);
    }
}
