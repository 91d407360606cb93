import { expect, test } from 'vitest';
import type { DeadLetterReason } from '../decode/outcome.ts';
import { batchToken } from './batch-writer.ts';

const batch = { of: { topic: 'robot.telemetry', partition: 3 }, first: 10, last: 19 };
const tokenWith = (reason: DeadLetterReason, count: number) =>
  batchToken('cluster', 'epoch', { ...batch, rejected: new Map([[reason, count]]) });

test('the same offsets of the same log have one token', () => {
  expect(batchToken('cluster', 'epoch', { ...batch, rejected: new Map() })).toBe(
    'cluster:robot.telemetry:epoch:3:10-19'
  );
  expect(tokenWith('invalid_json', 2)).toBe('cluster:robot.telemetry:epoch:3:10-19');
});

test('a batch in which more events can be read the second time has another token', () => {
  expect(tokenWith('schema_unknown', 1)).not.toBe(tokenWith('schema_unknown', 0));
});
