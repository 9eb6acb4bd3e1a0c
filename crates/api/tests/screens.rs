//! What the window and the report show of a finished run: comparison, figures, report, shoppers, replay, live.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use counterfoil_api::dto::{
    ComparisonRequest, ErrorCode, ExportFormat, FigureName, FigureRequest, Guess, LiveControl, LiveRequest,
    LiveState, Progress, ReplayRequest, RunRequest, RunStatus, RunSummary, ShopperQuery, Theme, Tone,
};
use counterfoil_api::{Api, RunOptions};

fn finished(folder: &Path) -> (Api, RunSummary) {
    let api = Api::open(Some(&folder.join("counterfoil.db"))).unwrap();
    let mut options = RunOptions::new("fashion-web-shop");
    let flags = &mut options.overrides;
    (flags.worlds, flags.shoppers) = (Some(2), Some(400));
    flags.warmup = Some("14".to_owned());
    flags.history = Some("21".to_owned());
    flags.days = Some("28".to_owned());
    flags.probe = Some("28".to_owned());
    options.cover_until_guess = true;
    let summary = api.run(&options, &|_: Progress| {}, &AtomicBool::new(false)).unwrap();
    (api, summary)
}

fn figure(run: &str, name: FigureName) -> FigureRequest {
    FigureRequest { run: run.to_owned(), name, reference: None, arms: Vec::new(), theme: Theme::Light }
}

/// Goal: one run answers every screen, and what the screens say agrees with each other.
#[test]
fn every_screen_of_a_finished_run() {
    let folder = tempfile::tempdir().unwrap();
    let (api, run) = finished(folder.path());
    assert_eq!((run.status, run.covered), (RunStatus::Complete, true));
    let request = ComparisonRequest { run: "latest".to_owned(), reference: None, arm: None };
    let comparison = api.comparison(&request).unwrap();
    assert_eq!((comparison.arm.as_str(), comparison.reference.as_str()), ("realtime", "batch"));
    assert_eq!(comparison.sentence.ranges.len(), 3);
    assert_eq!(comparison.sentence.text, comparison.sentence.ranges[0].text);
    let per_shopper = comparison.sentence.ranges[0].interval.unwrap().mean;
    let per_1000 = comparison.sentence.ranges[1].interval.unwrap().mean;
    assert!((per_shopper * 1000.0 - per_1000).abs() < 1e-9);
    assert_eq!(comparison.payback.len(), 3);
    assert!(comparison.dependency[0].text.starts_with("The yardstick"));
    assert!(comparison.arms.iter().all(|arm| arm.metrics.len() == comparison.metrics.len()));
    assert!(comparison.arms[0].note.as_ref().unwrap().contains("withdrawal"));
    for name in [FigureName::Headline, FigureName::Daily, FigureName::Cumulative, FigureName::Bridge] {
        let drawn = api.figure(&figure(&run.id, name)).unwrap();
        assert!(drawn.svg.starts_with("<svg") && !drawn.marks.is_empty() && !drawn.table.rows.is_empty());
        let csv = api.export_figure(&figure(&run.id, name), ExportFormat::Csv).unwrap();
        assert_eq!(csv.lines().count(), drawn.table.rows.len() + 1);
        let svg = api.export_figure(&figure(&run.id, name), ExportFormat::Svg).unwrap();
        assert!(svg.contains(&run.seed.to_string()), "the stamp is inside");
    }
    let differences = api.export_differences(&run.id).unwrap();
    assert_eq!(differences.lines().count(), comparison.differences.len() + 1);
    guessing(&api, &run);
}

/// Goal: a pair that is picked the other way round is judged against its own reference, not by turning a verdict, and every
/// number of the page is finished text.
#[test]
fn the_page_says_each_pair_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let (api, run) = finished(folder.path());
    let page = |arm: &str, reference: &str| {
        let (arm, reference) = (Some(arm.to_owned()), Some(reference.to_owned()));
        api.comparison_page(&ComparisonRequest { run: run.id.clone(), reference, arm }).unwrap()
    };
    let (straight, turned) = (page("batch", "status-quo"), page("status-quo", "batch"));
    assert_eq!(straight.arms.len(), 4);
    let mut seen = 0;
    for (one, other) in straight.groups.iter().zip(&turned.groups) {
        for (one, other) in one.rows.iter().zip(&other.rows) {
            assert_eq!((&one.levels, one.levels.len()), (&other.levels, 4), "{}", one.id);
            let (Some(one), Some(other)) = (&one.difference, &other.difference) else { continue };
            assert_eq!(mirrored(&one.value), other.value);
            assert_eq!(one.tone == Tone::Plain, other.tone == Tone::Plain);
            assert!(one.tone == Tone::Plain || one.tone != other.tone);
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen} metrics have a difference");
    let json = serde_json::to_value(&straight).unwrap();
    let mut numbers = Vec::new();
    numbers_of("", &json, &mut numbers);
    assert!(numbers.iter().all(|place| place.ends_with("/index")), "{numbers:?}");
    assert_eq!(straight.needs[2].classes.len(), 6);
}

