//! The comparison as a page shows it: every figure is finished text with the name of what it is.
//!
//! # Promises
//! - A page computes nothing: which arm leads, what a difference means the other way round, which colour it wears and how a
//!   number is written are decided here.
//! - Numbers reach the page for geometry alone: which of the eight arm styles to wear.

use counterfoil_core::number::{count, counted};
use counterfoil_stats::Verdict;
use serde::Serialize;

use crate::arms::{CONTROL, display_of};
use crate::cell::Cell;
use crate::error::Answered;
use crate::facts::Facts;
use crate::metrics::{CONTRIBUTION, GROUPS, Shown, shown_metrics};
use crate::request::{ComparisonRequest, Guess};
use crate::truth::NeedCounts;

/// Everything that *Compare* shows beside its figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ComparisonPage {
    /// Id of the run.
    pub run: String,
    /// The question of the scenario; empty where there is none.
    pub question: String,
    /// Arm of the claim.
    pub arm: String,
    /// Reference arm of the claim.
    pub reference: String,
    /// The claim.
    pub claim: PageClaim,
    /// What came of the guess; `null` while none is stored.
    pub guess: Option<PageGuess>,
    /// Arms in order, `control` first.
    pub arms: Vec<PageArm>,
    /// Metrics by group, headline first.
    pub groups: Vec<PageGroup>,
    /// What became of needs, per arm.
    pub needs: Vec<PageNeeds>,
    /// Payback against today, a sentence per arm; empty without one.
    pub payback: Vec<PageNote>,
    /// What is missing after promotions stop, a sentence per arm.
    pub dependency: Vec<PageNote>,
    /// How many shoppers the pairing saved, in one sentence; `null` where it cannot be told.
    pub pairing: Option<String>,
}

/// What colour a statement wears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Tone {
    /// Clear, and on the good side.
    Good,
    /// Clear, and on the bad side.
    Bad,
    /// Neither clear nor on a side.
    Plain,
}

/// The claim with its range in money.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PageClaim {
    /// What may be said: `higher`.
    pub verdict: String,
    /// Its colour.
    pub tone: Tone,
    /// The sentence in each unit of money, the first one first to be shown.
    pub ranges: Vec<PageRange>,
    /// What the range stands on.
    pub basis: String,
}

/// The claim per something.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PageRange {
    /// `shopper`, `1000` or `year`.
    pub id: String,
    /// Words of the choice: `per year`.
    pub label: String,
    /// The sentence.
    pub text: String,
}

/// What came of a guess.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PageGuess {
    /// Whether the arm has the highest mean.
    pub right: bool,
    /// The same in words.
    pub text: String,
}

/// One arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PageArm {
    /// Name: `realtime`.
    pub name: String,
    /// Words on screen.
    pub display: String,
    /// Policy.
    pub policy: String,
    /// Arm style, as in a figure's legend.
    pub index: usize,
    /// A remark that belongs to the arm: "control is a withdrawal"; `null` where there is none.
    pub note: Option<String>,
    /// Whether a bridge leads to it.
    pub bridge: bool,
}

/// A sentence about an arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PageNote {
    /// Arm.
    pub arm: String,
    /// The sentence.
    pub text: String,
}

/// Metrics of one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PageGroup {
    /// `headline`, `dashboard`, `promotion`, `habit` or `engine`.
    pub id: String,
    /// Words on screen.
    pub title: String,
    /// Whether it is shown before somebody asks for all.
    pub first: bool,
    /// Its metrics.
    pub rows: Vec<PageMetric>,
}

/// One metric: levels, and the difference of the two arms of the claim.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PageMetric {
    /// `contribution_per_shopper`.
    pub id: String,
    /// Words on screen.
    pub label: String,
    /// The word behind its numbers; empty where they need none.
    pub unit: String,
    /// One sentence.
    pub definition: String,
    /// Whether a real store could see it.
    pub observable: bool,
    /// Level per arm, in the order of the arms.
    pub levels: Vec<String>,
    /// Arm minus reference; `null` where it is not defined.
    pub difference: Option<PageDifference>,
}

