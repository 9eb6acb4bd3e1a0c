//! Error rates, counted over simulated worlds with a fixed seed.
//!
//! Each tolerance is four standard errors of the count, so a failure means a wrong method and not bad luck; the
//! seed is fixed, so it either always fails or never.

use counterfoil_stats::{
    HalfLife, Interval, Verdict, distribution::normal_quantile, half_life, paired_difference,
    paired_t::paired_t, power, student_interval, verdict,
};

/// A stream of uniform numbers (Steele, Lea and Flood 2014, SplitMix64).
struct Luck(u64);

impl Luck {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }

    fn normals(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| self.normal()).collect()
    }
}

const RUNS: usize = 20_000;

fn holds(interval: &Interval, truth: f64) -> bool {
    interval.low().unwrap() <= truth && truth <= interval.high().unwrap()
}

fn assert_rate(hits: usize, expected: f64, slack: f64) {
    let rate = hits as f64 / RUNS as f64;
    let error = (expected * (1.0 - expected) / RUNS as f64).sqrt();
    assert!((rate - expected).abs() <= 4.0 * error + slack, "rate {rate}, expected {expected}");
}

/// Goal: 95 of 100 intervals hold the truth, with two worlds as with thirty.
#[test]
fn intervals_between_worlds_hold_the_truth_in_95_percent() {
    for worlds in [2, 4, 8, 30] {
        let mut luck = Luck(worlds as u64);
        let hit = |_: &usize| {
            let values: Vec<f64> = luck.normals(worlds).iter().map(|z| 3.0 + 2.0 * z).collect();
            holds(&student_interval(&values).unwrap(), 3.0)
        };
        assert_rate((0..RUNS).filter(hit).count(), 0.95, 0.0);
    }
}

/// Goal: worlds that differ much but share their luck between arms give a narrow interval that is still right,
/// absolute and relative, and the variance ratio says how much the pairing won (here 26).
#[test]
fn paired_intervals_hold_the_truth_and_report_the_gain() {
    let mut luck = Luck(11);
    let (mut absolute, mut relative, mut gains) = (0, 0, Vec::new());
    for _ in 0..RUNS {
        let common: Vec<f64> = luck.normals(16);
        let versus: Vec<Option<f64>> = common.iter().map(|c| Some(50.0 + 5.0 * c + luck.normal())).collect();
        let arm: Vec<Option<f64>> = common.iter().map(|c| Some(52.0 + 5.0 * c + luck.normal())).collect();
        let result = paired_difference(&arm, &versus).unwrap().unwrap();
        absolute += usize::from(holds(&result.difference, 2.0));
        relative += usize::from(holds(&result.relative.unwrap(), 2.0 / 50.0));
        assert!(result.base_clear_of_zero);
        gains.push(result.variance_ratio.unwrap());
    }
    assert_rate(absolute, 0.95, 0.0);
    // Linearisation is an approximation: half a percent is granted.
    assert_rate(relative, 0.95, 0.005);
    gains.sort_by(f64::total_cmp);
    let median = gains[RUNS / 2];
    assert!((median / 26.0 - 1.0).abs() < 0.08, "median gain {median}");
}

/// Goal: between equal arms `higher` and `lower` come up in five of a hundred runs, evenly.
#[test]
fn equal_arms_are_seldom_told_apart() {
    let mut luck = Luck(5);
    let (mut higher, mut lower) = (0, 0);
    for _ in 0..RUNS {
        match verdict(&student_interval(&luck.normals(6)).unwrap(), 0.0) {
            Verdict::Higher => higher += 1,
            Verdict::Lower => lower += 1,
            _ => {}
        }
    }
    assert_rate(higher, 0.025, 0.0);
    assert_rate(lower, 0.025, 0.0);
}

/// Goal: the promised power is the share of experiments that find the effect.
#[test]
fn promised_power_is_the_share_of_findings() {
    let expected = power::power(power::Test::TPaired, 1.0, 8.0, 0.05).unwrap();
    let mut luck = Luck(8);
    let found = |_: &usize| {
        let arm: Vec<f64> = luck.normals(8).iter().map(|z| z + 1.0).collect();
        paired_t(&arm, &[0.0; 8], 0.95).unwrap().p_value < 0.05
    };
    assert_rate((0..RUNS).filter(found).count(), expected, 0.0);
}

/// Goal: weekly gaps that are pure chance seldom get a half-life: half of five percent, because the other half of
/// the false findings are gains. The curve is not linear in the half-life, which costs some of that.
#[test]
fn chance_alone_seldom_has_a_half_life() {
    let mut luck = Luck(12);
    let defined = |_: &usize| {
        let gaps: Vec<i64> = (0..12).map(|_| (20.0 * luck.normal()).round() as i64).collect();
        half_life(&gaps) != HalfLife::NotDefined
    };
    let rate = (0..RUNS / 10).filter(defined).count() as f64 / (RUNS / 10) as f64;
    println!("half-life defined in {rate} of runs without any habit");
    assert!(rate <= 0.04, "{rate}");
}

/// Goal: with noise of a tenth of the first gap the half-life is found within a fifth in most runs, without a bias.
#[test]
fn half_life_is_found_through_noise() {
    let mut luck = Luck(3);
    let truth = 3.0;
    let mut found: Vec<f64> = Vec::new();
    for _ in 0..1_000 {
        let gaps: Vec<i64> = (0..12)
            .map(|w| (1_000.0 * share_left(w, truth) + 100.0 * luck.normal()).round() as i64)
            .collect();
        if let HalfLife::Weeks(weeks) = half_life(&gaps) {
            found.push(weeks);
        }
    }
    assert!(found.len() >= 999, "defined in {} of 1000", found.len());
    found.sort_by(f64::total_cmp);
    let median = found[found.len() / 2];
    assert!((median / truth - 1.0).abs() < 0.03, "median {median}");
    let close = found.iter().filter(|w| (*w / truth - 1.0).abs() < 0.2).count();
    assert!(close >= 800, "{close} of {} within a fifth", found.len());
}

/// Share of a habit left after `week` weeks.
fn share_left(week: i32, half_life_weeks: f64) -> f64 {
    libm::exp2(-f64::from(week) / half_life_weeks)
}
