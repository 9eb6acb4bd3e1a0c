//! Questions, exports and shoppers worth looking at.
#![allow(clippy::unwrap_used)]

mod common;

use common::{new_run, unit};
use counterfoil_core::facts::{Fate, NeedFact, UnitFacts, VisitEnd};
use counterfoil_core::money::Money;
use counterfoil_store::{
    EXPORTS, Interest, Keep, Mode, RunNo, ShopperHit, ShopperQuery, Store, StoreError, StoredRun, Value,
};
use std::fs;

fn filled(folder: &tempfile::TempDir, units: &[UnitFacts]) -> (Store, StoredRun) {
    let mut store = Store::open(&folder.path().join("counterfoil.db"), Mode::Create).unwrap();
    let run = store.create_run(&new_run(units.len() as u32, Keep::Visits)).unwrap();
    for unit in units {
        store.write_unit(run.no, unit, Keep::Visits).unwrap();
    }
    (store, run)
}

#[test]
fn answers_have_names_types_and_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let (store, run) = filled(&folder, &[unit(0, 300, 500)]);
    let answer = store
        .query("SELECT id = :run AS same, 0.5 AS half, NULL AS missing, scenario FROM runs WHERE run_no = :run_no;", Some(run.no), 9)
        .unwrap();
    assert_eq!(answer.columns, ["same", "half", "missing", "scenario"]);
    let row = vec![Value::Integer(1), Value::Real(0.5), Value::Null, Value::Text("fashion-web-shop".into())];
    assert_eq!((answer.rows, answer.more), (vec![row], false));
    let some = store.query("SELECT shopper FROM visits", None, 10).unwrap();
    assert_eq!((some.rows.len(), some.more), (10, true));
    assert_eq!(serde_json::to_string(&some.rows[0]).unwrap(), "[0]");
}

/// Goal: no text that a person types can change the store or make a file.
#[test]
fn a_question_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = filled(&folder, &[unit(0, 300, 500)]);
    let before = fs::read(store.path()).unwrap();
    let elsewhere = folder.path().join("elsewhere.db");
    for sql in [
        "DELETE FROM runs",
        "SELECT 1; DELETE FROM runs",
        "WITH doomed AS (SELECT 1) DELETE FROM runs",
        "WITH a AS (SELECT 1) INSERT INTO totals SELECT 1, 'x', 1 RETURNING name",
        "PRAGMA user_version = 9",
        "VACUUM INTO 'elsewhere.db'",
        &format!("ATTACH '{}' AS other", elsewhere.display()),
        "",
    ] {
        let error = store.query(sql, None, 10).unwrap_err();
        assert!(matches!(error, StoreError::NotAQuestion { .. }), "{sql}: {error:?}");
    }
    assert!(!elsewhere.exists());
    assert_eq!(fs::read(store.path()).unwrap(), before);
}

