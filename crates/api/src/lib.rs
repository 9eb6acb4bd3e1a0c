//! TBD

pub mod dto;
