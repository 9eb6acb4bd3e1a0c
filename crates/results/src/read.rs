//! Which texts a run was made from.

use serde::{Deserialize, Serialize};

/// What a text is called that was not read from a file.
pub const SHIPPED: &str = "shipped";

/// Which library a text belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum TextKind {
    /// `scenarios/NAME.toml`.
    Scenario,
    /// `scenarios/policies/NAME.toml`.
    Policy,
}

/// Where one text of a run was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TextRead {
    /// Scenario or policy.
    pub kind: TextKind,
    /// Its name in the run: `realtime`.
    pub name: String,
    /// SHA-256 of what it says once it is resolved; `null` for a scenario that another one extends.
    #[serde(default)]
    pub hash: Option<String>,
    /// The path that was read, or `shipped`.
    pub read: String,
}

impl TextRead {
    /// `batch 9f86d081884c from policies/batch.toml`; the digest is cut, as everywhere in words.
    #[must_use]
    pub fn told(&self) -> String {
        let hash = self.hash.as_ref().and_then(|hash| hash.get(..12)).map(|hash| format!(" {hash}"));
        let from = if self.read == SHIPPED { " shipped".to_owned() } else { format!(" from {}", self.read) };
        format!("{}{}{from}", self.name, hash.unwrap_or_default())
    }
}
