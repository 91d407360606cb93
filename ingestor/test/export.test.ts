import { createReadStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { startCutProxy } from '@floorwatch/servers/cut-proxy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';
import { runCommand, type Ended } from './command.ts';
import { fleetDay } from './fleet-day.ts';

let clickhouse: TestServer;
const dir = mkdtempSync(join(tmpdir(), 'floorwatch-export-'));
const META = '{"operator":"Ada","shift":"early"}';

beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
  const values = fleetDay(Date.now(), 10).telemetry_raw.map((event) => ({ ...event, meta: META }));
  // Twice: each event is exported once.
  for (let i = 0; i < 2; i++) {
    await clickhouse.as('owner').insert({ table: 'warehouse.telemetry_raw', values, format: 'JSONEachRow' });
  }
  const names = await rows<{ name: string }>(clickhouse.as('owner'), 'DESCRIBE warehouse.v_events');
  expect(names.length).toBeGreaterThan(15);
  await clickhouse.as('owner').command({
    query:
      'CREATE TABLE warehouse.imported ENGINE = MergeTree ORDER BY robot_id AS SELECT * FROM warehouse.v_events WHERE 0',
  });
});
afterAll(async () => {
  await clickhouse.stop();
  rmSync(dir, { recursive: true });
});

function ingestor(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return runCommand(['export', ...args], {
    CLICKHOUSE_URL: clickhouse.server.url,
    CLICKHOUSE_USER: 'floorwatch_owner',
    CLICKHOUSE_PASSWORD: clickhouse.server.passwords.owner,
    ...env,
  });
}

test('a day of events is a Parquet file that has each event once, without personal keys', async () => {
  const out = join(dir, 'day.parquet');
  const { code, stdout, stderr } = await ingestor(['--from', '24h', '--to', '0m', '--out', out]);
  expect([code, stderr]).toEqual([0, '']);
  const stored = `SELECT toUInt32(count()) AS n, min(ts) AS first FROM warehouse.v_events WHERE ts < now64(3)`;
  const [expected] = await rows<{ n: number }>(clickhouse.as('owner'), stored);
  expect(JSON.parse(stdout)).toEqual({ file: out, events: expected?.n, bytes: statSync(out).size });
  const { stream } = await clickhouse.as('owner').exec({
    query: 'INSERT INTO warehouse.imported FORMAT Parquet',
    values: createReadStream(out),
  });
  await finished(stream.resume());
  const imported = `SELECT toUInt32(count()) AS n, min(ts) AS first FROM warehouse.imported`;
  expect(await rows(clickhouse.as('owner'), imported)).toEqual([expected]);
  expect(await rows(clickhouse.as('owner'), 'SELECT DISTINCT meta FROM warehouse.imported')).toEqual([
    { meta: '{"shift":"early"}' },
  ]);
});

test('one robot is written to standard output by the reader, and the report to standard error', async () => {
  const { code, stdout, stderr } = await ingestor(['--from', '24h', '--to', '0m', '--robot', 'amr-2', '--out', '-'], {
    CLICKHOUSE_USER: 'floorwatch_reader',
    CLICKHOUSE_PASSWORD: clickhouse.server.passwords.reader,
  });
  expect(code, stderr).toBe(0);
  expect(stdout.startsWith('PAR1') && stdout.endsWith('PAR1')).toBe(true);
  expect(JSON.parse(stderr)).toMatchObject({ file: '-', events: 240 });
});

test('an existing file stays as it is without --overwrite', async () => {
  const out = join(dir, 'day.parquet');
  const before = readFileSync(out);
  const { code, stderr } = await ingestor(['--from', '2h', '--to', '1h', '--out', out]);
  expect([code, stderr]).toEqual([1, `${out} exists. Give another --out, or --overwrite to replace it.\n`]);
  expect(readFileSync(out).equals(before)).toBe(true);
  expect((await ingestor(['--from', '2h', '--to', '1h', '--out', out, '--overwrite'])).code).toBe(0);
  expect(readFileSync(out).equals(before)).toBe(false);
});

test('an export that is cut off leaves no file, under no name', async () => {
  const proxy = await startCutProxy(clickhouse.server.httpPort);
  const out = join(dir, 'cut.parquet');
  const values = Array.from({ length: 200_000 }, (_, i) => ({
    ...{ event_id: crypto.randomUUID(), robot_id: `big-${i % 50}`, event_type: crypto.randomUUID() },
    ...{ ts: new Date(Date.now() - i).toISOString().slice(0, -1), source: 'ingestor' },
  }));
  await clickhouse.as('owner').insert({ table: 'warehouse.telemetry_raw', values, format: 'JSONEachRow' });
  try {
    proxy.cutAfter(1_000_000);
    const { code, stderr } = await ingestor(['--from', '24h', '--to', '0m', '--out', out], {
      CLICKHOUSE_URL: `http://127.0.0.1:${proxy.port}`,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/cut\.parquet was not written: .*Nothing is left of it|before its end/);
    expect(readdirSync(dir).filter((name) => name.includes('cut'))).toEqual([]);
    expect(existsSync(out)).toBe(false);
  } finally {
    proxy.close();
  }
});

test.each([
  [['--from', '1h', '--to', '2h', '--out', 'x'], /--from must be before --to/],
  [['--from', '24h', '--to', '0m', '--robot', "o'; DROP", '--out', 'x'], /There are no events .* of this robot/],
  [['--from', 'yesterday', '--to', '0m', '--out', 'x'], /yesterday/],
  [['--from', '24h', '--to', '0m', '--out', '/nowhere/x'], /\/nowhere\/x was not written: ENOENT/],
])('%j is one sentence of error', async (args, problem) => {
  const { code, stdout, stderr } = await ingestor(args);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(problem);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});
