import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTopic } from '@floorwatch/servers/topic';
import { cpuSeconds } from '../process-usage.ts';
import { publishEvents } from '../publish-events.ts';
import { ENGINE, FLOOR, FLOORWATCH, ORIGINAL, type Consumer } from './consumers.ts';
import { median, type Measure } from './measure.ts';
import { isMerging, setMerges } from './merges.ts';
import { firstRow, type SqlBenchServers } from './sql-servers.ts';

const TOPIC = 'bench.events';
const TIMEOUT_MS = 15 * 60_000;

/** Each round reads the topic once with each consumer. The figures are medians of the rounds. */
const ROUNDS = 5;
/** Without merges, for the ratio to the floor: what a table costs later depends on the table, not on how rows come into it. */
const MAX_VS_FLOOR = 1.4;
/** Of the SQL alone: the engine's own work is subtracted from both. */
const MIN_SQL_VS_ORIGINAL = 1.3;

/** CPU-seconds for a topic. */
interface Usage {
  /** From the first message until all rows are stored, while nothing merges. */
  cpu: number;
  /** Of the merges after that. */
  merges: number;
}

/** CPU-seconds of the whole ClickHouse process for the same topic, read by four consumers by turns, without roll-ups. */
export async function measurePathA(servers: SqlBenchServers, events: number, robots: number): Promise<Measure[]> {
  const { brokers } = servers.kafka;
  await createTopic({ brokers, topic: TOPIC, partitions: 4 });
  await publishEvents(brokers, TOPIC, events, robots);
  const load = { topic: TOPIC, events, idle: await idleCpuShare(servers) };
  const usages = new Map<Consumer, Usage[]>([ENGINE, FLOOR, ORIGINAL, FLOORWATCH].map((consumer) => [consumer, []]));
  // The first round fills caches: the broker's, and those of the compiled expressions.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [consumer, usage] of usages) {
      const measured = await consume(servers, consumer, load);
      if (round > 0) usage.push(measured);
    }
  }
  const [engine, floor, original, ours] = [ENGINE, FLOOR, ORIGINAL, FLOORWATCH].map((consumer) => {
    const usage = usages.get(consumer) ?? [];
    return { cpu: median(usage.map(({ cpu }) => cpu)), merges: median(usage.map(({ merges }) => merges)) };
  }) as [Usage, Usage, Usage, Usage];
  const figures = (usage: Usage, prefix = ''): Record<string, number> => ({
    [`${prefix}cpu_seconds`]: usage.cpu,
    [`${prefix}events_per_cpu_second`]: Math.round(events / usage.cpu),
    [`${prefix}merges_cpu_seconds`]: usage.merges,
  });
  const sqlVsOriginal = (original.cpu - engine.cpu) / (ours.cpu - engine.cpu);
  const vsFloor = ours.cpu / floor.cpu;
  const common = { events, rounds: ROUNDS, machine_load: loadavg()[0] ?? NaN, ...figures(ours) };
  return [
    {
      // No requirement: the engine's own work, half of the total, leaves no room for one.
      ...{ measure: 'path_a_vs_original', value: original.cpu / ours.cpu, required: 'none', ok: true },
      ...{ ...common, ...figures(original, 'original_') },
    },
    {
      measure: 'path_a_sql_vs_original_sql',
      ...{ value: sqlVsOriginal, required: `>= ${MIN_SQL_VS_ORIGINAL}`, ok: sqlVsOriginal >= MIN_SQL_VS_ORIGINAL },
      ...{ ...common, ...figures(original, 'original_'), engine_cpu_seconds: engine.cpu },
    },
    {
      ...{ measure: 'path_a_vs_floor', value: vsFloor, required: `<= ${MAX_VS_FLOOR}`, ok: vsFloor <= MAX_VS_FLOOR },
      ...{ ...common, ...figures(floor, 'floor_') },
    },
  ];
}

/**
 * Reads the whole topic through one consumer.
 * @param load.idle CPU-seconds per second of the idle server
 * @returns CPU-seconds, minus those of the idle server
 */
export async function consume(
  servers: SqlBenchServers,
  consumer: Consumer,
  { topic, events, idle }: { topic: string; events: number; idle: number }
): Promise<Usage> {
  const { owner, clickhouse, kafka } = servers;
  const [database = ''] = consumer.target.split('.');
  const run = async (query: string): Promise<void> => {
    await owner.command({ query });
  };
  await run(`DROP TABLE IF EXISTS bench.${consumer.name} SYNC`);
  for (const statement of consumer.setup) await run(statement);
  await setMerges(owner, database, 'off');
  await run(`CREATE TABLE bench.queue (payload String) ENGINE = Kafka SETTINGS kafka_broker_list = '${kafka.brokers}',
    kafka_topic_list = '${topic}', kafka_group_name = 'bench-${consumer.name}-${Date.now()}',
    kafka_format = '${consumer.format}' ${consumer.kafkaSettings}`);
  const cpuSince = (fromMs: number, fromCpu: number): number =>
    cpuSeconds(clickhouse.pid) - fromCpu - (idle * (Date.now() - fromMs)) / 1000;
  const startMs = Date.now();
  const startCpu = cpuSeconds(clickhouse.pid);
  await run(`CREATE MATERIALIZED VIEW bench.feed TO ${consumer.target} AS ${consumer.select}`);
  while ((await firstRow<{ events: number }>(owner, consumer.count)).events < events) {
    if (Date.now() - startMs > TIMEOUT_MS)
      throw new Error(`${consumer.name}: not all of ${events} events arrived within ${TIMEOUT_MS / 60_000} minutes`);
    await sleep(250);
  }
  const cpu = cpuSince(startMs, startCpu);
  await run('DROP VIEW bench.feed SYNC');
  await run('DROP TABLE bench.queue SYNC');
  const mergesMs = Date.now();
  const mergesCpu = cpuSeconds(clickhouse.pid);
  await setMerges(owner, database, 'on');
  do await sleep(1000);
  while (await isMerging(owner));
  return { cpu, merges: cpuSince(mergesMs, mergesCpu) };
}

/** CPU-seconds per second of the idle server. */
async function idleCpuShare({ clickhouse }: SqlBenchServers): Promise<number> {
  const seconds = 5;
  const before = cpuSeconds(clickhouse.pid);
  await sleep(seconds * 1000);
  return (cpuSeconds(clickhouse.pid) - before) / seconds;
}
