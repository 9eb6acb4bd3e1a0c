//! Statistics of paired worlds, and the classic tests beside them.
//!
//! # What it is
//! Plain numbers in, plain data out. A *world* is one independent repetition of an experiment; an *arm* is one
//! of the things compared in it. Worlds are the only source of uncertainty here: whatever happens inside one
//! world is summed to integers first, so the number of worlds is the sample size of every interval.
//!
//! # Promises
//! - **No clock, no files, no threads, no random numbers.** The same input gives the same output.
//! - **Silence is not an answer.** One world gives a mean without an interval ([`Interval::bounds`] is `None`),
//!   no world gives `None`; nothing returns a width of zero because it could not compute one.
//! - **Fixed order.** Floating-point sums run in the order of the input, counts and money are summed as integers.
//! - **The same digits everywhere.** Elementary functions come from `libm`; values taken from iterative
//!   algorithms are rounded to twelve digits (see [`distribution`]), so they do not depend on the machine.
//!
//! # Where to start
//! [`ratio`] makes a number per world out of counts, [`paired`] compares two arms over the same worlds,
//! [`mod@verdict`] says in words what the interval means. [`bridge`], [`dependency`], [`mod@half_life`], [`daily`] and
//! [`mod@payback`] are the readings built on them. The classic one- and two-sample tests ([`paired_t`],
//! [`wilcoxon`], [`welch`], [`proportion`], [`multiple`], [`sample_ratio`], [`power`], [`sample_size`]) treat
//! samples of shoppers and are checked against the values of established packages.

pub mod bridge;
pub mod daily;
pub mod dependency;
pub mod distribution;
pub mod error;
pub mod half_life;
pub mod interval;
pub mod multiple;
mod noncentral;
pub mod paired;
pub mod paired_t;
pub mod payback;
pub mod power;
pub mod proportion;
pub mod ratio;
mod sample;
pub mod sample_ratio;
pub mod sample_size;
pub mod verdict;
pub mod welch;
pub mod wilcoxon;

pub use bridge::{Bridge, BridgeParts, Step};
pub use daily::{cumulative, cumulative_difference, daily_means};
pub use dependency::{ProbeOrders, dependency_index, dependency_values};
pub use error::StatsError;
pub use half_life::{HalfLife, half_life, pooled_weekly_gaps};
pub use interval::{Bounds, Interval, student_interval};
pub use paired::{PairedDifference, paired_difference};
pub use payback::{Payback, PaybackDay, payback};
pub use ratio::{Scale, WorldRatio, mean_ratio, world_values};
pub use verdict::{Verdict, verdict};
