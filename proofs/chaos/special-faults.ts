import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Random } from '@floorwatch/demo/fleet/random';
import { createTopic } from '@floorwatch/servers/topic';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { SESSION_TIMEOUT_MS, type SpecialKind } from './faults.ts';
import { truncateLog } from './truncate-log.ts';

const GROUP = 'floorwatch-ingestor';
/** A fault ends when it has hit an insert, or after this time. */
const HIT_WITHIN_MS = 20_000;
const RETRY_MS = 200;
const PATIENCE_MS = 60_000;
/** Far less than an insert needs. */
const MAX_MEMORY_BYTES = '1000000';

interface Controls {
  brokers: string;
  topic: string;
  partitions: number;
  kafkaDir: string;
  owner: ClickHouseClient;
  random: Random;
  /** The URL that ingestors use. */
  clickhouseUrl: string;
  killServer: (target: 'kafka' | 'clickhouse') => Promise<void>;
  restart: (target: 'kafka' | 'clickhouse') => Promise<void>;
  /** What the ingestors have logged so far. */
  logs: () => string;
  /** Reports that a fault did not hit an insert. */
  say: (line: string) => void;
  killIngestor: (n: 0 | 1) => Promise<void>;
  startIngestor: (n: 0 | 1, env?: Record<string, string>) => Promise<void>;
}

/** Injects a fault; settles when it is over. */
export function specialFaults(controls: Controls): Record<SpecialKind, () => Promise<void>> {
  const { brokers, topic, partitions, kafkaDir, owner, random, clickhouseUrl } = controls;
  const anyIngestor = (): 0 | 1 => random.pick([0, 1] as const);
  const restartIngestor = async (n: 0 | 1, env?: Record<string, string>): Promise<void> => {
    await controls.killIngestor(n);
    await controls.startIngestor(n, env);
  };
  let isWindowOff = false;
  return {
    async truncate() {
      await controls.killServer('kafka');
      truncateLog(kafkaDir, topic, random);
      await controls.restart('kafka');
    },
    async 'expire-offsets'() {
      await Promise.all([controls.killIngestor(0), controls.killIngestor(1)]);
      // Kafka removes the members after a session, and ClickHouse ends their inserts before.
      await sleep(SESSION_TIMEOUT_MS);
      await withAdmin(brokers, (admin) => admin.deleteGroups([GROUP]));
      await Promise.all([controls.startIngestor(0), controls.startIngestor(1)]);
    },
    async 'recreate-topic'() {
      await withAdmin(brokers, async (admin) => {
        if ((await admin.listTopics()).includes(topic)) await admin.deleteTopics({ topics: [topic] });
      });
      await untilDone(() => createTopic({ brokers, topic, partitions }));
    },
    async 'view-throws'() {
      const log = controls.logs();
      await untilDone(() =>
        owner.command({
          query: `CREATE MATERIALIZED VIEW IF NOT EXISTS a_throwing_mv TO task_runs
            DEFINER = floorwatch_definer SQL SECURITY DEFINER
            AS SELECT robot_id, assumeNotNull(task_id) AS task_id FROM telemetry_raw WHERE throwIf(1, 'the view throws') != 0`,
        })
      );
      await untilLogged(controls, log, 'the view throws');
      await untilDone(() => owner.command({ query: 'DROP TABLE IF EXISTS a_throwing_mv SYNC' }));
    },
    async upgrade() {
      isWindowOff = !isWindowOff;
      // The duplicates of producers are rows without the window, and dropped with it.
      await restartIngestor(anyIngestor(), isWindowOff ? { DUPLICATE_WINDOW_EVENTS: '0' } : {});
    },
    async 'kill-in-insert'() {
      await untilInsertRuns(owner);
      await controls.killServer('clickhouse');
      await controls.restart('clickhouse');
    },
    async 'memory-limit'() {
      const log = controls.logs();
      const limited = `${clickhouseUrl}/?clickhouse_setting_max_memory_usage=${MAX_MEMORY_BYTES}`;
      await Promise.all(([0, 1] as const).map((n) => restartIngestor(n, { CLICKHOUSE_URL: limited })));
      await untilLogged(controls, log, 'memory limit exceeded');
      await Promise.all(([0, 1] as const).map((n) => restartIngestor(n)));
    },
  };
}

async function untilLogged({ logs, say }: Controls, before: string, text: string): Promise<void> {
  for (const deadlineMs = Date.now() + HIT_WITHIN_MS; Date.now() < deadlineMs;) {
    if (logs().slice(before.length).includes(text)) return;
    await sleep(RETRY_MS);
  }
  say(`no insert failed with "${text}" within ${HIT_WITHIN_MS / 1000} s`);
}

async function untilInsertRuns(owner: ClickHouseClient): Promise<void> {
  const deadlineMs = Date.now() + HIT_WITHIN_MS;
  while (Date.now() < deadlineMs) {
    const result = await owner
      .query({ query: `SELECT count() AS n FROM system.processes WHERE query_kind = 'Insert'`, format: 'JSONEachRow' })
      .catch(() => null);
    const [row] = result ? await result.json<{ n: string }>() : [];
    if (Number(row?.n ?? 0) > 0) return;
  }
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
