//! What tries in process work on.

use std::cell::RefCell;
use std::path::PathBuf;

/// What tries in process work on.
#[derive(Debug)]
pub(crate) struct Stock {
    /// Shipped texts by path.
    pub texts: Vec<(String, String)>,
    /// Bytes of a small store.
    pub store: Vec<u8>,
    /// Folder of its own, in memory where there is such a place.
    pub folder: PathBuf,
    /// What the try at hand is about, to be kept if it fails.
    pub input: RefCell<Vec<u8>>,
}
