//! No two files of a crate lean on each other: the files can be read, tested and moved in one order.
//!
//! An arrow is a `use crate::...` or `super::...`, or such a path in the code, that leads to another file. Declarations of
//! modules and what they hand on (`pub use`) are no arrows, nor is anything in parts that only tests compile. A module and
//! the files in the folder of its name are one room: it may use what lies below it, and that may use it.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Circles that are known and wait for the rebuilding of these crates; a circle that is gone is to be removed here.
const KNOWN: [&str; 0] = [];

/// Module path (`fields::shop`; empty: the root) -> its text without parts for tests.
type Modules = BTreeMap<String, String>;

/// Module -> modules that it leans on.
type Arrows = BTreeMap<String, BTreeSet<String>>;

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files.extend(files_below(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn module_of(source: &Path, file: &Path) -> String {
    let path = file.strip_prefix(source).unwrap().with_extension("");
    let mut parts: Vec<String> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    parts.join("::")
}

/// The text without comments and without what only tests compile.
fn compiled(text: &str) -> String {
    let plain: String = text
        .lines()
        .map(|line| line.split_once("//").map_or(line, |(code, _)| code))
        .fold(String::new(), |all, line| all + line + "\n");
    let mut kept = String::new();
    let mut rest = plain.as_str();
    while let Some((before, after)) = rest.split_once("#[cfg(test)]") {
        kept.push_str(before);
        rest = &after[end_of_item(after)..];
    }
    kept + rest
}

/// Where the item that begins here ends: at its `;`, or at the brace that closes its first one.
fn end_of_item(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Every path of the text that begins with `crate::` or `super::`, braces taken apart.
fn paths(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in text.match_indices(start) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '$') {
                continue;
            }
            let path = &text[at..];
            let end =
                path.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(path.len());
            let stem = &path[..end];
            if path[end..].starts_with('{') {
                let list = &path[end + 1..end + closing(&path[end..])];
                found.extend(taken_apart(list).into_iter().map(|leaf| format!("{stem}{leaf}")));
            } else {
                found.push(stem.to_owned());
            }
        }
    }
    found
}

