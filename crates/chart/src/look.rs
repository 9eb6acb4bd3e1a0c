//! How a figure is dressed: its colours, and whether it stands alone.

use serde::{Deserialize, Serialize};

/// Colours of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Theme {
    /// Dark ink on white.
    Light,
    /// Light ink on near-black, `#16191d`.
    Dark,
}

/// How a figure is dressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Look {
    /// Colours.
    pub theme: Theme,
    /// Whether the picture must be readable on its own: title, legend, background and stamp inside, no classes.
    pub standalone: bool,
    /// Printed small beneath a standalone picture: seed, scenario, version. Empty for none.
    pub stamp: String,
}

impl Look {
    /// For the window: no background, no title, no legend; every colour has a class for [`stylesheet`].
    #[must_use]
    pub fn window(theme: Theme) -> Self {
        Self { theme, standalone: false, stamp: String::new() }
    }

    /// For a report or a file: everything inside, explicit colours.
    #[must_use]
    pub fn standalone(theme: Theme, stamp: &str) -> Self {
        Self { theme, standalone: true, stamp: stamp.to_owned() }
    }
}
