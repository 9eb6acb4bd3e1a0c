//! How much of each visit is kept changes no metric, no chart and no digest; the sample is the same people in every arm.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use counterfoil_api::dto::{ExportFormat, FigureName, FigureRequest, Progress, Theme};
use counterfoil_api::{Api, Keep, RunOptions, Value};

fn quiet(_: Progress) {}

/// A run of worlds larger than the sample.
fn run(folder: &Path, keep: Keep) -> (Api, String) {
    let api = Api::open(Some(&folder.join(keep.name()).join("counterfoil.db"))).unwrap();
    let mut options = RunOptions { keep, threads: Some(2), ..RunOptions::new("deal-hunters") };
    options.overrides.worlds = Some(2);
    options.overrides.shoppers = Some(4_000);
    options.overrides.days = Some("14".into());
    options.overrides.history = Some("28".into());
    options.overrides.probe = Some("14".into());
    let run = api.run(&options, &quiet, &AtomicBool::new(false)).unwrap().id;
    (api, run)
}

/// Everything that people see of a run, without its id and the time it took.
fn seen(api: &Api, run: &str) -> Vec<String> {
    let document = serde_json::to_value(api.document(run).unwrap()).unwrap();
    let parts = ["arms", "differences", "truth"].map(|part| document[part].to_string());
    let mut seen: Vec<String> = parts.into_iter().collect();
    seen.push(document["run"]["result_hash"].to_string());
    for name in [FigureName::Headline, FigureName::Daily, FigureName::Cumulative, FigureName::Bridge] {
        let request =
            FigureRequest { run: run.into(), name, reference: None, arms: Vec::new(), theme: Theme::Light };
        seen.push(api.export_figure(&request, ExportFormat::Svg).unwrap());
    }
    seen.push(serde_json::to_string(&api.replay_all(run, 1, 77).unwrap().arms).unwrap());
    seen
}

fn numbers(api: &Api, run: &str, sql: &str) -> Vec<i64> {
    let whole =
        |value: &Value| if let Value::Integer(number) = value { *number } else { panic!("{value:?}") };
    api.sql(Some(run), sql, 100_000).unwrap().rows.iter().map(|row| whole(&row[0])).collect()
}

#[test]
fn everything_seen_is_the_same_whatever_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (visits, run_visits) = run(folder.path(), Keep::Visits);
    let expected = seen(&visits, &run_visits);
    for keep in [Keep::Summary, Keep::Sample] {
        let (api, run) = run(folder.path(), keep);
        for (number, (found, expected)) in seen(&api, &run).iter().zip(&expected).enumerate() {
            assert_eq!(found, expected, "part {number} with --keep {}", keep.name());
        }
        let verified = api.verify(&run, Some(2), &quiet, &AtomicBool::new(false)).unwrap();
        assert_eq!((verified.worlds, verified.differences), (2, Vec::new()), "verified under its own keep");
        assert_eq!(api.verify_stored(&run).unwrap().differences, []);
    }
}

#[test]
fn the_sample_is_the_same_people_in_every_arm_with_the_stated_probability() {
    let folder = tempfile::tempdir().unwrap();
    let (visits, all) = run(folder.path(), Keep::Visits);
    let (sampled, some) = run(folder.path(), Keep::Sample);
    assert_eq!(
        numbers(&sampled, &some, "SELECT visits_kept_ppm FROM runs_readable WHERE run = :run"),
        [250_000]
    );
    assert_eq!(
        numbers(&visits, &all, "SELECT visits_kept_ppm FROM runs_readable WHERE run = :run"),
        [1_000_000]
    );
    let people = |api: &Api, run: &str, arm: &str| -> BTreeSet<i64> {
        let sql =
            format!("SELECT shopper FROM visits_readable WHERE run = :run AND world = 1 AND arm = '{arm}'");
        numbers(api, run, &sql).into_iter().collect()
    };
    let (every, kept) = (people(&visits, &all, "control"), people(&sampled, &some, "control"));
    let share = kept.len() as f64 / every.len() as f64;
    // Four standard errors of a binomial share.
    let error = 4.0 * (0.25 * 0.75 / every.len() as f64).sqrt();
    assert!((share - 0.25).abs() < error, "{share} of {} visitors, 0.25 +- {error}", every.len());
    for arm in ["batch", "realtime"] {
        let here = people(&sampled, &some, arm);
        let anywhere: BTreeSet<i64> = people(&visits, &all, arm).intersection(&every).copied().collect();
        let (of_control, of_arm): (Vec<_>, Vec<_>) = (
            anywhere.iter().filter(|shopper| kept.contains(shopper)).collect(),
            anywhere.iter().filter(|shopper| here.contains(shopper)).collect(),
        );
        assert!(of_arm.len() > 100);
        assert_eq!(of_control, of_arm, "who visits in both arms is kept in both or in neither");
    }
    let rows = "SELECT count(*) FROM visits_readable WHERE run = :run AND arm = 'realtime' AND shopper IN
                (SELECT shopper FROM visits_readable WHERE run = :run)";
    assert!(numbers(&sampled, &some, rows)[0] > 0);
    let whole = "SELECT max(at_ms) FROM visits_readable WHERE run = :run AND world = 1 AND arm = 'control' AND shopper = ";
    for shopper in kept.iter().take(20) {
        let sql = format!("{whole}{shopper}");
        assert_eq!(numbers(&sampled, &some, &sql), numbers(&visits, &all, &sql), "all her visits are kept");
    }
}
