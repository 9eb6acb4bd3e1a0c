//! `runs`, `show`, `verify`, `report`, `chart`: what is stored, looked at again.

use counterfoil_api::dto::{ComparisonRequest, ExportFormat, FigureName, FigureRequest, Progress, Theme};
use counterfoil_api::{Difference, Verification};
use serde_json::json;

use super::reading;
use crate::Outcome;
use crate::args::{ChartArgs, FigureArg, ReportArgs, RunsArgs, ShowArgs, ThemeArg, VerifyArgs};
use crate::cancel::on_ctrl_c;
use crate::compare;
use crate::numbers::{grouped, seconds};
use crate::output::{print, print_json, require_ending, write_file};
use crate::progress::Teller;
use crate::table::{Side, Table};

/// Lists the runs.
pub(crate) fn runs(args: &RunsArgs) -> anyhow::Result<Outcome> {
    let api = reading(args.store.store.as_deref())?;
    if args.json.json {
        print_json(&api.runs_document()?)?;
        return Ok(Outcome::Fine);
    }
    let runs = api.list_runs()?;
    if runs.is_empty() {
        eprintln!("No runs yet in {}.", api.places().store.display());
        eprintln!("Start one:  counterfoil run fashion-web-shop --worlds 4 --shoppers 3000");
        return Ok(Outcome::Fine);
    }
    let right = Side::Right;
    let mut table = Table::new(&[
        ("run", Side::Left),
        ("scenario", Side::Left),
        ("worlds", right),
        ("shoppers", right),
        ("days", right),
        ("seed", right),
        ("status", Side::Left),
        ("started (UTC)", Side::Left),
        ("took", right),
    ]);
    for run in runs {
        let status = if run.units_done == run.units { "complete".to_owned() } else { "partial".to_owned() };
        let worlds = if run.units_done == run.units {
            run.units.to_string()
        } else {
            format!("{} of {}", run.units_done, run.units)
        };
        table.row(vec![
            run.id,
            run.scenario,
            worlds,
            grouped(f64::from(run.shoppers)),
            run.days.to_string(),
            run.seed.to_string(),
            status,
            run.created.unwrap_or_default(),
            seconds(run.seconds),
        ]);
    }
    print(&table.text())?;
    Ok(Outcome::Fine)
}

/// Prints the comparison of a run.
pub(crate) fn show(args: &ShowArgs) -> anyhow::Result<Outcome> {
    let api = reading(args.run.store.store.as_deref())?;
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
pub(crate) fn verify(args: &VerifyArgs) -> anyhow::Result<Outcome> {
    let api = reading(args.run.store.store.as_deref())?;
    let verified = if args.stored {
        api.verify_stored(&args.run.run)?
    } else {
        let cancel = on_ctrl_c()?;
        let teller = Teller::new();
        let tell = |progress: Progress| teller.tell(&progress);
        let done = api.verify(&args.run.run, args.threads, &tell, &cancel);
        teller.finish();
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
pub(crate) fn report(args: &ReportArgs) -> anyhow::Result<Outcome> {
    require_ending(&args.out, &["html"], "a report")?;
    let api = reading(args.run.store.store.as_deref())?;
    write_file(&args.out, &api.report_html(&args.run.run)?)?;
    Ok(Outcome::Fine)
}

/// Draws a figure.
pub(crate) fn chart(args: &ChartArgs) -> anyhow::Result<Outcome> {
    require_ending(&args.out, &["svg", "csv"], "a figure")?;
    let format = if args.out.extension().is_some_and(|ending| ending == "csv") {
        ExportFormat::Csv
    } else {
        ExportFormat::Svg
    };
    let api = reading(args.run.store.store.as_deref())?;
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
    write_file(&args.out, &api.export_figure(&request, format)?)?;
    Ok(Outcome::Fine)
}
