import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { startClickHouse, type ClickHouse } from '@floorwatch/servers/clickhouse';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createClickHouse } from '../src/clickhouse/client.ts';
import { parseConfig } from '../src/config/config.ts';
import { jsonReader } from '../src/decode/json.ts';
import { topicFormat } from '../src/decode/topic-format.ts';
import { createMetrics } from '../src/metrics/metrics.ts';
import { migrate } from '../src/migrate/migrate.ts';
import { BatchSink } from '../src/pipeline/batch-sink.ts';
import { Batch } from '../src/pipeline/batch.ts';
import { DuplicateWindow } from '../src/pipeline/duplicate-window.ts';
import { RowBinaryWriter } from '../src/rows/row-binary-writer.ts';
import { rows } from './clickhouse.ts';

/**
 * MergeTree writes the deduplication token to its log before the part has its final name. A server that is killed in between drops the
 * repeated insert, although it has no such part: of the events, or of a view.
 */
const dataDir = mkdtempSync(join(tmpdir(), 'floorwatch-killed-'));
let server: ClickHouse;
let owner: ClickHouseClient;
let writer: ClickHouseClient;
let sink: BatchSink;

async function start(): Promise<void> {
  const { httpPort, tcpPort, passwords } = (server as ClickHouse | undefined) ?? {};
  const env = {
    CLICKHOUSE_OWNER_PASSWORD: passwords?.owner ?? randomUUID(),
    CLICKHOUSE_WRITER_PASSWORD: passwords?.writer ?? randomUUID(),
  };
  server = await startClickHouse({ dataDir, httpPort, tcpPort, env });
}

beforeAll(async () => {
  await start();
  const { url, passwords } = server;
  owner = createClient({ url, username: 'floorwatch_owner', password: passwords.owner, log: { level: 127 } });
  await migrate(owner);
});
afterAll(async () => {
  await owner.close();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(() => {
  const { url, passwords } = server;
  writer = createClickHouse(parseConfig({ CLICKHOUSE_URL: url, CLICKHOUSE_PASSWORD: passwords.writer }).clickhouse);
  sink = new BatchSink(writer, { timeoutMs: 20_000, metrics: createMetrics(), log: pino({ level: 'silent' }) });
});
afterEach(() => writer.close());

const EVENTS = 20;
const attempt = (token: string) => ({
  ...{ token, signal: new AbortController().signal },
  mustCompare: () => false,
  distrust: () => Promise.resolve(),
});

/** Builds the same batch each time: started tasks of one robot, and a tombstone. */
function batchesOf(robotId: string): (claimedDigest?: string) => Batch {
  const nowMs = Date.now();
  const messages = Array.from({ length: EVENTS }, (_, i) => ({
    ...{ event_id: randomUUID(), robot_id: robotId, ts: nowMs - i, event_type: 'TASK_STARTED' },
    ...{ task_id: `${robotId}-${i}`, state: 'working' },
  }));
  const { decode } = topicFormat(jsonReader);
  return (claimedDigest) => {
    const batch = new Batch({
      of: { topic: robotId, partition: 0 },
      ...{ first: 0, validatedAsOfMs: nowMs, keepSources: false, fastPathExcept: [] },
      ...{ claimedDigest: claimedDigest ?? null, rows: new RowBinaryWriter(), window: new DuplicateWindow(0) },
    });
    for (const [i, message] of [...messages, null].entries()) {
      const value = message === null ? null : Buffer.from(JSON.stringify(message));
      batch.add({ offset: String(i), timestamp: '0', arrivedAtMs: nowMs, key: null, value }, i, decode);
    }
    return batch;
  };
}

/** What a server leaves that is killed between the two steps: no part of the table, but its token in the log. */
async function killWhileStoring(table: string): Promise<void> {
  const parts = await rows<{ path: string }>(
    owner,
    `SELECT path FROM system.parts WHERE database = 'warehouse' AND table = '${table}' AND active
     ORDER BY max_block_number DESC LIMIT 1`
  );
  server.kill('SIGKILL');
  await server.exited;
  expect(parts).toHaveLength(1);
  for (const { path } of parts) rmSync(path, { recursive: true });
}

async function stored(robotId: string) {
  const [found] = await rows(
    owner,
    `SELECT
      (SELECT toInt32(count()) FROM warehouse.telemetry_raw WHERE topic = '${robotId}') AS events,
      (SELECT toInt32(count()) FROM warehouse.dead_letters WHERE topic = '${robotId}') AS letters,
      (SELECT toInt32(count()) FROM warehouse.task_runs FINAL WHERE robot_id = '${robotId}') AS tasks,
      (SELECT toInt32(count()) FROM warehouse.robot_latest FINAL WHERE robot_id = '${robotId}') AS latest,
      (SELECT toInt32(sum(rows)) FROM warehouse.path_progress WHERE topic = '${robotId}') AS progress,
      (SELECT toInt32(count()) FROM warehouse.rollup_events FINAL WHERE robot_id = '${robotId}') AS recent`
  );
  return found;
}
/** `path_progress` is for rates: rows that are inserted again are counted again. */
const allAfter = (table: string) => ({ ...ALL, progress: table === 'telemetry_raw' ? 2 * EVENTS : EVENTS });
const ALL = { events: EVENTS, letters: 1, tasks: EVENTS, latest: 1, progress: EVENTS, recent: EVENTS };

const TABLES = ['telemetry_raw', 'dead_letters', 'task_runs', 'robot_latest', 'rollup_events', 'path_progress'];

test.each(TABLES)(
  'killed while it stored rows of %s, with the ingestor: the next owner completes them',
  async (table) => {
    await owner.command({ query: 'SYSTEM STOP MERGES' });
    const build = batchesOf(`taken-over-${table}`);
    const first = build();
    await sink.write(first, attempt(`over-${table}`));
    await killWhileStoring(table);
    await start();
    await sink.write(build(first.digest), attempt(`over-${table}`));
    expect(await stored(`taken-over-${table}`)).toEqual(allAfter(table));
  }
);

test.each(['telemetry_raw', 'rollup_events'])(
  'killed while it stored rows of %s, and started again: the ingestor completes them',
  async (table) => {
    await owner.command({ query: 'SYSTEM STOP MERGES' });
    const build = batchesOf(`retried-${table}`);
    await sink.write(build(), attempt(`retried-${table}`));
    await killWhileStoring(table);
    const written = sink.write(build(), attempt(`retried-${table}`));
    await start();
    await written;
    expect(await stored(`retried-${table}`)).toEqual(allAfter(table));
  }
);
