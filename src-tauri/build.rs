//! Finds the window's commands where they are written, so that no list of them is kept: every function marked
//! `#[tauri::command]` below `src/commands` gets a handler and a permission, and is refused to everybody but the one window.

use std::path::{Path, PathBuf};
use std::{env, fs};

const MARK: &str = "#[tauri::command]";

/// `library::about` for every command, in the order of files and lines.
fn commands(folder: &Path) -> Vec<String> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("src/commands").flatten().map(|entry| entry.path()).collect();
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let module = file.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("a source can be read");
        for part in text.split(MARK).skip(1) {
            let name = part.split_once("fn ").and_then(|(_, rest)| rest.split_once('('));
            let (name, _) = name.expect("a function follows its mark");
            found.push(format!("{module}::{name}"));
        }
    }
    found
}

fn leaked(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn main() {
    println!("cargo:rerun-if-changed=src/commands");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where"));
    let found = commands(Path::new("src/commands"));
    fs::write(out.join("handler.rs"), format!("tauri::generate_handler![{}]", found.join(", ")))
        .expect("the folder of the build can be written");
    let names: Vec<&'static str> = found
        .iter()
        .map(|path| leaked(path.rsplit("::").next().expect("a path has an end").to_owned()))
        .collect();
    let permissions: Vec<String> =
        names.iter().map(|name| format!("\"allow-{}\"", name.replace('_', "-"))).collect();
    let capability = format!(
        "{{\"identifier\":\"main\",\"description\":\"What the one window may ask for: the product's own commands and nothing \
         of the system.\",\"windows\":[\"main\"],\"local\":true,\"permissions\":[{}]}}",
        permissions.join(",")
    );
    let folder = out.join("window");
    fs::create_dir_all(&folder).expect("the folder of the build can be written");
    fs::write(folder.join("main.json"), capability).expect("the folder of the build can be written");
    let manifest = tauri_build::AppManifest::new().commands(leak_all(names));
    let attributes = tauri_build::Attributes::new()
        .app_manifest(manifest)
        .capabilities_path_pattern(leaked(format!("{}/*.json", folder.display())));
    tauri_build::try_build(attributes).expect("tauri.conf.json and the icon are in this folder");
}

fn leak_all(names: Vec<&'static str>) -> &'static [&'static str] {
    Box::leak(names.into_boxed_slice())
}
