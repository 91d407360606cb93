import { createClient, type ClickHouseClient } from '@clickhouse/client';
import type { Config } from '../config/config.ts';

export function createClickHouse(config: Config['clickhouse']): ClickHouseClient {
  return createClient({
    url: config.url,
    username: config.user,
    password: config.password,
    database: config.database,
    request_timeout: config.requestTimeoutMs,
    application: 'floorwatch-ingestor',
    max_open_connections: 16,
    keep_alive: { enabled: true, idle_socket_ttl: 2_000 },
    log: { level: 127 },
  });
}
