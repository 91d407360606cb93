import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { awaitAnsweringBroker, NoBrokerAnswersError } from './answering-broker.ts';

const servers: Server[] = [];

async function listen(port = 0): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => undefined)).listen(port, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function unusedPort(): Promise<number> {
  const port = await listen();
  await close(servers.pop());
  return port;
}

async function close(server: Server | undefined): Promise<void> {
  await new Promise((resolve) => server?.close(resolve));
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map(close));
});

test('one broker that responds is enough', async () => {
  const brokers = [`127.0.0.1:${await unusedPort()}`, `127.0.0.1:${await listen()}`];
  await expect(awaitAnsweringBroker(brokers)).resolves.toBeUndefined();
});

test('it waits for a broker that restarts', async () => {
  const port = await unusedPort();
  const waiting = awaitAnsweringBroker([`127.0.0.1:${port}`], 10_000);
  setTimeout(() => void listen(port), 300);
  await expect(waiting).resolves.toBeUndefined();
});

test('if no broker responds, the error lists each with its problem', async () => {
  const [one, two] = [await unusedPort(), await unusedPort()];
  const error = await awaitAnsweringBroker([`127.0.0.1:${one}`, `127.0.0.1:${two}`], 200).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(NoBrokerAnswersError);
  expect((error as Error).message).toBe(
    `127.0.0.1:${one}: connect ECONNREFUSED 127.0.0.1:${one}; 127.0.0.1:${two}: connect ECONNREFUSED 127.0.0.1:${two}`
  );
});
