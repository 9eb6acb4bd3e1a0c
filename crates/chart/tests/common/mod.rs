//! Data for the tests: runs that look like real ones, from three arms to eight.

#![allow(dead_code)]

use counterfoil_chart::{
    ArmStyle, Bridge, BridgeStep, Cumulative, Curve, Daily, DayPoint, Difference, Headline, Level, Panel,
    Payback, Purse, Secondary, Unit, arm_styles,
};

pub const HORIZON: u32 = 84;

const ARMS: [(&str, &str); 8] = [
    ("control", "No promotions"),
    ("status-quo", "Today"),
    ("batch", "Batch segments"),
    ("realtime", "Real-time"),
    ("blanket", "Fifteen percent for all, ever"),
    ("careful", "Real-time engine, careful caps"),
    ("nightly", "Batch, refreshed every 6 hours"),
    ("loyal", "Loyalty first, offers for VIPs"),
];

pub fn arms(count: usize) -> Vec<ArmStyle> {
    let names: Vec<(String, String)> =
        ARMS.iter().take(count).map(|(name, display)| ((*name).to_owned(), (*display).to_owned())).collect();
    arm_styles(&names)
}

pub fn euro() -> Unit {
    Unit::Money(Purse::new("EUR", 2))
}

fn levels(arms: &[ArmStyle], at: f64, step: f64) -> Vec<Level> {
    let bumpy = |i: usize| at + step * ((i * 5) % 8) as f64;
    arms.iter().enumerate().map(|(i, arm)| Level { arm: arm.name.clone(), mean: bumpy(i) }).collect()
}

fn differences(arms: &[ArmStyle], reference: &str, scale: f64) -> Vec<Difference> {
    let verdict = |low: f64, high: f64| match (low > 0.0, high < 0.0) {
        (true, _) => "higher",
        (_, true) => "lower",
        _ => "no clear difference",
    };
    arms.iter()
        .enumerate()
        .filter(|(_, arm)| arm.name != reference)
        .map(|(i, arm)| {
            let mean = scale * [1.84, 0.2, -0.92, 1.21, -0.1, 0.63, 0.02, 2.2][i];
            let half = scale * [0.64, 0.8, 0.3, 0.5, 0.2, 0.7, 0.05, 0.4][i];
            let (low, high) = (mean - half, mean + half);
            Difference {
                arm: arm.name.clone(),
                mean,
                low: Some(low),
                high: Some(high),
                verdict: verdict(low, high).to_owned(),
            }
        })
        .collect()
}

pub fn headline(count: usize) -> Headline {
    let arms = arms(count);
    let reference = "status-quo".to_owned();
    let second = |measure: &str, at, step| {
        Some(Secondary { measure: measure.to_owned(), unit: Unit::Share, levels: levels(&arms, at, step) })
    };
    let panel = |title: &str, measure: &str, unit, (at, step, scale), secondary| Panel {
        title: title.to_owned(),
        measure: measure.to_owned(),
        unit,
        levels: levels(&arms, at, step),
        differences: differences(&arms, "status-quo", scale),
        secondary,
    };
    let panels = vec![
        panel(
            "Conversion",
            "orders per shopper",
            Unit::Plain,
            (1.204, 0.0131, 0.02),
            second("orders per session", 0.021, 0.0004),
        ),
        panel(
            "Margin",
            "contribution per shopper",
            euro(),
            (18.37, 0.31, 1.0),
            second("gross margin rate", 0.412, -0.006),
        ),
        panel(
            "Discount dependency",
            "orders lost when offers stop, percent",
            Unit::Percent,
            (0.0, 1.7, 3.0),
            None,
        ),
    ];
    Headline { panels, reference, arms }
}

/// Curves with weekly ups and downs; `worlds` below 2 have no band.
fn curves(
    arms: &[ArmStyle],
    days: u32,
    worlds: u32,
    value: impl Fn(usize, f64) -> f64,
    half: f64,
) -> Vec<Curve> {
    let point = |i: usize, day: u32| {
        let mean = value(i, f64::from(day));
        let half = half * (1.0 + f64::from(day) / 30.0);
        let ends = (worlds > 1).then_some((mean - half, mean + half));
        DayPoint { day, mean, low: ends.map(|e| e.0), high: ends.map(|e| e.1) }
    };
    arms.iter()
        .enumerate()
        .map(|(i, arm)| Curve {
            arm: arm.name.clone(),
            points: (1..=days).map(|day| point(i, day)).collect(),
        })
        .collect()
}

pub fn daily(count: usize, days: u32, worlds: u32, average_days: u32) -> Daily {
    let arms = arms(count);
    let value = |i: usize, day: f64| {
        0.014 + 0.0006 * ((i * 3) % 8) as f64 + 0.002 * libm::sin(day * 0.9 + i as f64 * 0.1) + 0.00001 * day
    };
    Daily {
        curves: curves(&arms, days, worlds, value, 0.0003),
        arms,
        measure: "orders per shopper".to_owned(),
        unit: Unit::Plain,
        horizon_days: HORIZON,
        average_days,
    }
}

pub fn cumulative(count: usize, days: u32, worlds: u32) -> Cumulative {
    let arms = arms(count);
    let value = |i: usize, day: f64| {
        let slope = [-0.9, 0.0, 0.8, 1.8, -1.6, 1.1, 0.6, 1.75][i] / 84.0;
        slope * day - [0.0, 0.0, 0.16, 0.3, 0.0, 0.2, 0.2, 0.05][i] * (1.0 - libm::exp(-day / 5.0))
    };
    let day = |i: usize| [None, None, Some(16), Some(13), None, Some(15), Some(27), Some(80)][i];
    let paybacks = arms.iter().enumerate().filter(|(_, arm)| arm.name != "status-quo");
    let paybacks = paybacks.map(|(i, arm)| Payback { arm: arm.name.clone(), day: day(i) }).collect();
    Cumulative {
        curves: curves(&arms, days, worlds, value, 0.05),
        arms,
        reference: "status-quo".to_owned(),
        measure: "contribution per shopper".to_owned(),
        unit: euro(),
        horizon_days: HORIZON,
        paybacks,
    }
}

/// `start` is the contribution without promotions; the changes stay the same.
pub fn bridge(start: f64) -> Bridge {
    let arms = arms(4);
    let changes = [
        ("incremental", 91_204.11),
        ("lost", -8_310.02),
        ("pulled forward", -3_977.50),
        ("reward on subsidised", -31_662.75),
        ("basket change", 6_120.40),
        ("shipping payment and returns", -2_905.33),
        ("messages and liability", 0.0),
    ];
    let end = start + changes.iter().map(|(_, amount)| amount).sum::<f64>();
    let step = |step: &str, amount| BridgeStep { step: step.to_owned(), amount };
    let mut steps = vec![step("control contribution", start)];
    steps.extend(changes.iter().map(|(name, amount)| step(name, *amount)));
    steps.push(step("arm contribution", end));
    Bridge {
        arm: arms[3].clone(),
        from: arms[0].clone(),
        unit: euro(),
        basis: "total of 16 worlds".to_owned(),
        steps,
    }
}
