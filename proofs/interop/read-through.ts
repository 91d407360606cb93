import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@clickhouse/client';
import { startIngestor } from '@floorwatch/servers/ingestor';
import type { SecuredServers } from '@floorwatch/servers/secured/servers';
import { clickHouseEnv, type Security } from '@floorwatch/servers/secured/securities';
import { DATUMS_FILE_TEXT, type InteropFormat } from './formats.ts';
import { sendAll, topicOf, type Codec, type Sent } from './traffic.ts';

/** One supported combination, and whether every event of it arrived exactly once. */
export interface InteropRow {
  format: string;
  codec: Codec;
  security: string;
  /** Kind of connection to ClickHouse. */
  clickhouse: Security['clickHouse'];
  ok: boolean;
  /** Set if the row is not ok. */
  problem?: string;
}

export const GROUP_ID = 'floorwatch-interop';
const ARRIVAL_TIMEOUT_MS = 30_000;

/** Sends events in each format and codec, and reads them with an ingestor that uses the given security. */
export async function readThrough(
  servers: SecuredServers,
  security: Security,
  formats: readonly InteropFormat[],
  codecs: readonly Codec[]
): Promise<InteropRow[]> {
  const sent = await sendAll(servers.brokers.open, formats, codecs);
  const problem = await startIngestor({
    env: ingestorEnv(servers, security, formats),
    logFile: join(servers.dir, `ingestor-${security.name}.log`),
  }).then(
    async (ingestor) => {
      await arrival(servers, sent);
      await ingestor.stop();
    },
    (error: unknown) => (error as Error).message
  );
  const stored = await rowsByRobot(servers);
  const of = { security: security.name, clickhouse: security.clickHouse };
  return sent.map(({ format, codec, robotIds }) => {
    const once = robotIds.filter((id) => stored.get(id) === 1).length;
    const ok = once === robotIds.length;
    const found = `${once} of ${robotIds.length} events are stored once`;
    return { format, codec, ...of, ok, ...(!ok && { problem: problem ?? found }) };
  });
}

function ingestorEnv(
  servers: SecuredServers,
  security: Security,
  formats: readonly InteropFormat[]
): Record<string, string> {
  const datumsFile = join(servers.dir, 'datums.json');
  writeFileSync(datumsFile, DATUMS_FILE_TEXT);
  const topicFormats = formats.map((format) => `${topicOf(format)}=${format.topicFormat}`);
  return {
    ...security.kafkaEnv(servers),
    ...clickHouseEnv(servers, security.clickHouse),
    KAFKA_TOPIC: formats.map(topicOf).join(','),
    KAFKA_GROUP_ID: GROUP_ID,
    TOPIC_FORMATS: topicFormats.join(','),
    SCHEMA_REGISTRY_URL: servers.registryUrl,
    MASSROBOTICS_DATUMS_FILE: datumsFile,
    BATCH_MAX_MS: '100',
    LOG_LEVEL: 'trace',
  };
}

/** Settles when every event has arrived, or after the timeout. */
async function arrival(servers: SecuredServers, sent: readonly Sent[]): Promise<void> {
  const robotIds = sent.flatMap((one) => one.robotIds);
  const deadlineMs = Date.now() + ARRIVAL_TIMEOUT_MS;
  for (;;) {
    const stored = await rowsByRobot(servers);
    if (robotIds.every((id) => stored.has(id)) || Date.now() > deadlineMs) return;
    await sleep(200);
  }
}

async function rowsByRobot({ clickHouse }: SecuredServers): Promise<Map<string, number>> {
  const client = createClient({
    url: clickHouse.url,
    username: 'floorwatch_owner',
    password: clickHouse.passwords.owner,
    log: { level: 127 },
  });
  try {
    const query = 'SELECT robot_id, toUInt32(count()) AS stored FROM warehouse.telemetry_raw GROUP BY robot_id';
    const result = await client.query({ query, format: 'JSONEachRow' });
    const rows = await result.json<{ robot_id: string; stored: number }>();
    return new Map(rows.map(({ robot_id, stored }) => [robot_id, stored]));
  } finally {
    await client.close();
  }
}
