import { expect, it } from 'vitest';
import { simulateFleet } from './simulate.ts';

// A fleet without robots needs no Kafka: nothing listens at this address.
const noRobots = { brokers: '127.0.0.1:1', robots: 0 };
const NOTHING = { messages: 0, events: 0, robots: 0 };

it('a fleet without robots waits until it is stopped and sends nothing', async () => {
  const stop = new AbortController();
  let isOver = false;
  const run = simulateFleet({ ...noRobots, signal: stop.signal }).finally(() => (isOver = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isOver).toBe(false);
  stop.abort();
  expect(await run).toMatchObject(NOTHING);
});

it('a fleet without robots ends at once if it has a duration', async () => {
  const { signal } = new AbortController();
  expect(await simulateFleet({ ...noRobots, signal, durationSeconds: 60 })).toMatchObject(NOTHING);
});
