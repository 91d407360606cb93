import type { Admin, Kafka } from 'kafkajs';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AdminClient } from './admin-client.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Clients that never respond, except the last one. */
function kafkaWith(clients: Partial<Admin>[]): Kafka {
  const rest = [...clients];
  return { admin: () => rest.shift() } as unknown as Kafka;
}

const log = pino({ level: 'silent' });
const never = () => new Promise<never>(() => undefined);

test('a client that does not respond is replaced once, for all waiting requests', async () => {
  const disconnect = vi.fn(never);
  const listTopics = () => Promise.resolve(['robot.telemetry']);
  const client = new AdminClient(kafkaWith([{ listTopics: never, disconnect }, { listTopics }]), log);
  const ask = () => client.ask((admin) => admin.listTopics());
  const waiting = Promise.allSettled([ask(), ask()]);
  await vi.advanceTimersByTimeAsync(60_000);
  const reason = expect.objectContaining({ message: 'Kafka did not respond within 60 s' }) as unknown;
  expect(await waiting).toEqual([
    { status: 'rejected', reason },
    { status: 'rejected', reason },
  ]);
  expect(disconnect).toHaveBeenCalledTimes(1);
  expect(await ask()).toEqual(['robot.telemetry']);
});

test('an error is a response: the client is not replaced', async () => {
  const disconnect = vi.fn(never);
  const listTopics = () => Promise.reject(new Error('no rights'));
  const client = new AdminClient(kafkaWith([{ listTopics, disconnect }]), log);
  const ask = () => client.ask((admin) => admin.listTopics());
  await expect(ask()).rejects.toThrow('no rights');
  await expect(ask()).rejects.toThrow('no rights');
  expect(disconnect).not.toHaveBeenCalled();
});
