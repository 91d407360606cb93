import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';
import { runCommand, type Ended } from './command.ts';

const dir = mkdtempSync(join(tmpdir(), 'floorwatch-replay-'));
let clickhouse: TestServer;

beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
});
afterAll(async () => {
  await clickhouse.stop();
  rmSync(dir, { recursive: true, force: true });
});

const replay = (args: string[], more: Record<string, string> = {}) =>
  runCommand(['replay', ...args], {
    CLICKHOUSE_URL: clickhouse.server.url,
    CLICKHOUSE_PASSWORD: clickhouse.server.passwords.writer,
    ...more,
  });
const reportOf = ({ stdout }: Ended) => JSON.parse(stdout) as Record<string, unknown>;
const event = (fields: object = {}): string =>
  JSON.stringify({ robot_id: 'amr-0', ts: new Date().toISOString(), state: 'working', battery: 50, ...fields });
/** Every third event has no id. */
const events = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => event(i % 3 === 0 ? {} : { event_id: randomUUID() }));
const file = (name: string, lines: readonly string[], pack = (text: Buffer): Buffer => text): string => {
  const path = join(dir, name);
  writeFileSync(path, pack(Buffer.from(lines.join('\n'))));
  return path;
};
const fileTopics = () =>
  rows<{ topic: string; total: number }>(
    clickhouse.as('owner'),
    "SELECT topic, toInt32(count()) AS total FROM warehouse.telemetry_raw WHERE topic LIKE 'file:%' GROUP BY topic ORDER BY total"
  );

test('a second replay of .gz and .zst files changes nothing, and invalid lines are reported and become dead letters', async () => {
  const lines = [...events(40), '', 'broken', event({ battery: 300 })];
  const files = [file('a.jsonl.gz', lines, gzipSync), file('b.jsonl.zst', lines.slice(0, 30), zstdCompressSync)];
  const first = await replay(['--file', ...files]);
  expect(first).toMatchObject({ code: 0 });
  expect(first.stderr).toContain(`${String(files[0])}:42: invalid_json: `);
  expect(first.stderr).toContain(`${String(files[0])}:43: battery_out_of_range: `);
  expect(reportOf(first)).toMatchObject({ complete: true, added: 70, dead_letters_added: 2 });
  const second = await replay(['--file', ...files]);
  expect(reportOf(second)).toMatchObject({ complete: true, events: 70, added: 0, dead_letters_added: 0 });
  expect((await fileTopics()).map(({ total }) => total)).toEqual([30, 40]);
  const letters = await rows(
    clickhouse.as('owner'),
    "SELECT toInt32(offset) AS line, reason, toString(source) AS source FROM warehouse.dead_letters WHERE topic LIKE 'file:%' ORDER BY line"
  );
  expect(letters).toEqual([
    { line: 42, reason: 'invalid_json', source: 'replay' },
    { line: 43, reason: 'battery_out_of_range', source: 'replay' },
  ]);
});

test('--dry-run validates without ClickHouse; --from and --to are lines', async () => {
  const lines = file('lines.jsonl', [...events(10), '[]']);
  const dry = await replay(['--file', lines, '--from', '4', '--dry-run'], { CLICKHOUSE_URL: 'http://127.0.0.1:9' });
  expect(reportOf(dry)).toMatchObject({ events: 7, added: 0, rejected: { not_an_object: 1 }, complete: false });
  const none = await replay(['--file', file('empty.jsonl', []), '--dry-run']);
  expect(reportOf(none)).toMatchObject({ messages: 0, events: 0 });
  const part = await replay(['--file', lines, '--from', '4', '--to', '6']);
  expect(reportOf(part)).toMatchObject({ added: 2 });
  const all = await replay(['--file', lines]);
  expect(reportOf(all)).toMatchObject({ events: 10, added: 8 });
});

test('a row that only ClickHouse rejects is one dead letter', async () => {
  const owner = clickhouse.as('owner');
  await owner.command({
    query: "ALTER TABLE warehouse.telemetry_raw ADD CONSTRAINT no_poison CHECK robot_id != 'poison'",
  });
  const poisoned = file('poison.jsonl', [
    event({ robot_id: 'a' }),
    event({ robot_id: 'poison' }),
    event({ robot_id: 'b' }),
  ]);
  const ended = await replay(['--file', poisoned]);
  await owner.command({ query: 'ALTER TABLE warehouse.telemetry_raw DROP CONSTRAINT no_poison' });
  expect(reportOf(ended)).toMatchObject({ added: 2, dead_letters_added: 1, rejected: { refused_by_clickhouse: 1 } });
});

test.each([
  [['--file', '/nowhere/x.jsonl'], /^--file: \/nowhere\/x\.jsonl cannot be read: ENOENT/],
  [['--file', 'LINES', '--from', '2h'], /^--from must be a line number with --file, not "2h"/],
  [['--file', 'LINES', '--from', '500'], /^--from 500: .*lines\.jsonl has 11 lines/],
  [['--file', 'LINES', 'LINES', '--from', '2'], /^--from and --to are line numbers of one --file/],
  [['--file', 'GZ'], /^.*not\.jsonl\.gz cannot be read: incorrect header check/],
])('%j is an error', async (args, said) => {
  const names: Record<string, string> = {
    LINES: join(dir, 'lines.jsonl'),
    GZ: file('not.jsonl.gz', ['plain text']),
  };
  const { code, stderr } = await replay(args.map((arg) => names[arg] ?? arg));
  expect(stderr).toMatch(said);
  expect(code).toBe(1);
});