/// `+1` for `−1` and the other way round.
fn mirrored(text: &str) -> String {
    match text.strip_prefix('+') {
        Some(rest) => format!("\u{2212}{rest}"),
        None => text.strip_prefix('\u{2212}').map_or_else(|| text.to_owned(), |rest| format!("+{rest}")),
    }
}

fn numbers_of(place: &str, json: &serde_json::Value, found: &mut Vec<String>) {
    match json {
        serde_json::Value::Number(_) => found.push(place.to_owned()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| numbers_of(place, item, found)),
        serde_json::Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| numbers_of(&format!("{place}/{name}"), value, found));
        }
        _ => {}
    }
}

fn guessing(api: &Api, run: &RunSummary) {
    let guess = Guess { arm: "batch".to_owned(), sure: 3 };
    let wrong = Guess { arm: "nobody".to_owned(), sure: 3 };
    assert_eq!(api.store_guess(&run.id, &wrong).unwrap_err().code, ErrorCode::InvalidInput);
    api.store_guess(&run.id, &guess).unwrap();
    assert_eq!(api.store_guess(&run.id, &guess).unwrap_err().code, ErrorCode::InvalidInput);
    assert!(!api.summary(&run.id).unwrap().covered);
    api.delete_run(&run.id).unwrap();
    assert!(api.list_runs().unwrap().is_empty());
    assert_eq!(api.undelete_run(&run.id).unwrap().id, run.id);
    let request = ComparisonRequest {
        run: run.id.clone(),
        reference: Some("control".into()),
        arm: Some("batch".into()),
    };
    let comparison = api.comparison(&request).unwrap();
    let said = api.comparison_page(&request).unwrap().guess.unwrap();
    assert!(said.text.starts_with("You expected batch to earn most (3 of 5 sure). "), "{}", said.text);
    assert!(comparison.sentence.text.contains("doing without promotions"), "{}", comparison.sentence.text);
}

/// Goal: the report is one file without script or foreign resource, and says the claim, the doubt and the stamp.
#[test]
fn the_report_stands_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (api, run) = finished(folder.path());
    let html = api.report_html(&run.id).unwrap();
    let request = ComparisonRequest { run: run.id.clone(), reference: None, arm: None };
    let claim = api.comparison(&request).unwrap().sentence.text;
    for wanted in
        [claim.as_str(), run.scenario_hash.as_str(), "What they cannot tell", "prefers-color-scheme: dark"]
    {
        assert!(html.contains(wanted), "{wanted}");
    }
    for unwanted in ["<script", "src=\"http", "href=\"http", "url(", "@import", "{{", "{%"] {
        assert!(!html.contains(unwanted), "{unwanted}");
    }
    assert!(html.matches("<svg").count() >= 6, "headline, cumulative, daily and three bridges");
    if let Some(folder) = std::env::var_os("COUNTERFOIL_REPORTS") {
        std::fs::write(Path::new(&folder).join("report.html"), html).unwrap();
    }
}

