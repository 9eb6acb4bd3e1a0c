//! Scenario and policy files: what users write, checked and resolved into plain data.
//!
//! # Promises
//! - Every problem of a file is reported at once, with file, line, key, what was found, what is allowed and a hint.
//! - Nothing that is written is ignored, nothing that is required is invented.
//! - One table of fields drives reading, writing, the JSON Schemas and the reference; its defaults are the values of
//!   the shipped default scenario.
//! - No file is read but through a closure of the caller; no clock, no luck.
//!
//! # Where to start
//! [`parse_scenario`] and [`parse_policy`]; then `field.rs` for the table that drives both, and `shelves.rs` for which
//! text a name means.

mod checks;
pub mod dials;
mod document;
mod field;
mod fields;
mod found;
mod kind;
pub mod limits;
pub mod model;
mod overrides;
pub mod policy;
mod policy_form;
mod policy_text;
mod problem;
pub mod reading;
pub mod reference;
mod scenario;
pub mod schema;
pub mod shelves;
pub mod shipped;
mod suggest;
mod treatments;
mod tree;
mod units;

pub use checks::RESERVED_ARMS;
pub use dials::{DialId, DialSpec, dial_values, dials, set_dial};
pub use document::{hash, policy_document};
pub use found::{Found, NamedPolicy, Resolved};
pub use kind::{NAME_CHARS_MAX, WEEKDAYS};
pub use model::{FORMAT, Scenario};
pub use overrides::{Overrides, arm_name_too_long};
pub use policy::PolicySpec;
pub use policy_text::{for_scenario, parse_policy};
pub use problem::{PROBLEMS_MAX, Problem, report};
pub use scenario::{default_scenario, parse_scenario, resolve_scenario};
pub use shelves::{Shelf, Shelves};
pub use shipped::Source;
pub use units::Currency;
