import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { startClickHouse, type ClickHouse } from '@floorwatch/servers/clickhouse';

export interface TestServer {
  server: ClickHouse;
  as: (user: 'owner' | 'writer' | 'reader') => ClickHouseClient;
  stop: () => Promise<void>;
}

/**
 * A real ClickHouse on free ports, with an empty data folder.
 * @param configDir contains config.xml and users.xml; sql/server/ by default
 */
export async function startTestServer(env: Record<string, string> = {}, configDir?: string): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'floorwatch-sql-'));
  const server = await startClickHouse({ dataDir, env, ...(configDir === undefined ? {} : { configDir }) });
  const clients = new Map<string, ClickHouseClient>();
  const as = (user: 'owner' | 'writer' | 'reader'): ClickHouseClient => {
    const known = clients.get(user);
    if (known) return known;
    const client = createClient({
      url: server.url,
      username: `floorwatch_${user}`,
      password: server.passwords[user],
      log: { level: 127 },
    });
    clients.set(user, client);
    return client;
  };
  const stop = async (): Promise<void> => {
    await Promise.all([...clients.values()].map((client) => client.close()));
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { server, as, stop };
}

/** All rows of a query. */
export async function rows<Row>(client: ClickHouseClient, query: string): Promise<Row[]> {
  return (await client.query({ query, format: 'JSONEachRow' })).json<Row>();
}
