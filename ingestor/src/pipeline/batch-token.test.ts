import { expect, test } from 'vitest';
import type { DeadLetterReason } from '../decode/outcome.ts';
import { rangeToken } from './batch-token.ts';

const range = { of: { topic: 'robot.telemetry', partition: 3 }, first: 10, last: 19 };
const tokenWith = (reason: DeadLetterReason, count: number) =>
  rangeToken('cluster', 'epoch', { ...range, rejected: new Map([[reason, count]]) });

test('the same offsets of the same log have one token', () => {
  expect(rangeToken('cluster', 'epoch', { ...range, rejected: new Map() })).toBe(
    'cluster:robot.telemetry:epoch:3:10-19'
  );
  expect(tokenWith('invalid_json', 2)).toBe('cluster:robot.telemetry:epoch:3:10-19');
});

test('a range that can be read better the second time is not taken for the first', () => {
  expect(tokenWith('schema_unknown', 1)).not.toBe(tokenWith('schema_unknown', 0));
});
