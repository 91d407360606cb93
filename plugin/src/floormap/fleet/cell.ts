import type { Field } from '@grafana/data';

/** A finite number, or NaN. ClickHouse sends wide integers and decimals as text. */
export function readNumber(field: Field | undefined, row: number): number {
  const value = field?.values[row] as unknown;
  if (typeof value === 'number') return Number.isFinite(value) ? value : NaN;
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

/** Ends of the year 1973 in milliseconds: a smaller number counts seconds. */
const FEWEST_MS = 1e11;
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?$/;

/** Milliseconds since the epoch; from seconds and from text too, where a time without a zone is UTC. NaN for anything else. */
export function readTimeMs(field: Field | undefined, row: number): number {
  const value = field?.values[row] as unknown;
  const number = readNumber(field, row);
  if (!Number.isNaN(number)) return Math.abs(number) < FEWEST_MS ? number * 1_000 : number;
  if (typeof value !== 'string') return NaN;
  const text = value.trim();
  return Date.parse(WITHOUT_ZONE.test(text) ? `${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}` : text);
}
