import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@floorwatch/servers/guard';
import { startTwoSites } from '@floorwatch/ingestor/test/two-sites';
import { stopAllChildren } from '@floorwatch/servers/child';
import { startGrafana } from '@floorwatch/servers/grafana';
import { findGrafana } from '@floorwatch/servers/grafana-home';
import { runIngestorCommand } from '@floorwatch/servers/ingestor';
import { startPrometheus } from '@floorwatch/servers/prometheus';
import { clickHouseEnv } from '@floorwatch/servers/secured/securities';
import { startSecuredServers, type SecuredServers } from '@floorwatch/servers/secured/servers';
import type { AccessRow, Attempt } from '../access/attempt.ts';
import { allAttempts } from '../access/attempts.ts';
import { archiveAttempts } from './archive-attempts.ts';
import { fileAttempts } from './file-attempts.ts';
import { grafanaAttempts } from './grafana-attempts.ts';
import { imageAttempts } from './image-attempts.ts';
import { kafkaAttempts } from './kafka-attempts.ts';
import { leakAttempts } from './leak-attempts.ts';
import { notificationAttempts } from './notification-attempts.ts';
import { payloadAttempts } from './payload-attempts.ts';
import { registryAttempts } from './registry-attempts.ts';
import { startSmtpSink } from './smtp-sink.ts';
import { transportAttempts } from './transport-attempts.ts';

interface SecurityOptions {
  /** Leaves out the attempts of `npm run access`, and those that start a process each. */
  isShort?: boolean;
  onRow?: (row: AccessRow) => void;
}

/** The short form makes more attempts than this. The long form adds those of `npm run access`, and the slow ones. */
export const FEWEST_SHORT_ATTEMPTS = 150;

const ADMIN_PASSWORD = 'admin-of-the-security-proof-9f2c';
/** Somebody's webhook, whose address is a secret, as with most chat services. */
const WEBHOOK = 'http://127.0.0.1:1/hook';

/**
 * Tries everything on real servers: Kafka and ClickHouse with TLS and logins, a schema registry, the ingestor, and Grafana with
 * the shipped provisioning. Stops all of them at the end.
 * @throws ComponentUnavailableError when a server is not installed
 */
export async function runSecurity({ isShort = false, onRow = () => undefined }: SecurityOptions): Promise<AccessRow[]> {
  const dir = temporaryFolder('floorwatch-security');
  const rows: AccessRow[] = [];
  const tryAll = async (attempts: readonly Attempt[]): Promise<void> => {
    for (const { attempt, expected, run, isSlow = false } of attempts) {
      if (isShort && isSlow) continue;
      const row = { attempt, expected, seen: await run().catch((error: unknown) => String(error)) };
      rows.push(row);
      onRow(row);
    }
  };
  try {
    await tryAll([...imageAttempts(), ...archiveAttempts(join(dir, 'archive')), ...registryAttempts()]);
    const servers = await startSecuredServers(dir);
    await tryAll(kafkaAttempts(servers));
    const payloads = await payloadAttempts(servers);
    await tryAll(payloads.attempts);
    await payloads.close();
    const smtp = await startSmtpSink();
    try {
      await tryAll(await onGrafana(servers, smtp));
    } finally {
      // Otherwise the process would not end when a server is missing.
      smtp.stop();
    }
    await tryAll(transportAttempts(servers));
    await tryAll(leakAttempts(servers, [ADMIN_PASSWORD]));
    const writer = { ...clickHouseEnv(servers, 'http'), KAFKA_TOPIC: 'security.payloads' };
    await tryAll(fileAttempts(join(dir, 'files'), writer));
    await servers.stop();
    if (!isShort) {
      await using sites = await startTwoSites(Date.now());
      await tryAll(allAttempts(sites).map((attempt) => ({ ...attempt, attempt: `ClickHouse, ${attempt.attempt}` })));
    }
    return rows;
  } finally {
    await stopAllChildren();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function onGrafana(
  { dir, clickHouse }: SecuredServers,
  smtp: Awaited<ReturnType<typeof startSmtpSink>>
): Promise<Attempt[]> {
  const prometheus = await startPrometheus({ dataDir: join(dir, 'prometheus'), ingestorTarget: '127.0.0.1:1' });
  const alertingDir = join(dir, 'alerting');
  await runIngestorCommand('Alerts', ['provisioning', '--out', alertingDir], {
    env: { ALERT_WEBHOOK_URL: WEBHOOK },
    logFile: join(dir, 'provisioning.log'),
  });
  const grafana = await startGrafana({
    installation: findGrafana(),
    dataDir: join(dir, 'grafana'),
    alertingDir,
    adminPassword: ADMIN_PASSWORD,
    env: {
      CLICKHOUSE_HOST: '127.0.0.1',
      CLICKHOUSE_HTTP_PORT: String(clickHouse.httpPort),
      CLICKHOUSE_READER_PASSWORD: clickHouse.passwords.reader,
      PROMETHEUS_URL: prometheus.url,
      ALERT_WEBHOOK_URL: WEBHOOK,
    },
    settings: {
      ...{ GF_SMTP_ENABLED: 'true', GF_SMTP_HOST: `127.0.0.1:${smtp.port}` },
      GF_SMTP_FROM_ADDRESS: 'grafana@example.com',
    },
  });
  const secrets = [ADMIN_PASSWORD, ...Object.values(clickHouse.passwords)];
  const attacked = { url: grafana.url, adminPassword: ADMIN_PASSWORD, secrets };
  return [...(await grafanaAttempts(attacked)), ...notificationAttempts(attacked, smtp)];
}
