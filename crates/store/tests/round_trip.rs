//! What is stored comes back equal, once, and is never lost.
#![allow(clippy::unwrap_used)]

mod common;

use common::{ARMS, arm, new_run, unit};
use counterfoil_core::facts::{ArmFacts, UnitFacts};
use counterfoil_store::{
    ArmRow, Finish, Keep, Mode, Place, PolicyRow, Status, Store, StoreError, StoredRun, Written,
};
use std::collections::BTreeSet;
use std::fs;

fn store(folder: &tempfile::TempDir) -> Store {
    Store::open(&folder.path().join("counterfoil.db"), Mode::Create).unwrap()
}

fn finish(hash: &str) -> Finish {
    Finish { result_hash: Some(hash.into()), seconds: 1.5, performance: "{\"threads\":2}".into() }
}

fn place<'a>(run: &StoredRun, world: u32, arm: &'a str) -> Place<'a> {
    Place { run: run.no, world, arm, shopper: None }
}

/// Rows come back by shopper, then in their own order.
fn sorted(mut facts: ArmFacts) -> ArmFacts {
    facts.needs.sort_by_key(|n| (n.shopper, n.category, n.k));
    facts.orders.sort_by_key(|o| (o.shopper, o.order));
    facts.offers.sort_by_key(|o| o.shopper);
    facts.visits.sort_by_key(|v| v.shopper);
    facts.decisions.sort_by_key(|d| (d.shopper, d.number));
    facts
}

#[test]
fn every_fact_comes_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let run = store.create_run(&new_run(2, Keep::Visits)).unwrap();
    let units = [unit(0, 300, 2_000), unit(1, 300, 2_000)];
    for unit in &units {
        assert_eq!(store.write_unit(run.no, unit, Keep::Visits).unwrap(), Written::Stored);
    }
    let summaries = store.load_summaries(run.no).unwrap();
    assert_eq!(summaries.len(), 2);
    for (unit, summary) in units.iter().zip(&summaries) {
        assert_eq!(
            (summary.world, summary.shoppers, summary.events),
            (unit.world, unit.shoppers, unit.events)
        );
        assert_eq!(summary.arms.len(), ARMS.len());
        for (facts, summary) in unit.arms.iter().zip(&summary.arms) {
            let facts = sorted(facts.clone());
            assert_eq!((&facts.arm, facts.digest), (&summary.arm, summary.digest));
            assert_eq!(facts.orders_digest, summary.orders_digest);
            assert_eq!((facts.totals, facts.truth), (summary.totals, summary.truth));
            assert_eq!((&facts.daily, &facts.probe_weeks), (&summary.daily, &summary.probe_weeks));
            let place = place(&run, unit.world, &facts.arm);
            assert_eq!(store.needs_of(place).unwrap(), facts.needs);
            assert_eq!(store.orders_of(place).unwrap(), facts.orders);
            assert_eq!(store.offers_of(place).unwrap(), facts.offers);
            assert_eq!(store.visits_of(place).unwrap(), facts.visits);
            assert_eq!(store.decisions_of(place).unwrap(), facts.decisions);
            assert_eq!(store.quiet_decisions_of(place).unwrap(), facts.quiet_decisions);
            assert_eq!(store.arm_facts(place).unwrap(), Some(facts));
        }
    }
}

/// Goal: what somebody changed by hand is reported, not read as something else.
#[test]
fn values_that_no_run_can_have_are_damage() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let run = store.create_run(&new_run(1, Keep::Visits)).unwrap();
    store.write_unit(run.no, &unit(0, 300, 500), Keep::Visits).unwrap();
    let hand = rusqlite::Connection::open(store.path()).unwrap();
    hand.execute_batch(
        "UPDATE visits SET ended = 99; UPDATE orders SET units = -1; UPDATE arm_units SET digest = 'x'",
    )
    .unwrap();
    let place = place(&run, 0, "batch");
    assert!(matches!(store.visits_of(place).unwrap_err(), StoreError::Damaged { .. }));
    assert!(matches!(store.orders_of(place).unwrap_err(), StoreError::Damaged { .. }));
    let error = store.load_summaries(run.no).unwrap_err();
    assert!(
        matches!(&error, StoreError::Damaged { found, .. } if found.contains("32 hexadecimal")),
        "{error}"
    );
}

