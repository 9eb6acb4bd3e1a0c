//! Stage 8, arbitrate: pick one treatment or none.
//!
//! # Thompson sampling, with exact propensities
//! Each treatment's value is known on [`STRATA`] equally probable strata of its effect. A draw is one stratum per treatment;
//! the largest drawn value above zero wins. The draw is made once per profile and outcome window and kept, so that a long
//! visit is not a row of lottery tickets: within the window an answer changes only because the evidence about the shopper does.
//! The propensity of an action is its winning probability over all draws, computed exactly from the strata.
//!
//! Offers share one draw, because nearly all that is unknown about them is one coefficient, the price response: separate
//! draws would ask the same doubt once for every depth and show a discount too often. Other treatments draw for themselves.
//!
//! # Exploration traffic
//! Only decisions that open a row of the learner explore, since only they teach. In a keyed share of them every allowed action,
//! showing nothing included, has at least the floor's probability; the rest is Thompson sampling.

use super::value::{STRATA, Worth};
use counterfoil_core::luck::PolicyLuck;
use counterfoil_core::treatment::{TREATMENTS_MAX, TreatmentId};
use counterfoil_scenario::policy::RealtimeSpec;

/// Lane of the policy's luck that says whether a decision is exploration traffic.
const LANE_TRAFFIC: u8 = 250;
/// Lane that picks an action in exploration traffic.
const LANE_FLOOR: u8 = 251;

/// Values by treatment; only eligible ones are looked at.
pub type Worths = [Worth; TREATMENTS_MAX];

/// One stratum per treatment.
pub type Draw = [u8; TREATMENTS_MAX];

/// Whose stratum each treatment uses: its own, or that of the first offer of the policy.
pub type Leads = [u8; TREATMENTS_MAX];

/// A set of treatments, one bit each by [`TreatmentId`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Set(u16);

impl Set {
    /// Adds a treatment.
    pub fn insert(&mut self, id: TreatmentId) {
        self.0 |= 1 << id.0;
    }
    /// Whether it is in.
    #[must_use]
    pub fn contains(self, id: TreatmentId) -> bool {
        self.0 & (1 << id.0) != 0
    }
    /// How many are in.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }
    /// Whether none is in.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// Members in the order of their ids.
    pub fn iter(self) -> impl Iterator<Item = TreatmentId> {
        (0..TREATMENTS_MAX as u8).map(TreatmentId).filter(move |&id| self.contains(id))
    }
}

/// What was picked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// What to show, if anything.
    pub treatment: Option<TreatmentId>,
    /// What would have won if no guardrail or holdout had refused it.
    pub winner: Option<TreatmentId>,
    /// Probability of this action. In exploration traffic: given that it is exploration traffic.
    pub propensity: f64,
    /// Whether the decision is exploration traffic.
    pub traffic: bool,
    /// Whether the floor, not the value, picked the action.
    pub explored: bool,
}

/// What there is to pick from.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Values.
    pub worths: &'a Worths,
    /// The draw that holds for this profile.
    pub draw: &'a Draw,
    /// Whose draw each treatment uses.
    pub leads: &'a Leads,
    /// Treatments whose rule holds.
    pub eligible: Set,
    /// Those of them that no guardrail refuses.
    pub allowed: Set,
    /// Whether this shopper is held out.
    pub held_out: bool,
    /// Whether this decision opens a row of the learner.
    pub opens_row: bool,
}

/// Picks an action.
#[must_use]
pub fn arbitrate(field: Field, spec: &RealtimeSpec, luck: &PolicyLuck) -> Choice {
    let top = best(field, field.eligible);
    if field.held_out {
        return Choice { treatment: None, winner: top, propensity: 1.0, traffic: false, explored: false };
    }
    let thompson = best(field, field.allowed);
    let traffic = field.opens_row
        && !field.allowed.is_empty()
        && luck.quantile(LANE_TRAFFIC) < spec.exploration.fraction();
    let (treatment, explored, propensity) = if traffic {
        let actions = field.allowed.len() + 1;
        let floor = spec.exploration_floor.fraction().min(1.0 / actions as f64);
        let place = (luck.quantile(LANE_FLOOR) / floor.max(f64::MIN_POSITIVE)) as usize;
        let forced = place < actions;
        // Place 0 is "nothing", the others are the allowed treatments in order.
        let picked = if forced {
            place.checked_sub(1).and_then(|nth| field.allowed.iter().nth(nth))
        } else {
            thompson
        };
        let free = 1.0 - floor * actions as f64;
        (picked, forced && picked != thompson, floor + free * probability(field, picked))
    } else {
        (thompson, false, probability(field, thompson))
    };
    let refused = top.filter(|&id| !field.allowed.contains(id));
    Choice { treatment, winner: refused.or(treatment), propensity, traffic, explored }
}

/// Value of a treatment in the draw that holds.
#[must_use]
pub fn drawn(field: Field, id: TreatmentId) -> f64 {
    let lead = usize::from(field.leads[id.index()]);
    field.worths[id.index()].strata[usize::from(field.draw[lead])]
}

/// The treatment with the largest drawn value above zero; ties go to the smaller id.
fn best(field: Field, among: Set) -> Option<TreatmentId> {
    let mut best: Option<(f64, TreatmentId)> = None;
    for id in among.iter() {
        let value = drawn(field, id);
        if value > 0.0 && best.is_none_or(|(most, _)| value > most) {
            best = Some((value, id));
        }
    }
    best.map(|(_, id)| id)
}

/// The best of those treatments that share a draw, stratum by stratum: value and whose it is.
type Group = [(f64, TreatmentId); STRATA];

