//! The accepted decisions of a scenario as a text file, and what changed against them.
//!
//! # Promises
//! - One decision per line in the order of the text, so that a diff of the file is a review.
//! - Two lists are matched by place (arm, shopper, minute, decision point, and which of several there), so one decision
//!   that came or went does not shift the others.

use std::collections::BTreeMap;

/// Version of the file's form.
pub(super) const FORMAT: u32 = 1;

/// Columns of a line.
pub(super) const COLUMNS: &str = "arm shopper day time point shown winner stage reason propensity";

/// Words that form the place of a decision: arm, shopper, day, time, point.
const PLACE_WORDS: usize = 5;

/// What stands above the decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// Digest of the resolved scenario as it is run by default.
    pub scenario_hash: String,
    /// Version of the program that wrote it.
    pub engine: String,
    /// The fixed small run in words.
    pub run: String,
}

/// A file of accepted decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Baseline {
    pub header: Header,
    /// Sorted lines.
    pub decisions: Vec<String>,
}

impl Baseline {
    /// The text of the file.
    pub fn text(&self, name: &str) -> String {
        let Header { scenario_hash, engine, run } = &self.header;
        let mut text = format!(
            "# Accepted decisions of {name}. `counterfoil check` compares, `counterfoil accept` writes this file anew.\n\
             # format {FORMAT}\n# scenario-hash {scenario_hash}\n# engine {engine}\n# run {run}\n# columns {COLUMNS}\n"
        );
        for line in &self.decisions {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// Line, what was found and what is allowed.
    pub fn read(text: &str) -> Result<Self, (usize, String)> {
        let (mut header, mut decisions, mut format) = (Header::default(), Vec::new(), None);
        for (number, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line)) {
            let Some(comment) = line.strip_prefix("# ") else {
                if line.split(' ').count() != COLUMNS.split(' ').count() {
                    return Err((number, format!("`{line}` is not a decision; its columns are {COLUMNS}")));
                }
                decisions.push(line.to_owned());
                continue;
            };
            let (key, value) = comment.split_once(' ').unwrap_or((comment, ""));
            match key {
                "format" if value == FORMAT.to_string() => format = Some(()),
                "format" => {
                    return Err((number, format!("format is {value}, but this version reads {FORMAT}")));
                }
                "scenario-hash" => value.clone_into(&mut header.scenario_hash),
                "engine" => value.clone_into(&mut header.engine),
                "run" => value.clone_into(&mut header.run),
                _ => {}
            }
        }
        format.ok_or((1, format!("the line `# format {FORMAT}` is missing")))?;
        Ok(Self { header, decisions })
    }
}

/// One difference between two lists of decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Arm.
    pub arm: String,
    /// Shopper's number.
    pub shopper: u32,
    /// Day of the horizon, from 1.
    pub day: u32,
    /// Time of day: `14:02`.
    pub time: String,
    /// Decision point: `checkout`.
    pub point: String,
    /// What was decided before; `None`: nothing was shown or refused here.
    pub before: Option<Answer>,
    /// What is decided now; `None` likewise.
    pub after: Option<Answer>,
}

/// What a decision was, in the words of traces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Treatment shown; `None`: none.
    pub shown: Option<String>,
    /// Treatment that would have won if nothing had refused it.
    pub winner: Option<String>,
    /// Stage that settled it.
    pub stage: String,
    /// Its reason.
    pub reason: String,
    /// Probability of the action, between 0 and 1.
    pub propensity: String,
}

type Place<'a> = (Vec<&'a str>, usize);

/// Lines by place; several at one place are told apart by their order.
fn by_place(lines: &[String]) -> BTreeMap<Place<'_>, Vec<&str>> {
    let mut map = BTreeMap::new();
    let mut last: (Vec<&str>, usize) = (Vec::new(), 0);
    for line in lines {
        let words: Vec<&str> = line.split(' ').collect();
        let (place, answer) = words.split_at(PLACE_WORDS.min(words.len()));
        last = if last.0 == place { (last.0, last.1 + 1) } else { (place.to_vec(), 0) };
        map.insert(last.clone(), answer.to_vec());
    }
    map
}