#[test]
fn one_shopper_has_her_own_rows_only() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let run = store.create_run(&new_run(1, Keep::Visits)).unwrap();
    let unit = unit(0, 300, 2_000);
    store.write_unit(run.no, &unit, Keep::Visits).unwrap();
    let shopper = unit.arms[3].orders[5].shopper;
    let of_her = Place { shopper: Some(shopper), ..place(&run, 0, "realtime") };
    let expected: Vec<_> = unit.arms[3].orders.iter().filter(|o| o.shopper == shopper).copied().collect();
    assert_eq!(store.orders_of(of_her).unwrap(), expected);
    assert!(store.visits_of(of_her).unwrap().iter().all(|v| v.shopper == shopper));
    let wrong = Place { arm: "hybrid", ..of_her };
    let error = store.orders_of(wrong).unwrap_err();
    assert!(matches!(&error, StoreError::NoSuchArm { arms, .. } if arms.len() == 4), "{error}");
    assert!(store.orders_of(Place { world: 9, ..of_her }).unwrap().is_empty());
}

#[test]
fn summary_keeps_orders_and_needs_but_neither_visits_nor_decisions() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let run = store.create_run(&new_run(1, Keep::Summary)).unwrap();
    let unit = unit(0, 300, 2_000);
    store.write_unit(run.no, &unit, Keep::Summary).unwrap();
    let place = place(&run, 0, "batch");
    assert_eq!(store.orders_of(place).unwrap().len(), unit.arms[2].orders.len());
    assert_eq!(store.needs_of(place).unwrap().len(), unit.arms[2].needs.len());
    assert_eq!(store.offers_of(place).unwrap().len(), unit.arms[2].offers.len());
    assert!(store.visits_of(place).unwrap().is_empty());
    assert!(store.decisions_of(place).unwrap().is_empty());
    assert!(store.quiet_decisions_of(place).unwrap().is_empty());
}

#[test]
fn a_unit_that_is_there_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let run = store.create_run(&new_run(2, Keep::Visits)).unwrap();
    let first = unit(1, 300, 2_000);
    store.write_unit(run.no, &first, Keep::Visits).unwrap();
    let mut second = first.clone();
    second.arms[0].totals.orders = 77;
    assert_eq!(store.write_unit(run.no, &second, Keep::Visits).unwrap(), Written::AlreadyThere);
    assert_eq!(store.load_summaries(run.no).unwrap()[0].arms[0].totals, first.arms[0].totals);
    assert_eq!(store.units_done(run.no).unwrap(), [1]);
}

#[test]
fn a_unit_with_other_arms_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let run = store.create_run(&new_run(1, Keep::Visits)).unwrap();
    let mut wrong = unit(0, 300, 500);
    wrong.arms.swap(1, 2);
    let error = store.write_unit(run.no, &wrong, Keep::Visits).unwrap_err();
    assert!(matches!(error, StoreError::OtherArms { world: 0, .. }), "{error}");
    assert!(store.worlds_stored(run.no).unwrap().is_empty());
}

/// Goal: nothing of a unit is visible unless all of it is. The defect (two needs of one key) shows only at the last arm.
#[test]
fn a_unit_that_breaks_midway_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let run = store.create_run(&new_run(1, Keep::Visits)).unwrap();
    let mut broken = unit(0, 300, 500);
    let twice = broken.arms[3].needs[0];
    broken.arms[3].needs.push(twice);
    let error = store.write_unit(run.no, &broken, Keep::Visits).unwrap_err();
    assert!(matches!(error, StoreError::Defect { .. }), "{error}");
    assert!(store.worlds_stored(run.no).unwrap().is_empty());
    let rows = store
        .query("SELECT (SELECT count(*) FROM arm_units) + (SELECT count(*) FROM visits)", None, 1)
        .unwrap();
    assert_eq!(rows.rows, [[counterfoil_store::Value::Integer(0)]]);
    assert_eq!(store.write_unit(run.no, &unit(0, 300, 500), Keep::Visits).unwrap(), Written::Stored);
}

