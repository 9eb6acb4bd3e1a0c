//! The real-time decision engine: eleven stages between an event and an answer.
//!
//! # Promises
//! - Pure: (events, question) in, decision out. No clock, no files, no luck of its own; the same calls give the same bits.
//! - It sees events and the public shop, nothing else: no dependency leads to the world.
//! - Every decision names a reason for every treatment; asking for the explanation changes no answer.
//! - Without consent nothing is written to any profile, and nothing is shown.
//!
//! # Where to start
//! [`Engine`], then [`stages`] in their order; [`rule`] for eligibility, [`posterior`] for the arithmetic of learning.

pub mod context;
pub mod economics;
mod engine;
pub mod features;
pub mod ids;
pub mod posterior;
pub mod rule;
pub mod session;
pub mod stages;

pub use engine::Engine;
pub use rule::{FEATURES, FeatureDoc, FeatureKind, RuleProblem};
