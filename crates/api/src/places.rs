//! Where the program keeps its things: the store, and beside it the folder of the user's scenarios.

use std::env;
use std::path::{Path, PathBuf};

use crate::dto::{ApiError, ErrorCode};

/// Environment variable that names the store.
pub const STORE_VARIABLE: &str = "COUNTERFOIL_STORE";

/// Where store and scenarios lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The store, one SQLite file.
    pub store: PathBuf,
    /// Whether somebody named it on the command line: then it is there, or its name is mistyped.
    pub store_named: bool,
    /// The user's scenarios, with `policies` below it: `scenarios` beside the store.
    pub scenarios: PathBuf,
}

impl Places {
    /// The places for a store that was named, else for `$COUNTERFOIL_STORE`, else in the user's data directory.
    ///
    /// # Errors
    /// [`ErrorCode::Environment`] where no data directory is known.
    pub fn find(store: Option<&Path>) -> Result<Self, ApiError> {
        let store_named = store.is_some();
        let named = store.map(Path::to_path_buf).or_else(|| set(STORE_VARIABLE));
        let store = match named {
            Some(store) => store,
            None => data_folder()?.join("counterfoil").join("counterfoil.db"),
        };
        let beside = store.parent().unwrap_or(Path::new(""));
        let scenarios = beside.join("scenarios");
        Ok(Self { store, store_named, scenarios })
    }
}

/// A variable that is set and not empty.
fn set(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The user's data directory as each system has it.
fn data_folder() -> Result<PathBuf, ApiError> {
    let home = || set("HOME");
    let found = if cfg!(windows) {
        set("APPDATA")
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Application Support"))
    } else {
        set("XDG_DATA_HOME")
            .filter(|folder| folder.is_absolute())
            .or_else(|| home().map(|home| home.join(".local/share")))
    };
    found.ok_or_else(|| ApiError {
        code: ErrorCode::Environment,
        message: "The user's data directory is not known: HOME is not set.".to_owned(),
        place: None,
        hint: Some(format!("Name the store with --store FILE or {STORE_VARIABLE}.")),
    })
}
