// Generated from crates/api/src/dto; do not edit. That module says how to write it anew.

/**
 * A failure as a person reads it: what, where, and what to do.
 */
export type ApiError = { 
/**
 * What kind of failure; the window decides by this, never by the message.
 */
code: ErrorCode, 
/**
 * One or two sentences: what was found and what is allowed.
 */
message: string, 
/**
 * File with line, key, run or shopper that it is about.
 */
place: string | null, 
/**
 * What to do next.
 */
hint: string | null, };

/**
 * Kinds of failure that the window treats differently.
 */
export type ErrorCode = "invalid_input" | "not_found" | "busy" | "store" | "version" | "environment" | "internal";

/**
 * The program and where it keeps its things.
 */
export type About = { 
/**
 * Version of engine and app.
 */
version: string, 
/**
 * Path of the store.
 */
store: string, 
/**
 * Folder of the user's scenarios.
 */
scenarios: string, 
/**
 * Threads that a run takes when none are given.
 */
threads: number, };

/**
 * What to run.
 */
export type RunRequest = { 
/**
 * Name of a scenario of the library.
 */
scenario: string, 
/**
 * Arms beside `control` and `status-quo`: names of arms of the scenario or of policies. Empty: the scenario's.
 */
policies: Array<string>, 
/**
 * Number of worlds.
 */
worlds: number, 
/**
 * Shoppers per world.
 */
shoppers: number, 
/**
 * Horizon in days.
 */
days: number, 
/**
 * 0 to 2^53 - 1.
 */
seed: number, 
/**
 * Threads; `null`: as many as the machine has.
 */
threads: number | null, 
/**
 * Open covered by the scenario's question until a guess is stored.
 */
cover_until_guess: boolean, 
/**
 * Keep visits and decisions of all shoppers, not of a sample. No result depends on it.
 */
keep_all_visits: boolean, };

/**
 * What deleted runs hold.
 */
export type Trash = { 
/**
 * Deleted runs that can still be restored.
 */
runs: number, 
/**
 * Free bytes that removing them for good needs for a while, where the file must be written anew; else `null`.
 */
needs_bytes: number | null, };

/**
 * What removing them for good did.
 */
export type Emptied = { 
/**
 * Runs that are gone.
 */
runs: number, 
/**
 * Bytes by which the store is smaller.
 */
freed_bytes: number, };

/**
 * What a run will take on this machine.
 */
export type Estimate = { 
/**
 * Wall time in seconds.
 */
seconds: number, 
/**
 * Disk in bytes.
 */
bytes: number, 
/**
 * Estimated from a run stored on this machine, not from a built-in figure.
 */
measured: boolean, };

/**
 * Where a world is.
 */
export type RunPhase = "warm_up" | "history" | "horizon" | "probe" | "storing";

/**
 * How far a run is.
 */
export type Progress = { 
/**
 * Id of the run, known from the first message on.
 */
run: string, 
/**
 * Worlds finished and stored (taken-over ones included).
 */
worlds_done: number, 
/**
 * Worlds in all.
 */
worlds: number, 
/**
 * World that the next three fields speak of (the earliest unfinished one), from 1.
 */
world: number, 
/**
 * Where that world is.
 */
phase: RunPhase, 
/**
 * Day within the phase, from 1.
 */
day: number, 
/**
 * Days of the phase.
 */
days: number, 
/**
 * Shopper-days simulated, all worlds and arms.
 */
shopper_days_done: number, 
/**
 * Shopper-days in all.
 */
shopper_days_total: number, 
/**
 * Seconds since the start.
 */
seconds: number, 
/**
 * Seconds left; `null` while too early to say.
 */
seconds_left: number | null, 
/**
 * Daily curves of the first world so far, in order of arms; empty before its horizon begins.
 */
curves: Array<LiveCurve>, 
/**
 * ISO 4217 code, for the curves.
 */
currency: string, };

/**
 * One arm of the first world while it runs. `values[i]` belongs to day `i + 1` of the horizon.
 */
export type LiveCurve = { 
/**
 * Name of the arm.
 */
arm: string, 
/**
 * Days of the whole horizon: the axis stands still while the curve grows.
 */
horizon_days: number, 
/**
 * Orders per shopper on each day.
 */
orders_per_shopper: Array<number>, 
/**
 * Contribution per shopper on each day, major units.
 */
contribution_per_shopper: Array<number>, };

