import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, waitUntilReady, type ServerProcess } from './child.ts';
import { requireJava } from './java.ts';
import { mavenArtifacts } from './maven.ts';
import { claimPort, LOOPBACK } from './ports.ts';

const PART = 'Schema Registry';
const REMEDY =
  'Install Java 17 and Maven (Debian: apt install openjdk-17-jre-headless maven), or set SCHEMA_REGISTRY_URL.';

export interface SchemaRegistryOptions {
  dataDir: string;
  /** A free one by default. */
  port?: number | undefined;
  logFile?: string;
}

export interface SchemaRegistry extends ServerProcess {
  /** Base address of the Confluent-compatible API: `${url}/subjects`. */
  readonly url: string;
}

/**
 * Starts Apicurio Registry, on loopback only. It keeps the schemas in memory: they are gone after a stop.
 * Settles when it answers.
 * @throws PartUnavailableError
 */
export async function startSchemaRegistry(options: SchemaRegistryOptions): Promise<SchemaRegistry> {
  const port = await claimPort(PART, options.port, 'SCHEMA_REGISTRY_PORT');
  const java = await requireJava(PART, REMEDY);
  const pomFile = join(import.meta.dirname, 'schema-registry/pom.xml');
  const applicationDir = await mavenArtifacts(PART, pomFile, 'unpack-dependencies', REMEDY);
  const runner = readdirSync(applicationDir).find((name) => name.endsWith('-runner.jar')) ?? '';

  mkdirSync(options.dataDir, { recursive: true });
  const child = await startChild({
    part: PART,
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
  await waitUntilReady(PART, child, async () => (await fetch(`${url}/subjects`)).ok);
  return { ...child, url };
}
