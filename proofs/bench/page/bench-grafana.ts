import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouse } from '@floorwatch/servers/clickhouse';
import { startGrafana, type Grafana } from '@floorwatch/servers/grafana';
import type { GrafanaInstallation } from '@floorwatch/servers/grafana-home';
import { firstRow } from '../sql/sql-servers.ts';

interface BenchGrafanaOptions {
  clickhouse: ClickHouse;
  dir: string;
  prometheusUrl: string;
  installation: GrafanaInstallation;
}

/** Without alert rules, whose queries would count as those of the pages. */
export async function startBenchGrafana(options: BenchGrafanaOptions): Promise<Grafana> {
  const { clickhouse, dir, prometheusUrl, installation } = options;
  const alertingDir = join(dir, 'alerting');
  mkdirSync(alertingDir);
  const { hostname, port } = new URL(clickhouse.url);
  return startGrafana({
    ...{ installation, alertingDir, dataDir: join(dir, 'grafana'), adminPassword: crypto.randomUUID() },
    env: {
      ...{ CLICKHOUSE_HOST: hostname, CLICKHOUSE_HTTP_PORT: port, PROMETHEUS_URL: prometheusUrl },
      CLICKHOUSE_READER_PASSWORD: clickhouse.passwords.reader,
    },
  });
}

/** The clock of ClickHouse, in microseconds. */
export async function serverTime(owner: ClickHouseClient): Promise<string> {
  const { at } = await firstRow<{ at: string }>(owner, 'SELECT toString(now64(6)) AS at');
  return at;
}

/** CPU-seconds of what Grafana asked ClickHouse since then. */
export async function readerCpuSince(owner: ClickHouseClient, since: string): Promise<number> {
  await owner.command({ query: 'SYSTEM FLUSH LOGS query_log' });
  const { seconds } = await firstRow<{ seconds: number }>(
    owner,
    `SELECT sum(ProfileEvents['UserTimeMicroseconds'] + ProfileEvents['SystemTimeMicroseconds']) / 1e6 AS seconds
     FROM system.query_log
     WHERE type != 'QueryStart' AND user = 'floorwatch_reader' AND query_start_time_microseconds >= '${since}'`
  );
  return seconds;
}