#[test]
fn mistakes_are_answered_in_sqlites_words() {
    let folder = tempfile::tempdir().unwrap();
    let (store, run) = filled(&folder, &[unit(0, 300, 500)]);
    for (sql, words) in [
        ("SELECT colour FROM visits", "no such column: colour"),
        ("SELECT FROM", "syntax error"),
        ("SELECT * FROM visits WHERE shopper = ?", "only :run and :run_no"),
        ("SELECT :nobody", "only :run and :run_no"),
    ] {
        let error = store.query(sql, Some(run.no), 10).unwrap_err();
        assert!(matches!(error, StoreError::BadQuery { .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
    }
    let error = store.query("SELECT :run", None, 10).unwrap_err();
    assert!(matches!(error, StoreError::BadQuery { .. }), "no run was given: {error}");
}

#[test]
fn every_table_can_be_exported_for_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, run) = filled(&folder, &[unit(0, 300, 500), unit(1, 300, 500)]);
    let other = store.create_run(&new_run(1, Keep::Visits)).unwrap();
    store.write_unit(other.no, &unit(0, 300, 500), Keep::Visits).unwrap();
    for table in EXPORTS {
        let columns = store.export_columns(table).unwrap();
        assert_eq!(columns[..3], ["run", "world", "arm"], "{table}");
        let mut rows = Vec::new();
        store
            .export_rows(run.no, table, &mut |row| {
                rows.push(row);
                true
            })
            .unwrap();
        let count =
            store.query(&format!("SELECT count(*) FROM {table}_readable WHERE run = :run"), Some(run.no), 1);
        assert_eq!(count.unwrap().rows[0][0], Value::Integer(rows.len() as i64), "{table}");
        assert!(rows.len() > 7, "{table}: {}", rows.len());
        assert!(rows.iter().all(|row| row.len() == columns.len() && row[0] == Value::Text(run.id.clone())));
        assert!(
            rows.windows(2).all(|pair| number(&pair[0][1]) <= number(&pair[1][1])),
            "{table} is not sorted"
        );
        let mut first = 0;
        store
            .export_rows(run.no, table, &mut |_| {
                first += 1;
                first < 3
            })
            .unwrap();
        assert_eq!(first, 3);
    }
    let error = store.export_columns("runs; DROP TABLE runs").unwrap_err();
    assert!(matches!(&error, StoreError::NoSuchTable { allowed, .. } if allowed.len() == EXPORTS.len()));
}

fn number(value: &Value) -> i64 {
    match value {
        Value::Integer(number) => *number,
        other => panic!("{other:?} is not a whole number"),
    }
}

/// Goal: people read names and dates, and what they read is what was stored.
#[test]
fn readable_views_show_names_and_local_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut facts = unit(0, 300, 500);
    facts.arms[3].visits.truncate(1);
    let visit = &mut facts.arms[3].visits[0];
    visit.end = VisitEnd::Fished;
    visit.at = counterfoil_core::time::Time(182 * counterfoil_core::time::DAY_MS + 3_723_456);
    let (store, run) = filled(&folder, &[facts.clone()]);
    let text = |sql: &str| store.query(sql, Some(run.no), 1).unwrap().rows[0].clone();
    assert_eq!(
        text("SELECT began, phase, ended FROM visits_readable WHERE run = :run AND arm = 'realtime'"),
        ["2026-07-06 01:02:03", "horizon", "fished"].map(|t| Value::Text(t.into()))
    );
    assert_eq!(
        text(
            "SELECT min(date), max(date), min(day), max(day), sum(phase = 'horizon') FROM daily_readable WHERE arm = 'batch'"
        ),
        [
            Value::Text("2026-07-06".into()),
            Value::Text("2026-12-20".into()),
            Value::Integer(1),
            Value::Integer(168),
            Value::Integer(84)
        ]
    );
    assert_eq!(
        text("SELECT arms, worlds_stored, horizon_start FROM runs_readable"),
        [
            Value::Text("control, status-quo, batch, realtime".into()),
            Value::Integer(1),
            Value::Text("2026-07-06".into())
        ]
    );
    let totals = text("SELECT orders, contribution_minor FROM totals_readable WHERE arm = 'realtime'");
    let stored = facts.arms[3].totals;
    assert_eq!(totals, [Value::Integer(stored.orders), Value::Integer(stored.contribution)]);
    assert_eq!(
        text(
            "SELECT group_concat(DISTINCT shown), group_concat(DISTINCT reason) FROM
              (SELECT shown, reason FROM decisions_readable ORDER BY shown, reason)"
        ),
        ["free-shipping,reviews,ten-off", "frequency-cap,won"].map(|t| Value::Text(t.into()))
    );
    assert_eq!(
        text(
            "SELECT count(*) FROM needs_readable WHERE due < '2026-07-06' OR category NOT IN ('dresses', 'shoes', 'coats')"
        )[0],
        Value::Integer(0)
    );
}

/// One world of two arms' needs: `fates` by shopper, (in control, in realtime, reward in realtime, waited in realtime).
fn told(fates: &[(Fate, Fate, i64, bool)]) -> UnitFacts {
    let mut facts = unit(0, 300, 500);
    for arm in &mut facts.arms {
        arm.needs.clear();
        arm.offers.clear();
        arm.visits.clear();
    }
    for (shopper, &(control, realtime, reward, waited)) in fates.iter().enumerate() {
        let need = |fate, reward, waited| NeedFact {
            shopper: shopper as u32,
            category: 1,
            k: 2,
            due_day: 190,
            fate,
            order: None,
            waited,
            goods_margin: Money(if fate == Fate::Bought { 2_000 } else { 0 }),
            reward: Money(reward),
            logistics: Money(0),
        };
        // A need that stayed dormant leaves no row.
        for (arm, need) in [(0, need(control, 0, false)), (3, need(realtime, reward, waited))] {
            if need.fate != Fate::Dormant {
                facts.arms[arm].needs.push(need);
            }
        }
    }
    facts
}

