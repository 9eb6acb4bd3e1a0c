//! Running a plan against the store: start, resume, add an arm, verify.

/// What to add to which run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddArm {
    /// Policy of the new arm: a name of the library, or a path. The arm is called after the policy.
    pub policy: String,
    /// The run: an id, a unique beginning of one, or `latest`.
    pub into: String,
    /// Threads; `None`: as many as the machine has.
    pub threads: Option<u32>,
}

/// What came out of simulating a stored run again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Id of the run.
    pub run: String,
    /// Worlds that were simulated again and compared.
    pub worlds: u32,
    /// Arms of each.
    pub arms: u32,
    /// Where store and simulation differ; empty: the run is what it says.
    pub differences: Vec<DigestDifference>,
    /// Whether it was cancelled before all worlds were compared.
    pub cancelled: bool,
}

/// One place where the store and a new simulation differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestDifference {
    /// Arm; empty where the run as a whole is meant.
    pub arm: String,
    /// World, from 0; `None` where the run as a whole is meant.
    pub world: Option<u32>,
    /// What differs: `digest`, `orders digest`, `totals.orders`, `result hash`.
    pub what: String,
    /// As stored.
    pub stored: String,
    /// As simulated now.
    pub found: String,
}
