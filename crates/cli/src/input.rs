//! Standard input as a text: `-` in the place of a file.

use std::io::Read as _;
use std::sync::OnceLock;

use counterfoil_api::dto::{ApiError, ErrorCode};

/// Most bytes that are read; no scenario comes near.
const BYTES_MAX: u64 = 4 << 20;

static READ: OnceLock<Result<String, ApiError>> = OnceLock::new();

/// Whether a name on the command line means standard input.
pub(crate) fn is_input(name: &str) -> bool {
    name == "-"
}

/// What stands on standard input. It can be read once; who asks again gets the same.
pub(crate) fn text() -> Result<String, ApiError> {
    READ.get_or_init(read).clone()
}

fn read() -> Result<String, ApiError> {
    let refused =
        |code, message: String, hint: &str| ApiError::new(code, message).at("standard input").hint(hint);
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| {
        refused(ErrorCode::Environment, format!("It cannot be read: {error}."), "name a file instead")
    })?;
    if bytes.len() as u64 > BYTES_MAX {
        let message = format!("It is longer than {} MiB, which no scenario is.", BYTES_MAX >> 20);
        return Err(refused(ErrorCode::InvalidInput, message, "check what was piped in"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let message = format!("It is not UTF-8 from byte {} on.", error.utf8_error().valid_up_to() + 1);
        refused(ErrorCode::InvalidInput, message, "save the text as UTF-8")
    })
}
