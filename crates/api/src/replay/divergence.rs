//! Where the arms part: entries without an equal in another arm, and the first of them.

use std::collections::BTreeSet;

use crate::dto::{Divergence, EntryKind, ReplayArm, ReplayEntry, ShopperReplay};

/// How long after the first difference another arm's own story still belongs to it: one visit.
const SAME_VISIT_MS: i64 = 30 * 60_000;

/// Marks what differs and names the first difference.
pub(super) fn compared(mut replay: ShopperReplay) -> ShopperReplay {
    let keys: Vec<BTreeSet<Key>> =
        replay.arms.iter().map(|arm| arm.entries.iter().map(key).collect()).collect();
    for (place, arm) in replay.arms.iter_mut().enumerate() {
        for entry in &mut arm.entries {
            let own = key(entry);
            let missing = keys.iter().enumerate().any(|(other, keys)| other != place && !keys.contains(&own));
            // A decision that showed nothing changed nothing.
            entry.differs = missing && entry.kind != EntryKind::Decision;
        }
    }
    replay.divergence = first(&replay.arms);
    replay
}

type Key = (i64, u8, String);

fn key(entry: &ReplayEntry) -> Key {
    (entry.time_ms, entry.kind as u8, entry.text.clone())
}

fn first(arms: &[ReplayArm]) -> Option<Divergence> {
    let differing = |arm: &'_ ReplayArm| arm.entries.iter().find(|entry| entry.differs).cloned();
    let earliest = arms.iter().filter_map(differing).min_by_key(|entry| entry.time_ms)?;
    let told: Vec<String> = arms
        .iter()
        .map(|arm| {
            let found = differing(arm).filter(|entry| entry.time_ms - earliest.time_ms < SAME_VISIT_MS);
            let text = found.map_or("nothing of the kind".to_owned(), |entry| entry.text);
            format!("{}: {text}", arm.display)
        })
        .collect();
    Some(Divergence { time_ms: earliest.time_ms, clock: earliest.clock, text: told.join("; ") })
}
