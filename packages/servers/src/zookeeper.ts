import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startChild, waitUntilReady, type ServerProcess } from './child.ts';
import { requireJava } from './java.ts';
import { mavenArtifacts } from './maven.ts';
import { claimPort, LOOPBACK } from './ports.ts';

const PART = 'ZooKeeper';
const REMEDY = 'Install Java 17 and Maven (Debian: apt install openjdk-17-jre-headless maven).';

export interface ZooKeeperOptions {
  dataDir: string;
  /** A free one by default. */
  port?: number | undefined;
  logFile?: string;
}

export interface ZooKeeper extends ServerProcess {
  readonly port: number;
}

/**
 * Starts Apache ZooKeeper, one node, on loopback only: what replicas of ClickHouse agree by.
 * Settles when it answers. Data survives SIGKILL and a restart on the same folder.
 * @throws PartUnavailableError
 */
export async function startZooKeeper(options: ZooKeeperOptions): Promise<ZooKeeper> {
  const port = await claimPort(PART, options.port, 'ZOOKEEPER_PORT');
  const java = await requireJava(PART, REMEDY);
  const jars = await mavenArtifacts(PART, join(import.meta.dirname, 'zookeeper/pom.xml'), 'copy-dependencies', REMEDY);

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
    part: PART,
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
  await waitUntilReady(PART, child, () => answers(port));
  return { ...child, port };
}

/** ZooKeeper's own question after its health. A server that is only starting may take the connection and say nothing. */
async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: LOOPBACK, timeout: 1_000 });
  socket.once('timeout', () => socket.destroy(new Error('no answer')));
  socket.end('ruok');
  return (await text(socket)) === 'imok';
}
