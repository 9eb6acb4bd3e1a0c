//! The claim: what one arm earns more or less than another, with its range in money and without more certainty than there is.

use counterfoil_core::number::{Purse, count, significant};
use counterfoil_stats::{Interval, Verdict};

use crate::error::{Answered, ResultsError};
use crate::facts::Facts;
use crate::metrics::{CONTRIBUTION, shown_metrics};
use crate::words::spoken;

/// Days of the year that a horizon is scaled to.
const YEAR_DAYS: f64 = 365.0;

/// The claim of the comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    /// "If this scenario is right, realtime earns €1.20 to €2.48 more per shopper than batch."
    pub text: String,
    /// What may be said.
    pub verdict: Verdict,
    /// Three ranges: per shopper, per 1,000 shoppers, per year for the whole shop.
    pub ranges: Vec<MoneyRange>,
}

/// A difference in money, per something.
#[derive(Clone, Debug, PartialEq)]
pub struct MoneyRange {
    /// `shopper`, `1000` or `year`.
    pub per: &'static str,
    /// The sentence for this unit.
    pub text: String,
    /// Difference, major units.
    pub interval: Option<Interval>,
}

/// What is claimed about two arms.
struct Claim<'a> {
    arm: String,
    reference: String,
    purse: &'a Purse,
    verdict: Verdict,
    matters_percent: f64,
}

/// One way to count the same difference.
struct Basis {
    per: &'static str,
    words: &'static str,
    /// What the amount is meant for, said at the end.
    context: String,
    factor: f64,
}

impl Facts {
    /// The sentence about `arm` against `reference`, and the same per 1,000 shoppers and per year.
    pub(crate) fn sentence(&self, arm: &str, reference: &str) -> Answered<Sentence> {
        if arm == reference {
            return Ok(only_one(arm));
        }
        let shown = shown_metrics().into_iter().find(|shown| shown.name == CONTRIBUTION);
        let shown = shown.ok_or_else(|| ResultsError::Defect("the headline metric is gone".to_owned()))?;
        let pair = self.pair(&shown, self.place(arm)?, self.place(reference)?)?;
        let purse = self.purse();
        let claim = Claim {
            arm: spoken(arm),
            reference: spoken(reference),
            purse: &purse,
            verdict: pair.verdict,
            matters_percent: self.scenario.matters.fraction() * 100.0,
        };
        let ranges =
            self.bases().iter().map(|basis| range(&claim, basis, pair.difference)).collect::<Vec<_>>();
        let text = ranges.first().map(|range| range.text.clone()).unwrap_or_default();
        Ok(Sentence { text, verdict: pair.verdict, ranges })
    }

    fn bases(&self) -> [Basis; 3] {
        let run = &self.run;
        let shop = count(u64::from(run.shoppers));
        let year = YEAR_DAYS / f64::from(run.days.max(1)) * f64::from(run.shoppers);
        [
            Basis { per: "shopper", words: "per shopper", context: String::new(), factor: 1.0 },
            Basis { per: "1000", words: "per 1,000 shoppers", context: String::new(), factor: 1_000.0 },
            Basis {
                per: "year",
                words: "a year",
                context: format!(" (a shop of {shop} shoppers at the pace of these {} days)", run.days),
                factor: year,
            },
        ]
    }
}

fn only_one(arm: &str) -> Sentence {
    let text = format!("Only one arm was run ({}), so there is nothing to compare it with.", spoken(arm));
    Sentence { text, verdict: Verdict::NotEnoughWorlds, ranges: Vec::new() }
}

fn range(claim: &Claim<'_>, basis: &Basis, difference: Option<Interval>) -> MoneyRange {
    let scaled = difference.map(|found| Interval {
        mean: found.mean * basis.factor,
        bounds: found.bounds.map(|bounds| counterfoil_stats::Bounds {
            low: bounds.low * basis.factor,
            high: bounds.high * basis.factor,
        }),
        worlds: found.worlds,
    });
    let mut text = claim.text(basis.words, scaled.as_ref());
    if !basis.context.is_empty() && text.ends_with('.') {
        text.insert_str(text.len() - 1, &basis.context);
    }
    MoneyRange { per: basis.per, text, interval: scaled }
}

