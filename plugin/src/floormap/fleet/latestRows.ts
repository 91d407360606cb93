import { readNumber, readText, readTimeMs } from './cell';
import type { FoundFields } from './fields';

export interface LatestRows {
  /** One per robot, in order of first appearance. */
  rows: number[];
  /** Rows passed over because another one of the same robot is newer. */
  older: number;
  /** Rows that name no robot. */
  nameless: number;
}

/**
 * The newest row of each robot, however the query sorts them: by its time, else by its age. Where neither differs
 * the last one counts, as in a time series.
 */
export function latestRows(fields: FoundFields, length: number): LatestRows {
  const rowById = new Map<string, number>();
  let [older, nameless] = [0, 0];
  for (let row = 0; row < length; row++) {
    const id = readText(fields.robotId, row);
    const known = rowById.get(id);
    if (id === '') nameless++;
    else if (known === undefined) rowById.set(id, row);
    else {
      older++;
      if (!isOlder(fields, row, known)) rowById.set(id, row);
    }
  }
  return { rows: [...rowById.values()], older, nameless };
}

function isOlder(fields: FoundFields, row: number, known: number): boolean {
  const [timeMs, knownMs] = [readTimeMs(fields.time, row), readTimeMs(fields.time, known)];
  if (!Number.isNaN(timeMs) && !Number.isNaN(knownMs) && timeMs !== knownMs) return timeMs < knownMs;
  return readNumber(fields.age, row) > readNumber(fields.age, known);
}
