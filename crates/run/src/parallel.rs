//! Jobs on a few threads. What a job brings is handed over at once, so memory does not grow with the number of jobs.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

/// The way from a job to whoever takes what it brings.
pub struct Hand<'a, R> {
    send: SyncSender<R>,
    stop: &'a AtomicBool,
}

impl<R> Hand<'_, R> {
    /// Hands one result over; waits while another one is being taken.
    pub fn over(&self, result: R) {
        // Nobody takes it any more only where `stop` was raised before.
        let _ = self.send.send(result);
    }

    /// Whether the rest is not wanted any more.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Does `jobs` on `threads` threads, each in their order. `sink` gets what they bring as it comes, on the calling thread; an
/// error from it stops the rest.
///
/// # Errors
/// The first error of `sink`.
pub fn each<J: Sync, R: Send, E>(
    jobs: &[J],
    threads: usize,
    work: &(dyn Fn(&J, &Hand<'_, R>) + Sync),
    mut sink: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (send, receive) = sync_channel::<R>(1);
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, jobs.len().max(1)) {
            let hand = Hand { send: send.clone(), stop: &stop };
            let next = &next;
            scope.spawn(move || {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if hand.is_stopped() {
                        return;
                    }
                    work(job, &hand);
                }
            });
        }
        drop(send);
        let mut outcome = Ok(());
        for result in receive {
            if outcome.is_ok() {
                outcome = sink(result);
                stop.fetch_or(outcome.is_err(), Ordering::Relaxed);
            }
        }
        outcome
    })
}
