import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { startChild, waitUntilReady, type ServerProcess } from './child.ts';
import { ComponentUnavailableError } from './errors.ts';
import { REPOSITORY_DIR } from './paths.ts';
import { claimPort, LOOPBACK } from './ports.ts';

const COMPONENT = 'ClickHouse';
const USERS = ['owner', 'writer', 'reader'] as const;

/** Passwords of floorwatch_owner, floorwatch_writer and floorwatch_reader. */
export type ClickHousePasswords = Readonly<Record<(typeof USERS)[number], string>>;

export interface ClickHouseOptions {
  /** Created if absent. ClickHouse does not start a second server on the same folder. */
  dataDir: string;
  /** Default: free ports. */
  httpPort?: number | undefined;
  tcpPort?: number | undefined;
  logFile?: string;
  /** Folder with config.xml, users.xml and users.d/. Default: sql/server/. */
  configDir?: string;
  /**
   * CLICKHOUSE_{OWNER,WRITER,READER}_PASSWORD (generated if absent), and variables that sql/server/ reads: KAFKA_BROKERS,
   * KAFKA_TOPIC and KAFKA_ENGINE_GROUP_ID for the Kafka engine.
   */
  env?: Readonly<Record<string, string>>;
}

export interface ClickHouse extends ServerProcess {
  readonly url: string;
  readonly httpPort: number;
  readonly tcpPort: number;
  readonly passwords: ClickHousePasswords;
}

/** Opens the ports as ClickHouse's own server does, then sleeps without end: `clickhouse local` exits after its last query. */
const SERVE = [
  'SYSTEM START LISTEN HTTP',
  'SYSTEM START LISTEN TCP',
  'SELECT sleepEachRow(3) FROM system.numbers ' +
    'SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0 FORMAT Null',
].join(';');

/**
 * Starts ClickHouse (the server code in the chdb library) with the users and configuration of sql/server/, on loopback only.
 * Settles when it responds. Data survives SIGKILL and a restart on the same folder.
 * @throws ComponentUnavailableError
 */
export async function startClickHouse(options: ClickHouseOptions): Promise<ClickHouse> {
  const library = libraryPath();
  const httpPort = await claimPort(COMPONENT, options.httpPort, 'CLICKHOUSE_HTTP_PORT');
  const tcpPort = await claimPort(COMPONENT, options.tcpPort, 'CLICKHOUSE_TCP_PORT');
  const passwords = passwordsFrom(options.env ?? {});
  mkdirSync(options.dataDir, { recursive: true });
  // `clickhouse local` keeps the system database in memory, but fails to create query_log if old files of it exist.
  rmSync(join(options.dataDir, 'data', 'system'), { recursive: true, force: true });

  const logFile = options.logFile ?? join(options.dataDir, 'clickhouse.log');
  const child = await startChild({
    component: COMPONENT,
    command: process.execPath,
    args: [
      join(import.meta.dirname, 'clickhouse-server.ts'),
      library,
      ...['--config-file', join(options.configDir ?? join(REPOSITORY_DIR, 'sql/server'), 'config.xml')],
      ...['--path', options.dataDir, '--log-level', 'information', '--query', SERVE],
      // After `--`: server settings that are different in the container.
      ...['--', `--http_port=${httpPort}`, `--tcp_port=${tcpPort}`, `--listen_host=${LOOPBACK}`],
      ...['--logger.console=0', `--logger.log=${logFile}`],
    ],
    env: {
      KAFKA_BROKERS: `${LOOPBACK}:9092`,
      KAFKA_TOPIC: 'robot.telemetry',
      KAFKA_ENGINE_GROUP_ID: 'floorwatch-engine',
      ...options.env,
      // The server needs only the hashes.
      ...Object.fromEntries(USERS.map((user) => [`${passwordVariable(user)}_SHA256`, sha256(passwords[user])])),
    },
    workingDir: options.dataDir,
    logFile,
    missingRemedy: 'Run npm ci again.',
  });
  const url = `http://${LOOPBACK}:${httpPort}`;
  await waitUntilReady(COMPONENT, child, async () => (await fetch(`${url}/ping`)).ok);
  return { ...child, url, httpPort, tcpPort, passwords };
}

function passwordVariable(user: (typeof USERS)[number]): string {
  return `CLICKHOUSE_${user.toUpperCase()}_PASSWORD`;
}

function passwordsFrom(env: Readonly<Record<string, string>>): ClickHousePasswords {
  const of = (user: (typeof USERS)[number]): string => env[passwordVariable(user)] ?? randomBytes(16).toString('hex');
  return { owner: of('owner'), writer: of('writer'), reader: of('reader') };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** npm installs the chdb library only on platforms that it is built for: Linux on x64 with glibc. */
function libraryPath(): string {
  try {
    const require = createRequire(import.meta.url);
    return join(dirname(require.resolve('@chdb/lib-linux-x64-gnu/package.json')), 'libchdb.so');
  } catch {
    throw new ComponentUnavailableError(
      COMPONENT,
      `no ClickHouse is available for ${process.platform} ${process.arch}`,
      'Set CLICKHOUSE_URL to a running server, or use docker compose up.'
    );
  }
}