/**
 * Whether all worlds of a run are stored.
 */
export type RunStatus = "complete" | "partial";

/**
 * One stored run with its stamp.
 */
export type RunSummary = { 
/**
 * Random id.
 */
id: string, 
/**
 * Name of the scenario.
 */
scenario: string, 
/**
 * Title of the scenario.
 */
title: string, 
/**
 * Whether all worlds are there.
 */
status: RunStatus, 
/**
 * Units of work planned.
 */
units: number, 
/**
 * Units stored.
 */
units_done: number, 
/**
 * Digest of all results; `null` while partial.
 */
result_hash: string | null, 
/**
 * When it was started, UTC, `2026-11-20 17:42`; `null` where unknown.
 */
created: string | null, 
/**
 * Seed.
 */
seed: number, 
/**
 * Digest of the resolved scenario.
 */
scenario_hash: string, 
/**
 * Shoppers per world.
 */
shoppers: number, 
/**
 * Worlds.
 */
worlds: number, 
/**
 * Horizon in days.
 */
days: number, 
/**
 * Arms in order, `control` first.
 */
arms: Array<string>, 
/**
 * ISO 4217 code.
 */
currency: string, 
/**
 * Engine version that made it.
 */
version: string, 
/**
 * Wall seconds it took.
 */
seconds: number, 
/**
 * Made by *Open sample*.
 */
sample: boolean, 
/**
 * Waits for a guess before it shows its result.
 */
covered: boolean, 
/**
 * What a person calls it; empty: nothing.
 */
name: string, 
/**
 * What a person noted about it; empty: nothing.
 */
note: string, };

/**
 * One scenario of the library, with the values that *Run* starts from.
 */
export type ScenarioSummary = { 
/**
 * File stem, the id everywhere: `fashion-web-shop`.
 */
name: string, 
/**
 * The `name` key of the file; the stem where it is broken.
 */
title: string, 
/**
 * The `[about]` block.
 */
about: AboutBlock, 
/**
 * Compiled in; editing it makes a copy.
 */
shipped: boolean, 
/**
 * A file of the user's that bears the name of a shipped text and is what that name means.
 */
replaces_shipped: boolean, 
/**
 * Path of the file; `null` when shipped.
 */
path: string | null, 
/**
 * Number of faults in the text; a scenario with faults cannot run.
 */
faults: number, 
/**
 * Arms in order of display, `control` and `status-quo` included.
 */
arms: Array<ArmChoice>, 
/**
 * Name of the incumbent policy; `none` when there is none.
 */
incumbent: string, 
/**
 * ISO 4217 code.
 */
currency: string, 
/**
 * Default number of shoppers per world.
 */
shoppers: number, 
/**
 * Default number of worlds.
 */
worlds: number, 
/**
 * Default horizon in days.
 */
days: number, 
/**
 * Default seed, 0 to 2^53 - 1.
 */
seed: number, };

/**
 * The `[about]` block of a scenario. Empty texts and lists where it is missing.
 */
export type AboutBlock = { 
/**
 * The question that the scenario asks.
 */
question: string, 
/**
 * What to notice in the result.
 */
notice: Array<string>, 
/**
 * What to try next.
 */
try: Array<string>, };

/**
 * One arm that a run of the scenario has.
 */
export type ArmChoice = { 
/**
 * Name of the arm: `realtime`.
 */
name: string, 
/**
 * Words on screen: "No promotions" for `control`, "Today" for `status-quo`.
 */
display: string, 
/**
 * Policy that the arm runs.
 */
policy: string, 
/**
 * Runs whatever is chosen (`control`, `status-quo`).
 */
always: boolean, };

/**
 * One policy of the library.
 */
export type PolicySummary = { 
/**
 * File stem: `realtime`.
 */
name: string, 
/**
 * One line on what it does.
 */
title: string, 
/**
 * Compiled in; editing it makes a copy.
 */
shipped: boolean, 
/**
 * A file of the user's that bears the name of a shipped text and is what that name means.
 */
replaces_shipped: boolean, 
/**
 * Path of the file; `null` when shipped.
 */
path: string | null, };

/**
 * Which library a text belongs to.
 */
export type TextKind = "scenario" | "policy";

