import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from '@floorwatch/servers/child';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { claimPort } from '@floorwatch/servers/ports';
import { clickHouseEnv } from '@floorwatch/servers/secured/securities';
import type { SecuredServers } from '@floorwatch/servers/secured/servers';
import type { Attempt } from '../access/attempt.ts';
import { leaked } from './grafana-attempts.ts';
import { runIngestor } from './run-command.ts';

const WRONG = 'wrong-secret-of-the-proof-5e884898';

/** Where secrets could appear that the ingestor and the servers were given. `others` are more secrets in use. */
export function leakAttempts(servers: SecuredServers, others: readonly string[]): Attempt[] {
  const { certificates, clickHouse, login, oauth } = servers;
  const secrets = [WRONG, login.password, oauth.clientSecret, ...Object.values(clickHouse.passwords), ...others];
  const secured = {
    ...clickHouseEnv(servers, 'https'),
    ...{ KAFKA_BROKERS: servers.brokers.sasl, KAFKA_TLS: 'on', KAFKA_TLS_CA_FILE: certificates.authority },
    ...{ KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512', KAFKA_SASL_USERNAME: login.username, KAFKA_SASL_PASSWORD: WRONG },
    SCHEMA_REGISTRY_URL: `http://somebody:${WRONG}@127.0.0.1:1`,
    TOPIC_FORMATS: 'interop.json=registry',
  };
  const inOutputOf = (args: string[], env: Readonly<Record<string, string>>, note = ''): Attempt => ({
    attempt: `secrets in the output of \`ingestor ${args[0] ?? ''}\`${note}`,
    expected: 'none',
    // Each starts a process.
    isSlow: true,
    run: async () => leaked((await runIngestor(args, { KAFKA_TOPIC: 'interop.json', ...env })).output, secrets),
  });
  return [
    inOutputOf(['config'], secured),
    inOutputOf(['check'], secured),
    inOutputOf(['migrate'], { ...clickHouseEnv(servers, 'https'), CLICKHOUSE_PASSWORD: WRONG }, ', denied'),
    inOutputOf(['floorplan', 'import', join(REPOSITORY_DIR, 'demo/plans/hall.yaml')], {
      ...clickHouseEnv(servers, 'https'),
      CLICKHOUSE_PASSWORD: WRONG,
    }),
    inOutputOf(
      ['migrate'],
      { CLICKHOUSE_URL: `http://floorwatch_owner:${WRONG}@127.0.0.1:1` },
      ', with a password in the address'
    ),
    inOutputOf(['run'], { ...secured, KAFKA_SASL_PASSWORD_FILE: join(REPOSITORY_DIR, 'package.json') }),
    {
      attempt: 'secrets in the log and in /metrics, /readyz and /healthz of an ingestor that is denied',
      expected: 'none',
      run: () => deniedIngestor(servers.dir, secured, secrets),
    },
    {
      attempt: 'secrets in the arguments of every process',
      expected: 'none',
      run: () => Promise.resolve(leaked(processArguments(), secrets)),
    },
    {
      attempt: 'secrets in the logs of Kafka, ClickHouse and Grafana',
      expected: 'none',
      run: () => Promise.resolve(leaked(logsUnder(servers.dir), secrets)),
    },
    {
      attempt: 'private keys in the logs',
      expected: 'none',
      run: () => Promise.resolve(leaked(logsUnder(servers.dir), ['PRIVATE KEY'])),
    },
  ];
}

async function deniedIngestor(dir: string, env: Record<string, string>, secrets: readonly string[]): Promise<string> {
  const port = await claimPort('Ingestor', undefined, 'HTTP_PORT');
  const ingestor = await startChild({
    component: 'Ingestor',
    command: process.execPath,
    args: [join(REPOSITORY_DIR, 'ingestor/src/main.ts'), 'run'],
    env: { ...env, HTTP_PORT: String(port), LOG_LEVEL: 'trace', KAFKA_TOPIC: 'interop.json', KAFKA_GROUP_ID: 'leak' },
    logFile: join(dir, 'denied.log'),
    missingRemedy: '',
  });
  const log = (): string => readFileSync(ingestor.logFile, 'utf8');
  try {
    const deadlineMs = Date.now() + 30_000;
    while (!/authentication failed/i.test(log())) {
      if (Date.now() > deadlineMs) return `not denied: ${log().slice(-200)}`;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const answers = await Promise.all(
      ['metrics', 'readyz', 'healthz'].map(async (path) => (await fetch(`http://127.0.0.1:${port}/${path}`)).text())
    );
    return leaked(log() + answers.join('\n'), secrets);
  } finally {
    await ingestor.stop();
  }
}

/** Linux shows the arguments of a process to every user of the machine. */
function processArguments(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');
}

function logsUnder(dir: string): string {
  const logs = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log'));
  return logs.map((name) => readFileSync(join(dir, name), 'utf8')).join('\n');
}
