import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '@floorwatch/servers/guard';
import type { ClickHouseClient } from '@clickhouse/client';
import { stopAllChildren } from '@floorwatch/servers/child';
import { startIngestor } from '@floorwatch/servers/ingestor';
import { Kafka, logLevel } from 'kafkajs';
import { startBenchServers, TOPIC } from '../bench-servers.ts';
import { LatencyLog, type LatencySummary } from './latency-log.ts';

export interface LatencyBenchOptions {
  /** Events per second. */
  rate: number;
  seconds: number;
  say: (line: string) => void;
}

/** The output of `bench:latency`: time from sending an event to Kafka until a query returns it. */
export interface LatencyBenchReport {
  rate: number;
  ingestor: LatencySummary;
  engine: LatencySummary;
  /** Of the slower path. */
  p50_ms: number;
  p99_ms: number;
}

type Logs = Record<'ingestor' | 'engine', LatencyLog>;

const PARTITIONS = 4;
const SEND_EVERY_MS = 50;
const QUERY_EVERY_MS = 50;
/** Longest wait for the last events. */
const ARRIVAL_TIMEOUT_MS = 60_000;

/** Publishes at a steady rate while both paths run, and measures the latency of each path. */
export async function runLatencyBench({ rate, seconds, say }: LatencyBenchOptions): Promise<LatencyBenchReport> {
  const dir = temporaryFolder('floorwatch-latency');
  try {
    const servers = await startBenchServers(dir, 'both');
    await startIngestor({ env: servers.ingestorEnv, logFile: join(dir, 'ingestor.log') });
    say('Waiting until both paths have stored the first events of each partition ...');
    // Joining a consumer group takes time once, at the start. It is not part of the latency of a running pipeline.
    const first: Logs = { ingestor: new LatencyLog(), engine: new LatencyLog() };
    let logs = first;
    const done = new AbortController();
    const querying = recordVisible(servers.owner, () => logs, done.signal);
    await publishAtRate(servers.kafka.brokers, rate, SEND_EVERY_MS / 1_000, Object.values(first));
    await allSeen(first);
    logs = { ingestor: new LatencyLog(), engine: new LatencyLog() };
    say(`Publishing ${rate} events per second for ${seconds} s ...`);
    await publishAtRate(servers.kafka.brokers, rate, seconds, Object.values(logs));
    await allSeen(logs);
    done.abort();
    await querying;
    const [ingestor, engine] = [logs.ingestor.summary(), logs.engine.summary()];
    const slower = engine.p99_ms > ingestor.p99_ms ? engine : ingestor;
    return { rate, ingestor, engine, p50_ms: slower.p50_ms, p99_ms: slower.p99_ms };
  } finally {
    await stopAllChildren();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function allSeen(logs: Logs): Promise<void> {
  const deadlineMs = Date.now() + ARRIVAL_TIMEOUT_MS;
  while (!(logs.ingestor.isComplete && logs.engine.isComplete) && Date.now() < deadlineMs) await sleep(QUERY_EVERY_MS);
}

async function publishAtRate(brokers: string, rate: number, seconds: number, logs: LatencyLog[]): Promise<void> {
  const producer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const perSend = Math.round((rate * SEND_EVERY_MS) / 1_000 / PARTITIONS);
  const startMs = Date.now();
  for (let n = 0; n * SEND_EVERY_MS < seconds * 1_000; n++) {
    await sleep(Math.max(0, startMs + n * SEND_EVERY_MS - Date.now()));
    const sentMs = Date.now();
    const messages = Array.from({ length: perSend * PARTITIONS }, (_, i) => message(i % PARTITIONS, sentMs));
    for (const { partition, baseOffset } of await producer.send({ topic: TOPIC, messages, acks: 1 })) {
      for (const log of logs) log.sent({ partition, firstOffset: Number(baseOffset), count: perSend, sentMs });
    }
  }
  await producer.disconnect();
}

function message(partition: number, sentMs: number) {
  const robot = `amr-${partition}-${Math.floor(Math.random() * 250)}`;
  const event = { event_id: randomUUID(), robot_id: robot, ts: sentMs, event_type: 'POSITION_UPDATE', x: 1.5, y: 2.5 };
  return { partition, key: robot, value: JSON.stringify(event), timestamp: String(sentMs) };
}

async function recordVisible(
  client: ClickHouseClient,
  logs: () => Record<string, LatencyLog>,
  done: AbortSignal
): Promise<void> {
  while (!done.aborted) {
    const result = await client.query({
      query: 'SELECT source, partition, max(offset) AS offset FROM telemetry_raw GROUP BY source, partition',
      format: 'JSONEachRow',
    });
    const rows = await result.json<{ source: string; partition: number; offset: string }>();
    const nowMs = Date.now();
    for (const { source, partition, offset } of rows) logs()[source]?.visible(partition, Number(offset), nowMs);
    await sleep(QUERY_EVERY_MS);
  }
}
