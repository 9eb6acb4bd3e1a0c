//! Files that are written: whole or not at all, never over the store or a text, and only after a question over others.
#![allow(clippy::unwrap_used)]

mod common;
#[cfg(target_os = "linux")]
#[path = "common/terminal.rs"]
mod terminal;

use std::fs;
use std::path::Path;

use common::{Answered, Terminal};

/// Every command that writes a file, with what it writes begins with.
const WRITERS: [(&[&str], &str, &str); 4] = [
    (&["report", "latest"], "out.html", "<!doctype html>"),
    (&["chart", "latest", "--figure", "daily"], "out.svg", "<svg"),
    (&["chart", "latest", "--figure", "daily"], "out.csv", "arm,"),
    (&["export", "latest", "--table", "orders"], "out.csv", "run,"),
];

/// Commands that write more than 80 kB of a small run; what SQLite puts beside a store is smaller.
#[cfg(target_os = "linux")]
const LARGE: [(&[&str], &str); 2] =
    [(&["report", "latest"], "out.html"), (&["export", "latest", "--table", "visits"], "out.csv")];

fn write(terminal: &Terminal, command: &[&str], out: &str, more: &[&str]) -> Answered {
    let arguments: Vec<&str> =
        command.iter().copied().chain(["--out", out]).chain(more.iter().copied()).collect();
    terminal.say(&arguments)
}

/// Names in a folder but those of the store and the terminal's own.
fn names(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(name).filter(|name| name != "data").collect();
    names.sort();
    names
}

/// Goal: what is there is replaced with `--force` alone where nobody can be asked; nothing is computed and nothing changes
/// otherwise.
#[test]
fn a_file_that_is_there_is_not_replaced_without_being_asked() {
    let terminal = Terminal::with_run();
    for (command, out, begins) in WRITERS {
        let path = terminal.path(out);
        let _ = fs::remove_file(&path);
        fs::write(&path, "").unwrap();
        write(&terminal, command, out, &[]).expect(0);
        let fresh = fs::read_to_string(&path).unwrap();
        assert!(fresh.starts_with(begins), "{command:?} over an empty file: {}", &fresh[..40]);
        let again = write(&terminal, command, out, &[]).expect(2);
        assert!(again.err.contains(&format!("{out}: The file is there")), "{again:?}");
        assert!(again.err.contains("hint: --force"), "{again:?}");
        fs::write(&path, "my notes, which nobody has a copy of\n\nindeed\n").unwrap();
        let other = write(&terminal, command, out, &[]).expect(2);
        assert!(other.err.contains("it is not a"), "{other:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "my notes, which nobody has a copy of\n\nindeed\n");
        write(&terminal, command, out, &["--force"]).expect(0);
        assert_eq!(fs::read_to_string(&path).unwrap(), fresh);
        let piped = write(&terminal, command, "-", &[]).expect(0);
        assert!(!piped.out.is_empty() && piped.err.is_empty(), "{piped:?}");
    }
    assert_eq!(names(terminal.folder.path()), ["out.csv", "out.html", "out.svg"]);
}

/// Goal: on a terminal a question is asked, and yes means yes.
#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_a_question_is_asked() {
    let terminal = Terminal::with_run();
    let report = ["report", "latest", "--out", "out.html"];
    for (old, typed, code, asked) in [
        ("<!doctype html>old", "n\n", 2, true),
        ("<!doctype html>old", "\n", 2, true),
        ("my notes", "y\n", 2, false),
        ("<!doctype html>old", "y\n", 0, true),
    ] {
        terminal.write("out.html", old);
        let (found, answered) = terminal::talk(&mut terminal.command(&report), typed);
        assert_eq!((found, answered.contains("Replace out.html? [y/N]")), (code, asked), "{answered}");
        let now = fs::read_to_string(terminal.path("out.html")).unwrap();
        assert_eq!(now == old, code == 2, "{answered}");
    }
    terminal.write("out.html", "<!doctype html>old");
    let (code, answered) = terminal::talk(terminal.command(&report).arg("--force").arg("--quiet"), "");
    assert_eq!((code, answered.as_str()), (0, ""));
}

