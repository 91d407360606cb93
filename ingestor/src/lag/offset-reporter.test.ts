import type { ClickHouseClient } from '@clickhouse/client';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { createMetrics } from '../metrics/metrics.ts';
import { OffsetReporter } from './offset-reporter.ts';

const log = pino({ level: 'silent' });
const sample = { topic: 't', partition: 1, sampledAtMs: 1_500, endOffset: 9, committedOffset: 7 };

test('samples are dropped while an insert is running, and a failure is counted and does not stop the reports', async () => {
  const metrics = createMetrics();
  const insert = vi.fn().mockRejectedValueOnce(new Error('away')).mockResolvedValue(undefined);
  const client = { insert } as unknown as ClickHouseClient;
  const reporter = new OffsetReporter(client, { database: 'warehouse', metrics, log });
  reporter.report('ingestor', [sample]);
  reporter.report('ingestor', [sample]);
  await vi.waitUntil(async () => (await metrics.offsetReportFailures.get()).values[0]?.value === 1);
  expect(insert).toHaveBeenCalledTimes(1);
  reporter.report('ingestor', []);
  reporter.report('ingestor', [sample]);
  expect(insert).toHaveBeenCalledTimes(2);
  expect(insert.mock.lastCall?.[0]).toMatchObject({
    table: 'warehouse.path_offsets',
    values: [{ path: 'ingestor', topic: 't', partition: 1, sampled_at: '1.500', end_offset: 9, committed_offset: 7 }],
  });
});
