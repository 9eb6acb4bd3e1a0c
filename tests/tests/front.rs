//! Goal: rules of the front end that no compiler checks: colours in one place, one gate for markup, one list of
//! commands, and a lock file that names no server.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use counterfoil_chart::Theme;
use counterfoil_chart::arms::arm_colour;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All sources of the window, generated types left out.
fn sources() -> Vec<(PathBuf, String)> {
    let mut folders = vec![root().join("ui/src")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|end| ["svelte", "css", "ts"].iter().any(|one| end == *one))
            {
                files.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.retain(|(path, _)| !path.ends_with("api/types.ts"));
    assert!(files.len() > 20, "the sources of the window have moved");
    files
}

/// `#` with three, four, six or eight hexadecimal digits behind it, or a colour function.
fn colour_in(line: &str) -> bool {
    let is_hex = |at: usize| {
        let digits = line[at + 1..].chars().take_while(char::is_ascii_hexdigit).count();
        let ends = line[at + 1 + digits..]
            .chars()
            .next()
            .is_none_or(|next| !next.is_alphanumeric() && next != '-' && next != '_');
        [3, 4, 6, 8].contains(&digits) && ends && !line[..at].ends_with(['{', '&', '\'', '`'])
    };
    line.match_indices('#').any(|(at, _)| is_hex(at))
        || ["rgb(", "rgba(", "hsl(", "oklch("].iter().any(|one| line.contains(one))
}

#[test]
fn colours_stand_in_the_tokens_only() {
    for (path, text) in sources() {
        if path.ends_with("styles/tokens.css") {
            continue;
        }
        for (i, line) in text.lines().enumerate() {
            assert!(
                !colour_in(line),
                "{}:{}: use a token of styles/tokens.css: {line}",
                path.display(),
                i + 1
            );
        }
    }
    assert!(colour_in("color: #fff;") && colour_in("fill: rgb(0 0 0)") && !colour_in("{#each arms as arm}"));
}

#[test]
fn arms_wear_the_same_colours_in_window_and_charts() {
    let tokens = read("ui/src/styles/tokens.css");
    for index in 0..8 {
        let (light, dark) = (arm_colour(index, Theme::Light), arm_colour(index, Theme::Dark));
        let wanted = format!("--arm-{index}: light-dark({light}, {dark});").to_lowercase();
        assert!(
            tokens.contains(&wanted),
            "styles/tokens.css should say `{wanted}`, as crates/chart/src/arms.rs does"
        );
    }
}

#[test]
fn markup_is_inserted_in_one_place() {
    let count: usize = sources().iter().map(|(_, text)| text.matches("{@html").count()).sum();
    assert_eq!(count, 1, "only parts/Plot.svelte may insert markup, and only what crates/chart drew");
}

/// Names of functions that are commands, in all files below `src-tauri/src/commands`.
fn commands() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(root().join("src-tauri/src/commands")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for part in text.split("#[tauri::command]").skip(1) {
            let name = part.split_once("fn ").unwrap().1.split_once('(').unwrap().0;
            found.insert(name.to_owned());
        }
    }
    found
}

/// A command is named where it is done, where the window offers it and where the page calls it; handlers and permissions are
/// found by `src-tauri/build.rs`.
#[test]
fn every_command_is_called_and_nothing_else_is() {
    let declared = commands();
    assert!(declared.len() > 20);
    let page = read("ui/src/api.ts").replace('\n', " ");
    let mut called = BTreeSet::new();
    for part in page.split("invoke<").skip(1) {
        let name = part.split('"').nth(1).unwrap();
        called.insert(name.to_owned());
    }
    let unused: Vec<_> = declared.difference(&called).collect();
    assert!(unused.is_empty(), "within reach, but the window never calls them: {unused:?}");
    let unknown: Vec<_> = called.difference(&declared).collect();
    assert!(unknown.is_empty(), "called, but no command: {unknown:?}");
}

#[test]
fn the_lock_file_names_no_server() {
    let lock = read("ui/package-lock.json");
    let named = lock.lines().position(|line| line.contains("\"resolved\""));
    assert_eq!(named, None, "delete the `resolved` lines of ui/package-lock.json; npm ci does not need them");
}