#[test]
fn a_run_is_finished_only_when_every_world_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let run = store.create_run(&new_run(2, Keep::Summary)).unwrap();
    store.write_unit(run.no, &unit(1, 300, 500), Keep::Summary).unwrap();
    store.add_seconds(run.no, 2.0).unwrap();
    let error = store.finish_run(run.no, &finish("abc")).unwrap_err();
    assert!(matches!(error, StoreError::Unfinished { found: 1, expected: 2, .. }), "{error}");
    assert_eq!(store.run(run.no).unwrap().status, Status::Partial);
    store.write_unit(run.no, &unit(0, 300, 500), Keep::Summary).unwrap();
    store.finish_run(run.no, &finish("abc")).unwrap();
    let run = store.run(run.no).unwrap();
    assert_eq!((run.status, run.units_done, run.seconds), (Status::Complete, 2, Some(3.5)));
    assert_eq!(run.result_hash.as_deref(), Some("abc"));
}

#[test]
fn a_run_can_be_repeated_from_the_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let new = new_run(2, Keep::Visits);
    let run = store.create_run(&new).unwrap();
    drop(store);
    let store = Store::open(&folder.path().join("counterfoil.db"), Mode::ReadOnly).unwrap();
    let record = store.run_record(run.no).unwrap();
    assert_eq!((&record.scenario_text, &record.command), (&new.scenario_text, &new.command));
    assert_eq!((record.run.seed, record.run.worlds, record.run.keep), (new.seed, 2, Keep::Visits));
    assert_eq!(
        (&record.run.arms, &record.treatments, &record.categories),
        (&new.arms, &new.treatments, &new.categories)
    );
    let mut policies = new.policies.clone();
    policies.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(record.policies, policies);
    assert_eq!((record.first_day_from_epoch, record.horizon_start_day), (20_458, 182));
    assert_eq!(
        (record.question.as_str(), record.guess, record.run.covered),
        ("Which arm earns most?", None, true)
    );
}

#[test]
fn runs_are_found_by_id_by_a_beginning_and_as_latest() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    assert!(matches!(store.find_run("latest").unwrap_err(), StoreError::NoRunYet { .. }));
    let ids: Vec<String> =
        (0..40).map(|_| store.create_run(&new_run(1, Keep::Summary)).unwrap().id).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 40);
    assert!(ids.iter().all(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_hexdigit())));
    let listed: Vec<String> = store.runs().unwrap().into_iter().map(|run| run.id).collect();
    assert!(listed.iter().eq(ids.iter().rev()), "newest first");
    assert!(matches!(store.find_run("latest").unwrap_err(), StoreError::NoRunYet { .. }), "none has a world");
    assert_eq!(store.find_run_to_resume("latest").unwrap().id, ids[39], "but one can go on with the newest");
    let done = store.find_run(&ids[38]).unwrap();
    store.write_unit(done.no, &unit(0, 300, 500), Keep::Summary).unwrap();
    assert_eq!(store.find_run("latest").unwrap().id, ids[38], "a run without a world is not meant");
    assert_eq!(store.find_run(&ids[7]).unwrap().id, ids[7]);
    assert_eq!(store.find_run(&ids[7][..11].to_uppercase()).unwrap().id, ids[7]);
    for wanted in ["", "zz", "%", "____________"] {
        assert!(matches!(store.find_run(wanted).unwrap_err(), StoreError::NoSuchRun { .. }), "{wanted}");
    }
    // Forty ids begin with sixteen digits, so two begin alike.
    let shared = (0..16)
        .map(|digit| format!("{digit:x}"))
        .find(|d| ids.iter().filter(|id| id.starts_with(d)).count() > 1);
    let shared = shared.unwrap();
    let error = store.find_run(&shared).unwrap_err();
    let StoreError::AmbiguousRun { candidates, .. } = &error else { panic!("{error}") };
    assert!(candidates.len() > 1 && candidates.iter().all(|id| id.starts_with(&shared)));
    assert!(error.to_string().contains(&candidates[1]));
}

