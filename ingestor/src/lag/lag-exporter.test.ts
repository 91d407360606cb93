import type { Admin, Kafka } from 'kafkajs';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMetrics } from '../metrics/metrics.ts';
import { LagExporter } from './lag-exporter.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const pathOf = (group: string) => (group === 'reads' ? 'ingestor' : null);
const connected = { connect: () => Promise.resolve(), disconnect: () => Promise.resolve() };

test('after a client did not respond, lag is measured again, and the failure is counted', async () => {
  const silent: Partial<Admin> = { ...connected, fetchTopicOffsets: () => new Promise(() => undefined) };
  const watermarks = [{ partition: 0, offset: '9', high: '9', low: '0' }];
  const answering: Partial<Admin> = {
    ...connected,
    fetchTopicOffsets: () => Promise.resolve(watermarks),
    fetchTopicOffsetsByTimestamp: () => Promise.resolve([{ partition: 0, offset: '0' }]),
    fetchOffsets: () => Promise.resolve([{ topic: 't', partitions: [{ partition: 0, offset: '4', metadata: null }] }]),
  };
  const clients = [silent, answering];
  const kafka = { admin: () => clients.shift() } as unknown as Kafka;
  const metrics = createMetrics();
  const log = pino({ level: 'silent' });
  const exporter = new LagExporter(kafka, { groups: ['g'], topics: ['t'], intervalMs: 1, pathOf, metrics, log });
  await exporter.start();
  await vi.advanceTimersByTimeAsync(60_000);
  vi.useRealTimers();
  await vi.waitUntil(async () => (await metrics.lagMessages.get()).values.length > 0);
  await exporter.stop();
  expect((await metrics.lagFailures.get()).values[0]?.value).toBe(1);
  expect((await metrics.lagMessages.get()).values).toMatchObject([{ labels: { group: 'g' }, value: 5 }]);
});

test('a group that never committed has no lag, because nobody reads for it', async () => {
  vi.useRealTimers();
  const committed: Record<string, string> = { reads: '4', never: '-1' };
  const admin: Partial<Admin> = {
    ...connected,
    fetchTopicOffsets: () => Promise.resolve([{ partition: 0, offset: '9', high: '9', low: '0' }]),
    fetchTopicOffsetsByTimestamp: () => Promise.resolve([{ partition: 0, offset: '0' }]),
    fetchOffsets: ({ groupId }) =>
      Promise.resolve([
        { topic: 't', partitions: [{ partition: 0, offset: committed[groupId] ?? '', metadata: null }] },
      ]),
  };
  const metrics = createMetrics();
  const log = pino({ level: 'silent' });
  const groups = ['never', 'reads'];
  const exporter = new LagExporter({ admin: () => admin } as unknown as Kafka, {
    ...{ groups, topics: ['t'], intervalMs: 60_000, pathOf, metrics, log },
  });
  await exporter.start();
  await vi.waitUntil(async () => (await metrics.lagMessages.get()).values.length > 0);
  await exporter.stop();
  expect((await metrics.lagMessages.get()).values.map(({ labels }) => [labels.group, labels.path])).toEqual([
    ['reads', 'ingestor'],
  ]);
});

test('the time of the last answer of Kafka stands still while Kafka does not answer', async () => {
  const silent: Partial<Admin> = { ...connected, fetchTopicOffsets: () => new Promise(() => undefined) };
  const metrics = createMetrics();
  const log = pino({ level: 'silent' });
  const startedSeconds = Date.now() / 1_000;
  const exporter = new LagExporter({ admin: () => silent } as unknown as Kafka, {
    ...{ groups: ['g'], topics: ['t'], intervalMs: 1, pathOf, metrics, log },
  });
  await exporter.start();
  await vi.advanceTimersByTimeAsync(50_000);
  expect((await metrics.kafkaAnsweredAt.get()).values[0]?.value).toBeCloseTo(startedSeconds, 0);
  await exporter.stop();
});
