//! The command line as its users expect it: `--quiet`, `-`, `--store` anywhere, deleting and restoring, what a run will take.
#![allow(clippy::unwrap_used)]

mod common;
#[cfg(target_os = "linux")]
#[path = "common/terminal.rs"]
mod terminal;

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use common::{Answered, SMALL, Terminal, shipped, shipped_policy};

/// What a command says to whom this is piped.
fn piped(terminal: &Terminal, arguments: &[&str], text: &[u8]) -> Answered {
    let mut command = terminal.command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Whoever refuses at once does not read.
    let _ = child.stdin.take().unwrap().write_all(text);
    let output = child.wait_with_output().unwrap();
    Answered {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn ids(terminal: &Terminal, more: &[&str]) -> Vec<String> {
    let arguments: Vec<&str> = ["runs", "--json"].into_iter().chain(more.iter().copied()).collect();
    let listed = terminal.say(&arguments).expect(0).json();
    listed["runs"].as_array().unwrap().iter().map(|run| run["id"].as_str().unwrap().to_owned()).collect()
}

/// Goal: `--quiet` silences progress and remarks, never errors and never data.
#[test]
fn quiet_silences_remarks_and_nothing_else() {
    let terminal = Terminal::new();
    let loud = terminal.small("placebo", &[]).expect(0);
    let quiet = terminal.small("placebo", &["--quiet"]).expect(0);
    assert!(!loud.err.is_empty() && quiet.err.is_empty(), "{quiet:?}");
    assert!(quiet.out.contains("result "));
    assert_eq!(terminal.say(&["-q", "report", "latest", "--out", "a.html"]).expect(0).err, "");
    let refused = terminal.say(&["report", "latest", "--out", "a.html", "--quiet"]).expect(2);
    assert!(refused.err.contains("error: a.html"), "{refused:?}");
    let cut = terminal.say(&["sql", "-q", "latest", "SELECT 1 UNION SELECT 2", "--limit", "1"]).expect(0);
    assert!(cut.err.contains("more rows than 1"), "what is missing is always said: {cut:?}");
}

/// Goal: `--store` stands before or behind the command's name.
#[test]
fn the_store_is_named_anywhere() {
    let terminal = Terminal::new();
    let small: Vec<&str> = ["--store", "other.db", "run", "placebo"].into_iter().chain(SMALL).collect();
    terminal.say(&small).expect(0);
    assert!(terminal.path("other.db").exists() && !terminal.store.exists());
    for arguments in [
        ["--store", "other.db", "show", "latest", "--json"],
        ["show", "--store", "other.db", "latest", "--json"],
        ["show", "latest", "--json", "--store", "other.db"],
        ["show", "latest", "--store=other.db", "--json", "--quiet"],
    ] {
        assert_eq!(terminal.say(&arguments).expect(0).json()["run"]["scenario"], "placebo", "{arguments:?}");
    }
}

/// Goal: `-` reads a scenario or a policy from standard input, as if it lay in the working directory.
#[test]
fn a_text_is_read_from_standard_input() {
    let terminal = Terminal::new();
    let named = terminal.small("placebo", &["--json"]).expect(0).json();
    let text = "format = 1\nextends = \"placebo\"\nname = \"piped\"\n";
    let run: Vec<&str> = ["run", "-", "--json"].into_iter().chain(SMALL).collect();
    let answered = piped(&terminal, &run, text.as_bytes()).expect(0);
    let document = answered.json();
    assert_eq!(document["run"]["scenario"], "piped");
    assert_eq!(document["run"]["scenario_read"][0], "standard input");
    assert_eq!(document["run"]["result_hash"], named["run"]["result_hash"]);
    terminal.say(&["verify", "latest"]).expect(0);
    let resumed: Vec<&str> = run.iter().copied().chain(["--resume", "latest"]).collect();
    piped(&terminal, &resumed, text.as_bytes()).expect(0);
    let other = piped(&terminal, &resumed, format!("{text}seed = 3\n").as_bytes()).expect(2);
    assert!(other.err.contains("seed"), "{other:?}");

    terminal.write(
        "policies/held.toml",
        &shipped_policy("batch").replace("holdout = \"5 %\"", "holdout = \"100 %\""),
    );
    let with_arm = format!("{text}\n[[arms]]\nname = \"held\"\npolicy = \"held\"\n");
    let answered = piped(&terminal, &run, with_arm.as_bytes()).expect(0);
    assert!(answered.err.contains("policies/held.toml"), "{}", answered.err);

    let fine = piped(&terminal, &["validate", "-"], shipped("placebo").as_bytes()).expect(0);
    assert_eq!(fine.out, "-: fine (scenario)\n");
    let policy = piped(&terminal, &["validate", "-"], shipped_policy("batch").as_bytes()).expect(0);
    assert_eq!(policy.out, "-: fine (policy)\n");
    let wrong =
        piped(&terminal, &["validate", "-"], shipped("placebo").replace("seed", "sead").as_bytes()).expect(2);
    assert!(wrong.out.contains("sead") && wrong.out.contains("hint:"), "{wrong:?}");
    for (bytes, says) in [(&b"name = \"\xff\""[..], "UTF-8"), (&vec![b'#'; 5 << 20], "4 MiB")] {
        let refused = piped(&terminal, &run, bytes).expect(2);
        assert!(refused.err.contains("standard input") && refused.err.contains(says), "{refused:?}");
    }
}

/// Goal: every file of `validate` is answered, whatever the others are.
#[test]
fn validate_answers_every_file() {
    let terminal = Terminal::new();
    terminal.write("good.toml", &shipped("placebo"));
    terminal.write("bad.toml", "format = 1\nextends = \"placebo\"\nname = \"bad\"\nsead = 1\n");
    fs::write(terminal.path("bytes.toml"), b"format = 1\n\xff\xfe").unwrap();
    let files = ["missing.toml", "bytes.toml", "bad.toml", ".", "nobody", "good.toml"];
    let arguments: Vec<&str> = ["validate"].into_iter().chain(files).collect();
    let answered = terminal.say(&arguments).expect(2);
    for start in
        ["missing.toml: ", "bytes.toml: ", "bad.toml:4:", ".: ", "nobody: ", "good.toml: fine (scenario)"]
    {
        assert!(
            answered.out.lines().any(|line| line.starts_with(start)),
            "`{start}` is not in\n{}",
            answered.out
        );
    }
    let document = terminal.say(&[&arguments[..], &["--json"]].concat()).expect(2).json();
    let answered = document["files"].as_array().unwrap();
    assert_eq!(answered.len(), files.len());
    for (file, answer) in files.iter().zip(answered) {
        assert_eq!(answer["file"], *file);
        assert_eq!(answer["errors"].as_array().unwrap().is_empty(), *file == "good.toml", "{answer}");
    }
}

/// Goal: the list for scripts has status and size of every run, and the size of the store.
#[test]
fn runs_are_listed_with_status_and_size() {
    let terminal = Terminal::with_run();
    let listed = terminal.say(&["runs", "--json"]).expect(0).json();
    assert_eq!(listed["store"]["path"].as_str().unwrap(), terminal.store.to_str().unwrap());
    assert!(listed["store"]["bytes"].as_u64().unwrap() > 10_000, "{listed}");
    let run = &listed["runs"][0];
    assert!(run["bytes"].as_u64().unwrap() > 1_000, "{run}");
    for (key, value) in
        [("status", "complete"), ("keep", "sample"), ("title", "Fashion web shop with a weekly sale")]
    {
        assert_eq!(run[key], value);
    }
    assert_eq!(
        (&run["units_done"], &run["shoppers_per_world"], &run["days"]),
        (&2.into(), &200.into(), &14.into())
    );
    assert_eq!(run["arms"].as_array().unwrap().len(), 4);
}

/// Goal: a run is deleted, restored by another process with everything it had, and purged only when that is meant.
#[test]
fn runs_are_deleted_restored_and_purged() {
    let terminal = Terminal::new();
    for _ in 0..2 {
        terminal.small("placebo", &[]).expect(0);
    }
    let all = ids(&terminal, &[]);
    let shown = terminal.say(&["show", &all[0], "--json"]).expect(0).out;
    let answered = terminal.say(&["delete", &all[0][..6]]).expect(0);
    assert!(answered.err.contains(&format!("counterfoil restore {}", all[0])), "{answered:?}");
    assert_eq!(
        (ids(&terminal, &[]), ids(&terminal, &["--deleted"])),
        (vec![all[1].clone()], vec![all[0].clone()])
    );
    assert!(terminal.say(&["runs", "--deleted"]).expect(0).out.contains(&all[0]));
    terminal.say(&["show", &all[0]]).expect(2);
    for wrong in [&["delete", "zzz"][..], &["restore", "zzz"], &["restore", &all[1]], &["restore", ""]] {
        let answered = terminal.say(wrong).expect(2);
        assert!(answered.err.contains("hint:"), "{answered:?}");
    }
    terminal.say(&["restore", &all[0][..6]]).expect(0);
    assert_eq!((ids(&terminal, &[]), ids(&terminal, &["--deleted"])), (all.clone(), vec![]));
    assert_eq!(terminal.say(&["show", &all[0], "--json"]).expect(0).out, shown);

    terminal.say(&["purge", "--yes"]).expect(0);
    assert_eq!(ids(&terminal, &[]).len(), 2, "nothing was deleted");
    terminal.say(&["delete", "latest"]).expect(0);
    let refused = terminal.say(&["purge"]).expect(2);
    assert!(refused.err.contains("1 deleted run ") && refused.err.contains("--yes"), "{refused:?}");
    assert_eq!(ids(&terminal, &["--deleted"]).len(), 1);
    let before = fs::metadata(&terminal.store).unwrap().len();
    let purged = terminal.say(&["purge", "--yes"]).expect(0).out;
    assert!(purged.contains("Purged 1 deleted run; the file is ") && purged.contains("smaller"), "{purged}");
    assert!(fs::metadata(&terminal.store).unwrap().len() < before, "the space went back to the disk");
    terminal.say(&["restore", &all[0]]).expect(2);
    assert_eq!((ids(&terminal, &[]), ids(&terminal, &["--deleted"])), (vec![all[1].clone()], vec![]));
    for command in [&["delete", "latest"][..], &["restore", "latest"], &["purge", "--yes"]] {
        let answered = terminal.say(&[command, &["--store", "no/such.db"]].concat()).expect(2);
        assert!(answered.err.contains("no/such.db") && !terminal.path("no").exists(), "{answered:?}");
    }
}

/// Goal: names and notes are a person's own: they are shown, change no result, and can be taken away.
#[test]
fn runs_have_names_and_notes() {
    let terminal = Terminal::with_run();
    assert!(!terminal.say(&["runs"]).expect(0).out.contains("name"), "no column without a name");
    terminal
        .say(&["note", "latest", "--name", "before the relaunch", "--note", "as agreed\u{1b}[2J"])
        .expect(0);
    let listed = terminal.say(&["runs"]).expect(0).out;
    assert!(listed.contains("before the relaunch"), "{listed}");
    let document = terminal.say(&["runs", "--json"]).expect(0).json();
    let run = &document["runs"][0];
    assert_eq!((&run["name"], &run["note"]), (&"before the relaunch".into(), &"as agreed\u{1b}[2J".into()));
    terminal.say(&["verify", "latest"]).expect(0);
    terminal.say(&["verify", "latest", "--stored"]).expect(0);
    terminal.say(&["note", "latest", "--name", ""]).expect(0);
    assert!(!terminal.say(&["runs"]).expect(0).out.contains("name"));
    terminal.say(&["note", "latest"]).expect(2);
    terminal.say(&["note", "latest", "--name", &"x".repeat(61)]).expect(2);
}

#[cfg(target_os = "linux")]
#[test]
fn quiet_silences_the_bar() {
    let terminal = Terminal::new();
    let run = ["run", "placebo", "--worlds", "3", "--shoppers", "1000", "--json"];
    let (_, loud) = terminal::talk(&mut terminal.command(&run), "");
    let (code, quiet) = terminal::talk(terminal.command(&run).arg("--quiet"), "");
    assert!(loud.contains("world 1 of 3"), "{loud}");
    assert!(code == 0 && quiet.starts_with("{\n"), "{quiet}");
}

#[cfg(target_os = "linux")]
#[test]
fn purging_asks_on_a_terminal() {
    let terminal = Terminal::with_run();
    terminal.say(&["delete", "latest"]).expect(0);
    let (code, answered) = terminal::talk(&mut terminal.command(&["purge"]), "n\n");
    assert!(code == 3 && answered.contains("Remove 1 deleted run for good?"), "{answered}");
    assert_eq!(ids(&terminal, &["--deleted"]).len(), 1);
    let (code, answered) = terminal::talk(&mut terminal.command(&["purge"]), "yes\n");
    assert!(code == 0 && answered.contains("Purged 1 deleted run;"), "{answered}");
}

/// Goal: `--into` without `--add-arm` is refused beside whatever else is given, and nothing is run.
#[test]
fn into_without_an_arm_is_refused() {
    let terminal = Terminal::with_run();
    for arguments in [
        &["run", "--into", "latest"][..],
        &["run", "placebo", "--into", "latest"],
        &["run", "--resume", "latest", "--into", "latest"],
        &["run", "placebo", "--policy", "blanket", "--into", "latest", "--seed", "3"],
        &["run", "--add-arm", "blanket"],
        &["run", "placebo", "--add-arm", "blanket", "--into", "latest"],
        &["run", "--resume", "latest", "--add-arm", "blanket", "--into", "latest"],
        &["run"],
    ] {
        let answered = terminal.say(arguments).expect(2);
        assert!(answered.err.contains("hint: ") && answered.out.is_empty(), "{arguments:?}: {answered:?}");
    }
    assert_eq!(ids(&terminal, &[]).len(), 1);
    terminal.say(&["run", "--add-arm", "blanket", "--into", "latest"]).expect(0);
}

/// Goal: usage errors end with a hint in the words of all other errors.
#[test]
fn usage_errors_have_a_hint() {
    let terminal = Terminal::new();
    for (arguments, says) in [
        (&["rum"][..], "hint: some similar subcommands exist"),
        (&["run", "placebo", "--thread", "2"], "hint: a similar argument exists: '--threads'"),
        (&["run", "placebo", "--threads", "0"], "hint: `counterfoil run --help`"),
        (&["chart", "latest", "--figure", "pie", "--out", "a.svg"], "hint: `counterfoil chart --help`"),
        (&["show"], "hint: `counterfoil show --help`"),
    ] {
        let answered = terminal.say(arguments).expect(2);
        assert!(answered.err.starts_with("error: ") && answered.err.contains(says), "{answered:?}");
        assert!(!answered.err.contains("tip:"), "{answered:?}");
    }
}

/// Goal: arguments that are no text are refused like all others that mean nothing.
#[cfg(unix)]
#[test]
fn arguments_that_are_no_text_are_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let terminal = Terminal::with_run();
    let odd = OsStr::from_bytes(b"a\xff\x1b[2J");
    for arguments in [&["show"][..], &["run"], &["sql", "latest"], &["validate"], &[]] {
        let answered = common::answered(terminal.command(arguments).arg(odd)).expect(2);
        assert!(
            answered.err.starts_with("error: ") && !answered.err.contains('\u{1b}'),
            "{arguments:?}: {answered:?}"
        );
    }
    let mut command = terminal.command(&["report", "latest", "--out"]);
    common::answered(command.arg(OsStr::from_bytes(b"a\xff.html"))).expect(0);
}

/// Goal: the version says from which commit, and which formats are read and written.
#[test]
fn the_version_names_commit_and_formats() {
    let terminal = Terminal::new();
    let short = terminal.say(&["-V"]).expect(0).out;
    assert_eq!(short.lines().count(), 1, "{short}");
    let long = terminal.say(&["--version"]).expect(0).out;
    for word in [
        "commit ",
        "engine ",
        "scenarios  format 1",
        "store      format ",
        "baselines  format ",
        "json       format 1",
    ] {
        assert!(long.contains(word), "`{word}` is not in\n{long}");
    }
    assert_eq!(long.lines().next(), short.lines().next());
    assert!(!long.contains(&*terminal.folder.path().to_string_lossy()));
}

/// A run that no machine has room for.
const HUGE: [&str; 6] = ["run", "placebo", "--worlds", "10000", "--shoppers", "5000000"];

/// Goal: a long run says first what it takes; one that the machine has no room for is only run when that is meant.
#[cfg(target_os = "linux")]
#[test]
fn a_long_run_says_what_it_takes_and_asks_where_there_is_no_room() {
    use std::io::{BufRead as _, BufReader};

    let terminal = Terminal::new();
    let (code, answered) = terminal::talk(&mut terminal.command(&HUGE), "n\n");
    for words in
        ["Expected: about ", " on the disk, ", " of memory (a guess", "warning: ", "Run all the same? [y/N]"]
    {
        assert!(answered.contains(words), "`{words}` is not in\n{answered}");
    }
    assert_eq!(code, 3, "{answered}");
    assert!(ids(&terminal, &[]).is_empty());
    assert!(terminal::ends_when_stopped_at(&mut terminal.command(&HUGE), "Run all the same? [y/N]"));
    assert!(
        !terminal.small("placebo", &[]).expect(0).err.contains("Expected"),
        "a blink is not worth a word"
    );
    // Without a terminal it is a warning, and the run begins.
    let mut child = terminal.command(&HUGE).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(|line| line.unwrap());
    let warned =
        lines.by_ref().take_while(|line| !line.starts_with("Run ")).any(|line| line.contains("warning: "));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(warned);
}
