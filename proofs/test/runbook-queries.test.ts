import { migrate } from '@floorwatch/ingestor/migrate/migrate';
import { rows, startTestServer, viewsOfReaders, type TestServer } from '@floorwatch/ingestor/test/clickhouse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readText } from '../configuration/compose-file.ts';
import { RUNBOOK_FILES, statements } from '../configuration/runbook-code.ts';

/** What stands for a name that the on-call fills in. */
const PLACEHOLDERS = { 'warehouse.VIEW': 'warehouse.telemetry_minute_mv', YYYYMM: '202001' };

let clickhouse: TestServer;
beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
});
afterAll(async () => {
  await clickhouse.stop();
});

const filledIn = (sql: string): string =>
  Object.entries(PLACEHOLDERS).reduce((text, [name, value]) => text.replaceAll(name, value), sql.trim());

describe('the SQL of the runbooks', () => {
  test.each(statements())('runs as $user: $sql ($file)', async ({ sql, user }) => {
    const client = clickhouse.as(user);
    if (/^\s*(SELECT|WITH|SHOW)/.test(sql)) await rows(client, filledIn(sql));
    else await client.command({ query: filledIn(sql) });
  });

  test('is found, also in sentences and for another user than Grafana', () => {
    const found = statements();
    expect(found.length).toBeGreaterThan(12);
    expect(new Set(found.map(({ user }) => user))).toEqual(new Set(['owner', 'reader']));
  });

  test('names only views that Grafana can read, and no system table without the user who can', async () => {
    const views = await viewsOfReaders(clickhouse.as('owner'));
    for (const file of RUNBOOK_FILES) {
      const named = [...readText(file).matchAll(/\bv_\w+/g)].map(([name]) => name);
      expect(
        named.filter((name) => !views.includes(name)),
        file
      ).toEqual([]);
      const passages = readText(file).split(/^(?=#|\d+\. |- |\|)|\n\n(?=\S)/m);
      expect(
        passages.filter((text) => /\bsystem\.\w/.test(text) && !text.includes('floorwatch_owner')),
        file
      ).toEqual([]);
    }
  });
});