/**
 * Where one text of a run was read.
 */
export type TextRead = { 
/**
 * Scenario or policy.
 */
kind: TextKind, 
/**
 * Its name in the run: `realtime`.
 */
name: string, 
/**
 * SHA-256 of what it says once it is resolved; `null` for a scenario that another one extends.
 */
hash: string | null, 
/**
 * The path that was read, or `shipped`.
 */
read: string, };

/**
 * A scenario or policy as text, with its faults.
 */
export type SourceText = { 
/**
 * Which library.
 */
kind: TextKind, 
/**
 * File stem. After saving a shipped text this is the name of the copy.
 */
name: string, 
/**
 * Compiled in; saving makes a copy.
 */
shipped: boolean, 
/**
 * Path of the file; `null` when shipped.
 */
path: string | null, 
/**
 * The TOML.
 */
text: string, 
/**
 * Faults, in order of lines.
 */
errors: Array<TextError>, 
/**
 * What is worth knowing about a text without faults, in order of lines.
 */
remarks: Array<TextError>, };

/**
 * One fault in a text.
 */
export type TextError = { 
/**
 * Line, from 1.
 */
line: number, 
/**
 * Column, from 1, where known.
 */
column: number | null, 
/**
 * Dotted key, where known.
 */
key: string | null, 
/**
 * What was found and what is allowed.
 */
message: string, 
/**
 * What to write instead.
 */
hint: string | null, };

/**
 * One dial: a number of the scenario (or of its incumbent's policy) with its range.
 */
export type Dial = { 
/**
 * `sale_depth`, `sale_day`, `gross_margin`, `price_sensitivity`, `visits_per_shopper` or `discount_memory`.
 */
id: string, 
/**
 * Words on screen.
 */
label: string, 
/**
 * Unit behind the number: `%`, `days`; empty where there is none.
 */
unit: string, 
/**
 * Smallest value allowed.
 */
min: number, 
/**
 * Largest value allowed.
 */
max: number, 
/**
 * Step of the slider.
 */
step: number, 
/**
 * Names of the values `min`, `min + step`, ... where numbers would not speak (weekdays); else empty.
 */
choices: Array<string>, 
/**
 * Value in the text; `null` where the scenario has no such thing (a sale day without a sale).
 */
value: number | null, 
/**
 * Value of the shipped default scenario.
 */
default: number, 
/**
 * What it means, in a merchant's words.
 */
help: string, 
/**
 * Where the default comes from: a data set, a paper, or `assumption`.
 */
source: string, 
/**
 * Where it is written: `catalogue.margin in fashion-web-shop.toml`.
 */
place: string, };

/**
 * What turning a dial did.
 */
export type DialChange = { 
/**
 * Scenario that now holds the change; differs from the one asked for when that was shipped.
 */
scenario: string, 
/**
 * The text that was written: the scenario's or its incumbent policy's.
 */
changed: SourceText, 
/**
 * Line that changed, from 1.
 */
line: number, 
/**
 * All dials, as they stand now.
 */
dials: Array<Dial>, };

/**
 * Colours of a figure.
 */
export type Theme = "light" | "dark";

/**
 * The figures of a run.
 */
export type FigureName = "headline" | "daily" | "cumulative" | "bridge";

/**
 * Which figure, of what.
 */
export type FigureRequest = { 
/**
 * Run id.
 */
run: string, 
/**
 * Which figure.
 */
name: FigureName, 
/**
 * Arm that differences are taken against; `null`: the run's default.
 */
reference: string | null, 
/**
 * Arms to show; empty: all. `bridge` shows the first one.
 */
arms: Array<string>, 
/**
 * Colours.
 */
theme: Theme, };

/**
 * In which form a figure leaves.
 */
export type ExportFormat = "csv" | "svg";

/**
 * A drawn figure.
 */
export type Figure = { 
/**
 * File-name-like name: `headline`.
 */
name: string, 
/**
 * Title in words.
 */
title: string, 
/**
 * The picture; safe to insert: all text is escaped, no script, no style.
 */
svg: string, 
/**
 * Width of the picture's `viewBox`, in its own units; `x` of marks is in the same.
 */
width: number, 
/**
 * Height of the picture's `viewBox`.
 */
height: number, 
/**
 * What it shows, in one sentence with numbers.
 */
summary: string, 
/**
 * Marks that answer to the pointer and to the arrow keys, in reading order.
 */
marks: Array<Mark>, 
/**
 * The same as rows.
 */
table: Table, 
/**
 * Arms and how they are drawn.
 */
legend: Array<LegendEntry>, };

