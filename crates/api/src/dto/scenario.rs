//! The library: scenarios, policies, their texts with faults, and the six dials.

use counterfoil_results::TextKind;
use serde::{Deserialize, Serialize};

/// One scenario of the library, with the values that *Run* starts from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScenarioSummary {
    /// File stem, the id everywhere: `fashion-web-shop`.
    pub name: String,
    /// The `name` key of the file; the stem where it is broken.
    pub title: String,
    /// The `[about]` block.
    pub about: AboutBlock,
    /// Compiled in; editing it makes a copy.
    pub shipped: bool,
    /// A file of the user's that bears the name of a shipped text and is what that name means.
    pub replaces_shipped: bool,
    /// Path of the file; `null` when shipped.
    pub path: Option<String>,
    /// Number of faults in the text; a scenario with faults cannot run.
    #[serde(skip)]
    pub faults: u32,
    /// Whether its text has faults, so that it cannot run.
    pub faulty: bool,
    /// Arms in order of display, `control` and `status-quo` included.
    pub arms: Vec<ArmChoice>,
    /// Name of the incumbent policy; `none` when there is none.
    pub incumbent: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Default number of shoppers per world.
    pub shoppers: u32,
    /// Default number of worlds.
    pub worlds: u32,
    /// Default horizon in days.
    pub days: u32,
    /// Default seed, 0 to 2^53 - 1.
    #[cfg_attr(test, ts(type = "number"))]
    pub seed: u64,
}

/// The `[about]` block of a scenario. Empty texts and lists where it is missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AboutBlock {
    /// The question that the scenario asks.
    pub question: String,
    /// What to notice in the result.
    pub notice: Vec<String>,
    /// What to try next.
    #[serde(rename = "try")]
    pub try_next: Vec<String>,
}

/// One arm that a run of the scenario has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ArmChoice {
    /// Name of the arm: `realtime`.
    pub name: String,
    /// Words on screen: "No promotions" for `control`, "Today" for `status-quo`.
    pub display: String,
    /// Policy that the arm runs.
    pub policy: String,
    /// Runs whatever is chosen (`control`, `status-quo`).
    pub always: bool,
}

/// One policy of the library.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PolicySummary {
    /// File stem: `realtime`.
    pub name: String,
    /// One line on what it does.
    pub title: String,
    /// Compiled in; editing it makes a copy.
    pub shipped: bool,
    /// A file of the user's that bears the name of a shipped text and is what that name means.
    pub replaces_shipped: bool,
    /// Path of the file; `null` when shipped.
    pub path: Option<String>,
}

/// A scenario or policy as text, with its faults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SourceText {
    /// Which library.
    pub kind: TextKind,
    /// File stem. After saving a shipped text this is the name of the copy.
    pub name: String,
    /// Compiled in; saving makes a copy.
    pub shipped: bool,
    /// Path of the file; `null` when shipped.
    pub path: Option<String>,
    /// The TOML.
    pub text: String,
    /// Faults, in order of lines.
    pub errors: Vec<TextError>,
    /// What is worth knowing about a text without faults, in order of lines.
    pub remarks: Vec<TextError>,
}

/// One fault in a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TextError {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, where known.
    pub column: Option<u32>,
    /// Dotted key, where known.
    pub key: Option<String>,
    /// What was found and what is allowed.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

/// One dial: a number of the scenario (or of its incumbent's policy) with its range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Dial {
    /// `sale_depth`, `sale_day`, `gross_margin`, `price_sensitivity`, `visits_per_shopper` or `discount_memory`.
    pub id: String,
    /// Words on screen.
    pub label: String,
    /// Unit behind the number: `%`, `days`; empty where there is none.
    pub unit: String,
    /// Smallest value allowed.
    pub min: f64,
    /// Largest value allowed.
    pub max: f64,
    /// Step of the slider.
    pub step: f64,
    /// Names of the values `min`, `min + step`, ... where numbers would not speak (weekdays); else empty.
    pub choices: Vec<String>,
    /// Value in the text; `null` where the scenario has no such thing (a sale day without a sale).
    pub value: Option<f64>,
    /// Value of the shipped default scenario.
    pub default: f64,
    /// What it means, in a merchant's words.
    pub help: String,
    /// Where the default comes from: a data set, a paper, or `assumption`.
    pub source: String,
    /// Where it is written: `catalogue.margin in fashion-web-shop.toml`.
    pub place: String,
}

/// What turning a dial did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DialChange {
    /// Scenario that now holds the change; differs from the one asked for when that was shipped.
    pub scenario: String,
    /// The text that was written: the scenario's or its incumbent policy's.
    pub changed: SourceText,
    /// Line that changed, from 1.
    pub line: u32,
    /// All dials, as they stand now.
    pub dials: Vec<Dial>,
}
