//! The command line of the campaign.
#![allow(
    clippy::disallowed_methods,
    reason = "nothing is simulated here; the clock makes a seed where none is given"
)]

use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::campaign::{Order, campaign};
use crate::inner;
use crate::kinds::{KINDS, named};

const USAGE: &str = "\
Usage: counterfoil-torture --counterfoil PROGRAM [options]

  --counterfoil FILE   the built program
  --minutes N          how long, may be fractional [default: 10]
  --seed S             luck of all tries [default: from the clock]
  --only KIND[,KIND]   these kinds alone
  --try N              this one try of --only, again
  --folder DIR         where failed tries are kept [default: torture below the system's temporary folder]
  --markdown           print nothing but the table at the end
";

/// Reads the arguments and does what they say: 0 nothing failed, 1 something did, 2 usage, 3 nothing could be tried.
pub(crate) fn start() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|word| word == "--help" || word == "-h") {
        print!("{USAGE}\nKinds:\n");
        KINDS.iter().for_each(|kind| println!("  {:<18} {}", kind.name, kind.what));
        return ExitCode::SUCCESS;
    }
    let done = match value(&arguments, "--inner") {
        Some(kind) => child(&arguments, &kind),
        None => parent(&arguments),
    };
    done.unwrap_or_else(|fault| {
        eprintln!("error: {fault}");
        ExitCode::from(2)
    })
}

fn value(arguments: &[String], flag: &str) -> Option<String> {
    let place = arguments.iter().position(|word| word == flag)?;
    arguments.get(place + 1).cloned()
}

fn number<T: FromStr>(arguments: &[String], flag: &str, default: T) -> Result<T, String> {
    let Some(text) = value(arguments, flag) else { return Ok(default) };
    text.parse().map_err(|_| format!("{flag} is {text}, but a number is wanted"))
}

fn child(arguments: &[String], kind: &str) -> Result<ExitCode, String> {
    let kind = inner::kind(kind)?;
    let folder = PathBuf::from(value(arguments, "--folder").ok_or("--folder is missing")?);
    let from = number(arguments, "--from", 0)?;
    let seconds: f64 = number(arguments, "--seconds", 1.0)?;
    let seed = number(arguments, "--seed", 0)?;
    let to = if seconds > 0.0 { u64::MAX } else { from + 1 };
    inner::child(kind, seed, (from, to), &folder, seconds)?;
    Ok(ExitCode::SUCCESS)
}

fn parent(arguments: &[String]) -> Result<ExitCode, String> {
    let program = PathBuf::from(
        value(arguments, "--counterfoil").ok_or_else(|| format!("--counterfoil is missing\n\n{USAGE}"))?,
    );
    let minutes: f64 = number(arguments, "--minutes", 10.0)?;
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_secs());
    let seed = number(arguments, "--seed", clock)?;
    let only: Vec<String> = value(arguments, "--only")
        .map(|list| list.split(',').map(str::to_owned).collect())
        .unwrap_or_default();
    if let Some(unknown) = only.iter().find(|name| named(name).is_none()) {
        let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        return Err(format!("--only names `{unknown}`, but kinds are {}", kinds.join(", ")));
    }
    let number =
        value(arguments, "--try").map(|text| text.parse().map_err(|_| "--try wants a number")).transpose()?;
    let folder = value(arguments, "--folder")
        .map_or_else(|| std::env::temp_dir().join("counterfoil-torture"), PathBuf::from);
    let folder = folder.join(format!("seed-{seed}"));
    let order = Order {
        program,
        seed,
        time: Duration::from_secs_f64(minutes.clamp(0.05, 10_000.0) * 60.0),
        only,
        number,
        folder,
    };
    if !arguments.iter().any(|word| word == "--markdown") {
        println!("Seed {seed}, {minutes} minutes; failed tries are kept in {}", order.folder.display());
    }
    let (failures, table) = campaign(&order)?;
    println!("\n{table}");
    if failures == 0 {
        let _ = std::fs::remove_dir(&order.folder);
        println!("Nothing failed (seed {seed}).");
        return Ok(ExitCode::SUCCESS);
    }
    println!("{failures} tries failed (seed {seed}).");
    Ok(ExitCode::from(1))
}
