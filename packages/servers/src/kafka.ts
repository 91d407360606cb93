import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import getPort from 'get-port';
import { Kafka as KafkaClient, logLevel } from 'kafkajs';
import { startChild, waitUntilReady, type ServerProcess } from './child.ts';
import { requireJava } from './java.ts';
import { brokerProperties, type ProxiedListener } from './kafka-properties.ts';
import { jvmArguments, scramFormatArguments, type SecureListeners } from './kafka-security.ts';
import { mavenArtifacts } from './maven.ts';
import { claimPort, LOOPBACK } from './ports.ts';

const PART = 'Kafka';
const REMEDY =
  'Install Java 17 and Maven (Debian: apt install openjdk-17-jre-headless maven), or set KAFKA_BROKERS to a running broker.';

export interface KafkaOptions {
  /** Created and formatted when absent. */
  dataDir: string;
  /** A free one by default. */
  port?: number | undefined;
  logFile?: string;
  /** Further listeners that ask for encryption and a login; their ports must be free. */
  secure?: SecureListeners;
  /** Not together with `secure`. */
  proxied?: ProxiedListener;
}

export interface Kafka extends ServerProcess {
  /** host:port, as KAFKA_BROKERS takes it. */
  readonly brokers: string;
  readonly port: number;
}

/**
 * Starts Apache Kafka, one node in KRaft mode, on loopback only. The jars come from Maven at the first start.
 * Settles when it answers. Data survives SIGKILL and a restart on the same folder. Topics are made by `createTopic` only.
 * @throws PartUnavailableError
 */
export async function startKafka(options: KafkaOptions): Promise<Kafka> {
  const port = await claimPort(PART, options.port, 'KAFKA_PORT');
  const java = await requireJava(PART, REMEDY);
  const jars = await kafkaClassPath();

  mkdirSync(options.dataDir, { recursive: true });
  const propertiesFile = join(options.dataDir, 'server.properties');
  const logsDir = join(options.dataDir, 'data');
  const controllerPort = await getPort({ host: LOOPBACK });
  const { secure, proxied } = options;
  writeFileSync(propertiesFile, brokerProperties({ port, controllerPort, logsDir, secure, proxied }), { mode: 0o600 });
  if (!existsSync(join(logsDir, 'meta.properties'))) {
    // One word with its option: an id may begin with a dash.
    const clusterId = `--cluster-id=${randomBytes(16).toString('base64url')}`;
    const format = ['kafka.tools.StorageTool', 'format', clusterId, '--config', propertiesFile];
    const users = secure ? scramFormatArguments(secure) : [];
    await promisify(execFile)(java, ['-cp', jars, ...format, ...users]);
  }

  const child = await startChild({
    part: PART,
    command: java,
    args: [
      ...['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError'],
      ...['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Dorg.slf4j.simpleLogger.showDateTime=true'],
      '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
      ...(secure ? jvmArguments(secure) : []),
      ...['-cp', jars, 'kafka.Kafka', propertiesFile],
    ],
    workingDir: options.dataDir,
    logFile: options.logFile ?? join(options.dataDir, 'kafka.log'),
    missingRemedy: REMEDY,
  });
  const brokers = `${LOOPBACK}:${port}`;
  await waitUntilReady(PART, child, () => kafkaAnswers(brokers));
  return { ...child, brokers, port };
}

/**
 * Kafka's own jars as a Java class path: the broker, and the console tools of its distribution.
 * @throws PartUnavailableError when they cannot be downloaded
 */
export async function kafkaClassPath(): Promise<string> {
  const pomFile = join(import.meta.dirname, 'kafka/pom.xml');
  return join(await mavenArtifacts(PART, pomFile, 'copy-dependencies', REMEDY), '*');
}

/** True when a broker of the list answers. @throws when none does */
export async function kafkaAnswers(brokers: string): Promise<boolean> {
  const client = new KafkaClient({ brokers: brokers.split(','), logLevel: logLevel.NOTHING, retry: { retries: 0 } });
  const admin = client.admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length > 0;
  } finally {
    await admin.disconnect();
  }
}
