//! The accepted decisions of a scenario as a text file, and what changed against them.
//!
//! # Promises
//! - One decision of the sample per line in the order of the text, so that a diff of the file is a review; below them
//!   counts and digests of all decisions.
//! - The file stays below [`BYTES_MAX`]: the sample is as large as there is room for beside the counts.
//! - Two lists are matched by place (arm, shopper, minute, decision point, and which of several there), so one decision
//!   that came or went does not shift the others.

use std::collections::{BTreeMap, BTreeSet};

use super::record::{Count, Place, Record, SAMPLE_MAX};
use counterfoil_chart::visible;
use counterfoil_core::digest::Digest;

/// Version of the file's form.
pub(crate) const FORMAT: u32 = 2;

/// Most bytes of an accepted file.
pub(super) const BYTES_MAX: usize = 1_000_000;

/// Most bytes of the lines of the sample: enough for a review.
const SAMPLE_BYTES_MAX: usize = 400_000;

/// Columns of a line of the sample.
pub(super) const COLUMNS: &str = "arm shopper day time point shown winner stage reason propensity reasons";

/// Columns of a line of counts.
pub(super) const COUNTS: &str = "arm day point reason count digest";

/// Digits of a digest in the file.
const DIGITS: usize = 8;

/// Words that form the place of a decision: arm, shopper, day, time, point.
const PLACE_WORDS: usize = 5;

/// The policy of an arm as it was resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resolved {
    pub arm: String,
    pub policy: String,
    pub hash: String,
}

/// What stands above the decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// Digest of the resolved scenario as it is run by default.
    pub scenario_hash: String,
    /// The policy of each arm.
    pub policies: Vec<Resolved>,
    /// Version of the program that wrote it.
    pub engine: String,
    /// The fixed small run in words.
    pub run: String,
    /// Shoppers whose decisions stand line by line: the first so many in the order of their keys.
    pub sample: u32,
}

/// A file of accepted decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Baseline {
    pub header: Header,
    /// Sorted lines of the sample.
    pub decisions: Vec<String>,
    /// Count and digest of all decisions at each place.
    pub counts: BTreeMap<Place, (usize, String)>,
}

/// Why a file cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It was written by another version: what was found.
    Format(String),
    /// A line, from 1, and what is wrong with it.
    Line(usize, String),
}

impl Baseline {
    /// What to accept: the sample is as large as there is room for.
    pub fn of(mut header: Header, record: &Record) -> Self {
        let counts = counts_of(record);
        let taken: usize = counts.iter().map(|(place, count)| count_line(place, count).len()).sum();
        let room = SAMPLE_BYTES_MAX.min(BYTES_MAX.saturating_sub(taken + 8_192));
        let mut bytes = vec![0_usize; SAMPLE_MAX as usize];
        for (rank, line) in &record.lines {
            bytes[*rank as usize] += line.len() + 1;
        }
        let mut used = 0;
        header.sample = bytes
            .iter()
            .take_while(|bytes| {
                used += **bytes;
                used <= room
            })
            .count() as u32;
        let decisions = sampled(record, header.sample);
        Self { header, decisions, counts }
    }

    /// What there is now, with the sample of an accepted file.
    pub fn like(mut header: Header, record: &Record, sample: u32) -> Self {
        header.sample = sample;
        Self { header, decisions: sampled(record, sample), counts: counts_of(record) }
    }

    /// Number of all decisions.
    pub fn total(&self) -> usize {
        self.counts.values().map(|(count, _)| count).sum()
    }

