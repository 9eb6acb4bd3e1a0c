//! Before a long run: what it is expected to take, and whether that is meant where the machine has less.

use counterfoil_api::Expected;

use crate::output::{ask, complain, remark};
use counterfoil_api::number::{bytes, seconds};

/// Runs that are expected to take longer say so first.
const LONG_SECONDS: f64 = 10.0;

/// Says what a long run will take. Where the machine has less room than that somebody is asked, and where nobody can be
/// asked it is only said: an estimate forbids nothing.
pub(crate) fn agreed(expected: &Expected) -> bool {
    if expected.seconds > LONG_SECONDS {
        remark(&line(expected));
    }
    let lacking = lacking(expected);
    if lacking.is_empty() {
        return true;
    }
    for one in &lacking {
        complain(one);
    }
    ask("Run all the same?").unwrap_or(true)
}

fn line(expected: &Expected) -> String {
    let basis = if expected.measured { "as earlier runs here" } else { "a guess, no earlier run here" };
    format!(
        "Expected: about {}, {} on the disk, {} of memory ({basis})",
        seconds(expected.seconds),
        bytes(expected.bytes),
        bytes(expected.memory)
    )
}

/// What there is too little of.
fn lacking(expected: &Expected) -> Vec<String> {
    let short = |need: u64, free: Option<u64>, what: &str| {
        let free = free.filter(|free| *free < need)?;
        Some(format!(
            "warning: the run will need about {} of {what}, and {} are free",
            bytes(need),
            bytes(free)
        ))
    };
    let disk = short(expected.bytes, expected.free_disk, "disk beside the store");
    disk.into_iter().chain(short(expected.memory, expected.free_memory, "memory")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(free: u64) -> Expected {
        Expected {
            seconds: 200.0,
            bytes: 270_000_000,
            memory: 123_000_000,
            measured: true,
            free_disk: Some(free),
            free_memory: None,
        }
    }

    #[test]
    fn a_long_run_says_what_it_takes_and_what_is_missing() {
        let line = line(&expected(0));
        assert_eq!(
            line,
            "Expected: about 3 min 20 s, 270 MB on the disk, 123 MB of memory (as earlier runs here)"
        );
        assert_eq!(lacking(&expected(270_000_000)), Vec::<String>::new());
        let missing = lacking(&expected(2_500_000));
        assert_eq!(
            missing,
            ["warning: the run will need about 270 MB of disk beside the store, and 2.5 MB are free"]
        );
    }
}
