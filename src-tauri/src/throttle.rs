//! Lets the newest message through at most 20 times a second: a run tells its progress as often as it likes, the
//! page hears what a person can see.

#![allow(clippy::disallowed_methods, reason = "paces messages to a page; nothing is simulated here")]

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use tauri::ipc::Channel;

/// Shortest time between two messages.
const PAUSE: Duration = Duration::from_millis(50);

/// A channel that drops what comes too fast, but never the last message.
pub(crate) struct Throttle<T> {
    channel: Channel<T>,
    held: Mutex<Held<T>>,
}

struct Held<T> {
    sent: Option<Instant>,
    waiting: Option<T>,
}

impl<T: Serialize> Throttle<T> {
    pub(crate) fn new(channel: Channel<T>) -> Self {
        Self { channel, held: Mutex::new(Held { sent: None, waiting: None }) }
    }

    /// Sends `message` now, or keeps it in place of the one that waits.
    pub(crate) fn offer(&self, message: T) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.sent.is_some_and(|at| at.elapsed() < PAUSE) {
            held.waiting = Some(message);
            return;
        }
        held.sent = Some(Instant::now());
        held.waiting = None;
        self.send(message);
    }

    /// Sends the message that still waits.
    pub(crate) fn flush(&self) {
        let waiting = self.held.lock().unwrap_or_else(PoisonError::into_inner).waiting.take();
        if let Some(message) = waiting {
            self.send(message);
        }
    }

    /// A page that was closed hears nothing; its run goes on and is stored all the same.
    fn send(&self, message: T) {
        let _ = self.channel.send(message);
    }
}
