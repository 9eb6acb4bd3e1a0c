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
scenarios: string, };

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
 * What they hold, in words; `null` where nothing is deleted.
 */
words: string | null, };

/**
 * What removing them for good did.
 */
export type Emptied = { 
/**
 * The same in words.
 */
words: string, };

/**
 * What a run will take on this machine.
 */
export type Estimate = { 
/**
 * Estimated from a run stored on this machine, not from a built-in figure.
 */
measured: boolean, 
/**
 * Both in words: `12 s, 3.1 MB`.
 */
words: string, };

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
 * Digest of all results; `null` while partial.
 */
result_hash: string | null, 
/**
 * When it was started, UTC, `2026-11-20 17:42`; `null` where unknown.
 */
created: string | null, 
/**
 * Digest of the resolved scenario.
 */
scenario_hash: string, 
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
note: string, 
/**
 * Its figures as finished text.
 */
words: RunWords, 
/**
 * Worlds that can be looked at; the place is the number of the world.
 */
stored_worlds: Array<string>, 
/**
 * Arms with their words on screen, in order.
 */
choices: Array<Choice>, 
/**
 * The two arms that are compared before somebody chooses others; the same where there is only one.
 */
pair: [string, string], };

/**
 * Figures of a run as finished text.
 */
export type RunWords = { 
/**
 * `4`, or `2 of 4` while worlds are missing.
 */
worlds: string, 
/**
 * `20,000`.
 */
shoppers: string, 
/**
 * `84`.
 */
days: string, 
/**
 * `41 s`.
 */
seconds: string, 
/**
 * `1`.
 */
seed: string, 
/**
 * `4 worlds · 20,000 shoppers · 41 s`, or `2 of 4 worlds`.
 */
size: string, 
/**
 * `4 worlds`.
 */
counted: string, 
/**
 * What makes its arms comparable, or how much is missing.
 */
basis: string, 
/**
 * Worlds, days, seed, digests, engine and time, short.
 */
facts: Array<string>, 
/**
 * The stamp in full, line by line.
 */
stamp: Array<string>, };

/**
 * Something to choose from.
 */
export type Choice = { 
/**
 * What it is called in questions.
 */
value: string, 
/**
 * Words on screen.
 */
label: string, };

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
 * Whether its text has faults, so that it cannot run.
 */
faulty: boolean, 
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
 * Title in words; the picture itself shows it only in the standalone look.
 */
title: string, 
/**
 * The picture. Safe to insert: all text is escaped; no script, style or id.
 */
svg: string, 
/**
 * Width of the `viewBox`, one unit being one pixel at natural size.
 */
width: number, 
/**
 * Height of the `viewBox`.
 */
height: number, 
/**
 * What the figure shows, one sentence with numbers.
 */
summary: string, 
/**
 * Data marks in reading order.
 */
marks: Array<Mark>, 
/**
 * Arms and how they are drawn.
 */
legend: Array<LegendEntry>, 
/**
 * The numbers behind the picture.
 */
table: Table, };

/**
 * One data mark.
 */
export type Mark = { 
/**
 * Panel, from 0.
 */
panel: number, 
/**
 * Series: `level`, `difference`, `secondary`, `daily`, `cumulative`, `payback` or `bridge`.
 */
series: string, 
/**
 * Name of the arm.
 */
arm: string, 
/**
 * Centre in viewBox units.
 */
x: number, 
/**
 * Centre in viewBox units.
 */
y: number, 
/**
 * Heading of a hover card, the arm's full name among it.
 */
label: string, 
/**
 * Lines of a hover card.
 */
lines: Array<LabelValue>, };

/**
 * One line of a hover card.
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
 * A table as a page shows it.
 */
export type Table = { 
/**
 * Columns.
 */
columns: Array<TableColumn>, 
/**
 * Rows, each as long as `columns`; `null` where nothing is defined.
 */
rows: Array<Array<string | null>>, };

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
unit: string, 
/**
 * Whether it holds numbers, which stand at its right.
 */
