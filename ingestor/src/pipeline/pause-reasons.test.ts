import { expect, test, vi } from 'vitest';
import type { GroupConsumer } from '../kafka/group-consumer.ts';
import { PauseReasons } from './pause-reasons.ts';

test('a partition is read when no reason is left, and full memory is told before a turn', () => {
  const consumer = { pause: vi.fn(), resume: vi.fn() };
  const pauses = new PauseReasons({ topic: 't', partition: 0 }, consumer as unknown as GroupConsumer);
  expect(pauses.first).toBe('position');
  pauses.set('turn', true);
  pauses.set('memory', true);
  expect(pauses.first).toBe('memory');
  pauses.set('memory', false);
  pauses.set('position', false);
  expect(pauses.first).toBe('turn');
  expect(consumer.resume).not.toHaveBeenCalled();
  pauses.set('turn', false);
  expect(pauses.first).toBeNull();
  expect(consumer.resume).toHaveBeenCalledTimes(1);
  pauses.set('memory', true);
  expect(consumer.pause).toHaveBeenCalledTimes(1);
});
