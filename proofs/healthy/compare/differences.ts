import { isClose } from '../../reference/agree.ts';
import type { Row } from './reading.ts';

/** A number that depends on when exactly something arrived. */
export interface Between {
  min: number;
  max: number;
}

export type Expected = Readonly<Record<string, string | number | null | Between | readonly string[]>>;

export const between = (min: number, max: number): Between => ({ min, max });

/** @returns each column that is not as expected, in words */
export function differences(expected: Expected, row: Row): string[] {
  const found: string[] = [];
  for (const [column, wanted] of Object.entries(expected)) {
    const given = row[column] ?? null;
    if (!agrees(wanted, given)) found.push(`${column} is ${JSON.stringify(given)}, not ${JSON.stringify(wanted)}`);
  }
  return found;
}

function agrees(wanted: Expected[string], given: unknown): boolean {
  if (wanted === null || typeof wanted === 'string') return given === wanted;
  if (Array.isArray(wanted)) return wanted.includes(given);
  if (typeof given !== 'number') return false;
  // Whole numbers are counts and times in milliseconds: there, close is wrong.
  if (Number.isInteger(wanted) && Number.isInteger(given)) return wanted === given;
  if (typeof wanted === 'number') return isClose(wanted, given);
  return 'min' in wanted && given >= wanted.min && given <= wanted.max;
}