numeric: boolean, };

/**
 * How an arm is drawn, for a legend outside the SVG.
 */
export type LegendEntry = { 
/**
 * Name in files.
 */
arm: string, 
/**
 * Words on screen, never shortened.
 */
display: string, 
/**
 * Style, 0 to 7: the colour token `--arm-N`.
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
export type ComparisonPage = { 
/**
 * Id of the run.
 */
run: string, 
/**
 * The question of the scenario; empty where there is none.
 */
question: string, 
/**
 * Arm of the claim.
 */
arm: string, 
/**
 * Reference arm of the claim.
 */
reference: string, 
/**
 * The claim.
 */
claim: PageClaim, 
/**
 * What came of the guess; `null` while none is stored.
 */
guess: PageGuess | null, 
/**
 * Arms in order, `control` first.
 */
arms: Array<PageArm>, 
/**
 * Metrics by group, headline first.
 */
groups: Array<PageGroup>, 
/**
 * What became of needs, per arm.
 */
needs: Array<PageNeeds>, 
/**
 * Payback against today, a sentence per arm; empty without one.
 */
payback: Array<PageNote>, 
/**
 * What is missing after promotions stop, a sentence per arm.
 */
dependency: Array<PageNote>, 
/**
 * How many shoppers the pairing saved, in one sentence; `null` where it cannot be told.
 */
pairing: string | null, };

/**
 * What colour a statement wears.
 */
export type Tone = "good" | "bad" | "plain";

/**
 * The claim with its range in money.
 */
export type PageClaim = { 
/**
 * What may be said: `higher`.
 */
verdict: string, 
/**
 * Its colour.
 */
tone: Tone, 
/**
 * The sentence in each unit of money, the first one first to be shown.
 */
ranges: Array<PageRange>, 
/**
 * What the range stands on.
 */
basis: string, };

/**
 * The claim per something.
 */
export type PageRange = { 
/**
 * `shopper`, `1000` or `year`.
 */
id: string, 
/**
 * Words of the choice: `per year`.
 */
label: string, 
/**
 * The sentence.
 */
text: string, };

/**
 * What came of a guess.
 */
export type PageGuess = { 
/**
 * Whether the arm has the highest mean.
 */
right: boolean, 
/**
 * The same in words.
 */
text: string, };

/**
 * One arm.
 */
export type PageArm = { 
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
 * Whether a bridge leads to it.
 */
bridge: boolean, };

/**
 * A sentence about an arm.
 */
export type PageNote = { 
/**
 * Arm.
 */
arm: string, 
/**
 * The sentence.
 */
text: string, };

/**
 * Metrics of one group.
 */
export type PageGroup = { 
/**
 * `headline`, `dashboard`, `promotion`, `habit` or `engine`.
 */
id: string, 
/**
 * Words on screen.
 */
title: string, 
/**
 * Whether it is shown before somebody asks for all.
 */
first: boolean, 
/**
 * Its metrics.
 */
rows: Array<PageMetric>, };

/**
 * One metric: levels, and the difference of the two arms of the claim.
 */
export type PageMetric = { 
/**
 * `contribution_per_shopper`.
 */
id: string, 
/**
 * Words on screen.
 */
label: string, 
/**
 * The word behind its numbers; empty where they need none.
 */
unit: string, 
/**
 * One sentence.
 */
definition: string, 
/**
 * Whether a real store could see it.
 */
observable: boolean, 
/**
 * Level per arm, in the order of the arms.
 */
levels: Array<string>, 
/**
 * Arm minus reference; `null` where it is not defined.
 */
difference: PageDifference | null, };

/**
 * A difference with what may be said of it.
 */
export type PageDifference = { 
/**
 * `+€1.84`.
 */
value: string, 
/**
 * `+€1.20 to +€2.48`, or `no range`.
 */
range: string, 
/**
 * What may be said.
 */
verdict: string, 
/**
 * Colour where the metric has a good side and the difference is clear.
 */
tone: Tone, };

