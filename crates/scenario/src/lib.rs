//! Scenario and policy files: what users write, checked and resolved into plain data.

pub mod model;
pub mod policy;

pub use model::Scenario;
pub use policy::PolicySpec;
