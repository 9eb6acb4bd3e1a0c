//! End to end, on stores in temporary folders: a small run is stored, repeated, continued, widened and checked.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use counterfoil_api::dto::{ErrorCode, Progress, RunStatus};
use counterfoil_api::{AddArm, Api, Document, Keep, RunOptions};
use counterfoil_store::{ArmRow, Mode, PolicyRow, RunNo, Store};

/// The default scenario with few shoppers and short phases.
fn small() -> RunOptions {
    let mut options = RunOptions::new("fashion-web-shop");
    let flags = &mut options.overrides;
    (flags.worlds, flags.shoppers) = (Some(2), Some(300));
    flags.warmup = Some("14".to_owned());
    flags.history = Some("21".to_owned());
    flags.days = Some("21".to_owned());
    flags.probe = Some("28".to_owned());
    options.threads = Some(2);
    options
}

fn api(folder: &Path) -> Api {
    Api::open(Some(&folder.join("counterfoil.db"))).unwrap()
}

fn quiet(_: Progress) {}

fn run(api: &Api, options: &RunOptions) -> Document {
    let summary = api.run(options, &quiet, &AtomicBool::new(false)).unwrap();
    api.document(&summary.id).unwrap()
}

fn mean(document: &Document, arm: &str, metric: &str) -> f64 {
    let arm = document.arms.iter().find(|found| found.name == arm).unwrap();
    arm.level(metric).mean().unwrap()
}

fn cents(amount: &str) -> i64 {
    amount.replace('.', "").parse().unwrap()
}

/// Goal: bridges add up to the cent and end at the metric, every pair has every metric, and the shape is the promised one.
#[test]
fn the_document_adds_up() {
    let folder = tempfile::tempdir().unwrap();
    let document = run(&api(folder.path()), &small());
    let names: Vec<&str> = document.arms.iter().map(|arm| arm.name.as_str()).collect();
    assert_eq!(names, ["control", "status-quo", "batch", "realtime"]);
    for truth in &document.truth {
        let amounts: Vec<i64> = truth.bridge.iter().map(|step| cents(&step.amount)).collect();
        assert_eq!(amounts[..8].iter().sum::<i64>(), amounts[8], "{}", truth.arm);
        let metric = mean(&document, &truth.arm, "contribution_per_shopper") * 2.0 * 300.0 * 100.0;
        assert!((metric - amounts[8] as f64).abs() < 1e-3, "{}: {metric} and {}", truth.arm, amounts[8]);
        assert!(amounts[8] != 0, "{} sold something", truth.arm);
    }
    let metrics = document.arms[0].metrics.len();
    assert_eq!(document.differences.len(), 6 * metrics);
    assert!(document.arms[0].metrics.contains_key("dependency_half_life_weeks"));
    let undefined = &document.arms[0].metrics["exchange_rate"];
    assert_eq!((undefined.mean(), undefined.worlds()), (None, 0));
    let json = serde_json::to_value(&document).unwrap();
    assert_eq!(json["format"], 1);
    assert_eq!(json["differences"][0]["level"], 0.95);
    assert!(json["performance"]["sessions"].as_u64().unwrap() > 0);
    assert!(json["run"]["result_hash"].as_str().unwrap().len() == 64);
}

/// Goal: threads and what is kept change nothing; another seed does.
#[test]
fn threads_and_keep_change_no_result() {
    let folder = tempfile::tempdir().unwrap();
    let api = api(folder.path());
    let hash = |options: &RunOptions| run(&api, options).run.result_hash.unwrap();
    let two = hash(&small());
    assert_eq!(two, hash(&RunOptions { threads: Some(1), keep: Keep::Summary, ..small() }));
    let mut other = small();
    other.overrides.seed = Some(7);
    assert_ne!(two, hash(&other));
}

/// Goal: a cancelled run keeps its finished worlds, goes on from them, and ends with the same hash.
#[test]
fn a_cancelled_run_is_resumed_to_the_same_hash() {
    let folder = tempfile::tempdir().unwrap();
    let api = api(folder.path());
    let mut options = RunOptions { threads: Some(1), ..small() };
    options.overrides.worlds = Some(6);
    let whole = run(&api, &options);
    let cancel = AtomicBool::new(false);
    let stop_after_the_first_world = |progress: Progress| {
        cancel.fetch_or(progress.worlds_done == 1, Ordering::SeqCst);
    };
    let partial = api.run(&options, &stop_after_the_first_world, &cancel).unwrap();
    // The world that ends while the first one is written may be finished; a later one is not begun.
    let kept = partial.units_done;
    assert!(partial.status == RunStatus::Partial && (1..6).contains(&kept), "{partial:?}");
    let mut other = options.clone();
    other.overrides.worlds = Some(3);
    let refused = api.resume(&partial.id, &other, &quiet, &AtomicBool::new(false)).unwrap_err();
    assert_eq!((refused.code, refused.exit_code()), (ErrorCode::InvalidInput, 2));
    assert!(refused.message.contains("worlds = 3") && refused.message.contains("worlds = 6"), "{refused}");
    let resumed = api.resume(&partial.id, &options, &quiet, &AtomicBool::new(false)).unwrap();
    assert_eq!(resumed.result_hash, whole.run.result_hash);
    assert_eq!(api.document(&partial.id).unwrap().performance.units_resumed, kept);
}

