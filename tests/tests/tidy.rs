//! What the compiler does not check: size of files, way into modules, promises left open, the order of the change log.
//! Each failure names the remedy.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Lines of a source file that nobody has to explain.
const LINES_MAX: usize = 500;
/// Columns of a line of Rust: what is wanted is 120; this is the widest line that is there, and is only ever lowered.
/// A line with a text in quotes may be longer, because a message in one piece can be searched for.
const COLUMNS_MAX: usize = 133;
/// Columns of a line of the window's sources, whatever it holds; `npm run format` in `ui/` breaks all but long texts.
const PAGE_COLUMNS_MAX: usize = 120;
/// Folders that hold sources.
const SOURCES: [&str; 4] = ["crates", "tests", "src-tauri", "ui/src"];
/// Folders that are made, not written.
const MADE: [&str; 5] = ["target", "node_modules", "dist", "gen", ".git"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Every written file below `folder`, in a fixed order.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return files };
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !MADE.contains(&name.as_str()) {
            files.extend(files_below(&path));
        } else if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Written sources with one of these endings: path from the root, and text.
fn sources(endings: &[&str]) -> Vec<(String, String)> {
    let root = root();
    let files = SOURCES.iter().flat_map(|folder| files_below(&root.join(folder)));
    let wanted =
        files.filter(|path| endings.iter().any(|ending| path.extension().is_some_and(|end| end == *ending)));
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        fs::read_to_string(&path).ok().map(|text| (name, text))
    };
    wanted.filter_map(read).collect()
}

fn report(faults: &[String], remedy: &str) {
    assert!(faults.is_empty(), "\n{}\nremedy: {remedy}\n", faults.join("\n"));
}

/// Names that remind somebody of something; put together here so that this file does not hold them.
fn open_promises() -> [String; 4] {
    [["TO", "DO"], ["FIX", "ME"], ["XX", "X"], ["HA", "CK"]].map(|parts| parts.concat())
}

fn long_files(sources: &[(String, String)]) -> Vec<String> {
    let count = |text: &str| text.lines().count();
    let long =
        sources.iter().filter(|(name, text)| count(text) > LINES_MAX && !name.ends_with("api/types.ts"));
    long.map(|(name, text)| format!("{name}: {} lines, at most {LINES_MAX}", count(text))).collect()
}

fn wide_lines(sources: &[(String, String)]) -> Vec<String> {
    let wide = |(name, text): &(String, String)| {
        let wide = |line: &str| line.chars().count() > COLUMNS_MAX && !line.contains('"');
        let lines = text.lines().enumerate().filter(|(_, line)| wide(line));
        lines
            .map(|(at, line)| format!("{name}:{}: {} columns", at + 1, line.chars().count()))
            .collect::<Vec<_>>()
    };
    sources.iter().filter(|(name, _)| name.ends_with(".rs")).flat_map(wide).collect()
}

fn wide_lines_of_the_page(sources: &[(String, String)]) -> Vec<String> {
    let wide = |(name, text): &(String, String)| {
        let lines = text.lines().map(|line| line.chars().count()).enumerate();
        lines
            .filter(|(_, columns)| *columns > PAGE_COLUMNS_MAX)
            .map(|(at, columns)| format!("{name}:{}: {columns} columns", at + 1))
            .collect::<Vec<_>>()
    };
    let page = |name: &str| name.starts_with("ui/src/") && !name.ends_with("api/types.ts");
    sources.iter().filter(|(name, _)| page(name)).flat_map(wide).collect()
}

fn without_way_in(sources: &[(String, String)]) -> Vec<String> {
    let begins = |text: &str| text.trim_start_matches(['\u{feff}', '\n']).starts_with("//!");
    sources.iter().filter(|(_, text)| !begins(text)).map(|(name, _)| name.clone()).collect()
}

