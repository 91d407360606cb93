import { toDataFrame } from '@grafana/data';
import type { Fleet } from './fleet';
import { readFleet } from './readFleet';

/** A fleet for tests from rows in the contract's names. */
export function testFleet(rows: Array<Record<string, unknown>>, nowMs = 0): Fleet {
  const names = [...new Set(['robot_id', 'x', 'y', ...rows.flatMap((row) => Object.keys(row))])];
  const fields = names.map((name) => ({ name, values: rows.map((row) => row[name] ?? null) }));
  return readFleet([toDataFrame({ fields })], { mapping: {}, silentAfterSeconds: 60, headingInDegrees: false, nowMs })
    .fleet;
}