#[test]
fn a_deleted_run_comes_back_until_it_is_purged() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let kept = store.create_run(&new_run(1, Keep::Visits)).unwrap();
    store.write_unit(kept.no, &unit(0, 300, 500), Keep::Visits).unwrap();
    let gone = store.create_run(&new_run(1, Keep::Visits)).unwrap();
    store.write_unit(gone.no, &unit(0, 300, 500), Keep::Visits).unwrap();
    store.put_trace(gone.no, 0, 7, "{}").unwrap();
    store.delete_run(gone.no).unwrap();
    assert_eq!(store.find_run("latest").unwrap().id, kept.id);
    assert!(matches!(store.find_run(&gone.id).unwrap_err(), StoreError::NoSuchRun { .. }));
    store.undelete_run(gone.no).unwrap();
    assert_eq!(store.find_run("latest").unwrap().id, gone.id);
    assert_eq!(store.visits_of(place(&gone, 0, "batch")).unwrap().len(), 500);
    store.delete_run(gone.no).unwrap();
    assert_eq!(store.purge_deleted().unwrap().runs, 1);
    assert!(matches!(store.undelete_run(gone.no).unwrap_err(), StoreError::NoSuchRun { .. }));
    let left = "SELECT (SELECT count(DISTINCT arm_unit) FROM visits), (SELECT count(*) FROM arm_units),
        (SELECT count(*) FROM traces), (SELECT count(*) FROM policies), (SELECT count(DISTINCT arm_unit) FROM needs)";
    let counts: Vec<_> = [4, 4, 0, 4, 4].map(counterfoil_store::Value::Integer).into();
    assert_eq!(store.query(left, None, 1).unwrap().rows, [counts]);
    assert_eq!(store.visits_of(place(&kept, 0, "batch")).unwrap().len(), 500);
}

#[test]
fn the_first_guess_counts() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let run = store.create_run(&new_run(1, Keep::Summary)).unwrap();
    store.store_guess(run.no, "{\"arm\":\"batch\",\"sure\":2}").unwrap();
    assert!(matches!(store.store_guess(run.no, "{}").unwrap_err(), StoreError::GuessExists { .. }));
    let record = store.run_record(run.no).unwrap();
    assert_eq!(record.guess.as_deref(), Some("{\"arm\":\"batch\",\"sure\":2}"));
    assert!(!record.run.covered);
}

#[test]
fn traces_are_kept_per_shopper() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let run = store.create_run(&new_run(2, Keep::Summary)).unwrap();
    store.put_trace(run.no, 1, 42, "{\"arms\":[]}").unwrap();
    store.put_trace(run.no, 0, 9, "{}").unwrap();
    store.put_trace(run.no, 1, 42, "{\"arms\":[1]}").unwrap();
    assert_eq!(store.trace(run.no, 1, 42).unwrap().as_deref(), Some("{\"arms\":[1]}"));
    assert_eq!(store.trace(run.no, 1, 43).unwrap(), None);
    assert_eq!(store.traced_shoppers(run.no).unwrap(), [(0, 9), (1, 42)]);
}

