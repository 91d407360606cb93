import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '@floorwatch/servers/guard';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { startClickHouse } from '@floorwatch/servers/clickhouse';
import { runIngestorCommand, startIngestor } from '@floorwatch/servers/ingestor';
import { startKafka } from '@floorwatch/servers/kafka';
import { createTopic } from '@floorwatch/servers/topic';
import { Kafka, logLevel } from 'kafkajs';
import { compareWithSchedule } from './compare.ts';
import { outage, veryLateEvents, wrongClocks, type ExactStack } from './hard-cases.ts';
import type { FleetSchedule } from './schedule.ts';
import { settleRollUps } from './settle-roll-ups.ts';
import { publishFleet } from './traffic.ts';

const TOPIC = 'robot.telemetry';
const PARTITIONS = 4;
const GROUPS = ['floorwatch-ingestor', 'floorwatch-engine'];
const TIMEOUT_MS = 20 * 60_000;

export interface ExactOptions {
  events: number;
  robots: number;
  seed: number;
  say: (line: string) => void;
}

/** The output of `exact`. CI reads it, so the field names do not change. */
export interface ExactReport {
  events: number;
  messages: number;
  expected: number;
  final_count: number;
  distinct: number;
  /** Number of compared minutes and hours. */
  rollups: number;
  rollup_mismatches: number;
  task_runs: number;
  task_mismatches: number;
  dead_letters_expected: number;
  dead_letters: number;
  /** Of robots whose clocks are hours ahead or behind. */
  clock_mismatches: number;
  /** After three days without a roll-up. */
  outage_mismatches: number;
  /** Of events of 55 days ago, and of everything else that they had computed again. */
  very_late_mismatches: number;
  seconds: number;
  mismatch_examples: string[];
  ok: boolean;
}

/**
 * Sends events with duplicates, late and malformed ones through both paths at once, then sends all of them again. Compares
 * the stored counts, roll-ups and task runs with those computed from the schedule. Then come events of 55 days ago, robots with
 * wrong clocks, and three days without a roll-up.
 */
