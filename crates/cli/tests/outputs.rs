//! Files that are written: whole or not at all, never over the store or a text, and only after a question over others.
#![allow(clippy::unwrap_used)]

mod common;
#[cfg(target_os = "linux")]
#[path = "common/terminal.rs"]
mod terminal;

use std::fs;
use std::path::Path;

use common::{Desk, Said};

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

fn write(desk: &Desk, command: &[&str], out: &str, more: &[&str]) -> Said {
    let arguments: Vec<&str> =
        command.iter().copied().chain(["--out", out]).chain(more.iter().copied()).collect();
    desk.say(&arguments)
}

/// Names in a folder but those of the store and the desk's own.
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
    let desk = Desk::with_run();
    for (command, out, begins) in WRITERS {
        let path = desk.path(out);
        let _ = fs::remove_file(&path);
        fs::write(&path, "").unwrap();
        write(&desk, command, out, &[]).expect(0);
        let fresh = fs::read_to_string(&path).unwrap();
        assert!(fresh.starts_with(begins), "{command:?} over an empty file: {}", &fresh[..40]);
        let again = write(&desk, command, out, &[]).expect(2);
        assert!(again.err.contains(&format!("{out}: The file is there")), "{again:?}");
        assert!(again.err.contains("hint: --force"), "{again:?}");
        fs::write(&path, "my notes, which nobody has a copy of\n\nindeed\n").unwrap();
        let other = write(&desk, command, out, &[]).expect(2);
        assert!(other.err.contains("it is not a"), "{other:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "my notes, which nobody has a copy of\n\nindeed\n");
        write(&desk, command, out, &["--force"]).expect(0);
        assert_eq!(fs::read_to_string(&path).unwrap(), fresh);
        let piped = write(&desk, command, "-", &[]).expect(0);
        assert!(!piped.out.is_empty() && piped.err.is_empty(), "{piped:?}");
    }
    assert_eq!(names(desk.folder.path()), ["out.csv", "out.html", "out.svg"]);
}

/// Goal: on a terminal a question is asked, and yes means yes.
#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_a_question_is_asked() {
    let desk = Desk::with_run();
    let report = ["report", "latest", "--out", "out.html"];
    for (old, typed, code, asked) in [
        ("<!doctype html>old", "n\n", 2, true),
        ("<!doctype html>old", "\n", 2, true),
        ("my notes", "y\n", 2, false),
        ("<!doctype html>old", "y\n", 0, true),
    ] {
        desk.write("out.html", old);
        let (found, said) = terminal::talk(&mut desk.command(&report), typed);
        assert_eq!((found, said.contains("Replace out.html? [y/N]")), (code, asked), "{said}");
        let now = fs::read_to_string(desk.path("out.html")).unwrap();
        assert_eq!(now == old, code == 2, "{said}");
    }
    desk.write("out.html", "<!doctype html>old");
    let (code, said) = terminal::talk(desk.command(&report).arg("--force").arg("--quiet"), "");
    assert_eq!((code, said.as_str()), (0, ""));
}

/// Goal: no name and no link makes an output of the store, of its log or of a text that the run came from, with
/// `--force` neither.
#[cfg(unix)]
#[test]
fn an_output_is_never_the_store_nor_a_text_of_the_run() {
    use std::os::unix::fs::symlink;

    let desk = Desk::new();
    desk.copy_scenarios();
    desk.small("scenarios/fashion-web-shop.toml", &[]).expect(0);
    let texts = ["scenarios/fashion-web-shop.toml", "scenarios/policies/batch.toml"];
    let kept: Vec<(String, Vec<u8>)> = ["data/counterfoil.db"]
        .into_iter()
        .chain(texts)
        .map(|name| (name.to_owned(), fs::read(desk.path(name)).unwrap()))
        .collect();
    let links =
        ["data/counterfoil.db", "data/counterfoil.db-wal", "data/counterfoil.db-journal", texts[0], texts[1]];
    for (number, place) in links.into_iter().enumerate() {
        for (command, out, _) in WRITERS {
            let ending = out.rsplit('.').next().unwrap();
            let soft = format!("soft{number}.{ending}");
            let _ = symlink(place, desk.path(&soft));
            let hard = format!("hard{number}.{ending}");
            let _ = fs::hard_link(desk.path(place), desk.path(&hard));
            for out in [soft, hard].iter().filter(|out| fs::symlink_metadata(desk.path(out)).is_ok()) {
                let said = write(&desk, command, out, &["--force"]).expect(2);
                assert!(said.err.contains("never written over"), "{out} -> {place}: {said:?}");
            }
        }
    }
    for (name, bytes) in kept {
        assert!(fs::read(desk.path(&name)).unwrap() == bytes, "{name} changed");
    }
    desk.say(&["verify", "latest"]).expect(0);
}

/// Goal: folders, pipes and devices are no outputs.
#[cfg(unix)]
#[test]
fn an_output_is_a_regular_file() {
    let desk = Desk::with_run();
    fs::create_dir(desk.path("folder.html")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(desk.path("pipe.html")).status().unwrap().success());
    std::os::unix::fs::symlink("/dev/null", desk.path("null.html")).unwrap();
    for out in ["folder.html", "pipe.html", "null.html"] {
        let said = write(&desk, &["report", "latest"], out, &["--force"]).expect(2);
        assert!(said.err.contains(out) && said.err.contains("hint:"), "{said:?}");
    }
    let missing = write(&desk, &["report", "latest"], "no/such/folder.html", &["--force"]).expect(3);
    assert!(missing.err.contains("no/such/folder.html"), "{missing:?}");
}