/// Goal: an added arm changes nothing of the others, and can be interrupted between worlds like any run.
#[test]
fn arms_can_be_added_to_a_finished_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let run = store.create_run(&new_run(2, Keep::Visits)).unwrap();
    for world in 0..2 {
        store.write_unit(run.no, &unit(world, 300, 500), Keep::Visits).unwrap();
    }
    store.finish_run(run.no, &finish("before")).unwrap();
    let before = store.load_summaries(run.no).unwrap();
    let hybrid = ArmRow { name: "hybrid".into(), policy: "hybrid".into() };
    let text = PolicyRow { name: "hybrid".into(), text: "format = 1".into(), hash: "77".into() };
    let taken = ArmRow { name: "batch".into(), policy: "hybrid".into() };
    assert!(matches!(store.add_arms(run.no, &[taken], &[]).unwrap_err(), StoreError::ArmExists { .. }));
    let more = |world| UnitFacts {
        world,
        shoppers: 300,
        arms: vec![ArmFacts { events: 10, ..arm(world, 4, "hybrid", 300, 500) }],
        events: 99,
    };
    assert!(matches!(
        store.add_arm_unit(run.no, &more(0), Keep::Visits).unwrap_err(),
        StoreError::OtherArms { .. }
    ));
    let changed = store.add_arms(run.no, &[hybrid], &[text]).unwrap();
    let other = ArmRow { name: "other".into(), policy: "hybrid".into() };
    let twice = store.add_arms(run.no, &[other], &[]).unwrap_err();
    assert!(matches!(twice, StoreError::ArmUnderway { found: 0, .. }), "another process adds one: {twice:?}");
    assert!(twice.to_string().contains("another arm is being added"), "{twice}");
    assert_eq!((changed.status, changed.units_done, changed.arms.len()), (Status::Partial, 0, 5));
    assert_eq!(store.add_arm_unit(run.no, &more(1), Keep::Visits).unwrap(), Written::Stored);
    assert_eq!(store.add_arm_unit(run.no, &more(1), Keep::Visits).unwrap(), Written::AlreadyThere);
    assert_eq!(
        (store.units_done(run.no).unwrap(), store.worlds_stored(run.no).unwrap()),
        (vec![1], vec![0, 1])
    );
    assert!(matches!(store.finish_run(run.no, &finish("no")).unwrap_err(), StoreError::Unfinished { .. }));
    store.add_arm_unit(run.no, &more(0), Keep::Visits).unwrap();
    store.finish_run(run.no, &finish("after")).unwrap();
    let after = store.load_summaries(run.no).unwrap();
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.arms[..], after.arms[..4]);
        assert_eq!((after.arms[4].arm.as_str(), after.events), ("hybrid", before.events + 10));
    }
    assert!(matches!(
        store.add_arm_unit(run.no, &more(5), Keep::Visits).unwrap_err(),
        StoreError::OtherArms { .. }
    ));
}

/// Goal: a kill leaves whole units. The file and its journal are copied while a unit is half written.
#[test]
fn a_copy_made_in_the_middle_of_a_write_has_the_finished_units() {
    let folder = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let run = store.create_run(&new_run(2, Keep::Visits)).unwrap();
    store.write_unit(run.no, &unit(0, 300, 2_000), Keep::Visits).unwrap();
    let other = rusqlite::Connection::open(store.path()).unwrap();
    // A cache of one page spills the unfinished transaction into the file.
    other.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA cache_size = 1; BEGIN IMMEDIATE").unwrap();
    other.execute("INSERT INTO units VALUES (?, 1, 300, 0)", [run.no.to_string()]).unwrap();
    other
        .execute_batch(
            "WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
             INSERT INTO visits SELECT 99, i, 0, 0, 0, 0, 0, 0, 0 FROM n",
        )
        .unwrap();
    for file in ["counterfoil.db", "counterfoil.db-journal"] {
        fs::copy(folder.path().join(file), copy.path().join(file)).unwrap();
    }
    drop(other);
    let bytes = |name: &str| fs::metadata(copy.path().join(name)).unwrap().len();
    assert!(
        bytes("counterfoil.db") > store.bytes() / 2 && bytes("counterfoil.db-journal") > 0,
        "the half is in the file"
    );
    let path = copy.path().join("counterfoil.db");
    for mode in [Mode::ReadOnly, Mode::ReadWrite] {
        let copied = Store::open(&path, mode).unwrap();
        copied.check().unwrap();
        assert_eq!(copied.units_done(run.no).unwrap(), [0]);
        assert_eq!(copied.load_summaries(run.no).unwrap(), store.load_summaries(run.no).unwrap());
    }
    let mut copied = Store::open(&path, Mode::ReadWrite).unwrap();
    assert_eq!(copied.write_unit(run.no, &unit(1, 300, 2_000), Keep::Visits).unwrap(), Written::Stored);
    assert_eq!(store.units_done(run.no).unwrap(), [0], "the original is another file");
}

