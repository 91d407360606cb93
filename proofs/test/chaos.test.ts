import { expect, it } from 'vitest';
import { SPECIAL_KINDS } from '../chaos/faults.ts';
import { runChaos } from '../chaos/run-chaos.ts';

it(
  'kills, truncated logs, expired offsets, a recreated topic, throwing views and upgrades neither lose nor duplicate an event',
  { timeout: 600_000 },
  async () => {
    const faults: string[] = [];
    const report = await runChaos({ events: 20_000, kills: 10, seed: 5, say: (line) => faults.push(line) });
    expect(report, `${faults.join('\n')}\n${JSON.stringify(report)}`).toMatchObject({
      lost: 0,
      physical_duplicates_from_retries: 0,
      views_missing: 0,
      kills: 10,
      ok: true,
    });
    expect(report.rows).toBeGreaterThan(5_000);
    expect(report.dead_letters).toBe(report.dead_letters_expected);
    expect(Object.keys(report.faults), faults.join('\n')).toEqual(
      expect.arrayContaining(['kill clickhouse', 'kill ingestor-0', 'kill kafka', ...SPECIAL_KINDS])
    );
  }
);