impl Claim<'_> {
    fn text(&self, per: &str, difference: Option<&Interval>) -> String {
        let (arm, reference) = (&self.arm, &self.reference);
        let Some(difference) = difference else {
            return "No world is stored yet, so nothing can be said.".to_owned();
        };
        let Some(bounds) = difference.bounds else {
            let amount = self.more_or_less(difference.mean, None);
            return format!(
                "In the one world simulated, {arm} earns {amount} {per} than {reference}; one world cannot say how \
                 sure that is, so run at least two."
            );
        };
        let (low, high) = (bounds.low, bounds.high);
        let range = Some((low, high));
        match self.verdict {
            Verdict::Higher => {
                format!(
                    "If this scenario is right, {arm} earns {} more {per} than {reference}.",
                    self.span(low, high, range)
                )
            }
            Verdict::Lower => {
                format!(
                    "If this scenario is right, {arm} earns {} less {per} than {reference}.",
                    self.span(-high, -low, range)
                )
            }
            Verdict::NoDifferenceThatMatters if low == 0.0 && high == 0.0 => {
                format!("If this scenario is right, {arm} earns exactly as much {per} as {reference}.")
            }
            Verdict::NoDifferenceThatMatters => format!(
                "If this scenario is right, {arm} and {reference} earn the same {per} for all that matters: between {} \
                 and {}, within the {} % that this scenario calls too small to act on.",
                self.more_or_less(low, range),
                self.more_or_less(high, range),
                significant(self.matters_percent, 2)
            ),
            Verdict::NoClearDifference | Verdict::NotEnoughWorlds => format!(
                "No clear difference: if this scenario is right, {arm} earns between {} and {} {per} than {reference}.",
                self.more_or_less(low, range),
                self.more_or_less(high, range)
            ),
        }
    }

    /// `€1.20 to €2.48`, or one amount where both round to the same.
    fn span(&self, low: f64, high: f64, bounds: Option<(f64, f64)>) -> String {
        let grain = self.purse.grain(low, bounds);
        let (low, high) = (self.purse.amount(low, grain), self.purse.amount(high, grain));
        if low == high { low } else { format!("{low} to {high}") }
    }

    /// `€0.30 less`, `€0.12 more`.
    fn more_or_less(&self, value: f64, bounds: Option<(f64, f64)>) -> String {
        let amount = self.purse.amount(value.abs(), self.purse.grain(value, bounds));
        format!("{amount} {}", if value < 0.0 { "less" } else { "more" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil_stats::{Bounds, verdict};

    fn said(low: f64, high: f64, matters: f64) -> String {
        let purse = Purse::new("EUR", 2);
        let difference =
            Interval { mean: f64::midpoint(low, high), bounds: Some(Bounds { low, high }), worlds: 8 };
        let claim = Claim {
            arm: "realtime".to_owned(),
            reference: "batch".to_owned(),
            purse: &purse,
            verdict: verdict(&difference, matters),
            matters_percent: 1.0,
        };
        claim.text("per shopper", Some(&difference))
    }

    /// Goal: the sentence claims a direction only where the whole interval has it, and never a lone number.
    #[test]
    fn the_sentence_says_what_the_interval_says() {
        assert_eq!(
            said(1.2011, 2.4799, 0.1),
            "If this scenario is right, realtime earns €1.20 to €2.48 more per shopper than batch."
        );
        assert_eq!(
            said(-2.4799, -1.2011, 0.1),
            "If this scenario is right, realtime earns €1.20 to €2.48 less per shopper than batch."
        );
        assert_eq!(
            said(-0.3, 0.12, 0.01),
            "No clear difference: if this scenario is right, realtime earns between €0.30 less and €0.12 more per \
             shopper than batch."
        );
        assert!(
            said(-0.003, 0.004, 0.1).contains("for all that matters: between €0.0030 less and €0.0040 more")
        );
        assert!(said(0.0, 0.0, 0.0).contains("exactly as much per shopper as batch"));
    }
}
