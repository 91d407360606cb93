import { expect, test } from 'vitest';
import type { GroupConsumer, GroupHandlers } from '../kafka/group-consumer.ts';
import { TopicReader } from './topic-reader.ts';

const of = { topic: 't', partition: 0 };
const assignment = { partitions: [of], lost: new AbortController().signal };
const messages = (...offsets: number[]) =>
  offsets.map((offset) => ({ offset: String(offset), timestamp: '0', arrivedAtMs: 0, key: null, value: null }));

/** A reader of one partition, with a simulated broker. */
async function rig(seek: () => Promise<void>) {
  const joined: GroupHandlers[] = [];
  const inner: GroupConsumer = {
    connect: () => Promise.resolve(),
    clusterId: () => Promise.resolve('c'),
    join: (given) => {
      joined.push(given);
      return Promise.resolve();
    },
    committed: () => Promise.resolve({ offset: null, metadata: '' }),
    watermarks: () => Promise.resolve({ low: 0, high: 0 }),
    commit: () => Promise.resolve(),
    seek,
    pause: () => undefined,
    resume: () => undefined,
    stop: () => Promise.resolve(),
  };
  const reader = new TopicReader(inner, 't');
  await reader.open();
  const [handlers] = joined;
  if (!handlers) throw new Error('not joined');
  return { reader, handlers };
}

/** Offsets 10 to 13, in the order of delivery. */
async function placesOf(reader: TopicReader): Promise<number[]> {
  const places: number[] = [];
  for await (const { place } of reader.messages(0, 10, 14)) places.push(place);
  return places;
}

test('messages that arrive again after a rebalance are returned once', async () => {
  const { reader, handlers } = await rig(() => Promise.resolve());
  handlers.onAssigned(assignment);
  const given = placesOf(reader);
  await Promise.resolve();
  handlers.onMessages(of, messages(10, 11));
  handlers.onAssigned(assignment);
  handlers.onMessages(of, messages(10, 11, 12, 13, 14));
  expect(await given).toEqual([10, 11, 12, 13]);
});

test('a broker that is unavailable at a rebalance ends the reading with an error, but not the process', async () => {
  let isAway = false;
  const { reader, handlers } = await rig(() => (isAway ? Promise.reject(new Error('away')) : Promise.resolve()));
  handlers.onAssigned(assignment);
  const given = placesOf(reader);
  isAway = true;
  handlers.onAssigned(assignment);
  await expect(given).rejects.toThrow('away');
});
