import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { startChild } from '@floorwatch/servers/child';
import { cpuSeconds } from '../process-usage.ts';
import type { Measurement } from './ingest-report.ts';
import { ProcessTree } from './process-tree.ts';

const POLL_MS = 50;

/** Another program that reads the topic into a table. */
export interface Peer {
  name: string;
  command: string;
  args: readonly string[];
  /** It reads this many events and exits. Null: it reads the whole topic, and is stopped. */
  events: number | null;
}

/** The environment of a peer: see `--peer` of `bench-ingest --help`. */
export interface PeerPlace {
  brokers: string;
  topic: string;
  groupId: string;
  events: number;
  httpPort: number;
  tcpPort: number;
  database: string;
  table: string;
}

/** The columns of the original design. */
export function peerTable({ database, table }: Pick<PeerPlace, 'database' | 'table'>): string {
  return `CREATE TABLE ${database}.${table} (event_id String, robot_id String, ts DateTime64(3,'UTC'), event_type String,
    task_id Nullable(String), x Float64, y Float64, battery UInt8, error_code Nullable(String), meta String,
    received_at DateTime64(3,'UTC') DEFAULT now64(3))
  ENGINE = MergeTree PARTITION BY toYYYYMM(ts) ORDER BY (robot_id, ts)`;
}

/**
 * Runs a peer until its events are in its table.
 * @throws Error when it exits before, or stores nothing more for two minutes
 */
export async function measurePeer(
  peer: Peer,
  place: PeerPlace,
  options: { owner: ClickHouseClient; clickHousePid: number; logFile: string; settleMs: number }
): Promise<Measurement> {
  const { owner, clickHousePid, logFile } = options;
  const name = `${place.database}.${place.table}`;
  await owner.command({ query: `DROP TABLE IF EXISTS ${name} SYNC` });
  await owner.command({ query: peerTable(place) });
  const serverBefore = cpuSeconds(clickHousePid);
  const startMs = performance.now();
  const child = await startChild({
    ...{ component: peer.name, command: peer.command, args: peer.args, logFile },
    env: {
      BENCH_KAFKA_BROKERS: place.brokers,
      BENCH_KAFKA_TOPIC: place.topic,
      BENCH_KAFKA_GROUP_ID: place.groupId,
      BENCH_CLICKHOUSE_HOST: '127.0.0.1',
      BENCH_CLICKHOUSE_HTTP_PORT: String(place.httpPort),
      BENCH_CLICKHOUSE_TCP_PORT: String(place.tcpPort),
      BENCH_CLICKHOUSE_USER: 'default',
      BENCH_CLICKHOUSE_PASSWORD: '',
      BENCH_CLICKHOUSE_DATABASE: place.database,
      BENCH_CLICKHOUSE_TABLE: place.table,
      BENCH_EVENTS: String(place.events),
    },
    missingRemedy: 'Check the command.',
  });
  const tree = new ProcessTree(child.pid);
  let stored = 0;
  for (let changedMs = performance.now(); stored < place.events;) {
    tree.sample();
    // The original consumer exits when it has stored its last batch.
    const hasExited = child.hasExited();
    const now = await countOf(owner, name);
    if (now > stored) changedMs = performance.now();
    stored = now;
    if (stored >= place.events) break;
    if (hasExited)
      throw new Error(`${peer.name} has exited after ${stored} of ${place.events} events: read ${logFile}`);
    if (performance.now() - changedMs > IDLE_MS) {
      await child.stop();
      throw new Error(
        `${peer.name} has stored ${stored} of ${place.events} events and then nothing more: read ${logFile}`
      );
    }
    await sleep(POLL_MS);
  }
  const wallSeconds = (performance.now() - startMs) / 1000;
  tree.sample();
  await sleep(options.settleMs);
  const serverCpuSeconds = cpuSeconds(clickHousePid) - serverBefore;
  await child.stop();
  return {
    ...{ events: place.events, wallSeconds, clientCpuSeconds: tree.cpuSeconds, serverCpuSeconds },
    ...{ rssMegabytesPeak: tree.rssMegabytesPeak, eventLoopMsP99: null },
  };
}

const IDLE_MS = 120_000;

async function countOf(owner: ClickHouseClient, table: string): Promise<number> {
  const result = await owner.query({
    query: `SELECT toUInt32(sum(rows)) AS n FROM system.parts WHERE active AND concat(database, '.', table) = '${table}'`,
    format: 'JSONEachRow',
  });
  return (await result.json<{ n: number }>())[0]?.n ?? 0;
}
