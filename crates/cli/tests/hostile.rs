//! Texts of others are shown, not obeyed: in terminals, documents, reports and charts.
#![allow(clippy::unwrap_used)]

mod common;
#[cfg(target_os = "linux")]
#[path = "common/terminal.rs"]
mod terminal;

use std::fs;

use common::{Answered, SMALL, Terminal};
use rusqlite::Connection;

/// Clears a screen, sets a title, turns the direction of reading, ends a line, is no character.
const HOSTILE: &str = "A\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}txe\u{2066}\u{200f}\u{2028}\u{7f}\u{fffe}<script>Z\nerror: forged";
/// The same in TOML.
const IN_TOML: &str =
    r"A\u001B[2J\u001B]0;owned\u0007\u009B31m\u202Etxe\u2066\u200F\u2028\u007F\uFFFE<script>Z\nerror: forged";
/// How it is shown.
const SHOWN: &str = r"A\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}txe\u{2066}\u{200f}";

/// What no output may hold; the list is written down here a second time, from the standards.
fn is_obeyed(letter: char) -> bool {
    let code = u32::from(letter);
    let control = (code < 0x20 && letter != '\n') || (0x7f..0xa0).contains(&code);
    let direction = [0x61c, 0x200e, 0x200f].contains(&code)
        || (0x202a..=0x202e).contains(&code)
        || (0x2066..=0x2069).contains(&code);
    control || direction || [0x2028, 0x2029].contains(&code) || code & 0xfffe == 0xfffe
}

fn harmless(what: &str, text: &str) {
    if let Some(place) = text.find(is_obeyed) {
        panic!("{what}: {:?}", text[place..].chars().take(60).collect::<String>());
    }
    // Paragraphs are wrapped anywhere, pages and tables in quotes have lines of their own; all else stays on its line.
    let wrapped = ["show", "a run", "export", ".html", ".svg"].iter().any(|one| what.contains(one));
    let forged = text.lines().any(|line| line.starts_with("error: forged"));
    assert!(wrapped || !forged, "{what} has a forged line:\n{text}");
}

fn scenario() -> String {
    format!(
        "format = 1\nextends = \"fashion-web-shop\"\nname = \"hostile\"\n\n[about]\ntitle = \"{IN_TOML}\"\n\
         question = \"{IN_TOML}\"\nnotice = [\"{IN_TOML}\"]\ntry = [\"{IN_TOML}\"]\n"
    )
}

/// A terminal with a run whose texts, those that only somebody with the store in hand can change too, are hostile.
fn terminal() -> Terminal {
    let terminal = Terminal::new();
    terminal.write("hostile.toml", &scenario());
    let answered = terminal.small("hostile.toml", &[]).expect(0);
    harmless("a run", &format!("{}{}", answered.out, answered.err));
    assert!(answered.out.contains(r"\u{1b}[2J"), "the question is shown: {}", answered.out);
    let store = Connection::open(&terminal.store).unwrap();
    store.execute("UPDATE runs SET scenario = ?1, engine_version = ?1, title = ?1", [HOSTILE]).unwrap();
    store.execute("UPDATE arms SET name = ?1 WHERE name = 'batch'", [HOSTILE]).unwrap();
    store.execute("UPDATE treatments SET name = ?1 WHERE treatment = 0", [HOSTILE]).unwrap();
    terminal
}

const COMMANDS: [&[&str]; 9] = [
    &["runs"],
    &["runs", "--json"],
    &["show", "latest"],
    &["show", "latest", "--json"],
    &["sql", "latest", "SELECT title, scenario, x'1b5b324a' AS \"\u{1b}[31m\" FROM runs"],
    &["sql", "latest", "SELECT title FROM runs", "--json"],
    &["validate", "hostile.toml"],
    &["verify", "latest"],
    &["replay", "latest", "--shopper", "3"],
];

