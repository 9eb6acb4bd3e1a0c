//! Progress of a run on standard error: a bar in shopper-days with the time left, on a terminal only.

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicBool, Ordering};

use counterfoil_api::dto::{Progress, RunPhase};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::{remark, talks};
use counterfoil_api::number::{count, seconds};

/// Shows how far a run is.
pub(crate) struct ProgressLine {
    bar: ProgressBar,
    began: AtomicBool,
}

impl ProgressLine {
    /// A progress_line with nothing told yet.
    pub fn new() -> Self {
        let shown = talks() && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(1), target);
        let style = ProgressStyle::with_template("{bar:24} {percent:>3} %  {msg}");
        bar.set_style(style.expect("the template is valid").progress_chars("━╸─"));
        Self { bar, began: AtomicBool::new(false) }
    }

    /// Shows one report. The first also says the run's id, which is what resuming asks for after a kill.
    pub fn report(&self, progress: &Progress) {
        if !self.began.swap(true, Ordering::SeqCst) && !progress.run.is_empty() {
            let total = count(progress.shopper_days_total);
            let line = format!("Run {}: {} worlds, {total} shopper-days", progress.run, progress.worlds);
            self.bar.suspend(|| remark(&line));
        }
        self.bar.set_length(progress.shopper_days_total.max(1));
        self.bar.set_position(progress.shopper_days_done);
        self.bar.set_message(words(progress));
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn words(progress: &Progress) -> String {
    let phase = match progress.phase {
        RunPhase::WarmUp => "warm-up",
        RunPhase::History => "history",
        RunPhase::Horizon => "horizon",
        RunPhase::Probe => "probe",
        RunPhase::Storing => "storing",
    };
    let left =
        progress.seconds_left.map_or_else(String::new, |left| format!(", about {} left", seconds(left)));
    format!(
        "world {} of {}, {phase} day {} of {}{left}",
        progress.world, progress.worlds, progress.day, progress.days
    )
}
