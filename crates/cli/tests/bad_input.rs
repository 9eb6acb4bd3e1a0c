//! Bad input: the message says where, what was found, what is allowed and what to do; nothing that was stored is lost.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs::{self, Permissions};
use std::path::Path;

use common::{Terminal, shipped};

/// A text that is refused, and what the message has to say about it.
struct Case {
    name: &'static str,
    text: String,
    says: &'static [&'static str],
}

fn case(name: &'static str, text: String, says: &'static [&'static str]) -> Case {
    Case { name, text, says }
}

/// The default scenario with one line changed.
fn with(from: &str, to: &str) -> String {
    let text = shipped("fashion-web-shop");
    assert!(text.contains(from), "the default scenario has no `{from}` any more");
    text.replacen(from, to, 1)
}

fn cases() -> Vec<Case> {
    let default = shipped("fashion-web-shop");
    let cut = default.find("[traffic]").unwrap() + 20;
    vec![
        case("malformed", with("seed = 20_260_401", "seed = = 1"), &["malformed.toml:"]),
        case("cut", default[..cut].to_owned(), &["cut.toml", "hint:"]),
        case("empty", String::new(), &["empty.toml", "format", "missing", "hint:"]),
        case(
            "unknown",
            with("worlds = 8", "wurlds = 8"),
            &["unknown.toml:", "wurlds", "not a known key", "hint:", "worlds"],
        ),
        case(
            "share",
            with("consent = \"80 %\"", "consent = \"150 %\""),
            &["share.toml:", "consent", "150 %", "100 %", "hint:"],
        ),
        case(
            "price",
            with("price = \"29.00 EUR\"", "price = \"-29.00 EUR\""),
            &["price.toml:", "price", "-29.00 EUR", "0.01 EUR", "hint:"],
        ),
        case(
            "nobody",
            with("count = 20_000", "count = 0"),
            &["nobody.toml:", "shoppers.count", "is 0", "5,000,000", "hint:"],
        ),
        case("newer", with("format = 1", "format = 9"), &["newer.toml:", "format", "is 9", "hint:"]),
        case("arm", with("policy = \"realtime\"", "policy = \"realtme\""), &["realtme", "realtime", "hint:"]),
    ]
}

/// The bytes of a store, with nothing left in a log beside it.
fn bytes(store: &Path) -> Vec<u8> {
    let log = store.with_extension("db-wal");
    assert!(fs::metadata(&log).map_or(0, |log| log.len()) == 0, "a log was left behind");
    fs::read(store).unwrap()
}

#[test]
fn a_bad_scenario_is_refused_with_its_place_and_the_store_stays_as_it_is() {
    let terminal = Terminal::with_run();
    let before = bytes(&terminal.store);
    for case in cases() {
        let file = terminal.write(&format!("{}.toml", case.name), &case.text);
        for command in [vec!["run", &file], vec!["check", &file]] {
            let answered = terminal.say(&command);
            assert_eq!((answered.code, answered.out.as_str()), (2, ""), "{}: {answered:?}", case.name);
            for word in case.says {
                assert!(answered.err.contains(word), "{}: `{word}` is not in\n{}", case.name, answered.err);
            }
            assert!(!answered.err.contains("panicked"), "{answered:?}");
        }
        let validated = terminal.say(&["validate", &file]).expect(2);
        assert!(validated.out.contains(&format!("{file}:")), "{validated:?}");
        assert_eq!(bytes(&terminal.store), before, "{} changed the store", case.name);
    }
    terminal.say(&["show", "latest"]).expect(0);
}

#[test]
fn a_policy_that_names_an_unknown_treatment_is_refused_with_the_list() {
    let terminal = Terminal::with_run();
    let before = bytes(&terminal.store);
    let policy =
        "format = 1\nkind = \"blanket\"\ndescription = \"A gift.\"\n\n[blanket]\ntreatment = \"gift\"\n";
    let file = terminal.write("mine.toml", policy);
    let answered = terminal.small("fashion-web-shop", &["--policy", &file]).expect(2);
    for word in ["mine.toml:6", "blanket.treatment", "gift", "discount-10"] {
        assert!(answered.err.contains(word), "`{word}` is not in\n{}", answered.err);
    }
    let rule = shipped("policies/realtime").replacen("p_doubt > 0.25", "p_dout > 0.25", 1);
    let line = rule.lines().position(|line| line.contains("p_dout")).unwrap() + 1;
    let file = terminal.write("rules.toml", &rule);
    let answered = terminal.small("fashion-web-shop", &["--policy", &file]).expect(2);
    for word in ["p_dout", "p_doubt", &line.to_string(), "hint:"] {
        assert!(answered.err.contains(word), "`{word}` is not in\n{}", answered.err);
    }
    assert_eq!(bytes(&terminal.store), before);
}

#[test]
fn flags_are_held_to_the_same_rules_as_files() {
    let terminal = Terminal::with_run();
    let before = bytes(&terminal.store);
    let flags: [(&[&str], &[&str]); 8] = [
        (&["--shoppers", "0"], &["--shoppers", "is 0"]),
        (&["--shoppers", "-5"], &["--shoppers", "-5"]),
        (&["--worlds", "0"], &["--worlds", "is 0"]),
        (&["--days", "0"], &["--days", "0"]),
        (&["--days", "soon"], &["--days", "soon", "hint:"]),
        (&["--seed", "-1"], &["--seed", "-1"]),
        (&["--policy", "realtme"], &["--policy", "realtme", "realtime", "hint:"]),
        (&["--policy", "nowhere.toml"], &["nowhere.toml"]),
    ];
    for (flag, says) in flags {
        let arguments: Vec<&str> =
            ["run", "fashion-web-shop"].into_iter().chain(flag.iter().copied()).collect();
        let answered = terminal.say(&arguments).expect(2);
        for word in says {
            assert!(answered.err.contains(word), "{flag:?}: `{word}` is not in\n{}", answered.err);
        }
    }
    for wrong in [
        &["run"][..],
        &["run", "x", "--threads", "0"],
        &["run", "x", "--keep", "everything"],
        &["dance"],
        &[],
    ] {
        let answered = terminal.say(wrong).expect(2);
        assert!(
            answered.out.is_empty() && (answered.err.contains("Usage") || answered.err.contains("--help")),
            "{wrong:?}: {answered:?}"
        );
    }
    assert_eq!(bytes(&terminal.store), before);
}

#[test]
fn names_that_do_not_exist_are_answered_with_those_that_do() {
    let terminal = Terminal::with_run();
    let asked: [(&[&str], &[&str]); 6] = [
        (&["run", "fashion-web-shp"], &["fashion-web-shp", "fashion-web-shop"]),
        (&["run", "nowhere.toml"], &["nowhere.toml"]),
        (&["show", "ffffffffffffffff"], &["ffffffffffffffff", "hint:"]),
        (&["export", "latest", "--table", "shoes", "--out", "-"], &["shoes", "orders"]),
        (&["schema", "shoes"], &["shoes", "scenario"]),
        (&["show", "latest", "--versus", "nobody"], &["nobody", "control"]),
    ];
    for (arguments, says) in asked {
        let answered = terminal.say(arguments).expect(2);
        for word in says {
            assert!(answered.err.contains(word), "{arguments:?}: `{word}` is not in\n{}", answered.err);
        }
    }
}

/// Files that are no store of this version, each with what the message has to name.
fn strange_stores(terminal: &Terminal) -> Vec<(&'static str, Vec<u8>, &'static [&'static str])> {
    let ours = bytes(&terminal.store);
    let changed = |change: &str| {
        let copy = terminal.path("changed.db");
        fs::write(&copy, &ours).unwrap();
        rusqlite::Connection::open(&copy).unwrap().execute_batch(change).unwrap();
        let bytes = fs::read(&copy).unwrap();
        fs::remove_file(&copy).unwrap();
        bytes
    };
    vec![
        (
            "text.db",
            b"a shopping list: milk, bread, and a good many more things than a header\n".repeat(20),
            &["hint:"],
        ),
        (
            "foreign.db",
            changed("PRAGMA journal_mode = DELETE; PRAGMA application_id = 7;"),
            &["application_id", "hint:"],
        ),
        ("newer.db", changed("PRAGMA journal_mode = DELETE; PRAGMA user_version = 99;"), &["99", "hint:"]),
        ("short.db", ours[..ours.len() / 2].to_vec(), &["hint:"]),
        ("stub.db", ours[..60].to_vec(), &["hint:"]),
    ]
}

#[test]
fn a_file_that_is_no_store_of_ours_is_named_and_not_touched() {
    let terminal = Terminal::with_run();
    for (name, content, says) in strange_stores(&terminal) {
        let file = terminal.path(name);
        fs::write(&file, &content).unwrap();
        let store = file.to_str().unwrap();
        for command in [
            &["run", "placebo", "--store", store][..],
            &["runs", "--store", store],
            &["show", "latest", "--store", store],
        ] {
            let answered = terminal.say(command);
            assert!(matches!(answered.code, 2 | 3) && answered.out.is_empty(), "{name}: {answered:?}");
            assert!(
                answered.err.contains(name) && !answered.err.contains("panicked"),
                "{name}: {answered:?}"
            );
            for word in says {
                assert!(answered.err.contains(word), "{name}: `{word}` is not in\n{}", answered.err);
            }
            assert_eq!(fs::read(&file).unwrap(), content, "{name} was changed by {command:?}");
        }
    }
}

#[test]
fn a_store_that_is_read_only_is_read_and_not_written() {
    let terminal = Terminal::with_run();
    let before = bytes(&terminal.store);
    let mut permissions = fs::metadata(&terminal.store).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&terminal.store, permissions).unwrap();
    let answered = terminal.small("placebo", &[]);
    assert!(matches!(answered.code, 2 | 3), "{answered:?}");
    assert!(answered.err.contains("counterfoil.db") && answered.err.contains("hint:"), "{answered:?}");
    terminal.say(&["show", "latest"]).expect(0);
    terminal.say(&["runs", "--json"]).expect(0).json();
    assert_eq!(bytes(&terminal.store), before);
    writable(&terminal.store);
}

/// So that the folder can be removed on every system.
#[allow(clippy::permissions_set_readonly_false, reason = "a file of this test, removed right after")]
fn writable(path: &Path) {
    let mut permissions: Permissions = fs::metadata(path).unwrap().permissions();
    permissions.set_readonly(false);
    fs::set_permissions(path, permissions).unwrap();
}

#[test]
fn a_file_that_cannot_be_written_is_the_surroundings_fault() {
    let terminal = Terminal::with_run();
    for command in [
        &["report", "latest", "--out", "no-such-folder/report.html"][..],
        &["export", "latest", "--table", "orders", "--out", "no-such-folder/orders.csv"],
        &["chart", "latest", "--figure", "headline", "--out", "no-such-folder/headline.svg"],
    ] {
        let answered = terminal.say(command).expect(3);
        assert!(answered.err.contains("no-such-folder") && answered.err.contains("hint:"), "{answered:?}");
    }
}

/// Goal: what nobody accepted is no disk that failed: it is answered what lies there, and that it can be moved away.
#[test]
#[cfg(unix)]
fn what_was_never_a_file_of_accepted_decisions_is_named() {
    let terminal = Terminal::with_run();
    let file = terminal.path("accepted/fashion-web-shop.txt");
    fs::create_dir(terminal.path("accepted")).unwrap();
    let pipe = |file: &Path| {
        let made = std::process::Command::new("mkfifo").arg(file).status();
        made.is_ok_and(|made| made.success())
    };
    for what in 0..5 {
        match what {
            0 => fs::write(&file, b"PNG\xff\xfe").unwrap(),
            1 => std::os::unix::fs::symlink(&terminal.store, &file).unwrap(),
            2 => fs::create_dir(&file).unwrap(),
            3 => std::os::unix::fs::symlink("/dev/null", &file).unwrap(),
            _ => assert!(pipe(&file), "no pipe could be made"),
        }
        for command in ["check", "accept"] {
            let answered = terminal.say(&[command, "fashion-web-shop", "--baselines", "accepted"]).expect(2);
            assert!(answered.err.contains("accepted/fashion-web-shop.txt"), "{what}: {answered:?}");
            assert!(answered.err.contains("hint: move it away first"), "{what}: {answered:?}");
        }
        let gone = if what == 2 { fs::remove_dir(&file) } else { fs::remove_file(&file) };
        gone.unwrap();
    }
}

/// Goal: a name that no arm can have is answered when the file is looked at, and `run` names the flag that was given.
#[test]
fn a_policy_whose_name_is_too_long_for_an_arm_is_told() {
    let terminal = Terminal::new();
    let name = format!("{}.toml", "A".repeat(70));
    terminal.write(&name, &common::shipped_policy("blanket"));
    let answered = terminal.say(&["validate", &name]).expect(0);
    assert!(answered.out.contains("remark:") && answered.out.contains("70 characters"), "{answered:?}");
    let answered = terminal.small("fashion-web-shop", &["--policy", &name]).expect(2);
    assert!(answered.err.contains("`--policy` makes an arm whose name has 70 characters"), "{answered:?}");
    assert!(answered.err.contains("shorter name") && !answered.err.contains("--arms"), "{answered:?}");
    let fits = format!("{}.toml", "a".repeat(64));
    terminal.write(&fits, &common::shipped_policy("blanket"));
    let answered = terminal.say(&["validate", &fits]).expect(0);
    assert!(!answered.out.contains("remark:"), "{answered:?}");
}

/// Goal: numbers that no run can have, which somebody put into the store, are damage to every command and end none of them.
#[test]
fn numbers_that_no_run_can_have_are_damage() {
    let terminal = Terminal::with_run();
    let whole = fs::read(&terminal.store).unwrap();
    let commands: [&[&str]; 7] = [
        &["show", "latest"],
        &["show", "latest", "--json"],
        &["report", "latest", "--out", "-"],
        &["chart", "latest", "--figure", "headline", "--out", "-"],
        &["chart", "latest", "--figure", "bridge", "--out", "x.svg"],
        &["chart", "latest", "--figure", "daily", "--out", "x.svg"],
        &["chart", "latest", "--figure", "cumulative", "--out", "x.svg"],
    ];
    let replay: [&[&str]; 1] = [&["replay", "latest", "--shopper", "1"]];
    for (sql, commands) in [
        ("UPDATE totals SET value = 9223372036854775807", &commands[..]),
        ("UPDATE bridge SET amount_minor = -9223372036854775808", &commands[..]),
        ("UPDATE runs SET shoppers = 0", &replay[..]),
    ] {
        fs::write(&terminal.store, &whole).unwrap();
        rusqlite::Connection::open(&terminal.store).unwrap().execute_batch(sql).unwrap();
        for command in commands {
            let answered = terminal.say(command).expect(2);
            assert!(answered.err.contains("a value that no run can have"), "{command:?}: {answered:?}");
        }
        let verified = terminal.say(&["verify", "latest", "--stored"]);
        assert!([1, 2].contains(&verified.code), "{sql}: {verified:?}");
    }
    fs::write(&terminal.store, &whole).unwrap();
    let connection = rusqlite::Connection::open(&terminal.store).unwrap();
    connection.execute_batch("INSERT INTO traces SELECT run_no, -1, 7, '{}' FROM runs").unwrap();
    for how in [&["verify", "latest"][..], &["verify", "latest", "--stored"]] {
        let answered = terminal.say(how).expect(1);
        assert!(
            answered.out.contains("traces") && answered.out.contains("belong to nothing"),
            "{answered:?}"
        );
    }
}
