// Two arms on one time line: entries that happened in both stand on one row, the others on the side of their arm.
import type { ReplayEntry, ShopperReplay } from "../api";

export type Row = {
  time: number;
  clock: string;
  /** Index 0: first arm, 1: second. Both are set where both arms did the same. */
  sides: [ReplayEntry | null, ReplayEntry | null];
  same: boolean;
  /** The first row at or after the divergence. */
  divergence: boolean;
};

export type Detail = "key" | "all" | "differences";

function wanted(entry: ReplayEntry, detail: Detail): boolean {
  if (detail === "all") return true;
  if (detail === "differences") return entry.differs;
  return entry.differs || (entry.kind !== "page" && entry.kind !== "decision");
}

export function rowsOf(replay: ShopperReplay, detail: Detail): Row[] {
  const [first, second] = replay.arms.map((arm) => arm.entries.filter((entry) => wanted(entry, detail)));
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  while (first && second && (i < first.length || j < second.length)) {
    const a = first[i] ?? null;
    const b = second[j] ?? null;
    const takeA = a !== null && (b === null || a.time_ms <= b.time_ms);
    const takeB = b !== null && (a === null || b.time_ms <= a.time_ms);
    const same = Boolean(takeA && takeB && a?.kind === b?.kind && a?.text === b?.text);
    const entry = takeA ? a! : b!;
    rows.push({ time: entry.time_ms, clock: entry.clock, sides: [takeA ? a : null, takeB ? b : null], same, divergence: false });
    if (takeA) i += 1;
    if (takeB) j += 1;
  }
  const from = replay.divergence?.time_ms;
  const mark = from === undefined ? undefined : rows.find((row) => row.time >= from && !row.same);
  if (mark) mark.divergence = true;
  return rows;
}