/// Goal: an error in the middle leaves what was there, and nothing beside it. (Kills at any moment are the campaign's.)
#[cfg(target_os = "linux")]
#[test]
fn an_error_while_writing_leaves_what_was_there() {
    let desk = Desk::with_run();
    fs::create_dir(desk.path("out")).unwrap();
    let program = desk.command(&[]).get_program().to_str().unwrap().to_owned();
    // Whether or not whoever starts the program ignores the signal that says so, writing more than the limit fails.
    for trap in ["", "trap '' XFSZ; "] {
        for (command, out) in LARGE {
            let out = format!("out/{out}");
            for old in [None, Some("<svg><!-- old -->")] {
                let _ = fs::remove_file(desk.path(&out));
                old.map(|old| desk.write(&out, old));
                let before = names(&desk.path("out"));
                let script = format!("{trap}ulimit -f 80; exec \"$0\" \"$@\"");
                let mut limited = std::process::Command::new("sh");
                limited.args(["-c", &script, &program]).args(command).args(["--out", &out, "--force"]);
                limited.current_dir(desk.folder.path()).env("COUNTERFOIL_STORE", &desk.store);
                let said = common::said(&mut limited);
                assert_eq!(said.code, 3, "{command:?} {old:?}: {said:?}");
                assert_eq!(fs::read_to_string(desk.path(&out)).ok().as_deref(), old, "{command:?}");
                assert_eq!(names(&desk.path("out")), before, "{command:?}");
                assert!(said.err.contains(&out) && said.err.contains("hint:"), "{said:?}");
            }
        }
    }
}

/// Goal: `accept` replaces its own files without a question, and nobody else's.
#[test]
fn accepting_replaces_accepted_decisions_and_nothing_else() {
    let desk = Desk::new();
    let small = "format = 1\nextends = \"placebo\"\nname = \"tiny\"\nseed = 1\n[shoppers]\ncount = 50\n";
    desk.write("tiny.toml", small);
    desk.say(&["accept", "tiny.toml", "--baselines", "b"]).expect(0);
    let accepted = fs::read_to_string(desk.path("b/tiny.txt")).unwrap();
    desk.write("b/tiny.txt", &accepted.replace("# format ", "# format 9"));
    desk.say(&["accept", "tiny.toml", "--baselines", "b"]).expect(0);
    assert_eq!(fs::read_to_string(desk.path("b/tiny.txt")).unwrap(), accepted);
    desk.write("b/tiny.txt", "the only copy of a poem\n");
    let said = desk.say(&["accept", "tiny.toml", "--baselines", "b"]).expect(2);
    assert!(said.err.contains("b/tiny.txt") && said.err.contains("not replaced"), "{said:?}");
    assert_eq!(fs::read_to_string(desk.path("b/tiny.txt")).unwrap(), "the only copy of a poem\n");
    assert_eq!(names(&desk.path("b")), ["tiny.txt"]);
    // Nobody will ever write into the pipe, so reading it would not end.
    fs::remove_file(desk.path("b/tiny.txt")).unwrap();
    if !std::process::Command::new("mkfifo")
        .arg(desk.path("b/tiny.txt"))
        .status()
        .is_ok_and(|made| made.success())
    {
        eprintln!("SKIPPED: this system makes no pipes");
        return;
    }
    for command in ["check", "accept"] {
        let said = desk.say(&[command, "tiny.toml", "--baselines", "b"]).expect(2);
        assert!(said.err.contains("only regular files are read"), "{said:?}");
    }
}

/// The command as somebody whom permissions bind; `None` where that cannot be had, which is said.
#[cfg(target_os = "linux")]
fn as_nobody(desk: &Desk, arguments: &[&str]) -> Option<std::process::Command> {
    const NOBODY: u32 = 65_534;
    let id = std::process::Command::new("id").arg("-u").output().unwrap();
    if id.stdout != b"0\n" {
        return Some(desk.command(arguments));
    }
    let chown = |path: &Path| std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    for name in ["", "data", "data/counterfoil.db", "out", "out/a.html"] {
        chown(&desk.path(name));
    }
    let plain = desk.command(arguments);
    let nobody = || {
        let mut command = std::process::Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(plain.get_program());
        command.current_dir(desk.folder.path()).env("COUNTERFOIL_STORE", &desk.store);
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

    let desk = Desk::with_run();
    desk.write("out/a.html", "<!doctype html>old");
    for (folder, file, out) in
        [(0o555, 0o644, "out/a.html"), (0o555, 0o644, "out/b.html"), (0o755, 0o444, "out/a.html")]
    {
        let report = ["report", "latest", "--force", "--out", out];
        let Some(mut command) = as_nobody(&desk, &report) else { return };
        let mode = |name: &str, mode| {
            fs::set_permissions(desk.path(name), fs::Permissions::from_mode(mode)).unwrap()
        };
        mode("out/a.html", file);
        mode("out", folder);
        let said = common::said(&mut command);
        mode("out", 0o755);
        assert_eq!(said.code, 3, "{out}: {said:?}");
        assert!(said.err.contains(out) && said.err.contains("hint: check that its folder"), "{said:?}");
        assert_eq!(fs::read_to_string(desk.path("out/a.html")).unwrap(), "<!doctype html>old");
        assert_eq!(names(&desk.path("out")), ["a.html"]);
    }
}
