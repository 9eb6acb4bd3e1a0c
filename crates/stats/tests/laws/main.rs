//! Laws that hold whatever the numbers are, and promises about error rates kept in simulation.
//!
//! `symmetry` swaps, shifts and permutes; `accounts` adds bridges and follows payback curves; `rates` simulates
//! worlds from a fixed seed and counts how often an interval is right.
#![allow(clippy::unwrap_used)]

mod accounts;
mod rates;
mod symmetry;
