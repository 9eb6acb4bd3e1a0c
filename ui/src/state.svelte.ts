// What the whole window knows: the library, the runs, what is picked, and the one job that may be going on.
import { api, asError } from "./api";
import type { About, ApiError, Figure, PolicySummary, Progress, RunSummary, ScenarioSummary, Theme } from "./api";
import type { Tab } from "./screens";

export type Look = "system" | "light" | "dark";
type JobKind = "sample" | "run" | "resume";

/** A run in progress. `figure` is the first world's curves so far. */
export type Job = {
  kind: JobKind;
  title: string;
  progress: Progress | null;
  figure: Figure | null;
  cancelling: boolean;
};

/** A short message, with what takes it back where that is possible. */
type Toast = { text: string; undo?: () => void };

/** A remembered choice; the store of the window itself, never of results. */
function remembered<V extends string>(key: string, fallback: V): V {
  return (localStorage.getItem(`counterfoil.${key}`) as V | null) ?? fallback;
}

class AppState {
  tab = $state<Tab>(remembered("tab", "compare"));
  look = $state<Look>(remembered("look", "system"));
  about = $state<About | null>(null);
  scenarios = $state.raw<ScenarioSummary[]>([]);
  policies = $state.raw<PolicySummary[]>([]);
  runs = $state.raw<RunSummary[]>([]);
  runId = $state<string | null>(null);
  scenarioName = $state<string>(remembered("scenario", "fashion-web-shop"));
  shopper = $state<{ world: number; shopper: number | null }>({ world: 0, shopper: null });
  job = $state<Job | null>(null);
  error = $state<ApiError | null>(null);
  toast = $state<Toast | null>(null);
  ready = $state(false);
  overlay = $state<"palette" | "keys" | null>(null);
  systemDark = $state(matchMedia("(prefers-color-scheme: dark)").matches);

  readonly run = $derived(this.runs.find((run) => run.id === this.runId) ?? null);
  readonly scenario = $derived(
    this.scenarios.find((one) => one.name === this.scenarioName) ?? this.scenarios[0] ?? null,
  );
  readonly theme = $derived<Theme>(this.look === "system" ? (this.systemDark ? "dark" : "light") : this.look);

  private drawing = false;
  private toastTimer: number | undefined;

  async start(): Promise<void> {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => (this.systemDark = event.matches));
    await this.guard(async () => {
      [this.about, this.scenarios, this.policies, this.runs] = await Promise.all([
        api.about(),
        api.scenarios(),
        api.policies(),
        api.runs(),
      ]);
      const wanted = remembered("run", "");
      this.runId = (this.runs.find((run) => run.id === wanted) ?? this.runs[0])?.id ?? null;
    });
    this.ready = true;
    if (this.about && this.runs.length === 0) await this.openSample();
  }

  /** Runs `work`; a failure becomes the banner. */
  async guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.error = asError(thrown);
    }
  }

  go(tab: Tab): void {
    this.tab = tab;
    localStorage.setItem("counterfoil.tab", tab);
  }

  pickRun(id: string): void {
    this.runId = id;
    localStorage.setItem("counterfoil.run", id);
  }

  pickScenario(name: string): void {
    this.scenarioName = name;
    localStorage.setItem("counterfoil.scenario", name);
  }

  setLook(look: Look): void {
    this.look = look;
    localStorage.setItem("counterfoil.look", look);
  }

  say(text: string, undo?: () => void): void {
    this.toast = { text, undo };
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => (this.toast = null), undo ? 8000 : 2600);
  }

  async reloadRuns(): Promise<void> {
    this.runs = await api.runs();
    if (!this.runs.some((run) => run.id === this.runId)) this.runId = this.runs[0]?.id ?? null;
  }

  async reloadLibrary(): Promise<void> {
    [this.scenarios, this.policies] = await Promise.all([api.scenarios(), api.policies()]);
  }

  openSample = (): Promise<void> => this.work("sample", "Sample", (listen) => api.openSample(listen));

  /** Starts one job, shows its result when it is complete, and keeps a cancelled one resumable in the list. */
  async work(
    kind: JobKind,
    title: string,
    begin: (listen: (p: Progress) => void) => Promise<RunSummary>,
  ): Promise<void> {
    if (this.job) return;
    this.error = null;
    this.job = { kind, title, progress: null, figure: null, cancelling: false };
    await this.guard(async () => {
      const done = await begin((progress) => this.hear(progress));
      if (done.stored_worlds.length > 0 || !this.runId) this.pickRun(done.id);
      if (done.status === "complete") this.go("compare");
      else this.say("Cancelled. Finished worlds are kept; Resume goes on from there.");
    });
    this.job = null;
    await this.guard(() => this.reloadRuns());
  }

  async cancel(): Promise<void> {
    if (!this.job || this.job.cancelling) return;
    this.job.cancelling = true;
    await this.guard(async () => void (await api.cancelRun()));
  }

  private hear(progress: Progress): void {
    if (!this.job) return;
    this.job.progress = progress;
    if (progress.curves.length > 0 && !this.drawing) void this.draw(progress);
  }

  /** Draws the curves so far; while one picture is being drawn, newer ones are skipped. */
  private async draw(progress: Progress): Promise<void> {
    this.drawing = true;
    try {
      const figure = await api.progressFigure(progress.curves, progress.currency, this.theme);
      if (this.job) this.job.figure = figure;
    } catch {
      // A missing preview must not disturb the run; the finished figures report their own failures.
    } finally {
      this.drawing = false;
    }
  }
}

export const app = new AppState();
