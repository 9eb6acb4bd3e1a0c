//! Tests that look at the whole product from outside.

pub mod webdriver;
