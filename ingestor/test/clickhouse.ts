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

/** A real ClickHouse on free ports, with the configuration of sql/server/ and an empty data folder. */
export async function startTestServer(env: Record<string, string> = {}): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'floorwatch-sql-'));
  const server = await startClickHouse({ dataDir, env });
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

/** Names of the views that dashboards and pages read, the original design's included; other views are for the roll-ups. */
export async function viewsOfReaders(client: ClickHouseClient): Promise<string[]> {
  const found = await rows<{ name: string }>(
    client,
    `SELECT name FROM system.tables
     WHERE database = 'warehouse' AND engine = 'View' AND (name LIKE 'v\\_%' OR name = 'task_events_mv') ORDER BY name`
  );
  return found.map(({ name }) => name);
}
