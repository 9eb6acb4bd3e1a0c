//! Arms as people read them.

/// Arm without promotions; every run has it, first.
pub const CONTROL: &str = "control";
/// Arm that goes on as before; second where the scenario has an incumbent.
pub const STATUS_QUO: &str = "status-quo";

/// The two arms that are compared before somebody chooses others; the same where there is only one.
#[must_use]
pub fn default_pair(arms: &[&str]) -> (String, String) {
    pair_of(arms, None, None)
}

/// The arm that is spoken of and the one it is compared with, as far as they are left open.
pub(crate) fn pair_of(arms: &[&str], arm: Option<&str>, reference: Option<&str>) -> (String, String) {
    let last = arms.last().copied().unwrap_or(CONTROL);
    let free = |one: &&str| Some(*one) != reference;
    let realtime = arms.iter().copied().find(|one| *one == "realtime").filter(free);
    let arm = arm.or(realtime).or_else(|| arms.iter().rev().copied().find(free)).unwrap_or(last);
    let candidates = ["batch", STATUS_QUO, CONTROL];
    let fallback = || candidates.into_iter().find(|one| *one != arm && arms.contains(one));
    let reference = reference.or_else(fallback).unwrap_or(arm);
    (arm.to_owned(), reference.to_owned())
}

/// An arm's words on screen.
#[must_use]
pub fn display_of(arm: &str) -> &str {
    match arm {
        CONTROL => "No promotions",
        STATUS_QUO => "Today",
        other => other,
    }
}
