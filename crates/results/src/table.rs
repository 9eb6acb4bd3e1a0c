//! All differences as one table of text.

use std::fmt::Write as _;

use counterfoil_stats::Interval;

use crate::error::Answered;
use crate::facts::Facts;
use crate::metrics::shown_metrics;
use crate::pairs::Difference;

impl Facts {
    /// All differences as CSV, one row per pair and metric, unrounded.
    ///
    /// # Errors
    /// Where the stored numbers cannot be compared.
    pub fn differences_csv(&self) -> Answered<String> {
        let units: Vec<(&str, &str)> = shown_metrics().iter().map(|shown| (shown.name, shown.unit)).collect();
        let mut csv = "arm,versus,metric,unit,low,mean,high,relative low,relative mean,relative high,worlds,\
                       variance ratio,verdict\n"
            .to_owned();
        for pair in self.pairs()? {
            let unit = units.iter().find(|(name, _)| *name == pair.metric).map_or("", |(_, unit)| *unit);
            let unit = if unit == "money" { self.run.currency.as_str() } else { unit };
            row(&mut csv, &pair, unit);
        }
        Ok(csv)
    }
}

fn row(csv: &mut String, pair: &Difference, unit: &str) {
    let shown = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let three = |found: Option<Interval>| {
        let low = shown(found.and_then(|found| found.low()));
        let high = shown(found.and_then(|found| found.high()));
        format!("{low},{},{high}", shown(found.map(|found| found.mean)))
    };
    let _ = writeln!(
        csv,
        "{},{},{},{unit},{},{},{},{},{}",
        quoted(&pair.arm),
        quoted(&pair.versus),
        pair.metric,
        three(pair.difference),
        three(pair.relative),
        pair.difference.map_or(0, |found| found.worlds),
        shown(pair.variance_ratio),
        pair.verdict.label()
    );
}

/// Quoted where RFC 4180 asks for it.
#[must_use]
pub fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
