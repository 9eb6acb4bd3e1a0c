//! What a policy decided in the fixed small run: every answer with every reason, every message, every posted sale.
//!
//! # Promises
//! - Every decision of every shopper is counted and digested under its arm, day, point and reason, quiet ones too.
//! - The first shoppers in the order of their keys are kept line by line. The key depends on the shopper's number alone,
//!   so the same shoppers are looked at in every arm and whatever anybody decides.
//! - Digests cover the reason of every treatment, not only what was shown.

use std::collections::BTreeMap;

use counterfoil_core::digest::Digest;
use counterfoil_core::event::EventKind;
use counterfoil_core::facts::DecisionFact;
use counterfoil_core::ids::ShopperId;
use counterfoil_core::policy::Reason;
use counterfoil_core::time::{Day, HOUR_MS, Time};
use counterfoil_core::treatment::{TreatmentId, TreatmentSpec};
use counterfoil_run::fork::{Fork, arm_at_fork, fork};
use counterfoil_run::parallel::{Hand, each};
use counterfoil_run::plan::CONTROL;
use counterfoil_run::record::{Answered as Answer, Note};
use counterfoil_run::storefront::fact_of;
use counterfoil_run::{Arm, Plan};
use counterfoil_scenario::policy::PolicyKind;

use crate::api::threads;
use crate::dto::ApiError;
use crate::error::Answered;

/// Most shoppers whose decisions are kept line by line.
pub(super) const SAMPLE_MAX: u32 = 200;

/// Arm, day of the horizon from 1, decision point (or `message`, `sale`), reason (or treatment).
pub(super) type Place = (String, u32, String, String);

/// How many decisions there were at a place, and what they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub count: usize,
    pub digest: Digest,
}

/// Everything that was decided.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    pub counts: BTreeMap<Place, Count>,
    /// Lines of the sample with the rank of their shopper in the order of keys.
    pub lines: Vec<(u32, String)>,
}

/// Runs the plan's first world to the end of the horizon and writes down what every arm decided.
pub(super) fn record(plan: &Plan) -> Answered<Record> {
    let cancelled = |_| ApiError::defect("a run that nobody can cancel was cancelled");
    let fork = fork(plan, 0, None, &mut |_| true).map_err(cancelled)?;
    let ranks = ranks(plan.scenario.shoppers.count);
    let mut record = Record::default();
    let work = |arm: &Arm, hand: &Hand<'_, Record>| hand.over(Recorder::new(plan, arm, &ranks).run(&fork));
    each(&plan.arms, threads() as usize, &work, |one: Record| -> Answered<()> {
        record.counts.extend(one.counts);
        record.lines.extend(one.lines);
        Ok(())
    })?;
    record.lines.sort();
    Ok(record)
}

/// Rank of each sampled shopper in the order of keys.
fn ranks(shoppers: u32) -> BTreeMap<u32, u32> {
    let key = |shopper: u32| {
        let mut digest = Digest::default();
        for word in [0x5A4D_504C, u64::from(shopper), 0] {
            digest.fold(word);
        }
        digest.to_hex()
    };
    let mut keyed: Vec<(String, u32)> = (0..shoppers).map(|shopper| (key(shopper), shopper)).collect();
    keyed.sort();
    keyed.iter().take(SAMPLE_MAX as usize).zip(0..).map(|((_, shopper), rank)| (*shopper, rank)).collect()
}

/// Writes down one arm.
struct Recorder<'a> {
    plan: &'a Plan,
    arm: &'a Arm,
    ranks: &'a BTreeMap<u32, u32>,
    from: Day,
    counts: BTreeMap<(u32, &'a str, &'a str), Count>,
    lines: Vec<(u32, String)>,
}

impl<'a> Recorder<'a> {
    fn new(plan: &'a Plan, arm: &'a Arm, ranks: &'a BTreeMap<u32, u32>) -> Self {
        let phases = plan.scenario.phases;
        let from = Day(phases.warmup_days + phases.history_days);
        Self { plan, arm, ranks, from, counts: BTreeMap::new(), lines: Vec::new() }
    }

    /// Lives through the horizon. A policy without promotions decides nothing and needs none of it.
    fn run(mut self, fork: &Fork) -> Record {
        let kind = &self.arm.policy.kind;
        if self.arm.own.is_none() && *kind == PolicyKind::None {
            return Record::default();
        }
        let arm = self.plan.arm_named(&self.arm.name).unwrap_or(CONTROL);
        let mut run = arm_at_fork(self.plan, fork, arm, None);
        run.shop.notes.feed(false);
        for day in 0..self.plan.scenario.phases.horizon_days {
            let day = Day(self.from.0 + day);
            run.day();
            if let Some(sale) = run.shop.policy_mut().sale(day) {
                self.sale(day, sale);
            }
            for (shopper, note) in run.shop.notes.take_feed() {
                self.note(shopper, &note);
            }
        }
        let arm = &self.arm.name;
        let row = |((day, point, reason), count): ((u32, &str, &str), Count)| {
            ((arm.clone(), day, point.to_owned(), reason.to_owned()), count)
        };
        Record { counts: self.counts.into_iter().map(row).collect(), lines: self.lines }
    }

