//! A list of checks with how long each took and a line at the end that says it all.

#![allow(
    clippy::disallowed_methods,
    reason = "nothing is simulated here; people want to know what takes so long"
)]

use std::time::{Duration, Instant};

enum Outcome {
    Passed,
    Failed,
    /// Something that it needs has failed before.
    NotRun,
}

/// Checks as they are done.
#[derive(Default)]
pub struct Steps {
    done: Vec<(String, Outcome, Duration)>,
}

impl Steps {
    /// Does one check, unless `needed` is false because something before has failed.
    pub fn step(&mut self, name: &str, needed: bool, check: impl FnOnce() -> bool) -> bool {
        if !needed {
            self.done.push((name.to_owned(), Outcome::NotRun, Duration::ZERO));
            return false;
        }
        println!("\n== {name}");
        let start = Instant::now();
        let passed = check();
        let took = start.elapsed();
        println!("== {name}: {} after {}", if passed { "passed" } else { "FAILED" }, seconds(took));
        self.done.push((name.to_owned(), if passed { Outcome::Passed } else { Outcome::Failed }, took));
        passed
    }

    /// Prints all checks and the last line. True when every one passed.
    pub fn finish(self) -> bool {
        println!("\nSummary");
        for (name, outcome, took) in &self.done {
            let word = match outcome {
                Outcome::Passed => "passed",
                Outcome::Failed => "FAILED",
                Outcome::NotRun => "NOT RUN",
            };
            println!("  {word:<8} {:>9}  {name}", seconds(*took));
        }
        let total: Duration = self.done.iter().map(|(_, _, took)| *took).sum();
        let bad = self.done.iter().filter(|(_, outcome, _)| !matches!(outcome, Outcome::Passed)).count();
        match bad {
            0 => println!("All {} checks passed in {}.", self.done.len(), seconds(total)),
            _ => println!("{bad} of {} checks did not pass ({}).", self.done.len(), seconds(total)),
        }
        bad == 0
    }
}

fn seconds(took: Duration) -> String {
    let whole = took.as_secs();
    if whole < 60 {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::Steps;

    #[test]
    fn a_check_that_could_not_run_is_not_a_pass() {
        let mut steps = Steps::default();
        assert!(steps.step("first", true, || true));
        assert!(!steps.step("second", false, || true));
        assert!(!steps.finish());
    }
}
