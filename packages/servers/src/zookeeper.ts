import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startChild, waitUntilReady, type ServerProcess } from './child.ts';
import { requireJava } from './java.ts';
import { mavenArtifacts } from './maven.ts';
import { claimPort, LOOPBACK } from './ports.ts';

const COMPONENT = 'ZooKeeper';
const REMEDY = 'Install Java 17 and Maven (Debian: apt install openjdk-17-jre-headless maven).';

export interface ZooKeeperOptions {
  dataDir: string;
  /** Default: a free port. */
  port?: number | undefined;
  logFile?: string;
}

export interface ZooKeeper extends ServerProcess {
  readonly port: number;
}

/**
 * Starts Apache ZooKeeper, one node, on loopback only. Replicas of ClickHouse coordinate through it.
 * Settles when it responds. Data survives SIGKILL and a restart on the same folder.
 * @throws ComponentUnavailableError
 */
export async function startZooKeeper(options: ZooKeeperOptions): Promise<ZooKeeper> {
  const port = await claimPort(COMPONENT, options.port, 'ZOOKEEPER_PORT');
  const java = await requireJava(COMPONENT, REMEDY);
  const jars = await mavenArtifacts(
    COMPONENT,
    join(import.meta.dirname, 'zookeeper/pom.xml'),
    'copy-dependencies',
    REMEDY
  );

  mkdirSync(options.dataDir, { recursive: true });
  const propertiesFile = join(options.dataDir, 'zoo.cfg');
  const properties = {
    tickTime: 1000,
    dataDir: join(options.dataDir, 'data'),
    clientPort: port,
    clientPortAddress: LOOPBACK,
    'admin.enableServer': false,
    '4lw.commands.whitelist': 'ruok',
  };
  const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(propertiesFile, lines.join(''));
  const child = await startChild({
    component: COMPONENT,
    command: java,
    args: [
      ...['-Xms32m', '-Xmx128m', '-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError'],
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      ...['-cp', join(jars, '*'), 'org.apache.zookeeper.server.quorum.QuorumPeerMain', propertiesFile],
    ],
    workingDir: options.dataDir,
    logFile: options.logFile ?? join(options.dataDir, 'zookeeper.log'),
    missingRemedy: REMEDY,
  });
  await waitUntilReady(COMPONENT, child, () => answers(port));
  return { ...child, port };
}

/** ZooKeeper's health command. A server that is starting can accept the connection and not respond. */
async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: LOOPBACK, timeout: 1_000 });
  socket.once('timeout', () => socket.destroy(new Error('no answer')));
  socket.end('ruok');
  return (await text(socket)) === 'imok';
}
