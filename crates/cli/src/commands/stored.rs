//! `runs`, `show`, `verify`, `report`, `chart`: what is stored, looked at again.

use std::path::Path;

use counterfoil_api::dto::{
    ComparisonRequest, ExportFormat, FigureName, FigureRequest, Progress, RunSummary, Theme,
};
use counterfoil_api::files::FileKind;
use counterfoil_api::{Difference, Verification, visible};
use serde_json::json;

use super::reading;
use crate::Outcome;
use crate::args::{ChartArgs, FigureArg, ReportArgs, RunsArgs, ShowArgs, ThemeArg, VerifyArgs};
use crate::cancel::on_ctrl_c;
use crate::compare;
use crate::output::{print, print_json, remark};
use crate::place::Place;
use crate::progress::ProgressLine;
use crate::table::{Side, Table};
use counterfoil_api::number::{count, seconds};

/// Lists the runs.
pub(crate) fn runs(args: &RunsArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let api = reading(store)?;
    if args.json.json {
        print_json(&api.runs_document(args.deleted)?)?;
        return Ok(Outcome::Fine);
    }
    let runs = if args.deleted { api.list_deleted()? } else { api.list_runs()? };
    if runs.is_empty() && args.deleted {
        remark("No deleted runs.");
        return Ok(Outcome::Fine);
    }
    if runs.is_empty() {
        remark(&format!("No runs yet in {}.", visible(&api.places().store.display().to_string())));
        remark("Start one:  counterfoil run fashion-web-shop --worlds 4 --shoppers 3000");
        return Ok(Outcome::Fine);
    }
    print(&listed(runs).text())?;
    Ok(Outcome::Fine)
}

/// One line per run. The column of names is there when a run has one.
fn listed(runs: Vec<RunSummary>) -> Table {
    let right = Side::Right;
    let named = runs.iter().any(|run| !run.name.is_empty());
    let mut columns = vec![
        ("run", Side::Left),
        ("scenario", Side::Left),
        ("worlds", right),
        ("shoppers", right),
        ("days", right),
        ("seed", right),
        ("status", Side::Left),
        ("started (UTC)", Side::Left),
        ("took", right),
    ];
    if named {
        columns.insert(1, ("name", Side::Left));
    }
    let mut table = Table::new(&columns);
    for run in runs {
        let status = if run.units_done == run.units { "complete".to_owned() } else { "partial".to_owned() };
        let worlds = if run.units_done == run.units {
            run.units.to_string()
        } else {
            format!("{} of {}", run.units_done, run.units)
        };
        let mut row = vec![
            run.id,
            run.scenario,
            worlds,
            count(run.shoppers),
            run.days.to_string(),
            run.seed.to_string(),
            status,
            run.created.unwrap_or_default(),
            seconds(run.seconds),
        ];
        if named {
            row.insert(1, run.name);
        }
        table.row(row);
    }
    table
}

/// Prints the comparison of a run.
pub(crate) fn show(args: &ShowArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let api = reading(store)?;
    if args.json.json {
        print_json(&api.document(&args.run.run)?)?;
    } else {
        let request = ComparisonRequest {
            run: args.run.run.clone(),
            reference: args.versus.clone(),
            arm: args.arm.clone(),
        };
        print(&compare::text(&api.comparison(&request)?))?;
    }
    Ok(Outcome::Fine)
}

/// Simulates a run again and compares.
pub(crate) fn verify(args: &VerifyArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let api = reading(store)?;
    let verified = if args.stored {
        api.verify_stored(&args.run.run)?
    } else {
        let cancel = on_ctrl_c();
        let progress_line = ProgressLine::new();
        let report = |progress: Progress| progress_line.report(&progress);
        let done = api.verify(&args.run.run, args.threads, &report, &cancel);
        progress_line.finish();
        done?
    };
    if args.json.json {
        print_json(&document(&verified))?;
    } else {
        print(&verdict(&verified))?;
    }
    Ok(match (verified.differences.is_empty(), verified.cancelled) {
        (false, _) => Outcome::Changed,
        (true, true) => Outcome::Cancelled,
        (true, false) => Outcome::Fine,
    })
}

fn verdict(verified: &Verification) -> String {
    let Verification { run, worlds, arms, simulated, differences, cancelled } = verified;
    let mut text = String::new();
    if *cancelled {
        text.push_str("Cancelled before all worlds were simulated again.\n");
    }
    if differences.is_empty() {
        text.push_str(&if *simulated {
            format!("Run {run} is what it says: {worlds} worlds with {arms} arms simulated again, every row equal.\n")
        } else {
            format!(
                "Run {run} is as it was stored: {worlds} worlds with {arms} arms, every digest equal. Nothing was simulated: \
                 this finds accidents, not forgers.\n"
            )
        });
        return text;
    }
    let count = differences.len();
    let plural = if count == 1 { "difference" } else { "differences" };
    text.push_str(&format!("Run {run} is not what it says: {count} {plural}, each with the first row.\n"));
    let mut table = Table::new(&[
        ("world", Side::Right),
        ("arm", Side::Left),
        ("table", Side::Left),
        ("what", Side::Left),
        ("stored", Side::Left),
        (if *simulated { "simulated now" } else { "as written" }, Side::Left),
    ]);
    for difference in differences {
        let world = difference.world.map_or_else(String::new, |world| world.to_string());
        let Difference { arm, table: of, what, stored, found, .. } = difference;
        table.row(vec![world, arm.clone(), of.clone(), what.clone(), stored.clone(), found.clone()]);
    }
    text + &table.text()
}

fn document(verified: &Verification) -> serde_json::Value {
    let difference = |one: &Difference| {
        json!({ "arm": one.arm, "world": one.world, "table": one.table, "what": one.what, "stored": one.stored,
                "found": one.found })
    };
    json!({
        "format": 1, "run": verified.run, "worlds": verified.worlds, "arms": verified.arms,
        "simulated": verified.simulated,
        "equal": verified.differences.is_empty() && !verified.cancelled, "cancelled": verified.cancelled,
        "differences": verified.differences.iter().map(difference).collect::<Vec<_>>(),
    })
}

/// Writes the report.
pub(crate) fn report(args: &ReportArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let api = reading(store)?;
    let place = Place::of(&api, &args.run.run, &args.out, &[("html", FileKind::Html)], "a report")?;
    place.write_text(&api.report_html(&args.run.run)?)
}

/// Draws a figure.
pub(crate) fn chart(args: &ChartArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let api = reading(store)?;
    let kinds = [("svg", FileKind::Svg), ("csv", FileKind::Csv)];
    let place = Place::of(&api, &args.run.run, &args.out, &kinds, "a figure")?;
    let format = if place.kind() == FileKind::Csv { ExportFormat::Csv } else { ExportFormat::Svg };
    let request = FigureRequest {
        run: args.run.run.clone(),
        name: match args.figure {
            FigureArg::Headline => FigureName::Headline,
            FigureArg::Daily => FigureName::Daily,
            FigureArg::Cumulative => FigureName::Cumulative,
            FigureArg::Bridge => FigureName::Bridge,
        },
        reference: args.versus.clone(),
        arms: args.arm.clone(),
        theme: match args.theme {
            ThemeArg::Light => Theme::Light,
            ThemeArg::Dark => Theme::Dark,
        },
    };
    place.write_text(&api.export_figure(&request, format)?)
}
