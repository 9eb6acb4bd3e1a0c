//! What can be asked: one struct per command, with its help and its examples.

mod flags;
mod plans;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use flags::ScenarioArgs;
pub(crate) use plans::{MergeArgs, PlanArgs, ShardArgs};

/// A wind tunnel for promotion policies: the same synthetic shoppers under each policy, compared side by side.
#[derive(Debug, Parser)]
#[command(
    name = "counterfoil",
    version,
    long_version = crate::version::long(),
    arg_required_else_help = true,
    subcommand_required = true,
    infer_subcommands = false,
    after_help = "A first comparison, in about a minute:\n  counterfoil run fashion-web-shop --worlds 4 --shoppers 3000\n\n\
        Exit codes: 0 fine; 1 a check found a change; 2 invalid input or usage; 3 the surroundings failed, or cancelled.\n\
        Data goes to standard output; progress and remarks go to standard error."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub everywhere: EverywhereArgs,
}

/// What every command takes, before or after its name.
#[derive(Args, Clone, Debug)]
pub(crate) struct EverywhereArgs {
    /// The store, one SQLite file. Default: $COUNTERFOIL_STORE, else counterfoil/counterfoil.db in your data directory
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    pub store: Option<PathBuf>,
    /// No progress and no remarks on standard error; errors are still said
    #[arg(long, short, global = true, help_heading = "Everywhere")]
    pub quiet: bool,
}

/// A file to write.
#[derive(Args, Clone, Debug)]
pub(crate) struct OutArgs {
    /// File to write, or `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Replace a file that is there without a question, whatever it holds; never the store or a text of the run
    #[arg(long)]
    pub force: bool,
}

/// A stored run.
#[derive(Args, Clone, Debug)]
pub(crate) struct StoredArgs {
    /// The run: its id, a unique beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    pub run: String,
}