/// Goal: an added arm is what it would have been from the start, and no other arm changes by a bit.
#[test]
fn an_added_arm_changes_no_other_arm() {
    let folder = tempfile::tempdir().unwrap();
    let api = api(folder.path());
    let mut fewer = small();
    fewer.overrides.policies = vec!["batch".to_owned()];
    let before = run(&api, &fewer);
    let add = AddArm { policy: "realtime".to_owned(), into: before.run.id.clone(), threads: Some(2) };
    let summary = api.add_arm(&add, &quiet, &AtomicBool::new(false)).unwrap();
    assert_eq!(summary.status, RunStatus::Complete);
    let after = api.document(&before.run.id).unwrap();
    let all = run(&api, &small());
    assert_eq!(after.run.result_hash, all.run.result_hash);
    assert_ne!(after.run.result_hash, before.run.result_hash);
    for arm in &before.arms {
        assert_eq!(after.arms.iter().find(|found| found.name == arm.name), Some(arm));
    }
    let again = api.add_arm(&add, &quiet, &AtomicBool::new(false)).unwrap_err();
    assert_eq!(again.code, ErrorCode::InvalidInput);
}

/// Goal: a run verifies from its store alone, and one changed number in it is found and named.
#[test]
fn verify_finds_what_was_tampered_with() {
    let folder = tempfile::tempdir().unwrap();
    let api = api(folder.path());
    let document = run(&api, &small());
    let verify = || api.verify(&document.run.id, Some(2), &quiet, &AtomicBool::new(false)).unwrap();
    let fine = verify();
    assert_eq!((fine.worlds, fine.differences), (2, Vec::new()));
    let store = rusqlite::Connection::open(folder.path().join("counterfoil.db")).unwrap();
    let changed = store
        .execute("UPDATE totals SET value = value + 1 WHERE name = 'orders' AND arm_unit = 3", [])
        .unwrap();
    assert_eq!(changed, 1);
    let found = verify().differences;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].table.as_str(), found[0].what.as_str()), ("totals", "name orders: value"));
}

/// Goal: traces that were kept are simulated again too, also those from before an arm was added.
#[test]
fn verify_reads_traces_again() {
    let folder = tempfile::tempdir().unwrap();
    let api = api(folder.path());
    let document = run(&api, &RunOptions { trace: 2, ..small() });
    let id = document.run.id;
    let verify = || api.verify(&id, Some(2), &quiet, &AtomicBool::new(false)).unwrap().differences;
    let count = "SELECT count(*) FROM traces";
    assert_eq!(api.sql(None, count, 1).unwrap().rows, [[counterfoil_api::Value::Integer(4)]]);
    assert_eq!(verify(), []);
    let add = AddArm { policy: "blanket".to_owned(), into: id.clone(), threads: Some(2) };
    api.add_arm(&add, &quiet, &AtomicBool::new(false)).unwrap();
    assert_eq!(verify(), []);
    assert_eq!(api.verify_stored(&id).unwrap().differences, []);
    let store = rusqlite::Connection::open(folder.path().join("counterfoil.db")).unwrap();
    let sql = "UPDATE traces SET trace = replace(trace, '\"shopper\"', '\"stopper\"') || ' ' WHERE world = 1 AND shopper = 0";
    assert_eq!(store.execute(sql, []).unwrap(), 1);
    for found in [verify(), api.verify_stored(&id).unwrap().differences] {
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].table.as_str(), found[0].world), ("traces", Some(1)));
    }
}

/// A finished run of few shoppers in whose file somebody did this.
fn changed(sql: &str, keeping_references: bool) -> (tempfile::TempDir, Api, String) {
    let folder = tempfile::tempdir().unwrap();
    let api = api(folder.path());
    let mut options = small();
    options.overrides.shoppers = Some(60);
    let id = run(&api, &options).run.id;
    let store = rusqlite::Connection::open(folder.path().join("counterfoil.db")).unwrap();
    store.execute_batch(&format!("PRAGMA foreign_keys = {keeping_references}; {sql}")).unwrap();
    (folder, api, id)
}

