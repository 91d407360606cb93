import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, Socket, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { makeCertificates } from '@floorwatch/servers/secured/certificates';
import { afterEach, expect, test } from 'vitest';
import { parseConfig } from '../config/config.ts';
import { createClickHouse } from './client.ts';
import { Hosts, type Host } from './hosts.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A replica that counts its requests. Each needs a new connection. */
function replica(): { server: Server; seen: () => number; stop: () => void } {
  let seen = 0;
  const answer: RequestListener = (_, response) => {
    seen++;
    response.setHeader('Connection', 'close');
    response.end('Ok.\n');
  };
  const server = createServer(answer);
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { server, seen: () => seen, stop };
}

const clientOf = (urls: string[], more = {}) =>
  createClickHouse(parseConfig({ CLICKHOUSE_URL: urls.join(', '), ...more }).clickhouse);

test('a replica that is down is skipped, and the next one is used until it fails, too', async () => {
  const [a, b] = [replica(), replica()];
  const ports = [await listen(a.server), await listen(b.server)];
  const client = clientOf(ports.map((port) => `http://127.0.0.1:${port}`));
  expect(await client.ping()).toEqual({ success: true });
  expect([a.seen(), b.seen()]).toEqual([1, 0]);
  a.stop();
  for (let i = 0; i < 3; i++) expect(await client.ping()).toEqual({ success: true });
  expect([a.seen(), b.seen()]).toEqual([1, 3]);
  b.stop();
  const { success, error } = (await client.ping()) as { success: boolean; error?: NodeJS.ErrnoException };
  expect(success).toBe(false);
  expect(error?.code).toBe('ECONNREFUSED');
  for (const port of ports) expect(error?.message).toContain(`127.0.0.1:${port}: connect ECONNREFUSED`);
  await client.close();
});

test('a replica that accepts connections and never responds is used for one request at most', async () => {
  const hanging = createServer(() => undefined);
  const working = replica();
  const ports = [await listen(hanging), await listen(working.server)];
  const client = clientOf(
    ports.map((port) => `http://127.0.0.1:${port}`),
    { CLICKHOUSE_REQUEST_TIMEOUT_MS: '1000' }
  );
  expect(await client.ping()).toMatchObject({ success: false });
  expect(await client.ping()).toEqual({ success: true });
  await client.close();
});

test('with TLS, a replica whose certificate is not trusted is skipped', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'floorwatch-hosts-'));
  const issue = () => makeCertificates(mkdtempSync(join(dir, 'issued-')));
  const [own, foreign] = [await issue(), await issue()];
  const listening = (of: typeof own): Server => {
    const { cert, key } = of.server;
    return createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }, (_, response) =>
      response.end('Ok.\n')
    );
  };
  const [stranger, trusted] = [listening(foreign), listening(own)];
  const ports = [await listen(stranger), await listen(trusted)];
  const client = clientOf(
    ports.map((port) => `https://127.0.0.1:${port}`),
    { CLICKHOUSE_TLS_CA_FILE: own.authority }
  );
  expect(await client.ping()).toEqual({ success: true });
  trusted.close();
  trusted.closeAllConnections();
  // A request can still get the connection that ends here.
  const problem = async () => ((await client.ping()) as { error?: Error }).error?.message;
  await expect.poll(problem, { timeout: 30_000 }).toMatch(/certificate/);
  await client.close();
  rmSync(dir, { recursive: true });
});

test('a host that does not answer a connection is left after a moment', async () => {
  const working = replica();
  const port = await listen(working.server);
  const hosts = new Hosts([
    { host: 'never', port: 1 },
    { host: '127.0.0.1', port },
  ]);
  const used: string[] = [];
  const open = ({ host, port: at }: Host): Socket => {
    used.push(host);
    return host === 'never' ? new Socket() : connect(at, host);
  };
  const found = await new Promise<Duplex>((resolve, reject) => {
    hosts.connect(open, 'connect', (error, socket) => {
      if (error) reject(error);
      else resolve(socket);
    });
  });
  expect(used).toEqual(['never', '127.0.0.1']);
  found.destroy();
});