/**
 * One point, bar or interval of a figure.
 */
export type Mark = { 
/**
 * Panel of the figure, from 0.
 */
panel: number, 
/**
 * Series within the panel: `level`, `difference`, `daily`.
 */
series: string, 
/**
 * Arm; empty where it belongs to none.
 */
arm: string, 
/**
 * Centre, in units of the `viewBox`.
 */
x: number, 
/**
 * Centre, in units of the `viewBox`.
 */
y: number, 
/**
 * Heading of the hover card.
 */
label: string, 
/**
 * Lines of the hover card.
 */
lines: Array<LabelValue>, };

/**
 * One line of a card: words and a formatted value.
 */
export type LabelValue = { 
/**
 * Words.
 */
label: string, 
/**
 * Value with its unit.
 */
value: string, };

/**
 * A figure's numbers.
 */
export type Table = { 
/**
 * Columns.
 */
columns: Array<TableColumn>, 
/**
 * Rows, each as long as `columns`.
 */
rows: Array<Array<Cell>>, };

/**
 * Head of a column.
 */
export type TableColumn = { 
/**
 * Name.
 */
name: string, 
/**
 * Unit; empty where there is none.
 */
unit: string, };

/**
 * One cell: text, number, or nothing.
 */
export type Cell = null | number | string;

/**
 * How an arm is drawn: hue, dash and marker together, so that grey print stays readable.
 */
export type LegendEntry = { 
/**
 * Arm.
 */
arm: string, 
/**
 * Words on screen.
 */
display: string, 
/**
 * Arm style, 0 (control, thin and neutral) to 7: the window's colour token `--arm-N`.
 */
index: number, 
/**
 * `stroke-dasharray`; empty for a solid line.
 */
dash: string, 
/**
 * `bar`, `circle`, `ring`, `diamond`, `triangle`, `square`, `cross` or `box`.
 */
marker: string, };

/**
 * Which comparison of a run.
 */
export type ComparisonRequest = { 
/**
 * Run id, a unique beginning, or `latest`.
 */
run: string, 
/**
 * Arm that the sentence compares with; `null`: `batch`, else `status-quo`, else `control`.
 */
reference: string | null, 
/**
 * Arm that the sentence speaks of; `null`: `realtime`, else the last arm.
 */
arm: string | null, };

/**
 * Everything that *Compare* shows beside its figures.
 */
export type Comparison = { 
/**
 * Run and stamp.
 */
run: RunSummary, 
/**
 * What was read: the scenario, what it extends, and every policy with the hash of what it says.
 */
texts: Array<TextRead>, 
/**
 * Arm of the sentence.
 */
arm: string, 
/**
 * Reference arm of the sentence.
 */
reference: string, 
/**
 * The claim with its range.
 */
sentence: Sentence, 
/**
 * Arms in order, `control` first.
 */
arms: Array<ArmResult>, 
/**
 * All metrics, headline first, in order of display.
 */
metrics: Array<MetricInfo>, 
/**
 * Every metric for every pair, an arm against each arm before it.
 */
differences: Array<Difference>, 
/**
 * Truth per arm.
 */
truth: Array<Truth>, 
/**
 * Payback per arm against `status-quo`; empty without one.
 */
payback: Array<Payback>, 
/**
 * Half-life of dependency per arm.
 */
half_life: Array<HalfLife>, 
/**
 * How many shoppers the pairing saved, in one sentence; `null` where it cannot be told.
 */
pairing: string | null, 
/**
 * The question of `[about]`; empty where there is none.
 */
question: string, 
/**
 * The guess stored for this run.
 */
guess: Guess | null, };

/**
 * A mean over worlds with its 95 % Student interval between worlds. `low`/`high` are `null` below two worlds.
 */
export type Interval = { 
/**
 * Mean; `null` where no world defines it.
 */
mean: number | null, 
/**
 * Lower end.
 */
low: number | null, 
/**
 * Upper end.
 */
high: number | null, 
/**
 * Worlds that define it.
 */
worlds: number, };

