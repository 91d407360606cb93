import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Random } from '@floorwatch/demo/fleet/random';
import { createTopic } from '@floorwatch/servers/topic';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { SESSION_TIMEOUT_MS, type SpecialKind } from './faults.ts';
import { truncateLog } from './truncate-log.ts';

/** A fault ends when it has hit an insert, or after this time. Events arrive all the while. */
const HIT_WITHIN_MS = 180_000;
const RETRY_MS = 200;
const PATIENCE_MS = 60_000;
/** Less than an insert of events needs (33 MB), and more than the comparison with storage that may come first (5 MB). */
const MAX_MEMORY_BYTES = '20000000';
// Codes of ClickHouse's errors
const FUNCTION_THROW_IF = 395;
const MEMORY_LIMIT_EXCEEDED = 241;

interface Controls {
  brokers: string;
  topic: string;
  groupId: string;
  partitions: number;
  kafkaDir: string;
  owner: ClickHouseClient;
  random: Random;
  /** The URL that ingestors use. */
  clickhouseUrl: string;
  killServer: (target: 'kafka' | 'clickhouse') => Promise<void>;
  restart: (target: 'kafka' | 'clickhouse') => Promise<void>;
  killIngestor: (n: 0 | 1) => Promise<void>;
  startIngestor: (n: 0 | 1, env?: Record<string, string>) => Promise<void>;
}

/** Each injects a fault, and resolves when it is over: true if it took effect. */
export function specialFaults(controls: Controls): Record<SpecialKind, () => Promise<boolean>> {
  const { brokers, topic, groupId, partitions, kafkaDir, owner, random, clickhouseUrl } = controls;
  const anyIngestor = (): 0 | 1 => random.pick([0, 1] as const);
  const restartIngestor = async (n: 0 | 1, env?: Record<string, string>): Promise<void> => {
    await controls.killIngestor(n);
    await controls.startIngestor(n, env);
  };
  let isWindowOff = false;
  return {
    async truncate() {
      await controls.killServer('kafka');
      const isCut = truncateLog(kafkaDir, topic, random);
      await controls.restart('kafka');
      return isCut;
    },
    async 'expire-offsets'() {
      await Promise.all([controls.killIngestor(0), controls.killIngestor(1)]);
      // Kafka removes the members after a session, and ClickHouse ends their inserts before.
      await sleep(SESSION_TIMEOUT_MS);
      await withAdmin(brokers, (admin) => admin.deleteGroups([groupId]));
      await Promise.all([controls.startIngestor(0), controls.startIngestor(1)]);
      return true;
    },
    async 'recreate-topic'() {
      await withAdmin(brokers, async (admin) => {
        if ((await admin.listTopics()).includes(topic)) await admin.deleteTopics({ topics: [topic] });
      });
      await untilDone(() => createTopic({ brokers, topic, partitions }));
      return true;
    },
    async 'view-throws'() {
      const since = await now(owner);
      await untilDone(() =>
        owner.command({
          query: `CREATE MATERIALIZED VIEW IF NOT EXISTS a_throwing_mv TO task_runs
            DEFINER = floorwatch_definer SQL SECURITY DEFINER
            AS SELECT robot_id, assumeNotNull(task_id) AS task_id FROM telemetry_raw WHERE throwIf(1, 'the view throws') != 0`,
        })
      );
      const isHit = await untilInsertFails(owner, since, FUNCTION_THROW_IF);
      await untilDone(() => owner.command({ query: 'DROP TABLE IF EXISTS a_throwing_mv SYNC' }));
      return isHit;
    },
    async upgrade() {
      isWindowOff = !isWindowOff;
      // The duplicates of producers are rows without the window, and dropped with it.
      await restartIngestor(anyIngestor(), isWindowOff ? { DUPLICATE_WINDOW_EVENTS: '0' } : {});
      return true;
    },
    async 'kill-in-insert'() {
      const isHit = await untilInsertRuns(owner);
      await controls.killServer('clickhouse');
      await controls.restart('clickhouse');
      return isHit;
    },
    async 'memory-limit'() {
      const since = await now(owner);
      const limited = `${clickhouseUrl}/?clickhouse_setting_max_memory_usage=${MAX_MEMORY_BYTES}`;
      await Promise.all(([0, 1] as const).map((n) => restartIngestor(n, { CLICKHOUSE_URL: limited })));
      const isHit = await untilInsertFails(owner, since, MEMORY_LIMIT_EXCEEDED);
      await Promise.all(([0, 1] as const).map((n) => restartIngestor(n)));
      return isHit;
    },
  };
}

/** The time of ClickHouse, which may be restarting. */
async function now(owner: ClickHouseClient): Promise<string> {
  let time = '';
  await untilDone(async () => {
    time = (await count(owner, 'SELECT toString(now64(6)) AS found')) ?? '';
  });
  return time;
}

/** True when an insert of events has failed with this error. */
function untilInsertFails(owner: ClickHouseClient, since: string, errorCode: number): Promise<boolean> {
  return untilFound(owner, async () => {
    await owner.command({ query: 'SYSTEM FLUSH LOGS query_log' });
    return `SELECT toString(count()) AS found FROM system.query_log
      WHERE event_time_microseconds > '${since}' AND exception_code = ${errorCode} AND query_kind = 'Insert' AND query LIKE 'INSERT INTO telemetry_raw %'`;
  });
}

/** True when an insert of events is running. */
function untilInsertRuns(owner: ClickHouseClient): Promise<boolean> {
  return untilFound(owner, () =>
    Promise.resolve(
      `SELECT toString(count()) AS found FROM system.processes WHERE query_kind = 'Insert' AND query LIKE 'INSERT INTO telemetry_raw %'`
    )
  );
}

async function untilFound(owner: ClickHouseClient, query: () => Promise<string>): Promise<boolean> {
  for (const deadlineMs = Date.now() + HIT_WITHIN_MS; Date.now() < deadlineMs;) {
    const found = await query().then(
      (text) => count(owner, text),
      () => '0'
    );
    if (Number(found) > 0) return true;
  }
  return false;
}

async function count(owner: ClickHouseClient, query: string): Promise<string | undefined> {
  const result = await owner.query({ query, format: 'JSONEachRow' });
  return (await result.json<{ found: string }>())[0]?.found;
}

async function withAdmin(brokers: string, use: (admin: Admin) => Promise<unknown>): Promise<void> {
  await untilDone(async () => {
    const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin();
    try {
      await admin.connect();
      await use(admin);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  });
}

/** Retries, because the server may be restarting. */
async function untilDone(attempt: () => Promise<unknown>): Promise<void> {
  for (const deadlineMs = Date.now() + PATIENCE_MS; ;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > deadlineMs) throw error;
      await sleep(RETRY_MS);
    }
  }
}
