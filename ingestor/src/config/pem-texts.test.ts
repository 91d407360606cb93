import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from '@floorwatch/servers/secured/certificates';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createClickHouse } from '../clickhouse/client.ts';
import { kafkaSecurity } from '../kafka/security.ts';
import { parseConfig } from './config.ts';

interface Issued {
  ca: string;
  cert: string;
  key: string;
}

let dir: string;
let files: Record<'ca' | 'cert' | 'key', string>;
let servers: Server[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'floorwatch-pem-'));
  files = { ca: join(dir, 'ca.crt'), cert: join(dir, 'client.crt'), key: join(dir, 'client.key') };
  servers = [];
});

afterEach(() => {
  for (const server of servers) server.close();
  rmSync(dir, { recursive: true, force: true });
  vi.restoreAllMocks();
});

/** Of a new authority */
async function issue(): Promise<Issued> {
  const { authority, client } = await makeCertificates(mkdtempSync(join(dir, 'issued-')));
  const [ca = '', cert = '', key = ''] = [authority, client.cert, client.key].map((file) => readFileSync(file, 'utf8'));
  return { ca, cert, key };
}

function write(issued: Issued): void {
  for (const name of ['ca', 'cert', 'key'] as const) writeFileSync(files[name], issued[name]);
}

const kafkaTls = () => {
  const { kafka } = parseConfig({
    KAFKA_TLS: 'on',
    KAFKA_TLS_CA_FILE: files.ca,
    KAFKA_TLS_CERT_FILE: files.cert,
    KAFKA_TLS_KEY_FILE: files.key,
  });
  return kafkaSecurity(kafka).ssl as object;
};

/** As kafkajs does for each connection */
const copied = (ssl: object): object => Object.assign({ host: 'broker' }, ssl);

it('gives each new connection to Kafka the certificates that are in the files then', async () => {
  const [first, second] = [await issue(), await issue()];
  write(first);
  const ssl = kafkaTls();
  expect(copied(ssl)).toEqual({ host: 'broker', ...first });
  write(second);
  expect(copied(ssl)).toEqual({ host: 'broker', ...second });
});

it('keeps the certificates while the files are being replaced, and warns once with the name of the file', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const [first, second] = [await issue(), await issue()];
  write(first);
  const ssl = kafkaTls();
  writeFileSync(files.cert, second.cert);
  expect(copied(ssl)).toEqual({ host: 'broker', ...first });
  expect(warn).toHaveBeenCalledExactlyOnceWith(
    `${files.key} is not the private key of ${files.cert}. New connections use the certificates that were read before.`,
    { type: 'CertificateWarning' }
  );
  writeFileSync(files.ca, readFileSync(files.ca, 'utf8').slice(0, 100));
  expect(copied(ssl)).toEqual({ host: 'broker', ...first });
  expect(warn.mock.calls[1]?.[0]).toContain(`${files.ca} is no longer a readable PEM file: `);
  rmSync(files.ca);
  expect(copied(ssl)).toEqual({ host: 'broker', ...first });
  write(second);
  expect(copied(ssl)).toEqual({ host: 'broker', ...second });
});

it.each([
  ['as the login', '', { 'x-clickhouse-user': 'floorwatch_writer', 'x-clickhouse-ssl-certificate-auth': 'on' }],
  ['for the connection only', 'secret', { authorization: `Basic ${btoa('floorwatch_writer:secret')}` }],
])('follows a ClickHouse whose certificates are renewed, with a client certificate %s', async (_, password, login) => {
  const [first, second] = [await issue(), await issue()];
  write(first);
  const seen: object[] = [];
  const server = createServer(
    { ...first, ca: first.ca, requestCert: true, rejectUnauthorized: true },
    ({ headers }, response) => {
      seen.push(headers);
      // So that the next request needs a new connection
      response.setHeader('Connection', 'close');
      response.end('Ok.\n');
    }
  );
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const client = createClickHouse(
    parseConfig({
      CLICKHOUSE_URL: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      CLICKHOUSE_PASSWORD: password,
      CLICKHOUSE_TLS_CA_FILE: files.ca,
      CLICKHOUSE_TLS_CERT_FILE: files.cert,
      CLICKHOUSE_TLS_KEY_FILE: files.key,
    }).clickhouse
  );
  expect(await client.ping()).toEqual({ success: true });
  server.setSecureContext(second);
  expect(await client.ping()).toMatchObject({ success: false });
  write(second);
  expect(await client.ping()).toEqual({ success: true });
  expect(seen).toHaveLength(2);
  for (const headers of seen) expect(headers).toMatchObject(login);
  if (password === '') for (const headers of seen) expect(headers).not.toHaveProperty('authorization');
  await client.close();
});