    /// The text of the file.
    pub fn text(&self, name: &str) -> String {
        let Header { scenario_hash, policies, engine, run, sample } = &self.header;
        let name = visible(name);
        let mut text = format!(
            "# Accepted decisions of {name}. `counterfoil check` compares, `counterfoil accept` writes this file anew.\n\
             # format {FORMAT}\n# scenario-hash {scenario_hash}\n"
        );
        for Resolved { arm, policy, hash } in policies {
            text.push_str(&format!("# policy {arm} {} {hash}\n", visible(policy)));
        }
        text.push_str(&format!("# engine {engine}\n# run {run}\n# sample {sample}\n# columns {COLUMNS}\n"));
        for line in &self.decisions {
            text.push_str(line);
            text.push('\n');
        }
        text.push_str(&format!("# counts {COUNTS}\n"));
        for (place, count) in &self.counts {
            text.push_str(&count_line(place, count));
        }
        text
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let (mut baseline, mut format) = (Self::default(), None);
        for (number, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line)) {
            match line.strip_prefix("# ") {
                Some(comment) => baseline.header_line(comment, &mut format)?,
                None => baseline.line(line).map_err(|found| Unreadable::Line(number, found))?,
            }
        }
        format.ok_or_else(|| Unreadable::Line(1, format!("the line `# format {FORMAT}` is missing")))?;
        Ok(baseline)
    }

    fn header_line(&mut self, comment: &str, format: &mut Option<()>) -> Result<(), Unreadable> {
        let (key, value) = comment.split_once(' ').unwrap_or((comment, ""));
        let header = &mut self.header;
        match key {
            "format" if value == FORMAT.to_string() => *format = Some(()),
            "format" => return Err(Unreadable::Format(value.to_owned())),
            "scenario-hash" => value.clone_into(&mut header.scenario_hash),
            "policy" => {
                if let [arm, policy, hash] = *value.split(' ').collect::<Vec<_>>() {
                    let [arm, policy, hash] = [arm, policy, hash].map(str::to_owned);
                    header.policies.push(Resolved { arm, policy, hash });
                }
            }
            "engine" => value.clone_into(&mut header.engine),
            "run" => value.clone_into(&mut header.run),
            "sample" => header.sample = value.parse().unwrap_or_default(),
            _ => {}
        }
        Ok(())
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        let words: Vec<&str> = line.split(' ').collect();
        if let [arm, day, point, reason, count, digest] = words[..] {
            let numbers = day.parse().ok().zip(count.parse().ok());
            let (day, count) =
                numbers.ok_or_else(|| format!("`{line}` is no count; its columns are {COUNTS}"))?;
            let place = (arm.to_owned(), day, point.to_owned(), reason.to_owned());
            self.counts.insert(place, (count, digest.to_owned()));
            return Ok(());
        }
        if words.len() != COLUMNS.split(' ').count() {
            return Err(format!("`{line}` is not a decision; its columns are {COLUMNS}"));
        }
        self.decisions.push(line.to_owned());
        Ok(())
    }
}

fn sampled(record: &Record, sample: u32) -> Vec<String> {
    let within = record.lines.iter().filter(|(rank, _)| *rank < sample);
    let mut lines: Vec<String> = within.map(|(_, line)| line.clone()).collect();
    lines.sort();
    lines
}

fn counts_of(record: &Record) -> BTreeMap<Place, (usize, String)> {
    let short = |digest: &Digest| digest.to_hex()[..DIGITS].to_owned();
    let row = |(place, Count { count, digest }): (&Place, &Count)| (place.clone(), (*count, short(digest)));
    record.counts.iter().map(row).collect()
}

fn count_line((arm, day, point, reason): &Place, (count, digest): &(usize, String)) -> String {
    format!("{arm} {day:03} {point} {reason} {count} {digest}\n")
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
    /// Decision point: `checkout`, or `message`.
    pub point: String,
    /// What was decided before; `None`: nothing was asked or sent here.
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
    /// One letter per treatment of the scenario: its reason. `-` for messages.
    pub reasons: String,
}

/// A place at which other decisions were made than accepted, among all shoppers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountChange {
    /// Arm.
    pub arm: String,
    /// Day of the horizon, from 1.
    pub day: u32,
    /// Decision point, or `message`, or `sale`.
    pub point: String,
    /// Reason that settled the decisions; for messages and sales the treatment.
    pub reason: String,
    /// Decisions then.
    pub before: usize,
    /// Decisions now; where it is the same number, they are other ones.
    pub after: usize,
}

type At<'a> = (Vec<&'a str>, usize);

/// The words of a line that say where it stands.
fn place_of(line: &str) -> &str {
    line.match_indices(' ').nth(PLACE_WORDS - 1).map_or(line, |(end, _)| &line[..end])
}