/**
 * One arm with its levels.
 */
export type ArmResult = { 
/**
 * Name: `realtime`.
 */
name: string, 
/**
 * Words on screen.
 */
display: string, 
/**
 * Policy.
 */
policy: string, 
/**
 * Arm style, as in a figure's legend.
 */
index: number, 
/**
 * A remark that belongs to the arm: "control is a withdrawal"; `null` where there is none.
 */
note: string | null, 
/**
 * Levels, one per entry of [`Comparison::metrics`], in that order.
 */
metrics: Array<MetricValue>, };

/**
 * Level of one metric in one arm.
 */
export type MetricValue = { 
/**
 * Metric.
 */
metric: string, 
/**
 * Level.
 */
interval: Interval, };

/**
 * What a metric is.
 */
export type MetricInfo = { 
/**
 * Name: `contribution_per_shopper`.
 */
name: string, 
/**
 * Words on screen.
 */
label: string, 
/**
 * `headline`, `dashboard`, `promotion`, `habit` or `engine`.
 */
group: string, 
/**
 * One sentence.
 */
definition: string, 
/**
 * `money`, `share` (0 to 1, shown in %), `percent` (0 to 100), `ratio`, `count`, `weeks`, `hours`, `seconds` or `ms`.
 */
unit: string, 
/**
 * `1` where more is better, `-1` where less is, `0` where neither.
 */
direction: number, 
/**
 * Whether a real store could see it.
 */
observable: boolean, };

/**
 * What may be said about a difference.
 */
export type Verdict = "higher" | "lower" | "no difference that matters" | "no clear difference" | "not enough worlds";

/**
 * One metric of one pair: `arm` - `versus`.
 */
export type Difference = { 
/**
 * Arm.
 */
arm: string, 
/**
 * Arm before it.
 */
versus: string, 
/**
 * Metric.
 */
metric: string, 
/**
 * Difference in the metric's unit.
 */
interval: Interval, 
/**
 * Relative to `versus`; `null` where that is zero or undefined.
 */
relative: Relative | null, 
/**
 * How much pairing narrows the interval, as a ratio of variances; `null` where undefined.
 */
variance_ratio: number | null, 
/**
 * What may be said.
 */
verdict: Verdict, };

/**
 * Difference relative to the reference's level, as a share.
 */
export type Relative = { 
/**
 * Mean.
 */
mean: number, 
/**
 * Lower end; `null` below two worlds.
 */
low: number | null, 
/**
 * Upper end; `null` below two worlds.
 */
high: number | null, };

/**
 * The claim of the comparison.
 */
export type Sentence = { 
/**
 * "If this scenario is right, realtime earns €1.20 to €2.48 more per shopper than batch."
 */
text: string, 
/**
 * What may be said.
 */
verdict: Verdict, 
/**
 * Three ranges: per shopper, per 1,000 shoppers, per year for the whole shop.
 */
ranges: Array<MoneyRange>, };

/**
 * A difference in money, per something.
 */
export type MoneyRange = { 
/**
 * `shopper`, `1000` or `year`.
 */
per: string, 
/**
 * The sentence for this unit.
 */
text: string, 
/**
 * Difference, major units.
 */
interval: Interval, };

/**
 * Truth of one arm, totals over worlds.
 */
export type Truth = { 
/**
 * Arm.
 */
arm: string, 
/**
 * Classes of needs.
 */
needs: NeedCounts, 
/**
 * Steps from control's contribution to the arm's; the last equals the sum of the others.
 */
bridge: Array<BridgeStep>, };

/**
 * Needs due in the horizon, by class.
 */
export type NeedCounts = { 
/**
 * Bought in neither.
 */
none: number, 
/**
 * Bought here only.
 */
incremental: number, 
/**
 * Bought in control, met here from stock bought earlier.
 */
pulled_forward: number, 
/**
 * Bought in control only.
 */
lost: number, 
/**
 * Bought in both, with a reward here.
 */
subsidised: number, 
/**
 * Bought in both, without.
 */
unchanged: number, };

/**
 * One step of the bridge.
 */
export type BridgeStep = { 
/**
 * Name: `reward on subsidised`.
 */
step: string, 
/**
 * Signed amount with the currency's decimals: `-1203.40`.
 */
amount: string, };

