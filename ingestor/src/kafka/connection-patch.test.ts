import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import Connection, { type Connection as KafkajsConnection } from 'kafkajs/src/network/connection.js';
import createSocketFactory from 'kafkajs/src/network/socketFactory.js';
import apiVersions from 'kafkajs/src/protocol/requests/apiVersions/index.js';
import { patchConnections } from './connection-patch.ts';

patchConnections();

const TIMEOUT_MS = 30_000;
const NO_API_VERSIONS = Buffer.from([0, 0, 0, 0, 0, 0]);
const silent = { debug: () => undefined, error: () => undefined, warn: () => undefined };
const logger = { ...silent, namespace: () => silent };

/** A broker that the test controls. */
let broker: Server;
let connection: KafkajsConnection;

beforeEach(async () => {
  broker = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(broker, 'listening');
  connection = new Connection({
    host: '127.0.0.1',
    port: (broker.address() as AddressInfo).port,
    logger,
    socketFactory: createSocketFactory(),
    clientId: 'test',
    requestTimeout: TIMEOUT_MS,
    connectionTimeout: TIMEOUT_MS,
    enforceRequestTimeout: true,
  });
});

afterEach(async () => {
  await connection.disconnect();
  broker.close();
});

test('a request without a response fails as soon as its connection is closed', async () => {
  const { answered } = await asked();
  await connection.disconnect();
  await expect(answered).rejects.toThrow('Closed connection');
  expect(connection.isConnected()).toBe(false);
});

test('data of the old socket does not reach the new connection', async () => {
  const old = await asked();
  const oldFails = expect(old.answered).rejects.toThrow('Closed connection');
  await connection.disconnect();
  await oldFails;
  const now = await asked();
  const beginning = answerTo(old.request).subarray(0, 6);
  await new Promise<void>((resolve) => {
    old.socket.end(beginning, resolve);
  });
  now.socket.write(answerTo(now.request));
  await expect(now.answered).resolves.toMatchObject({ apiVersions: [] });
  expect(connection.isConnected()).toBe(true);
});

test('an attempt to connect ends when the connection is closed, and the next one connects', async () => {
  const attempt = connection.connect();
  const fails = expect(attempt).rejects.toThrow('Closed connection');
  await connection.disconnect();
  await fails;
  await expect(connection.connect()).resolves.toBe(true);
});

/** Connects, and sends a request that the broker receives but does not answer. */
async function asked(): Promise<{ socket: Socket; request: Buffer; answered: Promise<unknown> }> {
  const accepted = once(broker, 'connection') as Promise<[Socket]>;
  await connection.connect();
  const [socket] = await accepted;
  socket.on('error', () => undefined);
  const answered = connection.send(apiVersions.protocol({ version: 0 })());
  const [request] = (await once(socket, 'data')) as [Buffer];
  return { socket, request, answered };
}

/** Length, correlation id, no error and no versions. */
function answerTo(request: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeInt32BE(4 + NO_API_VERSIONS.length, 0);
  request.copy(header, 4, 8, 12);
  return Buffer.concat([header, NO_API_VERSIONS]);
}
