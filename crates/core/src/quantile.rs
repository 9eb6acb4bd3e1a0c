//! Quantile functions: one keyed uniform in, one value of the wanted distribution out.
//!
//! Inverse transforms are what common random numbers want: the quantile is the luck, the distribution is the world.
//! All elementary functions come from `libm`, because the system's differ in the last bit between machines.

/// Natural logarithm, the same bits on every machine.
#[must_use]
#[inline]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Exponential function, the same bits on every machine.
#[must_use]
#[inline]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// `1 / (1 + exp(-x))`.
#[must_use]
#[inline]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// `ln(p / (1 - p))` for p in (0, 1).
#[must_use]
#[inline]
pub fn logit(p: f64) -> f64 {
    ln(p / (1.0 - p))
}

/// Standard Gumbel (maximum): the noise under which the largest utility wins with logit probabilities.
#[must_use]
#[inline]
pub fn gumbel(u: f64) -> f64 {
    -ln(-ln(u))
}

/// Exponential with mean 1.
#[must_use]
#[inline]
pub fn exponential(u: f64) -> f64 {
    -ln(u)
}

/// Log-normal with the given median and standard deviation of the logarithm.
#[must_use]
#[inline]
pub fn lognormal(u: f64, median: f64, log_sd: f64) -> f64 {
    median * exp(log_sd * normal(u))
}

/// Geometric number of failures before the first success; `success` in (0, 1].
#[must_use]
#[inline]
pub fn geometric(u: f64, success: f64) -> u32 {
    if success >= 1.0 {
        return 0;
    }
    (ln(u) / ln(1.0 - success)).min(1e6) as u32
}

/// Standard normal distribution function, through the complementary error function.
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// Standard normal quantile: Wichura's algorithm AS 241 (Applied Statistics 37, 1988), relative error about 1e-16.
#[must_use]
#[inline]
pub fn normal(u: f64) -> f64 {
    let q = u - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * polynomial(&CENTRE_TOP, r) / polynomial(&CENTRE_BOTTOM, r);
    }
    let tail = if q < 0.0 { u } else { 1.0 - u };
    let r = (-ln(tail)).sqrt();
    let size = if r <= 5.0 {
        polynomial(&NEAR_TOP, r - 1.6) / polynomial(&NEAR_BOTTOM, r - 1.6)
    } else {
        polynomial(&FAR_TOP, r - 5.0) / polynomial(&FAR_BOTTOM, r - 5.0)
    };
    if q < 0.0 { -size } else { size }
}

fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, &c| sum * x + c)
}

const CENTRE_TOP: [f64; 8] = [
    3.387_132_872_796_366_5,
    1.331_416_678_917_843_8e2,
    1.971_590_950_306_551_3e3,
    1.373_169_376_550_946e4,
    4.592_195_393_154_987e4,
    6.726_577_092_700_87e4,
    3.343_057_558_358_813e4,
    2.509_080_928_730_122_7e3,
];
const CENTRE_BOTTOM: [f64; 8] = [
    1.0,
    4.231_333_070_160_091e1,
    6.871_870_074_920_579e2,
    5.394_196_021_424_751e3,
    2.121_379_430_158_659_7e4,
    3.930_789_580_009_271e4,
    2.872_908_573_572_194_3e4,
    5.226_495_278_852_545e3,
];
const NEAR_TOP: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    2.417_807_251_774_506e-1,
    2.272_384_498_926_918_4e-2,
    7.745_450_142_783_414e-4,
];
const NEAR_BOTTOM: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    6.897_673_349_851e-1,
    1.481_039_764_274_800_8e-1,
    1.519_866_656_361_645_7e-2,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const FAR_TOP: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    2.965_605_718_285_048_7e-1,
    2.653_218_952_657_612_4e-2,
    1.242_660_947_388_078_4e-3,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const FAR_BOTTOM: [f64; 8] = [
    1.0,
    5.998_322_065_558_88e-1,
    1.369_298_809_227_358e-1,
    1.487_536_129_085_061_5e-2,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use statrs::distribution::{ContinuousCDF, Normal};

    proptest! {
        /// statrs is the oracle for our own normal quantile.
        #[test]
        fn the_normal_quantile_agrees_with_the_oracle(u in 1e-9_f64..(1.0 - 1e-9)) {
            let expected = Normal::standard().inverse_cdf(u);
            prop_assert!((normal(u) - expected).abs() < 1e-7 * (1.0 + expected.abs()), "{u}: {} against {expected}", normal(u));
            prop_assert!((normal_cdf(normal(u)) - u).abs() < 1e-12);
        }

        #[test]
        fn quantiles_rise_with_the_draw(u in 0.001_f64..0.99, step in 0.0001_f64..0.009) {
            prop_assert!(normal(u + step) > normal(u));
            prop_assert!(gumbel(u + step) > gumbel(u));
            prop_assert!(lognormal(u + step, 2.0, 0.5) > lognormal(u, 2.0, 0.5));
        }
    }

    /// rand_distr is the oracle for the moments of the other transforms.
    #[test]
    fn moments_agree_with_rand_distr() {
        use rand_distr::Distribution as _;
        let mut stream = crate::Luck::new(3, 0).stream(crate::DrawKey::product(9));
        let n = 60_000;
        let ours = (0..n).map(|_| gumbel(stream.uniform())).sum::<f64>() / f64::from(n);
        let oracle = rand_distr::Gumbel::new(0.0, 1.0).unwrap();
        let theirs = (0..n).map(|_| oracle.sample(&mut stream)).sum::<f64>() / f64::from(n);
        assert!((ours - theirs).abs() < 0.03, "{ours} against {theirs}");
        let ours = (0..n).map(|_| f64::from(geometric(stream.uniform(), 0.3))).sum::<f64>() / f64::from(n);
        assert!((ours - 0.7 / 0.3).abs() < 0.05, "geometric mean {ours}");
    }
}