export async function runExact({ events, robots, seed, say }: ExactOptions): Promise<ExactReport> {
  const startedAt = Date.now();
  const stepsPerRobot = Math.max(1, Math.round(events / robots));
  const schedule: FleetSchedule = {
    name: 'exact',
    robots,
    stepsPerRobot,
    startMs: Math.floor(startedAt / 1000 - stepsPerRobot) * 1000,
    stepMs: 1000,
    seed,
    hasLateEvents: true,
  };
  const dir = temporaryFolder('floorwatch-exact');
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rm(dir, { recursive: true, force: true }));

  const kafka = await startKafka({ dataDir: join(dir, 'kafka') });
  cleanup.defer(() => kafka.stop());
  await createTopic({ brokers: kafka.brokers, topic: TOPIC, partitions: PARTITIONS });
  const clickhouse = await startClickHouse({
    dataDir: join(dir, 'clickhouse'),
    env: { KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC: TOPIC },
  });
  cleanup.defer(() => clickhouse.stop());
  const { url, passwords } = clickhouse;
  const env = { KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC: TOPIC, CLICKHOUSE_URL: url, INGEST_PATH: 'both' };
  await runIngestorCommand('Migrations', ['migrate'], {
    env: { ...env, CLICKHOUSE_USER: 'floorwatch_owner', CLICKHOUSE_PASSWORD: passwords.owner },
    logFile: join(dir, 'migrate.log'),
  });
  const ingestor = await startIngestor({
    env: { ...env, CLICKHOUSE_PASSWORD: passwords.writer },
    logFile: join(dir, 'ingestor.log'),
  });
  cleanup.defer(() => ingestor.stop());
  const owner = createClient({
    url,
    username: 'floorwatch_owner',
    password: passwords.owner,
    database: 'warehouse',
    request_timeout: TIMEOUT_MS,
    log: { level: 127 },
  });
  cleanup.defer(() => owner.close());

  let messages = 0;
  let malformed = 0;
  for (const round of ['first round', 'second round']) {
    const sent = await publishFleet(schedule, kafka.brokers, TOPIC);
    messages += sent.messages;
    malformed += sent.malformed;
    say(`${round}: ${sent.messages} messages published, ${seconds(startedAt)} s`);
    await bothPathsHaveRead(kafka.brokers, messages);
    say(`${round}: read by both paths, ${seconds(startedAt)} s`);
  }
  const settle = (): Promise<void> => settleRollUps(owner, TIMEOUT_MS);
  await settle();
  say(`roll-ups computed, ${seconds(startedAt)} s`);
  const stored = await readCounts(owner);
  const compared = await compareWithSchedule(owner, schedule);
  const publish = async (fleet: FleetSchedule): Promise<void> => {
    messages += (await publishFleet(fleet, kafka.brokers, TOPIC)).messages;
    await bothPathsHaveRead(kafka.brokers, messages);
  };
  const sent = messages;
  const stack: ExactStack = { owner, publish, settle };
  const veryLate = await veryLateEvents(stack, seed);
  say(`events of 55 days ago compared, ${seconds(startedAt)} s`);
  const clocks = await wrongClocks(stack, seed);
  say(`robots with wrong clocks compared, ${seconds(startedAt)} s`);
  const afterOutage = await outage(stack, schedule, seed);
  say(`caught up after three days, ${seconds(startedAt)} s`);
  const expected = schedule.robots * schedule.stepsPerRobot;
  return {
    events: expected,
    messages: sent,
    expected,
    ...stored,
    rollups: compared.rollUps,
    rollup_mismatches: compared.rollUpMismatches,
    task_runs: compared.taskRuns,
    task_mismatches: compared.taskMismatches,
    dead_letters_expected: malformed,
    clock_mismatches: clocks.mismatches,
    outage_mismatches: afterOutage.mismatches,
    very_late_mismatches: veryLate.mismatches,
    seconds: seconds(startedAt),
    mismatch_examples: [compared, clocks, afterOutage, veryLate].flatMap(({ examples }) => examples).slice(0, 10),
    ok:
      stored.final_count === expected &&
      stored.distinct === expected &&
      stored.dead_letters === malformed &&
      compared.rollUps > 0 &&
      compared.rollUpMismatches === 0 &&
      compared.taskRuns > 0 &&
      compared.taskMismatches === 0 &&
      [clocks, afterOutage, veryLate].every(({ mismatches }) => mismatches === 0),
  };
}

/** Settles when both consumer groups have committed every message. They commit after the rows are stored. */
async function bothPathsHaveRead(brokers: string, messages: number): Promise<void> {
  const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  try {
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      const committed = await Promise.all(
        GROUPS.map(async (groupId) => {
          const [topic] = await admin.fetchOffsets({ groupId, topics: [TOPIC] });
          return (topic?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
        })
      );
      if (committed.every((count) => count >= messages)) return;
      if (Date.now() > deadline)
        throw new Error(`${GROUPS.join(', ')} committed ${committed.join(', ')} of ${messages}`);
      await sleep(500);
    }
  } finally {
    await admin.disconnect();
  }
}

async function readCounts(
  owner: ClickHouseClient
): Promise<{ final_count: number; distinct: number; dead_letters: number }> {
  const result = await owner.query({
    query: `SELECT (SELECT count() FROM telemetry_raw FINAL) AS final_count,
                   (SELECT uniqExact(event_id) FROM telemetry_raw) AS distinct,
                   (SELECT count() FROM dead_letters FINAL) AS dead_letters`,
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  const [row] = await result.json<{ final_count: number; distinct: number; dead_letters: number }>();
  if (!row) throw new Error('ClickHouse returned no counts');
  return row;
}

function seconds(sinceMs: number): number {
  return Math.round((Date.now() - sinceMs) / 1000);
}
