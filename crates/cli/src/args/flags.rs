//! Flags that change a scenario without changing its file: those of `run`, which `plan` takes too.

use clap::{Args, ValueEnum};
use counterfoil_api::Overrides;

/// How much of each visit is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Keep {
    /// Units, orders, fates of needs, ledger, daily facts
    Summary,
    /// Also, for a sample of shoppers, one row per visit and per decision that showed something or was refused
    Sample,
    /// The same for all shoppers
    Visits,
}

/// What changes a scenario without changing its file, and how much is kept.
#[derive(Args, Debug)]
pub(crate) struct ScenarioArgs {
    /// Run this beside control instead of the scenario's arms: an arm's name, a policy's name, or a file. Repeatable
    #[arg(long, value_name = "P")]
    pub policy: Vec<String>,
    /// Independent worlds: more of them narrow the intervals
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub worlds: Option<i64>,
    /// Shoppers per world
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub shoppers: Option<i64>,
    /// Length of the horizon in days
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub days: Option<String>,
    /// Length of the history in days, or none
    #[arg(long, value_name = "N|none", allow_hyphen_values = true)]
    pub history: Option<String>,
    /// Length of the warm-up in days, or none
    #[arg(long, value_name = "N|none", allow_hyphen_values = true)]
    pub warmup: Option<String>,
    /// Length of the withdrawal test after the horizon, in days
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub probe: Option<String>,
    /// Seed of all luck, 0 to 2^53 - 1
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    pub seed: Option<i64>,
    /// How much is stored; changes no result, metric or chart [default: sample]
    #[arg(long, value_enum)]
    pub keep: Option<Keep>,
}

impl ScenarioArgs {
    /// As the use-cases take them.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            worlds: self.worlds,
            shoppers: self.shoppers,
            days: self.days.clone(),
            seed: self.seed,
            history: self.history.clone(),
            warmup: self.warmup.clone(),
            probe: self.probe.clone(),
            policies: self.policy.clone(),
        }
    }

    /// How much is kept, where it was said.
    pub fn keep(&self) -> Option<counterfoil_api::Keep> {
        self.keep.map(|keep| match keep {
            Keep::Summary => counterfoil_api::Keep::Summary,
            Keep::Sample => counterfoil_api::Keep::Sample,
            Keep::Visits => counterfoil_api::Keep::Visits,
        })
    }
}