/// Answers for scripts.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct JsonArgs {
    /// Print one JSON document (with "format": 1) instead of text
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run control and every arm on the same shoppers, store the run, print the comparison
    Run(RunArgs),
    /// Write a plan: everything that decides the results of one or many scenarios, for `shard` and `merge`
    Plan(PlanArgs),
    /// Simulate some units of a plan, here or on another machine, and write partial results
    Shard(ShardArgs),
    /// Put partial results together in the store
    Merge(MergeArgs),
    /// Watch one world by the wall clock: sessions, decisions and their latencies as they happen
    Live(LiveArgs),
    /// List the stored runs, newest first
    Runs(RunsArgs),
    /// Print the comparison of a stored run again
    Show(ShowArgs),
    /// Ask a stored run a question in SQL
    Sql(SqlArgs),
    /// Simulate a stored run again from the store alone and compare every row
    Verify(VerifyArgs),
    /// Give a run a name, or note something about it
    Note(NoteArgs),
    /// Delete a run; `restore` brings it back until `purge`
    Delete(DeleteArgs),
    /// Bring a deleted run back with everything it had
    Restore(RestoreArgs),
    /// Remove deleted runs for good
    Purge(PurgeArgs),
    /// Write the report of a run with its charts as one self-contained file
    Report(ReportArgs),
    /// Draw one figure of a run
    Chart(ChartArgs),
    /// Write a table of a run as CSV
    Export(ExportArgs),
    /// Show one shopper under every arm, with the reason of each decision and where the arms part
    Replay(ReplayArgs),
    /// Say what is wrong with scenario and policy files
    Validate(ValidateArgs),
    /// Print a JSON Schema, or the list of metrics
    Schema(SchemaArgs),
    /// Compare the decisions of a fixed small run with the accepted ones
    Check(CheckArgs),
    /// Make the decisions of a fixed small run the accepted ones
    Accept(AcceptArgs),
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  counterfoil run fashion-web-shop\n  counterfoil run my-shop.toml --policy batch --policy my-policy.toml --worlds 16\n  \
        counterfoil run --add-arm blanket --into latest\n  counterfoil run --resume latest\n\n\
        --shoppers changes the shop (learning, stock and budget per shopper differ); --worlds changes precision.\n\
        Ctrl-C keeps the worlds that are finished; --resume goes on from there.\n\
        A long run says first what it is expected to take.\n\
        Equal scenario, policies, seed, worlds, shoppers and days give the same result hash on any machine."
)]
pub(crate) struct RunArgs {
    /// Name of a scenario of the library, a file, or `-` for one on standard input
    #[arg(value_name = "SCENARIO", required_unless_present_any = ["resume", "add_arm"], conflicts_with = "add_arm")]
    pub scenario: Option<String>,
    #[command(flatten)]
    pub flags: ScenarioArgs,
    /// Threads; changes no result. Default: as many as the machine has
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
    /// Store full traces of N shoppers, the same in every world and arm; changes no result
    #[arg(long, value_name = "N", conflicts_with = "add_arm")]
    pub trace: Option<u32>,
    /// Add an arm with this policy to a finished run; history and the new arm alone are simulated
    #[arg(long, value_name = "P", requires = "into", conflicts_with_all = ["resume", "policy", "worlds", "shoppers", "days", "history", "warmup", "probe", "seed", "keep"])]
    pub add_arm: Option<String>,
    /// The run that --add-arm adds to
    #[arg(long, value_name = "RUN", requires = "add_arm")]
    pub into: Option<String>,
    /// Go on with a run that was cancelled or killed; flags may be repeated and must agree
    #[arg(long, value_name = "RUN")]
    pub resume: Option<String>,
    #[command(flatten)]
    pub json: JsonArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  counterfoil live fashion-web-shop --policy realtime --speed 600\n  \
        counterfoil live fashion-web-shop --policy batch --speed 60 --shoppers 2000 --for 30\n\n\
        Warm-up and history pass at full speed first. The policy is judged by its real deadline, so a live session is\n\
        not deterministic and is not stored; unless a deadline is missed, its decisions are those of `run`.")]
pub(crate) struct LiveArgs {
    /// Name of a scenario of the library, or a file
    #[arg(value_name = "SCENARIO")]
    pub scenario: String,
    /// An arm of the scenario, a policy's name, or a file
    #[arg(long, value_name = "P")]
    pub policy: String,
    /// Simulated seconds per second, 1 to 1000
    #[arg(long, value_name = "X", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub speed: u32,
    /// Shoppers of the one world [default: the scenario's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub shoppers: Option<u32>,
    /// Seed of all luck [default: the scenario's]
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(0..=9_007_199_254_740_991))]
    pub seed: Option<u64>,
    /// Stop after this many seconds of watching; Ctrl-C stops at once
    #[arg(long = "for", value_name = "SECONDS")]
    pub seconds: Option<u32>,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  counterfoil runs\n  counterfoil runs --deleted\n  counterfoil runs --json        (with sizes and arms)"
)]
pub(crate) struct RunsArgs {
    /// List deleted runs, which `restore` brings back
    #[arg(long)]
    pub deleted: bool,
    #[command(flatten)]
    pub json: JsonArgs,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  counterfoil show latest\n  counterfoil show 3f2a --versus status-quo\n  counterfoil show latest --json"
)]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    pub run: StoredArgs,
    /// Compare with this arm [default: batch, else status-quo, else control]
    #[arg(long, value_name = "ARM")]
    pub versus: Option<String>,
    /// Speak of this arm in the first sentence [default: realtime, else the last]
    #[arg(long, value_name = "ARM")]
    pub arm: Option<String>,
    #[command(flatten)]
    pub json: JsonArgs,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  counterfoil sql latest \"SELECT arm, sum(orders) FROM totals_readable WHERE run = :run GROUP BY arm\"\n  \
        counterfoil sql latest \"SELECT name FROM sqlite_schema WHERE type = 'view'\"\n\n\
        :run stands for the run's id and :run_no for its number. Nothing can be written. docs/store.md lists the tables."
)]
pub(crate) struct SqlArgs {
    #[command(flatten)]
    pub run: StoredArgs,
    /// One SELECT, WITH, VALUES or EXPLAIN
    #[arg(value_name = "QUERY")]
    pub query: String,
    /// Most rows printed
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub limit: usize,
    #[command(flatten)]
    pub json: JsonArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  counterfoil verify latest\n  counterfoil verify latest --stored\n\n\
        Exit code 1 if the store is not what was simulated (or, with --stored, not what was written).")]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub run: StoredArgs,
    /// Simulate nothing: compare every row with digests written with it; seconds, and finds accidents, not forgers
    #[arg(long, conflicts_with = "threads")]
    pub stored: bool,
    /// Threads; changes no result. Default: as many as the machine has
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
    #[command(flatten)]
    pub json: JsonArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  counterfoil note latest --name \"before the relaunch\"\n  \
        counterfoil note 3f2a --note \"budget as agreed on Thursday\"\n  counterfoil note 3f2a --name \"\"       (takes the name away)")]
pub(crate) struct NoteArgs {
    #[command(flatten)]
    pub run: StoredArgs,
    /// What the run is called in lists
    #[arg(long, value_name = "TEXT", required_unless_present = "note")]
    pub name: Option<String>,
    /// What is worth remembering about it
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  counterfoil delete 3f2a\n\nThe run is hidden and takes its space until `purge`."
)]
pub(crate) struct DeleteArgs {
    #[command(flatten)]
    pub run: StoredArgs,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  counterfoil restore 3f2a\n\n`counterfoil runs --deleted` lists what can be restored."
)]
pub(crate) struct RestoreArgs {
    /// The deleted run: its id, a unique beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    pub run: String,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  counterfoil purge --yes\n\nWhat is purged cannot be brought back; its space goes back to the disk."
)]
pub(crate) struct PurgeArgs {
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  counterfoil report latest --out report.html\n\n\
        The file ends in .html. One that is there is replaced after a question, or with --force.")]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub run: StoredArgs,
    #[command(flatten)]
    pub out: OutArgs,
}

