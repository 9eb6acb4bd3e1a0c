//! Plans of worlds: whatever the partition, order and repetition, the store holds what `run` would have put there.
#![allow(clippy::unwrap_used)]

use counterfoil_core::facts::UnitFacts;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use counterfoil_api::dto::{ErrorCode, Progress, RunStatus};
use counterfoil_api::{Api, LoadedPlan, Merged, MergedRun, RunOptions};
use counterfoil_run::part::{Reader, Writer};
use counterfoil_store::{Mode, Store};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tempfile::TempDir;

fn options(scenario: &str, worlds: i64) -> RunOptions {
    let mut options = RunOptions::new(scenario);
    let flags = &mut options.overrides;
    (flags.worlds, flags.shoppers) = (Some(worlds), Some(80));
    flags.warmup = Some("7".to_owned());
    flags.history = Some("14".to_owned());
    flags.days = Some("14".to_owned());
    flags.probe = Some("7".to_owned());
    options
}

/// Two variants: units 1 to 3, and 4 to 5.
fn variants() -> [RunOptions; 2] {
    [options("fashion-web-shop", 3), options("deal-hunters", 2)]
}

fn quiet(_: Progress) {}

/// A folder with a plan, and stores in it.
struct Bench {
    folder: TempDir,
    plan: LoadedPlan,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.json");
        let written = Api::read(Some(&folder.path().join("none.db"))).unwrap().plan(&variants()).unwrap();
        fs::write(&path, written.text).unwrap();
        let plan = LoadedPlan::read(&path).unwrap();
        assert_eq!((plan.hash(), plan.units()), (written.hash.as_str(), 5));
        Self { folder, plan }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn api(&self, store: &str) -> Api {
        Api::open(Some(&self.path(store))).unwrap()
    }

