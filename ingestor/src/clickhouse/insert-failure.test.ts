import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from '@clickhouse/client';
import { expect, test } from 'vitest';
import { insertFailureOf, type InsertFailure } from './insert-failure.ts';

/** What the client says of a server with this behaviour. */
async function failureWith(answer: RequestListener | null): Promise<InsertFailure> {
  const server = createServer(answer ?? undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (answer === null) server.close();
  const client = createClient({ url, request_timeout: 200, log: { level: 127 } });
  try {
    await client.insert({ table: 't', values: [{ a: 1 }], format: 'JSONEachRow' });
    throw new Error('the insert did not fail');
  } catch (error) {
    return insertFailureOf(error as Error);
  } finally {
    await client.close();
    server.close();
    server.closeAllConnections();
  }
}

test('an error of ClickHouse is refused, with its name', async () => {
  const text = 'Code: 252. DB::Exception: Too many parts (300). Merges are slow. (TOO_MANY_PARTS) (version 26.7.1.1)';
  const answer: RequestListener = (_, response) => {
    response.writeHead(500, { 'x-clickhouse-exception-code': '252' }).end(text);
  };
  expect(await failureWith(answer)).toEqual({ reason: 'refused', code: 'TOO_MANY_PARTS' });
});

test('no answer in time is a timeout', async () => {
  expect(await failureWith(() => undefined)).toEqual({ reason: 'timeout', code: 'NO_ANSWER_IN_TIME' });
});

test('no connection is unreachable', async () => {
  expect(await failureWith(null)).toEqual({ reason: 'unreachable', code: 'ECONNREFUSED' });
});

test('an error of the network without a name has a code too', () => {
  expect(insertFailureOf(new Error('the stream ended'))).toEqual({ reason: 'unreachable', code: 'NO_CONNECTION' });
});
