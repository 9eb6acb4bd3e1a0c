//! The built program in a folder of its own, and what it answered.
#![allow(dead_code, clippy::unwrap_used, reason = "each test uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A run that takes a blink: flags behind the scenario.
pub const SMALL: [&str; 12] = [
    "--worlds",
    "2",
    "--shoppers",
    "200",
    "--days",
    "14",
    "--history",
    "28",
    "--warmup",
    "7",
    "--probe",
    "14",
];

/// What a command answered.
#[derive(Debug)]
pub struct Answered {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Answered {
    /// The JSON document on standard output.
    pub fn json(&self) -> Value {
        let document: Value =
            serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        assert_eq!(document["format"], 1, "{document}");
        document
    }

    /// The result hash of a `run --json`.
    pub fn result_hash(&self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.json()["run"]["result_hash"].as_str().unwrap().to_owned()
    }

    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }
}

/// A folder with a store.
pub struct Terminal {
    pub folder: TempDir,
    pub store: PathBuf,
}

impl Terminal {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("data").join("counterfoil.db");
        Self { folder, store }
    }

    /// A terminal with one finished small run.
    pub fn with_run() -> Self {
        let terminal = Self::new();
        terminal.small("fashion-web-shop", &["--json"]).expect(0);
        terminal
    }

    /// The command, not yet started: with this terminal's store, without colours of the surroundings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_counterfoil"));
        command.args(arguments).current_dir(self.folder.path());
        command.env("COUNTERFOIL_STORE", &self.store).env("HOME", self.folder.path());
        command.env_remove("NO_COLOR").env_remove("GLIBC_TUNABLES");
        command.stdin(Stdio::null());
        command
    }

    pub fn say(&self, arguments: &[&str]) -> Answered {
        answered(&mut self.command(arguments))
    }

    /// Runs a scenario small.
    pub fn small(&self, scenario: &str, more: &[&str]) -> Answered {
        let arguments: Vec<&str> =
            ["run", scenario].into_iter().chain(SMALL).chain(more.iter().copied()).collect();
        self.say(&arguments)
    }

    /// Copies the repository's scenarios and policies to `scenarios` on this terminal.
    pub fn copy_scenarios(&self) {
        for folder in ["", "policies"] {
            fs::create_dir_all(self.path("scenarios").join(folder)).unwrap();
            for file in fs::read_dir(scenarios().join(folder)).unwrap().map(|file| file.unwrap().path()) {
                if file.is_file() {
                    let copy = self.path("scenarios").join(folder).join(file.file_name().unwrap());
                    fs::copy(&file, copy).unwrap();
                }
            }
        }
    }

    /// Replaces a part of a file on this terminal that must be there.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{name} has no {from}");
        fs::write(self.path(name), text.replacen(from, to, 1)).unwrap();
    }

    /// Writes a file beside the store's folder and gives its name.
    pub fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        name.to_owned()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

pub fn answered(command: &mut Command) -> Answered {
    let output = command.output().unwrap();
    Answered {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Folder of the repository's own scenarios.
pub fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios")
}

/// Text of a shipped policy.
pub fn shipped_policy(name: &str) -> String {
    fs::read_to_string(scenarios().join("policies").join(format!("{name}.toml"))).unwrap()
}

/// Text of a shipped scenario.
pub fn shipped(name: &str) -> String {
    fs::read_to_string(scenarios().join(format!("{name}.toml"))).unwrap()
}
