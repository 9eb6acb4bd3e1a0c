//! Tries and failures by kind, and the table at the end.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What is counted of one kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Count {
    pub tries: u64,
    pub failures: u64,
    pub seconds: f64,
    /// Reasons why something was not tried, with their number.
    pub skipped: BTreeMap<String, u64>,
}

/// All kinds, in the order of the list.
#[derive(Debug)]
pub(crate) struct Tally {
    rows: Vec<(&'static str, &'static str, Count)>,
}

impl Tally {
    /// Nothing yet of these kinds: name and sentence.
    pub(crate) fn of(kinds: impl Iterator<Item = (&'static str, &'static str)>) -> Self {
        Self { rows: kinds.map(|(name, what)| (name, what, Count::default())).collect() }
    }

    /// The counts of one kind.
    pub(crate) fn count(&mut self, kind: &str) -> &mut Count {
        let row = self.rows.iter_mut().find(|(name, ..)| *name == kind).expect("every kind has its row");
        &mut row.2
    }

    /// All failures.
    pub(crate) fn failures(&self) -> u64 {
        self.rows.iter().map(|(.., count)| count.failures).sum()
    }

    /// The table as Markdown, which reads well in a terminal too.
    pub(crate) fn table(&self) -> String {
        let mut text =
            String::from("| kind | what | tries | failures | minutes |\n|---|---|---:|---:|---:|\n");
        for (name, what, count) in &self.rows {
            let minutes = count.seconds / 60.0;
            let (tries, failures) = (grouped(count.tries), grouped(count.failures));
            let _ = writeln!(text, "| {name} | {what} | {tries} | {failures} | {minutes:.1} |");
        }
        let (tries, failures) =
            self.rows.iter().fold((0, 0), |(t, f), (.., count)| (t + count.tries, f + count.failures));
        let _ = writeln!(text, "| all | | {} | {} | |", grouped(tries), grouped(failures));
        for (name, _, count) in &self.rows {
            for (reason, times) in &count.skipped {
                let _ = writeln!(text, "\nSKIPPED {times} times, {name}: {reason}");
            }
        }
        text
    }
}

/// Digits in threes.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn the_table_adds_up() {
        let mut tally = Tally::of([("kill", "a"), ("bits", "b")].into_iter());
        tally.count("kill").tries = 1_200;
        tally.count("bits").failures = 2;
        assert_eq!(tally.failures(), 2);
        assert!(tally.table().contains("| kill | a | 1,200 | 0 | 0.0 |"), "{}", tally.table());
        assert!(tally.table().contains("| all | | 1,200 | 2 | |"), "{}", tally.table());
    }
}
