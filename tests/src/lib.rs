//! Tests that look at the whole product from outside.
