//! Two arms on one time line: entries that happened in both stand on one row, the others on the side of their arm.

use counterfoil_core::number::{Grain, NOTHING, Purse, Unit, counted, fixed};

use crate::dto::{
    Candidate, EntryKind, PageCandidate, PageDecision, PageEntry, PageLane, PageRow, ReplayArm,
    ReplayDecision, ReplayEntry, ShopperPage, ShopperReplay,
};

/// Which entries a list shows.
type Wanted = fn(&ReplayEntry) -> bool;

/// The page of a replay of two arms.
pub(super) fn page(replay: ShopperReplay, purse: &Purse) -> ShopperPage {
    let rows = |wanted: Wanted| rows(&replay, wanted, purse);
    ShopperPage {
        title: format!("#{}", replay.shopper),
        differences: rows(|entry| entry.differs),
        key: rows(|entry| entry.differs || !matches!(entry.kind, EntryKind::Page | EntryKind::Decision)),
        all: rows(|_| true),
        arms: replay.arms.iter().map(|arm| lane(arm, purse)).collect(),
        traits: replay.traits,
        from_ms: replay.from_ms,
        to_ms: replay.to_ms,
        divergence: replay.divergence,
        note: replay.note,
    }
}

fn lane(arm: &ReplayArm, purse: &Purse) -> PageLane {
    let decision = |one: &ReplayDecision| PageDecision {
        clock: one.clock.clone(),
        winner: one.winner.clone(),
        sentence: one.sentence.clone(),
        facts: facts(one),
        losers: one.losers.clone(),
        candidates: one
            .candidates
            .iter()
            .map(|candidate| candidate_of(candidate, one.winner.as_deref(), purse))
            .collect(),
    };
    PageLane {
        arm: arm.arm.clone(),
        display: arm.display.clone(),
        index: arm.index,
        summary: format!("{}, {}", counted(u64::from(arm.orders), "order"), purse.exact(arm.contribution)),
        decisions: arm.decisions.iter().map(decision).collect(),
    }
}

fn candidate_of(one: &Candidate, winner: Option<&str>, purse: &Purse) -> PageCandidate {
    let money = |value: Option<f64>| value.map_or_else(|| NOTHING.to_owned(), |value| purse.exact(value));
    PageCandidate {
        treatment: one.treatment.clone(),
        value: money(one.value),
        cost: money(one.cost),
        outcome: one.outcome.clone(),
        won: winner == Some(one.treatment.as_str()),
    }
}

fn facts(decision: &ReplayDecision) -> String {
    let mut parts = vec![
        format!("reached {}", decision.stage),
        format!("answered in {} ms", fixed(decision.latency_ms, 0)),
    ];
    if let Some(chance) = decision.propensity {
        parts.push(format!("shown with probability {}", Unit::Share.level(chance, Grain(1))));
    }
    if let Some(hours) = decision.information_age_hours {
        parts.push(format!("information {} h old", fixed(hours, 1)));
    }
    parts.join(" · ")
}

fn entry(one: &ReplayEntry, purse: &Purse) -> PageEntry {
    PageEntry {
        kind: one.kind,
        text: one.text.clone(),
        money: one.money.map(|money| purse.exact(money)),
        differs: one.differs,
        decision: one.decision,
    }
}

/// Rows of both arms in the order of time.
fn rows(replay: &ShopperReplay, wanted: Wanted, purse: &Purse) -> Vec<PageRow> {
    let [first, second] = replay.arms.as_slice() else { return Vec::new() };
    let mut first = first.entries.iter().filter(|entry| wanted(entry)).peekable();
    let mut second = second.entries.iter().filter(|entry| wanted(entry)).peekable();
    let mut rows = Vec::new();
    loop {
        let (here, there) = (first.peek().map(|one| one.time_ms), second.peek().map(|one| one.time_ms));
        let Some(now) = here.into_iter().chain(there).min() else { break };
        let (here, there) =
            (first.next_if(|one| one.time_ms == now), second.next_if(|one| one.time_ms == now));
        let same = here.zip(there).is_some_and(|(a, b)| (a.kind, &a.text) == (b.kind, &b.text));
        let clock = here.or(there).map_or_else(String::new, |one| one.clock.clone());
        rows.push(PageRow {
            time_ms: now,
            clock,
            first: here.map(|one| entry(one, purse)),
            second: there.map(|one| entry(one, purse)),
            same,
            divergence: false,
        });
    }
    let from = replay.divergence.as_ref().map(|divergence| divergence.time_ms);
    let parting = from.and_then(|from| rows.iter_mut().find(|row| row.time_ms >= from && !row.same));
    if let Some(row) = parting {
        row.divergence = true;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::Divergence;

    fn told(time_ms: i64, text: &str, differs: bool) -> ReplayEntry {
        let kind = if text == "a page" { EntryKind::Page } else { EntryKind::Visit };
        ReplayEntry {
            time_ms,
            day: 1,
            clock: format!("at {time_ms}"),
            kind,
            text: text.to_owned(),
            money: None,
            decision: None,
            differs,
        }
    }

    fn replay() -> ShopperReplay {
        let arm = |name: &str, entries: Vec<ReplayEntry>| ReplayArm {
            arm: name.to_owned(),
            display: name.to_owned(),
            index: 0,
            orders: 1,
            contribution: 12.405,
            entries,
            decisions: Vec::new(),
        };
        let first = vec![told(1, "comes", false), told(2, "a page", false), told(5, "goes", true)];
        let second = vec![
            told(1, "comes", false),
            told(2, "a page", false),
            told(4, "buys", true),
            told(5, "stays", true),
        ];
        let divergence = Divergence { time_ms: 3, clock: String::new(), text: String::new() };
        ShopperReplay {
            shopper: 7,
            world: 0,
            currency: "EUR".to_owned(),
            traits: Vec::new(),
            from_ms: 0,
            to_ms: 10,
            arms: vec![arm("a", first), arm("b", second)],
            divergence: Some(divergence),
            note: None,
        }
    }

    /// Goal: what happened in both stands once, everything in the order of time, and the parting is marked once per list.
    #[test]
    fn both_arms_stand_on_one_time_line() {
        let page = page(replay(), &Purse::new("EUR", 2));
        let said = |rows: &[PageRow]| -> Vec<String> {
            let side =
                |one: &Option<PageEntry>| one.as_ref().map_or("-", |entry| entry.text.as_str()).to_owned();
            rows.iter()
                .map(|row| {
                    format!(
                        "{}|{}|{}{}",
                        row.time_ms,
                        side(&row.first),
                        side(&row.second),
                        if row.divergence { "!" } else { "" }
                    )
                })
                .collect()
        };
        assert_eq!(said(&page.all), ["1|comes|comes", "2|a page|a page", "4|-|buys!", "5|goes|stays"]);
        assert_eq!(said(&page.key), ["1|comes|comes", "4|-|buys!", "5|goes|stays"]);
        assert_eq!(said(&page.differences), ["4|-|buys!", "5|goes|stays"]);
        assert!(page.all[0].same && !page.all[3].same, "the same moment is not the same event");
        assert_eq!((page.title.as_str(), page.arms[0].summary.as_str()), ("#7", "1 order, €12.41"));
    }
}
