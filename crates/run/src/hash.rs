//! Hashes of results: SHA-256 over sorted (arm, world, digest). No id, time, path or input text enters them.

use counterfoil_core::digest::Digest;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// The hash over everything that happened in a run: arm names and digests of all units.
#[must_use]
pub fn result_hash(units: &[(String, u32, Digest)]) -> String {
    let mut lines: Vec<String> =
        units.iter().map(|(arm, world, digest)| format!("{arm} {world:010} {}", digest.to_hex())).collect();
    lines.sort();
    sha256(&lines.join("\n"))
}

/// The hash over visits and orders of one arm, without its name.
#[must_use]
pub fn orders_hash(units: &[(u32, Digest)]) -> String {
    let mut lines: Vec<String> =
        units.iter().map(|(world, digest)| format!("{world:010} {}", digest.to_hex())).collect();
    lines.sort();
    sha256(&lines.join("\n"))
}

/// SHA-256 of a text, in hexadecimal digits.
#[must_use]
pub fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
