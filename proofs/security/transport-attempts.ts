import { connect, type AddressInfo } from 'node:net';
import { request } from 'node:https';
import { readFileSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { createServer } from 'node:tls';
import { clickHouseEnv } from '@floorwatch/servers/secured/securities';
import type { SecuredServers } from '@floorwatch/servers/secured/servers';
import type { Attempt } from '../access/attempt.ts';
import { tryPlainText } from './kafka-attempts.ts';
import { runIngestor } from './run-command.ts';

/** Servers that are not what they claim to be, as the ingestor meets them, and clients without rights at ClickHouse's TLS port. */
export function transportAttempts(servers: SecuredServers): Attempt[] {
  const { certificates, clickHouse, clickHouseUrls, kafka } = servers;
  const trust = { KAFKA_TLS: 'on', KAFKA_TLS_CA_FILE: certificates.authority };
  const https = clickHouseEnv(servers, 'https');
  const open = { KAFKA_BROKERS: servers.brokers.open };
  const bad = Object.entries(certificates.bad);
  return [
    ...bad.map(([name, certificate]): Attempt => ({
      attempt: `ingestor: a ClickHouse with a certificate ${name}`,
      expected: 'rejected',
      run: () =>
        behind(certificate, clickHouse.httpPort, (port) =>
          check('clickhouse', { ...open, ...https, CLICKHOUSE_URL: `https://127.0.0.1:${port}` })
        ),
    })),
    ...bad.map(([name, certificate]): Attempt => ({
      attempt: `ingestor: a Kafka with a certificate ${name}`,
      expected: 'rejected',
      run: () =>
        behind(certificate, kafka.port, (port) =>
          check('kafka', { ...https, ...trust, KAFKA_BROKERS: `127.0.0.1:${port}` })
        ),
    })),
    {
      attempt: 'ingestor: a ClickHouse with the right certificate',
      expected: 'allowed',
      run: () => check('clickhouse', { ...open, ...https }),
    },
    {
      attempt: 'ingestor: TLS to a ClickHouse without TLS',
      expected: 'rejected',
      isSlow: true,
      run: () => check('clickhouse', { ...open, ...https, CLICKHOUSE_URL: clickHouse.url.replace('http:', 'https:') }),
    },
    {
      attempt: 'ClickHouse: plain text to its TLS port',
      expected: 'rejected',
      run: () => tryPlainText(new URL(clickHouseUrls.https).host),
    },
    {
      attempt: 'ClickHouse with mutual TLS: the right certificate',
      expected: 'allowed',
      run: () => ask(servers, certificates.client),
    },
    { attempt: 'ClickHouse with mutual TLS: no certificate', expected: 'rejected', run: () => ask(servers, undefined) },
    ...bad
      .filter(([name]) => name !== 'for another host')
      .map(([name, certificate]): Attempt => ({
        attempt: `ClickHouse with mutual TLS: a certificate ${name}`,
        expected: 'rejected',
        run: () => ask(servers, undefined, certificate),
      })),
  ];
}

/** Runs a client against a TLS server with this certificate, which would pass everything on. */
async function behind(
  { cert, key }: { cert: string; key: string },
  target: number,
  client: (port: number) => Promise<string>
): Promise<string> {
  const server = createServer({ cert, key }, (socket) => {
    const upstream = connect(target, '127.0.0.1');
    pipeline(socket, upstream, socket, () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await client((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

/** What `ingestor check` says about the connection to a server. */
async function check(server: 'kafka' | 'clickhouse', env: Readonly<Record<string, string>>): Promise<string> {
  const { output } = await runIngestor(['check', '--json'], { ...env, KAFKA_TOPIC: 'none' });
  const line = output.split('\n').find((text) => text.startsWith('{')) ?? '{}';
  const { checks = [] } = JSON.parse(line) as { checks?: { check: string; status: string; message: string }[] };
  const found = checks.filter((finding) => finding.check === server);
  if (found.length === 0) return `no answer: ${output.slice(0, 200)}`;
  return found.some(({ status }) => status === 'ok') ? 'allowed' : 'rejected';
}

function ask(
  { certificates, clickHouse, clickHouseUrls }: SecuredServers,
  files: { cert: string; key: string } | undefined,
  contents?: { cert: string; key: string }
): Promise<string> {
  const own = files ? { cert: readFileSync(files.cert), key: readFileSync(files.key) } : contents;
  return new Promise((resolve) => {
    const asked = request(
      `${clickHouseUrls.httpsMutual}/?query=SELECT+1`,
      {
        ca: readFileSync(certificates.authority),
        ...own,
        headers: { 'X-ClickHouse-User': 'floorwatch_reader', 'X-ClickHouse-Key': clickHouse.passwords.reader },
        timeout: 5_000,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200 ? 'allowed' : `status ${response.statusCode ?? 0}`);
      }
    );
    asked.once('error', () => {
      resolve('rejected');
    });
    asked.end();
  });
}