/// Places of lines that stand in one of two sorted lists alone.
fn places_that_differ<'a>(before: &'a [String], after: &'a [String]) -> BTreeSet<&'a str> {
    let (mut old, mut new) = (before.iter().peekable(), after.iter().peekable());
    let mut places = BTreeSet::new();
    loop {
        let next = match (old.peek(), new.peek()) {
            (Some(a), Some(b)) if a == b => {
                old.next();
                new.next();
                continue;
            }
            (Some(a), Some(b)) if a < b => old.next(),
            (Some(_), None) => old.next(),
            _ => new.next(),
        };
        let Some(line) = next else { return places };
        places.insert(place_of(line));
    }
}

/// Lines at these places; several at one place are told apart by their order.
fn by_place<'a>(lines: &'a [String], places: &BTreeSet<&str>) -> BTreeMap<At<'a>, Vec<&'a str>> {
    let mut map = BTreeMap::new();
    let mut last: (Vec<&str>, usize) = (Vec::new(), 0);
    for line in lines.iter().filter(|line| places.contains(place_of(line))) {
        let words: Vec<&str> = line.split(' ').collect();
        let (place, answer) = words.split_at(PLACE_WORDS.min(words.len()));
        last = if last.0 == place { (last.0, last.1 + 1) } else { (place.to_vec(), 0) };
        map.insert(last.clone(), answer.to_vec());
    }
    map
}

/// Differences of two sorted lists in the order of places.
pub(super) fn compare(before: &[String], after: &[String]) -> Vec<Change> {
    let places = places_that_differ(before, after);
    let (before, after) = (by_place(before, &places), by_place(after, &places));
    let mut changes = Vec::new();
    for (place, old) in &before {
        match after.get(place) {
            Some(new) if new == old => {}
            new => changes.push((place, change(place, Some(old), new))),
        }
    }
    let fresh = after.iter().filter(|(place, _)| !before.contains_key(*place));
    changes.extend(fresh.map(|(place, new)| (place, change(place, None, Some(new)))));
    changes.sort_by_key(|(place, _)| *place);
    changes.into_iter().map(|(_, change)| change).collect()
}

/// Places whose decisions differ, in order, and how many decisions stand at places that do not.
pub(super) fn compare_counts(before: &Baseline, after: &Baseline) -> (Vec<CountChange>, usize) {
    let (mut changes, mut same) = (Vec::new(), 0);
    let fresh = after.counts.keys().filter(|place| !before.counts.contains_key(*place));
    for place in before.counts.keys().chain(fresh) {
        let (old, new) = (before.counts.get(place), after.counts.get(place));
        if old == new {
            same += new.map_or(0, |(count, _)| *count);
            continue;
        }
        let (arm, day, point, reason) = place.clone();
        let count = |found: Option<&(usize, String)>| found.map_or(0, |(count, _)| *count);
        changes.push(CountChange { arm, day, point, reason, before: count(old), after: count(new) });
    }
    changes.sort_by(|a, b| (&a.arm, a.day, &a.point, &a.reason).cmp(&(&b.arm, b.day, &b.point, &b.reason)));
    (changes, same)
}