    fn note(&mut self, shopper: ShopperId, note: &Note) {
        match note {
            Note::Event(event) => {
                if let EventKind::MessageSent { campaign, treatment } = event.kind {
                    self.message(shopper.number(), event.at, campaign, treatment);
                }
            }
            Note::Decision(answered) => {
                if !matches!(self.arm.policy.kind, PolicyKind::CalendarSale) || self.arm.own.is_some() {
                    self.decision(shopper, answered);
                }
            }
        }
    }

    fn sale(&mut self, day: Day, sale: TreatmentId) {
        let name = self.name(Some(sale));
        self.add(day, "sale", name, &[u64::from(sale.0)]);
    }

    fn message(&mut self, shopper: u32, at: Time, campaign: u32, treatment: Option<TreatmentId>) {
        let name = self.name(treatment);
        let reason = if treatment.is_some() { name } else { "announcement" };
        let code = treatment.map_or(255, |id| u64::from(id.0));
        self.add(at.day(), "message", reason, &[u64::from(shopper), at.0 as u64, u64::from(campaign), code]);
        let words = format!("message {name} {name} message sent 1.000000 -");
        self.line(shopper, at, &words);
    }

    fn decision(&mut self, shopper: ShopperId, answered: &Answer) {
        let (fact, shopper) = (fact_of(answered, shopper), shopper.number());
        let code = |id: Option<TreatmentId>| id.map_or(255, |id| u64::from(id.0));
        let (shown, winner) = (code(fact.shown), code(fact.winner));
        let mut words =
            vec![u64::from(shopper), fact.at.0 as u64, shown << 8 | winner, u64::from(fact.propensity_ppm)];
        let reasons = &answered.decision.reasons[..self.plan.scenario.treatments.len()];
        words.extend(reasons.iter().map(|reason| *reason as u64));
        self.add(fact.at.day(), fact.point.name(), fact.reason.name(), &words);
        if self.ranks.contains_key(&shopper) {
            let words = self.words(&fact, reasons);
            self.line(shopper, fact.at, &words);
        }
    }

    fn words(&self, fact: &DecisionFact, reasons: &[Reason]) -> String {
        let letters: String = reasons.iter().map(|reason| letter(*reason)).collect();
        format!(
            "{} {} {} {} {} {}.{:06} {letters}",
            fact.point.name(),
            self.name(fact.shown),
            self.name(fact.winner),
            fact.reason.stage().name(),
            fact.reason.name(),
            fact.propensity_ppm / 1_000_000,
            fact.propensity_ppm % 1_000_000,
        )
    }

    /// One decision per line; numbers have leading zeros so that the order of lines is the order of time.
    fn line(&mut self, shopper: u32, at: Time, words: &str) {
        let Some(&rank) = self.ranks.get(&shopper) else { return };
        let minutes = at.of_day_ms() / (HOUR_MS / 60);
        let (arm, day) = (&self.arm.name, self.day(at.day()));
        let (hour, minute) = (minutes / 60, minutes % 60);
        self.lines.push((rank, format!("{arm} {shopper:05} {day:03} {hour:02}:{minute:02} {words}")));
    }

    fn day(&self, day: Day) -> u32 {
        day.0 - self.from.0 + 1
    }

    fn name(&self, id: Option<TreatmentId>) -> &'a str {
        let treatments: &'a [TreatmentSpec] = &self.plan.scenario.treatments;
        id.map_or("-", |id| treatments[id.index()].name.as_str())
    }

    fn add(&mut self, day: Day, point: &'a str, reason: &'a str, words: &[u64]) {
        let count = self.counts.entry((self.day(day), point, reason)).or_default();
        count.count += 1;
        words.iter().for_each(|word| count.digest.fold(*word));
    }
}

/// One letter per reason, for the reasons of all treatments in a row.
fn letter(reason: Reason) -> char {
    char::from(b'a' + reason as u8)
}

/// The reason behind a letter.
pub(super) fn reason_of(letter: char) -> Option<Reason> {
    Reason::ALL.get((letter as usize).checked_sub('a' as usize)?).copied()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn letters_and_reasons_are_the_same_in_both_directions() {
        for reason in Reason::ALL {
            assert_eq!(reason_of(letter(reason)).unwrap(), reason);
        }
        assert!(reason_of('-').is_none() && reason_of('z').is_none());
    }

    /// Goal: a smaller shop looks at the same shoppers first, and the sample is not the first numbers.
    #[test]
    fn the_sample_is_keyed_by_the_shoppers_number() {
        let (few, many) = (ranks(50), ranks(4_000));
        assert_eq!((few.len(), many.len()), (50, SAMPLE_MAX as usize));
        assert!(many.keys().any(|shopper| *shopper > 3_000));
        let order = |ranks: &BTreeMap<u32, u32>| {
            let mut order: Vec<u32> = ranks.keys().copied().filter(|shopper| *shopper < 50).collect();
            order.sort_by_key(|shopper| ranks[shopper]);
            order
        };
        let (few, many) = (order(&few), order(&many));
        let shared: Vec<u32> = few.into_iter().filter(|shopper| many.contains(shopper)).collect();
        assert_eq!(shared, many);
    }
}
