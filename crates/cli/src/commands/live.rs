//! `live`: one world by the wall clock, one line per session, decision and order.

#![allow(clippy::disallowed_methods, reason = "a live session is paced and ended by the wall clock")]

use std::path::Path;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use counterfoil_api::dto::{LiveControl, LiveRequest, LiveRow, LiveRowKind, LiveState};
use counterfoil_api::{Api, Overrides};

use crate::Outcome;
use crate::args::LiveArgs;
use crate::cancel::on_ctrl_c;
use crate::output::{print, print_if_read, remark};
use counterfoil_api::number::count;

/// How often Ctrl-C and the end of the time are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Watches until the end, Ctrl-C or the time is up.
pub(crate) fn live(args: &LiveArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let api = Api::read(store)?;
    let scenario = api.library().resolved(&args.scenario, &Overrides::default())?.scenario;
    let request = LiveRequest {
        scenario: args.scenario.clone(),
        policy: args.policy.clone(),
        shoppers: args.shoppers.unwrap_or(scenario.shoppers.count),
        seed: args.seed.unwrap_or(scenario.seed),
        speed: args.speed,
    };
    remark(&format!(
        "Live: {} under {}, a shop of {} shoppers, x{}. Not deterministic, not stored; Ctrl-C stops.",
        args.scenario,
        args.policy,
        count(request.shoppers),
        args.speed
    ));
    let asked = on_ctrl_c();
    let control = LiveControl {
        stop: AtomicBool::new(false),
        paused: AtomicBool::new(false),
        speed: AtomicU32::new(args.speed),
    };
    let last = Mutex::new(Watched::default());
    let report = |state: LiveState| {
        let mut watched = last.lock().unwrap_or_else(PoisonError::into_inner);
        if watched.report(state, args.seconds).is_break() {
            control.stop.store(true, Ordering::SeqCst);
        }
    };
    let ended = AtomicBool::new(false);
    let done = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::SeqCst) {
                control.stop.fetch_or(asked.load(Ordering::SeqCst), Ordering::SeqCst);
                std::thread::sleep(LOOK_EVERY);
            }
        });
        let done = api.live(&request, &report, &control);
        ended.store(true, Ordering::SeqCst);
        done
    });
    done?;
    let mut watched = last.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = watched.failed.take() {
        return Err(error);
    }
    print(&watched.last.as_ref().map_or_else(String::new, summary))?;
    Ok(Outcome::Fine)
}

#[derive(Default)]
struct Watched {
    last: Option<LiveState>,
    began: Option<Instant>,
    prepared_tenths: u32,
    failed: Option<anyhow::Error>,
}

impl Watched {
    /// Prints what happened; breaks when the time is up or nobody reads any more.
    fn report(&mut self, state: LiveState, seconds: Option<u32>) -> std::ops::ControlFlow<()> {
        use std::ops::ControlFlow::{Break, Continue};
        if state.preparing {
            self.prepared_tenths += 1;
            if self.prepared_tenths % 20 == 1 {
                remark(&state.clock);
            }
            return Continue(());
        }
        let began = *self.began.get_or_insert_with(Instant::now);
        let lines: String = state.rows.iter().map(line).collect();
        // Nothing of a live session is stored, so it ends with its last reader.
        let read = print_if_read(&lines);
        let readable = matches!(read, Ok(true));
        self.failed = self.failed.take().or(read.err());
        self.last = Some(state);
        let over = seconds.is_some_and(|seconds| began.elapsed() >= Duration::from_secs(u64::from(seconds)));
        if over || !readable { Break(()) } else { Continue(()) }
    }
}

fn line(row: &LiveRow) -> String {
    let kind = match row.kind {
        LiveRowKind::Session => "session",
        LiveRowKind::Decision => "decision",
        LiveRowKind::Order => "order",
    };
    let latency = row.latency_us.map_or_else(String::new, |us| format!("  {us:.0} µs"));
    format!("{:<16} shopper {:>5}  {kind:<8}  {}{latency}\n", row.clock, row.shopper, row.text)
}

fn summary(state: &LiveState) -> String {
    format!(
        "\n{} sessions, {} orders, {} decisions, {} treatments shown\n\
         decisions took {:.0} µs at the median, {:.0} µs at the 99th percentile; {} of {} missed the deadline of {} ms\n",
        count(state.sessions),
        count(state.orders),
        count(state.decisions),
        count(state.shown),
        state.latency_p50_us,
        state.latency_p99_us,
        count(state.late),
        count(state.decisions),
        state.deadline_ms,
    )
}
