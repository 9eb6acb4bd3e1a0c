//! Bad input: the message says where, what was found, what is allowed and what to do; nothing that was stored is lost.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs::{self, Permissions};
use std::path::Path;

use common::{Desk, shipped};

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
    let desk = Desk::with_run();
    let before = bytes(&desk.store);
    for case in cases() {
        let file = desk.write(&format!("{}.toml", case.name), &case.text);
        for command in [vec!["run", &file], vec!["check", &file]] {
            let said = desk.say(&command);
            assert_eq!((said.code, said.out.as_str()), (2, ""), "{}: {said:?}", case.name);
            for word in case.says {
                assert!(said.err.contains(word), "{}: `{word}` is not in\n{}", case.name, said.err);
            }
            assert!(!said.err.contains("panicked"), "{said:?}");
        }
        let validated = desk.say(&["validate", &file]).expect(2);
        assert!(validated.out.contains(&format!("{file}:")), "{validated:?}");
        assert_eq!(bytes(&desk.store), before, "{} changed the store", case.name);
    }
    desk.say(&["show", "latest"]).expect(0);
}

#[test]
fn a_policy_that_names_an_unknown_treatment_is_refused_with_the_list() {
    let desk = Desk::with_run();
    let before = bytes(&desk.store);
    let policy =
        "format = 1\nkind = \"blanket\"\ndescription = \"A gift.\"\n\n[blanket]\ntreatment = \"gift\"\n";
    let file = desk.write("mine.toml", policy);
    let said = desk.small("fashion-web-shop", &["--policy", &file]).expect(2);
    for word in ["mine.toml:6", "blanket.treatment", "gift", "discount-10"] {
        assert!(said.err.contains(word), "`{word}` is not in\n{}", said.err);
    }
    let rule = shipped("policies/realtime").replacen("p_doubt > 0.25", "p_dout > 0.25", 1);
    let line = rule.lines().position(|line| line.contains("p_dout")).unwrap() + 1;
    let file = desk.write("rules.toml", &rule);
    let said = desk.small("fashion-web-shop", &["--policy", &file]).expect(2);
    for word in ["p_dout", "p_doubt", &line.to_string(), "hint:"] {
        assert!(said.err.contains(word), "`{word}` is not in\n{}", said.err);
    }
    assert_eq!(bytes(&desk.store), before);
}

#[test]
fn flags_are_held_to_the_same_rules_as_files() {
    let desk = Desk::with_run();
    let before = bytes(&desk.store);
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
        let said = desk.say(&arguments).expect(2);
        for word in says {
            assert!(said.err.contains(word), "{flag:?}: `{word}` is not in\n{}", said.err);
        }
    }
    for wrong in [
        &["run"][..],
        &["run", "x", "--threads", "0"],
        &["run", "x", "--keep", "everything"],
        &["dance"],
        &[],
    ] {
        let said = desk.say(wrong).expect(2);
        assert!(
            said.out.is_empty() && (said.err.contains("Usage") || said.err.contains("--help")),
            "{wrong:?}: {said:?}"
        );
    }
    assert_eq!(bytes(&desk.store), before);
}

#[test]
fn names_that_do_not_exist_are_answered_with_those_that_do() {
    let desk = Desk::with_run();
    let asked: [(&[&str], &[&str]); 6] = [
        (&["run", "fashion-web-shp"], &["fashion-web-shp", "fashion-web-shop"]),
        (&["run", "nowhere.toml"], &["nowhere.toml"]),
        (&["show", "ffffffffffffffff"], &["ffffffffffffffff", "hint:"]),
        (&["export", "latest", "--table", "shoes", "--out", "-"], &["shoes", "orders"]),
        (&["schema", "shoes"], &["shoes", "scenario"]),
        (&["show", "latest", "--versus", "nobody"], &["nobody", "control"]),
    ];
    for (arguments, says) in asked {
        let said = desk.say(arguments).expect(2);
        for word in says {
            assert!(said.err.contains(word), "{arguments:?}: `{word}` is not in\n{}", said.err);
        }
    }
}

