//! The front end: its packages, its types, its format, its check, its tests and its build.

use std::process::Command;

use crate::shell;
use crate::system::{self, Purpose};
use crate::{ENVIRONMENT, FAILED, FINE, node};

fn npm(arguments: &[&str]) -> Command {
    let mut command = shell::command(node::npm(), arguments);
    command.current_dir(shell::root().join("ui"));
    command
}

/// `npm ci`, unless the installed packages are those of the lock file already.
pub fn packages() -> bool {
    let lock = std::fs::read(shell::root().join("ui/package-lock.json")).unwrap_or_default();
    let stamp = shell::target().join("xtask-npm-ci");
    let installed = shell::root().join("ui/node_modules/.package-lock.json").exists();
    if installed && std::fs::read(&stamp).is_ok_and(|stamped| stamped == lock) {
        println!("  the packages of ui/package-lock.json are installed");
        return true;
    }
    let done = shell::runs(&mut npm(&["ci", "--no-audit", "--no-fund"]));
    if done {
        let folder = stamp.parent().expect("the stamp lies in the target folder");
        // Without the stamp the next time only takes longer.
        let _ = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&stamp, lock));
    }
    done
}

/// Types, components and accessibility, without running anything.
pub fn check() -> bool {
    shell::runs(&mut npm(&["run", "check"]))
}

/// Whether every file is as the formatter writes it.
pub fn formatted() -> bool {
    shell::runs(&mut npm(&["run", "formatted"]))
}

/// Unit tests of what the page does by itself.
pub fn test() -> bool {
    shell::runs(&mut npm(&["test"]))
}

/// Builds `ui/dist`.
pub fn build() -> bool {
    shell::runs(&mut npm(&["run", "build"]))
}

/// `cargo xtask ui`.
pub fn ui(yes: bool) -> u8 {
    let needs = system::needs(Purpose::Window);
    if !needs.obstacles.is_empty() || !needs.install(yes) {
        needs.obstacles.iter().for_each(|obstacle| eprintln!("{obstacle}."));
        return ENVIRONMENT;
    }
    let types = || {
        let mut write = shell::cargo(&["test", "--quiet", "-p", "counterfoil-api", "--lib", "typescript"]);
        shell::runs(write.env("COUNTERFOIL_WRITE_BINDINGS", "1"))
    };
    if packages() && types() && check() && build() { FINE } else { FAILED }
}