/// Goal: no name and no link makes an output of the store, of its log or of a text that the run came from, with
/// `--force` neither.
#[cfg(unix)]
#[test]
fn an_output_is_never_the_store_nor_a_text_of_the_run() {
    use std::os::unix::fs::symlink;

    let terminal = Terminal::new();
    terminal.copy_scenarios();
    terminal.small("scenarios/fashion-web-shop.toml", &[]).expect(0);
    let texts = ["scenarios/fashion-web-shop.toml", "scenarios/policies/batch.toml"];
    let kept: Vec<(String, Vec<u8>)> = ["data/counterfoil.db"]
        .into_iter()
        .chain(texts)
        .map(|name| (name.to_owned(), fs::read(terminal.path(name)).unwrap()))
        .collect();
    let links =
        ["data/counterfoil.db", "data/counterfoil.db-wal", "data/counterfoil.db-journal", texts[0], texts[1]];
    for (number, place) in links.into_iter().enumerate() {
        for (command, out, _) in WRITERS {
            let ending = out.rsplit('.').next().unwrap();
            let soft = format!("soft{number}.{ending}");
            let _ = symlink(place, terminal.path(&soft));
            let hard = format!("hard{number}.{ending}");
            let _ = fs::hard_link(terminal.path(place), terminal.path(&hard));
            for out in [soft, hard].iter().filter(|out| fs::symlink_metadata(terminal.path(out)).is_ok()) {
                let answered = write(&terminal, command, out, &["--force"]).expect(2);
                assert!(answered.err.contains("never written over"), "{out} -> {place}: {answered:?}");
            }
        }
    }
    for (name, bytes) in kept {
        assert!(fs::read(terminal.path(&name)).unwrap() == bytes, "{name} changed");
    }
    terminal.say(&["verify", "latest"]).expect(0);
}

/// Goal: folders, pipes and devices are no outputs.
#[cfg(unix)]
#[test]
fn an_output_is_a_regular_file() {
    let terminal = Terminal::with_run();
    fs::create_dir(terminal.path("folder.html")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(terminal.path("pipe.html")).status().unwrap().success());
    std::os::unix::fs::symlink("/dev/null", terminal.path("null.html")).unwrap();
    for out in ["folder.html", "pipe.html", "null.html"] {
        let answered = write(&terminal, &["report", "latest"], out, &["--force"]).expect(2);
        assert!(answered.err.contains(out) && answered.err.contains("hint:"), "{answered:?}");
    }
    let missing = write(&terminal, &["report", "latest"], "no/such/folder.html", &["--force"]).expect(3);
    assert!(missing.err.contains("no/such/folder.html"), "{missing:?}");
}

/// Goal: an error in the middle leaves what was there, and nothing beside it. (Kills at any moment are the campaign's.)
#[cfg(target_os = "linux")]
#[test]
fn an_error_while_writing_leaves_what_was_there() {
    let terminal = Terminal::with_run();
    fs::create_dir(terminal.path("out")).unwrap();
    let program = terminal.command(&[]).get_program().to_str().unwrap().to_owned();
    // Whether or not whoever starts the program ignores the signal that says so, writing more than the limit fails.
    for trap in ["", "trap '' XFSZ; "] {
        for (command, out) in LARGE {
            let out = format!("out/{out}");
            for old in [None, Some("<svg><!-- old -->")] {
                let _ = fs::remove_file(terminal.path(&out));
                old.map(|old| terminal.write(&out, old));
                let before = names(&terminal.path("out"));
                let script = format!("{trap}ulimit -f 80; exec \"$0\" \"$@\"");
                let mut limited = std::process::Command::new("sh");
                limited.args(["-c", &script, &program]).args(command).args(["--out", &out, "--force"]);
                limited.current_dir(terminal.folder.path()).env("COUNTERFOIL_STORE", &terminal.store);
                let answered = common::answered(&mut limited);
                assert_eq!(answered.code, 3, "{command:?} {old:?}: {answered:?}");
                assert_eq!(fs::read_to_string(terminal.path(&out)).ok().as_deref(), old, "{command:?}");
                assert_eq!(names(&terminal.path("out")), before, "{command:?}");
                assert!(answered.err.contains(&out) && answered.err.contains("hint:"), "{answered:?}");
            }
        }
    }
}

