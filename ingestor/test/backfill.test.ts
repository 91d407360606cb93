import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';
import { rollUp } from './stored-events.ts';

const MAIN = join(import.meta.dirname, '../src/main.ts');
const ROBOTS = 20;
const EVENTS = 60_000;
/** One whole hour, 40 days ago: in a past month, and in one partition. */
const hourMs = Math.floor((Date.now() - 40 * 86_400_000) / 3_600_000) * 3_600_000;
const month = new Date(hourMs).toISOString().slice(0, 7);
const directory = mkdtempSync(join(tmpdir(), 'floorwatch-backfill-'));
const good = join(directory, 'fleet.jsonl.gz');
const bad = join(directory, 'bad.jsonl');

let clickhouse: TestServer;

const line = (n: number, robot = `amr-${n % ROBOTS}`): object => ({
  event_id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  ...{ robot_id: robot, ts: hourMs + Math.floor((n * 3_600_000) / EVENTS), state: 'working', battery: 50 },
});

beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
  const lines = Array.from({ length: EVENTS }, (_, n) => JSON.stringify(line(n)));
  const otherMonth = JSON.stringify({ robot_id: 'amr-0', ts: Date.now() + 3_600_000 });
  writeFileSync(good, gzipSync([...lines, otherMonth].join('\n')));
  writeFileSync(bad, `${JSON.stringify(line(1))}\n{"robot_id":"amr-1"}\n`);
  // Live rows of that month: 100 that are also in the file, and 10 that are not.
  const live = [
    ...Array.from({ length: 100 }, (_, n) => line(n)),
    ...Array.from({ length: 10 }, (_, n) => line(n, 'live')),
  ];
  await clickhouse.as('owner').insert({
    table: 'warehouse.telemetry_raw',
    values: live.map((event) => ({ ...event, ts: iso(event), source: 'ingestor' })),
    format: 'JSONEachRow',
  });
});
afterAll(async () => {
  await clickhouse.stop();
  rmSync(directory, { recursive: true, force: true });
});

function iso(event: object): string {
  return new Date((event as { ts: number }).ts).toISOString().replace('T', ' ').slice(0, -1);
}

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `ingestor backfill`; kills it with SIGKILL when its output matches `killAt`. */
function backfill(args: readonly string[], killAt?: RegExp): Promise<Run> {
  const env = {
    ...process.env,
    CLICKHOUSE_URL: clickhouse.server.url,
    CLICKHOUSE_USER: 'floorwatch_owner',
    CLICKHOUSE_PASSWORD: clickhouse.server.passwords.owner,
  };
  const child = spawn(process.execPath, [MAIN, 'backfill', '--month', month, ...args], { env });
  const run: Run = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    run.stderr += chunk.toString();
    if (killAt?.test(run.stderr)) child.kill('SIGKILL');
  });
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ ...run, code });
    });
  });
}

const containing = (text: string): unknown => expect.stringContaining(text);

const stored = async (): Promise<number> => {
  const [row] = await rows<{ n: number }>(
    clickhouse.as('owner'),
    `SELECT count() AS n FROM warehouse.telemetry_raw AS r FINAL WHERE r.ts < now() - INTERVAL 1 DAY`
  );
  return Number(row?.n);
};

test('a dry run validates and changes nothing', async () => {
  const { code, stdout } = await backfill(['--file', good, '--dry-run']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ rows: EVENTS, rejected: 0 });
  expect(await stored()).toBe(110);
});

test('an invalid line is reported, and stops the backfill before anything is live', async () => {
  const { code, stderr } = await backfill(['--file', bad]);
  expect(code).toBe(1);
  expect(stderr).toContain(`${bad}:2: ts_missing`);
  expect(await stored()).toBe(110);
});

test('a backfill that is killed while it loads, and while it updates the views, continues without loss or duplicates', async () => {
  const loading = await backfill(['--file', good], /50000 messages/);
  expect(loading.code).toBeNull();
  expect(await stored()).toBe(110);
  const others = await backfill(['--file', bad]);
  expect(others).toMatchObject({ code: 1, stderr: containing('was interrupted') });
  const swapping = await backfill(['--file', good], /checked: 60000 distinct events in the month, 100 of them/);
  expect(swapping.code, swapping.stderr).toBeNull();
  const last = await backfill(['--file', good]);
  expect(last.code, last.stderr).toBe(0);
  expect(last.stderr).toContain('views: 1 of 1 hours');
  expect(await stored()).toBe(EVENTS + 10);
});

test('every insert is in query_log with its writer and batch', async () => {
  const owner = clickhouse.as('owner');
  await owner.command({ query: 'SYSTEM FLUSH LOGS query_log' });
  const inserts = (condition: string): Promise<{ log_comment: string }[]> =>
    rows(
      owner,
      `SELECT DISTINCT log_comment FROM system.query_log WHERE query_kind = 'Insert' AND is_initial_query
         AND http_user_agent LIKE '%floorwatch-ingestor%' AND ${condition}`
    );
  expect(await inserts(`NOT startsWith(log_comment, 'ingestor ${hostname()} ')`)).toEqual([]);
  const comments = (await inserts('1')).map(({ log_comment }) => log_comment.replace(`ingestor ${hostname()} `, ''));
  expect(comments).toEqual(
    expect.arrayContaining([
      'backfill', // its state
      expect.stringMatching(/^backfill:\w+:\d+-\d+$/), // rows: source and range of places
      `warehouse.telemetry_backfill_${month.replace('-', '')} ${hourMs}-${hourMs + 3_600_000}`, // views: time range
    ])
  );
});

test('every view includes the events, and the staging table is dropped', async () => {
  await rollUp(clickhouse.as('owner'));
  const reader = clickhouse.as('reader');
  const minutes = `SELECT sum(events) AS events, uniqExact(minute) AS minutes FROM warehouse.v_robot_minutes AS m WHERE m.events > 0`;
  expect(await rows(reader, minutes)).toEqual([{ events: EVENTS + 10, minutes: 60 }]);
  expect(await rows(reader, `SELECT sum(events) AS events FROM warehouse.v_robot_hours`)).toEqual([
    { events: EVENTS + 10 },
  ]);
  expect(await rows(reader, `SELECT robots FROM warehouse.v_fleet_summary`)).toEqual([{ robots: ROBOTS + 1 }]);
  const progress = `SELECT toUInt32(sum(rows)) AS rows FROM warehouse.path_progress WHERE source = 'backfill'`;
  expect(await rows(clickhouse.as('owner'), progress)).toEqual([{ rows: EVENTS }]);
  expect(
    await rows(clickhouse.as('owner'), `SELECT name FROM system.tables WHERE name LIKE 'telemetry_backfill%'`)
  ).toEqual([]);
});