/// A difference with what may be said of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PageDifference {
    /// `+€1.84`.
    pub value: String,
    /// `+€1.20 to +€2.48`, or `no range`.
    pub range: String,
    /// What may be said.
    pub verdict: String,
    /// Colour where the metric has a good side and the difference is clear.
    pub tone: Tone,
}

/// What became of the needs of one arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PageNeeds {
    /// Arm.
    pub arm: String,
    /// Classes, those that promotions changed first.
    pub classes: Vec<PageClass>,
}

/// One class of needs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PageClass {
    /// `incremental`.
    pub id: String,
    /// Words on screen.
    pub label: String,
    /// What it means.
    pub meaning: String,
    /// How many, all worlds.
    pub count: String,
}

impl Facts {
    /// The page.
    ///
    /// # Errors
    /// [`crate::ResultsError::NoSuchArm`] for an arm that does not exist.
    pub fn page(&self, request: &ComparisonRequest) -> Answered<ComparisonPage> {
        let (arm, reference) = self.spoken_pair(request.arm.as_deref(), request.reference.as_deref())?;
        let note = |arm: String, text: String| PageNote { arm, text };
        Ok(ComparisonPage {
            run: self.run.id.clone(),
            question: self.question.clone(),
            claim: self.page_claim(&arm, &reference)?,
            guess: self.guess.as_ref().map(|guess| self.page_guess(guess)).transpose()?,
            arms: self.page_arms(),
            groups: self.page_groups(&arm, &reference)?,
            needs: self.truth()?.into_iter().map(|truth| needs(truth.arm, &truth.needs)).collect(),
            payback: self.paybacks()?.into_iter().map(|one| note(one.arm, one.text)).collect(),
            dependency: self.dependencies()?.into_iter().map(|one| note(one.arm, one.text)).collect(),
            pairing: self.pairing(&arm, &reference)?,
            arm,
            reference,
        })
    }

    fn page_claim(&self, arm: &str, reference: &str) -> Answered<PageClaim> {
        let sentence = self.sentence(arm, reference)?;
        let label = |per: &str| match per {
            "shopper" => "per shopper",
            "1000" => "per 1,000 shoppers",
            _ => "per year",
        };
        let mut ranges: Vec<PageRange> = sentence
            .ranges
            .into_iter()
            .map(|range| PageRange {
                id: range.per.to_owned(),
                label: label(range.per).to_owned(),
                text: range.text,
            })
            .collect();
        if ranges.is_empty() {
            ranges.push(PageRange {
                id: "shopper".to_owned(),
                label: label("shopper").to_owned(),
                text: sentence.text,
            });
        }
        Ok(PageClaim {
            verdict: sentence.verdict.label().to_owned(),
            tone: tone(1, sentence.verdict),
            ranges,
            basis: format!(
                "95 % range over {} of {} shoppers. It holds simulation noise only, not doubt about the scenario.",
                counted(self.worlds.len() as u64, "world"),
                count(u64::from(self.run.shoppers))
            ),
        })
    }

    /// The arm with the highest mean contribution; of equals the first.
    fn leader(&self) -> Answered<Option<&str>> {
        let shown = shown_metrics().into_iter().find(|shown| shown.name == CONTRIBUTION);
        let mut best: Option<(&str, f64)> = None;
        for (place, arm) in self.arms().into_iter().enumerate() {
            let level = shown.map(|shown| self.level(&shown, place)).transpose()?.flatten();
            if let Some(level) = level.filter(|level| best.is_none_or(|(_, most)| level.mean > most)) {
                best = Some((arm, level.mean));
            }
        }
        Ok(best.map(|(arm, _)| arm))
    }

