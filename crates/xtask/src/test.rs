//! `cargo xtask test`: every check that a change must pass.

use std::path::PathBuf;

use crate::run::DESKTOP;
use crate::steps::Steps;
use crate::system::{self, Purpose};
use crate::{ENVIRONMENT, FAILED, FINE, front, shell, torture};

/// One set of packages and features for all steps: another set would compile the same crates once more.
const ALL: [&str; 3] = ["--workspace", "--features", "counterfoil-desktop/custom-protocol"];

/// See the usage text.
pub fn test(yes: bool, full: bool) -> u8 {
    let needs = system::needs(Purpose::Test);
    if !needs.obstacles.is_empty() {
        eprintln!(
            "The end-to-end test in a real window cannot run here, and a skipped test is a failed one:"
        );
        needs.obstacles.iter().for_each(|obstacle| eprintln!("  - {obstacle}."));
        return ENVIRONMENT;
    }
    if !needs.install(yes) {
        eprintln!("Without these packages the checks cannot run.");
        return ENVIRONMENT;
    }
    let mut steps = Steps::default();
    steps.step("format", true, || shell::runs(&mut shell::cargo(&["fmt", "--all", "--check"])));
    let packages = steps.step("front end: packages", true, front::packages);
    steps.step("front end: format", packages, front::formatted);
    steps.step("front end: types and accessibility", packages, front::check);
    steps.step("front end: tests", packages, front::test);
    let page = steps.step("front end: build", packages, front::build);
    steps.step("clippy", page, clippy);
    let built = steps.step("build", page, || shell::runs(shell::cargo(&["build"]).args(DESKTOP)));
    steps.step("tests", page, || shell::runs(shell::cargo(&["test"]).args(ALL)));
    steps.step("end to end in the real window", built, window);
    steps.step("decisions of the shipped scenarios", built, decisions);
    if cfg!(unix) {
        steps.step("a minute of torture", built, torture::minute);
    }
    if full {
        steps.step("tests in release", true, || shell::runs(&mut shell::cargo(&["test", "--release"])));
        steps.step("documentation", page, || {
            shell::runs(shell::cargo(&["doc", "--no-deps"]).args(ALL).env("RUSTDOCFLAGS", "-D warnings"))
        });
    }
    if steps.finish() { FINE } else { FAILED }
}

fn clippy() -> bool {
    shell::runs(shell::cargo(&["clippy", "--all-targets"]).args(ALL).args(["--", "-D", "warnings"]))
}

/// With `COUNTERFOIL_E2E` set the test fails where it would otherwise say that it is skipped.
fn window() -> bool {
    let mut command = shell::cargo(&["test"]);
    command.args(ALL).args(["--test", "window", "--", "--nocapture", "--test-threads=1"]);
    shell::runs(
        command.env("COUNTERFOIL_E2E", "1").env("COUNTERFOIL_APP", shell::built("counterfoil-desktop")),
    )
}

/// Compares the decisions of every shipped scenario with the accepted ones.
fn decisions() -> bool {
    let folder = shell::root().join("scenarios");
    let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    files.sort();
    if files.is_empty() {
        println!("  no scenario found in {}", folder.display());
        return false;
    }
    shell::runs(shell::command(shell::built("counterfoil"), &["check"]).args(files))
}