fn change(place: &At<'_>, before: Option<&Vec<&str>>, after: Option<&Vec<&str>>) -> Change {
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
    Answer {
        shown: treatment(0),
        winner: treatment(1),
        stage: word(2),
        reason: word(3),
        propensity: word(4),
        reasons: word(5),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn lines(text: &[&str]) -> Vec<String> {
        text.iter().map(|&line| line.to_owned()).collect()
    }

    const A: &str = "realtime 00042 003 14:02 checkout reassurance reassurance arbitrate won 0.920000 aab";
    const B: &str = "realtime 00042 003 14:02 checkout - free-shipping guardrails frequency-cap 1.000000 aam";
    const C: &str = "realtime 00043 001 09:00 stall - discount-10 ledger budget 1.000000 aao";

    fn place(day: u32, reason: &str) -> Place {
        ("realtime".to_owned(), day, "checkout".to_owned(), reason.to_owned())
    }

    #[test]
    fn a_file_reads_back_to_itself() {
        let policy = Resolved { arm: "realtime".into(), policy: "mine".into(), hash: "cd".into() };
        let header = Header {
            scenario_hash: "ab".into(),
            policies: vec![policy],
            engine: "0.1.0".into(),
            run: "1 world".into(),
            sample: 7,
        };
        let counts = BTreeMap::from([(place(3, "won"), (12, "0123abcd".to_owned()))]);
        let baseline = Baseline { header, decisions: lines(&[A, C]), counts };
        assert_eq!(Baseline::read(&baseline.text("shop")).unwrap(), baseline);
    }

    #[test]
    fn a_file_that_is_older_newer_or_cut_is_refused_with_its_line() {
        assert_eq!(Baseline::read("# format 1\n").unwrap_err(), Unreadable::Format("1".into()));
        assert_eq!(Baseline::read("# format 3\n").unwrap_err(), Unreadable::Format("3".into()));
        assert!(matches!(Baseline::read("").unwrap_err(), Unreadable::Line(1, _)));
        let cut = Baseline::read("# format 2\nrealtime 00042 003\n");
        assert!(matches!(cut.unwrap_err(), Unreadable::Line(2, _)));
        let no_number = Baseline::read("# format 2\nrealtime 003 checkout won many 0123abcd\n");
        assert!(matches!(no_number.unwrap_err(), Unreadable::Line(2, _)));
    }

    /// Goal: what changed is told with stage and reason before and after; what came or went shifts nothing.
    #[test]
    fn changes_are_matched_by_place() {
        let changes = compare(&lines(&[A, A, C]), &lines(&[A, B, C]));
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].before.as_ref().unwrap().shown.as_deref(), Some("reassurance"));
        let after = changes[0].after.as_ref().unwrap();
        assert_eq!((after.shown.as_deref(), after.stage.as_str()), (None, "guardrails"));
        let changes = compare(&lines(&[A, C]), &lines(&[C]));
        assert_eq!((changes.len(), changes[0].after.is_none()), (1, true));
        let changes = compare(&lines(&[C]), &lines(&[B, C]));
        assert_eq!((changes[0].shopper, changes[0].day, changes[0].before.is_none()), (42, 3, true));
    }

    /// Goal: other decisions in the same number are seen, and so are places that came and went.
    #[test]
    fn counts_are_compared_with_their_digests() {
        let with = |counts: &[(Place, usize, &str)]| Baseline {
            counts: counts
                .iter()
                .map(|(place, n, digest)| (place.clone(), (*n, (*digest).to_owned())))
                .collect(),
            ..Baseline::default()
        };
        let before =
            with(&[(place(1, "won"), 5, "a"), (place(2, "won"), 4, "b"), (place(3, "late"), 2, "c")]);
        let after = with(&[(place(1, "won"), 5, "a"), (place(2, "won"), 4, "x"), (place(4, "late"), 2, "c")]);
        let (changes, same) = compare_counts(&before, &after);
        let told: Vec<_> = changes.iter().map(|one| (one.day, one.before, one.after)).collect();
        assert_eq!((told, same), (vec![(2, 4, 4), (3, 2, 0), (4, 0, 2)], 5));
    }

    /// Goal: however much is decided, the file stays below its size, with as many shoppers as there is room for.
    #[test]
    fn the_sample_takes_the_room_that_there_is() {
        let line = |rank: u32| (rank, A.repeat(50));
        let few = Record { lines: (0..20).map(line).collect(), counts: BTreeMap::new() };
        let all = Baseline::of(Header::default(), &few);
        assert_eq!((all.decisions.len(), all.header.sample), (20, SAMPLE_MAX));
        let many = Record { lines: (0..SAMPLE_MAX).map(line).collect(), counts: BTreeMap::new() };
        let cut = Baseline::of(Header::default(), &many);
        assert!(cut.text("shop").len() < BYTES_MAX);
        assert_eq!(cut.decisions.len(), cut.header.sample as usize);
        assert!((50..SAMPLE_MAX).contains(&cut.header.sample), "{}", cut.header.sample);
        let again = Baseline::like(Header::default(), &many, cut.header.sample);
        assert_eq!(again.decisions, cut.decisions);
    }
}
