//! The eleven stages, one file each, in the order in which an event and a question pass through them. The ninth, ledger,
//! has none: its books are [`counterfoil_till::Guard`]'s, which every policy shares.

pub mod intake;

pub mod identity;

pub mod profile;

pub mod intent;

pub mod candidates;

pub mod value;

pub mod guardrails;

pub mod arbitrate;

pub mod deliver;

pub mod learn;
