import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, waitUntilReady, type ServerProcess } from './child.ts';
import { requireJava } from './java.ts';
import { mavenArtifacts } from './maven.ts';
import { claimPort, LOOPBACK } from './ports.ts';

const COMPONENT = 'Schema Registry';
const REMEDY =
  'Install Java 17 and Maven (Debian: apt install openjdk-17-jre-headless maven), or set SCHEMA_REGISTRY_URL.';

export interface SchemaRegistryOptions {
  dataDir: string;
  /** Default: a free port. */
  port?: number | undefined;
  logFile?: string;
}

export interface SchemaRegistry extends ServerProcess {
  /** Base address of the Confluent-compatible API: `${url}/subjects`. */
  readonly url: string;
}

/**
 * Starts Apicurio Registry, on loopback only. It keeps the schemas in memory: a restart loses them.
 * Settles when it responds.
 * @throws ComponentUnavailableError
 */
export async function startSchemaRegistry(options: SchemaRegistryOptions): Promise<SchemaRegistry> {
  const port = await claimPort(COMPONENT, options.port, 'SCHEMA_REGISTRY_PORT');
  const java = await requireJava(COMPONENT, REMEDY);
  const pomFile = join(import.meta.dirname, 'schema-registry/pom.xml');
  const applicationDir = await mavenArtifacts(COMPONENT, pomFile, 'unpack-dependencies', REMEDY);
  const runner = readdirSync(applicationDir).find((name) => name.endsWith('-runner.jar')) ?? '';

  mkdirSync(options.dataDir, { recursive: true });
  const child = await startChild({
    component: COMPONENT,
    command: java,
    args: [
      ...['-Xmx256m', '-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError'],
      ...[`-Dquarkus.http.host=${LOOPBACK}`, `-Dquarkus.http.port=${port}`],
      ...['-jar', join(applicationDir, runner)],
    ],
    workingDir: options.dataDir,
    logFile: options.logFile ?? join(options.dataDir, 'schema-registry.log'),
    missingRemedy: REMEDY,
  });
  const url = `http://${LOOPBACK}:${port}/apis/ccompat/v7`;
  await waitUntilReady(COMPONENT, child, async () => (await fetch(`${url}/subjects`)).ok);
  return { ...child, url };
}
