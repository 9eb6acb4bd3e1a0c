//! The campaign: tries of all kinds until the time is over, every failure said with what repeats it.
#![allow(clippy::disallowed_methods, reason = "nothing is simulated here; a campaign lasts so many minutes")]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::dice::Dice;
use crate::ground::Ground;
use crate::inner;
use crate::kinds::{How, KINDS, Kind, OnProgram, Tried};
use crate::program::words;
use crate::tally::Tally;

/// Failures of one kind that are told and whose folders are kept; all are counted.
const TOLD_MAX: u64 = 25;
/// How long a child works before it is started anew.
const BATCH: Duration = Duration::from_secs(10);

/// What to do.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// The built program.
    pub program: PathBuf,
    pub seed: u64,
    pub time: Duration,
    /// Kinds; empty: all.
    pub only: Vec<String>,
    /// This one try instead of a campaign.
    pub number: Option<u64>,
    /// Where failed tries are kept.
    pub folder: PathBuf,
}

struct State {
    tally: Tally,
    /// Next number by kind, and the time that its tries took or may take.
    next: Vec<(u64, f64)>,
}

struct Campaign<'a> {
    order: &'a Order,
    ground: Ground,
    small: Vec<u8>,
    state: Mutex<State>,
    end: Instant,
}

/// Does it and says how many tries failed, with the table.
pub(crate) fn campaign(order: &Order) -> Result<(u64, String), String> {
    fs::create_dir_all(&order.folder).map_err(|error| format!("{}: {error}", order.folder.display()))?;
    let program =
        order.program.canonicalize().map_err(|error| format!("{}: {error}", order.program.display()))?;
    let folder = order.folder.canonicalize().map_err(|error| error.to_string())?;
    let end = Instant::now() + order.time;
    let ground = Ground::prepare(&program, &folder)
        .map_err(|fault| format!("the ground could not be laid: {fault}"))?;
    let small = small_store(&ground)?;
    let wanted = |kind: &&Kind| order.only.is_empty() || order.only.iter().any(|name| name == kind.name);
    let tally = Tally::of(KINDS.iter().filter(wanted).map(|kind| (kind.name, kind.what)));
    let next = KINDS.iter().map(|kind| (0, if wanted(&kind) { 0.0 } else { f64::INFINITY })).collect();
    let campaign = Campaign { order, ground, small, state: Mutex::new(State { tally, next }), end };
    match order.number {
        Some(number) => campaign.repeat(number)?,
        None => campaign.go(),
    }
    campaign.tidy();
    let state = campaign.state();
    Ok((state.tally.failures(), state.tally.table()))
}

/// The store that is damaged in process: the smaller, the more tries.
fn small_store(ground: &Ground) -> Result<Vec<u8>, String> {
    let room = ground.room("ground-small")?;
    let line =
        "run fashion-web-shop --worlds 1 --shoppers 20 --days 7 --history 7 --warmup none --probe 7 --json";
    room.expect(&words(line), &[0])?;
    fs::read(room.store()).map_err(|error| error.to_string())
}

