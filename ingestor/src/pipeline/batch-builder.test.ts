import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { jsonReader } from '../decode/json.ts';
import { topicFormat } from '../decode/topic-format.ts';
import { BatchBuilder } from './batch-builder.ts';

const builder = () =>
  new BatchBuilder({
    ...{ of: { topic: 't', partition: 0 }, format: topicFormat(jsonReader), memoryBytes: () => 1e9 },
    limits: { maxRows: 1_000, maxBytes: 1e9, maxMs: 1_000 },
    duplicateWindowEvents: 20_000,
  });
const message = (events: number, padding = '') => ({
  ...{ offset: '0', timestamp: '0', arrivedAtMs: Date.now(), key: null },
  value: Buffer.from(
    JSON.stringify(
      Array.from({ length: events }, () => ({
        ...{ event_id: randomUUID(), robot_id: 'amr-1', ts: Date.now(), meta: { padding } },
      }))
    )
  ),
});

test('a warm-up of messages with many events keeps the rows of one message in memory', () => {
  const warm = builder();
  const before = process.memoryUsage().arrayBuffers;
  for (let offset = 0; offset < 1_000; offset++) warm.remember(message(100, 'x'.repeat(400)), offset);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20e6);
});

test('a warm-up needs as many messages as fill the window, and no more than its bytes', () => {
  const single = builder();
  for (let offset = 0; offset < 1_000; offset++) single.remember(message(1), offset);
  expect(single.warmUpMessages).toBe(20_000);
  const hundreds = builder();
  hundreds.remember(message(100), 0);
  expect(hundreds.warmUpMessages).toBeNull();
  for (let offset = 1; offset < 10; offset++) hundreds.remember(message(100), offset);
  expect(hundreds.warmUpMessages).toBe(200);
  const large = builder();
  for (let offset = 0; offset < 20; offset++) large.remember(message(1, 'x'.repeat(100_000)), offset);
  expect(large.warmUpMessages).toBeGreaterThan(300);
  expect(large.warmUpMessages).toBeLessThan(350);
});

test('an event that a warm-up remembered is a duplicate afterwards', () => {
  const warm = builder();
  const seen = message(3);
  warm.remember(seen, 0);
  warm.append(seen, 1, 1, null);
  expect(warm.close()).toMatchObject({ duplicates: 3, rows: { rows: 0 } });
});
