import { expect, it } from 'vitest';
import { createTally } from './tally.ts';

const message = (eventId: string | null) => ({
  offsetMs: 0,
  key: 'r1',
  value: Buffer.from('{}'),
  events: [{ eventId, robotId: 'r1' }],
  malformed: 0,
});

it('counts duplicates, and counts an event without an id as distinct', () => {
  const tally = createTally();
  for (const id of ['a', 'b', 'a', null, null]) tally.add(message(id));
  tally.add({ ...message('a'), events: [], malformed: 1 });
  expect(tally.counts()).toEqual({
    messages: 6,
    events: 5,
    distinctEventIds: 4,
    duplicates: 1,
    malformed: 1,
    robots: 1,
  });
});

it('remembers only the set number of ids', () => {
  const tally = createTally(2);
  for (const id of ['a', 'b', 'a', 'c', 'a']) tally.add(message(id));
  expect(tally.counts().duplicates).toBe(1);
});
