//! Memory of a unit does not grow with the number of its arms: each is lived through, turned into facts and dropped.
#![allow(clippy::unwrap_used)]

mod common;

use common::{plan, policy, scenario, small};
use counterfoil_run::unit::unit;
use counterfoil_run::{Arm, Keep, Plan};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Bytes at most, and bytes of the facts that are left.
fn bytes(plan: &Plan) -> (usize, usize) {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let facts = unit(plan, 0, None, &mut |_| true).unwrap();
    let after = ALLOCATOR.current_usage();
    drop(facts);
    (ALLOCATOR.peak_usage() - before, after - before)
}

#[test]
fn eight_arms_take_hardly_more_memory_than_two() {
    let mut plan = plan(scenario("fashion-web-shop", &small(3_000)));
    plan.keep = Keep::Summary;
    plan.arms.truncate(2);
    let (two, left_by_two) = bytes(&plan);
    for number in 0..6 {
        plan.arms.push(Arm::new(format!("sale-{number}"), policy("calendar-sale", &plan.scenario)));
    }
    let (eight, left_by_eight) = bytes(&plan);
    println!(
        "two arms {two} B, of which facts {left_by_two}; eight {eight} B, of which facts {left_by_eight}"
    );
    // What is left of six arms more are integers about needs and orders, and nothing else.
    assert!(
        eight < two + (left_by_eight - left_by_two) * 11 / 10,
        "{two} B with two arms, {eight} B with eight"
    );
    assert!(eight < two * 11 / 10, "{two} B with two arms, {eight} B with eight");
}
