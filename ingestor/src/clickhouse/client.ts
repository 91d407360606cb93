import { Agent as HttpAgent, type ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { createClient, type ClickHouseClient, type ClickHouseClientConfigOptions } from '@clickhouse/client';
import type { Config } from '../config/config.ts';
import { Hosts, toHost, type Host, type OnConnection } from './hosts.ts';
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
    ...connectionOptions(config),
  });
}

/**
 * A certificate without a password is the login: ClickHouse then expects this header, and no password. If both are set, the
 * certificate is for the connection, and the password is the login.
 */
function connectionOptions({ url, hosts, user, tls, password }: Config['clickhouse']): ClickHouseClientConfigOptions {
  const replicas = hosts.length > 1 ? new Hosts(hosts) : null;
  if (!url.startsWith('https:')) return replicas ? { http_agent: new FailoverAgent(replicas) } : {};
  const isLogin = tls.cert !== undefined && tls.key !== undefined && password === '';
  return {
    http_agent: new RenewingAgent(tls, replicas),
    ...(isLogin && {
      set_basic_auth_header: false,
      http_headers: { 'X-ClickHouse-User': user, 'X-ClickHouse-SSL-Certificate-Auth': 'on' },
    }),
  };
}

class FailoverAgent extends HttpAgent {
  readonly #hosts: Hosts;

  constructor(hosts: Hosts) {
    super({ keepAlive: true, maxSockets: MAX_CONNECTIONS });
    this.#hosts = hosts;
  }

  override createConnection(options: ClientRequestArgs, done: OnConnection): undefined {
    this.#hosts.connect((host) => super.createConnection(toHost(options, host)) as Socket, 'connect', done);
  }
}

/** Each new connection uses the certificate files as they are then. The client's own `tls` option reads them once. */
class RenewingAgent extends HttpsAgent {
  readonly #tls: Config['clickhouse']['tls'];
  readonly #hosts: Hosts | null;

  constructor(tls: Config['clickhouse']['tls'], hosts: Hosts | null) {
    // A session that is resumed would not be verified again.
    super({ keepAlive: true, maxSockets: MAX_CONNECTIONS, maxCachedSessions: 0 });
    this.#tls = tls;
    this.#hosts = hosts;
  }

  override createConnection(...[options, done]: Parameters<HttpsAgent['createConnection']>) {
    const { ca, cert, key } = this.#tls;
    const withFiles = { ...options, ca, cert, key };
    if (this.#hosts === null || !done) return super.createConnection(withFiles, done);
    // The certificate must be that of the host. An address has no server name.
    const open = (host: Host): Socket =>
      super.createConnection({ ...toHost(withFiles, host), servername: isIP(host.host) ? '' : host.host }) as Socket;
    this.#hosts.connect(open, 'secureConnect', done);
    return undefined;
  }
}
