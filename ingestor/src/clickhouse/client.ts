import { Agent } from 'node:https';
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
 * A certificate without a password is the login: ClickHouse then expects this header, and no password. If both are set, the
 * certificate is for the connection, and the password is the login.
 */
function tlsOptions({ url, user, tls, password }: Config['clickhouse']): ClickHouseClientConfigOptions {
  if (!url.startsWith('https:')) return {};
  const isLogin = tls.cert !== undefined && tls.key !== undefined && password === '';
  return {
    http_agent: new RenewingAgent(tls),
    ...(isLogin && {
      set_basic_auth_header: false,
      http_headers: { 'X-ClickHouse-User': user, 'X-ClickHouse-SSL-Certificate-Auth': 'on' },
    }),
  };
}

/** Each new connection uses the certificate files as they are then. The client's own `tls` option reads them once. */
class RenewingAgent extends Agent {
  readonly #tls: Config['clickhouse']['tls'];

  constructor(tls: Config['clickhouse']['tls']) {
    // A session that is resumed would not be verified again.
    super({ keepAlive: true, maxSockets: MAX_CONNECTIONS, maxCachedSessions: 0 });
    this.#tls = tls;
  }

  override createConnection(...[options, callback]: Parameters<Agent['createConnection']>) {
    const { ca, cert, key } = this.#tls;
    return super.createConnection({ ...options, ca, cert, key }, callback);
  }
}