/**
 * When an arm has paid for itself against `status-quo`.
 */
export type Payback = { 
/**
 * Arm.
 */
arm: string, 
/**
 * Day from which the cumulative difference stays above zero; `null`: not within the run.
 */
day: number | null, 
/**
 * The same in words.
 */
text: string, };

/**
 * How long dependency lasts after treatments stop.
 */
export type HalfLife = { 
/**
 * Arm.
 */
arm: string, 
/**
 * Weeks; `null`: longer than the probe, or not defined.
 */
weeks: number | null, 
/**
 * "Of 100 full-price orders, 18 are missing because shoppers learned to wait; half are back after 3 weeks."
 */
text: string, };

/**
 * What a person expected before looking.
 */
export type Guess = { 
/**
 * Arm expected to earn most per shopper.
 */
arm: string, 
/**
 * How sure, 1 (a coin) to 5 (certain).
 */
sure: number, };

/**
 * Which shoppers to list.
 */
export type ShopperQuery = { 
/**
 * Run id.
 */
run: string, 
/**
 * World, from 0.
 */
world: number, 
/**
 * First arm.
 */
arm_a: string, 
/**
 * Second arm.
 */
arm_b: string, 
/**
 * Beginning of a shopper's number, or words of the label; empty: all.
 */
search: string, 
/**
 * Most rows wanted.
 */
limit: number, };

/**
 * One shopper of the list.
 */
export type ShopperHit = { 
/**
 * Number within the world.
 */
shopper: number, 
/**
 * World, from 0.
 */
world: number, 
/**
 * What happened to her: "2 orders here, 1 there".
 */
label: string, 
/**
 * Contribution in `arm_a` minus `arm_b`, major units.
 */
difference: number, 
/**
 * Whether orders or offers differ between the arms.
 */
differs: boolean, };

/**
 * Which shopper to replay.
 */
export type ReplayRequest = { 
/**
 * Run id.
 */
run: string, 
/**
 * World, from 0.
 */
world: number, 
/**
 * Number within the world.
 */
shopper: number, 
/**
 * First arm.
 */
arm_a: string, 
/**
 * Second arm.
 */
arm_b: string, };

/**
 * One shopper under two arms on one time line.
 */
export type ShopperReplay = { 
/**
 * Number within the world.
 */
shopper: number, 
/**
 * World, from 0.
 */
world: number, 
/**
 * ISO 4217 code.
 */
currency: string, 
/**
 * Who she is: hidden traits in words, the same in every arm.
 */
traits: Array<LabelValue>, 
/**
 * First instant shown, ms since the start of the horizon.
 */
from_ms: number, 
/**
 * Last instant shown, ms since the start of the horizon.
 */
to_ms: number, 
/**
 * The two arms, `arm_a` first.
 */
arms: Array<ReplayArm>, 
/**
 * Where the arms part; `null`: never.
 */
divergence: Divergence | null, 
/**
 * A warning: "made by another version, only what is stored is shown".
 */
note: string | null, };

/**
 * One of the two arms.
 */
export type ReplayArm = { 
/**
 * Name.
 */
arm: string, 
/**
 * Words on screen.
 */
display: string, 
/**
 * Arm style, as in a figure's legend.
 */
index: number, 
/**
 * Orders in the horizon.
 */
orders: number, 
/**
 * Contribution in the horizon, major units.
 */
contribution: number, 
/**
 * What happened, in order of time.
 */
entries: Array<ReplayEntry>, 
/**
 * Decisions that entries point to.
 */
decisions: Array<ReplayDecision>, };

/**
 * Kinds of entries; each has its own sign on the time line.
 */
export type EntryKind = "visit" | "page" | "cart" | "treatment" | "decision" | "message" | "order" | "wait" | "leave" | "return";

/**
 * One thing that happened.
 */
export type ReplayEntry = { 
/**
 * Milliseconds since the start of the horizon.
 */
time_ms: number, 
/**
 * Day of the horizon, from 1.
 */
day: number, 
/**
 * "day 3 14:02".
 */
clock: string, 
/**
 * Kind.
 */
kind: EntryKind, 
/**
 * In words: `buys "linen shirt"`.
 */
text: string, 
/**
 * Money paid or given, major units.
 */
money: number | null, 
/**
 * Index into [`ReplayArm::decisions`].
 */
decision: number | null, 
/**
 * Has no equal in the other arm.
 */
differs: boolean, };