fn found(store: &Store, run: RunNo, interest: Interest) -> Vec<ShopperHit> {
    let query = ShopperQuery {
        run,
        world: Some(0),
        arm_a: "realtime",
        arm_b: "control",
        interest,
        number_begins: "",
        limit: 100,
    };
    store.interesting_shoppers(query).unwrap()
}

#[test]
fn shoppers_are_found_by_what_happened_to_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut facts = told(&[
        (Fate::Bought, Fate::Bought, 300, false),
        (Fate::Lapsed, Fate::Bought, 200, false),
        (Fate::Bought, Fate::MetFromStock, 0, false),
        (Fate::Bought, Fate::Elsewhere, 0, false),
        (Fate::Bought, Fate::Bought, 0, true),
        (Fate::Dormant, Fate::Bought, 0, false),
        (Fate::Bought, Fate::Dormant, 0, false),
        (Fate::Lapsed, Fate::Open, 0, false),
    ]);
    let shown = facts.arms[3].decisions.iter().position(|d| d.shown.is_some()).unwrap();
    facts.arms[3].decisions = vec![facts.arms[3].decisions[shown]; 2];
    (facts.arms[3].decisions[0].shopper, facts.arms[3].decisions[0].number) = (1, 0);
    (facts.arms[3].decisions[1].shopper, facts.arms[3].decisions[1].number) = (4, 1);
    let mut fishing = unit(0, 300, 500).arms[3].visits[0];
    (fishing.shopper, fishing.end) = (4, VisitEnd::Fished);
    facts.arms[3].visits = vec![fishing];
    let (store, run) = filled(&folder, &[facts]);
    let shoppers =
        |interest| found(&store, run.no, interest).iter().map(|hit| hit.shopper).collect::<Vec<_>>();
    assert_eq!(shoppers(Interest::Subsidised), [0]);
    assert_eq!(shoppers(Interest::Incremental), [5, 1], "2,000 before 1,800");
    assert_eq!(shoppers(Interest::PulledForward), [2]);
    assert_eq!(shoppers(Interest::Lost), [3, 6]);
    assert_eq!(shoppers(Interest::Waited), [4]);
    assert_eq!(shoppers(Interest::Fished), [4]);
    assert_eq!(shoppers(Interest::Changed), [1], "shopper 4 was shown something, but bought all the same");
    let all = found(&store, run.no, Interest::Anything);
    assert_eq!(all.iter().map(|hit| hit.shopper).collect::<Vec<_>>(), [2, 3, 5, 6, 1, 0, 7, 4]);
    assert!(all[..7].iter().all(ShopperHit::differs) && !all[7].differs());
    let subsidised = &all[5];
    assert_eq!((subsidised.bought, subsidised.subsidised), ([1, 1], 1));
    assert_eq!(
        (subsidised.reward, subsidised.contribution),
        ([Money(300), Money(0)], [Money(1_700), Money(2_000)])
    );
}

#[test]
fn shoppers_are_narrowed_by_world_number_and_limit() {
    let folder = tempfile::tempdir().unwrap();
    let (store, run) = filled(&folder, &[unit(0, 300, 5_000), unit(1, 300, 5_000)]);
    let query = ShopperQuery {
        run: run.no,
        world: None,
        arm_a: "realtime",
        arm_b: "batch",
        interest: Interest::Anything,
        number_begins: "12",
        limit: 1_000,
    };
    let hits = store.interesting_shoppers(query).unwrap();
    assert!(hits.iter().any(|hit| hit.world == 0) && hits.iter().any(|hit| hit.world == 1));
    assert!(hits.len() > 10 && hits.iter().all(|hit| hit.shopper.to_string().starts_with("12")));
    let one_world = ShopperQuery { world: Some(1), number_begins: "", limit: 5, ..query };
    let hits = store.interesting_shoppers(one_world).unwrap();
    assert!(hits.len() == 5 && hits.iter().all(|hit| hit.world == 1));
    assert!(hits.windows(2).all(|pair| pair[0].count >= pair[1].count));
    for interest in Interest::ALL {
        let hits = store.interesting_shoppers(ShopperQuery { interest, ..one_world }).unwrap();
        assert!(!hits.is_empty(), "{} finds nobody", interest.name());
    }
    let wrong = ShopperQuery { arm_b: "hybrid", ..one_world };
    assert!(matches!(store.interesting_shoppers(wrong).unwrap_err(), StoreError::NoSuchArm { .. }));
}
