import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@floorwatch/servers/guard';
import { publishRecording } from '@floorwatch/demo/fleet/publish-recording';
import { stopAllChildren } from '@floorwatch/servers/child';
import { startSchemaRegistry } from '@floorwatch/servers/schema-registry';
import { createTopic } from '@floorwatch/servers/topic';
import type { ClickHouseClient } from '@clickhouse/client';
import { PARTITIONS, startBenchServers, type BenchServers } from '../bench-servers.ts';
import { publishEvents } from '../publish-events.ts';
import { benchCases, REGISTRY_CASES, type BenchCase, type CaseName } from './cases.ts';
import type { OriginalConsumer } from './find-original.ts';
import { commitStart } from './group.ts';
import { ingestReport, type IngestBenchRow, type Measurement } from './ingest-report.ts';
import { measureIngestor } from './measure-ingestor.ts';
import { measurePeer, type Peer } from './measure-peer.ts';

export interface IngestBenchOptions {
  /** Events of each run. */
  events: number;
  cases: readonly CaseName[];
  repetitions: number;
  /** A recorded fleet to measure with instead of generated events. Only for cases with JSON of the contract. */
  file?: string | undefined;
  peers: readonly { name: string; command: string }[];
  /** Null: no comparison. */
  original: OriginalConsumer | null;
  /** Events to read with the original consumer. The cost per event does not depend on their number. */
  originalEvents: number;
  say: (line: string) => void;
}

/** Merges after the last insert count for this long. */
const SETTLE_MS = 2_000;
/** Publish a recording as fast as the broker accepts messages. */
const NO_PACE = 1e9;
const ROBOTS = 1_000;
const DATABASE = 'warehouse';
/** What is known before events arrive */
const KEPT_TABLES = `'schema_migrations', 'robots', 'personal_fields', 'floor_plans', 'zones', 'lanes', 'stations'`;

/**
 * Measures every case and every other program on the same servers, one after the other, and all of them in each repetition. Each run has
 * a new topic with events of now, empty tables, and a new group with a committed start.
 */