#[test]
fn a_store_moves_between_threads_and_is_read_while_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let path = store.path().to_owned();
    let run = store.create_run(&new_run(3, Keep::Visits)).unwrap();
    let writer = std::thread::spawn(move || {
        for world in 0..3 {
            store.write_unit(run.no, &unit(world, 300, 2_000), Keep::Visits).unwrap();
        }
    });
    let reader = Store::open(&path, Mode::ReadOnly).unwrap();
    while !writer.is_finished() {
        assert!(reader.load_summaries(run.no).unwrap().iter().all(|unit| unit.arms.len() == ARMS.len()));
    }
    writer.join().unwrap();
    assert_eq!(reader.units_done(run.no).unwrap(), [0, 1, 2]);
}

/// Goal: who wants to stop does not wait for a large unit, and nothing of it is left.
#[test]
fn writing_can_be_stopped_from_another_thread() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let run = store.create_run(&new_run(2, Keep::Visits)).unwrap();
    store.write_unit(run.no, &unit(0, 300, 500), Keep::Visits).unwrap();
    let large = unit(1, 30_000, 400_000);
    let interrupter = store.interrupter();
    let done = std::sync::atomic::AtomicBool::new(false);
    let written = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::SeqCst) {
                std::thread::sleep(std::time::Duration::from_millis(5));
                interrupter.interrupt();
            }
        });
        let written = store.write_unit(run.no, &large, Keep::Visits);
        done.store(true, std::sync::atomic::Ordering::SeqCst);
        written
    });
    assert!(matches!(written, Err(StoreError::Interrupted { .. })), "{written:?}");
    assert_eq!(store.units_done(run.no).unwrap(), [0]);
    store.check().unwrap();
    assert_eq!(store.write_unit(run.no, &unit(1, 300, 500), Keep::Visits).unwrap(), Written::Stored);
}

/// Goal: who wants to stop does not wait either until somebody else lets go of the file; who does not, gets it in the end.
#[test]
fn waiting_for_others_can_be_stopped_from_another_thread() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let run = store.create_run(&new_run(2, Keep::Visits)).unwrap();
    store.wait_for_others(600).unwrap();
    let other = rusqlite::Connection::open(store.path()).unwrap();
    let hold = || other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let after = |milliseconds| std::thread::sleep(std::time::Duration::from_millis(milliseconds));
    hold();
    let interrupter = store.interrupter();
    let stopped = std::thread::scope(|scope| {
        scope.spawn(|| {
            after(200);
            interrupter.interrupt();
        });
        store.write_unit(run.no, &unit(0, 300, 500), Keep::Visits)
    });
    assert!(matches!(stopped, Err(StoreError::Interrupted { .. })), "{stopped:?}");
    let written = std::thread::scope(|scope| {
        let writer = scope.spawn(move || store.write_unit(run.no, &unit(0, 300, 500), Keep::Visits));
        after(2_500);
        other.execute_batch("ROLLBACK").unwrap();
        writer.join().unwrap()
    });
    assert_eq!(written.unwrap(), Written::Stored);
}

/// Goal: another process that does not let go is named as the reason, nothing is half written, and reading goes on.
#[test]
fn a_store_that_another_process_keeps_locked_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let other = rusqlite::Connection::open(store.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    store.wait_for_others(0).unwrap();
    let error = store.purge_deleted().unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }) && error.is_environment(), "{error:?}");
    assert!(store.runs().unwrap().is_empty(), "reading goes on");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.purge_deleted().unwrap().runs, 0);
}
