//! How fast the event loop is, measured against a floor: `cargo run --release -p counterfoil-run --example bench`.
//!
//! The floor is the arithmetic that any event-by-event shopper simulation has to do and nothing else. Floor and product are
//! timed in turn in one process, because machines are noisy; what counts is the ratio of each pair, and of those the
//! median. Nothing is stored. Arguments: number of pairs (default 5), shoppers of the world (default: the scenario's).
//! `docs/performance.md` holds the figures.

#![allow(
    clippy::disallowed_methods,
    reason = "times the loop from outside; nothing measured enters a result"
)]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use counterfoil_core::luck::philox;
use counterfoil_run::unit::unit;
use counterfoil_run::{Arm, Keep, Plan};
use counterfoil_scenario::{
    Currency, Overrides, PolicySpec, Scenario, for_scenario, parse_policy, parse_scenario, report, shipped,
};

/// Sessions of one turn of the floor: about a second.
const FLOOR_SESSIONS: u32 = 200_000;
/// Sessions that the floor has open at a time.
const FLOOR_OPEN: u32 = 64;

/// The default scenario with all its arms, nothing kept but summaries.
fn plan(shoppers: Option<i64>) -> Result<Plan, String> {
    let (name, load) = (shipped::DEFAULT, |name: &str| shipped::scenario_text(name).map(str::to_owned));
    let text = shipped::scenario_text(name).ok_or("the default scenario is not shipped")?;
    let overrides = Overrides { shoppers, ..Overrides::default() };
    let scenario =
        parse_scenario(text, name, &overrides, &load).map_err(|problems| report(&problems))?.scenario;
    let mut arms = vec![Arm::new("control", policy("none", &scenario)?)];
    let incumbent = scenario.incumbent.as_ref().map(|name| policy(name, &scenario)).transpose()?;
    arms.extend(incumbent.iter().map(|policy| Arm::new("status-quo", policy.clone())));
    for arm in &scenario.arms {
        arms.push(Arm::new(arm.name.clone(), policy(&arm.policy, &scenario)?));
    }
    Ok(Plan { scenario: Arc::new(scenario), incumbent, arms, keep: Keep::Summary })
}

fn policy(name: &str, scenario: &Scenario) -> Result<Arc<PolicySpec>, String> {
    let text = shipped::policy_text(name).ok_or_else(|| format!("the policy {name} is not shipped"))?;
    let currency = Currency { code: scenario.currency.clone(), decimals: scenario.currency_decimals };
    let spec = parse_policy(text, name, name, &scenario.treatments, &currency)
        .map_err(|problems| report(&problems))?;
    Ok(Arc::new(for_scenario(spec, scenario)))
}

/// Nanoseconds per storefront event of one world, all arms, history and probe.
fn product_ns(plan: &Plan, world: u32) -> Result<(f64, u64), String> {
    let began = Instant::now();
    let (facts, _) = unit(plan, world, None, &mut |_| true).map_err(|cancelled| cancelled.to_string())?;
    let ns = began.elapsed().as_nanos() as f64;
    Ok((ns / facts.events as f64, facts.events))
}

/// One open session of the floor.
#[derive(Clone, Copy)]
struct Open {
    shopper: u32,
    events: u32,
    events_left: u32,
    features: [f32; 16],
}

/// The floor's state beside the queue.
struct Floor {
    open: Vec<Open>,
    weights: [[f32; 16]; 8],
    next_shopper: u32,
    best: f32,
}

/// A word as a number in (0, 1).
fn unit_interval(word: u32) -> f32 {
    ((word >> 8) as f32 + 0.5) / 16_777_216.0
}

fn dot(weights: &[f32; 16], features: &[f32; 16]) -> f32 {
    weights.iter().zip(features).map(|(weight, feature)| weight * feature).sum()
}

impl Floor {
    fn new() -> Self {
        let weight = |row: usize, column: usize| ((row * 5 + column * 3) % 13) as f32 * 0.04 - 0.24;
        let weights = std::array::from_fn(|row| std::array::from_fn(|column| weight(row, column)));
        let first = |shopper| Open { shopper, events: 0, events_left: 12, features: [0.0; 16] };
        Self { open: (0..FLOOR_OPEN).map(first).collect(), weights, next_shopper: FLOOR_OPEN, best: 0.0 }
    }

