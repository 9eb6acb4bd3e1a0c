//! The eleven stages, one file each, in the order in which an event and a question pass through them.

pub mod intake;

pub mod identity;

pub mod profile;

pub mod intent;

pub mod candidates;

pub mod value;

pub mod guardrails;

pub mod arbitrate;

pub mod ledger;

pub mod deliver;

pub mod learn;
