import { expect, test } from 'vitest';
import { runExact } from '../exact/run-exact.ts';

test(
  'counts, roll-ups and task runs are exact with both paths, duplicates, late and malformed events, sent twice',
  { timeout: 600_000 },
  async () => {
    const report = await runExact({ events: 12_000, robots: 100, seed: 7, say: () => undefined });
    expect(report).toMatchObject({
      ...{ expected: 12_000, final_count: 12_000, distinct: 12_000 },
      ...{ rollup_mismatches: 0, task_mismatches: 0, mismatch_examples: [] },
      ...{ clock_mismatches: 0, outage_mismatches: 0, very_late_mismatches: 0 },
      dead_letters: report.dead_letters_expected,
      ok: true,
    });
  }
);
