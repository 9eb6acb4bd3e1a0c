//! Stage 7, guardrails: what is forbidden although it may be worth while. The rules and the books behind them are the
//! till's, the same for every policy; stage 9, ledger, is [`Guard::issue`].

use super::candidates::{Objections, Rules};
use counterfoil_core::treatment::TREATMENTS_MAX;
use counterfoil_till::{Guard, Moment};

/// What the guardrails say of every treatment without an objection so far, and whether the shopper is held out.
#[must_use]
pub fn guarded(guard: &Guard, rules: &Rules, objections: &Objections, moment: &Moment) -> (Objections, bool) {
    let mut guarded = [None; TREATMENTS_MAX];
    // Where nothing is eligible, nothing has to be looked up.
    if rules.treatments().all(|id| objections[id.index()].is_some()) {
        return (guarded, false);
    }
    let standing = guard.standing(moment);
    for id in rules.treatments().filter(|id| objections[id.index()].is_none()) {
        guarded[id.index()] = guard.refusal(id, moment, &standing);
    }
    (guarded, standing.held_out)
}
