//! Numbers of units on a command line: `17..24`, `3`, and lists of them.

use std::collections::BTreeSet;

use crate::dto::{ApiError, ErrorCode};
use crate::error::Answered;

/// The numbers that a text names: `17..24` with both ends, `17` alone, and several with commas between them. None may be
/// larger than `most`.
///
/// # Errors
/// [`ErrorCode::InvalidInput`] that says which piece is meant and what is allowed.
pub fn unit_numbers(text: &str, most: u32) -> Result<BTreeSet<u32>, ApiError> {
    let mut numbers = BTreeSet::new();
    for piece in text.split(',') {
        let (first, last) = piece.split_once("..").unwrap_or((piece, piece));
        let (first, last) = (number(first, piece, most)?, number(last, piece, most)?);
        if first > last {
            return Err(refused(piece, most, "it ends before it begins"));
        }
        numbers.extend(first..=last);
    }
    Ok(numbers)
}

fn number(text: &str, piece: &str, most: u32) -> Answered<u32> {
    let digits = !text.trim().is_empty() && text.trim().bytes().all(|byte| byte.is_ascii_digit());
    let number = text.trim().parse::<u32>().ok().filter(|_| digits);
    match number {
        None if digits => Err(refused(piece, most, "it is too large")),
        None => Err(refused(piece, most, "it is no number")),
        Some(0) => Err(refused(piece, most, "units are counted from 1")),
        Some(number) if number > most => Err(refused(piece, most, "the plan has no such unit")),
        Some(number) => Ok(number),
    }
}

fn refused(piece: &str, most: u32, why: &str) -> ApiError {
    let message = format!("`--units` has `{piece}`, but {why}; the plan has the units 1 to {most}.");
    ApiError::new(ErrorCode::InvalidInput, message)
        .hint("`--units 17..24` is both ends and all between, `--units 1,5,9..12` is a list")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn of(text: &str) -> Vec<u32> {
        unit_numbers(text, 30).unwrap().into_iter().collect()
    }

    #[test]
    fn both_ends_are_counted_and_lists_are_united() {
        assert_eq!(of("17..19"), [17, 18, 19]);
        assert_eq!(of("30"), [30]);
        assert_eq!(of("5, 1..2 ,2..3"), [1, 2, 3, 5]);
    }

    #[test]
    fn what_is_no_unit_is_refused_with_the_piece() {
        for (text, why) in [
            ("", "no number"),
            ("0", "counted from 1"),
            ("1..31", "no such unit"),
            ("9..8", "ends before"),
            ("1,x", "no number"),
            ("-1", "no number"),
            ("+1", "no number"),
            ("1...3", "no number"),
            ("99999999999", "too large"),
            ("1..", "no number"),
        ] {
            let error = unit_numbers(text, 30).unwrap_err().to_string();
            assert!(error.contains(why) && error.contains("1 to 30"), "{text}: {error}");
        }
    }
}
