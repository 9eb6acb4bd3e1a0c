//! What can be wrong with the data of a figure.

use thiserror::Error;

/// A figure that cannot be drawn honestly from the data given.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ChartError {
    /// Nothing to show.
    #[error(
        "figure `{figure}` has no {what}\n  hint: a figure needs at least one arm with one finite number"
    )]
    Empty {
        /// Figure.
        figure: &'static str,
        /// What is missing.
        what: &'static str,
    },
    /// Data of an arm that the list of arms does not hold.
    #[error("figure `{figure}` has data of arm `{arm}`, which is not among its arms: {known}")]
    UnknownArm {
        /// Figure.
        figure: &'static str,
        /// The arm found.
        arm: String,
        /// The arms allowed.
        known: String,
    },
}