fn group(field: Field, lead: u8) -> Option<Group> {
    let mut members = field.allowed.iter().filter(|id| field.leads[id.index()] == lead);
    let first = members.next()?;
    let mut best: Group = field.worths[first.index()].strata.map(|value| (value, first));
    for id in members {
        for (best, &value) in best.iter_mut().zip(&field.worths[id.index()].strata) {
            if value > best.0 {
                *best = (value, id);
            }
        }
    }
    Some(best)
}

/// Probability over all draws that Thompson sampling picks `action` from the allowed treatments.
fn probability(field: Field, action: Option<TreatmentId>) -> f64 {
    let leads = || (0..TREATMENTS_MAX as u8).filter(|&lead| field.leads[usize::from(lead)] == lead);
    let share = |count: usize| count as f64 / STRATA as f64;
    let Some(id) = action else {
        let losing = |group: Group| share(group.iter().filter(|(value, _)| *value <= 0.0).count());
        return leads().filter_map(|lead| group(field, lead)).map(losing).product();
    };
    let own = field.leads[id.index()];
    let mut wins = match group(field, own) {
        Some(best) => {
            best.map(|(value, best)| if best == id && value > 0.0 { (value, 1.0) } else { (value, 0.0) })
        }
        None => return 0.0,
    };
    for rivals in leads().filter(|&lead| lead != own).filter_map(|lead| group(field, lead)) {
        for (value, win) in wins.iter_mut().filter(|(_, win)| *win > 0.0) {
            let beaten = |(theirs, other): &&(f64, TreatmentId)| {
                *theirs < *value || (*theirs == *value && id < *other)
            };
            *win *= share(rivals.iter().filter(beaten).count());
        }
    }
    wins.iter().map(|(_, win)| win).sum::<f64>() / STRATA as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil_core::money::Share;
    use counterfoil_core::{Luck, PolicyLuck, ShopperId, VisitKey};
    use counterfoil_scenario::policy::ModelSpec;

    fn spec(exploration: u32, floor: u32) -> RealtimeSpec {
        RealtimeSpec {
            treatments: Vec::new(),
            deadline_ms: 100,
            exploration: Share::from_millionths(exploration).unwrap_or_default(),
            exploration_floor: Share::from_millionths(floor).unwrap_or_default(),
            model: ModelSpec {
                soft_sd: 0.05,
                price_response_mean: -2.0,
                price_response_sd: 1.0,
                cell_sd: 0.05,
                base_rate: 0.05,
                window_days: 14,
                drift_half_life_days: 90.0,
            },
            session_half_life_seconds: 600.0,
            profile_half_life_days: 30.0,
        }
    }

    /// Values that run from `low` to `high` over the strata.
    fn ramp(low: f64, high: f64) -> Worth {
        let step = (high - low) / (STRATA - 1) as f64;
        Worth { strata: std::array::from_fn(|i| low + step * i as f64), ..Worth::default() }
    }

    fn set(ids: &[u8]) -> Set {
        let mut set = Set::default();
        ids.iter().for_each(|&id| set.insert(TreatmentId(id)));
        set
    }

    /// The logged propensity is how often the action is really picked, in ordinary and in exploration traffic.
    #[test]
    fn propensities_are_frequencies() {
        let mut worths = Worths::default();
        worths[0] = ramp(-3.0, 2.0);
        worths[1] = ramp(-1.0, 1.5);
        worths[2] = ramp(-5.0, -1.0);
        worths[3] = ramp(-8.0, 4.0);
        for exploration in [0, 1_000_000] {
            let spec = spec(exploration, 50_000);
            let mut counts = [0_u32; 5];
            let mut logged = [0.0; 5];
            let rounds = 40_000;
            for page in 0..rounds {
                let luck = PolicyLuck::new(Luck::new(1, 0), ShopperId::new(7), VisitKey(3), page);
                let draw: Draw =
                    std::array::from_fn(|id| super::super::value::stratum(luck.quantile(id as u8)));
                let all = set(&[0, 1, 2, 3]);
                let field = Field {
                    worths: &worths,
                    draw: &draw,
                    leads: &LEADS,
                    eligible: all,
                    allowed: all,
                    held_out: false,
                    opens_row: true,
                };
                let choice = arbitrate(field, &spec, &luck);
                let place = choice.treatment.map_or(4, TreatmentId::index);
                counts[place] += 1;
                logged[place] = choice.propensity;
            }
            for place in 0..5 {
                let frequency = f64::from(counts[place]) / f64::from(rounds);
                assert!(
                    (frequency - logged[place]).abs() < 0.01,
                    "{place}: {frequency} against {}",
                    logged[place]
                );
                assert!(exploration == 0 || logged[place] >= 0.05);
            }
        }
    }

    /// Each for itself, but 3 uses the draw of 0.
    const LEADS: Leads = [0, 1, 2, 0, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    #[test]
    fn a_refused_winner_is_named_and_the_next_one_shown() {
        let mut worths = Worths::default();
        worths[0] = ramp(5.0, 6.0);
        worths[1] = ramp(1.0, 2.0);
        let field = Field {
            worths: &worths,
            draw: &[0; TREATMENTS_MAX],
            leads: &LEADS,
            eligible: set(&[0, 1]),
            allowed: set(&[1]),
            held_out: false,
            opens_row: true,
        };
        let luck = PolicyLuck::new(Luck::new(1, 0), ShopperId::new(0), VisitKey(0), 0);
        let choice = arbitrate(field, &spec(0, 0), &luck);
        assert_eq!((choice.treatment, choice.winner), (Some(TreatmentId(1)), Some(TreatmentId(0))));
        let held = arbitrate(Field { held_out: true, ..field }, &spec(0, 0), &luck);
        assert_eq!((held.treatment, held.winner), (None, Some(TreatmentId(0))));
    }
}
