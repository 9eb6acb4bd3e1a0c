//! What reading a scenario finds: the resolved scenario, its texts, and the policies that it names.

use std::path::PathBuf;

use crate::model::Scenario;
use crate::problem::Spot;
use crate::shipped::Source;

/// A scenario that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// The scenario.
    pub scenario: Scenario,
    /// The canonical text: every value stated, `extends` and flags applied, no comments.
    pub document: String,
    /// SHA-256 of the document, in hexadecimal.
    pub hash: String,
}

/// A scenario with the texts it came from and the policies that it names.
#[derive(Clone, Debug)]
pub struct Found {
    /// The scenario.
    pub resolved: Resolved,
    /// What was read, the text itself first, then what it extends.
    pub texts: Vec<Source>,
    /// Policies in the order of the arms; the incumbent, as `status-quo`, comes first where there is one.
    pub policies: Vec<NamedPolicy>,
}

/// A policy that a scenario names, with the place where it does.
#[derive(Clone, Debug)]
pub struct NamedPolicy {
    /// The arm: `status-quo` for the incumbent.
    pub arm: String,
    /// Name or path, as it is written.
    pub policy: String,
    pub(crate) key: &'static str,
    pub(crate) at: Spot,
    /// Files beside which it is looked for.
    pub(crate) beside: Vec<PathBuf>,
    /// Arms that a flag might have meant; `None` where no flag named it.
    pub(crate) arms_of_file: Option<Vec<String>>,
}
