import { expect, it } from 'vitest';
import { runChaos } from '../chaos/run-chaos.ts';

it(
  'kill -9 of the ingestor, ClickHouse or the broker neither loses nor duplicates an event',
  { timeout: 300_000 },
  async () => {
    const report = await runChaos({ events: 20_000, kills: 5, seed: 5, say: () => undefined });
    expect(report).toMatchObject({ lost: 0, physical_duplicates_from_retries: 0, kills: 5, ok: true });
    expect(report.valid_expected).toBeGreaterThan(19_000);
    expect(report.dead_letters).toBe(report.dead_letters_expected);
    expect(Object.keys(report.faults)).toEqual(
      expect.arrayContaining(['kill clickhouse', 'kill ingestor-0', 'kill kafka'])
    );
  }
);
