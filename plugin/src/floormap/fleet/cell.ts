import type { Field } from '@grafana/data';

/** A finite number, or NaN. ClickHouse sends wide integers and decimals as text. */
export function readNumber(field: Field | undefined, row: number): number {
  const value = field?.values[row] as unknown;
  if (typeof value === 'number') return Number.isFinite(value) ? value : NaN;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || value.trim() === '') return NaN;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : NaN;
}

/** A number between these ends, or NaN: what lies beyond them is a mistake of units or a sign for "not known". */
export function readNumberWithin(field: Field | undefined, row: number, least: number, most: number): number {
  const number = readNumber(field, row);
  return number >= least && number <= most ? number : NaN;
}

export function readText(field: Field | undefined, row: number): string {
  const value = field?.values[row] as unknown;
  return value === null || value === undefined ? '' : String(value);
}

/** What a robot reports when nothing is wrong with it. */
const NO_ERROR = new Set(['0', 'false']);

/** An error's code; '' for none. */
export function readErrorCode(field: Field | undefined, row: number): string {
  const code = readText(field, row).trim();
  return NO_ERROR.has(code.toLowerCase()) ? '' : code;
}

/** The year 1973 in milliseconds, microseconds and nanoseconds: a smaller number counts the next larger unit. */
const UNITS_OF_TIME = [
  { from: 1e17, perMs: 1e6 },
  { from: 1e14, perMs: 1e3 },
  { from: 1e11, perMs: 1 },
  { from: 0, perMs: 1e-3 },
] as const;
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?$/;

/**
 * Milliseconds since the epoch; from seconds, micro- and nanoseconds and from text too, where a time without a zone is UTC.
 * NaN for anything else.
 */
export function readTimeMs(field: Field | undefined, row: number): number {
  const value = field?.values[row] as unknown;
  if (value instanceof Date) return value.getTime();
  const number = readNumber(field, row);
  if (!Number.isNaN(number)) return number / (UNITS_OF_TIME.find(({ from }) => Math.abs(number) >= from)?.perMs ?? 1);
  if (typeof value !== 'string') return NaN;
  const text = value.trim();
  return Date.parse(WITHOUT_ZONE.test(text) ? `${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}` : text);
}
