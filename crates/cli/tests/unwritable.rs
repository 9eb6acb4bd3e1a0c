//! Printing never ends the program: a full device and a reader that went away, for data, remarks and errors.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod common;

use std::fs::File;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use common::{Answered, SMALL, Terminal};

/// A device that is always full.
fn full() -> Stdio {
    File::options().write(true).open("/dev/full").unwrap().into()
}

/// The writing end of a pipe that nobody reads, and a second one of the same.
fn unread() -> (Stdio, Stdio) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    (writer.try_clone().unwrap().into(), writer.into())
}

fn run() -> Vec<&'static str> {
    ["run", "fashion-web-shop"].into_iter().chain(SMALL).collect()
}

/// What a command answers whose standard error goes nowhere.
fn deaf(terminal: &Terminal, arguments: &[&str]) -> Answered {
    common::answered(terminal.command(arguments).stdout(Stdio::piped()).stderr(full()))
}

/// Runs that are stored whole.
fn complete(terminal: &Terminal) -> usize {
    let listed = terminal.say(&["runs", "--json"]).expect(0).json();
    let runs = listed["runs"].as_array().unwrap();
    runs.iter().filter(|run| run["status"] == "complete").count()
}

/// Goal: remarks, hints and errors that cannot be written change neither the work nor the exit code.
#[test]
fn a_full_standard_error_changes_nothing() {
    let terminal = Terminal::new();
    assert_eq!(deaf(&terminal, &["runs"]).code, 0, "remarks about an empty store");
    let answered = deaf(&terminal, &run()).expect(0);
    assert!(answered.out.contains("result "), "{answered:?}");
    assert_eq!(complete(&terminal), 1);
    deaf(&terminal, &["sql", "latest", "SELECT 1 UNION SELECT 2", "--limit", "1"]).expect(0);
    deaf(&terminal, &["report", "latest", "--out", "report.html"]).expect(0);
    assert!(terminal.path("report.html").exists());
    deaf(&terminal, &["show", "nowhere"]).expect(2);
    deaf(&terminal, &["run", "nowhere"]).expect(2);
    deaf(&terminal, &["nonsense"]).expect(2);
    deaf(&terminal, &[]).expect(2);
}

/// Goal: a reader that goes away ends the printing and not the run.
#[test]
fn a_closed_pipe_ends_printing_and_not_the_run() {
    let terminal = Terminal::new();
    for _ in 0..2 {
        let (out, err) = unread();
        let status = terminal.command(&run()).stdout(out).stderr(err).status().unwrap();
        assert_eq!(status.code(), Some(0));
    }
    assert_eq!(complete(&terminal), 2);
    let commands: [&[&str]; 7] = [
        &["runs"],
        &["runs", "--json"],
        &["show", "latest"],
        &["verify", "latest"],
        &["export", "latest", "--table", "needs", "--out", "-"],
        &["report", "latest", "--out", "-"],
        &["--help"],
    ];
    for arguments in commands {
        let (out, err) = unread();
        let status = terminal.command(arguments).stdout(out).stderr(err).status().unwrap();
        assert_eq!(status.code(), Some(0), "{arguments:?}");
    }
    let (out, err) = unread();
    let status = terminal.command(&["show", "nowhere"]).stdout(out).stderr(err).status().unwrap();
    assert_eq!(status.code(), Some(2));
}

/// Goal: a full standard output is a failure of the surroundings, answered once the run is stored.
#[test]
fn a_full_standard_output_fails_after_the_work() {
    let terminal = Terminal::new();
    let commands: [&[&str]; 8] = [
        &run(),
        &["runs"],
        &["show", "latest", "--json"],
        &["export", "latest", "--table", "needs", "--out", "-"],
        &["chart", "latest", "--figure", "headline", "--out", "-"],
        &["schema", "metrics"],
        &["--help"],
        &["run", "--help"],
    ];
    for arguments in commands {
        let answered =
            common::answered(terminal.command(arguments).stdout(full()).stderr(Stdio::piped())).expect(3);
        assert!(
            answered.err.contains("error: standard output: ") && answered.err.contains("hint: "),
            "{answered:?}"
        );
        assert!(!answered.err.contains("panicked"), "{answered:?}");
    }
    assert_eq!(complete(&terminal), 1, "the run is stored");
    let both = terminal.command(&["show", "latest"]).stdout(full()).stderr(full()).status().unwrap();
    assert_eq!(both.code(), Some(3));
}

/// Goal: somebody who presses Ctrl-C without hearing an answer loses no finished world.
#[test]
fn an_unheard_interruption_keeps_what_is_finished() {
    let terminal = Terminal::new();
    let long = ["run", "fashion-web-shop", "--worlds", "400", "--shoppers", "300", "--threads", "1"];
    // Also the system's polite request to end.
    for signal in ["-INT", "-TERM"] {
        let (out, _) = unread();
        let mut child = terminal.command(&long).stdout(out).stderr(full()).spawn().unwrap();
        sleep(Duration::from_millis(1_000));
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        assert_eq!(child.wait().unwrap().code(), Some(3), "{signal}");
        let run = &terminal.say(&["runs", "--json"]).expect(0).json()["runs"][0];
        assert!(run["units_done"].as_u64().unwrap() > 0 && run["status"] == "partial", "{run}");
    }
}

/// Goal: a live session, of which nothing is stored, ends with its last reader.
#[test]
fn a_live_session_ends_with_its_reader() {
    let terminal = Terminal::new();
    let live = ["live", "fashion-web-shop", "--policy", "realtime", "--speed", "1000", "--shoppers", "300"];
    let (out, err) = unread();
    let status = terminal.command(&live).stdout(out).stderr(err).status().unwrap();
    assert_eq!(status.code(), Some(0));
    let answered = common::answered(terminal.command(&live).stdout(full()).stderr(Stdio::piped())).expect(3);
    assert!(answered.err.contains("error: standard output: "), "{answered:?}");
}

/// Goal: a file that may not grow any more is an error of the surroundings, and no signal ends the program without a word.
#[test]
fn a_file_that_may_not_grow_is_an_error_and_no_signal() {
    let terminal = Terminal::with_run();
    let program = env!("CARGO_BIN_EXE_counterfoil");
    let limited = |words: &str| {
        let mut shell = Command::new("bash");
        shell.args(["-c", &format!("ulimit -f 2; exec '{program}' {words}")]);
        common::answered(shell.current_dir(terminal.folder.path()).env("COUNTERFOIL_STORE", &terminal.store))
    };
    let answered = limited("export latest --table needs --out needs.csv").expect(3);
    assert!(answered.err.contains("needs.csv") && answered.err.contains("hint:"), "{answered:?}");
    assert!(!terminal.path("needs.csv").exists());
    let run = run().join(" ");
    let answered = limited(&run).expect(3);
    assert!(answered.err.contains("hint:"), "{answered:?}");
    terminal.say(&["verify", "latest", "--stored"]).expect(0);
}

/// Goal: whenever somebody asks a command to end, it ends with an exit code: from its first moment on, and also a command
/// that has nothing to keep.
#[test]
fn a_request_to_end_is_heard_from_the_first_moment_on() {
    let terminal = Terminal::with_run();
    let long = "WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    for signal in ["-INT", "-TERM"] {
        let mut child = terminal
            .command(&["sql", "latest", long])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        sleep(Duration::from_millis(300));
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(3), "{signal}");
    }
}
