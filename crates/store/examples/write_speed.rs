//! Prints how many rows per second a store takes: `cargo run --release -p counterfoil-store --example write_speed`.

#[path = "../tests/common/mod.rs"]
mod common;

use counterfoil_store::{Keep, Mode, Store, StoreError};
use std::path::PathBuf;

const WORLDS: u32 = 4;
const VISITS: u32 = 250_000;

#[allow(clippy::disallowed_methods, reason = "this program measures wall time and simulates nothing")]
fn main() -> Result<(), StoreError> {
    let path = std::env::args().nth(1).map_or_else(|| PathBuf::from("write_speed.db"), PathBuf::from);
    let mut store = Store::open(&path, Mode::Create)?;
    let run = store.create_run(&common::new_run(WORLDS, Keep::Visits))?;
    let (mut rows, mut seconds) = (0, 0.0);
    for world in 0..WORLDS {
        let unit = common::unit(world, 20_000, VISITS);
        rows += unit
            .arms
            .iter()
            .map(|a| a.needs.len() + a.orders.len() + a.offers.len() + a.visits.len() + a.decisions.len())
            .sum::<usize>();
        let start = std::time::Instant::now();
        store.write_unit(run.no, &unit, Keep::Visits)?;
        seconds += start.elapsed().as_secs_f64();
    }
    println!("{rows} rows in {seconds:.2} s: {:.0} rows per second", rows as f64 / seconds);
    println!("{} bytes in {}", store.bytes(), path.display());
    Ok(())
}