/// Goal: a world that is missing, one too many, and a run's own row are found by simulating again.
#[test]
fn verify_knows_what_a_complete_run_has() {
    for (sql, table) in [
        ("DELETE FROM units WHERE world = 1", "runs"),
        ("UPDATE runs SET keep = 'summary'", "runs"),
        ("UPDATE runs SET worlds = 3", "runs"),
        ("UPDATE runs SET horizon_start_day = 3", "runs"),
        ("UPDATE treatments SET name = 'x' WHERE treatment = 0", "treatments"),
        ("UPDATE codes SET name = 'x' WHERE kind = 'fate' AND code = 3", "codes"),
        ("DROP VIEW needs_readable; CREATE VIEW needs_readable AS SELECT 1 AS run", "needs_readable"),
        ("UPDATE units SET events = events + 1 WHERE world = 0", "units"),
        (
            "INSERT INTO arm_units SELECT 99, run_no, 77, arm_no, digest, orders_digest FROM arm_units WHERE arm_unit = 1",
            "arm_units",
        ),
        ("INSERT INTO totals SELECT 99, name, value FROM totals WHERE arm_unit = 1", "totals"),
        ("INSERT INTO traces SELECT run_no, 55, 3, '{}' FROM runs", "traces"),
        ("UPDATE runs SET status = 'partial', result_hash = NULL", "runs"),
        ("DELETE FROM digests WHERE world = -1", "runs"),
        ("CREATE TABLE sqliteXfoo (a)", "sqliteXfoo"),
        ("DELETE FROM truth WHERE arm_unit = 3", "truth"),
        ("UPDATE daily SET orders = 0.5 WHERE arm_unit = 3 AND day = 2", "daily"),
        (
            "UPDATE arms SET name = CASE arm_no WHEN 2 THEN 'x' WHEN 3 THEN 'batch' END WHERE arm_no > 1; UPDATE arms SET name = 'realtime' WHERE name = 'x'",
            "arms",
        ),
    ] {
        let (_folder, api, id) = changed(sql, sql.starts_with("DELETE FROM units"));
        let found = api.verify(&id, Some(2), &quiet, &AtomicBool::new(false)).unwrap().differences;
        assert!(found.iter().any(|difference| difference.table == table), "{sql}: {found:?}");
        if sql.contains("FROM units") {
            assert!(
                found.iter().any(|d| d.what == "worlds" && d.stored == "1" && d.found == "2"),
                "{found:?}"
            );
        }
        let stored = api.verify_stored(&id).unwrap().differences;
        assert!(!stored.is_empty(), "{sql}: nothing by the digests");
    }
}

/// Goal: who adds the arm that somebody else is adding is told so at once, and not that the run is unfinished.
#[test]
fn an_arm_that_is_being_added_exists() {
    let folder = tempfile::tempdir().unwrap();
    let api = api(folder.path());
    let id = run(&api, &small()).run.id;
    let add = AddArm { policy: "blanket".to_owned(), into: id, threads: Some(1) };
    let begun = api.add_arm(&add, &quiet, &AtomicBool::new(true)).unwrap();
    assert_eq!(begun.status, RunStatus::Partial);
    let error = api.add_arm(&add, &quiet, &AtomicBool::new(false)).unwrap_err();
    assert!(error.message.contains("has an arm of this name already"), "{error}");
}

/// Goal: digests of an older file are made when it is brought forward; what was changed before that is seen by its hash.
#[test]
fn an_older_store_that_was_changed_is_found_by_its_result_hash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("counterfoil.db");
    std::fs::write(&path, include_bytes!("../../store/tests/data/schema_1.db")).unwrap();
    let store = rusqlite::Connection::open(&path).unwrap();
    let sql = "UPDATE arm_units SET digest = orders_digest WHERE arm_unit = 2";
    assert_eq!(store.execute(sql, []).unwrap(), 1);
    drop(store);
    let api = api(folder.path());
    let runs = api.list_runs().unwrap();
    let found = api.verify_stored(&runs[1].id).unwrap().differences;
    assert_eq!(found.iter().map(|d| d.what.as_str()).collect::<Vec<_>>(), ["result_hash"]);
    assert_eq!(api.verify_stored(&runs[0].id).unwrap().differences, []);
}

