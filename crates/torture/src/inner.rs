//! Tries within a process of our own: this program starts itself, so that a crash, a hang or a hungry text ends the
//! child and names the try.
//!
//! The child writes the number of the try it is at into a file before each; the parent reads it when the child is gone or
//! stands still.
#![allow(clippy::disallowed_methods, reason = "nothing is simulated here; the limit of a try is real time")]

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::dice::Dice;
use crate::ground::Ground;
use crate::kinds::{How, Kind, named};
use crate::stock::Stock;

/// How long one try may take before it is a failure, and before the child is killed.
const SLOW: Duration = Duration::from_secs(3);
const STUCK: Duration = Duration::from_secs(20);
/// Memory of a child.
const MEMORY: u64 = 3 << 30;

/// What a child did: tries, and failures by number.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub tries: u64,
    pub failures: Vec<(u64, String)>,
}

/// The child: tries of one kind from a number on, for so many seconds or until `to`.
pub(crate) fn child(
    kind: &Kind,
    seed: u64,
    (from, to): (u64, u64),
    folder: &Path,
    seconds: f64,
) -> Result<(), String> {
    let How::Inner(attempt) = kind.how else {
        return Err(format!("{} is no kind of tries in process", kind.name));
    };
    let _ = setrlimit(Resource::As, Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) });
    let read = |name: &str| fs::read(folder.join(name)).map_err(|error| format!("{name}: {error}"));
    let texts = serde_json::from_slice(&read("texts.json")?).map_err(|error| error.to_string())?;
    let stock =
        Stock { texts, store: read("small.db")?, folder: folder.to_owned(), input: RefCell::default() };
    let at = File::create(folder.join("at")).map_err(|error| error.to_string())?;
    let mut said = File::create(folder.join("failures")).map_err(|error| error.to_string())?;
    let heard = hear_panics();
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    for number in from..to {
        at.write_all_at(&number.to_le_bytes(), 0).map_err(|error| error.to_string())?;
        let start = Instant::now();
        let mut dice = Dice::of(seed, kind.name, number);
        let outcome = catch_unwind(AssertUnwindSafe(|| attempt(&stock, &mut dice)));
        let took = start.elapsed();
        let fault = match outcome {
            Err(_) => {
                Some(format!("panicked: {}", heard.lock().map(|text| text.clone()).unwrap_or_default()))
            }
            Ok(Err(fault)) => Some(fault),
            Ok(Ok(())) if took > SLOW => Some(format!("took {:.1} s", took.as_secs_f64())),
            Ok(Ok(())) => None,
        };
        if let Some(fault) = fault {
            let line = serde_json::json!([number, fault]);
            writeln!(said, "{line}").map_err(|error| error.to_string())?;
            let kept = folder.join("inputs").join(number.to_string());
            fs::write(kept, &*stock.input.borrow()).map_err(|error| error.to_string())?;
        }
        if Instant::now() >= end {
            break;
        }
    }
    File::create(folder.join("end")).map(|_| ()).map_err(|error| error.to_string())
}

/// Keeps the last panic's words instead of printing them.
fn hear_panics() -> &'static Mutex<String> {
    static HEARD: Mutex<String> = Mutex::new(String::new());
    std::panic::set_hook(Box::new(|info| {
        if let Ok(mut heard) = HEARD.lock() {
            *heard = info.to_string();
        }
    }));
    &HEARD
}

/// The folder of a child.
pub(crate) fn place(ground: &Ground, name: &str) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { memory } else { &ground.folder };
    base.join(format!("counterfoil-torture-{}-{name}", std::process::id()))
}

/// Lays it out.
pub(crate) fn lay(ground: &Ground, small: &[u8], name: &str) -> Result<PathBuf, String> {
    let folder = place(ground, name);
    fs::create_dir_all(folder.join("inputs")).map_err(|error| error.to_string())?;
    fs::create_dir_all(folder.join("scenarios")).map_err(|error| error.to_string())?;
    let texts = serde_json::to_vec(&ground.texts).map_err(|error| error.to_string())?;
    fs::write(folder.join("texts.json"), texts).map_err(|error| error.to_string())?;
    fs::write(folder.join("small.db"), small).map_err(|error| error.to_string())?;
    Ok(folder)
}

/// Lets a child work for so long, and says what it did.
pub(crate) fn batch(kind: &str, seed: u64, from: u64, folder: &Path, time: Duration) -> Result<Done, String> {
    for name in ["at", "failures", "end"] {
        let _ = fs::remove_file(folder.join(name));
    }
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(own);
    command.args(["--inner", kind, "--seed", &seed.to_string(), "--from", &from.to_string()]);
    command.arg("--folder").arg(folder).args(["--seconds", &time.as_secs_f64().to_string()]);
    command.env("HOME", folder).stdin(Stdio::null()).stdout(Stdio::null());
    let says = File::create(folder.join("err")).map_err(|error| error.to_string())?;
    let mut child = command.stderr(says).spawn().map_err(|error| error.to_string())?;
    let stuck = watch(&mut child, folder, from);
    Ok(done(folder, from, stuck, &mut child))
}

/// Where the child is.
fn position(folder: &Path) -> Option<u64> {
    let bytes = fs::read(folder.join("at")).ok()?;
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

/// Waits for the child; true if it stood still and was killed.
fn watch(child: &mut Child, folder: &Path, from: u64) -> bool {
    let (mut last, mut since) = (from, Instant::now());
    loop {
        if !matches!(child.try_wait(), Ok(None)) {
            return false;
        }
        let now = position(folder).unwrap_or(from);
        if now != last {
            (last, since) = (now, Instant::now());
        } else if since.elapsed() > STUCK {
            let _ = child.kill();
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn done(folder: &Path, from: u64, stuck: bool, child: &mut Child) -> Done {
    let status = child.wait().map(|status| status.to_string()).unwrap_or_default();
    let ended = folder.join("end").exists();
    let reached = position(folder);
    let tries = reached.map_or(0, |reached| reached + 1 - from);
    let lines = fs::read_to_string(folder.join("failures")).unwrap_or_default();
    let mut failures: Vec<(u64, String)> =
        lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    if !ended {
        let err = fs::read_to_string(folder.join("err")).unwrap_or_default();
        let why = if stuck {
            "stood still and was killed".to_owned()
        } else {
            format!("ended the process ({status})")
        };
        failures
            .push((reached.unwrap_or(from), format!("{why}: {}", err.chars().take(500).collect::<String>())));
    }
    Done { tries: tries.max(1), failures }
}

/// The kind of this name, if its tries are in process.
pub(crate) fn kind(name: &str) -> Result<&'static Kind, String> {
    named(name)
        .filter(|kind| matches!(kind.how, How::Inner(_)))
        .ok_or_else(|| format!("there is no kind `{name}` in process"))
}
