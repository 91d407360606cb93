import type { ClickHouseClient } from '@clickhouse/client';
import type { Measure } from './measure.ts';
import { reportNow } from './report-now.ts';
import { firstRow, type SqlBenchServers } from './sql-servers.ts';
import { VIEW_QUESTIONS } from './view-questions.ts';

const MAX_SHARE = 0.1;
const VIEWERS = ['first', 'second'] as const;
/** As in provisioning/datasources/floorwatch.yaml; the views are read one after the other, so the second viewer is later than 2 s. */
const CACHE = {
  use_query_cache: 1,
  query_cache_ttl: 60,
  query_cache_nondeterministic_function_handling: 'save',
  query_cache_system_table_handling: 'save',
} as const;

/**
 * Measures the CPU of a second viewer of all `now` views, as a share of that of the first one, with the settings of Grafana's data
 * source. A server without a query cache (`clickhouse local`, and so the process of the stack without Docker) misses the requirement.
 */
export async function measureSecondViewer({ owner, reader }: SqlBenchServers, robots: number): Promise<Measure> {
  await reportNow(owner, robots);
  const run = crypto.randomUUID();
  for (const viewer of VIEWERS) {
    for (const { query } of VIEW_QUESTIONS.filter(({ now }) => now)) {
      const answer = await reader.query({
        query,
        query_id: `${run}-${viewer}-${crypto.randomUUID()}`,
        format: 'JSONCompactEachRow',
        clickhouse_settings: CACHE,
      });
      await answer.text();
    }
  }
  const [first, second] = await Promise.all(VIEWERS.map((viewer) => cpuSeconds(owner, `${run}-${viewer}-`)));
  const value = (second ?? NaN) / (first ?? NaN);
  return {
    ...{ measure: 'second_viewer_share', value, required: `<= ${MAX_SHARE}`, ok: value <= MAX_SHARE },
    ...{ first_cpu_seconds: first, second_cpu_seconds: second, has_query_cache: await hasQueryCache(owner) },
  };
}

async function cpuSeconds(owner: ClickHouseClient, queryIdPrefix: string): Promise<number> {
  await owner.command({ query: 'SYSTEM FLUSH LOGS query_log' });
  const { seconds } = await firstRow<{ seconds: number }>(
    owner,
    `SELECT sum(ProfileEvents['UserTimeMicroseconds'] + ProfileEvents['SystemTimeMicroseconds']) / 1e6 AS seconds
     FROM system.query_log WHERE type = 'QueryFinish' AND startsWith(query_id, '${queryIdPrefix}')`
  );
  return seconds;
}

async function hasQueryCache(owner: ClickHouseClient): Promise<boolean> {
  const { hits } = await firstRow<{ hits: number }>(
    owner,
    `SELECT sum(value) AS hits FROM system.events WHERE event = 'QueryCacheHits'`
  );
  return hits > 0;
}