/// Files that are no store of this version, each with what the message has to name.
fn strange_stores(desk: &Desk) -> Vec<(&'static str, Vec<u8>, &'static [&'static str])> {
    let ours = bytes(&desk.store);
    let changed = |change: &str| {
        let copy = desk.path("changed.db");
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
    let desk = Desk::with_run();
    for (name, content, says) in strange_stores(&desk) {
        let file = desk.path(name);
        fs::write(&file, &content).unwrap();
        let store = file.to_str().unwrap();
        for command in [
            &["run", "placebo", "--store", store][..],
            &["runs", "--store", store],
            &["show", "latest", "--store", store],
        ] {
            let said = desk.say(command);
            assert!(matches!(said.code, 2 | 3) && said.out.is_empty(), "{name}: {said:?}");
            assert!(said.err.contains(name) && !said.err.contains("panicked"), "{name}: {said:?}");
            for word in says {
                assert!(said.err.contains(word), "{name}: `{word}` is not in\n{}", said.err);
            }
            assert_eq!(fs::read(&file).unwrap(), content, "{name} was changed by {command:?}");
        }
    }
}

#[test]
fn a_store_that_is_read_only_is_read_and_not_written() {
    let desk = Desk::with_run();
    let before = bytes(&desk.store);
    let mut permissions = fs::metadata(&desk.store).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&desk.store, permissions).unwrap();
    let said = desk.small("placebo", &[]);
    assert!(matches!(said.code, 2 | 3), "{said:?}");
    assert!(said.err.contains("counterfoil.db") && said.err.contains("hint:"), "{said:?}");
    desk.say(&["show", "latest"]).expect(0);
    desk.say(&["runs", "--json"]).expect(0).json();
    assert_eq!(bytes(&desk.store), before);
    writable(&desk.store);
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
    let desk = Desk::with_run();
    for command in [
        &["report", "latest", "--out", "no-such-folder/report.html"][..],
        &["export", "latest", "--table", "orders", "--out", "no-such-folder/orders.csv"],
        &["chart", "latest", "--figure", "headline", "--out", "no-such-folder/headline.svg"],
    ] {
        let said = desk.say(command).expect(3);
        assert!(said.err.contains("no-such-folder") && said.err.contains("hint:"), "{said:?}");
    }
}

/// Goal: what nobody accepted is no disk that failed: it is said what lies there, and that it can be moved away.
#[test]
#[cfg(unix)]
fn what_was_never_a_file_of_accepted_decisions_is_named() {
    let desk = Desk::with_run();
    let file = desk.path("accepted/fashion-web-shop.txt");
    fs::create_dir(desk.path("accepted")).unwrap();
    let pipe = |file: &Path| {
        let made = std::process::Command::new("mkfifo").arg(file).status();
        made.is_ok_and(|made| made.success())
    };
    for what in 0..5 {
        match what {
            0 => fs::write(&file, b"PNG\xff\xfe").unwrap(),
            1 => std::os::unix::fs::symlink(&desk.store, &file).unwrap(),
            2 => fs::create_dir(&file).unwrap(),
            3 => std::os::unix::fs::symlink("/dev/null", &file).unwrap(),
            _ => assert!(pipe(&file), "no pipe could be made"),
        }
        for command in ["check", "accept"] {
            let said = desk.say(&[command, "fashion-web-shop", "--baselines", "accepted"]).expect(2);
            assert!(said.err.contains("accepted/fashion-web-shop.txt"), "{what}: {said:?}");
            assert!(said.err.contains("hint: move it away first"), "{what}: {said:?}");
        }
        let gone = if what == 2 { fs::remove_dir(&file) } else { fs::remove_file(&file) };
        gone.unwrap();
    }
}

/// Goal: a name that no arm can have is said when the file is looked at, and `run` names the flag that was given.
#[test]
fn a_policy_whose_name_is_too_long_for_an_arm_is_told() {
    let desk = Desk::new();
    let name = format!("{}.toml", "A".repeat(70));
    desk.write(&name, &common::shipped_policy("blanket"));
    let said = desk.say(&["validate", &name]).expect(0);
    assert!(said.out.contains("remark:") && said.out.contains("70 characters"), "{said:?}");
    let said = desk.small("fashion-web-shop", &["--policy", &name]).expect(2);
    assert!(said.err.contains("`--policy` makes an arm whose name has 70 characters"), "{said:?}");
    assert!(said.err.contains("shorter name") && !said.err.contains("--arms"), "{said:?}");
    let fits = format!("{}.toml", "a".repeat(64));
    desk.write(&fits, &common::shipped_policy("blanket"));
    let said = desk.say(&["validate", &fits]).expect(0);
    assert!(!said.out.contains("remark:"), "{said:?}");
}

/// Goal: numbers that no run can have, which somebody put into the store, are damage to every command and end none of them.
#[test]
fn numbers_that_no_run_can_have_are_damage() {
    let desk = Desk::with_run();
    let whole = fs::read(&desk.store).unwrap();
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
        fs::write(&desk.store, &whole).unwrap();
        rusqlite::Connection::open(&desk.store).unwrap().execute_batch(sql).unwrap();
        for command in commands {
            let said = desk.say(command).expect(2);
            assert!(said.err.contains("a value that no run can have"), "{command:?}: {said:?}");
        }
        let verified = desk.say(&["verify", "latest", "--stored"]);
        assert!([1, 2].contains(&verified.code), "{sql}: {verified:?}");
    }
    fs::write(&desk.store, &whole).unwrap();
    let connection = rusqlite::Connection::open(&desk.store).unwrap();
    connection.execute_batch("INSERT INTO traces SELECT run_no, -1, 7, '{}' FROM runs").unwrap();
    for how in [&["verify", "latest"][..], &["verify", "latest", "--stored"]] {
        let said = desk.say(how).expect(1);
        assert!(said.out.contains("traces") && said.out.contains("belong to nothing"), "{said:?}");
    }
}
