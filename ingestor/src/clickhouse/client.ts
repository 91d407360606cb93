import { Agent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { createClient, type ClickHouseClient, type ClickHouseClientConfigOptions } from '@clickhouse/client';
import type { Config } from '../config/config.ts';
import { WRITER_NAME } from './insert.ts';

const MAX_CONNECTIONS = 16;

export function createClickHouse(config: Config['clickhouse']): ClickHouseClient {
  return createClient({
    url: config.url,
    username: config.user,
    password: config.password,
    database: config.database,
    request_timeout: config.requestTimeoutMs,
    application: 'floorwatch-ingestor',
    max_open_connections: MAX_CONNECTIONS,
    keep_alive: { enabled: true, idle_socket_ttl: 2_000 },
    log: { level: 127 },
    clickhouse_settings: { log_comment: `${WRITER_NAME} ${process.argv[2] ?? ''}` },
    ...tlsOptions(config),
  });
}

/**
 * With the client's own `tls` option, the certificate is the login, and ClickHouse then rejects a password. If both are set, an
 * agent uses the certificate for the connection, and the password is the login.
 */
function tlsOptions({
  tls,
  password,
}: Config['clickhouse']): Pick<ClickHouseClientConfigOptions, 'tls' | 'http_agent'> {
  const { ca, cert, key } = tls;
  if (cert !== undefined && key !== undefined && password !== '') {
    return { http_agent: new Agent({ ca, cert, key, keepAlive: true, maxSockets: MAX_CONNECTIONS }) };
  }
  const ca_cert = Buffer.from(ca ?? rootCertificates.join('\n'));
  if (cert !== undefined && key !== undefined)
    return { tls: { ca_cert, cert: Buffer.from(cert), key: Buffer.from(key) } };
  return ca === undefined ? {} : { tls: { ca_cert } };
}
