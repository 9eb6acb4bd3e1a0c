//! Commands, questions and paths.

use std::ffi::OsStr;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("crates/xtask lies two folders below the root").to_path_buf()
}

/// The cargo that started this program, working in the root.
pub fn cargo<S: AsRef<OsStr>>(arguments: &[S]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    command(program, arguments)
}

/// A command that works in the root.
pub fn command<P: AsRef<OsStr>, S: AsRef<OsStr>>(program: P, arguments: &[S]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Prints the command, runs it with its output shown, and says whether it went well.
pub fn runs(command: &mut Command) -> bool {
    code(command) == Some(0)
}

/// Prints the command, runs it with its output shown, and says its exit code; `None` where it has none.
pub fn code(command: &mut Command) -> Option<u8> {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line: Vec<String> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    println!("  $ {}", line.join(" "));
    match command.status() {
        Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()),
        Err(error) => {
            println!("  {} could not be started: {error}", line[0]);
            None
        }
    }
}

/// What the command prints, trimmed; `None` where it cannot be started or fails.
pub fn output<S: AsRef<OsStr>>(program: &str, arguments: &[S]) -> Option<String> {
    let done = command(program, arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).trim().to_owned())
}

/// Whether a program of this name can be started.
pub fn exists(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path)
            .any(|folder| folder.join(program).is_file() || folder.join(format!("{program}.exe")).is_file())
    })
}

/// Asks a yes-or-no question; without a terminal the answer is no.
pub fn agrees(question: &str) -> bool {
    if !std::io::stdin().is_terminal() {
        println!("{question} There is no terminal to answer in: no. (`--yes` answers beforehand.)");
        return false;
    }
    print!("{question} [y/N] ");
    let mut answer = String::new();
    let asked = std::io::stdout().flush().is_ok() && std::io::stdin().read_line(&mut answer).is_ok();
    asked && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

/// Folder of build results, as cargo itself sees it.
pub fn target() -> PathBuf {
    let key = "\"target_directory\":\"";
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let metadata = output(&program, &["metadata", "--format-version", "1", "--no-deps", "--offline"]);
    let folder = metadata.and_then(|text| {
        let rest = text.split_once(key)?.1;
        Some(PathBuf::from(rest.split_once('"')?.0.replace("\\\\", "\\")))
    });
    folder.unwrap_or_else(|| root().join("target"))
}

/// A program among the debug build's results.
pub fn built(name: &str) -> PathBuf {
    built_in("debug", name)
}

/// A program among the results of one profile.
pub fn built_in(profile: &str, name: &str) -> PathBuf {
    target().join(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
