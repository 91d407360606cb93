import { expect, it } from 'vitest';
import { simulateFleet } from './simulate.ts';

// A fleet of none needs no Kafka: nothing answers here.
const nobody = { brokers: '127.0.0.1:1', robots: 0 };
const NOTHING = { messages: 0, events: 0, robots: 0 };

it('waits with a fleet of none until it is stopped, and has sent nothing', async () => {
  const stop = new AbortController();
  let isOver = false;
  const run = simulateFleet({ ...nobody, signal: stop.signal }).finally(() => (isOver = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isOver).toBe(false);
  stop.abort();
  expect(await run).toMatchObject(NOTHING);
});

it('ends with a fleet of none at once where it has a duration', async () => {
  const { signal } = new AbortController();
  expect(await simulateFleet({ ...nobody, signal, durationSeconds: 60 })).toMatchObject(NOTHING);
});
