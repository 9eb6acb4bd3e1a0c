//! Plans of worlds: writing one, simulating parts of it, merging them.

use std::path::PathBuf;

use clap::Args;

use super::{JsonArgs, ScenarioArgs};

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  counterfoil plan fashion-web-shop --worlds 32 --out plan.json\n  \
        counterfoil plan my-shop.toml deal-hunters --shoppers 5000 --out both.json\n\n\
        Each SCENARIO is a variant; flags hold for all of them. A unit is one world of one variant; units are numbered\n\
        from 1 through all variants, variant by variant.\n\
        The plan holds scenarios and policies as text: it needs no other file. Its hash covers what decides results.")]
pub(crate) struct PlanArgs {
    /// Names of scenarios of the library, or files; each is a variant
    #[arg(value_name = "SCENARIO", required = true)]
    pub scenarios: Vec<String>,
    #[command(flatten)]
    pub flags: ScenarioArgs,
    /// File to write; `-` is standard output [default: -]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace a file that is there without a question, whatever it holds; never the store
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  counterfoil shard plan.json --units 1..16 > first.part\n  \
        counterfoil shard plan.json --units 17..32 --out second.part\n\n\
        Both ends are counted; 17 alone and lists (1..4,9,17..24) are fine. Nothing is stored: `merge` does that.")]
pub(crate) struct ShardArgs {
    /// The plan
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// Numbers of units, from 1: 17..24, 17, 1..4,9 [default: all]
    #[arg(long, value_name = "A..B", allow_hyphen_values = true)]
    pub units: Option<String>,
    /// Threads; changes no result. Default: as many as the machine has
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
    /// File to write, ending in .part; `-` is standard output [default: -]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace a file that is there without a question, whatever it holds; never the store
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  counterfoil merge plan.json first.part second.part\n  counterfoil merge plan.json *.part --store results.db --json\n\n\
        Any order, any partition, also again: what is there already is left alone. A variant that is not complete is a\n\
        partial run, which `run --resume` or another merge completes. Prints one line per run.\n\
        Exit code 1 if two results for one unit are not the same: both are named, and nothing is written."
)]
pub(crate) struct MergeArgs {
    /// The plan
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// Partial results of this plan
    #[arg(value_name = "PART", required = true)]
    pub parts: Vec<PathBuf>,
    #[command(flatten)]
    pub json: JsonArgs,
}