/**
 * What became of the needs of one arm.
 */
export type PageNeeds = { 
/**
 * Arm.
 */
arm: string, 
/**
 * Classes, those that promotions changed first.
 */
classes: Array<PageClass>, };

/**
 * One class of needs.
 */
export type PageClass = { 
/**
 * `incremental`.
 */
id: string, 
/**
 * Words on screen.
 */
label: string, 
/**
 * What it means.
 */
meaning: string, 
/**
 * How many, all worlds.
 */
count: string, };

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
 * A shopper worth looking at.
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
 * `#17`.
 */
title: string, 
/**
 * What happened to her.
 */
label: string, 
/**
 * The same in words; `null` where nothing differs.
 */
amount: string | null, 
/**
 * Whether that is a gain.
 */
tone: Tone, 
/**
 * Whether anything differs.
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
 * One shopper under two arms.
 */
export type ShopperPage = { 
/**
 * `#17`.
 */
title: string, 
/**
 * What she is like.
 */
traits: Array<LabelValue>, 
/**
 * Begin of the time line.
 */
from_ms: number, 
/**
 * Its end.
 */
to_ms: number, 
/**
 * The two arms.
 */
arms: Array<PageLane>, 
/**
 * Where they part; `null`: nowhere.
 */
divergence: Divergence | null, 
/**
 * What to know before reading; `null`: nothing.
 */
note: string | null, 
/**
 * Rows that differ, and nothing else.
 */
differences: Array<PageRow>, 
/**
 * Rows without page views and silent decisions.
 */
key: Array<PageRow>, 
/**
 * Every row.
 */
all: Array<PageRow>, };

/**
 * One arm of the page.
 */
export type PageLane = { 
/**
 * Arm.
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
 * `2 orders, €31.40`.
 */
summary: string, 
/**
 * Decisions, by their place in the sides of rows.
 */
decisions: Array<PageDecision>, };

/**
 * Kinds of entries; each has its own sign on the time line.
 */
export type EntryKind = "visit" | "page" | "cart" | "treatment" | "decision" | "message" | "order" | "wait" | "leave" | "return";

/**
 * One moment: what happened in both arms stands once, the rest on the side of its arm.
 */
export type PageRow = { 
/**
 * Since the start of the horizon.
 */
time_ms: number, 
/**
 * Date and time in words.
 */
clock: string, 
/**
 * The first arm.
 */
first: PageEntry | null, 
/**
 * The second arm.
 */
second: PageEntry | null, 
/**
 * Both arms did the same.
 */
same: boolean, 
/**
 * The first row at or after the divergence.
 */
divergence: boolean, };

/**
 * What happened in one arm.
 */
export type PageEntry = { 
/**
 * Kind, for its picture.
 */
kind: EntryKind, 
/**
 * Words.
 */
text: string, 
/**
 * Amount; `null` where there is none.
 */
money: string | null, 
/**
 * Whether the other arm has no equal.
 */
differs: boolean, 
/**
 * Place of the decision among those of its arm.
 */
decision: number | null, };

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
 * Why something was shown, or nothing.
 */
export type PageDecision = { 
/**
 * Date and time in words.
 */
clock: string, 
/**
 * What was shown; `null`: nothing.
 */
winner: string | null, 
/**
 * Why, in one sentence.
 */
sentence: string, 
/**
 * Stage, latency, probability and age of information.
 */
facts: string, 
/**
 * Who did not win, and why.
 */
losers: Array<Loser>, 
/**
 * Who was valued.
 */
candidates: Array<PageCandidate>, };

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
 * One valued candidate.
 */
export type PageCandidate = { 
/**
 * Treatment.
 */
treatment: string, 
/**
 * What it was held to be worth; a dash where nothing was computed.
 */
value: string, 
/**
 * What it was held to cost.
 */
cost: string, 
/**
 * What became of it.
 */
outcome: string, 
/**
 * Whether it won.
 */
won: boolean, };

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