export async function runIngestBench(options: IngestBenchOptions): Promise<IngestBenchRow[]> {
  const dir = temporaryFolder('floorwatch-bench');
  try {
    const servers = await startBenchServers(dir, 'ingestor');
    const needsRegistry = options.cases.some((name) => REGISTRY_CASES.has(name));
    const registry = needsRegistry ? await startSchemaRegistry({ dataDir: join(dir, 'registry') }) : null;
    const bench: Bench = { ...options, dir, servers, runs: 0 };
    if (options.cases.includes('enriched')) await addRobots(servers.owner);
    const cases = await benchCases(options.cases, registry?.url ?? null);
    const ours = cases.map(({ name }) => ({ name, runs: [] as Measurement[] }));
    const peers = options.peers.map(({ name }) => ({ name, runs: [] as Measurement[] }));
    const original: Measurement[] = [];
    for (let n = 1; n <= options.repetitions; n++) {
      for (const [i, each] of cases.entries()) {
        ours[i]?.runs.push(await runCase(bench, each));
        options.say(`${n}/${options.repetitions} ${each.name}: ${spent(ours[i]?.runs)}`);
      }
      for (const [i, { name, command }] of options.peers.entries()) {
        const shell = { name, command: 'sh', args: ['-c', command], events: null };
        peers[i]?.runs.push(await runPeer(bench, shell));
        options.say(`${n}/${options.repetitions} ${name}: ${spent(peers[i]?.runs)}`);
      }
      if (options.original) {
        original.push(await runPeer(bench, originalPeer(bench, options.original)));
        options.say(`${n}/${options.repetitions} original consumer: ${spent(original)}`);
      }
    }
    await servers.stop();
    return ingestReport(ours, peers, original);
  } finally {
    await stopAllChildren();
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Bench extends IngestBenchOptions {
  dir: string;
  servers: BenchServers;
  runs: number;
}

const spent = (runs: readonly Measurement[] = []): string => {
  const { clientCpuSeconds = 0, serverCpuSeconds = 0 } = runs.at(-1) ?? {};
  return `${clientCpuSeconds.toFixed(2)} CPU seconds, and ${serverCpuSeconds.toFixed(2)} of ClickHouse`;
};

async function runCase(bench: Bench, { env, encode }: BenchCase): Promise<Measurement> {
  const { servers, dir } = bench;
  const { topic, groupId } = await newTopic(bench, encode);
  await commitStart(servers.kafka.brokers, groupId, topic, PARTITIONS);
  await emptyTables(servers.owner);
  return measureIngestor({
    env: { ...servers.ingestorEnv, ...env(topic) },
    ...{ brokers: servers.kafka.brokers, topic, groupId, clickHousePid: servers.clickHouse.pid },
    ...{ logFile: join(dir, 'ingestor.log'), settleMs: SETTLE_MS },
  });
}

async function runPeer(bench: Bench, peer: Peer): Promise<Measurement> {
  const { kafka, clickHouse, owner } = bench.servers;
  const { topic, groupId, messages } = await newTopic(bench, JSON.stringify);
  const { httpPort, tcpPort, pid } = clickHouse;
  return measurePeer(
    peer,
    {
      ...{ brokers: kafka.brokers, topic, groupId, httpPort, tcpPort, database: DATABASE, table: tableOf(bench) },
      events: Math.min(peer.events ?? messages, messages),
    },
    { owner, clickHousePid: pid, logFile: join(bench.dir, `${bench.runs}.log`), settleMs: SETTLE_MS }
  );
}

/** It gets its configuration as arguments. */
function originalPeer(bench: Bench, { python, script }: OriginalConsumer): Peer {
  const { kafka, clickHouse } = bench.servers;
  const next = { ...bench, runs: bench.runs + 1 };
  const place = [kafka.brokers, String(clickHouse.httpPort), topicOf(next), `${DATABASE}.${tableOf(next)}`];
  const events = Math.min(bench.originalEvents, bench.events || bench.originalEvents);
  return { name: 'original', command: python, args: ['-u', script, ...place, String(events)], events };
}

const topicOf = ({ runs }: Pick<Bench, 'runs'>): string => `bench.${runs}`;
const tableOf = ({ runs }: Pick<Bench, 'runs'>): string => `telemetry_peer_${runs}`;

async function newTopic(
  bench: Bench,
  encode: BenchCase['encode']
): Promise<{ topic: string; groupId: string; messages: number }> {
  bench.runs++;
  const { brokers } = bench.servers.kafka;
  const topic = topicOf(bench);
  await createTopic({ brokers, topic, partitions: PARTITIONS });
  const named = { topic, groupId: `group-of-${topic}` };
  if (bench.file === undefined) {
    await publishEvents(brokers, topic, bench.events, ROBOTS, encode);
    return { ...named, messages: bench.events };
  }
  const never = new AbortController().signal;
  const { messages } = await publishRecording({ brokers, topic, file: bench.file, speed: NO_PACE, signal: never });
  return { ...named, messages };
}

/** So that each run begins with the same parts. */
async function emptyTables(owner: ClickHouseClient): Promise<void> {
  const result = await owner.query({
    query: `SELECT name FROM system.tables WHERE database = '${DATABASE}' AND engine LIKE '%MergeTree' AND name NOT IN (${KEPT_TABLES})`,
    format: 'JSONEachRow',
  });
  for (const { name } of await result.json<{ name: string }>())
    await owner.command({ query: `TRUNCATE TABLE ${DATABASE}.${name} SYNC` });
}

async function addRobots(owner: ClickHouseClient): Promise<void> {
  await owner.insert({
    table: 'robots',
    format: 'JSONEachRow',
    values: Array.from({ length: ROBOTS }, (_, i) => ({
      ...{
        robot_id: `amr-${String(i).padStart(5, '0')}`,
        model: `model-${i % 5}`,
        site_id: `site-${i % 3}`,
        fleet: 'f',
      },
    })),
  });
}