impl Campaign<'_> {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn go(&self) {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        std::thread::scope(|scope| {
            for _ in 0..cores.saturating_sub(1).max(1) {
                scope.spawn(|| self.work(|kind| matches!(kind.how, How::Program(_))));
            }
            scope.spawn(|| self.work(|kind| matches!(kind.how, How::Inner(_))));
        });
    }

    /// One try of every kind that was asked for.
    fn repeat(&self, number: u64) -> Result<(), String> {
        let wanted = |kind: &&Kind| self.order.only.iter().any(|name| name == kind.name);
        for kind in KINDS.iter().filter(wanted) {
            match kind.how {
                How::Program(attempt) => self.on_program(kind, attempt, number),
                How::Inner(_) => self.in_process(kind, number, Duration::ZERO),
            }
        }
        if self.order.only.is_empty() { Err("--try needs --only KIND".to_owned()) } else { Ok(()) }
    }

    fn work(&self, mine: impl Fn(&Kind) -> bool) {
        while Instant::now() < self.end {
            let Some((kind, number)) = self.take(&mine) else { return };
            let start = Instant::now();
            match kind.how {
                How::Program(attempt) => self.on_program(kind, attempt, number),
                How::Inner(_) => {
                    let left = self.end.saturating_duration_since(start);
                    let pause = self.order.time.div_f64(12.0).max(Duration::from_millis(500));
                    self.in_process(kind, number, BATCH.min(pause).min(left));
                }
            }
            let took = start.elapsed().as_secs_f64();
            let mut state = self.state();
            state.tally.count(kind.name).seconds += took;
            let place = KINDS.iter().position(|known| known.name == kind.name).unwrap_or(0);
            state.next[place].1 += took / kind.weight;
        }
    }

    /// The kind that has had the least of its share, with the number of its next try.
    fn take(&self, mine: &impl Fn(&Kind) -> bool) -> Option<(&'static Kind, u64)> {
        let mut state = self.state();
        let open = (0..KINDS.len()).filter(|&place| mine(&KINDS[place]) && state.next[place].1.is_finite());
        let place = open.min_by(|&a, &b| state.next[a].1.total_cmp(&state.next[b].1))?;
        let number = state.next[place].0;
        state.next[place].0 += 1;
        // A little beforehand, so that another thread takes another kind.
        state.next[place].1 += 0.01 / KINDS[place].weight;
        Some((&KINDS[place], number))
    }

    fn on_program(&self, kind: &Kind, attempt: OnProgram, number: u64) {
        let name = format!("{}-{number}", kind.name);
        let outcome = self.ground.room(&name).and_then(|room| {
            let mut dice = Dice::of(self.order.seed, kind.name, number);
            let tried = catch_unwind(AssertUnwindSafe(|| attempt(&self.ground, &room, &mut dice)));
            tried.unwrap_or_else(|_| Err("the try itself panicked: a fault of this tool".to_owned()))
        });
        let folder = self.ground.folder.join(&name);
        let told = self.count(kind, number, outcome, &folder);
        if !told {
            let _ = fs::remove_dir_all(&folder);
        }
    }

    fn in_process(&self, kind: &Kind, from: u64, time: Duration) {
        let done = inner::lay(&self.ground, &self.small, kind.name)
            .and_then(|folder| inner::batch(kind.name, self.order.seed, from, &folder, time));
        let done = match done {
            Ok(done) => done,
            Err(fault) => inner::Done { tries: 1, failures: vec![(from, fault)] },
        };
        for (number, fault) in &done.failures {
            let kept = self.ground.folder.join(format!("{}-{number}", kind.name));
            let input = inner::place(&self.ground, kind.name).join("inputs").join(number.to_string());
            let found = fs::copy(input, &kept).is_ok();
            self.count(kind, *number, Err(fault.clone()), if found { &kept } else { Path::new("") });
        }
        let mut state = self.state();
        state.tally.count(kind.name).tries += done.tries.saturating_sub(done.failures.len() as u64);
        if let Some(place) = KINDS.iter().position(|known| known.name == kind.name) {
            state.next[place].0 = from + done.tries;
        }
    }

    /// Counts a try; true if it failed and its folder is to be kept.
    fn count(&self, kind: &Kind, number: u64, outcome: Result<Tried, String>, folder: &Path) -> bool {
        let mut state = self.state();
        let count = state.tally.count(kind.name);
        match outcome {
            Ok(Tried::Fine) => count.tries += 1,
            Ok(Tried::Skipped(why)) => *count.skipped.entry(why).or_default() += 1,
            Err(fault) => {
                count.tries += 1;
                count.failures += 1;
                if count.failures > TOLD_MAX {
                    return false;
                }
                println!("FAILED {} {number}: {fault}", kind.name);
                let kept = if folder.as_os_str().is_empty() {
                    String::new()
                } else {
                    format!("kept in {}; ", folder.display())
                };
                println!("  {kept}again: --seed {} --only {} --try {number}", self.order.seed, kind.name);
                return true;
            }
        }
        false
    }

    /// Removes what only the campaign needed.
    fn tidy(&self) {
        for entry in fs::read_dir(&self.ground.folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with("ground-") {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        for kind in KINDS.iter().filter(|kind| matches!(kind.how, How::Inner(_))) {
            if let Ok(folder) = inner::lay(&self.ground, &[], kind.name) {
                let _ = fs::remove_dir_all(folder);
            }
        }
    }
}
