//! `cargo xtask torture`: builds the command line and lets the campaign of `crates/torture` loose on it.

use crate::{ENVIRONMENT, FAILED, FINE, shell};

const PACKAGES: [&str; 4] = ["-p", "counterfoil-cli", "-p", "counterfoil-torture"];

/// See the usage text; everything but `--release` is the campaign's own.
pub fn torture(arguments: &[String]) -> u8 {
    let release = arguments.iter().any(|word| word == "--release");
    let own: Vec<&str> = arguments.iter().map(String::as_str).filter(|word| *word != "--release").collect();
    let mut build = shell::cargo(&["build"]);
    build.args(PACKAGES);
    if release {
        build.arg("--release");
    }
    if !shell::runs(&mut build) {
        eprintln!("The programs could not be built; the first message above says why.");
        return FAILED;
    }
    let code = shell::code(&mut campaign(if release { "release" } else { "debug" }, &own));
    code.unwrap_or(ENVIRONMENT)
}

/// One minute with what is built already, as a check among others.
pub fn minute() -> bool {
    shell::code(&mut campaign("debug", &["--minutes", "1"])) == Some(FINE)
}

fn campaign(profile: &str, arguments: &[&str]) -> std::process::Command {
    let built = |name| shell::built_in(profile, name);
    let mut command = shell::command(built("counterfoil-torture"), &["--counterfoil"]);
    command.arg(built("counterfoil")).args(arguments);
    command
}
