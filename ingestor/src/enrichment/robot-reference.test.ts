import type { ClickHouseClient } from '@clickhouse/client';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { createMetrics } from '../metrics/metrics.ts';
import { RobotReference } from './robot-reference.ts';

const amr = { robot_id: 'amr-1', model: 'MiR250', site_id: 'berlin', fleet: '' };

/** A table that the test can change, or make unavailable with null. */
function referenceOf(table: { rows: object[] | null }) {
  const warnings: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => warnings.push(line) });
  const query = () =>
    table.rows ? Promise.resolve({ json: () => Promise.resolve(table.rows) }) : Promise.reject(new Error('away'));
  const client = { query } as unknown as Pick<ClickHouseClient, 'query'>;
  return { reference: new RobotReference({ client, everyMs: 5, metrics: createMetrics(), log }), warnings };
}

test('adds absent fields to an event, and never overwrites a field', async () => {
  const { reference } = referenceOf({ rows: [amr] });
  await reference.start(AbortSignal.abort());
  expect(reference.enrich({ robot_id: 'amr-1' }, 'amr-1')).toMatchObject({
    site_id: 'berlin',
    meta: { model: 'MiR250' },
  });
  const telling = { site_id: 'hamburg', meta: { model: 'own', zone: 1 } };
  expect(reference.enrich(telling, 'amr-1')).toEqual(telling);
  const unknown = {};
  expect(reference.enrich(unknown, 'amr-2')).toBe(unknown);
});

test('reads a change without a restart, and keeps its last copy while the table cannot be read', async () => {
  const table: { rows: object[] | null } = { rows: null };
  const { reference, warnings } = referenceOf(table);
  const ending = new AbortController();
  const siteOf = () => (reference.enrich({}, 'amr-1') as { site_id?: string }).site_id;
  await reference.start(ending.signal);
  expect([siteOf(), warnings.length]).toEqual([undefined, 1]);
  table.rows = [amr];
  await vi.waitUntil(() => siteOf() === 'berlin');
  table.rows = null;
  const before = warnings.length;
  await vi.waitUntil(() => warnings.length > before);
  expect(siteOf()).toBe('berlin');
  ending.abort();
});