    /// One event of the session in `slot`: a random block, a choice of eight, a log-normal dwell time, sixteen decayed
    /// features, and at every fourth event a score for eight treatments. Answers the dwell time in milliseconds and
    /// whether the session is over.
    fn event(&mut self, slot: usize) -> (u64, bool) {
        let session = &mut self.open[slot];
        let words = philox([11, session.shopper], [session.events, 0, 0, 0]);
        let column = session.events as usize % 16;
        let odds: [f32; 8] =
            std::array::from_fn(|row| (self.weights[row][column] + 0.1 * session.features[row]).exp());
        let mut left = unit_interval(words[0]) * odds.iter().sum::<f32>();
        let passed = odds.iter().take_while(|odds| {
            left -= **odds;
            left > 0.0
        });
        let chosen = passed.count().min(7);
        let radius = (-2.0 * unit_interval(words[1]).ln()).sqrt();
        let normal = radius * (std::f32::consts::TAU * unit_interval(words[2])).cos();
        let dwell_s = (2.5 + 0.8 * normal).exp();
        let fade = (-0.01 * dwell_s).exp();
        session.features.iter_mut().for_each(|feature| *feature *= fade);
        session.features[chosen] += 1.0;
        session.features[8 + chosen] += 0.01 * dwell_s;
        if session.events % 4 == 3 {
            let score = |weights| 1.0 / (1.0 + (-dot(weights, &session.features)).exp());
            self.best += self.weights.iter().map(score).fold(0.0, f32::max);
        }
        session.events += 1;
        session.events_left -= 1;
        let over = session.events_left == 0;
        if over {
            let events_left = 6 + words[3] % 13;
            *session = Open { shopper: self.next_shopper, events: 0, events_left, features: [0.0; 16] };
            self.next_shopper += 1;
        }
        ((dwell_s * 1_000.0) as u64, over)
    }
}

/// Nanoseconds per event of the floor.
fn floor_ns(sessions: u32) -> f64 {
    let mut floor = Floor::new();
    let mut queue: BinaryHeap<Reverse<(u64, u32)>> =
        (0..FLOOR_OPEN).map(|slot| Reverse((u64::from(slot), slot))).collect();
    let (mut over, mut events) = (0, 0_u64);
    let began = Instant::now();
    while over < sessions {
        let Some(Reverse((at_ms, slot))) = queue.pop() else { break };
        let (dwell_ms, ended) = floor.event(slot as usize);
        over += u32::from(ended);
        events += 1;
        queue.push(Reverse((at_ms + dwell_ms, slot)));
    }
    let ns = began.elapsed().as_nanos() as f64;
    black_box(floor.best);
    ns / events as f64
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

fn number(place: usize) -> Result<Option<u32>, String> {
    let Some(text) = std::env::args().nth(place) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| format!("`{text}` is not a number; arguments are: PAIRS SHOPPERS"))
}

fn main() -> Result<(), String> {
    let pairs = number(1)?.unwrap_or(5).max(1);
    let plan = plan(number(2)?.map(i64::from))?;
    let arms: Vec<&str> = plan.arms.iter().map(|arm| arm.name.as_str()).collect();
    println!("{} shoppers, one thread, arms {}", plan.scenario.shoppers.count, arms.join(", "));
    floor_ns(FLOOR_SESSIONS / 10);
    let (mut floors, mut products, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for pair in 0..pairs {
        let floor = floor_ns(FLOOR_SESSIONS);
        let (product, events) = product_ns(&plan, pair)?;
        println!(
            "floor {floor:6.1} ns/event   product {product:6.1} ns/event over {events} events   ratio {:.2}",
            product / floor
        );
        floors.push(floor);
        products.push(product);
        ratios.push(product / floor);
    }
    println!(
        "median: floor {:.1} ns/event, product {:.1} ns/event, ratio {:.2}",
        median(&mut floors),
        median(&mut products),
        median(&mut ratios)
    );
    Ok(())
}