/// Goal: `accept` replaces its own files without a question, and nobody else's.
#[test]
fn accepting_replaces_accepted_decisions_and_nothing_else() {
    let terminal = Terminal::new();
    let small = "format = 1\nextends = \"placebo\"\nname = \"tiny\"\nseed = 1\n[shoppers]\ncount = 50\n";
    terminal.write("tiny.toml", small);
    terminal.say(&["accept", "tiny.toml", "--baselines", "b"]).expect(0);
    let accepted = fs::read_to_string(terminal.path("b/tiny.txt")).unwrap();
    terminal.write("b/tiny.txt", &accepted.replace("# format ", "# format 9"));
    terminal.say(&["accept", "tiny.toml", "--baselines", "b"]).expect(0);
    assert_eq!(fs::read_to_string(terminal.path("b/tiny.txt")).unwrap(), accepted);
    terminal.write("b/tiny.txt", "the only copy of a poem\n");
    let answered = terminal.say(&["accept", "tiny.toml", "--baselines", "b"]).expect(2);
    assert!(answered.err.contains("b/tiny.txt") && answered.err.contains("not replaced"), "{answered:?}");
    assert_eq!(fs::read_to_string(terminal.path("b/tiny.txt")).unwrap(), "the only copy of a poem\n");
    assert_eq!(names(&terminal.path("b")), ["tiny.txt"]);
    // Nobody will ever write into the pipe, so reading it would not end.
    fs::remove_file(terminal.path("b/tiny.txt")).unwrap();
    if !std::process::Command::new("mkfifo")
        .arg(terminal.path("b/tiny.txt"))
        .status()
        .is_ok_and(|made| made.success())
    {
        eprintln!("SKIPPED: this system makes no pipes");
        return;
    }
    for command in ["check", "accept"] {
        let answered = terminal.say(&[command, "tiny.toml", "--baselines", "b"]).expect(2);
        assert!(answered.err.contains("only regular files are read"), "{answered:?}");
    }
}

/// The command as somebody whom permissions bind; `None` where that cannot be had, which is answered.
#[cfg(target_os = "linux")]
fn as_nobody(terminal: &Terminal, arguments: &[&str]) -> Option<std::process::Command> {
    const NOBODY: u32 = 65_534;
    let id = std::process::Command::new("id").arg("-u").output().unwrap();
    if id.stdout != b"0\n" {
        return Some(terminal.command(arguments));
    }
    let chown = |path: &Path| std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    for name in ["", "data", "data/counterfoil.db", "out", "out/a.html"] {
        chown(&terminal.path(name));
    }
    let plain = terminal.command(arguments);
    let nobody = || {
        let mut command = std::process::Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(plain.get_program());
        command.current_dir(terminal.folder.path()).env("COUNTERFOIL_STORE", &terminal.store);
        command
    };
    if !nobody().arg("-V").output().is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: the program cannot be run as another user here");
        return None;
    }
    let mut command = nobody();
    command.args(arguments);
    Some(command)
}

/// Goal: where a file cannot be written whole, because nothing may be made beside it, it stays as it is.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_without_permission_is_said_and_the_file_stays() {
    use std::os::unix::fs::PermissionsExt as _;

    let terminal = Terminal::with_run();
    terminal.write("out/a.html", "<!doctype html>old");
    for (folder, file, out) in
        [(0o555, 0o644, "out/a.html"), (0o555, 0o644, "out/b.html"), (0o755, 0o444, "out/a.html")]
    {
        let report = ["report", "latest", "--force", "--out", out];
        let Some(mut command) = as_nobody(&terminal, &report) else { return };
        let mode = |name: &str, mode| {
            fs::set_permissions(terminal.path(name), fs::Permissions::from_mode(mode)).unwrap()
        };
        mode("out/a.html", file);
        mode("out", folder);
        let answered = common::answered(&mut command);
        mode("out", 0o755);
        assert_eq!(answered.code, 3, "{out}: {answered:?}");
        assert!(
            answered.err.contains(out) && answered.err.contains("hint: check that its folder"),
            "{answered:?}"
        );
        assert_eq!(fs::read_to_string(terminal.path("out/a.html")).unwrap(), "<!doctype html>old");
        assert_eq!(names(&terminal.path("out")), ["a.html"]);
    }
}