/// Goal: a row that does not fit its scenario is damage with its place: no hang, no panic, no "defect of the program".
#[test]
fn rows_that_no_run_can_have_are_called_damage() {
    for sql in [
        "DELETE FROM arms",
        "UPDATE runs SET days = 4000000000",
        "UPDATE runs SET shoppers = 0",
        "UPDATE runs SET horizon_start_day = 1",
        "UPDATE probe_weeks SET orders_as_is = 9223372036854775807",
    ] {
        let (_folder, api, id) = changed(sql, false);
        let error = api.report_html(&id).unwrap_err();
        assert_eq!(error.code, ErrorCode::Store, "{sql}: {error}");
        if let Err(error) = api.verify(&id, Some(1), &quiet, &AtomicBool::new(false)) {
            assert_eq!(error.code, ErrorCode::Store, "{sql}: {error}");
        }
    }
}

/// Goal: a run is complete when everything that was asked for is there, traces too; resuming adds what is missing.
#[test]
fn a_run_without_its_traces_is_not_complete() {
    let folder = tempfile::tempdir().unwrap();
    let api = api(folder.path());
    let cancel = AtomicBool::new(false);
    let traces = || match api.sql(None, "SELECT count(*) FROM traces", 1) {
        Ok(answer) => answer.rows[0][0].clone(),
        Err(_) => counterfoil_api::Value::Integer(0),
    };
    let begun = std::thread::scope(|scope| {
        scope.spawn(|| {
            while traces() == counterfoil_api::Value::Integer(0) {
                std::thread::yield_now();
            }
            cancel.store(true, Ordering::SeqCst);
        });
        api.run(&RunOptions { trace: 60, ..small() }, &quiet, &cancel).unwrap()
    });
    assert_eq!((begun.status, begun.units_done), (RunStatus::Partial, 2));
    let done = api.resume(&begun.id, &RunOptions::new(""), &quiet, &AtomicBool::new(false)).unwrap();
    assert_eq!(done.status, RunStatus::Complete);
    assert_eq!(traces(), counterfoil_api::Value::Integer(120));
    let plain = run(&api, &small());
    assert_eq!(done.result_hash.as_ref(), Some(&plain.run.result_hash.clone().unwrap_or_default()));
}

/// Goal: nobody is told that a sound store is wrong because another program stored, finished or purged something of the run
/// while it was verified.
#[test]
fn a_run_that_goes_on_while_it_is_verified_is_not_blamed() {
    type Change = fn(&mut Store, RunNo);
    let changes: [Change; 2] = [
        |store, run| {
            let arm = ArmRow { name: "late".into(), policy: "late".into() };
            let policy = PolicyRow { name: "late".into(), text: String::new(), hash: "late".into() };
            store.add_arms(run, &[arm], &[policy]).unwrap();
        },
        |store, run| {
            store.delete_run(run).unwrap();
            store.purge_deleted().unwrap();
        },
    ];
    for change in changes {
        let folder = tempfile::tempdir().unwrap();
        let api = api(folder.path());
        let id = api.run(&small(), &quiet, &AtomicBool::new(false)).unwrap().id;
        let open = || Store::open(&folder.path().join("counterfoil.db"), Mode::ReadWrite).unwrap();
        let run = open().find_run(&id).unwrap().no;
        let changed = AtomicBool::new(false);
        let meanwhile = |_: Progress| {
            if !changed.swap(true, Ordering::SeqCst) {
                change(&mut open(), run);
            }
        };
        let error = api.verify(&id, Some(1), &meanwhile, &AtomicBool::new(false)).unwrap_err();
        assert!(changed.load(Ordering::SeqCst));
        assert_eq!((error.code, error.exit_code()), (ErrorCode::Environment, 3), "{error}");
        assert!(error.message.contains("went on while it was verified"), "{error}");
        assert_eq!(error.hint.as_deref(), Some("verify again"));
    }
}

/// Goal: whoever adds an arm while another is being added is told so, and not that worlds are missing.
#[test]
fn an_arm_that_is_being_added_is_named_to_who_adds_another() {
    let folder = tempfile::tempdir().unwrap();
    let api = api(folder.path());
    let id = api.run(&small(), &quiet, &AtomicBool::new(false)).unwrap().id;
    let mut store = Store::open(&folder.path().join("counterfoil.db"), Mode::ReadWrite).unwrap();
    let arm = ArmRow { name: "late".into(), policy: "none".into() };
    store.add_arms(store.find_run(&id).unwrap().no, &[arm], &[]).unwrap();
    let error = api.verify(&id, Some(1), &quiet, &AtomicBool::new(false)).unwrap_err();
    assert_eq!(error.exit_code(), 3, "nothing is wrong with the run: {error}");
    assert!(error.message.contains("0 of 2 worlds have it"), "{error}");
    let add = AddArm { policy: "blanket".to_owned(), into: id.clone(), threads: None };
    let error = api.add_arm(&add, &quiet, &AtomicBool::new(false)).unwrap_err();
    assert!(error.message.contains("another arm is being added to it"), "{error}");
    assert!(error.hint.unwrap().contains("--resume"));
}