/// Where the brace that opens the text is closed.
fn closing(text: &str) -> usize {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => return at,
            '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

fn taken_apart(list: &str) -> Vec<String> {
    let (mut leaves, mut depth, mut from) = (Vec::new(), 0, 0);
    for (at, letter) in list.char_indices().chain([(list.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                leaves.push(list[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    let whole = |leaf: &str| match leaf.split_once("::{") {
        Some((stem, inner)) => {
            taken_apart(inner.trim_end_matches('}')).into_iter().map(|one| format!("{stem}::{one}")).collect()
        }
        None => vec![leaf.to_owned()],
    };
    leaves.into_iter().filter(|leaf| !leaf.is_empty()).flat_map(whole).collect()
}

/// The module that a path leads to; names that a module hands on lead to where they come from.
fn target(modules: &Modules, from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = path.split("::").map(str::trim).collect();
    let mut at: Vec<&str> = match parts.remove(0) {
        "crate" => Vec::new(),
        "self" => from.split("::").collect(),
        _ => from.split("::").collect::<Vec<_>>().split_last().map_or(Vec::new(), |(_, rest)| rest.to_vec()),
    };
    while parts.first() == Some(&"super") {
        at.pop();
        parts.remove(0);
    }
    for _ in 0..8 {
        let mut name = at.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("::");
        while let Some(first) = parts.first() {
            let deeper = if name.is_empty() { (*first).to_owned() } else { format!("{name}::{first}") };
            if !modules.contains_key(&deeper) {
                break;
            }
            name = deeper;
            parts.remove(0);
        }
        let Some(item) = parts.first() else { return Some(name) };
        match handed_on(modules, &name, item) {
            Some(next) if next != name => {
                let leaked: &'static str = Box::leak(next.into_boxed_str());
                at = leaked.split("::").collect();
            }
            _ => return modules.contains_key(&name).then_some(name),
        }
    }
    None
}

/// The module from which `module` hands on `item` by a `pub use`.
fn handed_on(modules: &Modules, module: &str, item: &str) -> Option<String> {
    let text = modules.get(module)?;
    for part in text.split(';').filter(|part| part.contains("pub")) {
        let Some((_, list)) = part.rsplit_once("use ") else { continue };
        let list = list.trim();
        for leaf in taken_apart(list) {
            let leaf = leaf.split(" as ").last().map_or(leaf.clone(), |name| {
                if leaf.contains(" as ") {
                    format!("{}::{name}", leaf.split(" as ").next().unwrap_or(""))
                } else {
                    leaf.clone()
                }
            });
            let Some((stem, name)) = leaf.rsplit_once("::") else { continue };
            let stem = stem.trim_start_matches("crate::").trim_start_matches("self::");
            let inner = if module.is_empty() { stem.to_owned() } else { format!("{module}::{stem}") };
            if name == item {
                return [inner, stem.to_owned()].into_iter().find(|one| modules.contains_key(one));
            }
        }
    }
    None
}

fn without_handing_on(text: &str) -> String {
    let keeps = |part: &&str| {
        let last = part.trim_start();
        !(last.contains("pub use ") || last.contains("pub(crate) use ") || last.contains("pub(super) use "))
    };
    text.split_inclusive(';').filter(keeps).collect()
}

fn arrows(modules: &Modules) -> Arrows {
    let mut arrows = Arrows::new();
    for (module, text) in modules {
        let mut targets = BTreeSet::new();
        for path in paths(&without_handing_on(text)) {
            let below = format!("{module}::");
            let other = |to: &String| !to.is_empty() && to != module && !to.starts_with(&below);
            targets.extend(target(modules, module, &path).filter(other));
        }
        if !module.is_empty() {
            arrows.insert(module.clone(), targets);
        }
    }
    arrows
}

/// Modules from which each can be reached from each, more than one of them.
fn circles(arrows: &Arrows) -> Vec<Vec<String>> {
    let reach: BTreeMap<&String, BTreeSet<&String>> =
        arrows.keys().map(|from| (from, reached(arrows, from))).collect();
    let mut found: BTreeSet<Vec<String>> = BTreeSet::new();
    for (from, to) in &reach {
        let back = |other: &&&String| reach.get(**other).is_some_and(|back| back.contains(from));
        let round: Vec<String> = to.iter().filter(back).map(|name| (*name).clone()).collect();
        if round.len() > 1 {
            found.insert(round);
        }
    }
    found.into_iter().collect()
}

fn reached<'a>(arrows: &'a Arrows, from: &String) -> BTreeSet<&'a String> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&String> = arrows.get(from).into_iter().flatten().collect();
    while let Some(next) = open.pop() {
        if let Some((name, to)) = arrows.get_key_value(next)
            && seen.insert(name)
        {
            open.extend(to);
        }
    }
    seen
}

fn modules_of(source: &Path) -> Modules {
    let mut modules = Modules::new();
    for file in files_below(source) {
        let text = fs::read_to_string(&file).unwrap();
        modules.insert(module_of(source, &file), compiled(&text));
    }
    modules.retain(|name, _| !name.ends_with("tests"));
    modules
}

#[test]
fn no_files_lean_on_each_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut sources: Vec<PathBuf> =
        fs::read_dir(root.join("crates")).unwrap().map(|entry| entry.unwrap().path().join("src")).collect();
    sources.push(root.join("src-tauri/src"));
    let mut found = BTreeSet::new();
    for source in sources.iter().filter(|source| source.is_dir()) {
        let name = source.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        let round = circles(&arrows(&modules_of(source)));
        found.extend(round.into_iter().map(|round| format!("{name}: {}", round.join(", "))));
    }
    let known: BTreeSet<String> = KNOWN.iter().map(|one| (*one).to_owned()).collect();
    let new: Vec<&String> = found.difference(&known).collect();
    assert!(new.is_empty(), "\n{new:#?}\nremedy: move what both need into a file of its own\n");
    let gone: Vec<&String> = known.difference(&found).collect();
    assert!(gone.is_empty(), "no circle any more, remove from KNOWN: {gone:#?}");
}

/// Goal: the check finds each way in which files can lean on each other, and nothing else.
#[test]
fn a_circle_is_found_however_it_is_written() {
    let round = |texts: &[(&str, &str)]| {
        let modules = texts.iter().map(|(name, text)| ((*name).to_owned(), compiled(text))).collect();
        circles(&arrows(&modules))
    };
    let pair = |one: &str, other: &str| {
        round(&[("", "mod a;\nmod b;\npub use b::B;"), ("a", one), ("b", other), ("a::c", "")]).len()
    };
    assert_eq!(pair("use crate::b::B;", "use crate::a::A;"), 1);
    assert_eq!(pair("use super::b::{B, C};", "fn f() { crate::a::g() }"), 1);
    assert_eq!(pair("use crate::{x, B};", "use super::a;"), 1, "a name that the root hands on");
    assert_eq!(pair("use crate::b::B;", "#[cfg(test)]\nmod tests {\n    use crate::a::A;\n}"), 0);
    assert_eq!(pair("use crate::b::B;", "// crate::a::A\npub(crate) use crate::a::A;"), 0);
    assert_eq!(pair("mod c;\npub use c::C;", "use crate::a::C;"), 0);
    let room =
        [("", "mod a;"), ("a", "mod c;\nuse c::C;\nfn f() { self::c::g() }"), ("a::c", "use super::D;")];
    assert_eq!(round(&room).len(), 0, "a room may use its corners");
}