/// Differences in the order of places, and how many decisions are the same.
pub(super) fn compare(before: &[String], after: &[String]) -> (Vec<Change>, usize) {
    let (before, after) = (by_place(before), by_place(after));
    let mut changes = Vec::new();
    let mut same = 0;
    for (place, old) in &before {
        match after.get(place) {
            Some(new) if new == old => same += 1,
            new => changes.push((place, change(place, Some(old), new))),
        }
    }
    let fresh = after.iter().filter(|(place, _)| !before.contains_key(*place));
    changes.extend(fresh.map(|(place, new)| (place, change(place, None, Some(new)))));
    changes.sort_by_key(|(place, _)| *place);
    (changes.into_iter().map(|(_, change)| change).collect(), same)
}

fn change(place: &Place<'_>, before: Option<&Vec<&str>>, after: Option<&Vec<&str>>) -> Change {
    let word = |at: usize| place.0.get(at).copied().unwrap_or_default();
    Change {
        arm: word(0).to_owned(),
        shopper: word(1).parse().unwrap_or_default(),
        day: word(2).parse().unwrap_or_default(),
        time: word(3).to_owned(),
        point: word(4).to_owned(),
        before: before.map(|words| answer(words)),
        after: after.map(|words| answer(words)),
    }
}

fn answer(words: &[&str]) -> Answer {
    let word = |at: usize| words.get(at).copied().unwrap_or_default().to_owned();
    let treatment = |at: usize| Some(word(at)).filter(|word| word != "-");
    Answer { shown: treatment(0), winner: treatment(1), stage: word(2), reason: word(3), propensity: word(4) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn lines(text: &[&str]) -> Vec<String> {
        text.iter().map(|&line| line.to_owned()).collect()
    }

    const A: &str = "realtime 00042 003 14:02 checkout reassurance reassurance arbitrate won 0.920000";
    const B: &str = "realtime 00042 003 14:02 checkout - free-shipping guardrails frequency-cap 1.000000";
    const C: &str = "realtime 00043 001 09:00 stall - discount-10 ledger budget 1.000000";

    #[test]
    fn a_file_reads_back_to_itself() {
        let header = Header { scenario_hash: "ab".into(), engine: "0.1.0".into(), run: "1 world".into() };
        let baseline = Baseline { header, decisions: lines(&[A, C]) };
        assert_eq!(Baseline::read(&baseline.text("shop")).unwrap(), baseline);
    }

    #[test]
    fn a_file_that_is_newer_or_cut_is_refused_with_its_line() {
        assert_eq!(Baseline::read("# format 2\n").unwrap_err().0, 1);
        assert_eq!(Baseline::read("").unwrap_err().0, 1);
        assert_eq!(Baseline::read("# format 1\nrealtime 00042 003\n").unwrap_err().0, 2);
    }

    /// Goal: what changed is told with stage and reason before and after; what came or went shifts nothing.
    #[test]
    fn changes_are_matched_by_place() {
        let (changes, same) = compare(&lines(&[A, A, C]), &lines(&[A, B, C]));
        assert_eq!((changes.len(), same), (1, 2));
        assert_eq!(changes[0].before.as_ref().unwrap().shown.as_deref(), Some("reassurance"));
        let after = changes[0].after.as_ref().unwrap();
        assert_eq!((after.shown.as_deref(), after.stage.as_str()), (None, "guardrails"));
        let (changes, same) = compare(&lines(&[A, C]), &lines(&[C]));
        assert_eq!((changes.len(), same, changes[0].after.is_none()), (1, 1, true));
        let (changes, _) = compare(&lines(&[C]), &lines(&[B, C]));
        assert_eq!((changes[0].shopper, changes[0].day, changes[0].before.is_none()), (42, 3, true));
    }
}
