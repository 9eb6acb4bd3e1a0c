//! Eligibility rules: a subset of the Common Expression Language, checked and compiled once when the engine is built.
//!
//! # The subset
//! Comparisons, `&&`, `||`, `!`, `in` with a list of literals, `+ - * / %`, parentheses, number, text and truth literals,
//! and the names of [`FEATURES`]. Everything else is refused with the place, what was found and what is allowed.
//! Numbers are one type, as in JSON: `5 / 2` is 2.5 (CEL would say 2), and `cart_value >= 60` needs no `.0`.
//!
//! # Where to start
//! [`compile`]; `parse.rs` says why the parser is our own, `tests/rules.rs` holds it against the `cel` crate.

mod bytecode;
mod compile;
mod features;
mod parse;

pub use bytecode::Program;
pub use compile::compile;
pub use features::{FEATURE_COUNT, FEATURES, Feature, FeatureDoc, FeatureKind, FeatureValues, Vocabulary};

/// A rule that cannot be used, with the place of the fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: the rule of treatment `{treatment}`: {message}\n  hint: {hint}")]
pub struct RuleProblem {
    /// Name of the treatment whose rule it is.
    pub treatment: String,
    /// Line in the policy file, from 1; counted from the rule's own first line if that is unknown.
    pub line: usize,
    /// Column within the rule's line, from 1.
    pub column: usize,
    /// What was found and what is allowed.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}