fn promises_left_open(sources: &[(String, String)]) -> Vec<String> {
    let words = open_promises();
    let holds = |line: &str| words.iter().find(|word| has_word(line, word)).cloned();
    let open = |(name, text): &(String, String)| {
        let lines = text.lines().enumerate();
        lines
            .filter_map(|(at, line)| holds(line).map(|word| format!("{name}:{}: {word}", at + 1)))
            .collect::<Vec<_>>()
    };
    sources.iter().flat_map(open).collect()
}

fn has_word(line: &str, word: &str) -> bool {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(part_of_name) && !line[at + word.len()..].starts_with(part_of_name)
    })
}

/// Colours that are written out instead of named by a token.
fn literal_colours(sources: &[(String, String)]) -> Vec<String> {
    let functions = ["rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "lab("];
    let is_colour =
        |line: &str| functions.iter().any(|name| line.contains(name)) || line.split('#').skip(1).any(is_hex);
    let found = |(name, text): &(String, String)| {
        let lines = text.lines().enumerate().filter(|(_, line)| is_colour(line));
        lines.map(|(at, line)| format!("{name}:{}: {}", at + 1, line.trim())).collect::<Vec<_>>()
    };
    let page = |name: &str| name.starts_with("ui/src/") && !name.ends_with("tokens.css");
    sources.iter().filter(|(name, _)| page(name)).flat_map(found).collect()
}

/// `fff`, `0B5FA5` or with transparency, and no further letter behind it. Svelte's blocks (`{#each`) do not end there.
fn is_hex(after: &str) -> bool {
    let digits = after.chars().take_while(char::is_ascii_hexdigit).count();
    let ends = after[digits..]
        .chars()
        .next()
        .is_none_or(|next| !next.is_alphanumeric() && next != '-' && next != '_');
    ends && matches!(digits, 3 | 4 | 6 | 8)
}

#[test]
fn files_are_short_enough_to_read() {
    report(
        &long_files(&sources(&["rs", "ts", "svelte", "css"])),
        "split the file by ideas; move its tests into a file of their own",
    );
}

#[test]
fn lines_fit_beside_each_other() {
    report(&wide_lines(&sources(&["rs"])), "break the line; cargo fmt breaks all but long texts");
}

#[test]
fn lines_of_the_page_fit_beside_each_other() {
    report(
        &wide_lines_of_the_page(&sources(&["ts", "svelte", "css"])),
        "npm run format in ui/; a text that is still too long moves to the script",
    );
}

#[test]
fn every_module_says_what_it_is() {
    report(
        &without_way_in(&sources(&["rs"])),
        "begin the file with `//!`: what it is, what it promises, where to start",
    );
}

#[test]
fn nothing_is_left_for_later_in_the_code() {
    report(
        &promises_left_open(&sources(&["rs", "ts", "svelte", "css", "toml", "html"])),
        "do it now, or write it down where work is planned",
    );
}

#[test]
fn colours_are_tokens() {
    report(
        &literal_colours(&sources(&["ts", "svelte", "css"])),
        "name the colour in ui/src/styles/tokens.css for both themes and use `var(--...)`",
    );
}

#[test]
fn the_change_log_begins_with_what_is_not_released() {
    let text = fs::read_to_string(root().join("CHANGELOG.md"))
        .expect("CHANGELOG.md: write one, `## Unreleased` on top");
    let first = text.lines().find(|line| line.starts_with("## ")).unwrap_or("");
    assert!(
        first.starts_with("## Unreleased"),
        "CHANGELOG.md begins with `{first}`\nremedy: put `## Unreleased` on top with Changed results, Added, Fixed"
    );
}

/// Names of direct dependencies of all manifests, workspace members left out.
fn direct_dependencies() -> BTreeSet<String> {
    let root = root();
    let mut names = BTreeSet::new();
    let manifests =
        ["crates", "tests", "src-tauri"].into_iter().flat_map(|folder| files_below(&root.join(folder)));
    for path in manifests.filter(|path| path.file_name().is_some_and(|name| name == "Cargo.toml")) {
        let mut listed = false;
        for line in fs::read_to_string(&path).unwrap().lines() {
            if let Some(section) = line.strip_prefix('[') {
                listed = section.trim_end_matches(']').ends_with("dependencies");
            } else if listed && let Some((name, _)) = line.split_once(['.', '=']) {
                names.insert(name.trim().to_owned());
            }
        }
    }
    names.retain(|name| !name.starts_with("counterfoil-") && !name.starts_with('#') && !name.is_empty());
    names.extend(node_packages(&root));
    names
}

fn node_packages(root: &Path) -> Vec<String> {
    let Ok(text) = fs::read_to_string(root.join("ui/package.json")) else { return Vec::new() };
    let manifest: Value = serde_json::from_str(&text).unwrap();
    let tables =
        ["dependencies", "devDependencies"].into_iter().filter_map(|table| manifest[table].as_object());
    tables.flat_map(|table| table.keys().cloned()).collect()
}

/// Names that `docs/dependencies.md` explains: the first cell of each row of its tables.
fn explained_dependencies() -> BTreeSet<String> {
    let text =
        fs::read_to_string(root().join("docs/dependencies.md")).expect("docs/dependencies.md: one line each");
    let name = |line: &str| line.strip_prefix("| `")?.split_once('`').map(|(name, _)| name.to_owned());
    text.lines().filter_map(name).collect()
}

#[test]
fn every_dependency_has_its_reason() {
    let (used, explained) = (direct_dependencies(), explained_dependencies());
    let missing: Vec<String> =
        used.difference(&explained).map(|name| format!("`{name}` is not explained")).collect();
    report(&missing, "add a row to docs/dependencies.md that says why this one, or drop the dependency");
    let stale: Vec<String> =
        explained.difference(&used).map(|name| format!("`{name}` is not used any more")).collect();
    report(&stale, "remove its row from docs/dependencies.md");
}

/// Goal: the checks above can fail.
#[test]
fn each_check_finds_what_breaks_it() {
    let file = |name: &str, text: &str| vec![(name.to_owned(), text.to_owned())];
    assert_eq!(long_files(&file("a.rs", &"x\n".repeat(LINES_MAX + 1))).len(), 1);
    assert_eq!(long_files(&file("a.rs", &"x\n".repeat(LINES_MAX))).len(), 0);
    let wide = "x".repeat(COLUMNS_MAX + 1);
    assert_eq!(wide_lines(&file("a.rs", &wide)).len(), 1);
    assert_eq!(wide_lines(&file("a.rs", &format!("\"{wide}\""))).len(), 0);
    let wide = "x".repeat(PAGE_COLUMNS_MAX + 1);
    assert_eq!(wide_lines_of_the_page(&file("ui/src/a.svelte", &format!("\"{wide}\""))).len(), 1);
    assert_eq!(wide_lines_of_the_page(&file("ui/src/api/types.ts", &wide)).len(), 0);
    assert_eq!(without_way_in(&file("a.rs", "fn main() {}\n")).len(), 1);
    assert_eq!(without_way_in(&file("a.rs", "//! A module.\n")).len(), 0);
    for word in open_promises() {
        assert_eq!(promises_left_open(&file("a.rs", &format!("// {word}: later\n"))).len(), 1);
        assert_eq!(promises_left_open(&file("a.rs", &format!("let a{word}s = 1;\n"))).len(), 0);
    }
    for colour in ["color: #fff;", "stroke=\"#0B5FA5\"", "background: rgb(0 0 0)"] {
        assert_eq!(literal_colours(&file("ui/src/a.svelte", colour)).len(), 1, "{colour}");
        assert_eq!(literal_colours(&file("ui/src/styles/tokens.css", colour)).len(), 0, "{colour}");
    }
    for no_colour in ["{#each arms as arm}", "{#if a}", "href=\"#add-arm\"", "url(#clip)"] {
        assert_eq!(literal_colours(&file("ui/src/a.svelte", no_colour)).len(), 0, "{no_colour}");
    }
    assert!(direct_dependencies().contains("clap"), "manifests are read");
}