    fn page_guess(&self, guess: &Guess) -> Answered<PageGuess> {
        let leader = self.leader()?.unwrap_or(CONTROL);
        let right = guess.arm == leader;
        let outcome =
            if right { "It did".to_owned() } else { format!("{} has the highest mean", display_of(leader)) };
        Ok(PageGuess {
            right,
            text: format!(
                "You expected {} to earn most ({} of 5 sure). {outcome} in this run.",
                display_of(&guess.arm),
                guess.sure
            ),
        })
    }

    fn page_arms(&self) -> Vec<PageArm> {
        let styles = self.styles();
        let arm = |(row, style): (&crate::facts::RunArm, &counterfoil_chart::ArmStyle)| PageArm {
            name: row.name.clone(),
            display: display_of(&row.name).to_owned(),
            policy: row.policy.clone(),
            index: style.index,
            note: self.note(&row.name),
            bridge: row.name != CONTROL,
        };
        self.run.arms.iter().zip(&styles).map(arm).collect()
    }

    fn page_groups(&self, arm: &str, reference: &str) -> Answered<Vec<PageGroup>> {
        let metrics = shown_metrics();
        let mut groups = Vec::new();
        for (id, title) in GROUPS {
            let mut rows = Vec::new();
            for shown in metrics.iter().filter(|shown| shown.group == id) {
                rows.push(self.page_metric(shown, arm, reference)?);
            }
            let first = ["headline", "dashboard"].contains(&id);
            groups.push(PageGroup { id: id.to_owned(), title: title.to_owned(), first, rows });
        }
        Ok(groups)
    }

    fn page_metric(&self, shown: &Shown, arm: &str, reference: &str) -> Answered<PageMetric> {
        let unit = shown.number(&self.purse());
        let mut levels = Vec::new();
        for place in 0..self.arms().len() {
            levels.push(Cell::level(&unit, self.level(shown, place)?.as_ref()).value);
        }
        let pair = (arm != reference)
            .then(|| self.pair(shown, self.place(arm)?, self.place(reference)?))
            .transpose()?;
        let difference = pair.and_then(|pair| {
            let found = pair.difference?;
            let Cell { value, range } = Cell::difference(&unit, Some(&found));
            Some(PageDifference {
                value,
                range: if range.is_empty() { "no range".to_owned() } else { range },
                verdict: pair.verdict.label().to_owned(),
                tone: tone(shown.direction, pair.verdict),
            })
        });
        Ok(PageMetric {
            id: shown.name.to_owned(),
            label: shown.label(),
            unit: shown.word().to_owned(),
            definition: shown.definition.to_owned(),
            observable: shown.observable,
            levels,
            difference,
        })
    }
}

/// Colour only where the metric has a good side and the difference is clear.
fn tone(direction: i8, verdict: Verdict) -> Tone {
    match (direction, verdict) {
        (1, Verdict::Higher) | (-1, Verdict::Lower) => Tone::Good,
        (1, Verdict::Lower) | (-1, Verdict::Higher) => Tone::Bad,
        _ => Tone::Plain,
    }
}

fn needs(arm: String, needs: &NeedCounts) -> PageNeeds {
    let class = |(id, label, meaning, found): (&str, &str, &str, u64)| PageClass {
        id: id.to_owned(),
        label: label.to_owned(),
        meaning: meaning.to_owned(),
        count: count(found),
    };
    let classes = [
        ("incremental", "Won", "Bought here only", needs.incremental),
        ("lost", "Lost", "Bought with no promotions only", needs.lost),
        ("pulled_forward", "Came earlier", "Met here from stock bought earlier", needs.pulled_forward),
        ("subsidised", "Subsidised", "Bought in both, with a reward here", needs.subsidised),
        ("unchanged", "Unchanged", "Bought in both, without a reward", needs.unchanged),
        ("none", "Not bought", "Bought in neither", needs.none),
    ];
    PageNeeds { arm, classes: classes.into_iter().map(class).collect() }
}