    /// Partial results of some units, as a file.
    fn part(&self, name: &str, units: &[u32]) -> PathBuf {
        let mut bytes = Vec::new();
        let units: BTreeSet<u32> = units.iter().copied().collect();
        self.plan.shard(&units, Some(1), (&quiet, &AtomicBool::new(false)), &mut bytes).unwrap();
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn merge(&self, store: &str, parts: &[PathBuf]) -> Vec<MergedRun> {
        match self.api(store).merge(&self.plan, parts, &AtomicBool::new(false)).unwrap() {
            Merged::Runs(runs) => runs,
            Merged::Differ(conflict) => panic!("{conflict:?}"),
        }
    }

    /// Rows of all tables of the runs of both stores are the same by key, and so are the hashes.
    fn assert_same(&self, one: &str, other: &str) {
        let open = |name: &str| Store::open(&self.path(name), Mode::ReadOnly).unwrap();
        let (one, other) = (open(one), open(other));
        let (runs, merged) = (one.runs().unwrap(), other.runs().unwrap());
        assert_eq!((runs.len(), merged.len()), (2, 2));
        for run in runs {
            let twin = merged.iter().find(|twin| twin.scenario_hash == run.scenario_hash).unwrap();
            assert_eq!(run.result_hash, twin.result_hash);
            assert!(run.result_hash.is_some());
            assert!(
                one.check_run(run.no).unwrap().is_empty() && other.check_run(twin.no).unwrap().is_empty()
            );
            assert_eq!(one.units_done(run.no).unwrap(), other.units_done(twin.no).unwrap());
            for world in (0..run.worlds).map(Some) {
                let differences = one.differences(run.no, (&other, twin.no), world).unwrap();
                assert!(differences.is_empty(), "{differences:?}");
            }
        }
    }
}

/// Parts as they lie about: which units each has, and after how many of them somebody merges already.
fn partitions() -> impl Strategy<Value = (Vec<Vec<u32>>, usize)> {
    let some = prop::collection::vec(prop::collection::vec(1_u32..=5, 1..4), 0..4);
    (some, Just([1_u32, 2, 3, 4, 5]).prop_shuffle(), 1_usize..5, 0_usize..8).prop_map(
        |(mut parts, order, cut, at)| {
            // Whatever else is there, every unit is in one of these two.
            parts.push(order[..cut].to_vec());
            parts.insert(at % parts.len(), order[cut..].to_vec());
            let early = at % (parts.len() + 1);
            (parts, early)
        },
    )
}

#[test]
fn any_partition_order_and_repetition_merges_to_the_rows_of_run() {
    let bench = Bench::new();
    for options in variants() {
        bench.api("run.db").run(&options, &quiet, &AtomicBool::new(false)).unwrap();
    }
    let case = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(4) });
    runner
        .run(&partitions(), |(units, early)| {
            case.set(case.get() + 1);
            let name = |place: usize| format!("{}-{place}.part", case.get());
            let parts: Vec<PathBuf> =
                units.iter().enumerate().map(|(place, units)| bench.part(&name(place), units)).collect();
            let store = format!("{}.db", case.get());
            if early > 0 {
                bench.merge(&store, &parts[..early]);
            }
            let runs = bench.merge(&store, &parts);
            prop_assert!(runs.iter().all(|merged| merged.run.status == RunStatus::Complete));
            bench.assert_same("run.db", &store);
            let again = bench.merge(&store, &parts);
            prop_assert!(again.iter().all(|merged| merged.written == 0), "{again:?}");
            bench.assert_same("run.db", &store);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_partial_merge_is_a_partial_run_that_resume_or_another_merge_completes() {
    let bench = Bench::new();
    let runs = bench.merge("merged.db", &[bench.part("a.part", &[3, 4])]);
    let done: Vec<(u32, u32)> = runs.iter().map(|merged| (merged.run.units_done, merged.run.units)).collect();
    assert_eq!(done, [(1, 3), (1, 2)]);
    assert!(runs.iter().all(|merged| merged.run.status == RunStatus::Partial));
    let api = bench.api("merged.db");
    let listed = api.list_runs().unwrap();
    assert_eq!(listed.iter().filter(|run| run.status == RunStatus::Partial).count(), 2);
    let resumed = api.resume_run(&runs[0].run.id, &quiet, &AtomicBool::new(false)).unwrap();
    assert_eq!(resumed.status, RunStatus::Complete);
    let runs = bench.merge("merged.db", &[bench.part("b.part", &[1, 5])]);
    assert_eq!((runs[0].written, runs[1].written), (0, 1), "unit 1 was simulated by resume");
    assert_eq!(runs[0].run.id, resumed.id);
    for options in variants() {
        bench.api("run.db").run(&options, &quiet, &AtomicBool::new(false)).unwrap();
    }
    bench.assert_same("run.db", "merged.db");
    // A run that was begun by `run` is completed by a merge: it holds what the variant holds.
    let cancel = AtomicBool::new(false);
    let stop = |progress: Progress| cancel.fetch_or(progress.worlds_done == 1, Ordering::Relaxed);
    let begun = bench.api("begun.db").run(
        &RunOptions { threads: Some(1), ..variants()[0].clone() },
        &|progress| {
            stop(progress);
        },
        &cancel,
    );
    let begun = begun.unwrap();
    assert_eq!(begun.status, RunStatus::Partial);
    let runs = bench.merge("begun.db", &[bench.part("c.part", &[1, 2, 3])]);
    assert_eq!((runs.len(), &runs[0].run.id, runs[0].run.status), (1, &begun.id, RunStatus::Complete));
    assert_eq!(Some(runs[0].run.result_hash.clone()), Some(resumed.result_hash));
}

/// The same part with one number of its first unit changed and everything else right.
fn forged(bench: &Bench, part: &Path, name: &str) -> PathBuf {
    altered(bench, part, name, |facts| facts.arms[1].totals.pages += 1)
}

/// The first unit of a part with a change that its sums do not betray.
fn altered(bench: &Bench, part: &Path, name: &str, change: fn(&mut UnitFacts)) -> PathBuf {
    let bytes = fs::read(part).unwrap();
    let mut reader = Reader::begin(&bytes[..], bench.plan.hash()).unwrap();
    let mut writer = Writer::begin(Vec::new(), bench.plan.hash()).unwrap();
    while let Some(mut record) = reader.next_unit().unwrap() {
        if record.place == 1 {
            change(&mut record.facts);
        }
        writer.unit(record.number, &record.facts).unwrap();
    }
    let path = bench.path(name);
    fs::write(&path, writer.end().unwrap()).unwrap();
    path
}

#[test]
fn two_results_for_one_unit_stop_everything_and_are_both_named() {
    let bench = Bench::new();
    let (good, more) = (bench.part("good.part", &[1, 2]), bench.part("more.part", &[3]));
    let bad = forged(&bench, &good, "bad.part");
    let refused = |store: &str, parts: &[PathBuf]| {
        let merged = bench.api(store).merge(&bench.plan, parts, &AtomicBool::new(false)).unwrap();
        let Merged::Differ(conflict) = merged else { panic!("{merged:?}") };
        conflict
    };
    // In parts, whichever comes first.
    let conflict = refused("new.db", &[more.clone(), good.clone(), bad.clone()]);
    assert_eq!((conflict.unit, conflict.world, conflict.scenario.as_str()), (1, 0, "fashion-web-shop"));
    assert!(conflict.places[0].contains("good.part, record 1"), "{conflict:?}");
    assert!(conflict.places[1].contains("bad.part, record 1"), "{conflict:?}");
    assert!(refused("new.db", &[bad.clone(), good.clone()]).places[0].contains("bad.part"));
    assert!(bench.api("new.db").list_runs().unwrap().is_empty(), "nothing was written");
    // With what the store has.
    let runs = bench.merge("new.db", &[good]);
    let before = fs::read(bench.path("new.db")).unwrap();
    let conflict = refused("new.db", &[more, bad]);
    assert!(conflict.places[0].contains(&format!("run {} of the store", runs[0].run.id)), "{conflict:?}");
    assert!(conflict.places[1].contains("bad.part, record 1"), "{conflict:?}");
    assert!(fs::read(bench.path("new.db")).unwrap() == before, "nothing was written");
}

/// Goal: what the store has is compared row by row: a need or an order that no digest of the part covers is a conflict too.
#[test]
fn a_row_that_differs_from_the_stored_one_is_a_conflict() {
    let bench = Bench::new();
    let good = bench.part("good.part", &[1, 2]);
    bench.merge("rows.db", std::slice::from_ref(&good));
    let changes: [fn(&mut UnitFacts); 3] = [
        |facts| facts.arms[0].needs[0].due_day += 1,
        |facts| facts.arms[1].orders[0].product ^= 1,
        |facts| facts.events += 1,
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let bad = altered(&bench, &good, &format!("row-{number}.part"), change);
        let merged = bench.api("rows.db").merge(&bench.plan, &[bad], &AtomicBool::new(false)).unwrap();
        assert!(matches!(merged, Merged::Differ(_)), "change {number}: {merged:?}");
    }
}

#[test]
fn a_part_that_does_not_fit_writes_nothing_and_says_why() {
    let bench = Bench::new();
    let good = bench.part("good.part", &[1, 2]);
    let whole = fs::read(&good).unwrap();
    let refused = |name: &str, bytes: &[u8]| {
        let path = bench.path(name);
        fs::write(&path, bytes).unwrap();
        let parts = [good.clone(), path];
        let error = bench.api("new.db").merge(&bench.plan, &parts, &AtomicBool::new(false)).unwrap_err();
        assert!(bench.api("new.db").list_runs().unwrap().is_empty(), "nothing was written");
        assert!(error.hint.is_some() && error.place.as_ref().is_some_and(|place| place.contains(name)));
        (error.code, error.message)
    };
    let said = |name: &str, bytes: &[u8], words: &str| {
        let (code, message) = refused(name, bytes);
        assert_eq!(code, ErrorCode::InvalidInput);
        assert!(message.contains(words), "{message}");
    };
    said("cut.part", &whole[..whole.len() - 5], "cut off in record 3 (after unit 2)");
    let mut altered = whole.clone();
    altered[100] ^= 1;
    said("altered.part", &altered, "record 1 was altered");
    said("text.part", b"arm,world\n", "does not begin like partial results");
    let mut other = Writer::begin(Vec::new(), &"ab".repeat(32)).unwrap().end().unwrap();
    said("other.part", &other, "was made for the plan abab");
    other[8] = 2;
    assert_eq!(refused("newer.part", &other).0, ErrorCode::Version);
    // Records that are whole and about something else.
    let mut reader = Reader::begin(&whole[..], bench.plan.hash()).unwrap();
    let record = reader.next_unit().unwrap().unwrap();
    let one = |number: u32, change: &dyn Fn(&mut counterfoil_core::facts::UnitFacts)| {
        let mut facts = record.facts.clone();
        change(&mut facts);
        let mut writer = Writer::begin(Vec::new(), bench.plan.hash()).unwrap();
        writer.unit(number, &facts).unwrap();
        writer.end().unwrap()
    };
    said("six.part", &one(6, &|_| {}), "unit 6 of a plan with 5 units");
    said("zero.part", &one(0, &|_| {}), "unit 0 of a plan with 5 units");
    said("world.part", &one(2, &|_| {}), "unit 2 is another world than it says");
    said("arms.part", &one(1, &|facts| facts.arms.truncate(1)), "unit 1 has 1 arms, but the plan has 4");
    let api = bench.api("new.db");
    let missing = api.merge(&bench.plan, &[bench.path("missing.part")], &AtomicBool::new(false)).unwrap_err();
    assert_eq!(missing.code, ErrorCode::NotFound);
    let folder = api.merge(&bench.plan, &[bench.folder.path().into()], &AtomicBool::new(false)).unwrap_err();
    assert_eq!(folder.code, ErrorCode::InvalidInput);
}

#[test]
fn a_plan_that_was_edited_or_is_none_says_so() {
    let bench = Bench::new();
    let text = fs::read_to_string(bench.path("plan.json")).unwrap();
    let refused = |text: &str| {
        let path = bench.path("edited.json");
        fs::write(&path, text).unwrap();
        let error = LoadedPlan::read(&path).unwrap_err();
        assert!(error.hint.is_some() && error.place.as_ref().unwrap().contains("edited.json"), "{error:?}");
        (error.code, error.to_string())
    };
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        refused(&text.replacen(from, to, 1))
    };
    for (from, to, words) in [
        ("\"keep\": \"sample\"", "\"keep\": \"summary\"", "it was edited or damaged"),
        ("seed = ", "seed = 1", "it was edited or damaged"),
        ("\"policy\": \"batch\"", "\"policy\": \"none\"", "it was edited or damaged"),
        ("\"units\": 5", "\"units\": 6", "says 6 units, but its variants have 5"),
        (
            "\"keep\": \"sample\"",
            "\"keep\": \"much\"",
            "`keep` is `much`, but allowed are summary, sample, visits",
        ),
        ("\"keep\":", "\"threads\": 2, \"keep\":", "unknown field `threads`"),
        ("\"written_by\"", "\"by\"", "has the keys `format` and `written_by`"),
        ("{", "", "no JSON"),
    ] {
        let (code, error) = with(from, to);
        assert_eq!(code, ErrorCode::InvalidInput, "{error}");
        assert!(error.contains(words), "{error}");
    }
    assert_eq!(with("\"format\": 1", "\"format\": 2").0, ErrorCode::Version);
    assert_eq!(with("\"written_by\": \"", "\"written_by\": \"9").0, ErrorCode::Version);
    assert!(refused("[1, 2]").1.contains("no plan"));
    assert!(refused("").1.contains("no JSON"));
    let missing = LoadedPlan::read(&bench.path("missing.json")).unwrap_err();
    assert_eq!(missing.code, ErrorCode::NotFound);
    let twins = [options("fashion-web-shop", 3), options("fashion-web-shop", 3)];
    let twins = bench.api("new.db").plan(&twins).unwrap_err();
    assert!(twins.message.contains("Variant 2 (`fashion-web-shop`) is variant 1 again"), "{twins:?}");
}

#[test]
fn the_hash_of_a_plan_covers_what_decides_results_and_no_path() {
    let bench = Bench::new();
    let api = bench.api("new.db");
    let hash = |options: &RunOptions| api.plan(std::slice::from_ref(options)).unwrap().hash;
    let shop = options("fashion-web-shop", 3);
    let one = hash(&shop);
    assert_eq!(hash(&RunOptions { threads: Some(7), trace: 3, ..shop.clone() }), one);
    assert_ne!(hash(&RunOptions { keep: counterfoil_api::Keep::Visits, ..shop.clone() }), one);
    assert_ne!(hash(&options("fashion-web-shop", 4)), one);
    let mut seed = shop.clone();
    seed.overrides.seed = Some(99);
    assert_ne!(hash(&seed), one);
    let policy = counterfoil_scenario::shipped::policy_text("batch").unwrap();
    let with = |folder: &str, text: &str| {
        fs::create_dir_all(bench.path(folder)).unwrap();
        let path = bench.path(folder).join("mine.toml");
        fs::write(&path, text).unwrap();
        let mut options = shop.clone();
        options.overrides.policies = vec![path.display().to_string()];
        hash(&options)
    };
    assert_ne!(with("a", policy), with("b", &policy.replace("15 %", "16 %")));
}

#[test]
fn the_memory_that_a_run_is_expected_to_take_does_not_grow_with_its_arms() {
    let bench = Bench::new();
    let memory = |policies: &[&str]| {
        let mut options = options("fashion-web-shop", 4);
        (options.threads, options.overrides.shoppers) = (Some(1), Some(20_000));
        options.overrides.policies = policies.iter().map(|&policy| policy.to_owned()).collect();
        bench.api("new.db").expected(&options).unwrap().memory
    };
    assert_eq!(memory(&["batch"]), memory(&["batch", "realtime", "none", "blanket"]));
}