/**
 * Where two arms part.
 */
export type Divergence = { 
/**
 * Milliseconds since the start of the horizon.
 */
time_ms: number, 
/**
 * "day 3 14:02".
 */
clock: string, 
/**
 * What each arm did: "realtime shows free returns, batch shows 15 % off".
 */
text: string, };

/**
 * One decision with reasons.
 */
export type ReplayDecision = { 
/**
 * Milliseconds since the start of the horizon.
 */
time_ms: number, 
/**
 * "day 3 14:02".
 */
clock: string, 
/**
 * Last stage reached: `guardrails`.
 */
stage: string, 
/**
 * Treatment that won; `null`: nothing was shown.
 */
winner: string | null, 
/**
 * Why, in one sentence.
 */
sentence: string, 
/**
 * Every candidate that lost, with its reason.
 */
losers: Array<Loser>, 
/**
 * Candidates with their estimates, best first.
 */
candidates: Array<Candidate>, 
/**
 * Probability with which the winner was shown; `null` where nothing was drawn.
 */
propensity: number | null, 
/**
 * Simulated delay of the answer in ms.
 */
latency_ms: number, 
/**
 * Age of the information it stood on, in hours; `null` where unknown.
 */
information_age_hours: number | null, };

/**
 * A treatment that was not shown.
 */
export type Loser = { 
/**
 * Treatment.
 */
treatment: string, 
/**
 * Stage that ended it.
 */
stage: string, 
/**
 * Why: "cap of 2 per 7 days is reached".
 */
reason: string, };

/**
 * A treatment as the policy valued it.
 */
export type Candidate = { 
/**
 * Treatment.
 */
treatment: string, 
/**
 * Expected incremental contribution, major units; `null` where the policy does not value.
 */
value: number | null, 
/**
 * Expected cost, major units; `null` likewise.
 */
cost: number | null, 
/**
 * `shown`, or how it ended.
 */
outcome: string, };

/**
 * What to watch.
 */
export type LiveRequest = { 
/**
 * Scenario of the library.
 */
scenario: string, 
/**
 * Arm of the scenario, or policy.
 */
policy: string, 
/**
 * Shoppers in the one world.
 */
shoppers: number, 
/**
 * 0 to 2^53 - 1.
 */
seed: number, 
/**
 * Simulated seconds per second, 1 to 1,000.
 */
speed: number, };

/**
 * What is going on, at most 20 times a second.
 */
export type LiveState = { 
/**
 * "day 3 14:02:11"; during the fast-forwarded history "history, day 41 of 126".
 */
clock: string, 
/**
 * True while warm-up and history are simulated at full speed before the clock starts.
 */
preparing: boolean, 
/**
 * Simulated seconds per second, as set.
 */
speed: number, 
/**
 * Held.
 */
paused: boolean, 
/**
 * Sessions open now.
 */
sessions_open: number, 
/**
 * Sessions so far.
 */
sessions: number, 
/**
 * Orders so far.
 */
orders: number, 
/**
 * Decisions so far.
 */
decisions: number, 
/**
 * Treatments shown so far.
 */
shown: number, 
/**
 * Decisions that missed the real deadline.
 */
late: number, 
/**
 * Median of the measured latency in microseconds.
 */
latency_p50_us: number, 
/**
 * 99th percentile of the measured latency in microseconds.
 */
latency_p99_us: number, 
/**
 * The deadline in milliseconds.
 */
deadline_ms: number, 
/**
 * What happened since the last message, oldest first, at most 50.
 */
rows: Array<LiveRow>, 
/**
 * The session is over.
 */
finished: boolean, };

/**
 * Kinds of rows.
 */
export type LiveRowKind = "session" | "decision" | "order";

/**
 * One line of the stream.
 */
export type LiveRow = { 
/**
 * Grows by one per row.
 */
sequence: number, 
/**
 * "day 3 14:02:11".
 */
clock: string, 
/**
 * Shopper's number.
 */
shopper: number, 
/**
 * Kind.
 */
kind: LiveRowKind, 
/**
 * In words.
 */
text: string, 
/**
 * Measured latency of a decision in microseconds.
 */
latency_us: number | null, };
