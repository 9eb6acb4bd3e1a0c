// The window's side of every command. Names and types are those of crates/api/src/dto.rs; nothing is computed here.
import { Channel, invoke } from "@tauri-apps/api/core";

import type * as T from "./api/types";

export type * from "./api/types";

/** What a copy command put on the clipboard. */
export type Copied = { written: string };

function channel<M>(listen: (message: M) => void): Channel<M> {
  const made = new Channel<M>();
  made.onmessage = listen;
  return made;
}

export const api = {
  about: () => invoke<T.About>("about"),

  scenarios: () => invoke<T.ScenarioSummary[]>("list_scenarios"),
  policies: () => invoke<T.PolicySummary[]>("list_policies"),
  readText: (kind: T.TextKind, name: string) => invoke<T.SourceText>("read_text", { kind, name }),
  validateText: (kind: T.TextKind, name: string, text: string) =>
    invoke<T.TextError[]>("validate_text", { kind, name, text }),
  saveText: (kind: T.TextKind, name: string, text: string) => invoke<T.SourceText>("save_text", { kind, name, text }),
  duplicateText: (kind: T.TextKind, name: string) => invoke<T.SourceText>("duplicate_text", { kind, name }),
  deleteText: (kind: T.TextKind, name: string) => invoke<null>("delete_text", { kind, name }),
  dials: (scenario: string) => invoke<T.Dial[]>("dials", { scenario }),
  setDial: (scenario: string, dial: string, value: number) =>
    invoke<T.DialChange>("set_dial", { scenario, dial, value }),

  estimate: (request: T.RunRequest) => invoke<T.Estimate>("estimate", { request }),
  startRun: (request: T.RunRequest, listen: (progress: T.Progress) => void) =>
    invoke<T.RunSummary>("start_run", { request, progress: channel(listen) }),
  resumeRun: (run: string, listen: (progress: T.Progress) => void) =>
    invoke<T.RunSummary>("resume_run", { run, progress: channel(listen) }),
  openSample: (listen: (progress: T.Progress) => void) =>
    invoke<T.RunSummary>("open_sample", { progress: channel(listen) }),
  cancelRun: () => invoke<null>("cancel_run"),
  runs: () => invoke<T.RunSummary[]>("list_runs"),
  undeleteRun: (run: string) => invoke<T.RunSummary>("undelete_run", { run }),
  deleteRun: (run: string) => invoke<null>("delete_run", { run }),
  trash: () => invoke<T.Trash>("trash"),
  emptyTrash: () => invoke<T.Emptied>("empty_trash"),
  progressFigure: (curves: T.LiveCurve[], currency: string, theme: T.Theme) =>
    invoke<T.Figure>("progress_figure", { curves, currency, theme }),

  comparison: (request: T.ComparisonRequest) => invoke<T.ComparisonPage>("comparison", { request }),
  figure: (request: T.FigureRequest) => invoke<T.Figure>("figure", { request }),
  storeGuess: (run: string, guess: T.Guess) => invoke<null>("store_guess", { run, guess }),
  copyFigure: (request: T.FigureRequest, format: T.ExportFormat) => invoke<Copied>("copy_figure", { request, format }),
  exportFigure: (request: T.FigureRequest, format: T.ExportFormat) =>
    invoke<string>("export_figure", { request, format }),
  copyDifferences: (run: string) => invoke<Copied>("copy_differences", { run }),
  copyText: (text: string) => invoke<Copied>("copy_text", { text }),
  /** `pixels`: RGBA rows, `width` x `height`. */
  copyImage: (pixels: Uint8Array, width: number, height: number) =>
    invoke<null>("copy_image", pixels, { headers: { width: String(width), height: String(height) } }),

  shoppers: (query: T.ShopperQuery) => invoke<T.ShopperHit[]>("shoppers", { query }),
  replay: (request: T.ReplayRequest) => invoke<T.ShopperPage>("replay", { request }),

  liveStart: (request: T.LiveRequest, listen: (state: T.LiveState) => void) =>
    invoke<null>("live_start", { request, states: channel(listen) }),
  livePause: (paused: boolean) => invoke<null>("live_pause", { paused }),
  liveSpeed: (speed: number) => invoke<null>("live_speed", { speed }),
  liveStop: () => invoke<null>("live_stop"),
};

/** Whatever was thrown, as the one shape that the window shows. */
export function asError(thrown: unknown): T.ApiError {
  if (thrown && typeof thrown === "object" && "code" in thrown && "message" in thrown) return thrown as T.ApiError;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "internal", message, place: null, hint: "Please report this with the details below." };
}
