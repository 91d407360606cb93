import { expect, it } from 'vitest';
import { runPoison, type PoisonRow } from '../poison/run-poison.ts';

it('a dozen hostile inputs neither stop the stream nor the process', { timeout: 300_000 }, async () => {
  const rows: PoisonRow[] = [];
  const summary = await runPoison({
    isShort: true,
    signal: new AbortController().signal,
    onRow: (row) => rows.push(row),
    say: () => undefined,
  });
  expect(rows.filter(({ ok }) => !ok)).toEqual([]);
  expect(summary).toMatchObject({ failed: 0, ok: true });
  expect(rows.length).toBeGreaterThanOrEqual(12);
  expect(new Set(rows.map((row) => row.dead_letter_reason)).size).toBeGreaterThan(6);
});
