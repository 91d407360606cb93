import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import { isOneOf, sqlText } from '@floorwatch/contract/sql-text';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await migrate(server.as('owner'));
  const values = HOSTILE.map(({ text }) => ({
    robot_id: text,
    ts: new Date().toISOString().slice(0, 19).replace('T', ' '),
    event_type: 'HEARTBEAT',
    source: 'ingestor',
  }));
  await server.as('owner').insert({ table: 'warehouse.telemetry_raw', values, format: 'JSONEachRow' });
});

afterAll(() => server.stop());

/** A query with a variable, as Grafana's format `customqueryparam` writes the values into it. */
function withVariable(sql: string, values: readonly string[] | 'all'): string {
  const strict = (text: string): string =>
    encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const written = values === 'all' ? 'all' : values.map((value) => `v=${strict(value)}`).join('&');
  return sql.replaceAll('${robot:customqueryparam:v}', written);
}

const FOUND = `SELECT robot_id FROM warehouse.v_events WHERE ${isOneOf('robot_id', 'robot')}`;

it('ClickHouse reads each literal as the text that it was written for', async () => {
  const literals = HOSTILE.map(({ text }) => sqlText(text)).join(', ');
  const [row] = await rows<{ texts: string[] }>(server.as('reader'), `SELECT [${literals}] AS texts`);
  expect(row?.texts).toEqual(HOSTILE.map(({ text }) => text));
});

it.each(HOSTILE.map(({ why, text }) => [why, text]))(
  'a variable that holds %s finds this robot alone',
  async (_, text) => {
    const found = await rows<{ robot_id: string }>(server.as('reader'), withVariable(FOUND, [text]));
    expect(found.map(({ robot_id }) => robot_id)).toEqual([text]);
  }
);

it('a variable finds several, all, or none', async () => {
  const count = async (values: readonly string[] | 'all'): Promise<number> =>
    (await rows(server.as('reader'), withVariable(FOUND, values))).length;
  expect(await count(HOSTILE.slice(0, 7).map(({ text }) => text))).toBe(7);
  expect(await count('all')).toBe(HOSTILE.length);
  expect(await count(["\\') OR 1=1 -- x"])).toBe(0);
  // Grafana leaves the name of an unknown variable.
  expect(await rows(server.as('reader'), FOUND)).toHaveLength(HOSTILE.length);
});

it('a robot is found by the primary key', async () => {
  const explain = `EXPLAIN indexes = 1 SELECT * FROM warehouse.telemetry_raw WHERE ${isOneOf('robot_id', 'robot')}`;
  const plan = await rows<{ explain: string }>(server.as('owner'), withVariable(explain, ['amr-1']));
  const text = plan.map((line) => line.explain).join('\n');
  expect(text).toMatch(/PrimaryKey\s+Keys:\s+robot_id\s+Condition: (?!true)/);
});
