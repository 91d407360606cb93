import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { readCompose, readSecure } from '../configuration/compose-file.ts';
import { writeKafkaTools } from './kafka-tools.ts';

const plain = readCompose();
const secure = readSecure();

const VOLUMES = [
  ...['clickhouse-owner', 'clickhouse-writer', 'clickhouse-reader', 'clickhouse-hashes', 'grafana-admin'],
  ...['kafka-ingestor', 'kafka-engine', 'kafka-fleet', 'kafka-registry'],
  ...['tls-authority-key', 'tls-authority', 'tls-kafka', 'tls-clickhouse'],
];

/** What stands for addresses inside the network of compose, such as `kafka:19094`. */
export type Addresses = Readonly<Record<string, string>>;

/**
 * docker-compose.yml with docker-compose.secure.yml as plain processes: scripts, variables and commands are those of the files.
 * Only folders, ports and host names differ.
 */
export class SecureCompose {
  readonly #dir: string;
  readonly #addresses: Addresses;

  constructor(dir: string, addresses: Addresses) {
    this.#dir = dir;
    this.#addresses = addresses;
  }

  get authority(): string {
    return join(this.#dir, 'secrets/tls-authority/ca.crt');
  }

  secret(path: string): string {
    return readFileSync(join(this.#dir, 'secrets', path), 'utf8');
  }

  /** Runs the scripts that make passwords and certificates. */
  makeSecrets(): void {
    for (const name of VOLUMES) mkdirSync(join(this.#dir, 'secrets', name), { recursive: true });
    const group = String(process.getgid?.() ?? 0);
    for (const name of ['make-secrets.sh', 'make-certificates.sh']) {
      execFileSync('sh', [join(REPOSITORY_DIR, 'deploy/compose', name)], {
        env: {
          PATH: process.env['PATH'] ?? '',
          SECRETS_DIR: join(this.#dir, 'secrets'),
          ...{ KAFKA_GROUP: group, CLICKHOUSE_GROUP: group },
        },
      });
    }
  }

  /** The environment that compose gives to a service, without variables of .env. */
  environment(service: string): Record<string, string> {
    const variables = { ...plain.services[service]?.environment, ...secure.services[service]?.environment };
    return Object.fromEntries(Object.entries(variables).map(([name, text]) => [name, this.#here(text)]));
  }

  /** server.properties, as the image of Kafka makes it from its environment. */
  kafkaProperties(): Record<string, string> {
    const own = Object.entries(this.environment('kafka')).filter(([name]) =>
      /^KAFKA_(?!HEAP_OPTS|LOG_DIRS)/.test(name)
    );
    const property = (name: string): string =>
      name.slice('KAFKA_'.length).toLowerCase().replaceAll('_', '.').replaceAll('...', '-').replaceAll('..', '_');
    // Without a host, a listener would be open to the network of this machine.
    return Object.fromEntries(own.map(([name, text]) => [property(name), text.replaceAll('://:', '://127.0.0.1:')]));
  }

  /** ClickHouse's configuration folder, with the files that deploy/compose/Dockerfile copies. */
  clickHouseConfig(): string {
    const folder = join(this.#dir, 'clickhouse-config');
    mkdirSync(join(folder, 'config.d'), { recursive: true });
    writeFileSync(join(folder, 'config.xml'), '<clickhouse></clickhouse>');
    for (const [from, to] of [
      ['sql/server/config.xml', 'config.d/floorwatch.xml'],
      ['sql/server/users.xml', 'users.xml'],
      ['sql/server/users.d', 'users.d'],
    ] as const) {
      cpSync(join(REPOSITORY_DIR, from), join(folder, to), { recursive: true });
    }
    const own = readFileSync(join(REPOSITORY_DIR, 'deploy/compose/clickhouse-secure.xml'), 'utf8');
    writeFileSync(join(folder, 'config.d/floorwatch-secure.xml'), this.#here(own));
    return folder;
  }

  /** Runs the entry point and the command of a service to their end. @returns its exit code and output */
  async run(service: string, env: Readonly<Record<string, string>> = {}) {
    const words = secure.services[service]?.entrypoint ?? plain.services[service]?.entrypoint ?? [];
    const command = secure.services[service]?.command ?? plain.services[service]?.command ?? [];
    const bin = await this.#kafkaTools();
    const [program = '', ...args] = [...words, ...command].map((word) =>
      // The folders of the image first, because the folder of a test can be in /tmp.
      this.#here(
        word
          .replaceAll('/tmp/', `${this.#dir}/`)
          .replaceAll('/opt/kafka/bin', bin)
          // Prints what the registry would start with.
          .replaceAll('/etc/confluent/docker/run', 'printenv')
      )
    );
    return run(program, args, { ...this.environment(service), ...env });
  }

  /** Runs a console tool of Kafka. */
  async tool(name: string, args: readonly string[]) {
    return run(join(await this.#kafkaTools(), `${name}.sh`), args, {});
  }

  /** Runs the health check of a service. @returns its exit code */
  healthCheck(service: string, authority = this.authority): number | null {
    const [, command = '', ...args] = secure.services[service]?.healthcheck?.test ?? [];
    const here = args.map((word) => this.#here(word).replaceAll(this.authority, authority));
    return spawnSync(command, here, { timeout: 30_000 }).status;
  }

  #here(text: string): string {
    const resolved = text.replaceAll(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1').replaceAll('$$', () => '$');
    let here = resolved.replaceAll('/secrets/', `${this.#dir}/secrets/`);
    for (const [inside, outside] of Object.entries(this.#addresses)) here = here.replaceAll(inside, outside);
    return here;
  }

  /** Kafka's console tools under the names that they have in its image. */
  async #kafkaTools(): Promise<string> {
    const bin = join(this.#dir, 'kafka-bin');
    mkdirSync(bin, { recursive: true });
    await writeKafkaTools(bin);
    return bin;
  }
}

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const options = { env: { PATH: process.env['PATH'] ?? '', ...env }, timeout: 120_000 };
  return new Promise<{ status: number; output: string }>((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : 1, output: stdout + stderr });
    });
  });
}
