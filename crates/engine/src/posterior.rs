//! A Gaussian posterior over the coefficients of a logistic model, updated one row at a time.
//!
//! # Method
//! Each row is a Laplace step (Spiegelhalter & Lauritzen 1990): the mode is found exactly along the one direction that a
//! row can move, then the covariance shrinks by the curvature there. Drift is the prediction step of a Kalman filter whose
//! state returns to its prior (an Ornstein-Uhlenbeck process with the prior as stationary distribution): the weight of
//! old evidence halves with a stated half-life, and what nobody tests any more goes back to the prior and no further.
//!
//! # Promises
//! Plain data, no luck, sums in a fixed order, elementary functions from `libm`.

use counterfoil_core::quantile::{exp, logistic};

/// One coefficient's prior.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    /// Mean, in log odds per unit of the feature.
    pub mean: f64,
    /// Standard deviation, > 0.
    pub sd: f64,
}

/// Non-zero entries of a row: place and value.
pub type Sparse<'a> = &'a [(usize, f64)];

/// Mean and covariance of all coefficients.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior {
    priors: Vec<Prior>,
    mean: Vec<f64>,
    /// Full symmetric matrix by rows.
    covariance: Vec<f64>,
    /// Covariance times the current row.
    product: Vec<f64>,
    rows: u64,
}

/// Newton steps for the mode along one direction; the function is convex and starts near, so this is past convergence.
const NEWTON_STEPS: usize = 6;

impl Posterior {
    /// The posterior before any row.
    #[must_use]
    pub fn new(priors: Vec<Prior>) -> Self {
        let size = priors.len();
        let mut covariance = vec![0.0; size * size];
        for (place, prior) in priors.iter().enumerate() {
            covariance[place * size + place] = prior.sd * prior.sd;
        }
        let mean = priors.iter().map(|prior| prior.mean).collect();
        Self { priors, mean, covariance, product: vec![0.0; size], rows: 0 }
    }
    /// Posterior means.
    #[must_use]
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }
    /// Posterior standard deviation of one coefficient.
    #[must_use]
    pub fn sd(&self, place: usize) -> f64 {
        self.covariance[place * self.mean.len() + place].sqrt()
    }
    /// Rows learned from.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Mean and variance of the linear predictor of a row, in log odds.
    #[must_use]
    pub fn predict(&self, row: Sparse) -> (f64, f64) {
        let size = self.mean.len();
        let (mut mean, mut variance) = (0.0, 0.0);
        for (rank, &(i, x)) in row.iter().enumerate() {
            mean += x * self.mean[i];
            let line = &self.covariance[i * size..(i + 1) * size];
            let mut cross = 0.0;
            for &(j, y) in &row[..rank] {
                cross += y * line[j];
            }
            variance += x * (2.0 * cross + x * line[i]);
        }
        (mean, variance.max(0.0))
    }

    /// Learns one row with outcome `bought`; `weight` in (0, 1] is the share of a full observation it is worth.
    pub fn learn(&mut self, row: Sparse, bought: bool, weight: f64) {
        let size = self.mean.len();
        self.product.fill(0.0);
        for &(i, x) in row {
            let line = &self.covariance[i * size..(i + 1) * size];
            for (product, value) in self.product.iter_mut().zip(line) {
                *product += x * value;
            }
        }
        let (mut linear, mut spread) = (0.0, 0.0);
        for &(i, x) in row {
            linear += x * self.mean[i];
            spread += x * self.product[i];
        }
        let (step, curvature) = mode(linear, spread, f64::from(u8::from(bought)), weight);
        for (mean, product) in self.mean.iter_mut().zip(&self.product) {
            *mean += step * product;
        }
        let shrink = curvature / (1.0 + curvature * spread);
        for i in 0..size {
            let factor = shrink * self.product[i];
            if factor != 0.0 {
                let line = &mut self.covariance[i * size..(i + 1) * size];
                for (value, product) in line.iter_mut().zip(&self.product) {
                    *value -= factor * product;
                }
            }
        }
        self.rows += 1;
    }

    /// Lets `days` pass: evidence keeps `2^(-days / half_life_days)` of its weight, the rest returns to the prior.
    pub fn drift(&mut self, days: f64, half_life_days: f64) {
        let kept = exp(-std::f64::consts::LN_2 * days / half_life_days);
        let pull = kept.sqrt();
        let size = self.mean.len();
        for value in &mut self.covariance {
            *value *= kept;
        }
        for (place, prior) in self.priors.iter().enumerate() {
            self.covariance[place * size + place] += (1.0 - kept) * prior.sd * prior.sd;
            self.mean[place] = prior.mean + pull * (self.mean[place] - prior.mean);
        }
    }
}