#[test]
fn texts_of_others_are_shown_and_not_obeyed() {
    let terminal = terminal();
    for command in COMMANDS {
        let Answered { code, out, err } = terminal.say(command);
        assert!(code != 101 && code != -1, "{command:?}: {err}");
        harmless(&format!("{command:?}"), &format!("{out}{err}"));
    }
    let asked = terminal.say(&["sql", "latest", "SELECT title, 1 AS one FROM runs"]).expect(0);
    assert!(asked.out.contains(SHOWN), "{}", asked.out);
    assert_eq!(asked.out.lines().count(), 2, "a text stays on its line: {}", asked.out);
    let documents = [&["runs", "--json"][..], &["sql", "latest", "SELECT title FROM runs", "--json"]];
    for command in documents {
        let document = terminal.say(command).expect(0).json();
        let title = [&document["runs"][0]["title"], &document["rows"][0][0]];
        assert!(
            title.iter().any(|title| **title == HOSTILE),
            "a document gives the text back as it is: {document}"
        );
    }
}

/// Goal: on a terminal only our own bold is there.
#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_bold_is_our_own() {
    let terminal = terminal();
    let export = ["export", "latest", "--table", "totals", "--out", "-"];
    for command in COMMANDS.into_iter().chain([&export[..]]) {
        let (_, answered) = terminal::talk(&mut terminal.command(command), "");
        let plain = answered.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
        harmless(&format!("{command:?}"), &plain);
    }
    let (_, answered) = terminal::talk(&mut terminal.command(&["show", "latest"]), "");
    assert!(answered.starts_with("\u{1b}[1m"), "{answered}");
}

/// Goal: names that people type and names of files come back in errors without being obeyed.
#[test]
fn what_was_typed_is_shown_in_errors() {
    let terminal = Terminal::with_run();
    let name = "a\u{1b}[31m\u{202e}b";
    let file = terminal.write(&format!("{name}.toml"), "format = 1\nname = \"x\"\n");
    let html = format!("{name}.html");
    terminal.write(&html, "notes");
    for command in [
        &["run", name][..],
        &["run", &file],
        &["validate", &file, name],
        &["show", name],
        &["report", "latest", "--out", &html],
        &["report", "latest", "--out", name],
        &["chart", "latest", "--figure", name, "--out", "a.svg"],
        &["sql", "latest", name],
        &["runs", "--store", &file],
        &[name],
    ] {
        let answered = terminal.say(command).expect(2);
        let all = format!("{}{}", answered.out, answered.err);
        harmless(&format!("{command:?}"), &all);
        assert!(all.contains(r"\u{202e}b"), "{command:?}: {all}");
    }
    let policy = format!("\n[[arms]]\nname = \"x\"\npolicy = \"{IN_TOML}\"\n");
    terminal.write("arm.toml", &(scenario() + &policy));
    let small: Vec<&str> = ["run", "arm.toml"].into_iter().chain(SMALL).collect();
    let answered = terminal.say(&small).expect(2);
    harmless("a policy's name", &answered.err);
}

/// Goal: reports and charts hold no character that HTML or XML forbids, nor one that turns the direction of reading.
#[test]
fn reports_and_charts_are_clean() {
    let terminal = terminal();
    let report = terminal.say(&["report", "latest", "--out", "report.html"]).expect(0);
    harmless("report", &report.err);
    let html = fs::read_to_string(terminal.path("report.html")).unwrap();
    harmless("report.html", &html);
    assert!(html.contains(r"A\u{1b}[2J") && !html.contains("<script>"), "the title is shown");
    for figure in ["headline", "daily", "cumulative", "bridge"] {
        let file = format!("{figure}.svg");
        terminal.say(&["chart", "latest", "--figure", figure, "--out", &file]).expect(0);
        let svg = fs::read_to_string(terminal.path(&file)).unwrap();
        harmless(&file, &svg);
        assert!(!svg.contains("<script>"));
    }
    let svg = fs::read_to_string(terminal.path("headline.svg")).unwrap();
    assert!(svg.contains(r"A\u{1b}[2J"), "the arm's name is shown");
}
