//! `cargo xtask run`: to the open window, or to the same comparison in the terminal.

use crate::system::{self, Purpose};
use crate::{ENVIRONMENT, FAILED, FINE, front, shell};

/// The size in which the window computes its sample, so that both ways show the same comparison.
const SAMPLE: [&str; 5] = ["fashion-web-shop", "--worlds", "4", "--shoppers", "3000"];

/// Builds with what `cargo xtask test` builds with, so that neither compiles anything twice.
pub const DESKTOP: [&str; 4] = ["--workspace", "--bins", "--features", "counterfoil-desktop/custom-protocol"];

/// See the usage text.
pub fn run(yes: bool) -> u8 {
    let needs = system::needs(Purpose::Window);
    let mut obstacles = needs.obstacles.clone();
    if !system::has_display() {
        obstacles.insert(
            0,
            "There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set); run this in a desktop session, or \
             forward one with `ssh -X`"
                .to_owned(),
        );
    }
    if !obstacles.is_empty() {
        println!("The window cannot be opened here, and nothing was installed for it:");
        obstacles.iter().for_each(|obstacle| println!("  - {obstacle}."));
        return terminal();
    }
    if !needs.install(yes) {
        println!("Without these packages the window cannot be built.");
        return terminal();
    }
    let built = front::packages() && front::build() && shell::runs(shell::cargo(&["build"]).args(DESKTOP));
    if !built {
        eprintln!("The window could not be built; the first message above says why.");
        return FAILED;
    }
    println!("Opening the window.");
    if shell::runs(&mut shell::command(shell::built("counterfoil-desktop"), &[""; 0])) {
        FINE
    } else {
        ENVIRONMENT
    }
}

/// The same comparison without a window.
fn terminal() -> u8 {
    println!("\nThe same comparison in the terminal:\n");
    let report = shell::target().join("counterfoil-report.html");
    let cli = || shell::cargo(&["run", "--quiet", "--release", "-p", "counterfoil-cli", "--"]);
    let compared = shell::runs(cli().arg("run").args(SAMPLE));
    let reported = compared && shell::runs(cli().args(["report", "latest", "--force", "--out"]).arg(&report));
    if !reported {
        eprintln!("The comparison failed; the first message above says why.");
        return FAILED;
    }
    println!("\nThe report with its charts: {}", report.display());
    FINE
}
