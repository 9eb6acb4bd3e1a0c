//! One decision with its winner, a reason for every loser, and what each candidate was held to be worth.

use counterfoil_core::policy::{Ask, CandidateTrace, Decision, Reason, Stage};
use counterfoil_core::time::HOUR_MS;
use counterfoil_core::treatment::TreatmentId;

use super::ShopWords;
use super::words::reason;
use crate::dto::{Candidate, Loser, ReplayDecision};

/// Whether anybody decided: where the policy names no treatment at all there is nothing to explain.
pub(crate) fn says_something(decision: &Decision) -> bool {
    decision.treatment.is_some() || decision.reasons.iter().any(|reason| *reason != Reason::NotInPolicy)
}

pub(crate) fn decision_of(
    shop_words: &ShopWords,
    ask: &Ask,
    decision: &Decision,
    delay_ms: i64,
    in_time: bool,
) -> ReplayDecision {
    let shown = decision.treatment.filter(|_| in_time);
    ReplayDecision {
        time_ms: shop_words.since_start(ask.at),
        clock: shop_words.clock(ask.at),
        stage: last_stage(shop_words, decision, in_time).name().to_owned(),
        winner: shown.map(|id| shop_words.treatment(id)),
        sentence: sentence(shop_words, decision, in_time),
        losers: losers(shop_words, decision, shown),
        candidates: candidates(shop_words, decision, shown),
        propensity: (decision.propensity < 1.0).then(|| f64::from(decision.propensity)),
        latency_ms: delay_ms as f64,
        information_age_hours: (ask.consent && decision.information_age_ms >= 0)
            .then(|| decision.information_age_ms as f64 / HOUR_MS as f64),
    }
}

/// Treatments of this shop with what became of them.
fn outcomes<'a>(
    shop_words: &'a ShopWords,
    decision: &'a Decision,
) -> impl Iterator<Item = (TreatmentId, Reason)> + use<'a> {
    let count = shop_words.shop.treatments.len();
    decision.reasons.iter().take(count).enumerate().map(|(id, reason)| (TreatmentId(id as u8), *reason))
}

fn last_stage(shop_words: &ShopWords, decision: &Decision, in_time: bool) -> Stage {
    if decision.treatment.is_some() || !in_time {
        return Stage::Deliver;
    }
    outcomes(shop_words, decision).map(|(_, reason)| reason.stage()).max().unwrap_or_default()
}

/// What the policy said, else what its reasons say.
fn sentence(shop_words: &ShopWords, decision: &Decision, in_time: bool) -> String {
    if !in_time && decision.treatment.is_some() {
        return "the answer came after the deadline, so the page stayed as it was".to_owned();
    }
    if let Some(trace) = decision.trace.as_ref().filter(|trace| !trace.sentence.is_empty()) {
        return trace.sentence.clone();
    }
    if let Some(id) = decision.treatment {
        let why = decision.reasons.get(id.index()).map_or("it was drawn", |found| reason(*found));
        return format!("{} is shown: {why}", shop_words.treatment(id));
    }
    let furthest = outcomes(shop_words, decision).max_by_key(|(_, reason)| reason.stage());
    match furthest {
        Some((id, found)) if found != Reason::NotInPolicy => {
            format!("{}: {}", shop_words.treatment(id), reason(found))
        }
        _ => "the policy has nothing for this moment".to_owned(),
    }
}

fn losers(shop_words: &ShopWords, decision: &Decision, shown: Option<TreatmentId>) -> Vec<Loser> {
    let lost = |(id, found): &(TreatmentId, Reason)| Some(*id) != shown && *found != Reason::NotInPolicy;
    let traced = |id: TreatmentId| trace_of(decision, id).map(|trace| trace.note.clone());
    outcomes(shop_words, decision)
        .filter(lost)
        .map(|(id, found)| Loser {
            treatment: shop_words.treatment(id),
            stage: found.stage().name().to_owned(),
            reason: traced(id).filter(|note| !note.is_empty()).unwrap_or_else(|| reason(found).to_owned()),
        })
        .collect()
}

fn trace_of(decision: &Decision, id: TreatmentId) -> Option<&CandidateTrace> {
    decision.trace.as_ref()?.candidates.iter().find(|candidate| candidate.treatment == id)
}

/// Those that the policy uses, the most valuable first, those without a value last.
fn candidates(shop_words: &ShopWords, decision: &Decision, shown: Option<TreatmentId>) -> Vec<Candidate> {
    let Some(trace) = &decision.trace else { return Vec::new() };
    let mut known: Vec<&CandidateTrace> =
        trace.candidates.iter().filter(|candidate| candidate.reason != Reason::NotInPolicy).collect();
    let worth = |candidate: &CandidateTrace| candidate.value_minor.unwrap_or(f64::NEG_INFINITY);
    known.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    known
        .into_iter()
        .map(|candidate| Candidate {
            treatment: shop_words.treatment(candidate.treatment),
            value: candidate.value_minor.map(|value| value / shop_words.minor),
            cost: candidate.value_minor.map(|_| shop_words.major(candidate.cost)),
            outcome: if Some(candidate.treatment) == shown {
                "shown".to_owned()
            } else {
                reason(candidate.reason).to_owned()
            },
        })
        .collect()
}