/// Goal: a shopper who differs is found, and her replay says where the arms part and why each decision fell.
#[test]
fn a_shopper_under_two_arms() {
    let folder = tempfile::tempdir().unwrap();
    let (api, run) = finished(folder.path());
    let query = ShopperQuery {
        run: run.id.clone(),
        world: 0,
        arm_a: "realtime".to_owned(),
        arm_b: "status-quo".to_owned(),
        search: String::new(),
        limit: 20,
    };
    let hits = api.shoppers(&query).unwrap();
    assert!(hits.first().unwrap().differs && hits.len() == 20);
    let shopper = hits[0].shopper;
    let request = ReplayRequest {
        run: run.id.clone(),
        world: 0,
        shopper,
        arm_a: query.arm_a.clone(),
        arm_b: query.arm_b.clone(),
    };
    let replay = api.replay(&request).unwrap();
    assert_eq!(replay.note, None);
    let names: Vec<&str> = replay.arms.iter().map(|arm| arm.arm.as_str()).collect();
    assert_eq!(names, ["realtime", "status-quo"]);
    let divergence = replay.divergence.as_ref().unwrap();
    let before = |arm: &counterfoil_api::dto::ReplayArm| {
        arm.entries.iter().all(|entry| entry.time_ms >= divergence.time_ms || !entry.differs)
    };
    assert!(replay.arms.iter().all(before));
    assert!((replay.arms[0].contribution - replay.arms[1].contribution - hits[0].difference).abs() < 1e-9);
    assert!(replay.arms[0].decisions.iter().any(|decision| !decision.losers.is_empty()));
    assert!(replay.traits.len() > 8);
    assert_eq!(api.replay(&request).unwrap(), replay, "the second look comes from the store and is the same");
    assert_eq!(api.replay_all(&run.id, 0, shopper).unwrap().arms.len(), 4);
    let nobody = ReplayRequest { shopper: 400, ..request };
    assert_eq!(api.replay(&nobody).unwrap_err().code, ErrorCode::NotFound);
}

/// Goal: a live session prepares, shows what happens, can be steered and stops when told.
#[test]
fn live_can_be_watched_and_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let api = Api::open(Some(&folder.path().join("counterfoil.db"))).unwrap();
    let request = LiveRequest {
        scenario: "fashion-web-shop".to_owned(),
        policy: "realtime".to_owned(),
        shoppers: 300,
        seed: 1,
        speed: 1_000,
    };
    let control = LiveControl {
        stop: AtomicBool::new(false),
        paused: AtomicBool::new(false),
        speed: AtomicU32::new(1_000),
    };
    let states = Mutex::new(Vec::new());
    let listen = |state: LiveState| {
        let mut states = states.lock().unwrap();
        let under_way = states.iter().filter(|state: &&LiveState| !state.preparing).count();
        control.stop.fetch_or(under_way > 12, Ordering::Relaxed);
        states.push(state);
    };
    api.live(&request, &listen, &control).unwrap();
    let states = states.into_inner().unwrap();
    assert!(states.last().unwrap().finished);
    let clocks: Vec<&String> =
        states.iter().filter(|state| !state.preparing).map(|state| &state.clock).collect();
    assert!(
        clocks.windows(2).all(|pair| pair[0] <= pair[1]) && clocks.first() != clocks.last(),
        "{clocks:?}"
    );
}

/// Goal: the estimate comes from a run on this machine as soon as there is one, and grows with the work.
#[test]
fn estimates_come_from_the_last_run() {
    let folder = tempfile::tempdir().unwrap();
    let request = RunRequest {
        scenario: "fashion-web-shop".to_owned(),
        policies: Vec::new(),
        worlds: 2,
        shoppers: 1_000,
        days: 28,
        seed: 1,
        threads: Some(1),
        cover_until_guess: false,
        keep_all_visits: false,
    };
    let empty = Api::open(Some(&folder.path().join("empty.db"))).unwrap();
    assert!(!empty.estimate(&request).unwrap().measured);
    let (api, _) = finished(folder.path());
    let estimate = api.estimate(&request).unwrap();
    let larger = api.estimate(&RunRequest { worlds: 4, ..request }).unwrap();
    assert!(estimate.measured && estimate.seconds > 0.0 && estimate.bytes > 0);
    assert!((larger.seconds / estimate.seconds - 2.0).abs() < 1e-6);
}

/// Goal: one world says nothing about how sure a difference is, and the sentence says so.
#[test]
fn one_world_claims_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let api = Api::open(Some(&folder.path().join("counterfoil.db"))).unwrap();
    let mut options = RunOptions::new("placebo");
    let flags = &mut options.overrides;
    (flags.worlds, flags.shoppers) = (Some(1), Some(200));
    (flags.warmup, flags.days, flags.probe) = (Some("7".into()), Some("14".into()), Some("14".into()));
    let run = api.run(&options, &|_: Progress| {}, &AtomicBool::new(false)).unwrap();
    let request = ComparisonRequest { run: run.id, reference: None, arm: None };
    let comparison = api.comparison(&request).unwrap();
    assert_eq!(comparison.sentence.verdict.label(), "not enough worlds");
    assert!(comparison.sentence.text.contains("run at least two"), "{}", comparison.sentence.text);
    assert!(comparison.payback.is_empty(), "there is no status quo to pay back against");
}
