import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { startClickHouse, type ClickHouse } from '@floorwatch/servers/clickhouse';
import { accessTable } from '../src/access/access-table.ts';
import { hashesFromEnvironment } from '../src/access/password-hashes.ts';
import { siteReaderName } from '../src/access/sites.ts';
import { usersFile } from '../src/access/users-file.ts';
import { SQL_DIR } from '../src/migrate/migration-files.ts';

export interface TestServer {
  server: ClickHouse;
  as: (user: 'owner' | 'writer' | 'reader') => ClickHouseClient;
  /** The reader of one of the given sites. */
  ofSite: (site: string) => ClickHouseClient;
  stop: () => Promise<void>;
}

/** Password of the site readers of test servers. */
export const SITE_PASSWORD = 'site';

/**
 * A real ClickHouse on free ports, with an empty data folder.
 * @param sites each has a site reader, as `ingestor migrate --print users.d --site ID` writes it
 * @param configDir contains the server's configuration; sql/server/ by default
 */
export async function startTestServer(
  env: Record<string, string> = {},
  { sites, configDir }: { sites?: readonly string[]; configDir?: string } = {}
): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'floorwatch-sql-'));
  const config = sites
    ? writeServerConfig(join(dataDir, 'config'), sites)
    : configDir === undefined
      ? {}
      : { configDir };
  const server = await startClickHouse({ dataDir, ...config, env: { ...('env' in config ? config.env : {}), ...env } });
  const clients = new Map<string, ClickHouseClient>();
  const connect = (username: string, password: string): ClickHouseClient => {
    const client = clients.get(username) ?? createClient({ url: server.url, username, password, log: { level: 127 } });
    clients.set(username, client);
    return client;
  };
  const as = (user: 'owner' | 'writer' | 'reader'): ClickHouseClient =>
    connect(`floorwatch_${user}`, server.passwords[user]);
  const ofSite = (site: string): ClickHouseClient => connect(siteReaderName(site), SITE_PASSWORD);
  const stop = async (): Promise<void> => {
    await Promise.all([...clients.values()].map((client) => client.close()));
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { server, as, ofSite, stop };
}

/**
 * The shipped configuration with readers of these sites. Returns options of `startClickHouse`.
 * @param edit changes the users file
 */
export function writeServerConfig(
  configDir: string,
  sites: readonly string[],
  edit: (usersFile: string) => string = (text) => text
): { configDir: string; env: Record<string, string> } {
  mkdirSync(join(configDir, 'users.d'), { recursive: true });
  for (const file of ['config.xml', 'users.xml']) copyFileSync(join(SQL_DIR, 'server', file), join(configDir, file));
  const options = hashesFromEnvironment(sites);
  writeFileSync(join(configDir, 'users.d/floorwatch.xml'), edit(usersFile(accessTable(options))));
  const hash = createHash('sha256').update(SITE_PASSWORD).digest('hex');
  const variables = (options.sites ?? []).flatMap(({ passwordSha256 }) =>
    typeof passwordSha256 === 'object' && passwordSha256 !== null ? [passwordSha256.fromEnv] : []
  );
  return { configDir, env: Object.fromEntries(variables.map((variable) => [variable, hash])) };
}

/** All rows of a query. */
export async function rows<Row>(client: ClickHouseClient, query: string): Promise<Row[]> {
  return (await client.query({ query, format: 'JSONEachRow' })).json<Row>();
}

/** Names of the views that dashboards and pages read, the original design's included; other views are for the roll-ups. */
export async function viewsOfReaders(client: ClickHouseClient): Promise<string[]> {
  const found = await rows<{ name: string }>(
    client,
    `SELECT name FROM system.tables
     WHERE database = 'warehouse' AND engine = 'View' AND (name LIKE 'v\\_%' OR name = 'task_events_mv') ORDER BY name`
  );
  return found.map(({ name }) => name);
}
