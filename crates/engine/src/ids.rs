//! Numbers that the engine gives by itself.

counterfoil_core::ids! {
    /// A slot of the pool of live sessions.
    pub Slot,
    /// A profile, by position; one that was merged into another keeps its number.
    pub ProfileNumber,
    /// A decision that waits for its outcome, by number from the first one on that ever did.
    pub RowNumber,
}
