//! Many worlds on a few threads. Each finished unit is handed over at once; memory does not grow with their number.

use crate::keeper::{Clock, Speed};
use crate::plan::Plan;
use crate::unit::{Tick, unit};
use counterfoil_core::facts::UnitFacts;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

/// Runs `worlds` on `threads` threads. `sink` gets each unit as it is finished, on the calling thread; an error from it
/// stops the run. `tick` hears progress from any thread.
///
/// # Errors
/// The first error of `sink`. A run that was cancelled through `cancel` ends without error; its finished units were sunk.
pub fn run_worlds<E: Send>(
    plan: &Plan,
    worlds: &[u32],
    threads: usize,
    (clock, cancel): (Option<Clock>, &AtomicBool),
    tick: &(dyn Fn(&Tick<'_>) + Sync),
    mut sink: impl FnMut(UnitFacts) -> Result<(), E>,
) -> Result<Speed, E> {
    let next = AtomicUsize::new(0);
    let speed = Mutex::new(Speed::default());
    let stop = AtomicBool::new(false);
    let threads = threads.clamp(1, worlds.len().max(1));
    let (send, receive) = sync_channel::<UnitFacts>(1);
    let outcome = std::thread::scope(|scope| {
        for _ in 0..threads {
            let send = send.clone();
            let (next, speed, stop) = (&next, &speed, &stop);
            scope.spawn(move || {
                let mut watch = |at: &Tick<'_>| {
                    if at.is_day() {
                        tick(at);
                    }
                    !cancel.load(Ordering::Relaxed) && !stop.load(Ordering::Relaxed)
                };
                while let Some(&world) = worlds.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let Ok((facts, own)) = unit(plan, world, clock, &mut watch) else { return };
                    speed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).add(&own);
                    if send.send(facts).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let mut outcome = Ok(());
        for facts in receive {
            if outcome.is_ok() {
                outcome = sink(facts);
                stop.fetch_or(outcome.is_err(), Ordering::Relaxed);
            }
        }
        outcome
    });
    outcome.map(|()| speed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}