/// The figures of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FigureArg {
    /// Conversion, margin, dependency: levels and paired differences
    Headline,
    /// Daily curves per arm with bands
    Daily,
    /// Cumulative contribution against status-quo, with the payback day
    Cumulative,
    /// Profit bridge of one arm, from control to it
    Bridge,
}

/// Colours of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ThemeArg {
    /// Dark ink on white
    Light,
    /// Light ink on near-black
    Dark,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  counterfoil chart latest --figure headline --out headline.svg\n  \
        counterfoil chart latest --figure bridge --arm realtime --out bridge.svg --theme dark\n  \
        counterfoil chart latest --figure daily --out daily.csv      (its numbers, unrounded)\n\n\
        The file ends in .svg, or in .csv for the numbers; `-` is the picture on standard output.")]
pub(crate) struct ChartArgs {
    #[command(flatten)]
    pub run: StoredArgs,
    /// Which figure
    #[arg(long, value_enum, value_name = "NAME")]
    pub figure: FigureArg,
    #[command(flatten)]
    pub out: OutArgs,
    /// Show only this arm; repeatable [default: all]
    #[arg(long, value_name = "ARM")]
    pub arm: Vec<String>,
    /// Take differences against this arm [default: batch, else status-quo, else control]
    #[arg(long, value_name = "ARM")]
    pub versus: Option<String>,
    /// Colours
    #[arg(long, value_enum, default_value_t = ThemeArg::Light)]
    pub theme: ThemeArg,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  counterfoil export latest --table orders --out orders.csv\n  counterfoil export latest --table daily --out -\n\n\
        The file ends in .csv.\n\
        Units stand in the header: `_minor` is minor units of the currency (cents), `_ms` milliseconds, `_ppm` millionths."
)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub run: StoredArgs,
    /// Which table: totals, daily, truth, bridge, probe_weeks, needs, orders, offers, visits, decisions, quiet_decisions
    #[arg(long, value_name = "NAME")]
    pub table: String,
    #[command(flatten)]
    pub out: OutArgs,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  counterfoil replay latest --shopper 42\n  counterfoil replay latest --shopper 42 --world 3 --all\n\n\
        The world is simulated again from the stored text and its digests are checked."
)]
pub(crate) struct ReplayArgs {
    #[command(flatten)]
    pub run: StoredArgs,
    /// Number of the shopper, from 0
    #[arg(long, value_name = "ID")]
    pub shopper: u32,
    /// World, from 0
    #[arg(long, value_name = "W", default_value_t = 0)]
    pub world: u32,
    /// Also pages looked at and decisions that showed nothing
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub json: JsonArgs,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  counterfoil validate my-shop.toml policies/*.toml\n  counterfoil validate fashion-web-shop\n  counterfoil validate - < my-shop.toml\n\nExit code 2 if anything is wrong."
)]
pub(crate) struct ValidateArgs {
    /// Scenario or policy files, names of the library, or `-` for a text on standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
    #[command(flatten)]
    pub json: JsonArgs,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  counterfoil schema scenario > scenario.schema.json\n  counterfoil schema metrics"
)]
pub(crate) struct SchemaArgs {
    /// scenario, policy or metrics
    #[arg(value_name = "NAME")]
    pub name: String,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  counterfoil check fashion-web-shop\n  counterfoil check scenarios/*.toml\n\n\
        One small world with the scenario's seed and short phases is simulated; all its decisions\n\
        are compared: those of a sample of shoppers one by one, those of all by counts and digests.\n\
        Exit code 1 if any decision changed, or if a policy changed and no decision did (\"not covered\"). `counterfoil accept` makes the new ones the accepted ones."
)]
pub(crate) struct CheckArgs {
    /// Names of scenarios, or files
    #[arg(value_name = "SCENARIO", required = true)]
    pub scenarios: Vec<String>,
    /// Folder of the accepted decisions [default: tests/baselines]
    #[arg(long, value_name = "DIR")]
    pub baselines: Option<PathBuf>,
    #[command(flatten)]
    pub json: JsonArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  counterfoil accept fashion-web-shop && git diff tests/baselines")]
pub(crate) struct AcceptArgs {
    /// Names of scenarios, or files
    #[arg(value_name = "SCENARIO", required = true)]
    pub scenarios: Vec<String>,
    /// Folder of the accepted decisions [default: tests/baselines]
    #[arg(long, value_name = "DIR")]
    pub baselines: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        Arguments::command().debug_assert();
    }
}
