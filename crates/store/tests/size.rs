//! The promise on size: with `--keep visits`, everything together stays below 100 bytes per visit.
#![allow(clippy::unwrap_used)]

mod common;

use common::{new_run, unit};
use counterfoil_store::{Keep, Mode, Store};

/// Visits per arm and world.
const VISITS: u32 = 12_500;
const ARMS: u32 = 4;

/// Bytes per visit of `worlds` worlds beyond those of an empty store, after the log was taken over.
fn bytes_per_visit(keep: Keep, worlds: u32) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("counterfoil.db"), Mode::Create).unwrap();
    let empty = store.bytes();
    let run = store.create_run(&new_run(worlds, keep)).unwrap();
    for world in 0..worlds {
        store.write_unit(run.no, &unit(world, 3_000, VISITS), keep).unwrap();
    }
    (store.bytes() - empty) as f64 / f64::from(worlds * ARMS * VISITS)
}

#[test]
fn a_visit_takes_less_than_a_hundred_bytes() {
    let visits = bytes_per_visit(Keep::Visits, 1);
    let summary = bytes_per_visit(Keep::Summary, 1);
    println!("bytes per visit: {visits:.1} with --keep visits, {summary:.1} with --keep summary");
    assert!(visits < 100.0, "{visits:.1} bytes per visit");
    assert!(visits > 20.0, "{visits:.1} bytes per visit: were the visits stored?");
    assert!(summary < 20.0, "{summary:.1} bytes per visit");
}

/// Goal: later worlds cost what the first one did; nothing grows with the number of worlds.
#[test]
fn later_worlds_cost_the_same() {
    let (one, six) = (bytes_per_visit(Keep::Visits, 1), bytes_per_visit(Keep::Visits, 6));
    assert!((six - one).abs() < 3.0, "{one:.1} bytes per visit in one world, {six:.1} in six");
}
