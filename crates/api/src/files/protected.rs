//! Files that no output may be: the store with its logs, and the texts that a run was read from.

use std::path::{Path, PathBuf};

use super::Protected;
use crate::api::Api;
use crate::dto::{ApiError, TextRead};
use crate::texts::{self, SHIPPED};

/// What SQLite puts beside a store.
const LOGS: [&str; 3] = ["-wal", "-shm", "-journal"];

impl Api {
    /// What an output of this run may not be: the store, its logs, and the files that the run was read from.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::NotFound`] for a run that does not exist.
    pub fn protected(&self, run: &str) -> Result<Vec<Protected>, ApiError> {
        let read = texts::stored(&self.record(run)?);
        Ok(self.protected_with(&read))
    }

    /// The store, its logs, and these texts.
    #[must_use]
    pub fn protected_with(&self, texts: &[TextRead]) -> Vec<Protected> {
        let store = &self.places().store;
        let mut protected = vec![Protected { path: store.clone(), what: "the store" }];
        protected.extend(LOGS.map(|end| Protected { path: beside(store, end), what: "the store's log" }));
        let files = texts.iter().filter(|text| text.read != SHIPPED);
        let what = "a text that the run was read from";
        protected.extend(files.map(|text| Protected { path: PathBuf::from(&text.read), what }));
        protected
    }
}

fn beside(store: &Path, end: &str) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
