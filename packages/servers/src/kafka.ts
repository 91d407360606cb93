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

const COMPONENT = 'Kafka';
const REMEDY =
  'Install Java 17 and Maven (Debian: apt install openjdk-17-jre-headless maven), or set KAFKA_BROKERS to a running broker.';

export interface KafkaOptions {
  /** Created and formatted if absent. */
  dataDir: string;
  /** Default: a free port. */
  port?: number | undefined;
  logFile?: string;
  /** More listeners, with encryption and authentication. Their ports must be free. */
  secure?: SecureListeners;
  /** Cannot be combined with `secure`. */
  proxied?: ProxiedListener;
  /** Properties of the broker to add or to replace. A listener without security must remain at the port. */
  properties?: Readonly<Record<string, string>>;
}

export interface Kafka extends ServerProcess {
  /** host:port, as KAFKA_BROKERS takes it. */
  readonly brokers: string;
  readonly port: number;
}

/**
 * Starts Apache Kafka, one node in KRaft mode, on loopback only. Maven downloads the jars at the first start.
 * Settles when it responds. Data survives SIGKILL and a restart on the same folder. Only `createTopic` creates topics.
 * @throws ComponentUnavailableError
 */
export async function startKafka(options: KafkaOptions): Promise<Kafka> {
  const port = await claimPort(COMPONENT, options.port, 'KAFKA_PORT');
  const java = await requireJava(COMPONENT, REMEDY);
  const jars = await kafkaClassPath();

  mkdirSync(options.dataDir, { recursive: true });
  const propertiesFile = join(options.dataDir, 'server.properties');
  const logsDir = join(options.dataDir, 'data');
  const controllerPort = await getPort({ host: LOOPBACK });
  const { secure, proxied, properties } = options;
  const broker = { port, controllerPort, logsDir, secure, proxied, properties };
  writeFileSync(propertiesFile, brokerProperties(broker), { mode: 0o600 });
  if (!existsSync(join(logsDir, 'meta.properties'))) {
    // One argument with its option, because an id can begin with a dash.
    const clusterId = `--cluster-id=${randomBytes(16).toString('base64url')}`;
    const format = ['kafka.tools.StorageTool', 'format', clusterId, '--config', propertiesFile];
    const users = secure ? scramFormatArguments(secure) : [];
    await promisify(execFile)(java, ['-cp', jars, ...format, ...users]);
  }

  const child = await startChild({
    component: COMPONENT,
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
  await waitUntilReady(COMPONENT, child, () => kafkaAnswers(brokers));
  return { ...child, brokers, port };
}

/**
 * The Java class path of the Kafka broker and its console tools.
 * @throws ComponentUnavailableError when they cannot be downloaded
 */
export async function kafkaClassPath(): Promise<string> {
  const pomFile = join(import.meta.dirname, 'kafka/pom.xml');
  return join(await mavenArtifacts(COMPONENT, pomFile, 'copy-dependencies', REMEDY), '*');
}

/** True when a broker of the list responds. @throws when none does */
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
