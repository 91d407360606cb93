import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IDENTITY_FIELDS } from '@floorwatch/contract';
import { expect, test } from 'vitest';
import { TELEMETRY_COLUMNS } from './telemetry-row.ts';

test("an event's identity is the same in the contract, at the start of a row and in the sort key of the table", () => {
  const first = TELEMETRY_COLUMNS.slice(0, IDENTITY_FIELDS.length).map(([name]) => name);
  expect(first.toSorted()).toEqual(IDENTITY_FIELDS.toSorted());
  const sql = readFileSync(join(import.meta.dirname, '../../../sql/migrations/0001_events.sql'), 'utf8');
  expect(/telemetry_raw[^]*?ORDER BY \((.*?)\)/.exec(sql)?.[1]).toBe(IDENTITY_FIELDS.join(', '));
});
