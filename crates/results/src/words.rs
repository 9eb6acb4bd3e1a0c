//! Names as sentences say them. Numbers are written by `counterfoil_core::number`.

use crate::arms::{CONTROL, STATUS_QUO};

/// An arm as the subject or object of a sentence.
#[must_use]
pub fn spoken(arm: &str) -> String {
    match arm {
        CONTROL => "doing without promotions".to_owned(),
        STATUS_QUO => "going on as today".to_owned(),
        other => other.to_owned(),
    }
}

/// The first letter in upper case.
#[must_use]
pub fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
