import { setTimeout as sleep } from 'node:timers/promises';
import { createTopic } from '@floorwatch/servers/topic';
import { cpuSeconds } from '../process-usage.ts';
import { publishEvents } from '../publish-events.ts';
import { FLOOR, FLOORWATCH, ORIGINAL, type Consumer } from './consumers.ts';
import { median, type Measure } from './measure.ts';
import { INSERT_VIEWS } from './roll-ups.ts';
import { firstRow, type SqlBenchServers } from './sql-servers.ts';

const TOPIC = 'bench.events';
const TIMEOUT_MS = 15 * 60_000;

/** Each round reads the topic once with each consumer. The figures are medians of the rounds. */
const ROUNDS = 3;

/** CPU-seconds of the whole ClickHouse process for the same topic, read by three consumers. */
export async function measurePathA(servers: SqlBenchServers, events: number, robots: number): Promise<Measure[]> {
  const { brokers } = servers.kafka;
  await createTopic({ brokers, topic: TOPIC, partitions: 4 });
  await publishEvents(brokers, TOPIC, events, robots);
  // Stop the roll-ups, which are not part of path A and have a measure of their own, with the views that feed them.
  for (const view of ['telemetry_minute_mv', 'telemetry_hour_mv', 'floor_cells_mv', 'floor_cells_hour_mv']) {
    await servers.owner.command({ query: `SYSTEM STOP VIEW ${view}` });
  }
  for (const view of INSERT_VIEWS) await servers.owner.command({ query: `DETACH TABLE ${view} SYNC` });
  const load = { topic: TOPIC, events, idle: await idleCpuShare(servers) };
  // The first reader fills the page cache of the broker for the others.
  await consume(servers, FLOOR, load);
  const cpus = new Map<Consumer, number[]>([FLOOR, ORIGINAL, FLOORWATCH].map((consumer) => [consumer, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [consumer, cpu] of cpus) cpu.push(await consume(servers, consumer, load));
  }
  const [floor = NaN, original = NaN, ours = NaN] = [...cpus.values()].map(median);
  const rate = (cpu: number): number => Math.round(events / cpu);
  const figures = { events, cpu_seconds: ours, events_per_cpu_second: rate(ours) };
  return [
    {
      ...{ measure: 'path_a_vs_original', value: original / ours, required: '>= 1.5', ok: original / ours >= 1.5 },
      ...{ ...figures, original_cpu_seconds: original, original_events_per_cpu_second: rate(original) },
    },
    {
      ...{ measure: 'path_a_vs_floor', value: ours / floor, required: '<= 1.5', ok: ours / floor <= 1.5 },
      ...{ ...figures, floor_cpu_seconds: floor, floor_events_per_cpu_second: rate(floor) },
    },
  ];
}

/**
 * Reads the whole topic through one consumer.
 * @param load.idle CPU-seconds per second of the idle server
 * @returns CPU-seconds from the first message until all rows are stored and merged, minus those of the idle server
 */
export async function consume(
  servers: SqlBenchServers,
  consumer: Consumer,
  { topic, events, idle }: { topic: string; events: number; idle: number }
): Promise<number> {
  const { owner, clickhouse, kafka } = servers;
  const run = async (query: string): Promise<void> => {
    await owner.command({ query });
  };
  await run(`DROP TABLE IF EXISTS bench.${consumer.name} SYNC`);
  for (const statement of consumer.setup) await run(statement);
  await run(`CREATE TABLE bench.queue (payload String) ENGINE = Kafka SETTINGS kafka_broker_list = '${kafka.brokers}',
    kafka_topic_list = '${topic}', kafka_group_name = 'bench-${consumer.name}-${Date.now()}',
    kafka_format = '${consumer.format}' ${consumer.kafkaSettings}`);
  const startMs = Date.now();
  const startCpu = cpuSeconds(clickhouse.pid);
  await run(`CREATE MATERIALIZED VIEW bench.feed TO ${consumer.target} AS ${consumer.select}`);
  for (;;) {
    await sleep(500);
    if ((await firstRow<{ events: number }>(owner, consumer.count)).events >= events && !(await merging(servers)))
      break;
    if (Date.now() - startMs > TIMEOUT_MS)
      throw new Error(`${consumer.name}: not all of ${events} events arrived within ${TIMEOUT_MS / 60_000} minutes`);
  }
  const cpu = cpuSeconds(clickhouse.pid) - startCpu - (idle * (Date.now() - startMs)) / 1000;
  await run('DROP VIEW bench.feed SYNC');
  await run('DROP TABLE bench.queue SYNC');
  return cpu;
}

async function merging({ owner }: SqlBenchServers): Promise<boolean> {
  const { merges } = await firstRow<{ merges: number }>(owner, 'SELECT count() AS merges FROM system.merges');
  return merges > 0;
}

/** CPU-seconds per second of the idle server. */
async function idleCpuShare({ clickhouse }: SqlBenchServers): Promise<number> {
  const seconds = 5;
  const before = cpuSeconds(clickhouse.pid);
  await sleep(seconds * 1000);
  return (cpuSeconds(clickhouse.pid) - before) / seconds;
}
