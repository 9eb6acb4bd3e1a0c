//! Which texts a run would read, before anything is simulated.

use crate::api::Api;
use crate::dto::{ApiError, TextRead};
use crate::planning::RunOptions;
use crate::texts;

impl Api {
    /// Which texts a run with these options would read, before anything is simulated.
    ///
    /// # Errors
    /// As [`Api::run`], for whatever is wrong with scenario, policies and flags.
    pub fn texts_for(&self, options: &RunOptions) -> Result<Vec<TextRead>, ApiError> {
        Ok(self.planned(options)?.read)
    }

    /// Which text [`Api::add_arm`] would read; its hash depends on the run.
    ///
    /// # Errors
    /// As there, for a policy that is not found.
    pub fn text_for_arm(&self, policy: &str) -> Result<TextRead, ApiError> {
        let source = self.policy_source(policy)?;
        Ok(TextRead { hash: None, ..texts::policy(&source.name, "", &source) })
    }
}
