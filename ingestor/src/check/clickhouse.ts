import { text } from 'node:stream/consumers';
import { ClickHouseError, type ClickHouseClient } from '@clickhouse/client';
import { createClickHouse } from '../clickhouse/client.ts';
import type { Config } from '../config/config.ts';
import { isOlder, MINIMUM_SERVER_VERSION } from '../migrate/server-checks.ts';
import { clockFinding } from './clock.ts';
import { failed, messageOf, ok, warning, type Finding } from './finding.ts';
import { eventsFindings } from './events.ts';
import { insertFindings } from './insert.ts';
import { neededRights } from './rights.ts';
import { schemaFinding } from './schema.ts';
import { tableFindings, type TableFacts } from './tables.ts';

export async function clickHouseFindings(config: Config): Promise<Finding[]> {
  const { database, url } = config.clickhouse;
  // The configured database may not exist yet.
  const client = createClickHouse({ ...config.clickhouse, database: 'default' });
  try {
    const askedMs = Date.now();
    const [server] = await rowsOf<{ version: string; user: string; now_ms: number }>(
      client,
      'SELECT version() AS version, currentUser() AS user, toFloat64(toUnixTimestamp64Milli(now64(3))) AS now_ms'
    );
    const { version = '0', user = '', now_ms: theirsMs = 0 } = server ?? {};
    const clock = clockFinding('clickhouse', { askedMs, theirsMs, answeredMs: Date.now() });
    const tables = await tablesOf(client, database);
    return [
      versionFinding(url, version, user),
      clock,
      ...(await rightFindings(client, config)),
      await schemaFinding(client, tables),
      ...tableFindings(tables, config.ingestPath),
      ...(await insertFindings(client, config)),
      ...(await eventsFindings(client, config)),
      ...(await robotsFinding(client, config)),
    ];
  } catch (error) {
    return [failed('clickhouse', `${url}: ${messageOf(error)}`, clickHouseRemedy(error))];
  } finally {
    await client.close();
  }
}

export function clickHouseRemedy(error: unknown): string {
  if (error instanceof ClickHouseError)
    return error.type === 'AUTHENTICATION_FAILED'
      ? 'Check CLICKHOUSE_USER and CLICKHOUSE_PASSWORD; the user may also be limited to other addresses (HOST of the user).'
      : 'ClickHouse responds, but rejects the request of this user. See its log.';
  if (/certificate|SSL|TLS|alert/i.test(messageOf(error)))
    return 'Check CLICKHOUSE_URL (https?) and the CLICKHOUSE_TLS_*_FILE variables.';
  return 'Check CLICKHOUSE_URL, and that ClickHouse is running.';
}

function versionFinding(url: string, version: string, user: string): Finding {
  if (isOlder(version, MINIMUM_SERVER_VERSION))
    return failed('clickhouse', `${url}: version ${version}`, `Upgrade it to ${MINIMUM_SERVER_VERSION} or later.`);
  return ok('clickhouse', `${url}: version ${version}, as ${user}`);
}

async function rightFindings(client: ClickHouseClient, config: Config): Promise<Finding[]> {
  const { user } = config.clickhouse;
  const missing: Finding[] = [];
  for (const { right, purpose, isNeeded } of neededRights(config)) {
    // exec, not query: CHECK GRANT has no FORMAT clause. It returns 1 or 0.
    const { stream } = await client.exec({ query: `CHECK GRANT ${right}` });
    if ((await text(stream)).trim() === '1') continue;
    const remedy = `GRANT ${right} TO ${user}, or update its role: \`ingestor migrate --print\` shows all rights.`;
    const detail = `${user} lacks ${right}: ${purpose}`;
    missing.push(isNeeded ? failed('rights', detail, remedy) : warning('rights', detail, remedy));
  }
  return missing.length > 0 ? missing : [ok('rights', `${user} has all rights that the ingestor needs`)];
}

/** The tables that are visible to the user. */
function tablesOf(client: ClickHouseClient, database: string): Promise<TableFacts[]> {
  return rowsOf<TableFacts>(
    client,
    `SELECT database, name, engine, engine_full, create_table_query FROM system.tables WHERE database IN ('${database}', '${database}_local')`
  );
}

async function robotsFinding(client: ClickHouseClient, { enrichEveryMs, clickhouse }: Config): Promise<Finding[]> {
  if (enrichEveryMs === undefined) return [];
  const check = 'enrichment';
  try {
    const [row] = await rowsOf<{ robots: number }>(
      client,
      `SELECT toFloat64(count()) AS robots FROM ${clickhouse.database}.robots FINAL WHERE deleted = 0`
    );
    if (row && row.robots > 0) return [ok(check, `the robots table has ${row.robots} robots`)];
    return [
      warning(
        check,
        'the robots table is empty: events are not enriched',
        'Insert into warehouse.robots, or unset ENRICH_EVERY_MS.'
      ),
    ];
  } catch (error) {
    return [warning(check, messageOf(error), 'GRANT SELECT ON warehouse.robots, or unset ENRICH_EVERY_MS.')];
  }
}

async function rowsOf<Row>(client: ClickHouseClient, query: string): Promise<Row[]> {
  return (await client.query({ query, format: 'JSONEachRow' })).json<Row>();
}