/// Where along the row's direction the mode lies, in units of (covariance x row), and the curvature there.
fn mode(linear: f64, spread: f64, outcome: f64, weight: f64) -> (f64, f64) {
    let mut step = 0.0;
    for _ in 0..NEWTON_STEPS {
        let p = logistic(linear + spread * step);
        let slope = 1.0 + spread * weight * p * (1.0 - p);
        let correction = (step - weight * (outcome - p)) / slope;
        step = (step - correction).clamp(-weight, weight);
        if correction.abs() < 1e-9 {
            break;
        }
    }
    let p = logistic(linear + spread * step);
    (step, weight * p * (1.0 - p))
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil_core::quantile::logit;
    use counterfoil_core::{DrawKey, Luck};

    fn two(means: [f64; 2], sd: f64) -> Posterior {
        Posterior::new(means.map(|mean| Prior { mean, sd }).to_vec())
    }

    #[test]
    fn it_finds_the_effect_that_made_the_data() {
        let mut posterior = two([0.0, 0.0], 2.0);
        let mut stream = Luck::new(5, 0).stream(DrawKey::product(0));
        for place in 0..6_000 {
            let treated = f64::from(place % 2);
            let bought = stream.uniform() < logistic(logit(0.2) + 0.5 * treated);
            posterior.learn(&[(0, 1.0), (1, treated)], bought, 1.0);
        }
        assert!((posterior.mean()[0] - logit(0.2)).abs() < 0.12, "{:?}", posterior.mean());
        assert!((posterior.mean()[1] - 0.5).abs() < 0.18, "{:?}", posterior.mean());
        assert!(posterior.sd(1) < 0.08 && posterior.sd(1) > 0.03, "{}", posterior.sd(1));
    }

    #[test]
    fn the_variance_of_a_prediction_is_that_of_the_dense_sum() {
        let mut posterior = two([0.3, -0.2], 1.5);
        posterior.learn(&[(0, 1.0), (1, 0.5)], true, 1.0);
        let x = [0.7, -1.2];
        let dense: f64 =
            (0..2).map(|i| (0..2).map(|j| x[i] * x[j] * posterior.covariance[2 * i + j]).sum::<f64>()).sum();
        let (_, variance) = posterior.predict(&[(0, x[0]), (1, x[1])]);
        assert!((variance - dense).abs() < 1e-12);
    }

    #[test]
    fn forgetting_ends_at_the_prior() {
        let mut posterior = two([0.5, 0.0], 1.0);
        for _ in 0..50 {
            posterior.learn(&[(0, 1.0), (1, 1.0)], true, 1.0);
        }
        let learned = posterior.sd(0);
        posterior.drift(30.0, 30.0);
        assert!(posterior.sd(0) > learned && posterior.sd(0) < 1.0);
        posterior.drift(3_000.0, 30.0);
        assert!((posterior.sd(0) - 1.0).abs() < 1e-9 && (posterior.mean()[0] - 0.5).abs() < 1e-9);
    }

    #[test]
    fn half_a_row_teaches_less_than_a_whole_one() {
        let (mut half, mut whole) = (two([0.0, 0.0], 1.0), two([0.0, 0.0], 1.0));
        half.learn(&[(0, 1.0)], false, 0.5);
        whole.learn(&[(0, 1.0)], false, 1.0);
        assert!(whole.mean()[0] < half.mean()[0] && half.mean()[0] < 0.0);
        assert!(whole.sd(0) < half.sd(0));
    }
}
