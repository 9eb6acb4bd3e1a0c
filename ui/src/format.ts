// Numbers as people read them: true minus, digits cut to the size of the interval, always a unit.
import type { Interval, MetricInfo } from "./api";

/** English throughout, as the sentences and charts are: two number styles on one screen would mislead. */
export const LOCALE = "en";
const MINUS = "\u2212";
const THIN = "\u202f";

/** Digits after the point so that `width` (the interval, or the value itself) keeps two significant ones. */
function digits(width: number, most: number): number {
  if (!Number.isFinite(width) || width === 0) return Math.min(2, most);
  return Math.max(0, Math.min(most, 1 - Math.floor(Math.log10(Math.abs(width)))));
}

function plain(value: number, places: number, options: Intl.NumberFormatOptions = {}): string {
  const format = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: places, maximumFractionDigits: places, ...options });
  const text = format.format(Math.abs(value));
  const isZero = !/[1-9]/.test(text);
  return value < 0 && !isZero ? MINUS + text : text;
}

function signed(text: string, value: number): string {
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

export function count(value: number): string {
  return plain(value, 0);
}

export function money(value: number, currency: string, width?: number): string {
  const places = width === undefined ? 2 : Math.max(digits(width, 4), Math.abs(value) < 1000 ? 2 : 0);
  return plain(value, places, { style: "currency", currency });
}

/** A value of a metric in its unit. `width`: size of its interval, for the digits. `change`: as a difference, with a sign. */
export function metric(value: number | null, info: MetricInfo, currency: string, width?: number, change = false): string {
  if (value === null) return "–";
  const size = width && width > 0 ? width : Math.abs(value) || 1;
  const text = inUnit(value, info.unit, currency, size, change);
  return change ? signed(text, value) : text;
}

function inUnit(value: number, unit: string, currency: string, size: number, change: boolean): string {
  switch (unit) {
    case "money":
      return plain(value, Math.max(2, digits(size, 4)), { style: "currency", currency });
    case "share":
      return plain(value * 100, digits(size * 100, 3)) + (change ? " pp" : `${THIN}%`);
    case "percent":
      return plain(value, digits(size, 2)) + (change ? " pp" : `${THIN}%`);
    case "weeks":
      return `${plain(value, digits(size, 1))} weeks`;
    case "hours":
      return `${plain(value, digits(size, 1))} h`;
    case "seconds":
      return `${plain(value, digits(size, 1))} s`;
    case "ms":
      return `${plain(value, digits(size, 1))} ms`;
    default:
      return plain(value, digits(size, 4));
  }
}

/** "€1.20 to €2.48", or the reason why there is none. */
export function range(interval: Interval, info: MetricInfo, currency: string, change: boolean): string {
  const { low, high } = interval;
  if (low === null || high === null) return "no range";
  const width = high - low;
  const [from, to] = [metric(low, info, currency, width, change), metric(high, info, currency, width, change)];
  // A unit behind the number is said once.
  const unit = to.match(/\s?[^\d\s]+$/)?.[0] ?? "";
  return `${unit && from.endsWith(unit) ? from.slice(0, -unit.length) : from} to ${to}`;
}

export function width(interval: Interval): number | undefined {
  return interval.low === null || interval.high === null ? undefined : interval.high - interval.low;
}

/** "about 12 s", "about 3 min", "under 1 s". */
export function duration(seconds: number): string {
  if (seconds < 1) return "under 1 s";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${plain(seconds / 3600, 1)} h`;
}

export function bytes(size: number): string {
  if (size < 1e6) return `${Math.max(1, Math.round(size / 1e3))} kB`;
  if (size < 1e9) return `${Math.round(size / 1e6)} MB`;
  return `${plain(size / 1e9, 1)} GB`;
}

export function micros(us: number): string {
  return us < 1000 ? `${Math.round(us)} µs` : `${plain(us / 1000, us < 10000 ? 1 : 0)} ms`;
}

/** First letters of a long digest. */
export function short(hash: string | null): string {
  return hash ? hash.slice(0, 8) : "–";
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
