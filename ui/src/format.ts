// What the page itself writes: how far a run is and how long it takes, while it goes on. Figures come as finished text.

const numbers = new Intl.NumberFormat("en");

/** A count, thousands apart. */
export function count(value: number): string {
  return numbers.format(value);
}

/** `1 event`, `3 events`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** "under 1 s", "12 s", "3 min", "1.5 h". */
export function duration(seconds: number): string {
  if (seconds < 1) return "under 1 s";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** A latency: "840 µs", "2.4 ms". */
export function micros(us: number): string {
  return us < 1000 ? `${Math.round(us)} µs` : `${(us / 1000).toFixed(us < 10000 ? 1 : 0)} ms`;
}
