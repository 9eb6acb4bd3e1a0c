//! What can be wrong with stored facts, or with what is asked of them.

use counterfoil_chart::ChartError;
use counterfoil_stats::StatsError;
use thiserror::Error;

/// Answer of every reading.
pub(crate) type Answered<T> = Result<T, ResultsError>;

/// Why results cannot be read.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ResultsError {
    /// An arm that the run does not have.
    #[error("The run has no arm `{arm}`; it has {known}.")]
    NoSuchArm {
        /// What was asked for.
        arm: String,
        /// All arms of the run.
        known: String,
        /// The run.
        run: String,
    },
    /// A world whose sums do not fit together.
    #[error("World {world} does not add up: {what}.")]
    DoesNotAddUp {
        /// The world.
        world: u32,
        /// Which sums, and what they are.
        what: String,
        /// The run.
        run: String,
    },
    /// Numbers that statistics refuse.
    #[error("The stored numbers cannot be compared: {0}.")]
    Stats(#[from] StatsError),
    /// A figure that cannot be drawn.
    #[error(transparent)]
    Chart(#[from] ChartError),
    /// A defect of the program.
    #[error("{0}")]
    Defect(String),
}
